"""Problems: data in their own units, with the objective that descent minimizes on scaled features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from animate.errors import DataError, SeparableError
from animate.learn.data import ClassificationData, RegressionData
from animate.learn.losses import POISSON, Loss, r_squared
from animate.learn.objectives import LinearPredictor, linear, logistic, polynomial_features, powers
from animate.learn.scaling import Scaling, without_rounding
from animate.learn.tables import Table
from animate.learn.validation import Floats, Rng, generator, vector

_FLAT = 1e-9
"""A weight on a standardized feature below which a sigmoid is flat."""


@dataclass(frozen=True, eq=False)
class LinearProblem:
    """Fitting a line; `objective` uses x scaled by `scaling`, and `in_units` converts its parameters back.

    `first` are the objective's parameters of the line that a descent begins with, shape (2,).
    """

    data: RegressionData
    objective: LinearPredictor
    scaling: Scaling
    first: Floats = field(default_factory=lambda: np.zeros(2))

    @property
    def is_scaled(self) -> bool:
        """Whether the objective uses another x than the data's own."""
        return bool((self.scaling.scale != 1.0).any() or (self.scaling.mean != 0.0).any())

    def in_units(self, params: npt.ArrayLike) -> Floats:
        """Return [slope, intercept] in the data's own units, shape (..., 2)."""
        return self.scaling.to_units(params)

    def without_rounding(self, params: npt.ArrayLike) -> Floats:
        """Return [slope, intercept] in the data's own units, 0 where they make no more than rounding of y."""
        return without_rounding(self.in_units(params), self.data.x, float(np.abs(self.data.y).max()))

    def from_units(self, params: npt.ArrayLike) -> Floats:
        """Return the objective's parameters for [slope, intercept] in the data's units, shape (..., 2)."""
        return self.scaling.from_units(params)

    def beginning(self, line: Sequence[float] | None = None, *, rng: Rng = 0) -> LinearProblem:
        """Return the problem with another first line: that of `starting_params`."""
        return replace(self, first=starting_params(self, line, rng=rng))

    @property
    def first_off_optimum(self) -> Floats:
        """`first`; raises DataError where that is the best line already, but for rounding: no way is left to go."""
        best, line = self.objective.optimum(), self.in_units(self.first)
        if np.abs(self.first - best).max() <= 1e-9 * np.abs(best).max():
            raise DataError(f"start must be another line than the best one; got {line[0]:g},{line[1]:g}")
        return self.first

    @property
    def residual_deviation(self) -> float:
        """The root mean square residual of the best line; of points on one line a tenth of the deviation of y, or 1."""
        y, rest = self.data.y, self.data.y - self.objective.predictions(self.objective.optimum())
        deviation = float(np.sqrt(np.square(rest).mean()))
        if deviation > 1e-9 * self.data.spread:
            return deviation
        return 0.1 * self.data.spread if np.ptp(y) > 0 else 1.0

    def r_squared(self, params: Floats) -> float:
        """Return 1 - RSS / TSS of the line with the objective's parameters `params`."""
        return r_squared(self.data.y, self.objective.predictions(params))


class PoissonProblem(LinearProblem):
    """Fitting a line to the logarithm of the mean of counts."""

    @np.errstate(all="ignore")
    def means(self, params: npt.ArrayLike, x: npt.ArrayLike) -> Floats:
        """Return the mean counts at x (k,) in the data's units, by the objective's parameters `params`."""
        slope, intercept = self.in_units(params)
        return np.asarray(np.exp(slope * np.asarray(x, dtype=float) + intercept))

    def without_rounding(self, params: npt.ArrayLike) -> Floats:
        """Return [slope, intercept] of the logarithm, 0 where they make no more than rounding of 1."""
        return without_rounding(self.in_units(params), self.data.x)


