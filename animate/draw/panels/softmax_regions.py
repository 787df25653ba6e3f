"""Several classes over two features: the region of each, the boundaries they share, and the wrong points."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Polygon

from animate.draw.formatting import readable
from animate.draw.panels.base import Panel, padded, plain_axes, set_limits
from animate.draw.panels.classes import CLASS_MARKS, name_classes, plot_class, ring
from animate.draw.panels.fields import Bands, Field, line_collection
from animate.draw.panels.regions import boundary_line, half_plane
from animate.draw.panels.verdicts import share_readout
from animate.draw.readout import Readout
from animate.draw.run import Run
from animate.draw.style import Style
from animate.learn.softmax import SoftmaxProblem, softmax

SURE = (0.75, 0.9)
_STRENGTHS = (0.08, 0.16, 0.24)


@dataclass(kw_only=True)
class SoftmaxRegions(Panel):
    """The region in which each class is the likeliest, darker where its probability passes 75 and 90 %.

    Boundaries are where the two likeliest classes are equally likely. Wrong points are ringed; a marked point has a
    larger ring in ink.

    Parameters
    ----------
    problem : SoftmaxProblem
        Two features, two or three classes.
    run : Run
        The descent whose model is shown.
    marked : int, optional
        The row of a point that another panel looks at.
    """

    problem: SoftmaxProblem
    run: Run
    marked: int | None = None

    def readout(self, style: Style) -> Readout:
        def count(update: int) -> tuple[int, int]:
            matrix = self._matrix(update)
            right = int(self._is_right(matrix).sum()) if np.ptp(matrix, axis=0).any() else 0
            return right, self.problem.data.n_samples - right if right else 0

        return share_readout(self.problem.data.n_samples, count, style)

    def create(self, axes: Axes, style: Style) -> None:
        theme, data = style.theme, self.problem.data
        plain_axes(axes, style)
        x, y = padded(data.X[:, 0], 0.06), padded(data.X[:, 1], 0.06)
        set_limits(axes, style, x=x, y=y)
        axes.set_xlabel(readable(data.feature_names[0]))
        axes.set_ylabel(readable(data.feature_names[1]))
        self._corners = np.array([[x[0], y[0]], [x[1], y[0]], [x[1], y[1]], [x[0], y[1]]])
        self._field = Field(axes, style.px(8, least=5))
        roles = [role for role, _ in CLASS_MARKS[: data.n_classes]]
        self._regions = [
            Polygon(self._corners, closed=True, facecolor=theme.tint(role, _STRENGTHS[0]), linewidth=0, zorder=0.4)
            for role in roles
        ]
        for region in self._regions:
            axes.add_patch(region)
        self._bands = Bands(axes, [theme.tint(role, strength) for strength in _STRENGTHS[1:] for role in roles])
        self._boundaries = line_collection(axes, theme.ink, style.px(4, least=2.2), 4, capstyle="round")
        for index in range(data.n_classes):
            plot_class(axes, style, *data.X[data.labels == index].T, index=index)
        across = np.linspace(0.0, 1.0, 60)[:, None]
        ends = self._boundary_segments(self._matrix(self.run.trajectory.n_updates))
        barred = [start + across * (end - start) for start, end in ends]
        avoid = np.concatenate(barred) if barred else None
        name_classes(axes, style, data.X, data.labels, data.class_names, avoid=avoid)
        self._rings = ring(axes, style)
        self._mark(axes, style)

    def show(self, update: int) -> None:
        matrix = self._matrix(update)
        undecided = not np.ptp(matrix, axis=0).any()
        for index, region in enumerate(self._regions):
            region.set_visible(not undecided)
            region.set_xy(self._region(matrix, index))
        probabilities = softmax(self._field.points @ matrix[:, :-1].T + matrix[:, -1])
        self._bands.show([self._field.above(column, level) for level in SURE for column in probabilities.T])
        self._boundaries.set_segments(self._boundary_segments(matrix))
        is_wrong = ~self._is_right(matrix) & (not undecided)
        self._rings.set_data(*self.problem.data.X[is_wrong].T)

    def _matrix(self, update: int) -> np.ndarray:
        """Return each class's [weights..., intercept] in the data's units."""
        return np.nan_to_num(self.problem.in_units(self.run.trajectory.params[self.run.at(update)]))

    def _is_right(self, matrix: np.ndarray) -> np.ndarray:
        data = self.problem.data
        says = (data.X @ matrix[:, :-1].T + matrix[:, -1]).argmax(axis=1)
        return np.asarray(says == data.labels)

    def _region(self, matrix: np.ndarray, index: int) -> np.ndarray:
        """Return the corners of the part of the axes in which a class is the likeliest."""
        region = self._corners
        for other in range(len(matrix)):
            if other != index:
                ahead = matrix[index] - matrix[other]
                region = half_plane(region, ahead[:-1], ahead[-1])
        return region

    def _boundary_segments(self, matrix: np.ndarray) -> list[np.ndarray]:
        if not np.ptp(matrix, axis=0).any():
            return []
        found = [self._boundary(matrix, first, second) for first, second in combinations(range(len(matrix)), 2)]
        return [segment for segment in found if len(segment)]

    def _boundary(self, matrix: np.ndarray, first: int, second: int) -> np.ndarray:
        """Return the ends (2, 2) of where two classes are equally likely and no other is likelier, or none (0, 2)."""
        ahead = matrix[first] - matrix[second]
        segment = boundary_line(self._corners, ahead[:-1], ahead[-1])
        for other in range(len(matrix)):
            if other not in (first, second) and len(segment):
                lead = matrix[first] - matrix[other]
                segment = clipped(segment, lead[:-1], lead[-1])
        return segment

    def _mark(self, axes: Axes, style: Style) -> None:
        if self.marked is not None:
            x, y = self.problem.data.X[self.marked]
            axes.plot(
                [x], [y], linestyle="none", marker="o", markersize=style.px(24, least=13), markerfacecolor="none",
                markeredgecolor=style.theme.ink, markeredgewidth=style.px(2.4, least=1.5), zorder=7,
            )  # fmt: skip


def clipped(segment: np.ndarray, weights: np.ndarray, intercept: float) -> np.ndarray:
    """Return the part of a segment (2, 2) where weights . x + intercept >= 0: its ends (2, 2), or none (0, 2).

    >>> clipped(np.array([[0.0, 0.0], [2.0, 0.0]]), np.array([1.0, 0.0]), -0.5).tolist()
    [[0.5, 0.0], [2.0, 0.0]]
    """
    start, end = segment @ weights + intercept
    if start < 0 and end < 0:
        return np.empty((0, 2))
    if start >= 0 and end >= 0:
        return segment
    crossing = segment[0] + (segment[1] - segment[0]) * start / (start - end)
    return np.array([segment[0], crossing] if start >= 0 else [crossing, segment[1]])
