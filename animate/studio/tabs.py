"""One tab of the browser: its newest wish is drawn, the older ones are forgotten, and when it closes its work ends."""

from __future__ import annotations

import asyncio
import hashlib
import json
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from animate.studio.exports import Export, Exporter
from animate.studio.messages import pack, unpack
from animate.studio.pool import DrawingEndedError, Pool, Seat, TooLongError
from animate.studio.shelf import Shelf
from animate.studio.wishes import Job, Wish, WishError

UPLOAD_BYTES = 5_000_000
MAX_MESSAGE_CHARS = 200_000
MAX_NAME_CHARS = 200
UNSEEN_FRAMES = 2
"""Frames that may be on their way to a tab: it says which it has seen, so that a slow one is sent fewer."""

Send = Callable[[bytes], Awaitable[None]]


@dataclass(frozen=True)
class Dropped:
    """A file that was dropped on the page: its contents; its name is only shown."""

    name: str
    content: bytes
    digest: str


@dataclass(frozen=True)
class Asked:
    """A message that a worker is to answer."""

    type: str
    wish: Wish
    id: int = 0
    known: str = ""


class Tab:
    """What one page asked for and has not got yet.

    Parameters
    ----------
    send : callable
        Sends bytes to the page.
    pool : Pool
    exporter : Exporter
    shelf : Shelf
    """

    def __init__(self, send: Send, pool: Pool, exporter: Exporter, shelf: Shelf) -> None:
        self.id = uuid.uuid4().hex
        self.scene = ""
        self._send, self._pool, self._exporter, self._shelf = send, pool, exporter, shelf
        self._asked: dict[str, Asked] = {}  # by type: the newest takes the place of an older one
        self._news = asyncio.Event()
        self._n_sent = self._n_seen = 0
        self._base = ""
        self._dropped: Dropped | None = None
        self._export: Export | None = None

    async def tell(self, header: Mapping[str, Any]) -> None:
        """Send the page a message."""
        await self._send(pack(header))

    async def end(self) -> None:
        """End the work that nobody waits for any more."""
        self._pool.forget(self.id)
        await self._end_export()

    # -- what comes from the page

    async def take_text(self, text: str) -> None:
        """Take a message of the page.

        Raises
        ------
        WishError
            If no page of ours sends it.
        """
        if len(text) > MAX_MESSAGE_CHARS:
            raise WishError("a message is too long")
        try:
            message = json.loads(text)
        except (ValueError, RecursionError):
            raise WishError("a message must be JSON") from None
        takes: dict[str, Callable[[Mapping[str, Any]], Awaitable[None]]] = {
            "describe": self._take_wish,
            "draw": self._take_wish,
            "grips": self._take_wish,
            "seen": self._take_seen,
            "no data": self._take_away,
            "export": self._take_export,
            "cancel": self._take_cancel,
        }
        take = takes.get(str(message.get("type"))) if isinstance(message, dict) else None
        if take is None:
            raise WishError("a message must be of a known type")
        await take(message)

    async def take_bytes(self, content: bytes) -> None:
        """Take a file that was dropped: a header with its name, then its bytes.

        Raises
        ------
        WishError
            If it is no such message.
        """
        try:
            header, body = unpack(content)
        except ValueError as error:
            raise WishError(str(error)) from error
        name = header.get("name")
        if not isinstance(name, str) or not 0 < len(name) <= MAX_NAME_CHARS:
            raise WishError("a file must have a name")
        if len(body) > UPLOAD_BYTES:
            problem = f"{name} must be at most {UPLOAD_BYTES // 10**6} MB; got {len(body) / 10**6:.1f} MB."
            await self.tell({"type": "refused", "of": "table", "id": 0, "mistakes": {"data": problem}, "problem": ""})
            return
        self._dropped = Dropped(name, bytes(body), hashlib.sha256(body).hexdigest())
        self._ask(Asked("table", Wish(self.scene)))

    async def _take_wish(self, message: Mapping[str, Any]) -> None:
        number, known = message.get("id"), message.get("known", "")
        if not isinstance(number, int) or not isinstance(known, str):
            raise WishError("a wish must have a number")
        asked = Asked(message["type"], Wish.of(message), number, known)
        self.scene = asked.wish.scene
        self._ask(asked)

    async def _take_seen(self, message: Mapping[str, Any]) -> None:
        if not isinstance(message.get("n"), int):
            raise WishError("seen must be a number")
        self._n_seen = min(max(self._n_seen, message["n"]), self._n_sent)
        self._news.set()

    async def _take_away(self, _: Mapping[str, Any]) -> None:
        self._dropped = None

    async def _take_export(self, message: Mapping[str, Any]) -> None:
        asked = Asked("export", Wish.of(message))
        job = await self._job(asked)
        if job is not None:
            await self._end_export()
            content = self._dropped.content if self._dropped is not None else b""
            self._export = self._exporter.begin(str(message.get("kind")), job, content, self.tell)

    async def _take_cancel(self, _: Mapping[str, Any]) -> None:
        await self._end_export()
        await self.tell({"type": "export", "state": "cancelled"})

    async def _end_export(self) -> None:
        export, self._export = self._export, None
        if export is not None:
            await export.end()

    def _ask(self, asked: Asked) -> None:
        self._asked[asked.type] = asked
        self._news.set()

    # -- what goes to the page

    async def draw(self) -> None:
        """Answer the newest of what was asked for, again and again, until cancelled."""
        while True:
            await self._news.wait()
            self._news.clear()
            while self._next() is not None:
                async with self._pool.seat_for(self.id) as seat:
                    reply = await self._reply(seat)
                if reply is not None:
                    await self._send(reply)

    def _next(self) -> str | None:
        """Return the type of what is to be answered next; frames wait while the page is behind."""
        is_behind = self._n_sent - self._n_seen >= UNSEEN_FRAMES
        kinds = [kind for kind in ("describe", "table", "draw", "grips") if kind in self._asked]
        return next((kind for kind in kinds if not (kind == "draw" and is_behind)), None)

    async def _reply(self, seat: Seat) -> bytes | None:
        """Return the answer to the newest of what was asked for by now."""
        kind = self._next()
        asked = self._asked.pop(kind) if kind is not None else None
        job = await self._job(asked) if asked is not None else None
        if asked is None or job is None:
            return None
        reply = await self._answer(seat, asked, job)
        header, _ = unpack(reply)
        if header["type"] == "draw":
            self._base = header["name"]
            self._n_sent += 1
        return reply

    async def _answer(self, seat: Seat, asked: Asked, job: Job) -> bytes:
        header = {"type": asked.type, "job": asdict(job)}
        try:
            reply = await _asked_twice(seat, pack(header))
            if unpack(reply)[0]["type"] == "need" and self._dropped is not None:
                reply = await seat.ask(pack(header, [self._dropped.content]))
        except TooLongError as error:
            return _refusal(asked, f"{error}. The scene may loop for ever, or be too much work for a live picture.")
        except DrawingEndedError as error:
            return _refusal(asked, f"{error}: the scene may have needed too much memory.")
        return reply

    async def _job(self, asked: Asked) -> Job | None:
        """Return what a worker needs to know, or None, which the page is told, where there is no such scene."""
        book = self._shelf.books.get(asked.wish.scene)
        if book is None:
            await self._send(_refusal(asked, f"there is no scene named {asked.wish.scene!r}."))
            return None
        dropped = self._dropped or Dropped("", b"", "")
        return Job(
            tab=self.id,
            wish=asked.wish,
            path=str(book.summary.path),
            name=book.called,
            stamp=book.stamp,
            folder=self._shelf.folder or "",
            id=asked.id,
            base=self._base,
            known=asked.known,
            data=dropped.name,
            digest=dropped.digest,
        )


async def _asked_twice(seat: Seat, message: bytes) -> bytes:
    """Return the answer to a message, of another worker where the first one ended: it may have been ill before."""
    try:
        return await seat.ask(message)
    except TooLongError:
        raise
    except DrawingEndedError:
        return await seat.ask(message)


def _refusal(asked: Asked, problem: str) -> bytes:
    return pack({"type": "refused", "of": asked.type, "id": asked.id, "mistakes": {}, "problem": problem})
