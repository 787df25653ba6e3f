"""The objective with the intercept minimized, against scipy's one-dimensional minimum."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from animate.errors import DataError
from animate.learn.data import penguins
from animate.learn.losses import huber
from animate.learn.objectives import LinearPredictor, linear, logistic
from animate.learn.profile import Profile

RNG = np.random.default_rng(3)
X = RNG.normal(size=(25, 2)) + np.array([3.0, -1.0])
Y = X @ [1.0, -2.0] + 0.5 + RNG.standard_t(2, size=25)
LABELS = (np.median(Y) < Y).astype(float)

OBJECTIVES = {
    "squared": linear(X, Y, ridge_penalty=0.3),
    "half_squared": linear(X, Y, loss="half_squared"),
    "absolute": linear(X, Y, loss="absolute"),
    "huber": linear(X, Y, loss=huber(0.5)),
    "log_loss": logistic(X, LABELS, ridge_penalty=0.1),
}
every_objective = pytest.mark.parametrize("objective", OBJECTIVES.values(), ids=list(OBJECTIVES))


@every_objective
def test_value_is_scipys_minimum_over_the_intercept(objective: LinearPredictor) -> None:
    profile = Profile(objective)
    for weights in np.random.default_rng(0).normal(scale=2.0, size=(10, 2)):
        best = minimize_scalar(lambda b, w=weights: objective.value([*w, b]), bracket=(-1.0, 1.0), tol=1e-12)
        assert profile.value(weights) == pytest.approx(best.fun, rel=1e-9)


@every_objective
def test_lift_finds_no_slope_in_the_intercept(objective: LinearPredictor) -> None:
    if objective.loss.curvature is None:
        return
    for weights in np.random.default_rng(1).normal(scale=20.0, size=(20, 2)):
        assert abs(objective.gradient(Profile(objective).lift(weights))[-1]) < 1e-12


@every_objective
def test_values_of_a_grid_are_the_values_one_by_one(objective: LinearPredictor) -> None:
    profile, grid = Profile(objective), np.random.default_rng(2).normal(size=(3, 4, 2))
    expected = [[profile.value(weights) for weights in row] for row in grid]
    assert profile.values(grid) == pytest.approx(np.array(expected), rel=1e-10)


@every_objective
def test_it_has_the_same_lowest_point(objective: LinearPredictor) -> None:
    profile, optimum = Profile(objective), objective.optimum()
    assert profile.value(optimum[:-1]) == pytest.approx(objective.value(optimum), rel=1e-12)
    assert profile.project(optimum).tolist() == profile.optimum().tolist()


def test_gradient_is_the_slope_of_the_value(central_differences: Callable[..., np.ndarray]) -> None:
    profile, weights = Profile(OBJECTIVES["log_loss"]), np.array([0.4, -0.3])
    assert profile.gradient(weights) == pytest.approx(central_differences(profile.value, weights), rel=1e-5)


def test_more_than_one_chunk_gives_the_same_values(monkeypatch: pytest.MonkeyPatch) -> None:
    profile, stack = Profile(OBJECTIVES["log_loss"]), np.random.default_rng(2).normal(size=(101, 2))
    whole = profile.values(stack)
    monkeypatch.setattr("animate.learn.profile._CHUNK", 100)
    assert profile.values(stack) == pytest.approx(whole, rel=1e-12)


@given(st.integers(0, 2**32 - 1), st.floats(0.0, 400.0))
def test_the_profile_never_lies_above_a_slice(seed: int, scale: float) -> None:
    objective, rng = OBJECTIVES["log_loss"], np.random.default_rng(seed)
    weights, intercepts = rng.normal(scale=scale, size=2), rng.normal(scale=10.0 + scale, size=(20, 1))
    slices = objective.values(np.hstack([np.tile(weights, (20, 1)), intercepts]))
    assert (Profile(objective).value(weights) <= slices * (1.0 + 1e-12)).all()


def test_penguins_in_raw_units_are_profiled_too() -> None:
    data = penguins(["bill_length_mm", "bill_depth_mm"])
    objective = logistic(data.X, data.labels)
    lifted = Profile(objective).lift([2.20095, -3.97873])
    assert lifted[-1] == pytest.approx(-24.0945, abs=1e-3)


def test_a_loss_that_is_not_convex_is_refused() -> None:
    with pytest.raises(ValueError, match=r"loss must be one of squared, .*; got 'sigmoid_squared'"):
        Profile(logistic(X, LABELS, loss="sigmoid_squared")).value([1.0, 1.0])


def test_labels_of_one_class_have_no_best_intercept() -> None:
    with pytest.raises(DataError, match="labels of both classes; got one class"):
        Profile(logistic(X, np.ones(25))).value([1.0, 1.0])
