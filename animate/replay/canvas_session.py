"""The canvas of a figure while its frames are saved: every reader sees what stock matplotlib would show.

`Animation.save` calls `draw_idle` before it grabs each frame. Stock matplotlib draws the figure there, and `savefig`
draws it again. While a `CanvasSession` is open, `draw_idle` draws only if the difference can be observed: for the first
frame, if a function is connected to draw events, and if the canvas is read before the frame is grabbed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from types import BuiltinFunctionType, FrameType, FunctionType, ModuleType
from typing import Any

import numpy as np
from matplotlib.animation import Animation
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure

from animate.replay.frames import Frame
from animate.replay.patching import patched

HARMLESS = sys.stdlib_module_names | {"alive_progress", "click", "rich", "tqdm"}
"""Packages whose functions and objects report progress and read no figure."""

WIDGETS = "matplotlib.widgets"


class CanvasSession:
    """A canvas whose `draw_idle` may be skipped.

    Parameters
    ----------
    figure : Figure
        The figure on the canvas.
    draw_early : callable
        Called in place of `draw_idle` with two arguments: the canvas's own `draw_idle`, and whether the animation calls
        it rather than the user's update. It draws what must be drawn before the frame is grabbed and returns whether it
        drew.
    """

    def __init__(self, figure: Figure, draw_early: Callable[[Callable[[], object], bool], bool]) -> None:
        self._figure, self._canvas = figure, figure.canvas
        self._draw_early = draw_early
        self._is_pending = self._is_read = False
        self._may_differ = True
        self._shown_on: RendererAgg | None = None
        self._engine: Any = None
        """The layout engine when the last draw was asked for."""
        self.was_skipped = False
        """Whether a draw before the next frame was skipped."""
        self.was_read = False
        """Whether the canvas was read between the last two frames that were drawn here."""

    @contextmanager
    def open(self) -> Iterator[None]:
        """Take over the canvas for the duration of the block."""
        canvas: Any = self._canvas
        self._draw_idle: Callable[..., object] = canvas.draw_idle
        with ExitStack() as stack:
            stack.enter_context(patched(canvas, "draw_idle", self._maybe_draw))
            self._get_renderer: Callable[[], Any] = getattr(canvas, "get_renderer", lambda: None)
            if isinstance(canvas, FigureCanvasAgg):
                stack.enter_context(patched(canvas, "get_renderer", self._lend_renderer))
                for name in ("buffer_rgba", "tostring_argb"):
                    stack.enter_context(patched(canvas, name, self._reader(getattr(canvas, name))))
            yield

    def begin_frame(self) -> None:
        """Cancel a pending draw, since the next frame is drawn now."""
        self._is_pending = False
        self.was_read = self._is_read

    def end_frame(self) -> None:
        """Mark the frame as finished."""
        self.was_skipped = False
        self._is_read = False

    def own_renderer(self) -> Any:
        """Return the canvas's renderer for a frame, at the current size and resolution of the figure."""
        return self._get_renderer()

    def renew_renderer(self) -> None:
        """Let the next draw begin with a new renderer, as after a draw at another resolution."""
        self._canvas._lastKey = None  # type: ignore[attr-defined]

    def show(self, frame: Frame, changed: Callable[[], list[Any]]) -> None:
        """Copy a replayed frame to the canvas, as a draw would leave it.

        Parameters
        ----------
        frame : array of uint8, shape (height, width, 4)
            The pixels of the frame, RGBA.
        changed : callable
            Returns the areas of the frame that differ from the previous one, each a pair of slices (rows, columns).
        """
        renderer = getattr(self._canvas, "renderer", None)
        if type(renderer) is not RendererAgg:
            return
        pixels = np.asarray(renderer.buffer_rgba())  # type: ignore[no-untyped-call,unused-ignore]
        if pixels.shape != frame.shape:
            return
        if self._may_differ or renderer is not self._shown_on:
            np.copyto(pixels, frame)
        else:
            for area in changed():
                pixels[area] = frame[area]
        self._may_differ, self._shown_on = False, renderer

    def _maybe_draw(self, *arguments: Any, **options: Any) -> None:
        self._is_pending, self._engine = False, self._figure.get_layout_engine()
        caller = sys._getframe(1)
        module = caller.f_globals.get("__name__")
        if module == WIDGETS:  # more draws follow before the frame
            self._is_pending = self.was_skipped = True
            return
        is_own_call = module == Animation.__module__ and not _precedes_callback(caller)
        is_drawn = self._draw_early(partial(self._draw_idle, *arguments, **options), is_own_call)
        self._is_pending = self.was_skipped = not is_drawn

    def _draw_pending(self) -> None:
        """Do a skipped draw, since the canvas is about to be read."""
        if self._is_pending:
            self._is_pending = self.was_skipped = False
            # `tight_layout` sets an engine and then asks for a renderer, for which this draw is done too late
            with patched(self._figure, "_layout_engine", self._engine):
                self._draw_idle()

    def _lend_renderer(self) -> Any:
        self._draw_pending()
        self._may_differ = self._is_read = True  # the caller may draw on the renderer
        return self._get_renderer()

    def _reader(self, read: Callable[[], Any]) -> Callable[[], Any]:
        def read_current() -> Any:
            self._draw_pending()
            self._is_read = True
            return read()

        return read_current


def _precedes_callback(frame: FrameType | None) -> bool:
    """Return whether `Animation.save` calls a function that may read the figure between this draw and the frame."""
    while frame is not None and frame.f_code is not Animation.save.__code__:
        frame = frame.f_back
    callback = None if frame is None else frame.f_locals.get("progress_callback")
    return callback is not None and may_read_figure(callback)


def may_read_figure(function: Any) -> bool:
    """Return whether a function can reach a figure, judged by the variables it uses.

    Parameters
    ----------
    function : callable
        A function that reports progress, such as ``lambda i, n: print(i, n)``.
    """
    if not isinstance(function, FunctionType):
        return not isinstance(function, BuiltinFunctionType)
    names = function.__code__.co_names
    values = [function.__globals__[name] for name in names if name in function.__globals__]
    values += [cell.cell_contents for cell in function.__closure__ or ()]
    values += [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]
    return any(_package(value) not in HARMLESS for value in values)


def _package(value: Any) -> str:
    module = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", None)
    return (module or type(value).__module__).partition(".")[0]


def has_draw_listeners(canvas: FigureCanvasBase) -> bool:
    """Return whether a function is connected to draw events that may do more than matplotlib's own.

    Every animation listens for the first draw in order to start; while it is saved, that listener does nothing. Widgets
    listen in order to copy what is behind them on the screen.

    Parameters
    ----------
    canvas : FigureCanvasBase
        The canvas of the figure.
    """
    harmless = (None, getattr(Animation, "_start", None))
    listeners = [reference() for reference in canvas.callbacks.callbacks.get("draw_event", {}).values()]
    functions = [getattr(listener, "__func__", listener) for listener in listeners]
    return any(function not in harmless and getattr(function, "__module__", None) != WIDGETS for function in functions)


def has_own_draw(canvas: FigureCanvasBase) -> bool:
    """Return whether a canvas draws by a method from outside matplotlib, which may do anything."""
    return "draw" in vars(canvas) or not type(canvas).draw.__module__.startswith(("matplotlib", "ipympl"))
