"""Executors: where the tasks of a build run.

Any `concurrent.futures.Executor` will do. Wherever a task runs, it runs in a worker process of that machine. So a time
limit holds, and a scene that crashes harms nothing else, in the threads of this machine and in those of a cluster.
"""

from __future__ import annotations

import atexit
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from animate.batch.tasks import Report, Result, Task
from animate.errors import AnimateError, UsageError, described, did_you_mean
from animate.processes.pool import PoolClosedError, WorkerPool
from animate.processes.threads import ONE_THREAD
from animate.processes.worker import TaskRaised, WorkerDied, WorkerOptions, WorkerTimeout

EXECUTORS = ("processes", "serial", "dask")
MOST_DEATHS = 2
"""How many processes may die over one task: the first time may be the machine's fault."""
CONNECT_SECONDS = 15


def worker_pool(n_workers: int | None = None) -> WorkerPool:
    """Return a pool of the processes that run tasks."""
    return WorkerPool(n_workers, WorkerOptions(environment=dict.fromkeys(ONE_THREAD, "1")))


def run_in(pool: WorkerPool, task: Task, report: Report | None = None) -> Result:
    """Return the result of a task that runs in a process of a pool; problems of the process are part of it."""
    problem = ""
    for _ in range(MOST_DEATHS):
        try:
            with pool.slot() as slot:
                result: Result = slot.worker.call(_run_task, task, timeout=task.timeout, report=report)
        except WorkerTimeout:
            problem = f"it took longer than {task.timeout:g} s and was ended."
            return Result(id=task.id, problem=problem, seconds=task.timeout or 0.0)
        except PoolClosedError as error:
            return Result(id=task.id, problem=f"{error}.")
        except TaskRaised as error:
            return Result(id=task.id, problem=str(error))
        except WorkerDied as error:
            problem = f"the process that drew it {error}, {MOST_DEATHS} times."
        except Exception as error:  # noqa: BLE001 - the task could not begin: a package may be broken
            return Result(id=task.id, problem=described(error))
        else:
            return result
    return Result(id=task.id, problem=problem)


def _run_task(task: Task, report: Report) -> Result:
    from animate.batch.task_runner import run_task  # only the worker process loads what draws

    return run_task(task, report)


@cache
def _pool_of_this_process() -> WorkerPool:
    """Return the pool of a process that an executor started, which has no other place to keep it."""
    pool = worker_pool()
    atexit.register(pool.close)
    return pool


def run_elsewhere(task: Task) -> Result:
    """Return the result of a task: the function that an executor gets."""
    return run_in(_pool_of_this_process(), task)


def run_here(task: Task, report: Report | None = None) -> Result:
    """Return the result of a task, run in this process."""
    from animate.batch.task_runner import run_task_here

    return run_task_here(task, report)


class Serial(Executor):
    """Runs tasks in this process, one after the other: for debugging, and without time limits."""

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Return the future of a call that is made at once."""
        future: Future[Any] = Future()
        try:
            future.set_result(function(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - it is the future's
            future.set_exception(error)
        return future


@dataclass(frozen=True)
class Workers:
    """The workers of a build.

    Attributes
    ----------
    share_disk : bool
        Whether they see the files of this machine and can report progress. Others get the files with the task.
    at_once : float
        How many tasks are submitted before one is done.
    """

    executor: Executor
    run: Callable[..., Result] = run_elsewhere
    share_disk: bool = False
    at_once: float = float("inf")

    def submit(self, task: Task, report: Report | None = None) -> Future[Result]:
        """Return the future of a task."""
        reports = (report,) if self.share_disk else ()
        return self.executor.submit(self.run, task, *reports)


@contextmanager
def workers(executor: str | Executor, *, jobs: int = 1, address: str | None = None) -> Iterator[Workers]:
    """Return the workers of an executor or of its name, a context manager; end the processes started for it.

    Parameters
    ----------
    executor : str or Executor
        A name in `EXECUTORS`, or any executor whose workers have the same versions of animate and its packages.

    Raises
    ------
    UsageError
        For an unknown name, or a cluster without an address or without dask.
    AnimateError
        If the cluster does not answer.
    """
    check_executor(executor, address)
    if isinstance(executor, Executor):
        yield Workers(executor)
    elif executor == "dask":
        with _dask(address) as cluster:
            yield Workers(cluster)
    elif executor == "serial":
        yield Workers(Serial(), run_here, share_disk=True, at_once=1)
    else:
        with _processes(jobs) as (threads, pool):
            yield Workers(threads, partial(run_in, pool), share_disk=True)


def check_executor(executor: str | Executor, address: str | None = None) -> None:
    """Raise UsageError for an unknown name, or a cluster without an address."""
    if isinstance(executor, Executor):
        return
    if executor not in EXECUTORS:
        hint = did_you_mean(executor, EXECUTORS)
        raise UsageError(f"executor must be one of {', '.join(EXECUTORS)}; got {executor!r}.{hint}")
    if executor == "dask" and not address:
        raise UsageError("--executor dask needs the scheduler's address: --address tcp://HOST:PORT.")


@contextmanager
def _processes(jobs: int) -> Iterator[tuple[Executor, WorkerPool]]:
    threads, pool = ThreadPoolExecutor(jobs, thread_name_prefix="animate-worker"), worker_pool(jobs)
    with ExitStack() as stack:  # the last is called first
        stack.callback(threads.shutdown)
        stack.callback(pool.close)  # ends tasks that still run
        stack.callback(threads.shutdown, wait=False, cancel_futures=True)
        yield threads, pool


@contextmanager
def _dask(address: str | None) -> Iterator[Executor]:
    try:
        from distributed import Client
    except ImportError:
        raise UsageError("--executor dask needs dask.distributed: pip install distributed.") from None
    try:
        client = Client(  # type: ignore[no-untyped-call]
            address, timeout=CONNECT_SECONDS, set_as_default=False
        )
    except (OSError, ValueError) as error:
        raise AnimateError(f"no dask scheduler answers at {address}: {error}.") from error
    with client:
        yield client.get_executor(pure=False)  # type: ignore[no-untyped-call]
