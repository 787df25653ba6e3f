"""The worker processes of the studio, called from its event loop: some draw live pictures, one exports files."""

from __future__ import annotations

import asyncio
import secrets
import sys
import threading
import time
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from animate.atomic_files import temporary_folder
from animate.errors import described
from animate.processes.pool import WorkerPool, WorkerSlot
from animate.processes.worker import WorkerDied, WorkerOptions, WorkerTimeout
from animate.studio.messages import RenderJob

MEMORY_BYTES = 6 << 30
"""Address space of a worker: a scene that takes ever more memory then ends with an error of its own."""

GRACE_SECONDS = 1.0
"""How long a worker may go on for a tab that was closed."""

REPORT_SECONDS = 0.1
"""How often a tab is sent the progress of its export."""

EXPORT_NICENESS = 1
PLACE_SECONDS = 3.0
"""Time after which a worker that has not answered says where it is."""

KINDS = ("gif", "mp4", "html", "png")
"""The files that can be exported: the animation, or the picture that is on the page."""

SendHeader = Callable[[Mapping[str, Any]], Awaitable[None]]


async def acquire(pool: WorkerPool, caller: str = "") -> WorkerSlot:
    """Return a slot of a pool; a caller that is cancelled meanwhile gets none."""
    future = pool.acquire(caller)
    try:
        return await asyncio.wrap_future(future)
    except asyncio.CancelledError:
        if not future.cancel() and future.exception() is None:  # it was given a moment ago
            pool.release(future.result())
        raise


class LiveWorker:
    """A worker that one tab has for the time of a block.

    Parameters
    ----------
    seconds : float
        How long one answer may take.
    """

    def __init__(self, slot: WorkerSlot, pool: WorkerPool, seconds: float) -> None:
        self.slot, self._pool, self._seconds = slot, pool, seconds
        self.pending: asyncio.Future[bytes] | None = None
        self.is_abandoned = False
        self.place = ""
        """Where in a script the worker is after some time, as the end of a sentence."""
        self._begun = time.monotonic()

    def abandon(self, seconds: float) -> None:
        """End the process if it has worked for so long: nobody waits for its answer."""
        if time.monotonic() - self._begun >= seconds:
            self.is_abandoned = True
            self.slot.worker.kill()

    async def answer(self, kind: str, job: RenderJob, content: bytes = b"") -> bytes:
        """Return the answer to a job; if this is cancelled, the worker remains busy with it.

        Raises
        ------
        WorkerDied, WorkerTimeout
            If two workers died over it, or one took too long.
        """
        try:
            return await self._call(kind, job, content)
        except WorkerDied:  # it may have been damaged by an earlier job
            if self.is_abandoned:
                raise
            self._pool.renew(self.slot)
            return await self._call(kind, job, content)

    async def _call(self, kind: str, job: RenderJob, content: bytes) -> bytes:
        call = partial(
            self.slot.worker.call, _answer, kind, job, content, timeout=self._seconds, report=self._note_place
        )
        self.pending = asyncio.get_running_loop().run_in_executor(None, call)
        return await asyncio.shield(self.pending)

    def _note_place(self, place: str) -> None:
        self.place = f" It is at {place}."


class LiveWorkers:
    """The processes that draw live pictures for all tabs.

    A tab gets the worker that has its scene on a stage, if that is free soon.

    Parameters
    ----------
    seconds : float
        How long one answer may take.
    """

    def __init__(self, n_workers: int = 2, seconds: float = 30.0) -> None:
        options = WorkerOptions(preload="animate.studio.render_session", memory_bytes=MEMORY_BYTES)
        self.pool, self._seconds = WorkerPool(n_workers, options), seconds
        self._leaving: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        """End the processes."""
        for task in self._leaving:
            task.cancel()
        await asyncio.to_thread(self.pool.close)

    @asynccontextmanager
    async def worker_for(self, tab: str) -> AsyncIterator[LiveWorker]:
        """Give a tab a worker for the time of a block."""
        worker = LiveWorker(await acquire(self.pool, tab), self.pool, self._seconds)
        try:
            yield worker
        finally:
            if worker.pending is None or worker.pending.done():
                self.pool.release(worker.slot)
            else:  # a tab that is closed leaves at once; its worker is free when it has answered or was ended
                task = asyncio.ensure_future(self._leave(worker.slot, worker.pending))
                self._leaving.add(task)
                task.add_done_callback(self._leaving.discard)

    async def _leave(self, slot: WorkerSlot, pending: asyncio.Future[bytes]) -> None:
        await asyncio.wait([pending], timeout=GRACE_SECONDS)
        if not pending.done():
            slot.worker.kill()
        await _end_of(pending)
        self.pool.release(slot)


