"""Entries of a manifest: as they are when nothing was to be done, and after a scene was made or failed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from animate.batch.fingerprint import EnvironmentSnapshot, Fingerprint, unique
from animate.batch.manifest import File, Input, SceneEntry
from animate.batch.plan import Plan
from animate.batch.tasks import Result, SceneMetadata
from animate.library.discovery import summarize


def cached(plan: Plan) -> SceneEntry:
    """Return the entry of a scene for which nothing is to be done."""
    wanted = {target.path for target in plan.order.targets}
    entry = _known(plan)
    files = tuple(file for file in entry.files if file.path in wanted)
    return replace(entry, files=files, settings=plan.order.described(), verdict="cached", why=(), problem="")


def after(
    plan: Plan,
    now: EnvironmentSnapshot,
    results: Sequence[Result],
    written: Sequence[File],
    problems: Sequence[str],
    *,
    keyed: bool,
) -> SceneEntry:
    """Return the entry of a scene that was made, as far as it was.

    Parameters
    ----------
    plan : Plan
    now : EnvironmentSnapshot
    results : sequence of Result
        Of all tasks of the plan.
    written : sequence of File
        Those that are in the output folder.
    problems : sequence of str
        The first is told.
    keyed : bool
        Whether later builds may trust the files.
    """
    abouts = [result.about for result in results if result.about is not None]
    # files that stand keep their keys: then what they were made of stays in the fingerprint
    is_partial = bool(problems) or len(plan.stale) < len(plan.order.targets)
    fresh = now.fingerprint(plan.order, plan.entry if is_partial else None)
    seen = [one for about in abouts for one in about.inputs]
    meanwhile = _changed_meanwhile(fresh.inputs, seen)
    if not now.is_same_animate():
        meanwhile.append("animate itself changed while it was built")
    made_of = replace(fresh, inputs=unique([*fresh.inputs, *seen]))
    entry = _described(_known(plan), plan, abouts[0], made_of) if abouts else _known(plan)
    seconds = sum(result.seconds for result in results)
    return replace(
        entry,
        files=_files(plan, written, made_of if keyed and not meanwhile else None),
        verdict="failed" if problems else "built",
        why=(*plan.why, *plan.versions, *meanwhile),
        problem=problems[0] if problems else "",
        seconds=round(max(seconds, entry.seconds) if is_partial else seconds, 3),
    )


def _known(plan: Plan) -> SceneEntry:
    """Return what is known of a scene so far, at least what its script says without being run."""
    if plan.entry is not None:
        return plan.entry
    order = plan.order
    summary = summarize(order.script)
    question, description = (summary.question, summary.description) if summary is not None else ("", "")
    script = next((one.path for one in plan.now.inputs if one.kind == "script"), "")
    return SceneEntry(name=order.name, variant=order.variant, script=script, question=question, description=description)


def _described(entry: SceneEntry, plan: Plan, about: SceneMetadata, made_of: Fingerprint) -> SceneEntry:
    said = {name: value for name, value in vars(about).items() if name != "inputs"}
    script = next(one.path for one in made_of.inputs if one.kind == "script")
    return replace(entry, script=script, **said, **vars(made_of), settings=plan.order.described())


def _files(plan: Plan, written: Iterable[File], made_of: Fingerprint | None) -> tuple[File, ...]:
    """Return the files of a scene in the order of its targets: those written now with new keys, others as they were."""
    known = {file.path: file for file in (plan.entry.files if plan.entry is not None else ())}
    new = {file.path: file for file in written}
    files = []
    for target in plan.order.targets:
        if target.path in new:
            files.append(replace(new[target.path], key="" if made_of is None else made_of.key(target)))
        elif target.path in known:
            files.append(known[target.path])
    return tuple(files)


def _changed_meanwhile(fresh: Iterable[Input], seen: Iterable[Input]) -> list[str]:
    """Return what was another file when the scene read it than when the build was planned."""
    planned = {one.path: one.sha256 for one in fresh}
    return [
        f"{one.path} changed while it was built"
        for one in seen
        if one.path in planned and one.sha256 != planned[one.path]
    ]
