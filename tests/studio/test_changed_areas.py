"""What is sent of a frame makes the page's picture the frame, from whatever was there before."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from animate.studio.changed_areas import TILE_PX, changed_areas

Pixels = np.ndarray


def painted(before: Pixels, frame: Pixels) -> Pixels:
    """Return what a page has after it put the areas that are sent on the picture it had."""
    picture = before.copy() if before.shape == frame.shape else np.zeros_like(frame)
    for area in changed_areas(frame, before):
        pixels = np.frombuffer(area.pixels(frame), np.uint8).reshape(area.height, area.width, 4)
        picture[area.top : area.top + area.height, area.left : area.left + area.width] = pixels
    return picture


@given(st.integers(1, 70), st.integers(1, 70), st.integers(0, 40), st.integers(0, 2**32 - 1))
def test_the_page_has_the_frame(width: int, height: int, n_changed: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    before = rng.integers(0, 256, (height, width, 4), dtype=np.uint8)
    frame = before.copy()
    frame[rng.integers(height, size=n_changed), rng.integers(width, size=n_changed)] ^= 1
    np.testing.assert_array_equal(painted(before, frame), frame)


def test_nothing_is_sent_of_a_frame_that_is_there() -> None:
    frame = np.zeros((40, 40, 4), np.uint8)
    assert changed_areas(frame, frame.copy()) == []


def test_one_pixel_costs_one_tile() -> None:
    before = np.zeros((100, 100, 4), np.uint8)
    frame = before.copy()
    frame[50, 50, 3] = 1
    [area] = changed_areas(frame, before)
    assert (area.width, area.height) == (TILE_PX, TILE_PX)


@pytest.mark.parametrize("before", [None, np.zeros((10, 20, 4), np.uint8)], ids=["none", "of another size"])
def test_the_whole_frame_is_sent_where_there_is_none_to_begin_with(before: Pixels | None) -> None:
    frame = np.zeros((20, 30, 4), np.uint8)
    assert changed_areas(frame, before) == [(0, 0, 30, 20)]
