"""An objective over its weights alone, with the intercept always the best one for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from animate.errors import DataError
from animate.learn.checks import Floats
from animate.learn.losses import Loss
from animate.learn.objectives import LinearPredictor
from animate.learn.sampling import RowIndex

_CHUNK = 2**18  # predictions held at once: 2 MiB
_MOST_STEPS = 200


@dataclass(frozen=True, eq=False)
class Profile:
    """min over the intercept of an objective: a function of the weights.

    Its surface lies on or under every slice at a fixed intercept, and has the same lowest point as the
    objective.

    Attributes
    ----------
    objective : LinearPredictor
        With a convex loss.
    """

    objective: LinearPredictor

    @property
    def n_params(self) -> int:
        """Number of parameters: the weights."""
        return self.objective.n_params - 1

    @property
    def n_samples(self) -> int:
        """Number of rows."""
        return self.objective.n_samples

    def value(self, params: npt.ArrayLike) -> float:
        """Return the least value of the objective with the weights `params`, shape (n_features,)."""
        return float(self.values(params))

    def values(self, params_stack: npt.ArrayLike) -> Floats:
        """Return the value at each vector of weights of a stack: shape (..., n_features) to (...)."""
        return self.objective.values(self.lift(params_stack))

    def gradient(self, params: Floats, rows: RowIndex | None = None) -> Floats:
        """Return the gradient in the weights at the best intercept (of all rows), shape (n_features,)."""
        return self.objective.gradient(self.lift(params), rows)[:-1]

    def lift(self, weights: npt.ArrayLike) -> Floats:
        """Return weights with their best intercept: shape (..., n_features) to (..., n_features + 1).

        For squared losses it is the mean of y - X @ weights, for the absolute loss the median; for other
        losses it is where the mean derivative is 0, by Newton steps kept between bounds.

        Raises
        ------
        ValueError
            If the loss is not convex, so that there may be several best ones.
        DataError
            If all labels are of one class, so that there is none.
        """
        stack = np.asarray(weights, dtype=float)
        flat = stack.reshape(-1, self.n_params)
        find = _best_intercept(self.objective.loss)
        size = max(1, _CHUNK // self.n_samples)
        intercepts = np.empty(len(flat))
        for first in range(0, len(flat), size):
            partial = flat[first : first + size] @ self.objective.design[:, :-1].T
            intercepts[first : first + size] = find(partial, self.objective)
        return np.concatenate([stack, intercepts.reshape(*stack.shape[:-1], 1)], axis=-1)

    def project(self, params: npt.ArrayLike) -> Floats:
        """Return the weights of `params`: shape (..., n_features + 1) to (..., n_features)."""
        return np.asarray(params, dtype=float)[..., :-1]

    def optimum(self) -> Floats:
        """Return the weights of the objective's optimum, shape (n_features,)."""
        return self.objective.optimum()[:-1]


def _mean(partial: Floats, objective: LinearPredictor) -> Floats:
    return np.asarray((objective.targets - partial).mean(axis=1), dtype=float)


def _median(partial: Floats, objective: LinearPredictor) -> Floats:
    return np.asarray(np.median(objective.targets - partial, axis=1), dtype=float)


def _root(partial: Floats, objective: LinearPredictor) -> Floats:
    """Return where the mean derivative is 0, by Newton steps; a step out of the bounds becomes a bisection."""
    low, high = _bounds(partial, objective)
    intercepts = 0.5 * (low + high)
    loss, targets = objective.loss, objective.targets
    for _ in range(_MOST_STEPS):
        predictions = partial + intercepts[:, None]
        slope = loss.derivative(predictions, targets).mean(axis=1)
        low, high = np.where(slope < 0.0, intercepts, low), np.where(slope > 0.0, intercepts, high)
        curvature = _curvature(loss, predictions, targets)
        moved = intercepts - slope / np.where(curvature > 0.0, curvature, 1.0)
        inside = (curvature > 0.0) & (low <= moved) & (moved <= high)
        moved = np.where(slope == 0.0, intercepts, np.where(inside, moved, 0.5 * (low + high)))
        if np.array_equal(moved, intercepts) or (np.abs(moved - intercepts) <= 1e-13 * (1.0 + np.abs(moved))).all():
            return np.asarray(moved, dtype=float)
        intercepts = moved
    return np.asarray(intercepts, dtype=float)


def _curvature(loss: Loss, predictions: Floats, targets: Floats) -> Floats:
    if loss.curvature is None:
        return np.zeros(len(predictions))
    return np.asarray(loss.curvature(predictions, targets).mean(axis=1), dtype=float)


def _bounds(partial: Floats, objective: LinearPredictor) -> tuple[Floats, Floats]:
    """Return intercepts at which the mean derivative is negative and positive."""
    if objective.loss.name == "log_loss":
        share = float(objective.targets.mean())
        if not 0.0 < share < 1.0:
            raise DataError("the best intercept needs labels of both classes; got one class")
        # At the lower bound no probability is above the share of ones, at the upper bound none is below it.
        reach = np.log(share / (1.0 - share))
        return reach - partial.max(axis=1), reach - partial.min(axis=1)
    residuals = objective.targets - partial
    return residuals.min(axis=1), residuals.max(axis=1)


_BEST_INTERCEPTS: dict[str, Callable[[Floats, LinearPredictor], Floats]] = {
    "squared": _mean,
    "half_squared": _mean,
    "absolute": _median,
    "huber": _root,
    "log_loss": _root,
}


def _best_intercept(loss: Loss) -> Callable[[Floats, LinearPredictor], Floats]:
    if loss.name not in _BEST_INTERCEPTS:
        raise ValueError(f"loss must be one of {', '.join(_BEST_INTERCEPTS)}; got {loss.name!r}")
    return _BEST_INTERCEPTS[loss.name]
