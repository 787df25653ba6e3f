"""A close look at where a run stays: one dot per update around a point, and a ring at its typical distance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Ellipse

from animate.draw.panels.base import Panel
from animate.draw.panels.loss_surface import UnitFitting, draw_bands
from animate.draw.readout import Readout, decimals_for, number
from animate.draw.run import Run
from animate.draw.style import Style
from animate.learn.convergence import running_rms_distance

_SIGMAS = 2.4
"""How many typical distances of the widest cloud the windows reach."""


@dataclass(kw_only=True)
class Cloud(Panel):
    """Dots at the parameters after each update near a point, and a ring at their root mean square distance from it.

    Parameters
    ----------
    run : Run
        Its first two parameters are drawn.
    center : array (2,)
        The point: the optimum.
    reach : float
        The window goes so far from the center to each side; the same for clouds that are compared.
    values : callable
        From parameters (k, 2) to the loss (k,), for the bands underneath.
    since : int
        The first update that counts for the distance: the way to the center is left out.
    latest : int, optional
        Only so many of the last updates count and are drawn, such as an epoch, for a cloud that shrinks.
    """

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
        places = max(2 if self.latest is None else 3, decimals_for(self.reach, 2))

        def text(update: int) -> str:
            at = self.run.at(update)
            return "" if at < self.since else f"\u00b1 {number(distance[at], places)}"

        return Readout("", text, f"\u00b1 {number(self.reach, places)}")

    def create(self, axes: Axes, style: Style) -> None:
        theme, color = style.theme, style.theme.color(self.run.role)
        self._rms = self._distances()
        self._path = np.asarray(self.run.trajectory.params, dtype=float)[:, :2]
        x, y = (float(value) for value in self.center)
        window = ((x - self.reach, x + self.reach), (y - self.reach, y + self.reach))
        self._units = UnitFitting(axes, window)
        draw_bands(axes, style, self.values, self._units.generous())
        axes.set_axis_off()
        axes.set_xticks([])
        axes.set_yticks([])
        axes.plot(
            [x], [y], marker="*", markersize=style.px(17, least=9), color=theme.ink, linestyle="none",
            markeredgecolor=theme.background, markeredgewidth=style.px(1.2, least=0.7), zorder=3,
        )  # fmt: skip
        (self._dots,) = axes.plot(
            [], [], marker="o", markersize=style.px(4.6, least=2.4), markeredgewidth=0, linestyle="none", zorder=4,
            color=theme.tint(self.run.role, 0.8, on=theme.surface[0]),
        )  # fmt: skip
        self._ring = Ellipse(
            (x, y), 0.0, 0.0, facecolor="none", edgecolor=theme.ink, linewidth=style.px(2.2, least=1.3), zorder=5
        )
        axes.add_patch(self._ring)
        (self._head,) = axes.plot(
            [], [], marker="o", markersize=style.px(11, least=6), color=color, linestyle="none",
            markeredgecolor=theme.background, markeredgewidth=style.px(1.8, least=1), zorder=6,
        )  # fmt: skip

    def show(self, update: int) -> None:
        self._units.settle()
        at = self.run.at(update)
        near = self._path[0 if self.latest is None else max(0, at + 1 - self.latest) : at + 1]
        self._dots.set_data(near[:, 0], near[:, 1])
        self._head.set_data(near[-1:, 0], near[-1:, 1])
        radius = self._rms[at]
        diameter = 2 * float(radius) if np.isfinite(radius) and radius < 3 * self.reach else 0.0
        self._ring.set_width(diameter)
        self._ring.set_height(diameter)
        self._ring.set_visible(diameter > 0)

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
    reach = _SIGMAS * widest if widest > 1e-3 * start else max(start, 1e-6)
    clouds = [
        Cloud(run=run, title=run.name, center=center, reach=reach, values=values, since=since, latest=latest)
        for run in runs
    ]
    return [column for column in (clouds[0::2], clouds[1::2]) if column]
