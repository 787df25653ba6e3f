"""What changed between two builds: for a reviewer, scene by scene, with the moments that differ most."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from animate.batch.embed import FORMATS
from animate.batch.explain import changed_settings
from animate.batch.files import file_sha256
from animate.batch.manifest import NAME as MANIFEST
from animate.batch.manifest import File, SceneEntry, read_manifest
from animate.errors import UsageError
from animate.film.comparing import Moment, most_different

LOSSLESS_FIRST = ("gif", "apng", "webp", "webm", "mp4", "m4v")
MANY = 8
"""With more changed scenes than this each shows one moment, so that the page stays small."""


@dataclass(frozen=True)
class Side:
    """One of the two builds: its folder, and its scenes by id."""

    folder: Path
    scenes: Mapping[str, SceneEntry]


@dataclass(frozen=True)
class Sizes:
    """A file before and after: bytes, None where it was not there."""

    path: str
    before: int | None
    after: int | None


@dataclass(frozen=True)
class Changed:
    """A scene that changed.

    Attributes
    ----------
    entry : SceneEntry
        As it is now.
    words : tuple of str
        What of its inputs, parameters, versions and texts changed.
    files : tuple of Sizes
        Those with other bytes.
    shown : str
        The file whose frames are compared; empty where none can be.
    moments : tuple of Moment
        Where it differs most.
    """

    entry: SceneEntry
    words: tuple[str, ...]
    files: tuple[Sizes, ...]
    shown: str = ""
    moments: tuple[Moment, ...] = ()

    @property
    def worst(self) -> Moment | None:
        """Return the moment that differs most."""
        return max(self.moments, key=lambda moment: moment.difference, default=None)


@dataclass(frozen=True)
class Review:
    """What changed between two builds; entries as they are in their own build."""

    old: Side
    new: Side
    changed: tuple[Changed, ...]
    added: tuple[SceneEntry, ...]
    removed: tuple[SceneEntry, ...]
    unchanged: tuple[str, ...]

    @property
    def summary(self) -> str:
        """Return how many scenes changed, were added, were removed and stayed."""
        counts = {name: len(getattr(self, name)) for name in ("changed", "added", "removed", "unchanged")}
        return ", ".join(f"{count} {name}" for name, count in counts.items())


def review(old: str | Path, new: str | Path) -> Review:
    """Return what changed between two builds.

    Parameters
    ----------
    old, new : str or Path
        Each a manifest, a folder with one, or a folder of animations, which are then matched by name.

    Raises
    ------
    UsageError
        If there is no such folder, or nothing in it.
    ManifestError
        If a manifest cannot be read.
    EncodeError
        If a file that changed cannot be read.
    """
    before, after = side(old), side(new)
    both = [name for name in after.scenes if name in before.scenes]
    found = {name: _sizes(before.scenes[name], after.scenes[name]) for name in both}
    words = {name: tuple(_words(before.scenes[name], after.scenes[name])) for name in both}
    different = [name for name in both if found[name] or _said(before.scenes[name]) != _said(after.scenes[name])]
    n_moments = 3 if len(different) <= MANY else 1
    return Review(
        old=before,
        new=after,
        changed=tuple(_changed(name, before, after, found[name], words[name], n_moments) for name in different),
        added=tuple(entry for name, entry in after.scenes.items() if name not in before.scenes),
        removed=tuple(entry for name, entry in before.scenes.items() if name not in after.scenes),
        unchanged=tuple(name for name in both if name not in different),
    )


def side(path: str | Path) -> Side:
    """Return one of the two builds, from its manifest or from the names of its files."""
    path = Path(path)
    if not path.exists():
        raise UsageError(f"there is no folder or manifest {str(path)!r} to compare.")
    if path.is_file() or (path / MANIFEST).exists():
        entries = read_manifest(path).scenes
        folder = path.parent if path.is_file() else path
        return Side(folder, {entry.id: entry for entry in entries})
    there = (found for found in sorted(path.iterdir()) if found.suffix[1:].lower() in FORMATS)
    files = [_file(found) for found in there if found.is_file()]
    if not files:
        raise UsageError(f"{str(path)!r} holds neither a manifest nor an animation: name the output of a build.")
    stems = dict.fromkeys(Path(file.path).stem for file in files)
    entries = tuple(
        SceneEntry(name=stem, files=tuple(file for file in files if Path(file.path).stem == stem)) for stem in stems
    )
    return Side(path, {entry.id: entry for entry in entries})


def _file(path: Path) -> File:
    return File(
        path=path.name,
        role="animation",
        format=path.suffix[1:].lower(),
        bytes=path.stat().st_size,
        sha256=file_sha256(path) or "",
    )


def _sizes(before: SceneEntry, after: SceneEntry) -> tuple[Sizes, ...]:
    olds, news = ({file.path: file for file in entry.files} for entry in (before, after))
    return tuple(
        Sizes(path, olds[path].bytes if path in olds else None, news[path].bytes if path in news else None)
        for path in dict.fromkeys([*olds, *news])
        if path not in olds or path not in news or olds[path].sha256 != news[path].sha256
    )


def _said(entry: SceneEntry) -> tuple[object, ...]:
    """Return what a reader of the page meets besides the files."""
    return entry.title, entry.question, entry.alt, entry.captions, entry.problem, _values(entry)


def _values(entry: SceneEntry) -> dict[str, str]:
    return {one.name: str(one.value) for one in entry.parameters}


def _words(before: SceneEntry, after: SceneEntry) -> Iterator[str]:
    for one, other, kind in (
        (_values(before), _values(after), ""),
        (before.environment, after.environment, "version of "),
        (before.packages, after.packages, "version of "),
    ):
        for name in dict.fromkeys([*one, *other]):
            if one.get(name) != other.get(name):
                yield f"{kind}{name}: {one.get(name, 'none')} → {other.get(name, 'none')}"
    olds, news = ({made.path: made for made in entry.inputs} for entry in (before, after))
    for path in dict.fromkeys([*olds, *news]):
        if path not in olds or path not in news:
            yield f"{(olds | news)[path].kind} {path} {'no longer used' if path in olds else 'newly used'}"
        elif olds[path].sha256 != news[path].sha256:
            yield f"{news[path].kind} {path} edited"
    yield from changed_settings(before.settings, after.settings)
    yield from (f"{name} edited" for name in ("title", "question", "captions") if _differ(name, before, after))
    if before.alt != after.alt:
        yield f"alternative text: {after.alt or 'none'}"
    if after.problem and before.problem != after.problem:
        yield f"failed: {after.problem}"


def _differ(name: str, before: SceneEntry, after: SceneEntry) -> bool:
    return bool(getattr(before, name) != getattr(after, name))


def _changed(
    name: str, before: Side, after: Side, files: tuple[Sizes, ...], words: tuple[str, ...], n_moments: int
) -> Changed:
    entry = after.scenes[name]
    pair = _pair(before.scenes[name], entry, {file.path for file in files})
    if pair is None:
        return Changed(entry, words, files)
    moments = most_different(before.folder / pair[0], after.folder / pair[1], n_moments)
    return Changed(entry, words, files, pair[1], tuple(moments))


def _pair(before: SceneEntry, after: SceneEntry, changed: set[str]) -> tuple[str, str] | None:
    """Return the two files to compare: of one name if they can be, exact formats before others; else the first ones."""
    olds, news = _comparable(before), _comparable(after)
    common = [file for file in news if file.path in changed and file.path in {old.path for old in olds}]
    if common:
        return common[0].path, common[0].path
    new_ones = [file for file in news if file.path in changed]
    return (olds[0].path, new_ones[0].path) if olds and new_ones else None


def _comparable(entry: SceneEntry) -> list[File]:
    """Return animations, then stills, the light ones and those without loss first."""
    order = (*LOSSLESS_FIRST, "png")
    found = [file for file in entry.files if file.format in order and file.role in ("animation", "poster")]
    return sorted(found, key=lambda file: (file.role == "poster", file.theme != "light", order.index(file.format)))
