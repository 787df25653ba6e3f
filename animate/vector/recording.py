"""The recording of an animation as vector drawings, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from matplotlib.figure import Figure

from animate.errors import EncodeError, counted
from animate.replay.user_messages import is_strict
from animate.vector.figure_canvas import BACKEND
from animate.vector.fragment_recorder import FigureDrawing
from animate.vector.fragments import Fragment, SharedDefinitions
from animate.vector.themes import in_both_themes
from animate.vector.tracks import TrackList

MOST_BYTES = 100_000_000
"""The largest animation: browsers open no larger file smoothly."""

MOST_PAGE_BYTES = 30_000_000
"""The largest animation that a page holds as drawings: in fewer bytes than a video, it is not larger."""

class VectorRecording:
    """The drawings of an animation.

    Parameters
    ----------
    shared : SharedDefinitions, optional
        Those of other recordings, if the drawings of several become one file.

    Attributes
    ----------
    tracks : TrackList
        Their frames are numbers of drawings.
    shared : SharedDefinitions
    n_drawings : int
    hatches : str
        Markup of the patterns of hatches.
    """

    def __init__(self, shared: SharedDefinitions | None = None) -> None:
        self.shared = shared or SharedDefinitions()
        self.tracks = TrackList()
        self.n_drawings = 0
        self.hatches = ""

    @property
    def n_bytes(self) -> int:
        """Return about how many bytes the drawings take, before they are compressed."""
        return self.tracks.n_bytes + self.shared.shapes.n_bytes

    def add(self, fragments: list[Fragment]) -> None:
        """Add one drawing.

        Raises
        ------
        EncodeError
            If the animation becomes too large.
        """
        self.tracks.add(self.n_drawings, fragments)
        self.n_drawings += 1
        if self.n_bytes > MOST_BYTES:
            raise EncodeError(
                f"a vector drawing must take at most {MOST_BYTES // 10**6} MB; this one takes more after "
                f"{counted(self.n_drawings, 'frame')}; write a video instead, such as .mp4, or draw with "
                "rasterized=True"
            )


class FigureRecording(VectorRecording):
    """The drawings of a figure that changes.

    Parameters
    ----------
    figure : Figure
    dpi : float
        Pixels in an inch.
    shared : SharedDefinitions, optional
    other_theme : callable, optional
        ``other_theme(number)`` returns the figure in dark colors at the moment of a drawing, for both in one file.
    is_optional : bool
        Whether a file that holds the drawings can hold a video as well. If the drawings become too large for a page,
        or cannot be made, the recording then ends in place of an error.

    Attributes
    ----------
    has_ended : bool
        Whether it ended early, without all drawings.
    """

    def __init__(
        self,
        figure: Figure,
        dpi: float,
        shared: SharedDefinitions | None = None,
        *,
        other_theme: Callable[[int], Figure] | None = None,
        is_optional: bool = False,
    ) -> None:
        super().__init__(shared)
        self.has_ended = False
        self._figure, self._dpi, self._is_optional = figure, dpi, is_optional
        self._other_theme = other_theme
        self._drawings: dict[Figure, FigureDrawing] = {}
        self._taken: list[list[Fragment]] = []

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
        if self.has_ended:
            return
        options: dict[str, Any] = {**(savefig_kwargs or {}), "backend": BACKEND, "format": "svg", "dpi": self._dpi}
        try:
            self._record(options)
        except Exception:
            if not self._is_optional or is_strict():
                raise
            self._end()
        if self._is_optional and self.n_bytes > MOST_PAGE_BYTES:
            self._end()

    def _record(self, options: dict[str, Any]) -> None:
        self._taken = []
        self._figure.savefig(self, **options)  # type: ignore[arg-type]
        if self._other_theme is None:
            (fragments,) = self._taken
        else:
            options.pop("facecolor", None)  # the background of the other theme is its own
            self._other_theme(self.n_drawings).savefig(self, **options)  # type: ignore[arg-type]
            light, dark = self._taken
            fragments = list(in_both_themes(light, dark, self.shared))
        self.add(fragments)

    def rebase(self) -> None:
        """Accept that the figure was drawn as pixels since; else each of the two would redraw what the other drew."""
        for drawing in self._drawings.values():
            drawing.rebase()

    def _end(self) -> None:
        """End early, and free the drawings."""
        self.has_ended, self.tracks = True, TrackList()
        self._drawings.clear()

    def take(self, figure: Figure) -> None:
        """Take the drawing of a figure; `savefig` calls this while the figure looks as it is to be saved."""
        if figure not in self._drawings:
            self._drawings[figure] = FigureDrawing(figure, self.shared)
        self._taken.append(self._drawings[figure].fragments())
        self.hatches = "".join(drawing.recorder.vector.hatch_markup() for drawing in self._drawings.values())

    def write(self, *_arguments: Any) -> None:
        """Do nothing: matplotlib tells files from paths by this method."""
