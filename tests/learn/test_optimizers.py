"""Optimizers against closed forms; test_network compares them with scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest

from animate.learn.optimizers import (
    OPTIMIZERS,
    Optimizer,
    adagrad,
    adam,
    gradient_descent,
    heavy_ball,
    nesterov,
    rmsprop,
)

CURVES = np.array([3.0, 0.4])
every_optimizer = pytest.mark.parametrize("name", OPTIMIZERS)


def _path(optimizer: Optimizer, n_updates: int = 40, start: tuple[float, float] = (1.0, -2.0)) -> np.ndarray:
    params = np.array(start)
    state, path = optimizer.init(params), [params]
    for _ in range(n_updates):
        step, state = optimizer.update(CURVES * params, state)
        params = params + step
        path.append(params)
    return np.array(path)


def test_heavy_ball_on_a_quadratic_is_a_power_of_its_recurrence() -> None:
    # x_(k+1) = (1 + m - rate c) x_k - m x_(k-1), from rest
    path = _path(heavy_ball(0.1, momentum=0.8))
    for index, curve in enumerate(CURVES):
        recurrence = np.array([[1.8 - 0.1 * curve, -0.8], [1.0, 0.0]])
        start = path[0, index]
        expected = [(np.linalg.matrix_power(recurrence, k) @ [start, start])[0] for k in range(41)]
        assert path[:, index] == pytest.approx(expected, rel=1e-9)


def test_gradient_descent_on_a_quadratic_is_a_power() -> None:
    updates = np.arange(41)[:, None]
    expected = (1.0 - 0.1 * CURVES) ** updates * [1.0, -2.0]
    assert _path(gradient_descent(0.1)) == pytest.approx(expected, rel=1e-12)


def test_momentum_of_zero_is_plain_descent() -> None:
    plain = _path(gradient_descent(0.1))
    assert _path(heavy_ball(0.1, momentum=0.0)) == pytest.approx(plain, rel=1e-12)
    assert _path(nesterov(0.1, momentum=0.0)) == pytest.approx(plain, rel=1e-12)


def test_nesterovs_params_are_the_look_ahead_points_of_the_textbook_form() -> None:
    theta, velocity, expected = np.array([1.0, -2.0]), np.zeros(2), []
    for _ in range(40):
        ahead = theta + 0.8 * velocity
        expected.append(ahead)
        velocity = 0.8 * velocity - 0.1 * CURVES * ahead
        theta = theta + velocity
    assert _path(nesterov(0.1, momentum=0.8))[:-1] == pytest.approx(np.array(expected), rel=1e-12)


def test_adagrad_under_constant_gradients_slows_like_one_over_the_root() -> None:
    init, update = adagrad(0.5, epsilon=1e-300)
    state = init(np.zeros(1))
    for count in range(1, 50):
        step, state = update(np.array([3.0]), state)
        assert step[0] == pytest.approx(-0.5 / np.sqrt(count), rel=1e-12)


def test_rmsprop_under_constant_gradients_settles_on_the_learning_rate() -> None:
    init, update = rmsprop(0.5, decay=0.9, epsilon=1e-300)
    state = init(np.zeros(1))
    for count in range(1, 300):
        step, state = update(np.array([-3.0]), state)
        assert step[0] == pytest.approx(0.5 / np.sqrt(1.0 - 0.9**count), rel=1e-12)


def test_adam_under_constant_gradients_steps_by_the_learning_rate() -> None:
    init, update = adam(0.5, epsilon=1e-300)
    state = init(np.zeros(2))
    for _ in range(50):
        step, state = update(np.array([3.0, -1e-6]), state)
        assert step == pytest.approx([-0.5, 0.5], rel=1e-9)


@pytest.mark.parametrize("name", ["adagrad", "rmsprop", "adam"])
def test_adaptive_steps_do_not_depend_on_the_gradients_unit(name: str) -> None:
    optimizer = OPTIMIZERS[name](0.1, epsilon=1e-300)
    gradients = np.random.default_rng(0).normal(size=(20, 2))
    small, large = optimizer.init(np.zeros(2)), optimizer.init(np.zeros(2))
    for gradient in gradients:
        step, small = optimizer.update(gradient, small)
        other, large = optimizer.update(1e6 * gradient, large)
        assert step == pytest.approx(other, rel=1e-9)


@every_optimizer
def test_update_changes_neither_state_nor_gradient(name: str) -> None:
    init, update = OPTIMIZERS[name](0.1)
    gradient = np.array([1.0, 2.0])
    _, state = update(gradient, init(np.zeros(2)))
    first, _ = update(gradient, state)
    second, _ = update(gradient, state)
    assert first.tolist() == second.tolist()
    assert gradient.tolist() == [1.0, 2.0]


@every_optimizer
def test_a_constant_schedule_is_a_learning_rate(name: str) -> None:
    factory = OPTIMIZERS[name]
    assert _path(factory(lambda update: 0.1)).tolist() == _path(factory(0.1)).tolist()


@every_optimizer
def test_a_schedule_is_asked_for_updates_from_zero_on(name: str) -> None:
    asked: list[int] = []

    def schedule(update: int) -> float:
        asked.append(update)
        return 0.1

    _path(OPTIMIZERS[name](schedule), n_updates=4)
    assert asked == [0, 1, 2, 3]


@every_optimizer
@pytest.mark.parametrize("rate", [0.0, -0.1, float("nan"), float("inf"), "fast", None, True])
def test_a_learning_rate_that_is_not_positive_and_finite_is_refused(name: str, rate: float) -> None:
    with pytest.raises(ValueError, match="learning_rate must be positive and finite; got"):
        OPTIMIZERS[name](rate)


@pytest.mark.parametrize(
    ("factory", "argument"),
    [
        (heavy_ball, "momentum"),
        (nesterov, "momentum"),
        (rmsprop, "decay"),
        (adam, "beta_1"),
        (adam, "beta_2"),
    ],
)
@pytest.mark.parametrize("value", [-0.1, 1.0, float("nan")])
def test_a_share_outside_zero_to_one_is_refused(factory: object, argument: str, value: float) -> None:
    with pytest.raises(ValueError, match=f"{argument} must be at least 0 and below 1; got"):
        factory(0.1, **{argument: value})
