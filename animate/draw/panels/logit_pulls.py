"""How hard losses pull on one point, over its logit: the slope that reaches the weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from animate.draw.panels.base import Panel, plain_axes, set_limits, set_ticks
from animate.draw.readout import Readout, number
from animate.draw.run import Run
from animate.draw.style import Style
from animate.learn.problems import LogisticProblem

N_CURVE = 201
_REACH = 8.0  # logits at least shown


@dataclass(kw_only=True)
class LogitPulls(Panel):
    """The size of each loss's derivative by the logit of a point of class 1, with a dot per run for one such point.

    The point is the one in the middle of class 1.

    Parameters
    ----------
    problems : sequence of LogisticProblem
        The same data under different losses.
    runs : sequence of Run
        One for each problem; a dot of its color rides on its loss's curve.
    """

    problems: Sequence[LogisticProblem]
    runs: Sequence[Run]

    def readout(self, style: Style) -> Readout:
        pairs = list(zip(self.problems, self.runs, strict=True))
        pulls = [self._pull(problem, self._point_logits(problem, run)) for problem, run in pairs]

        def text(update: int) -> str:
            shown = [number(pull[run.at(update)], 3) for pull, run in zip(pulls, self.runs, strict=True)]
            return " vs ".join(shown)

        return Readout("", text, " vs ".join("0.000" for _ in pulls))

    def create(self, axes: Axes, style: Style) -> None:
        theme = style.theme
        self._logits = [self._point_logits(problem, run) for problem, run in zip(self.problems, self.runs, strict=True)]
        seen = np.abs(np.concatenate(self._logits))
        self._reach = float(np.clip(1.08 * np.max(seen[np.isfinite(seen)], initial=0.0), _REACH, 3 * _REACH))
        plain_axes(axes, style)
        set_limits(axes, style, x=(-self._reach, self._reach), y=(-0.04, 1.12))
        ends = [style.fit((f"sure, {end}", end), style.label_px, 0.42 * axes.bbox.width) for end in ("wrong", "right")]
        set_ticks(axes, style, "x", [-self._reach / 2, self._reach / 2], ends)
        for label in axes.get_xticklabels():
            label.set_verticalalignment("baseline")  # else words with and without tall letters stand unevenly
        axes.tick_params(axis="x", pad=style.px(8, least=3) + 0.8 * style.label_px)
        set_ticks(axes, style, "y", [0.0, 1.0])
        z = np.linspace(-self._reach, self._reach, N_CURVE)
        self._dots = []
        for problem, run in zip(self.problems, self.runs, strict=True):
            color = theme.color(run.role)
            axes.plot(z, self._pull(problem, z), color=color, linewidth=style.line_px, zorder=3)
            (dot,) = axes.plot(
                [], [], marker="o", markersize=style.px(12, least=6.5), color=color, linestyle="none", zorder=5,
                markeredgecolor=theme.background, markeredgewidth=style.px(1.6, least=0.9), clip_on=False,
            )  # fmt: skip
            self._dots.append(dot)

    def show(self, update: int) -> None:
        for problem, run, logits, dot in zip(self.problems, self.runs, self._logits, self._dots, strict=True):
            z = np.clip(logits[[run.at(update)]], -self._reach, self._reach)
            dot.set_data(z, self._pull(problem, z))

    @staticmethod
    def _pull(problem: LogisticProblem, logits: np.ndarray) -> np.ndarray:
        return np.abs(problem.objective.loss.derivative(logits, np.ones_like(logits)))

    @staticmethod
    def _point_logits(problem: LogisticProblem, run: Run) -> np.ndarray:
        """Return the logit of the point in the middle of class 1 after each update."""
        ones = np.flatnonzero(problem.data.labels == 1)
        middle = ones[np.argsort(problem.data.X[ones, 0], kind="stable")[len(ones) // 2]]
        with np.errstate(all="ignore"):
            return np.asarray(run.trajectory.params @ problem.objective.design[middle])
