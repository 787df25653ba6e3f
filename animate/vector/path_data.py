"""The `d` attribute of SVG paths, with whole numbers for coordinates."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from matplotlib.path import Path
from numpy.typing import NDArray

_CURVES = {int(Path.CURVE3): ("q", 2), int(Path.CURVE4): ("c", 3)}
"""The letter of each kind of curve and how many points it takes."""

_SMOOTH = {"q": "t", "c": "s"}
"""The letter of a curve that goes on smoothly from one of the same kind: its first control point is not written."""


FEW_POINTS, FEW_CURVES = 8, 40
"""Shapes with no more points, without and with curves, are written with two decimals, those in collections and others
with one: browsers place an edge on fractions of a pixel, and a long one must not be rounded to another."""

FIFTHS = 5
"""Shapes of many points in collections, such as contours, take the most bytes: they have steps of 0.2 units."""


MANY_POINTS, SIXTEENTHS = 500, 16
"""Fine paths with more points have steps of 1/16 unit: browsers add steps in single precision, exactly if these are
powers of two; in a line of 5000 points the errors of tenths would add up to some of them."""


def points_of(cleaned: Any) -> tuple[NDArray[np.floating[Any]], NDArray[np.uint8]]:
    """Return vertices and codes of what `Path.cleaned` returns, without the stop at its end."""
    return cleaned.vertices[:-1], cleaned.codes[:-1]


def is_closed(vertices: Any, codes: Any) -> bool:
    """Return whether a path is one line that ends where it begins."""
    return len(codes) > 3 and bool((codes[1:] == Path.LINETO).all() and (vertices[-1] == vertices[0]).all())


def rounded(vertices: Any, codes: Any, scale: float, *, is_one_of_many: bool, is_fine: bool) -> tuple[Any, int]:
    """Return the vertices of a shape, rounded if they are of a contour or the like, and how many decimals they have.

    Fine ones have one more and are not rounded otherwise.
    """
    if is_fine and len(codes) > MANY_POINTS:
        return np.rint(vertices * scale * SIXTEENTHS) / (scale * SIXTEENTHS), 4
    is_curved = np.isin(codes, (Path.CURVE3, Path.CURVE4)).any()
    if not is_one_of_many:
        return vertices, (2 if len(codes) <= (FEW_CURVES if is_curved else FEW_POINTS) else 1) + is_fine
    if is_fine or is_curved or len(codes) <= FEW_POINTS:
        return vertices, 1 + is_fine
    return np.rint(vertices * scale * FIFTHS) / (scale * FIFTHS), 1


def fine_path_data(
    vertices: NDArray[np.floating[Any]],
    codes: NDArray[np.uint8] | None,
    scale: float,
    digits: int = 2,
    *,
    is_shape: bool = False,
) -> str:
    """Return a path as `path_data` does, with decimals.

    >>> fine_path_data(np.array([[0, 0], [1.25, 2], [3, -1.0]]), None, 1.5)
    'M0 0l1.88 3 2.62-4.5'
    """
    return _divided(path_data(vertices, codes, scale * 10**digits, is_shape=is_shape, is_exact=digits > 0), digits)


def _divided(data: str, digits: int) -> str:
    """Return path data with the decimal point moved to the left."""
    if not digits:
        return data
    numbers = re.compile(r"-?\d+")
    return numbers.sub(lambda number: f"{int(number[0]) / 10**digits:.{digits}f}".rstrip("0").rstrip("."), data)


def shape_data(vertices: NDArray[np.floating[Any]], codes: NDArray[np.uint8], scale: float) -> str:
    """Return a path as `path_data` does, for shapes that are used often: where a curve goes on smoothly, shorter.

    A control point may then be one unit away from its place.

    >>> shape_data(np.array([[0, 0], [0, 2], [2, 2], [4, 2], [4, 0]]), np.array([1, 3, 3, 3, 3], np.uint8), 10)
    'M0 0q0 20 20 20t20-20'
    """
    return path_data(vertices, codes, scale, is_shape=True)


def path_data(
    vertices: NDArray[np.floating[Any]],
    codes: NDArray[np.uint8] | None,
    scale: float,
    *,
    is_shape: bool = False,
    is_exact: bool = False,
) -> str:
    """Return a path as SVG writes it.

    Points are rounded before their differences are taken, so errors do not add up along the path. Of points that
    become equal, one is kept.

    Parameters
    ----------
    vertices : array of float, shape (n, 2)
    codes : array of uint8, shape (n,), or None
        Codes of `matplotlib.path.Path`; None is one line through all points.
    scale : float
        Units of the file for a unit of the vertices.
    is_shape : bool
        Whether curves that go on smoothly are written shorter, as `shape_data` does.
    is_exact : bool
        Whether a curve back to where a path begins ends at exactly that place, as the sum of decimals may not. Chromium
        smooths the edges of an outline with a gap more coarsely.

    Examples
    --------
    >>> path_data(np.array([[0, 0], [1.25, 2], [3, -1.0]]), None, 10)
    'M0 0l12 20 18-30'
    >>> path_data(np.empty((0, 2)), np.empty(0, np.uint8), 10)
    ''
    """
    points = np.rint(vertices * scale).astype(np.int64)
    if codes is None or not len(points):  # a line that lies outside of the picture has no points
        return _polyline(points)
    starts = np.flatnonzero(codes == Path.MOVETO)
    ends = [*starts[1:], len(codes)]
    ranges = (slice(*both) for both in zip(starts, ends, strict=True))
    options = {"is_shape": is_shape, "is_exact": is_exact}
    return "".join(_subpath(points[one], codes[one], **options) for one in ranges)


def corners(points: NDArray[np.floating[Any]], scale: float) -> str:
    """Return a line with a corner at every point, also at those that are equal, with one decimal.

    >>> corners(np.array([[1, 2], [1, 2], [0.51, 3]]), 10)
    'M10 20l0 0-4.9 10'
    """
    tenths = np.rint(points * scale * 10).astype(np.int64)
    return _divided(f"M{_joined(tenths[0])}l{_joined(np.diff(tenths, axis=0).ravel())}", digits=1)


def _subpath(
    points: NDArray[np.int64], codes: NDArray[np.uint8], *, is_shape: bool, is_exact: bool
) -> str:
    """Return a part of a path that begins with MOVETO."""
    if (codes[1:] == Path.LINETO).all():
        return _polyline(points)
    if codes[-1] == Path.CLOSEPOLY and (codes[1:-1] == Path.LINETO).all():
        corners = points[:-2] if len(points) > 3 and (points[-2] == points[0]).all() else points[:-1]
        return _polyline(_without_straight_corners(corners)) + "z"
    parts = [_polyline(points[:1])]
    at, current = 1, points[0]
    mirrored, kind = current, ""
    while at < len(codes):
        code = int(codes[at])
        if code == Path.CLOSEPOLY:
            parts.append("z")
            at, current, kind = at + 1, points[0], ""
            continue
        letter, n_points = _CURVES.get(code, ("l", 1))
        steps = points[at : at + n_points]
        is_smooth = is_shape and letter == kind and (np.abs(steps[0] - mirrored) <= 1).all()
        written = steps[1:] if is_smooth else steps
        mark, origin = _SMOOTH[letter] if is_smooth else letter, current
        if is_exact and n_points > 1 and (steps[-1] == points[0]).all():
            mark, origin = mark.upper(), 0 * current
        parts.append(mark + _joined((written - origin).ravel()))
        control = mirrored if is_smooth and letter == "q" else steps[-2] if n_points > 1 else current
        current, kind = steps[-1], letter
        mirrored = 2 * current - control
        at += n_points
    return "".join(parts)


def _polyline(points: NDArray[np.int64]) -> str:
    if not len(points):
        return ""
    start = "M" + _joined(points[0])
    if len(points) == 1:
        return start
    steps = np.diff(points, axis=0)
    moving = steps[steps.any(axis=1)]
    if len(moving) == 1 and not moving.all():
        return f"{start}{'h' if moving[0, 0] else 'v'}{moving.sum()}"
    return f"{start}l{_joined(moving.ravel())}" if len(moving) else f"{start}v0"


def _without_straight_corners(points: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the points of an outline without those between two others on a horizontal or vertical edge.

    >>> _without_straight_corners(np.array([[0, 0], [2, 0], [5, 0], [5, 3]])).tolist()
    [[0, 0], [5, 0], [5, 3]]
    """
    signs = np.sign(np.diff(points, axis=0))
    is_straight = (signs[1:] == signs[:-1]).all(axis=1) & (signs[1:] == 0).any(axis=1)
    return points[np.concatenate([[True], ~is_straight, [True]])] if len(points) > 2 else points


