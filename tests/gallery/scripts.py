"""Runs example scripts in processes of their own and compares each figure that they leave open."""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import tempfile
import time
import traceback
import types
import warnings
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.animation import Animation, FuncAnimation

from tests.gallery.mutate import Mutator
from tests.gallery.trial import Result, compare

N_FIGURES = 3
"""Of a script that leaves more figures open, the first ones are taken."""

ENDLESS = frozenset({"event_handling/ginput_manual_clabel_sgskip", "user_interfaces/embedding_webagg_sgskip"})
"""Scripts that wait for a user without end."""

Job = tuple[str, Callable[[], list[Result]]]


def run_script(path: Path) -> dict[str, Any]:
    """Run a script as ``python script.py`` would, without windows, and return its globals."""
    plt.show = plt.pause = lambda *_arguments, **_options: None
    sys.argv = [str(path)]
    sys.path.insert(0, str(path.parent))
    module = types.ModuleType("__main__")
    module.__file__ = str(path)
    sys.modules["__main__"] = module
    exec(compile(path.read_bytes(), str(path), "exec"), vars(module))
    return vars(module)


def try_script(
    path: Path, name: str, *, seeds: Sequence[int], n_frames: int, limit: float, with_speed: bool = False
) -> list[Result]:
    """Return the results of each figure of a script, for each seed, and of each animation that it makes itself."""
    if name in ENDLESS:
        return [Result(name, "", 0, "skipped", error="waits for a user")]
    warnings.simplefilter("ignore")
    np.random.seed(0)
    random.seed(0)
    try:
        names = run_script(path)
    except BaseException as error:  # noqa: BLE001 (also SystemExit: a script that needs what is not there)
        return [Result(name, "", 0, "skipped", error=f"{type(error).__name__}: {error}"[:200])]
    animations = {key: value for key, value in names.items() if isinstance(value, Animation)}
    figures = [plt.figure(number) for number in plt.get_fignums()][:N_FIGURES]
    if not figures and not animations:
        return [Result(name, "", 0, "skipped", error="leaves no figure open")]
    results = []
    for key, animation in animations.items():
        animation._save_count = n_frames if getattr(animation, "_save_count", None) is None else animation._save_count
        shorten(animation, n_frames)
        results.append(
            compare(name, f"its own {key}", lambda one=animation: (one, []), seed=0, limit=limit, with_speed=with_speed)
        )
    for seed in seeds:
        for figure in figures:
            make = animate_at_random(figure, [seed, figure.number, zlib.crc32(name.encode())], n_frames)
            label = f"figure {figure.number}"
            results.append(compare(name, label, make, seed=seed, limit=limit, with_speed=with_speed))
    return results


def shorten(animation: Animation, n_frames: int) -> None:
    """Let an animation save its first frames only."""
    new_saved = animation.new_saved_frame_seq

    def first_ones() -> Iterator[Any]:
        for number, frame in enumerate(new_saved()):
            if number >= n_frames:
                return
            yield frame

    animation.new_saved_frame_seq = first_ones  # type: ignore[method-assign]


def animate_at_random(figure: Any, seed: Sequence[int], n_frames: int) -> Callable[[], tuple[Animation, list[str]]]:
    """Return what makes an animation of a figure that changes at random."""

    def make() -> tuple[Animation, list[str]]:
        mutator = Mutator(figure, np.random.default_rng(list(seed)))
        return FuncAnimation(figure, mutator.step, frames=n_frames, cache_frame_data=False), mutator.log

    return make


def run_jobs(jobs: Sequence[Job], *, n_jobs: int, limit: float) -> Iterator[Result]:
    """Yield results as they come; each job runs in a fork of this process, with a folder and a time of its own."""
    waiting, running = list(reversed(jobs)), {}
    with tempfile.TemporaryDirectory() as base:
        while waiting or running:
            while waiting and len(running) < n_jobs:
                name, work = waiting.pop()
                folder = Path(tempfile.mkdtemp(dir=base))
                running[_fork_job(work, name, folder)] = (name, folder, time.monotonic() + limit)
            time.sleep(0.01)
            for child, (name, folder, end) in list(running.items()):
                done, status = os.waitpid(child, os.WNOHANG)
                if not done and time.monotonic() > end:
                    os.killpg(child, signal.SIGKILL)
                    os.waitpid(child, 0)
                    yield Result(name, "", 0, "takes too long")
                elif done:
                    yield from _read_results(name, folder, os.waitstatus_to_exitcode(status))
                else:
                    continue
                del running[child]


def _fork_job(work: Callable[[], list[Result]], name: str, folder: Path) -> int:
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        os.setsid()
        (folder / "work").mkdir()
        os.chdir(folder / "work")
        with (folder / "output").open("w") as output:
            os.dup2(output.fileno(), 1)
            os.dup2(output.fileno(), 2)
        try:
            results = work()
        except Exception:  # noqa: BLE001 (a fault of the harness is a result too)
            results = [Result(name, "", 0, "harness fails", trace=traceback.format_exc()[-2000:])]
        (folder / "results.json").write_text(json.dumps([one.as_dict() for one in results]), encoding="utf-8")
        status = 0
    finally:
        os._exit(status)


def _read_results(name: str, folder: Path, status: int) -> Iterator[Result]:
    path = folder / "results.json"
    if not path.exists():
        tail = (folder / "output").read_text(errors="replace")[-500:] if (folder / "output").exists() else ""
        yield Result(name, "", 0, "harness fails", error=f"the process ended with {status}", trace=tail)
        return
    for one in json.loads(path.read_text(encoding="utf-8")):
        one["pixels"] = {int(frame): count for frame, count in one["pixels"].items()}
        yield Result(**one)
