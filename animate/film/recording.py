"""What an artist draws, written down as the last calls before pixels change, to be made again at any time.

A `Recorder` is matplotlib's Agg renderer with a tape in the place of the compiled canvas: text is laid out, paths are
transformed and markers chosen as ever, and what arrives are some seven kinds of calls with plain arguments. Making
them again on the same canvas changes the same pixels in the same way, and costs microseconds where the artist that
issued them took milliseconds.

Each call knows a box that holds every pixel it can touch. The box may be too large, never too small.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from typing import Any, NamedTuple

import numpy as np
from matplotlib import ft2font
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import RendererAgg, get_hinting_flag
from matplotlib.path import Path
from matplotlib.transforms import Bbox, Transform
from numpy.typing import NDArray

from animate.film.glyphs import Memory, RememberingFont, can_remember, knows_text
from animate.film.sinks import Frame

CALLS = (
    "draw_path", "draw_markers", "draw_path_collection", "draw_quad_mesh", "draw_gouraud_triangles", "draw_image",
)  # fmt: skip


class CannotReplay(Exception):  # noqa: N818 (it is not an error: the frame is then drawn in full)
    """Raised where something is drawn that depends on the pixels already there."""


class Box(NamedTuple):
    """Pixels from `left` to before `right` and from `top` to before `bottom`; the first row is the top one."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def empty(self) -> bool:
        """Return whether it holds no pixel."""
        return self.left >= self.right or self.top >= self.bottom

    @property
    def area(self) -> int:
        """Return how many pixels it holds."""
        return 0 if self.empty else (self.right - self.left) * (self.bottom - self.top)

    def union(self, other: Box) -> Box:
        """Return the smallest box that holds both."""
        if self.empty or other.empty:
            return self if other.empty else other
        (left, top, right, bottom), (left_2, top_2, right_2, bottom_2) = self, other
        return Box(min(left, left_2), min(top, top_2), max(right, right_2), max(bottom, bottom_2))

    def common(self, other: Box) -> Box:
        """Return what both hold."""
        (left, top, right, bottom), (left_2, top_2, right_2, bottom_2) = self, other
        return Box(max(left, left_2), max(top, top_2), min(right, right_2), min(bottom, bottom_2))


NOTHING = Box(0, 0, 0, 0)


class Call(NamedTuple):
    """One call of the compiled canvas."""

    draw: Callable[..., None]
    arguments: tuple[Any, ...]
    options: dict[str, Any]
    box: Box


class Glyph(NamedTuple):
    """The picture of a text or of one glyph, and where it lies."""

    image: NDArray[np.uint8]
    x: float
    y: float
    angle: float


class Drawing(NamedTuple):
    """All that one artist draws."""

    calls: Sequence[Call]
    box: Box
    clip: Box
    """What it could reach without being clipped differently."""


BLANK = Drawing((), NOTHING, NOTHING)


