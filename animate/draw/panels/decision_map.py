"""Two classes over two features as any model sees them: probability bands that bend, the boundary, and wrong points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from animate.draw.formatting import readable
from animate.draw.panels.base import Panel, padded, plain_axes, set_limits
from animate.draw.panels.classes import name_classes, plot_class, ring
from animate.draw.panels.fields import Bands, Field, line_collection
from animate.draw.panels.regions import BAND_PROBABILITIES, STRENGTHS, boundary_line
from animate.draw.panels.verdicts import share_readout, verdicts
from animate.draw.readout import Readout
from animate.draw.run import Run
from animate.draw.style import Style
from animate.learn.data import ClassificationData
from animate.learn.network import NetworkProblem


@dataclass(kw_only=True)
class DecisionMap(Panel):
    """Probability bands of a model of any shape over two features, its boundary, the points, and lines it is made of.

    Parameters
    ----------
    data : ClassificationData
        Two features and two classes.
    run : Run
        The descent whose model is shown.
    logits : callable
        From parameters (n_params,) and points (k, 2) in the data's units to log-odds of class 1 (k,).
    lines : callable, optional
        From parameters to lines (n_lines, 3), each [weights..., intercept] in the data's units, such as those of a
        network's hidden units; drawn dashed.
    """

    data: ClassificationData
    run: Run
    logits: Callable[[np.ndarray, np.ndarray], np.ndarray]
    lines: Callable[[np.ndarray], np.ndarray] | None = None

    @classmethod
    def of_network(cls, problem: NetworkProblem, run: Run, **fields: Any) -> DecisionMap:
        """Return the map of a network, with the line of each hidden unit."""
        return cls(data=problem.data, run=run, logits=problem.logits, lines=problem.hidden_lines, **fields)

    def readout(self, style: Style) -> Readout:
        def count(update: int) -> tuple[int, int]:
            side = verdicts(self.logits(self._params(update), self.data.X), self.data.labels)
            return int((side > 0).sum()), int((side < 0).sum())

        return share_readout(self.data.n_samples, count, style)

    def create(self, axes: Axes, style: Style) -> None:
        theme, data = style.theme, self.data
        plain_axes(axes, style)
        x, y = padded(data.X[:, 0], 0.08), padded(data.X[:, 1], 0.08)
        set_limits(axes, style, x=x, y=y)
        axes.set_xlabel(readable(data.feature_names[0]))
        axes.set_ylabel(readable(data.feature_names[1]))
        self._corners = np.array([[x[0], y[0]], [x[1], y[0]], [x[1], y[1]], [x[0], y[1]]])
        self._field = Field(axes, style.px(7, least=4))
        roles = ["class_a"] * (len(STRENGTHS) // 2) + ["class_b"] * (len(STRENGTHS) // 2)
        colors = [theme.tint(role, strength) for role, strength in zip(roles, STRENGTHS, strict=True)]
        axes.axhspan(*y, color=colors[0], linewidth=0, zorder=0)
        self._bands = Bands(axes, colors[1:])
        thin = style.px(2.0, least=1.1)
        self._lines = line_collection(axes, theme.tint("ink", 0.6), thin, 3, linestyles=[(0, (5, 3))])
        self._boundary = line_collection(axes, theme.first, style.px(4, least=2.2), 4, capstyle="round")
        for index in (0, 1):
            plot_class(axes, style, *data.X[data.labels == index].T, index=index)
        last = self._values(self._params(self.run.trajectory.n_updates))
        boundary = [np.empty((0, 2)), *self._field.lines(last, 0.0)]
        name_classes(axes, style, data.X, data.labels, data.class_names, avoid=np.concatenate(boundary))
        self._rings = ring(axes, style)

    def show(self, update: int) -> None:
        params = self._params(update)
        values = self._values(params)
        levels = [float(np.log(p / (1 - p))) for p in BAND_PROBABILITIES]
        self._bands.show([self._field.above(values, level) for level in levels])
        self._boundary.set_segments(self._field.lines(values, 0.0))
        self._rings.set_data(*self.data.X[verdicts(self.logits(params, self.data.X), self.data.labels) < 0].T)
        if self.lines is not None:
            ends = [boundary_line(self._corners, line[:2], line[2]) for line in np.nan_to_num(self.lines(params))]
            self._lines.set_segments([segment for segment in ends if len(segment)])

    def _values(self, params: np.ndarray) -> np.ndarray:
        return np.asarray(np.nan_to_num(self.logits(params, self._field.points), posinf=1e6, neginf=-1e6))

    def _params(self, update: int) -> np.ndarray:
        return np.asarray(self.run.trajectory.params[self.run.at(update)])
