"""Files made for a tab: each by a process of its own, one at a time, told of as it goes, gone when the tab is."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import secrets
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from animate.atomic_files import temporary_folder
from animate.studio.messages import pack, unpack
from animate.studio.wishes import Job
from animate.studio.worker import prepare_process, problem_of

LISTENING_SECONDS = 0.1

KINDS = ("gif", "mp4", "png")
"""What can be made: the animation, or the picture of the moment that is on the page."""

Tell = Callable[[Mapping[str, Any]], Awaitable[None]]


def make_file(connection: Connection, kind: str, job: Job, content: bytes, folder: str) -> None:
    """Make one file, telling how far it is; runs in a process of its own."""
    prepare_process()
    with suppress(AttributeError, OSError):
        os.nice(5)  # the live picture goes first
    try:
        from animate.studio.easel import Easel, settings_of, share_of

        easel = Easel()
        if job.digest:
            easel.take_table(job.digest, content)
        script, _, scene = easel.build(job)
        settings = settings_of(job.wish)
        look: dict[str, Any] = {"size": (settings.width, settings.height), "theme": settings.theme}
        path = Path(folder) / f"{script.name}.{kind}"
        with script.running():
            if kind == "png":
                scene.save_still(path, share_of(scene.timeline, job.wish), **look)
            else:
                scene.save(path, progress=partial(_report, connection), **look)
        connection.send_bytes(pack({"state": "done", "file": path.name, "bytes": path.stat().st_size}))
    except BaseException as error:  # noqa: BLE001 - whatever a scene raises is told on the page
        told = problem_of(error)
        problem = told["problem"] or " ".join(told["mistakes"].values())
        connection.send_bytes(pack({"state": "failed", "problem": problem}))


def _report(connection: Connection, _: str, done: int, total: int) -> None:
    connection.send_bytes(pack({"state": "drawing", "done": done, "total": total}))


@dataclass
class Export:
    """A file that is waited for, made or ready."""

    kind: str
    job: Job
    folder: TemporaryDirectory[str]
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    file: Path | None = None
    process: BaseProcess | None = None
    task: asyncio.Task[None] | None = None
    forget: Callable[[str], object] = str

    async def end(self) -> None:
        """Stop making it, and remove what there is of it."""
        if self.task is not None:
            self.task.cancel()
            with suppress(asyncio.CancelledError):
                await self.task
        self.forget(self.token)
        await asyncio.to_thread(self.folder.cleanup)


class Exporter:
    """Makes files, so many at once, and knows which are ready by their tokens.

    Parameters
    ----------
    n_at_once : int
        The others wait.
    seconds : float
        How long one may take.
    """

    def __init__(self, n_at_once: int = 1, seconds: float = 600.0) -> None:
        self._turn = asyncio.Semaphore(n_at_once)
        self._seconds = seconds
        self._exports: dict[str, Export] = {}

    def begin(self, kind: str, job: Job, content: bytes, tell: Tell) -> Export:
        """Return a file that is being made; ``tell`` hears how far it is."""
        export = Export(kind, job, temporary_folder(), forget=self._forget)
        self._exports[export.token] = export
        export.task = asyncio.ensure_future(self._make(export, content, tell))
        return export

    def ready(self, token: str) -> Path | None:
        """Return the file of a token, or None where there is none, or none yet."""
        export = self._exports.get(token)
        return None if export is None else export.file

    def _forget(self, token: str) -> None:
        self._exports.pop(token, None)

    async def close(self) -> None:
        """Stop all that is being made and remove all that was."""
        for export in list(self._exports.values()):
            await export.end()

    async def _make(self, export: Export, content: bytes, tell: Tell) -> None:
        if export.kind not in KINDS:
            await tell(_told(export, {"state": "failed", "problem": f"kind must be one of {', '.join(KINDS)}."}))
            return
        await tell(_told(export, {"state": "waiting"}))
        async with self._turn:
            context = multiprocessing.get_context("spawn")
            here, there = context.Pipe(duplex=False)
            arguments = (there, export.kind, export.job, content, export.folder.name)
            process = export.process = context.Process(target=make_file, args=arguments, daemon=True)
            process.start()
            there.close()
            try:
                async with asyncio.timeout(self._seconds):
                    await self._listen(export, here, tell)
            except TimeoutError:
                await tell(_told(export, {"state": "failed", "problem": f"not done within {self._seconds:g} s."}))
            finally:
                process.kill()
                process.join()
                here.close()

    async def _listen(self, export: Export, connection: Connection, tell: Tell) -> None:
        """Tell what the process tells, until it is done or has ended."""
        told: dict[str, Any] = {"state": "drawing", "done": 0, "total": 0}
        while told["state"] == "drawing":
            await asyncio.sleep(LISTENING_SECONDS)
            news = _latest(connection)
            if news is None:
                continue
            told = news
            if told["state"] == "done":
                export.file = Path(export.folder.name) / told.pop("file")
                told["url"] = f"/export/{export.token}"
            await tell(_told(export, told))


def _latest(connection: Connection) -> dict[str, Any] | None:
    """Return the last that a process has told by now, or None if it told nothing new."""
    told = None
    try:
        while connection.poll():
            told, _ = unpack(connection.recv_bytes())
    except (EOFError, OSError):
        if told is None or told["state"] == "drawing":
            return {"state": "failed", "problem": "the process that drew ended before it was done."}
    return told


def _told(export: Export, told: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "export", "kind": export.kind, **told}
