"""What each point pays: -log of the probability its own class is given, with the points moving on that curve."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from animate.draw.panels.base import Panel, plain_axes, set_limits, set_ticks
from animate.draw.panels.classes import CLASS_MARKS, plot_class, ring
from animate.draw.panels.verdicts import verdicts
from animate.draw.readout import MINUS, number
from animate.draw.run import Run
from animate.draw.style import Style
from animate.learn.losses import log_loss_value, sigmoid
from animate.learn.problems import LogisticProblem

LOWEST_TOP, HIGHEST_TOP = 2.5, 6.0
"""The axis of the loss ends between these; a point above it is shown as an arrow at the edge."""


@dataclass(kw_only=True)
class LogLoss(Panel):
    """The curve -log p with a stem per point, and under it the line 1 - p: the length of a segment to the label.

    Stems are green for points on the right side of one half, red for the others. The costliest point is ringed and its
    loss is written beside it.

    Parameters
    ----------
    problem : LogisticProblem
        Two classes.
    run : Run
        The descent whose probabilities are shown.
    """

    problem: LogisticProblem
    run: Run
    _room: float = field(default=0.0, init=False, repr=False)

    def subtitle(self, style: Style) -> Callable[[int], str]:
        logits, labels = self._logits(), self.problem.data.labels
        losses = log_loss_value(logits, labels).mean(axis=1)
        segments = sigmoid((1.0 - 2.0 * labels) * logits).mean(axis=1)
        forms = ("mean of {0} {1}, of segments {2}", "mean {0} {1}, segment {2}", "mean {1}, segment {2}", "mean {1}")
        log_p = f"{MINUS}log p"
        widest = {form.format(log_p, "0.000", "0.000"): form for form in forms}
        form = widest[style.fit(tuple(widest), style.readout_px, self._room or style.width)]

        def text(update: int) -> str:
            at = self.run.at(update)
            return form.format(log_p, number(losses[at], 3), number(segments[at], 3))

        return text

    def create(self, axes: Axes, style: Style) -> None:
        theme = style.theme
        self._style, self._room = style, axes.bbox.width
        self._all_logits = self._logits()
        plain_axes(axes, style)
        highest = float(np.nanmax(log_loss_value(self._all_logits, self.problem.data.labels)))
        self._top = float(np.clip(1.12 * highest, LOWEST_TOP, HIGHEST_TOP))
        set_limits(axes, style, x=(-0.02, 1.04), y=(-0.03 * self._top, self._top))
        set_ticks(axes, style, "x", [0.0, 0.5, 1.0])
        axes.set_xlabel("probability p of its own class")
        p = np.linspace(np.exp(-self._top), 1.0, 400)
        axes.plot(p, -np.log(p), color=theme.ink, linewidth=style.line_px, zorder=3)
        self._draw_segment_line(axes, style)
        width = style.px(2.4, least=1.4)
        self._stems = {
            role: LineCollection([], colors=theme.tint(role, 0.72), linewidths=width, zorder=2, capstyle="butt")
            for role in ("right", "wrong")
        }
        for stems in self._stems.values():
            axes.add_collection(stems, autolim=False)
        empty = np.array([])
        self._points = [plot_class(axes, style, empty, empty, index=index, share=1.15, zorder=5) for index in (0, 1)]
        self._beyond = [self._arrows(axes, style, index) for index in (0, 1)]
        self._ring = ring(axes, style)
        self._worst = axes.text(
            0, 0, "", color=theme.wrong, zorder=7, va="center", fontproperties=style.font(style.label_px, bold=True)
        )

    def show(self, update: int) -> None:
        labels = self.problem.data.labels
        logits = self._all_logits[self.run.at(update)]
        p, loss = sigmoid((2.0 * labels - 1.0) * logits), log_loss_value(logits, labels)
        height = np.minimum(loss, self._top)
        is_wrong = verdicts(logits, labels) < 0
        stems = np.stack([np.stack([p, np.zeros_like(p)], -1), np.stack([p, height], -1)], axis=1)
        self._stems["right"].set_segments(list(stems[~is_wrong]))
        self._stems["wrong"].set_segments(list(stems[is_wrong]))
        for index, (points, beyond) in enumerate(zip(self._points, self._beyond, strict=True)):
            mine, inside = labels == index, loss <= self._top
            points.set_data(p[mine & inside], loss[mine & inside])
            beyond.set_data(p[mine & ~inside], height[mine & ~inside])
        self._show_worst(p, loss, height)

    def _logits(self) -> np.ndarray:
        """Return every point's logit after each update, shape (n_updates + 1, n_samples)."""
        return np.asarray(self.run.trajectory.params @ self.problem.objective.design.T)

    def _show_worst(self, p: np.ndarray, loss: np.ndarray, height: np.ndarray) -> None:
        worst = int(np.argmax(loss))
        self._ring.set_data([p[worst]], [height[worst]])
        room_px = (1.04 - p[worst] - 0.05) / 1.06 * self._room
        on_left = self._style.text_width(f"{MINUS}log 0.00 = 0.00", self._style.label_px, bold=True) < room_px
        self._worst.set_text(f"{MINUS}log {p[worst]:.2f} = {loss[worst]:.2f}")
        self._worst.set_horizontalalignment("left" if on_left else "right")
        lift = 0.0 if on_left else 0.13 * self._top
        self._worst.set_position((p[worst] + 0.05 if on_left else 1.03, min(height[worst] + lift, 0.96 * self._top)))

    def _draw_segment_line(self, axes: Axes, style: Style) -> None:
        theme = style.theme
        axes.plot([0, 1], [1, 0], color=theme.muted, linewidth=style.thin_px, linestyle=(0, (4, 3)), zorder=2.5)
        words = ("┄ the segment, 1 \u2212 p", "┄ 1 \u2212 p")
        label = axes.text(
            0.02, 0.055 * self._top, style.fit(words, style.label_px, 0.45 * axes.bbox.width), ha="left", va="bottom",
            color=theme.muted, fontproperties=style.font(style.label_px), zorder=2.6,
        )  # fmt: skip
        label.set_path_effects([withStroke(linewidth=style.px(4, least=2.5), foreground=theme.background)])

    def _arrows(self, axes: Axes, style: Style, index: int) -> Line2D:
        (arrows,) = axes.plot(
            [], [], linestyle="none", marker="^", markersize=style.marker_px, clip_on=False, zorder=5,
            color=style.theme.color(CLASS_MARKS[index][0]),
        )  # fmt: skip
        return arrows
