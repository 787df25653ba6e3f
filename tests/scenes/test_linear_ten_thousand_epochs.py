"""Descent in the valley of x that is not centered against powers of matrices, and what is shown of it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import eigvalsh, lstsq

from animate import line, load_table
from animate.draw.formatting import grouped
from animate.draw.panels import LossSurface, Traces
from animate.draw.settings import Settings
from animate.learn.tables import read_csv, shipped_table

NAME = "linear_ten_thousand_epochs"


@pytest.fixture(scope="module")
def scene(build):
    return build(NAME)


def points():
    return line(100, slope=3.0, intercept=2.0, noise=1.0, x_range=(1.0, 10.0), rng=0)


def closed_form(x: np.ndarray, y: np.ndarray, rate: float, updates: list[int]) -> np.ndarray:
    """Return w, b after some updates from 0, 0 on the mean squared residual, without a half: H = 2 X'X / n."""
    design = np.column_stack([x, np.ones_like(x)])
    optimum = lstsq(design, y)[0]
    shrink = np.eye(2) - rate * 2 * design.T @ design / len(x)
    return np.array([optimum - np.linalg.matrix_power(shrink, k) @ optimum for k in updates])


def test_both_descents_follow_the_closed_form(scene) -> None:
    data, updates = points(), [1, 15, 50, 2000, 10_000]
    (raw, _), (centered, _) = scene.panels
    expected = closed_form(data.x, data.y, 0.005, updates)
    assert np.allclose(raw.runs[0].trajectory.params[updates], expected, rtol=1e-8)
    expected = closed_form(data.x - data.x.mean(), data.y, 0.06, updates)
    assert np.allclose(centered.runs[0].trajectory.params[updates], expected, rtol=1e-8)


def test_slope_overshoots_to_about_three_point_two_within_fifty_epochs(scene, words_at) -> None:
    slopes = scene.panels[0][1].values[:, 0]
    peak = int(slopes.argmax())
    assert peak < 50
    assert slopes[peak] == pytest.approx(3.2, abs=0.05)
    assert f"By epoch {peak} the slope has overshot to {slopes[peak]:.2f}" in words_at(scene, peak)


def test_both_creep_at_the_rate_of_the_smallest_eigenvalue(scene, words_at) -> None:
    data = points()
    design = np.column_stack([data.x, np.ones(100)])
    flattest = eigvalsh(2 * design.T @ design / 100)[0]
    path = scene.panels[0][0].runs[0].trajectory.params - lstsq(design, data.y)[0]
    for axis in (0, 1):
        assert path[1001, axis] / path[1000, axis] == pytest.approx(1 - 0.005 * flattest, rel=1e-9)
    assert f"every epoch takes off {0.5 * flattest:.2g} % of what is left" in words_at(scene, 400)


def test_thousands_of_epochs_against_tens(scene, words_at) -> None:
    needed = []
    for column in scene.panels:
        surface = column[0]
        left = np.linalg.norm(surface.runs[0].trajectory.params - surface.optimum, axis=1)
        needed.append(int(np.flatnonzero(left > 0.01 * left[0])[-1]) + 1)
    slow, quick = needed
    assert 1000 < slow < 10_000
    assert 10 <= quick < 100
    words = words_at(scene)
    assert f": {grouped(slow)}; with x centered: {quick}." in words


def test_condition_numbers_are_shown(scene, words_at) -> None:
    data = points()
    for x in (data.x, data.x - data.x.mean()):
        low, high = eigvalsh([[np.mean(x * x), x.mean()], [x.mean(), 1.0]])
        assert f"condition number {high / low:.3g}" in words_at(scene)


def test_traces_show_slope_and_intercept_up_to_the_epoch(scene) -> None:
    stage = scene.stage(Settings())
    update = scene.timeline.update_at(4.0)
    stage.show(4.0)
    surface, traces = scene.panels[0]
    assert isinstance(surface, LossSurface)
    assert isinstance(traces, Traces)
    drawn = [line.get_ydata() for axes in stage.figure.axes for line in axes.lines]
    for column in (0, 1):
        assert any(np.array_equal(traces.values[: update + 1, column], values) for values in drawn)


def test_own_data_ends_on_least_squares_in_its_own_units(build) -> None:
    table = shipped_table("norris")
    slope, intercept = np.polyfit(table.numbers("x"), table.numbers("y"), 1)
    scene = build(NAME, data=table)
    assert np.allclose(scene.panels[0][1].values[-1], [slope, intercept], rtol=1e-5)
    at_mean = slope * table.numbers("x").mean() + intercept
    assert np.allclose(scene.panels[1][1].values[-1], [slope, at_mean], rtol=1e-5)


def test_own_data_far_from_zero_gets_a_rate_below_its_limit(build, tmp_path) -> None:
    path = tmp_path / "years.csv"
    path.write_text("year,y\n" + "\n".join(f"{year},{year % 7}" for year in range(1990, 2021)))
    scene = build(NAME, data=read_csv(path), n_updates=200)
    assert np.isfinite(scene.panels[0][0].runs[0].trajectory.loss).all()


@pytest.mark.parametrize(
    "values",
    [{"learning_rate": 1.0}, {"learning_rate": 1e-10, "centered_rate": 1.0}, {"n_updates": 1}, {"noise": 0.0}],
    ids=str,
)
def test_plays_to_the_end_whatever_the_parameters(build, plays, values) -> None:
    plays(build(NAME, **values))


def test_a_condition_number_that_rounding_hides_is_large_but_not_infinite(build, words_at) -> None:
    x = np.linspace(-3.0, 2.0, 30) * 1e-12  # the curvatures are 2 and about 4e-24
    scene = build(NAME, data=load_table({"x": x, "y": np.arange(30.0)}), standardize=False)
    words = words_at(scene, 0).splitlines()
    assert "condition number over 10¹⁵" in words
    assert not any("inf" in word for word in words)
