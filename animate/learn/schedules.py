"""Learning-rate schedules: functions from the index of an update, 0 for the first, to a learning rate."""

from __future__ import annotations

import math
from collections.abc import Callable

from animate.learn.optimizers import Schedule
from animate.learn.validation import fraction, non_negative, positive, whole


def constant(learning_rate: float) -> Schedule:
    """Return the schedule that always gives `learning_rate`.

    >>> [constant(0.5)(update) for update in (0, 10)]
    [0.5, 0.5]
    """
    rate = positive("learning_rate", learning_rate)
    return lambda _: rate


def step(learning_rate: float, *, every: int, factor: float = 0.5) -> Schedule:
    """Return the schedule learning_rate factor^floor(update / every).

    Parameters
    ----------
    learning_rate : float
        Positive: the rate of the first updates.
    every : int
        Updates between one drop and the next, at least 1.
    factor : float
        What a drop leaves of the rate, above 0 and below 1.

    Examples
    --------
    >>> schedule = step(0.8, every=10)
    >>> [schedule(update) for update in (0, 9, 10, 25)]
    [0.8, 0.8, 0.4, 0.2]
    """
    rate, every = positive("learning_rate", learning_rate), whole("every", every, 1)
    factor = fraction("factor", positive("factor", factor))
    return lambda update: rate * factor ** (update // every)


def inverse_time(learning_rate: float, *, half_time: float) -> Schedule:
    """Return the schedule learning_rate / (1 + update / half_time).

    The sum of its rates is infinite and the sum of their squares finite, which is what lets a descent on
    single rows reach the optimum instead of a cloud around it.

    Parameters
    ----------
    learning_rate : float
        Positive: the rate of the first update.
    half_time : float
        Updates after which half the rate is left, positive.

    References
    ----------
    H. Robbins and S. Monro, "A stochastic approximation method", Annals of Mathematical Statistics 22 (1951), 400-407.

    Examples
    --------
    >>> schedule = inverse_time(0.8, half_time=10)
    >>> [schedule(update) for update in (0, 10, 30)]
    [0.8, 0.4, 0.2]
    """
    rate, half_time = positive("learning_rate", learning_rate), positive("half_time", half_time)
    return lambda update: rate / (1.0 + update / half_time)


def cosine(learning_rate: float, *, n_updates: int, final_rate: float = 0.0) -> Schedule:
    """Return the schedule final_rate + (learning_rate - final_rate) (1 + cos(pi update / n_updates)) / 2.

    From update `n_updates` on it stays at `final_rate`.

    Parameters
    ----------
    learning_rate : float
        Positive: the rate of the first update.
    n_updates : int
        Updates until the final rate, at least 1.
    final_rate : float
        0 or more, and not above `learning_rate`.

    References
    ----------
    I. Loshchilov and F. Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR (2017), without
    the restarts.

    Examples
    --------
    >>> schedule = cosine(0.8, n_updates=10)
    >>> [round(schedule(update), 9) for update in (0, 5, 10, 50)]
    [0.8, 0.4, 0.0, 0.0]
    """
    rate, n_updates = positive("learning_rate", learning_rate), whole("n_updates", n_updates, 1)
    final = non_negative("final_rate", final_rate)
    if final > rate:
        raise ValueError(f"final_rate must not be above learning_rate, which is {rate}; got {final_rate}")

    def schedule(update: int) -> float:
        passed = min(update / n_updates, 1.0)
        return final + (rate - final) * 0.5 * (1.0 + math.cos(math.pi * passed))

    return schedule


SCHEDULES: dict[str, Callable[..., Schedule]] = {
    "constant": constant,
    "step": step,
    "inverse_time": inverse_time,
    "cosine": cosine,
}
