"""Frames that are byte-identical to full draws, made by drawing only what changed.

Stock matplotlib draws a figure in full for every frame: an axis with its ticks takes some 7 ms, a moving line 0.07 ms.
`Replay` replaces `Figure.draw` while `savefig` runs, so that everything around the drawing (resolution, face colors,
transparency, layout) remains matplotlib's own. If no layout engine needs a renderer, `Replay` applies the values that
`savefig` would set and skips the call. A frame is drawn in three steps:

1. `draw_list` finds the artists that may draw differently from the last frame and lets only those draw.
2. They draw on a renderer that records the final calls (`call_recorder`).
3. `compositor` repeats the calls that touch the changed pixels, in order, on the background below them.

Matplotlib draws a frame in full if it cannot be replayed (drawings that cannot be recorded, canvases other than Agg's,
functions connected to draw events), if a full draw is cheaper (`cost_guard`), and after any fault of this package.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure

from animate.replay.axes_placement import AxesPlacement
from animate.replay.call_recorder import CannotReplay, RecordingRenderer
from animate.replay.canvas_session import CanvasSession, has_draw_listeners, has_own_draw
from animate.replay.cost_guard import CostGuard, garbage_collection_paused
from animate.replay.draw_tree import is_container
from animate.replay.figure_renderer import FigureRenderer, record_twice, size_of
from animate.replay.frame_checks import FrameChecks
from animate.replay.frames import Frame
from animate.replay.full_draw import FullDraw
from animate.replay.layout_cycle import can_lay_out, has_foreign_engine, has_layout, lay_out_early, quick_layout
from animate.replay.patching import patched, render_lock
from animate.replay.redraw_stability import (
    has_foreign_code,
    has_reader_of_draws,
    has_unstable_artist,
    reads_other_resolution,
)
from animate.replay.replaced_code import ReplacedCode
from animate.replay.savefig_state import SavefigState, are_identical
from animate.replay.staleness import ChangeEstimate, place_as_a_draw
from animate.replay.user_messages import describe, difference_line, fault_line, is_logging, is_strict, print_line

SETTLING_FRAMES = 24
"""Number of frames in which a layout engine may converge before the costs of replay are measured."""


class Replay(FullDraw):
    """Draws frames as `FullDraw` does, but faster.

    Parameters
    ----------
    figure : Figure
        The figure to draw.
    dpi : float
        Resolution in dots per inch.
    savefig_kwargs : dict
        Further arguments of `Figure.savefig`.
    verify_every : int, optional
        Compare the first two frames and then one in this many with a full draw; 0 compares none. By default, the first
        frame and one in 50 are compared if the version of matplotlib was not tested or the figure contains a class from
        outside matplotlib, and none otherwise. None is compared while one more draw would move the axes, as a layout
        engine may. If a compared frame differs, it and all later ones are drawn in full.
    report : callable, optional
        Called with one line of text that the user should see; prints to stderr by default.

    Raises
    ------
    Exception
        Only what a full draw of the figure raises as well; with ``ANIMATE_STRICT=1`` also faults of replay.

    Examples
    --------
    >>> from matplotlib.backends.backend_agg import FigureCanvasAgg
    >>> figure = Figure(figsize=(2, 1))
    >>> canvas = FigureCanvasAgg(figure)
    >>> Replay(figure, dpi=100, savefig_kwargs={}).frame().shape
    (100, 200, 4)
    """

    def __init__(
        self,
        figure: Figure,
        dpi: float,
        savefig_kwargs: Mapping[str, Any],
        *,
        verify_every: int | None = None,
        report: Callable[[str], object] = print_line,
    ) -> None:
        super().__init__(figure, dpi, savefig_kwargs)
        self._checks, self._report = FrameChecks(verify_every), report
        self._figure_renderer: FigureRenderer | None = None
        self._end_reason = "" if is_container(figure) else f"the class {type(figure).__name__} draws in its own way"
        self._savefig_state = SavefigState(figure, dpi, savefig_kwargs)
        self._placement = AxesPlacement(figure)
        self._cost, self._changes, self._code = CostGuard(), ChangeEstimate(figure), ReplacedCode()
        self._recorder: RecordingRenderer | None = None
        self._session: CanvasSession | None = None
        self._is_at_own_dpi, self._has_unstable_artists = True, False
        self._size_in_inches = tuple(figure.get_size_inches())
        self._n_frames = 0
        self._full_reason = ""

    def use(self, savefig_kwargs: Mapping[str, Any]) -> None:
        """Use other arguments of `savefig` from the next frame on."""
        if not are_identical(savefig_kwargs, self._kwargs):
            super().use(savefig_kwargs)
            self._savefig_state = SavefigState(self._figure, self._dpi, savefig_kwargs)

    def frame_view(self) -> Frame:
        """Return the same pixels as `frame` does, in memory that the next draw overwrites."""
        if self._session is not None:
            self._session.begin_frame()
        self._full_reason = self._end_reason or self._placement.reason
        with self._placement.noted():
            frame = self._settled(self._next_frame())
        self._end_frame()
        return frame

    def _next_frame(self) -> Frame:
        try:
            if self._n_draws() > 1:
                place_as_a_draw(self._figure)  # which was skipped
            frame = self._replayed() if not self._full_reason else None
            if frame is not None and self._needs_check():
                frame = self._checked(frame)
        except Exception as fault:  # noqa: BLE001 (whatever it is, matplotlib draws the frame)
            self._raise_if_strict(fault)
            frame = self._after(fault, super().frame_view)
        except BaseException:
            self._figure_renderer = None  # an artist may have been interrupted
            raise
        return self._drawn_in_full() if frame is None else frame

    def _settled(self, frame: Frame) -> Frame:
        """Return a frame; a second full draw of it if stock's second draw would have moved axes."""
        if self._placement.compare() or self._n_draws() == 1:
            return frame
        self._full_reason = self._placement.reason
        self._forget_renderer()
        frame = super().frame_view()
        self._placement.compare()
        return frame

    def skip(self) -> None:
        """Pass over a frame that another process draws: do what a draw of it does to the state of the figure."""
        place_as_a_draw(self._figure)
        self._size_in_inches, self._n_frames = tuple(self._figure.get_size_inches()), self._n_frames + 1

    def indivisible_reason(self) -> str:
        """Return why one process must draw all frames; empty if others can draw some of them."""
        if self._needs_stock_draws():
            return "its draws have effects of their own"
        if has_layout(self._figure):
            return "its layout engine depends on earlier draws"
        if self._figure.dpi != self._dpi and has_unstable_artist(self._figure):
            return "an artist draws differently each time"
        if self._session is not None and self._session.was_read:
            return "its canvas is read between the frames"
        return ""

    def _end_frame(self) -> None:
        if self._session is not None:
            self._session.end_frame()
        if is_logging():
            how = f"drawn in full: {self._full_reason}" if self._full_reason else "replayed"
            self._report(f"frame {self._n_frames}: {how}")
        self._size_in_inches = tuple(self._figure.get_size_inches())
        self._n_frames += 1

    def _after(self, fault: Exception, draw: Callable[[], Any]) -> Any:
        """Return a full draw after replay raised; if the full draw raises as well, the error is the user's own."""
        self._figure_renderer = None
        drawn = draw()
        if isinstance(fault, CannotReplay):
            self._give_up(str(fault))
        else:
            self._report(fault_line(fault, self._n_frames))
            self._give_up(f"replay failed ({describe(fault)})")
        return drawn

    def _give_up(self, reason: str) -> None:
        """Let matplotlib draw this frame and all later ones."""
        self._end_reason = self._full_reason = reason
        self._figure_renderer = None

    def _drawn_in_full(self) -> Frame:
        if self._session is not None and self._figure.dpi != self._dpi:
            self._session.renew_renderer()
        begin = time.thread_time()
        with quick_layout(self._figure, needs_all_draws=self._needs_stock_draws):
            frame = super().frame_view()
        self._cost.note_full(time.thread_time() - begin)
        if not self._cost.prefers_full():
            self._changes.note_drawn()
        self._forget_renderer()  # a full draw replaces values by equal ones, which looks like a change of every artist
        return frame

    def _forget_renderer(self) -> None:
        """Start from scratch with the next replayed frame."""
        if self._figure_renderer is not None:
            self._has_unstable_artists |= self._figure_renderer.has_unstable_artists
        self._figure_renderer = None

    def _replayed(self) -> Frame | None:
        """Return the frame by replay; None, with `_full_reason` set, if matplotlib must draw it."""
        if self._is_code_replaced(is_noted=self._n_draws() > 1):
            self._full_reason = "code of matplotlib was replaced"
        elif has_draw_listeners(self._figure.canvas):
            self._full_reason = "a function is connected to draw events"
        elif not can_lay_out(self._figure):
            self._figure_renderer = None
            self._full_reason = "the result of the layout engine depends on the last full draw"
        elif self._cost.prefers_full():
            self._full_reason = "a full draw of this figure takes no longer"
        elif self._figure_renderer is None and self._changes.favors_full_draw():
            self._full_reason = "the figure has many artists, and the share that changes is not yet known to be small"
        if self._full_reason:
            return None
        begin = time.thread_time()
        with garbage_collection_paused():
            frame = self._replay()
        if self._figure_renderer is None or not self._figure_renderer.is_converging or self._n_frames > SETTLING_FRAMES:
            self._cost.note_replay(time.thread_time() - begin)
        return frame

    def _replay(self) -> Frame:
        if self._can_skip_savefig() and self._savefig_state.is_current() and self._figure_renderer is not None:
            with self._savefig_state.applied():
                if self._figure_renderer.suits(self._renderer()):
                    return self._update_pixels(self._figure_renderer)
        self._savefig_state.note_found()
        self._is_at_own_dpi = self._figure.dpi == self._dpi
        with patched(self._figure, "draw", self._draw):
            super().frame_view()
        self._savefig_state.note_left()
        if self._figure_renderer is None:
            raise CannotReplay("savefig drew on a renderer that is not Agg's")
        return self._figure_renderer.pixels

    def _can_skip_savefig(self) -> bool:
        """Return whether `savefig` would draw the figure unchanged."""
        return self._savefig_state.is_stock() and not has_layout(self._figure)

    def _renderer(self) -> RendererAgg:
        canvas: Any = self._figure.canvas
        renderer: RendererAgg = canvas.get_renderer() if self._session is None else self._session.own_renderer()
        return renderer

    def _update_pixels(self, renderer: FigureRenderer) -> Frame:
        with render_lock(self._figure):
            frame = renderer.update(n_draws=self._n_draws())
        if self._session is not None:
            self._session.show(frame, renderer.changed_areas)
        return frame

    def _n_draws(self) -> int:
        """Return how many draws of stock matplotlib the next one replaces."""
        is_skipped = self._session is not None and self._session.was_skipped
        return 1 + is_skipped + (self._figure_renderer is not None and self._figure_renderer.skipped_layout)

    def _draw(self, renderer: Any) -> None:
        """Draw the figure on the renderer, in place of `Figure.draw`."""
        figure = self._figure
        if type(renderer) is not RendererAgg:
            type(figure).draw(figure, renderer)
            return
        self._savefig_state.note_drawing()
        if self._figure_renderer is None or not self._figure_renderer.suits(renderer):
            self._figure_renderer = FigureRenderer(figure, self._recorder_beside(renderer))
        with render_lock(figure):
            if self._n_frames == 0 and self._n_draws() == 2 and not has_layout(figure):  # the first draw was skipped
                self._figure_renderer, is_alike = record_twice(figure, self._recorder_beside(renderer))
                self._figure_renderer.show_on(renderer)
                self._end_reason = "" if is_alike else "an artist draws differently each time"
            elif has_layout(figure):
                # `savefig` draws once to run the layout engine, then removes the engine and draws again
                self._figure_renderer.lay_out(renderer)
            else:
                self._figure_renderer.update(n_draws=self._n_draws())
                self._figure_renderer.show_on(renderer)

    def _recorder_beside(self, renderer: RendererAgg) -> RecordingRenderer:
        """Return a recorder in which texts have the sizes that matplotlib has cached for a renderer."""
        if not self._is_at_own_dpi:  # stock matplotlib uses another renderer for each draw
            return RecordingRenderer(*size_of(renderer))
        if self._recorder is None or self._recorder.twin is not renderer:
            self._recorder = RecordingRenderer(*size_of(renderer), twin=renderer)
        return self._recorder

    def _needs_check(self) -> bool:
        renderer = self._figure_renderer
        if renderer is None or self._end_reason or not renderer.is_drawn_alike_again:
            return False
        is_due = self._checks.is_due(self._n_frames, has_foreign_code=renderer.has_foreign_code)
        return is_due and not reads_other_resolution(self._figure, self._dpi)  # a further draw would tell nothing then

    def _checked(self, frame: Frame) -> Frame:
        """Return a full draw of the frame; end replay if the two differ."""
        self._checks.note(self._n_frames)
        frame = frame.copy()  # the full draw may overwrite it
        full = super().frame_view()
        if difference := difference_line(frame, full, self._n_frames):
            self._report(difference)
            self._give_up("a replayed frame differed from a full draw")
        return full

    @contextmanager
    def attached(self) -> Iterator[None]:
        """Take over the canvas for the duration of the block: `draw_idle` draws only if that can be observed."""
        session = CanvasSession(self._figure, self._draw_early)
        with session.open():
            self._session = session
            try:
                yield
            finally:
                self._session = None

    def _draw_early(self, draw_idle: Callable[[], object], is_own_call: bool) -> bool:
        """Draw before a frame is grabbed, as stock does, if it makes a difference; return whether it drew."""
        try:
            draw = self._early_draw(draw_idle, is_own_call=is_own_call)
        except Exception as fault:  # noqa: BLE001 (whatever it is, matplotlib draws the frame)
            self._raise_if_strict(fault)
            self._after(fault, draw_idle)
            return True
        if draw is not None:
            draw()
        return draw is not None

    def _early_draw(self, draw_idle: Callable[[], object], *, is_own_call: bool) -> Callable[[], object] | None:
        """Return the draw that must come before the next frame, or None if it can be skipped."""
        figure = self._figure
        if self._needs_stock_draws():
            return draw_idle
        is_resized = tuple(figure.get_size_inches()) != self._size_in_inches  # by which a fixed aspect sets the limits
        if self._n_frames == 0:
            is_other_size = is_resized or figure.dpi != self._dpi
            if is_own_call and has_foreign_code(figure) and not (has_layout(figure) or is_other_size):
                return None  # both draws are recorded and compared
            return partial(self._cost.time_full, draw_idle)
        if is_resized or reads_other_resolution(figure, self._dpi):
            return draw_idle
        if not is_own_call:  # the update may read what drawing leaves behind
            can_replay = self._figure_renderer is not None and figure.dpi == self._dpi and self._can_skip_savefig()
            return partial(self._do_or_draw, self._replay, draw_idle) if can_replay else draw_idle
        renderer = self._figure_renderer
        if has_layout(figure) and (renderer is None or self._cost.prefers_full() or not renderer.can_skip_layout()):
            lay_out = partial(lay_out_early, figure, self._renderer())
            return partial(self._do_or_draw, lay_out, draw_idle)  # the next run depends on it
        return None

    def _do_or_draw(self, do: Callable[[], object], draw_idle: Callable[[], object]) -> None:
        """Do what matters of a draw; if that fails, draw."""
        try:
            do()
        except Exception as fault:  # noqa: BLE001 (whatever it is, matplotlib draws the figure)
            self._raise_if_strict(fault)
            self._after(fault, draw_idle)

    def _raise_if_strict(self, fault: Exception) -> None:
        """Raise a fault of replay again if ``ANIMATE_STRICT=1`` is set."""
        if is_strict() and not isinstance(fault, CannotReplay):
            self._figure_renderer = None
            raise fault

    def _needs_stock_draws(self) -> bool:
        """Return whether the frame depends on the draw before it, so that both must be matplotlib's."""
        canvas = self._figure.canvas
        if self._is_code_replaced() or has_draw_listeners(canvas) or has_foreign_engine(self._figure):
            return True
        has_unstable = self._figure_renderer is not None and self._figure_renderer.has_unstable_artists
        may_differ = has_unstable or self._has_unstable_artists or has_reader_of_draws(self._figure)
        is_ended = bool(self._end_reason or self._placement.reason) or has_own_draw(canvas)
        return is_ended or (may_differ and self._cost.prefers_full())

    def _is_code_replaced(self, *, is_noted: bool = False) -> bool:
        """Return whether somebody's own code draws in the place of matplotlib's, if that is not known already."""
        renderer = self._figure_renderer
        if not is_noted and (self._code.is_changed() or (renderer is not None and renderer.has_replaced_draw())):
            self._forget_renderer()
        return self._code.is_foreign or "draw" in vars(self._figure)

    def leave(self) -> None:
        """Copy the last frame to the canvas, as a full draw would leave it."""
        target, own = getattr(self._figure.canvas, "renderer", None), self._figure_renderer
        try:
            if type(target) is RendererAgg and own is not None and own.suits(target):
                own.show_on(target)
        except Exception as fault:  # noqa: BLE001 (whatever it is, matplotlib draws the frame)
            self._raise_if_strict(fault)  # all frames are done, so nothing is lost