@dataclass(frozen=True, eq=False)
class PolynomialProblem:
    """Fitting a polynomial; `objective` uses the standardized powers of standardized x.

    Both are standardized because powers of x are of very different size, and nearly collinear away from 0.

    Attributes
    ----------
    x_scaling : Scaling
        Of x, before the powers are taken.
    scaling : Scaling
        Of the powers.
    """

    data: RegressionData
    objective: LinearPredictor
    x_scaling: Scaling
    scaling: Scaling

    @property
    def degree(self) -> int:
        """Highest power of x."""
        return self.objective.n_params - 1

    def curve(self, params: npt.ArrayLike, x: npt.ArrayLike) -> Floats:
        """Return the polynomial at x in the data's units: shape (..., n_params) to (..., n_points)."""
        points = np.asarray(x, dtype=float)[:, None]
        features = self.scaling.apply(powers(self.x_scaling.apply(points)[:, 0], self.degree))
        stack = np.asarray(params, dtype=float)
        with np.errstate(all="ignore"):
            return np.asarray(stack[..., :-1] @ features.T + stack[..., -1:], dtype=float)

    def in_units(self, params: npt.ArrayLike) -> Floats:
        """Return the coefficients of x, x^2, ..., and the intercept, in the data's units: shape (n_params,)."""
        of_scaled = np.roll(self.scaling.to_units(params), 1)
        mean, scale = float(self.x_scaling.mean[0]), float(self.x_scaling.scale[0])
        inner = np.polynomial.Polynomial([-mean / scale, 1.0 / scale])
        found = np.polynomial.Polynomial(of_scaled)(inner)
        return np.roll(np.asarray(found.coef, dtype=float), -1)


@dataclass(frozen=True, eq=False)
class LogisticProblem:
    """Logistic regression; `objective` uses features scaled by `scaling`, and `in_units` converts parameters back."""

    data: ClassificationData
    objective: LinearPredictor
    scaling: Scaling

    def in_units(self, params: npt.ArrayLike) -> Floats:
        """Return [weights..., intercept] in the data's own units, shape (..., n_features + 1)."""
        return self.scaling.to_units(params)

    def from_units(self, params: npt.ArrayLike) -> Floats:
        """Return the objective's parameters for parameters in the data's units, shape (..., n_features + 1)."""
        return self.scaling.from_units(params)

    def boundaries(self, params: npt.ArrayLike) -> Floats:
        """Return where the probability is one half on one feature, in its units: (..., 2) to (...).

        It is infinite or nan where the weight is 0.
        """
        weights, intercepts = np.moveaxis(self.in_units(params), -1, 0)
        with np.errstate(all="ignore"):
            return np.asarray(-intercepts / weights)

    def right(self, params: Floats) -> npt.NDArray[np.bool_]:
        """Return which points are classified correctly; class 1 is predicted if the logit is above 0."""
        is_predicted = self.objective.predictions(params) > 0.0
        return np.asarray(is_predicted == (self.data.labels == 1.0), dtype=bool)

    def accuracy(self, params: Floats) -> float:
        """Return the proportion of points classified correctly, between 0 and 1."""
        return float(self.right(params).mean())

    @cached_property
    def is_separable(self) -> bool:
        """Whether the classes are linearly separable, so that the log loss without a penalty has no minimum."""
        own = self.objective
        if own.loss.name != "log_loss" or own.ridge_penalty:
            own = logistic(own.design[:, :-1], own.targets)
        try:
            own.optimum()
        except SeparableError:
            return True
        return False

    @property
    def lowest(self) -> float | None:
        """The lowest loss there is; None where the classes are separable, so that a lower one can always be found."""
        return None if self.is_separable else self.objective.value(self.objective.optimum())

    def require_separable(self) -> None:
        """Raise DataError if the classes overlap."""
        if not self.is_separable:
            raise DataError(
                "the two classes overlap, so the weights stop growing by themselves: this needs classes that a "
                "threshold or a line separates"
            )

    def require_overlap(self) -> None:
        """Raise DataError if the classes are separable, so that the log loss has no lowest value."""
        if self.is_separable:
            raise DataError(
                "the classes are separable, but must overlap: else the loss has no lowest value. Take a feature in "
                "which they overlap, or the scene separable_data"
            )

    def require_threshold(self) -> None:
        """Raise DataError if the log loss of one feature has no lowest value, or the best sigmoid is flat."""
        self.require_overlap()
        if np.abs(self.objective.optimum()[:-1]).max() < _FLAT:
            raise DataError(
                "the feature must have another mean in each class: here the best sigmoid is flat. Take another feature"
            )

    def log_losses(self, params: npt.ArrayLike) -> Floats:
        """Return -log of the predicted probability of each point's class: (..., n_params) to (..., n_samples)."""
        with np.errstate(all="ignore"):
            logits = np.asarray(params, dtype=float) @ self.objective.design.T
            return self.objective.loss.value(logits, self.data.labels)


