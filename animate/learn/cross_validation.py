"""Cross-validation of polynomials: folds of rows, and the training and validation error of each degree on each fold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.polynomial import Chebyshev
from numpy.polynomial.chebyshev import chebvander

from animate.errors import DataError
from animate.learn.data import RegressionData
from animate.learn.descent import Trajectory
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
        raise DataError(
            f"n_folds must not be above the number of rows, which is {n_samples}; got {n_folds}. Take fewer"
        )
    order = generator(rng).permutation(n_samples)
    parts = [np.sort(part) for part in np.array_split(order, n_folds)]
    return [Fold(np.setdiff1d(order, part), part) for part in parts]


@dataclass(frozen=True, eq=False)
class CrossValidation:
    """Polynomials of several degrees, each fitted to the training rows of every fold.

    Attributes
    ----------
    fits : tuple of tuples of Chebyshev
        The polynomials, as functions of x: one row per degree, one entry per fold.
    refit : Chebyshev
        The best degree fitted to all rows.
    training, validation : array, shape (n_degrees, n_folds)
        Mean squared error of each fit on the rows it was fitted to, and on those held out.
    """

    data: RegressionData
    folds: tuple[Fold, ...]
    degrees: tuple[int, ...]
    fits: tuple[tuple[Chebyshev, ...], ...]
    refit: Chebyshev
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
        return _lowest(self.mean_validation, self.data.y)

    @property
    def lowest(self) -> float:
        """Mean validation error of the best degree; 0 where it is rounding."""
        error = float(self.mean_validation[self.best])
        return error if error > _rounding(self.data.y) else 0.0

    @property
    def simplest(self) -> int:
        """Index of the lowest degree whose mean validation error is within one standard error of the best one's.

        The standard error is that of the mean over the folds.

        References
        ----------
        L. Breiman, J. Friedman, R. Olshen and C. Stone, Classification and Regression Trees (1984), section 3.4.3.
        """
        means, at_best = self.mean_validation, self.validation[self.best]
        within = means[self.best] + at_best.std(ddof=1) / np.sqrt(len(at_best))
        return min(int((means <= within).argmax()), self.best)

    def place(self, fit: int) -> tuple[int, int]:
        """Return the indices of degree and fold of a fit numbered from 1 to n_fits, degree by degree."""
        degree, fold = divmod(fit - 1, len(self.folds))
        return degree, fold

    def fit(self, number: int) -> Chebyshev:
        """Return a fit numbered from 1 to n_fits; after the last comes the best degree fitted to all rows."""
        if number > self.n_fits:
            return self.refit
        degree, fold = self.place(number)
        return self.fits[degree][fold]

    def trajectory(self) -> Trajectory:
        """Return the coefficients of every fit, from number 0, which is the mean of y, to the one to all rows.

        The loss of each is its mean squared error on the rows held out; of the last one, the lowest mean of those.
        """
        fits = [Chebyshev([self.data.y.mean()]), *(self.fit(number) for number in range(1, self.n_fits + 2))]
        params = np.zeros((len(fits), max(self.degrees) + 1))
        for row, fit in zip(params, fits, strict=True):
            row[: len(fit.coef)] = fit.coef
        loss = [float(self.data.y.var()), *self.validation.ravel(), self.lowest]
        return Trajectory.from_arrays(params, loss=loss)

    def curve(self, params: Floats, x: Floats) -> Floats:
        """Return the polynomial with coefficients as `trajectory` holds them, shape (n_points,)."""
        return np.asarray(Chebyshev(params, domain=self.refit.domain)(x), dtype=float)

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
            f"got {max(degrees)}. Lower the highest degree, or take more points"
        )
    parts = _Parts.of(data, max(degrees), folds)
    fits = tuple(tuple(parts.fit(degree, without=fold) for fold in range(len(folds))) for degree in degrees)
    found = np.array([[parts.errors(fit, fold) for fold, fit in enumerate(row)] for row in fits])
    validation = found[:, :, 1]
    best = _lowest(validation.mean(axis=1), data.y)
    refit = parts.fit(degrees[best])
    return CrossValidation(data, tuple(folds), tuple(degrees), fits, refit, found[:, :, 0], validation)


def _lowest(errors: Floats, y: Floats) -> int:
    return int((errors <= errors.min() * (1 + 1e-9) + _rounding(y)).argmax())


def _rounding(y: Floats) -> float:
    """Return up to which a mean squared error may be rounding."""
    return 1e-20 * float(np.square(y).mean())


class _Parts(NamedTuple):
    """The rows of each fold, condensed to as many as a polynomial has coefficients.

    The triangular factor of [Chebyshev polynomials of x, y] has the same sums of squared residuals as the rows. So all
    fits together cost little more than one pass over the rows.
    """

    factors: tuple[Floats, ...]
    sizes: tuple[int, ...]
    center: float
    domain: tuple[float, float]

    @classmethod
    def of(cls, data: RegressionData, degree: int, folds: Sequence[Fold]) -> _Parts:
        low, high, center = float(data.x.min()), float(data.x.max()), float(data.y.mean())
        columns = chebvander((2.0 * data.x - low - high) / (high - low), degree)
        rows = np.column_stack([columns, data.y - center])
        factors = tuple(np.asarray(np.linalg.qr(rows[fold.validation], mode="r"), dtype=float) for fold in folds)
        return cls(factors, tuple(len(fold.validation) for fold in folds), center, (low, high))

    def fit(self, degree: int, *, without: int | None = None) -> Chebyshev:
        """Return the polynomial of least squares through all folds but one."""
        rows = np.vstack([factor for fold, factor in enumerate(self.factors) if fold != without])
        coefficients = np.linalg.lstsq(rows[:, : degree + 1], rows[:, -1], rcond=None)[0]
        coefficients[0] += self.center
        return Chebyshev(coefficients, domain=self.domain)

    def errors(self, fit: Chebyshev, held_out: int) -> tuple[float, float]:
        """Return the mean squared error on the rows of the other folds, and on those of the one held out."""
        coefficients = fit.coef - np.append(self.center, np.zeros(len(fit.coef) - 1))
        squares = [
            float(np.square(part[:, : len(fit.coef)] @ coefficients - part[:, -1]).sum()) for part in self.factors
        ]
        n_others = sum(self.sizes) - self.sizes[held_out]
        return sum(square for fold, square in enumerate(squares) if fold != held_out) / n_others, squares[
            held_out
        ] / self.sizes[held_out]
