"""The options of `Animation.save` and of matplotlib's configuration, checked and converted to `EncodeOptions`."""

from __future__ import annotations

import inspect
import math
import numbers
import reprlib
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import accumulate
from typing import Any

import matplotlib as mpl
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from animate.errors import EncodeError, UsageError, counted
from animate.film.argument_checks import (
    LONGEST_SECONDS,
    MAX_BITRATE,
    check_number,
    check_seconds,
    check_text,
    checked_extra_args,
    checked_metadata,
)
from animate.film.sinks import EncodeOptions

CONTROLLED = ("dpi", "bbox_inches", "format")
"""Arguments of `Figure.savefig` that the writer decides itself."""


VERIFY_EVERY = 10
"""One frame in this many is compared where the user asks for comparisons without a number."""


def frame_rate(fps: Any) -> float:
    """Return frames per second as a number.

    Parameters
    ----------
    fps : float or str
        A number, or text such as ``"30"`` or ``"30000/1001"``, which ffmpeg takes as well.

    Raises
    ------
    UsageError
        If it is neither, infinite, or not a number.

    >>> frame_rate(12.5), frame_rate("30")
    (12.5, 30.0)
    """
    try:
        rate = float(Fraction(fps)) if isinstance(fps, str) else float(fps)
        if not math.isfinite(rate):
            raise ValueError("a rate must be finite")
        return rate
    except (TypeError, ValueError, ArithmeticError) as error:
        shown = reprlib.repr(fps)
        raise UsageError(f"fps must be a number of frames per second; got {shown}; pass for example fps=30") from error


class FrameDurations:
    """How long each frame stays, in steps of 1/fps.

    Ends of frames are rounded to steps, so that errors do not add up; each frame stays for one step at least.

    Parameters
    ----------
    fps : float
        Steps per second.
    hold : float
        Further seconds for the last frame.
    seconds : sequence of float, optional
        Seconds for each frame; one step each by default.

    Raises
    ------
    UsageError
        If a duration is not a positive number, or `hold` a negative one.

    >>> durations = FrameDurations(10, hold=0.5, seconds=[0.1, 0.25, 0.25])
    >>> [durations.steps(frame) for frame in range(3)], durations.steps_after(3)
    ([1, 3, 2], 5)
    """

    def __init__(self, fps: float, hold: float, seconds: Sequence[float] | None) -> None:
        check_seconds("hold", hold)
        if isinstance(seconds, numbers.Real | str):
            raise UsageError(f"durations must be a list of seconds, one for each frame; got {seconds!r}")
        seconds = None if seconds is None else list(seconds)
        for frame, duration in enumerate(seconds or ()):
            what = f"positive numbers of seconds, at most {LONGEST_SECONDS:g}; for frame {frame}"
            check_number("durations", duration, what, least=math.ulp(0), most=LONGEST_SECONDS)
        self._hold_steps = math.floor(hold * fps + 0.5)
        self._ends = None if seconds is None else [math.floor(end * fps + 0.5) for end in accumulate(seconds)]

    def steps(self, frame: int) -> int:
        """Return for how many steps a frame stays; raise EncodeError if there is no duration for it."""
        if self._ends is None:
            return 1
        if frame >= len(self._ends):
            raise EncodeError(f"durations must name every frame; got {len(self._ends)} for more frames")
        begin = self._ends[frame - 1] if frame else 0
        return max(1, self._ends[frame] - begin)

    def steps_after(self, n_frames: int) -> int:
        """Return the further steps of the last frame; raise EncodeError if there are more durations than frames."""
        if self._ends is not None and len(self._ends) != n_frames:
            frames = counted(n_frames, "frame")
            raise EncodeError(f"durations must name every frame; got {len(self._ends)} for {frames}")
        return self._hold_steps


