"""Objectives: the mean loss of a model over data plus a penalty, with gradient, Hessian and optimum."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from animate.errors import DataError
from animate.learn.conditioning import condition_number, first_update_within, stability_limit
from animate.learn.evaluation import BLOCK, evaluate_stack, sum_over_blocks
from animate.learn.losses import Loss, find_loss
from animate.learn.sampling import RowIndex
from animate.learn.solvers import SOLVERS, PenalizedLoss
from animate.learn.validation import Floats, matrix, non_negative, positive, vector, whole

MANY_ROWS = 2000
"""Of more rows than this, a squared loss is computed from a few rows with the same sum of squares."""


@runtime_checkable
class Objective(Protocol):
    """The interface of an objective that descent and panels use."""

    @property
    def n_params(self) -> int:
        """Number of parameters."""
        ...

    @property
    def n_samples(self) -> int:
        """Number of rows that a gradient can be taken over."""
        ...

    def value(self, params: npt.ArrayLike) -> float:
        """Return the objective over all rows at `params`, shape (n_params,)."""
        return float(self.values(params))

    def values(self, params_stack: npt.ArrayLike) -> Floats:
        """Return the objective at each vector of a stack: shape (..., n_params) to (...)."""
        ...

    def gradient(self, params: Floats, rows: RowIndex | None = None) -> Floats:
        """Return the gradient at `params`, shape (n_params,), of the mean over `rows`, or over all."""
        ...


class TwiceDifferentiable(Objective, Protocol):
    """An objective with second derivatives."""

    def hessian(self, params: Floats | None = None) -> Floats:
        """Return the second derivatives at `params`, or at the optimum, shape (n_params, n_params)."""
        ...

    def condition_number(self, params: Floats | None = None) -> float:
        """Return the largest over the smallest eigenvalue of the Hessian; inf if the smallest is 0 to rounding."""
        return condition_number(self.hessian(params))

    def stability_limit(self, params: Floats | None = None) -> float:
        """Return 2 / lambda_max, lambda_max the largest eigenvalue of the Hessian at `params`.

        On a quadratic, batch descent converges at every learning rate below it and diverges at every one above;
        elsewhere that holds near `params`.
        """
        return stability_limit(self.hessian(params))


@dataclass(frozen=True, eq=False)
class LinearPredictor(TwiceDifferentiable):
    """mean(loss(design @ params, targets)) + 1/2 ridge_penalty ||weights||^2, the intercept not penalized.

    Attributes
    ----------
    design : array, shape (n_samples, n_params)
        Features, then a last column of ones for the intercept.
    weights : array, shape (n_samples,), optional
        The share of each row in the mean; equal shares if not given.
    """

    design: Floats
    targets: Floats
    loss: Loss
    ridge_penalty: float = 0.0
    weights: Floats | None = None

    @property
    def n_params(self) -> int:
        """Number of parameters: the features and the intercept."""
        return int(self.design.shape[1])

    @property
    def n_samples(self) -> int:
        """Number of rows."""
        return int(self.design.shape[0])

    @cached_property
    def _penalties(self) -> Floats:
        return np.append(np.full(self.n_params - 1, self.ridge_penalty), 0.0)

    @cached_property
    def summed_rows(self) -> tuple[Floats, Floats]:
        """Design and targets over which the loss is summed: all rows, or n_params + 1 with the same sum of squares.

        The triangular factor R of [design, targets] has ||design p - targets||^2 = ||R [p, -1]||^2 for any p, so that
        an update on many rows costs no more than one on a few.
        """
        if not self.is_quadratic or self.n_samples <= MANY_ROWS or self.weights is not None:
            return self.design, self.targets
        factor = np.asarray(np.linalg.qr(np.column_stack([self.design, self.targets]), mode="r"), dtype=float)
        return factor[:, :-1], factor[:, -1]

    def predictions(self, params: Floats) -> Floats:
        """Return design @ params, shape (n_samples,): fitted values, or logits of a logistic model."""
        predictions: Floats = self.design @ params
        return predictions

    @np.errstate(over="ignore", invalid="ignore")
    def values(self, params_stack: npt.ArrayLike) -> Floats:
        """Return the value at each parameter vector of a stack: shape (..., n_params) to (...)."""
        design, targets = self.summed_rows

        def mean_loss(params: Floats) -> Floats:
            def part(block: slice) -> Floats:
                losses = self.loss.value(params @ design[block].T, targets[block])
                return losses.sum(axis=1) if self.weights is None else losses @ self.weights[block]

            total = sum_over_blocks(part, len(targets))
            return total / self.n_samples if self.weights is None else total

        penalties = self._penalties if self.ridge_penalty else None
        n_numbers = min(len(targets), BLOCK)
        return evaluate_stack(mean_loss, params_stack, self.n_params, n_numbers, penalties)

    def gradient(self, params: Floats, rows: RowIndex | None = None) -> Floats:
        """Return the gradient over all or some rows, penalty included, shape (n_params,).

        Parameters
        ----------
        rows : int array, optional
            The rows over which the mean is taken; all by default.
        """
        if rows is None:
            (design, targets), n_rows = self.summed_rows, self.n_samples
        else:
            design, targets, n_rows = self.design.take(rows, axis=0), self.targets.take(rows), len(rows)
        weights = self.weights if rows is None else None

        def part(block: slice) -> Floats:
            slopes = self.loss.derivative(design[block] @ params, targets[block])
            return (slopes if weights is None else slopes * (weights[block] * n_rows)) @ design[block]

        gradient = sum_over_blocks(part, len(targets)) / n_rows
        return gradient + self._penalties * params if self.ridge_penalty else gradient

    @np.errstate(over="ignore", invalid="ignore")
    def gradient_terms(self, params_stack: npt.ArrayLike) -> Floats:
        """Return what each row adds to the mean that is the gradient of the loss, the penalty left out.

        The shape is (..., n_samples, n_params) for parameters (..., n_params).

        >>> linear([1.0, 2.0], [1.0, 0.0], loss="squared").gradient_terms([1.0, 1.0]).tolist()
        [[2.0, 2.0], [12.0, 6.0]]
        """
        predictions = np.asarray(params_stack, dtype=float) @ self.design.T
        return np.asarray(self.loss.derivative(predictions, self.targets)[..., None] * self.design)

    def hessian(self, params: Floats | None = None) -> Floats:
        """Return the second derivatives at `params`, or at the optimum, shape (n_params, n_params).

        Raises
        ------
        ValueError
            If the loss has no second derivative.
        DataError
            If features are so large that their squares overflow.
        """
        if self.loss.curvature is None:
            raise ValueError(f"loss must be twice differentiable to have a Hessian; got {self.loss.name!r}")
        if params is None:
            params = np.zeros(self.n_params) if self.is_quadratic else self.optimum()
        curvature = self.loss.curvature(self.predictions(params), self.targets)
        if self.weights is not None:
            curvature = curvature * (self.n_samples * self.weights)
        with np.errstate(all="ignore"):
            hessian: Floats = (self.design.T * curvature) @ self.design / self.n_samples + np.diag(self._penalties)
        if not np.isfinite(hessian).all():
            largest = np.abs(self.design).max()
            raise DataError(f"features must be small enough to be squared; got {largest:g}; it overflows. Scale them")
        return hessian

    @property
    def is_quadratic(self) -> bool:
        """Whether the objective is a quadratic function of the parameters."""
        return self.loss.name in ("squared", "half_squared")

    def optimum(self) -> Floats:
        """Return the parameters that minimize the objective, shape (n_params,).

        If columns are collinear, the result is the minimum with the smallest weights on standardized columns; a
        constant column has weight 0.

        Raises
        ------
        DataError
            If there is no finite minimum (separable classes), or none that can be computed exactly.
        ValueError
            If rows have weights of their own.
        """
        if self.weights is not None:
            raise ValueError("weights must be None for an optimum: it is that of all rows; got an array")
        return self._optimum.copy()

    def lowest(self) -> float:
        """Return the value at the optimum; 0 where rounding alone keeps it from that.

        >>> linear([0.0, 1.0, 2.0], [1.1, 3.1, 5.1]).lowest()
        0.0
        """
        lowest = self.value(self._optimum)
        return 0.0 if abs(lowest) <= 1e-24 * self.value(np.zeros(self.n_params)) else lowest

    @cached_property
    def _optimum(self) -> Floats:
        fit = PenalizedLoss(self.design, self.targets, self.loss, self.ridge_penalty)
        return SOLVERS[self.loss.name](fit)

    def updates_to_converge(self, learning_rate: float, start: npt.ArrayLike, tolerance: float) -> int | None:
        """Return the update after which batch descent stays close to the optimum, or None.

        Computed from the eigenvalues of the Hessian, without descending: see `conditioning.first_update_within`.

        Parameters
        ----------
        tolerance : float
            Largest Euclidean distance of the parameters from the optimum that counts as close.

        Returns
        -------
        int or None
            None if it never stays close: the rate is not below the stability limit, or columns are collinear
            and descent ends on another of the minima.

        Raises
        ------
        ValueError
            If the objective is not quadratic, or an argument is out of range.
        """
        if not self.is_quadratic:
            raise ValueError(f"loss must be squared or half_squared to count ahead; got {self.loss.name!r}")
        return first_update_within(
            self.hessian(),
            vector("start", start, self.n_params) - self.optimum(),
            learning_rate=positive("learning_rate", learning_rate),
            tolerance=positive("tolerance", tolerance),
        )


def _with_intercept(X: Floats) -> Floats:
    return np.column_stack([X, np.ones(len(X))])


def linear(
    X: npt.ArrayLike, y: npt.ArrayLike, *, loss: str | Loss = "squared", ridge_penalty: float = 0.0
) -> LinearPredictor:
    """Return the objective of a linear model.

    mean(loss(X @ weights + intercept, y)) + 1/2 ridge_penalty ||weights||^2

    Parameters
    ----------
    loss : str or Loss
        A name in `LOSSES`, or a loss such as `huber(2.0)`.
    ridge_penalty : float
        0 or more.

    Examples
    --------
    >>> objective = linear([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0])
    >>> objective.value([0.0, 0.0])
    11.666666666666666
    >>> objective.optimum().round(9).tolist()
    [2.0, 1.0]
    """
    features = matrix("X", X)
    targets = vector("y", y, len(features))
    return LinearPredictor(
        _with_intercept(features), targets, find_loss(loss), non_negative("ridge_penalty", ridge_penalty)
    )


def polynomial_features(x: npt.ArrayLike, degree: int) -> Floats:
    """Return the powers x, x^2, ..., x^degree as columns, shape (n_samples, degree).

    Raises
    ------
    DataError
        If x has too few distinct values to determine a polynomial of that degree.

    Examples
    --------
    >>> polynomial_features([1.0, 2.0, 3.0], 2).tolist()
    [[1.0, 1.0], [2.0, 4.0], [3.0, 9.0]]
    """
    points = vector("x", x)
    distinct = len(np.unique(points))
    if distinct <= whole("degree", degree, 1):
        raise DataError(
            f"degree must be below the number of distinct x values, which is {distinct}; got {degree}. "
            f"A polynomial of degree {degree} needs {degree + 1} of them"
        )
    return powers(points, degree)


def powers(x: npt.ArrayLike, degree: int) -> Floats:
    """Return the powers x, x^2, ..., x^degree as columns, shape (n_points, degree).

    >>> powers([2.0], 3).tolist()
    [[2.0, 4.0, 8.0]]
    """
    repeated = np.repeat(np.asarray(x, dtype=float)[:, None], degree, axis=1)
    return np.asarray(np.multiply.accumulate(repeated, axis=1), dtype=float)  # far faster than powers


def polynomial(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    degree: int,
    *,
    loss: str | Loss = "squared",
    ridge_penalty: float = 0.0,
) -> LinearPredictor:
    """Return the objective of a polynomial of x.

    mean(loss(w_1 x + ... + w_degree x^degree + intercept, y)) + 1/2 ridge_penalty ||weights||^2

    Raises
    ------
    DataError
        If x has too few distinct values for the degree.

    Examples
    --------
    >>> polynomial([0.0, 1.0, 2.0, 3.0], [1.0, 3.0, 7.0, 13.0], degree=2).optimum().round(9).tolist()
    [1.0, 1.0, 1.0]
    """
    return linear(polynomial_features(x, degree), y, loss=loss, ridge_penalty=ridge_penalty)


def logistic(
    X: npt.ArrayLike, labels: npt.ArrayLike, *, loss: str | Loss = "log_loss", ridge_penalty: float = 0.0
) -> LinearPredictor:
    """Return the objective of logistic regression, with logits z = X @ weights + intercept.

    mean(log(1 + exp(z)) - labels z) + 1/2 ridge_penalty ||weights||^2

    Parameters
    ----------
    loss : str or Loss
        "log_loss", or "sigmoid_squared" for mean((sigmoid(z) - labels)^2), which is not convex: its `optimum`
        is the minimum that damped Newton steps reach from weights of 0.
    ridge_penalty : float
        0 or more.

    Examples
    --------
    >>> objective = logistic([0.0, 1.0, 2.0, 3.0], [0, 1, 0, 1])
    >>> round(objective.value([0.0, 0.0]), 6)
    0.693147
    """
    labels = np.asarray(labels, dtype=float)
    if not np.isin(labels, (0.0, 1.0)).all():
        raise ValueError(f"labels must be 0 or 1; got {np.unique(labels)[:5].tolist()}")
    return linear(X, labels, loss=loss, ridge_penalty=ridge_penalty)
