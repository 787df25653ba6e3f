"""The canvas through which `Figure.savefig` records a drawing.

``savefig`` takes the name of this module as a backend, so that face colors, transparency and layout are matplotlib's
own. The figure keeps its resolution: `FigureCanvasSVG` would draw it at 72 dots per inch, and everything would be laid
out again for each frame.
"""

from __future__ import annotations

from typing import Any

from matplotlib.backend_bases import FigureCanvasBase

from animate.vector.fragment_recorder import FragmentRecorder
from animate.vector.fragments import SharedDefinitions

__all__ = ["FigureCanvas"]

BACKEND = f"module://{__name__}"


class FigureCanvas(FigureCanvasBase):
    """A canvas that hands its figure to a recording."""

    @classmethod
    def get_default_filetype(cls) -> str:
        """Return ``svg``: layout engines measure with the renderer of this format."""
        return "svg"

    def print_svg(self, recording: Any, **_options: Any) -> None:
        """Record the figure.

        Parameters
        ----------
        recording : FigureRecording or io.BytesIO
            In place of a file. Before the layout is made, matplotlib draws to a buffer in order to get a renderer.
        """
        if hasattr(recording, "take"):
            recording.take(self.figure)
        else:
            self.figure.draw(FragmentRecorder(self.figure, SharedDefinitions()))
