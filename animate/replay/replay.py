"""Frames equal in every byte to full draws, made by drawing only what changed.

Stock matplotlib draws a figure in full for every frame: one axis with its ticks takes some 7 ms, a moving line 0.07.
`Replay` stands in for `Figure.draw` while `savefig` runs, so that everything around the drawing (resolution, face
colors, transparency, layout) stays matplotlib's own. Where no layout engine needs a renderer it stands in for the
canvas' `print_rgba` as well, and no pixel of the canvas is touched. It draws in three steps:

1. `displaylist` finds which artists may draw differently from the last frame, by comparing all that they could read
   (`fingerprint`), and lets only those draw.
2. They draw on a renderer that writes down its last calls (`recording`).
3. `compositor` makes the calls that touch the changed pixels again, in order, on the pixels below them.

Where something cannot be known, more is drawn, up to everything. Drawings that cannot be recorded, canvases that are
not Agg's and draws that somebody listens to are left to matplotlib.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.animation import Animation
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure

from animate.replay.compositor import Compositor
from animate.replay.displaylist import DisplayList
from animate.replay.fingerprint import Fingerprint
from animate.replay.frames import Frame
from animate.replay.fulldraw import FullDraw, Grab
from animate.replay.layout import Layout, boxes_of, can_lay_out, has_layout
from animate.replay.parts import is_group
from animate.replay.recording import CannotReplay, Recorder
from animate.replay.shadowing import shadowed
from animate.replay.surroundings import Surroundings


class Replay(FullDraw):
    """Draws a figure as `FullDraw` does, sooner.

    Parameters
    ----------
    figure : Figure
        What to draw.
    dpi : float
        Dots per inch.
    savefig_kwargs : dict
        What `Figure.savefig` is given.
    """

    def __init__(self, figure: Figure, dpi: float, savefig_kwargs: Mapping[str, Any]) -> None:
        super().__init__(figure, dpi, savefig_kwargs)
        self._picture: Picture | None = None
        self._is_possible = is_group(figure)
        self._surroundings = Surroundings(figure, dpi, savefig_kwargs)

    def frame(self) -> Frame:
        """Return the figure as it is now, RGBA, shape (height, width, 4), as `savefig` makes it."""
        return self.look().copy()

    def look(self) -> Frame:
        """Return the same as `frame`, but good only until the next one is drawn."""
        if not self._is_possible or draws_are_heard(self._figure.canvas):
            return super().frame()
        if not can_lay_out(self._figure):
            self._picture = None
            return super().frame()
        try:
            if self._can_print() and self._surroundings.hold() and self._picture is not None:
                with self._surroundings.put():
                    if self._picture.suits(self._renderer()):
                        return self._pixels(self._picture)
            self._surroundings.find()
            with shadowed(self._figure, "draw", self._draw), self._shadowed_print():
                return super().frame()
        except CannotReplay:
            self.give_up()
            return super().frame()
        except BaseException:
            self._picture = None  # an artist may have stopped half-way
            raise

    def _can_print(self) -> bool:
        """Return whether the figure is drawn once, as it is, on a canvas whose `print_rgba` is matplotlib's own."""
        canvas = self._figure.canvas
        is_stock = getattr(type(canvas), "print_rgba", None) is FigureCanvasAgg.print_rgba
        is_whole = self._kwargs.get("bbox_inches", mpl.rcParams["savefig.bbox"]) is None
        return is_stock and is_whole and "print_rgba" not in vars(canvas) and not has_layout(self._figure)

    def _shadowed_print(self) -> AbstractContextManager[Any]:
        return shadowed(self._figure.canvas, "print_rgba", self._print) if self._can_print() else nullcontext()

    def _print(self, grab: Grab, **_options: Any) -> None:
        """Give the pixels, in the place of `FigureCanvasAgg.print_rgba`."""
        self._surroundings.drawing()
        grab.write(self._pixels(self._picture_for(self._renderer())))

    def _renderer(self) -> RendererAgg:
        renderer: RendererAgg = self._figure.canvas.get_renderer()  # type: ignore[attr-defined]
        return renderer

    def _pixels(self, picture: Picture) -> Frame:
        with _lock(self._figure):
            return picture.update()

    def _draw(self, renderer: Any) -> None:
        """Draw the figure on the renderer, in the place of `Figure.draw`."""
        figure = self._figure
        if type(renderer) is not RendererAgg:
            type(figure).draw(figure, renderer)
            return
        picture = self._picture_for(renderer)
        with _lock(figure):
            if has_layout(figure):
                # `savefig` draws once only to lay out, then takes the engine away and draws for good
                picture.lay_out(renderer)
            else:
                picture.update()
                picture.show_on(renderer)

    def _picture_for(self, renderer: RendererAgg) -> Picture:
        if self._picture is None or not self._picture.suits(renderer):
            self._picture = Picture(self._figure, renderer)
        return self._picture

    def leave(self) -> None:
        """Let the canvas hold the last frame, as it does after a full draw."""
        renderer = getattr(self._figure.canvas, "renderer", None)
        if type(renderer) is RendererAgg and self._picture is not None and self._picture.suits(renderer):
            self._picture.show_on(renderer)

    def give_up(self) -> None:
        """Leave all further frames to matplotlib."""
        self._is_possible, self._picture = False, None

    def needs_draw(self) -> bool:
        """Return whether drawing the figure now would change the next frame, by laying it out once more."""
        return has_layout(self._figure) and (self._picture is None or not self._picture.may_rest())


