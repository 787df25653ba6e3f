"""Newton's method: steps that know the curvature."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
import numpy.typing as npt

from animate.learn.checks import Floats, vector, whole
from animate.learn.descent import Trajectory
from animate.learn.objectives import Objective

_ENOUGH = 1e-4  # share of the fall promised by the slope that a damped step must bring
_MOST_HALVINGS = 60


class Curved(Objective, Protocol):
    """An objective with second derivatives."""

    def hessian(self, params: Floats) -> Floats:
        """Return the second derivatives at `params`, shape (n_params, n_params)."""
        ...


def newton_path(objective: Curved, start: npt.ArrayLike, n_updates: int) -> Trajectory:
    """Return the trajectory of full Newton steps: step = -H^-1 gradient.

    On a quadratic the first step lands on the optimum. Elsewhere a step goes to where the quadratic of slope
    and curvature is stationary, which can be uphill. Where the Hessian is singular, it is the shortest step
    that leaves the least gradient.

    Parameters
    ----------
    objective
        With `gradient` and `hessian`.
    start : array, shape (n_params,)
    n_updates : int

    Raises
    ------
    ValueError
        If `start` has another shape or is not finite, or `n_updates` is negative.

    Examples
    --------
    >>> from animate.learn.surfaces import valley
    >>> newton_path(valley(), [4.0, 1.0], n_updates=1).final.tolist()
    [0.0, 0.0]
    """
    return _walk(objective, start, n_updates, _full_step)


def damped_newton_path(objective: Curved, start: npt.ArrayLike, n_updates: int) -> Trajectory:
    """Return the trajectory of Newton steps that always go down.

    step = -t |H|^-1 gradient, where |H| is the Hessian with the absolute values of its eigenvalues, and t the
    first of 1, 1/2, 1/4, ... at which the objective falls by at least 1e-4 of what the slope promises.

    Parameters
    ----------
    objective
        With `gradient` and `hessian`.
    start : array, shape (n_params,)
    n_updates : int

    Raises
    ------
    ValueError
        If `start` has another shape or is not finite, or `n_updates` is negative.

    References
    ----------
    J. Nocedal and S. J. Wright, Numerical Optimization (2006), sections 3.1 and 3.4.

    Examples
    --------
    >>> from animate.learn.surfaces import ROSENBROCK
    >>> damped_newton_path(ROSENBROCK, [-1.5, 2.2], n_updates=30).final.round(9).tolist()
    [1.0, 1.0]
    """
    return _walk(objective, start, n_updates, _damped_step)


def _walk(
    objective: Curved, start: npt.ArrayLike, n_updates: int, step: Callable[[Curved, Floats], Floats]
) -> Trajectory:
    params = vector("start", start, objective.n_params)
    path = np.empty((whole("n_updates", n_updates, 0) + 1, params.size))
    path[0] = params
    with np.errstate(all="ignore"):
        for update in range(1, n_updates + 1):
            path[update] = params = params + step(objective, params)
    return Trajectory.from_arrays(path, objective=objective)


def _full_step(objective: Curved, params: Floats) -> Floats:
    eigenvalues, vectors = _spectrum(objective, params)
    return -vectors @ (_inverse(eigenvalues) * (vectors.T @ objective.gradient(params)))


def _damped_step(objective: Curved, params: Floats) -> Floats:
    eigenvalues, vectors = _spectrum(objective, params)
    gradient = objective.gradient(params)
    step: Floats = -vectors @ (_inverse(np.abs(eigenvalues)) * (vectors.T @ gradient))
    value, slope = objective.value(params), float(gradient @ step)
    for _ in range(_MOST_HALVINGS):
        if objective.value(params + step) <= value + _ENOUGH * slope:
            return step
        step, slope = 0.5 * step, 0.5 * slope
    return np.zeros_like(params)


def _spectrum(objective: Curved, params: Floats) -> tuple[Floats, Floats]:
    hessian = objective.hessian(params)
    if not np.isfinite(hessian).all():
        return np.full(params.size, np.nan), np.eye(params.size)
    eigenvalues, vectors = np.linalg.eigh(hessian)
    return eigenvalues, vectors


def _inverse(eigenvalues: Floats) -> Floats:
    """Return 1 / eigenvalue, and 0 where it is 0 to rounding."""
    least = len(eigenvalues) * np.finfo(float).eps * np.abs(eigenvalues).max()
    return np.where(np.abs(eigenvalues) <= least, 0.0, 1.0 / eigenvalues)
