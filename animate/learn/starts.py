"""Where a descent begins, and how many updates it takes until nothing on screen changes any more."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from animate.learn.checks import Floats, Rng, generator
from animate.learn.problems import LinearProblem

SIGNIFICANT = 4
"""Digits to which a fitted parameter is shown, and so the accuracy that settling means."""


def starting_params(problem: LinearProblem, start: Sequence[float] | None = None, *, rng: Rng = 0) -> Floats:
    """Return the objective's parameters for a line given in the data's units, or for a random one, shape (2,).

    A random line is wrong by about the spread of the data: weight and intercept are normal with the standard
    deviation s of y around 0 and around the mean of y.

    Examples
    --------
    >>> from animate.learn.data import RegressionData
    >>> from animate.learn.problems import linear_problem
    >>> problem = linear_problem(RegressionData([0.0, 2.0], [1.0, 3.0]), standardize=True)
    >>> starting_params(problem, (3.0, 0.5)).tolist()
    [3.0, 3.5]
    """
    if start is not None:
        return problem.from_units(start)
    spread, center = float(problem.data.y.std()) or 1.0, float(problem.data.y.mean())
    weight, intercept = generator(rng).standard_normal(2)
    return np.array([-spread * (0.3 + 0.5 * abs(weight)), center + spread * (0.5 + 0.5 * abs(intercept))])


def updates_to_settle(
    problem: LinearProblem, learning_rate: float, start: Floats, *, least: int = 40, most: int = 2000
) -> int:
    """Return after how many updates of batch descent slope and intercept stand on their optimum to the digits shown.

    From the spectrum of the Hessian; between ``least`` and ``most``, and ``most`` where the rate is so low or
    so high that they never do.
    """
    optimum = problem.in_units(problem.objective.optimum())
    slope_step, intercept_step = (_half_digit(float(value)) for value in optimum)
    scale, mean = float(problem.scaling.scale[0]), float(problem.scaling.mean[0])
    # slope = w / scale and intercept = b - w mean / scale: an error e of (w, b) reaches them no larger than this
    tolerance = min(slope_step * scale, intercept_step / math.hypot(1.0, mean / scale))
    n_updates = problem.objective.updates_to_converge(learning_rate, start, tolerance)
    return min(max(n_updates or most, least), most) if n_updates is not None else most


def _half_digit(value: float) -> float:
    magnitude = math.floor(math.log10(abs(value))) if value else 0
    return 0.5 * 10.0 ** min(magnitude - SIGNIFICANT + 1, -2)
