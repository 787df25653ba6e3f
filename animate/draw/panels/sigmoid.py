"""A sigmoid over one feature, a gap per point colored by whether it is right, and the boundary at one half."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from animate.draw.formatting import readable, unit_of
from animate.draw.panels.base import Panel, padded, plain_axes, set_limits, set_ticks
from animate.draw.panels.classes import name_end, plot_class, ring
from animate.draw.panels.verdicts import share_right, verdicts
from animate.draw.readout import Readout, number
from animate.draw.run import Run
from animate.draw.style import Style
from animate.learn.losses import log_loss_value, sigmoid
from animate.learn.problems import LogisticProblem

N_CURVE = 240
FEW = 40
"""Up to so many points are drawn larger, with thicker gaps."""
_SIDES = {"right": 1, "muted": 0, "wrong": -1}
_LOW, _LOW_FEW, _HIGH = -0.07, -0.17, 1.17
"""The axis of probabilities, with room above 1 for the name of the boundary, and under 0 for that of a class."""


@dataclass(kw_only=True)
class Sigmoid(Panel):
    """P(second class | feature), with a thin line from each point's label to its prediction.

    Green where the prediction falls on the right side of one half, red where it does not; the two classes
    differ by their marker and their side as well as by color.

    Parameters
    ----------
    problem : LogisticProblem
        One feature and two classes.
    run : Run
        The descent whose sigmoid is shown.
    rest : bool
        Whether a dashed line goes on from the prediction to the other label: the probability of the point's own class.
    ring_costliest : bool
        Whether the point with the highest log loss has a ring.
    """

    problem: LogisticProblem
    run: Run
    rest: bool = False
    ring_costliest: bool = False

    def readout(self, style: Style) -> Readout:
        return share_right(self.problem, self.run, style)

    def create(self, axes: Axes, style: Style) -> None:
        theme, data = style.theme, self.problem.data
        self._style = style
        self._x = data.X[:, 0]
        self._params = self.problem.in_units(self.run.trajectory.params)
        self._few = len(self._x) <= FEW
        self._y_limits = (_LOW_FEW if self._few else _LOW, _HIGH)
        plain_axes(axes, style)
        x_limits = padded(self._x, 0.05)
        set_limits(axes, style, x=x_limits, y=self._y_limits)
        set_ticks(axes, style, "y", [0.0, 0.5, 1.0])
        axes.set_xlabel(readable(data.feature_names[0]))
        self._curve_x = np.linspace(*x_limits, N_CURVE)
        self._x_limits = x_limits
        self._draw_gaps(axes, style)
        self._draw_points(axes, style)
        (self._boundary,) = axes.plot([], [], color=theme.first, linewidth=style.px(4, least=2.2), zorder=4)
        (self._curve,) = axes.plot([], [], color=theme.ink, linewidth=style.line_px, zorder=5)
        unit = unit_of(readable(data.feature_names[0]))
        forms = {form.format("00.0"): form for form in (f"boundary {{}} {unit}".rstrip(), f"{{}} {unit}".rstrip())}
        self._boundary_words = forms[style.fit(tuple(forms), style.label_px, 0.36 * axes.bbox.width)]
        self._boundary_label = axes.text(
            0, 1.0, "", transform=axes.get_xaxis_transform(), color=theme.first, zorder=6, va="top",
            fontproperties=style.font(style.label_px),
        )  # fmt: skip

    def show(self, update: int) -> None:
        weight, intercept = self._params[self.run.at(update)]
        self._curve.set_data(self._curve_x, sigmoid(weight * self._curve_x + intercept))
        self._show_gaps(weight, intercept)
        self._show_boundary(weight, intercept)

    def _draw_gaps(self, axes: Axes, style: Style) -> None:
        theme = style.theme
        width = style.px(4.2, least=2.2) if self._few else style.px(1.7, least=1.0)
        self._gaps = {
            role: LineCollection([], colors=theme.tint(role, 0.72), linewidths=width, zorder=2, capstyle="butt")
            for role in _SIDES
        }
        self._rests = LineCollection(
            [], colors=theme.tint("muted", 0.75), linewidths=style.thin_px, linestyles=[(0, (3, 3))], zorder=1.5
        )
        for lines in (*self._gaps.values(), self._rests):
            axes.add_collection(lines, autolim=False)
        self._ring = ring(axes, style)

    def _show_gaps(self, weight: float, intercept: float) -> None:
        labels = self.problem.data.labels
        logits = weight * self._x + intercept
        predicted, side = sigmoid(logits), verdicts(logits, labels)
        segments = np.stack([np.stack([self._x, labels.astype(float)], -1), np.stack([self._x, predicted], -1)], axis=1)
        for role, sign in _SIDES.items():
            self._gaps[role].set_segments(list(segments[side == sign]))
        if self.rest:
            ends = np.stack([self._x, 1.0 - labels], -1)
            self._rests.set_segments(list(np.stack([segments[:, 1], ends], axis=1)))
        if self.ring_costliest:
            worst = int(np.argmax(log_loss_value(logits, labels)))
            self._ring.set_data([self._x[worst]], [labels[worst]])

    def _show_boundary(self, weight: float, intercept: float) -> None:
        low, high = self._x_limits
        at = -intercept / weight if weight != 0 else np.inf
        inside = bool(low < at < high)
        self._boundary.set_data([at, at] if inside else [], self._y_limits if inside else [])
        self._boundary_label.set_visible(inside)
        if inside:
            self._boundary_label.set_text(self._boundary_words.format(number(at, 1)))
            on_left = (at - low) / (high - low) > 0.4
            self._boundary_label.set_horizontalalignment("right" if on_left else "left")
            beside_name = self._few and (at - low) / (high - low) > 0.7
            self._boundary_label.set_y(0.0 if beside_name else 1.0)
            self._boundary_label.set_verticalalignment("bottom" if beside_name else "top")
            self._boundary_label.set_x(at + (-1 if on_left else 1) * 0.012 * (high - low))

    def _draw_points(self, axes: Axes, style: Style) -> None:
        data = self.problem.data
        share = 1.15 if self._few else 0.95 if len(data.labels) <= 300 else 0.7
        for index in (0, 1):
            x = self._x[data.labels == index]
            at = np.full(len(x), float(index))
            plot_class(axes, style, x, at, index=index, share=share, zorder=5.5 if self._few else 3)
        for index, name in enumerate(data.class_names):
            name_end(axes, style, name, index, outside=self._few)
