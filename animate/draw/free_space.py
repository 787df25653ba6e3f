"""How much of what is drawn reaches into a box, so that a label can stand where least does."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes

MOMENTS = (3, 1, 1, 1, 1, 3)
"""Weights of the updates at which a label's place is judged: a lesson rests at its first one and at its last one."""


def n_crossing(line: np.ndarray, low: np.ndarray, high: np.ndarray) -> int:
    """Return how many segments of a line reach into a box.

    Parameters
    ----------
    line : array (n, 2) or (n, 2, 2)
        Its corners, or the two ends of segments of their own; a segment with an end that is not finite is none.
    low, high : array (2,)
        The lower left and the upper right corner of the box, in the units of the line.

    Examples
    --------
    >>> n_crossing(np.array([[0.0, 0.0], [9.0, 9.0], [9.0, 0.0]]), np.array([4.0, 4.0]), np.array([5.0, 5.0]))
    1
    """
    ends = segments_near(line, low, high)
    if not len(ends):  # as for most boxes
        return 0
    enters, leaves = np.full(len(ends), -np.inf), np.full(len(ends), np.inf)
    with np.errstate(all="ignore"):
        for side in (0, 1):  # columns one by one: a reduction over two numbers a row takes several times longer
            start, step = ends[:, 0, side], ends[:, 1, side] - ends[:, 0, side]
            # where along a segment, from 0 to 1, it enters and leaves the strip between the two sides; all along, if it
            # is parallel to them and between them
            one, other = (low[side] - start) / step, (high[side] - start) / step
            is_between = (start >= low[side]) & (start <= high[side])
            first = np.where(step == 0, np.where(is_between, -np.inf, np.inf), np.minimum(one, other))
            last = np.where(step == 0, np.where(is_between, np.inf, -np.inf), np.maximum(one, other))
            enters, leaves = np.maximum(enters, first), np.minimum(leaves, last)
        return int(((enters <= leaves) & (enters <= 1) & (leaves >= 0)).sum())


def segments_near(line: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Return the segments (k, 2, 2) of a line, as `n_crossing` takes it, that are not all beyond one side of a box.

    Examples
    --------
    >>> segments_near(np.array([[0.0, 0.0], [9.0, 9.0], [9.0, 0.0]]), np.array([4.0, 4.0]), np.array([5.0, 5.0])).shape
    (1, 2, 2)
    """
    start, end = (line[:-1], line[1:]) if line.ndim == 2 else (line[:, 0], line[:, 1])
    is_near = np.ones(len(start), dtype=bool)
    for side in (0, 1):
        one, other = start[:, side], end[:, side]
        is_near &= ((one <= high[side]) | (other <= high[side])) & ((one >= low[side]) | (other >= low[side]))
    return np.stack([start[is_near], end[is_near]], axis=1)


def segments_of(lines: Sequence[np.ndarray]) -> np.ndarray:
    """Return the segments (k, 2, 2) of lines, each as `n_crossing` takes it: one call counts those of all of them.

    Examples
    --------
    >>> segments_of([np.zeros((3, 2)), np.zeros((2, 2, 2))]).shape
    (4, 2, 2)
    """
    parts = [np.stack([line[:-1], line[1:]], axis=1) if line.ndim == 2 else line for line in lines]
    return np.concatenate([np.empty((0, 2, 2)), *parts])


def by_weight(lines: Sequence[tuple[int, np.ndarray]]) -> list[tuple[int, np.ndarray]]:
    """Return the segments of all lines of each weight, with it; each line is one that `n_crossing` takes."""
    weights = dict.fromkeys(weight for weight, _ in lines)
    return [(weight, segments_of([line for one, line in lines if one == weight])) for weight in weights]


def n_inside(points: np.ndarray, low: np.ndarray, high: np.ndarray) -> int:
    """Return how many of points (n, 2) lie in a box."""
    return int(((points >= low) & (points <= high)).all(axis=1).sum())


def beyond(axes: Axes, low: np.ndarray, high: np.ndarray) -> float:
    """Return by how many pixels a box reaches out of the axes."""
    return float(np.maximum(axes.bbox.min - low, 0).sum() + np.maximum(high - axes.bbox.max, 0).sum())


def over_the_run(
    lines: Callable[[int], Sequence[np.ndarray]], last: int, n_moments: int = len(MOMENTS)
) -> list[tuple[int, np.ndarray]]:
    """Return the lines that are drawn at updates spread over a run, each with the weight of its moment.

    Parameters
    ----------
    lines : callable
        From an update to the lines that are drawn then.
    last : int
        The last update.
    n_moments : int
        At so many updates, from 0 on ever farther apart.
    """
    updates = np.unique([0, *np.geomspace(1, max(last, 1), n_moments - 1).astype(int)])
    weights = np.interp(np.linspace(0, 1, len(updates)), np.linspace(0, 1, len(MOMENTS)), MOMENTS)
    return [(round(n), line) for at, n in zip(updates, weights, strict=True) for line in lines(int(at))]
