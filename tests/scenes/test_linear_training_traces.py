"""The training curves against the numbers of numpy's legacy generator, and what the panels show of them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import linregress

from animate.draw.panels import LineFit, LossCurve, Traces
from animate.draw.settings import Settings
from animate.learn.tables import shipped_table

NAME = "linear_training_traces"


def test_ends_on_the_published_numbers(build) -> None:
    """Loss: half the mean squared residual; X ~ U(-3, 3), then noise ~ N(0, 0.2), seed 42, rate 0.1, 100 updates."""
    run = build(NAME).panels[0].run.trajectory
    assert run.final[0] == pytest.approx(2.48467, abs=5e-6)
    assert run.final[1] == pytest.approx(0.99700, abs=5e-6)
    assert run.loss[-1] == pytest.approx(0.0161317, abs=5e-8)


def test_every_update_equals_a_naive_loop_on_the_legacy_generators_points(build) -> None:
    random = np.random.RandomState(42)
    x = random.uniform(-3, 3, 100)
    y = 2.5 * x + 1 + random.normal(0, 0.2, 100)
    run, w, b = build(NAME).panels[0].run.trajectory, 0.0, 0.0
    for update in range(101):
        residuals = w * x + b - y
        assert np.allclose(run.params[update], [w, b], rtol=1e-12)
        assert run.loss[update] == pytest.approx(np.mean(residuals**2) / 2, rel=1e-12)
        w, b = w - 0.1 * np.mean(residuals * x), b - 0.1 * np.mean(residuals)


def test_panels_show_the_numbers_and_the_true_values(build, words_at) -> None:
    scene = build(NAME)
    words = words_at(scene)
    assert "slope 2.48" in words
    assert "intercept 0.997" in words
    assert "0.0161" in words
    assert "w 2.48467 and b 0.99700" in words or "slope 2.48467 and intercept 0.99700" in words
    fit, (loss, traces) = scene.panels
    assert isinstance(fit, LineFit)
    assert isinstance(loss, LossCurve)
    assert isinstance(traces, Traces)
    assert tuple(traces.targets) == (2.5, 1.0)
    assert loss.log


def test_curves_hold_the_losses_and_parameters_up_to_the_update_shown(build) -> None:
    scene = build(NAME)
    stage = scene.stage(Settings())
    stage.show(scene.timeline.time_of(40) + 1e-9)
    run = scene.panels[0].run.trajectory
    drawn = [line.get_ydata() for axes in stage.figure.axes for line in axes.lines if len(line.get_ydata()) == 41]
    for expected in (run.loss[:41], run.params[:41, 0], run.params[:41, 1]):
        assert any(np.array_equal(expected, values) for values in drawn)


def test_own_data_is_dashed_at_its_least_squares_values(build, words_at) -> None:
    table = shipped_table("norris")
    scene = build(NAME, data=table, n_updates=200)
    fit = linregress(table.numbers("x"), table.numbers("y"))
    assert np.allclose(scene.panels[1][1].targets, [fit.slope, fit.intercept])
    assert "dashed: least squares 1.0021 and -0.26232" in words_at(scene).replace("\u2212", "-")


@pytest.mark.parametrize("rate", [1e-10, 1.0])
def test_plays_to_the_end_at_any_rate(build, plays, rate: float) -> None:
    plays(build(NAME, learning_rate=rate, n_updates=3000))
