"""Frames drawn in full by matplotlib itself: the reference that replay must equal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from animate.replay.frames import Frame


class Grab:
    """A file object that keeps the pixels that matplotlib writes to it."""

    frame: Frame

    def write(self, buffer: Any) -> None:
        """Keep the pixels as an array that shares the renderer's memory."""
        self.frame = np.asarray(buffer)

    def seek(self, position: int) -> None:
        """Do nothing: matplotlib only checks that the method exists, to tell files from paths."""


class FullDraw:
    """Draws each frame of a figure in full.

    Parameters
    ----------
    figure : Figure
        The figure to draw.
    dpi : float
        Resolution in dots per inch.
    savefig_kwargs : dict
        Further arguments of `Figure.savefig`.
    """

    def __init__(self, figure: Figure, dpi: float, savefig_kwargs: Mapping[str, Any]) -> None:
        self._figure, self._dpi, self._kwargs = figure, dpi, dict(savefig_kwargs)

    def use(self, savefig_kwargs: Mapping[str, Any]) -> None:
        """Use other arguments of `savefig` from the next frame on."""
        self._kwargs = dict(savefig_kwargs)

    def frame(self) -> Frame:
        """Return the figure as `savefig` draws it now: RGBA, shape (height, width, 4), dtype uint8."""
        return self.frame_view().copy()

    def frame_view(self) -> Frame:
        """Return the same pixels as `frame` does, in memory that the next draw overwrites."""
        grab = Grab()
        self._figure.savefig(grab, format="rgba", dpi=self._dpi, **self._kwargs)  # type: ignore[arg-type]
        return grab.frame

    def skip(self) -> None:
        """Pass over a frame that another process draws: do what a draw of it does to the state of the figure."""

    def indivisible_reason(self) -> str:
        """Return why one process must draw all frames; empty if others can draw some of them."""
        return "matplotlib draws every frame"

    @contextmanager
    def attached(self) -> Iterator[None]:
        """Leave the canvas to matplotlib for the duration of the block; `Replay` takes it over here."""
        yield

    def leave(self) -> None:
        """Leave the last frame on the canvas, where a full draw has put it already."""