class CheckedReplay(Replay):
    """Exact replay that compares frames with full draws, and leaves the rest to matplotlib if they ever differ.

    Parameters
    ----------
    figure, dpi, savefig_kwargs
        As for `Replay`.
    every : int
        One frame in how many is compared, the first two among them.
    say : callable
        Told in one line if a frame differs.
    """

    def __init__(
        self,
        figure: Figure,
        dpi: float,
        savefig_kwargs: Mapping[str, Any],
        *,
        every: int,
        say: Callable[[str], object],
    ) -> None:
        super().__init__(figure, dpi, savefig_kwargs)
        self._every, self._say, self._n_frames = every, say, 0

    def look(self) -> Frame:
        """Return the same as `frame`, but good only until the next one is drawn."""
        frame, number = super().look(), self._n_frames
        self._n_frames += 1
        if not self._is_possible or (number % self._every and number != 1):
            return frame
        full = FullDraw.frame(self)
        n_different = int((frame != full).any(axis=-1).sum()) if frame.shape == full.shape else full[..., 0].size
        if n_different:
            self._say(f"frame {number} was off by {n_different} pixels: it and all that follow are drawn in full")
            self.give_up()
        return full


class Picture:
    """What a figure looks like at one size, under one set of rcParams."""

    def __init__(self, figure: Figure, renderer: RendererAgg) -> None:
        self._size = _size(renderer)
        self._settings = Fingerprint(mpl.rcParams)
        self._recorder = Recorder(*self._size)
        self._list = DisplayList(figure, self._recorder)
        self._compositor = Compositor(self._recorder)
        self._figure, self._has_layout = figure, False
        self._layout = Layout(figure)

    def suits(self, renderer: RendererAgg) -> bool:
        """Return whether it is still of the size, and of the settings, that are asked for."""
        return _size(renderer) == self._size and self._settings.matches()

    def may_rest(self) -> bool:
        """Return whether the layout engine would change nothing."""
        if not self._layout.is_settled:
            return False
        self._list.look()
        changed = self._list.changed
        if changed is None or not self._layout.may_rest(changed, self._recorder):
            self._layout.unsettle()
            self._list.stay()
        return self._layout.is_settled

    def lay_out(self, renderer: RendererAgg) -> None:
        """Let the layout engine run, unless it would change nothing."""
        if self.may_rest():
            self._layout.go_on()
            if self._layout.moves:
                self._list.move(self._layout.turn, {id(box) for box in boxes_of(self._figure)})
        else:
            self._list.look()
            # A draw does more than run the engine, and what it leaves behind can decide what the next run finds.
            type(self._figure).draw(self._figure, renderer)
        self._has_layout = True

    def show_on(self, renderer: RendererAgg) -> None:
        """Give a renderer the pixels of the last frame."""
        np.copyto(np.asarray(renderer.buffer_rgba()), self._compositor.picture)  # type: ignore[no-untyped-call,unused-ignore]

    def update(self) -> Frame:
        """Return the pixels of the figure as it is now."""
        self._list.update()
        self._compositor.update(self._list.leaves, self._list.touched)
        if self._has_layout and self._layout.note(self._list.leaves, self._list.touched, self._recorder):
            self._list.take_fingerprints()
        return self._compositor.picture


def _size(renderer: RendererAgg) -> tuple[int, int, float]:
    return int(renderer.width), int(renderer.height), float(renderer.dpi)


def draws_are_heard(canvas: FigureCanvasBase) -> bool:
    """Return whether a `draw_event` would reach anyone.

    Every animation listens for the first draw, in order to start; while saving, it does nothing then.
    """
    harmless = (None, getattr(Animation, "_start", None))
    listeners = [reference() for reference in canvas.callbacks.callbacks.get("draw_event", {}).values()]
    return any(getattr(listener, "__func__", listener) not in harmless for listener in listeners)


def _lock(figure: Figure) -> AbstractContextManager[Any]:
    """Return the lock under which figures draw, since fonts are shared between threads."""
    lock: AbstractContextManager[Any] = getattr(figure, "_render_lock", nullcontext())
    return lock
