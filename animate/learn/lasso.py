"""The lasso: its objective, and proximal gradient descent, which sets weights to exactly zero."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from animate.errors import DataError
from animate.learn.convergence import settling_update
from animate.learn.descent import Trajectory, descend, repeat_step
from animate.learn.objectives import LinearPredictor, Objective, linear
from animate.learn.optimizers import gradient_descent
from animate.learn.sampling import RowIndex
from animate.learn.validation import Floats, non_negative, positive

_MOST_SWEEPS = 100_000


def soft_threshold(values: Floats, threshold: float | Floats) -> Floats:
    """Return sign(value) max(|value| - threshold, 0): values moved towards 0 by the threshold, but not beyond 0.

    It is the proximal map of threshold |value|: it minimizes 1/2 (w - value)^2 + threshold |w| over w.

    >>> soft_threshold(np.array([3.0, -0.5, -2.0]), 1.0).tolist()
    [2.0, 0.0, -1.0]
    """
    # Unlike the formula, this never gives -0.0.
    return values - np.clip(values, -threshold, threshold)


@dataclass(frozen=True, eq=False)
class Lasso(Objective):
    """1/2 mean((design @ params - targets)^2) + lasso_penalty ||weights||_1, the intercept not penalized.

    Attributes
    ----------
    smooth : LinearPredictor
        The half squared loss, without penalty.
    """

    smooth: LinearPredictor
    lasso_penalty: float

    @property
    def n_params(self) -> int:
        """Number of parameters: the features and the intercept."""
        return self.smooth.n_params

    @property
    def n_samples(self) -> int:
        """Number of rows."""
        return self.smooth.n_samples

    def values(self, params_stack: npt.ArrayLike) -> Floats:
        """Return the value at each parameter vector of a stack: shape (..., n_params) to (...)."""
        stack = np.asarray(params_stack, dtype=float)
        sizes: Floats = np.abs(stack[..., :-1]).sum(axis=-1)
        return self.smooth.values(stack) + self.lasso_penalty * sizes

    def gradient(self, params: Floats, rows: RowIndex | None = None) -> Floats:
        """Return a subgradient: the smooth part's gradient, plus lasso_penalty sign(weight), 0 where it is 0."""
        return self.smooth.gradient(params, rows) + self.lasso_penalty * np.append(np.sign(params[:-1]), 0.0)

    def proximal_step(self, params: Floats, learning_rate: float) -> Floats:
        """Return the parameters after one proximal step, shape (n_params,).

        A gradient step of the smooth part, then weights moved towards 0 by learning_rate lasso_penalty:
        w = soft_threshold(w - learning_rate gradient, learning_rate lasso_penalty).
        """
        moved = params - learning_rate * self.smooth.gradient(params)
        moved[:-1] = soft_threshold(moved[:-1], learning_rate * self.lasso_penalty)
        return moved

    def stability_limit(self) -> float:
        """Return 2 / lambda_max of the smooth part's Hessian: proximal steps converge at every rate below it."""
        return self.smooth.stability_limit()

    def optimum(self) -> Floats:
        """Return the minimum, shape (n_params,), by coordinate descent.

        Weights are minimized over one at a time on centered columns until no subgradient condition is
        violated by more than 1e-12 of the largest gradient at 0.

        Raises
        ------
        DataError
            If that is not reached, as happens with columns that are very nearly collinear.

        References
        ----------
        J. Friedman, T. Hastie and R. Tibshirani, "Regularization paths for generalized linear models via
        coordinate descent", Journal of Statistical Software 33 (2010), 1-22.
        """
        X, y = self.smooth.design[:, :-1], self.smooth.targets
        centered, residuals = X - X.mean(axis=0), y - y.mean()
        gram, pull = centered.T @ centered / len(y), centered.T @ residuals / len(y)
        weights = np.zeros(X.shape[1])
        for _ in range(_MOST_SWEEPS):
            if _violation(gram @ weights - pull, weights, self.lasso_penalty) <= 1e-12 * np.abs(pull).max():
                return np.append(weights, y.mean() - X.mean(axis=0) @ weights)
            _sweep(gram, pull, weights, self.lasso_penalty)
        raise DataError(
            "no optimum of the lasso was found: features are too nearly collinear. Measure x from its mean, or leave "
            "one out"
        )


