"""Whatever a page, or another program, sends to the studio: it answers or closes the tab, and serves the next one.

For a long run: ``ANIMATE_FUZZ_EXAMPLES=10000 pytest tests/trust/test_fuzz_studio.py -q``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from animate.studio.messages import pack, unpack
from animate.studio.scene_catalog import SceneCatalog
from animate.studio.server import Limits, application
from tests.trust.arguments import WORDS
from tests.trust.test_fuzz import contents, fuzz

HOST = "127.0.0.1:8642"
TOKEN = "a-secret-of-these-tests"
LESSON = '''
"""Does it work?"""
from typing import Annotated

from animate import Range, RegressionData, Scene, Table, Timeline, descend, line, linear_problem, optimizers, panels


def build(
    rate: Annotated[float, Range(1e-4, 1.0), "Step size"] = 0.05,
    start: tuple[float, float] | None = None,
    note: str = "A small scene",
    data: Table | None = None,
) -> Scene:
    points = RegressionData.from_table(data) if data else line(8, rng=0)
    problem = linear_problem(points, standardize=data is not None)
    run = panels.Run("Batch", descend(problem.objective, optimizers.gradient_descent(rate), start or [0.0, 0.0], 6))
    return Scene(title="Small", caption=note, panels=[panels.LineFit(problem=problem, run=run)],
                 timeline=Timeline(6, seconds=0.5), alt="A line is fitted.")
'''
REQUEST: dict[str, Any] = {
    "type": "draw", "id": 1, "known": "", "scene": "lesson", "texts": {"rate": "0.1"}, "columns": "", "size": "320x180",
    "theme": "light", "share": 0.5, "update": None, "keep_limits": False, "kind": "png", "n": 1,
    "density": 1.0, "rough": False, "data": "use", "skip_missing": False,
}  # fmt: skip
TYPES = ["draw", "handles", "acknowledge", "remove data", "export", "cancel", "table", "", "drwa"]

pytestmark = [
    pytest.mark.timeout(0 if "ANIMATE_FUZZ_EXAMPLES" in os.environ else 120),
    pytest.mark.filterwarnings("error", "ignore::animate.errors.DataNote"),
]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Return a client of a studio with one lesson, in a folder in which it may leave nothing."""
    folder = tmp_path_factory.mktemp("scenes")
    (folder / "lesson.py").write_text(LESSON.lstrip(), encoding="utf-8")
    limits = Limits(n_workers=1, seconds=20.0, n_tabs=3, export_seconds=60.0)
    app = application(SceneCatalog(str(folder)), token=TOKEN, limits=limits)
    with TestClient(app, base_url=f"http://{HOST}", headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        yield client
    assert [path.name for path in folder.iterdir() if path.name != "__pycache__"] == ["lesson.py"]


def answers(session: WebSocketTestSession, *types: str) -> dict[str, Any]:
    """Return the header of the next message of one of some types."""
    while True:
        header = unpack(session.receive_bytes())[0]
        if header["type"] in types:
            return header


def still_serves(client: TestClient) -> None:
    """Fail unless a new tab gets its picture."""
    with client.websocket_connect(f"ws://{HOST}/live") as session:
        session.send_text(json.dumps({**REQUEST, "type": "draw", "id": 7}))
        answer = answers(session, "draw", "refused")
        assert answer["type"] == "draw", answer


def sends(client: TestClient, *messages: str | bytes) -> None:
    """Send messages in one tab; where it is still open after them, it must answer one more."""
    with client.websocket_connect(f"ws://{HOST}/live") as session:
        try:
            for message in messages:
                if isinstance(message, bytes):
                    session.send_bytes(message)
                else:
                    session.send_text(message)
            session.send_text(json.dumps({"type": "cancel"}))
            while answers(session, "export").get("state") != "cancelled":
                pass
        except WebSocketDisconnect as closed:
            assert closed.code == 1008


numbers = st.one_of(st.integers(), st.floats(), st.sampled_from([10**400, -1, 0, 2**63, 1e308]))
values = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, st.sampled_from(WORDS), st.text(max_size=8)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner, max_size=3)),
    max_leaves=5,
)
texts = st.dictionaries(
    st.sampled_from(["rate", "start", "note", "data", "seed", "\ud800", ""]),
    st.one_of(st.sampled_from(WORDS), st.text(max_size=10), st.floats().map(str)),
    max_size=4,
)
FIELDS = {"texts": texts, "size": st.sampled_from(["320x180", "0x0", "1x1", "99999x9", "x", "é"])}
requests = st.builds(
    lambda kind, changes, gone: {
        key: one for key, one in {**REQUEST, "type": kind, **changes}.items() if key not in gone
    },
    st.sampled_from(TYPES),
    st.one_of(
        st.fixed_dictionaries({}, optional=FIELDS),
        st.dictionaries(st.sampled_from(sorted(REQUEST)), values, max_size=2),
    ),
    st.sets(st.sampled_from(sorted(REQUEST)), max_size=1),
)  # fmt: skip
messages = st.one_of(
    requests.map(json.dumps), requests.map(json.dumps), values.map(json.dumps), st.text(max_size=20),
    st.sampled_from(["[" * 25_000, "1" * 5000, '{"type": "acknowledge", "n": NaN}', "1" * 5001]),
)  # fmt: skip
names = st.one_of(st.sampled_from(["own.csv", "../own.csv", "/etc/hosts", "\0", "a" * 300, ""]), st.text(max_size=8))
uploads = st.one_of(
    st.binary(max_size=40),
    st.builds(
        lambda name, body: pack({"name": name}, [body]),
        names.filter(lambda name: not any("\ud800" <= c <= "\udfff" for c in name)),
        contents,
    ),
    st.builds(
        lambda header, body: len(header).to_bytes(4, "big") + header + body,
        st.one_of(values.map(json.dumps).map(str.encode), st.sampled_from([b"[" * 25_000, b'{"name": "\\ud800"}'])),
        st.binary(max_size=9),
    ),
)