def _joined(numbers: NDArray[np.int64]) -> str:
    """Return numbers with a space between them, where a minus sign does not separate them already."""
    return " ".join(map(str, numbers.tolist())).replace(" -", "-")


_STRAIGHT = re.compile(r"(M[^a-z]+)([hv])(-?[\d.]+)")
"""A line along an axis."""


def line_lengths(data: str) -> list[float]:
    """Return the length of a path up to each of its points; the path is one line as `path_data` writes it.

    >>> line_lengths("M0 0l3 4 0-5"), line_lengths("M0 0v-5")
    ([0.0, 5.0, 10.0], [0.0, 5.0])
    """
    if straight := _STRAIGHT.fullmatch(data):
        return [0.0, abs(float(straight[3]))]
    numbers = data.partition("l")[2].replace("-", " -").split()
    steps = np.array(numbers, float).reshape(-1, 2)
    return [0.0, *np.cumsum(np.hypot(steps[:, 0], steps[:, 1])).tolist()]


def continues(data: str, earlier: str) -> bool:
    """Return whether a path is an earlier one with further points at its end; both are single lines.

    >>> continues("M0 0l3 4 0-5", "M0 0l3 4"), continues("M0 0l3 45", "M0 0l3 4"), continues("M0 0l3 4z", "M0 0l3 4")
    (True, False, False)
    >>> continues("M0 0h5.5", "M0 0h3"), continues("M0 0h-5", "M0 0h3")
    (True, False)
    """
    old, new = _STRAIGHT.fullmatch(earlier), _STRAIGHT.fullmatch(data)
    if old and new:
        return old.groups()[:2] == new.groups()[:2] and float(new[3]) / (float(old[3]) or -1) > 1
    if not data.startswith(earlier) or "l" not in earlier or len(data) == len(earlier):
        return False
    rest = data[len(earlier) :]
    return rest[0] in " -" and not set(rest) - set(" -.0123456789")
