"""Two weights, the loss over them, and penalties as shapes: the diamond of the lasso and the circle of ridge."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from animate.draw.panels.base import Panel
from animate.draw.panels.label_layout import label_points
from animate.draw.panels.loss_surface import Limits, LossSurface
from animate.draw.readout import Readout
from animate.draw.run import Run
from animate.draw.style import ResponsiveText, Style

_CORNERS = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0], [1.0, 0.0]])
_ANGLES = np.linspace(0.0, 2.0 * np.pi, 121)
SHAPES: dict[str, np.ndarray] = {"diamond": _CORNERS, "circle": np.stack([np.cos(_ANGLES), np.sin(_ANGLES)], axis=-1)}
"""Where a penalty is 1: |w_1| + |w_2| = 1, and w_1² + w_2² = 1."""

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
        What weights of equal penalty form.
    optimum : array (2,)
        The weights at which loss and penalty together are least.
    """

    run: Run
    shape: str
    optimum: np.ndarray


@dataclass(kw_only=True)
class PenaltyGeometry(Panel):
    """Bands of the loss without penalty, each run's path, and the shape of its penalty through its weights now.

    Once a run is at rest the contour of the loss through its end is drawn too: it touches the shape there.

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

    values: Callable[[np.ndarray], np.ndarray]
    least_squares: np.ndarray
    penalized: Sequence[PenalizedRun]
    names: tuple[ResponsiveText, ResponsiveText] = ("w₁", "w₂")
    note: ResponsiveText = ""

    def shown_runs(self) -> list[Run]:
        return [one.run for one in self.penalized]

    def readout(self, style: Style) -> Readout | None:
        return Readout.still(self.note) if self.note else None

    def rests_from(self) -> int | None:
        """Return the update from which every run stays within a hundredth of its way of its optimum, if it does."""
        since = [_rests_from(one) for one in self.penalized]
        return None if None in since else max(update for update in since if update is not None)

    def create(self, axes: Axes, style: Style) -> None:
        limits = self._window()
        self._surface = LossSurface(
            values=self.values, runs=self.shown_runs(), limits=limits, names=self.names, equal_units=True
        )
        self._surface.create(axes, style)
        for vertical in (False, True):
            (axes.axvline if vertical else axes.axhline)(
                0.0, color=style.theme.tint("muted", 0.7), linewidth=style.px(1.2, least=0.8), zorder=1.5
            )
        self._outlines = [self._draw_line(axes, style, one.run.role, dashed=False) for one in self.penalized]
        self._contours = [self._draw_line(axes, style, one.run.role, dashed=True) for one in self.penalized]
        self._levels = [self._contour_through(one.optimum) for one in self.penalized]
        self._mark_optima(axes, style)

    def show(self, update: int) -> None:
        self._surface.show(update)
        for one, outline, contour, level in zip(
            self.penalized, self._outlines, self._contours, self._levels, strict=True
        ):
            weights = one.run.trajectory.params[one.run.at(update), :2]
            size = NORMS[one.shape](weights)
            shape = size * SHAPES[one.shape] if np.isfinite(size) else np.empty((0, 2))
            outline.set_data(*shape.T)
            since = _rests_from(one)
            contour.set_data(*(level if since is not None and update >= since else level[:0]).T)

    def _window(self) -> Limits:
        """Return limits that hold the paths, least squares, 0, and each shape as it ends."""
        reach = 2.0 * max(float(np.abs(self._still_points()).max()), 1e-9)
        points = np.concatenate(
            [np.clip(one.run.trajectory.params[:, :2], -reach, reach) for one in self.penalized]
            + [NORMS[one.shape](one.optimum) * SHAPES[one.shape] for one in self.penalized]
            + [self._still_points()]
        )
        points = points[np.isfinite(points).all(axis=1)]
        low, high = points.min(axis=0), points.max(axis=0)
        margin = 0.11 * max(float((high - low).max()), 1e-9)
        return (low[0] - margin, high[0] + margin), (low[1] - margin, high[1] + margin)

    def _still_points(self) -> np.ndarray:
        starts = [one.run.trajectory.params[0, :2] for one in self.penalized]
        return np.array([self.least_squares, [0.0, 0.0], *starts, *(one.optimum for one in self.penalized)])

    def _draw_line(self, axes: Axes, style: Style, role: str, *, dashed: bool) -> Line2D:
        (line,) = axes.plot(
            [], [], color=style.theme.color(role), zorder=3, linewidth=style.px(1.8 if dashed else 2.4, least=1.0),
            linestyle=(0, (3, 2.5)) if dashed else "solid", solid_joinstyle="miter",
        )  # fmt: skip
        return line

    def _contour_through(self, point: np.ndarray) -> np.ndarray:
        """Return the contour (k, 2) of the loss through a point, one of the k: an ellipse around least squares."""
        center = np.asarray(self.least_squares, dtype=float)
        angles = np.sort(np.append(_ANGLES, np.arctan2(*(point - center)[::-1]) % (2.0 * np.pi)))
        rays = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
        low, level = self.values(np.stack([center, point]))
        with np.errstate(all="ignore"):
            # a quadratic loss rises with the square of the distance along each ray
            reach = np.sqrt((level - low) / (self.values(center + rays) - low))
        return np.asarray((center + reach[:, None] * rays)[np.isfinite(reach)])

    def _mark_optima(self, axes: Axes, style: Style) -> None:
        points = np.array([self.least_squares, *(one.optimum for one in self.penalized)])
        roles = ["ink", *(one.run.role for one in self.penalized)]
        for point, role in zip(points, roles, strict=True):
            axes.plot(
                *point[:, None], marker="*", markersize=style.px(17, least=9), color=style.theme.color(role), zorder=6,
                linestyle="none", markeredgecolor=style.theme.surface[0], markeredgewidth=style.px(1.2, least=0.7),
            )  # fmt: skip
        names = ["λ = 0" if style.compact else "least squares", *(one.run.name.lower() for one in self.penalized)]
        label_points(axes, style, points, names, roles, avoid=np.concatenate([*self._drawn_at_rest()]))

    def _drawn_at_rest(self) -> list[np.ndarray]:
        """Return points on everything that is drawn in the end."""
        shapes = [NORMS[one.shape](one.optimum) * SHAPES[one.shape] for one in self.penalized]
        shares = np.linspace(0, 1, 40)[:, None, None]
        filled = [(shape[:-1] + shares * np.diff(shape, axis=0)).reshape(-1, 2) for shape in shapes]
        return [*(one.run.trajectory.params[:, :2] for one in self.penalized), *filled, *self._levels]


def _rests_from(one: PenalizedRun) -> int | None:
    path = one.run.trajectory.params[:, :2]
    with np.errstate(all="ignore"):
        distance = np.hypot(*(path - one.optimum).T)
    away = np.flatnonzero(~(distance <= max(0.01 * float(distance[0]), 1e-12)))
    first = int(away[-1]) + 1 if away.size else 0
    return first if first <= one.run.trajectory.n_updates else None
