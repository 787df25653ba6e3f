"""Origins and units of x: what moving or stretching it does to descent, with the way back to the data's own units."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from animate.learn.checks import matrix
from animate.learn.data import RegressionData, Scaling
from animate.learn.losses import Loss
from animate.learn.objectives import linear
from animate.learn.problems import LinearProblem


def centered(X: npt.ArrayLike, unit: Scaling | None = None) -> Scaling:
    """Return the scaling that moves each feature's mean to 0: scaled = (X - mean) / unit.scale, the unit 1 if left out.

    Examples
    --------
    >>> centered([[1.0], [5.0]]).apply([[1.0], [5.0]]).tolist()
    [[-2.0], [2.0]]
    """
    features = matrix("X", X)
    return Scaling(features.mean(axis=0), np.ones(features.shape[1]) if unit is None else unit.scale)


def unit_deviation(X: npt.ArrayLike) -> Scaling:
    """Return the scaling to deviation 1 (divisor n) that keeps each feature's origin: scaled = X / deviation.

    Examples
    --------
    >>> unit_deviation([[1.0], [5.0]]).apply([[1.0], [5.0]]).tolist()
    [[0.5], [2.5]]
    """
    features = matrix("X", X)
    return Scaling(np.zeros(features.shape[1]), Scaling.standardize(features).scale)


def scaled_problem(data: RegressionData, scaling: Scaling, *, loss: str | Loss = "squared") -> LinearProblem:
    """Return the problem of fitting a line to data, with x as ``scaling`` has it.

    Examples
    --------
    >>> data = RegressionData([0.0, 1.0, 2.0], [1.0, 3.0, 5.0])
    >>> problem = scaled_problem(data, centered(data.X))
    >>> problem.objective.optimum().round(9).tolist(), problem.in_units([2.0, 3.0]).tolist()
    ([2.0, 3.0], [2.0, 1.0])
    """
    return LinearProblem(data, linear(scaling.apply(data.X), data.y, loss=loss), scaling)
