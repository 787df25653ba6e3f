"""Numbers under strain: bad conditioning, tiny and huge features, columns that say nothing, few and many points.

Oracles are scipy and scikit-learn, on columns scaled to deviation 1 where theirs would lose digits. Their scalings:
``Ridge(alpha=n λ / 2)`` for mean(r²) + ½λ‖w‖², ``LogisticRegression(C=1 / (n λ))`` for the mean log loss + ½λ‖w‖².
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import linalg, optimize
from scipy.special import expit
from sklearn.linear_model import HuberRegressor, LogisticRegression, QuantileRegressor, Ridge

from animate.errors import DataError
from animate.learn.data import RegressionData
from animate.learn.descent import descend
from animate.learn.losses import LOSSES, huber
from animate.learn.objectives import LinearPredictor, linear, logistic
from animate.learn.optimizers import gradient_descent
from animate.learn.tables import parse_csv
from animate.learn.validation import Floats

SCALES = (1e-9, 1.0, 1e9)
SMOOTH = ("squared", "half_squared", "huber", "log_loss", "sigmoid_squared")


def conditioned(rng: np.random.Generator, n_samples: int, condition_number: float) -> Floats:
    """Return centered features whose Hessian, without the intercept, has a condition number."""
    raw = rng.standard_normal((n_samples, 3))
    basis = np.linalg.qr(raw - raw.mean(axis=0))[0]
    turned = np.linalg.qr(rng.standard_normal((3, 3)))[0]
    widths = np.geomspace(1.0, 1.0 / np.sqrt(condition_number), 3)
    return np.asarray(basis * widths * np.sqrt(n_samples) @ turned.T, dtype=float)


def mixed(rng: np.random.Generator, n_samples: int = 60) -> tuple[Floats, Floats, Floats]:
    """Return features of deviation 1, targets on a noisy plane, and labels that no plane separates."""
    X = rng.standard_normal((n_samples, 2))
    y = X @ [1.5, -2.0] + 3.0 + 0.3 * rng.standard_normal(n_samples)
    return X, y, (X[:, 0] + rng.standard_normal(n_samples) > 0).astype(float)


def gradient_size(objective: LinearPredictor, params: Floats) -> float:
    """Return the largest part of the gradient, each as a share of the pulls that cancel in it."""
    pulls = np.abs(objective.loss.derivative(objective.predictions(params), objective.targets))
    return float(np.max(np.abs(objective.gradient(params)) / (pulls @ np.abs(objective.design) / len(pulls))))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("loss", SMOOTH)
def test_gradients_are_the_differences_of_values_on_random_problems(loss: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    X, y, labels = mixed(rng)
    targets = labels if loss in ("log_loss", "sigmoid_squared") else y
    objective = linear(X, targets, loss=loss, ridge_penalty=0.1 * seed)
    params = rng.standard_normal(3)
    expected = optimize.approx_fprime(params, objective.value, 1e-7)
    np.testing.assert_allclose(objective.gradient(params), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("condition_number", [1.0, 1e6, 1e12])
@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("loss", ["squared", "log_loss"])
def test_gradients_at_any_unit_and_condition_are_those_of_longer_numbers(
    loss: str, scale: float, condition_number: float
) -> None:
    rng = np.random.default_rng(6)
    X = conditioned(rng, 50, condition_number) * scale
    y = (rng.random(50) < 0.5).astype(float) if loss == "log_loss" else rng.standard_normal(50)
    objective, params = linear(X, y, loss=loss), np.append(rng.standard_normal(3) / scale, 0.3)
    design, y_long = objective.design.astype(np.longdouble), y.astype(np.longdouble)
    predicted = design @ params.astype(np.longdouble)
    slopes = 1.0 / (1.0 + np.exp(-predicted)) - y_long if loss == "log_loss" else 2.0 * (predicted - y_long)
    pulls = np.abs(slopes) @ np.abs(design) / len(y)
    error = np.abs(objective.gradient(params) - slopes @ design / len(y)) / pulls
    assert float(error.max()) < 1e-13


@pytest.mark.parametrize("condition_number", [1.0, 1e4, 1e8, 1e12])
@pytest.mark.parametrize("seed", range(3))
def test_least_squares_equal_those_of_scipy_up_to_a_condition_number_of_1e12(
    condition_number: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    X = conditioned(rng, 50, condition_number)
    y = X @ rng.standard_normal(3) + 1.0 + 0.1 * rng.standard_normal(50)
    objective = linear(X, y)
    expected = linalg.lstsq(objective.design, y, lapack_driver="gelsy")[0]
    np.testing.assert_allclose(objective.optimum(), expected, rtol=1e-8)
    told = objective.condition_number()
    assert told == pytest.approx(np.linalg.cond(objective.design) ** 2, rel=1e-3)


@pytest.mark.parametrize("condition_number", [1.0, 1e4, 1e8, 1e12])
def test_logistic_and_huber_optima_have_no_gradient_left_up_to_a_condition_number_of_1e12(
    condition_number: float,
) -> None:
    rng = np.random.default_rng(4)
    X = conditioned(rng, 80, condition_number)
    labels = (rng.random(80) < expit(X @ [1.0, 1.0, 1.0])).astype(float)
    for objective in (logistic(X, labels), linear(X, X.sum(axis=1) + rng.standard_t(2, 80), loss=huber(0.5))):
        assert gradient_size(objective, objective.optimum()) < 1e-9


@pytest.mark.parametrize("delta", [1e-6, 1e-3, 1.0])
@pytest.mark.parametrize("seed", [7, 27, 35])  # grids, heavy tails: where plain damped steps got lost
def test_a_huber_optimum_is_found_at_a_width_far_below_the_residuals(seed: int, delta: float) -> None:
    rng = np.random.default_rng(seed)
    X = rng.integers(0, 5, (30, 2)).astype(float)
    y = X.sum(axis=1) + 100.0 * rng.standard_t(1.5, 30)
    objective = linear(X, y, loss=huber(delta))
    assert np.abs(objective.gradient(objective.optimum())).max() < 1e-7 * delta + 1e-12


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("seed", range(3))
def test_optima_at_any_unit_of_the_features_equal_those_of_scikit_learn(scale: float, seed: int) -> None:
    X, y, labels = mixed(np.random.default_rng(seed))
    units = np.array([scale, scale, 1.0])
    plane = Ridge(alpha=0.0).fit(X, y)
    median = QuantileRegressor(alpha=0.0, solver="highs").fit(X, y)
    curve = LogisticRegression(C=1e12, tol=1e-10, max_iter=1000).fit(X, labels)
    for objective, theirs, digits in (
        (linear(X * scale, y), plane, 1e-9),
        (linear(X * scale, y, loss="absolute"), median, 1e-6),
        (logistic(X * scale, labels), curve, 1e-4),
    ):
        expected = np.append(np.ravel(theirs.coef_), theirs.intercept_)
        np.testing.assert_allclose(objective.optimum() * units, expected, rtol=digits, atol=digits)


@pytest.mark.parametrize("scale", SCALES)
def test_ridge_optima_at_any_unit_equal_those_of_scikit_learn(scale: float) -> None:
    X, y, labels = mixed(np.random.default_rng(0))
    units, penalty = np.array([scale, scale, 1.0]), 0.3
    plane = Ridge(alpha=len(y) * penalty / 2.0).fit(X, y)
    curve = LogisticRegression(C=1.0 / (len(y) * penalty), tol=1e-10, max_iter=1000).fit(X, labels)
    for objective, theirs in (
        (linear(X * scale, y, ridge_penalty=penalty * scale**2), plane),
        (logistic(X * scale, labels, ridge_penalty=penalty * scale**2), curve),
    ):
        expected = np.append(np.ravel(theirs.coef_), theirs.intercept_)
        np.testing.assert_allclose(objective.optimum() * units, expected, rtol=1e-5)


def test_a_huber_optimum_equals_that_of_scikit_learn() -> None:
    X, y, _ = mixed(np.random.default_rng(0), 500)
    theirs = HuberRegressor(epsilon=1.35, alpha=0.0, tol=1e-10, max_iter=1000).fit(X, y)
    ours = linear(X, y, loss=huber(1.35 * theirs.scale_)).optimum()
    np.testing.assert_allclose(ours, np.append(theirs.coef_, theirs.intercept_), rtol=1e-4)


@pytest.mark.parametrize("loss", ["squared", "huber", "log_loss"])
def test_a_penalty_on_features_of_very_different_units_has_an_optimum(loss: str) -> None:
    X, y, labels = mixed(np.random.default_rng(1))
    objective = linear(X * [1e-9, 1e9], labels if loss == "log_loss" else y, loss=loss, ridge_penalty=0.1)
    params = objective.optimum()
    assert gradient_size(objective, params) < 1e-6
    assert abs(params[0]) < 1e-6  # its column is far too small for its penalty


@pytest.mark.parametrize("second", ["constant", "zero", "duplicated", "collinear", "constant 1e9"])
@pytest.mark.parametrize("loss", ["squared", "huber", "log_loss"])
def test_a_column_that_says_nothing_leaves_the_predictions_of_the_others(second: str, loss: str) -> None:
    X, y, labels = mixed(np.random.default_rng(2))
    x, targets = X[:, :1], labels if loss == "log_loss" else y
    column = {
        "constant": np.full_like(x, 7.3), "zero": np.zeros_like(x), "duplicated": x, "collinear": 3.0 * x - 2.0,
        "constant 1e9": np.full_like(x, 1e9),
    }[second]  # fmt: skip
    alone, both = linear(x, targets, loss=loss), linear(np.hstack([x, column]), targets, loss=loss)
    np.testing.assert_allclose(both.predictions(both.optimum()), alone.predictions(alone.optimum()), rtol=1e-6)
    assert both.condition_number() == np.inf


def test_the_absolute_loss_says_that_a_column_says_nothing() -> None:
    with pytest.raises(DataError, match="constant or collinear"):
        linear(np.full(9, 2.0), np.arange(9.0), loss="absolute").optimum()


@pytest.mark.parametrize("n_samples", [2, 3, 100_000])
def test_two_to_a_hundred_thousand_points_have_the_line_of_scipy(n_samples: int) -> None:
    rng = np.random.default_rng(3)
    x = rng.standard_normal(n_samples)
    y = 2.0 * x + 1.0 + rng.standard_normal(n_samples)
    expected = linalg.lstsq(np.column_stack([x, np.ones(n_samples)]), y)[0]
    np.testing.assert_allclose(linear(x, y).optimum(), expected, rtol=1e-9)


def test_a_hundred_thousand_points_are_also_told_apart_and_fitted_robustly() -> None:
    X, y, labels = mixed(np.random.default_rng(3), 100_000)
    for objective in (logistic(X, labels), linear(X, y, loss=huber(0.2))):
        assert gradient_size(objective, objective.optimum()) < 1e-10


def test_two_points_of_two_classes_are_told_to_be_separable() -> None:
    with pytest.raises(DataError, match="separable"):
        logistic([[0.0], [1.0]], [0.0, 1.0]).optimum()


@pytest.mark.parametrize("scale", [1e-200, 1e-100, 1e100, 1e160, 1e250])
@pytest.mark.parametrize("loss", ["squared", "huber", "absolute", "log_loss"])
def test_optima_hold_where_squares_of_the_features_overflow_or_vanish(scale: float, loss: str) -> None:
    X, y, labels = mixed(np.random.default_rng(5))
    targets = labels if loss == "log_loss" else y
    found = linear(X * scale, targets, loss=loss).optimum() * [scale, scale, 1.0]
    np.testing.assert_allclose(found, linear(X, targets, loss=loss).optimum(), rtol=1e-6)


def test_a_hessian_that_overflows_is_refused_with_what_to_do() -> None:
    with pytest.raises(DataError, match="features must be small enough to be squared; got 2e\\+160"):
        linear([1e160, -2e160], [1.0, 2.0]).condition_number()


def test_a_sum_of_squares_that_overflows_is_infinite_and_divergence_is_told() -> None:
    objective = linear([0.0, 1.0], [1e200, -1e200])
    assert objective.value([0.0, 0.0]) == np.inf
    assert descend(objective, gradient_descent(0.1), [0.0, 0.0], 3).diverged_at == 0
    np.testing.assert_allclose(objective.optimum(), [-2e200, 1e200])


@pytest.mark.parametrize(("logit", "loss", "slope"), [(1e4, 0.0, 0.0), (-1e4, 1e4, -1.0)])
def test_logits_of_ten_thousand_are_exact(logit: float, loss: float, slope: float) -> None:
    logits, labels = np.array([logit]), np.array([1.0])
    assert LOSSES["log_loss"].value(logits, labels)[0] == loss
    assert LOSSES["log_loss"].derivative(logits, labels)[0] == slope
    curvature = LOSSES["log_loss"].curvature
    assert curvature is not None
    assert curvature(logits, labels)[0] == 0.0


@pytest.mark.parametrize("cells", ["1e200 2e200", "-1e101 0"])
def test_numbers_in_a_file_whose_squares_would_overflow_are_named(cells: str) -> None:
    first, second = cells.split()
    table = parse_csv(f"x,y\n{first},1\n{second},2\n", "own.csv")
    with pytest.raises(DataError, match=f"own.csv, row 2, column 'x': the number must be at most 1e\\+100 .*{first}"):
        RegressionData.from_table(table)


def test_a_spread_in_a_file_whose_square_vanishes_is_none() -> None:
    with pytest.raises(DataError, match=r"column .x.: it must have two distinct values"):
        RegressionData.from_table(parse_csv("x,y\n1e-200,1\n2e-200,2\n", "own.csv"))