@fuzz
@given(st.lists(messages, min_size=1, max_size=4))
def test_any_messages_are_answered_or_close_the_tab(client: TestClient, said: list[str]) -> None:
    sends(client, *(text.encode("utf-8", "replace").decode() for text in said))


@fuzz
@given(uploads)
def test_any_file_that_is_dropped_is_told_or_closes_the_tab(client: TestClient, content: bytes) -> None:
    request = json.dumps({**REQUEST, "texts": {}, "data": "try"})
    sends(client, request, content, request)


METHODS = ["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "get", ""]
parts = st.one_of(
    st.sampled_from(["static", "export", "live", "..", "%2e%2e", "index.html", "\0", "etc", "passwd"]),
    st.text(max_size=6),
)
headers = st.lists(
    st.tuples(
        st.sampled_from([b"host", b"origin", b"range", b"content-length", b"if-modified-since", b"upgrade"]),
        st.one_of(st.sampled_from([HOST.encode(), b"bytes=9-1", b"-1", b"evil.example", b""]), st.binary(max_size=9)),
    ),
    max_size=3,
)


def answered(client: TestClient, method: str, path: str, given_headers: list[tuple[bytes, bytes]]) -> tuple[int, bytes]:
    """Return the status and the body of the answer to a request that no client would send."""
    told: list[Any] = []
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": path, "raw_path": path.encode("utf-8", "replace"), "query_string": b"", "root_path": "",
        "headers": given_headers, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8642),
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        told.append(message)

    assert client.portal is not None
    client.portal.call(client.app, scope, receive, send)
    return told[0]["status"], b"".join(message.get("body", b"") for message in told)


@fuzz
@given(st.sampled_from(METHODS), st.lists(parts, max_size=4), st.booleans(), headers)
def test_any_request_is_answered_and_reaches_no_file(
    client: TestClient, method: str, path: list[str], ours: bool, given_headers: list[tuple[bytes, bytes]]
) -> None:
    own = [(b"host", HOST.encode()), (b"authorization", f"Bearer {TOKEN}".encode())] if ours else []
    status, body = answered(client, method, "/" + "/".join(path), own + given_headers)
    assert status in (200, 307, 400, 403, 404, 405)
    assert b"root:" not in body
    assert b"Traceback" not in body
    assert status == 200 or len(body) < 100


def test_after_all_that_it_still_serves(client: TestClient) -> None:
    still_serves(client)
