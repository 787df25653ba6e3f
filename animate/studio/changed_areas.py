"""The pixels of a frame that differ from those of the frame before it: all that is sent to the page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from animate.replay.frames import Frame

TILE_PX = 16
MAX_CHANGED_TILES = 0.7
"""Share of changed tiles above which the whole frame is sent."""


class Area(NamedTuple):
    """A rectangle of pixels, from the top left."""

    left: int
    top: int
    width: int
    height: int

    def pixels(self, frame: Frame) -> bytes:
        """Return its pixels in a frame: RGBA, row by row."""
        return frame[self.top : self.top + self.height, self.left : self.left + self.width].tobytes()


def changed_areas(frame: Frame, before: Frame | None) -> list[Area]:
    """Return rectangles that do not overlap and hold every pixel in which two frames differ.

    It is the whole frame if there is none before it, if they differ in size, or if most of it changed.
    """
    height, width = frame.shape[:2]
    whole = [Area(0, 0, width, height)]
    if before is None or before.shape != frame.shape:
        return whole
    tiles = _changed_tiles(frame, before)
    if tiles.mean() > MAX_CHANGED_TILES:
        return whole
    return [_area(frame, row, *run) for row, changed in enumerate(tiles) for run in _runs(changed)]


def _area(frame: Frame, row: int, begin: int, end: int) -> Area:
    """Return the area of the tiles ``begin`` to ``end - 1`` of a row of tiles."""
    height, width = frame.shape[:2]
    left, top = begin * TILE_PX, row * TILE_PX
    return Area(left, top, min(end * TILE_PX, width) - left, min(top + TILE_PX, height) - top)


def _changed_tiles(frame: Frame, before: Frame) -> np.ndarray:
    height, width = frame.shape[:2]
    rows, columns = -(-height // TILE_PX), -(-width // TILE_PX)
    differ = np.zeros((rows * TILE_PX, columns * TILE_PX), dtype=bool)
    now, then = (np.ascontiguousarray(one).view(np.uint32)[..., 0] for one in (frame, before))  # one number a pixel
    differ[:height, :width] = now != then
    return np.asarray(differ.reshape(rows, TILE_PX, columns, TILE_PX).any(axis=(1, 3)))


def _runs(row: np.ndarray) -> Iterator[tuple[int, int]]:
    """Yield begin and end of each run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], row, [False]]).astype(np.int8)))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
