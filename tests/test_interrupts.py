"""Deferred interrupts, tried in processes of their own because signals belong to a process."""

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
from animate.interrupts import check_interrupt, handle_signals, uninterrupted, was_interrupted
handle_signals()
check = check_interrupt
def press(): signal.raise_signal(signal.SIGINT)
def wait(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end: pass
"""


def output_of(code: str, folder: Path) -> str:
    """Return what a program prints; it must write nothing to stderr."""
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
    "it waits for the next check": (
        "try:\n press(); print('went on'); check(); print('not raised')\nexcept KeyboardInterrupt: print('raised')",
        "went on\nraised\n",
    ),
    "without a check it is raised soon": (
        "try:\n press(); wait(30); print('not raised')\nexcept KeyboardInterrupt: print('raised')",
        "raised\n",
    ),
    "it wakes a program that sleeps": (
        "try:\n press(); time.sleep(30); print('not raised')\nexcept KeyboardInterrupt: print('raised')",
        "raised\n",
    ),
    "a finalizer swallows none": (
        "class Odd:\n def __del__(self): press(); wait(0.1)\n"
        "try:\n Odd(); check(); print('swallowed')\nexcept KeyboardInterrupt: print('raised')",
        "raised\n",
    ),
    "nor does one that takes longer than it waits": (
        "class Odd:\n def __del__(self): press(); wait(1)\n"
        "try:\n Odd(); check(); print('swallowed')\nexcept KeyboardInterrupt: print('raised')",
        "raised\n",
    ),
    "nor one after which no check comes": (
        "class Odd:\n def __del__(self): press(); wait(1)\n"
        "try:\n Odd(); wait(30); print('swallowed')\nexcept KeyboardInterrupt: print('raised')",
        "raised\n",
    ),
    "an import ends first": (
        "try:\n import slow\n wait(30)\nexcept KeyboardInterrupt: print('raised')",
        "imported\nraised\n",
    ),
    "an import that never ends is not": (
        "import animate.interrupts\nanimate.interrupts.IMPORT_SECONDS = 1\n"
        "try:\n import endless\nexcept KeyboardInterrupt: print('raised')",
        "raised\n",
    ),
    "a second one leaves the cleanup alone": (
        "try:\n try:\n  press(); check()\n finally: press(); wait(0.5); print('ended in order')\n"
        "except KeyboardInterrupt: print('raised once', was_interrupted())",
        "ended in order\nraised once True\n",
    ),
    "a second one, soon after the first, does not wait": (
        "try:\n press(); press(); print('waited')\nexcept KeyboardInterrupt: print('raised')",
        "raised\n",
    ),
    "a long cleanup can be interrupted": (
        "import animate.interrupts\nanimate.interrupts.CLEANUP_SECONDS = 0.2\n"
        "try:\n try:\n  press(); check()\n finally: wait(0.5); press(); check(); print('never ended')\n"
        "except KeyboardInterrupt: print('raised twice')",
        "raised twice\n",
    ),
    "inside uninterrupted it waits for the end of the block": (
        "try:\n with uninterrupted(): press(); wait(0.5); print('begun')\n check()\n"
        "except KeyboardInterrupt: print('raised')",
        "begun\nraised\n",
    ),
    "nothing is raised where nobody interrupts": ("check(); print(was_interrupted())", "False\n"),
}


@pytest.mark.parametrize("name", CASES)
def test_an_interrupt_is_raised_once_where_it_does_no_harm(tmp_path: Path, name: str) -> None:
    code, told = CASES[name]
    slow = "from __main__ import press, wait\ntry:\n press()\n wait(0.7)\n print('imported')\n"
    (tmp_path / "slow.py").write_text(slow + "except BaseException:\n print('swallowed')\n")
    (tmp_path / "endless.py").write_text("from __main__ import press, wait\npress()\nwait(60)\n")
    assert output_of(code, tmp_path) == told


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
