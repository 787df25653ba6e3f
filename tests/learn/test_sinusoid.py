"""The sine of free amplitude, frequency and phase against scipy's curve_fit."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import curve_fit

from animate.errors import DataError
from animate.learn.data import RegressionData
from animate.learn.datasets import sine
from animate.learn.descent import descend
from animate.learn.optimizers import gradient_descent
from animate.learn.sinusoid import Sinusoid, harmonic_sums, level, likely_frequencies, sinusoid, sinusoid_problem

DATA = sine(60, amplitude=1.5, frequency=2.0, phase=0.4, noise=0.2, rng=4)
OBJECTIVE = sinusoid(DATA.x, DATA.y)
PARAMS = np.array([1.2, 1.7, -0.3])
Differences = Callable[..., np.ndarray]


def test_optimum_equals_scipys_curve_fit() -> None:
    def model(x: np.ndarray, amplitude: float, frequency: float, phase: float) -> np.ndarray:
        return amplitude * np.sin(frequency * x + phase)

    expected, _ = curve_fit(model, DATA.x, DATA.y, p0=[1.5, 2.0, 0.4], xtol=1e-12, ftol=1e-12)
    assert OBJECTIVE.optimum() == pytest.approx(expected, rel=1e-5)


@settings(max_examples=30)
@given(st.floats(0.5, 5.0), st.floats(0.6, 6.0), st.floats(-3.0, 3.0))
def test_a_sine_without_noise_is_found_again(amplitude: float, frequency: float, phase: float) -> None:
    x = np.linspace(0.0, 6.0, 50)
    found = sinusoid(x, amplitude * np.sin(frequency * x + phase)).optimum()
    assert found == pytest.approx([amplitude, frequency, phase], rel=1e-6, abs=1e-6)


def test_gradient_is_the_slope_of_the_value(central_differences: Differences) -> None:
    assert OBJECTIVE.gradient(PARAMS) == pytest.approx(central_differences(OBJECTIVE.value, PARAMS), abs=1e-7)


def test_hessian_is_the_slope_of_the_gradient(central_differences: Differences) -> None:
    assert OBJECTIVE.hessian(PARAMS) == pytest.approx(central_differences(OBJECTIVE.gradient, PARAMS), abs=1e-6)


def test_gradient_over_rows_is_that_of_the_wave_on_those_rows() -> None:
    rows = np.array([3, 50, 50, 12])
    part = sinusoid(DATA.x[rows], DATA.y[rows])
    assert OBJECTIVE.gradient(PARAMS, rows) == pytest.approx(part.gradient(PARAMS), rel=1e-12)


def test_values_of_a_stack_are_the_values_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    stack = np.random.default_rng(1).normal(size=(3, 4, 3))
    expected = [[OBJECTIVE.value(params) for params in row] for row in stack]
    monkeypatch.setattr("animate.learn.evaluation._CHUNK", 200)
    assert OBJECTIVE.values(stack) == pytest.approx(np.array(expected), rel=1e-12)


def test_predictions_at_other_points_are_a_sine() -> None:
    assert OBJECTIVE.predictions([2.0, 3.0, 0.5], [0.0, 1.0]) == pytest.approx(2.0 * np.sin([0.5, 3.5]))


def test_three_distinct_points_are_too_few() -> None:
    with pytest.raises(DataError, match="a sine needs at least four distinct x values; got 3"):
        Sinusoid(np.array([0.0, 1.0, 2.0, 2.0]), np.zeros(4)).optimum()


# A sine through data in their own units

X = np.linspace(3.0, 40.0, 50)
SINES_DATA = RegressionData(X, 200.0 + 30.0 * np.sin(0.4 * X + 0.3))


def test_parameters_in_units_draw_the_curve_that_the_objective_predicts() -> None:
    problem, params = sinusoid_problem(SINES_DATA), np.array([0.7, 2.0, 0.5])
    scaled = problem.offset + problem.y_scaling.scale[0] * problem.objective.predictions(params)
    assert problem.curve(problem.in_units(params), X) == pytest.approx(scaled)


def test_units_and_back() -> None:
    problem = sinusoid_problem(SINES_DATA)
    stack = np.array([[30.0, 0.4, 0.3], [1.0, 2.0, 3.0]])
    assert problem.in_units(problem.from_units(stack)) == pytest.approx(stack)


def test_the_best_sine_is_the_one_the_data_were_made_of() -> None:
    best, least = sinusoid_problem(SINES_DATA, offset=200.0).best()
    assert best[:2] == pytest.approx([30.0, 0.4])
    assert least == pytest.approx(0.0, abs=1e-15)


def test_the_level_is_found_though_the_data_hold_no_whole_number_of_periods() -> None:
    assert level(SINES_DATA) == pytest.approx(200.0, abs=0.01)
    assert abs(SINES_DATA.y.mean() - 200.0) > 0.5


def test_a_descent_in_units_has_the_loss_of_its_curve() -> None:
    problem = sinusoid_problem(SINES_DATA)
    path = descend(problem.objective, gradient_descent(0.05), problem.from_units(problem.near_best()), 20)
    shown = problem.trajectory_in_units(path)
    errors = [np.mean((problem.curve(params, X) - SINES_DATA.y) ** 2) for params in shown.params]
    assert shown.loss == pytest.approx(errors)


def test_from_near_the_best_descent_finds_it() -> None:
    problem = sinusoid_problem(SINES_DATA, offset=200.0)
    path = descend(problem.objective, gradient_descent(0.05), problem.from_units(problem.near_best()), 2000)
    assert problem.in_units(path.final)[:2] == pytest.approx([30.0, 0.4], rel=1e-6)


def test_four_distinct_x_are_too_few() -> None:
    with pytest.raises(DataError, match="at least five distinct x values; got 4"):
        sinusoid_problem(RegressionData([0.0, 1.0, 2.0, 3.0, 3.0], [1.0, 2.0, 3.0, 4.0, 5.0]))


@given(st.integers(1, 40), st.integers(1, 300), st.integers(0, 2**32 - 1))
def test_harmonic_sums_equal_the_sums_taken_one_by_one(n_samples: int, n_sums: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    weights = rng.normal(size=n_samples) + 1j * rng.normal(size=n_samples)
    angles = rng.uniform(0.0, 8.0, n_samples)
    expected = np.exp(1j * np.outer(np.arange(n_sums), angles)) @ weights
    assert harmonic_sums(weights, angles, n_sums) == pytest.approx(expected, abs=1e-5 * n_samples)


@pytest.mark.parametrize("has_offset", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_the_best_frequency_is_among_the_likely_ones(seed: int, has_offset: bool) -> None:
    rng = np.random.default_rng(seed)
    x = rng.uniform(0.0, 3.0, 60)
    y = np.sin(rng.uniform(1.0, 40.0) * x + 1.0) + rng.normal(size=60)
    y -= y.mean()
    grid = np.arange(0.5, 900.0) * 0.2 / float(np.ptp(x))
    ones = [np.ones_like(x)] * has_offset
    errors = []
    for frequency in grid:
        design = np.column_stack([*ones, np.sin(frequency * x), np.cos(frequency * x)])
        errors.append(np.square(design @ np.linalg.lstsq(design, y, rcond=None)[0] - y).sum())
    assert grid[np.argmin(errors)] in likely_frequencies(x, y, grid, has_offset=has_offset)


def test_a_sine_is_found_in_a_hundred_thousand_points() -> None:
    x = np.random.default_rng(1).uniform(0.0, 10.0, 100_000)
    problem = sinusoid_problem(RegressionData(x, 5.0 + 3.0 * np.sin(7.0 * x + 0.5)))
    (amplitude, frequency, _), error = problem.best()
    assert (amplitude, frequency, problem.offset) == pytest.approx((3.0, 7.0, 5.0), rel=1e-3)
    assert error < 1e-6
