"""What happens around a studio that makes a file for a tab: it is told, nothing is left, and the next file is made.

``ANIMATE_FAULT_POINTS=10 pytest tests/trust/test_exports.py`` sends each signal at ten points of an export.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import imageio_ffmpeg
import pytest
from websockets.sync.client import ClientConnection, connect

from animate.studio.messages import unpack
from tests.trust.conftest import Start, gone, is_whole, leftovers, processes

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc"),
    pytest.mark.timeout(900),
]

N_POINTS = int(os.environ.get("ANIMATE_FAULT_POINTS", "0"))
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
REQUEST = {
    "type": "export", "id": 1, "known": "", "scene": "lesson", "texts": {"seconds": "3"}, "columns": "",
    "size": "320x180", "theme": "light", "share": 0.5, "update": None, "keep_limits": False, "kind": "mp4", "n": 1,
}  # fmt: skip


@contextmanager
def studio(
    start: Start, env: Mapping[str, str | None] | None = None, scenes: Path | None = None, **options: Any
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Give a studio's process and its address; it is ended at the end, if it has not been."""
    chosen = () if scenes is None else ("--scenes", scenes)
    process = start("studio", "--no-open", *chosen, env=env, **options)
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()


def tab(address: str) -> ClientConnection:
    return connect(at(address, "live").replace("http", "ws"), max_size=None, open_timeout=60)


def at(address: str, path: str) -> str:
    """Return the address of a path, with the token that the printed address has."""
    page, _, query = address.partition("?")
    return f"{page}{path}?{query}"


def next_told(live: ClientConnection) -> dict[str, Any]:
    """Return what a tab is told next of its export."""
    while True:
        message = live.recv(timeout=120)
        assert isinstance(message, bytes)
        header, _ = unpack(message)
        if header["type"] == "export":
            return header


def begin(live: ClientConnection, **fields: Any) -> None:
    """Ask for a file, and wait until it is being made."""
    live.send(json.dumps({**REQUEST, **fields}))
    while next_told(live)["state"] == "waiting":
        pass


def outcome(live: ClientConnection) -> dict[str, Any]:
    """Return what came of the file that is being made."""
    while (told := next_told(live))["state"] in ("waiting", "drawing"):
        pass
    return told


def exported(live: ClientConnection, **fields: Any) -> dict[str, Any]:
    live.send(json.dumps({**REQUEST, **fields}))
    return outcome(live)


def check_works(live: ClientConnection, address: str, folder: Path) -> None:
    told = exported(live)
    assert told["state"] == "done", told
    with urlopen(at(address, told["url"].removeprefix("/"))) as answer:
        (folder / "made.mp4").write_bytes(answer.read())
    assert is_whole(folder / "made.mp4")


def sent() -> Iterator[tuple[signal.Signals, float]]:
    """Give signals, and the shares of an export at which each is sent; a sample unless asked for more."""
    if N_POINTS:
        yield from product(SIGNALS, ((point + 0.5) / N_POINTS for point in range(N_POINTS)))
    else:
        yield from zip(SIGNALS, (0.5, 0.9, 0.5), strict=True)


def test_a_studio_that_is_ended_while_it_exports_leaves_nothing(start: Start, scene: Path) -> None:
    with studio(start) as (_, address), tab(address) as live:
        began = time.monotonic()
        check_works(live, address, scene)
        whole = time.monotonic() - began
    assert gone(scene) == {}
    for number, share in sent():
        with studio(start) as (process, address), tab(address) as live:
            live.send(json.dumps(REQUEST))
            time.sleep(share * whole)
            process.send_signal(number)
            _, errors = process.communicate(timeout=60)
        assert (process.returncode, errors) == (
            -number if number == signal.SIGKILL else 0,
            "Press Ctrl-C to stop.\n",
        ), share
        assert gone(scene) == {}
        if number != signal.SIGKILL:
            assert leftovers(scene) == [], (number, share)
    with studio(start) as (process, address):
        with tab(address) as live:
            check_works(live, address, scene)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert leftovers(scene) == []


def test_an_export_whose_process_is_killed_is_told_and_the_next_one_is_made(start: Start, scene: Path) -> None:
    with studio(start) as (_, address), tab(address) as live:
        before = set(processes(scene))
        begin(live, texts={"seconds": "600"})
        for process in set(processes(scene)) - before:
            os.kill(process, signal.SIGKILL)
        told = outcome(live)
        assert (told["state"], told["problem"]) == ("failed", "the process that drew it was killed by signal 9.")
        check_works(live, address, scene)


FFMPEGS = {
    "fails": "cat >/dev/null; echo 'Unknown encoder' >&2; exit 1",
    "dies half way": "head -c 100000 >/dev/null; kill -9 $$",
    "writes garbage": 'for last; do :; done; cat >/dev/null; head -c 5000 /dev/urandom > "${last#file:}"',
}


def test_an_ffmpeg_that_misbehaves_is_told_and_a_sound_one_is_used_again(start: Start, scene: Path) -> None:
    program = scene / "ffmpeg"
    program.write_text("#!/bin/sh\nexit 3\n")
    program.chmod(0o755)
    with studio(start, {"IMAGEIO_FFMPEG_EXE": str(program)}) as (_, address), tab(address) as live:
        for text in FFMPEGS.values():
            program.write_text(f"#!/bin/sh\n{text}\n")
            told = exported(live)
            assert told["state"] == "failed"
            assert told["problem"].startswith("ffmpeg ")
        program.write_text(f'#!/bin/sh\nexec "{imageio_ffmpeg.get_ffmpeg_exe()}" "$@"\n')
        check_works(live, address, scene)


def test_a_file_that_may_not_grow_is_told_and_a_small_one_is_made(start: Start, scene: Path) -> None:
    with studio(start) as (process, address), tab(address) as live:
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (20_000, 20_000))  # what it starts then is held to it
        told = exported(live, kind="gif", size="1280x720")
        assert told["state"] == "failed"
        assert "File too large" in told["problem"]
        told = exported(live, kind="png")
        assert told["state"] == "done", told
