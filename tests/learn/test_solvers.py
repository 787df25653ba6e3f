"""Optima against certified values, scipy and scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.optimize import linprog, minimize
from sklearn.linear_model import LogisticRegression, Ridge

from animate.errors import DataError
from animate.learn.data import RegressionData, penguins
from animate.learn.losses import huber
from animate.learn.objectives import linear, logistic, polynomial
from animate.learn.scaling import Scaling
from animate.learn.tables import shipped_table

RNG = np.random.default_rng(11)
X = RNG.normal(size=(60, 2)) * [2.0, 0.3] + [5.0, -1.0]
Y = X @ [1.2, -3.0] + 4.0 + RNG.standard_t(2, size=60)


def test_norris_in_raw_units_is_the_certified_fit() -> None:
    # NIST StRD, Norris: certified intercept and slope.
    data = RegressionData.from_table(shipped_table("norris"))
    slope, intercept = linear(data.x, data.y).optimum()
    assert slope == pytest.approx(1.00211681802045, rel=1e-14)
    assert intercept == pytest.approx(-0.262323073774029, rel=1e-12)


@pytest.mark.parametrize("series", ["I", "II", "III", "IV"])
def test_anscombes_four_sets_have_one_line(series: str) -> None:
    table = shipped_table("anscombe")
    kept = np.array(table.labels("series")) == series
    slope, intercept = linear(table.numbers("x")[kept], table.numbers("y")[kept]).optimum()
    assert (round(slope, 2), round(intercept, 2)) == (0.5, 3.0)


def test_halving_the_squared_loss_does_not_move_its_optimum() -> None:
    assert linear(X, Y, loss="half_squared").optimum() == pytest.approx(linear(X, Y).optimum(), rel=1e-12)


@pytest.mark.parametrize(("loss", "factor"), [("squared", 0.5), ("half_squared", 1.0)])
def test_ridge_optimum_equals_sklearns(loss: str, factor: float) -> None:
    # sklearn minimizes sum r^2 + alpha ||w||^2: alpha is n λ for half_squared, ½ n λ for squared.
    penalty = 0.37
    ridge = Ridge(alpha=factor * penalty * len(Y)).fit(X, Y)
    expected = np.append(ridge.coef_, ridge.intercept_)
    assert linear(X, Y, loss=loss, ridge_penalty=penalty).optimum() == pytest.approx(expected, rel=1e-10)


def test_polynomial_optimum_equals_numpys() -> None:
    x = np.linspace(1.0, 10.0, 30)
    y = np.sin(x)
    expected = np.append(np.polyfit(x, y, 4)[-2::-1], np.polyfit(x, y, 4)[-1])
    assert polynomial(x, y, 4).optimum() == pytest.approx(expected, rel=1e-8)


def test_logistic_optimum_on_bill_length_is_the_known_one() -> None:
    data = penguins(["bill_length_mm"])
    objective = logistic(data.X, data.labels)
    weight, intercept = objective.optimum()
    assert (round(weight, 5), round(intercept, 4)) == (1.04913, -46.2579)
    assert round(objective.value(objective.optimum()), 6) == 0.115321


def test_logistic_optimum_on_length_and_depth_is_the_known_one() -> None:
    data = penguins(["bill_length_mm", "bill_depth_mm"])
    objective = logistic(data.X, data.labels)
    assert objective.optimum() == pytest.approx([2.20095, -3.97873, -24.0945], rel=3e-6)
    assert round(objective.value(objective.optimum()), 6) == 0.042675


def test_penalized_logistic_optimum_equals_sklearns() -> None:
    # sklearn minimizes C sum(loss) + ½ ||w||^2: C is 1 / (λ n).
    data = penguins(["bill_length_mm", "bill_depth_mm"])
    features = Scaling.standardize(data.X).apply(data.X)
    penalty = 0.05
    model = LogisticRegression(C=1.0 / (penalty * len(features)), tol=1e-12, max_iter=10_000)
    model.fit(features, data.labels)
    expected = np.append(model.coef_, model.intercept_)
    found = logistic(features, data.labels, ridge_penalty=penalty).optimum()
    assert found == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("delta", [0.01, 0.5, 1.35, 20.0, 1e4])
def test_huber_optimum_is_no_worse_than_scipys(delta: float) -> None:
    objective = linear(X, Y, loss=huber(delta))
    found = objective.optimum()
    other = minimize(objective.value, objective.optimum() + 0.1, jac=objective.gradient, tol=1e-14)
    assert objective.value(found) <= other.fun + 1e-12 * abs(other.fun)


@pytest.mark.parametrize("delta", [0.05, 1.0, 1e4])
def test_huber_gradient_vanishes_at_the_optimum(delta: float) -> None:
    objective = linear(X, Y, loss=huber(delta), ridge_penalty=0.1)
    assert np.abs(objective.gradient(objective.optimum())).max() < 1e-12


def test_huber_optimum_with_a_large_delta_is_least_squares() -> None:
    assert linear(X, Y, loss=huber(1e6)).optimum() == pytest.approx(linear(X, Y).optimum(), rel=1e-9)


def _least_absolute(X: np.ndarray, y: np.ndarray) -> float:
    # As a linear program: min sum t, -t <= design p - y <= t.
    design = np.column_stack([X, np.ones(len(y))])
    n_samples, n_params = design.shape
    cost = np.append(np.zeros(n_params), np.full(n_samples, 1.0 / n_samples))
    above = np.block([[design, -np.eye(n_samples)], [-design, -np.eye(n_samples)]])
    return float(linprog(cost, A_ub=above, b_ub=np.append(y, -y), bounds=(None, None)).fun)


def test_absolute_optimum_equals_the_linear_programs() -> None:
    objective = linear(X, Y, loss="absolute")
    assert objective.value(objective.optimum()) == pytest.approx(_least_absolute(X, Y), rel=1e-9)


@example(1612, 18, 1)
@given(st.integers(0, 2**32 - 1), st.integers(4, 25), st.integers(1, 2))
def test_absolute_optimum_is_the_linear_programs_even_with_many_ties(
    seed: int, n_samples: int, n_features: int
) -> None:
    rng = np.random.default_rng(seed)
    X = np.column_stack([rng.permutation(n_samples) % 5 for _ in range(n_features)]).astype(float)
    y = rng.integers(0, 4, n_samples).astype(float)
    design = np.column_stack([X, np.ones(n_samples)])
    if np.linalg.matrix_rank(design) < n_features + 1:
        return
    objective = linear(X, y, loss="absolute")
    best = _least_absolute(X, y)
    assert objective.value(objective.optimum()) == pytest.approx(best, rel=1e-8, abs=1e-9)


def test_absolute_optimum_is_not_moved_by_one_outlier() -> None:
    x = np.arange(6.0)
    y = 2.0 * x + 1.0
    y[5] = 1000.0
    assert linear(x, y, loss="absolute").optimum() == pytest.approx([2.0, 1.0], rel=1e-12)


def test_a_constant_column_gets_weight_zero() -> None:
    y = np.array([1.0, 2.0, 6.0])
    assert linear(np.full((3, 1), 7.3), y).optimum() == pytest.approx([0.0, 3.0], abs=1e-14)


def test_collinear_columns_share_the_weight() -> None:
    x = np.array([0.0, 1.0, 2.0, 3.0])
    found = linear(np.column_stack([x, 10.0 * x]), 4.0 * x + 1.0).optimum()
    # On standardized columns both weights are equal: x and 10 x give 2 and 0.2.
    assert found == pytest.approx([2.0, 0.2, 1.0], rel=1e-12)


def test_collinear_columns_share_the_weight_in_logistic_regression() -> None:
    x = np.array([0.0, 1.0, 2.0, 3.0])
    labels = [0, 1, 0, 1]
    single = logistic(x, labels).optimum()
    double = logistic(np.column_stack([x, x]), labels).optimum()
    assert double == pytest.approx([single[0] / 2, single[0] / 2, single[1]], rel=1e-9)


@pytest.mark.parametrize("columns", [[[1.0, 1.0, 1.0, 1.0]], [[0.0, 1.0, 2.0, 3.0], [0.0, 2.0, 4.0, 6.0]]])
def test_absolute_loss_refuses_columns_that_determine_no_fit(columns: list[list[float]]) -> None:
    with pytest.raises(DataError, match="constant or collinear"):
        linear(np.transpose(columns), [1.0, 2.0, 3.0, 5.0], loss="absolute").optimum()


def test_absolute_loss_refuses_a_ridge_penalty() -> None:
    with pytest.raises(DataError, match="cannot be computed with a ridge penalty"):
        linear(X, Y, loss="absolute", ridge_penalty=0.1).optimum()


@pytest.mark.parametrize(
    ("x", "labels"),
    [
        ([-1.0, 1.0], [0, 1]),
        ([0.0, 1.0, 2.0, 3.0], [1, 1, 0, 0]),
        ([0.0, 1.0, 1.0, 2.0], [0, 0, 1, 1]),  # they meet on the boundary only
        ([0.0, 1.0, 2.0], [1, 1, 1]),
    ],
)
def test_separable_classes_have_no_optimum(x: list[float], labels: list[int]) -> None:
    with pytest.raises(DataError, match="classes are separable, so the log loss has no finite optimum"):
        logistic(x, labels).optimum()


def test_a_ridge_penalty_gives_separable_classes_an_optimum() -> None:
    objective = logistic([-1.0, 1.0], [0, 1], ridge_penalty=0.1)
    # By symmetry the intercept is 0 and the weight solves sigmoid(-w) = 0.1 w.
    weight, intercept = objective.optimum()
    assert 1.0 / (1.0 + np.exp(weight)) == pytest.approx(0.1 * weight, rel=1e-12)
    assert intercept == pytest.approx(0.0, abs=1e-12)


@given(st.integers(0, 2**32 - 1), st.floats(0.1, 6.0))
def test_logistic_optimum_is_stationary_or_refused_for_good_reason(seed: int, separation: float) -> None:
    rng = np.random.default_rng(seed)
    labels = np.arange(20) % 2
    x = rng.normal(size=20) + separation * labels
    zeros, ones = x[labels == 0], x[labels == 1]
    separable = zeros.max() < ones.min() or ones.max() < zeros.min()
    objective = logistic(x, labels)
    if separable:
        with pytest.raises(DataError, match="separable"):
            objective.optimum()
    else:
        assert np.abs(objective.gradient(objective.optimum())).max() < 1e-13


def test_the_optimum_cannot_be_spoiled_by_its_caller() -> None:
    objective = linear(X, Y)
    objective.optimum()[:] = 0.0
    assert objective.optimum()[0] != 0.0


def test_sigmoid_squared_ends_in_a_minimum_that_scipy_cannot_lower() -> None:
    data = penguins(["bill_length_mm", "bill_depth_mm"])
    features = Scaling.standardize(data.X).apply(data.X)
    objective = logistic(features, data.labels, loss="sigmoid_squared")
    optimum = objective.optimum()
    assert np.abs(objective.gradient(optimum)).max() < 1e-12
    assert np.linalg.eigvalsh(objective.hessian(optimum))[0] > 0.0
    assert minimize(objective.value, optimum, jac=objective.gradient).fun == pytest.approx(objective.value(optimum))
