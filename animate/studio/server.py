"""The server of the studio: the page, its live connection, and the files that were exported."""

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
from animate.studio.access_control import LOOPBACK, AccessControl
from animate.studio.live_workers import Exporter, LiveWorkers
from animate.studio.messages import RequestError
from animate.studio.scene_catalog import SceneCatalog
from animate.studio.tab import MAX_UPLOAD_BYTES, Tab

PORT = 8642
"""The port of the studio, unless another program uses it."""

REFRESH_SECONDS = 0.25
TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True)
class Limits:
    """The most work that the studio does at once.

    Parameters
    ----------
    n_workers : int
        Processes that draw live pictures.
    seconds : float
        Time for one live picture.
    n_tabs : int
        Tabs that are open at once.
    n_exports : int
        Files that are exported at once; others wait.
    export_seconds : float
        Time for one export.
    """

    n_workers: int = 2
    seconds: float = 30.0
    n_tabs: int = 100
    n_exports: int = 1
    export_seconds: float = 600.0


class Studio:
    """The scenes, worker processes and tabs of a running server."""

    def __init__(self, catalog: SceneCatalog, limits: Limits, address: str = "") -> None:
        self.catalog, self.limits, self._address = catalog, limits, address
        self.workers = LiveWorkers(limits.n_workers, limits.seconds)
        self.exporter = Exporter(limits.n_exports, limits.export_seconds)
        self.tabs: set[Tab] = set()
        self._ending: set[asyncio.Future[None]] = set()
        self._files = _page_files()

    @asynccontextmanager
    async def running(self, _: Starlette) -> AsyncIterator[None]:
        """Run the worker processes as long as the server runs."""
        self.workers.pool.start()  # they become ready while the page loads
        watching = asyncio.ensure_future(self._watch_scripts())
        try:
            yield
        finally:
            watching.cancel()
            await asyncio.gather(*self._ending)
            await self.exporter.close()
            await self.workers.close()

    async def page(self, request: Request) -> Response:
        """Return a file of the page."""
        name = request.path_params.get("name", "index.html")
        if name not in self._files:
            return PlainTextResponse("There is no such file.\n", status_code=404)
        content, media_type = self._files[name]
        return Response(content, media_type=media_type)

    async def export(self, request: Request) -> Response:
        """Return a file that was exported."""
        file = self.exporter.ready(request.path_params["token"])
        if file is None:
            return PlainTextResponse("This file is no longer here.\n", status_code=404)
        return FileResponse(file, filename=file.name)

    async def live(self, socket: WebSocket) -> None:
        """Serve one tab until it is closed."""
        if len(self.tabs) >= self.limits.n_tabs:
            await socket.close(1013, "too many tabs")
            return
        await socket.accept()
        tab = Tab(partial(_send, socket), self.workers, self.exporter, self.catalog)
        self.tabs.add(tab)
        try:
            async with asyncio.TaskGroup() as group:
                answering = group.create_task(tab.answer_questions())
                await self._send_scenes(tab)
                await _listen(socket, tab)
                answering.cancel()
        finally:
            self.tabs.discard(tab)
            # not awaited here, where all tasks may be in the middle of being cancelled
            ending = asyncio.ensure_future(tab.end())
            self._ending.add(ending)
            ending.add_done_callback(self._ending.discard)

    async def _watch_scripts(self) -> None:
        """Notify tabs of scripts that were changed in an editor."""
        while True:
            await asyncio.sleep(REFRESH_SECONDS)
            with suppress(AnimateError, OSError):
                changed = self.catalog.refresh()
                if changed is None:
                    continue
                for tab in [*self.tabs]:
                    await self._send_scenes(tab)
                    if tab.scene in changed:
                        await tab.note_change()

    async def _send_scenes(self, tab: Tab) -> None:
        listed = self.catalog.listed()
        await tab.send_header({"type": "scenes", "version": __version__, "scenes": listed, "address": self._address})


async def _send(socket: WebSocket, message: bytes) -> None:
    """Send, unless the tab was closed meanwhile, which `_listen` notices."""
    with suppress(WebSocketDisconnect, RuntimeError):
        await socket.send_bytes(message)


async def _listen(socket: WebSocket, tab: Tab) -> None:
    """Take messages of a page until it is closed, or sends one that no page of ours sends."""
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
            except RequestError as error:
                await socket.close(1008, str(error)[:100])
                return


def _page_files() -> dict[str, tuple[bytes, str]]:
    """Return the files of the page by name; no other file can be requested."""
    folder = resources.files("animate.studio") / "static"
    files = [entry for entry in folder.iterdir() if "." in entry.name]
    return {entry.name: (entry.read_bytes(), TYPES[f".{entry.name.rpartition('.')[2]}"]) for entry in files}


def application(
    catalog: SceneCatalog, *, token: str, host: str = "127.0.0.1", limits: Limits | None = None, address: str = ""
) -> AccessControl:
    """Return the ASGI application; `address`, with the token, is the one that pages offer to be passed on."""
    studio = Studio(catalog, limits or Limits(), address)
    routes = [
        Route("/", studio.page),
        Route("/static/{name}", studio.page),
        Route("/export/{token}", studio.export),
        WebSocketRoute("/live", studio.live),
    ]
    return AccessControl(Starlette(routes=routes, lifespan=studio.running), token, host)


def network_address() -> str:
    """Return the address of this computer in its network; 127.0.0.1 without one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # chooses a network, sends nothing
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def listening_socket(host: str, port: int | None) -> socket.socket:
    """Return a socket that listens at a port; without one, at the studio's own port, or at any if that is not free.

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


def serve(app: AccessControl, listener: socket.socket, host: str) -> None:
    """Serve until interrupted."""
    config = uvicorn.Config(
        app,
        log_level="warning",
        ws_max_size=MAX_UPLOAD_BYTES + 100_000,
        # within a machine it is fastest to send pictures as they are; over a network they are compressed
        ws_per_message_deflate=host not in LOOPBACK,
        timeout_graceful_shutdown=2,
    )
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])
        check_interrupt()
