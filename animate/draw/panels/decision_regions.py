"""Classes over two features as a model predicts them: probability bands, boundaries and wrong points."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any, ClassVar

import numpy as np
from matplotlib.axes import Axes

from animate.draw.formatting import readable
from animate.draw.marks import Bands, Isolines, Line, Mark, Polygon, Ring, Segments, Span, latest
from animate.draw.marks.fields import FieldGrid
from animate.draw.marks.points import drawn_rows_of_classes
from animate.draw.panels.base import Panel, padded, set_limits
from animate.draw.panels.classes import CLASS_MARKS, class_names, class_points, share_readout, share_right, verdicts
from animate.draw.readout import Readout
from animate.draw.run import Run
from animate.draw.style import Style
from animate.learn.data import ClassificationData
from animate.learn.half_planes import boundary_line, box_corners, clipped, half_plane
from animate.learn.network import NetworkProblem
from animate.learn.problems import LogisticProblem
from animate.learn.softmax import SoftmaxProblem, softmax

BAND_PROBABILITIES = (0.1, 0.25, 0.5, 0.75, 0.9)
CONFIDENT = (0.75, 0.9)
_LEVELS = tuple(float(np.log(p / (1 - p))) for p in BAND_PROBABILITIES)
_STRENGTHS = (24, 16, 8)
_BAND_COLORS = (*(f"class_a {s}%" for s in _STRENGTHS), *(f"class_b {s}%" for s in _STRENGTHS[::-1]))
_CELL = (7.0, 4.0)


def _set_feature_axes(axes: Axes, style: Style, data: ClassificationData, margin: float) -> np.ndarray:
    """Set the limits around two features and name them; return the corners of the window."""
    x, y = padded(data.X[:, 0], margin), padded(data.X[:, 1], margin)
    set_limits(axes, style, x=x, y=y)
    axes.set_xlabel(style.axis_name(readable(data.feature_names[0]), axes.bbox.width))
    axes.set_ylabel(style.axis_name(readable(data.feature_names[1]), axes.bbox.height))
    return box_corners(x, y)


def _points(data: ClassificationData, n_classes: int = 2) -> Iterator[Mark]:
    for index in range(n_classes):
        yield class_points(data.X[data.labels == index], index)


def _drawn(data: ClassificationData) -> tuple[np.ndarray, np.ndarray]:
    """Return features and labels of the points that are drawn."""
    rows = drawn_rows_of_classes(data.labels)
    return data.X[rows], data.labels[rows]


def _along(ends: list[np.ndarray]) -> np.ndarray:
    """Return points (k, 2) on segments."""
    across = np.linspace(0.0, 1.0, 60)[:, None]
    return np.concatenate([np.empty((0, 2)), *(start + across * (end - start) for start, end in ends)])


@dataclass(kw_only=True)
class Regions(Panel):
    """Probability bands of a logistic model over two features, its boundary, and the points.

    Parameters
    ----------
    problem : LogisticProblem
        Two features and two classes.
    run : Run
        The descent whose model is shown.
    """

    aspects: ClassVar[tuple[float, float]] = (0.8, 1.5)
    problem: LogisticProblem
    run: Run

    def readout(self, style: Style) -> Readout:
        return share_right(self.problem, self.run, style)

    def compose(self, axes: Axes, style: Style) -> Iterator[Mark]:
        data, params = self.problem.data, self.problem.in_units(self.run.trajectory.params)
        corners = _set_feature_axes(axes, style, data, 0.06)

        @latest
        def model(update: int) -> tuple[np.ndarray, float]:
            *weights, intercept = params[self.run.at(update)]
            return np.array(weights), float(intercept)

        def band(level: float) -> Callable[[int], np.ndarray]:
            def part(update: int) -> np.ndarray:
                weights, intercept = model(update)
                return half_plane(corners, weights, intercept - level) if weights.any() else corners[:0]

            return part

        X, labels = _drawn(data)

        def wrong(update: int) -> np.ndarray:
            weights, intercept = model(update)
            return np.asarray(X[verdicts(X @ weights + intercept, labels) < 0])

        for level, color in zip((-np.inf, *_LEVELS), _BAND_COLORS, strict=True):
            yield Polygon(band(level), color=color, layer=0.5, name="regions")
        yield Line(
            lambda update: boundary_line(corners, *model(update)), color="first", width=(4, 2.2), name="boundary"
        )
        yield from _points(data)
        line = boundary_line(corners, *model(self.run.trajectory.n_updates))
        avoid = _along([line] if len(line) else [])
        yield from class_names(axes, style, data.X, data.labels, data.class_names, avoid=avoid)
        yield Ring(wrong, color="wrong", name="wrong")


@dataclass(kw_only=True)
class DecisionMap(Panel):
    """Probability bands of a model of any shape over two features, its boundary, the points, and lines it consists of.

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

    aspects: ClassVar[tuple[float, float]] = (0.8, 1.5)
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

    def compose(self, axes: Axes, style: Style) -> Iterator[Mark]:
        data = self.data
        corners = _set_feature_axes(axes, style, data, 0.08)
        grid = FieldGrid(axes, style.length(_CELL))
        on_grid = latest(lambda update: self.logits(self._params(update), grid.points))

        def field(points: np.ndarray, update: int) -> np.ndarray:  # noqa: ARG001 - those of the grid
            return on_grid(update)

        def ends(update: int) -> np.ndarray:
            lines = [] if self.lines is None else np.nan_to_num(self.lines(self._params(update)))
            found = [boundary_line(corners, line[:2], line[2]) for line in lines]
            return np.array([segment for segment in found if len(segment)] or np.empty((0, 2, 2)))

        yield Span(y=axes.get_ylim(), color=_BAND_COLORS[0], name="regions")
        yield Bands(field, _LEVELS, colors=_BAND_COLORS[1:], cell=_CELL, name="regions")
        yield Segments(ends, color="ink 60%", width=(2.0, 1.1), dash=(5, 3), cap=None, layer=3, name="lines")
        yield Isolines(field, (0.0,), color="first", width=(4, 2.2), cell=_CELL, name="boundary")
        yield from _points(data)
        last = np.nan_to_num(on_grid(self.run.trajectory.n_updates), posinf=1e6, neginf=-1e6)
        avoid = np.concatenate([np.empty((0, 2)), *grid.lines(last, 0.0)])
        yield from class_names(axes, style, data.X, data.labels, data.class_names, avoid=avoid)
        X, labels = _drawn(data)
        yield Ring(
            lambda update: X[verdicts(self.logits(self._params(update), X), labels) < 0], color="wrong", name="wrong"
        )

    def _params(self, update: int) -> np.ndarray:
        return np.asarray(self.run.trajectory.params[self.run.at(update)])


