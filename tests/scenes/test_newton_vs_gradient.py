"""Newton's one step against least squares, descent against its closed form, and the numbers in both rules."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import linregress

from animate import line
from animate.learn.tables import shipped_table
from tests.scenes.classification_tables import texts_of

NAME = "newton_vs_gradient"


@pytest.fixture(scope="module")
def scene(build):
    return build(NAME)


def points():
    return line(40, slope=1.2, intercept=2.0, noise=0.8, x_range=(0.5, 5.5), rng=4)


def design() -> np.ndarray:
    data = points()
    return np.column_stack([data.x / data.x.std(), np.ones(40)])


def runs(scene):
    return scene.panels[0].runs


def test_the_one_newton_step_lands_on_least_squares(scene) -> None:
    """linregress on the data as they are; the slope here is per standard deviation of x."""
    data, newton = points(), runs(scene)[1].trajectory
    best = linregress(data.x, data.y)
    assert newton.n_updates == 1
    assert np.allclose(newton.final, [best.slope * data.x.std(), best.intercept], rtol=1e-12)


def test_descent_shrinks_along_the_hessians_eigenvectors(scene) -> None:
    """Mean squared error without a half: H = 2 A'A / n, so that error_k = (I - rate H)^k error_0."""
    gradient, newton = (run.trajectory for run in runs(scene))
    hessian = 2 * design().T @ design() / 40
    values, vectors = np.linalg.eigh(hessian)
    rate = float(f"{0.95 * 2 / values[-1]:.3g}")
    parts = vectors.T @ (gradient.params[0] - newton.final)
    updates = np.arange(151)[:, None]
    expected = newton.final + ((1 - rate * values) ** updates * parts) @ vectors.T
    assert np.allclose(gradient.params, expected, rtol=1e-9, atol=1e-11)


def test_the_captions_state_rate_limit_and_condition_number(scene) -> None:
    values = np.linalg.eigvalsh(2 * design().T @ design() / 40)
    limit = 2 / values[-1]
    words = " ".join(texts_of(scene))
    assert f"η = {0.95 * limit:.3g} of at most {limit:.3g}" in words
    assert f"{values[-1] / values[0]:.3g} times as steep across as along" in words


def test_arrivals_are_counted_from_the_losses(scene, words_at) -> None:
    data = points()
    residuals = data.y - runs(scene)[0].trajectory.params @ design().T
    excess = np.square(residuals).mean(axis=1)
    excess -= np.square(data.y - design() @ np.linalg.lstsq(design(), data.y, rcond=None)[0]).mean()
    arrived = max(k for k, height in enumerate(excess) if height > 1e-3 * excess[0]) + 1
    assert f"Newton after 1 update, Gradient {arrived}." in words_at(scene)


def test_both_rules_show_their_numbers_and_newtons_stay(scene, words_at) -> None:
    gradient, newton = (run.trajectory.params[:, 0] for run in runs(scene))
    for update in (1, 60):
        words = words_at(scene, update).replace("−", "-").split("\n")
        assert f"{gradient[update]:.3f}" in words
        assert f"({newton[0] - newton[1]:.3f})" in words
        assert f"{newton[1]:.3f}" in words


def test_a_low_rate_is_not_said_to_zigzag(build, words_at) -> None:
    assert "zigzags" not in words_at(build(NAME, learning_rate=0.01), 2)


def test_ones_own_data_end_on_the_certified_line(build, words_at) -> None:
    """NIST StRD, Norris: slope 1.00211681802045, intercept -0.262323073774029."""
    assert "y = 1.002\u2009x − 0.2623" in words_at(build(NAME, data=shipped_table("norris")), 1)


@pytest.mark.parametrize(
    "wild",
    [{"learning_rate": 1.0, "n_updates": 1000}, {"learning_rate": 1e-10}, {"n_updates": 2}, {"n_samples": 5},
     {"noise": 0.0}, {"start": (1.2, 2.0)}],
)  # fmt: skip
def test_wild_values_play_to_the_end(build, plays, wild) -> None:
    plays(build(NAME, **wild))
