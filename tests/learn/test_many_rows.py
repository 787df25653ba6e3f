"""Many rows: the numbers are those of all of them, and an update costs no more than with few."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.special import expit, logsumexp

from animate.learn.cross_validation import cross_validate, k_fold
from animate.learn.data import RegressionData
from animate.learn.descent import descend
from animate.learn.evaluation import BLOCK
from animate.learn.grouping import N_GROUPS, grouped, neighbors
from animate.learn.landscape import Profile
from animate.learn.network import network
from animate.learn.objectives import LinearPredictor, linear, logistic, polynomial
from animate.learn.optimizers import gradient_descent
from animate.learn.quadrature import N_NODES, chebyshev_quadrature
from animate.learn.sinusoid import sinusoid, sinusoid_problem
from animate.learn.softmax import multinomial

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


FEATURES = RNG.normal(size=(N, 2)) + np.outer(X > 0, [1.4, 0.8])
LABELS = (X > 0).astype(float)


def cross_entropy(params: np.ndarray, features: np.ndarray = FEATURES) -> float:
    logits = features @ params[:-1] + params[-1]
    return float(np.logaddexp(0.0, np.where(LABELS == 1, -logits, logits)).mean())


def test_the_log_loss_and_its_gradient_are_those_of_all_rows_though_summed_in_blocks() -> None:
    objective, params = logistic(FEATURES, LABELS), np.array([0.7, -1.1, 0.3])
    assert N > BLOCK
    misses = expit(FEATURES @ params[:2] + 0.3) - LABELS
    assert objective.value(params) == pytest.approx(cross_entropy(params), rel=1e-12)
    assert objective.gradient(params) == pytest.approx([*(misses @ FEATURES / N), misses.mean()], rel=1e-11)


def test_softmax_and_its_gradient_are_those_of_all_rows_though_summed_in_blocks() -> None:
    labels = np.arange(N) % 3
    objective, params = multinomial(FEATURES, labels), RNG.normal(size=9)
    logits = np.column_stack([FEATURES, np.ones(N)]) @ params.reshape(3, 3).T
    assert objective.value(params) == pytest.approx((logsumexp(logits, axis=1) - logits[np.arange(N), labels]).mean())
    excess = np.exp(logits - logsumexp(logits, axis=1, keepdims=True)) - np.eye(3)[labels]
    expected = excess.T @ np.column_stack([FEATURES, np.ones(N)]) / N
    assert objective.gradient(params) == pytest.approx(expected.ravel(), rel=1e-10)


def test_a_tiny_cross_entropy_of_several_classes_keeps_its_digits() -> None:
    objective = multinomial([[0.0], [1.0], [2.0]], [0, 1, 2])
    sure = np.array([-60.0, 30.0, 0.0, 0.0, 60.0, -90.0])  # the nearest of the other logits is 30 away
    assert objective.value(sure) == pytest.approx((np.exp(-30) + 2 * np.exp(-30) + np.exp(-30)) / 3, rel=1e-9)


def test_a_network_and_its_gradient_are_those_of_all_rows_though_summed_in_blocks() -> None:
    objective, params = network(FEATURES, LABELS, n_hidden=1), np.array([0.8, -0.5, 0.2, 1.3, -0.4])

    def loss(at: np.ndarray) -> float:
        return cross_entropy(np.array([at[3], at[4]]), np.tanh(FEATURES @ at[:2] + at[2])[:, None])

    assert objective.value(params) == pytest.approx(loss(params), rel=1e-12)
    slopes = [(loss(params + step) - loss(params - step)) / 2e-5 for step in 1e-5 * np.eye(5)]
    assert objective.gradient(params) == pytest.approx(slopes, rel=1e-6, abs=1e-9)


def test_the_best_intercept_of_many_rows_is_scipys() -> None:
    weights = np.array([1.5, -0.4])
    lifted = Profile(logistic(FEATURES, LABELS)).lift(weights)
    best = minimize_scalar(lambda b: cross_entropy(np.append(weights, b)), bracket=(-1.0, 1.0), tol=1e-12)
    assert lifted[-1] == pytest.approx(best.x, abs=1e-5)


def test_groups_of_neighbors_draw_the_loss_of_all_rows_to_about_a_percent() -> None:
    few = grouped(logistic(FEATURES, LABELS))
    assert few.n_samples == 2 * N_GROUPS
    for params in ([0.0, 0.0, 0.0], [1.4, 0.8, -1.0], [-4.0, 4.0, 0.5], [9.0, 3.0, -5.0]):
        assert few.value(params) == pytest.approx(cross_entropy(np.array(params)), rel=0.012)


def test_groups_of_one_label_have_nearly_equal_sizes_and_the_mean_of_all_rows() -> None:
    counts = np.bincount(neighbors(FEATURES, N_GROUPS))
    assert len(counts) == N_GROUPS
    assert np.ptp(counts) <= 1
    few = grouped(logistic(FEATURES, LABELS))
    assert few.weights @ few.design == pytest.approx([*FEATURES.mean(axis=0), 1.0])


def test_few_rows_are_no_groups_and_weighted_rows_have_no_optimum() -> None:
    few = logistic(FEATURES[:50], LABELS[:50])
    assert grouped(few) is few
    with pytest.raises(ValueError, match="weights must be None for an optimum"):
        grouped(logistic(FEATURES, LABELS)).optimum()


def test_the_slopes_of_weighted_rows_are_those_of_rows_that_stand_several_times() -> None:
    few, times = logistic(FEATURES[:6], [0, 1, 0, 1, 1, 0], ridge_penalty=0.2), np.array([1, 4, 2, 1, 3, 1])
    weighted = LinearPredictor(few.design, few.targets, few.loss, few.ridge_penalty, times / 12)
    rows = np.repeat(np.arange(6), times)
    repeated, params = logistic(FEATURES[rows], few.targets[rows], ridge_penalty=0.2), np.array([0.4, -2.0, 0.1])
    assert weighted.value(params) == pytest.approx(repeated.value(params))
    assert weighted.gradient(params) == pytest.approx(repeated.gradient(params))
    assert weighted.hessian(params) == pytest.approx(repeated.hessian(params))
    assert Profile(weighted).lift(params[:2]) == pytest.approx(Profile(repeated).lift(params[:2]))
