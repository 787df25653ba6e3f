"""The data, the line that is being fitted, a segment per residual and the point of this update."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patheffects import withStroke

from animate.draw.formatting import linear_terms, readable
from animate.draw.panels.base import Panel, padded, plain_axes, set_limits
from animate.draw.panels.loss_surface import Limits
from animate.draw.readout import Readout, decimals_for, number
from animate.draw.run import Run
from animate.draw.style import ResponsiveText, Style
from animate.learn.losses import r_squared
from animate.learn.problems import LinearProblem

MAX_SEGMENTS = 400
"""With more points than this, only so many of them, evenly spaced, show their residual."""


@dataclass(kw_only=True)
class LineFit(Panel):
    """Points, the moving line, residual segments and a ring around the point that caused this update.

    The axes and the equation are in the data's own units, whatever the descent ran on.

    Parameters
    ----------
    problem : LinearProblem
        The data and the objective.
    run : Run
        The descent whose line is shown.
    loss_name : ResponsiveText
        What stands before the loss at the top right.
    residuals : bool
        Whether each point has its vertical segment to the line.
    true_functions : sequence of callables
        Curves from x (k,) to y (k,) that the points were drawn around, dashed.
    limits : pair of pairs, optional
        The window over x and y; around the data where not given.
    headline : {"loss", "equation", "loss alone"}
        What stands at the right of the title. The loss has the equation in a line of its own under it, for
        which stacked panels have no room: there the equation comes first and the loss beside R², or there is none.
    """

    problem: LinearProblem
    run: Run
    loss_name: ResponsiveText = "MSE"
    residuals: bool = True
    true_functions: Sequence[Callable[[np.ndarray], np.ndarray]] = ()
    limits: Limits | None = None
    headline: Literal["loss", "equation", "loss alone"] = "loss"

    def heading_role(self) -> str:
        return self.run.role

    def readout(self, style: Style) -> Readout:
        if self.headline == "equation":
            equation = self._equation(3)
            return Readout("", equation, max(map(equation, (0, self.run.trajectory.n_updates)), key=len), _in_ink)
        return Readout.of(self.loss_name, self.run.trajectory.loss)

    def create(self, axes: Axes, style: Style) -> None:
        theme, data = style.theme, self.problem.data
        self._style = style
        self._lines = self.problem.in_units(self.run.trajectory.params)
        self._color = theme.color(self.run.role)
        plain_axes(axes, style)
        self._set_limits(axes, style)
        self._ends = np.array(axes.get_xlim())
        self._segments = LineCollection(
            [], colors=theme.tint("error", 0.62), linewidths=style.thin_px, zorder=2, capstyle="butt"
        )
        axes.add_collection(self._segments, autolim=False)
        (self._this_segment,) = axes.plot([], [], color=self._color, linewidth=style.px(2.6, least=1.4), zorder=3)
        axes.plot(
            data.x,
            data.y,
            linestyle="none",
            marker="o",
            markersize=self._marker_px(style),
            color=theme.data,
            markeredgecolor=theme.background,
            markeredgewidth=style.px(0.9, least=0.5),
            zorder=4,
        )
        self._draw_truths(axes, style)
        (self._line,) = axes.plot([], [], color=self._color, linewidth=style.line_px, zorder=5)
        (self._ring,) = axes.plot(
            [],
            [],
            linestyle="none",
            marker="o",
            markersize=style.px(17, least=9),
            markerfacecolor="none",
            markeredgecolor=self._color,
            markeredgewidth=style.px(2.4, least=1.5),
            zorder=6,
        )
        self._label_corners(axes, style)

    def show(self, update: int) -> None:
        at = self.run.at(update)
        slope, intercept = self._lines[at]
        with np.errstate(all="ignore"):
            self._line.set_data(self._ends, slope * self._ends + intercept)
            self._show_residuals(slope, intercept)
            self._show_point(at, slope, intercept)
        self._show_score(at)

    def _draw_truths(self, axes: Axes, style: Style) -> None:
        x = np.linspace(self._ends[0], self._ends[1], 200)
        for truth in self.true_functions:
            axes.plot(
                x,
                truth(x),
                color=style.theme.ink,
                linewidth=style.px(2.2, least=1.2),
                linestyle=(0, (4, 3)),
                zorder=4.5,
            )

    def _marker_px(self, style: Style) -> float:
        return style.marker_px * (1.0 if len(self.problem.data.x) <= 150 else 0.65)

    def _set_limits(self, axes: Axes, style: Style) -> None:
        data = self.problem.data
        x, y = self.limits or self._window()
        set_limits(axes, style, x=x, y=y)
        if not style.compact and data.x_name != "x":
            axes.set_xlabel(readable(data.x_name))

    def _window(self) -> Limits:
        """Return limits around the points, with as much of the first line as leaves them large."""
        data = self.problem.data
        x_limits = padded(data.x, 0.05)
        start = self._lines[0]
        with np.errstate(all="ignore"):
            heights = np.concatenate([data.y, start[0] * np.array(x_limits) + start[1]])
        data_limits = padded(data.y, 0.05)
        span = data_limits[1] - data_limits[0]
        seen = np.clip(heights, data_limits[0] - 0.25 * span, data_limits[1] + 0.25 * span)
        return x_limits, padded(seen, 0.05)

    def _show_residuals(self, slope: float, intercept: float) -> None:
        if not self.residuals:
            return
        data = self.problem.data
        every = slice(None, None, max(1, -(-len(data.x) // MAX_SEGMENTS)))
        x, y = data.x[every], data.y[every]
        on_line = slope * x + intercept
        if not np.all(np.isfinite(on_line)):
            self._segments.set_segments([])
            return
        self._segments.set_segments(list(np.stack([np.stack([x, y], -1), np.stack([x, on_line], -1)], axis=1)))

    def _show_point(self, at: int, slope: float, intercept: float) -> None:
        trajectory, data = self.run.trajectory, self.problem.data
        rows = trajectory.rows_at(at) if trajectory.rows is not None else np.array([], dtype=int)
        few = len(rows) <= 32
        x, y = (data.x[rows], data.y[rows]) if few else (np.array([]), np.array([]))
        self._ring.set_data(x, y)
        on_line = slope * x + intercept
        gap = np.full_like(x, np.nan)
        self._this_segment.set_data(np.stack([x, x, gap], -1).ravel(), np.stack([y, on_line, gap], -1).ravel())

    # -- the words: the equation under the title, R2 and the key in the corners the points leave free

    def subtitle(self, style: Style) -> Callable[[int], str] | None:
        return self._equation(3 if style.compact else 4) if self.headline == "loss" else None

    def _equation(self, significant: int) -> Callable[[int], str]:
        lines = self.problem.in_units(self.run.trajectory.params)
        finite = lines[np.isfinite(lines).all(axis=1)]
        last = finite[-1] if len(finite) else (1.0, 1.0)
        decimals = [decimals_for(value, significant, least=2) for value in last]
        return lambda update: f"y = {linear_terms(lines[self.run.at(update)], decimals=decimals)}"

    def _label_corners(self, axes: Axes, style: Style) -> None:
        upper_left = self._upper_left_is_free()
        across, down = style.px(10, least=4) / axes.bbox.width, style.px(10, least=4) / axes.bbox.height
        near, far = (across, "left"), (1 - across, "right")
        (x, align), (key_x, key_align) = (near, far) if upper_left else (far, near)
        self._score = axes.text(
            x, 1.0, "", transform=axes.transAxes, ha=align, va="top", zorder=7,
            color=style.theme.muted, fontproperties=style.font(style.label_px),
        )  # fmt: skip
        if self.run.trajectory.rows is not None:
            one = self.run.trajectory.rows.shape[1] == 1
            words = (
                "\u25cb this update\u2019s point" if one else "\u25cb this update\u2019s points",
                "\u25cb this update",
            )
            axes.text(
                key_x, down, style.fit(words, style.label_px, 0.62 * axes.bbox.width), transform=axes.transAxes,
                ha=key_align, va="bottom", zorder=7, color=self._color, fontproperties=style.font(style.label_px),
            )  # fmt: skip
        if self.true_functions:
            axes.text(
                x, 1.0 - 1.5 * style.label_px / axes.bbox.height, "\u2013 \u2013 true", ha=align, va="top", zorder=7,
                transform=axes.transAxes, color=style.theme.ink, fontproperties=style.font(style.label_px),
                path_effects=[withStroke(linewidth=style.px(4, least=2.5), foreground=style.theme.background)],
            )  # fmt: skip

    def _loss_beside(self, at: int) -> str:
        if self.headline != "equation":
            return ""
        loss = self.run.trajectory.loss
        name = self.loss_name if isinstance(self.loss_name, str) else self.loss_name[-1]
        return f"{name} {number(float(loss[at]), decimals_for(float(loss[-1])))}   "

    def _show_score(self, at: int) -> None:
        lost, infinite_at = self.run.diverges_at, self.run.trajectory.diverged_at
        is_lost = lost is not None and at >= lost
        score = f"{self._loss_beside(at)}R\u00b2 {number(self._r_squared(at), 3)}"
        if is_lost:
            score = f"diverged at {infinite_at}" if infinite_at is not None and at >= infinite_at else "diverging"
        self._score.set_text(score)
        self._score.set_color(self._style.theme.color("error" if is_lost else "muted"))

    def _upper_left_is_free(self) -> bool:
        """Return whether the points rise to the right, which leaves the upper left corner free."""
        data = self.problem.data
        return bool(np.dot(data.x - data.x.mean(), data.y - data.y.mean()) >= 0)

    def _r_squared(self, at: int) -> float:
        slope, intercept = self._lines[at]
        with np.errstate(all="ignore"):
            return r_squared(self.problem.data.y, slope * self.problem.data.x + intercept)


def _in_ink(update: int) -> str:  # noqa: ARG001 - a role may depend on the update
    return "ink"
