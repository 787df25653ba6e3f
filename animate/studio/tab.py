"""One tab of the browser: its newest request is answered, older ones are dropped, and its work ends when it closes."""

from __future__ import annotations

import asyncio
import hashlib
import json
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from animate.errors import described
from animate.processes.worker import WorkerDied, WorkerTimeout
from animate.studio.live_workers import Export, Exporter, LiveWorker, LiveWorkers
from animate.studio.messages import RenderJob, RenderRequest, RequestError, pack, unpack
from animate.studio.scene_catalog import SceneCatalog

MAX_UPLOAD_BYTES = 5_000_000
MAX_MESSAGE_CHARS = 200_000
MAX_NAME_CHARS = 200
MAX_FRAMES_IN_FLIGHT = 2
"""Frames that may be on their way to a tab: it acknowledges each, so that a slow one is sent fewer."""

PRIORITIES = ("table", "draw", "handles")
"""The requests that workers answer, the most urgent first; handles wait for one frame at most."""

SLOW_SECONDS = 4.0
"""Time without an answer after which the tab is told so."""

STALE_SECONDS = 0.5
"""Time after which work on a script is ended when a new version of the script is saved."""


@dataclass(frozen=True)
class DroppedFile:
    """A file that was dropped on the page; its name is only shown."""

    name: str = ""
    content: bytes = b""
    digest: str = ""


@dataclass(frozen=True)
class Question:
    """A request with its type and the number that the page gave it."""

    type: str
    request: RenderRequest
    id: int = 0
    known: str = ""


