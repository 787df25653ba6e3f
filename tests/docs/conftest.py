"""The command line, run in this process; and the built documentation."""

from __future__ import annotations

import fcntl
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from animate.cli import commands

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def run(here: Path) -> Callable[..., Result]:
    """Return a function that runs the command line in this process, in an empty folder."""
    return lambda *args: CliRunner().invoke(commands, [str(arg) for arg in args])


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Return the folder of the documentation as a website, built once for all test processes; a warning is an error."""
    pytest.importorskip("sphinx")
    shared = tmp_path_factory.getbasetemp()
    folder = (shared if worker_id == "master" else shared.parent) / "site"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "docs", str(folder)]
            built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
            assert built.returncode == 0, built.stderr
    return folder
