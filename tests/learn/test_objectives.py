"""Objectives: values and slopes against differences and scikit-learn, whatever the loss."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import mean_squared_error

from animate.errors import DataError
from animate.learn.losses import LOSSES, POISSON, huber
from animate.learn.objectives import LinearPredictor, linear, logistic, polynomial

RNG = np.random.default_rng(5)
X = RNG.normal(size=(40, 3)) * [1.0, 3.0, 0.2]
Y = X @ [1.5, -0.4, 2.0] + 0.7 + RNG.normal(size=40)
LABELS = (Y > 0.5).astype(float)
CONVEX = sorted(set(LOSSES) - {"sigmoid_squared"})
PARAMS = np.array([0.3, -0.2, 0.5, 0.1])

OBJECTIVES = {
    "squared": linear(X, Y),
    "half_squared": linear(X, Y, loss="half_squared", ridge_penalty=0.7),
    "huber": linear(X, Y, loss=huber(0.8), ridge_penalty=0.2),
    "absolute": linear(X, Y, loss="absolute"),
    "log_loss": logistic(X, LABELS, ridge_penalty=0.3),
    "sigmoid_squared": logistic(X, LABELS, loss="sigmoid_squared", ridge_penalty=0.3),
    "polynomial": polynomial(X[:, 0], Y, 3, ridge_penalty=0.1),
}
every_objective = pytest.mark.parametrize("objective", OBJECTIVES.values(), ids=list(OBJECTIVES))
every_smooth_one = pytest.mark.parametrize("objective", [OBJECTIVES[name] for name in OBJECTIVES if name != "absolute"])
Differences = Callable[..., np.ndarray]


@every_objective
def test_gradient_is_the_slope_of_the_value(objective: LinearPredictor, central_differences: Differences) -> None:
    assert objective.gradient(PARAMS) == pytest.approx(central_differences(objective.value, PARAMS), rel=1e-6, abs=1e-8)


@every_smooth_one
def test_hessian_is_the_slope_of_the_gradient(objective: LinearPredictor, central_differences: Differences) -> None:
    expected = central_differences(objective.gradient, PARAMS)
    assert objective.hessian(PARAMS) == pytest.approx(expected, rel=1e-6, abs=1e-7)


@every_objective
def test_gradient_over_rows_is_that_of_the_objective_of_those_rows(objective: LinearPredictor) -> None:
    rows = np.array([7, 3, 3, 21], dtype=np.int32)
    part = LinearPredictor(objective.design[rows], objective.targets[rows], objective.loss, objective.ridge_penalty)
    assert objective.gradient(PARAMS, rows) == pytest.approx(part.gradient(PARAMS), rel=1e-12)


@every_objective
def test_gradient_over_all_rows_is_the_gradient(objective: LinearPredictor) -> None:
    assert objective.gradient(PARAMS, np.arange(40)) == pytest.approx(objective.gradient(PARAMS), rel=1e-12)


@every_objective
def test_values_of_a_stack_are_the_values_one_by_one(objective: LinearPredictor) -> None:
    stack = np.random.default_rng(0).normal(size=(2, 5, 4))
    expected = [[objective.value(params) for params in row] for row in stack]
    assert objective.values(stack) == pytest.approx(np.array(expected), rel=1e-12)


def test_values_of_more_than_one_chunk_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    stack = np.random.default_rng(0).normal(size=(101, 4))
    whole = OBJECTIVES["squared"].values(stack)
    monkeypatch.setattr("animate.learn.evaluation._CHUNK", 250)
    assert OBJECTIVES["squared"].values(stack) == pytest.approx(whole, rel=1e-12)


def test_value_of_the_squared_loss_is_sklearns_mean_squared_error() -> None:
    objective = OBJECTIVES["squared"]
    expected = mean_squared_error(Y, objective.predictions(PARAMS))
    assert objective.value(PARAMS) == pytest.approx(expected, rel=1e-12)


def test_ridge_penalty_is_half_the_squared_weights_without_the_intercept() -> None:
    free, penalized = linear(X, Y), linear(X, Y, ridge_penalty=3.0)
    assert penalized.value(PARAMS) - free.value(PARAMS) == pytest.approx(1.5 * (0.3**2 + 0.2**2 + 0.5**2), rel=1e-12)


@given(st.integers(0, 2**32 - 1), st.sampled_from(CONVEX))
def test_objectives_lie_on_or_under_their_chords(seed: int, loss: str) -> None:
    rng = np.random.default_rng(seed)
    targets = LABELS if loss == "log_loss" else Y
    objective = linear(X, targets, loss=loss)
    ends = rng.normal(scale=3.0, size=(2, 4))
    share = rng.uniform()
    middle = objective.value(share * ends[0] + (1.0 - share) * ends[1])
    chord = share * objective.value(ends[0]) + (1.0 - share) * objective.value(ends[1])
    assert middle <= chord * (1.0 + 1e-12) + 1e-12


def test_objectives_can_be_pickled() -> None:
    for objective in OBJECTIVES.values():
        copy = pickle.loads(pickle.dumps(objective))
        assert copy.value(PARAMS) == objective.value(PARAMS)


def test_absolute_loss_has_no_hessian() -> None:
    with pytest.raises(ValueError, match="loss must be twice differentiable to have a Hessian; got 'absolute'"):
        OBJECTIVES["absolute"].hessian()


def test_polynomial_refuses_a_degree_without_enough_distinct_points() -> None:
    with pytest.raises(DataError, match="below the number of distinct x values, which is 3; got 3"):
        polynomial([0.0, 1.0, 2.0, 2.0], [1.0, 2.0, 3.0, 4.0], degree=3)


def test_logistic_refuses_other_labels_than_zero_and_one() -> None:
    with pytest.raises(ValueError, match=r"labels must be 0 or 1; got \[0.0, 2.0\]"):
        logistic([1.0, 2.0], [0, 2])


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        ([1.0, 2.0], [1.0], r"y must be of shape \(2,\); got shape \(1,\)"),
        ([1.0, np.nan], [1.0, 2.0], r"X must be finite; got nan at index \(1, 0\)"),
        ([1.0, 2.0], [1.0, np.inf], "y must be finite; got inf at index 1"),
        (np.zeros((0, 1)), [], "X must have shape"),
    ],
)
def test_linear_refuses_data_that_does_not_fit_together(X: object, y: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        linear(X, y)


def test_a_negative_ridge_penalty_is_refused() -> None:
    with pytest.raises(ValueError, match="ridge_penalty must be 0 or more and finite; got -1"):
        linear([1.0, 2.0], [1.0, 2.0], ridge_penalty=-1)


def test_the_lowest_loss_of_counts_may_be_below_0() -> None:
    """Counts of mean 20 at both x: the best mean is 20, and its loss 20 - 20 log 20 by hand."""
    counts = linear([0.0, 0.0, 1.0, 1.0], [19.0, 21.0, 19.0, 21.0], loss=POISSON)
    assert counts.lowest() == pytest.approx(20 - 20 * np.log(20), rel=1e-12)
