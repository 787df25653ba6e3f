"""Long lines that can be drawn in pieces, and compared point by point when they grow.

Agg builds the outline of a line from offsets and joins at its points, each of which depends only on the neighboring
points. It then adds up, in integers, the area that every edge of the outline covers in each pixel, and derives the
pixels from the sums. The contributions of an omitted part cancel wherever the part itself does not reach. A piece that
has all of the points near a region, and one more at either end, therefore gives exactly the pixels of the whole line.

This holds for the points that Agg draws. Before that it drops and merges points (*simplification*), beginning with the
first one, so matplotlib itself simplifies the whole line here before it is divided.
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
"""Shorter lines are drawn as a whole, because Agg draws them faster than a piece is cut out."""

_LARGEST_SHARE = 0.6
"""A piece with a larger share of the line's points is not worth cutting out."""

_NEAREST = 1e-9
"""The smallest distance of two neighbors in pixels, unless they coincide."""

_STRAIGHT = frozenset({Path.MOVETO, Path.LINETO})


class Polyline:
    """One solid line as Agg draws it.

    Parameters
    ----------
    path : Path
        The simplified points in pixels; y counts from the top.
    context : GraphicsContextBase
        The graphics context, with snapping off.
    bounds : Bounds
        The boxes of calls on the same canvas.
    """

    def __init__(self, path: Path, context: Any, bounds: Bounds) -> None:
        points: Any = path.vertices
        codes: Any = path.codes
        self.points: NDArray[np.float64] = points
        self.is_start: NDArray[np.bool_] = codes == Path.MOVETO
        self._path, self._context, self._bounds = path, context, bounds
        self._margin = bounds.margin(context)
        self.box = bounds.box_around(points, self._margin)
        """The box that the line can touch, not yet clipped."""
        self._flip = np.array([[1.0, 0.0, 0.0], [0.0, -1.0, bounds.canvas.bottom], [0.0, 0.0, 1.0]])
        """Cancels Agg's own flip exactly: the two are composed before they are applied to any point."""

    def draw(self, draw_path: Callable[..., None], box: Box) -> None:
        """Draw everything that touches a box; outside of it, any part of the line may be drawn.

        Parameters
        ----------
        draw_path : callable
            The method of the canvas.
        box : Box
            The pixels that must be complete.
        """
        draw_path(self._context, self._piece(box), self._flip, None)

    def _piece(self, box: Box) -> Path:
        """Return the points of all lines that come near a box, with one more at either end."""
        x, y = self.points.T
        margin = 2 * self._margin
        near = ~(_apart(x, box.left - margin, box.right + margin) | _apart(y, box.top - margin, box.bottom + margin))
        near &= ~self.is_start[1:]  # line i connects point i and point i + 1
        lines = np.flatnonzero(near)
        if len(lines) > _LARGEST_SHARE * len(near):
            return self._path
        wanted = np.zeros(len(x) + 2, bool)  # point i has index i + 1
        for shift in range(4):
            wanted[lines + shift] = True
        wanted = wanted[1:-1]
        is_start = self.is_start | ~np.concatenate([[False], wanted[:-1]])
        codes = np.where(is_start, Path.MOVETO, Path.LINETO).astype(Path.code_type)
        return unsimplified(self.points[wanted], codes[wanted])

    def changed(self, before: Polyline) -> Box:
        """Return the box in which the line may differ from another one drawn with an equal graphics context.

        Parameters
        ----------
        before : Polyline
            The line that this one replaces.
        """
        n = min(len(self.points), len(before.points))
        differs = (self.points[:n] != before.points[:n]).any(axis=1) | (self.is_start[:n] != before.is_start[:n])
        n_same = int(differs.argmax()) if differs.any() else n
        first = max(0, n_same - 2)  # the join at the last equal point differs, and so do the lines that meet there
        ends = np.concatenate([self.points[first:], before.points[first:]])
        return self._bounds.box_around(ends, self._margin)


def polyline(context: Any, path: Path, matrix: NDArray[np.float64], bounds: Bounds) -> Polyline | None:
    """Return the line that a call of ``draw_path`` without a face draws; None if it cannot be drawn in pieces.

    Parameters
    ----------
    context : GraphicsContextBase
        The graphics context of the call.
    path : Path
        The path of the call.
    matrix : array, shape (3, 3)
        Its transform to pixels; y counts from the bottom.
    bounds : Bounds
        The boxes of calls on the same canvas.
    """
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
    points, codes = points[:-1], codes[:-1]  # without the final STOP
    x, y = points.T
    left, top, right, bottom = bounds.canvas
    if len(x) < 2 or x.min() < left or y.min() < top or x.max() > right or y.max() > bottom:
        return None  # Agg would clip it to the canvas before it simplifies
    steps = np.maximum(np.abs(np.diff(x)), np.abs(np.diff(y)))
    again = (steps == 0) & (codes[1:] == Path.LINETO)
    if (steps[~again] < _NEAREST).any():
        return None  # Agg skips points that nearly coincide
    if again.any():  # and points that coincide, which are dropped here
        fresh = np.concatenate([[True], ~again])
        points, codes = points[fresh], codes[fresh]
    clean = unsimplified(points, codes)
    if has_spikes(clean, np.eye(3)):
        return None  # a spike may extend where no line comes near
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
    """Return for each pair of neighbors whether both lie below an interval or both lie above it."""
    below, above = values < low, values > high
    apart: NDArray[np.bool_] = (below[1:] & below[:-1]) | (above[1:] & above[:-1])
    return apart


def unsimplified(points: NDArray[np.float64], codes: Any) -> Path:
    """Return the path through points, to be drawn without simplification.

    Parameters
    ----------
    points : array, shape (n, 2)
        Its vertices.
    codes : array, shape (n,)
        Their path codes.
    """
    path = Path(points, codes)
    path.should_simplify = False
    return path
