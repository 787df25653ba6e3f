"""The output folder of a running build: files as they arrive, and the manifest after each scene."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec.structs import replace

import animate
from animate.atomic_files import write_atomic
from animate.batch.build_plan import ScenePlan
from animate.batch.cache_key import EnvironmentSnapshot, Fingerprint, unique
from animate.batch.manifest import NAME, BuildRun, File, Input, Manifest, SceneEntry
from animate.batch.tasks import Result, SceneMetadata
from animate.errors import EncodeError
from animate.library.discovery import summarize


class ManifestWriter:
    """The output folder of one build, and its manifest.

    Parameters
    ----------
    before : Manifest
        Of the last build.
    is_whole : bool
        Whether the build covers all scenes that exist; entries of other scenes are dropped then.
    """

    def __init__(
        self, folder: Path, before: Manifest, run: BuildRun, snapshot: EnvironmentSnapshot, *, is_whole: bool
    ) -> None:
        self._folder, self._before, self._run, self._snapshot = folder, before, run, snapshot
        self._written = before
        self._entries = {entry.id: entry for entry in before.scenes if not is_whole or entry.id in run.scenes}

    def keep_cached(self, plan: ScenePlan) -> SceneEntry:
        """Keep the files of a scene that is up to date; return its entry."""
        wanted = {target.path for target in plan.scene.targets}
        entry = _known_entry(plan)
        entry = replace(
            entry,
            files=tuple(file for file in entry.files if file.path in wanted),
            settings=plan.scene.described(),
            verdict="cached",
            why=(),
            problem="",
            is_usage_error=False,
        )
        self._entries[entry.id] = entry
        return entry

    def keep_results(self, plan: ScenePlan, results: Sequence[Result], *, trusted: bool) -> SceneEntry:
        """Write the files of a scene's results, and the manifest; return the scene's entry.

        Parameters
        ----------
        results : sequence of Result
            Of all tasks of the plan.
        trusted : bool
            Whether later builds may reuse the files.
        """
        problems = [(result.problem, result.is_usage_error) for result in results if result.problem]
        written: list[File] = []
        for file, content in (pair for result in results for pair in result.files):
            try:
                write_atomic(self._folder / file.path, content)
                written.append(file)
            except EncodeError as error:
                problems.append((str(error), False))
        entry = _built_entry(plan, self._snapshot, results, written, problems, trusted=trusted)
        self._entries[entry.id] = entry
        self.write()
        return entry

    def manifest(self) -> Manifest:
        """Return the current manifest."""
        scenes = tuple(sorted(self._entries.values(), key=lambda entry: (entry.name, entry.variant)))
        known = {**self._before.sources, self._snapshot.source: self._snapshot.sources}
        used = {entry.source for entry in scenes} & set(known)
        return Manifest(scenes, self._run, animate.__version__, {key: known[key] for key in sorted(used)})

    def write(self) -> None:
        """Write the manifest if it changed, so that a build that is killed can be continued."""
        manifest = self.manifest()
        if manifest != self._written:
            write_atomic(self._folder / NAME, manifest.text().encode())
            self._written = manifest


def _built_entry(
    plan: ScenePlan,
    snapshot: EnvironmentSnapshot,
    results: Sequence[Result],
    written: Sequence[File],
    problems: Sequence[tuple[str, bool]],
    *,
    trusted: bool,
) -> SceneEntry:
    """Return the entry of a scene after its tasks; of problems, and whether each is a usage error, the first one."""
    found = [result.about for result in results if result.about is not None]
    # Files that are not rewritten keep their keys, so the fingerprint must keep what they were made of.
    is_partial = bool(problems) or len(plan.stale) < len(plan.scene.targets)
    fresh = snapshot.fingerprint(plan.scene, plan.entry if is_partial else None)
    read = [one for metadata in found for one in metadata.inputs]
    meanwhile = _changed_meanwhile(fresh.inputs, read)
    if not snapshot.is_same_animate():
        meanwhile.append("animate itself changed while it was built")
    fields = {**vars(fresh), "inputs": unique([*fresh.inputs, *read])}
    made_of = Fingerprint(**fields)
    entry = _described_entry(plan, found[0], fields) if found else _known_entry(plan)
    seconds = sum(result.seconds for result in results)
    problem, is_usage_error = problems[0] if problems else ("", False)
    return replace(
        entry,
        files=_files(plan, written, made_of if trusted and not meanwhile else None),
        verdict="failed" if problems else "built",
        why=(*plan.why, *plan.versions, *meanwhile),
        problem=problem,
        is_usage_error=is_usage_error,
        seconds=round(max(seconds, entry.seconds) if is_partial else seconds, 3),
    )


def _known_entry(plan: ScenePlan) -> SceneEntry:
    """Return the last entry of a scene, or one with what its script says without being run."""
    if plan.entry is not None:
        return plan.entry
    scene = plan.scene
    summary = summarize(scene.script)
    question, description = (summary.question, summary.description) if summary is not None else ("", "")
    script = next((one.path for one in plan.fingerprint.inputs if one.kind == "script"), "")
    return SceneEntry(name=scene.name, variant=scene.variant, script=script, question=question, description=description)


def _described_entry(plan: ScenePlan, metadata: SceneMetadata, made_of: dict[str, object]) -> SceneEntry:
    texts = {name: value for name, value in vars(metadata).items() if name != "inputs"}
    script = next(one.path for one in plan.fingerprint.inputs if one.kind == "script")
    return replace(_known_entry(plan), script=script, **texts, **made_of, settings=plan.scene.described())


def _files(plan: ScenePlan, written: Iterable[File], made_of: Fingerprint | None) -> tuple[File, ...]:
    """Return the files of a scene in the order of its targets: rewritten ones with new keys, others unchanged."""
    known = {file.path: file for file in (plan.entry.files if plan.entry is not None else ())}
    new = {file.path: file for file in written}
    files = []
    for target in plan.scene.targets:
        if target.path in new:
            files.append(replace(new[target.path], key="" if made_of is None else made_of.key(target)))
        elif target.path in known:
            files.append(known[target.path])
    return tuple(files)


def _changed_meanwhile(fresh: Iterable[Input], read: Iterable[Input]) -> list[str]:
    """Return which files the scene read with other bytes than the build planned with."""
    planned = {one.path: one.sha256 for one in fresh}
    return [
        f"{one.path} changed while it was built"
        for one in read
        if one.path in planned and one.sha256 != planned[one.path]
    ]
