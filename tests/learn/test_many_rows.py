"""Many rows: the numbers are those of all of them, and an update costs no more than with few."""

from __future__ import annotations

import numpy as np
import pytest

from animate.learn.cross_validation import cross_validate, k_fold
from animate.learn.data import RegressionData
from animate.learn.descent import descend
from animate.learn.objectives import linear, polynomial
from animate.learn.optimizers import gradient_descent
from animate.learn.quadrature import N_NODES, chebyshev_quadrature
from animate.learn.sinusoid import sinusoid, sinusoid_problem

N = 30_000
RNG = np.random.default_rng(4)
X = RNG.uniform(-3.0, 3.0, N)
Y = 1.2 * np.sin(1.6 * X + 0.4) + RNG.normal(0.0, 0.3, N)
SINE = sinusoid(X, Y)


@pytest.mark.parametrize("ridge_penalty", [0.0, 0.3])
def test_a_squared_loss_and_its_gradient_are_those_of_all_rows(ridge_penalty: float) -> None:
    objective = polynomial(X, Y, 4, ridge_penalty=ridge_penalty)
    params = RNG.normal(size=5)
    misses = np.polynomial.polynomial.polyval(X, np.roll(params, 1)) - Y
    penalty = 0.5 * ridge_penalty * np.sum(params[:-1] ** 2)
    assert objective.value(params) == pytest.approx(np.mean(misses**2) + penalty, rel=1e-12)
    powers = np.column_stack([X, X**2, X**3, X**4, np.ones(N)])
    expected = 2 * powers.T @ misses / N + ridge_penalty * np.append(params[:-1], 0.0)
    assert objective.gradient(params) == pytest.approx(expected, rel=1e-11)


def test_a_loss_far_below_the_size_of_y_keeps_its_digits() -> None:
    exact = linear(X[:, None], 1e6 + 2 * X)
    assert exact.value([2.0, 1e6]) == pytest.approx(0.0, abs=1e-17 * 1e12)
    assert exact.value([2.0, 1e6 + 1e-3]) == pytest.approx(1e-6, rel=1e-6)


def test_updates_of_a_squared_loss_go_over_as_many_rows_as_parameters_and_one() -> None:
    design, targets = polynomial(X, Y, 9).summed_rows
    assert design.shape == (11, 10)
    assert targets.shape == (11,)


def test_few_rows_are_summed_as_they_are() -> None:
    few = linear([[0.0], [1.0]], [1.0, 2.0])
    assert few.summed_rows[0] is few.design


@pytest.mark.parametrize("frequency", [0.5, 7.0, 60.0])
def test_the_loss_of_a_sine_its_gradient_and_its_hessian_are_those_of_all_rows(frequency: float) -> None:
    objective, params = SINE, np.array([1.4, frequency, -0.7])
    assert len(objective.summed_points(frequency).points) == N_NODES
    wave, slope = np.sin(frequency * X - 0.7), 1.4 * np.cos(frequency * X - 0.7)
    misses = 1.4 * wave - Y
    assert objective.value(params) == pytest.approx(np.mean(misses**2), rel=1e-11)
    expected = 2 * np.array([np.mean(misses * wave), np.mean(misses * X * slope), np.mean(misses * slope)])
    assert objective.gradient(params) == pytest.approx(expected, rel=1e-9, abs=1e-12)
    assert objective.hessian(params)[0, 0] == pytest.approx(2 * np.mean(wave**2), rel=1e-10)
    assert objective.hessian(params)[2, 2] == pytest.approx(2 * np.mean(slope**2 - misses * 1.4 * wave), rel=1e-10)


def test_a_wave_too_fast_for_the_few_points_is_summed_over_all_rows() -> None:
    assert len(SINE.summed_points(1e4).points) == N
    assert SINE.value([1.0, 1e4, 0.0]) == pytest.approx(np.mean((np.sin(1e4 * X) - Y) ** 2))


def test_means_over_many_rows_are_integrated_to_rounding() -> None:
    rule = chebyshev_quadrature(X, Y)
    assert rule.weights @ np.exp(rule.points) == pytest.approx(np.exp(X).mean(), rel=1e-13)
    assert rule.products @ np.exp(rule.points) == pytest.approx(np.mean(Y * np.exp(X)), rel=1e-12)


def test_the_best_sine_through_many_rows_is_near_the_one_they_were_drawn_from() -> None:
    best, least = sinusoid_problem(RegressionData(X, Y), offset=0.0).best()
    assert best == pytest.approx([1.2, 1.6, 0.4], abs=0.02)
    assert least == pytest.approx(np.mean((best[0] * np.sin(best[1] * X + best[2]) - Y) ** 2), rel=1e-9)


def test_descent_on_many_rows_takes_the_path_of_a_naive_loop() -> None:
    path = descend(linear(X[:, None], Y), gradient_descent(0.1), [0.0, 0.0], 50)
    w = b = 0.0
    for _ in range(50):
        misses = w * X + b - Y
        w, b = w - 0.1 * 2 * np.mean(misses * X), b - 0.1 * 2 * np.mean(misses)
    assert path.final == pytest.approx([w, b], rel=1e-10)
    assert path.loss[-1] == pytest.approx(np.mean((w * X + b - Y) ** 2), rel=1e-12)


def test_all_polynomials_of_a_cross_validation_take_few_passes_over_the_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    solve = np.linalg.lstsq

    def counted(rows: np.ndarray, *more: object, **options: object) -> object:
        seen.append(len(rows))
        return solve(rows, *more, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(np.linalg, "lstsq", counted)
    cross_validate(RegressionData(X, Y), range(1, 10), k_fold(N, 5))
    assert max(seen) <= 5 * 11
