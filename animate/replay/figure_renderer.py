"""The pixels of a figure at one size, updated by drawing only what changed."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import get_named_colors_mapping
from matplotlib.figure import Figure

from animate.replay.artist_state import ArtistState
from animate.replay.call_recorder import CannotReplay, RecordingRenderer
from animate.replay.compositor import Compositor
from animate.replay.draw_list import DrawList
from animate.replay.frames import Frame
from animate.replay.layout_cycle import LayoutCycle, boxes_of, draw_or_lay_out
from animate.replay.redraw_stability import draw_alike


class FigureRenderer:
    """The pixels of a figure at one size, under one set of rcParams.

    Parameters
    ----------
    figure : Figure
        The figure to draw.
    recorder : RecordingRenderer
        The renderer on which its artists draw; gives the size in pixels and the resolution.
    """

    def __init__(self, figure: Figure, recorder: RecordingRenderer) -> None:
        self._size = size_of(recorder)
        self._settings, self._named_colors = ArtistState(mpl.rcParams), named_colors()
        self._recorder = recorder
        recorder.clear_glyphs()
        self._draw_list = DrawList(figure, self._recorder)
        self._compositor = Compositor(self._recorder)
        self._figure, self._has_layout = figure, False
        self.skipped_layout = False
        """Whether the draw that runs the layout engine was last skipped."""
        self._layout = LayoutCycle(figure)
        self._engine = _engine_state(figure)

    @property
    def pixels(self) -> Frame:
        """Return the pixels of the last frame, shape (height, width, 4), in memory that the next frame overwrites."""
        return self._compositor.picture

    @property
    def has_foreign_code(self) -> bool:
        """Return whether the figure contains a class from outside matplotlib."""
        return self._draw_list.has_foreign_code

    @property
    def has_unstable_artists(self) -> bool:
        """Return whether an artist draws differently when it is drawn again."""
        return self._draw_list.has_unstable_artists

    def differs_from(self, other: FigureRenderer) -> bool:
        """Return whether an artist drew other calls here than in another renderer of the same figure.

        Parameters
        ----------
        other : FigureRenderer
            The renderer to compare with.
        """
        drawings = {id(node.artist): node.drawing for node in other._draw_list.nodes if node.artist is not None}
        return any(
            id(node.artist) in drawings and not draw_alike(drawings[id(node.artist)], node.drawing)
            for node in self._draw_list.nodes
            if self.has_foreign_code or not node.is_repeatable()  # code from outside may change any artist
        )

    @property
    def is_converging(self) -> bool:
        """Return whether a layout engine still runs because its results do not yet repeat."""
        return self._has_layout and not self._layout.has_converged

    @property
    def is_drawn_alike_again(self) -> bool:
        """Return whether the figure would be as it is if it were drawn once more.

        A layout engine may move the axes, and code from outside matplotlib may draw differently.
        """
        if self._draw_list.draws_differ:
            return False
        is_settled = self._layout.has_converged and not self._layout.moves
        return not self._has_layout or (is_settled and all(node.is_proven() for node in self._draw_list.nodes))

    def changed_areas(self) -> list[Any]:
        """Return the slices of rows and columns in which the last frame differs from the previous one."""
        return self._compositor.changed_areas()

    def suits(self, renderer: RendererAgg) -> bool:
        """Return whether the size, the resolution, rcParams and the named colors are still the same.

        Parameters
        ----------
        renderer : RendererAgg
            Gives the size in pixels and the resolution that are wanted.
        """
        is_same_size = size_of(renderer) == self._size
        return is_same_size and self._settings.matches() and named_colors() == self._named_colors

    def has_replaced_draw(self) -> bool:
        """Return whether the `draw` method of one of the axes was replaced since the first frame."""
        return self._draw_list.has_replaced_draw()

    def can_skip_layout(self) -> bool:
        """Return whether the layout engine would only repeat an earlier result."""
        self._note_engine()
        if not self._layout.has_converged:
            return False
        self._draw_list.detect_changes()
        changed = self._draw_list.changed
        if changed is None or not self._layout.can_skip_layout(changed, self._recorder):
            self._layout.restart()
            self._draw_list.leave_layout_cycle()
        return self._layout.has_converged

    def _note_engine(self) -> None:
        """Discard the results of a layout engine that was replaced or given other parameters."""
        engine = _engine_state(self._figure)
        if engine != self._engine:
            self._engine = engine
            self._layout = LayoutCycle(self._figure)
            self._draw_list.leave_layout_cycle()

    def lay_out(self, renderer: RendererAgg) -> None:
        """Run the layout engine, unless it would only repeat an earlier result.

        Parameters
        ----------
        renderer : RendererAgg
            The renderer that the engine measures with.
        """
        self.skipped_layout = self.can_skip_layout()
        if self.skipped_layout:
            self._layout.advance()
            if self._layout.moves:
                self._draw_list.apply_layout(self._layout.cycle_step, {id(box) for box in boxes_of(self._figure)})
        else:
            self._draw_list.detect_changes()
            draw_or_lay_out(self._figure, renderer)
        self._has_layout = True

    def show_on(self, renderer: RendererAgg) -> None:
        """Copy the pixels of the last frame to a renderer of the same size."""
        np.copyto(np.asarray(renderer.buffer_rgba()), self._compositor.picture)  # type: ignore[no-untyped-call,unused-ignore]

    def update(self, *, n_draws: int = 1) -> Frame:
        """Return the pixels of the figure as it is now, shape (height, width, 4).

        Parameters
        ----------
        n_draws : int
            How often to draw artists whose next draw may differ from the last one.

        Raises
        ------
        CannotReplay
            If drawing changes the size of the figure, which then has its size from before.
        """
        size = tuple(self._figure.get_size_inches())
        self._draw_list.update(n_draws=n_draws)
        self.skipped_layout = False
        if tuple(self._figure.get_size_inches()) != size:
            self._figure.set_size_inches(*size)
            raise CannotReplay("drawing changes the size of the figure")
        nodes, touched = self._draw_list.nodes, self._draw_list.touched
        self._compositor.update(nodes, touched)
        if self._has_layout and self._layout.note_placement(nodes, touched, self._recorder):
            self._draw_list.take_states()
        return self._compositor.picture


def record_twice(figure: Figure, recorder: RecordingRenderer) -> tuple[FigureRenderer, bool]:
    """Return a renderer that recorded a figure as often as stock draws it, and whether both draws were alike."""
    first = FigureRenderer(figure, recorder)
    first.update()
    second = FigureRenderer(figure, recorder)
    second.update()
    return second, not second.differs_from(first)


def _engine_state(figure: Figure) -> tuple[Any, dict[str, Any]]:
    """Return the layout engine and its parameters."""
    engine: Any = figure.get_layout_engine()
    return engine, dict(getattr(engine, "_params", {}))


def named_colors() -> list[Any]:
    """Return what each named color stands for; artists keep the name until they draw."""
    return list(get_named_colors_mapping().values())


def size_of(renderer: RendererAgg) -> tuple[float, float, float]:
    """Return width and height in pixels, which matplotlib 3.10 does not round, and the resolution."""
    return float(renderer.width), float(renderer.height), float(renderer.dpi)
