"""Cross-validation of polynomials: folds of rows, and the training and validation error of each degree on each fold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from animate.errors import DataError
from animate.learn.data import RegressionData
from animate.learn.problems import PolynomialProblem, polynomial_problem
from animate.learn.validation import Floats, Integers, Rng, generator, whole


class Fold(NamedTuple):
    """One split into training and validation rows.

    Attributes
    ----------
    training, validation : int array
        Ascending row numbers; together they contain every row once.
    """

    training: Integers
    validation: Integers


def k_fold(n_samples: int, n_folds: int, *, rng: Rng = 0) -> list[Fold]:
    """Return `n_folds` random folds; every row is a validation row in exactly one of them.

    The first n_samples mod n_folds folds have one validation row more than the others.

    Parameters
    ----------
    n_folds : int
        At least 2, at most `n_samples`.

    Raises
    ------
    DataError
        If there are more folds than rows.

    References
    ----------
    M. Stone, "Cross-validatory choice and assessment of statistical predictions", Journal of the Royal
    Statistical Society B 36 (1974), 111-147.

    Examples
    --------
    >>> folds = k_fold(5, 2)
    >>> [len(fold.validation) for fold in folds]
    [3, 2]
    >>> sorted(int(row) for fold in folds for row in fold.validation)
    [0, 1, 2, 3, 4]
    """
    if whole("n_folds", n_folds, 2) > whole("n_samples", n_samples, 1):
        raise DataError(f"n_folds must not be above the number of rows, which is {n_samples}; got {n_folds}")
    order = generator(rng).permutation(n_samples)
    parts = [np.sort(part) for part in np.array_split(order, n_folds)]
    return [Fold(np.setdiff1d(order, part), part) for part in parts]


class PolynomialFit(NamedTuple):
    """A polynomial fitted by least squares.

    Attributes
    ----------
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
        """Index of the degree with the lowest mean validation error; of equal ones, up to rounding, the lowest."""
        rounding = 1e-20 * float(np.square(self.data.y).mean())
        return int((self.mean_validation <= self.mean_validation.min() * (1 + 1e-9) + rounding).argmax())

    @cached_property
    def refit(self) -> PolynomialFit:
        """The best degree fitted to all rows."""
        return _fit(self.data, self.degrees[self.best])

    def place(self, fit: int) -> tuple[int, int]:
        """Return the indices of degree and fold of a fit numbered from 1 to n_fits, degree by degree."""
        degree, fold = divmod(fit - 1, len(self.folds))
        return degree, fold

    def fit(self, number: int) -> PolynomialFit:
        """Return a fit numbered from 1 to n_fits; after the last comes the best degree fitted to all rows."""
        if number > self.n_fits:
            return self.refit
        degree, fold = self.place(number)
        return self.fits[degree][fold]

    def earlier(self, number: int) -> tuple[PolynomialFit, ...]:
        """Return the fits of the same degree before a fit, all of them before the one to all rows."""
        if number > self.n_fits:
            return self.fits[self.best]
        degree, fold = self.place(number)
        return self.fits[degree][:fold]

    def held_out(self, number: int) -> Integers:
        """Return the rows that a fit does not use: its fold, or none."""
        return self.folds[self.place(number)[1]].validation if 0 < number <= self.n_fits else np.empty(0, dtype=int)


def cross_validate(data: RegressionData, degrees: Sequence[int], folds: Sequence[Fold]) -> CrossValidation:
    """Fit polynomials of all degrees to the training rows of all folds, and return them with their errors.

    Raises
    ------
    DataError
        If the training rows of a fold have too few distinct x for the highest degree.

    Examples
    --------
    >>> from animate.learn.cross_validation import k_fold
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
