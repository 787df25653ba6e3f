"""A fitted number against the penalty: the curve of all optima, and where each run is on its way there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from animate.draw.panels.base import Panel, few_ticks, padded, plain_axes, set_ticks
from animate.draw.panels.label_layout import corner_texts
from animate.draw.readout import Readout
from animate.draw.run import Run
from animate.draw.style import ResponsiveText, Style
from animate.learn.problems import LinearProblem

N_CURVE = 60


@dataclass(kw_only=True)
class PenaltyCurve(Panel):
    """One dot per run above its penalty, moving to the curve of the optima; penalties on a log scale, 0 at its left.

    Parameters
    ----------
    runs : sequence of Run
        Give the colors.
    penalties : sequence of float
        One per run, 0 or more.
    values : array (n_updates + 1, n_runs)
        The fitted number of each run.
    optimum : callable
        From a penalty to the number at the optimum.
    reference : float, optional
        A dashed level to compare with.
    reference_name : ResponsiveText
        What that is.
    note : ResponsiveText
        What stands at the right of the title.
    """

    runs: Sequence[Run]
    penalties: Sequence[float]
    values: np.ndarray
    optimum: Callable[[float], float]
    reference: float | None = None
    reference_name: ResponsiveText = ""
    note: ResponsiveText = ""

    @classmethod
    def of_slope(cls, fits: Sequence[tuple[LinearProblem, Run]], **fields: Any) -> PenaltyCurve:
        """Return the panel of a line's slope, in the data's units, against the ridge penalty of each fit."""
        problems, runs = zip(*fits, strict=True)
        slopes = [problem.in_units(run.trajectory.params)[:, 0] for problem, run in fits]

        def optimum(penalty: float) -> float:
            objective = replace(problems[0].objective, ridge_penalty=penalty)
            return float(problems[0].in_units(objective.optimum())[0])

        penalties = [problem.objective.ridge_penalty for problem in problems]
        return cls(runs=runs, penalties=penalties, values=np.stack(slopes, axis=-1), optimum=optimum, **fields)

    def targets(self) -> np.ndarray:
        """Return the number at the optimum of each run's penalty (n_runs,)."""
        return np.array([self.optimum(penalty) for penalty in self.penalties])

    def readout(self, style: Style) -> Readout | None:
        return Readout.still(self.note) if self.note else None

    def create(self, axes: Axes, style: Style) -> None:
        plain_axes(axes, style)
        grid = self._set_penalty_axis(axes, style)
        curve = np.array([self.optimum(float(penalty)) for penalty in grid])
        self._set_value_axis(axes, style, curve)
        axes.plot(grid, curve, color=style.theme.muted, linewidth=style.px(2.2, least=1.2), zorder=2)
        if self.reference is not None:
            self._draw_reference(axes, style, np.stack([grid, curve], -1), self.reference)
        self._dots = [self._draw_dot(axes, style, run.role) for run in self.runs]

    def show(self, update: int) -> None:
        low, high = self._limits
        for index, (run, penalty, dot) in enumerate(zip(self.runs, self.penalties, self._dots, strict=True)):
            value = float(self.values[run.at(update), index])
            dot.set_data([penalty], [value if low <= value <= high else np.nan])

    def _set_penalty_axis(self, axes: Axes, style: Style) -> np.ndarray:
        positive = [penalty for penalty in self.penalties if penalty > 0] or [1.0]
        smallest, largest = min(positive), max(positive)
        axes.set_xscale("symlog", linthresh=smallest / 2, linscale=0.35)
        axes.set_xlim(-smallest / 10, 4 * largest)
        labels = {f"{penalty:g}": float(penalty) for penalty in sorted(self.penalties)}
        set_ticks(axes, style, "x", list(labels.values()), list(labels))
        if not style.compact:
            axes.set_xlabel("penalty λ")
        return np.concatenate([[0.0], np.geomspace(smallest / 10, 4 * largest, N_CURVE)])

    def _set_value_axis(self, axes: Axes, style: Style, curve: np.ndarray) -> None:
        known = np.append(curve, [] if self.reference is None else self.reference)
        reach = 3 * max(float(np.ptp(known)), float(np.abs(known).max(initial=0.0)), 1e-12)
        start = np.clip(self.values[0], known.min() - reach, known.max() + reach)
        self._limits = low, high = padded(np.concatenate([known, start]), 0.1)
        axes.set_ylim(low, high)
        set_ticks(axes, style, "y", few_ticks(low, high, int(axes.bbox.height / (5.5 * style.label_px))))

    def _draw_reference(self, axes: Axes, style: Style, curve: np.ndarray, level: float) -> None:
        axes.axhline(level, color=style.theme.muted, linewidth=style.thin_px, linestyle=(0, (4, 3)), zorder=1)
        name = style.fit(self.reference_name, style.label_px, 0.6 * axes.bbox.width)
        dashes = np.stack([curve[:, 0], np.full(len(curve), level)], axis=-1)
        if name:
            dots = np.stack([self.penalties, np.clip(self.values[0], *self._limits)], axis=-1)
            corner_texts(axes, style, np.concatenate([curve, dashes, dots]), [f"┄ {name}"], ["muted"])

    def _draw_dot(self, axes: Axes, style: Style, role: str) -> Line2D:
        (dot,) = axes.plot(
            [], [], marker="o", markersize=style.px(11, least=6), color=style.theme.color(role), linestyle="none",
            markeredgecolor=style.theme.background, markeredgewidth=style.px(1.6, least=0.9), zorder=8, clip_on=False,
        )  # fmt: skip
        return dot
