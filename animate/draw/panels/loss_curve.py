"""The loss against the update, up to now, for one run or several, each named where its line ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from animate.draw.panels.base import Panel, few_ticks, padded, plain_axes, set_log_ticks, set_ticks
from animate.draw.panels.traces import spread
from animate.draw.readout import Readout
from animate.draw.run import Run
from animate.draw.style import Style


@dataclass(kw_only=True)
class LossCurve(Panel):
    """Loss per update as a growing line with a dot at its end, and the optimum as a dashed line.

    Parameters
    ----------
    runs : sequence of Run
        One line each.
    names : bool
        Whether several runs are named where they end; not beside a panel that names them.
    optimum : float, optional
        The lowest loss there is.
    goal : float, optional
        The loss at which a run counts as there: a dashed line too.
    above : float
        What is drawn is the loss above this, such as above its lowest, which a logarithmic axis can show.
    log : bool
        Whether the loss axis is logarithmic.
    log_updates : bool
        Whether the axis of updates is logarithmic too, for a run whose first updates are the lesson.
    """

    runs: Sequence[Run]
    names: bool = True
    optimum: float | None = None
    goal: float | None = None
    above: float = 0.0
    log: bool = False
    log_updates: bool = False

    def readout(self, style: Style) -> Readout | None:
        if len(self.runs) != 1:
            return None
        return Readout.of("", self.runs[0].trajectory.loss - self.above)

    def create(self, axes: Axes, style: Style) -> None:
        self._losses = [np.asarray(run.trajectory.loss, dtype=float) - self.above for run in self.runs]
        plain_axes(axes, style)
        self._set_limits(axes, style)
        if self.optimum is not None:
            self._draw_level(axes, style, self.optimum, "optimum")
        if self.goal is not None:
            # At the left, where the losses are still high.
            self._draw_level(axes, style, self.goal, "goal", at_left=True)
        self._lines, self._dots = [], []
        for run in self.runs:
            color = style.theme.color(run.role)
            (line,) = axes.plot([], [], color=color, linewidth=style.line_px, zorder=4)
            (dot,) = axes.plot(
                [], [], marker="o", markersize=style.px(10, least=5.5), color=color, linestyle="none",
                markeredgecolor=style.theme.background, markeredgewidth=style.px(1.6, least=0.9), zorder=5,
                clip_on=False,
            )  # fmt: skip
            self._lines.append(line)
            self._dots.append(dot)
        if self._has_names:
            self._name_runs(axes, style)

    def show(self, update: int) -> None:
        for run, loss, line, dot in zip(self.runs, self._losses, self._lines, self._dots, strict=True):
            at = run.at(update)
            line.set_data(self._updates[: at + 1], loss[: at + 1])
            inside = self._limits[0] <= loss[at] <= self._limits[1]
            dot.set_data([self._updates[at]], [loss[at] if inside else np.nan])

    def _set_limits(self, axes: Axes, style: Style) -> None:
        n_updates = max(len(loss) for loss in self._losses) - 1
        self._updates = np.arange(n_updates + 1)
        low, high = self._limits = self._loss_limits()
        last, self._room = max(n_updates, 1), self._share_left_of_names(axes, style)
        axes.set_xlim(0, last / self._room)
        axes.set_ylim(low, high)
        if self.log:
            axes.set_yscale("log")
            axes.set_ylim(low, high)
            set_log_ticks(axes, style, "y", (low, high))
        else:
            set_ticks(axes, style, "y", few_ticks(low, high, int(axes.bbox.height / (5.5 * style.label_px))))
        if self.log_updates:
            axes.set_xscale("symlog", linthresh=1.0, linscale=0.4)
            scale = axes.xaxis.get_transform()
            axes.set_xlim(0, float(scale.inverted().transform([scale.transform([last])[0] / self._room])[0]))
            set_log_ticks(axes, style, "x", (1, last), first=[0.0])
        else:
            ticks = few_ticks(0, n_updates, int(self._room * axes.bbox.width / (6 * style.label_px)))
            set_ticks(axes, style, "x", ticks)
        if not style.compact:
            axes.set_xlabel("update")

    def _loss_limits(self) -> tuple[float, float]:
        seen = [loss[np.isfinite(loss)] for loss in self._losses]
        values = np.concatenate(seen) if seen else np.array([])
        if self.optimum is not None:
            values = np.append(values, self.optimum)
        if not self.log:
            low, high = padded(_without_blowup(values), 0.06)
            return (0.0 if values.min(initial=0.0) >= 0 and low < 0.25 * high else low), high
        positive = values[values > 0]
        low, high = (positive.min(), positive.max()) if positive.size else (0.1, 1.0)
        # Of many decades the ones below the first loss are shown, so that a fall to rounding hides no start.
        low = max(low, 1e-9 * min(high, max(loss[0] for loss in self._losses)))
        high = min(high, 1e9 * low)
        return float(low) / (3.0 if high > 100 * low else 1.8), float(high) * 1.3

    @property
    def _has_names(self) -> bool:
        return self.names and len(self.runs) > 1

    def _share_left_of_names(self, axes: Axes, style: Style) -> float:
        """Return the share of the width that the lines have where names stand at their ends."""
        if not self._has_names:
            return 1.0
        widest = max(style.text_width(run.name, style.label_px, bold=True) for run in self.runs)
        return 1 - min((widest + 0.8 * style.label_px) / axes.bbox.width, 0.5)

    def _name_runs(self, axes: Axes, style: Style) -> None:
        """Write each run's name at the height of its last loss, moved apart where two would touch."""
        gap = 1.25 * style.label_px
        low, high = axes.bbox.y0 + gap / 2, axes.bbox.y1 - gap / 2
        with np.errstate(all="ignore"):
            ends = [axes.transData.transform((1.0, loss[-1]))[1] for loss in self._losses]
        ends_px = np.clip(np.nan_to_num(ends, nan=high, posinf=high, neginf=low), low, high)
        # Ends beyond the axes are all at its edge, yet their names stand in the order of the losses.
        order = np.argsort(np.argsort([loss[-1] for loss in self._losses]))
        heights = spread(ends_px + 1e-6 * order, gap)
        heights -= max(heights.max() - high, 0.0)
        heights += max(low - heights.min(), 0.0)
        for run, height in zip(self.runs, heights, strict=True):
            axes.text(
                self._room + 0.6 * style.label_px / axes.bbox.width, (height - axes.bbox.y0) / axes.bbox.height,
                run.name, transform=axes.transAxes, ha="left", va="center_baseline", zorder=3,
                color=style.theme.color(run.role), fontproperties=style.font(style.label_px, bold=True),
            )  # fmt: skip

    def _draw_level(self, axes: Axes, style: Style, level: float, words: str, *, at_left: bool = False) -> None:
        axes.axhline(
            level, xmax=self._room, color=style.theme.muted, linewidth=style.thin_px, linestyle=(0, (4, 3)), zorder=2
        )
        # Under its line, where the curves come last; above it only where there is no room.
        floor_px = axes.transData.transform((0.0, level))[1] - axes.bbox.y0
        below = floor_px > 1.5 * style.label_px
        gap = style.px(4, least=2)
        axes.annotate(
            words, (0.0 if at_left else self._room, level), xycoords=("axes fraction", "data"),
            ha="left" if at_left else "right", va="top" if below else "bottom", textcoords="offset points",
            xytext=(2 * gap if at_left else 0, -gap if below else gap), color=style.theme.muted,
            fontproperties=style.font(style.label_px), zorder=2,
        )  # fmt: skip


def _without_blowup(values: np.ndarray) -> np.ndarray:
    """Return the losses a linear axis can show: not beyond ten times the first one of a run that diverges."""
    if not values.size:
        return values
    return np.asarray(np.minimum(values, 10 * values[0] if values[0] > 0 else values))
