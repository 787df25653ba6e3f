"""Penalties: their shape over two weights, and a fitted number against their size."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from matplotlib.axes import Axes

from animate.draw.marks import Line, Mark, Points, Rule
from animate.draw.marks.fields import Limits
from animate.draw.panels.base import Panel
from animate.draw.panels.label_layout import label_points
from animate.draw.panels.loss_surface import STAR, LossSurface
from animate.draw.panels.parameter_clouds import CIRCLE
from animate.draw.readout import Readout
from animate.draw.run import Run
from animate.draw.style import ResponsiveText, Style

N_CURVE = 60
SHAPES: dict[str, np.ndarray] = {
    "diamond": np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0], [1.0, 0.0]]), "circle": CIRCLE,
}  # fmt: skip
"""Where a penalty is 1: |w_1| + |w_2| = 1, and w_1\u00b2 + w_2\u00b2 = 1."""

NORMS: dict[str, Callable[[np.ndarray], float]] = {
    "diamond": lambda weights: float(np.abs(weights).sum()),
    "circle": lambda weights: float(np.hypot(*weights)),
}


@dataclass(frozen=True)
class PenalizedRun:
    """A run under a penalty.

    Parameters
    ----------
    run : Run
        Its first two parameters are the weights.
    shape : {"diamond", "circle"}
        The shape of weights of equal penalty.
    optimum : array (2,)
        The weights at which loss and penalty together are least.
    """

    run: Run
    shape: str
    optimum: np.ndarray

    def outline(self, weights: np.ndarray) -> np.ndarray:
        """Return the outline (k, 2) of weights with the same penalty, empty if it is infinite."""
        size = NORMS[self.shape](weights)
        return size * SHAPES[self.shape] if np.isfinite(size) else np.empty((0, 2))

    def converged_at(self) -> int | None:
        """Return the update from which the run stays within a hundredth of its way of its optimum, if it does."""
        with np.errstate(all="ignore"):
            distance = np.hypot(*(self.run.trajectory.params[:, :2] - self.optimum).T)
        away = np.flatnonzero(~(distance <= max(0.01 * float(distance[0]), 1e-12)))
        first = int(away[-1]) + 1 if away.size else 0
        return first if first <= self.run.trajectory.n_updates else None


@dataclass(kw_only=True)
class PenaltyGeometry(Panel):
    """Bands of the loss without penalty, each run's path, and the shape of its penalty through its weights now.

    Once a run has converged, the contour of the loss through its end is drawn too: it touches the shape there.

    Parameters
    ----------
    values : callable
        From weights (k, 2) to the loss without penalty (k,), a squared loss.
    least_squares : array (2,)
        Where that is least.
    penalized : sequence of PenalizedRun
        The runs.
    names : pair of ResponsiveText
        The two weights.
    note : ResponsiveText
        What stands at the right of the title, such as the loss that the bands show.
    """

    aspects: ClassVar[tuple[float, float]] = (0.8, 1.3)
    values: Callable[[np.ndarray], np.ndarray]
    least_squares: np.ndarray
    penalized: Sequence[PenalizedRun]
    names: tuple[ResponsiveText, ResponsiveText] = ("w₁", "w₂")
    note: ResponsiveText = ""

    def shown_runs(self) -> list[Run]:
        return [one.run for one in self.penalized]

    def readout(self, style: Style) -> Readout | None:
        return Readout.still(self.note) if self.note else None

    def converged_at(self) -> int | None:
        """Return the update from which every run stays within a hundredth of its way of its optimum, if it does."""
        since = [one.converged_at() for one in self.penalized]
        return None if None in since else max(update for update in since if update is not None)

    def compose(self, axes: Axes, style: Style) -> Iterator[Mark]:
        surface = LossSurface(
            values=self.values, runs=self.shown_runs(), limits=self._window(), names=self.names, equal_units=True
        )
        yield from surface.compose(axes, style)
        yield Rule(y=0.0, color="muted 70%", width=(1.2, 0.8), layer=1.5)
        yield Rule(x=0.0, color="muted 70%", width=(1.2, 0.8), layer=1.5)
        contours = [self._contour_through(one.optimum) for one in self.penalized]
        for one in self.penalized:
            yield Line(_penalty_now(one), color=one.run.role, width=(2.4, 1.0), join="miter", layer=3, name="penalty")
        for one, contour in zip(self.penalized, contours, strict=True):
            shown = _once_converged(one, contour)
            yield Line(shown, color=one.run.role, width=(1.8, 1.0), dash=(3, 2.5), layer=3, name="contour")
        points = np.array([self.least_squares, *(one.optimum for one in self.penalized)])
        roles = ["ink", *(one.run.role for one in self.penalized)]
        for point, role in zip(points, roles, strict=True):
            yield Points([point], size=(17, 9), color=role, edge="surface_low", layer=6, **STAR)
        names = ["λ = 0" if style.compact else "least squares", *(one.run.name.lower() for one in self.penalized)]
        shares = np.linspace(0, 1, 40)[:, None, None]
        shapes = [one.outline(one.optimum) for one in self.penalized]
        filled = [(shape[:-1] + shares * np.diff(shape, axis=0)).reshape(-1, 2) for shape in shapes]
        drawn = [*(run.trajectory.params[:, :2] for run in self.shown_runs()), *filled, *contours]
        yield from label_points(axes, style, points, names, roles, avoid=np.concatenate(drawn))

    def _window(self) -> Limits:
        """Return limits that hold the paths, least squares, 0, and each shape at the optimum."""
        starts = [run.trajectory.params[0, :2] for run in self.shown_runs()]
        still = np.array([self.least_squares, [0.0, 0.0], *starts, *(one.optimum for one in self.penalized)])
        reach = 2.0 * max(float(np.abs(still).max()), 1e-9)
        points = np.concatenate(
            [np.clip(run.trajectory.params[:, :2], -reach, reach) for run in self.shown_runs()]
            + [one.outline(one.optimum) for one in self.penalized]
            + [still]
        )
        points = points[np.isfinite(points).all(axis=1)]
        low, high = points.min(axis=0), points.max(axis=0)
        margin = 0.11 * max(float((high - low).max()), 1e-9)
        return (low[0] - margin, high[0] + margin), (low[1] - margin, high[1] + margin)

    def _contour_through(self, point: np.ndarray) -> np.ndarray:
        """Return the contour (k, 2) of the loss through a point, one of the k: an ellipse around least squares."""
        center = np.asarray(self.least_squares, dtype=float)
        angles = np.sort(np.append(np.linspace(0.0, 2.0 * np.pi, len(CIRCLE)), _angle(point - center)))
        rays = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
        low, level = self.values(np.stack([center, point]))
        with np.errstate(all="ignore"):
            # a quadratic loss rises with the square of the distance along each ray
            reach = np.sqrt((level - low) / (self.values(center + rays) - low))
        return np.asarray((center + reach[:, None] * rays)[np.isfinite(reach)])


def _angle(vector: np.ndarray) -> float:
    return float(np.arctan2(*vector[::-1]) % (2.0 * np.pi))


def _penalty_now(one: PenalizedRun) -> Callable[[int], np.ndarray]:
    return lambda update: one.outline(one.run.trajectory.params[one.run.at(update), :2])


def _once_converged(one: PenalizedRun, contour: np.ndarray) -> Callable[[int], np.ndarray]:
    since = one.converged_at()
    return lambda update: contour if since is not None and update >= since else contour[:0]
