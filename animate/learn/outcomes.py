"""What became of a descent: whether it converged, bounces or diverged, where it overshot, how far it keeps away."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from animate.learn.checks import Floats, finite, positive
from animate.learn.objectives import LinearPredictor

Outcome = Literal["converged", "on its way", "bounces", "diverges"]
OUTCOMES: tuple[Outcome, ...] = ("converged", "on its way", "bounces", "diverges")

_STANDSTILL = 1e-12


def outcomes(losses: npt.ArrayLike, best: float, *, tolerance: float = 1e-4) -> tuple[Outcome, ...]:
    """Return what can be said of batch descent after each update, n_updates + 1 outcomes.

    With the excess e_k = losses_k - best:

    - ``diverges`` from the first k on with losses_k not finite or above losses_0,
    - ``converged`` from the k on after which every e stays within tolerance e_0,
    - ``bounces`` where losses_k has not fallen by 1e-12 of itself since losses_(k-1),
    - ``on its way`` otherwise.

    On a quadratic, descent below the stability limit never raises the loss, and at the limit it stands still;
    so the four cases are what the learning rate does.

    Parameters
    ----------
    losses : array, shape (n_updates + 1,)
        inf and nan are allowed.
    best : float
        The lowest loss there is.
    tolerance : float
        Share of the first excess that counts as nothing: 1e-4 of the loss is 1 % of the distance.

    Raises
    ------
    ValueError
        If `best` is not finite or `tolerance` is not positive.

    Examples
    --------
    >>> outcomes([4.0, 1.0, 0.0], 0.0)
    ('on its way', 'on its way', 'converged')
    >>> outcomes([4.0, 9.0, float("inf")], 0.0)
    ('on its way', 'diverges', 'diverges')
    """
    series = np.asarray(losses, dtype=float)
    excess = series - finite("best", best)
    with np.errstate(all="ignore"):
        lost = np.logical_or.accumulate(~(series <= series[0] * (1 + _STANDSTILL)))
        near = excess <= positive("tolerance", tolerance) * abs(excess[0])
        arrived = np.logical_and.accumulate(near[::-1])[::-1]
        still = np.append(False, series[1:] >= series[:-1] * (1 - _STANDSTILL))
    codes = np.select([lost, arrived, still], [3, 0, 2], default=1)
    return tuple(OUTCOMES[code] for code in codes)


def first_of(outcome: Outcome, series: tuple[Outcome, ...]) -> int | None:
    """Return the first update with an outcome, or None.

    Examples
    --------
    >>> first_of("converged", ("on its way", "converged"))
    1
    """
    return series.index(outcome) if outcome in series else None


def running_rms_distance(
    path: npt.ArrayLike, center: npt.ArrayLike, *, since: int = 0, latest: int | None = None
) -> Floats:
    """Return how far a path has kept from a point so far, shape (n_updates + 1,); nan before ``since``.

    sqrt(mean over j = since..k of ||path_j - center||^2) at each k.

    Parameters
    ----------
    path : array, shape (n_updates + 1, n_params)
    center : array, shape (n_params,)
    since : int
        The first entry that counts: where the path has come near, so that its way there is left out.
    latest : int, optional
        Of those, only so many that end with k count, such as an epoch.

    Examples
    --------
    >>> running_rms_distance([[9.0, 0.0], [3.0, 4.0], [0.0, 5.0]], [0.0, 0.0], since=1).tolist()
    [nan, 5.0, 5.0]
    >>> running_rms_distance([[9.0, 0.0], [3.0, 4.0], [0.0, 1.0]], [0.0, 0.0], latest=1).tolist()
    [9.0, 5.0, 1.0]
    """
    with np.errstate(all="ignore"):
        squares = np.square(np.asarray(path, dtype=float) - np.asarray(center, dtype=float)).sum(axis=1)[since:]
        sums = np.append(0.0, np.cumsum(squares))
        ends = np.arange(1, len(squares) + 1)
        begins = np.zeros_like(ends) if latest is None else np.maximum(ends - latest, 0)
        means = np.maximum((sums[ends] - sums[begins]) / (ends - begins), 0.0)
        return np.concatenate([np.full(min(since, len(np.asarray(path))), np.nan), np.sqrt(means)])


def overshoots_at(series: npt.ArrayLike, target: float) -> int | None:
    """Return the update at which a parameter is farthest beyond its target, seen from its start; None if it never is.

    Parameters
    ----------
    series : array, shape (n_updates + 1,)
        The parameter after each update; what is not finite is left out.
    target : float

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
    """Return the first update from which on batch descent has no more than a share of its way left; None for never.

    The way is the Euclidean distance from start to optimum; reckoned from the Hessian of a squared loss, without
    descending.

    Examples
    --------
    >>> from animate.learn.objectives import linear
    >>> updates_until(linear([-1.0, 1.0], [1.0, 5.0], loss="half_squared"), 0.5, [0.0, 0.0])
    7
    """
    way = float(np.linalg.norm(np.asarray(start, dtype=float) - objective.optimum()))
    return objective.updates_to_converge(learning_rate, start, share * way) if way > 0 else 0


def creep(objective: LinearPredictor, learning_rate: float) -> float:
    """Return the share of what is left that each update takes off along the flattest direction of a quadratic.

    learning_rate lambda_min, lambda_min the smallest eigenvalue of the Hessian.

    Examples
    --------
    >>> from animate.learn.objectives import linear
    >>> creep(linear([-2.0, 2.0], [1.0, 5.0], loss="half_squared"), 0.1)
    0.1
    """
    return learning_rate * float(np.linalg.eigvalsh(objective.hessian())[0])


def breaks(params: npt.ArrayLike, losses: npt.ArrayLike) -> tuple[int | None, int | None]:
    """Return the first update with an infinite number and the first with one that is not a number; None for neither.

    Parameters
    ----------
    params : array, shape (n_updates + 1, n_params)
    losses : array, shape (n_updates + 1,)

    Examples
    --------
    >>> breaks([[1.0], [1e200], [float("inf")], [float("nan")]], [1.0, float("inf"), float("inf"), float("nan")])
    (1, 3)
    """
    numbers = np.column_stack([np.asarray(params, dtype=float), np.asarray(losses, dtype=float)])
    infinite, undefined = np.isinf(numbers).any(axis=1), np.isnan(numbers).any(axis=1)
    return _first(infinite), _first(undefined)


def _first(holds: npt.NDArray[np.bool_]) -> int | None:
    return int(holds.argmax()) if holds.any() else None
