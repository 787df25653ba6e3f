"""Fitting a sine of free amplitude, frequency and phase by least squares: the objective, and the problem on data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from animate.errors import DataError
from animate.learn.data import RegressionData
from animate.learn.descent import Trajectory, damped_newton_path
from animate.learn.evaluation import evaluate_stack
from animate.learn.objectives import MANY_ROWS, TwiceDifferentiable
from animate.learn.problems import regression_data
from animate.learn.quadrature import Quadrature, chebyshev_quadrature, every_row
from animate.learn.sampling import RowIndex
from animate.learn.scaling import Scaling
from animate.learn.tables import Table
from animate.learn.validation import Floats, vector

MOST_PERIODS = 2000
"""Faster waves are not looked for."""


@dataclass(frozen=True, eq=False)
class Sinusoid(TwiceDifferentiable):
    """mean((amplitude sin(frequency x + phase) - y)^2), with params [amplitude, frequency, phase].

    It is not convex: there are local minima at many frequencies.

    Attributes
    ----------
    x, y : array, shape (n_samples,)
    """

    x: Floats
    y: Floats

    @property
    def n_params(self) -> int:
        """Number of parameters, 3."""
        return 3

    @property
    def n_samples(self) -> int:
        """Number of rows."""
        return len(self.x)

    @cached_property
    def _few_points(self) -> Quadrature:
        return chebyshev_quadrature(self.x, self.y) if self.n_samples > MANY_ROWS else every_row(self.x, self.y)

    def summed_points(self, frequency: float) -> Quadrature:
        """Return the points over which sums at a frequency are taken: all rows, or few with the same sums."""
        rule = self._few_points
        # products of two waves have twice the frequency
        return rule if 2.0 * abs(frequency) <= rule.highest_frequency else every_row(self.x, self.y)

    def predictions(self, params: npt.ArrayLike, x: npt.ArrayLike | None = None) -> Floats:
        """Return amplitude sin(frequency x + phase), for the data or for x: shape (..., 3) to (..., n_samples)."""
        stack = np.asarray(params, dtype=float)
        points = self.x if x is None else np.asarray(x, dtype=float)
        amplitude, frequency, phase = (stack[..., index, None] for index in range(3))
        return np.asarray(amplitude * np.sin(frequency * points + phase), dtype=float)

    @np.errstate(over="ignore", invalid="ignore")
    def values(self, params_stack: npt.ArrayLike) -> Floats:
        """Return the value at each parameter vector of a stack: shape (..., 3) to (...)."""

        def mean_loss(params: Floats) -> Floats:
            rule = self.summed_points(float(np.abs(params[:, 1]).max()))
            if len(rule.points) == self.n_samples:
                return np.asarray(np.square(self.predictions(params) - self.y).mean(axis=1), dtype=float)
            waves = self.predictions(params, rule.points)
            means = np.square(waves) @ rule.weights - 2.0 * waves @ rule.products + np.square(self.y).mean()
            return np.asarray(np.maximum(means, 0.0), dtype=float)

        return evaluate_stack(mean_loss, params_stack, 3, len(self._few_points.points))

    def gradient(self, params: Floats, rows: RowIndex | None = None) -> Floats:
        """Return the gradient over all or some rows, shape (3,).

        2 mean(r [sin, amplitude x cos, amplitude cos]), at angles frequency x + phase, r the residual.
        """
        amplitude, frequency, phase = params
        rule = self.summed_points(frequency) if rows is None else every_row(self.x.take(rows), self.y.take(rows))
        angles = frequency * rule.points + phase
        sines, cosines = np.sin(angles), amplitude * np.cos(angles)
        residuals = amplitude * sines * rule.weights - rule.products
        gradient: Floats = 2.0 * np.stack([sines, rule.points * cosines, cosines]) @ residuals
        return gradient

    def hessian(self, params: Floats | None = None) -> Floats:
        """Return the second derivatives at `params`, or at the optimum, shape (3, 3)."""
        amplitude, frequency, phase = self.optimum() if params is None else params
        rule = self.summed_points(frequency)
        x, angles = rule.points, frequency * rule.points + phase
        sines, cosines = np.sin(angles), np.cos(angles)
        residuals, ones = amplitude * sines * rule.weights - rule.products, np.ones_like(x)
        slopes = np.stack([sines, amplitude * x * cosines, amplitude * cosines])
        bend = np.zeros((3, 3))
        for index, factor in ((1, x), (2, ones)):
            bend[0, index] = bend[index, 0] = residuals @ (factor * cosines)
        for first, second, factor in ((1, 1, x**2), (1, 2, x), (2, 1, x), (2, 2, ones)):
            bend[first, second] = -amplitude * (residuals @ (factor * sines))
        return np.asarray(2.0 * (slopes * rule.weights @ slopes.T + bend), dtype=float)

    def optimum(self) -> Floats:
        """Return the best amplitude, frequency and phase, shape (3,): amplitude > 0, frequency > 0, phase in (-pi, pi].

        For each frequency of a fine grid the best sine is found by linear least squares; Newton steps refine
        the best of them. The highest is pi over the mean spacing of x, because at that spacing a faster wave looks like
        a slower one, and at most `MOST_PERIODS` over the range of x.

        Raises
        ------
        DataError
            If x has fewer than four distinct values.
        """
        distinct = len(np.unique(self.x))
        if distinct < 4:
            raise DataError(f"a sine needs at least four distinct x values; got {distinct}")
        width = float(np.ptp(self.x))
        highest = np.pi * min(distinct - 1, 2 * MOST_PERIODS) / width
        # Frequencies 0.2 / width apart differ by 0.2 radians over the data, much less than the width of a minimum.
        grid = np.arange(0.5, max(2.0, highest * width / 0.2)) * 0.2 / width
        likely = likely_frequencies(self.x, self.y, grid)
        best = min((self.best_at(frequency) for frequency in likely.tolist()), key=self.value)
        return _normal_form(damped_newton_path(self, best, 100).final)

    def is_minimum(self, params: Floats) -> bool:
        """Return whether parameters are at a minimum, local or not: Newton's step is short, and the loss bends up.

        Short is at most 2 % of 1 + ||params||.
        """
        if not np.isfinite(params).all():
            return False
        hessian = self.hessian(params)
        if np.linalg.eigvalsh(hessian)[0] <= 1e-9 * np.abs(hessian).max():
            return False
        step = np.linalg.solve(hessian, self.gradient(params))
        return bool(np.linalg.norm(step) <= 0.02 * (1.0 + np.linalg.norm(params)))

    def best_at(self, frequency: float) -> Floats:
        """Return amplitude, frequency and phase of the best sine of a frequency, by linear least squares."""
        rule = self.summed_points(frequency)
        sine, cosine = _combination([np.sin(frequency * rule.points), np.cos(frequency * rule.points)], rule)
        return np.array([np.hypot(sine, cosine), frequency, np.arctan2(cosine, sine)])


def _combination(waves: Sequence[Floats], rule: Quadrature) -> Floats:
    """Return the weights of the waves whose sum is nearest to y."""
    design = np.stack(waves)
    if (rule.weights == rule.weights[0]).all():  # the rows themselves
        found = np.linalg.lstsq(design.T, rule.products / rule.weights[0], rcond=None)
    else:
        found = np.linalg.lstsq(design * rule.weights @ design.T, design @ rule.products, rcond=None)
    return np.asarray(found[0], dtype=float)


def likely_frequencies(x: Floats, y: Floats, frequencies: Floats, *, has_offset: bool = False) -> Floats:
    """Return the frequencies of a uniform grid at which a sine of free amplitude and phase may fit best, ascending.

    The reduction of the sum of squares at every frequency follows from three sums over the rows, which a nonuniform
    fast Fourier transform gives at all frequencies together. The result is the 32 frequencies with the largest
    reduction and the 16 lowest, at which sine and cosine are too collinear for these sums.

    Parameters
    ----------
    x, y : array, shape (n_samples,)
    frequencies : array, shape (n_frequencies,)
        Ascending, evenly spaced, two or more.
    has_offset : bool
        Whether an offset is fitted too; `y` must then have mean 0.
    """
    shifted, step, n_frequencies = x - x.min(), float(frequencies[1] - frequencies[0]), len(frequencies)
    turns = np.exp(1j * frequencies[0] * shifted)
    singles = harmonic_sums(turns, step * shifted, n_frequencies) if has_offset else np.zeros(n_frequencies, complex)
    doubles = harmonic_sums(turns**2, 2.0 * step * shifted, n_frequencies)
    products = harmonic_sums(y * turns, step * shifted, n_frequencies)
    n_samples = len(x)
    cosines = 0.5 * (n_samples + doubles.real) - singles.real**2 / n_samples
    sines = 0.5 * (n_samples - doubles.real) - singles.imag**2 / n_samples
    mixed = 0.5 * doubles.imag - singles.real * singles.imag / n_samples
    with np.errstate(all="ignore"):
        either = np.maximum(products.real**2 / cosines, products.imag**2 / sines)
        both = products.real**2 * sines - 2.0 * products.real * products.imag * mixed + products.imag**2 * cosines
        determinant = cosines * sines - mixed**2
        reduction = np.where(determinant > 1e-4 * cosines * sines, both / determinant, either)
    reduction[~np.isfinite(reduction) | (np.minimum(cosines, sines) < 1e-6 * n_samples)] = -np.inf
    chosen = np.union1d(np.argsort(reduction)[-32:], np.arange(min(16, n_frequencies)))
    return frequencies[chosen]


def harmonic_sums(weights: npt.NDArray[np.complex128], angles: Floats, n_sums: int) -> npt.NDArray[np.complex128]:
    """Return sum_k weights_k exp(i j angles_k) for j = 0, ..., n_sums - 1, to about 7 digits.

    The weights are spread on a regular grid by a Kaiser-Bessel kernel, transformed by a fast Fourier transform, and
    divided by the transform of the kernel: O(n_samples + n_sums log n_sums) operations.

    References
    ----------
    J. A. Fessler and B. P. Sutton, "Nonuniform fast Fourier transforms using min-max interpolation", IEEE Transactions
    on Signal Processing 51 (2003), 560-574.

    Examples
    --------
    >>> sums = harmonic_sums(np.array([1.0 + 0j, 2.0]), np.array([0.0, np.pi / 2]), 4)
    >>> np.allclose(sums, [3.0, 1.0 + 2.0j, -1.0, 1.0 - 2.0j], atol=1e-6)
    True
    """
    width, shape = 8, 18.0
    n_grid = max(32, 1 << int(np.ceil(np.log2(4 * n_sums))))
    places = np.mod(angles, 2.0 * np.pi) * (n_grid / (2.0 * np.pi))
    nearest = np.floor(places).astype(np.int64)
    offsets = np.arange(1 - width // 2, width // 2 + 1)[:, None]
    distances = (places - nearest - offsets) / (0.5 * width)
    spread = (weights * np.i0(shape * np.sqrt(np.maximum(1.0 - distances**2, 0.0)))).ravel()
    cells = ((nearest + offsets) % n_grid).ravel()
    grid = np.bincount(cells, spread.real, n_grid) + 1j * np.bincount(cells, spread.imag, n_grid)
    radii = np.sqrt(shape**2 - (np.pi * width * np.arange(n_sums) / n_grid) ** 2)
    return np.fft.ifft(grid)[:n_sums] * n_grid / (width * np.sinh(radii) / radii)


def _normal_form(params: Floats) -> Floats:
    amplitude, frequency, phase = params
    if frequency < 0.0:
        amplitude, frequency, phase = -amplitude, -frequency, -phase
    if amplitude < 0.0:
        amplitude, phase = -amplitude, phase + np.pi
    return np.array([amplitude, frequency, np.pi - (np.pi - phase) % (2.0 * np.pi)])


def sinusoid(x: npt.ArrayLike, y: npt.ArrayLike) -> Sinusoid:
    """Return the objective of a sine fitted to points.

    mean((amplitude sin(frequency x + phase) - y)^2), with params [amplitude, frequency, phase].

    >>> x = np.linspace(0.0, 6.0, 30)
    >>> sinusoid(x, 2.0 * np.sin(1.5 * x + 0.5)).optimum().round(6).tolist()
    [2.0, 1.5, 0.5]
    """
    points = vector("x", x)
    return Sinusoid(points, vector("y", y, len(points)))


@dataclass(frozen=True, eq=False)
class SinusoidProblem:
    """Fitting y = offset + amplitude sin(frequency x + phase); `objective` uses standardized x and y.

    The offset is held. Parameters are [amplitude, frequency, phase].
    """

    data: RegressionData
    objective: Sinusoid
    x_scaling: Scaling
    y_scaling: Scaling

    @property
    def offset(self) -> float:
        """The mean level of the sine, in units of y."""
        return float(self.y_scaling.mean[0])

    def in_units(self, params: npt.ArrayLike) -> Floats:
        """Return amplitude, frequency and phase in the data's units, shape (..., 3).

        amplitude s_y, frequency / s_x, phase - frequency mean_x / s_x, s the scales of x and y.
        """
        amplitude, frequency, phase = np.moveaxis(np.asarray(params, dtype=float), -1, 0)
        mean, scale = float(self.x_scaling.mean[0]), float(self.x_scaling.scale[0])
        with np.errstate(all="ignore"):
            steps = amplitude * self.y_scaling.scale[0], frequency / scale, phase - frequency * mean / scale
        return np.stack(steps, axis=-1)

    def from_units(self, params: npt.ArrayLike) -> Floats:
        """Return the objective's parameters for amplitude, frequency and phase in the data's units, shape (..., 3)."""
        amplitude, frequency, phase = np.moveaxis(np.asarray(params, dtype=float), -1, 0)
        mean, scale = float(self.x_scaling.mean[0]), float(self.x_scaling.scale[0])
        return np.stack([amplitude / self.y_scaling.scale[0], frequency * scale, phase + frequency * mean], axis=-1)

    def near_best(self) -> Floats:
        """Return the best sine for a frequency that is too low by 0.3 periods over the range of x, shape (3,).

        It is not under half of the best frequency, and in the data's units: near enough for descent to find the best.
        """
        best = float(self.best()[0][1])
        frequency = max(best - 0.3 * 2.0 * np.pi / float(np.ptp(self.data.x)), 0.5 * best)
        return self.in_units(self.objective.best_at(frequency * float(self.x_scaling.scale[0])))

    def best(self) -> tuple[Floats, float]:
        """Return the best amplitude, frequency and phase, and their mean squared error, in the data's units.

        Raises
        ------
        DataError
            If x has fewer than four distinct values.
        """
        optimum = self.objective.optimum()
        return self.in_units(optimum), self.objective.value(optimum) * float(self.y_scaling.scale[0]) ** 2

    def trajectory_in_units(self, trajectory: Trajectory) -> Trajectory:
        """Return a descent on the objective with parameters and loss, mean((curve - y)^2), in the data's units."""
        with np.errstate(all="ignore"):
            loss = trajectory.loss * self.y_scaling.scale[0] ** 2
        return replace(trajectory, params=self.in_units(trajectory.params), loss=loss)

    def curve(self, params: npt.ArrayLike, x: npt.ArrayLike) -> Floats:
        """Return offset + amplitude sin(frequency x + phase), of parameters in the data's units, shape (n_points,)."""
        with np.errstate(all="ignore"):
            return self.offset + self.objective.predictions(params, x)


