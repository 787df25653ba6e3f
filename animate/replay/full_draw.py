"""Frames drawn in full by matplotlib itself: the reference that every faster way must equal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from animate.replay.frames import Frame


class Grab:
    """A file that keeps what the renderer writes to it, as an array."""

    frame: Frame

    def write(self, buffer: Any) -> None:
        """Keep the pixels; the array shares the renderer's memory."""
        self.frame = np.asarray(buffer)

    def seek(self, position: int) -> None:
        """Do nothing: matplotlib tells files from paths by this method, and never calls it."""


class FullDraw:
    """Draws a figure in full for each frame.

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
        """Pass other arguments to `savefig` from the next frame on."""
        self._kwargs = dict(savefig_kwargs)

    def frame(self) -> Frame:
        """Return the figure as `savefig` draws it now: RGBA, shape (height, width, 4), dtype uint8."""
        return self.frame_view().copy()

    def frame_view(self) -> Frame:
        """Return the same pixels as `frame` in memory that the next draw writes over."""
        grab = Grab()
        self._figure.savefig(grab, format="rgba", dpi=self._dpi, **self._kwargs)  # type: ignore[arg-type]
        return grab.frame

    @contextmanager
    def attached(self) -> Iterator[None]:
        """Leave the canvas to matplotlib for the block; a faster source takes it over here."""
        yield

    def leave(self) -> None:
        """Let the canvas hold the last frame; it does already."""
