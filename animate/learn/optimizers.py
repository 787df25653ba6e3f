"""Optimizers as pairs of pure functions: the step they return is added to the parameters.

Each factory takes a learning rate, positive and finite, or a schedule: a function of the update's index (0 for the
first) that returns one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from animate.learn.validation import Floats, fraction, positive

State = Any
Schedule = Callable[[int], float]


class Optimizer(NamedTuple):
    """Two pure functions: `init(params)` makes a state, `update(gradient, state)` a step and the next state.

    The new parameters are params + step.
    """

    init: Callable[[Floats], State]
    update: Callable[[Floats, State], tuple[Floats, State]]


def _schedule(learning_rate: float | Schedule) -> Schedule:
    if callable(learning_rate):
        return learning_rate
    rate = positive("learning_rate", learning_rate)
    return lambda _: rate


def _zeros(n_arrays: int) -> Callable[[Floats], State]:
    """Return an `init` whose state is the number of updates and arrays shaped like the parameters, all 0."""
    return lambda params: (0, *(np.zeros_like(params) for _ in range(n_arrays)))


def gradient_descent(learning_rate: float | Schedule) -> Optimizer:
    """Return plain gradient descent: step = -learning_rate gradient.

    References
    ----------
    A. Cauchy, "Methode generale pour la resolution des systemes d'equations simultanees",
    Comptes rendus 25 (1847), 536-538. With a gradient of few rows: H. Robbins and S. Monro, "A stochastic
    approximation method", Annals of Mathematical Statistics 22 (1951), 400-407.

    Examples
    --------
    >>> init, update = gradient_descent(0.5)
    >>> step, state = update(np.array([2.0, -4.0]), init(np.zeros(2)))
    >>> step.tolist()
    [-1.0, 2.0]
    """
    rate = _schedule(learning_rate)

    def update(gradient: Floats, state: State) -> tuple[Floats, State]:
        (count,) = state
        return -rate(count) * gradient, (count + 1,)

    return Optimizer(_zeros(0), update)


def heavy_ball(learning_rate: float | Schedule, momentum: float = 0.9) -> Optimizer:
    """Return descent with momentum: velocity = momentum velocity - learning_rate gradient, step = velocity.

    Parameters
    ----------
    momentum : float
        Share of the velocity kept, at least 0 and below 1.

    References
    ----------
    B. T. Polyak, "Some methods of speeding up the convergence of iteration methods",
    USSR Computational Mathematics and Mathematical Physics 4 (1964), 1-17.

    Examples
    --------
    >>> init, update = heavy_ball(0.5, momentum=0.9)
    >>> step, state = update(np.array([2.0]), init(np.zeros(1)))
    >>> step, state = update(np.array([2.0]), state)
    >>> step.tolist()
    [-1.9]
    """
    rate, momentum = _schedule(learning_rate), fraction("momentum", momentum)

    def update(gradient: Floats, state: State) -> tuple[Floats, State]:
        count, velocity = state
        velocity = momentum * velocity - rate(count) * gradient
        return velocity, (count + 1, velocity)

    return Optimizer(_zeros(1), update)


def nesterov(learning_rate: float | Schedule, momentum: float = 0.9) -> Optimizer:
    """Return Nesterov's accelerated descent, with the gradient taken at the current parameters.

    velocity = momentum velocity - learning_rate gradient; step = momentum velocity - learning_rate gradient. The
    parameters followed are the look-ahead points of Nesterov's method, theta + momentum velocity, at which it takes its
    gradients; theta itself, the point before the look-ahead, is params - momentum velocity.

    Parameters
    ----------
    momentum : float
        Share of the velocity kept, at least 0 and below 1.

    References
    ----------
    Y. Nesterov, "A method of solving a convex programming problem with convergence rate O(1/k^2)",
    Soviet Mathematics Doklady 27 (1983), 372-376. In this form: Y. Bengio, N. Boulanger-Lewandowski and R.
    Pascanu, "Advances in optimizing recurrent networks", ICASSP (2013), section 3.5.

    Examples
    --------
    >>> init, update = nesterov(0.5, momentum=0.9)
    >>> step, state = update(np.array([2.0]), init(np.zeros(1)))
    >>> step.tolist()
    [-1.9]
    """
    rate, momentum = _schedule(learning_rate), fraction("momentum", momentum)

    def update(gradient: Floats, state: State) -> tuple[Floats, State]:
        count, velocity = state
        pull = rate(count) * gradient
        velocity = momentum * velocity - pull
        return momentum * velocity - pull, (count + 1, velocity)

    return Optimizer(_zeros(1), update)


def adagrad(learning_rate: float | Schedule, epsilon: float = 1e-8) -> Optimizer:
    """Return AdaGrad: total = total + gradient^2, step = -learning_rate gradient / (sqrt(total) + epsilon).

    A positive `epsilon` keeps the step finite where every gradient was 0.

    References
    ----------
    J. Duchi, E. Hazan and Y. Singer, "Adaptive subgradient methods for online learning and stochastic
    optimization", Journal of Machine Learning Research 12 (2011), 2121-2159.

    Examples
    --------
    >>> init, update = adagrad(0.5)
    >>> step, state = update(np.array([2.0, -100.0]), init(np.zeros(2)))
    >>> step.round(6).tolist()
    [-0.5, 0.5]
    """
    rate, epsilon = _schedule(learning_rate), positive("epsilon", epsilon)

    def update(gradient: Floats, state: State) -> tuple[Floats, State]:
        count, total = state
        total = total + gradient * gradient
        return -rate(count) * gradient / (np.sqrt(total) + epsilon), (count + 1, total)

    return Optimizer(_zeros(1), update)


def rmsprop(learning_rate: float | Schedule, decay: float = 0.9, epsilon: float = 1e-8) -> Optimizer:
    """Return RMSProp: steps divided by the root of a running mean of squared gradients.

    mean = decay mean + (1 - decay) gradient^2, step = -learning_rate gradient / (sqrt(mean) + epsilon).

    Parameters
    ----------
    decay : float
        Share of the mean square kept, at least 0 and below 1.
    epsilon : float
        Positive; keeps the step finite where every gradient was 0.

    References
    ----------
    T. Tieleman and G. Hinton, "Lecture 6.5: rmsprop", Neural Networks for Machine Learning, Coursera (2012).

    Examples
    --------
    >>> init, update = rmsprop(0.5, decay=0.75)
    >>> step, state = update(np.array([2.0]), init(np.zeros(1)))
    >>> step.round(6).tolist()
    [-1.0]
    """
    rate, decay = _schedule(learning_rate), fraction("decay", decay)
    epsilon = positive("epsilon", epsilon)

    def update(gradient: Floats, state: State) -> tuple[Floats, State]:
        count, mean = state
        mean = decay * mean + (1.0 - decay) * gradient * gradient
        return -rate(count) * gradient / (np.sqrt(mean) + epsilon), (count + 1, mean)

    return Optimizer(_zeros(1), update)


def adam(
    learning_rate: float | Schedule, *, beta_1: float = 0.9, beta_2: float = 0.999, epsilon: float = 1e-8
) -> Optimizer:
    """Return Adam, with both running means corrected for their start at 0.

    At update t = 1, 2, ...: m = beta_1 m + (1 - beta_1) gradient, v = beta_2 v + (1 - beta_2) gradient^2,
    step = -learning_rate (m / (1 - beta_1^t)) / (sqrt(v / (1 - beta_2^t)) + epsilon).

    Parameters
    ----------
    beta_1, beta_2 : float
        Decay rates of the running means of gradient and squared gradient kept, at least 0 and below 1.
    epsilon : float
        Positive; keeps the step finite where every gradient was 0.

    References
    ----------
    D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization", ICLR (2015), algorithm 1; the
    defaults are theirs.

    Examples
    --------
    >>> init, update = adam(0.5)
    >>> step, state = update(np.array([2.0, -100.0]), init(np.zeros(2)))
    >>> step.round(6).tolist()
    [-0.5, 0.5]
    """
    rate, epsilon = _schedule(learning_rate), positive("epsilon", epsilon)
    beta_1, beta_2 = fraction("beta_1", beta_1), fraction("beta_2", beta_2)

    def update(gradient: Floats, state: State) -> tuple[Floats, State]:
        count, mean, square = state
        mean = beta_1 * mean + (1.0 - beta_1) * gradient
        square = beta_2 * square + (1.0 - beta_2) * gradient * gradient
        corrected = mean / (1.0 - beta_1 ** (count + 1))
        size = np.sqrt(square / (1.0 - beta_2 ** (count + 1))) + epsilon
        return -rate(count) * corrected / size, (count + 1, mean, square)

    return Optimizer(_zeros(2), update)


OPTIMIZERS: dict[str, Callable[..., Optimizer]] = {
    "gradient_descent": gradient_descent,
    "heavy_ball": heavy_ball,
    "nesterov": nesterov,
    "adagrad": adagrad,
    "rmsprop": rmsprop,
    "adam": adam,
}
