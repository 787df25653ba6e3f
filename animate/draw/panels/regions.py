"""Two classes over two features: probability bands, the boundary line, and rings around the wrong points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Polygon

from animate.draw.formatting import readable
from animate.draw.panels.base import Panel, padded, plain_axes, set_limits
from animate.draw.panels.classes import name_classes, plot_class, ring
from animate.draw.panels.verdicts import share_right, verdicts
from animate.draw.readout import Readout
from animate.draw.run import Run
from animate.draw.style import Style
from animate.learn.problems import LogisticProblem

BAND_PROBABILITIES = (0.1, 0.25, 0.5, 0.75, 0.9)
STRENGTHS = (0.24, 0.16, 0.08, 0.08, 0.16, 0.24)


@dataclass(kw_only=True)
class Regions(Panel):
    """Probability bands of a logistic model over two features, its boundary, and the points.

    Parameters
    ----------
    problem : LogisticProblem
        Two features and two classes.
    run : Run
        The descent whose model is shown.
    """

    problem: LogisticProblem
    run: Run

    def readout(self, style: Style) -> Readout:
        return share_right(self.problem, self.run, style)

    def create(self, axes: Axes, style: Style) -> None:
        theme, data = style.theme, self.problem.data
        self._params = self.problem.in_units(self.run.trajectory.params)
        plain_axes(axes, style)
        x, y = padded(data.X[:, 0], 0.06), padded(data.X[:, 1], 0.06)
        set_limits(axes, style, x=x, y=y)
        axes.set_xlabel(readable(data.feature_names[0]))
        axes.set_ylabel(readable(data.feature_names[1]))
        self._corners = np.array([[x[0], y[0]], [x[1], y[0]], [x[1], y[1]], [x[0], y[1]]])
        self._bands = []
        for band, strength in enumerate(STRENGTHS):
            role = "class_a" if band < len(STRENGTHS) / 2 else "class_b"
            patch = Polygon(self._corners, closed=True, facecolor=theme.tint(role, strength), linewidth=0, zorder=0.5)
            axes.add_patch(patch)
            self._bands.append(patch)
        (self._boundary,) = axes.plot([], [], color=theme.first, linewidth=style.px(4, least=2.2), zorder=4)
        self._draw_points(axes, style)
        self._rings = ring(axes, style)

    def show(self, update: int) -> None:
        *weights, intercept = self._params[self.run.at(update)]
        w = np.array(weights)
        logits = self.problem.data.X @ w + intercept
        is_wrong = verdicts(logits, self.problem.data.labels) < 0
        self._rings.set_data(*self.problem.data.X[is_wrong].T)
        thresholds = np.log(np.array(BAND_PROBABILITIES) / (1 - np.array(BAND_PROBABILITIES)))
        self._bands[0].set_visible(bool(np.any(w)))
        for patch, threshold in zip(self._bands[1:], thresholds, strict=True):
            patch.set_visible(bool(np.any(w)))
            patch.set_xy(half_plane(self._corners, w, intercept - threshold))
        line = boundary_line(self._corners, w, intercept)
        self._boundary.set_data(line[:, 0], line[:, 1])

    def _draw_points(self, axes: Axes, style: Style) -> None:
        data = self.problem.data
        for index in (0, 1):
            plot_class(axes, style, *data.X[data.labels == index].T, index=index)
        *weights, intercept = self._params[-1]
        line = boundary_line(self._corners, np.array(weights), intercept)
        barred = line[0] + np.linspace(0.0, 1.0, 60)[:, None] * (line[1] - line[0]) if len(line) else None
        name_classes(axes, style, data.X, data.labels, data.class_names, avoid=barred)


def half_plane(corners: np.ndarray, weights: np.ndarray, intercept: float) -> np.ndarray:
    """Return the part of a convex polygon (k, 2) where weights . x + intercept >= 0, as its corners.

    One edge at a time against the line (Sutherland and Hodgman 1974). Where nothing is left, one corner
    three times: a polygon of no area.

    >>> square = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    >>> half_plane(square, np.array([1.0, 0.0]), -0.5).tolist()
    [[0.5, 0.0], [1.0, 0.0], [1.0, 1.0], [0.5, 1.0]]
    """
    heights = corners @ weights + intercept
    kept = []
    for here, there, a, b in zip(corners, np.roll(corners, -1, 0), heights, np.roll(heights, -1), strict=True):
        if a >= 0:
            kept.append(here)
        if (a >= 0) != (b >= 0):
            kept.append(here + (there - here) * a / (a - b))
    return np.array(kept) if len(kept) >= 3 else np.repeat(corners[:1], 3, axis=0)


def boundary_line(corners: np.ndarray, weights: np.ndarray, intercept: float) -> np.ndarray:
    """Return the two points (2, 2) where weights . x + intercept = 0 meets a convex polygon's edge, or none (0, 2)."""
    heights = corners @ weights + intercept
    ends = [
        here + (there - here) * a / (a - b)
        for here, there, a, b in zip(corners, np.roll(corners, -1, 0), heights, np.roll(heights, -1), strict=True)
        if (a >= 0) != (b >= 0)
    ]
    return np.array(ends) if len(ends) == 2 else np.empty((0, 2))
