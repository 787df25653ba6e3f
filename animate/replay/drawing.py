"""Drawings: the recorded calls of one artist, and which tiles differ between two of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from animate.replay.polyline import Polyline
from animate.replay.tiles import NOTHING, Box, Grid, Tiles


class Call(NamedTuple):
    """One call of the compiled canvas.

    Attributes
    ----------
    draw : callable
        The method of the canvas.
    arguments : tuple
        Its positional arguments, the graphics context first.
    options : dict
        Its keyword arguments.
    box : Box
        A box that contains every pixel the call can touch.
    """

    draw: Callable[..., None]
    arguments: tuple[Any, ...]
    options: dict[str, Any]
    box: Box
    tiles: Tiles
    """The tiles that intersect the box."""
    line: Polyline | None = None
    """The line that the call draws, if it can be drawn in pieces."""
    glyphs: Sequence[Glyph] | None = None
    """The glyphs that the call draws, if it draws text."""

    def make(self, grid: Grid, tiles: Tiles) -> None:
        """Draw everything that touches the given tiles; other tiles may receive any part of the call.

        Parameters
        ----------
        grid : Grid
            The tiles of the canvas.
        tiles : int
            The set of tiles that must be complete.
        """
        if self.line is None:
            self.draw(*self.arguments, **self.options)
        else:
            self.line.draw(self.draw, grid.box_of(tiles & self.tiles))

    def changed(self, before: Call, grid: Grid) -> Tiles:
        """Return the tiles whose pixels may differ if this call replaces another one.

        Only objects made here are compared: paths and arrays that belong to artists may have changed in place since.

        Parameters
        ----------
        before : Call
            The call that this one replaces.
        grid : Grid
            The tiles of the canvas.
        """
        is_text = self.glyphs is not None and self.glyphs is before.glyphs
        is_line = self.line is not None and before.line is not None
        if (is_text or is_line) and have_equal_values(self.arguments[0], before.arguments[0]):
            return grid.of_box(self.line.changed(before.line)) if is_line else 0  # type: ignore[union-attr, arg-type]
        return self.tiles | before.tiles


class Glyph(NamedTuple):
    """The bitmap of a text or of one glyph.

    Attributes
    ----------
    image : array of uint8, shape (rows, columns)
        Coverage, 0 to 255.
    x, y : float
        The lower left corner in pixels; y counts from the top.
    angle : float
        Rotation in degrees.
    """

    image: NDArray[np.uint8]
    x: float
    y: float
    angle: float


class Drawing(NamedTuple):
    """All calls of one artist.

    Attributes
    ----------
    calls : sequence of Call
        In the order they were made.
    box : Box
        A box that contains every pixel the calls can touch.
    """

    calls: Sequence[Call]
    box: Box
    tiles: Tiles
    """The tiles of all calls."""
    clip: Box
    """The union of the clip rectangles: the artist cannot draw outside it."""

    def changed(self, before: Drawing, grid: Grid) -> Tiles:
        """Return the tiles whose pixels may differ if this drawing replaces another one.

        Parameters
        ----------
        before : Drawing
            The drawing that this one replaces.
        grid : Grid
            The tiles of the canvas.
        """
        if len(self.calls) != len(before.calls):
            return self.tiles | before.tiles
        tiles = 0
        for call, old in zip(self.calls, before.calls, strict=True):
            tiles |= call.changed(old, grid)
        return tiles


BLANK = Drawing((), NOTHING, 0, NOTHING)


def have_equal_values(context: Any, other: Any) -> bool:
    """Return whether two graphics contexts, as copied by `CallRecorder`, are known to draw alike."""
    values, others = vars(context), vars(other)
    return values.keys() == others.keys() and all(
        _is_plain(value) and value == others[name] if name != "_cliprect" else value is others[name]
        for name, value in values.items()
    )


def _is_plain(value: Any) -> bool:
    """Return whether a value is immutable."""
    if isinstance(value, tuple):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, bool | int | float | str)


def joined(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Return the same glyphs merged into as few bitmaps as possible, in the same order where they overlap.

    Where only one of two glyphs has ink, blending them together or one after the other gives the same pixels.

    Parameters
    ----------
    glyphs : sequence of Glyph
        Glyphs of one text.
    """
    glyphs = [glyph for glyph in glyphs if glyph.image.size]
    if len(glyphs) < 2 or any(glyph.angle or glyph.x != int(glyph.x) or glyph.y != int(glyph.y) for glyph in glyphs):
        return glyphs
    left, bottom = min(glyph.x for glyph in glyphs), max(glyph.y for glyph in glyphs)
    right = max(glyph.x + glyph.image.shape[1] for glyph in glyphs)
    top = min(glyph.y - glyph.image.shape[0] for glyph in glyphs)
    pages: list[Glyph] = []
    page, reach = np.zeros((0, 0), np.uint8), 0  # reach: the number of columns in use
    for image, x, y, _angle in glyphs:
        (rows, columns), down, across = image.shape, int(y - top) - image.shape[0], int(x - left)
        area = np.s_[down : down + rows, across : across + columns]
        if not pages or (across < reach and (page[area].astype(bool) & image.astype(bool)).any()):
            page, reach = np.zeros((int(bottom - top), int(right - left)), np.uint8), 0
            pages.append(Glyph(page, left, bottom, 0))
        page[area] += image
        reach = max(reach, across + columns)
    return pages
