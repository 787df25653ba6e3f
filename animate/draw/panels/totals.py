"""Totals as bars, in groups: each group a quantity with its own scale, each bar a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from animate.draw.panels.base import Panel, plain_axes, set_ticks
from animate.draw.panels.label_layout import names_alike
from animate.draw.readout import Readout, decimals_for, number
from animate.draw.run import RUN_ROLES, Run
from animate.draw.style import ResponsiveText, Style
from animate.learn.problems import LinearProblem

_FAR = 4.0  # times the largest last total: a longer bar runs off to the edge


@dataclass(frozen=True)
class Total:
    """A quantity that every run has at each update.

    Parameters
    ----------
    name : ResponsiveText
        Stands at the left.
    values : array (n_runs, n_updates + 1)
        0 or more.
    least : float, optional
        The smallest value there is: a mark across the bars.
    """

    name: ResponsiveText
    values: np.ndarray
    least: float | None = None


@dataclass(kw_only=True)
class Totals(Panel):
    """Groups of horizontal bars, the number at the right of each.

    Parameters
    ----------
    totals : sequence of Total
        From top to bottom.
    roles : sequence of str
        The color of each run's bar.
    note : ResponsiveText
        What stands at the right of the title, such as what the dashed marks are.
    """

    totals: Sequence[Total]
    roles: Sequence[str] = RUN_ROLES
    note: ResponsiveText = ""

    @classmethod
    def of_losses(cls, problems: Mapping[str, LinearProblem], runs: Sequence[Run], **fields: Any) -> Totals:
        """Return each problem's loss, by name, summed over all points, for every run, and the least it can be."""
        totals = []
        for name, problem in problems.items():
            objective, n_samples = problem.objective, problem.objective.n_samples
            with np.errstate(all="ignore"):
                sums = [n_samples * objective.values(run.trajectory.params) for run in runs]
            totals.append(Total(name, np.array(sums), n_samples * objective.value(objective.optimum())))
        fields = {"note": ("┆ least possible", "┆ least")} | fields
        return cls(totals=totals, roles=[run.role for run in runs], **fields)

    def last(self) -> np.ndarray:
        """Return the totals (n_totals, n_runs) after the last update."""
        return np.array([np.asarray(total.values)[:, -1] for total in self.totals])

    def readout(self, style: Style) -> Readout | None:
        return Readout.still(self.note) if self.note else None

    def create(self, axes: Axes, style: Style) -> None:
        plain_axes(axes, style)
        axes.spines["bottom"].set_visible(False)
        self._values = [np.asarray(total.values, dtype=float) for total in self.totals]
        self._places = [_decimals(values) for values in self._values]
        axes.set_ylim(-float(len(self.totals)), 0.0)
        axes.set_xlim(0.0, 1.0)
        names = names_alike(style, [total.name for total in self.totals], 0.3 * axes.bbox.width)
        set_ticks(axes, style, "y", [-index - 0.5 for index in range(len(names))], names)
        axes.set_xticks([])
        for label in axes.get_yticklabels():
            label.set_color(style.theme.ink)
        self._room = self._share_of_bars(axes, style)
        self._scales = [self._room / _longest(values) for values in self._values]
        for index, total in enumerate(self.totals):
            if total.least is not None:
                self._mark_least(axes, style, index, total.least)
        self._bars = [self._draw_bars(axes, style, index) for index in range(len(self.totals))]

    def show(self, update: int) -> None:
        for values, scale, places, bars in zip(self._values, self._scales, self._places, self._bars, strict=True):
            for series, (bar, text) in zip(values, bars, strict=True):
                value = float(series[min(update, len(series) - 1)])
                length = self._room if np.isnan(value) else min(value * scale, self._room)
                bar.set_width(length)
                text.set_text(number(value, places))

    def _share_of_bars(self, axes: Axes, style: Style) -> float:
        """Return the share of the width the longest bar may take, the numbers at the right of it."""
        widest = max(
            style.text_width(number(value, places), style.label_px)
            for values, places in zip(self._values, self._places, strict=True)
            for value in values[np.isfinite(values)].ravel()[[*_extremes(values)]]
        )
        return 1 - min((widest + 0.8 * style.label_px) / axes.bbox.width, 0.6)

    def _draw_bars(self, axes: Axes, style: Style, index: int) -> list[tuple[Rectangle, Text]]:
        n_runs = len(self._values[index])
        step = 0.74 / n_runs
        drawn = []
        for run, role in zip(range(n_runs), self.roles, strict=False):
            bottom = -index - 0.13 - (run + 1) * step + 0.08 * step
            color = style.theme.color(role)
            bar = Rectangle((0, bottom), 0, 0.84 * step, facecolor=color, linewidth=0, zorder=2)
            axes.add_patch(bar)
            text = axes.text(
                1.0, bottom + 0.42 * step, "", ha="right", va="center_baseline", color=color, zorder=4,
                fontproperties=style.font(style.label_px),
            )  # fmt: skip
            drawn.append((bar, text))
        return drawn

    def _mark_least(self, axes: Axes, style: Style, index: int, least: float) -> None:
        x = min(least * self._scales[index], self._room)
        axes.plot(
            [x, x], [-index - 0.06, -index - 0.94], color=style.theme.ink, linewidth=style.px(2, least=1.2),
            linestyle=(0, (2, 1.6)), zorder=3,
        )  # fmt: skip


def _extremes(values: np.ndarray) -> tuple[int, int]:
    finite = values[np.isfinite(values)].ravel()
    return (int(finite.argmin()), int(finite.argmax()))


def _decimals(values: np.ndarray) -> int:
    last = values[:, -1]
    finite = last[np.isfinite(last)]
    return decimals_for(float(finite.max()) if finite.size else 1.0, 4, most=3)


def _longest(values: np.ndarray) -> float:
    """Return the total that a full bar stands for."""
    last = values[:, -1]
    finite = values[np.isfinite(values)]
    reach = _FAR * float(last[np.isfinite(last)].max(initial=0.0))
    longest = min(float(finite.max(initial=0.0)), reach) if reach > 0 else float(finite.max(initial=0.0))
    return longest if longest > 0 else 1.0