def regression_data(data: RegressionData | Table) -> RegressionData:
    """Return the points of a table, or the points themselves."""
    return RegressionData.from_table(data) if isinstance(data, Table) else data


def linear_problem(
    data: RegressionData | Table,
    *,
    standardize: bool | None = None,
    loss: str | Loss = "squared",
    ridge_penalty: float = 0.0,
) -> LinearProblem:
    """Return the problem of fitting a line to data, on x as it is or standardized.

    A ridge penalty applies to the weight of the objective, standardized or not.

    Parameters
    ----------
    data : RegressionData or Table
        Points, or a table of one's own with a column x and a column y.
    standardize : bool, optional
        Whether x is standardized for the descent; if not given, only that of a table is, whose units are not known.

    >>> problem = linear_problem(RegressionData([0.0, 1.0, 2.0], [1.0, 3.0, 5.0]), standardize=True)
    >>> problem.in_units(problem.objective.optimum()).round(9).tolist()
    [2.0, 1.0]
    """
    standardize = isinstance(data, Table) if standardize is None else standardize
    data = regression_data(data)
    scaling = Scaling.standardize(data.X) if standardize else Scaling.identity(1)
    return scaled_problem(data, scaling, loss=loss, ridge_penalty=ridge_penalty)


def polynomial_problem(
    data: RegressionData | Table, degree: int, *, loss: str | Loss = "squared"
) -> PolynomialProblem:
    """Return the problem of fitting a polynomial to data, on standardized powers of standardized x.

    Raises
    ------
    DataError
        If x has too few distinct values for the degree.

    Examples
    --------
    >>> problem = polynomial_problem(RegressionData([1.0, 2.0, 3.0, 4.0], [1.0, 4.0, 9.0, 16.0]), degree=2)
    >>> problem.curve(problem.objective.optimum(), [5.0]).round(9).tolist()
    [25.0]
    """
    data = regression_data(data)
    x_scaling = Scaling.standardize(data.X)
    features = polynomial_features(x_scaling.apply(data.X)[:, 0], degree)
    scaling = Scaling.standardize(features)
    objective = linear(scaling.apply(features), data.y, loss=loss)
    return PolynomialProblem(data, objective, x_scaling, scaling)


def logistic_problem(
    data: ClassificationData | Table,
    *,
    n_features: int | None = None,
    standardize: bool = True,
    loss: str | Loss = "log_loss",
    ridge_penalty: float = 0.0,
) -> LogisticProblem:
    """Return the problem of logistic regression on two classes, with features standardized or as they are.

    A ridge penalty applies to the weights of the objective, standardized or not.

    Parameters
    ----------
    data : ClassificationData or Table
        Points, or a table of one's own with the features first and the label last.
    n_features : int, optional
        How many features a table must have; any number if not given.
    standardize : bool

    >>> from animate.learn.data import penguins
    >>> problem = logistic_problem(penguins(["bill_length_mm"]))
    >>> problem.in_units(problem.objective.optimum()).round(4).tolist()
    [1.0491, -46.2579]
    """
    if isinstance(data, Table):
        data = ClassificationData.from_table(data, n_features or len(data.names) - 1)
    scaling = Scaling.standardize(data.X) if standardize else Scaling.identity(data.n_features)
    objective = logistic(scaling.apply(data.X), data.labels, loss=loss, ridge_penalty=ridge_penalty)
    return LogisticProblem(data, objective, scaling)


