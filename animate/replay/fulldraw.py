"""Frames drawn in full by matplotlib itself: the reference that every faster way must equal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from animate.replay.frames import Frame


class Grab:
    """A file that keeps what the renderer writes to it, as an array."""

    frame: Frame

    def write(self, buffer: Any) -> None:
        """Keep a copy of the pixels, since the renderer draws over its own."""
        self.frame = np.array(buffer)

    def seek(self, position: int) -> None:
        """Stand in for a file: matplotlib tells files from paths by this method, and never calls it."""


class FullDraw:
    """Draws a figure in full, once per frame."""

    def __init__(self, figure: Figure, dpi: float, savefig_kwargs: Mapping[str, Any]) -> None:
        self._figure, self._dpi, self._kwargs = figure, dpi, dict(savefig_kwargs)

    def frame(self) -> Frame:
        """Return the figure as it is now, RGBA, shape (height, width, 4), as `savefig` makes it."""
        grab = Grab()
        self._figure.savefig(grab, format="rgba", dpi=self._dpi, **self._kwargs)  # type: ignore[arg-type]
        return grab.frame