@dataclass(kw_only=True)
class SoftmaxRegions(Panel):
    """The region in which each class is the most probable, darker where its probability passes 75 and 90 %.

    Boundaries are where the two most probable classes are equally probable. Wrong points are ringed; a marked point
    has a larger ring in ink.

    Parameters
    ----------
    problem : SoftmaxProblem
        Two features, two to six classes.
    run : Run
        The descent whose model is shown.
    marked : int, optional
        The row of a point that another panel shows.
    """

    aspects: ClassVar[tuple[float, float]] = (0.8, 1.5)
    problem: SoftmaxProblem
    run: Run
    marked: int | None = None

    def readout(self, style: Style) -> Readout:
        data = self.problem.data

        def count(update: int) -> tuple[int, int]:
            matrix = self._matrix(update)
            right = int(_is_right(matrix, data.X, data.labels).sum()) if _decides(matrix) else 0
            return right, data.n_samples - right if right else 0

        return share_readout(data.n_samples, count, style)

    def compose(self, axes: Axes, style: Style) -> Iterator[Mark]:
        data = self.problem.data
        corners = _set_feature_axes(axes, style, data, 0.06)
        roles = [role for role, _ in CLASS_MARKS[: data.n_classes]]
        for index, role in enumerate(roles):
            yield Polygon(self._region(corners, index), color=f"{role} {_STRENGTHS[-1]}%", layer=0.4, name="regions")
        cell = (8.0, 5.0)
        points = FieldGrid(axes, style.length(cell)).points
        on_grid = latest(lambda update: _probabilities(self._matrix(update), points))
        for level, strength in zip(CONFIDENT, _STRENGTHS[1::-1], strict=True):
            for index, role in enumerate(roles):
                yield Bands(
                    _column(on_grid, index), (level,), colors=(f"{role} {strength}%",), cell=cell, name="regions"
                )
        yield Segments(
            lambda update: self._boundaries(corners, update), width=(4, 2.2), cap="round", layer=4, name="boundary"
        )
        yield from _points(data, data.n_classes)
        avoid = _along(list(self._boundaries(corners, self.run.trajectory.n_updates)))
        yield from class_names(axes, style, data.X, data.labels, data.class_names, avoid=avoid)
        yield Ring(self._wrong, color="wrong", name="wrong")
        if self.marked is not None:
            yield Ring(data.X[[self.marked]], size=(24, 13), width=(2.4, 1.5), layer=7, name="marked")

    def _matrix(self, update: int) -> np.ndarray:
        """Return each class's [weights..., intercept] in the data's units."""
        return np.nan_to_num(self.problem.in_units(self.run.trajectory.params[self.run.at(update)]))

    def _wrong(self, update: int) -> np.ndarray:
        matrix, (X, labels) = self._matrix(update), _drawn(self.problem.data)
        return np.asarray(X[~_is_right(matrix, X, labels) & _decides(matrix)])

    def _region(self, corners: np.ndarray, index: int) -> Callable[[int], np.ndarray]:
        """Return from the update the corners of the part of the axes in which a class is the most probable."""

        def region(update: int) -> np.ndarray:
            matrix, part = self._matrix(update), corners
            for other in range(len(matrix)):
                if other != index:
                    ahead = matrix[index] - matrix[other]
                    part = half_plane(part, ahead[:-1], ahead[-1])
            return part if _decides(matrix) else corners[:0]

        return region

    def _boundaries(self, corners: np.ndarray, update: int) -> np.ndarray:
        """Return the segments (n, 2, 2) along which two classes are equally probable and no other is more so."""
        matrix, found = self._matrix(update), []
        for first, second in combinations(range(len(matrix)), 2) if _decides(matrix) else ():
            ahead = matrix[first] - matrix[second]
            segment = boundary_line(corners, ahead[:-1], ahead[-1])
            for other in range(len(matrix)):
                if other not in (first, second) and len(segment):
                    lead = matrix[first] - matrix[other]
                    segment = clipped(segment, lead[:-1], lead[-1])
            if len(segment):
                found.append(segment)
        return np.array(found or np.empty((0, 2, 2)))


def _is_right(matrix: np.ndarray, X: np.ndarray, labels: np.ndarray) -> np.ndarray:
    return np.asarray((X @ matrix[:, :-1].T + matrix[:, -1]).argmax(axis=1) == labels)


def _decides(matrix: np.ndarray) -> bool:
    """Return whether the classes of a model differ anywhere."""
    return bool(np.ptp(matrix, axis=0).any())


def _probabilities(matrix: np.ndarray, points: np.ndarray) -> np.ndarray:
    return np.asarray(softmax(points @ matrix[:, :-1].T + matrix[:, -1]))


def _column(on_grid: Callable[[int], np.ndarray], index: int) -> Callable[[np.ndarray, int], np.ndarray]:
    return lambda points, update: on_grid(update)[:, index]  # noqa: ARG005 - the points are those of the grid
