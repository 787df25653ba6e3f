"""How far a build is, told by what took long before, and shown in one line."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any

import pytest

from animate.batch.dispatch import BuildProgress
from animate.batch.manifest import SceneEntry
from animate.cli.terminal_progress import BuildLine


def plans(**seconds: float) -> Any:
    """Return what a build knows of scenes that took so long; 0 stands for one that was never built."""
    return [
        SimpleNamespace(scene=SimpleNamespace(id=name), entry=SceneEntry(name=name, seconds=time) if time else None)
        for name, time in seconds.items()
    ]


def test_a_scene_weighs_as_long_as_it_took() -> None:
    whole = BuildProgress(plans(short=1.0, long=3.0), None)
    whole.done("long")
    assert (whole.n_done, whole.n_scenes, whole.share) == (1, 2, 0.75)
    whole.done("short")
    assert whole.share == 1.0


def test_a_scene_of_unknown_time_weighs_as_the_others_do_on_average() -> None:
    whole = BuildProgress(plans(a=2.0, b=4.0, new=0.0), None)
    whole.done("new")
    assert whole.share == pytest.approx(3 / 9)


def test_frames_count_before_a_scene_is_done() -> None:
    whole = BuildProgress(plans(a=1.0, b=1.0), None)
    whole.reporter("a", 0, 2)("frames", 50, 100)
    assert whole.share == pytest.approx(0.125)
    whole.reporter("a", 1, 2)("frames", 100, 100)
    assert whole.share == pytest.approx(0.375)
    whole.done("a")
    assert whole.share == 0.5


def test_each_step_is_told() -> None:
    told: list[float] = []
    whole = BuildProgress(plans(a=1.0), lambda one: told.append(one.share))
    whole.reporter("a", 0, 1)("frames", 1, 2)
    whole.done("a")
    assert told == [0.5, 1.0]


def test_nothing_to_do_is_done() -> None:
    assert BuildProgress([], None).share == 1.0


def test_the_line_shows_scenes_share_and_time_left() -> None:
    whole = SimpleNamespace(n_done=12, n_scenes=40, share=0.314, seconds_left=95.2)
    stream = io.StringIO()
    BuildLine(stream).show(whole)  # type: ignore[arg-type]
    assert stream.getvalue() == "\r12/40 scenes, 31 %, 95 s left"
    whole.seconds_left = None
    assert BuildLine.whole_text(whole) == "12/40 scenes, 31 %"  # type: ignore[arg-type]
