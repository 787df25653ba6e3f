"""Convergence of a descent: its state after each update, its distance from the optimum, and the updates it needs."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from animate.learn.descent import Trajectory, descend
from animate.learn.objectives import LinearPredictor, Objective
from animate.learn.optimizers import Optimizer
from animate.learn.preview import fewer_tried
from animate.learn.problems import LinearProblem
from animate.learn.surfaces import AnalyticSurface
from animate.learn.validation import Floats, finite, positive, vector, whole

Outcome = Literal["converged", "on its way", "bounces", "diverges"]
OUTCOMES: tuple[Outcome, ...] = ("converged", "on its way", "bounces", "diverges")
_STANDSTILL = 1e-12


def classify_updates(losses: npt.ArrayLike, best: float) -> tuple[Outcome, ...]:
    """Return the state of batch descent after each update, n_updates + 1 outcomes.

    With the excess e_k = losses_k - best:

    - ``diverges`` from the first k on with losses_k not finite or above losses_0,
    - ``converged`` from the k on after which every e stays within 1e-4 e_0, which is 1 % of the distance,
    - ``bounces`` where losses_k has not fallen by 1e-12 of itself since losses_(k-1),
    - ``on its way`` otherwise.

    On a quadratic, descent below the stability limit never raises the loss, and at the limit it stands still;
    so the four outcomes show the effect of the learning rate.

    Parameters
    ----------
    losses : array, shape (n_updates + 1,)
        inf and nan are allowed.
    best : float
        The lowest loss there is.

    Examples
    --------
    >>> classify_updates([4.0, 1.0, 0.0], 0.0)
    ('on its way', 'on its way', 'converged')
    >>> classify_updates([4.0, 9.0, float("inf")], 0.0)
    ('on its way', 'diverges', 'diverges')
    """
    series = np.asarray(losses, dtype=float)
    excess = series - finite("best", best)
    with np.errstate(all="ignore"):
        lost = np.logical_or.accumulate(~(series <= series[0] * (1 + _STANDSTILL)))
        near = excess <= 1e-4 * abs(excess[0])
        arrived = np.logical_and.accumulate(near[::-1])[::-1]
        still = np.append(False, series[1:] >= series[:-1] * (1 - _STANDSTILL))
    codes = np.select([lost, arrived, still], [3, 0, 2], default=1)
    return tuple(OUTCOMES[code] for code in codes)


def running_rms_distance(
    path: npt.ArrayLike, center: npt.ArrayLike, *, since: int = 0, latest: int | None = None
) -> Floats:
    """Return the running root mean square distance of a path from a point, shape (n_updates + 1,); nan before `since`.

    sqrt(mean over j = since..k of ||path_j - center||^2) at each k.

    Parameters
    ----------
    path : array, shape (n_updates + 1, n_params)
    center : array, shape (n_params,)
    since : int
        First entry of the mean, so that the approach can be left out.
    latest : int, optional
        Window: only the last `latest` entries up to k enter the mean, for example one epoch.

    Examples
    --------
    >>> running_rms_distance([[9.0, 0.0], [3.0, 4.0], [0.0, 5.0]], [0.0, 0.0], since=1).tolist()
    [nan, 5.0, 5.0]
    >>> running_rms_distance([[9.0, 0.0], [3.0, 4.0], [0.0, 1.0]], [0.0, 0.0], latest=1).tolist()
    [9.0, 5.0, 1.0]
    """
    with np.errstate(all="ignore"):
        squares = np.square(np.asarray(path, dtype=float) - np.asarray(center, dtype=float)).sum(axis=1)[since:]
        width = len(squares) if latest is None else min(latest, len(squares))
        counts = np.minimum(np.arange(1, len(squares) + 1), width)
        means = _window_sums(squares, width) / counts
        return np.concatenate([np.full(min(since, len(np.asarray(path))), np.nan), np.sqrt(means)])


def last_rms_distances(
    paths: Sequence[Floats], optimum: npt.ArrayLike, *, since: int, latest: int | None = None
) -> Floats:
    """Return the last `running_rms_distance` of each path: 0 where it is rounding, inf where it is no number.

    >>> last_rms_distances([np.array([[3.0], [4.0]]), np.array([[1e-20], [1e-20]])], [1.0], since=1).tolist()
    [3.0, 1.0]
    """
    far = np.array([running_rms_distance(path, optimum, since=since, latest=latest)[-1] for path in paths])
    far = np.nan_to_num(far, nan=np.inf, posinf=np.inf)
    return np.where(far < 1e-12 * np.abs(optimum).max(), 0.0, far)



def _window_sums(values: Floats, width: int) -> Floats:
    """Return the sum of the last `width` values up to each, of fewer at the start.

    Sums that run from the ends of blocks of that width are added, none subtracted: where values differ by many powers
    of ten, such as those of a run that blows up and comes back, a difference would lose the small ones.
    """
    n = len(values)
    blocks = np.append(values, np.zeros(-n % max(width, 1))).reshape(-1, max(width, 1))
    up_to, from_there = np.cumsum(blocks, axis=1).ravel(), np.cumsum(blocks[:, ::-1], axis=1)[:, ::-1].ravel()
    begins = np.arange(n) - width + 1
    before = np.where((begins > 0) & (begins % max(width, 1) != 0), from_there[np.maximum(begins, 0)], 0.0)
    return np.asarray(up_to[:n] + before, dtype=float)


def overshoots_at(series: npt.ArrayLike, target: float) -> int | None:
    """Return the update at which a parameter overshoots its target the most; None if it never overshoots.

    Parameters
    ----------
    series : array, shape (n_updates + 1,)
        The parameter after each update; values that are not finite are ignored.

    Examples
    --------
    >>> overshoots_at([0.0, 2.5, 3.2, 3.0], 3.0)
    2
    """
    values = np.asarray(series, dtype=float)
    with np.errstate(all="ignore"):
        beyond = (values - target) * np.sign(target - values[0])
    beyond = np.where(np.isfinite(beyond), beyond, 0.0)
    return int(beyond.argmax()) if beyond.max() > 0 else None


def updates_until(
    objective: LinearPredictor, learning_rate: float, start: npt.ArrayLike, *, share: float = 0.01
) -> int | None:
    """Return the update after which batch descent stays within `share` of its initial distance; None if it never does.

    The distance is the Euclidean distance to the optimum. The update is computed from the Hessian of a squared loss,
    without running the descent.

    >>> from animate.learn.objectives import linear
    >>> updates_until(linear([-1.0, 1.0], [1.0, 5.0], loss="half_squared"), 0.5, [0.0, 0.0])
    7
    """
    optimum = objective.optimum()
    way = float(np.linalg.norm(np.asarray(start, dtype=float) - optimum))
    is_there = way <= 1e-12 * np.abs(optimum).max()  # but for rounding
    return 0 if is_there else objective.updates_to_converge(learning_rate, start, share * way)


def slowest_rate(objective: LinearPredictor, learning_rate: float) -> float:
    """Return the fraction of the remaining distance that an update removes along the flattest direction of a quadratic.

    learning_rate lambda_min, lambda_min the smallest eigenvalue of the Hessian.

    >>> from animate.learn.objectives import linear
    >>> slowest_rate(linear([-2.0, 2.0], [1.0, 5.0], loss="half_squared"), 0.1)
    0.1
    """
    return learning_rate * float(np.linalg.eigvalsh(objective.hessian())[0])


def shrinks_by(path: npt.ArrayLike, optimum: npt.ArrayLike, share: float, updates: Sequence[int]) -> bool:
    """Return whether each of some updates takes about a share off the distance from the optimum.

    That is within 5 % of the share. Where rounding ends a descent it does not, and neither does a share below 1e-12.

    Parameters
    ----------
    path : array, shape (n_updates + 1, n_params)
    optimum : array, shape (n_params,)
    share : float
    updates : sequence of int
        Counted from 0: update k leads from ``path[k]`` to ``path[k + 1]``; none may lie beyond the last.

    Examples
    --------
    >>> shrinks_by([[1.0], [0.9], [0.81]], [0.0], 0.1, [0, 1])
    True
    """
    with np.errstate(all="ignore"):
        left = np.linalg.norm(np.asarray(path, dtype=float) - np.asarray(optimum, dtype=float), axis=1)
        return share > 1e-12 and all(
            k + 1 < len(left)
            and bool(np.isfinite(left[k]) and left[k] > 1e-9 * left[0])
            and bool(np.isclose(1 - left[k + 1] / left[k], share, rtol=0.05))
            for k in updates
        )


def first_nonfinite(params: npt.ArrayLike, losses: npt.ArrayLike) -> tuple[int | None, int | None]:
    """Return the first update with an infinite value and the first with a nan; None where there is none.

    Parameters
    ----------
    params : array, shape (n_updates + 1, n_params)
    losses : array, shape (n_updates + 1,)

    Examples
    --------
    >>> first_nonfinite([[1.0], [1e200], [np.inf], [np.nan]], [1.0, np.inf, np.inf, np.nan])
    (1, 3)
    """
    numbers = np.column_stack([np.asarray(params, dtype=float), np.asarray(losses, dtype=float)])
    infinite, undefined = np.isinf(numbers).any(axis=1), np.isnan(numbers).any(axis=1)
    return _first_true(infinite), _first_true(undefined)


def _first_true(holds: npt.NDArray[np.bool_]) -> int | None:
    return int(holds.argmax()) if holds.any() else None


RATES = tuple(float(f"{digit}e{exponent}") for exponent in range(-5, 1) for digit in (1, 2, 5))
"""The learning rates tried: 1, 2 and 5 times the powers of ten, from 0.00001 to 5."""


class Goal(NamedTuple):
    """The criterion by which a learning rate is chosen.

    Attributes
    ----------
    loss : float
        A run reaches the goal when its loss stays at or below this level.
    n_updates : int
        Number of updates of each run.
    longest_step : float
        Largest Euclidean length allowed for a step.
    """

    loss: float
    n_updates: int
    longest_step: float = float("inf")

    def is_reached_by(self, trajectory: Trajectory) -> bool:
        """Return whether a run stays at the loss within the updates, with no step that is longer."""
        first = slice(self.n_updates + 1)
        with np.errstate(all="ignore"):
            steps = np.linalg.norm(np.diff(trajectory.params[first], axis=0), axis=1)
        stays = settling_update(trajectory.loss[first], self.loss) is not None
        return stays and bool((steps <= self.longest_step).all())


def settling_update(loss: npt.ArrayLike, level: float) -> int | None:
    """Return the first update from which the loss stays at or below a level; None if it ends above the level.

    >>> settling_update([9.0, 0.5, 2.0, 0.8, 0.1], level=1.0)
    3
    >>> settling_update([9.0, 4.0], level=1.0) is None
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
    """Return the learning rate with which an optimizer reaches a goal first.

    Every rate is tried. The result is the rate that reaches the goal in the fewest updates or, if none does, the rate
    with the lowest final loss. Rates with a step longer than the goal allows are excluded; if that excludes all of
    them, the result is the lowest rate.

    Parameters
    ----------
    optimizer : callable
        A function from a learning rate to an optimizer, such as `optimizers.adam`.
    rates : sequence of float
        The rates to try, ascending.

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
    fewer = fewer_tried(tuple(rates))
    # Descents of a preview may be cut, so that its result must not be cached.
    is_kept = isinstance(objective, AnalyticSurface) and not fewer
    tune: Callable[..., float] = _tuned_on_surface if is_kept else _tuned
    return tune(objective, optimizer, tuple(start.tolist()), goal, fewer or tuple(rates))


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


# A surface is immutable, so its results can be cached: a change of one optimizer in a race retunes only that one.
_tuned_on_surface = lru_cache(64)(_tuned)


def _longest_step(run: Trajectory) -> float:
    with np.errstate(all="ignore"):
        lengths = np.linalg.norm(np.diff(run.params, axis=0), axis=1)
    return float(lengths.max(initial=0.0)) if np.isfinite(lengths).all() else float("inf")


def _rank(run: Trajectory, goal: Goal) -> tuple[float, float]:
    """Return a sort key, best first: the update at which the goal is reached, then the final loss."""
    arrived, last = settling_update(run.loss, goal.loss), float(run.loss[-1])
    return (float("inf") if arrived is None else arrived, last if np.isfinite(last) else float("inf"))


_LEAST_OF_DIGIT = 1e-3
SIGNIFICANT = 4
"""Significant digits of a fitted parameter on screen."""


def updates_to_settle(problem: LinearProblem, learning_rate: float) -> int:
    """Return the number of updates after which batch descent from the first line shows the digits of the best one.

    The number follows from the spectrum of the Hessian. It is from 40 to 2000, and 2000 if the rate is so low or so
    high that the descent does not get there.
    """
    optimum = problem.in_units(problem.objective.optimum())
    slope_step, intercept_step = (_half_digit(float(value)) for value in optimum)
    scale, mean = float(problem.scaling.scale[0]), float(problem.scaling.mean[0])
    # slope = w / scale and intercept = b - w mean / scale, so this bounds the error of (w, b).
    tolerance = min(slope_step * scale, intercept_step / math.hypot(1.0, mean / scale))
    n_updates = problem.objective.updates_to_converge(learning_rate, problem.first, tolerance)
    return min(max(n_updates or 40, 40), 2000) if n_updates is not None else 2000


def _half_digit(value: float) -> float:
    """Return how far a value may be off and still be shown with the same digits."""
    magnitude = math.floor(math.log10(abs(value))) if value else 0
    unit = 10.0 ** min(magnitude - SIGNIFICANT + 1, -2)
    to_boundary = abs((value / unit) % 1.0 - 0.5) * unit  # where rounding turns from one digit to the next
    return max(to_boundary, _LEAST_OF_DIGIT * unit)


def grows(values: npt.ArrayLike) -> bool:
    """Return whether a series ends over 1.5 times as far from 0 as it began, and never falls back by 1/4 of its end.

    >>> grows([0.1, 1.0, 0.9, 2.0]), grows([-2.0, 0.0, 4.0]), grows([1.0, 1.2])
    (True, False, False)
    """
    sizes = np.abs(np.asarray(values, dtype=float))
    fallen = float((np.maximum.accumulate(sizes) - sizes).max())
    return bool(sizes[-1] > 1.5 * sizes[0] and fallen <= sizes[-1] / 4)


def reversals(values: npt.ArrayLike, least: float, *, signs: npt.ArrayLike = (1.0,)) -> int:
    """Return how often a series turns back by more than ``least``; smaller movements are not counted.

    Nor are those before the last change of ``signs``: a boundary goes through infinity where its weight changes sign.

    >>> reversals([0.0, 3.0, 1.0, 1.1, 0.9, 2.0], 0.5), reversals([1.0, 9.0, -9.0], 0.5, signs=[-2, -1, 1])
    (2, 0)
    """
    leaning = np.sign(np.asarray(signs, dtype=float))
    since = int(np.flatnonzero(np.append(-1.0, leaning * leaning[-1]) <= 0)[-1])
    low, high = np.inf, -np.inf
    direction = count = 0
    for value in np.asarray(values, dtype=float)[since:].tolist():
        if direction >= 0 and high - value > least:
            count, direction, low = count + (direction > 0), -1, value
        elif direction <= 0 and value - low > least:
            count, direction, high = count + (direction < 0), 1, value
        low, high = min(low, value), max(high, value)
    return count
