"""What a build will do, and why: for each scene the files that are not as they would be made now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from animate.batch.build_plan import SceneBuild, Target
from animate.batch.explain import changed_settings, changed_versions, changes
from animate.batch.files import file_sha256
from animate.batch.fingerprint import EnvironmentSnapshot, Fingerprint, fingerprint_of
from animate.batch.manifest import File, Manifest, SceneEntry

NEVER = "it was never built"


@dataclass(frozen=True)
class Plan:
    """What is to be done about one scene.

    Attributes
    ----------
    order : SceneBuild
    now : Fingerprint
        What decides its files now.
    entry : SceneEntry or None
        What the manifest knows of it.
    stale : tuple of Target
        The files that must be made; none where it is as it should be.
    why : tuple of str
        What changed, in words, but for versions.
    versions : tuple of str
        What changed in versions.
    """

    order: SceneBuild
    now: Fingerprint
    entry: SceneEntry | None
    stale: tuple[Target, ...] = ()
    why: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        """Return how long it took the last time; infinity where that is not known, so that it is begun first."""
        return self.entry.seconds if self.entry is not None and self.entry.seconds else float("inf")


def plan(order: SceneBuild, manifest: Manifest, now: EnvironmentSnapshot, folder: Path, *, force: str = "") -> Plan:
    """Return what is to be done about a scene, and why.

    Parameters
    ----------
    order : SceneBuild
    manifest : Manifest
        Of the last build.
    now : EnvironmentSnapshot
    folder : Path
        The output folder.
    force : str
        Why everything shall be made, if it shall.
    """
    entry = manifest.entry(order.id)
    fingerprint = now.fingerprint(order, entry)
    if entry is None or not entry.files:
        failed = [f"it failed last time: {entry.problem}"] if entry is not None and entry.problem else [NEVER]
        return Plan(order, fingerprint, entry, order.targets, tuple(failed))
    known = {file.path: file for file in entry.files}
    current = {target.path: _state(target, known.get(target.path), fingerprint, folder) for target in order.targets}
    stale = tuple(target for target in order.targets if current[target.path] or force)
    if not stale:
        return Plan(order, fingerprint, entry, (), tuple(_left_over(entry, order)))
    before = fingerprint_of(entry)
    sources = {**manifest.sources, now.source: now.sources}
    why = list(changes(before, fingerprint, script=order.script, parameters=entry.parameters, sources=sources))
    versions = tuple(changed_versions(before, fingerprint))
    why += changed_settings(entry.settings, order.described())
    why += [f"{path} {state}" for path, state in current.items() if state not in ("", OUTDATED)]
    why += [force] if force else []
    if not why and not versions:
        why = [f"it failed last time: {entry.problem}" if entry.problem else "the last build did not finish"]
    return Plan(order, fingerprint, entry, stale, tuple(why), versions)


OUTDATED = "outdated"


def _state(target: Target, file: File | None, now: Fingerprint, folder: Path) -> str:
    """Return what is wrong with a file, in words; an empty text where nothing is."""
    if file is None:
        return "is new"
    there = file_sha256(folder / file.path)
    if there != file.sha256:
        return "is missing" if there is None else "is not what the manifest says"
    return "" if file.key == now.key(target) else OUTDATED


def _left_over(entry: SceneEntry, order: SceneBuild) -> Iterator[str]:
    wanted = {target.path for target in order.targets}
    return (f"{file.path} is asked for no more" for file in entry.files if file.path not in wanted)


def longest_first(plans: Sequence[Plan]) -> list[Plan]:
    """Return plans in the order in which they are best begun."""
    return sorted(plans, key=lambda plan: (-plan.seconds, plan.order.id))
