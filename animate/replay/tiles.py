"""Square tiles of a frame, and sets of tiles as integers with one bit per tile, for fast set operations."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

TILE_PIXELS = 32

Tiles = int
"""A set of tiles; the tile in `row` and `column` is the bit ``row * n_columns + column``."""

Area = tuple[slice, slice]
"""Rows and columns of pixels."""


class Box(NamedTuple):
    """The pixels with ``left <= column < right`` and ``top <= row < bottom``; row 0 is the top one."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def empty(self) -> bool:
        """Return whether the box contains no pixel."""
        return self.left >= self.right or self.top >= self.bottom

    @property
    def area(self) -> int:
        """Return the number of pixels in the box."""
        return 0 if self.empty else (self.right - self.left) * (self.bottom - self.top)

    def union(self, other: Box) -> Box:
        """Return the smallest box that contains both."""
        if self.empty or other.empty:
            return self if other.empty else other
        (left, top, right, bottom), (left_2, top_2, right_2, bottom_2) = self, other
        return Box(min(left, left_2), min(top, top_2), max(right, right_2), max(bottom, bottom_2))

    def common(self, other: Box) -> Box:
        """Return the intersection of both."""
        (left, top, right, bottom), (left_2, top_2, right_2, bottom_2) = self, other
        return Box(max(left, left_2), max(top, top_2), min(right, right_2), min(bottom, bottom_2))


NOTHING = Box(0, 0, 0, 0)


class Grid:
    """The tiles of a frame.

    Parameters
    ----------
    width, height : int
        Size of the frame in pixels.
    """

    def __init__(self, width: int, height: int) -> None:
        self.canvas = Box(0, 0, width, height)
        self.n_columns = -(-width // TILE_PIXELS)
        self.all: Tiles = self.of_box(self.canvas)

    def of_box(self, box: Box) -> Tiles:
        """Return the tiles that intersect a box, which must lie within the frame."""
        return _of_box(box, self.n_columns)

    def box_of(self, tiles: Tiles) -> Box:
        """Return the smallest box of whole tiles that contains a set; it may extend beyond the frame."""
        if not tiles:
            return NOTHING
        first, last = ((tiles & -tiles).bit_length() - 1) // self.n_columns, (tiles.bit_length() - 1) // self.n_columns
        columns, row = 0, (1 << self.n_columns) - 1
        for i in range(first, last + 1):
            columns |= tiles >> i * self.n_columns & row
        sides = (columns & -columns).bit_length() - 1, first, columns.bit_length(), last + 1
        return Box(*(side * TILE_PIXELS for side in sides))

    def areas(self, tiles: Tiles) -> list[Area]:
        """Return the pixels of a set as disjoint rectangles, which may extend beyond the frame."""
        return _areas(tiles, self.n_columns)


@lru_cache(4096)
def _of_box(box: Box, n_columns: int) -> Tiles:
    if box.empty:
        return 0
    begin, end = box.left // TILE_PIXELS, -(-box.right // TILE_PIXELS)
    row = (1 << end) - (1 << begin)
    return sum(row << n_columns * i for i in range(box.top // TILE_PIXELS, -(-box.bottom // TILE_PIXELS)))


@lru_cache(256)
def _areas(tiles: Tiles, n_columns: int) -> list[Area]:
    areas: list[Area] = []
    begun: dict[tuple[int, int], int] = {}  # columns of open rectangles -> their first row
    i = max(0, ((tiles & -tiles).bit_length() - 1) // n_columns)
    tiles >>= i * n_columns
    row, above = (1 << n_columns) - 1, -1
    while tiles or begun:
        columns = tiles & row
        if columns != above:
            runs = set(_runs(columns))
            for run in begun.keys() - runs:
                areas.append((_pixel_slice(begun.pop(run), i), _pixel_slice(*run)))
            for run in runs:
                begun.setdefault(run, i)
            above = columns
        tiles >>= n_columns
        i += 1
    return areas


def _runs(row: int) -> Iterator[tuple[int, int]]:
    """Yield the start and stop of each run of ones in an integer, from the lowest bit on.

    >>> list(_runs(0b1101100))
    [(2, 4), (5, 7)]
    """
    column = 0
    while row:
        gap = (row & -row).bit_length() - 1
        row >>= gap
        n_ones = (~row & row + 1).bit_length() - 1
        yield column + gap, column + gap + n_ones
        column += gap + n_ones
        row >>= n_ones


def _pixel_slice(begin: int, end: int) -> slice:
    return slice(begin * TILE_PIXELS, end * TILE_PIXELS)