class Tape:
    """Stands in for the compiled canvas and writes down what is drawn on it."""

    def __init__(self, canvas: Any, width: int, height: int, dpi: float) -> None:
        self.calls: list[Call] = []
        self.clips: set[Box] = set()
        self._draw_text_image = canvas.draw_text_image
        self._bounds = Bounds(width, height, dpi)
        self._glyphs: list[Glyph] | None = None
        self._clips: dict[bytes, tuple[Bbox, Box]] = {}
        for name in CALLS:
            setattr(self, name, self._write_down(getattr(canvas, name), getattr(self._bounds, name, None)))

    def _write_down(self, draw: Callable[..., None], bounds: Callable[..., Box] | None) -> Callable[..., None]:
        def write_down(context: Any, *arguments: Any, **options: Any) -> None:
            frozen, clip = self._frozen_context(context)
            plain = [_frozen(argument) for argument in arguments]
            box = clip if bounds is None or options else bounds(frozen, *plain).common(clip)
            self._append(Call(draw, (frozen, *plain), options, box), clip)

        return write_down

    def _append(self, call: Call, clip: Box) -> None:
        if not call.box.empty:
            self.calls.append(call)
            self.clips.add(clip)

    def draw_text_image(self, image: Any, x: float, y: float, angle: float, context: Any) -> None:
        """Write down one picture of a text, or of a glyph."""
        glyph = Glyph(image if isinstance(image, np.ndarray) else np.array(image), x, y, angle)
        if self._glyphs is None:
            self.append_text(context, [glyph])
        else:
            self._glyphs.append(glyph)

    @contextmanager
    def one_text(self, context: Any) -> Iterator[list[Glyph]]:
        """Write down all glyphs drawn in the block as one call; gives their list."""
        glyphs: list[Glyph] = []
        before, self.calls, self._glyphs = self.calls, [], glyphs
        try:
            yield glyphs
        finally:
            lines, self.calls, self._glyphs = self.calls, before, None
        glyphs[:] = joined(glyphs)
        self.append_text(context, glyphs)
        self.calls += lines  # the bars of fractions and roots come after all glyphs

    def append_text(self, context: Any, glyphs: Sequence[Glyph]) -> None:
        """Write down glyphs rendered before."""
        box = NOTHING
        for glyph in glyphs:
            box = box.union(self._bounds.glyph(glyph))
        frozen, clip = self._frozen_context(context)
        self._append(Call(self._draw_glyphs, (frozen, glyphs), {}, box.common(clip)), clip)

    def _draw_glyphs(self, context: Any, glyphs: Sequence[Glyph]) -> None:
        for image, x, y, angle in glyphs:
            self._draw_text_image(image, x, y, angle, context)

    def _frozen_context(self, context: GraphicsContextBase) -> tuple[Any, Box]:
        """Return a graphics context as it is now, since artists go on to use it, and what it is clipped to."""
        frozen = copy(context)
        rectangle = context.get_clip_rectangle()
        if rectangle is None:
            return frozen, self._bounds.canvas
        key = rectangle.get_points().tobytes()
        if key not in self._clips:
            self._clips[key] = rectangle.frozen(), self._bounds.clip(rectangle)
        rectangle, clip = self._clips[key]
        frozen.set_clip_rectangle(rectangle)
        return frozen, clip

    def __getattr__(self, name: str) -> Any:
        def refuse(*_arguments: Any, **_options: Any) -> Any:
            raise CannotReplay(f"an artist uses the renderer's {name}")

        return refuse


def _frozen(argument: Any) -> Any:
    return np.array(argument.get_matrix()) if isinstance(argument, Transform) else argument


