"""A sine through data in their own units."""

from __future__ import annotations

import numpy as np
import pytest

from animate.errors import DataError
from animate.learn.data import RegressionData
from animate.learn.descent import descend
from animate.learn.optimizers import gradient_descent
from animate.learn.sines import level, wave_problem

X = np.linspace(3.0, 40.0, 50)
DATA = RegressionData(X, 200.0 + 30.0 * np.sin(0.4 * X + 0.3))


def test_parameters_in_units_draw_the_curve_that_the_objective_predicts() -> None:
    problem, params = wave_problem(DATA), np.array([0.7, 2.0, 0.5])
    scaled = problem.offset + problem.y_scaling.scale[0] * problem.objective.predictions(params)
    assert problem.curve(problem.in_units(params), X) == pytest.approx(scaled)


def test_units_and_back() -> None:
    problem = wave_problem(DATA)
    stack = np.array([[30.0, 0.4, 0.3], [1.0, 2.0, 3.0]])
    assert problem.in_units(problem.from_units(stack)) == pytest.approx(stack)


def test_the_best_sine_is_the_one_the_data_were_made_of() -> None:
    best, least = wave_problem(DATA, offset=200.0).best()
    assert best[:2] == pytest.approx([30.0, 0.4])
    assert least == pytest.approx(0.0, abs=1e-15)


def test_the_level_is_found_though_the_data_hold_no_whole_number_of_periods() -> None:
    assert level(DATA) == pytest.approx(200.0, abs=0.01)
    assert abs(DATA.y.mean() - 200.0) > 0.5


def test_a_descent_in_units_has_the_loss_of_its_curve() -> None:
    problem = wave_problem(DATA)
    path = descend(problem.objective, gradient_descent(0.05), problem.from_units(problem.one_period()), 20)
    shown = problem.trajectory_in_units(path)
    errors = [np.mean((problem.curve(params, X) - DATA.y) ** 2) for params in shown.params]
    assert shown.loss == pytest.approx(errors)


def test_one_period_begins_where_x_does_and_ends_where_it_ends() -> None:
    problem = wave_problem(DATA)
    at_ends = problem.curve(problem.one_period(), [X[0], X[-1]])
    assert at_ends == pytest.approx([problem.offset] * 2)


def test_from_near_the_best_descent_finds_it() -> None:
    problem = wave_problem(DATA, offset=200.0)
    path = descend(problem.objective, gradient_descent(0.05), problem.from_units(problem.near_best()), 2000)
    assert problem.in_units(path.final)[:2] == pytest.approx([30.0, 0.4], rel=1e-6)


def test_four_distinct_x_are_too_few() -> None:
    with pytest.raises(DataError, match="at least five distinct x values; got 4"):
        wave_problem(RegressionData([0.0, 1.0, 2.0, 3.0, 3.0], [1.0, 2.0, 3.0, 4.0, 5.0]))
