"""What a residual costs under each of several losses, with the points riding on the curves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.text import Text

from animate.draw.panels.base import Panel, plain_axes, set_limits, set_ticks
from animate.draw.panels.label_layout import end_heights, names_alike
from animate.draw.readout import decimals_for, number
from animate.draw.run import Run
from animate.draw.style import ResponsiveText, Style
from animate.learn.losses import Loss
from animate.learn.problems import LinearProblem

N_CURVE = 161


@dataclass(frozen=True)
class LossShape:
    """A loss as a function of the residual, and the run whose points ride on it.

    Parameters
    ----------
    name : ResponsiveText
        Stands at the end of the curve.
    problem : LinearProblem
        Gives the loss, and the residuals of the run's line.
    run : Run
        Gives the color and the parameters per update.
    """

    name: ResponsiveText
    problem: LinearProblem
    run: Run

    @property
    def loss(self) -> Loss:
        """Return the loss."""
        return self.problem.objective.loss

    def residuals(self, update: int) -> np.ndarray:
        """Return prediction minus target for every point (n_samples,)."""
        objective = self.problem.objective
        with np.errstate(all="ignore"):
            return objective.predictions(self.run.trajectory.params[self.run.at(update)]) - objective.targets

    def cost(self, residuals: np.ndarray) -> np.ndarray:
        """Return the loss of residuals (k,)."""
        with np.errstate(all="ignore"):
            return self.loss.value(residuals, np.zeros_like(residuals))


@dataclass(kw_only=True)
class LossShapes(Panel):
    """Losses over the residual in one picture, a dot per point on its own run's curve, the mean loss at its end.

    Parameters
    ----------
    shapes : sequence of LossShape
        From the first, drawn lowest, to the last.
    marked : array of int
        Rows drawn hollow, as in the panel of the fits.
    bend : float, optional
        A residual at which a loss changes its form, dashed on both sides.
    bend_name : str
        What it is called.
    """

    shapes: Sequence[LossShape]
    marked: np.ndarray = field(default_factory=lambda: np.array([], dtype=int))
    bend: float | None = None
    bend_name: str = "δ"

    def shown_runs(self) -> list[Run]:
        return [shape.run for shape in self.shapes]

    def create(self, axes: Axes, style: Style) -> None:
        plain_axes(axes, style)
        self._is_marked = np.isin(np.arange(self.shapes[0].problem.data.n_samples), self.marked)
        self._set_limits(axes, style)
        if self.bend is not None and self.bend < self._reach:
            self._draw_bend(axes, style, self.bend)
        for shape in self.shapes:
            color = style.theme.color(shape.run.role)
            axes.plot(self._r, shape.cost(self._r), color=color, linewidth=style.px(2.6, least=1.4), zorder=3)
        self._ends = self._label_ends(axes, style)
        self._dots = [self._draw_dots(axes, style, shape.run.role) for shape in self.shapes]

    def show(self, update: int) -> None:
        for shape, (plain, hollow) in zip(self.shapes, self._dots, strict=True):
            residuals = shape.residuals(update)
            far = ~(np.abs(residuals) <= self._reach)  # also what is not finite
            costs = shape.cost(residuals)
            for dots, rows in ((plain, ~self._is_marked & ~far), (hollow, self._is_marked & ~far)):
                dots.set_data(residuals[rows], costs[rows])
        for shape, (name, places, text) in zip(self.shapes, self._ends, strict=True):
            text.set_text(f"{name} {number(self._mean(shape, update), places)}")

    def _mean(self, shape: LossShape, update: int) -> float:
        return float(shape.run.trajectory.loss[shape.run.at(update)])

    def _set_limits(self, axes: Axes, style: Style) -> None:
        """Fix limits that hold every residual of the last lines, and of the first where they are not far larger."""
        last = max(shape.run.trajectory.n_updates for shape in self.shapes)
        first, end = self._largest(0) or 1.0, self._largest(last)
        end = end if 0 < end <= 3 * first else first  # a run that diverges does not set the scale
        self._reach = 1.06 * min(max(first, end), 1.6 * end)
        self._r = np.linspace(-self._reach, self._reach, N_CURVE)
        numbers = [number(self._mean(shape, at), self._places(shape)) for shape in self.shapes for at in (0, last)]
        widest = max(style.text_width(f" {text}", style.label_px, bold=True) for text in numbers)
        widest += max(style.text_width(name, style.label_px, bold=True) for name in self._names(axes, style))
        room = min((widest + style.label_px) / axes.bbox.width, 0.6)
        right = -self._reach + 2 * self._reach / (1 - room)
        highest = max(float(shape.cost(self._r).max()) for shape in self.shapes)
        set_limits(axes, style, x=(-self._reach, right), y=(-0.04 * highest, 1.04 * highest))
        set_ticks(axes, style, "x", [tick for tick in axes.get_xticks() if tick <= self._reach])
        if not style.compact:
            axes.set_xlabel("residual")

    def _largest(self, update: int) -> float:
        return max(float(np.abs(shape.residuals(update)).max()) for shape in self.shapes)

    def _names(self, axes: Axes, style: Style) -> list[str]:
        return names_alike(style, [shape.name for shape in self.shapes], 0.25 * axes.bbox.width, bold=True)

    def _places(self, shape: LossShape) -> int:
        losses = shape.run.trajectory.loss
        finite = losses[np.isfinite(losses)]
        return decimals_for(float(finite[-1]) if finite.size else 1.0)

    def _label_ends(self, axes: Axes, style: Style) -> list[tuple[str, int, Text]]:
        """Return for each curve its name, the decimals of its mean loss, and the text at its end that shows both."""
        wanted = [float(shape.cost(self._r[-1:])[0]) for shape in self.shapes]
        heights = end_heights(wanted, axes, 1.3 * style.label_px)
        ends: list[tuple[str, int, Text]] = []
        for shape, name, height in zip(self.shapes, self._names(axes, style), heights, strict=True):
            text = axes.annotate(
                "", (self._reach, height), xytext=(0.5 * style.label_px, 0), textcoords="offset points", ha="left",
                va="center_baseline", color=style.theme.color(shape.run.role), annotation_clip=False, zorder=6,
                fontproperties=style.font(style.label_px, bold=not style.compact),
            )  # fmt: skip
            ends.append((name, self._places(shape), text))
        return ends

    def _draw_bend(self, axes: Axes, style: Style, bend: float) -> None:
        top, color = axes.get_ylim()[1], style.theme.muted
        for side in (-bend, bend):
            axes.plot([side, side], [0, top], color=color, linewidth=style.thin_px, linestyle=(0, (4, 3)), zorder=2)
        axes.annotate(
            self.bend_name, (bend, top), xytext=(0.35 * style.label_px, 0), textcoords="offset points", ha="left",
            va="top", color=color, fontproperties=style.font(style.label_px), zorder=2,
        )  # fmt: skip

    def _draw_dots(self, axes: Axes, style: Style, role: str) -> tuple[Line2D, Line2D]:
        theme, drawn = style.theme, []
        for face, edge, edge_px in (
            (theme.color(role), theme.background, style.px(0.8, least=0.4)),
            (theme.background, theme.color(role), style.px(2.0, least=1.2)),
        ):
            options: dict[str, Any] = {"markerfacecolor": face, "markeredgecolor": edge, "markeredgewidth": edge_px}
            (dots,) = axes.plot(
                [], [], linestyle="none", marker="o", markersize=style.px(7.5, least=4), zorder=5, **options
            )
            drawn.append(dots)
        return drawn[0], drawn[1]
