"""Send tasks to workers and collect the results; a task that a worker loses is sent again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import dataclass, replace
from pathlib import Path

from animate.batch.build_plan import ScenePlan
from animate.batch.cache_key import EnvironmentSnapshot
from animate.batch.executors import Workers
from animate.batch.files import located, named
from animate.batch.scene_build import Target
from animate.batch.scene_inputs import mentioned_files
from animate.batch.tasks import Report, Result, Task
from animate.draw.settings import Settings
from animate.errors import described

MAX_TRIES = 3
"""How often a task is sent whose result is damaged or lost."""


class BuildProgress:
    """The progress of a build; each scene counts as much as it took the last time.

    Parameters
    ----------
    changed : callable, optional
        Called with this object after each change, from any thread.

    Attributes
    ----------
    n_done, n_scenes : int
        Scenes that are done, and all scenes.
    """

    def __init__(self, plans: Sequence[ScenePlan], changed: Callable[[BuildProgress], object] | None) -> None:
        known = [plan.entry.seconds for plan in plans if plan.entry is not None and plan.entry.seconds > 0]
        mean = sum(known) / len(known) if known else 1.0
        self._weights = {plan.scene.id: (plan.entry.seconds if plan.entry else 0.0) or mean for plan in plans}
        self._shares: dict[str, dict[int, float]] = {}
        self._lock = threading.Lock()
        self._changed = changed
        self._started = time.monotonic()
        self.n_done, self.n_scenes = 0, len(plans)

    @property
    def share(self) -> float:
        """Return the share of the work that is done, 0 to 1."""
        with self._lock:
            done = sum(self._weights[name] * sum(parts.values()) for name, parts in self._shares.items())
        return min(1.0, done / sum(self._weights.values())) if self._weights else 1.0

    @property
    def seconds_left(self) -> float | None:
        """Return the estimated seconds left, or None if it is too early for an estimate."""
        share = self.share
        return (time.monotonic() - self._started) * (1 - share) / share if share > 0.01 else None

    def reporter(self, name: str, task: int, n_tasks: int) -> Report:
        """Return the function that a worker calls with the progress of one of a scene's tasks."""

        def report(_stage: str, done: int, total: int) -> None:
            with self._lock:
                self._shares.setdefault(name, {})[task] = min(done / max(total, 1), 1.0) / n_tasks
            self._notify()

        return report

    def done(self, name: str) -> None:
        """Record that a scene is done, whether it failed or not."""
        with self._lock:
            self._shares[name] = {0: 1.0}
            self.n_done += 1
        self._notify()

    def _notify(self) -> None:
        if self._changed is not None:
            self._changed(self)


@dataclass
class _PendingTask:
    """A task, the plan it belongs to, and its place among the plan's tasks."""

    task: Task
    plan: ScenePlan
    index: int
    n_tasks: int
    n_tries: int = 0


def results_of(
    plans: Sequence[ScenePlan], crew: Workers, snapshot: EnvironmentSnapshot, progress: BuildProgress
) -> Generator[tuple[ScenePlan, list[Result]], None, None]:
    """Yield each plan with the results of its tasks, in the order in which they finish.

    Parameters
    ----------
    plans : sequence of ScenePlan
        In the order in which they are started.
    """
    pending = [one for plan in plans for one in _tasks_of(plan, snapshot, with_files=not crew.share_disk)]
    queue = _TaskQueue(pending, crew, progress)
    try:
        while queue.fill():
            yield from queue.finished()
    finally:
        queue.cancel()


class _TaskQueue:
    """The tasks of a build: those that wait, those that run, and the results so far."""

    def __init__(self, pending: Sequence[_PendingTask], crew: Workers, progress: BuildProgress) -> None:
        self._pending, self._crew, self._progress = iter(pending), crew, progress
        self._running: dict[Future[Result], _PendingTask] = {}
        self._results: dict[str, list[Result]] = {}

    def fill(self) -> bool:
        """Submit as many tasks as the workers take at once; return whether any is running."""
        while len(self._running) < self._crew.at_once and (one := next(self._pending, None)) is not None:
            self._submit(one)
        return bool(self._running)

    def finished(self) -> Iterator[tuple[ScenePlan, list[Result]]]:
        """Wait for the next results; yield the plans that are complete, and submit lost tasks again."""
        for future in wait(self._running, return_when=FIRST_COMPLETED).done:
            one = self._running.pop(future)
            result = _result(future, one)
            if result is None:
                self._submit(one)
                continue
            results = self._results.setdefault(one.plan.scene.id, [])
            results.append(result)
            if len(results) == one.n_tasks:
                yield one.plan, results

    def cancel(self) -> None:
        """Cancel the tasks that no worker has started."""
        for future in self._running:
            future.cancel()

    def _submit(self, one: _PendingTask) -> None:
        one.n_tries += 1
        report = self._progress.reporter(one.plan.scene.id, one.index, one.n_tasks)
        try:
            future = self._crew.submit(one.task, report)
        except RuntimeError as error:  # a broken executor accepts no task
            future = Future()
            future.set_result(Result(id=one.task.id, problem=f"nobody works on it: {error}."))
        self._running[future] = one


def _result(future: Future[Result], one: _PendingTask) -> Result | None:
    """Return the result of a task, or None if it must be sent again."""
    try:
        result = future.result()
        if result.is_whole():
            return result
        problem = "its files came back damaged"
    except (Exception, CancelledError) as error:  # noqa: BLE001 - an executor that loses a worker may raise anything
        problem = f"it was lost with its worker ({described(error)})"
    return Result(id=one.task.id, problem=f"{problem}, {MAX_TRIES} times.") if one.n_tries >= MAX_TRIES else None


def _tasks_of(plan: ScenePlan, snapshot: EnvironmentSnapshot, *, with_files: bool) -> list[_PendingTask]:
    """Return the tasks of a plan, one for each size, rate and theme, and one for each page of a sweep."""
    scene = plan.scene
    task = Task(
        id=scene.id,
        script=named(scene.script, snapshot.root),
        given=scene.given,
        targets=(),
        root=str(snapshot.root),
        environment=snapshot.environment,
        source=snapshot.source,
        files=_files_to_send(plan, snapshot.root) if with_files else None,
        timeout=scene.settings.timeout,
    )
    tasks = [replace(task, targets=tuple(group)) for group in _by_look(plan.stale)]
    return [_PendingTask(one, plan, index, len(tasks)) for index, one in enumerate(tasks)]


def _by_look(targets: Sequence[Target]) -> list[list[Target]]:
    """Return groups of targets that one pass of drawing can make; captions need none and go with the first group."""
    groups: dict[tuple[Settings, tuple[str, ...]], list[Target]] = {}
    for target in targets:
        if target.role != "captions" or not groups:
            groups.setdefault((target.look, target.sweep), []).append(target)
        else:
            next(iter(groups.values())).append(target)
    return list(groups.values())


def _files_to_send(plan: ScenePlan, root: Path) -> dict[str, bytes]:
    """Return the files of a scene inside the folder of the build; a worker must have all others itself."""
    known = [located(one.path, root) for one in plan.fingerprint.inputs if one.kind != "folder"]
    names = {named(path, root): path for path in (*known, *mentioned_files(plan.scene.script, root))}
    own = {name: path for name, path in names.items() if not name.startswith("{") and not Path(name).is_absolute()}
    return {name: path.read_bytes() for name, path in own.items() if path.is_file()}
