"""A sine of free amplitude, frequency and phase, fitted by least squares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from animate.errors import DataError
from animate.learn.checks import Floats, vector
from animate.learn.newton import damped_newton_path
from animate.learn.sampling import RowIndex

_CHUNK = 2**18  # predictions held at once: 2 MiB


@dataclass(frozen=True, eq=False)
class Wave:
    """mean((amplitude sin(frequency x + phase) - y)^2), with params [amplitude, frequency, phase].

    It is not convex: there is a minimum for many a frequency.

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

    def predictions(self, params: npt.ArrayLike, x: npt.ArrayLike | None = None) -> Floats:
        """Return amplitude sin(frequency x + phase), for the data or for x: shape (..., 3) to (..., n_samples)."""
        stack = np.asarray(params, dtype=float)
        points = self.x if x is None else np.asarray(x, dtype=float)
        amplitude, frequency, phase = (stack[..., index, None] for index in range(3))
        return np.asarray(amplitude * np.sin(frequency * points + phase), dtype=float)

    def value(self, params: npt.ArrayLike) -> float:
        """Return mean((amplitude sin(frequency x + phase) - y)^2)."""
        return float(self.values(params))

    @np.errstate(over="ignore", invalid="ignore")
    def values(self, params_stack: npt.ArrayLike) -> Floats:
        """Return the value at each parameter vector of a stack: shape (..., 3) to (...)."""
        stack = np.asarray(params_stack, dtype=float)
        flat = stack.reshape(-1, 3)
        size = max(1, _CHUNK // self.n_samples)
        result = np.empty(len(flat))
        for first in range(0, len(flat), size):
            residuals = self.predictions(flat[first : first + size]) - self.y
            result[first : first + size] = np.square(residuals).mean(axis=1)
        return result.reshape(stack.shape[:-1])

    def gradient(self, params: Floats, rows: RowIndex | None = None) -> Floats:
        """Return the gradient over all or some rows, shape (3,).

        2 mean(r [sin, amplitude x cos, amplitude cos]), at angles frequency x + phase, r the residual.
        """
        x, y = (self.x, self.y) if rows is None else (self.x.take(rows), self.y.take(rows))
        amplitude, frequency, phase = params
        angles = frequency * x + phase
        sines, cosines = np.sin(angles), amplitude * np.cos(angles)
        residuals = amplitude * sines - y
        gradient: Floats = 2.0 * np.stack([sines, x * cosines, cosines]) @ residuals / len(x)
        return gradient

    def hessian(self, params: Floats) -> Floats:
        """Return the second derivatives at `params`, shape (3, 3)."""
        amplitude, frequency, phase = params
        angles = frequency * self.x + phase
        sines, cosines = np.sin(angles), np.cos(angles)
        residuals, ones = amplitude * sines - self.y, np.ones_like(self.x)
        slopes = np.stack([sines, amplitude * self.x * cosines, amplitude * cosines])
        bend = np.zeros((3, 3))
        for index, factor in ((1, self.x), (2, ones)):
            bend[0, index] = bend[index, 0] = np.mean(residuals * factor * cosines)
        for first, second, factor in ((1, 1, self.x**2), (1, 2, self.x), (2, 1, self.x), (2, 2, ones)):
            bend[first, second] = -amplitude * np.mean(residuals * factor * sines)
        return np.asarray(2.0 * (slopes @ slopes.T / self.n_samples + bend), dtype=float)

    def optimum(self, *, highest_frequency: float | None = None) -> Floats:
        """Return the best amplitude, frequency and phase, shape (3,): amplitude > 0, frequency > 0, phase in (-pi, pi].

        For each frequency of a fine grid the best sine is found by linear least squares; Newton steps refine
        the best of them.

        Parameters
        ----------
        highest_frequency : float, optional
            In radians per unit of x; pi over the mean spacing of x where it is left out, since faster waves
            are not told from slower ones.

        Raises
        ------
        DataError
            If x has fewer than four distinct values.
        """
        distinct = len(np.unique(self.x))
        if distinct < 4:
            raise DataError(f"a sine needs at least four distinct x values; got {distinct}")
        width = float(np.ptp(self.x))
        highest = highest_frequency or np.pi * (distinct - 1) / width
        # A wave is told from the next one when it gains a fraction of a turn over the data.
        grid = np.arange(0.5, max(2.0, highest * width / 0.2)) * 0.2 / width
        best = min((self._best_at(frequency) for frequency in grid), key=self.value)
        return _normal_form(damped_newton_path(self, best, 100).final)

    def _best_at(self, frequency: float) -> Floats:
        angles = frequency * self.x
        design = np.column_stack([np.sin(angles), np.cos(angles)])
        sine, cosine = np.linalg.lstsq(design, self.y, rcond=None)[0]
        return np.array([np.hypot(sine, cosine), frequency, np.arctan2(cosine, sine)])


def _normal_form(params: Floats) -> Floats:
    amplitude, frequency, phase = params
    if frequency < 0.0:
        amplitude, frequency, phase = -amplitude, -frequency, -phase
    if amplitude < 0.0:
        amplitude, phase = -amplitude, phase + np.pi
    return np.array([amplitude, frequency, np.pi - (np.pi - phase) % (2.0 * np.pi)])


def wave(x: npt.ArrayLike, y: npt.ArrayLike) -> Wave:
    """Return the objective of a sine fitted to points.

    mean((amplitude sin(frequency x + phase) - y)^2), with params [amplitude, frequency, phase].

    Raises
    ------
    ValueError
        If shapes do not agree, or values are not finite.

    Examples
    --------
    >>> x = np.linspace(0.0, 6.0, 30)
    >>> wave(x, 2.0 * np.sin(1.5 * x + 0.5)).optimum().round(6).tolist()
    [2.0, 1.5, 0.5]
    """
    points = vector("x", x)
    return Wave(points, vector("y", y, len(points)))
