"""The server as a page meets it, and as pages of other sites do."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import imageio.v3 as iio
import imageio_ffmpeg
import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from animate.cli import commands
from animate.errors import UsageError
from animate.studio.access_control import AccessControl, new_token
from animate.studio.live_workers import report_place
from animate.studio.messages import pack, unpack
from animate.studio.scene_catalog import SceneCatalog
from animate.studio.server import Limits, application
from animate.studio.tab import MAX_UPLOAD_BYTES

HOST = "127.0.0.1:8642"
TOKEN = "a-secret-of-these-tests"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
REQUEST = {"type": "draw", "id": 1, "scene": "lesson", "size": "320x180", "share": 0.5}
LOOP_WORDS = "The scene may loop for ever, or be too much work for a live picture."
LIMITS = Limits(n_workers=1, seconds=4.0, n_tabs=3)

pytestmark = pytest.mark.timeout(90)  # who waits for a message that does not come waits for ever


class Live:
    """A tab: what it says and what it is told."""

    def __init__(self, session: WebSocketTestSession) -> None:
        self.session = session
        self.n_received = 0

    def say(self, **message: Any) -> None:
        self.session.send_text(json.dumps(message))

    def hear_unseen(self) -> dict[str, Any]:
        """Return the header of the next message, without telling that it was seen."""
        return unpack(self.session.receive_bytes())[0]

    def hear(self, *types: str) -> dict[str, Any]:
        """Return the header of the next message of one of some types."""
        while True:
            header = self.hear_unseen()
            if header["type"] == "draw":
                self.n_received += 1
                self.say(type="acknowledge", n=self.n_received)
            if header["type"] in types:
                return header

    def ask(self, **message: Any) -> dict[str, Any]:
        self.say(**{**REQUEST, **message})
        return self.hear("draw", "refused")


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[TestClient]:
    app = application(SceneCatalog(str(folder)), token=TOKEN, limits=LIMITS)
    with TestClient(app, base_url=f"http://{HOST}", headers=BEARER) as client:
        yield client


@contextmanager
def opened(client: TestClient, **headers: str) -> Iterator[Live]:
    with opened_at(client, f"ws://{HOST}/live", **headers) as live:
        yield live


@contextmanager
def opened_at(client: TestClient, url: str, **headers: str) -> Iterator[Live]:
    with client.websocket_connect(url, headers=headers) as session:
        yield Live(session)


@pytest.fixture
def tab(client: TestClient) -> Iterator[Live]:
    with opened(client) as live:
        yield live


# -- who is answered


def test_the_page_is_served_with_all_its_files(client: TestClient) -> None:
    page = client.get("/")
    assert page.headers["content-type"].startswith("text/html")
    for name in ("main.js", "page.css", "mark.svg"):
        assert f"static/{name}" in page.text
        assert client.get(f"/static/{name}").status_code == 200


def test_the_page_may_load_nothing_from_elsewhere_and_stand_in_no_other(client: TestClient) -> None:
    policy = client.get("/").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("host", ["example.org", "example.org:8642", "127.0.0.1.example.org", "0.0.0.0:8642", ""])
def test_a_foreign_host_is_refused(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 403
    with pytest.raises(WebSocketDisconnect), opened(client, host=host):
        pass


@pytest.mark.parametrize(
    "origin", ["http://example.org", "null", "http://127.0.0.1:3000", f"http://{HOST}.example.org"]
)
def test_a_foreign_origin_is_refused(client: TestClient, origin: str) -> None:
    assert client.get("/", headers={"origin": origin}).status_code == 403
    with pytest.raises(WebSocketDisconnect), opened(client, origin=origin):
        pass


@pytest.mark.parametrize("host", ["127.0.0.1:8642", "localhost:8642", "[::1]:9000", "LOCALHOST"])
def test_its_own_page_is_answered(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host, "origin": f"http://{host}"}).status_code == 200


def test_listening_elsewhere_lets_addresses_in_and_no_names(folder: Path) -> None:
    app = application(SceneCatalog(str(folder)), token=TOKEN, host="0.0.0.0")
    client = TestClient(app, base_url="http://192.168.1.7:8642", headers=BEARER)
    assert client.get("/").status_code == 200
    assert client.get("/", headers={"host": "example.org"}).status_code == 403


def test_more_tabs_than_the_limit_are_turned_away(client: TestClient) -> None:
    with opened(client), opened(client), opened(client):
        with pytest.raises(WebSocketDisconnect) as caught, opened(client):
            pass
        assert caught.value.code == 1013


# -- no path of a request reaches a file


@pytest.mark.parametrize(
    "path",
    [
        "/static/../server.py",
        "/static/..%2fserver.py",
        "/static/%2e%2e/server.py",
        "/static//etc/passwd",
        "/static/%2fetc%2fpasswd",
        "/static/main.js%00",
        "/export/../../etc/passwd",
        "/export/%2fetc%2fpasswd",
        "/server.py",
        "//etc/passwd",
    ],
)
def test_a_path_reaches_no_file(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("scene", ["../lesson", "/etc/passwd", "lesson.py", "./lesson", "", "~/x.py", "lesson\0"])
def test_only_scenes_in_the_list_are_drawn(tab: Live, scene: str) -> None:
    told = tab.ask(scene=scene)
    assert told["type"] == "refused"
    assert "there is no scene named" in told["problem"]


# -- pictures


def test_a_tab_is_told_what_scenes_there_are(tab: Live) -> None:
    scenes = {scene["name"]: scene for scene in tab.hear("scenes")["scenes"]}
    assert scenes["lesson"]["question"] == "Does it work?"
    assert "linear_sgd_vs_batch" in scenes


def test_a_scene_is_described_with_its_first_picture_and_again_after_another(tab: Live) -> None:
    described = [
        tab.ask(scene=scene).get("controls", {}).get("name") for scene in ("lesson", "lesson", "raises", "lesson")
    ]
    assert described == ["lesson", None, "raises", "lesson"]
    tab.say(**{**REQUEST, "scene": "anscombe"})
    told = tab.hear("draw")
    assert (told["scene"], told["controls"]["name"]) == ("anscombe", "anscombe")
    assert (
        told["about"]["render"]
        == "animate render anscombe --size 320x180 --scenes " + told["about"]["render"].split()[-1]
    )


def test_a_request_is_answered_with_a_picture(tab: Live) -> None:
    told = tab.ask(id=7)
    assert (told["id"], told["width"], told["height"], told["update"]) == (7, 320, 180, 20)


def test_mistakes_are_told_by_name(tab: Live) -> None:
    told = tab.ask(texts={"learning_rate": "2", "seed": "x"})
    assert told["mistakes"] == {
        "learning_rate": "learning_rate must be between 0.0001 and 1; got 2.",
        "seed": "seed must be a whole number; got 'x'.",
    }


def test_of_many_wishes_the_last_is_drawn_and_most_are_not(tab: Live) -> None:
    tab.ask()
    for number in range(2, 60):
        tab.say(**{**REQUEST, "id": number, "texts": {"seed": str(number)}})
    answered = []
    while not answered or answered[-1] != 59:
        answered.append(tab.hear("draw")["id"])
    assert answered == sorted(answered)
    assert len(answered) < 30


def test_frames_wait_for_a_page_that_has_not_seen_the_last_ones(client: TestClient) -> None:
    with opened(client) as live:
        live.hear("scenes")
        for number in (1, 2):
            live.say(**{**REQUEST, "id": number})
            assert live.hear_unseen()["id"] == number
        live.say(**{**REQUEST, "id": 3})
        live.say(**{**REQUEST, "id": 4, "type": "handles"})
        assert live.hear_unseen()["type"] == "handles"
        live.say(type="acknowledge", n=2)
        assert live.hear_unseen()["id"] == 3


def test_tabs_have_scenes_of_their_own(client: TestClient) -> None:
    with opened(client) as one, opened(client) as other:
        first, second = one.ask(texts={"seed": "1"}), other.ask(texts={"seed": "2"})
        assert "--set seed=1" in first["about"]["render"]
        assert "--set seed=2" in second["about"]["render"]


# -- scenes that misbehave


def test_a_scene_that_raises_is_told_with_its_line(tab: Live) -> None:
    assert "raises.py:5: build failed: RuntimeError: no such luck" in tab.ask(scene="raises")["problem"]


def test_a_scene_that_loops_for_ever_is_ended_and_others_are_drawn(tab: Live) -> None:
    told = tab.ask(scene="loops")
    assert "no answer within 4 s" in told["problem"]
    assert tab.ask()["type"] == "draw"


def test_a_scene_that_ends_its_process_is_told_and_others_are_drawn(tab: Live) -> None:
    assert "ended with exit code 3" in tab.ask(scene="dies")["problem"]
    assert tab.ask()["type"] == "draw"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds the address space of a process")
def test_a_scene_that_takes_all_memory_is_told_and_others_are_drawn(tab: Live) -> None:
    assert "MemoryError" in tab.ask(scene="hoards")["problem"]
    assert tab.ask()["type"] == "draw"


def test_a_tab_that_closes_ends_its_endless_work(client: TestClient) -> None:
    with opened(client) as live:
        live.say(**{**REQUEST, "scene": "loops"})
        time.sleep(0.3)
    with opened(client) as live:
        begun = time.monotonic()
        assert live.ask()["type"] == "draw"
        assert time.monotonic() - begun < 30


# -- data


def test_a_dropped_file_is_told_and_used(tab: Live) -> None:
    tab.ask()
    tab.session.send_bytes(pack({"name": "my.csv"}, [b"x,y\n1,2\n2,3\n3,7\n"]))
    told = tab.hear("table")
    assert (told["name"], told["columns"], told["n_rows"]) == ("my.csv", ["x", "y"], 3)
    assert "--data my.csv" in tab.ask()["about"]["render"]
    tab.say(type="remove data")
    assert "--data" not in tab.ask()["about"]["render"]


def test_a_file_that_is_no_table_is_told_at_the_data(tab: Live) -> None:
    tab.ask()
    tab.session.send_bytes(pack({"name": "x.csv"}, [b"import os\n"]))
    assert "x.csv" in (told := tab.hear("refused"))["mistakes"].get("data", told["problem"])


def test_a_file_that_is_too_large_is_refused(tab: Live) -> None:
    tab.session.send_bytes(pack({"name": "big.csv"}, [bytes(MAX_UPLOAD_BYTES + 1)]))
    assert "at most 5 MB" in tab.hear("refused")["mistakes"]["data"]


@pytest.mark.parametrize(
    "message",
    [
        "",
        "{",
        "[]",
        "3",
        '{"type": "rm"}',
        '{"type": "draw"}',
        '{"type": "draw", "id": "x", "scene": "a"}',
        "[" * 99999,
    ],
)
def test_what_no_page_sends_closes_the_tab(client: TestClient, message: str) -> None:
    with opened(client) as live:
        live.hear("scenes")
        live.session.send_text(message)
        with pytest.raises(WebSocketDisconnect) as caught:
            live.hear("never")
        assert caught.value.code == 1008


@pytest.mark.parametrize("content", [b"", b"\0\0", pack({"name": 3}), pack({}), pack({"name": "x" * 300})])
def test_bytes_that_no_page_sends_close_the_tab(client: TestClient, content: bytes) -> None:
    with opened(client) as live:
        live.hear("scenes")
        live.session.send_bytes(content)
        with pytest.raises(WebSocketDisconnect):
            live.hear("never")


# -- exports


def exported(live: Live, kind: str, **fields: Any) -> dict[str, Any]:
    live.say(**{**REQUEST, "type": "export", "kind": kind, **fields})
    told = live.hear("export")
    while told["state"] in ("waiting", "drawing"):
        told = live.hear("export")
    return told


@pytest.mark.parametrize("kind", ["gif", "mp4"])
def test_an_animation_is_exported_and_gone_with_its_tab(client: TestClient, kind: str, tmp_path: Path) -> None:
    with opened(client) as live:
        told = exported(live, kind)
        assert told["state"] == "done", told
        answer = client.get(told["url"])
        assert answer.headers["content-disposition"] == f'attachment; filename="lesson.{kind}"'
        assert len(answer.content) == told["bytes"]
        file = tmp_path / f"lesson.{kind}"
        file.write_bytes(answer.content)
        assert imageio_ffmpeg.count_frames_and_secs(file)[1] == pytest.approx(3.0, abs=0.1)
    assert_soon(lambda: client.get(told["url"]).status_code == 404)


def test_the_picture_on_the_page_is_exported(client: TestClient) -> None:
    with opened(client) as live:
        told = exported(live, "png", share=0.4)
        assert iio.imread(client.get(told["url"]).content).shape[:2] == (180, 320)


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"kind": "exe"}, "kind must be one of"), ({"scene": "raises", "kind": "gif"}, "no such luck")],
)
def test_an_export_that_fails_says_why(tab: Live, fields: dict[str, Any], words: str) -> None:
    told = exported(tab, **fields)
    assert told["state"] == "failed"
    assert words in told["problem"]


def test_an_export_is_told_as_it_goes_and_can_be_cancelled(tab: Live) -> None:
    tab.say(**{**REQUEST, "type": "export", "kind": "mp4", "texts": {"n_updates": "1000"}, "size": "1280x720"})
    while (told := tab.hear("export"))["state"] == "waiting":
        pass
    assert told["state"] == "drawing"
    assert 0 <= told["done"] <= told["total"]
    tab.say(type="cancel")
    while (told := tab.hear("export"))["state"] == "drawing":
        pass
    assert told["state"] == "cancelled"


def test_a_tab_that_closes_ends_its_export(client: TestClient) -> None:
    with opened(client) as live:
        live.say(**{**REQUEST, "type": "export", "kind": "mp4", "size": "1920x1080"})
        while live.hear("export")["state"] == "waiting":
            pass
        [process] = exporting()
    assert_soon(lambda: process not in exporting())


def test_of_two_exports_one_waits_for_the_other(client: TestClient) -> None:
    with opened(client) as one, opened(client) as other:
        for live in (one, other):
            live.say(**{**REQUEST, "type": "export", "kind": "mp4", "size": "1920x1080"})
        while one.hear("export")["state"] == "waiting":
            pass
        assert other.hear("export")["state"] == "waiting"
        assert len(exporting()) == 1
        one.say(type="cancel")
        assert other.hear("export")["state"] == "drawing"


def exporting() -> list[int]:
    """Return the processes that make a file just now."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words, status = (entry / "cmdline").read_bytes(), (entry / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        is_nice = int(status[16]) > os.nice(0)  # the live picture goes first
        if b"animate.processes" in words and int(status[1]) == os.getpid() and is_nice:
            found.append(int(entry.name))
    return found