def joined(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Return the same glyphs in as few pictures as possible, in the same order where they overlap.

    Where of two glyphs only one has ink, it makes no difference whether they are blended at once or in turn.
    """
    glyphs = [glyph for glyph in glyphs if glyph.image.size]
    if len(glyphs) < 2 or any(glyph.angle or glyph.x != int(glyph.x) or glyph.y != int(glyph.y) for glyph in glyphs):
        return glyphs
    left, bottom = min(glyph.x for glyph in glyphs), max(glyph.y for glyph in glyphs)
    right = max(glyph.x + glyph.image.shape[1] for glyph in glyphs)
    top = min(glyph.y - glyph.image.shape[0] for glyph in glyphs)
    pages: list[Glyph] = []
    page, reach = np.zeros((0, 0), np.uint8), 0  # and how far it is written on
    for image, x, y, _angle in glyphs:
        (rows, columns), down, across = image.shape, int(y - top) - image.shape[0], int(x - left)
        area = np.s_[down : down + rows, across : across + columns]
        if not pages or (across < reach and (page[area].astype(bool) & image.astype(bool)).any()):
            page, reach = np.zeros((int(bottom - top), int(right - left)), np.uint8), 0
            pages.append(Glyph(page, left, bottom, 0))
        page[area] += image
        reach = max(reach, across + columns)
    return pages


class Bounds:
    """The box of each kind of call, by the name of the call."""

    def __init__(self, width: int, height: int, dpi: float) -> None:
        self._height, self._pixels_per_point = height, dpi / 72
        self.canvas = Box(0, 0, width, height)

    def clip(self, rectangle: Any) -> Box:
        """Return what a clip rectangle leaves."""
        if not any(rectangle.extents):  # Agg takes all zeros for no clipping
            return self.canvas
        return self._box(rectangle.xmin, rectangle.ymin, rectangle.xmax, rectangle.ymax)

    def _box(self, left: float, bottom: float, right: float, top: float, margin: float = 1) -> Box:
        if not math.isfinite(left + bottom + right + top + margin):
            return self.canvas
        return Box(
            math.floor(left - margin),
            math.floor(self._height - top - margin),
            math.ceil(right + margin) + 1,
            math.ceil(self._height - bottom + margin) + 1,
        ).common(self.canvas)

    def draw_path(self, context: Any, path: Path, matrix: NDArray[np.float64], _face: Any = None) -> Box:
        """Return the path's own box, widened by the line."""
        if context.get_sketch_params() is not None:
            return self.canvas
        points = _extent(path, matrix)
        return NOTHING if points is None else self._box(*points, margin=self._margin(context))

    def draw_markers(
        self,
        context: Any,
        marker: Path,
        marker_matrix: NDArray[np.float64],
        path: Path,
        matrix: NDArray[np.float64],
        _face: Any = None,
    ) -> Box:
        """Return the box of all positions, widened by the marker."""
        at, shape = _extent(path, matrix), _extent(marker, marker_matrix)
        if at is None or shape is None:
            return NOTHING
        if context.get_sketch_params() is not None:
            return self.canvas
        left, bottom, right, top = (one + other for one, other in zip(at, shape, strict=True))
        return self._box(left, bottom, right, top, margin=self._margin(context) + 1)

    def draw_image(self, _context: Any, x: float, y: float, image: NDArray[Any], *_arguments: Any) -> Box:
        """Return the box the image covers."""
        rows, columns = np.shape(image)[:2]
        return self._box(x, y, x + columns, y + rows, margin=2)

    def glyph(self, glyph: Glyph) -> Box:
        """Return the box of a text or glyph, whose y counts from the top; turned, it stays in a circle."""
        image, x, y, angle = glyph
        rows, columns = image.shape
        if not rows or not columns:  # a space
            return NOTHING
        if angle:
            rows = columns = rows + columns
            return Box(int(x) - columns - 2, int(y) - rows - 2, int(x) + columns + 3, int(y) + rows + 3)
        return Box(int(x) - 2, int(y) - rows - 2, int(x) + columns + 3, int(y) + 3)

    def _margin(self, context: Any) -> float:
        """Return how far a line's ink can lie from its path, in pixels.

        Half the width, four times that at a mitered corner (where Agg cuts it off), and what snapping moves.
        """
        return 2.0 * float(context.get_linewidth()) * self._pixels_per_point + 2.0


def _extent(path: Path, matrix: NDArray[np.float64]) -> tuple[float, float, float, float] | None:
    """Return left, bottom, right and top of a path's points, control points included; None where there are none."""
    points: Any = path.vertices
    codes: Any = path.codes
    if codes is not None:
        points = points[codes != Path.CLOSEPOLY]  # its point is not drawn to
    if not len(points):
        return None
    (a, c, e), (b, d, f) = matrix[:2].tolist()
    if b or c:
        points, a, d = points @ matrix[:2, :2].T, 1.0, 1.0
    left, bottom, right, top = _ends(points)
    if not math.isfinite(left + bottom + right + top):
        finite = points[np.isfinite(points).all(axis=1)]
        if not len(finite):
            return None
        left, bottom, right, top = _ends(finite)
    sides, ends = (a * left + e, a * right + e), (d * bottom + f, d * top + f)
    return min(sides), min(ends), max(sides), max(ends)


def _ends(points: NDArray[np.float64]) -> tuple[float, float, float, float]:
    x, y = points.T  # one after the other: along both at once numpy takes forty times as long
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())


def _stand_upright(glyphs: Sequence[Any]) -> bool:
    return all(slant == 0 and extend == 1 for _font, _size, _index, slant, extend, _dx, _dy in glyphs)


