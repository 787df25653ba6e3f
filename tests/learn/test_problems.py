"""Problems: what descent reaches on scaled features, told in the data's own units."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from animate.errors import DataError
from animate.learn.data import RegressionData, penguins
from animate.learn.datasets import line, sine
from animate.learn.descent import descend
from animate.learn.losses import r_squared
from animate.learn.optimizers import gradient_descent
from animate.learn.problems import linear_problem, logistic_problem, polynomial_problem
from animate.learn.tables import shipped_table

NORRIS = RegressionData.from_table(shipped_table("norris"))


@pytest.mark.parametrize("standardize", [False, True])
def test_norris_optimum_in_units_is_the_certified_one(standardize: bool) -> None:
    problem = linear_problem(NORRIS, standardize=standardize)
    slope, intercept = problem.in_units(problem.objective.optimum())
    assert slope == pytest.approx(1.00211681802045, rel=1e-13)
    assert intercept == pytest.approx(-0.262323073774029, rel=1e-11)


def test_batch_descent_on_standardized_norris_reaches_the_certified_line() -> None:
    problem = linear_problem(NORRIS, standardize=True)
    path = descend(problem.objective, gradient_descent(0.2), [0.0, 0.0], 60)
    assert problem.in_units(path.final) == pytest.approx([1.00211681802045, -0.262323073774029], rel=1e-9)


@pytest.mark.parametrize("standardize", [False, True])
def test_value_and_r_squared_do_not_depend_on_scaling(standardize: bool) -> None:
    problem = linear_problem(NORRIS, standardize=standardize)
    params = problem.from_units([0.9, 3.0])
    predictions = 0.9 * NORRIS.x + 3.0
    assert problem.objective.value(params) == pytest.approx(np.mean((predictions - NORRIS.y) ** 2), rel=1e-12)
    assert problem.r_squared(params) == pytest.approx(r_squared(NORRIS.y, predictions), rel=1e-12)


@pytest.mark.parametrize("standardize", [False, True])
def test_penguins_by_bill_length_are_told_apart_as_known(standardize: bool) -> None:
    problem = logistic_problem(penguins(["bill_length_mm"]), standardize=standardize)
    optimum = problem.objective.optimum()
    assert problem.in_units(optimum) == pytest.approx([1.04913, -46.2579], rel=3e-6)
    assert round(problem.objective.value(optimum), 6) == 0.115321
    assert f"{problem.accuracy(optimum):.1%}" == "95.0%"


def test_penguins_by_length_and_depth_are_told_apart_as_known() -> None:
    problem = logistic_problem(penguins(["bill_length_mm", "bill_depth_mm"]))
    optimum = problem.objective.optimum()
    assert problem.in_units(optimum) == pytest.approx([2.20095, -3.97873, -24.0945], rel=3e-6)
    assert round(problem.objective.value(optimum), 6) == 0.042675


def test_right_marks_the_points_on_their_side_of_the_boundary() -> None:
    problem = logistic_problem(penguins(["bill_length_mm"]), standardize=False)
    expected = (problem.data.X[:, 0] > 44.0) == (problem.data.labels == 1.0)
    assert problem.right(np.array([1.0, -44.0])).tolist() == expected.tolist()


def test_problems_can_be_pickled() -> None:
    problem = linear_problem(line(10), standardize=True)
    copy = pickle.loads(pickle.dumps(problem))
    assert copy.objective.optimum().tolist() == problem.objective.optimum().tolist()


@pytest.mark.parametrize("degree", [1, 2, 5, 9])
def test_polynomial_optimum_in_units_is_numpys_fit(degree: int) -> None:
    data = sine(40, rng=5)
    problem = polynomial_problem(data, degree)
    expected = np.polynomial.Polynomial.fit(data.x, data.y, degree).convert().coef
    found = problem.in_units(problem.objective.optimum())
    assert np.roll(found, 1) == pytest.approx(expected, rel=1e-5, abs=1e-6)


def test_polynomial_curve_at_the_data_is_its_predictions() -> None:
    problem = polynomial_problem(sine(40, rng=5), 4)
    stack = np.random.default_rng(0).normal(size=(3, 5))
    expected = [problem.objective.predictions(params) for params in stack]
    assert problem.curve(stack, problem.data.x) == pytest.approx(np.array(expected), rel=1e-9)


def test_polynomial_in_units_is_the_same_curve() -> None:
    problem = polynomial_problem(NORRIS, 3)
    params, x = np.array([100.0, -20.0, 5.0, 400.0]), np.array([10.0, 500.0, 990.0])
    *coefficients, intercept = problem.in_units(params)
    expected = np.polynomial.Polynomial([intercept, *coefficients])(x)
    assert problem.curve(params, x) == pytest.approx(expected, rel=1e-9)


def test_polynomial_degree_above_the_distinct_points_is_refused() -> None:
    data = RegressionData([1.0, 2.0, 3.0, 3.0], [1.0, 2.0, 3.0, 4.0])
    with pytest.raises(DataError, match="below the number of distinct x values, which is 3; got 3"):
        polynomial_problem(data, 3)


def test_the_boundary_of_a_sigmoid_is_where_scikit_learn_gives_one_half() -> None:
    data = penguins(["bill_length_mm"])
    fit = LogisticRegression(C=np.inf, tol=1e-12, max_iter=10_000, solver="newton-cholesky").fit(data.X, data.labels)
    problem = logistic_problem(data)
    at = float(problem.boundaries(problem.objective.optimum()))
    assert fit.predict_proba([[at]])[0, 1] == pytest.approx(0.5, abs=1e-6)
    assert problem.lowest == pytest.approx(log_loss(data.labels, fit.predict_proba(data.X)), rel=1e-9)
    with np.errstate(all="raise"):
        assert not np.isfinite(problem.boundaries([0.0, 1.0]))
