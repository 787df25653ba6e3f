"""A sine through data in their own units: standardized for descent, with the way back."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from animate.errors import DataError
from animate.learn.checks import Floats
from animate.learn.data import RegressionData, Scaling
from animate.learn.descent import Trajectory
from animate.learn.losses import r_squared
from animate.learn.waves import Wave, wave


@dataclass(frozen=True, eq=False)
class WaveProblem:
    """y = offset + amplitude sin(frequency x + phase) through data; `objective` sees standardized x and y.

    The offset is held. Parameters are [amplitude, frequency, phase].

    Attributes
    ----------
    data : RegressionData
    objective : Wave
    x_scaling, y_scaling : Scaling
    """

    data: RegressionData
    objective: Wave
    x_scaling: Scaling
    y_scaling: Scaling

    @property
    def offset(self) -> float:
        """The level around which the sine swings, in units of y."""
        return float(self.y_scaling.mean[0])

    def in_units(self, params: npt.ArrayLike) -> Floats:
        """Return amplitude, frequency and phase in the data's units, shape (..., 3).

        amplitude s_y, frequency / s_x, phase - frequency mean_x / s_x, s the scales of x and y.
        """
        amplitude, frequency, phase = _columns(params)
        mean, scale = float(self.x_scaling.mean[0]), float(self.x_scaling.scale[0])
        with np.errstate(all="ignore"):
            steps = amplitude * self.y_scaling.scale[0], frequency / scale, phase - frequency * mean / scale
        return np.stack(steps, axis=-1)

    def from_units(self, params: npt.ArrayLike) -> Floats:
        """Return the objective's parameters for amplitude, frequency and phase in the data's units, shape (..., 3)."""
        amplitude, frequency, phase = _columns(params)
        mean, scale = float(self.x_scaling.mean[0]), float(self.x_scaling.scale[0])
        return np.stack([amplitude / self.y_scaling.scale[0], frequency * scale, phase + frequency * mean], axis=-1)

    def one_period(self) -> Floats:
        """Return amplitude, frequency and phase, in the data's units, of one period over the range of x, shape (3,).

        The amplitude is that of a sine with the deviation of y, sqrt(2) s_y; the phase is 0 where x is least.
        """
        low, high = float(self.data.x.min()), float(self.data.x.max())
        frequency = 2.0 * np.pi / (high - low)
        return np.array([np.sqrt(2.0) * self.y_scaling.scale[0], frequency, -frequency * low])

    def near_best(self, *, short: float = 0.3) -> Floats:
        """Return the best sine for a frequency that is too low by ``short`` periods over the range of x, shape (3,).

        It is not under half of the best frequency, and in the data's units: near enough for descent to find the best.
        """
        best = float(self.best()[0][1])
        frequency = max(best - short * 2.0 * np.pi / float(np.ptp(self.data.x)), 0.5 * best)
        angles = frequency * self.data.x
        design = np.column_stack([np.sin(angles), np.cos(angles)])
        sine, cosine = np.linalg.lstsq(design, self.data.y - self.offset, rcond=None)[0]
        return np.array([np.hypot(sine, cosine), frequency, np.arctan2(cosine, sine)])

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

    def r_squared(self, params: npt.ArrayLike) -> float:
        """Return 1 - RSS / TSS of the curve of parameters in the data's units."""
        return r_squared(self.data.y, self.curve(params, self.data.x))


def _columns(params: npt.ArrayLike) -> tuple[Floats, Floats, Floats]:
    stack = np.asarray(params, dtype=float)
    return stack[..., 0], stack[..., 1], stack[..., 2]


def wave_problem(data: RegressionData, *, offset: float | None = None) -> WaveProblem:
    """Return the problem of fitting a sine to data.

    Parameters
    ----------
    data : RegressionData
    offset : float, optional
        The level around which the sine swings, where it is known; else `level`.

    Raises
    ------
    DataError
        If y is constant, or x has fewer than five distinct values.

    Examples
    --------
    >>> x = np.linspace(10.0, 30.0, 40)
    >>> problem = wave_problem(RegressionData(x, 5.0 + 3.0 * np.sin(0.7 * x)))
    >>> problem.in_units(problem.objective.optimum()).round(3)[:2].tolist(), round(problem.offset, 3)
    ([3.0, 0.7], 5.0)
    """
    _refuse(data)
    middle = level(data) if offset is None else offset
    x_scaling = Scaling.standardize(data.X)
    y_scaling = Scaling(np.array([middle]), Scaling.standardize(data.y).scale)
    x, y = x_scaling.apply(data.X)[:, 0], y_scaling.apply(data.y[:, None])[:, 0]
    return WaveProblem(data, wave(x, y), x_scaling, y_scaling)


def level(data: RegressionData) -> float:
    """Return the offset of the best offset + sine through the data.

    For each frequency of a grid, up to 12 periods over the range of x, and then of a finer one around the best of
    them, offset, sine and cosine are fitted by least squares; the offset at the frequency that fits best is
    returned.

    Examples
    --------
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
    for frequency in frequencies:
        angles = frequency * data.x
        design = np.column_stack([np.ones_like(angles), np.sin(angles), np.cos(angles)])
        solution = np.linalg.lstsq(design, data.y, rcond=None)[0]
        error = float(np.square(design @ solution - data.y).sum())
        if error < least:
            found, least = (float(frequency), float(solution[0])), error
    return found


def _refuse(data: RegressionData) -> None:
    distinct = len(np.unique(data.x))
    if distinct < 5:
        raise DataError(f"a sine and its offset need at least five distinct x values; got {distinct}")
    if np.ptp(data.y) == 0.0:
        raise DataError(f"{data.y_name} must vary to have a wave in it; got {data.y[0]:g} in every row")
