"""The probabilities that a model gives one point: a bar per class, always adding up to one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from animate.draw.panels.base import Panel, blank_axes
from animate.draw.panels.classes import CLASS_MARKS
from animate.draw.readout import number
from animate.draw.run import Run
from animate.draw.style import Style
from animate.learn.softmax import SoftmaxProblem


@dataclass(kw_only=True)
class ClassBars(Panel):
    """A bar per class for one point, as long as the probability that its linear score becomes.

    Parameters
    ----------
    problem : SoftmaxProblem
        Gives scores and probabilities.
    run : Run
        The descent whose model is shown.
    row : int
        The point.
    """

    problem: SoftmaxProblem
    run: Run
    row: int

    def create(self, axes: Axes, style: Style) -> None:
        data = self.problem.data
        n_classes = data.n_classes
        blank_axes(axes)
        axes.set_xlim(0, 1)
        axes.set_ylim(n_classes, 0)
        size = style.label_px
        gap = 0.5 * size if style.compact else size
        self._decimals = 2 if style.compact else 3
        names = max(style.text_width(name, size, bold=True) for name in data.class_names) + gap
        numbers = style.text_width(number(0.0, self._decimals), size) + gap
        self._left = min(names / axes.bbox.width, 0.6)
        self._full = max(1 - self._left - numbers / axes.bbox.width, 0.1)
        self._bars: list[Rectangle] = []
        self._texts: list[Text] = []
        for index, name in enumerate(data.class_names):
            self._add_bar(axes, style, index, name)

    def show(self, update: int) -> None:
        params = np.nan_to_num(self.run.trajectory.params[self.run.at(update)])
        probabilities = self.problem.probabilities(params, self.problem.data.X[[self.row]])[0]
        for probability, bar, text in zip(probabilities, self._bars, self._texts, strict=True):
            bar.set_width(self._full * float(probability))
            text.set_text(number(float(probability), self._decimals))

    def _add_bar(self, axes: Axes, style: Style, index: int, name: str) -> None:
        theme = style.theme
        color = theme.color(CLASS_MARKS[index][0])
        is_own = bool(self.problem.data.labels[self.row] == index)
        middle = index + 0.5
        axes.text(
            0.0, middle, name, ha="left", va="center_baseline", color=color,
            fontproperties=style.font(style.label_px, bold=is_own), zorder=3,
        )  # fmt: skip
        axes.add_patch(Rectangle((self._left, index + 0.22), self._full, 0.56, color=theme.tint("rule", 0.5), zorder=1))
        bar = Rectangle((self._left, index + 0.22), 0.0, 0.56, color=theme.tint(CLASS_MARKS[index][0], 0.75), zorder=2)
        axes.add_patch(bar)
        self._bars.append(bar)
        text = axes.text(
            1.0, middle, "", ha="right", va="center_baseline", color=theme.ink if is_own else theme.muted,
            fontproperties=style.font(style.label_px), zorder=3,
        )  # fmt: skip
        self._texts.append(text)
