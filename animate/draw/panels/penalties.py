"""Penalties: their shape over two weights, and a fitted number against their size."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from animate.draw.marks import Line, Mark, Points, Rule
from animate.draw.marks.fields import Limits
from animate.draw.panels.base import Panel, few_ticks, padded, set_ticks
from animate.draw.panels.clouds import CIRCLE
from animate.draw.panels.label_layout import corner_texts, label_points
from animate.draw.panels.loss_surface import STAR, LossSurface
from animate.draw.readout import Readout
from animate.draw.run import Run
from animate.draw.style import ResponsiveText, Style
from animate.learn.problems import LinearProblem

N_CURVE = 60
SHAPES: dict[str, np.ndarray] = {
    "diamond": np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0], [1.0, 0.0]]), "circle": CIRCLE,
}  # fmt: skip
"""Where a penalty is 1: |w_1| + |w_2| = 1, and w_1\u00b2 + w_2\u00b2 = 1."""

NORMS: dict[str, Callable[[np.ndarray], float]] = {
    "diamond": lambda weights: float(np.abs(weights).sum()),
    "circle": lambda weights: float(np.hypot(*weights)),
}


@dataclass(kw_only=True)
class PenaltyCurve(Panel):
    """One dot per run above its penalty, moving to the curve of the optima; penalties on a log scale, 0 at its left.

    Parameters
    ----------
    runs : sequence of Run
        Give the colors.
    penalties : sequence of float
        One per run, 0 or more.
    values : array (n_updates + 1, n_runs)
        The fitted number of each run.
    optimum : callable
        From a penalty to the number at the optimum.
    reference : float, optional
        A dashed level to compare with.
    reference_name : ResponsiveText
        The label of that level.
    note : ResponsiveText
        What stands at the right of the title.
    """

    runs: Sequence[Run]
    penalties: Sequence[float]
    values: np.ndarray
    optimum: Callable[[float], float]
    reference: float | None = None
    reference_name: ResponsiveText = ""
    note: ResponsiveText = ""

    @classmethod
    def of_slope(cls, fits: Sequence[tuple[LinearProblem, Run]], **fields: Any) -> PenaltyCurve:
        """Return the panel of a line's slope, in the data's units, against the ridge penalty of each fit."""
        problems, runs = zip(*fits, strict=True)
        slopes = [problem.in_units(run.trajectory.params)[:, 0] for problem, run in fits]

        def optimum(penalty: float) -> float:
            objective = replace(problems[0].objective, ridge_penalty=penalty)
            return float(problems[0].in_units(objective.optimum())[0])

        penalties = [problem.objective.ridge_penalty for problem in problems]
        return cls(runs=runs, penalties=penalties, values=np.stack(slopes, axis=-1), optimum=optimum, **fields)

    def targets(self) -> np.ndarray:
        """Return the number at the optimum of each run's penalty (n_runs,)."""
        return np.array([self.optimum(penalty) for penalty in self.penalties])

    def readout(self, style: Style) -> Readout | None:
        return Readout.still(self.note) if self.note else None

    def compose(self, axes: Axes, style: Style) -> Iterator[Mark]:
        grid = self._set_penalty_axis(axes, style)
        curve = np.stack([grid, [self.optimum(float(penalty)) for penalty in grid]], axis=-1)
        known = np.append(curve[:, 1], [] if self.reference is None else self.reference)
        reach = 3 * max(float(np.ptp(known)), float(np.abs(known).max(initial=0.0)), 1e-12)
        start = np.clip(self.values[0], known.min() - reach, known.max() + reach)
        low, high = padded(np.concatenate([known, start]), 0.1)
        axes.set_ylim(low, high)
        set_ticks(axes, style, "y", few_ticks(low, high, int(axes.bbox.height / (5.5 * style.label_px))))
        yield Line(curve, color="muted", width=(2.2, 1.2), layer=2)
        if self.reference is not None:
            yield Rule(y=self.reference, dash="dashed", layer=1)
            name = style.fit(self.reference_name, style.label_px, 0.6 * axes.bbox.width)
            if name:
                level = np.stack([grid, np.full(len(grid), self.reference)], axis=-1)
                dots = np.stack([self.penalties, np.clip(self.values[0], low, high)], axis=-1)
                yield from corner_texts(
                    axes, style, np.concatenate([curve, level, dots]), [f"\u2504 {name}"], ["muted"]
                )
        for index, (run, penalty) in enumerate(zip(self.runs, self.penalties, strict=True)):
            values = np.asarray(self.values)[:, index]
            held = np.where((values >= low) & (values <= high), values, np.nan)
            yield Points(
                _over(penalty, held, run), color=run.role, size=(11, 6), edge_width=(1.6, 0.9), layer=8, clip=False
            )

    def _set_penalty_axis(self, axes: Axes, style: Style) -> np.ndarray:
        """Set the axis of penalties; return those (k,) at which the curve is drawn."""
        positive = [penalty for penalty in self.penalties if penalty > 0] or [1.0]
        smallest, largest = min(positive), max(positive)
        axes.set_xscale("symlog", linthresh=smallest / 2, linscale=0.35)
        axes.set_xlim(-smallest / 10, 4 * largest)
        labels = {f"{penalty:g}": float(penalty) for penalty in sorted(self.penalties)}
        set_ticks(axes, style, "x", list(labels.values()), list(labels))
        if not style.compact:
            axes.set_xlabel("penalty λ")
        return np.concatenate([[0.0], np.geomspace(smallest / 10, 4 * largest, N_CURVE)])


def _over(x: float, values: np.ndarray, run: Run) -> Callable[[int], list[list[float]]]:
    return lambda update: [[x, float(values[run.at(update)])]]


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
