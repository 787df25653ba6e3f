"""Flashes are counted as WCAG 2.3.1 says: by rate, by area, by luminance, by redness."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from animate.film.decode import read_frames
from animate.film.encoders import open_sink
from animate.film.flashes import most_flashes

FPS = 24
SIZE = (480, 270)


def flashing(
    per_second: float, one: Any = 0, other: Any = 255, box: tuple[int, int] = SIZE, size: tuple[int, int] = SIZE
) -> Iterator[Any]:
    """Yield three seconds in which a box alternates between two colors, half the time each."""
    for index in range(3 * FPS):
        frame = np.full((size[1], size[0], 4), 255, np.uint8)
        frame[: box[1], : box[0], :3] = one if int(2 * per_second * index / FPS) % 2 else other
        yield frame


def gray(luminance: float) -> int:
    """Return the sRGB level of a luminance."""
    return round(255 * (12.92 * luminance if luminance <= 0.0031308 else 1.055 * luminance ** (1 / 2.4) - 0.055))


@pytest.mark.parametrize("per_second", [1, 2, 3, 4, 6, 12])
def test_flashes_of_the_whole_picture_are_counted(per_second: int) -> None:
    assert most_flashes(flashing(per_second), FPS) == per_second


def test_a_still_picture_does_not_flash() -> None:
    assert most_flashes(flashing(0), FPS) == 0
    assert most_flashes([], FPS) == 0


# a quarter of 341 x 256 pixels is 21,824
@pytest.mark.parametrize(("box", "flashes"), [((144, 144), 0), ((156, 156), 6), ((480, 42), 0), ((480, 69), 6)])
def test_only_a_quarter_of_what_is_seen_at_once_counts(box: tuple[int, int], flashes: int) -> None:
    assert most_flashes(flashing(6, box=box), FPS) == flashes


def test_two_areas_that_are_not_seen_at_once_do_not_add_up() -> None:
    frames = [frame.copy() for frame in flashing(6, box=(120, 150), size=(960, 270))]
    for frame in frames:
        frame[:150, 840:] = frame[:150, :120]
    assert most_flashes(frames, FPS) == 0


def test_a_large_picture_is_taken_as_scaled_down_to_the_view() -> None:
    assert most_flashes(flashing(6, box=(220, 210), size=(1536, 864)), FPS) == 0
    assert most_flashes(flashing(6, box=(240, 220), size=(1536, 864)), FPS) == 6


@pytest.mark.parametrize(
    ("dark", "light", "flashes"), [(0.2, 0.29, 0), (0.2, 0.31, 6), (0.82, 1.0, 0), (0.78, 0.95, 6), (0.0, 0.11, 6)]
)
def test_only_a_tenth_of_luminance_with_the_darker_below_eight_tenths_counts(
    dark: float, light: float, flashes: int
) -> None:
    assert most_flashes(flashing(6, gray(dark), gray(light)), FPS) == flashes


def test_a_saturated_red_flashes_against_a_gray_of_its_own_luminance() -> None:
    assert most_flashes(flashing(6, (255, 0, 0), gray(0.2126)), FPS) == 6
    # with as much green and blue it is no saturated red: R / (R + G + B) = 0.5
    assert most_flashes(flashing(6, (gray(0.4), gray(0.2), gray(0.2)), gray(0.2425)), FPS) == 0


def test_a_pattern_finer_than_a_tenth_of_a_degree_does_not_flash() -> None:
    board = np.indices((270, 480)).sum(axis=0) % 2 == 0
    frames = [np.where(board ^ (index % 2 == 0), 255, 0).astype(np.uint8) for index in range(48)]
    assert most_flashes((np.repeat(frame[..., None], 4, axis=2) for frame in frames), FPS) == 0


def test_a_slow_rise_and_fall_is_counted_once_each_way() -> None:
    levels = np.abs(np.linspace(-255, 255, 24)).astype(np.uint8)
    frames = [np.full((270, 480, 4), level, np.uint8) for level in [*levels, *levels]]
    assert most_flashes(frames, FPS) <= 2


@pytest.mark.parametrize("suffix", [".gif", ".mp4", ".webm", ".webp", ".apng"])
def test_flashes_are_found_in_a_file_of_each_format(tmp_path: Any, suffix: str) -> None:
    sink = open_sink(tmp_path / f"a{suffix}", *SIZE, FPS)
    for frame in flashing(6):
        sink.write(frame)
    sink.finish()
    assert most_flashes(read_frames(sink.publish()), FPS) == 6
