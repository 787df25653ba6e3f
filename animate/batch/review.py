"""A review: the changes between two builds, scene by scene, as an HTML page and as one picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from animate.atomic_files import write_atomic
from animate.batch.build_plan import changed_settings
from animate.batch.embed import EMBEDDABLE
from animate.batch.files import file_sha256
from animate.batch.manifest import NAME as MANIFEST
from animate.batch.manifest import File, SceneEntry, read_manifest
from animate.draw.sheets import SheetRow, comparison_sheet
from animate.errors import EncodeError, UsageError, counted
from animate.film.budget import readable
from animate.film.formats.images import write_png
from animate.film.frame_difference import Moment, as_webp, most_different, shrunk, still
from animate.web.pages import render

LOSSLESS_FIRST = ("gif", "apng", "webp", "webm", "avif", "mp4", "m4v")
MAX_DETAILED = 8
"""If more scenes than this changed, each shows one moment only, so that the page stays small."""
MAX_ROWS = 40
PAGE_WIDTH, SHEET_WIDTH = 640, 480
COLUMNS = ("before", "after", "difference")
TITLE = "What changed"


@dataclass(frozen=True)
class BuildOutput:
    """One of the two builds: its folder, and its scenes by id."""

    folder: Path
    scenes: Mapping[str, SceneEntry]


@dataclass(frozen=True)
class FileChange:
    """A file in both builds: its path and bytes, None where it does not exist."""

    path: str
    before: int | None
    after: int | None

    @property
    def size_before(self) -> str:
        """Return the size before in words."""
        return "none" if self.before is None else readable(self.before)

    @property
    def size_after(self) -> str:
        """Return the size after in words."""
        return "none" if self.after is None else readable(self.after)

    @property
    def change(self) -> str:
        """Return ``added``, ``removed`` or the change in percent."""
        if self.before is None or self.after is None:
            return "added" if self.before is None else "removed"
        return f"{100 * (self.after / self.before - 1):+.1f} %".replace("-", "−") if self.before else ""


@dataclass(frozen=True)
class SceneChange:
    """A scene that changed.

    Parameters
    ----------
    reasons : tuple of str
        Changes of its inputs, parameters, versions, settings and texts.
    shown : str
        The file whose frames are compared; "" if none can be.
    moments : tuple of Moment
        The frames that differ most.
    """

    entry: SceneEntry
    reasons: tuple[str, ...]
    files: tuple[FileChange, ...]
    shown: str = ""
    moments: tuple[Moment, ...] = ()

    @property
    def worst(self) -> Moment | None:
        """Return the moment that differs most."""
        return max(self.moments, key=lambda moment: moment.difference, default=None)


@dataclass(frozen=True)
class Review:
    """The changes between two builds."""

    old: BuildOutput
    new: BuildOutput
    changed: tuple[SceneChange, ...]
    added: tuple[SceneEntry, ...]
    removed: tuple[SceneEntry, ...]
    unchanged: tuple[str, ...]

    @property
    def summary(self) -> str:
        """Return how many scenes changed, were added, were removed and stayed the same."""
        counts = {name: len(getattr(self, name)) for name in ("changed", "added", "removed", "unchanged")}
        return ", ".join(f"{count} {name}" for name, count in counts.items())


def review(old: str | Path, new: str | Path) -> Review:
    """Return what changed between two builds.

    Parameters
    ----------
    old, new : str or Path
        Each a manifest, a folder with one, or a folder of animations, whose scenes are then matched by file name.

    Raises
    ------
    UsageError
        If there is no such folder, or it holds nothing to compare.
    ManifestError
        If a manifest cannot be read.
    EncodeError
        If a file that changed cannot be read.
    """
    before, after = read_output(old), read_output(new)
    both = {name: (before.scenes[name], entry) for name, entry in after.scenes.items() if name in before.scenes}
    files = {name: _file_changes(*pair) for name, pair in both.items()}
    changed = [name for name, (one, other) in both.items() if files[name] or _texts(one) != _texts(other)]
    n_moments = 3 if len(changed) <= MAX_DETAILED else 1
    return Review(
        old=before,
        new=after,
        changed=tuple(_scene_change(name, before, after, files[name], n_moments) for name in changed),
        added=tuple(entry for name, entry in after.scenes.items() if name not in before.scenes),
        removed=tuple(entry for name, entry in before.scenes.items() if name not in after.scenes),
        unchanged=tuple(name for name in both if name not in changed),
    )


def read_output(path: str | Path) -> BuildOutput:
    """Return one of the two builds, from its manifest or from the names of its files.

    Raises
    ------
    UsageError
        If there is no such folder, or it holds neither a manifest nor an animation.
    ManifestError
        If the manifest cannot be read.
    """
    path = Path(path)
    if not path.exists():
        raise UsageError(f"there is no folder or manifest {str(path)!r} to compare.")
    if path.is_file() and path.suffix != ".json":
        raise UsageError(f"a folder or a manifest is needed to compare; got the file {str(path)!r}.")
    if path.is_file() or (path / MANIFEST).exists():
        entries = read_manifest(path).scenes
        return BuildOutput(path.parent if path.is_file() else path, {entry.id: entry for entry in entries})
    media = [found for found in sorted(path.iterdir()) if found.suffix[1:].lower() in EMBEDDABLE and found.is_file()]
    if not media:
        raise UsageError(f"{str(path)!r} holds neither a manifest nor an animation: name the output of a build.")
    by_stem: dict[str, list[File]] = {}
    for found in media:
        by_stem.setdefault(found.stem, []).append(_undescribed_file(found))
    return BuildOutput(path, {stem: SceneEntry(name=stem, files=tuple(files)) for stem, files in by_stem.items()})


def _undescribed_file(path: Path) -> File:
    return File(
        path=path.name,
        role="animation",
        format=path.suffix[1:].lower(),
        bytes=path.stat().st_size,
        sha256=file_sha256(path) or "",
    )


def _file_changes(before: SceneEntry, after: SceneEntry) -> tuple[FileChange, ...]:
    olds, news = ({file.path: file for file in entry.files} for entry in (before, after))
    return tuple(
        FileChange(path, olds[path].bytes if path in olds else None, news[path].bytes if path in news else None)
        for path in dict.fromkeys([*olds, *news])
        if path not in olds or path not in news or olds[path].sha256 != news[path].sha256
    )


def _texts(entry: SceneEntry) -> tuple[object, ...]:
    """Return what the gallery shows of a scene besides its files."""
    return entry.title, entry.question, entry.alt, entry.captions, entry.problem, _values(entry)


def _values(entry: SceneEntry) -> dict[str, str]:
    return {one.name: str(one.value) for one in entry.parameters}


def _reasons(before: SceneEntry, after: SceneEntry) -> Iterator[str]:
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
    for name in ("theme", "format"):
        olds_, news_ = ([getattr(file, name) for file in entry.having("animation")] for entry in (before, after))
        yield from (f"{name} {value} added" for value in dict.fromkeys(news_) if value not in olds_)
        yield from (f"{name} {value} removed" for value in dict.fromkeys(olds_) if value not in news_)
    yield from (
        f"{name} edited" for name in ("title", "question", "captions") if getattr(before, name) != getattr(after, name)
    )
    if before.alt != after.alt:
        yield f"alternative text: {after.alt or 'none'}"
    if after.problem and before.problem != after.problem:
        yield f"failed: {after.problem}"


def _scene_change(
    name: str, before: BuildOutput, after: BuildOutput, files: tuple[FileChange, ...], n_moments: int
) -> SceneChange:
    old, new = before.scenes[name], after.scenes[name]
    reasons = tuple(_reasons(old, new))
    pair = _comparable_pair(old, new, {file.path for file in files})
    if pair is None:
        return SceneChange(new, reasons, files)
    moments = most_different(before.folder / pair[0], after.folder / pair[1], n_moments)
    return SceneChange(new, reasons, files, pair[1], tuple(moments))


def _comparable_pair(before: SceneEntry, after: SceneEntry, changed: set[str]) -> tuple[str, str] | None:
    """Return the files to compare: one name in both if possible, else the first of each theme that both have."""
    olds, news = _comparable(before), _comparable(after)
    old_paths = {old.path for old in olds}
    common = [file.path for file in news if file.path in old_paths]
    if common:
        differing = [path for path in common if path in changed]
        return (differing[0], differing[0]) if differing else None
    pairs = ((old.path, new.path) for new in news for old in olds if old.theme == new.theme)
    return next(pairs, None)


def _comparable(entry: SceneEntry) -> list[File]:
    """Return animations before stills, light before other themes, lossless formats before lossy ones."""
    order = (*LOSSLESS_FIRST, "png")
    found = [file for file in entry.files if file.format in order and file.role in ("animation", "poster")]
    return sorted(found, key=lambda file: (file.role == "poster", file.theme != "light", order.index(file.format)))


def write_review(found: Review, page: str | Path) -> tuple[Path, Path]:
    """Write a review as an HTML page and, beside it, as a PNG; return both paths.

    Raises
    ------
    EncodeError
        If one cannot be written, or a picture cannot be read.
    """
    page = Path(page)
    sheet = page.with_suffix(".png")
    write_atomic(page, review_page(found).encode(errors="replace"))
    write_png(sheet, review_sheet(found))
    return page, sheet


def review_page(found: Review) -> str:
    """Return a review as one HTML page with its pictures in it."""
    whole_scenes = [(entry, "added", _preview(entry, found.new)) for entry in found.added]
    whole_scenes += [(entry, "removed", _preview(entry, found.old)) for entry in found.removed]
    return render(
        "review/page.html",
        title=TITLE,
        review=found,
        difference=_difference,
        pictures=lambda moment: zip(COLUMNS, map(_inline_image, _pictures(moment)), strict=True),
        scenes=[(entry, verdict, list(map(_inline_image, pictures))) for entry, verdict, pictures in whole_scenes],
    )


def review_sheet(found: Review) -> np.ndarray:
    """Return a review as one picture, RGB uint8: each changed scene at the moment that differs most."""
    rows = [SheetRow(one.entry.id, _one_line(one), _small_pictures(one.worst)) for one in found.changed[:MAX_ROWS]]
    left_out = len(found.changed) - len(rows)
    rows += [SheetRow(f"and {counted(left_out, 'more changed scene')}", "see the page")] if left_out else []
    rows += [SheetRow(entry.id, "added", _preview(entry, found.new)) for entry in found.added[:MAX_ROWS]]
    rows += [SheetRow(", ".join(entry.id for entry in found.removed), "removed")] if found.removed else []
    return comparison_sheet(TITLE, found.summary, rows, COLUMNS, SHEET_WIDTH)


def _difference(moment: Moment) -> str:
    if not moment.difference:
        return "the pictures are the same, only the bytes differ"
    digits = ".0f" if moment.difference >= 10 else ".2g"
    return f"mean difference {moment.difference:{digits}} of 255"


def _inline_image(picture: np.ndarray) -> dict[str, Any]:
    height, width = shrunk(picture, PAGE_WIDTH).shape[:2]
    return {"webp": as_webp(picture, PAGE_WIDTH), "width": width, "height": height}


def _pictures(moment: Moment) -> tuple[np.ndarray, ...]:
    return moment.before, moment.after, moment.highlighted()


def _small_pictures(moment: Moment | None) -> list[np.ndarray]:
    return [] if moment is None else [shrunk(picture, SHEET_WIDTH) for picture in _pictures(moment)]


def _preview(entry: SceneEntry, build: BuildOutput) -> list[np.ndarray]:
    """Return the still of a scene, or the last frame of its first animation; none if its files are gone."""
    for file in [*entry.having("poster"), *entry.having("animation")]:
        try:
            return [shrunk(still(build.folder / file.path), SHEET_WIDTH)]
        except EncodeError:  # the preview is optional: the files of a removed scene are often gone
            continue
    return []


def _one_line(one: SceneChange) -> str:
    sizes = [f"{file.path} {file.size_before} → {file.size_after}" for file in one.files if file.path == one.shown]
    at = [f"at {one.worst.seconds:.2f} s: {_difference(one.worst)}"] if one.worst else []
    return "; ".join([*sizes, *at, *one.reasons])
