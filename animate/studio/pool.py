"""A few processes that draw: each asked one thing at a time, ended and started anew where it does not answer."""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

from animate.studio.messages import unpack
from animate.studio.worker import work

STARTING_SECONDS = 60.0
GRACE_SECONDS = 1.0
"""How long the work for a tab that was closed may go on."""

PATIENCE_SECONDS = 0.4
"""How long a tab waits for the process that has its stage before it takes another one."""


class DrawingEndedError(Exception):
    """The process that drew ended without an answer."""


class TooLongError(DrawingEndedError):
    """There was no answer in time."""


class Worker:
    """One process, from its start to its end; blocks, so it is asked in a thread."""

    def __init__(self, target: Callable[[Connection], None] = work) -> None:
        # A process that is forked from one with threads can hang, so each starts anew.
        context = multiprocessing.get_context("spawn")
        self._connection, there = context.Pipe()
        self._process = context.Process(target=target, args=(there,), name="animate-studio", daemon=True)
        self._process.start()
        there.close()
        self._is_ready = False

    @property
    def pid(self) -> int | None:
        """Return the number of the process."""
        return self._process.pid

    def ask(self, message: bytes, seconds: float) -> bytes:
        """Return the answer to a message.

        Raises
        ------
        TooLongError
            If there is none within so many seconds, not counting the start of the process.
        DrawingEndedError
            If the process ended.
        """
        try:
            if not self._is_ready:
                unpack(self._received(STARTING_SECONDS))
                self._is_ready = True
            self._connection.send_bytes(message)
            return self._received(seconds)
        except (EOFError, OSError) as error:
            raise DrawingEndedError("the process that draws has ended") from error

    def _received(self, seconds: float) -> bytes:
        if not self._connection.poll(seconds):
            raise TooLongError(f"there was no answer within {seconds:g} s")
        return self._connection.recv_bytes()

    def end(self) -> None:
        """End the process, whatever it does; a thread that waits for its answer learns of it."""
        self._process.kill()
        self._process.join()

    def close(self) -> None:
        """Free what the process held, once nobody waits for it."""
        self.end()
        self._connection.close()
        self._process.close()


@dataclass
class Seat:
    """A place for a worker, which may be replaced; who sits there asks it."""

    pool: Pool
    worker: Worker
    tab: str | None = None
    since: float = 0.0
    asked: asyncio.Future[bytes] | None = None
    homes: set[str] = field(default_factory=set)
    """The tabs whose stages this worker has."""

    async def ask(self, message: bytes, seconds: float | None = None) -> bytes:
        """Return the answer of the worker; may be cancelled, which leaves the worker busy.

        Raises
        ------
        DrawingEndedError
            If there was none, or none in time; the worker is then another one.
        """
        loop = asyncio.get_running_loop()
        limit = self.pool.seconds if seconds is None else seconds
        self.asked = asyncio.ensure_future(loop.run_in_executor(self.pool.threads, self.worker.ask, message, limit))
        try:
            return await asyncio.shield(self.asked)
        except DrawingEndedError:
            await self.replace()
            raise

    async def replace(self) -> None:
        """Put another worker in the place of this one."""
        worker, self.worker = self.worker, Worker(self.pool.target)
        self.homes.clear()
        await asyncio.get_running_loop().run_in_executor(self.pool.threads, worker.close)

    async def settle(self) -> None:
        """Wait a little for an answer that nobody wants any more, then end the worker."""
        if self.asked is None or self.asked.done():
            return
        with suppress(DrawingEndedError, TimeoutError):
            await asyncio.wait_for(asyncio.shield(self.asked), GRACE_SECONDS)
            return
        self.worker.end()
        with suppress(DrawingEndedError):
            await self.asked
        await self.replace()


class Pool:
    """Workers for many tabs.

    Parameters
    ----------
    n_workers : int
    seconds : float
        How long one answer may take.
    target : callable
        What the processes run.
    """

    def __init__(self, n_workers: int = 2, seconds: float = 30.0, target: Callable[[Connection], None] = work) -> None:
        self.seconds, self.target, self.n_workers = seconds, target, n_workers
        self.threads = ThreadPoolExecutor(n_workers + 1, thread_name_prefix="animate-studio")
        self._seats: list[Seat] = []
        self._waiting: list[tuple[float, str, asyncio.Future[Seat]]] = []
        self._leaving: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Start the processes; they become ready while the page loads."""
        self._seats = [Seat(self, Worker(self.target)) for _ in range(self.n_workers)]

    async def close(self) -> None:
        """End the processes."""
        for task in self._leaving:
            task.cancel()
        for seat in self._seats:
            seat.worker.end()
        await asyncio.to_thread(self.threads.shutdown)
        for seat in self._seats:
            seat.worker.close()

    @property
    def pids(self) -> list[int | None]:
        """Return the numbers of the processes."""
        return [seat.worker.pid for seat in self._seats]

    @asynccontextmanager
    async def seat_for(self, tab: str) -> AsyncIterator[Seat]:
        """Give a tab a worker for the time of a block: the one with its stage where it can be, in turn."""
        seat = await self._take(tab)
        try:
            yield seat
        finally:
            if seat.asked is None or seat.asked.done():
                self._free(seat)
            else:  # A tab that closes leaves at once; its worker is free when its last answer is there, or ended.
                task = asyncio.ensure_future(self._leave(seat))
                self._leaving.add(task)
                task.add_done_callback(self._leaving.discard)

    async def _take(self, tab: str) -> Seat:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Seat] = loop.create_future()
        self._waiting.append((time.monotonic(), tab, future))
        later = loop.call_later(1.05 * PATIENCE_SECONDS, self._seat_those_waiting)
        self._seat_those_waiting()
        try:
            return await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled():
                self._free(future.result())
            raise
        finally:
            later.cancel()

    async def _leave(self, seat: Seat) -> None:
        await seat.settle()
        self._free(seat)

    def _free(self, seat: Seat) -> None:
        seat.tab, seat.asked = None, None
        self._seat_those_waiting()

    def _seat_those_waiting(self) -> None:
        self._waiting = [entry for entry in self._waiting if not entry[2].done()]
        for since, tab, future in list(self._waiting):
            seat = self._free_seat(tab, time.monotonic() - since)
            if seat is not None:
                self._waiting.remove((since, tab, future))
                seat.tab, seat.since = tab, time.monotonic()
                self._move(tab, seat)
                future.set_result(seat)

    def _free_seat(self, tab: str, waited: float) -> Seat | None:
        free = [seat for seat in self._seats if seat.tab is None]
        home = next((seat for seat in self._seats if tab in seat.homes), None)
        if home in free or (home is not None and waited < PATIENCE_SECONDS):
            return home if home in free else None
        return min(free, key=lambda seat: len(seat.homes), default=None)

    def _move(self, tab: str, seat: Seat) -> None:
        for other in self._seats:
            other.homes.discard(tab)
        seat.homes.add(tab)

    def forget(self, tab: str) -> None:
        """Take note that a tab was closed."""
        for seat in self._seats:
            seat.homes.discard(tab)
