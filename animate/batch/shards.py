"""Shards: split a build between machines, and merge their outputs into one folder with one manifest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

import animate
from animate.atomic_files import write_atomic
from animate.batch.files import file_sha256
from animate.batch.manifest import NAME, BuildRun, File, Manifest, SceneEntry, read_manifest
from animate.errors import AnimateError, UsageError


class MergeError(AnimateError):
    """Outputs of shards that do not belong together."""


def parse_shard(text: str) -> tuple[int, int]:
    """Return (which shard, of how many) from a text such as ``2/5``; the first shard is 1.

    Raises
    ------
    UsageError
        For any other text.

    Examples
    --------
    >>> parse_shard("2/5")
    (2, 5)
    """
    match = re.fullmatch(r"\s*([1-9]\d{0,3})\s*/\s*([1-9]\d{0,3})\s*", text)
    if match is None or int(match[1]) > int(match[2]):
        raise UsageError(f"shard must be PART/PARTS, such as 2/5 for the second of five; got {text!r}.")
    return int(match[1]), int(match[2])


def shard_of(seconds: Mapping[str, float], shard: str) -> list[str]:
    """Return the names in one shard: each goes, longest first, to the shard with the least work so far.

    All shards compute the same division if they know the same durations.

    Parameters
    ----------
    seconds : mapping
        By name, the duration of the last build; 0 if unknown, which counts as the mean of the others.
    shard : str
        Such as ``2/5``.

    Examples
    --------
    >>> shard_of({"long": 9.0, "short": 2.0, "middle": 3.0}, "2/2")
    ['middle', 'short']
    """
    part, n_parts = parse_shard(shard)
    known = [one for one in seconds.values() if one > 0]
    mean = sum(known) / len(known) if known else 1.0
    loads = [0.0] * n_parts
    parts: list[list[str]] = [[] for _ in range(n_parts)]
    for name in sorted(seconds, key=lambda name: (-(seconds[name] or mean), name)):
        least = loads.index(min(loads))
        loads[least] += seconds[name] or mean
        parts[least].append(name)
    return sorted(parts[part - 1])


class _ShardEntry(NamedTuple):
    """An entry in the manifest of one shard; *is_own* if the scene was in that shard."""

    entry: SceneEntry
    folder: Path
    is_own: bool


def merge(folders: Sequence[str | Path], output: str | Path) -> Manifest:
    """Merge the outputs of several shards into one folder, and return its manifest.

    Parameters
    ----------
    folders : sequence of path
        The output folders of the shards.
    output : path
        The folder to write to; may be one of them.

    Raises
    ------
    UsageError
        If no folder is named.
    ManifestError
        If a folder has no manifest.
    MergeError
        If a shard is missing, a scene was in none or was built differently in two, or a file is not what its manifest
        says.
    """
    if not folders:
        raise UsageError("name the folders of the parts to merge; got none.")
    manifests = {Path(folder): read_manifest(folder) for folder in folders}
    _check_complete(list(manifests.values()))
    chosen: dict[str, _ShardEntry] = {}
    for one in _entries(manifests):
        chosen[one.entry.id] = _preferred(chosen.get(one.entry.id), one)
    for one in chosen.values():
        for file in one.entry.files:
            _copy(file, one.folder, Path(output))
    entries = [one.entry if one.is_own else replace(one.entry, verdict="cached") for one in chosen.values()]
    merged = _merged(entries, list(manifests.values()))
    write_atomic(Path(output) / NAME, merged.text().encode())
    from animate.batch.gallery import write_gallery  # imports matplotlib for its colors

    write_gallery(merged, Path(output))
    return merged


def _check_complete(manifests: Sequence[Manifest]) -> None:
    shards = {manifest.run.shard for manifest in manifests} - {""}
    for n_parts in sorted({parse_shard(shard)[1] for shard in shards}):
        missing = [f"{part}/{n_parts}" for part in range(1, n_parts + 1) if f"{part}/{n_parts}" not in shards]
        if missing:
            raise MergeError(f"shard {', '.join(missing)} is missing: name the folders of all parts.")
    wanted = {name for manifest in manifests for name in manifest.run.scenes}
    selected = {name for manifest in manifests for name in manifest.run.selected}
    if wanted - selected:
        lost = ", ".join(sorted(wanted - selected))
        raise MergeError(f"no part built {lost}: the parts knew different durations; build again from one manifest.")


def _entries(manifests: Mapping[Path, Manifest]) -> Iterator[_ShardEntry]:
    for folder, manifest in manifests.items():
        for entry in manifest.scenes:
            yield _ShardEntry(entry, folder, entry.id in manifest.run.selected)


def _preferred(known: _ShardEntry | None, one: _ShardEntry) -> _ShardEntry:
    """Return the entry of the shard that built the scene, or the first one if none did."""
    if known is None or (one.is_own and not known.is_own):
        return one
    if one.is_own:
        _check_same(one.entry, known.entry)
    return known


def _check_same(one: SceneEntry, other: SceneEntry) -> None:
    known = {file.path: file for file in other.files}
    for file in one.files:
        twin = known.get(file.path)
        if twin is not None and (file.key, file.sha256) != (twin.key, twin.sha256):
            what = "was made of something else" if file.key != twin.key else "has other bytes"
            raise MergeError(f"{file.path} of {one.id} {what} in another part; build again from the same sources.")


def _copy(file: File, folder: Path, output: Path) -> None:
    """Copy a file of a shard, unless it is there already."""
    source, target = folder / file.path, output / file.path
    if file_sha256(target) == file.sha256:
        return
    if file_sha256(source) != file.sha256:
        raise MergeError(f"{source} is not what its manifest says: it is missing or was changed.")
    write_atomic(target, source.read_bytes())


def _merged(entries: Sequence[SceneEntry], manifests: Sequence[Manifest]) -> Manifest:
    scenes = tuple(sorted({name for manifest in manifests for name in manifest.run.scenes}))
    selected = tuple(sorted({name for manifest in manifests for name in manifest.run.selected}))
    return Manifest(
        scenes=tuple(sorted(entries, key=lambda entry: (entry.name, entry.variant))),
        run=BuildRun(scenes, selected),
        animate=animate.__version__,
        sources={key: files for manifest in manifests for key, files in manifest.sources.items()},
    )