def _sweep(gram: Floats, pull: Floats, weights: Floats, penalty: float) -> None:
    """Minimize over each weight in turn, in place."""
    for index, curvature in enumerate(np.diag(gram)):
        if curvature > 0.0:
            alone = pull[index] - gram[index] @ weights + curvature * weights[index]
            weights[index] = soft_threshold(alone, penalty) / curvature


def _violation(gradient: Floats, weights: Floats, penalty: float) -> float:
    """Return the distance of 0 from the subgradients: |g + penalty sign(w)|, and |g| - penalty at weights of 0."""
    resting = np.maximum(np.abs(gradient) - penalty, 0.0)
    return float(np.where(weights == 0.0, resting, np.abs(gradient + penalty * np.sign(weights))).max())


def lasso(X: npt.ArrayLike, y: npt.ArrayLike, *, lasso_penalty: float) -> Lasso:
    """Return the objective of the lasso.

    1/2 mean((X @ weights + intercept - y)^2) + lasso_penalty ||weights||_1

    Parameters
    ----------
    lasso_penalty : float
        0 or more.

    References
    ----------
    R. Tibshirani, "Regression shrinkage and selection via the lasso", Journal of the Royal Statistical
    Society B 58 (1996), 267-288.

    Examples
    --------
    >>> objective = lasso([-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], lasso_penalty=1.0)
    >>> objective.optimum().round(9).tolist()
    [0.5, 0.0]
    """
    smooth = linear(X, y, loss="half_squared")
    return Lasso(smooth, non_negative("lasso_penalty", lasso_penalty))


def lasso_and_ridge(X: npt.ArrayLike, y: npt.ArrayLike, penalty: float) -> tuple[Lasso, LinearPredictor]:
    """Return the objective of the lasso and that of ridge, with half of penalty ||weights||^2, both of one penalty."""
    return lasso(X, y, lasso_penalty=penalty), linear(X, y, loss="half_squared", ridge_penalty=penalty)


def proximal_descend(
    objective: Lasso | LinearPredictor, learning_rate: float, start: npt.ArrayLike, n_updates: int
) -> Trajectory:
    """Return the trajectory of `n_updates` proximal steps from `start`, also known as ISTA.

    Parameters
    ----------
    objective : Lasso or LinearPredictor
        Of a smooth one the proximal step is the gradient step.
    learning_rate : float
        Below the stability limit for the steps to converge; up to half of it they never raise the value.

    References
    ----------
    I. Daubechies, M. Defrise and C. De Mol, "An iterative thresholding algorithm for linear inverse problems
    with a sparsity constraint", Communications on Pure and Applied Mathematics 57 (2004), 1413-1457.

    Examples
    --------
    >>> objective = lasso([-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], lasso_penalty=2.0)
    >>> proximal_descend(objective, 1.0, [1.0, 1.0], n_updates=2).params.round(9).tolist()
    [[1.0, 1.0], [0.0, 0.0], [0.0, 0.0]]
    """
    rate = positive("learning_rate", learning_rate)
    if isinstance(objective, LinearPredictor):
        return descend(objective, gradient_descent(rate), start, n_updates)
    return repeat_step(objective, lambda params: objective.proximal_step(params, rate), start, n_updates)


def zero_since(values: npt.ArrayLike) -> int | None:
    """Return the first update from which a weight stays exactly 0, or None if it is not 0 at the end.

    Parameters
    ----------
    values : array, shape (n_updates + 1,)
        The weight at each update.

    Examples
    --------
    >>> zero_since([0.5, 0.0, 0.1, 0.0, 0.0]), zero_since([0.5, 0.1])
    (3, None)
    """
    return settling_update(np.abs(np.asarray(values, dtype=float)), 0.0)


def last_zero(params: npt.ArrayLike) -> tuple[int, int | None]:
    """Return the last weight that ends at exactly 0, and the update from which it stays there; else the last weight.

    Parameters
    ----------
    params : array, shape (n_updates + 1, n_weights + 1)

    Examples
    --------
    >>> last_zero([[1.0, 2.0, 0.0], [0.0, 1.0, 0.0]]), last_zero([[1.0, 2.0, 0.0], [0.5, 1.0, 0.0]])
    ((0, 1), (1, None))
    """
    weights = np.asarray(params, dtype=float)[:, :-1]
    last = weights.shape[1] - 1
    axis = max(np.flatnonzero(weights[-1] == 0.0), default=last)
    return int(axis), zero_since(weights[:, axis])
