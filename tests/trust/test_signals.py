"""Whatever ends a command at whatever moment: files are the old ones or whole, nothing is left, the next run works.

``ANIMATE_FAULT_POINTS=10 pytest tests/trust/test_signals.py`` sends each signal at ten points of each command's work.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import pytest

from tests.trust.conftest import BODY, LENGTH, Run, Start, gone, is_old_or_whole, is_whole, leftovers

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX"),
    pytest.mark.timeout(900),
]

N_POINTS = int(os.environ.get("ANIMATE_FAULT_POINTS", "0"))
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
PATIENCE_SECONDS = 60
FILES = ("lesson.gif", "lesson.mp4")
RENDER = ("render", "lesson", "--set", "seconds=3", "--preset", "draft", "-o", "output/lesson.gif")
COMMANDS = {
    "render": (*RENDER, "-o", "output/lesson.mp4"),
    "render by two": (*RENDER, "-o", "output/lesson.mp4", "--jobs", "2"),
    "build": ("build", "--preset", "draft", "--format", "gif,mp4", "--force"),
    "build by two": ("build", "--preset", "draft", "--format", "gif,mp4", "--force", "--jobs", "2"),
}


def sent(name: str) -> Iterator[tuple[signal.Signals, float]]:
    """Give signals, and the shares of a command's work at which each is sent; a sample unless asked for more.

    None is sent in the first moments, which are the interpreter's: it tells of an interrupt in its own way.
    """
    if N_POINTS:
        yield from product(SIGNALS, ((point + 1) / (N_POINTS + 1) for point in range(N_POINTS)))
    else:
        yield from zip(SIGNALS if "two" in name else SIGNALS[::-1], (0.35, 0.6, 0.9), strict=True)


def put_old_files(output: Path) -> None:
    output.mkdir(exist_ok=True)
    (output / "manifest.json").unlink(missing_ok=True)
    for name in FILES:
        (output / name).write_bytes(b"old")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_signal_leaves_the_old_files_or_new_ones_and_nothing_else(
    write_scene: Callable[..., Path], start: Start, run: Run, scene: Path, name: str
) -> None:
    write_scene("another", signature=LENGTH, body=BODY)
    output = scene / "output"
    began = time.monotonic()
    check_works(run, scene, COMMANDS[name])
    whole = time.monotonic() - began
    for number, share in sent(name):
        put_old_files(output)
        process = start(*COMMANDS[name])
        time.sleep(share * whole)
        process.send_signal(number)
        _, errors = process.communicate(timeout=PATIENCE_SECONDS)
        assert (process.returncode, told(errors)) in allowed(number), (number, share, errors)
        assert gone(scene) == {}
        assert all(is_old_or_whole(output / file) for file in FILES), (number, share)
        if number != signal.SIGKILL:
            assert (leftovers(scene), leftovers(output)) == ([], []), (number, share)
    check_works(run, scene, COMMANDS[name])


def told(errors: str) -> str:
    """Return what a command said, without what Python says in a process that was just starting when its parent died."""
    return "" if "spawn_main" in errors and "/animate/" not in errors else errors


def allowed(number: signal.Signals) -> set[tuple[int, str]]:
    """Return how a command may end after a signal, and what it says; 0 where it came too late, -number too early."""
    if number == signal.SIGKILL:
        return {(-number, ""), (0, "")}
    return {(1, "error: interrupted\n"), (-number, ""), (0, "")}


def check_works(run: Run, folder: Path, command: tuple[str, ...]) -> None:
    result = run(*command)
    assert (result.returncode, result.stderr) == (0, "")
    assert all(is_whole(folder / "output" / file) for file in FILES)
    assert (leftovers(folder), leftovers(folder / "output")) == ([], [])
