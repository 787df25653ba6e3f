"""The lasso against scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import Lasso as SklearnLasso

from animate.errors import DataError
from animate.learn.lasso import lasso, proximal_descend, soft_threshold
from animate.learn.objectives import linear

RNG = np.random.default_rng(8)
X = RNG.normal(size=(50, 4)) * [1.0, 2.0, 0.5, 1.5] + 1.0
Y = X @ [2.0, 0.0, -1.0, 0.1] + 3.0 + 0.5 * RNG.normal(size=50)
HIGHEST = float(np.abs((X - X.mean(axis=0)).T @ (Y - Y.mean())).max() / 50)


@pytest.mark.parametrize("penalty", [0.01, 0.1, 0.5, 1.5])
def test_optimum_equals_sklearns(penalty: float) -> None:
    # sklearn minimizes 1 / (2 n) sum r^2 + alpha ||w||_1: alpha is our penalty.
    model = SklearnLasso(alpha=penalty, tol=1e-14, max_iter=1_000_000).fit(X, Y)
    expected = np.append(model.coef_, model.intercept_)
    found = lasso(X, Y, lasso_penalty=penalty).optimum()
    assert found == pytest.approx(expected, rel=1e-6, abs=1e-8)
    assert ((found[:-1] == 0.0) == (model.coef_ == 0.0)).all()


def test_proximal_steps_end_on_the_optimum_with_exact_zeros() -> None:
    objective = lasso(X, Y, lasso_penalty=0.5)
    path = proximal_descend(objective, 0.5 * objective.stability_limit(), np.ones(5), 3000)
    optimum = objective.optimum()
    assert path.final == pytest.approx(optimum, abs=1e-9)
    assert (path.final == 0.0).tolist() == (optimum == 0.0).tolist()
    assert (path.final == 0.0).any()


def test_proximal_steps_up_to_half_the_limit_never_raise_the_value() -> None:
    objective = lasso(X, Y, lasso_penalty=0.3)
    loss = proximal_descend(objective, 0.5 * objective.stability_limit(), np.full(5, 4.0), 300).loss
    assert (np.diff(loss) <= 1e-14 * loss[0]).all()


def test_a_penalty_at_its_highest_makes_every_weight_zero() -> None:
    # λ_max = max |X_c^T y_c| / n
    assert not lasso(X, Y, lasso_penalty=HIGHEST * 1.0001).optimum()[:-1].any()
    assert lasso(X, Y, lasso_penalty=HIGHEST * 0.9999).optimum()[:-1].any()


def test_without_penalty_it_is_least_squares() -> None:
    assert lasso(X, Y, lasso_penalty=0.0).optimum() == pytest.approx(linear(X, Y).optimum(), rel=1e-9)


def test_value_is_half_the_mean_square_plus_the_sizes_of_the_weights() -> None:
    params = np.array([1.0, -2.0, 0.0, 0.5, 4.0])
    expected = 0.5 * np.mean((X @ params[:-1] + 4.0 - Y) ** 2) + 0.7 * 3.5
    assert lasso(X, Y, lasso_penalty=0.7).value(params) == pytest.approx(expected, rel=1e-12)


def test_values_of_a_stack_are_the_values_one_by_one() -> None:
    objective, stack = lasso(X, Y, lasso_penalty=0.7), np.random.default_rng(0).normal(size=(2, 3, 5))
    expected = [[objective.value(params) for params in row] for row in stack]
    assert objective.values(stack) == pytest.approx(np.array(expected), rel=1e-12)


@given(st.integers(0, 2**32 - 1))
def test_no_neighbor_of_the_optimum_is_lower(seed: int) -> None:
    objective = lasso(X, Y, lasso_penalty=0.4)
    optimum = objective.optimum()
    moves = np.random.default_rng(seed).normal(scale=0.01, size=(50, 5))
    assert (objective.values(optimum + moves) >= objective.value(optimum)).all()


@given(st.floats(-100, 100), st.floats(0, 50), st.floats(-150, 150))
def test_soft_threshold_is_the_proximal_map(value: float, threshold: float, other: float) -> None:
    found = float(soft_threshold(np.array(value), threshold))

    def cost(weight: float) -> float:
        return 0.5 * (weight - value) ** 2 + threshold * abs(weight)

    assert cost(found) <= cost(other) + 1e-9 * (1.0 + cost(other))


def test_subgradient_is_that_of_the_smooth_part_and_the_sign() -> None:
    objective = lasso(X, Y, lasso_penalty=0.7)
    params = np.array([1.0, -2.0, 0.0, 0.5, 4.0])
    expected = linear(X, Y, loss="half_squared").gradient(params) + 0.7 * np.array([1.0, -1.0, 0.0, 1.0, 0.0])
    assert objective.gradient(params) == pytest.approx(expected, rel=1e-12)


def test_a_constant_column_gets_weight_zero() -> None:
    features = np.column_stack([X[:, 0], np.full(50, 2.0)])
    assert lasso(features, Y, lasso_penalty=0.1).optimum()[1] == 0.0


def test_features_that_all_stand_still_leave_the_mean() -> None:
    assert lasso([2.0, 2.0, 2.0], [1.0, 2.0, 6.0], lasso_penalty=0.1).optimum() == pytest.approx([0.0, 3.0])


def test_a_negative_penalty_is_refused() -> None:
    with pytest.raises(ValueError, match="lasso_penalty must be 0 or more and finite; got -1"):
        lasso(X, Y, lasso_penalty=-1)


def test_features_that_are_hardly_different_are_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("animate.learn.lasso._MOST_SWEEPS", 50)
    features = np.column_stack([X[:, 0], X[:, 0] + 1e-4 * X[:, 1]])
    with pytest.raises(DataError, match="features are too nearly collinear"):
        lasso(features, Y, lasso_penalty=1e-6).optimum()
