"""Access to the server: only with its token, and only from its own page."""

from __future__ import annotations

import ipaddress
import re
import secrets
import socket

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from animate.errors import UsageError

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
MIN_TOKEN_CHARS = 16
SECURITY_HEADERS = [
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
]
"""Sent with every answer: the page loads nothing from elsewhere, and no other page may embed it."""


def new_token(given: str | None = None) -> str:
    """Return the token that was given, or a random one.

    Raises
    ------
    UsageError
        If the given one is short, or has characters that an address or a cookie cannot hold.
    """
    if given is None:
        return secrets.token_urlsafe(24)
    if not re.fullmatch(r"[A-Za-z0-9._~-]+", given) or len(given) < MIN_TOKEN_CHARS:
        raise UsageError(f"token must be at least {MIN_TOKEN_CHARS} of the characters A-Z a-z 0-9 . _ ~ - in a row.")
    return given


class AccessControl:
    """Refuses all requests without the token, and those that a page of another site makes.

    Any program on this machine can reach the server, whichever user runs it. So every request needs the token, those
    for static files too: in the address (``?token=``) when the page is opened, afterwards in a cookie that is named
    after the port, or in the header ``Authorization: Bearer``.

    A page elsewhere can make a browser that has the cookie send requests here; then `Origin` is not this server. Or it
    can give its own name this machine's address; then `Host` is that name.
    """

    def __init__(self, app: ASGIApp, token: str, host: str = "127.0.0.1") -> None:
        self._app, self._token = app, token
        self._login_codes: set[str] = set()
        self._names = LOOPBACK | {host.lower()}
        self._is_open = host.lower() not in LOOPBACK
        if self._is_open:
            self._names |= {socket.gethostname().lower()}

    def new_login_code(self) -> str:
        """Return a code that stands for the token once: for an address on a command line, which other users can see."""
        code = secrets.token_urlsafe(24)
        self._login_codes.add(code)
        return code

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse with 403."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        headers = [*SECURITY_HEADERS]
        if not self._is_own_page(connection.headers):
            await _refusal(scope, "This server answers its own page only.\n")(scope, receive, send)
            return
        if not self._has_cookie(connection) and not self._has_bearer(connection.headers):
            if not self._has_login(connection):
                problem = "Open the address that `animate studio` printed: it has the token.\n"
                await _refusal(scope, problem)(scope, receive, send)
                return
            cookie = f"{_cookie_name(connection.headers)}={self._token}; Path=/; HttpOnly; SameSite=Strict"
            headers.append((b"set-cookie", cookie.encode()))
        await self._app(scope, receive, _with_headers(send, headers))

    def _is_own_page(self, headers: Headers) -> bool:
        hosts, origins = headers.getlist("host"), headers.getlist("origin")
        if len(hosts) != 1 or len(origins) > 1:
            return False
        host = hosts[0].lower()
        own = {f"http://{host}", f"https://{host}"}
        return self._is_own_name(_name(host)) and all(origin.lower() in own for origin in origins)

    def _is_own_name(self, name: str) -> bool:
        return name in self._names or (self._is_open and _is_address(name))

    def _has_cookie(self, connection: HTTPConnection) -> bool:
        return self._is_token(connection.cookies.get(_cookie_name(connection.headers), ""))

    def _has_bearer(self, headers: Headers) -> bool:
        return any(self._is_token(value.removeprefix("Bearer ")) for value in headers.getlist("authorization"))

    def _has_login(self, connection: HTTPConnection) -> bool:
        """Return whether the address has the token, or a login code, which is then used up."""
        query = connection.query_params
        if any(map(self._is_token, query.getlist("token"))):
            return True
        used = {code for code in self._login_codes for given in query.getlist("code") if _are_equal(code, given)}
        self._login_codes -= used
        return bool(used)

    def _is_token(self, text: str) -> bool:
        return _are_equal(text, self._token)


def _are_equal(text: str, secret: str) -> bool:
    """Compare in a time that does not depend on where the two differ."""
    return secrets.compare_digest(text.encode(errors="replace"), secret.encode())


def _cookie_name(headers: Headers) -> str:
    """Return a name for each port: a browser sends the cookies of one host to all its ports."""
    port = re.search(r":(\d+)$", headers.get("host", ""))
    return f"animate-studio-{port[1] if port else '80'}"


def _name(host: str) -> str:
    """Return the name in a ``Host`` header, without the port.

    >>> _name("localhost:8000"), _name("[::1]:8000"), _name("example.org")
    ('localhost', '::1', 'example.org')
    """
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


def _is_address(name: str) -> bool:
    """Return whether a name is an address, which no other site can have as its name."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _refusal(scope: Scope, problem: str) -> ASGIApp:
    return WebSocketClose(1008) if scope["type"] == "websocket" else PlainTextResponse(problem, 403)


def _with_headers(send: Send, headers: list[tuple[bytes, bytes]]) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *headers]
        await send(message)

    return send_with_headers