def encode_options(
    options: EncodeOptions | None,
    *,
    codec: str | None,
    bitrate: int | None,
    extra_args: Sequence[str] | None,
    metadata: Mapping[str, str] | None,
    loop: int,
    alt: str,
) -> EncodeOptions:
    """Return how to encode: *options*, overridden by those of the other arguments that are given.

    Without *options* matplotlib's configuration counts where an argument is missing, as for `FFMpegWriter`:
    :rc:`animation.codec`, :rc:`animation.bitrate`, :rc:`animation.ffmpeg_args` and :rc:`animation.ffmpeg_path`, each
    unless it has matplotlib's own default.

    Raises
    ------
    UsageError
        If *extra_args* is one text instead of a sequence, or *bitrate* is no number.
    """
    if bitrate is not None:
        what = "a number of kilobits per second"
        check_number("bitrate", bitrate, what, least=-math.inf, most=MAX_BITRATE, fix=f"at most {MAX_BITRATE:g}")
    if codec is not None:
        check_text("codec", codec)
    if alt:
        check_text("alt", alt)
    if options is not None and not isinstance(options, EncodeOptions):
        raise UsageError(f"options must be EncodeOptions; got {options!r}")
    if loop:
        check_number("loop", loop, "a whole number from 0 to 65535", least=0, most=65535, kind=numbers.Integral)
    configured = _configured() if options is None else {}
    given = {
        "codec": codec,
        "bitrate": bitrate,
        "loop": loop or None,
        "alt": alt or None,
        "extra_args": checked_extra_args(extra_args),
        "metadata": checked_metadata(metadata),
    }
    chosen = configured | {name: value for name, value in given.items() if value is not None}
    return replace(options or EncodeOptions(), **chosen)


def verify_every(verify: bool | int | None) -> int | None:
    """Return one in how many frames is compared with a full draw; 0 for none, None for the default.

    >>> verify_every(True), verify_every(False), verify_every(3)
    (10, 0, 3)
    """
    if verify is None or isinstance(verify, bool):
        return VERIFY_EVERY if verify else None if verify is None else 0
    check_number("verify", verify, "true, false or one in how many frames to compare", least=0, most=2**31)
    return int(verify)


def _configured() -> dict[str, Any]:
    params: Any = mpl.rcParams
    defaults: Any = mpl.rcParamsDefault
    names = (f"animation.{name}" for name in ("codec", "bitrate", "ffmpeg_args", "ffmpeg_path"))
    codec, bitrate, arguments, path = (params[name] if params[name] != defaults[name] else None for name in names)
    found = {"codec": codec, "bitrate": bitrate, "extra_args": tuple(arguments or ())}
    found["program"] = None if path is None else shutil.which(path)
    return {field: value for field, value in found.items() if value}


def check_savefig_kwargs(savefig_kwargs: Mapping[str, Any]) -> None:
    """Raise TypeError for a keyword argument that `Figure.savefig` does not take for frames, as stock writers do."""
    for name in savefig_kwargs:
        if name in CONTROLLED or name not in _SAVEFIG_ARGUMENTS:
            raise TypeError(f"grab_frame got an unexpected keyword argument {name!r}")


_SAVEFIG_ARGUMENTS = {
    "transparent",
    *inspect.signature(FigureCanvasBase.print_figure).parameters,
    *inspect.signature(FigureCanvasAgg.print_raw).parameters,
} - {"self", "filename", "filename_or_obj", "kwargs"}


def opaque_background(savefig_kwargs: Mapping[str, Any], facecolor: Any) -> dict[str, Any]:
    """Return the arguments with which `Animation.save` makes `Figure.savefig` draw an opaque picture.

    Parameters
    ----------
    savefig_kwargs : mapping
        The user's keyword arguments.
    facecolor : color
        The face color of the figure when saving began; used where neither *savefig_kwargs* nor
        :rc:`savefig.facecolor` names one.
    """
    color = savefig_kwargs.get("facecolor", mpl.rcParams["savefig.facecolor"])
    red, green, blue, alpha = to_rgba(facecolor if isinstance(color, str) and color == "auto" else color)
    on_white = tuple(float(alpha * channel + 1 - alpha) for channel in (red, green, blue))
    return {"facecolor": on_white, "transparent": False}


def loses_alpha(savefig_kwargs: Mapping[str, Any], figure: Figure, *, is_composited: bool) -> bool:
    """Return whether a format without alpha shows the background of a figure otherwise than the user asked for.

    Parameters
    ----------
    savefig_kwargs : mapping
        The user's keyword arguments of `Figure.savefig`.
    figure : Figure
        The figure.
    is_composited : bool
        Whether `Animation.save` composites the background on white. Only one without any color is lost then.
    """
    transparent = savefig_kwargs.get("transparent")
    if mpl.rcParams["savefig.transparent"] if transparent is None else transparent:
        return True
    color = savefig_kwargs.get("facecolor", mpl.rcParams["savefig.facecolor"])
    color = figure.get_facecolor() if isinstance(color, str) and color == "auto" else color
    alpha = to_rgba(color)[3]
    return bool(alpha == 0 if is_composited else alpha < 1)
