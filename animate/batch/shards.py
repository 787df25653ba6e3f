"""Parts of a build for several machines, and their manifests merged into one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import animate
from animate.atomic_files import write_atomic
from animate.batch.files import file_sha256
from animate.batch.manifest import NAME, File, Manifest, Run, SceneEntry, read_manifest
from animate.errors import AnimateError, UsageError


class MergeError(AnimateError):
    """Manifests that do not make one whole."""


def parse_shard(text: str) -> tuple[int, int]:
    """Return (which part, of how many) from a text such as ``2/5``; the first part is 1.

    >>> parse_shard("2/5")
    (2, 5)

    Raises
    ------
    UsageError
        For anything else.
    """
    match = re.fullmatch(r"\s*([1-9]\d{0,3})\s*/\s*([1-9]\d{0,3})\s*", text)
    if match is None or int(match[1]) > int(match[2]):
        raise UsageError(f"shard must be PART/PARTS, such as 2/5 for the second of five; got {text!r}.")
    return int(match[1]), int(match[2])


def shard_of(seconds: Mapping[str, float], shard: str) -> list[str]:
    """Return the names in one part: each goes, longest first, to the part that has least to do so far.

    Every part comes to the same division, if all know the same times.

    Parameters
    ----------
    seconds : mapping
        By name, how long it took the last time; 0 where that is not known, which is taken as the mean of the others.
    shard : str
        Such as ``2/5``.
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


def merge(folders: Sequence[str | Path], output: str | Path) -> Manifest:
    """Return the manifest of several parts of a build, written to *output* with all files they are about.

    Parameters
    ----------
    folders : sequence of path
        The output folders of the parts.
    output : path
        May be one of them.

    Raises
    ------
    ManifestError
        If a part has no manifest.
    MergeError
        If a part is missing, a scene was in none or was built differently in two, or a file is not what its manifest
        says.
    """
    if not folders:
        raise UsageError("name the folders of the parts to merge; got none.")
    parts = {Path(folder): read_manifest(folder) for folder in folders}
    _check_parts(list(parts.values()))
    chosen: dict[str, tuple[SceneEntry, Path]] = {}
    for folder, manifest in parts.items():
        for entry in manifest.scenes:
            _choose(chosen, entry, folder, built_here=entry.id in manifest.run.selected)
    for entry, folder in chosen.values():
        for file in entry.files:
            _bring(file, folder, Path(output))
    merged = _merged([entry for entry, _ in chosen.values()], list(parts.values()))
    write_atomic(Path(output) / NAME, merged.text().encode())
    from animate.batch.gallery import write_gallery  # which needs colors, and so matplotlib

    write_gallery(merged, Path(output))
    return merged


def _check_parts(manifests: Sequence[Manifest]) -> None:
    shards = {manifest.run.shard for manifest in manifests} - {""}
    for n_parts in sorted({parse_shard(shard)[1] for shard in shards}):
        missing = [f"{part}/{n_parts}" for part in range(1, n_parts + 1) if f"{part}/{n_parts}" not in shards]
        if missing:
            raise MergeError(f"shard {', '.join(missing)} is missing: name the folders of all parts.")
    wanted = {name for manifest in manifests for name in manifest.run.scenes}
    done = {name for manifest in manifests for name in manifest.run.selected}
    if wanted - done:
        lost = ", ".join(sorted(wanted - done))
        raise MergeError(f"no part was about {lost}: the parts knew different times; build again from one manifest.")


def _choose(chosen: dict[str, tuple[SceneEntry, Path]], entry: SceneEntry, folder: Path, *, built_here: bool) -> None:
    """Take an entry for the whole, if the part was about it, or nobody else has it."""
    other = chosen.get(entry.id)
    if other is None:
        chosen[entry.id] = (replace(entry, verdict=entry.verdict if built_here else "kept"), folder)
    elif other[0].verdict == "kept":
        if built_here:
            chosen[entry.id] = (entry, folder)
    elif built_here:
        _check_same(entry, other[0])


def _check_same(one: SceneEntry, other: SceneEntry) -> None:
    known = {file.path: file for file in other.files}
    for file in one.files:
        twin = known.get(file.path)
        if twin is not None and (file.key, file.sha256) != (twin.key, twin.sha256):
            what = "was made of something else" if file.key != twin.key else "has other bytes"
            raise MergeError(f"{file.path} of {one.id} {what} in another part; build again from the same sources.")


def _bring(file: File, folder: Path, output: Path) -> None:
    """Copy a file of a part, if it is not there already."""
    source, target = folder / file.path, output / file.path
    if file_sha256(target) == file.sha256:
        return
    if file_sha256(source) != file.sha256:
        raise MergeError(f"{source} is not what its manifest says: it is missing or was changed.")
    write_atomic(target, source.read_bytes())


def _merged(entries: Sequence[SceneEntry], manifests: Sequence[Manifest]) -> Manifest:
    kept = [replace(entry, verdict="cached") if entry.verdict == "kept" else entry for entry in entries]
    scenes = tuple(sorted({name for manifest in manifests for name in manifest.run.scenes}))
    selected = tuple(sorted({name for manifest in manifests for name in manifest.run.selected}))
    return Manifest(
        scenes=tuple(sorted(kept, key=lambda entry: (entry.name, entry.variant))),
        run=Run(scenes, selected),
        animate=animate.__version__,
        sources={key: files for manifest in manifests for key, files in manifest.sources.items()},
    )