def poisson_problem(data: RegressionData | Table) -> PoissonProblem:
    """Return the problem of Poisson regression on standardized x: the logarithm of the mean count is linear in x.

    Raises
    ------
    DataError
        If y are not counts, or are above 0 at a single x, so that there may be no optimum.

    Examples
    --------
    >>> problem = poisson_problem(RegressionData([0.0, 0.0, 1.0, 1.0], [1.0, 3.0, 2.0, 6.0]))
    >>> problem.means(problem.objective.optimum(), [0.0, 1.0]).round(6).tolist()
    [2.0, 4.0]
    """
    data = regression_data(data)
    x, y = data.x, data.y
    if (y < 0).any() or (y % 1).any() or len(np.unique(x[y > 0])) < 2:
        raise DataError("y must be counts, 0 or more, and above 0 at two values of x or more")
    line = linear_problem(data, standardize=True, loss=POISSON)
    return PoissonProblem(data, line.objective, line.scaling)


def scaled_problem(
    data: RegressionData | Table, scaling: Scaling, *, loss: str | Loss = "squared", ridge_penalty: float = 0.0
) -> LinearProblem:
    """Return the problem of fitting a line to data, with x scaled by `scaling`.

    >>> from animate.learn.scaling import centered
    >>> data = RegressionData([0.0, 1.0, 2.0], [1.0, 3.0, 5.0])
    >>> problem = scaled_problem(data, centered(data.X))
    >>> problem.objective.optimum().round(9).tolist(), problem.in_units([2.0, 3.0]).tolist()
    ([2.0, 3.0], [2.0, 1.0])
    """
    data = regression_data(data)
    objective = linear(scaling.apply(data.X), data.y, loss=loss, ridge_penalty=ridge_penalty)
    return LinearProblem(data, objective, scaling).beginning()


def starting_params(problem: LinearProblem, start: Sequence[float] | None = None, *, rng: Rng = 0) -> Floats:
    """Return the objective's parameters for a line in the data's units or for a random line, shape (2,).

    A random line is wrong by about the spread of the data: weight and intercept are normal with the standard
    deviation s of y around 0 and around the mean of y.

    >>> from animate.learn.data import RegressionData
    >>> from animate.learn.problems import linear_problem
    >>> problem = linear_problem(RegressionData([0.0, 2.0], [1.0, 3.0]), standardize=True)
    >>> starting_params(problem, (3.0, 0.5)).tolist()
    [3.0, 3.5]
    """
    if start is not None:
        return problem.from_units(start)
    spread, center = problem.data.spread, float(problem.data.y.mean())
    weight, intercept = generator(rng).standard_normal(2)
    return np.array([-spread * (0.3 + 0.5 * abs(weight)), center + spread * (0.5 + 0.5 * abs(intercept))])


def starting_polynomial(problem: PolynomialProblem, *, spread: float = 0.0, rng: Rng = 0) -> Floats:
    """Return the parameters of a first polynomial, shape (degree + 1,): flat at the mean of y, or random around that.

    Parameters
    ----------
    problem : PolynomialProblem
    spread : float
        Standard deviation of the random weights, in that of y.

    Examples
    --------
    >>> starting_polynomial(polynomial_problem(RegressionData([1.0, 2.0, 3.0], [1.0, 1.0, 4.0]), degree=1)).tolist()
    [0.0, 2.0]
    """
    y, n_params = problem.data.y, problem.objective.n_params
    random = spread * y.std() * generator(rng).normal(size=n_params)
    return np.asarray(np.eye(n_params)[-1] * y.mean() + random)


def starting_sigmoid(start: Sequence[float] | None = None, *, rng: Rng = 0) -> Floats:
    """Return the parameters of a first sigmoid on a standardized feature, given or random, shape (2,).

    A random one is flat, and above or below one half at the mean of the feature: the weight is normal with standard
    deviation 1/4, the intercept 1 or more away from 0.

    Parameters
    ----------
    start : pair of float, optional
        Weight and intercept.

    Examples
    --------
    >>> starting_sigmoid((2.0, -1.0)).tolist()
    [2.0, -1.0]
    """
    if start is not None:
        return vector("start", start, 2)
    weight, intercept = generator(rng).standard_normal(2)
    return np.array([0.25 * weight, np.sign(intercept) * (1.0 + 0.5 * abs(intercept))])
