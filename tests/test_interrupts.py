"""Interrupts are heeded once, where they do no harm: tried on processes of their own, as signals are a process's."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")

BEGIN = """
import signal, sys, time
from animate.interrupts import heed, listen, uninterrupted, was_interrupted
listen()
def press(): signal.raise_signal(signal.SIGINT)
def wait(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end: pass
"""


def told_by(code: str, folder: Path) -> str:
    """Return what a program prints; what it says besides is an error."""
    end = subprocess.run(
        [sys.executable, "-c", BEGIN + code],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (end.returncode, end.stderr) == (0, "")
    return end.stdout


CASES = {
    "it waits for the next place to heed it": (
        "try:\n press(); print('went on'); heed(); print('not heeded')\nexcept KeyboardInterrupt: print('heeded')",
        "went on\nheeded\n",
    ),
    "without such a place it is raised soon": (
        "try:\n press(); wait(30); print('not raised')\nexcept KeyboardInterrupt: print('raised')",
        "raised\n",
    ),
    "it wakes a program that sleeps": (
        "try:\n press(); time.sleep(30); print('not raised')\nexcept KeyboardInterrupt: print('raised')",
        "raised\n",
    ),
    "a finalizer swallows none": (
        "class Odd:\n def __del__(self): press(); wait(0.1)\n"
        "try:\n Odd(); heed(); print('swallowed')\nexcept KeyboardInterrupt: print('heeded')",
        "heeded\n",
    ),
    "an import is let end first": (
        "try:\n import slow\n wait(30)\nexcept KeyboardInterrupt: print('raised')",
        "imported\nraised\n",
    ),
    "an import that never ends is not": (
        "import animate.interrupts\nanimate.interrupts.IMPORT_SECONDS = 1\n"
        "try:\n import endless\nexcept KeyboardInterrupt: print('raised')",
        "raised\n",
    ),
    "a second one leaves the ending alone": (
        "try:\n try:\n  press(); heed()\n finally: press(); wait(0.5); print('ended in order')\n"
        "except KeyboardInterrupt: print('raised once', was_interrupted())",
        "ended in order\nraised once True\n",
    ),
    "a second one, soon after the first, does not wait": (
        "try:\n press(); press(); print('waited')\nexcept KeyboardInterrupt: print('raised')",
        "raised\n",
    ),
    "an ending that takes long can be interrupted": (
        "import animate.interrupts\nanimate.interrupts.ENDING_SECONDS = 0.2\n"
        "try:\n try:\n  press(); heed()\n finally: wait(0.5); press(); heed(); print('never ended')\n"
        "except KeyboardInterrupt: print('raised twice')",
        "raised twice\n",
    ),
    "one that falls into a beginning is heard after it": (
        "try:\n with uninterrupted(): press(); wait(0.5); print('begun')\n heed()\n"
        "except KeyboardInterrupt: print('heeded')",
        "begun\nheeded\n",
    ),
    "nothing is raised where nobody interrupts": ("heed(); print(was_interrupted())", "False\n"),
}


@pytest.mark.parametrize("name", CASES)
def test_an_interrupt_is_heeded_once_where_it_does_no_harm(tmp_path: Path, name: str) -> None:
    code, told = CASES[name]
    slow = "from __main__ import press, wait\ntry:\n press()\n wait(0.7)\n print('imported')\n"
    (tmp_path / "slow.py").write_text(slow + "except BaseException:\n print('swallowed')\n")
    (tmp_path / "endless.py").write_text("from __main__ import press, wait\npress()\nwait(60)\n")
    assert told_by(code, tmp_path) == told


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "a polite kill"])
def test_a_scene_that_loops_for_ever_can_be_interrupted(tmp_path: Path, number: signal.Signals) -> None:
    endless = "def build():\n    print('began', flush=True)\n    while True: pass\n"
    (tmp_path / "odd.py").write_text('"""Why?"""\n' + endless)
    process = subprocess.Popen(
        [sys.executable, "-m", "animate", "still", "odd.py", "-o", "odd.png"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    assert process.stderr.readline() == "began\n"
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (1, "error: interrupted\n")
