"""Recording of what an artist draws, as calls of the compiled canvas that can be repeated at any time.

`RecordingRenderer` is matplotlib's Agg renderer with a `CallRecorder` in place of the compiled canvas. Text layout,
path transforms and the choice of markers run as usual; only some seven kinds of calls with plain arguments reach the
recorder. Repeating a call on the same canvas changes the same pixels in the same way and takes microseconds, where the
artist that issued it took milliseconds.

Each call carries the box it draws in (see `bounds`) and can be compared with another call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any

import numpy as np
from matplotlib import ft2font
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import RendererAgg, get_hinting_flag
from matplotlib.path import Path
from matplotlib.transforms import Bbox, Transform

from animate.replay.bounds import Bounds
from animate.replay.drawing import BLANK, Call, Drawing, Glyph, joined
from animate.replay.frames import Frame
from animate.replay.patching import patched
from animate.replay.polyline import polyline
from animate.replay.text_cache import CachingFont, GlyphCache, font_cache_supported, text_layout_supported
from animate.replay.tiles import NOTHING, Box, Grid

CALLS = ("draw_markers", "draw_path_collection", "draw_quad_mesh", "draw_gouraud_triangles", "draw_image")


class CannotReplay(Exception):  # noqa: N818 (it is not an error: the frame is then drawn in full)
    """Raised if something is drawn that depends on the pixels already on the canvas."""


class CallRecorder:
    """Records calls in place of the compiled canvas.

    Parameters
    ----------
    canvas : RendererAgg
        The compiled canvas on which the calls are made later.
    width, height : int
        Its size in pixels.
    dpi : float
        Resolution in dots per inch.
    """

    def __init__(self, canvas: Any, width: int, height: int, dpi: float) -> None:
        self.calls: list[Call] = []
        self.clips: set[Box] = set()
        self._draw_path, self._draw_text_image = canvas.draw_path, canvas.draw_text_image
        self.bounds, self.grid = Bounds(width, height, dpi), Grid(width, height)
        self._glyphs: list[Glyph] | None = None
        self._clips: dict[bytes, tuple[Bbox, Box]] = {}
        for name in CALLS:
            setattr(self, name, self._recording(getattr(canvas, name), getattr(self.bounds, name, None)))

    def _recording(self, draw: Callable[..., None], bounds: Callable[..., Box] | None) -> Callable[..., None]:
        def record_call(context: Any, *arguments: Any, **options: Any) -> None:
            frozen, clip = self._frozen_context(context)
            plain = [_frozen(argument) for argument in arguments]
            box = clip if bounds is None else bounds(frozen, *plain, **options).common(clip)
            self._append(Call(draw, (frozen, *plain), options, box, self.grid.of_box(box)), clip)

        return record_call

    def draw_path(self, context: Any, path: Path, transform: Any, face: Any = None) -> None:
        """Record one path."""
        frozen, clip = self._frozen_context(context)
        matrix = _frozen(transform)
        line = polyline(frozen, path, matrix, self.bounds) if face is None else None
        box = self.bounds.draw_path(frozen, path, matrix, face) if line is None else line.box
        box = box.common(clip)
        self._append(Call(self._draw_path, (frozen, path, matrix, face), {}, box, self.grid.of_box(box), line), clip)

    def _append(self, call: Call, clip: Box) -> None:
        if call.tiles:
            self.calls.append(call)
            self.clips.add(clip)

    def draw_text_image(self, image: Any, x: float, y: float, angle: float, context: Any) -> None:
        """Record the bitmap of one text or glyph."""
        glyph = Glyph(image if isinstance(image, np.ndarray) else np.array(image), x, y, angle)
        if self._glyphs is None:
            self.append_text(context, [glyph])
        else:
            self._glyphs.append(glyph)

    @contextmanager
    def record_text(self, context: Any) -> Iterator[list[Glyph]]:
        """Yield a list that receives all glyphs drawn in the block; they are recorded as one call."""
        glyphs: list[Glyph] = []
        before, self.calls, self._glyphs = self.calls, [], glyphs
        try:
            yield glyphs
        finally:
            lines, self.calls, self._glyphs = self.calls, before, None
        glyphs[:] = joined(glyphs)
        self.append_text(context, glyphs)
        self.calls += lines  # the bars of fractions and roots are drawn after all glyphs

    def append_text(self, context: Any, glyphs: Sequence[Glyph]) -> None:
        """Record glyphs that were rendered before, as one call.

        Parameters
        ----------
        context : GraphicsContextBase
            The color and clip of the text.
        glyphs : sequence of Glyph
            The bitmaps and their positions.
        """
        frozen, clip = self._frozen_context(context)
        box = self.bounds.glyphs(glyphs).common(clip)
        call = Call(self._draw_glyphs, (frozen, glyphs), {}, box, self.grid.of_box(box), glyphs=glyphs)
        self._append(call, clip)

    def _draw_glyphs(self, context: Any, glyphs: Sequence[Glyph]) -> None:
        for image, x, y, angle in glyphs:
            self._draw_text_image(image, x, y, angle, context)

    def _frozen_context(self, context: GraphicsContextBase) -> tuple[Any, Box]:
        """Return a copy of a graphics context, since artists change theirs later, and the box it is clipped to."""
        frozen = copied(context)
        rectangle = context.get_clip_rectangle()
        if rectangle is None:
            return frozen, self.bounds.canvas
        key = rectangle.get_points().tobytes()
        if key not in self._clips:
            self._clips[key] = rectangle.frozen(), self.bounds.clip(rectangle)
        rectangle, clip = self._clips[key]
        frozen.set_clip_rectangle(rectangle)
        return frozen, clip

    def __getattr__(self, name: str) -> Any:
        def refuse(*_arguments: Any, **_options: Any) -> Any:
            raise CannotReplay(f"an artist uses the renderer's {name}")

        return refuse


def copied(context: GraphicsContextBase) -> Any:
    """Return a copy of a graphics context, at a fifth of the cost of `copy.copy`."""
    copy = object.__new__(type(context))
    vars(copy).update(vars(context))
    return copy


def _frozen(argument: Any) -> Any:
    return np.array(argument.get_matrix()) if isinstance(argument, Transform) else argument


def _stand_upright(glyphs: Sequence[Any]) -> bool:
    return all(slant == 0 and extend == 1 for _font, _size, _index, slant, extend, _dx, _dy in glyphs)


class RecordingRenderer(RendererAgg):
    """An Agg renderer that records what is drawn, together with the canvas for drawing it later.

    Parameters
    ----------
    width, height : float
        Size of the canvas in pixels.
    dpi : float
        Resolution in dots per inch.
    twin : RendererAgg, optional
        The renderer that draws full frames. Matplotlib caches the sizes of texts by renderer, also when rcParams
        change, so the two are equal to it.
    """

    def __init__(self, width: float, height: float, dpi: float, twin: RendererAgg | None = None) -> None:
        super().__init__(width, height, dpi)
        self.twin = twin
        if twin is not None:
            self.mathtext_parser = twin.mathtext_parser
        self._canvas = self._renderer
        self._call_recorder = CallRecorder(self._canvas, int(width), int(height), dpi)
        self._renderer = self._call_recorder  # type: ignore[assignment]
        self._update_methods()
        self.pixels: Frame = np.asarray(self._canvas)
        """The canvas, shape (height, width, 4); writing to it changes the background of the next calls."""
        self._canvas.clear()
        self.blank = self.pixels[0, 0].copy()
        """The value of a pixel before anything is drawn, shape (4,)."""
        self.grid = self._call_recorder.grid
        """The tiles of the canvas."""
        self.clear_glyphs()
        self._n_records = 0  # how many calls of `record` are under way

    def __eq__(self, other: object) -> bool:
        return other is self or (other is not None and other is self.twin)

    def __hash__(self) -> int:
        return id(self) if self.twin is None else hash(self.twin)

    def clear_glyphs(self) -> None:
        """Forget all fonts and glyphs, which depend on rcParams."""
        self._glyph_cache = GlyphCache()

    def _prepare_font(self, font_prop: Any) -> Any:
        if not font_cache_supported or not self._n_records:
            return super()._prepare_font(font_prop)  # type: ignore[misc]
        fonts, cache_key = self._glyph_cache.fonts, hash(font_prop)
        if cache_key not in fonts:
            size = font_prop.get_size_in_points(), self.dpi
            fonts[cache_key] = CachingFont(super()._prepare_font(font_prop), self._glyph_cache, size)  # type: ignore[misc]
        font: CachingFont = fonts[cache_key]
        font.is_ready = False
        return font

    def get_text_width_height_descent(self, s: str, prop: Any, ismath: Any) -> tuple[float, float, float]:
        """Return the width, height and descent of a text, in pixels."""
        extent: tuple[float, float, float]
        if ismath or not text_layout_supported or not self._n_records:
            # A text keeps its last renderer and may be measured by it later, at another resolution of the figure.
            extent = super().get_text_width_height_descent(s, prop, ismath)
        else:
            extent = self._prepare_font(prop).extent(s, get_hinting_flag())
        return extent

    def _get_font_height_metrics(self, prop: Any) -> tuple[float | None, float | None, float | None]:
        """Return the ascent, descent and line gap of a font, in pixels; None for each lets `Text` measure them."""
        if not text_layout_supported or not self._n_records:
            return None, None, None
        heights, cache_key = self._glyph_cache.heights, hash(prop)
        if cache_key not in heights:
            heights[cache_key] = self._prepare_font(prop).heights()
        metrics: tuple[float | None, float | None, float | None] = heights[cache_key]
        return metrics

    def _draw_text_glyphs_and_boxes(self, gc: Any, x: float, y: float, angle: float, glyphs: Any, boxes: Any) -> None:
        glyphs, boxes = tuple(glyphs), tuple(boxes)
        cache_key = (x, y, angle, gc.get_antialiased(), glyphs, boxes)
        if not self.is_recording:
            super()._draw_text_glyphs_and_boxes(gc, x, y, angle, glyphs, boxes)  # type: ignore[misc]
        elif cache_key in self._glyph_cache.texts and not boxes:
            self._call_recorder.append_text(gc, self._glyph_cache.texts[cache_key])
        elif text_layout_supported and not boxes and not angle and gc.get_antialiased() and _stand_upright(glyphs):
            self._glyph_cache.texts[cache_key] = drawn = joined(list(self._upright(x, y, glyphs)))
            self._call_recorder.append_text(gc, drawn)
        else:
            fonts = {font: CachingFont(font, self._glyph_cache) for font, *_rest in glyphs}
            cached_glyphs = ((fonts[font], *rest) for font, *rest in glyphs)
            with self._call_recorder.record_text(gc) as drawn:
                super()._draw_text_glyphs_and_boxes(gc, x, y, angle, cached_glyphs, boxes)  # type: ignore[misc]
            self._glyph_cache.texts[cache_key] = drawn

    def _upright(self, x: float, y: float, glyphs: Sequence[Any]) -> Iterator[Glyph]:
        """Yield the glyphs of an unrotated text at the positions that matplotlib's own loop gives them."""
        x, up, height = float(x), float(self.height - y), int(self.height)
        how = get_hinting_flag(), ft2font.RenderMode.NORMAL
        for font, size, index, _slant, _extend, dx, dy in glyphs:
            offset = round(0x40 * (x + dx)), round(0x40 * (up + dy))
            left, top, image = self._glyph_cache.upright((font, size, self.dpi, index), offset, how)
            yield Glyph(image, left, height - top + image.shape[0], 0)

    def record(self, draw: Callable[[RecordingRenderer], object]) -> Drawing:
        """Return everything that a function draws on this renderer; calls may be nested.

        Parameters
        ----------
        draw : callable
            Called with this renderer.
        """
        outer = self._call_recorder.calls, self._call_recorder.clips
        self._call_recorder.calls, self._call_recorder.clips = [], set()
        self._n_records += 1
        name = "get_text_width_height_descent"  # matplotlib may measure with the twin, which caches no glyphs
        is_outer = self.twin is not None and self._n_records == 1
        try:
            with patched(self.twin, name, self.get_text_width_height_descent) if is_outer else nullcontext():
                draw(self)
            return self.take()
        finally:
            self._n_records -= 1
            self._call_recorder.calls, self._call_recorder.clips = outer

    def take(self) -> Drawing:
        """Return everything recorded since the last call of this method."""
        calls, clips = self._call_recorder.calls, self._call_recorder.clips
        self._call_recorder.calls, self._call_recorder.clips = [], set()
        if not calls:
            return BLANK
        box, tiles, clip = calls[0].box, calls[0].tiles, NOTHING
        for call in calls[1:]:
            box, tiles = box.union(call.box), tiles | call.tiles
        for one in clips:
            clip = clip.union(one)
        return Drawing(calls, box, tiles, clip)

    @property
    def is_recording(self) -> bool:
        """Return whether drawing is recorded; inside an agg_filter it is executed."""
        return self._renderer is self._call_recorder

    def buffer_rgba(self) -> Any:
        """Return the pixels drawn inside an agg_filter.

        Raises
        ------
        CannotReplay
            While recording, when there are no pixels to read.
        """
        if self.is_recording:
            raise CannotReplay("an artist reads the pixels already drawn")
        return super().buffer_rgba()

    def tostring_argb(self) -> Any:
        """Return the pixels as `buffer_rgba` does, as ARGB bytes.

        Raises
        ------
        CannotReplay
            While recording, when there are no pixels to read.
        """
        if self.is_recording:
            raise CannotReplay("an artist reads the pixels already drawn")
        return super().tostring_argb()
