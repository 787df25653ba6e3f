"""The renderer on which artists draw, and the drawing of a figure in which only changed artists draw again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.figure import Figure

from animate.replay.drawing import BLANK, Drawing
from animate.replay.tiles import NOTHING
from animate.replay.user_messages import is_strict
from animate.vector.fragment_renderer import FragmentRenderer
from animate.vector.fragments import Fragment, SharedDefinitions

_MixedModeRenderer: Any = MixedModeRenderer


class FragmentRecorder(_MixedModeRenderer):  # type: ignore[misc]
    """A renderer that keeps fragments, and in which artists with ``rasterized=True`` and color gradients become images.

    Parameters
    ----------
    figure : Figure
    shared : SharedDefinitions
    """

    def __init__(self, figure: Figure, shared: SharedDefinitions) -> None:
        width, height = map(float, figure.get_size_inches())
        renderer = FragmentRenderer(width * figure.dpi, height * figure.dpi, figure.dpi, shared)
        super().__init__(figure, width, height, figure.dpi, renderer)
        self.vector = renderer
        self._rasterizing: bool = False

    @property
    def is_recording(self) -> bool:
        """Return whether drawing gives fragments; inside a rasterized artist it gives pixels."""
        return bool(self._renderer is self._vector_renderer)

    def draw_gouraud_triangles(self, *arguments: Any) -> None:
        """Add triangles of blended colors as an image: no browser has the filter that matplotlib's SVG needs."""
        was_recording = self.is_recording
        if was_recording:
            self.start_rasterizing()
        self._renderer.draw_gouraud_triangles(*arguments)
        if was_recording:
            self.stop_rasterizing()

    def record(self, draw: Callable[[Any], object]) -> Drawing:
        """Return the fragments that a function draws on this renderer; calls may be nested."""
        outer, self.vector.fragments = self.vector.fragments, []
        try:
            draw(self)
            if self._rasterizing:  # matplotlib waits for the next artist, which may belong to another drawing
                self.stop_rasterizing()
                self._rasterizing = False
            return self.take()
        finally:
            self.vector.fragments = outer

    def take(self) -> Drawing:
        """Return the fragments since the last call of this method."""
        fragments, self.vector.fragments = self.vector.fragments, []
        return Drawing(fragments, NOTHING, 0, NOTHING) if fragments else BLANK  # type: ignore[arg-type]


class FigureDrawing:
    """The fragments of a figure, of which only those of changed artists are made again.

    `animate.replay` decides which artists changed. Where it could not be sure, matplotlib draws the whole figure: for
    figures with a layout engine, functions connected to draw events, or classes from outside matplotlib.

    Parameters
    ----------
    figure : Figure
        The figure, at the resolution at which it is recorded.
    shared : SharedDefinitions
    """

    def __init__(self, figure: Figure, shared: SharedDefinitions) -> None:
        self._figure = figure
        self.recorder = FragmentRecorder(figure, shared)
        self._draw_list: Any = None
        self._settings: Any = None
        self._is_watched = True

    def fragments(self) -> list[Fragment]:
        """Return the fragments of the figure as it is now, in drawing order."""
        if self._may_watch():
            try:
                return self._changed_redrawn()
            except Exception:
                self._is_watched = False
                if is_strict() and not _is_refusal():
                    raise
        return self._all_redrawn()

    def rebase(self) -> None:
        """Accept what other renderers left when they drew the figure as it was recorded."""
        if self._draw_list is not None:
            self._draw_list.rebase()

    def _all_redrawn(self) -> list[Fragment]:
        self._draw_list = None
        drawing = self.recorder.record(lambda renderer: type(self._figure).draw(self._figure, renderer))
        return list(drawing.calls)  # type: ignore[arg-type]

    def _may_watch(self) -> bool:
        """Return whether replay can tell which artists changed."""
        if not self._is_watched:
            return False
        try:
            from animate.replay.canvas_session import has_draw_listeners
            from animate.replay.draw_tree import is_container
            from animate.replay.layout_cycle import has_layout
            from animate.replay.matplotlib_private import is_tested
        except Exception:  # noqa: BLE001 - another version of matplotlib
            self._is_watched = False
            return False
        known = is_tested(mpl.__version__) and is_container(self._figure)
        return known and not has_layout(self._figure) and not has_draw_listeners(self._figure.canvas)

    def _changed_redrawn(self) -> list[Fragment]:
        from animate.replay.artist_state import ArtistState
        from animate.replay.draw_list import DrawList

        if self._draw_list is None or not self._settings.matches():
            self._settings = ArtistState(mpl.rcParams)
            self._draw_list = DrawList(self._figure, self.recorder)
        self._draw_list.update()
        if self._draw_list.has_foreign_code:
            self._is_watched = False
            return self._all_redrawn()
        return [fragment for node in self._draw_list.nodes for fragment in node.drawing.calls]


def _is_refusal() -> bool:
    """Return whether the exception being handled says that a figure cannot be replayed."""
    import sys

    from animate.replay.call_recorder import CannotReplay

    return isinstance(sys.exception(), CannotReplay)
