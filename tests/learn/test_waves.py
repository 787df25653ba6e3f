"""The sine of free amplitude, frequency and phase against scipy's curve_fit."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import curve_fit

from animate.errors import DataError
from animate.learn.datasets import sine
from animate.learn.waves import Wave, wave

DATA = sine(60, amplitude=1.5, frequency=2.0, phase=0.4, noise=0.2, rng=4)
OBJECTIVE = wave(DATA.x, DATA.y)
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
    found = wave(x, amplitude * np.sin(frequency * x + phase)).optimum()
    assert found == pytest.approx([amplitude, frequency, phase], rel=1e-6, abs=1e-6)


def test_gradient_is_the_slope_of_the_value(central_differences: Differences) -> None:
    assert OBJECTIVE.gradient(PARAMS) == pytest.approx(central_differences(OBJECTIVE.value, PARAMS), abs=1e-7)


def test_hessian_is_the_slope_of_the_gradient(central_differences: Differences) -> None:
    assert OBJECTIVE.hessian(PARAMS) == pytest.approx(central_differences(OBJECTIVE.gradient, PARAMS), abs=1e-6)


def test_gradient_over_rows_is_that_of_the_wave_on_those_rows() -> None:
    rows = np.array([3, 50, 50, 12])
    part = wave(DATA.x[rows], DATA.y[rows])
    assert OBJECTIVE.gradient(PARAMS, rows) == pytest.approx(part.gradient(PARAMS), rel=1e-12)


def test_values_of_a_stack_are_the_values_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    stack = np.random.default_rng(1).normal(size=(3, 4, 3))
    expected = [[OBJECTIVE.value(params) for params in row] for row in stack]
    monkeypatch.setattr("animate.learn.waves._CHUNK", 200)
    assert OBJECTIVE.values(stack) == pytest.approx(np.array(expected), rel=1e-12)


def test_predictions_at_other_points_are_a_sine() -> None:
    assert OBJECTIVE.predictions([2.0, 3.0, 0.5], [0.0, 1.0]) == pytest.approx(2.0 * np.sin([0.5, 3.5]))


def test_three_distinct_points_are_too_few() -> None:
    with pytest.raises(DataError, match="a sine needs at least four distinct x values; got 3"):
        Wave(np.array([0.0, 1.0, 2.0, 2.0]), np.zeros(4)).optimum()
