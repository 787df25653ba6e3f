"""What all formats share: the options, the sink that a format implements, and the file it reports."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from animate.atomic_files import cannot_write
from animate.errors import EncodeError, UsageError
from animate.replay.frames import Frame

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from animate.film.formats.page import PlayerData
    from animate.vector.recording import FigureRecording

EncodeTask = Callable[[], object]
"""The encoding of one frame, run by another thread while the next frame is drawn."""


@dataclass(frozen=True)
class EncodeOptions:
    """How to encode. Every default suits plots; a format ignores what it has no use for.

    Attributes
    ----------
    loop : int
        How often a GIF, WebP, APNG, AVIF or SVG plays; 0 is for ever.
    first_number : int
        The number of the first file of a sequence.
    crf : int, optional
        Constant quality of a video on its encoder's own scale, where lower is better; None derives it from *quality*.
    colors : int
        The most colors of a GIF in one frame, 2 to 256.
    quality : float
        1 to 100: how close a GIF, an MP4 or a WebM comes to what was drawn. Other formats are exact.
    threads : int
        Threads of a video encoder. Their number changes the bytes, so it does not depend on the machine.
    codec : str, optional
        The ffmpeg encoder of a video, as matplotlib's writers take it.
    bitrate : int, optional
        Of a video, in kbit/s; None or a negative one encodes at constant quality.
    extra_args : tuple of str
        Further output arguments for ffmpeg. They come last, so they win. With any, ffmpeg also writes GIF, APNG, PNG.
    metadata : tuple of (str, str)
        Tags of a video, such as ("title", "Descent"). There are none by default, since a date would change the bytes.
    alt : str
        Alternative text: what the animation shows. A page reads it aloud; other formats store it if they have a place.
    program : str
        The ffmpeg program; empty for the one of `ffmpeg_program`.
    player_data : PlayerData, optional
        What a page shows beside its video; None shows the number of the frame.
    recording : FigureRecording, optional
        The drawings of the figure, for a format that stores them in place of pixels.
    fine_drawings : bool
        Whether drawings have a decimal more; the lines of a scene are few, and look the same without.
    other_theme : callable, optional
        As of `FigureRecording`.
    video : bool
        Whether a page holds a video even if drawings take fewer bytes.

    Raises
    ------
    UsageError
        If a number is out of range.
    """

    loop: int = 0
    first_number: int = 0
    crf: int | None = None
    colors: int = 256
    quality: float = 90.0
    threads: int = 2
    codec: str | None = None
    bitrate: int | None = None
    extra_args: tuple[str, ...] = ()
    metadata: tuple[tuple[str, str], ...] = ()
    alt: str = ""
    program: str = ""
    player_data: PlayerData | None = None
    recording: FigureRecording | None = None
    other_theme: Callable[[int], Figure] | None = None
    fine_drawings: bool = True
    video: bool = False

    def __post_init__(self) -> None:
        for name, low, high in (("loop", 0, 65535), ("colors", 2, 256), ("quality", 1, 100), ("threads", 1, 64)):
            value = getattr(self, name)
            if not low <= value <= high:  # also true for nan
                raise UsageError(f"{name} must be between {low} and {high}; got {value}")
        if self.crf is not None and not 0 <= self.crf <= 63:
            raise UsageError(f"crf must be between 0 and 63; got {self.crf}")


@dataclass(frozen=True)
class OutputFile:
    """A complete file under its final name.

    Attributes
    ----------
    path : Path
    bytes : int
    width, height : int
        In pixels.
    n_frames : int
        Frames that a decoder finds. GIF, WebP and APNG hold equal neighbors as one longer frame.
    fps : float
        The frames per second that were requested.
    duration : float
        Seconds the file plays once, from the delays it stores.
    compromises : tuple of str
        What was lowered to meet a byte budget, one line each.
    contents : str
        How a page holds the animation, such as "as drawings"; "" for all other files.
    """

    path: Path
    bytes: int
    width: int
    height: int
    n_frames: int
    fps: float
    duration: float
    compromises: tuple[str, ...] = ()
    contents: str = ""


class Sink(Protocol):
    """Encodes frames into one file, or one sequence of files.

    The calls come in this order: `stage_frame` for each frame, `finish`, `publish`. `abort` may come at any time.
    """

    def stage_frame(self, rgba: Frame) -> EncodeTask:
        """Return the deferred encoding of one more frame, having copied what it needs.

        The thread that draws calls this and may draw over *rgba* afterwards. Another thread runs the tasks, in the
        order of the frames.

        Parameters
        ----------
        rgba : array of uint8, shape (height, width, 4)

        Raises
        ------
        EncodeError
            If the frame has another size than the file.
        """
        return partial(self.write, rgba.copy())

    def write(self, rgba: Frame) -> None:
        """Encode one more frame at once."""

    def finish(self) -> None:
        """Complete the file under its temporary name; raise EncodeError if that fails or there was no frame."""

    def publish(self, *, keep_old: bool = False) -> OutputFile:
        """Give the complete file its final name; keep what it replaces for `rollback`, if *keep_old*."""

    def rollback(self) -> None:
        """Restore what stood under the final name before ``publish(keep_old=True)``; do nothing otherwise."""

    def abort(self) -> None:
        """Stop encoding and remove all temporary files; may be called from any thread, and again after `publish`."""


class TemporaryOutput(Protocol):
    """A file, or a sequence of files, under a temporary name: an `AtomicFile` or a `FileSequence`."""

    temporary: Path

    def check_open(self) -> None:
        """Raise EncodeError if it was discarded."""

    def publish(self, *, keep_old: bool = False) -> int:
        """Give it its final name; return its size in bytes."""

    def rollback(self) -> None:
        """Restore what `publish` replaced."""

    def discard(self) -> None:
        """Remove all temporary files."""


class FileSink(Sink):
    """What the sinks of all formats share; a subclass encodes.

    A subclass overrides `stage_frame` or `write`, and as needed `_complete`, `_contents` and `_release`.

    Parameters
    ----------
    path : Path
        The final name.
    width, height : int
        Size of each frame in pixels.
    fps : float
        Frames per second.
    output : TemporaryOutput
        Where the subclass writes.
    """

    def __init__(self, path: Path, width: int, height: int, fps: float, output: TemporaryOutput) -> None:
        self._path, self._width, self._height, self._fps = path, width, height, fps
        self._output = output
        self._n_frames = 0

    def _count(self, rgba: Frame) -> int:
        """Check one more frame and return its number, counted from 0."""
        if rgba.dtype != np.uint8 or rgba.shape != (self._height, self._width, 4):
            got = f"{rgba.shape[1]}x{rgba.shape[0]}" if rgba.ndim == 3 else f"shape {rgba.shape}"
            raise EncodeError(f"every frame must be {self._width}x{self._height} RGBA bytes; got {got} ({rgba.dtype})")
        self._n_frames += 1
        return self._n_frames - 1

    @contextmanager
    def _ending_on_error(self, end: Callable[[], object]) -> Iterator[None]:
        """Call *end* if the block raises; an OSError becomes an EncodeError that names the file."""
        try:
            yield
        except BaseException as error:
            end()
            if isinstance(error, OSError):
                raise cannot_write(self._path, error) from error
            raise

    def write(self, rgba: Frame) -> None:
        """Encode one more frame at once."""
        self.stage_frame(rgba)()

    def finish(self) -> None:
        """Complete the file under its temporary name."""
        with self._ending_on_error(self.abort):
            if self._n_frames == 0:
                raise EncodeError(f"an animation must have at least one frame; got none for {str(self._path)!r}")
            self._complete()

    def _complete(self) -> None:
        """Write what is left."""

    def publish(self, *, keep_old: bool = False) -> OutputFile:
        """Give the complete file its final name."""
        contents = {
            "width": self._width,
            "height": self._height,
            "n_frames": self._n_frames,
            "duration": float(self._n_frames / exact_fps(self._fps)),
        } | self._contents()
        return OutputFile(self._path, self._output.publish(keep_old=keep_old), fps=self._fps, **contents)

    def _contents(self) -> dict[str, Any]:
        """Return the fields of `OutputFile` in which the file differs from the frames that were encoded."""
        return {}

    def rollback(self) -> None:
        """Restore what stood under the final name before ``publish(keep_old=True)``."""
        self._output.rollback()

    def abort(self) -> None:
        """Stop encoding and remove all temporary files."""
        self._release()
        self._output.discard()

    def _release(self) -> None:
        """End processes and close files; may be called again."""


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

_ALPHA = np.uint32(0xFF000000 if sys.byteorder == "little" else 0x000000FF)


def packed(rgba: Frame) -> NDArray[np.uint32]:
    """Return each pixel as one number, shape (height, width): a view if the frame is contiguous, else a copy."""
    view: NDArray[np.uint32] = np.ascontiguousarray(rgba).view(np.uint32)[..., 0]
    return view


def is_opaque(rgba: Frame) -> bool:
    """Return whether no pixel of a frame has any transparency."""
    return bool(np.bitwise_and.reduce(packed(rgba), axis=None) & _ALPHA == _ALPHA)


def on_white(rgba: Frame) -> Frame:
    """Return a frame composited on white: color * alpha + 255 * (1 - alpha).

    An opaque frame is returned itself, not a copy.
    """
    if is_opaque(rgba):
        return rgba
    alpha = rgba[..., 3:].astype(np.uint16)
    flat: Frame = np.full_like(rgba, 255)
    flat[..., :3] = (rgba[..., :3] * alpha + 255 * (255 - alpha) + 127) // 255
    return flat
