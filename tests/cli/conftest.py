"""The command line, run in this process or as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from animate.cli import commands

Run = Callable[..., Result]
Process = Callable[..., "subprocess.CompletedProcess[str]"]

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def run(here: Path) -> Run:
    """Return a function that runs the command line in this process, in an empty folder."""
    return lambda *args: CliRunner().invoke(commands, [str(arg) for arg in args])


@pytest.fixture
def process(here: Path) -> Process:
    """Return a function that runs ``python -m animate`` as a process, in an empty folder."""

    def start(*args: object, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-W", "error", "-m", "animate", *map(str, args)],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        )

    return start
