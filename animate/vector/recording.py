"""The recording of an animation as vector drawings, one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure

from animate.errors import EncodeError
from animate.vector.figure_canvas import BACKEND
from animate.vector.fragment_recorder import FigureDrawing
from animate.vector.fragments import Fragment, SharedDefinitions
from animate.vector.tracks import TrackList

MOST_BYTES = 100_000_000
"""The largest animation: browsers open no larger file smoothly."""


class VectorRecording:
    """The drawings of an animation.

    Attributes
    ----------
    tracks : TrackList
        Their frames are numbers of drawings.
    shared : SharedDefinitions
    n_drawings : int
    hatches : str
        Markup of the patterns of hatches.
    """

    def __init__(self) -> None:
        self.shared = SharedDefinitions()
        self.tracks = TrackList()
        self.n_drawings = 0
        self.hatches = ""

    def add(self, fragments: list[Fragment]) -> None:
        """Add one drawing.

        Raises
        ------
        EncodeError
            If the animation becomes too large.
        """
        self.tracks.add(self.n_drawings, fragments)
        self.n_drawings += 1
        if self.tracks.n_bytes > MOST_BYTES:
            raise EncodeError(
                f"a vector drawing must take at most {MOST_BYTES // 10**6} MB; this one takes more after "
                f"{self.n_drawings} frames; write a video instead, such as .mp4, or draw with rasterized=True"
            )


class FigureRecording(VectorRecording):
    """The drawings of a figure that changes.

    Parameters
    ----------
    figure : Figure
    dpi : float
        Pixels in an inch.
    """

    def __init__(self, figure: Figure, dpi: float) -> None:
        super().__init__()
        self._figure, self._dpi = figure, dpi
        self._drawing: FigureDrawing | None = None

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the picture in pixels."""
        width, height = self._figure.get_size_inches() * self._dpi
        return float(width), float(height)

    def record(self, savefig_kwargs: Mapping[str, Any] | None = None) -> None:
        """Add the figure as it is now.

        Parameters
        ----------
        savefig_kwargs : mapping, optional
            Further arguments of `Figure.savefig`.
        """
        options: dict[str, Any] = {**(savefig_kwargs or {}), "backend": BACKEND, "format": "svg", "dpi": self._dpi}
        self._figure.savefig(self, **options)  # type: ignore[arg-type]

    def take(self, figure: Figure) -> None:
        """Add the drawing of the figure; `savefig` calls this while the figure looks as it is to be saved."""
        if self._drawing is None:
            self._drawing = FigureDrawing(figure, self.shared)
        self.add(self._drawing.fragments())
        self.hatches = self._drawing.recorder.vector.hatch_markup()

    def write(self, *_arguments: Any) -> None:
        """Do nothing: matplotlib tells files from paths by this method."""
