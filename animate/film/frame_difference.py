"""Comparison of two files of one scene: the moments at which they differ most."""

from __future__ import annotations

import io
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import numpy as np
from PIL import Image

from animate.errors import EncodeError
from animate.film.decode import probe, read_frames
from animate.film.sinks import OutputFile, on_white
from animate.replay.frames import Frame

N_SAMPLES = 96
"""About how many moments of two animations are compared."""


@dataclass(frozen=True)
class Moment:
    """One moment of two animations.

    Attributes
    ----------
    seconds : float
    before, after : Frame
        RGB uint8 (height, width, 3), of equal size.
    difference : float
        The mean absolute difference of their values, 0 to 255.
    """

    seconds: float
    before: Frame
    after: Frame
    difference: float

    def highlighted(self) -> Frame:
        """Return the later picture in pale gray, with differing pixels in red: the stronger, the more they differ."""
        apart = np.abs(self.before.astype(np.int16) - self.after).max(axis=2, keepdims=True) / 255
        strength = np.minimum(1.0, 4 * apart)
        pale = 255 - 0.25 * (255 - self.after.mean(axis=2, keepdims=True))
        red = np.array([200, 20, 50])
        return cast(Frame, np.round((1 - strength) * pale + strength * red).astype(np.uint8))


def most_different(before: Path, after: Path, n_moments: int = 3) -> list[Moment]:
    """Return the moments at which two files differ most, in the order of time: one for each part of their duration.

    Both are sampled at the same times, up to the end of the shorter. A picture of another size is scaled to the size
    of the later one. For files without a difference, the last moment is returned.

    Parameters
    ----------
    before, after : Path
    n_moments : int
        The number of parts.

    Raises
    ------
    EncodeError
        If a file cannot be read.
    """
    one, other = probe(before), probe(after)
    duration = min(one.duration, other.duration)
    # beside a still, the rate of the other file: at a lower one it might have no frame
    fps = float(max(1, min(25, round(N_SAMPLES / duration)))) if duration else max(one.fps, other.fps, 1.0)
    best: dict[int, Moment] = {}
    with closing(_frames(one, fps)) as ones, closing(_frames(other, fps)) as others:
        for index, (early, late) in enumerate(zip(ones, others, strict=False)):
            moment = _moment(index / fps, early, late)
            part = min(n_moments - 1, int(n_moments * index / max(1.0, duration * fps)))
            if part not in best or moment.difference >= best[part].difference:
                best[part] = moment
    if not best:
        raise EncodeError(f"{str(after)!r} holds no frame.")
    differing = [moment for _, moment in sorted(best.items()) if moment.difference]
    return differing or [best[max(best)]]


def still(path: Path) -> Frame:
    """Return the last frame of a file, RGB uint8 (height, width, 3)."""
    return most_different(path, path, 1)[0].after


def shrunk(picture: Frame, width: int) -> Frame:
    """Return a picture scaled down to at most *width* pixels a row."""
    height = round(picture.shape[0] * width / picture.shape[1])
    return picture if picture.shape[1] <= width else _resized(picture, width, max(1, height))


def as_webp(picture: Frame, width: int) -> bytes:
    """Return a picture as WebP, scaled down to at most *width* pixels a row."""
    file = io.BytesIO()
    Image.fromarray(shrunk(picture, width)).save(file, "WEBP", quality=80, method=4)
    return file.getvalue()


def _moment(seconds: float, early: Frame, late: Frame) -> Moment:
    height, width = late.shape[:2]
    early = early if early.shape == late.shape else _resized(early, width, height)
    apart = np.abs(early.astype(np.int16) - late)
    return Moment(seconds, early, late, float(apart.mean()))


def _resized(picture: Frame, width: int, height: int) -> Frame:
    return np.asarray(Image.fromarray(picture).resize((width, height), Image.Resampling.LANCZOS))


def _frames(written: OutputFile, fps: float) -> Generator[Frame, None, None]:
    """Yield frames as RGB on white; a still is one frame."""
    if not written.duration:
        with Image.open(written.path) as image:
            yield on_white(np.asarray(image.convert("RGBA")))[..., :3]
        return
    for frame in read_frames(replace(written, fps=fps)):
        yield on_white(frame)[..., :3]
