"""Least squares and least absolute deviations: both lines, both totals, and what the panels say of them."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

import animate
from animate.draw.panels import Curves, Plot, Stems
from animate.draw.settings import Settings
from animate.draw.stage import Stage
from animate.learn.tables import read_csv
from animate.scene import Scene

NAME = "least_absolute_deviations"


@cache
def scene(**values: Any) -> Scene:
    return animate.load(NAME).build(**values)


def at_end(of: Scene) -> Stage:
    stage = of.stage(Settings(800, 450))
    stage.show(of.timeline.duration)
    return stage


def shown(stage: Stage, kind: type) -> list[Any]:
    return [mounted.panel for mounted in stage._mounted if isinstance(mounted.panel, kind)]


def last_lines(of: Scene) -> list[np.ndarray]:
    """Return [slope, intercept] of both lines at the end."""
    x = np.array([0.0, 1.0])
    ends = [panel.curves[0].at(10**9, x) for panel in of.panels[:2]]
    return [np.array([end[1] - end[0], end[0]]) for end in ends]


def points(of: Scene) -> tuple[np.ndarray, np.ndarray]:
    data = of.panels[0].data
    return data.x, data.y


def sum_of_sizes_by_linear_program(x: np.ndarray, y: np.ndarray) -> float:
    """Return min sum |slope x + intercept - y|: each residual is split into its two signs."""
    n, design = len(x), np.column_stack([x, np.ones_like(x)])
    equal = np.hstack([design, np.eye(n), -np.eye(n)])
    cost = np.concatenate([np.zeros(2), np.ones(2 * n)])
    bounds = [(None, None)] * 2 + [(0, None)] * (2 * n)
    return float(linprog(cost, A_eq=equal, b_eq=y, bounds=bounds).fun)


def test_squares_end_on_the_least_squares_line() -> None:
    x, y = points(scene())
    assert last_lines(scene())[0] == pytest.approx(np.polyfit(x, y, 1), abs=1e-4)


def test_absolute_ends_within_half_a_percent_of_the_least_total() -> None:
    x, y = points(scene())
    slope, intercept = last_lines(scene())[1]
    assert np.abs(slope * x + intercept - y).sum() < 1.005 * sum_of_sizes_by_linear_program(x, y)


def test_bars_are_the_sums_over_all_points_of_both_losses() -> None:
    x, y = points(scene())
    residuals = [slope * x + intercept - y for slope, intercept in last_lines(scene())]
    expected = [[np.sum(r**2) for r in residuals], [np.abs(r).sum() for r in residuals]]
    (totals,) = shown(at_end(scene()), Plot)
    texts = [float(text.get_text()) for text in totals.artists["endtext"]]
    widths = [bar.get_width() for bar in totals.artists["bars"]]
    assert texts == pytest.approx(np.ravel(expected), abs=0.06)
    for place, sums in zip((0, 2), expected, strict=True):
        assert widths[place] / widths[place + 1] == pytest.approx(sums[0] / sums[1])


def test_marks_stand_at_the_least_possible_totals() -> None:
    x, y = points(scene())
    (totals,) = shown(at_end(scene()), Plot)
    rss = float(np.polyfit(x, y, 1, full=True)[1][0])
    slope, intercept = last_lines(scene())[0]
    r = slope * x + intercept - y
    bars = [totals.artists["bars"][place].get_width() for place in (0, 2)]
    marked = [line.get_xdata()[0] for line in totals.artists["least"]]
    least = [at / bar * total for at, bar, total in zip(marked, bars, (np.sum(r**2), np.abs(r).sum()), strict=True)]
    assert least == pytest.approx([rss, sum_of_sizes_by_linear_program(x, y)])


def test_pull_under_the_absolute_loss_counts_points_above_and_below() -> None:
    x, y = points(scene())
    slope, intercept = last_lines(scene())[1]
    above = int((y > slope * x + intercept).sum())
    texts = [text.get_text() for text in at_end(scene()).figure.texts]
    assert f"pull up {above}, down {len(x) - above}" in texts


def test_pulls_are_shares_of_the_derivatives_of_each_loss() -> None:
    x, y = points(scene())
    (stems,) = shown(at_end(scene()), Stems)
    for row, (slope, intercept), exponent in zip(stems.rows, last_lines(scene()), (1.0, 0.0), strict=True):
        residuals = y - slope * x - intercept
        pulls = np.sign(residuals) * np.abs(residuals) ** exponent
        assert row.heights(10**9) == pytest.approx(pulls / np.abs(pulls).sum())


def test_squares_drawn_are_squares_on_screen_with_the_residual_as_side() -> None:
    stage = at_end(scene())
    curves = shown(stage, Curves)[0]
    drawn = [path.vertices[:4] for squares in curves.artists["squares"] for path in squares.get_paths()]
    corners = [stage.figure.axes[0].transData.transform(np.asarray(square)) for square in drawn]
    sides = [np.ptp(square, axis=0) for square in corners]
    assert len(sides) == len(curves.data.x)
    assert all(width == pytest.approx(height) for width, height in sides)


def test_a_line_set_by_hand_shows_its_two_totals() -> None:
    by_hand = scene(start=(1.5, 0.5), n_updates=0)
    x, y = points(by_hand)
    (totals,) = shown(at_end(by_hand), Plot)
    residuals = 1.5 * x + 0.5 - y
    texts = [float(text.get_text()) for text in totals.artists["endtext"]]
    assert texts == pytest.approx([np.sum(residuals**2)] * 2 + [np.abs(residuals).sum()] * 2, abs=0.06)


def test_a_run_that_diverges_is_drawn_to_its_end_and_named() -> None:
    wild = scene(learning_rate=10.0, absolute_rate=10.0, n_updates=1000)
    stage = at_end(wild)
    stage.figure.canvas.draw()
    assert stage._caption.get_text() == "At these rates not every total stays finite."
    assert not np.isfinite(wild.runs[0].trajectory.loss[-1])
    words = [text if isinstance(text, str) else text[0] for text in wild.captions.values()]
    assert any(text.startswith("Least squares diverges") for text in words)


def test_takes_a_table(tmp_path: Any) -> None:
    path = tmp_path / "own.csv"
    path.write_text("dose,effect\n" + "\n".join(f"{x},{3 * x + (-1) ** x}" for x in range(12)) + "\n12,-40\n")
    own = scene(data=read_csv(path))
    slope, intercept = last_lines(own)[1]
    x, y = points(own)
    assert np.abs(slope * x + intercept - y).sum() < 1.01 * sum_of_sizes_by_linear_program(x, y)
    at_end(own).figure.canvas.draw()