class Tab:
    """One page: the requests that it has sent and that are not answered yet."""

    def __init__(
        self,
        send: Callable[[bytes], Awaitable[None]],
        workers: LiveWorkers,
        exporter: Exporter,
        catalog: SceneCatalog,
    ) -> None:
        self.id = uuid.uuid4().hex
        self.scene = ""
        self._send, self._workers, self._exporter, self._catalog = send, workers, exporter, catalog
        self._questions: dict[str, Question] = {}  # by type: a newer one replaces an older one
        self._news = asyncio.Event()
        self._n_sent = self._n_acknowledged = 0
        self._base = self._described = ""
        self._last_kind = ""
        self._worker: LiveWorker | None = None
        self._dropped = DroppedFile()
        self._export: Export | None = None

    async def send_header(self, header: Mapping[str, Any]) -> None:
        """Send the page a message without bytes."""
        await self._send(pack(header))

    async def end(self) -> None:
        """End the work of a tab that was closed."""
        self._workers.pool.forget(self.id)
        await self._end_export()

    async def note_change(self) -> None:
        """Tell the page that its script was saved; work on the version before it ends."""
        if self._worker is not None:
            self._worker.abandon(STALE_SECONDS)
        await self.send_header({"type": "changed", "scene": self.scene})

    # -- messages from the page

    async def take_text(self, text: str) -> None:
        """Take a message of the page; raise RequestError if no page of ours sends it."""
        if len(text) > MAX_MESSAGE_CHARS:
            raise RequestError("a message is too long")
        try:
            message = json.loads(text)
        except (ValueError, RecursionError):
            raise RequestError("a message must be JSON") from None
        handlers: dict[str, Callable[[Mapping[str, Any]], Awaitable[None]]] = {
            "draw": self._take_question,
            "handles": self._take_question,
            "acknowledge": self._take_acknowledgement,
            "table": self._take_sheet,
            "remove data": self._remove_data,
            "export": self._begin_export,
            "cancel": self._cancel_export,
        }
        handler = handlers.get(str(message.get("type"))) if isinstance(message, dict) else None
        if handler is None:
            raise RequestError("a message must be of a known type")
        await handler(message)

    async def take_bytes(self, content: bytes) -> None:
        """Take a dropped file: a header with its name, then its bytes; raise RequestError if it is none."""
        try:
            header, body = unpack(content)
        except ValueError as error:
            raise RequestError(str(error)) from error
        name = header.get("name")
        if not isinstance(name, str) or not 0 < len(name) <= MAX_NAME_CHARS:
            raise RequestError("a file must have a name")
        if len(body) > MAX_UPLOAD_BYTES:
            problem = f"{name} must be at most {MAX_UPLOAD_BYTES // 10**6} MB; got {len(body) / 10**6:.1f} MB."
            await self.send_header(
                {"type": "refused", "of": "table", "id": 0, "mistakes": {"data": problem}, "problem": ""}
            )
            return
        name = name.encode(errors="replace").decode()  # half a surrogate pair is no Unicode
        self._dropped = DroppedFile(name, bytes(body), hashlib.sha256(body).hexdigest())
        self._ask(Question("table", RenderRequest(self.scene)))

    async def _take_question(self, message: Mapping[str, Any]) -> None:
        number, known = message.get("id"), message.get("known", "")
        if not isinstance(number, int) or not isinstance(known, str):
            raise RequestError("a request must have a number")
        question = Question(message["type"], RenderRequest.of(message), number, known)
        self.scene = question.request.scene
        self._ask(question)

    async def _take_acknowledgement(self, message: Mapping[str, Any]) -> None:
        if not isinstance(message.get("n"), int):
            raise RequestError("n must be a number of frames")
        self._n_acknowledged = min(max(self._n_acknowledged, message["n"]), self._n_sent)
        self._news.set()

    async def _take_sheet(self, message: Mapping[str, Any]) -> None:
        sheet = message.get("sheet")
        if not isinstance(sheet, str) or len(sheet) > MAX_NAME_CHARS:
            raise RequestError("a sheet must have a name")
        if self._dropped.digest:
            self._ask(Question("table", RenderRequest(self.scene, sheet=sheet)))

    async def _remove_data(self, _: Mapping[str, Any]) -> None:
        self._dropped = DroppedFile()

    async def _begin_export(self, message: Mapping[str, Any]) -> None:
        job = await self._job(Question("export", RenderRequest.of(message)))
        if job is not None:
            await self._end_export()
            kind = str(message.get("kind"))
            self._export = self._exporter.begin(kind, job, self._dropped.content, self.send_header)

    async def _cancel_export(self, _: Mapping[str, Any]) -> None:
        await self._end_export()
        await self.send_header({"type": "export", "state": "cancelled"})

    async def _end_export(self) -> None:
        export, self._export = self._export, None
        if export is not None:
            await self._exporter.end(export)

    def _ask(self, question: Question) -> None:
        self._questions[question.type] = question
        self._news.set()

    # -- messages to the page

    async def answer_questions(self) -> None:
        """Answer the newest question again and again, until cancelled."""
        while True:
            await self._news.wait()
            self._news.clear()
            while self._next() is not None:
                async with self._workers.worker_for(self.id) as worker:
                    self._worker = worker
                    try:
                        reply = await self._reply(worker)
                    finally:
                        self._worker = None
                if reply is not None:
                    await self._send(reply)

    def _next(self) -> str | None:
        """Return the type of the next question to answer; frames wait while the page is behind."""
        is_behind = self._n_sent - self._n_acknowledged >= MAX_FRAMES_IN_FLIGHT
        kinds = [kind for kind in PRIORITIES if kind in self._questions]
        if self._last_kind == "draw" and "handles" in kinds:
            return "handles"
        return next((kind for kind in kinds if not (kind == "draw" and is_behind)), None)

    async def _reply(self, worker: LiveWorker) -> bytes | None:
        """Return the answer to the newest question there is once a worker is free."""
        kind, dropped = self._next(), self._dropped
        question = self._questions.pop(kind) if kind is not None else None
        job = await self._job(question) if question is not None else None
        if question is None or job is None:
            return None
        self._last_kind = question.type
        reply = await self._answer(worker, question, job, dropped)
        if reply is None:
            return None
        header, _ = unpack(reply)
        if "controls" in header:
            self._described = _version(job)
        if header["type"] == "draw":
            self._base = header["name"]
            self._n_sent += 1
        return reply

    async def _answer(
        self, worker: LiveWorker, question: Question, job: RenderJob, dropped: DroppedFile
    ) -> bytes | None:
        """Return a worker's answer, or None if it was abandoned."""
        slow = asyncio.ensure_future(self._tell_slow(question, worker))
        try:
            reply = await worker.answer(question.type, job)
            if unpack(reply)[0]["type"] == "need":
                reply = await worker.answer(question.type, job, dropped.content)
        except WorkerTimeout as error:
            return _refusal(question, f"{error}. {_LOOP}{worker.place}")
        except WorkerDied as error:
            if worker.is_abandoned:
                return None
            return _refusal(question, f"the process that draws {error}: the scene may have needed too much memory.")
        except Exception as error:  # noqa: BLE001 - the call failed before the scene was drawn
            return _refusal(question, described(error))
        finally:
            slow.cancel()
        return reply

    async def _tell_slow(self, question: Question, worker: LiveWorker) -> None:
        await asyncio.sleep(SLOW_SECONDS)
        problem = f"no picture after {SLOW_SECONDS:g} s. {_LOOP}{worker.place}"
        await self.send_header({"type": "slow", "of": question.type, "id": question.id, "problem": problem})

    async def _job(self, question: Question) -> RenderJob | None:
        """Return the job for a worker, or None after a refusal, if there is no such scene."""
        entry = self._catalog.entries.get(question.request.scene)
        if entry is None:
            await self._send(_refusal(question, f"there is no scene named {question.request.scene!r}."))
            return None
        job = RenderJob(
            tab=self.id,
            request=question.request,
            path=str(entry.summary.path),
            name=entry.command_name,
            stamp=entry.stamp,
            folder=self._catalog.folder or "",
            words=self._catalog.words,
            locale=self._catalog.locale,
            id=question.id,
            base=self._base,
            known=question.known,
            data=self._dropped.name,
            digest=self._dropped.digest if question.request.data != "no" else "",
        )
        return replace(job, described=self._described == _version(job))


_LOOP = "The scene may loop for ever, or be too much work for a live picture."


def _version(job: RenderJob) -> str:
    """Return what changes whenever the controls of a scene do."""
    return f"{job.path}\n{job.stamp}"


def _refusal(question: Question, problem: str) -> bytes:
    header = {"type": "refused", "of": question.type, "id": question.id, "scene": question.request.scene}
    header |= {"mistakes": {}, "problem": problem}
    return pack(header)
