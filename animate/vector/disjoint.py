"""Shapes of one paint that do not touch each other, as few paths.

Where two shapes share a pixel, a browser blends them one after the other, but the parts of one path together. So only
shapes that are apart may be parts of one path. Blending the same color is commutative, so their order is free.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST_SHAPES = 3000
"""More shapes are not compared with each other."""


def disjoint_groups(boxes: Sequence[NDArray[np.floating[Any]]] | NDArray[np.floating[Any]]) -> list[list[int]]:
    """Return the indices of boxes in groups; no two boxes of a group overlap.

    Parameters
    ----------
    boxes : sequence of array of float, shape (4,)
        Left, top, right and bottom.

    Examples
    --------
    >>> disjoint_groups([np.array([0, 0, 2, 2]), np.array([1, 1, 3, 3]), np.array([5, 0, 6, 2])])
    [[0, 2], [1]]
    """
    all_boxes = np.array(boxes)
    groups: list[list[int]] = []
    for index, box in enumerate(all_boxes):
        for group in groups:
            others = all_boxes[group]
            if not ((others[:, :2] < box[2:]) & (others[:, 2:] > box[:2])).all(axis=1).any():
                group.append(index)
                break
        else:
            groups.append([index])
    return groups


def box_of(vertices: NDArray[np.floating[Any]], margin: float) -> NDArray[np.floating[Any]]:
    """Return left, top, right and bottom of a shape; everything if it is empty or has a place that is no number."""
    if not len(vertices) or not np.isfinite(vertices).all():
        return np.array([-np.inf, -np.inf, np.inf, np.inf])
    return np.concatenate([vertices.min(axis=0) - margin, vertices.max(axis=0) + margin])
