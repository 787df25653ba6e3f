"""Anscombe's quartet against scipy's least squares and the line Anscombe gives, and the equations on screen."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import linregress

import animate
from tests.scenes.claim_checks import number

NAME = "anscombe"


@pytest.fixture(scope="module")
def scene(build):
    return build(NAME)


@pytest.fixture(scope="module")
def points() -> dict[str, np.ndarray]:
    """Return x and y of each series, read without the package's reader."""
    path = Path(animate.__file__).parent / "csv" / "anscombe.csv"
    rows = defaultdict(list)
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            rows[row["series"]].append((float(row["x"]), float(row["y"])))
    return {series: np.array(values).T for series, values in rows.items()}


def fits(scene):
    (first, third), (second, fourth) = scene.panels
    return [first, second, third, fourth]


def test_each_descent_ends_on_its_least_squares_line(scene, points) -> None:
    assert list(points) == ["I", "II", "III", "IV"]
    for fit, (series, (x, y)) in zip(fits(scene), points.items(), strict=True):
        best = linregress(x, y)
        assert fit.run.name == series
        final = fit.problem.in_units(fit.run.trajectory.final)
        assert np.allclose(final, [best.slope, best.intercept], atol=5e-4)
        assert fit.problem.r_squared(fit.run.trajectory.final) == pytest.approx(best.rvalue**2, abs=1e-6)


def test_slope_one_half_and_intercept_three_stand_on_screen_four_times(scene, words_at) -> None:
    """y = 3 + 0.5 x, Anscombe (1973)."""
    words = words_at(scene).split("\n")
    assert words.count("y = 0.500\u2009x + 3.00") == 4
    assert sum(word.startswith("MSE 1.25   R² 0.66") for word in words) == 4


def test_the_four_lines_stay_as_close_as_the_caption_says(scene, words_at) -> None:
    lines = np.array([fit.problem.in_units(fit.run.trajectory.params) for fit in fits(scene)])
    slopes, intercepts = (np.ptp(lines[..., axis], axis=0).max() for axis in (0, 1))
    said = re.search(r"within (\S+) of each other, the intercepts within (\S+)\.", words_at(scene, 3))
    assert said
    for bound, apart in zip(said.groups(), (slopes, intercepts), strict=True):
        assert apart <= number(bound) <= 1.11 * apart  # a bound is rounded up


@pytest.mark.parametrize("n_updates", [1, 3, 20, 100])
def test_lines_that_diverge_together_are_not_said_to_be_one_line(build, n_updates: int) -> None:
    words = build(NAME, learning_rate=10.0, n_updates=n_updates).beats[-1].words[0]
    assert words.startswith("At this rate no line settles.")


def test_all_four_are_drawn_in_the_same_window(scene) -> None:
    stage = scene.stage()
    windows = {(axes.get_xlim(), axes.get_ylim()) for axes in stage.figure.axes}
    assert len(windows) == 1


@pytest.mark.parametrize("n_updates", [1, 3, 8])
def test_one_line_is_claimed_only_where_all_four_equations_agree(build, words_at, n_updates) -> None:
    words = words_at(build(NAME, n_updates=n_updates, start=(7.3, -20.0)))
    equations = {word for word in words.split("\n") if word.startswith("y = ")}
    assert (len(equations) == 1) == ("One line, four times" in words)


@pytest.mark.parametrize("wild", [{"learning_rate": 1.0, "n_updates": 400}, {"learning_rate": 1e-10}, {"n_updates": 1}])
def test_wild_values_play_to_the_end(build, plays, wild) -> None:
    plays(build(NAME, **wild))
