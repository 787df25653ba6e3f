"""Who may talk to the server: pages of its own, on this machine unless asked otherwise."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
        b"base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cache-control", b"no-cache"),
)
"""Sent with every answer: the page loads nothing from elsewhere and stands in no other page."""


class Guard:
    """Refuses requests that a page of another site makes, and names by which another site could reach this machine.

    A page elsewhere can make a browser send requests here: then `Origin` is not this server. Or it can give its own
    name this machine's address: then `Host` is that name.

    Parameters
    ----------
    app : ASGI application
    host : str
        The address that is listened on.
    """

    def __init__(self, app: Application, host: str = "127.0.0.1") -> None:
        self._app = app
        self._names = LOOPBACK | {host.lower()}
        self._is_open = host.lower() not in LOOPBACK
        if self._is_open:
            self._names |= {socket.gethostname().lower()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse with 403."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
        elif not self._allows(scope["headers"]):
            await _refuse(scope["type"], send)
        else:
            await self._app(scope, receive, _with_headers(send))

    def _allows(self, headers: Iterable[tuple[bytes, bytes]]) -> bool:
        hosts, origins = _values(headers, b"host"), _values(headers, b"origin")
        if len(hosts) != 1 or len(origins) > 1:
            return False
        own = {f"http://{hosts[0]}", f"https://{hosts[0]}"}
        return self._is_own(_name(hosts[0])) and all(origin in own for origin in origins)

    def _is_own(self, name: str) -> bool:
        return name in self._names or (self._is_open and _is_address(name))


def _values(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> list[str]:
    return [value.decode("latin-1").lower() for key, value in headers if key.lower() == name]


def _name(host: str) -> str:
    """Return the name in a ``Host`` header, without the port.

    >>> _name("localhost:8000"), _name("[::1]:8000"), _name("example.org")
    ('localhost', '::1', 'example.org')
    """
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


def _is_address(name: str) -> bool:
    """Return whether a name is an address, which no other site can be called."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


async def _refuse(kind: str, send: Send) -> None:
    if kind == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    body = b"This server answers its own page only.\n"
    headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _with_headers(send: Send) -> Send:
    async def send_with_headers(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *HEADERS]
        await send(message)

    return send_with_headers
