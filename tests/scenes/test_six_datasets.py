"""Six data sets against scipy's least squares, and what the residuals show of each."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.collections import LineCollection
from scipy.stats import linregress

from animate.draw.settings import Settings
from animate.learn.datasets import DATASETS
from animate.learn.tables import shipped_table

NAME = "six_datasets"
NAMES = ("linear", "heavy_noise", "outliers", "saturating", "growing_variance", "two_populations")


@pytest.fixture(scope="module")
def scenes(build):
    return {name: build(NAME, dataset=name) for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_descent_ends_on_the_least_squares_line_whatever_the_points(scenes, words_at, name) -> None:
    data = DATASETS[name](60, rng=2)
    best = linregress(data.x, data.y)
    fit = scenes[name].panels[0]
    slope, intercept = fit.problem.in_units(fit.run.trajectory.final)
    assert np.allclose([slope, intercept], [best.slope, best.intercept], atol=5e-3)
    words = words_at(scenes[name])
    assert f"R² {best.rvalue**2:.3f}" in words
    assert f"y = {slope:.3f}" in words or f"y = {slope:.4f}" in words


def bars(scene) -> np.ndarray:
    """Return the mean residual of each fifth of the points, as drawn on the last frame."""
    stage = scene.stage(Settings(1280, 720))
    stage.show(scene.timeline.duration)
    collections = [part for part in stage.figure.axes[1].collections if isinstance(part, LineCollection)]
    return np.array([segment[0, 1] for segment in collections[-1].get_segments()])


def test_the_bars_are_the_mean_residuals_of_each_fifth(scenes) -> None:
    data = DATASETS["saturating"](60, rng=2)
    best = linregress(data.x, data.y)
    residuals = data.y - best.slope * data.x - best.intercept
    expected = residuals[np.argsort(data.x)].reshape(5, 12).mean(axis=1)
    assert np.allclose(bars(scenes["saturating"]), expected, atol=5e-3)


@pytest.mark.parametrize("update", [0, 3])
def test_residuals_are_y_minus_the_line_in_the_datas_units(scenes, update: int) -> None:
    scene, data = scenes["saturating"], DATASETS["saturating"](60, rng=2)
    stage = scene.stage(Settings(1280, 720))
    stage.show(scene.timeline.time_of(update) + 1e-9)
    fit = scene.panels[0]
    slope, intercept = fit.problem.in_units(fit.run.trajectory.params[update])
    (dots,) = (line.get_xydata() for line in stage.figure.axes[1].lines if line.get_marker() == "o")
    assert np.allclose(dots, np.stack([data.x, data.y - slope * data.x - intercept], axis=-1))


def test_residuals_of_a_lost_run_leave_nothing_infinite(build) -> None:
    lost = build(NAME, learning_rate=1.0, n_updates=3000)
    stage = lost.stage(Settings(480, 270))
    stage.show(lost.timeline.duration)
    stage.figure.canvas.draw()
    low, high = stage.figure.axes[1].get_ylim()
    assert np.isfinite([low, high]).all()
    assert high < 100


def test_a_levelling_curve_leaves_residuals_below_above_below(scenes) -> None:
    means = bars(scenes["saturating"])
    assert means[0] < 0 < means[2]
    assert means[4] < 0


def test_outliers_tilt_the_line_as_the_caption_says(scenes) -> None:
    slopes = {name: fit.problem.in_units(fit.run.trajectory.final)[0]
              for name, fit in ((name, scenes[name].panels[0]) for name in ("linear", "outliers"))}  # fmt: skip
    assert slopes["outliers"] < slopes["linear"] - 0.5


def test_growing_noise_fans_out_and_the_same_noise_does_not() -> None:
    """Spearman correlation of |residual| and x, from numpy's ranks."""

    def trend(name: str) -> float:
        data = DATASETS[name](400, rng=2)
        best = linregress(data.x, data.y)
        sizes = np.abs(data.y - best.slope * data.x - best.intercept)
        return float(np.corrcoef(np.argsort(np.argsort(data.x)), np.argsort(np.argsort(sizes)))[0, 1])

    assert trend("growing_variance") > 0.4
    assert abs(trend("linear")) < 0.15


def test_both_true_lines_of_two_populations_are_drawn(scenes) -> None:
    stage = scenes["two_populations"].stage(Settings(1280, 720))
    dashed = [line for line in stage.figure.axes[0].lines if line.get_linestyle() == "--"]
    slopes = sorted(np.polyfit(*line.get_data(), 1)[0] for line in dashed)
    assert np.allclose(slopes, [-1.0, 2.0])


def test_ones_own_data_are_fitted_in_their_own_units_and_have_no_true_curve(build, words_at) -> None:
    """NIST StRD, Norris: certified slope 1.00211681802045, intercept -0.262323073774029."""
    scene = build(NAME, data=shipped_table("norris"))
    words = words_at(scene)
    assert "y = 1.002\u2009x − 0.2623" in words
    assert "– – true" not in words
    assert "Your data" in words


@pytest.mark.parametrize("rate", [1e-6, 1.0])
def test_a_line_that_has_not_settled_teaches_nothing(build, words_at, rate) -> None:
    """At rate 1 on standardized x the Hessian is 2 I: descent jumps to and fro for ever."""
    words = words_at(build(NAME, learning_rate=rate, n_updates=50))
    assert "Less than 95 % of what the loss can fall is gained" in words
    assert "too high at both ends" not in words


def test_a_line_of_numbers_that_are_lost_is_not_written(build) -> None:
    scene = build(NAME, learning_rate=10.0, n_updates=2000)
    assert np.isnan(scene.runs[0].trajectory.final).all()
    texts = [scene.alt, *scene.beats[-1].words]
    assert not any("nan" in text for text in texts)
    assert "take a lower rate" in scene.alt


@pytest.mark.parametrize(
    "wild",
    [{"learning_rate": 1.0, "n_updates": 3000}, {"learning_rate": 1e-10}, {"n_updates": 1}, {"n_samples": 5},
     {"noise": 0.0, "dataset": "linear"}, {"start": (0.0, 0.0)}],
)  # fmt: skip
def test_wild_values_play_to_the_end(build, plays, wild) -> None:
    plays(build(NAME, **wild))