def sinusoid_problem(data: RegressionData | Table, *, offset: float | None = None) -> SinusoidProblem:
    """Return the problem of fitting a sine to data.

    Parameters
    ----------
    offset : float, optional
        The mean level of the sine, if it is known; by default `level`.

    Raises
    ------
    DataError
        If y is constant, or x has fewer than five distinct values.

    Examples
    --------
    >>> x = np.linspace(10.0, 30.0, 40)
    >>> problem = sinusoid_problem(RegressionData(x, 5.0 + 3.0 * np.sin(0.7 * x)))
    >>> problem.in_units(problem.objective.optimum()).round(3)[:2].tolist(), round(problem.offset, 3)
    ([3.0, 0.7], 5.0)
    """
    data = regression_data(data)
    _refuse(data)
    middle = level(data) if offset is None else offset
    x_scaling = Scaling.standardize(data.X)
    y_scaling = Scaling(np.array([middle]), Scaling.standardize(data.y).scale)
    x, y = x_scaling.apply(data.X)[:, 0], y_scaling.apply(data.y[:, None])[:, 0]
    return SinusoidProblem(data, sinusoid(x, y), x_scaling, y_scaling)


def level(data: RegressionData) -> float:
    """Return the offset of the best offset + sine through the data.

    For each frequency of a grid, up to 12 periods over the range of x, and then of a finer one around the best of them,
    offset, sine and cosine are fitted by least squares; the offset at the frequency that fits best is returned.

    >>> x = np.linspace(0.0, 10.0, 40)
    >>> round(level(RegressionData(x, 5.0 + np.sin(1.3 * x))), 2)
    5.0
    """
    step = 0.2 / float(np.ptp(data.x))
    coarse = np.arange(0.5, 60.0 * 2.0 * np.pi) * step
    best, _ = _fitting_best(data, coarse)
    return _fitting_best(data, np.linspace(max(best - step, 0.1 * step), best + step, 401))[1]


def _fitting_best(data: RegressionData, frequencies: Floats) -> tuple[float, float]:
    """Return the frequency at which offset + sine fits best, and that offset."""
    found, least = (float("nan"), float("nan")), np.inf
    center = float(data.y.mean())
    rule = (chebyshev_quadrature if len(data.x) > MANY_ROWS else every_row)(data.x, data.y - center)
    for frequency in likely_frequencies(data.x, data.y - center, frequencies, has_offset=True):
        angles = frequency * rule.points
        waves = [np.ones_like(angles), np.sin(angles), np.cos(angles)]
        solution = _combination(waves, rule)
        fitted = solution @ waves
        error = float(np.square(fitted) @ rule.weights - 2.0 * fitted @ rule.products)
        if error < least:
            found, least = (float(frequency), center + float(solution[0])), error
    return found


def _refuse(data: RegressionData) -> None:
    distinct = len(np.unique(data.x))
    if distinct < 5:
        raise DataError(f"a sine and its offset need at least five distinct x values; got {distinct}")
    if np.ptp(data.y) == 0.0:
        raise DataError(f"{data.y_name} must vary to have a wave in it; got {data.y[0]:g} in every row")
