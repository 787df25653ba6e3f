"""The formats animate writes, one row each: to add one, write its sink and add a row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from animate.errors import UsageError, did_you_mean
from animate.film.apng import ApngSink
from animate.film.gif import GifSink, notice_gif
from animate.film.images import PngSequenceSink, refuse_unnumbered
from animate.film.page_sink import PageSink
from animate.film.sinks import EncodeOptions, Sink, Written
from animate.film.video import MP4, WEBM, WEBP, VideoSink
from animate.replay.frames import Frame

__all__ = ["ENCODERS", "EncodeOptions", "Encoder", "Frame", "Sink", "Written", "encoder_for", "open_sink"]

MAX_FPS = 1000  # what an animation of `interval=1` asks for; a Scene has its own, lower limit


def nothing_to_say(_fps: float) -> None:
    """Return None: the format holds any frame rate as it is."""


def any_path(_path: Path) -> None:
    """Do nothing: the format takes any file name with its suffix."""


@dataclass(frozen=True, kw_only=True)
class Encoder:
    """One file format."""

    name: str
    suffixes: tuple[str, ...]
    make: Callable[[Path, int, int, float, EncodeOptions], Sink]
    """make(path, width, height, fps, options): the sink of one file."""
    max_side: int
    """Pixels a side the format can hold."""
    even: bool = False
    """Whether width and height must be even."""
    notice: Callable[[float], str | None] = nothing_to_say
    """notice(fps): one line to say where the format changes what was asked for."""
    check_path: Callable[[Path], None] = any_path
    """check_path(path): raises UsageError for a file name the format has no use for."""

    def refuse(self, width: int, height: int, fps: float) -> None:
        """Raise UsageError for a size or a frame rate the format cannot hold."""
        if not 0 < fps <= MAX_FPS:  # also true for nan
            raise UsageError(f"fps must be above 0 and at most {MAX_FPS}; got {fps:g}; 20 to 60 suit most")
        if min(width, height) < 1:
            raise UsageError(f"width and height must be at least 1 pixel; got {width}x{height}")
        if max(width, height) > self.max_side:
            raise UsageError(f"{self.name} holds at most {self.max_side} pixels a side; got {width}x{height}")
        if self.even and (width % 2 or height % 2):
            smaller = f"{max(2, width - width % 2)}x{max(2, height - height % 2)}"
            larger = f"{width + width % 2}x{height + height % 2}"
            fix = f"use {smaller} or {larger}" if smaller != larger else f"use {larger}"
            raise UsageError(f"{self.name} needs even width and height; got {width}x{height}; {fix}")

    def open(self, path: Path, width: int, height: int, fps: float, options: EncodeOptions | None = None) -> Sink:
        """Return the sink of one file; raises UsageError for what the format cannot hold."""
        path = Path(path)
        self.check_path(path)
        self.refuse(width, height, fps)
        return self.make(path, width, height, fps, options or EncodeOptions())


_FORMATS = (
    Encoder(name="GIF", suffixes=(".gif",), make=GifSink, max_side=65535, notice=notice_gif),
    Encoder(name="H.264", suffixes=(".mp4", ".m4v"), make=partial(VideoSink, MP4), max_side=16384, even=True),
    Encoder(name="VP9", suffixes=(".webm",), make=partial(VideoSink, WEBM), max_side=65535),
    Encoder(name="WebP", suffixes=(".webp",), make=partial(VideoSink, WEBP), max_side=16383),
    Encoder(name="APNG", suffixes=(".apng",), make=ApngSink, max_side=2**31 - 1),
    Encoder(name="PNG", suffixes=(".png",), make=PngSequenceSink, max_side=2**31 - 1, check_path=refuse_unnumbered),
    Encoder(name="A page with H.264", suffixes=(".html",), make=PageSink, max_side=16384, even=True),
)
ENCODERS: dict[str, Encoder] = {suffix: encoder for encoder in _FORMATS for suffix in encoder.suffixes}


def encoder_for(path: str | Path) -> Encoder:
    """Return the encoder that the suffix of a file names.

    Raises
    ------
    UsageError
        If there is none for the suffix, or if the format has no use for the file's name.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in ENCODERS:
        got = f"got {suffix!r}" if suffix else "it has none"
        hint = did_you_mean(suffix, ENCODERS)
        raise UsageError(f"the extension of {str(path)!r} must be one of {', '.join(ENCODERS)}; {got}.{hint}")
    ENCODERS[suffix].check_path(Path(path))
    return ENCODERS[suffix]


def open_sink(path: str | Path, width: int, height: int, fps: float, options: EncodeOptions | None = None) -> Sink:
    """Return the sink of one file, in the format its suffix names."""
    return encoder_for(path).open(Path(path), width, height, fps, options)
