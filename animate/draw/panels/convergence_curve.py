"""Small loss curves side by side on one scale, each with the verdict on its run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from animate.draw.panels.base import Panel, few_ticks, plain_axes, set_log_ticks, set_ticks
from animate.draw.readout import Readout, decimals_for, number
from animate.draw.run import Run
from animate.draw.style import ResponsiveText, Style
from animate.learn.convergence import Outcome, classify_updates

VERDICTS: dict[Outcome, tuple[ResponsiveText, str]] = {
    "converged": ("converged", "right"),
    "on its way": (("still on its way", "on its way"), "muted"),
    "bounces": ("bounces", "muted"),
    "diverges": ("diverges", "wrong"),
}
"""The words for what became of a run, and the role of their color."""

_ABOVE_START = 30.0
_FLOOR = 1e-8


@dataclass(kw_only=True)
class ConvergenceCurve(Panel):
    """The loss per update on a logarithmic axis, the lowest loss dashed, and what is to be said of the run so far.

    Parameters
    ----------
    run : Run
        A descent over all points.
    best : float
        The lowest loss there is.
    loss_name : ResponsiveText
        What stands before the loss of the update shown.
    labelled : bool
        Whether the dashed line is named here: in the first of several panels.
    """

    run: Run
    best: float
    loss_name: ResponsiveText = "MSE"
    labelled: bool = False

    def heading_role(self) -> str:
        return self.run.role

    def readout(self, style: Style) -> Readout:
        verdicts = classify_updates(self.run.trajectory.loss, self.best)
        words = {outcome: style.fit(text, style.readout_px, _room(style)) for outcome, (text, _) in VERDICTS.items()}
        return Readout(
            "",
            lambda update: words[verdicts[self.run.at(update)]],
            max((words[outcome] for outcome in set(verdicts)), key=len),
            lambda update: VERDICTS[verdicts[self.run.at(update)]][1],
        )

    def create(self, axes: Axes, style: Style) -> None:
        theme = style.theme
        self._loss = np.asarray(self.run.trajectory.loss, dtype=float)
        self._updates = np.arange(len(self._loss))
        plain_axes(axes, style)
        self._set_limits(axes, style)
        self._draw_best(axes, style)
        color = theme.color(self.run.role)
        (self._line,) = axes.plot([], [], color=color, linewidth=style.line_px, zorder=4)
        (self._dot,) = axes.plot(
            [], [], marker="o", markersize=style.px(10, least=5.5), color=color, linestyle="none",
            markeredgecolor=theme.background, markeredgewidth=style.px(1.6, least=0.9), zorder=5, clip_on=False,
        )  # fmt: skip
        self._value = axes.text(
            1.0, 1.0, "", transform=axes.transAxes, ha="right", va="top", zorder=6, color=theme.muted,
            fontproperties=style.font(style.label_px),
        )  # fmt: skip
        self._name = style.fit(self.loss_name, style.label_px, 0.4 * axes.bbox.width)
        self._decimals = decimals_for(self.best, 3, least=2, most=4)

    def show(self, update: int) -> None:
        at = self.run.at(update)
        loss = self._loss[: at + 1]
        gone = ~(loss <= self._high)
        shown = int(gone.argmax()) + 1 if gone.any() else at + 1
        # A curve that has left through the top does not come back: its dot waits at the edge.
        heights = np.where(np.isfinite(loss[:shown]), np.minimum(loss[:shown], 10 * self._high), 10 * self._high)
        self._line.set_data(self._updates[:shown], heights)
        self._dot.set_data([self._updates[shown - 1]], [min(heights[-1], self._high)])
        self._value.set_text(f"{self._name} {number(float(self._loss[at]), self._decimals)}")

    def _set_limits(self, axes: Axes, style: Style) -> None:
        start = float(self._loss[0])
        low = max(self.best, _FLOOR * start) / 2.5 if start > 0 else 0.1
        self._high = _ABOVE_START * start if start > 0 else 1.0
        axes.set_yscale("log")
        axes.set_xlim(0, max(len(self._loss) - 1, 1))
        axes.set_ylim(low, self._high)
        set_log_ticks(axes, style, "y", (low, self._high))
        set_ticks(axes, style, "x", few_ticks(0, len(self._loss) - 1, int(axes.bbox.width / (6 * style.label_px))))
        if not style.compact:
            axes.set_xlabel("update")

    def _draw_best(self, axes: Axes, style: Style) -> None:
        if not self.best > 0:
            return
        axes.axhline(self.best, color=style.theme.muted, linewidth=style.thin_px, linestyle=(0, (4, 3)), zorder=2)
        if self.labelled:
            axes.annotate(
                "optimum", (1.0, self.best), xycoords=("axes fraction", "data"), ha="right", va="bottom",
                xytext=(0, style.px(4, least=2)), textcoords="offset points", color=style.theme.muted,
                fontproperties=style.font(style.label_px), zorder=2,
            )  # fmt: skip


def convergence_grid(
    runs: Sequence[Run], best: float, *, loss_name: ResponsiveText = "MSE"
) -> list[list[ConvergenceCurve]]:
    """Return a curve for each run, titled by its name, in two rows read from left to right: columns for a scene.

    The runs begin at one start, so that their axes are alike.
    """
    curves = [
        ConvergenceCurve(run=run, best=best, title=run.name, loss_name=loss_name, labelled=index == 0)
        for index, run in enumerate(runs)
    ]
    n_columns = -(-len(curves) // 2)
    return [curves[column::n_columns] for column in range(n_columns)]


def convergence_summary(runs: Sequence[Run], best: float) -> tuple[str, str]:
    """Return in long and short words which runs have converged, diverged or not, by their names."""
    ends = {run.name: classify_updates(run.trajectory.loss, best)[-1] for run in runs}
    named = {word: [name for name, end in ends.items() if end == word] for word in VERDICTS}
    said = {word: _listed(names) for word, names in named.items() if names}
    long = [f"{names} {_AFTERWARDS[word][len(named[word]) > 1]}" for word, names in said.items()]
    short = [f"{word}: {', '.join(named[word])}" for word in said if word != "on its way"]
    return "; ".join(long) + ".", ("; ".join(short) or "nothing converged yet").capitalize() + "."


_AFTERWARDS: dict[Outcome, tuple[str, str]] = {
    "converged": ("converged", "converged"),
    "on its way": ("is still on its way", "are still on their way"),
    "bounces": ("bounces for ever", "bounce for ever"),
    "diverges": ("diverged", "diverged"),
}
"""What is said of one run in the end, and of several."""


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _room(style: Style) -> float:
    return 0.09 * style.width
