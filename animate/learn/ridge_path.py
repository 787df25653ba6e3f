"""The slope of ridge regression as a function of its penalty, on an axis that has a place for a penalty of 0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from animate.learn.problems import LinearProblem
from animate.learn.validation import Floats


class RidgePath(NamedTuple):
    """The best slope of a line for each penalty.

    Attributes
    ----------
    places : array, shape (n_penalties,)
        Where the penalties stand on an axis: arsinh(penalty / unit), logarithmic but for the part near 0. The unit is
        half the lowest penalty above 0, or 1/2.
    slopes : array, shape (n_penalties,)
        The best slope for each, in the units of the data.
    curve : array, shape (61, 2)
        Places from 0 to beyond the largest penalty, and the best slope at each.
    """

    places: Floats
    slopes: Floats
    curve: Floats


def ridge_path(problem: LinearProblem, penalties: Sequence[float]) -> RidgePath:
    """Return the best slope of a line for each ridge penalty, and the curve through all penalties.

    Parameters
    ----------
    problem : LinearProblem
        Its own penalty does not count.
    penalties : sequence of float
        At least 0.

    Examples
    --------
    >>> from animate.learn.problems import linear_problem
    >>> from animate.learn.datasets import line
    >>> points = line(40, slope=2.0, noise=0.0)
    >>> ridge_path(linear_problem(points, standardize=True, loss="half_squared"), [0.0, 1.0]).slopes.round(9).tolist()
    [2.0, 1.0]
    """
    unit = min([penalty for penalty in penalties if penalty > 0] or [1.0]) / 2
    grid = np.concatenate([[0.0], np.geomspace(unit / 5, 4 * max(*penalties, unit), 60)])

    def best(penalty: float) -> float:
        objective = replace(problem.objective, ridge_penalty=float(penalty))
        return float(problem.in_units(objective.optimum())[0])

    # A slope whose line rises over all x by no more than the rounding of y is 0.
    data = problem.data
    rounding = 1e-12 * float(np.abs(data.y).max() / np.ptp(data.x))

    def rounded(values: Sequence[float] | Floats) -> Floats:
        found = np.array([best(value) for value in values])
        return np.where(np.abs(found) <= rounding, 0.0, found)

    curve, slopes = np.stack([np.arcsinh(grid / unit), rounded(grid)], axis=-1), rounded(penalties)
    return RidgePath(np.arcsinh(np.asarray(penalties) / unit), slopes, curve)
