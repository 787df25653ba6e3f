"""A line through many points, of which single pieces are drawn, and of which is known what changed when it grew.

Agg makes the outline of a line out of the offsets and joins of its points, each of which depends on its neighbors
alone; adds up, in whole numbers, what every edge of the outline covers in every pixel; and derives the pixels from
the sums. The edges of what is left out of a piece go round no pixel that the left out part does not touch, so
there they add up to nothing: wherever a piece has all of its points, and one more at either end, its pixels are
those of the whole line, to the last bit.

That holds for what Agg makes of the points before it draws: it leaves out and merges points (*simplifies*) from the
first one on. So that is done first, by matplotlib itself, for the whole line.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Any

import numpy as np
from matplotlib.path import Path
from matplotlib.transforms import Affine2D
from numpy.typing import NDArray

from animate.replay.bounds import Bounds, has_spikes
from animate.replay.tiles import Box

FEWEST_POINTS = 1000
"""Shorter lines are drawn as a whole: Agg is done with them before a piece is cut out."""

_WORTHWHILE = 0.6
"""A piece with a larger share of the line's points is not worth being cut out."""

_NEAREST = 1e-9
"""How near, in pixels, two neighbors may lie, or at the same place."""

_STRAIGHT = frozenset({Path.MOVETO, Path.LINETO})


class Polyline:
    """What Agg makes of one solid line.

    Parameters
    ----------
    path : Path
        The line's points as Agg draws them, in pixels from the top.
    context : GraphicsContextBase
        What it is drawn with, without snapping.
    bounds : Bounds
    """

    def __init__(self, path: Path, context: Any, bounds: Bounds) -> None:
        points: Any = path.vertices
        codes: Any = path.codes
        self.points: NDArray[np.float64] = points
        self.is_start: NDArray[np.bool_] = codes == Path.MOVETO
        self._path, self._context, self._bounds = path, context, bounds
        self._margin = bounds.margin(context)
        self.box = bounds.parent(points, self._margin)
        """What it can touch, but for its clip."""
        self._flip = np.array([[1.0, 0.0, 0.0], [0.0, -1.0, bounds.canvas.bottom], [0.0, 0.0, 1.0]])
        """Undoes Agg's own flip: both are joined, to no change at all, before any point is touched."""

    def draw(self, draw_path: Callable[..., None], box: Box) -> None:
        """Draw what touches a box; anywhere else any part of the line may be drawn."""
        draw_path(self._context, self._piece(box), self._flip, None)

    def _piece(self, box: Box) -> Path:
        """Return the points of all lines that come near a box, and the one before and after."""
        x, y = self.points.T
        margin = 2 * self._margin
        near = ~(_apart(x, box.left - margin, box.right + margin) | _apart(y, box.top - margin, box.bottom + margin))
        near &= ~self.is_start[1:]  # line i goes from point i to point i + 1
        lines = np.flatnonzero(near)
        if len(lines) > _WORTHWHILE * len(near):
            return self._path
        wanted = np.zeros(len(x) + 2, bool)  # point i at place i + 1
        for shift in range(4):
            wanted[lines + shift] = True
        wanted = wanted[1:-1]
        is_start = self.is_start | ~np.concatenate([[False], wanted[:-1]])
        codes = np.where(is_start, Path.MOVETO, Path.LINETO).astype(Path.code_type)
        return unsimplified(self.points[wanted], codes[wanted])

    def changed(self, before: Polyline) -> Box:
        """Return the box in which it may differ from what it was before, both drawn with equal contexts."""
        n = min(len(self.points), len(before.points))
        differs = (self.points[:n] != before.points[:n]).any(axis=1) | (self.is_start[:n] != before.is_start[:n])
        n_same = int(differs.argmax()) if differs.any() else n
        first = max(0, n_same - 2)  # the join at the last equal point differs, and so do the lines that meet there
        ends = np.concatenate([self.points[first:], before.points[first:]])
        return self._bounds.parent(ends, self._margin)


def polyline(context: Any, path: Path, matrix: NDArray[np.float64], bounds: Bounds) -> Polyline | None:
    """Return what a call of ``draw_path`` without a face draws, or None where that is no line to draw pieces of."""
    raw: Any = path.vertices
    if len(raw) < FEWEST_POINTS or not _is_plain(context, path):
        return None
    flipped = matrix.copy()
    flipped[1] *= -1
    flipped[1, 2] += bounds.canvas.bottom
    width = float(context.get_linewidth()) * bounds.pixels_per_point if context.get_rgb()[3] else 0.0
    cleaned = path.cleaned(
        Affine2D(flipped), True, simplify=path.should_simplify, stroke_width=width, snap=context.get_snap()
    )
    points: Any = cleaned.vertices
    codes: Any = cleaned.codes
    points, codes = points[:-1], codes[:-1]  # the last only says that there are no more
    x, y = points.T
    left, top, right, bottom = bounds.canvas
    if len(x) < 2 or x.min() < left or y.min() < top or x.max() > right or y.max() > bottom:
        return None  # Agg would cut it at the canvas, before it simplifies
    steps = np.maximum(np.abs(np.diff(x)), np.abs(np.diff(y)))
    again = (steps == 0) & (codes[1:] == Path.LINETO)
    if (steps[~again] < _NEAREST).any():
        return None  # Agg passes over points that are as good as equal
    if again.any():  # and so it does here
        fresh = np.concatenate([[True], ~again])
        points, codes = points[fresh], codes[fresh]
    clean = unsimplified(points, codes)
    if has_spikes(clean, np.eye(3)):
        return None  # a spike may reach where no line comes near
    unsnapped = copy(context)
    unsnapped.set_snap(False)
    return Polyline(clean, unsnapped, bounds)


def _is_plain(context: Any, path: Path) -> bool:
    codes: Any = path.codes
    return (
        context.get_sketch_params() is None
        and context.get_hatch() is None
        and context.get_dashes()[1] is None
        and path.simplify_threshold < 1
        and (codes is None or _STRAIGHT.issuperset(codes.tolist()))
    )


def _apart(values: NDArray[np.float64], low: float, high: float) -> NDArray[np.bool_]:
    """Return for each two neighbors whether both lie below an interval, or both above it."""
    below, above = values < low, values > high
    apart: NDArray[np.bool_] = (below[1:] & below[:-1]) | (above[1:] & above[:-1])
    return apart


def unsimplified(points: NDArray[np.float64], codes: Any) -> Path:
    """Return the path through points, to be drawn as they are."""
    path = Path(points, codes)
    path.should_simplify = False
    return path
