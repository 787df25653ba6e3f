"""Giving tasks to workers and collecting what comes of them: nothing is lost with a worker."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import dataclass, replace
from pathlib import Path

from animate.batch.build_plan import Target
from animate.batch.executors import Workers
from animate.batch.files import located, named
from animate.batch.fingerprint import EnvironmentSnapshot
from animate.batch.imports import mentioned
from animate.batch.plan import Plan
from animate.batch.progress import BuildProgress
from animate.batch.tasks import Result, Task
from animate.draw.settings import Settings
from animate.errors import described

MOST_TRIES = 3
"""How often a task is given out that comes back damaged, or not at all."""


@dataclass
class _Job:
    """A task with the plan it is of, and its place among the plan's tasks."""

    task: Task
    plan: Plan
    index: int
    n_tasks: int
    n_tries: int = 0


def results_of(
    plans: Sequence[Plan], crew: Workers, now: EnvironmentSnapshot, whole: BuildProgress
) -> Generator[tuple[Plan, list[Result]], None, None]:
    """Yield each plan with what came of its tasks, in the order in which they are done.

    Parameters
    ----------
    plans : sequence of Plan
        In the order in which they are begun.
    crew : Workers
    now : EnvironmentSnapshot
    whole : BuildProgress
        Is told the progress of those that tell it.
    """
    giving = _Giving([job for one in plans for job in _jobs(one, now, carry=not crew.share_disk)], crew, whole)
    try:
        while giving.give():
            yield from giving.finished()
    finally:
        giving.cancel()


class _Giving:
    """The jobs of a build: those still to be given out, those that are out, and what came back."""

    def __init__(self, jobs: Sequence[_Job], crew: Workers, whole: BuildProgress) -> None:
        self._jobs, self._crew, self._whole = iter(jobs), crew, whole
        self._given: dict[Future[Result], _Job] = {}
        self._results: dict[str, list[Result]] = {}

    def give(self) -> bool:
        """Give out as many jobs as the crew takes at once; return whether any is out."""
        while len(self._given) < self._crew.at_once and (job := next(self._jobs, None)) is not None:
            self._submit(job)
        return bool(self._given)

    def finished(self) -> Iterator[tuple[Plan, list[Result]]]:
        """Wait for what comes back next; yield the plans of which all has come, and give out again what was lost."""
        for future in wait(self._given, return_when=FIRST_COMPLETED).done:
            job = self._given.pop(future)
            result = _result(future, job)
            if result is None:
                self._submit(job)
                continue
            results = self._results.setdefault(job.plan.order.id, [])
            results.append(result)
            if len(results) == job.n_tasks:
                yield job.plan, results

    def cancel(self) -> None:
        """Take back what nobody has begun."""
        for future in self._given:
            future.cancel()

    def _submit(self, job: _Job) -> None:
        job.n_tries += 1
        report = self._whole.reporter(job.plan.order.id, job.index, job.n_tasks)
        try:
            future = self._crew.submit(job.task, report)
        except RuntimeError as error:  # an executor that is broken takes nothing any more
            future = Future()
            future.set_result(Result(id=job.task.id, problem=f"nobody works on it: {error}."))
        self._given[future] = job


def _result(future: Future[Result], job: _Job) -> Result | None:
    """Return what came of a job; None where it must be given out again."""
    try:
        result = future.result()
        if result.is_whole():
            return result
        problem = "its files came back damaged"
    except (Exception, CancelledError) as error:  # noqa: BLE001 - whatever an executor raises when it loses a worker
        problem = f"it was lost with its worker ({described(error)})"
    return Result(id=job.task.id, problem=f"{problem}, {MOST_TRIES} times.") if job.n_tries >= MOST_TRIES else None


def _jobs(plan: Plan, now: EnvironmentSnapshot, *, carry: bool) -> list[_Job]:
    groups = _by_look(plan.stale)
    order = plan.order
    task = Task(
        id=order.id,
        script=named(order.script, now.root),
        given=order.given,
        targets=(),
        root=str(now.root),
        environment=now.environment,
        source=now.source,
        files=_carried(plan, now.root) if carry else None,
        timeout=order.settings.timeout,
    )
    tasks = [replace(task, targets=tuple(group)) for group in groups]
    return [_Job(one, plan, index, len(tasks)) for index, one in enumerate(tasks)]


def _by_look(targets: Sequence[Target]) -> list[list[Target]]:
    """Return targets that one pass of drawing can make; captions, which need none, go with the first."""
    groups: dict[Settings, list[Target]] = {}
    for target in targets:
        if target.role != "captions" or not groups:
            groups.setdefault(target.look, []).append(target)
        else:
            next(iter(groups.values())).append(target)
    return list(groups.values())


def _carried(plan: Plan, root: Path) -> dict[str, bytes]:
    """Return the files of a scene that lie in the folder of the build; others, a worker must have itself."""
    known = [located(one.path, root) for one in plan.now.inputs if one.kind != "folder"]
    names = {named(path, root): path for path in (*known, *mentioned(plan.order.script, root))}
    own = {name: path for name, path in names.items() if not name.startswith("{") and not Path(name).is_absolute()}
    return {name: path.read_bytes() for name, path in own.items() if path.is_file()}
