"""Raw against standardized x: condition numbers and counts against matrices, and the round valley on screen."""

from __future__ import annotations

import re

import numpy as np
import pytest
from matplotlib.patches import Rectangle
from sklearn.preprocessing import StandardScaler

from animate import line, load_table
from animate.draw.panels import LossSurface, UpdatesNeeded
from animate.draw.settings import Settings
from animate.learn.tables import shipped_table

NAME = "feature_scaling"


@pytest.fixture(scope="module")
def scene(build):
    return build(NAME)


def designs() -> list[np.ndarray]:
    """Return the design matrices on raw x and on x standardized by scikit-learn, deviation with divisor n."""
    x = line(60, slope=0.8, intercept=5.0, noise=3.0, x_range=(0.0, 50.0), rng=0).x
    return [np.column_stack([values, np.ones(60)]) for values in (x, StandardScaler().fit_transform(x[:, None])[:, 0])]


def left_after(design: np.ndarray, update: int) -> float:
    """Return the share of the way from 0, 0 that is left after some updates at a quarter of 2/lambda_max."""
    hessian = 2 * design.T @ design / len(design)
    rate = 0.25 * 2 / np.linalg.eigvalsh(hessian)[-1]
    y = line(60, slope=0.8, intercept=5.0, noise=3.0, x_range=(0.0, 50.0), rng=0).y
    optimum = np.linalg.lstsq(design, y, rcond=None)[0]
    moved = np.linalg.matrix_power(np.eye(2) - rate * hessian, update) @ optimum
    return float(np.linalg.norm(moved) / np.linalg.norm(optimum))


def test_condition_numbers_shown_are_those_of_the_designs(scene, words_at) -> None:
    raw, scaled = (np.linalg.cond(design) ** 2 for design in designs())
    words = words_at(scene).replace("\u202f", "")
    assert f"\u03ba {raw:.0f}" in words
    assert scaled == pytest.approx(1.0)
    assert "\u03ba 1" in words.splitlines()


def test_updates_needed_are_the_first_with_one_percent_of_the_way_left(scene) -> None:
    needed = scene.panels[2][1].needed
    assert isinstance(scene.panels[2][1], UpdatesNeeded)
    for design, count in zip(designs(), needed, strict=True):
        assert left_after(design, count) <= 0.01 < left_after(design, count - 1)


def test_paths_stand_where_the_matrices_say(scene) -> None:
    for surface, design in zip(scene.panels[:2], designs(), strict=True):
        path = surface.runs[0].trajectory.params - surface.optimum
        left = np.linalg.norm(path[5000]) / np.linalg.norm(path[0])
        assert left == pytest.approx(left_after(design, 5000), abs=1e-9)


def test_counts_are_on_screen_and_the_bars_are_as_long(scene, words_at) -> None:
    words = words_at(scene).replace("\u202f", " ")
    raw, scaled = scene.panels[2][1].needed
    assert f"10 000 of {raw:,}".replace(",", " ") in words
    assert f"{scaled} \u2713" in words
    stage = scene.stage(Settings(1280, 720))
    stage.show(scene.timeline.duration)
    widths = sorted(patch.get_width() for patch in stage.figure.axes[3].patches if isinstance(patch, Rectangle))
    assert widths[-2:] == [raw, raw]
    assert 10_000 in widths


def test_a_unit_is_as_long_across_as_up(scene) -> None:
    stage = scene.stage(Settings(1280, 720))
    stage.figure.canvas.draw()
    for axes, panel in zip(stage.figure.axes[:2], scene.panels, strict=False):
        assert isinstance(panel, LossSurface)
        (left, bottom), (right, top) = axes.transData.transform([(0, 0), (1, 1)])
        assert right - left == pytest.approx(top - bottom, rel=1e-6)


def test_own_data_is_compared_in_its_own_units(build) -> None:
    table = shipped_table("norris")
    scene = build(NAME, data=table, n_updates=200)
    slope, intercept = np.polyfit(table.numbers("x"), table.numbers("y"), 1)
    assert np.allclose(scene.panels[0].optimum, [slope, intercept], rtol=1e-6)
    condition = np.linalg.cond(np.column_stack([table.numbers("x"), np.ones(36)])) ** 2
    assert scene.panels[0].note == f"\u03ba {condition:,.0f}".replace(",", "\u202f")


@pytest.mark.parametrize(
    "values",
    [{"share_of_limit": 2.0}, {"share_of_limit": 1.0}, {"n_updates": 1}, {"highest": 1e4}, {"highest": 0.1}],
    ids=str,
)
def test_plays_to_the_end_whatever_the_parameters(build, plays, values) -> None:
    plays(build(NAME, **values))


@pytest.mark.parametrize("unit", [1e-12, 1.0, 1e12])
def test_the_panel_says_of_each_run_what_the_last_caption_says(build, words_at, unit: float) -> None:
    points = line(30, slope=0.8, intercept=5.0, noise=3.0, x_range=(0.0, 50.0), rng=0)
    scene = build(NAME, data=load_table({"x": unit * points.x, "y": points.y}), n_updates=20)
    caption = scene.beats[-1].words[0]
    slow, quick = re.search(r"way: (.+) on raw x, (.+) on scaled x", caption).groups()
    shown = words_at(scene).split("\n")
    assert "never" not in shown
    for told in (slow, quick):
        assert any(told in text for text in shown if text != caption), (told, shown)
    square, spread = float(np.mean((unit * points.x) ** 2)), float(np.var(unit * points.x))
    assert (slow == "over 10¹⁵") == ((1 + square) ** 2 / spread > 1e15)  # ratio of the curvatures, where large