def assert_soon(holds: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


# -- scripts that are saved in an editor


def test_a_script_that_is_saved_is_told_and_drawn_anew(client: TestClient, folder: Path) -> None:
    script = folder / "lesson.py"
    text = script.read_text()
    try:
        with opened(client) as live:
            live.ask()
            script.write_text(text.replace('title="Does it work?"', 'title="Indeed"'))
            assert live.hear("changed")["scene"] == "lesson"
            assert live.ask()["about"]["question"] == "Indeed"
            script.write_text("def build(:\n")
            live.hear("changed")
            assert "lesson.py:1" in live.ask()["problem"]
    finally:
        script.write_text(text)


def test_the_line_of_a_script_that_a_worker_runs_is_found(tmp_path: Path) -> None:
    script, running, done = tmp_path / "waits.py", threading.Event(), threading.Event()
    script.write_text("def build():\n    running.set()\n    done.wait(60)\n")
    names: dict[str, Any] = {"running": running, "done": done}
    exec(compile(script.read_text(), str(script), "exec"), names)
    thread = threading.Thread(target=names["build"])
    thread.start()
    places: list[str] = []
    try:
        assert running.wait(60)
        assert_soon(lambda: "waits.py:3" in (report_place(thread.ident or 0, tmp_path, places.append) or places))
    finally:
        done.set()
        thread.join()


def test_a_script_that_loops_is_told_soon_and_its_next_version_is_drawn_without_waiting(
    client: TestClient, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("animate.studio.tab.SLOW_SECONDS", 0.3)
    monkeypatch.setattr("animate.studio.tab.STALE_SECONDS", 0.0)
    script = folder / "loops.py"
    loops = script.read_text()
    try:
        with opened(client) as live:
            live.say(**{**REQUEST, "scene": "loops"})
            told = live.hear("slow", "draw", "refused")
            assert (told["type"], told["problem"].partition(" s. ")[2]) == ("slow", LOOP_WORDS)
            script.write_text((folder / "lesson.py").read_text())
            live.hear("changed")
            told = live.ask(scene="loops")
            assert (told["type"], told["scene"]) == ("draw", "loops"), "no word of the version before"
    finally:
        script.write_text(loops)


# -- the token


ROUTES = ("/", "/static/main.js", "/static/page.css", "/static/nothing.js", "/export/x", "/nowhere")


@pytest.fixture
def stranger(client: TestClient) -> TestClient:
    """Return a client of the same studio that has no token."""
    return TestClient(client.app, base_url=f"http://{HOST}")


def connects(client: TestClient, path: str = "/live", **headers: str) -> bool:
    try:
        with client.websocket_connect(f"ws://{HOST}{path}", headers=headers):
            return True
    except WebSocketDisconnect as closed:
        assert closed.code == 1008
        return False


@pytest.mark.parametrize("method", ["get", "head", "post"])
@pytest.mark.parametrize("path", ROUTES)
def test_without_the_token_every_route_answers_403(stranger: TestClient, path: str, method: str) -> None:
    assert getattr(stranger, method)(path).status_code == 403
    assert "set-cookie" not in getattr(stranger, method)(path).headers


@pytest.mark.parametrize("wrong", ["", "wrong", TOKEN[:-1], TOKEN + "x", TOKEN.upper(), "ü", "\x00"])
@pytest.mark.parametrize("path", ["/", "/static/main.js"])
def test_with_a_wrong_token_a_route_answers_403(stranger: TestClient, path: str, wrong: str) -> None:
    quoted = urllib.parse.quote(wrong)
    raw = wrong.encode()
    assert stranger.get(f"{path}?token={quoted}").status_code == 403
    assert stranger.get(path, headers={b"authorization": b"Bearer " + raw}).status_code == 403
    assert stranger.get(path, headers={b"cookie": b"animate-studio-8642=" + raw}).status_code == 403


def test_a_tab_needs_the_token_too(stranger: TestClient) -> None:
    assert not connects(stranger)
    assert not connects(stranger, "/live?token=wrong")
    assert not connects(stranger, cookie="animate-studio-8642=wrong")
    assert connects(stranger, f"/live?token={TOKEN}")
    assert connects(stranger, cookie=f"animate-studio-8642={TOKEN}")
    assert connects(stranger, **BEARER)


def test_the_address_with_the_token_gives_a_cookie_that_opens_all_else(stranger: TestClient) -> None:
    page = stranger.get(f"/?token={TOKEN}")
    assert page.status_code == 200
    assert page.headers["set-cookie"] == f"animate-studio-8642={TOKEN}; Path=/; HttpOnly; SameSite=Strict"
    assert stranger.get("/static/main.js").status_code == 200
    assert "set-cookie" not in stranger.get("/").headers


def test_the_cookie_of_another_port_is_of_no_use(stranger: TestClient) -> None:
    assert stranger.get("/", headers={"cookie": f"animate-studio-9000={TOKEN}"}).status_code == 403


def test_the_token_does_not_open_the_studio_to_other_sites(stranger: TestClient) -> None:
    assert stranger.get(f"/?token={TOKEN}", headers={"host": "example.org"}).status_code == 403
    assert not connects(stranger, f"/live?token={TOKEN}", origin="http://example.org")


def test_a_login_code_works_once(client: TestClient, stranger: TestClient) -> None:
    assert isinstance(client.app, AccessControl)
    code = client.app.new_login_code()
    assert TOKEN in stranger.get(f"/?code={code}").headers["set-cookie"]
    another = TestClient(client.app, base_url=f"http://{HOST}")
    assert another.get(f"/?code={code}").status_code == 403
    assert another.get("/?code=").status_code == 403


def test_a_token_is_random_unless_given_and_then_of_some_length() -> None:
    assert len({new_token() for _ in range(10)}) == 10
    assert len(new_token()) >= 32
    assert new_token("0123456789abcdef") == "0123456789abcdef"
    for bad in ("", "short", "with space in it, long enough", "ü" * 20, "semi;colon;semi;colon"):
        with pytest.raises(UsageError, match="token must be at least 16"):
            new_token(bad)


def test_a_studio_that_runs_prints_an_address_with_its_token_and_serves_nothing_without_it(folder: Path) -> None:
    command = [sys.executable, "-m", "animate", "studio", "--no-open", "--scenes", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        page, _, token = process.stdout.readline().strip().partition("?token=")
        try:
            assert len(token) >= 32
            assert urllib.request.urlopen(f"{page}?token={token}").status == 200
            for path in ("", "static/main.js", "?token=wrong"):
                with pytest.raises(urllib.error.HTTPError, match="403"):
                    urllib.request.urlopen(page + path)
            with pytest.raises(InvalidStatus, match="403"):
                connect(page.replace("http", "ws") + "live")
        finally:
            process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0


def test_a_public_studio_listens_to_the_network_prints_an_address_to_pass_on_and_warns(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[Any] = []
    monkeypatch.setattr("animate.studio.server.network_address", lambda: "192.168.1.7")
    monkeypatch.setattr("animate.studio.server.PORT", 0)
    monkeypatch.setattr(
        "animate.studio.server.serve", lambda app, listener, host: served.append((app, listener.getsockname(), host))
    )
    command = ["studio", "lesson", "--public", "--no-open", "--token", TOKEN, "--scenes", str(folder)]
    result = CliRunner().invoke(commands, command)
    [(app, (listens_on, port), host)] = served
    assert (listens_on, host) == ("0.0.0.0", "0.0.0.0")
    assert result.stdout == f"http://192.168.1.7:{port}/?token={TOKEN}#scene=lesson\n"
    assert "Everyone in this network who has this address can use the studio" in result.stderr
    with TestClient(app, base_url=f"http://192.168.1.7:{port}") as client:
        assert client.get("/").status_code == 403
        assert client.get(f"/?token={TOKEN}").status_code == 200
        with opened_at(client, f"ws://192.168.1.7:{port}/live") as live:
            assert live.hear("scenes")["address"] == f"http://192.168.1.7:{port}/?token={TOKEN}"


def test_public_and_host_exclude_each_other() -> None:
    result = CliRunner().invoke(commands, ["studio", "--public", "--host", "10.0.0.1", "--no-open"])
    assert (result.exit_code, "Either --public or --host" in result.stderr) == (2, True)