@dataclass
class Export:
    """A file that is being made for a tab, or is ready to be downloaded."""

    kind: str
    job: RenderJob
    folder: TemporaryDirectory[str]
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    file: Path | None = None
    task: asyncio.Task[None] | None = None


class Exporter:
    """Makes files for tabs: each in a process of its own, so many at once, found by their tokens.

    Parameters
    ----------
    n_at_once : int
        The others wait.
    seconds : float
        How long one may take.
    """

    def __init__(self, n_at_once: int = 1, seconds: float = 600.0) -> None:
        self._pool = WorkerPool(n_at_once, WorkerOptions(memory_bytes=MEMORY_BYTES, niceness=EXPORT_NICENESS))
        self._seconds = seconds
        self._exports: dict[str, Export] = {}

    def begin(self, kind: str, job: RenderJob, content: bytes, send: SendHeader) -> Export:
        """Return a file that is being made; its progress is sent to the tab."""
        export = Export(kind, job, temporary_folder())
        self._exports[export.token] = export
        export.task = asyncio.ensure_future(self._make(export, content, send))
        return export

    def ready(self, token: str) -> Path | None:
        """Return the file of a token, or None if there is none, or none yet."""
        export = self._exports.get(token)
        return None if export is None else export.file

    async def end(self, export: Export) -> None:
        """Stop making a file, and remove what there is of it."""
        self._exports.pop(export.token, None)
        if export.task is not None:
            export.task.cancel()
            with suppress(asyncio.CancelledError):
                await export.task
        await asyncio.to_thread(export.folder.cleanup)

    async def close(self) -> None:
        """End all processes and remove all files."""
        for export in list(self._exports.values()):
            await self.end(export)
        await asyncio.to_thread(self._pool.close)

    async def _make(self, export: Export, content: bytes, send: SendHeader) -> None:
        async def report(**fields: Any) -> None:
            await send({"type": "export", "kind": export.kind, **fields})

        if export.kind not in KINDS:
            await report(state="failed", problem=f"kind must be one of {', '.join(KINDS)}.")
            return
        await report(state="waiting")
        slot = await acquire(self._pool)
        progress: list[tuple[int, int]] = []
        call = partial(
            slot.worker.call, _export, export.kind, export.job, content, export.folder.name,
            timeout=self._seconds, report=lambda _, done, total: progress.append((done, total)),
        )  # fmt: skip
        pending = asyncio.get_running_loop().run_in_executor(None, call)
        try:
            while not pending.done():
                await asyncio.wait([pending], timeout=REPORT_SECONDS)
                if progress:
                    done, total = progress[-1]
                    progress.clear()
                    await report(state="drawing", done=done, total=total)
            result = pending.result()
        except WorkerTimeout:
            result = {"state": "failed", "problem": f"not done within {self._seconds:g} s."}
        except WorkerDied as error:
            result = {"state": "failed", "problem": f"the process that drew it {error}."}
        except Exception as error:  # noqa: BLE001 - the call failed before the export began
            result = {"state": "failed", "problem": described(error)}
        finally:
            slot.worker.close()  # frees its memory, which may be much
            await _end_of(pending)
            self._pool.release(slot)
        if result["state"] == "done":
            export.file = Path(export.folder.name) / result.pop("file")
            result["url"] = f"/export/{export.token}"
        await report(**result)


async def _end_of(pending: asyncio.Future[Any]) -> None:
    """Wait until a call has ended in any way."""
    with suppress(Exception):
        await pending


def _answer(kind: str, job: RenderJob, content: bytes, report: Callable[[str], None]) -> bytes:
    from animate.studio.render_session import answer  # only the worker loads what draws

    timer = threading.Timer(PLACE_SECONDS, report_place, (threading.get_ident(), Path(job.path).parent, report))
    timer.daemon = True
    timer.start()
    try:
        return answer(kind, job, content)
    finally:
        timer.cancel()


def report_place(thread: int, folder: Path, report: Callable[[str], None]) -> None:
    """Report the innermost line of a folder's scripts that a thread runs."""
    frames = traceback.extract_stack(sys._current_frames().get(thread))  # noqa: SLF001 - the only way to read a thread
    own = [frame for frame in frames if Path(frame.filename).parent == folder.resolve()]
    if own:
        report(f"{Path(own[-1].filename).name}:{own[-1].lineno}")


def _export(kind: str, job: RenderJob, content: bytes, folder: str, report: Callable[..., None]) -> dict[str, Any]:
    from animate.studio.render_session import export

    return export(kind, job, content, Path(folder), report)
