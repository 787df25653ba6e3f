"""The six scenes of the core against certified and outside values, and what they put on screen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib.text import Text
from scipy.stats import linregress
from sklearn.linear_model import LogisticRegression

import animate
from animate.draw.settings import Settings
from animate.draw.stage import Stage
from animate.learn.data import penguins
from animate.learn.tables import shipped_table
from animate.scene import Scene

SCENES = Path(__file__).parents[2] / "scenes"
CERTIFIED_SLOPE, CERTIFIED_INTERCEPT = 1.00211681802045, -0.262323073774029
"""NIST StRD, Norris."""


def built(name: str, **values: object) -> Scene:
    return animate.load(name, scenes=SCENES).build(**values)


def texts_at(scene: Scene, share: float) -> list[str]:
    stage = Stage(_script(scene), Settings())
    stage.show(share * scene.timeline.duration)
    return [text.get_text() for text in stage.figure.findobj(Text) if text.get_text()]


def _script(scene: Scene):  # type: ignore[no-untyped-def]
    return scene.stage(Settings(320, 180)).spec


def shown(scene: Scene, share: float = 1.0) -> str:
    return "\n".join(texts_at(scene, share))


def test_norris_batch_line_ends_on_the_certified_values_to_the_digits_shown() -> None:
    words = shown(built("linear_sgd_vs_batch", data=shipped_table("norris")))
    assert f"y = {CERTIFIED_SLOPE:.3f}\u2009x \u2212 {abs(CERTIFIED_INTERCEPT):.4f}" in words


def test_norris_sgd_stays_finite_and_near() -> None:
    sgd = built("linear_sgd_vs_batch", data=shipped_table("norris")).panels[0]
    slope, intercept = sgd.problem.in_units(sgd.run.trajectory.final)  # type: ignore[union-attr]
    assert slope == pytest.approx(CERTIFIED_SLOPE, abs=0.01)
    assert intercept == pytest.approx(CERTIFIED_INTERCEPT, abs=3.0)


def test_flagship_batch_descent_ends_on_least_squares_and_counts_gradients() -> None:
    scene = built("linear_sgd_vs_batch")
    batch = scene.panels[1]
    data = batch.problem.data  # type: ignore[union-attr]
    fit = linregress(data.x, data.y)
    final = batch.problem.in_units(batch.run.trajectory.final)  # type: ignore[union-attr]
    assert np.allclose(final, [fit.slope, fit.intercept], atol=5e-4)
    n_updates = scene.timeline.n_updates
    assert f"{n_updates} vs {n_updates * 60:,}".replace(",", "\u202f") in shown(scene)


def test_online_sgd_equals_a_naive_loop() -> None:
    scene = built("linear_online_sgd")
    fit = scene.panels[0]
    run, data = fit.run.trajectory, fit.problem.data  # type: ignore[union-attr]
    w, b = run.params[0]
    for update in range(1, run.n_updates + 1):
        (row,) = run.rows_at(update)
        residual = w * data.x[row] + b - data.y[row]
        w, b = w - 0.02 * 2 * residual * data.x[row], b - 0.02 * 2 * residual
        assert np.allclose(run.params[update], [w, b], rtol=1e-9)


def test_batch_descent_never_raises_the_loss() -> None:
    run = built("linear_batch_gd").panels[0].run.trajectory  # type: ignore[union-attr]
    assert (np.diff(run.loss) <= 0).all()


def test_slope_settles_before_the_intercept_on_the_loss_surface() -> None:
    scene = built("linear_loss_surface")
    params = scene.panels[1].runs[0].trajectory.params  # type: ignore[union-attr]
    optimum = scene.panels[1].optimum  # type: ignore[union-attr]
    distance = np.abs(params - optimum) / np.abs(params[0] - optimum)
    settled = [int(np.flatnonzero(distance[:, axis] > 0.01)[-1]) + 1 for axis in (0, 1)]
    assert settled[0] < settled[1]
    assert f"b took {settled[1]} updates" in shown(scene)


def test_logistic_1d_ends_at_the_optimum_and_says_how_many_are_right() -> None:
    scene = built("logistic_1d")
    panel = scene.panels[0]
    weight, intercept = panel.problem.in_units(panel.run.trajectory.final)  # type: ignore[union-attr]
    assert [weight, intercept] == pytest.approx([1.04913, -46.2579], rel=5e-6)
    assert panel.run.trajectory.loss[-1] == pytest.approx(0.115321, abs=5e-7)  # type: ignore[union-attr]
    words = shown(scene)
    assert "95.0 % right" in words
    assert "boundary 44.1 mm" in words


@pytest.mark.parametrize(
    ("name", "features", "digits"),
    [("logistic_1d", ["bill_length_mm"], 4), ("logistic_2d", ["bill_length_mm", "bill_depth_mm"], 4)],
)
def test_logistic_scenes_end_where_scikit_learn_does(name: str, features: list[str], digits: int) -> None:
    data = penguins(features)
    # mean loss without a penalty: C to infinity
    oracle = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-12).fit(data.X, data.labels)
    panel = built(name).panels[0]
    final = panel.problem.in_units(panel.run.trajectory.final)  # type: ignore[union-attr]
    assert final == pytest.approx([*oracle.coef_[0], *oracle.intercept_], rel=10.0**-digits)


def test_logistic_2d_ends_at_the_optimum_of_the_lesson() -> None:
    panel = built("logistic_2d").panels[0]
    final = panel.problem.in_units(panel.run.trajectory.final)  # type: ignore[union-attr]
    assert final == pytest.approx([2.20095, -3.97873, -24.0945], rel=5e-6)
    assert panel.run.trajectory.loss[-1] == pytest.approx(0.042675, abs=5e-7)  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["linear_sgd_vs_batch", "linear_online_sgd", "linear_batch_gd", "linear_loss_surface"])
def test_a_rate_far_too_high_renders_to_the_end_and_says_so(name: str) -> None:
    scene = built(name, learning_rate=1.0, n_updates=400)
    assert "diverges: " in shown(scene)
    assert "diverges: " in scene.alt
    batch = [run for run in scene.runs if run.trajectory.rows is None]
    assert ("every update makes it worse" in scene.alt) == bool(batch)


@pytest.mark.parametrize("name", ["logistic_1d", "logistic_2d"])
def test_one_update_is_enough_for_a_picture(name: str) -> None:
    assert shown(built(name, n_updates=1))
