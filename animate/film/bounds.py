"""A box that holds every pixel a call of the compiled canvas can touch: too large perhaps, never too small."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.path import Path
from numpy.typing import NDArray

from animate.film.tiles import NOTHING, Box

Matrix = NDArray[np.float64]
"""An affine transform, shape (3, 3)."""


class Bounds:
    """The box of each kind of call, by the name of the call; without the clip of its context.

    Parameters
    ----------
    width, height : int
        Of the canvas, in pixels.
    dpi : float
    """

    def __init__(self, width: int, height: int, dpi: float) -> None:
        self._height, self.pixels_per_point = height, dpi / 72
        self.canvas = Box(0, 0, width, height)

    def clip(self, rectangle: Any) -> Box:
        """Return what a clip rectangle leaves."""
        if not any(rectangle.extents):  # Agg takes all zeros for no clipping
            return self.canvas
        return self._box(rectangle.xmin, rectangle.ymin, rectangle.xmax, rectangle.ymax)

    def draw_path(self, context: Any, path: Path, matrix: Matrix, _face: Any = None) -> Box:
        """Return the path's own box, widened by the line."""
        if context.get_sketch_params() is not None:
            return self.canvas
        points = _extent(path, matrix)
        return NOTHING if points is None else self._box(*points, margin=self.margin(context))

    def draw_markers(
        self, context: Any, marker: Path, marker_matrix: Matrix, path: Path, matrix: Matrix, _face: Any = None
    ) -> Box:
        """Return the box of all positions, widened by the marker."""
        at, shape = _extent(path, matrix), _extent(marker, marker_matrix)
        if at is None or shape is None:
            return NOTHING
        if context.get_sketch_params() is not None:
            return self.canvas
        left, bottom, right, top = (one + other for one, other in zip(at, shape, strict=True))
        return self._box(left, bottom, right, top, margin=self.margin(context) + 1)

    def draw_path_collection(
        self, _context: Any, _matrix: Matrix, paths: Sequence[Path], *_others: Any, **_more: Any
    ) -> Box:
        """Return the whole canvas, unless there is nothing to draw."""
        return self.canvas if len(paths) else NOTHING

    def draw_image(self, _context: Any, x: float, y: float, image: NDArray[Any], *_arguments: Any) -> Box:
        """Return the box the image covers."""
        rows, columns = np.shape(image)[:2]
        return self._box(x, y, x + columns, y + rows, margin=2)

    def glyphs(self, glyphs: Sequence[Any]) -> Box:
        """Return the box of glyphs, whose y counts from the top; one that is turned stays in a circle."""
        box = NOTHING
        for image, x, y, angle in glyphs:
            rows, columns = image.shape
            if not rows or not columns:  # a space
                continue
            left = down = 0
            if angle:
                left = down = rows = columns = rows + columns
            box = box.union(Box(int(x) - left - 2, int(y) - rows - 2, int(x) + columns + 3, int(y) + down + 3))
        return box

    def margin(self, context: Any) -> float:
        """Return how far a line's ink can lie from its path, in pixels.

        Half the width, four times that at a mitered corner (where Agg cuts it off), and what snapping moves.
        """
        return 2.0 * float(context.get_linewidth()) * self.pixels_per_point + 2.0

    def around(self, points: NDArray[np.float64], margin: float) -> Box:
        """Return the box of finite points that count from the top, shape (n, 2), n > 0, widened on all sides."""
        left, top, right, bottom = _ends(points)
        return self._box_from_top(left, top, right, bottom, margin)

    def _box(self, left: float, bottom: float, right: float, top: float, margin: float = 1) -> Box:
        """Return the box between two points that count from the bottom."""
        if not math.isfinite(left + bottom + right + top + margin):
            return self.canvas
        return self._box_from_top(left, self._height - top, right, self._height - bottom, margin)

    def _box_from_top(self, left: float, top: float, right: float, bottom: float, margin: float) -> Box:
        low, high = math.floor(left - margin), math.floor(top - margin)
        return Box(low, high, math.ceil(right + margin) + 1, math.ceil(bottom + margin) + 1).common(self.canvas)


def _extent(path: Path, matrix: Matrix) -> tuple[float, float, float, float] | None:
    """Return left, bottom, right and top of a path's points, control points included; None where there are none."""
    points: Any = path.vertices
    codes: Any = path.codes
    if codes is not None:
        points = points[codes != Path.CLOSEPOLY]  # its point is not drawn to
    if not len(points):
        return None
    (a, c, e), (b, d, f) = matrix[:2].tolist()
    if b or c:
        points, a, d = points @ matrix[:2, :2].T, 1.0, 1.0
    left, bottom, right, top = _ends(points)
    if not math.isfinite(left + bottom + right + top):
        finite = points[np.isfinite(points).all(axis=1)]
        if not len(finite):
            return None
        left, bottom, right, top = _ends(finite)
    sides, ends = (a * left + e, a * right + e), (d * bottom + f, d * top + f)
    return min(sides), min(ends), max(sides), max(ends)


def _ends(points: NDArray[np.float64]) -> tuple[float, float, float, float]:
    x, y = points.T  # one after the other: along both at once numpy takes forty times as long
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())
