"""The planes fed to video encoders, against the formulas of BT.709 and against what ffmpeg makes of the same frames."""

from __future__ import annotations

import subprocess
from typing import Any

import numpy as np
import pytest

from animate.film.ffmpeg import ffmpeg_program
from animate.film.ffmpeg_arguments import FROM_RGB
from animate.film.formats.yuv420 import Yuv420Planes

WIDTH, HEIGHT = 96, 54


def noise(seed: int, *, alpha: bool = False) -> Any:
    frame = np.random.default_rng(seed).integers(0, 256, (HEIGHT, WIDTH, 4), dtype=np.uint8)
    if not alpha:
        frame[..., 3] = 255
    return frame


def changing(n_frames: int, size: tuple[int, int]) -> list[Any]:
    """Return frames of which each differs from the one before in an area of some size, or in none."""
    rng, frame, frames, (rows, columns) = np.random.default_rng(1), noise(0), [], size
    for i in range(n_frames):
        frame = frame.copy()
        if i % 3:
            top, left = rng.integers(HEIGHT - rows + 1), rng.integers(WIDTH - columns + 1)
            frame[top : top + rows, left : left + columns, :3] = rng.integers(0, 256, (rows, columns, 3))
        frames.append(frame)
    return frames


def expected(frame: Any) -> Any:
    """Return the planes as BT.709 defines them, in floating point, before rounding."""
    red, green, blue = np.moveaxis(frame[..., :3].astype(float), -1, 0)
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    mean = [part.reshape(HEIGHT // 2, 2, WIDTH // 2, 2).mean(axis=(1, 3)) for part in (luma, blue, red)]
    planes = [
        16 + 219 * luma / 255,
        128 + 224 * (mean[1] - mean[0]) / (1.8556 * 255),
        128 + 224 * (mean[2] - mean[0]) / (1.5748 * 255),
    ]
    return np.concatenate([plane.ravel() for plane in planes])


def planes_of(frame: Any) -> Any:
    planes = Yuv420Planes(WIDTH, HEIGHT)
    planes.update(frame)
    return planes.data


def test_planes_are_those_of_bt709_rounded():
    assert np.abs(planes_of(noise(0)) - expected(noise(0))).max() <= 0.5 + 1e-3


def test_planes_differ_by_at_most_one_from_those_that_ffmpeg_makes():
    frame = noise(2)
    source = ["-f", "rawvideo", "-pix_fmt", "rgb0", "-video_size", f"{WIDTH}x{HEIGHT}", "-i", "pipe:0"]
    command = [ffmpeg_program(), "-v", "error", *source, "-vf", FROM_RGB, "-f", "rawvideo", "pipe:1"]
    made = subprocess.run(command, input=frame.tobytes(), capture_output=True, check=True).stdout
    apart = np.abs(np.frombuffer(made, np.uint8).astype(int) - planes_of(frame))
    assert apart.max() <= 1
    assert (apart > 0).mean() < 0.15  # what ffmpeg computes with fewer bits


@pytest.mark.parametrize("value", [0, 255])
def test_black_and_white_are_exact(value):
    frame = np.full((HEIGHT, WIDTH, 4), value, np.uint8)
    frame[..., 3] = 255
    planes = planes_of(frame)
    assert set(planes[: WIDTH * HEIGHT]) == {16 if value == 0 else 235}
    assert set(planes[WIDTH * HEIGHT :]) == {128}


@pytest.mark.parametrize("size", [(7, 9), (20, WIDTH), (HEIGHT, 3), (30, 60), (HEIGHT, WIDTH)])
def test_what_changed_is_all_that_needs_computing(size):
    planes = Yuv420Planes(WIDTH, HEIGHT)
    for frame in changing(20, size):
        planes.update(frame)
        np.testing.assert_array_equal(planes.data, planes_of(frame))


def test_a_frame_may_be_drawn_over_once_it_is_taken():
    planes, frame = Yuv420Planes(WIDTH, HEIGHT), noise(3)
    planes.update(frame)
    frame[10:20, 10:20, :3] = 7
    planes.update(frame)
    np.testing.assert_array_equal(planes.data, planes_of(frame))


def test_transparency_is_composited_on_white():
    frame = noise(4, alpha=True)
    opaque = frame.copy()
    alpha = frame[..., 3:] / 255
    opaque[..., :3] = np.floor(frame[..., :3] * alpha + 255 * (1 - alpha) + 0.5)
    opaque[..., 3] = 255
    np.testing.assert_array_equal(planes_of(frame), planes_of(opaque))


def test_a_first_frame_without_any_color_is_white():
    assert set(planes_of(np.zeros((HEIGHT, WIDTH, 4), np.uint8))[: WIDTH * HEIGHT]) == {235}
