"""The pixels of a frame that differ from those of the frame before it: what is sent to the page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from animate.replay.frames import Frame

TILE = 16
MOST_TILES = 0.7
"""Share of the tiles from which on the whole frame is sent."""


class Area(NamedTuple):
    """A rectangle of pixels from the top left."""

    left: int
    top: int
    width: int
    height: int

    def of(self, frame: Frame) -> bytes:
        """Return its pixels, RGBA, row by row."""
        return frame[self.top : self.top + self.height, self.left : self.left + self.width].tobytes()


def changed_areas(frame: Frame, before: Frame | None) -> list[Area]:
    """Return rectangles, none over another, that hold every pixel in which two frames differ.

    The whole frame where there is none before it or where they are not of one size.
    """
    height, width = frame.shape[:2]
    whole = [Area(0, 0, width, height)]
    if before is None or before.shape != frame.shape:
        return whole
    tiles = _changed_tiles(frame, before)
    if tiles.mean() > MOST_TILES:
        return whole
    return [_area(frame, row, *run) for row, changed in enumerate(tiles) for run in _runs(changed)]


def _area(frame: Frame, row: int, begin: int, end: int) -> Area:
    """Return the pixels of the tiles of one row, from one to before another."""
    height, width = frame.shape[:2]
    left, top = begin * TILE, row * TILE
    return Area(left, top, min(end * TILE, width) - left, min(top + TILE, height) - top)


def _changed_tiles(frame: Frame, before: Frame) -> np.ndarray:
    height, width = frame.shape[:2]
    rows, columns = -(-height // TILE), -(-width // TILE)
    differ = np.zeros((rows * TILE, columns * TILE), dtype=bool)
    # four bytes at once: a pixel
    differ[:height, :width] = (_words(frame) != _words(before))[..., 0]
    return np.asarray(differ.reshape(rows, TILE, columns, TILE).any(axis=(1, 3)))


def _words(frame: Frame) -> np.ndarray:
    return np.ascontiguousarray(frame).view(np.uint32)


def _runs(row: np.ndarray) -> Iterator[tuple[int, int]]:
    """Yield begin and end of each run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], row, [False]]).astype(np.int8)))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