class Recorder(RendererAgg):
    """An Agg renderer that writes down what is drawn, and a canvas to draw it on later."""

    def __init__(self, width: int, height: int, dpi: float) -> None:
        super().__init__(width, height, dpi)
        self._canvas = self._renderer
        self._tape = Tape(self._canvas, int(width), int(height), dpi)
        self._renderer = self._tape  # type: ignore[assignment]
        self._update_methods()
        self.pixels: Frame = np.asarray(self._canvas)
        """The canvas, shape (height, width, 4); changing it changes what is drawn upon."""
        self._canvas.clear()
        self.blank = self.pixels[0, 0].copy()
        """What a canvas holds before anything is drawn."""
        self._memory = Memory()

    def _prepare_font(self, font_prop: Any) -> Any:
        if not can_remember:
            return super()._prepare_font(font_prop)  # type: ignore[misc]
        fonts, question = self._memory.fonts, hash(font_prop)
        if question not in fonts:
            size = font_prop.get_size_in_points(), self.dpi
            fonts[question] = RememberingFont(super()._prepare_font(font_prop), self._memory, size)  # type: ignore[misc]
        font: RememberingFont = fonts[question]
        font.is_ready = False
        return font

    def get_text_width_height_descent(self, s: str, prop: Any, ismath: Any) -> tuple[float, float, float]:
        """Return the width, the height and the descent of a text, in pixels."""
        extent: tuple[float, float, float]
        if ismath or not knows_text:
            extent = super().get_text_width_height_descent(s, prop, ismath)
        else:
            extent = self._prepare_font(prop).extent(s, get_hinting_flag())
        return extent

    def _get_font_height_metrics(self, prop: Any) -> tuple[float | None, float | None, float | None]:
        """Return how far a font's lines go up and down, and the gap between them, in pixels; None leaves it to Text."""
        if not knows_text:
            return None, None, None
        heights, question = self._memory.heights, hash(prop)
        if question not in heights:
            heights[question] = self._prepare_font(prop).heights()
        answer: tuple[float | None, float | None, float | None] = heights[question]
        return answer

    def _draw_text_glyphs_and_boxes(self, gc: Any, x: float, y: float, angle: float, glyphs: Any, boxes: Any) -> None:
        glyphs, boxes = tuple(glyphs), tuple(boxes)
        question = (x, y, angle, gc.get_antialiased(), glyphs, boxes)
        if not self.is_recording:
            super()._draw_text_glyphs_and_boxes(gc, x, y, angle, glyphs, boxes)  # type: ignore[misc]
        elif question in self._memory.texts and not boxes:
            self._tape.append_text(gc, self._memory.texts[question])
        elif knows_text and not boxes and not angle and gc.get_antialiased() and _stand_upright(glyphs):
            self._memory.texts[question] = drawn = joined(list(self._upright(x, y, glyphs)))
            self._tape.append_text(gc, drawn)
        else:
            fonts = {font: RememberingFont(font, self._memory) for font, *_rest in glyphs}
            remembering = ((fonts[font], *rest) for font, *rest in glyphs)
            with self._tape.one_text(gc) as drawn:
                super()._draw_text_glyphs_and_boxes(gc, x, y, angle, remembering, boxes)  # type: ignore[misc]
            self._memory.texts[question] = drawn

    def _upright(self, x: float, y: float, glyphs: Sequence[Any]) -> Iterator[Glyph]:
        """Return the glyphs of a text that is not turned, as matplotlib's own loop over them places them."""
        x, up, height = float(x), float(self.height - y), int(self.height)
        how = get_hinting_flag(), ft2font.RenderMode.NORMAL
        for font, size, index, _slant, _extend, dx, dy in glyphs:
            offset = round(0x40 * (x + dx)), round(0x40 * (up + dy))
            left, top, image = self._memory.upright((font, size, self.dpi, index), offset, how)
            yield Glyph(image, left, height - top + image.shape[0], 0)

    def record(self, draw: Callable[[Recorder], object]) -> Drawing:
        """Return what `draw`, called with the recorder, draws; may be nested."""
        outer = self._tape.calls, self._tape.clips
        self._tape.calls, self._tape.clips = [], set()
        try:
            draw(self)
            return self.take()
        finally:
            self._tape.calls, self._tape.clips = outer

    def take(self) -> Drawing:
        """Return what was recorded since the last time."""
        calls, clips = self._tape.calls, self._tape.clips
        self._tape.calls, self._tape.clips = [], set()
        if not calls:
            return BLANK
        box, clip = calls[0].box, NOTHING
        for call in calls[1:]:
            box = box.union(call.box)
        for reach in clips:
            clip = clip.union(reach)
        return Drawing(calls, box, clip)

    @property
    def is_recording(self) -> bool:
        """Return whether what is drawn now is written down; not so inside an agg_filter."""
        return self._renderer is self._tape

    def buffer_rgba(self) -> Any:
        """Return the pixels of an agg_filter; there are none while recording."""
        if self.is_recording:
            raise CannotReplay("an artist reads the pixels already drawn")
        return super().buffer_rgba()

    def tostring_argb(self) -> Any:
        """Refuse as `buffer_rgba` does."""
        if self.is_recording:
            raise CannotReplay("an artist reads the pixels already drawn")
        return super().tostring_argb()
