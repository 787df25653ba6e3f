"""The table of file formats. To add a format, write its sink and add a row.

ffmpeg encodes files with other suffixes, if it can write them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from animate.errors import UsageError, did_you_mean
from animate.film.argument_checks import LONGEST_SECONDS
from animate.film.ffmpeg import can_write
from animate.film.ffmpeg_arguments import UserArguments, VideoFormat, needs_even_size
from animate.film.formats import video
from animate.film.formats.gif import GifSink, notice_gif
from animate.film.formats.images import ApngSink, PngSequenceSink, refuse_unnumbered
from animate.film.formats.video import ByAlpha, MakeSink, VideoSink
from animate.film.sinks import EncodeOptions, OutputFile, Sink
from animate.replay.frames import Frame

__all__ = ["ENCODERS", "EncodeOptions", "Encoder", "Frame", "OutputFile", "Sink", "encoder_for", "open_sink"]

MAX_FPS = 1000  # the rate of an animation with `interval=1`; a Scene has its own, lower limit


def _no_notice(_fps: float) -> None:
    """Return None: the format plays any frame rate."""


def _any_path(_path: Path) -> None:
    """Accept any file name."""


@dataclass(frozen=True, kw_only=True)
class Encoder:
    """One file format.

    Attributes
    ----------
    name : str
    suffixes : tuple of str
    make : callable
        ``make(path, width, height, fps, options)`` returns the sink of one file.
    max_side : int
        The most pixels a side.
    even : bool
        Whether width and height must be even.
    keeps_alpha : bool
        Whether the file stores transparency.
    stores_drawings : bool
        Whether the file stores the drawings of a figure, not its pixels.
    prefers_drawings : bool
        Whether it stores them where they take fewer bytes than its pixels.
    by_ffmpeg : VideoFormat, optional
        How ffmpeg writes the format: always, or only if there are ffmpeg arguments from the user.
    notice : callable
        ``notice(fps)`` returns a line for the user if the format cannot store exactly what was requested, else None.
    check_path : callable
        ``check_path(path)`` raises UsageError if the format cannot use the file name.
    """

    name: str
    suffixes: tuple[str, ...]
    make: MakeSink
    max_side: int = 65535
    even: bool = False
    keeps_alpha: bool = False
    stores_drawings: bool = False
    prefers_drawings: bool = False
    by_ffmpeg: VideoFormat | None = None
    notice: Callable[[float], str | None] = _no_notice
    check_path: Callable[[Path], None] = _any_path

    def refuse(self, width: int, height: int, fps: float) -> None:
        """Raise UsageError if the format cannot hold frames of this size, in pixels, or this frame rate."""
        if not 0 < fps <= MAX_FPS:  # also true for nan
            raise UsageError(f"fps must be above 0 and at most {MAX_FPS}; got {fps:g}; 20 to 60 suit most")
        if fps * LONGEST_SECONDS < 1:
            raise UsageError(f"fps must be at least 1/{LONGEST_SECONDS:g}, a frame an hour; got {fps:g}")
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
        """Return the sink of one file.

        Parameters
        ----------
        path : Path
        width, height : int
            Size of the frames in pixels.
        fps : float
            Frames per second.
        options : EncodeOptions, optional

        Raises
        ------
        UsageError
            If the format cannot hold such frames or cannot use the file name.
        EncodeError
            If the file cannot be created.
        """
        path = Path(path)
        self.check_path(path)
        self.refuse(width, height, fps)
        return self.make(path, width, height, fps, options or EncodeOptions())


def _by_alpha(opaque: MakeSink, video: VideoFormat) -> MakeSink:
    return partial(ByAlpha, opaque, partial(VideoSink, video, keep_alpha=True))


def _by_ffmpeg(video: VideoFormat) -> MakeSink:
    return partial(VideoSink, video, keep_alpha=True)


def _svg_sink(*arguments: Any) -> Sink:
    """Return an `SvgSink`; its modules take longer to import than a short video takes to encode."""
    from animate.film.formats.svg import SvgSink

    return SvgSink(*arguments)


def _page_sink(*arguments: Any) -> Sink:
    from animate.film.formats.page import PageSink

    return PageSink(*arguments)


_FORMATS = (
    Encoder(
        name="GIF",
        suffixes=(".gif",),
        make=_by_alpha(GifSink, video.GIF),
        by_ffmpeg=video.GIF,
        keeps_alpha=True,
        notice=notice_gif,
    ),
    Encoder(
        name="H.264",
        suffixes=(".mp4", ".m4v"),
        make=_by_ffmpeg(video.MP4),
        by_ffmpeg=video.MP4,
        max_side=16384,
        even=True,
    ),
    Encoder(
        name="VP9",
        suffixes=(".webm",),
        make=_by_alpha(partial(VideoSink, video.WEBM), video.WEBM),
        by_ffmpeg=video.WEBM,
        keeps_alpha=True,
    ),
    Encoder(
        name="WebP",
        suffixes=(".webp",),
        make=_by_ffmpeg(video.WEBP),
        by_ffmpeg=video.WEBP,
        keeps_alpha=True,
        max_side=16383,
    ),
    Encoder(
        name="APNG",
        suffixes=(".apng",),
        make=ApngSink,
        by_ffmpeg=video.APNG,
        keeps_alpha=True,
        max_side=2**31 - 1,
    ),
    Encoder(
        name="PNG",
        suffixes=(".png",),
        make=PngSequenceSink,
        by_ffmpeg=video.format_of(".png"),
        keeps_alpha=True,
        max_side=2**31 - 1,
        check_path=refuse_unnumbered,
    ),
    Encoder(name="SVG", suffixes=(".svg",), make=_svg_sink, keeps_alpha=True, stores_drawings=True),
    Encoder(
        name="A page with H.264", suffixes=(".html",), make=_page_sink, prefers_drawings=True, max_side=16384, even=True
    ),
)
ENCODERS: dict[str, Encoder] = {suffix: encoder for encoder in _FORMATS for suffix in encoder.suffixes}


def encoder_for(path: str | Path, options: EncodeOptions | None = None) -> Encoder:
    """Return the encoder for the suffix of a file.

    Parameters
    ----------
    path : path
    options : EncodeOptions, optional
        The options of the file: ffmpeg arguments and codecs may need another encoder than the default.

    Raises
    ------
    UsageError
        If there is none for the suffix, or if the format cannot use the file's name.
    """
    path, options = Path(path), options or EncodeOptions()
    suffix = path.suffix.lower()
    encoder = ENCODERS.get(suffix) or _other_encoder(suffix, options)
    if encoder is None:
        got = f"got {suffix!r}" if suffix else "it has none"
        hint = did_you_mean(suffix, ENCODERS)
        known = ", ".join(ENCODERS)
        raise UsageError(f"the extension of {str(path)!r} must be one of {known}, or one ffmpeg knows; {got}.{hint}")
    encoder.check_path(path)
    return _suited(encoder, options)


def _other_encoder(suffix: str, options: EncodeOptions) -> Encoder | None:
    """Return the encoder for a suffix that is not in the table, if ffmpeg can write such files."""
    names_muxer = UserArguments.parse(options.extra_args).names_muxer
    if not names_muxer and (suffix in _SEVERAL_FILES or not suffix or not _can_write(suffix, options.program)):
        return None
    form = video.format_of("" if names_muxer else suffix)
    make = _by_alpha(partial(VideoSink, form), form) if form.alpha else _by_ffmpeg(form)
    check = refuse_unnumbered if form.is_numbered else _any_path
    return Encoder(name=form.name, suffixes=(suffix,), make=make, by_ffmpeg=form, check_path=check)


_SEVERAL_FILES = (".m3u8", ".mpd", ".ism")
"""Playlists, beside which ffmpeg would write further files under names of its own."""

_can_write = lru_cache(can_write)


def _suited(encoder: Encoder, options: EncodeOptions) -> Encoder:
    """Return an encoder adapted to options."""
    form = encoder.by_ffmpeg
    is_known = encoder.suffixes[0] in ENCODERS
    if form is None or (is_known and not options.extra_args and not options.codec):
        return encoder
    if options.extra_args and encoder.suffixes[0] in (".gif", ".apng", ".png"):
        encoder = replace(encoder, make=_by_ffmpeg(form))
    codec = form.encoder(options)
    is_refused = options.codec is not None and not form.takes_codec(options)
    return replace(
        encoder,
        even=encoder.even or (not is_known and needs_even_size(codec)),
        keeps_alpha=form.keeps_alpha(options),
        notice=partial(_with_notice_of_codec, encoder, str(options.codec)) if is_refused else encoder.notice,
    )


def _with_notice_of_codec(encoder: Encoder, codec: str, fps: float) -> str:
    said = encoder.notice(fps)
    ignored = f"{encoder.name} cannot hold codec {codec!r}, which is not used"
    return f"{said}; {ignored}" if said else ignored


def open_sink(path: str | Path, width: int, height: int, fps: float, options: EncodeOptions | None = None) -> Sink:
    """Return the sink of one file, in the format its suffix names."""
    return encoder_for(path, options).open(Path(path), width, height, fps, options)
