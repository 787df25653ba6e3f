"""When a descent arrives, and the learning rate with which an optimizer arrives first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from animate.learn.checks import positive, vector, whole
from animate.learn.descent import Trajectory, descend
from animate.learn.objectives import Objective
from animate.learn.optimizers import Optimizer
from animate.learn.surfaces import Surface

RATES = tuple(float(f"{digit}e{exponent}") for exponent in range(-5, 1) for digit in (1, 2, 5))
"""The learning rates tried: 1, 2 and 5 times the powers of ten, from 0.00001 to 5."""


class Goal(NamedTuple):
    """What a learning rate is chosen for.

    Attributes
    ----------
    loss : float
        A run has arrived once its loss stays at or under this.
    n_updates : int
        Updates that a run has for it.
    longest_step : float
        Largest Euclidean length of a step: with a longer one, a rate is not taken.
    """

    loss: float
    n_updates: int
    longest_step: float = float("inf")


def arrival(loss: npt.ArrayLike, level: float) -> int | None:
    """Return the first update from which on the loss stays at or under a level; None if it ends above it.

    Examples
    --------
    >>> arrival([9.0, 0.5, 2.0, 0.8, 0.1], level=1.0)
    3
    >>> arrival([9.0, 4.0], level=1.0) is None
    True
    """
    losses = np.asarray(loss, dtype=float)
    outside = np.flatnonzero(~(losses <= level))
    first = int(outside[-1]) + 1 if outside.size else 0
    return first if first < len(losses) else None


def tuned_learning_rate(
    objective: Objective,
    optimizer: Callable[[float], Optimizer],
    start: npt.ArrayLike,
    goal: Goal,
    *,
    rates: Sequence[float] = RATES,
) -> float:
    """Return the learning rate with which an optimizer arrives first.

    Every rate is tried. Of those that arrive it is the one with the fewest updates, and where none does, the
    one that ends lowest. A rate whose run takes a step longer than the goal allows is left out, unless all of
    them do: then it is the lowest rate.

    Parameters
    ----------
    objective : Objective
    optimizer : callable
        From a learning rate to an optimizer, such as `optimizers.adam`.
    start : array, shape (n_params,)
    goal : Goal
    rates : sequence of float
        The rates to try, in rising order.

    Raises
    ------
    ValueError
        If `start` has another shape or is not finite, or the goal's updates or step are out of range.

    Examples
    --------
    >>> from animate.learn.optimizers import gradient_descent
    >>> from animate.learn.surfaces import valley
    >>> tuned_learning_rate(valley(4.0), gradient_descent, [4.0, 1.0], Goal(loss=1e-3, n_updates=50))
    0.2
    """
    start = vector("start", start, objective.n_params)
    whole("n_updates", goal.n_updates, 0)
    if goal.longest_step != float("inf"):
        positive("longest_step", goal.longest_step)
    tune: Callable[..., float] = _tuned_on_surface if isinstance(objective, Surface) else _tuned
    return tune(objective, optimizer, tuple(start.tolist()), goal, tuple(rates))


def _tuned(
    objective: Objective,
    optimizer: Callable[[float], Optimizer],
    start: tuple[float, ...],
    goal: Goal,
    rates: tuple[float, ...],
) -> float:
    runs = {rate: descend(objective, optimizer(rate), start, goal.n_updates) for rate in rates}
    allowed = [rate for rate in rates if _longest_step(runs[rate]) <= goal.longest_step]
    return min(allowed or rates[:1], key=lambda rate: _rank(runs[rate], goal))


# A surface never changes. While one optimizer's rate is dragged in a race, the others are not tuned again.
_tuned_on_surface = lru_cache(64)(_tuned)


def _longest_step(run: Trajectory) -> float:
    with np.errstate(all="ignore"):
        lengths = np.linalg.norm(np.diff(run.params, axis=0), axis=1)
    return float(lengths.max(initial=0.0)) if np.isfinite(lengths).all() else float("inf")


def _rank(run: Trajectory, goal: Goal) -> tuple[float, float]:
    """Return what orders runs from the best: the update of arrival, then the last loss."""
    arrived, last = arrival(run.loss, goal.loss), float(run.loss[-1])
    return (float("inf") if arrived is None else arrived, last if np.isfinite(last) else float("inf"))
