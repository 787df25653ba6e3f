"""What far starts cost, against powers of matrices, and the counts on screen."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.patches import Rectangle
from scipy.linalg import eigvalsh

from animate import line
from animate.draw.panels import LossCurve, UpdatesNeeded
from animate.draw.settings import Settings
from animate.learn.tables import shipped_table

NAME = "bad_initialization"
RATE = 0.06


@pytest.fixture(scope="module")
def scene(build):
    return build(NAME)


@pytest.fixture(scope="module")
def quadratic():
    """Return the Hessian 2 X'X/n of the mean squared residual, without a half, and the optimum."""
    data = line(40, slope=1.5, intercept=1.0, noise=1.0, rng=4)
    design = np.column_stack([data.x, np.ones(40)])
    return 2 * design.T @ design / 40, np.linalg.lstsq(design, data.y, rcond=None)[0]


def test_starts_are_one_four_and_sixteen_times_as_far(scene, quadratic) -> None:
    _, optimum = quadratic
    near, middle, far = (run.trajectory.params[0] - optimum for run in scene.panels[2][0].runs)
    assert np.allclose(near + optimum, [2.4, 0.0])
    assert np.allclose([middle, far], [4 * near, 16 * near])


def test_arrivals_are_where_the_powers_of_the_matrix_say(scene, quadratic) -> None:
    hessian, optimum = quadratic
    needed = scene.panels[2][1].needed
    assert isinstance(scene.panels[2][1], UpdatesNeeded)
    near = np.array([2.4, 0.0]) - optimum
    goal = 0.01 * np.linalg.norm(near)
    for factor, count in zip((1, 4, 16), needed, strict=True):
        left = [
            np.linalg.norm(np.linalg.matrix_power(np.eye(2) - RATE * hessian, k) @ (factor * near))
            for k in (count - 1, count)
        ]
        assert left[1] <= goal < left[0]


def test_each_factor_costs_the_same_number_of_updates_more(scene, quadratic, words_at) -> None:
    """A factor of 4 takes ln 4 / -ln(1 - rate lambda_min) updates along the flattest direction."""
    first, second, third = scene.panels[2][1].needed
    flattest = eigvalsh(quadratic[0])[0]
    expected = np.log(4) / -np.log(1 - RATE * flattest)
    assert second - first == pytest.approx(expected, abs=1)
    assert third - second == pytest.approx(expected, abs=1)
    words = words_at(scene)
    assert f"To arrive: {first}, {second}, {third} updates." in words
    assert f"costs {third - second} more, not 4 times as many" in words


def test_losses_drawn_are_those_above_the_lowest(scene, quadratic) -> None:
    curve = scene.panels[2][0]
    assert isinstance(curve, LossCurve)
    stage = scene.stage(Settings())
    stage.show(scene.timeline.duration)
    drawn = [line.get_ydata() for axes in stage.figure.axes for line in axes.lines if len(line.get_ydata()) == 81]
    hessian, optimum = quadratic
    for run in curve.runs:
        away = run.trajectory.params - optimum
        expected = 0.5 * np.einsum("ki,ij,kj->k", away, hessian, away)
        assert any(np.allclose(values, expected, rtol=1e-6, atol=1e-12) for values in drawn)


def test_bars_stop_where_each_run_arrives(scene) -> None:
    stage = scene.stage(Settings(1280, 720))
    stage.show(scene.timeline.duration)
    widths = [patch.get_width() for patch in stage.figure.axes[3].patches if isinstance(patch, Rectangle)]
    assert sorted(widths)[:3] == scene.panels[2][1].needed


def test_own_data_arrives_on_its_least_squares_line(build) -> None:
    table = shipped_table("norris")
    scene = build(NAME, data=table, n_updates=400)
    slope, intercept = np.polyfit(table.numbers("x"), table.numbers("y"), 1)
    fit = scene.panels[0]
    assert np.allclose(fit.problem.in_units(fit.run.trajectory.final), [slope, intercept], rtol=1e-6)


@pytest.mark.parametrize(
    "values",
    [{"learning_rate": 1.0, "n_updates": 3000}, {"learning_rate": 1e-10}, {"n_updates": 1}, {"farther": 100.0}],
    ids=str,
)
def test_plays_to_the_end_whatever_the_parameters(build, plays, values) -> None:
    plays(build(NAME, **values))
