"""Cross-validation of polynomials: the errors of each degree on the folds it was and was not fitted to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from animate.errors import DataError
from animate.learn.checks import Floats, Integers
from animate.learn.data import RegressionData
from animate.learn.problems import PolynomialProblem, polynomial_problem
from animate.learn.splitting import Fold


class PolynomialFit(NamedTuple):
    """A polynomial of least squares.

    Attributes
    ----------
    problem : PolynomialProblem
    params : array, shape (degree + 1,)
    """

    problem: PolynomialProblem
    params: Floats

    def curve(self, x: npt.ArrayLike) -> Floats:
        """Return the polynomial at x in the data's units, shape (n_points,)."""
        return self.problem.curve(self.params, x)

    def mean_squared_error(self, x: Floats, y: Floats) -> float:
        """Return mean((curve(x) - y)^2)."""
        return float(np.square(self.curve(x) - y).mean())


@dataclass(frozen=True, eq=False)
class CrossValidation:
    """Polynomials of several degrees, each fitted to the training rows of every fold.

    Attributes
    ----------
    data : RegressionData
    folds : tuple of Fold
    degrees : tuple of int
    fits : tuple of tuples of PolynomialFit
        One row per degree, one entry per fold.
    training, validation : array, shape (n_degrees, n_folds)
        Mean squared error of each fit on the rows it was fitted to, and on those held out.
    """

    data: RegressionData
    folds: tuple[Fold, ...]
    degrees: tuple[int, ...]
    fits: tuple[tuple[PolynomialFit, ...], ...]
    training: Floats
    validation: Floats

    @property
    def n_fits(self) -> int:
        """Number of fits, degrees times folds."""
        return len(self.degrees) * len(self.folds)

    @property
    def mean_training(self) -> Floats:
        """Mean of the training errors over the folds, shape (n_degrees,)."""
        return np.asarray(self.training.mean(axis=1), dtype=float)

    @property
    def mean_validation(self) -> Floats:
        """Mean of the validation errors over the folds, shape (n_degrees,)."""
        return np.asarray(self.validation.mean(axis=1), dtype=float)

    @property
    def best(self) -> int:
        """Index of the degree with the lowest mean validation error."""
        return int(self.mean_validation.argmin())

    @cached_property
    def refit(self) -> PolynomialFit:
        """The best degree fitted to all rows."""
        return _fit(self.data, self.degrees[self.best])

    def place(self, fit: int) -> tuple[int, int]:
        """Return the indices of degree and fold of the fit with a number from 1 to n_fits, degree by degree."""
        degree, fold = divmod(fit - 1, len(self.folds))
        return degree, fold


def cross_validate(data: RegressionData, degrees: Sequence[int], folds: Sequence[Fold]) -> CrossValidation:
    """Return polynomials of all degrees fitted to the training rows of all folds, with their errors.

    Raises
    ------
    DataError
        If the training rows of a fold have too few distinct x for the highest degree.

    Examples
    --------
    >>> from animate.learn.splitting import k_fold
    >>> x = np.arange(12.0)
    >>> found = cross_validate(RegressionData(x, x**2), [1, 2], k_fold(12, 3))
    >>> found.degrees[found.best], found.mean_validation.round(9)[1].tolist()
    (2, 0.0)
    """
    fewest = min(len(np.unique(data.x[fold.training])) for fold in folds)
    if max(degrees) >= fewest:
        raise DataError(
            f"degree must be below the number of distinct x that every fold leaves for training, which is {fewest}; "
            f"got {max(degrees)}"
        )
    fits = tuple(tuple(_fit(_rows(data, fold.training), degree) for fold in folds) for degree in degrees)
    training, validation = (
        np.array([[_error(fit, data, rows) for fit, rows in zip(row, kind, strict=True)] for row in fits])
        for kind in ([fold.training for fold in folds], [fold.validation for fold in folds])
    )
    return CrossValidation(data, tuple(folds), tuple(degrees), fits, training, validation)


def _rows(data: RegressionData, rows: Integers) -> RegressionData:
    return RegressionData(data.x[rows], data.y[rows], data.x_name, data.y_name)


def _fit(data: RegressionData, degree: int) -> PolynomialFit:
    problem = polynomial_problem(data, degree)
    return PolynomialFit(problem, problem.objective.optimum())


def _error(fit: PolynomialFit, data: RegressionData, rows: Integers) -> float:
    return fit.mean_squared_error(data.x[rows], data.y[rows])
