"""The sigmoids of several runs over one feature, on the same points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from animate.draw.formatting import readable
from animate.draw.panels.base import Panel, padded, plain_axes, set_limits, set_ticks
from animate.draw.panels.classes import name_end, plot_class
from animate.draw.panels.label_layout import corner_texts
from animate.draw.run import Run
from animate.draw.style import Style
from animate.learn.losses import sigmoid
from animate.learn.problems import LogisticProblem

N_CURVE = 240
FEW = 40


@dataclass(kw_only=True)
class Sigmoids(Panel):
    """P(second class | feature) of each run, named in its color; points at 0 and 1 by their class.

    Parameters
    ----------
    problem : LogisticProblem
        One feature and two classes; the runs see its scaled feature.
    runs : sequence of Run
        One curve each.
    margin : float
        Room at either side of the points, as a share of their range.
    name_runs : bool
        Whether the runs are named here; not needed where other panels do it.
    """

    problem: LogisticProblem
    runs: Sequence[Run]
    margin: float = 0.05
    name_runs: bool = True

    def create(self, axes: Axes, style: Style) -> None:
        data = self.problem.data
        self._params = [self.problem.in_units(run.trajectory.params) for run in self.runs]
        has_room = axes.bbox.height > 9 * style.label_px
        plain_axes(axes, style)
        y = (-0.17, 1.17) if has_room else (-0.07, 1.07)
        set_limits(axes, style, x=padded(data.X[:, 0], self.margin), y=y)
        set_ticks(axes, style, "y", [0.0, 0.5, 1.0])
        if not style.compact and data.feature_names[0] != "x":
            axes.set_xlabel(readable(data.feature_names[0]))
        self._x = np.linspace(*axes.get_xlim(), N_CURVE)
        axes.axhline(0.5, color=style.theme.rule, linewidth=style.thin_px, zorder=1)
        for index in (0, 1):
            x = data.X[data.labels == index, 0]
            share = 1.3 if len(data.labels) <= FEW else 0.8
            plot_class(axes, style, x, np.full(len(x), float(index)), index=index, share=share, zorder=6)
            if has_room:
                name_end(axes, style, data.class_names[index], index, outside=True)
        self._curves = [
            axes.plot([], [], color=style.theme.color(run.role), linewidth=style.line_px, zorder=4 + place / 10)[0]
            for place, run in enumerate(self.runs)
        ]
        if self.name_runs:
            self._name_runs(axes, style)

    def show(self, update: int) -> None:
        for place, (run, curve) in enumerate(zip(self.runs, self._curves, strict=True)):
            curve.set_data(self._x, self._heights(place, run.at(update)))

    def _name_runs(self, axes: Axes, style: Style) -> None:
        ends = [self._heights(place, run.trajectory.n_updates) for place, run in enumerate(self.runs)]
        points = np.concatenate([np.stack([self._x, heights], -1) for heights in ends])
        corner_texts(axes, style, points, [run.name for run in self.runs], [run.role for run in self.runs])

    def _heights(self, place: int, update: int) -> np.ndarray:
        weight, intercept = self._params[place][update]
        with np.errstate(all="ignore"):
            return sigmoid(weight * self._x + intercept)
