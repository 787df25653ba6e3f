"""Solvers for the minimum of a linear model's loss: least squares, damped Newton, least absolute deviations.

All of them work on centered and scaled columns, which leaves the optimum where it is and loses fewer digits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np

from animate.errors import DataError, SeparableError
from animate.learn.conditioning import Preconditioned, power_of_two, precondition, standardize
from animate.learn.losses import Loss, huber
from animate.learn.validation import Floats, Integers


class PenalizedLoss(NamedTuple):
    """The function to minimize: mean(loss(design @ params, targets)) + 1/2 ridge_penalty ||weights||^2.

    The last column of `design` is 1, for the intercept, which is not penalized.
    """

    design: Floats
    targets: Floats
    loss: Loss
    ridge_penalty: float


def least_squares(fit: PenalizedLoss) -> Floats:
    """Return the minimum of a squared loss, shape (n_params,), by an orthogonal factorization of the design.

    If columns are collinear, the result is the minimum with the smallest weights on standardized columns; a constant
    column has weight 0.

    >>> from animate.learn.losses import LOSSES
    >>> design = np.array([[0.0, 1.0], [1.0, 1.0], [2.0, 1.0]])
    >>> least_squares(PenalizedLoss(design, np.array([1.0, 3.0, 5.0]), LOSSES["squared"], 0.0)).round(9).tolist()
    [2.0, 1.0]
    """
    # The loss is `curvature` times the half-squared loss, so the equivalent penalty is smaller by that factor.
    curvature = 2.0 if fit.loss.name == "squared" else 1.0
    preconditioned = precondition(fit.design, fit.ridge_penalty / curvature)
    unit = power_of_two(np.abs(fit.targets).max())
    parts = fit.targets / unit
    center = parts.mean()
    params = preconditioned.in_units((parts - center) @ preconditioned.basis / len(parts))
    params[-1] += center
    if not fit.ridge_penalty:  # else rounding would be a distance from 0
        reach = np.abs(params) * np.append(np.ptp(fit.design[:, :-1], axis=0), 1.0)
        params[reach < 1e-14 * np.abs(parts).max()] = 0.0
    return np.asarray(unit * params, dtype=float)


def damped_newton(fit: PenalizedLoss) -> Floats:
    """Return the minimum of a smooth convex loss, shape (n_params,), by damped Newton steps.

    Raises
    ------
    SeparableError
        If the classes are separable: then there is no finite minimum.
    DataError
        If 200 steps do not reach one.

    Examples
    --------
    >>> from animate.learn.losses import LOSSES
    >>> design = np.array([[0.0, 1.0], [1.0, 1.0], [2.0, 1.0], [3.0, 1.0]])
    >>> fit = PenalizedLoss(design, np.array([0.0, 1.0, 0.0, 1.0]), LOSSES["log_loss"], 0.0)
    >>> damped_newton(fit).round(4).tolist()
    [0.9082, -1.3623]
    """
    preconditioned = precondition(fit.design, fit.ridge_penalty)
    return preconditioned.in_units(minimize_smooth(_LinearSmooth(preconditioned, fit)))


def narrowing_huber(fit: PenalizedLoss) -> Floats:
    """Return the minimum of the Huber loss, shape (n_params,), by damped Newton steps at narrower and narrower widths.

    At a width far below most residuals the loss has a kink at every point, and Newton's steps fail from afar; from the
    minimum at four times the width they succeed.

    Raises
    ------
    DataError
        If 200 steps do not reach the minimum.

    References
    ----------
    K. Madsen and H. B. Nielsen, "A finite smoothing algorithm for linear l1 estimation", SIAM Journal on Optimization
    3 (1993), 223-235.

    Examples
    --------
    >>> from animate.learn.losses import huber
    >>> design = np.array([[0.0, 1.0], [1.0, 1.0], [2.0, 1.0], [3.0, 1.0], [4.0, 1.0]])
    >>> narrowing_huber(PenalizedLoss(design, np.array([0.0, 1.0, 30.0, 3.0, 4.0]), huber(0.1), 0.0)).round(4).tolist()
    [1.0, 0.025]
    """
    preconditioned = precondition(fit.design, fit.ridge_penalty)
    width = float(fit.loss.derivative(np.array([np.inf]), np.zeros(1))[0])
    widest = max(width, float(np.ptp(fit.targets)))
    n_widths = int(np.ceil(np.log(widest / width) / np.log(4.0)))
    at = None
    for wide in np.geomspace(width, widest, n_widths + 1)[::-1]:
        at = minimize_smooth(_LinearSmooth(preconditioned, fit._replace(loss=huber(wide))), at)
    return preconditioned.in_units(np.asarray(at))


class _LinearSmooth(NamedTuple):
    """A smooth objective in preconditioned coordinates."""

    preconditioned: Preconditioned
    fit: PenalizedLoss

    @property
    def name(self) -> str:
        return self.fit.loss.name.replace("_", " ")

    @property
    def unit(self) -> float:
        return float(np.ptp(self.fit.targets)) if self.fit.loss.name == "huber" else 1.0

    @property
    def n_coordinates(self) -> int:
        return int(self.preconditioned.basis.shape[1])

    def value(self, at: Floats) -> float:
        mean = self.fit.loss.value(self.preconditioned.basis @ at, self.fit.targets).mean()
        return float(mean + 0.5 * np.square(self.preconditioned.ridge @ at).sum())

    def gradient(self, at: Floats) -> Floats:
        basis, ridge = self.preconditioned.basis, self.preconditioned.ridge
        slopes = self.fit.loss.derivative(basis @ at, self.fit.targets)
        return np.asarray(slopes @ basis / len(slopes) + (ridge @ at) @ ridge, dtype=float)

    def hessian(self, at: Floats) -> Floats:
        curvature = self.fit.loss.curvature
        if curvature is None:
            raise ValueError(f"loss must be twice differentiable; got {self.fit.loss.name!r}")
        basis, ridge = self.preconditioned.basis, self.preconditioned.ridge
        curved = basis.T * curvature(basis @ at, self.fit.targets)
        return np.asarray(curved @ basis / len(basis) + ridge.T @ ridge, dtype=float)

    def pulls(self, at: Floats) -> Floats:
        basis, ridge = self.preconditioned.basis, self.preconditioned.ridge
        slopes = np.abs(self.fit.loss.derivative(basis @ at, self.fit.targets))
        return np.asarray(slopes @ np.abs(basis) / len(slopes) + np.abs(ridge @ at) @ np.abs(ridge), dtype=float)

    def margins(self, at: Floats) -> Floats:
        targets = self.fit.targets
        # With a ridge penalty only the intercept can lack a minimum: if all points pull it the same way.
        if self.fit.loss.name in ("huber", "poisson") or (self.fit.ridge_penalty and np.ptp(targets) > 0.0):
            return np.empty(0)
        return np.asarray((2.0 * targets - 1.0) * (self.preconditioned.basis @ at), dtype=float)


def least_absolute_deviations(fit: PenalizedLoss) -> Floats:
    """Return a minimum of the mean |residual|, shape (n_params,), exactly.

    Some best fit passes through n_params of the points. From such a fit, a point whose multiplier is above 1
    in size is released, and the fit moves along until the weighted median of the other points stops it. Each exchange
    lowers the sum; if no multiplier is above 1, the fit is optimal. If several fits are equally good, the result is one
    of them.

    Raises
    ------
    DataError
        If columns are collinear or constant, so that no points determine a fit, or with a ridge penalty.

    References
    ----------
    I. Barrodale and F. D. K. Roberts, "An improved algorithm for discrete l1 linear approximation",
    SIAM Journal on Numerical Analysis 10 (1973), 839-848.

    Examples
    --------
    >>> from animate.learn.losses import LOSSES
    >>> design = np.array([[0.0, 1.0], [1.0, 1.0], [2.0, 1.0], [3.0, 1.0]])
    >>> fit = PenalizedLoss(design, np.array([0.0, 1.0, 2.0, 30.0]), LOSSES["absolute"], 0.0)
    >>> (least_absolute_deviations(fit) + 0.0).round(9).tolist()
    [1.0, 0.0]
    """
    if fit.ridge_penalty:
        raise DataError("the optimum of the absolute loss cannot be computed with a ridge penalty; set it to 0")
    scaled = standardize(fit.design, 0.0)
    design = scaled.design
    if np.linalg.matrix_rank(design) < design.shape[1]:
        raise DataError("features are constant or collinear: the absolute loss has no single optimum")
    basis = _untied_exchange(design, fit.targets)
    params = np.linalg.solve(design[basis], fit.targets[basis])
    return scaled.in_units(np.asarray(params, dtype=float))


def _untied_exchange(design: Floats, targets: Floats) -> Integers:
    """Return the rows of a best fit; ties are broken, because the exchange could cycle on them.

    A shift far too small to matter breaks them. It is made of multiples of irrational numbers, which are even and
    follow no feature: draws from a seed can be the very ones x was drawn with. Where one still leaves a tie, the
    next is tried.
    """
    spread = float(np.ptp(targets)) or 1.0
    counts = np.arange(1.0, len(targets) + 1.0)
    for irrational, power in ((0.6180339887498949, 1), (2**0.5, 2), (3**0.5, 2), (5**0.5, 3), (7**0.5, 2)):
        shift = 1e-11 * spread * (2.0 * (counts**power * irrational % 1.0) - 1.0)
        basis = _exchange(design, targets + shift)
        if basis is not None:
            return basis
    raise DataError("no optimum of the absolute loss was found: the exchange of points did not settle")


def _exchange(design: Floats, targets: Floats) -> Integers | None:
    """Return the rows of a best fit, or None if ties prevent convergence."""
    basis = _first_basis(design, targets)
    for _ in range(100 * len(targets)):
        inverse = np.linalg.inv(design[basis])
        residuals = targets - design @ (inverse @ targets[basis])
        residuals[basis] = 0.0
        multipliers = inverse.T @ (design.T @ np.sign(residuals))
        leaving = int(np.argmax(np.abs(multipliers)))
        if abs(multipliers[leaving]) <= 1.0 + 1e-9:
            return basis
        basis[leaving] = _weighted_median(residuals, design @ inverse[:, leaving])
    return None


def _first_basis(design: Floats, targets: Floats) -> Integers:
    """Return independent rows, those with the smallest residuals of a least-squares fit first."""
    fit = np.linalg.lstsq(design, targets, rcond=None)[0]
    chosen: list[int] = []
    directions: list[Floats] = []  # of the rows chosen, orthonormal
    for index in np.argsort(np.abs(targets - design @ fit)):
        rest = design[index].copy()
        for direction in directions:
            rest -= rest @ direction * direction
        length = np.linalg.norm(rest)
        if length > 1e-6 * np.linalg.norm(design[index]):
            chosen.append(int(index))
            directions.append(rest / length)
            if len(chosen) == design.shape[1]:
                break
    return np.array(chosen)


def _weighted_median(residuals: Floats, rates: Floats) -> int:
    moving = np.flatnonzero(np.abs(rates) > 1e-12)
    order = moving[np.argsort(residuals[moving] / rates[moving])]
    weights = np.cumsum(np.abs(rates[order]))
    return int(order[np.searchsorted(weights, 0.5 * weights[-1])])


SOLVERS: dict[str, Callable[[PenalizedLoss], Floats]] = {
    "squared": least_squares,
    "half_squared": least_squares,
    "huber": narrowing_huber,
    "log_loss": damped_newton,
    "sigmoid_squared": damped_newton,
    "poisson": damped_newton,
    "absolute": least_absolute_deviations,
}

_MOST_STEPS = 200
_MOST_DAMPINGS = 20
_FLAT = 1e-6  # relative to the largest curvature


class SmoothConvex(Protocol):
    """A smooth convex function of preconditioned coordinates, where a loss of curvature 1 has an identity Hessian."""

    @property
    def name(self) -> str:
        """Name of the loss in messages."""

    @property
    def unit(self) -> float:
        """Typical size of a coordinate, for the convergence test."""

    @property
    def n_coordinates(self) -> int:
        """Number of coordinates."""

    def value(self, at: Floats) -> float:
        """Return the objective."""

    def gradient(self, at: Floats) -> Floats:
        """Return the first derivatives."""

    def hessian(self, at: Floats) -> Floats:
        """Return the second derivatives."""

    def pulls(self, at: Floats) -> Floats:
        """Return the sum of the absolute terms of the gradient, which bounds its rounding error."""

    def margins(self, at: Floats) -> Floats:
        """Return the margins of the points; if none is negative, there is no minimum. Empty if there always is one."""


def minimize_smooth(problem: SmoothConvex, start: Floats | None = None) -> Floats:
    """Return the coordinates that minimize a function, by damped Newton steps.

    A step solves (H + damping) step = -gradient. The damping grows until the objective falls, and shrinks as steps
    succeed. The iteration ends when the undamped step, which estimates the remaining distance, is below 1e-10 of the
    size of the coordinates, or when the gradient is within its rounding error.

    Raises
    ------
    SeparableError
        If classes are separable: then there is no finite minimum.
    DataError
        If 200 steps do not reach one.
    """
    at: Floats = np.zeros(problem.n_coordinates) if start is None else start
    damping = 0.0
    for _ in range(_MOST_STEPS):
        gradient, hessian = problem.gradient(at), problem.hessian(at)
        step = _solve(hessian, -gradient)
        if _has_converged(problem, at, gradient, hessian, step):
            return at + step
        _refuse_separable(problem, at)
        _refuse_separable(problem, _flat_part(step, hessian), tolerance=1e-9)
        advanced = _advance(problem, at, gradient, hessian, damping)
        if advanced is None:
            break
        at, damping = advanced
    _refuse_separable(problem, _flat_part(step, hessian), tolerance=1e-3)
    raise DataError(f"no optimum of the {problem.name} was found: Newton's method does not converge on this data")


def _has_converged(problem: SmoothConvex, at: Floats, gradient: Floats, hessian: Floats, step: Floats) -> bool:
    rounding = 1e-15 * problem.pulls(at)
    if problem.margins(at).size == 0 and (np.abs(gradient) <= rounding).all():
        return True
    # If the gradient is outside the range of a singular Hessian, a small step does not indicate convergence.
    residual = np.linalg.norm(hessian @ step + gradient)
    is_solved = residual <= 1e-6 * np.linalg.norm(gradient) + 10.0 * np.linalg.norm(rounding)
    return bool(is_solved and np.abs(step).max() <= 1e-10 * (np.abs(at).max() + problem.unit))


def _solve(matrix: Floats, right: Floats) -> Floats:
    return np.asarray(np.linalg.lstsq(matrix, right, rcond=1e-13)[0], dtype=float)


def _flat_part(step: Floats, hessian: Floats) -> Floats:
    """Return the part of a step along directions of little curvature, in which an unbounded loss keeps falling."""
    eigenvalues, vectors = np.linalg.eigh(hessian)
    flat = vectors[:, eigenvalues <= _FLAT * eigenvalues[-1]]
    return np.asarray(flat @ (flat.T @ step), dtype=float)


def _refuse_separable(problem: SmoothConvex, direction: Floats, tolerance: float = 0.0) -> None:
    """Raise if a direction separates the classes, so that the loss falls without bound along it."""
    margins = problem.margins(direction)
    if margins.size and margins.max() > 0.0 and margins.min() > -tolerance * margins.max():
        raise SeparableError(
            f"the classes are separable, so the {problem.name} has no finite optimum: larger weights always lower it. "
            "A ridge penalty gives it one"
        )


def _advance(
    problem: SmoothConvex, at: Floats, gradient: Floats, hessian: Floats, damping: float
) -> tuple[Floats, float] | None:
    value, length = problem.value(at), np.linalg.norm(gradient)
    rounding = 1e-14 * (abs(value) + 1e-300)
    for _ in range(_MOST_DAMPINGS):
        trial: Floats = at + _solve(hessian + damping * np.eye(len(at)), -gradient)
        change = problem.value(trial) - value
        # Near the minimum the improvement is below the rounding of the value, but not of the gradient.
        if change < -rounding or (change <= rounding and np.linalg.norm(problem.gradient(trial)) < length):
            return trial, damping / 10.0 if damping > 1e-8 else 0.0
        damping = max(1e-6, 10.0 * damping)
    return None
