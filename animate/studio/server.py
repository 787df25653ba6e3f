"""The server of the studio: the page, its live connection, and the files that it exported."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from importlib import resources

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from animate import __version__
from animate.errors import AnimateError, UsageError
from animate.interrupts import check_interrupt
from animate.studio.exports import Exporter
from animate.studio.guard import LOOPBACK, Application, Guard
from animate.studio.pool import Pool
from animate.studio.shelf import Shelf
from animate.studio.tabs import UPLOAD_BYTES, Tab
from animate.studio.wishes import WishError

PORT = 8642
"""Where the studio is, unless another program is there already."""

LOOKING_SECONDS = 0.25
TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True)
class Limits:
    """How much the studio does at once.

    Parameters
    ----------
    n_workers : int
        Processes that draw live pictures.
    seconds : float
        How long one of them may take for a picture.
    n_tabs : int
        Tabs that are answered.
    n_exports : int
        Files that are made at once; others wait.
    export_seconds : float
        How long one may take.
    """

    n_workers: int = 2
    seconds: float = 30.0
    n_tabs: int = 100
    n_exports: int = 1
    export_seconds: float = 600.0


class Studio:
    """What lives as long as the server: the scenes, the processes, the tabs.

    Parameters
    ----------
    shelf : Shelf
    limits : Limits
    """

    def __init__(self, shelf: Shelf, limits: Limits) -> None:
        self.shelf, self.limits = shelf, limits
        self.pool = Pool(limits.n_workers, limits.seconds)
        self.exporter = Exporter(limits.n_exports, limits.export_seconds)
        self.tabs: set[Tab] = set()
        self._ending: set[asyncio.Future[None]] = set()
        self._files = _page_files()

    @asynccontextmanager
    async def running(self, _: Starlette) -> AsyncIterator[None]:
        """Run the processes for as long as the server runs."""
        await self.pool.start()
        watching = asyncio.ensure_future(self._watch())
        try:
            yield
        finally:
            watching.cancel()
            await asyncio.gather(*self._ending)
            await self.exporter.close()
            await self.pool.close()

    async def page(self, request: Request) -> Response:
        """Answer with a file of the page."""
        name = request.path_params.get("name", "index.html")
        if name not in self._files:
            return PlainTextResponse("There is no such file.\n", status_code=404)
        content, media_type = self._files[name]
        return Response(content, media_type=media_type)

    async def export(self, request: Request) -> Response:
        """Answer with a file that was exported."""
        file = self.exporter.ready(request.path_params["token"])
        if file is None:
            return PlainTextResponse("This file is no longer here.\n", status_code=404)
        return FileResponse(file, filename=file.name)

    async def live(self, socket: WebSocket) -> None:
        """Answer one tab until it is closed."""
        if len(self.tabs) >= self.limits.n_tabs:
            await socket.close(1013, "too many tabs")
            return
        await socket.accept()
        tab = Tab(partial(_send, socket), self.pool, self.exporter, self.shelf)
        self.tabs.add(tab)
        try:
            async with asyncio.TaskGroup() as group:
                drawing = group.create_task(tab.draw())
                await tab.tell({"type": "scenes", "version": __version__, "scenes": self.shelf.listed()})
                await _listen(socket, tab)
                drawing.cancel()
        finally:
            self.tabs.discard(tab)
            # Not awaited here, where everything may be being cancelled.
            ending = asyncio.ensure_future(tab.end())
            self._ending.add(ending)
            ending.add_done_callback(self._ending.discard)

    async def _watch(self) -> None:
        """Tell tabs of scripts that were changed in an editor."""
        while True:
            await asyncio.sleep(LOOKING_SECONDS)
            with suppress(AnimateError, OSError):
                changed = self.shelf.look()
                for tab in [*self.tabs] if changed else []:
                    await self._tell_changed(tab, changed or set())

    async def _tell_changed(self, tab: Tab, changed: set[str]) -> None:
        await tab.tell({"type": "scenes", "version": __version__, "scenes": self.shelf.listed()})
        if tab.scene in changed:
            await tab.tell({"type": "changed", "scene": tab.scene})


async def _send(socket: WebSocket, message: bytes) -> None:
    """Send, unless the tab was closed meanwhile, which whoever listens to it learns."""
    with suppress(WebSocketDisconnect, RuntimeError):
        await socket.send_bytes(message)


async def _listen(socket: WebSocket, tab: Tab) -> None:
    """Take what a page sends until it is closed, or sends what no page of ours does."""
    with suppress(WebSocketDisconnect):
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            try:
                if message.get("text") is not None:
                    await tab.take_text(message["text"])
                else:
                    await tab.take_bytes(message["bytes"])
            except WishError as error:
                await socket.close(1008, str(error)[:100])
                return


def _page_files() -> dict[str, tuple[bytes, str]]:
    """Return the files of the page by name: what is not in this table is not there."""
    folder = resources.files("animate.studio") / "static"
    files = [entry for entry in folder.iterdir() if "." in entry.name]
    return {entry.name: (entry.read_bytes(), TYPES[f".{entry.name.rpartition('.')[2]}"]) for entry in files}


def application(shelf: Shelf, *, host: str = "127.0.0.1", limits: Limits | None = None) -> Application:
    """Return the ASGI application."""
    studio = Studio(shelf, limits or Limits())
    routes = [
        Route("/", studio.page),
        Route("/static/{name}", studio.page),
        Route("/export/{token}", studio.export),
        WebSocketRoute("/live", studio.live),
    ]
    return Guard(Starlette(routes=routes, lifespan=studio.running), host)


def listening_socket(host: str, port: int | None) -> socket.socket:
    """Return a socket that listens: at the port that is asked for, or at the studio's own or any other that is free.

    Raises
    ------
    UsageError
        If the address or the port cannot be listened on.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for wanted in (PORT, 0) if port is None else (port,):
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, wanted))
        except OSError as error:
            listener.close()
            if port is not None or wanted == 0:
                raise UsageError(f"cannot listen on {host}, port {wanted}: {error.strerror or error}.") from error
            continue
        listener.listen(128)
        return listener
    raise AssertionError


def serve(app: Application, listener: socket.socket, host: str) -> None:
    """Serve until interrupted."""
    config = uvicorn.Config(
        app,
        log_level="warning",
        ws_max_size=UPLOAD_BYTES + 100_000,
        # Pictures travel as they are within this machine: nothing is faster. Over a network they are compressed.
        ws_per_message_deflate=host not in LOOPBACK,
        timeout_graceful_shutdown=2,
    )
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])
        check_interrupt()
