"""Where tasks are worked on: any `concurrent.futures.Executor`, each task in a process that can be ended.

A task runs in a child process of whoever works on it, wherever that is. So a time limit holds, and a scene that
brings its process down harms nothing else, with the threads of this machine as with the workers of a cluster.
"""

from __future__ import annotations

import atexit
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from animate.batch.child import Child, Died, Raised, TookTooLong
from animate.batch.tasks import Report, Result, Task, work
from animate.errors import AnimateError, UsageError, described, did_you_mean

EXECUTORS = ("processes", "serial", "dask")
MOST_DEATHS = 2
"""How often a process may die over one task: the first time may be the machine's fault."""
CONNECT_SECONDS = 15


class Children:
    """Child processes, one for each thread that works on tasks; each is used again and again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_thread: dict[int, Child] = {}
        self._is_closed = False

    def work(self, task: Task, report: Report | None = None) -> Result:
        """Return what came of a task, worked on in this thread's process."""
        problem = "it was stopped."
        for _ in range(MOST_DEATHS):
            child = self._child()
            if child is None:
                break
            try:
                result: Result = child.call(work, task, timeout=task.timeout, report=report)
            except TookTooLong:
                problem = f"it took longer than {task.timeout:g} s and was ended."
                return Result(id=task.id, problem=problem, seconds=task.timeout or 0.0)
            except Raised as raised:
                return Result(id=task.id, problem=str(raised))
            except Died as died:
                problem = f"the process that drew it {died}, {MOST_DEATHS} times."
            except Exception as error:  # noqa: BLE001 - what kept the work from beginning, such as a broken package
                return Result(id=task.id, problem=described(error))
            else:
                return result
        return Result(id=task.id, problem=problem)

    def _child(self) -> Child | None:
        thread = threading.get_ident()
        with self._lock:
            if self._is_closed:
                return None
            child = self._by_thread.get(thread)
            if child is None or child.is_over:
                child = self._by_thread[thread] = Child()
            return child

    def close(self) -> None:
        """End all processes, at work or not."""
        with self._lock, ExitStack() as stack:  # which goes on where an interrupt falls into ending one
            self._is_closed = True
            for child in self._by_thread.values():
                stack.callback(child.close)


@cache
def _of_this_worker() -> Children:
    """Return the child processes of a worker elsewhere, which has no other place to keep them."""
    children = Children()
    atexit.register(children.close)
    return children


def work_elsewhere(task: Task) -> Result:
    """Return what came of a task: what an executor's worker is asked to do."""
    return _of_this_worker().work(task)


class Serial(Executor):
    """Works in this process, one task after the other: for debugging, and without time limits."""

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Return the future of what is done at once."""
        future: Future[Any] = Future()
        try:
            future.set_result(function(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - it is the future's
            future.set_exception(error)
        return future


@dataclass(frozen=True)
class Workers:
    """Who works on tasks.

    Attributes
    ----------
    executor : Executor
    work : callable
        What they are asked to do with a task.
    share_disk : bool
        Whether they see the files of this machine and can tell how far they are; others get the files with the task.
    at_once : float
        How many tasks are given out before one is done.
    """

    executor: Executor
    work: Callable[..., Result] = work_elsewhere
    share_disk: bool = False
    at_once: float = float("inf")

    def submit(self, task: Task, report: Report | None = None) -> Future[Result]:
        """Return the future of a task."""
        told = (report,) if self.share_disk else ()
        return self.executor.submit(self.work, task, *told)


@contextmanager
def workers(executor: str | Executor, *, jobs: int = 1, address: str | None = None) -> Iterator[Workers]:
    """Give the workers that an executor's name, or an executor, means; end what was started for it.

    Parameters
    ----------
    executor : str or Executor
        A name of `EXECUTORS`, or any executor: its workers must have animate, in the same versions.
    jobs : int
        Processes on this machine.
    address : str, optional
        Of a dask scheduler.

    Raises
    ------
    UsageError
        For an unknown name, or a cluster without an address or without dask.
    AnimateError
        If the cluster does not answer.
    """
    if isinstance(executor, Executor):
        yield Workers(executor)
    elif executor == "dask":
        with _dask(address) as cluster:
            yield Workers(cluster)
    elif executor == "serial":
        yield Workers(Serial(), work, share_disk=True, at_once=1)
    elif executor == "processes":
        with _processes(jobs) as (threads, children):
            yield Workers(threads, children.work, share_disk=True)
    else:
        hint = did_you_mean(executor, EXECUTORS)
        raise UsageError(f"executor must be one of {', '.join(EXECUTORS)}; got {executor!r}.{hint}")


@contextmanager
def _processes(jobs: int) -> Iterator[tuple[Executor, Children]]:
    threads, children = ThreadPoolExecutor(jobs, thread_name_prefix="animate-worker"), Children()
    with ExitStack() as stack:  # the last is done first
        stack.callback(threads.shutdown)
        stack.callback(children.close)  # which ends what is still at work
        stack.callback(threads.shutdown, wait=False, cancel_futures=True)
        yield threads, children


@contextmanager
def _dask(address: str | None) -> Iterator[Executor]:
    if not address:
        raise UsageError("--executor dask needs the scheduler's address: --address tcp://HOST:PORT.")
    try:
        from distributed import Client
    except ImportError:
        raise UsageError("--executor dask needs dask.distributed: pip install 'animate[cluster]'.") from None
    try:
        client = Client(  # type: ignore[no-untyped-call]
            address, timeout=CONNECT_SECONDS, set_as_default=False
        )
    except (OSError, ValueError) as error:
        raise AnimateError(f"no dask scheduler answers at {address}: {error}.") from error
    with client:
        yield client.get_executor(pure=False)  # type: ignore[no-untyped-call]
