"""Figures that other people wrote, animated at random: every frame equals that of matplotlib's own writer.

The gallery itself runs where ANIMATE_GALLERY=1 says so, since it takes minutes and needs matplotlib's source archive
from the package index; ``python -m tests.gallery`` runs more of it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.animation import Animation, FuncAnimation

from tests.gallery import trial
from tests.gallery.__main__ import NO_ARCHIVE, sample
from tests.gallery.mutate import Mutator
from tests.gallery.trial import OurWriter, Result, compare

ROOT = Path(__file__).parents[2]

in_full = pytest.mark.skipif(os.environ.get("ANIMATE_GALLERY") != "1", reason="takes minutes: set ANIMATE_GALLERY=1")


def run_harness(folder: Path, *arguments: str, seconds: float) -> list[dict[str, Any]]:
    path = folder / "results.json"
    command = [sys.executable, "-m", "tests.gallery", *arguments, "--json", str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=seconds)
    assert done.returncode != NO_ARCHIVE, done.stdout
    assert path.exists(), done.stderr
    return json.loads(path.read_text(encoding="utf-8"))


def faults(results: list[dict[str, Any]]) -> list[str]:
    found = [one for one in results if one["status"] in (*trial.FAULTS, "harness fails")]
    return [f"{one['name']}, {one['figure']}: {one['status']}: {one['pixels'] or one['error']}" for one in found]


@in_full
@pytest.mark.timeout(900)
def test_every_frame_of_120_scripts_of_the_gallery_equals_that_of_matplotlibs_own_writer(tmp_path: Path) -> None:
    results = run_harness(tmp_path, "--scripts", "120", seconds=870)
    assert faults(results) == []
    assert sum(one["status"] == "same" for one in results) > 100


@in_full
@pytest.mark.timeout(600)
@pytest.mark.parametrize("which", ["--idioms", "--cases"])
def test_every_frame_of_every_idiom_equals_that_of_matplotlibs_own_writer(which: str, tmp_path: Path) -> None:
    results = run_harness(tmp_path, which, seconds=570)
    assert [f"{one['name']}: {one['status']}" for one in results if one["status"] != "same"] == []


# The harness itself: what it must notice -----------------------------------------------------------------------------


def growing_line() -> tuple[Animation, list[str]]:
    fig, ax = plt.subplots(figsize=(2, 1))
    (line,) = ax.plot([0, 1])
    ax.axis("off")
    log: list[str] = []

    def update(frame: int) -> None:
        line.set_ydata([0, frame])
        log.append(str(frame))

    return FuncAnimation(fig, update, frames=3, cache_frame_data=False), log


def compared(make: Callable[[], tuple[Animation, list[str]]] = growing_line) -> Result:
    return compare("name", "figure", make, seed=0)


def test_an_animation_that_is_drawn_exactly_is_the_same() -> None:
    result = compared()
    assert (result.status, result.frames) == ("same", 3)


def test_a_pixel_that_is_off_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    class Wrong(OurWriter):
        def grab_frame(self, **savefig_kwargs: Any) -> None:
            super().grab_frame(**savefig_kwargs)
            if len(self.kept) == 2:
                self.kept[1][0, 0, 0] ^= 1

    monkeypatch.setattr(trial, "OurWriter", Wrong)
    result = compared()
    assert (result.status, result.pixels) == ("differs", {1: 1})


def test_an_exception_of_ours_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: OurWriter, **savefig_kwargs: Any) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr(OurWriter, "grab_frame", fail)
    result = compared()
    assert (result.status, result.error) == ("raises", "RuntimeError: a fault")


def test_an_animation_that_fails_in_matplotlib_too_is_no_fault() -> None:
    def make() -> tuple[Animation, list[str]]:
        fig = plt.figure()
        return FuncAnimation(fig, lambda frame: 1 / 0, frames=3), []

    result = compared(make)
    assert (result.status, result.is_fault) == ("stock fails too", False)


def test_an_animation_that_differs_from_run_to_run_is_no_fault() -> None:
    def make() -> tuple[Animation, list[str]]:
        fig, ax = plt.subplots(figsize=(2, 1))
        rng = np.random.default_rng()
        return FuncAnimation(fig, lambda frame: ax.set_facecolor(rng.random(3)), frames=3), []

    assert compared(make).status == "nondeterministic"


def test_equal_figures_change_in_the_same_way() -> None:
    logs = []
    for _ in range(2):
        fig, ax = plt.subplots()
        ax.plot([1, 2])
        mutator = Mutator(fig, np.random.default_rng(5))
        for frame in range(20):
            mutator.step(frame)
        logs.append(mutator.log)
        plt.close(fig)
    assert logs[0] == logs[1]


def test_a_sample_is_spread_over_all_scripts() -> None:
    scripts = [Path(str(number)) for number in range(500)]
    chosen = [int(path.name) for path in sample(scripts, "120")]
    assert len(set(chosen)) == 120
    assert max(np.diff(chosen)) <= 5
