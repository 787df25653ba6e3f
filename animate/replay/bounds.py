"""Boxes that contain every pixel a call of the compiled canvas can touch: perhaps too large, never too small."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.path import Path
from numpy.typing import NDArray

from animate.replay.tiles import NOTHING, Box

Matrix = NDArray[np.float64]
"""An affine transform, shape (3, 3)."""


class Bounds:
    """The box of each kind of call, in a method of the same name, not yet clipped.

    The arguments of the methods are those of the canvas. The pixel rows of boxes count from the top, coordinates of
    paths and images from the bottom.

    Parameters
    ----------
    width, height : int
        Size of the canvas in pixels.
    dpi : float
        Resolution in dots per inch.
    """

    def __init__(self, width: int, height: int, dpi: float) -> None:
        self._height, self.pixels_per_point = height, dpi / 72
        self.canvas = Box(0, 0, width, height)

    def clip(self, rectangle: Any) -> Box:
        """Return the box that a clip rectangle leaves."""
        if not any(rectangle.extents):  # Agg does not clip if all four are zero
            return self.canvas
        return self._box(rectangle.xmin, rectangle.ymin, rectangle.xmax, rectangle.ymax)

    def draw_path(self, context: Any, path: Path, matrix: Matrix, _face: Any = None) -> Box:
        """Return the box of the path, widened by its line."""
        if context.get_sketch_params() is not None or has_spikes(path, matrix):
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
        if context.get_sketch_params() is not None or has_spikes(marker, marker_matrix):
            return self.canvas
        left, bottom, right, top = (one + other for one, other in zip(at, shape, strict=True))
        return self._box(left, bottom, right, top, margin=self.margin(context) + 1)

    def draw_path_collection(
        self, _context: Any, _matrix: Matrix, paths: Sequence[Path], *_others: Any, **_more: Any
    ) -> Box:
        """Return the whole canvas, or an empty box if there are no paths."""
        return self.canvas if len(paths) else NOTHING

    def draw_image(self, _context: Any, x: float, y: float, image: NDArray[Any], *_arguments: Any) -> Box:
        """Return the box that the image covers."""
        rows, columns = np.shape(image)[:2]
        return self._box(x, y, x + columns, y + rows, margin=2)

    def glyphs(self, glyphs: Sequence[Any]) -> Box:
        """Return the box of glyphs, whose y counts from the top; a rotated glyph stays within a circle."""
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
        """Return the greatest distance of a line's ink from its path, in pixels.

        That is half the width times the miter limit, which matplotlib sets to the width itself, and at least twice the
        width; plus the effect of snapping.
        """
        width = float(context.get_linewidth()) * self.pixels_per_point
        return width * max(2.0, width / 2 if context.get_joinstyle() == "miter" else 0.0) + 2.0

    def box_around(self, points: NDArray[np.float64], margin: float) -> Box:
        """Return the box around points, widened on all sides.

        Parameters
        ----------
        points : array, shape (n, 2), n > 0
            Finite coordinates in pixels; y counts from the top.
        margin : float
            In pixels.
        """
        left, top, right, bottom = _ends(points)
        return self._box_from_top(left, top, right, bottom, margin)

    def _box(self, left: float, bottom: float, right: float, top: float, margin: float = 1) -> Box:
        """Return the box between two corners whose y counts from the bottom."""
        if not math.isfinite(left + bottom + right + top + margin):
            return self.canvas
        return self._box_from_top(left, self._height - top, right, self._height - bottom, margin)

    def _box_from_top(self, left: float, top: float, right: float, bottom: float, margin: float) -> Box:
        low, high = math.floor(left - margin), math.floor(top - margin)
        return Box(low, high, math.ceil(right + margin) + 1, math.ceil(bottom + margin) + 1).common(self.canvas)


def has_spikes(path: Path, matrix: Matrix) -> bool:
    """Return whether the outline that Agg makes of a path may extend from it in a spike along one of its lines.

    Agg joins the outlines of two consecutive lines where they intersect. If the lines are nearly parallel, only
    rounding errors remain of the difference of their directions, and the intersection may lie anywhere. Such a spike is
    thin and shows as one level of gray. It occurs with three points on a slanted line, a curve that is straight, and
    two points that nearly coincide.

    Parameters
    ----------
    path : Path
        The path.
    matrix : array, shape (3, 3)
        Its transform to pixels.
    """
    points: Any = path.vertices
    codes: Any = path.codes
    if len(points) < 3:
        return False
    with np.errstate(all="ignore"):  # no line begins or ends at a point that is not finite
        points = points @ matrix[:2, :2].T
        if codes is None:
            return _goes_on(points, None)
        starts = np.flatnonzero(codes == Path.MOVETO).tolist()
        if len(starts) > _MOST_PARTS:
            return True
        ends = [*starts[1:], len(points)]
        parts = [slice(start, end) for start, end in zip(starts, ends, strict=True)]
        if codes.max() <= Path.LINETO:  # neither curves nor closed: consecutive points are all joined
            return any(_goes_on(points[part], None) for part in parts)
        return any(_goes_on(*_closed(points[part], codes[part].tolist())) for part in parts)


_MOST_PARTS = 40
_SAME_DIRECTION, _SAME_PLACE = 1e-7, 1e-4
"""The sine of an angle, and a distance in pixels, below which rounding may matter; it begins at some 1e-13."""


def _closed(points: NDArray[np.float64], codes: list[int]) -> tuple[NDArray[np.float64], NDArray[np.bool_] | None]:
    """Return the points of one part of a path, closed if it is closed, and whether neighbors are joined at each point.

    Each point within a curve counts as joined to the next one. The end of a curve does not, since the path bends there.
    """
    joined, i = [True] * len(codes), 1
    while i < len(codes):
        n = 2 if codes[i] == Path.CURVE3 else 3 if codes[i] == Path.CURVE4 else 1
        if n > 1:
            joined[i - 1] = False
            if i + n - 1 < len(codes):
                joined[i + n - 1] = False
        i += n
    if Path.CLOSEPOLY in codes:
        end = codes.index(int(Path.CLOSEPOLY))
        points = np.concatenate([points[:end], points[:2]])
        joined = [*joined[:end], joined[0], True]
    return points, np.array(joined)


def _goes_on(points: NDArray[np.float64], joined: NDArray[np.bool_] | None) -> bool:
    """Return whether a line continues in nearly its own direction at any point where it is joined to the next."""
    along, up = np.diff(points[:, 0]), np.diff(points[:, 1])
    size = np.abs(along) + np.abs(up)
    moves = size != 0  # Agg skips repeated points; nan counts as a move
    if not moves.all():
        along, up, size = along[moves], up[moves], size[moves]
        joined = None if joined is None else joined[1:][moves]
    elif joined is not None:
        joined = joined[1:]
    if (size < _SAME_PLACE).any():
        return True
    scale = size[:-1] * size[1:]
    across = np.abs(along[:-1] * up[1:] - up[:-1] * along[1:])
    same = across <= _SAME_DIRECTION * scale  # false for nan
    if not same.any():
        return False
    same &= along[:-1] * along[1:] + up[:-1] * up[1:] > 0
    same &= ((along[:-1] != 0) | (along[1:] != 0)) & ((up[:-1] != 0) | (up[1:] != 0))  # none along an axis
    return bool((same if joined is None else same & joined[:-1]).any())


def _extent(path: Path, matrix: Matrix) -> tuple[float, float, float, float] | None:
    """Return (left, bottom, right, top) of a path's points and control points; None if there are none."""
    points: Any = path.vertices
    codes: Any = path.codes
    if codes is not None:
        points = points[codes != Path.CLOSEPOLY]  # the point of a CLOSEPOLY is not drawn
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
    x, y = points.T  # one at a time: reducing both at once takes numpy forty times as long
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())
