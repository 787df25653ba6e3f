"""Where the loss of a linear predictor is least: least squares, damped Newton, least absolute deviations.

All of them work on centered and scaled columns, which leaves the optimum where it is and loses fewer digits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from animate.errors import DataError
from animate.learn.checks import Floats, Integers
from animate.learn.losses import Loss

_MOST_STEPS = 200
_MOST_DAMPINGS = 20


class Fit(NamedTuple):
    """What is minimized: mean(loss(design @ params, targets)) + 1/2 ridge_penalty ||weights||^2.

    The last column of `design` is 1, for the intercept, which has no penalty.
    """

    design: Floats
    targets: Floats
    loss: Loss
    ridge_penalty: float


class _Standardized(NamedTuple):
    """Columns centered and scaled; `penalties` are the ridge penalties of their weights.

    The scale is a column's deviation, or sqrt(variance + ridge_penalty) with a penalty.
    """

    design: Floats
    mean: Floats
    scale: Floats
    penalties: Floats

    def in_units(self, params: Floats) -> Floats:
        weights = params[:-1] / self.scale
        return np.append(weights, params[-1] - weights @ self.mean)


def _standardize(fit: Fit) -> _Standardized:
    X = fit.design[:, :-1]
    unit = _unit(np.abs(X).max(axis=0, initial=0.0))
    parts = X / unit
    mean, spread = parts.mean(axis=0), parts.std(axis=0)
    # What rounding leaves of a constant column is no spread; nor is what no finite weight could make visible.
    flat = (spread <= 1e-14 * np.abs(parts).max(axis=0, initial=0.0)) | (unit * spread < 1e-300)
    # A penalty far above a column's own curvature would drown the other columns; as part of its scale it is at most 1.
    scale = np.hypot(np.where(flat, 0.0, unit * spread), np.sqrt(fit.ridge_penalty))
    scale = np.where(scale == 0.0, 1.0, scale)
    centered = np.where(flat, 0.0, (parts - mean) / (scale / unit))
    penalties = np.append((np.sqrt(fit.ridge_penalty) / scale) ** 2, 0.0)
    return _Standardized(np.column_stack([centered, fit.design[:, -1]]), unit * mean, scale, penalties)


def _unit(size: npt.ArrayLike) -> Floats:
    """Return a power of two near `size`: to divide by it loses no digits, and squares no longer overflow."""
    exponents = np.frexp(np.asarray(size, dtype=float))[1]
    return np.asarray(np.ldexp(1.0, np.maximum(exponents, -1000)), dtype=float) / 2.0


def least_squares(fit: Fit) -> Floats:
    """Return the minimum of a squared loss, shape (n_params,), by an orthogonal factorization of the design.

    Where columns are collinear it is, of all minima, the one with the smallest weights on standardized
    columns; a constant column gets weight 0.

    Examples
    --------
    >>> from animate.learn.losses import LOSSES
    >>> design = np.array([[0.0, 1.0], [1.0, 1.0], [2.0, 1.0]])
    >>> least_squares(Fit(design, np.array([1.0, 3.0, 5.0]), LOSSES["squared"], 0.0)).round(9).tolist()
    [2.0, 1.0]
    """
    scaled = _standardize(fit)
    curvature = 2.0 if fit.loss.name == "squared" else 1.0
    # A ridge penalty is a row of its own for each weight, with target 0.
    ridge = np.diag(np.sqrt(len(fit.targets) * scaled.penalties / curvature))[:-1]
    unit = float(_unit(np.abs(fit.targets).max()))
    center = unit * float((fit.targets / unit).mean())
    targets = np.concatenate([fit.targets - center, np.zeros(len(ridge))])
    params: Floats = np.linalg.lstsq(np.vstack([scaled.design, ridge]), targets, rcond=None)[0]
    params[-1] += center
    return scaled.in_units(params)


def damped_newton(fit: Fit) -> Floats:
    """Return the minimum of a smooth convex loss, shape (n_params,), by damped Newton steps.

    A step solves (H + damping M) step = -gradient, where M is the Hessian at curvature 1. The damping grows
    until the objective falls, and shrinks as steps succeed. The minimum is found when the undamped step,
    which estimates how far it still is, has fallen under 1e-10 of the parameters' size.

    Raises
    ------
    DataError
        If there is no finite minimum: the classes are separable, or 200 steps do not reach one.

    Examples
    --------
    >>> from animate.learn.losses import LOSSES
    >>> design = np.array([[0.0, 1.0], [1.0, 1.0], [2.0, 1.0], [3.0, 1.0]])
    >>> fit = Fit(design, np.array([0.0, 1.0, 0.0, 1.0]), LOSSES["log_loss"], 0.0)
    >>> damped_newton(fit).round(4).tolist()
    [0.9082, -1.3623]
    """
    smooth = _Smooth(_standardize(fit), fit)
    params: Floats = np.zeros(fit.design.shape[1])
    damping = 0.0
    for _ in range(_MOST_STEPS):
        gradient, hessian = smooth.slopes(params)
        step = _solve(hessian, -gradient)
        if smooth.settles(params, step, gradient, hessian):
            return smooth.scaled.in_units(params + step)
        smooth.refuse_separable(params)
        advanced = smooth.advance(params, gradient, hessian, damping)
        if advanced is None:
            break
        params, damping = advanced
    smooth.refuse_separable(_flat_part(params, hessian), tolerance=1e-3)
    raise DataError(f"no optimum of the {fit.loss.name} was found: Newton steps do not settle on this data")


def _flat_part(params: Floats, hessian: Floats) -> Floats:
    """Return the part of `params` along which the objective hardly curves."""
    eigenvalues, vectors = np.linalg.eigh(hessian)
    flat = vectors[:, eigenvalues <= 1e-6 * eigenvalues[-1]]
    return np.asarray(flat @ (flat.T @ params), dtype=float)


def _solve(matrix: Floats, right: Floats) -> Floats:
    return np.asarray(np.linalg.lstsq(matrix, right, rcond=1e-13)[0], dtype=float)


class _Smooth(NamedTuple):
    """A smooth objective on standardized columns."""

    scaled: _Standardized
    fit: Fit

    def value(self, params: Floats) -> float:
        mean = self.fit.loss.value(self.scaled.design @ params, self.fit.targets).mean()
        return float(mean + 0.5 * (self.scaled.penalties * params) @ params)

    def gradient(self, params: Floats) -> Floats:
        slopes = self.fit.loss.derivative(self.scaled.design @ params, self.fit.targets)
        gradient: Floats = slopes @ self.scaled.design / len(slopes) + self.scaled.penalties * params
        return gradient

    def curved(self, curvature: Floats | float) -> Floats:
        design = self.scaled.design
        hessian: Floats = (design.T * curvature) @ design / len(design) + np.diag(self.scaled.penalties)
        return hessian

    def slopes(self, params: Floats) -> tuple[Floats, Floats]:
        curvature = self.fit.loss.curvature
        if curvature is None:
            raise ValueError(f"loss must be twice differentiable; got {self.fit.loss.name!r}")
        return self.gradient(params), self.curved(curvature(self.scaled.design @ params, self.fit.targets))

    def settles(self, params: Floats, step: Floats, gradient: Floats, hessian: Floats) -> bool:
        if self.fit.loss.name == "huber" and self.is_flat(params, gradient):
            return True
        # A singular Hessian has no answer to a gradient outside its range: then a small step means nothing. What
        # rounding leaves of a gradient lies outside it too, where columns are collinear.
        offsets = 1.0 + np.append(np.abs(self.scaled.mean) / self.scaled.scale, 0.0)  # digits that centering costs
        rest, rounding = hessian @ step + gradient, 10.0 * np.linalg.norm(offsets * self._rounding(params))
        answered = np.linalg.norm(rest) <= 1e-6 * np.linalg.norm(gradient) + rounding
        unit = float(np.ptp(self.fit.targets)) if self.fit.loss.name == "huber" else 1.0
        return bool(answered and np.abs(step).max() <= 1e-10 * (np.abs(params).max() + unit))

    def is_flat(self, params: Floats, gradient: Floats) -> bool:
        """Return whether the gradient is no more than rounding of the pulls that cancel in it."""
        return bool((np.abs(gradient) <= self._rounding(params)).all())

    def _rounding(self, params: Floats) -> Floats:
        """Return what rounding may leave of a gradient that is 0, shape (n_params,)."""
        pulls = np.abs(self.fit.loss.derivative(self.scaled.design @ params, self.fit.targets))
        sizes = pulls @ np.abs(self.scaled.design) / len(pulls) + np.abs(self.scaled.penalties * params)
        return np.asarray(1e-15 * sizes, dtype=float)

    def refuse_separable(self, params: Floats, tolerance: float = 0.0) -> None:
        """Raise if `params` put no point on the wrong side: the loss falls for ever in their direction."""
        if self.fit.loss.name == "huber":
            return
        margins = (2.0 * self.fit.targets - 1.0) * (self.scaled.design @ params)
        if margins.max() > 0.0 and margins.min() > -tolerance * margins.max():
            if self.scaled.penalties.any() and np.ptp(self.fit.targets) > 0:
                return
            name = self.fit.loss.name.replace("_", " ")
            raise DataError(
                f"the two classes are separable, so the {name} has no finite optimum: larger weights always lower it. "
                "A ridge penalty gives it one"
            )

    def advance(self, params: Floats, gradient: Floats, hessian: Floats, damping: float) -> tuple[Floats, float] | None:
        value, length = self.value(params), np.linalg.norm(gradient)
        rounding = 1e-14 * (abs(value) + 1e-300)
        for _ in range(_MOST_DAMPINGS):
            trial: Floats = params + _solve(hessian + damping * self.curved(1.0), -gradient)
            change = self.value(trial) - value
            # Near the minimum the value no longer shows a step's gain; the gradient still does.
            if change < -rounding or (change <= rounding and np.linalg.norm(self.gradient(trial)) < length):
                return trial, damping / 10.0 if damping > 1e-8 else 0.0
            damping = max(1e-6, 10.0 * damping)
        return None


def least_absolute_deviations(fit: Fit) -> Floats:
    """Return a minimum of the mean |residual|, shape (n_params,), exactly.

    Some best fit passes through n_params of the points. From such a fit, a point whose multiplier is above 1
    in size is let go, and the fit moves along until the weighted median of the other points stops it. Each
    exchange lowers the sum; where no multiplier is above 1, the fit is optimal. Where several fits are
    equally good, the result is one of them.

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
    >>> fit = Fit(design, np.array([0.0, 1.0, 2.0, 30.0]), LOSSES["absolute"], 0.0)
    >>> (least_absolute_deviations(fit) + 0.0).round(9).tolist()
    [1.0, 0.0]
    """
    if fit.ridge_penalty:
        raise DataError("the optimum of the absolute loss cannot be computed with a ridge penalty; set it to 0")
    scaled = _standardize(fit)
    design = scaled.design
    if np.linalg.matrix_rank(design) < design.shape[1]:
        raise DataError("features are constant or collinear: the absolute loss has no single optimum")
    basis = _untied_exchange(design, fit.targets)
    params = np.linalg.solve(design[basis], fit.targets[basis])
    return scaled.in_units(np.asarray(params, dtype=float))


def _untied_exchange(design: Floats, targets: Floats) -> Integers:
    """Return the rows of a best fit, ties broken: they could send the exchange in circles.

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
    """Return the rows of a best fit, or None where ties keep it from settling."""
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
    rest = design.copy()
    for index in np.argsort(np.abs(targets - design @ fit)):
        length = np.linalg.norm(rest[index])
        if length > 1e-6 * np.linalg.norm(design[index]) and len(chosen) < design.shape[1]:
            chosen.append(int(index))
            rest = rest - np.outer(rest @ rest[index], rest[index]) / length**2
    return np.array(chosen)


def _weighted_median(residuals: Floats, rates: Floats) -> int:
    moving = np.flatnonzero(np.abs(rates) > 1e-12)
    order = moving[np.argsort(residuals[moving] / rates[moving])]
    weights = np.cumsum(np.abs(rates[order]))
    return int(order[np.searchsorted(weights, 0.5 * weights[-1])])


SOLVERS: dict[str, Callable[[Fit], Floats]] = {
    "squared": least_squares,
    "half_squared": least_squares,
    "huber": damped_newton,
    "log_loss": damped_newton,
    "sigmoid_squared": damped_newton,
    "absolute": least_absolute_deviations,
}
