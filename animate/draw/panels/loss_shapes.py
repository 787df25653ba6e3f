"""The loss of a residual under several losses, each point on its own curve."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from matplotlib.axes import Axes

from animate.draw.formatting import decimals_for, number
from animate.draw.marks import Curve, Line, Mark, Points, Text
from animate.draw.panels.base import Panel, set_limits, set_ticks
from animate.draw.panels.label_layout import end_heights, names_alike
from animate.draw.run import Run
from animate.draw.style import ResponsiveText, Style
from animate.learn.losses import Loss
from animate.learn.problems import LinearProblem


@dataclass(frozen=True)
class LossShape:
    """A loss as a function of the residual, and the run whose points lie on it.

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

    def mean(self, update: int) -> float:
        """Return the mean loss after an update."""
        return float(self.run.trajectory.loss[self.run.at(update)])


@dataclass(kw_only=True)
class LossShapes(Panel):
    """Losses over the residual, a dot per point on its own run's curve, the mean loss at the end of the curve.

    Parameters
    ----------
    shapes : sequence of LossShape
        From the first, drawn lowest, to the last.
    marked : array of int
        Rows drawn hollow, as in the panel of the fits.
    bend : float, optional
        A residual at which a loss changes its form, dashed on both sides.
    bend_name : str
        The label of that.
    """

    shapes: Sequence[LossShape]
    marked: np.ndarray = field(default_factory=lambda: np.array([], dtype=int))
    bend: float | None = None
    bend_name: str = "\u03b4"

    def shown_runs(self) -> list[Run]:
        return [shape.run for shape in self.shapes]

    def compose(self, axes: Axes, style: Style) -> Iterator[Mark]:
        reach = self._set_limits(axes, style)
        top = axes.get_ylim()[1]
        if self.bend is not None and self.bend < reach:
            for side in (-self.bend, self.bend):
                yield Line([[side, 0], [side, top]], color="muted", width=(1.6, 0.9), dash="dashed", layer=2)
            yield Text(self.bend_name, (self.bend, top), shift=(0.35 * style.label_px, 0), valign="top", layer=2)
        for shape in self.shapes:
            domain = (-reach, reach)
            yield Curve(shape.cost, domain=domain, n=161, color=shape.run.role, width=(2.6, 1.4), layer=3)
        heights = end_heights(
            [float(shape.cost(np.array([reach]))[0]) for shape in self.shapes], axes, 1.3 * style.label_px
        )
        for shape, name, height in zip(self.shapes, self._names(axes, style), heights, strict=True):
            yield Text(
                _mean_text(shape, name), (reach, height), shift=(0.5 * style.label_px, 0), color=shape.run.role,
                bold=not style.compact, layer=6, name="mean",
            )  # fmt: skip
        is_marked = np.isin(np.arange(self.shapes[0].problem.data.n_samples), self.marked)
        for shape in self.shapes:
            role = shape.run.role
            yield Points(_on_curve(shape, ~is_marked, reach), color=role, size=(7.5, 4), edge_width=(0.8, 0.4), layer=5)
            yield Points(
                _on_curve(shape, is_marked, reach), color="background", edge=role, size=(7.5, 4), edge_width=(2.0, 1.2),
                layer=5,
            )  # fmt: skip

    def _set_limits(self, axes: Axes, style: Style) -> float:
        """Set limits that hold all last residuals, and the first if not far larger; return the largest on the axis."""
        last = max(run.trajectory.n_updates for run in self.shown_runs())
        first, end = (max(float(np.abs(one.residuals(at)).max()) for one in self.shapes) for at in (0, last))
        first = first or 1.0
        end = end if 0 < end <= 3 * first else first  # a run that diverges does not set the scale
        reach = 1.06 * min(max(first, end), 1.6 * end)
        numbers = [number(shape.mean(at), _places(shape)) for shape in self.shapes for at in (0, last)]
        widest = max(style.text_width(f" {text}", style.label_px, bold=True) for text in numbers)
        widest += max(style.text_width(name, style.label_px, bold=True) for name in self._names(axes, style))
        room = min((widest + style.label_px) / axes.bbox.width, 0.6)
        x = np.linspace(-reach, reach, 161)
        highest = max(float(shape.cost(x).max()) for shape in self.shapes)
        set_limits(axes, style, x=(-reach, -reach + 2 * reach / (1 - room)), y=(-0.04 * highest, 1.04 * highest))
        set_ticks(axes, style, "x", [tick for tick in axes.get_xticks() if tick <= reach])
        if not style.compact:
            axes.set_xlabel("residual")
        return reach

    def _names(self, axes: Axes, style: Style) -> list[str]:
        return names_alike(style, [shape.name for shape in self.shapes], 0.25 * axes.bbox.width, bold=True)


def _places(shape: LossShape) -> int:
    losses = shape.run.trajectory.loss
    finite = losses[np.isfinite(losses)]
    return decimals_for(float(finite[-1]) if finite.size else 1.0)


def _mean_text(shape: LossShape, name: str) -> Callable[[int], str]:
    places = _places(shape)
    return lambda update: f"{name} {number(shape.mean(update), places)}"


def _on_curve(shape: LossShape, rows: np.ndarray, reach: float) -> Callable[[int], np.ndarray]:
    def places(update: int) -> np.ndarray:
        residuals = shape.residuals(update)
        shown = residuals[rows & (np.abs(residuals) <= reach)]
        return np.stack([shown, shape.cost(shown)], axis=-1)

    return places
