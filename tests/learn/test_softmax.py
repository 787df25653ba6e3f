"""Multinomial logistic regression against scikit-learn's."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special
from scipy.optimize import linprog
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from animate.errors import DataError, SeparableError
from animate.learn.data import penguins
from animate.learn.objectives import logistic
from animate.learn.scaling import Scaling
from animate.learn.softmax import Softmax, multinomial, softmax, softmax_problem

SPECIES = ["Adelie", "Chinstrap", "Gentoo"]
DATA = penguins(["bill_length_mm", "bill_depth_mm"], SPECIES)
FEATURES = Scaling.standardize(DATA.X).apply(DATA.X)
PARAMS = np.random.default_rng(0).normal(size=9)
Differences = Callable[..., np.ndarray]


def _objective(penalty: float = 0.05) -> Softmax:
    return multinomial(FEATURES, DATA.labels, ridge_penalty=penalty)


@given(st.lists(st.floats(-800, 800), min_size=2, max_size=5))
def test_softmax_equals_scipys(logits: list[float]) -> None:
    assert softmax(np.array(logits)) == pytest.approx(special.softmax(logits), rel=1e-12, abs=1e-300)


def test_value_equals_sklearns_log_loss() -> None:
    objective = _objective(0.0)
    assert objective.value(PARAMS) == pytest.approx(log_loss(DATA.labels, objective.probabilities(PARAMS)), rel=1e-10)


def test_value_stays_finite_at_huge_logits() -> None:
    assert np.isfinite(_objective().value(1e4 * PARAMS))


@pytest.mark.parametrize("penalty", [0.01, 0.5])
def test_penalized_optimum_equals_sklearns(penalty: float) -> None:
    # sklearn minimizes C sum(loss) + ½ ||w||^2: C is 1 / (λ n). Its intercepts may differ by one constant.
    model = LogisticRegression(C=1.0 / (penalty * len(FEATURES)), tol=1e-10, max_iter=10_000)
    model.fit(FEATURES, DATA.labels)
    objective = _objective(penalty)
    found = objective.matrix(objective.optimum())
    assert found[:, :2] == pytest.approx(model.coef_, abs=1e-5)
    assert found[:, 2] == pytest.approx(model.intercept_ - model.intercept_.mean(), abs=1e-5)


def test_optimum_without_penalty_is_stationary_and_its_rows_add_up_to_zero() -> None:
    objective = _objective(0.0)
    optimum = objective.optimum()
    assert np.abs(objective.gradient(optimum)).max() < 1e-11
    assert objective.matrix(optimum).sum(axis=0) == pytest.approx(np.zeros(3), abs=1e-9)


def test_two_classes_are_logistic_regression() -> None:
    data = penguins(["bill_length_mm"])
    features = Scaling.standardize(data.X).apply(data.X)
    found = multinomial(features, data.labels).optimum()
    expected = logistic(features, data.labels).optimum()
    assert found[2:] - found[:2] == pytest.approx(expected, rel=1e-8)


def test_gradient_is_the_slope_of_the_value(central_differences: Differences) -> None:
    objective = _objective(0.3)
    assert objective.gradient(PARAMS) == pytest.approx(central_differences(objective.value, PARAMS), abs=1e-8)


def test_hessian_is_the_slope_of_the_gradient(central_differences: Differences) -> None:
    objective = _objective(0.3)
    assert objective.hessian(PARAMS) == pytest.approx(central_differences(objective.gradient, PARAMS), abs=1e-7)


def test_gradient_over_rows_is_that_of_the_objective_of_those_rows() -> None:
    rows = np.array([5, 200, 300, 5])
    part = Softmax(_objective().design[rows], DATA.labels[rows], 3, 0.05)
    assert _objective().gradient(PARAMS, rows) == pytest.approx(part.gradient(PARAMS), rel=1e-12)


def test_values_of_a_stack_are_the_values_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    objective, stack = _objective(), np.random.default_rng(1).normal(size=(4, 5, 9))
    expected = [[objective.value(params) for params in row] for row in stack]
    monkeypatch.setattr("animate.learn.evaluation._CHUNK", 3000)
    assert objective.values(stack) == pytest.approx(np.array(expected), rel=1e-12)


def test_moving_all_classes_together_changes_nothing() -> None:
    objective = _objective(0.0)
    moved = (objective.matrix(PARAMS) + np.array([3.0, -2.0, 5.0])).ravel()
    assert objective.value(moved) == pytest.approx(objective.value(PARAMS), rel=1e-12)


def test_separable_classes_have_no_optimum() -> None:
    with pytest.raises(DataError, match="classes are separable, so the cross-entropy has no finite optimum"):
        multinomial([0.0, 1.0, 2.0, 3.0, 4.0, 5.0], [0, 0, 1, 1, 2, 2]).optimum()


def test_a_ridge_penalty_gives_separable_classes_an_optimum() -> None:
    objective = multinomial([0.0, 1.0, 2.0, 3.0, 4.0, 5.0], [0, 0, 1, 1, 2, 2], ridge_penalty=0.01)
    assert np.abs(objective.gradient(objective.optimum())).max() < 1e-11


def test_problem_in_units_gives_the_same_probabilities() -> None:
    problem = softmax_problem(DATA)
    optimum = problem.objective.optimum()
    raw = multinomial(DATA.X, DATA.labels)
    in_units = problem.in_units(optimum)
    assert in_units.shape == (3, 3)
    assert raw.probabilities(in_units.ravel()) == pytest.approx(problem.objective.probabilities(optimum), abs=1e-9)


def test_problem_accuracy_equals_sklearns() -> None:
    model = LogisticRegression(C=1.0 / (0.05 * len(FEATURES)), tol=1e-10, max_iter=10_000)
    expected = model.fit(FEATURES, DATA.labels).score(FEATURES, DATA.labels)
    problem = softmax_problem(DATA, ridge_penalty=0.05)
    assert problem.accuracy(problem.objective.optimum()) == pytest.approx(expected)


@pytest.mark.parametrize("labels", [[0, 0, 0], [0, 2, 2], [1, 2, 3], [0.5, 1, 0]])
def test_labels_that_leave_one_out_are_refused(labels: list[float]) -> None:
    with pytest.raises(ValueError, match=r"labels must be 0, 1, \.\.\., each at least once"):
        multinomial([0.0, 1.0, 2.0], labels)


def test_a_class_cut_off_from_two_that_overlap_leaves_no_optimum() -> None:
    # By bill depth and flipper length Gentoo stand apart; Adelie and Chinstrap overlap.
    problem = softmax_problem(penguins(["flipper_length_mm", "bill_depth_mm"], SPECIES))
    assert problem.is_separable
    assert not softmax_problem(DATA).is_separable
    with pytest.raises(DataError, match="classes are separable"):
        problem.objective.optimum()


@pytest.mark.parametrize("condition_number", [1.0, 1e6, 1e12])
def test_optimum_is_stationary_and_told_apart_from_none_at_any_condition_number(condition_number: float) -> None:
    rng = np.random.default_rng(1)
    X = rng.normal(size=(90, 2)) @ [[1.0, 1.0], [0.0, 1.0 / np.sqrt(condition_number)]]
    labels = (X[:, 0] + rng.logistic(size=90) > 0.0) + 1.0 * (rng.random(90) < 0.3)
    objective = multinomial(X, labels)
    assert np.abs(objective.gradient(objective.optimum())).max() < 1e-9
    apart = multinomial(X, 1.0 * (X[:, 0] > 0.0) + (X[:, 0] > 1.0) * (labels > 0.0))
    with pytest.raises(DataError, match="classes are separable"):
        apart.optimum()


@pytest.mark.parametrize("seed", range(30))
def test_classes_are_separable_where_a_linear_program_says_so(seed: int) -> None:
    rng = np.random.default_rng(seed)
    X = rng.integers(0, 5, (14, 2)).astype(float)  # many ties: lines through points are what is hard to tell
    labels = (X.sum(axis=1) + (seed % 3) * rng.integers(-1, 2, 14) > 4).astype(float)
    labels[np.argmin(X.sum(axis=1))], labels[np.argmax(X.sum(axis=1))] = 0.0, 1.0
    margins = (2.0 * labels - 1.0)[:, None] * np.column_stack([X, np.ones(14)])
    best = linprog(-margins.sum(axis=0), A_ub=-margins, b_ub=np.zeros(14), bounds=(-1, 1))
    for objective in (multinomial(X, labels), logistic(X, labels)):
        if -best.fun > 1e-6:
            with pytest.raises(SeparableError):
                objective.optimum()
        else:
            assert np.abs(objective.gradient(objective.optimum())).max() < 1e-12
