"""A box that holds every pixel a call of the compiled canvas can touch: too large perhaps, never too small."""

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

        Half the width times what a mitered corner may have, which matplotlib sets to the width itself, and at least
        twice the width; and what snapping moves.
        """
        width = float(context.get_linewidth()) * self.pixels_per_point
        return width * max(2.0, width / 2 if context.get_joinstyle() == "miter" else 0.0) + 2.0

    def parent(self, points: NDArray[np.float64], margin: float) -> Box:
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


def has_spikes(path: Path, matrix: Matrix) -> bool:
    """Return whether the outline that Agg makes of a path may leave it in a spike along one of its lines.

    Where two lines go on in nearly the same direction, Agg joins their outlines where they meet; and where they are
    as good as parallel that is anywhere, for of the difference of their directions nothing but rounding is left. Such
    a spike is thin, and shows as one level of gray. It comes with three points on a slanted line, a curve that is
    straight, and two points that are nearly one.
    """
    points: Any = path.vertices
    codes: Any = path.codes
    if len(points) < 3:
        return False
    with np.errstate(all="ignore"):  # where a point is not finite no line begins or ends
        points = points @ matrix[:2, :2].T
        if codes is None:
            return _goes_on(points, None)
        starts = np.flatnonzero(codes == Path.MOVETO).tolist()
        if len(starts) > _MOST_PARTS:
            return True
        ends = [*starts[1:], len(points)]
        parts = [slice(start, end) for start, end in zip(starts, ends, strict=True)]
        if codes.max() <= Path.LINETO:  # neither curves nor closed: points that are all joined
            return any(_goes_on(points[part], None) for part in parts)
        return any(_goes_on(*_closed(points[part], codes[part].tolist())) for part in parts)


_MOST_PARTS = 40
_SAME_DIRECTION, _SAME_PLACE = 1e-7, 1e-4
"""The sine of an angle, and pixels, below which rounding may count: it begins at some 1e-13."""


def _closed(points: NDArray[np.float64], codes: list[int]) -> tuple[NDArray[np.float64], NDArray[np.bool_] | None]:
    """Return the points of one part of a path, gone round where it is closed, and where neighbors are joined there.

    Within a curve, each of its points counts as joined to the next; where it ends it does not, since it is bent there.
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
    """Return whether a line goes on in as good as its direction at any point where it is joined to the next."""
    along, up = np.diff(points[:, 0]), np.diff(points[:, 1])
    size = np.abs(along) + np.abs(up)
    moves = size != 0  # Agg passes over a point that is there twice; nan moves too
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
    same &= ((along[:-1] != 0) | (along[1:] != 0)) & ((up[:-1] != 0) | (up[1:] != 0))  # along an axis there is none
    return bool((same if joined is None else same & joined[:-1]).any())


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
