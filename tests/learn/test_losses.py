"""Losses against scipy, and their derivatives against differences."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special
from sklearn.metrics import log_loss, r2_score

from animate.learn.losses import LOSSES, Loss, find_loss, huber, r_squared, sigmoid

POINTS = np.array([-7.3, -2.0, -0.6, 0.4, 1.9, 8.1])
TARGETS = np.array([0.0, 1.0, 1.0, 0.0, 1.0, 0.0])
SMOOTH = [loss for loss in LOSSES.values() if loss.curvature] + [huber(0.3), huber(5.0)]


@pytest.mark.parametrize("loss", [*LOSSES.values(), huber(2.5)], ids=lambda loss: loss.name)
def test_derivative_is_the_slope_of_the_value(loss: Loss) -> None:
    slope = (loss.value(POINTS + 1e-6, TARGETS) - loss.value(POINTS - 1e-6, TARGETS)) / 2e-6
    assert loss.derivative(POINTS, TARGETS) == pytest.approx(slope, abs=1e-8)


@pytest.mark.parametrize("loss", SMOOTH, ids=lambda loss: loss.name)
def test_curvature_is_the_slope_of_the_derivative(loss: Loss) -> None:
    slope = (loss.derivative(POINTS + 1e-6, TARGETS) - loss.derivative(POINTS - 1e-6, TARGETS)) / 2e-6
    assert loss.curvature is not None
    assert loss.curvature(POINTS, TARGETS) == pytest.approx(slope, abs=1e-8)


def test_squared_loss_has_no_half() -> None:
    assert LOSSES["squared"].value(np.array([3.0]), np.array([1.0])) == 4.0
    assert LOSSES["half_squared"].value(np.array([3.0]), np.array([1.0])) == 2.0


@given(st.floats(-50, 50), st.floats(0.01, 30))
def test_huber_equals_scipys(residual: float, delta: float) -> None:
    value = huber(delta).value(np.array([residual]), np.zeros(1))[0]
    assert value == pytest.approx(special.huber(delta, residual), rel=1e-12, abs=1e-300)


@given(st.floats(-800, 800))
def test_sigmoid_equals_scipys(logit: float) -> None:
    assert sigmoid(np.array([logit]))[0] == pytest.approx(special.expit(logit), rel=1e-14, abs=1e-300)


def test_mean_log_loss_equals_sklearns() -> None:
    expected = log_loss(TARGETS, special.expit(POINTS))
    assert LOSSES["log_loss"].value(POINTS, TARGETS).mean() == pytest.approx(expected, rel=1e-12)


def test_log_loss_stays_finite_at_a_logit_of_a_thousand() -> None:
    assert LOSSES["log_loss"].value(np.array([1000.0, -1000.0]), np.array([0.0, 1.0])).tolist() == [
        1000.0,
        1000.0,
    ]


def test_log_loss_keeps_its_digits_where_the_answer_is_nearly_sure() -> None:
    value = LOSSES["log_loss"].value(np.array([40.0]), np.array([1.0]))[0]
    assert value == pytest.approx(np.log1p(np.exp(-40.0)), rel=1e-12)


def test_log_loss_slope_keeps_its_digits_where_the_answer_is_nearly_sure() -> None:
    slope = LOSSES["log_loss"].derivative(np.array([40.0]), np.array([1.0]))[0]
    assert slope == pytest.approx(-special.expit(-40.0), rel=1e-12)


def test_subgradient_of_the_absolute_loss_is_zero_on_the_target() -> None:
    assert LOSSES["absolute"].derivative(np.array([1.0]), np.array([1.0])).tolist() == [0.0]


def test_a_loss_is_passed_through() -> None:
    mine = huber(3.0)
    assert find_loss(mine) is mine


def test_an_unknown_loss_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"squared, half_squared.*got 'hubr'. Did you mean 'huber'\?"):
        find_loss("hubr")


@pytest.mark.parametrize("delta", [0.0, -1.0, float("nan"), float("inf"), "1"])
def test_huber_refuses_a_delta_that_is_not_positive(delta: float) -> None:
    with pytest.raises(ValueError, match="huber_delta must be positive and finite; got"):
        huber(delta)


def test_r_squared_equals_sklearns() -> None:
    rng = np.random.default_rng(0)
    y = rng.normal(size=30)
    predictions = y + rng.normal(size=30)
    assert r_squared(y, predictions) == pytest.approx(r2_score(y, predictions), rel=1e-12)


def test_r_squared_of_a_constant_target_is_nan() -> None:
    assert np.isnan(r_squared([2.0, 2.0], [1.0, 3.0]))
