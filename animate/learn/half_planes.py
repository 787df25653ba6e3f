"""Parts of the plane cut off by straight lines: where weights . x + intercept is at least 0."""

from __future__ import annotations

import numpy as np


def box_corners(x: tuple[float, float], y: tuple[float, float]) -> np.ndarray:
    """Return the corners (4, 2) of a window."""
    return np.array([[x[0], y[0]], [x[1], y[0]], [x[1], y[1]], [x[0], y[1]]])


def half_plane(corners: np.ndarray, weights: np.ndarray, intercept: float) -> np.ndarray:
    """Return the part of a convex polygon (k, 2) where weights . x + intercept >= 0, as its corners.

    One edge at a time against the line (Sutherland and Hodgman 1974). If nothing is left, one corner
    three times: a polygon of no area.

    >>> square = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    >>> half_plane(square, np.array([1.0, 0.0]), -0.5).tolist()
    [[0.5, 0.0], [1.0, 0.0], [1.0, 1.0], [0.5, 1.0]]
    """
    heights = corners @ weights + intercept
    kept = []
    for here, there, a, b in zip(corners, np.roll(corners, -1, 0), heights, np.roll(heights, -1), strict=True):
        if a >= 0:
            kept.append(here)
        if (a >= 0) != (b >= 0):
            kept.append(here + (there - here) * a / (a - b))
    return np.array(kept) if len(kept) >= 3 else np.repeat(corners[:1], 3, axis=0)


def boundary_line(corners: np.ndarray, weights: np.ndarray, intercept: float) -> np.ndarray:
    """Return the two points (2, 2) where weights . x + intercept = 0 meets a convex polygon's edge, or none (0, 2)."""
    heights = corners @ weights + intercept
    ends = [
        here + (there - here) * a / (a - b)
        for here, there, a, b in zip(corners, np.roll(corners, -1, 0), heights, np.roll(heights, -1), strict=True)
        if (a >= 0) != (b >= 0)
    ]
    return np.array(ends) if len(ends) == 2 else np.empty((0, 2))


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
