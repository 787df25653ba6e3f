"""What a line leaves over at each point, and whether a pattern is left in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from animate.draw.formatting import readable
from animate.draw.panels.base import Panel, padded, plain_axes, set_limits
from animate.draw.readout import Readout
from animate.draw.run import Run
from animate.draw.style import Style
from animate.learn.problems import LinearProblem

_REACH = 1.3


@dataclass(kw_only=True)
class Residuals(Panel):
    """A stem with a dot per residual over x, and a bar at the mean residual of each group of neighbors.

    The scale is that of the last residuals, so that their pattern is seen; larger ones run out of the picture.

    Parameters
    ----------
    problem : LinearProblem
        The data and the objective.
    run : Run
        The descent whose residuals y - prediction are shown.
    n_groups : int
        Groups of neighbors in x, about equally large.
    """

    problem: LinearProblem
    run: Run
    n_groups: int = 5

    def readout(self, style: Style) -> Readout:
        return Readout(("y \u2212 line",), lambda _: "", "")

    def create(self, axes: Axes, style: Style) -> None:
        theme, data = style.theme, self.problem.data
        self._lines = self.problem.in_units(self.run.trajectory.params)
        self._groups = np.array_split(np.argsort(data.x, kind="stable"), min(self.n_groups, len(data.x)))
        plain_axes(axes, style)
        set_limits(axes, style, x=padded(data.x, 0.05), y=self._reach())
        if not style.compact and data.x_name != "x":
            axes.set_xlabel(readable(data.x_name))
        axes.axhline(0.0, color=theme.muted, linewidth=style.px(1.2, least=0.8), zorder=1)
        self._stems = LineCollection([], colors=theme.tint("error", 0.62), linewidths=style.thin_px, zorder=2)
        axes.add_collection(self._stems, autolim=False)
        (self._dots,) = axes.plot(
            [], [], linestyle="none", marker="o", markersize=style.marker_px * (0.85 if len(data.x) <= 150 else 0.55),
            color=theme.data, markeredgecolor=theme.background, markeredgewidth=style.px(0.9, least=0.5), zorder=3,
        )  # fmt: skip
        self._bars = LineCollection([], colors=theme.ink, linewidths=style.px(5, least=2.4), zorder=4, capstyle="butt")
        axes.add_collection(self._bars, autolim=False)

    def show(self, update: int) -> None:
        x, residuals = self.problem.data.x, self._residuals(self.run.at(update))
        if not np.isfinite(residuals).all():
            residuals = np.full_like(x, np.nan)
        ends = np.stack([np.stack([x, np.zeros_like(x)], -1), np.stack([x, residuals], -1)], axis=1)
        self._stems.set_segments(list(ends[np.isfinite(residuals)]))
        self._dots.set_data(x, residuals)
        groups = [rows for rows in self._groups if np.isfinite(residuals[rows]).all()]
        self._bars.set_segments([self._bar(rows, residuals) for rows in groups])

    def _residuals(self, at: int) -> np.ndarray:
        slope, intercept = self._lines[at]
        with np.errstate(all="ignore"):
            return np.asarray(self.problem.data.y - (slope * self.problem.data.x + intercept))

    def _bar(self, rows: np.ndarray, residuals: np.ndarray) -> np.ndarray:
        x, mean = self.problem.data.x[rows], float(residuals[rows].mean())
        return np.array([[x.min(), mean], [x.max(), mean]])

    def _reach(self) -> tuple[float, float]:
        """Return limits symmetric about 0 that hold the last residuals, or the least squares ones of a lost run."""
        residuals = self._residuals(-1)
        if self.run.diverges_at is not None or not np.isfinite(residuals).all():
            residuals = self.problem.data.y - self.problem.objective.predictions(self.problem.objective.optimum())
        reach = _REACH * float(np.abs(residuals).max(initial=0.0)) or 1.0
        return -reach, reach
