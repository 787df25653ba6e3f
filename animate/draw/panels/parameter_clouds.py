"""A close look at where runs stay around a point."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from matplotlib.axes import Axes

from animate.draw.formatting import number_like
from animate.draw.marks import HeatMap, Mark, Points, Polygon
from animate.draw.marks.equal_units import EqualUnits
from animate.draw.panels.base import Panel, hide_axes
from animate.draw.panels.loss_surface import STAR, generous
from animate.draw.readout import Readout
from animate.draw.run import Run
from animate.draw.style import Style
from animate.learn.convergence import running_rms_distance

_REACH = 2.4
"""How many typical distances of the widest cloud the windows reach."""

CIRCLE = np.exp(1j * np.linspace(0.0, 2.0 * np.pi, 121)).view(float).reshape(-1, 2)


@dataclass(kw_only=True)
class Cloud(Panel):
    """Dots at the parameters after each update near a point, and a ring at their root mean square distance from it.

    Parameters
    ----------
    run : Run
    center : array (2,)
    reach : float
        The distance from the center to each edge of the window; the same for clouds that are compared.
    values : callable
        From parameters (k, 2) to the loss (k,), for the bands underneath.
    since : int
        The first update whose distance counts.
    latest : int, optional
        Count and draw only so many of the last updates.
    """

    aspects: ClassVar[tuple[float, float]] = (0.8, 1.4)
    has_ticks: ClassVar[bool] = False
    run: Run
    center: np.ndarray
    reach: float
    values: Callable[[np.ndarray], np.ndarray]
    since: int = 0
    latest: int | None = None

    def heading_role(self) -> str:
        return self.run.role

    def readout(self, style: Style) -> Readout:
        distance = self._distances()
        least = 2 if self.latest is None else 3

        def text(update: int) -> str:
            at = self.run.at(update)
            return "" if at < self.since else f"\u00b1 {number_like(distance[at], self.reach, 2, least=least)}"

        return Readout("", text, f"\u00b1 {number_like(self.reach, self.reach, 2, least=least)}")

    def compose(self, axes: Axes, style: Style) -> Iterator[Mark]:
        distance, path = self._distances(), np.asarray(self.run.trajectory.params, dtype=float)[:, :2]
        x, y = (float(value) for value in self.center)
        limits = ((x - self.reach, x + self.reach), (y - self.reach, y + self.reach))
        yield HeatMap(self.values, limits=generous(axes, limits))
        hide_axes(axes)
        yield EqualUnits(limits)
        yield Points([[x, y]], size=(17, 9), color="ink", **STAR)

        def near(update: int) -> np.ndarray:
            at = self.run.at(update)
            return path[0 if self.latest is None else max(0, at + 1 - self.latest) : at + 1]

        def ring(update: int) -> np.ndarray:
            radius = distance[self.run.at(update)]
            return np.array([x, y]) + radius * CIRCLE if radius < 3 * self.reach else np.empty((0, 2))

        color = f"{self.run.role} 80% on surface_low"
        yield Points(near, size=(4.6, 2.4), color=color, edge="", edge_width=0, layer=4)
        yield Polygon(ring, color="none", edge="ink", width=(2.2, 1.3), layer=5, name="ring")
        yield Points(
            lambda update: near(update)[-1:],
            size=(11, 6),
            color=self.run.role,
            marker=self.run.marker,
            edge_width=(1.8, 1.0),
            layer=6,
        )

    def _distances(self) -> np.ndarray:
        path = self.run.trajectory.params[:, :2]
        return running_rms_distance(path, self.center, since=self.since, latest=self.latest)


def cloud_grid(
    runs: Sequence[Run],
    center: np.ndarray,
    values: Callable[[np.ndarray], np.ndarray],
    *,
    since: int = 0,
    latest: int | None = None,
) -> list[list[Cloud]]:
    """Return a cloud for each run in two columns, read from left to right, all in one window around the center."""
    rms = [running_rms_distance(run.trajectory.params[:, :2], center, since=since)[-1] for run in runs]
    start = float(np.abs(runs[0].trajectory.params[0, :2] - center).max())
    widest = max((float(value) for value in rms if np.isfinite(value) and value < 3 * start), default=0.0)
    reach = _REACH * widest if widest > 1e-3 * start else max(start, 1e-6)
    clouds = [
        Cloud(run=run, title=run.name, center=center, reach=reach, values=values, since=since, latest=latest)
        for run in runs
    ]
    return [column for column in (clouds[0::2], clouds[1::2]) if column]
