"""Transparency: which encoder keeps it, and how a figure is drawn for files that cannot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from animate.film.sinks import EncodeOptions, Sink, Work, Written, is_opaque
from animate.interrupts import uninterrupted
from animate.replay.frames import Frame
from animate.replay.report import print_line

MakeSink = Callable[[Path, int, int, float, EncodeOptions], Sink]


class ByAlpha(Sink):
    """A file whose encoder is chosen by the first frame: one for opaque frames, another that stores alpha.

    Parameters
    ----------
    opaque, transparent : callable
        Open the file with the one or the other encoder.
    path, width, height, fps, options
        As for `Encoder.open`.
    """

    def __init__(
        self,
        opaque: MakeSink,
        transparent: MakeSink,
        path: Path,
        width: int,
        height: int,
        fps: float,
        options: EncodeOptions,
    ) -> None:
        self._path = path
        self._open_transparent = partial(transparent, path, width, height, fps, options)
        self._sink = opaque(path, width, height, fps, options)  # at once, so that a bad path is an error before drawing
        self._is_first, self._is_opaque, self._is_over = True, True, False

    def take(self, rgba: Frame) -> Work:
        """Choose the encoder with the first frame; return the deferred encoding of this one."""
        opaque = self._is_opaque and is_opaque(rgba)
        if self._is_opaque and not opaque:
            self._is_opaque = False
            if self._is_first and not self._is_over:
                self._reopen()
            elif not self._is_over:
                print_line(f"{self._path.name}: a later frame than the first has transparency: drawn on white")
        self._is_first = False
        return self._sink.take(rgba)

    def _reopen(self) -> None:
        self._sink.abort()
        with uninterrupted():  # a half-started encoder has no owner that could end it
            self._sink = self._open_transparent()

    def write(self, rgba: Frame) -> None:
        """Encode one more frame at once."""
        self.take(rgba)()

    def finish(self) -> None:
        """Complete the file under its temporary name."""
        self._sink.finish()

    def publish(self, *, keep_old: bool = False) -> Written:
        """Give the complete file its final name."""
        return self._sink.publish(keep_old=keep_old)

    def rollback(self) -> None:
        """Restore what `publish` replaced."""
        self._sink.rollback()

    def abort(self) -> None:
        """End what runs and remove all temporary files."""
        self._is_over = True
        self._sink.abort()


def opaque_background(savefig_kwargs: Mapping[str, Any], facecolor: Any) -> dict[str, Any]:
    """Return the arguments with which `Animation.save` makes `Figure.savefig` draw an opaque picture.

    Parameters
    ----------
    savefig_kwargs : mapping
        What the user passed.
    facecolor : color
        The face color of the figure when saving began; used where neither *savefig_kwargs* nor
        :rc:`savefig.facecolor` names one.
    """
    color = savefig_kwargs.get("facecolor", mpl.rcParams["savefig.facecolor"])
    red, green, blue, alpha = to_rgba(facecolor if isinstance(color, str) and color == "auto" else color)
    on_white = tuple(float(alpha * channel + 1 - alpha) for channel in (red, green, blue))
    return {"facecolor": on_white, "transparent": False}


def asks_for_alpha(savefig_kwargs: Mapping[str, Any], figure: Figure) -> bool:
    """Return whether `Figure.savefig` would draw the figure with a background that is not opaque."""
    transparent = savefig_kwargs.get("transparent")
    if mpl.rcParams["savefig.transparent"] if transparent is None else transparent:
        return True
    color = savefig_kwargs.get("facecolor", mpl.rcParams["savefig.facecolor"])
    color = figure.get_facecolor() if isinstance(color, str) and color == "auto" else color
    return bool(to_rgba(color)[3] < 1)
