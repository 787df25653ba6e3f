"""A few worker processes shared by many callers, in threads or in an event loop."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

from animate.processes.worker import WorkerError, WorkerOptions, WorkerProcess

AFFINITY_SECONDS = 0.4
"""How long a caller waits for the worker it had last before it takes another one."""


class PoolClosedError(WorkerError):
    """The pool is closed and gives out no more workers."""


@dataclass(eq=False)
class WorkerSlot:
    """A place in the pool. Its worker is replaced when it has ended.

    Attributes
    ----------
    affinity : set of str
        The callers that had this worker last, and may find what they left in it.
    """

    worker: WorkerProcess
    is_free: bool = True
    affinity: set[str] = field(default_factory=set)


class _Waiting(NamedTuple):
    caller: str
    since: float
    future: Future[WorkerSlot]


class WorkerPool:
    """Worker processes, each given to one caller at a time.

    Parameters
    ----------
    n_workers : int, optional
        Most processes at once; None starts one for every caller that finds none free.
    """

    def __init__(self, n_workers: int | None = None, options: WorkerOptions | None = None) -> None:
        self._n_workers, self._options = n_workers, options or WorkerOptions()
        self._lock = threading.RLock()
        self._slots: list[WorkerSlot] = []
        self._queue: list[_Waiting] = []
        self._is_closed = self._is_eager = False

    @property
    def pids(self) -> list[int]:
        """Return the numbers of the processes."""
        return [slot.worker.pid for slot in self._slots]

    def start(self) -> None:
        """Start all processes now, not only when they are needed; replace those that end at once, too."""
        with self._lock:
            self._is_eager = True
            while len(self._slots) < (self._n_workers or 0):
                self._slots.append(WorkerSlot(WorkerProcess(self._options)))

    @contextmanager
    def slot(self, caller: str = "") -> Iterator[WorkerSlot]:
        """Give a worker for the time of a block; waits for one in turn.

        Raises
        ------
        PoolClosedError
            If the pool is closed.
        """
        slot = self.acquire(caller).result()
        try:
            yield slot
        finally:
            self.release(slot)

    def acquire(self, caller: str = "") -> Future[WorkerSlot]:
        """Return the future of a worker's slot, which may be cancelled; the slot must be given to `release`.

        Parameters
        ----------
        caller : str
            The caller gets the worker that it had last, if that is free soon; "" has none.
        """
        future: Future[WorkerSlot] = Future()
        with self._lock:
            self._queue.append(_Waiting(caller, time.monotonic(), future))
            self._assign()
            if not future.done() and self._last_of(caller) is not None:
                later = threading.Timer(1.05 * AFFINITY_SECONDS, self._assign)
                later.daemon = True
                later.start()
        return future

    def release(self, slot: WorkerSlot) -> None:
        """Take a worker back."""
        with self._lock:
            if self._is_eager and not self._is_closed:
                self.renew(slot)
            slot.is_free = True
            self._assign()

    def renew(self, slot: WorkerSlot) -> None:
        """Start a new process in a slot whose process has ended."""
        if slot.worker.is_over:
            slot.worker.close()
            slot.affinity.clear()
            slot.worker = WorkerProcess(self._options)

    def forget(self, caller: str) -> None:
        """Drop the affinity of a caller that will not ask again."""
        with self._lock:
            for slot in self._slots:
                slot.affinity.discard(caller)

    def close(self) -> None:
        """End all processes, at work or not."""
        with self._lock, ExitStack() as stack:  # goes on if an interrupt falls into ending one
            self._is_closed = True
            self._assign()
            for slot in self._slots:
                stack.callback(slot.worker.close)

    def _assign(self) -> None:
        """Give free workers to waiting callers, in turn."""
        with self._lock:
            for waiting in list(self._queue):
                try:
                    slot = self._slot_for(waiting)
                except (OSError, PoolClosedError) as error:  # OSError: no process could be started
                    self._queue.remove(waiting)
                    if waiting.future.set_running_or_notify_cancel():
                        waiting.future.set_exception(error)
                else:
                    if slot is not None:
                        self._queue.remove(waiting)
                        self._hand_over(slot, waiting)

    def _slot_for(self, waiting: _Waiting) -> WorkerSlot | None:
        """Return a free slot: the one the caller had last, or after some time any."""
        if self._is_closed:
            raise PoolClosedError("it was stopped")
        slot = self._free_slot(waiting)
        if slot is not None:
            self.renew(slot)
        return slot

    def _free_slot(self, waiting: _Waiting) -> WorkerSlot | None:
        last = self._last_of(waiting.caller)
        if last is not None and (last.is_free or time.monotonic() - waiting.since < AFFINITY_SECONDS):
            return last if last.is_free else None
        free = [slot for slot in self._slots if slot.is_free]
        if not free and (self._n_workers is None or len(self._slots) < self._n_workers):
            self._slots.append(WorkerSlot(WorkerProcess(self._options)))
            return self._slots[-1]
        return min(free, key=lambda slot: len(slot.affinity), default=None)

    def _last_of(self, caller: str) -> WorkerSlot | None:
        return next((slot for slot in self._slots if caller in slot.affinity), None)

    def _hand_over(self, slot: WorkerSlot, waiting: _Waiting) -> None:
        if not waiting.future.set_running_or_notify_cancel():
            return
        slot.is_free = False
        if waiting.caller:
            self.forget(waiting.caller)
            slot.affinity.add(waiting.caller)
        waiting.future.set_result(slot)
