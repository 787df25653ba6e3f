"""The command as a process of its own, in an empty folder with one scene, and what it must leave behind."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
LENGTH = "seconds: Annotated[float, Range(0.5, 10_000)] = 0.5"
BODY = """
problem = linear_problem(line(12, rng=0))
run = panels.Run("Batch", descend(problem.objective, optimizers.gradient_descent(0.05), [0.0, 0.0], 6))
return Scene(title="Small", caption="A small scene", panels=[panels.LineFit(problem=problem, run=run)],
             timeline=Timeline(6, seconds=seconds, hold_start=0.1, hold_end=0.1))
"""

Start = Callable[..., "subprocess.Popen[str]"]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def scene(write_scene: Callable[..., Path], here: Path) -> Path:
    """Return the folder that is the current one, with the scene ``lesson`` and an old output in it."""
    write_scene(signature=LENGTH, body=BODY)
    (here / "tmp").mkdir()  # what is temporary shall be seen
    (here / "old.gif").write_bytes(b"old")
    return here


@pytest.fixture
def start(scene: Path) -> Start:
    """Return a function that starts ``python -m animate``; what it starts is in a session of its own."""

    def start(*args: object, env: Mapping[str, str | None] | None = None, **options: Any) -> subprocess.Popen[str]:
        wanted = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(scene / "tmp"), **(env or {})}
        return subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "animate", *map(str, args)],
            env={name: value for name, value in wanted.items() if value is not None},
            text=True,
            start_new_session=True,
            **{"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options},
        )

    return start


@pytest.fixture
def run(start: Start) -> Run:
    """Return a function that runs ``python -m animate`` to its end."""

    def run(*args: object, **options: Any) -> subprocess.CompletedProcess[str]:
        process = start(*args, **options)
        output, errors = process.communicate(timeout=120)
        return subprocess.CompletedProcess(args, process.returncode, output, errors)

    return run


def is_whole(path: Path) -> bool:
    """Return whether a GIF or a video can be decoded from its first frame to its last."""
    if path.suffix != ".gif":
        command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-i", path, "-f", "null", "-"]
        return subprocess.run(command, capture_output=True, check=False).stderr == b""
    with Image.open(path) as image:
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            np.asarray(image.convert("RGB"))
    return path.read_bytes().endswith(b";")


def leftovers(folder: Path) -> list[str]:
    """Return the names of temporary files in a folder, and of all that the system's temporary one holds beside it."""
    hidden = [path.name for path in folder.iterdir() if path.name.startswith(".") and path.name != ".animate"]
    temporary = folder / "tmp"
    below = [path.name for path in temporary.iterdir()] if temporary.is_dir() else []
    return sorted([*hidden, *below])


def processes(folder: Path) -> dict[int, str]:
    """Return the processes whose current folder is *folder*, this one not counted: their command lines by number."""
    found = {}
    for place in Path("/proc").iterdir() if Path("/proc").is_dir() else ():
        try:
            if place.name.isdigit() and int(place.name) != os.getpid() and (place / "cwd").readlink() == folder:
                found[int(place.name)] = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:  # it ended meanwhile, or belongs to someone else
            continue
    return found


def gone(folder: Path) -> dict[int, str]:
    """Return the processes of a folder that are still there after some patience."""
    for _ in range(100):
        if not processes(folder):
            return {}
        time.sleep(0.1)
    return processes(folder)


def is_old_or_whole(path: Path) -> bool:
    """Return whether a file is as it was, or the new one and whole."""
    return path.read_bytes() == b"old" or is_whole(path)
