"""What every encoder shares: its options, what it reports, and how a file appears whole or not at all."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from animate.errors import EncodeError, UsageError
from animate.replay.frames import Frame

if TYPE_CHECKING:
    from animate.film.formats.page import PlayerData

EncodeTask = Callable[[], object]
"""What is done for a frame beside the drawing of the next."""


@dataclass(frozen=True)
class EncodeOptions:
    """How to encode; every field has a default that suits plots, and a format ignores what it has no use for."""

    loop: int = 0
    """How often a GIF, WebP or APNG plays: 0 for ever, otherwise this many times."""
    crf: int | None = None
    """Constant quality of a video as its encoder counts it, lower is better; None derives it from `quality`."""
    colors: int = 256
    """The most colors a GIF may use in one frame, 2..256."""
    quality: float = 90.0
    """1..100: how near to what was drawn a GIF, an MP4 or a WebM is; the other formats are exact anyway."""
    threads: int = 2
    """Threads of the video encoders. Part of what decides the bytes, so never taken from the machine."""
    codec: str | None = None
    """The name of another ffmpeg encoder for a video, as matplotlib's writers take it."""
    bitrate: int | None = None
    """Video bitrate in kbit/s, as matplotlib's writers take it; None encodes at constant quality."""
    extra_args: tuple[str, ...] = ()
    """Further ffmpeg output arguments; they come last, so they win. With any, ffmpeg encodes GIF, APNG and PNG too."""
    metadata: tuple[tuple[str, str], ...] = ()
    """Tags of a video, such as ("title", "Descent"); none by default, since a date changes the bytes."""
    program: str = ""
    """The ffmpeg program; empty for the one of imageio-ffmpeg."""
    player_data: PlayerData | None = None
    """What a page tells beside its video; None tells the number of the frame."""

    def __post_init__(self) -> None:
        for name, low, high in (("loop", 0, 65535), ("colors", 2, 256), ("quality", 1, 100), ("threads", 1, 64)):
            value = getattr(self, name)
            if not low <= value <= high:  # also true for nan
                raise UsageError(f"{name} must be between {low} and {high}; got {value}")
        if self.crf is not None and not 0 <= self.crf <= 63:
            raise UsageError(f"crf must be between 0 and 63; got {self.crf}")


@dataclass(frozen=True)
class OutputFile:
    """What was written: a file that is whole, under its final name."""

    path: Path
    bytes: int
    width: int
    height: int
    n_frames: int
    """Frames a decoder finds; a GIF holds equal neighbors as one longer frame."""
    fps: float
    """Frames per second that were asked for."""
    duration: float
    """Seconds the file plays once, from the delays actually stored."""
    compromises: tuple[str, ...] = ()
    """What a byte budget cost, one line each; empty where all is as ordered."""


class Sink(Protocol):
    """Where frames go."""

    def stage_frame(self, rgba: Frame) -> EncodeTask:
        """Return what remains to be done for one more frame, which may be drawn over from now on.

        It is called by the thread that draws; the work is done, in the order of the frames, by one of the sink's own.
        """
        return partial(self.write, rgba.copy())

    def write(self, rgba: Frame) -> None:
        """Encode one more frame at once."""

    def finish(self) -> None:
        """Make the file whole, still under its temporary name."""

    def publish(self, *, keep_old: bool = False) -> OutputFile:
        """Give the complete file its final name; keep what it replaces for `rollback`, if *keep_old*."""

    def rollback(self) -> None:
        """Restore what stood under the final name before ``publish(keep_old=True)``; do nothing otherwise."""

    def abort(self) -> None:
        """End what runs and remove all temporary files. May be called at any time, also after `publish`, and again."""


def exact_fps(fps: float) -> Fraction:
    """Return frames per second as a fraction; the rounded NTSC rates become exact ones.

    >>> exact_fps(5), exact_fps(12.5), exact_fps(29.97)
    (Fraction(5, 1), Fraction(25, 2), Fraction(30000, 1001))
    """
    nearest = round(fps)
    ntsc = Fraction(nearest * 1000, 1001)
    if nearest in _NTSC and fps != nearest and abs(float(ntsc) - fps) < 0.005:
        return ntsc
    return Fraction(fps).limit_denominator(1000) or Fraction(fps).limit_denominator(10**9)


_NTSC = (24, 30, 48, 60, 120)
"""Rates that television plays 1000/1001 times as fast."""


def check_frame(rgba: Frame, width: int, height: int) -> None:
    """Raise EncodeError unless the frame is RGBA bytes of the size the file was opened with."""
    if rgba.dtype != np.uint8 or rgba.shape != (height, width, 4):
        got = f"{rgba.shape[1]}x{rgba.shape[0]}" if rgba.ndim == 3 else f"shape {rgba.shape}"
        raise EncodeError(f"every frame must be {width}x{height} RGBA bytes; got {got} ({rgba.dtype})")


def check_not_empty(n_frames: int, path: Path) -> None:
    """Raise EncodeError where nothing was drawn."""
    if n_frames == 0:
        raise EncodeError(f"an animation must have at least one frame; got none for {str(path)!r}")


_ALPHA = np.uint32(0xFF000000 if sys.byteorder == "little" else 0x000000FF)


def packed(rgba: Frame) -> NDArray[np.uint32]:
    """Return each pixel as one number, shape (height, width): a view where the memory allows it."""
    view: NDArray[np.uint32] = np.ascontiguousarray(rgba).view(np.uint32)[..., 0]
    return view


def is_opaque(rgba: Frame) -> bool:
    """Return whether no pixel of a frame has any transparency."""
    return bool(np.bitwise_and.reduce(packed(rgba), axis=None) & _ALPHA == _ALPHA)


def on_white(rgba: Frame) -> Frame:
    """Return the frame without transparency, composited on white: color * alpha + 255 * (1 - alpha).

    Video has no alpha and a GIF only all or nothing, while a page is most often white: what is drawn in full
    opacity, as nearly every figure is, comes back as it is, not copied.
    """
    if is_opaque(rgba):
        return rgba
    alpha = rgba[..., 3:].astype(np.uint16)
    flat: Frame = np.full_like(rgba, 255)
    flat[..., :3] = (rgba[..., :3] * alpha + 255 * (255 - alpha) + 127) // 255
    return flat


class FrameCounter:
    """The frames a file got, and what is reported of them."""

    def __init__(self, path: Path, width: int, height: int, fps: float) -> None:
        self.path, self.width, self.height, self.fps = path, width, height, fps
        self.n_frames = 0

    def count(self, rgba: Frame) -> None:
        """Check and count one frame."""
        check_frame(rgba, self.width, self.height)
        self.n_frames += 1

    def written(self, size: int, **truth: Any) -> OutputFile:
        """Return the report; `truth` overrides what the file holds differently from what it was fed."""
        fed = {"width": self.width, "height": self.height, "n_frames": self.n_frames, "fps": self.fps}
        return OutputFile(self.path, size, **fed | {"duration": float(self.n_frames / exact_fps(self.fps))} | truth)
