"""Sets of tiles hold what they should, against pixels counted one by one."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from animate.replay.tiles import NOTHING, TILE_PIXELS, Box, Grid

sides = st.integers(1, 5 * TILE_PIXELS)
numbers = st.integers(0, 5 * TILE_PIXELS)


def mask_of(grid: Grid, tiles: int) -> np.ndarray:
    """Return the pixels of a set, each of whose areas may hold it only once."""
    mask = np.zeros((6 * TILE_PIXELS, 6 * TILE_PIXELS), int)
    for area in grid.areas(tiles):
        mask[area] += 1
    return mask


@settings(max_examples=200, deadline=None)
@given(sides, sides, st.tuples(numbers, numbers, numbers, numbers))
def test_the_tiles_of_a_box_are_those_that_hold_one_of_its_pixels(width, height, ends):
    grid = Grid(width, height)
    box = Box(*ends).common(grid.canvas)
    inside = np.zeros((6 * TILE_PIXELS, 6 * TILE_PIXELS), bool)
    inside[box.top : max(box.top, box.bottom), box.left : max(box.left, box.right)] = True
    blocks = inside.reshape(6, TILE_PIXELS, 6, TILE_PIXELS).any(axis=(1, 3))
    expected = blocks.repeat(TILE_PIXELS, axis=0).repeat(TILE_PIXELS, axis=1)
    np.testing.assert_array_equal(mask_of(grid, grid.of_box(box)), expected)


@settings(max_examples=200, deadline=None)
@given(sides, sides, st.data())
def test_areas_hold_each_tile_of_any_set_once(width, height, data):
    grid = Grid(width, height)
    tiles = data.draw(st.integers(0, grid.all))
    mask = mask_of(grid, tiles)
    assert mask.max(initial=0) <= 1
    rows, columns = np.nonzero(mask[::TILE_PIXELS, ::TILE_PIXELS])
    assert sum(1 << int(row * grid.n_columns + column) for row, column in zip(rows, columns, strict=True)) == tiles


@settings(max_examples=200, deadline=None)
@given(sides, sides, st.data())
def test_the_box_of_a_set_fits_around_it(width, height, data):
    grid = Grid(width, height)
    tiles = data.draw(st.integers(0, grid.all))
    rows, columns = np.nonzero(mask_of(grid, tiles))
    ends = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1) if tiles else NOTHING
    assert grid.box_of(tiles) == ends
