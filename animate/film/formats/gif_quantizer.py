"""From the changed pixels of frames to the images of a GIF: the choice of palettes and of the pixels to draw.

Rate-distortion optimization: every palette, color and drawn pixel is chosen to lower error + weight * bits, where the
error is measured in squared RGB distance x pixels x frames.
"""

from __future__ import annotations

import struct
import tempfile
from array import array
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from animate.film.formats import palette as palettes
from animate.film.formats.palette import ColorTable, Points, Usage, run_lengths, run_starts

MAX_STAY = 65535


class Change(NamedTuple):
    """The pixels that one frame changes."""

    frame: int
    places: NDArray[np.intp]
    """Flat indices of the pixels in reading order, shape (n_changed,)."""
    colors: NDArray[np.uint32]
    """Their new colors, packed, or rows of a color table, shape (n_changed,)."""
    stays: NDArray[np.uint16]
    """For how many frames each keeps its color, shape (n_changed,); 0 until that is known."""


class FrameSpool:
    """A temporary file of changes, readable in any order, so that memory does not grow with the number of frames.

    Parameters
    ----------
    folder : Path
        The folder of the file, which is nameless where the system allows that, and vanishes when it is closed.
    n_pixels : int
        Pixels of a frame.
    """

    _HEAD = struct.Struct("<2q?")

    def __init__(self, folder: Path, n_pixels: int) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile(dir=folder, prefix=".animate-")  # noqa: SIM115
        self._n_pixels = n_pixels
        self._offsets = array("q")
        self._end = 0

    def __len__(self) -> int:
        return len(self._offsets)

    def append(self, frame: int, places: NDArray[np.intp], colors: NDArray[np.uint32]) -> None:
        """Store one more change, whose stays are not known yet."""
        dense = 32 * len(places) > self._n_pixels
        self._file.seek(self._end)
        self._offsets.append(self._end)
        self._file.write(self._HEAD.pack(frame, len(places), dense))
        self._file.write(self._pack(places, dense))
        self._file.write(colors.astype(np.uint32, copy=False).tobytes())
        self._end = self._file.write(bytes(2 * len(places))) + self._file.tell() - 2 * len(places)

    def _pack(self, places: NDArray[np.intp], dense: bool) -> bytes:
        if not dense:
            return places.astype(np.uint32).tobytes()
        changed = np.zeros(self._n_pixels, np.bool_)
        changed[places] = True
        return np.packbits(changed).tobytes()

    def __getitem__(self, number: int) -> Change:
        """Return a change by its number."""
        self._file.seek(self._offsets[number])
        frame, n_changed, dense = self._HEAD.unpack(self._file.read(self._HEAD.size))
        if dense:
            bits = np.frombuffer(self._file.read((self._n_pixels + 7) // 8), np.uint8)
            places = np.flatnonzero(np.unpackbits(bits, count=self._n_pixels))
        else:
            places = np.frombuffer(self._file.read(4 * n_changed), np.uint32).astype(np.intp)
        colors = np.frombuffer(self._file.read(4 * n_changed), np.uint32)
        return Change(frame, places, colors, np.frombuffer(self._file.read(2 * n_changed), np.uint16))

    def amend(self, number: int, colors: NDArray[np.intp], stays: NDArray[np.intp]) -> None:
        """Replace the colors of a change and set the stays of its pixels."""
        end = self._offsets[number + 1] if number + 1 < len(self) else self._end
        self._file.seek(end - 6 * len(colors))
        self._file.write(colors.astype(np.uint32).tobytes())
        self._file.write(np.minimum(stays, MAX_STAY).astype(np.uint16).tobytes())

    def close(self) -> None:
        """Remove the file."""
        with suppress(OSError):  # a full disk: the file is removed anyway
            self._file.close()


BITS_PER_PIXEL = 3.0
"""The cost of drawing a pixel or a run of equal pixels rather than leaving it; on plots 2 to 4 work equally well."""


_COLORS_THAT_PAY = 31
"""A local palette is considered for at least this many new colors that are far from the palette."""


class GifImage(NamedTuple):
    """A rectangle that is drawn over the screen."""

    start: int
    """When it appears, in centiseconds."""
    left: int
    top: int
    pixels: NDArray[np.uint8]
    """Rows of the palette, shape (height, width); the row after its last is transparent."""
    palette: Points
    local: bool
    """Whether the palette is a local one instead of that of the file."""


class PaletteMap(NamedTuple):
    """A palette, and the row of it that replaces each color of the animation."""

    palette: Points
    row: NDArray[np.intp]
    """The row for each color, shape (n_all_colors,)."""
    error: NDArray[np.float32]
    """The squared distance of that row from the color, shape (n_all_colors,)."""
    local: bool


def measure(spool: FrameSpool, table: ColorTable, n_pixels: int, n_frames: int) -> Usage:
    """Return how much each color is used after the first image, and store the stays of all pixels in the spool.

    The pass runs backward, since the next change of each pixel is needed.
    """
    n_colors = len(table.colors)
    seen, coded = np.zeros(n_colors), np.zeros(n_colors)
    next_change = np.full(n_pixels, n_frames, np.int64)
    for number in reversed(range(len(spool))):
        change = spool[number]
        rows = table.rows(change.colors)
        stays = next_change[change.places] - change.frame
        next_change[change.places] = change.frame
        spool.amend(number, rows, stays)
        if number:
            seen += np.bincount(rows, stays, n_colors)
            coded += codes(change.places, rows, n_colors)
    return Usage(seen, coded)


def codes(places: NDArray[np.intp], colors: NDArray[Any], n_colors: int) -> NDArray[np.intp]:
    """Return how often each color is coded, shape (n_colors,): once for each run of pixels.

    >>> codes(np.array([0, 1, 2, 5]), np.array([0, 0, 1, 1]), 2)
    array([1, 2])
    """
    return np.bincount(colors[run_starts(places - np.arange(len(places)), colors)], minlength=n_colors)


def between_drawn(drawn: NDArray[np.bool_], places: NDArray[np.intp], n_pixels: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Return which runs lie directly between two that are drawn; leaving such a run takes a code as well.

    >>> between_drawn(np.array([True, False, True, False, True]), np.array([0, 1, 2, 3, 9]), np.array([1, 1, 1, 1, 1]))
    array([False,  True, False, False, False])
    """
    touches = places[1:] == places[:-1] + n_pixels[:-1]
    after = np.concatenate([[False], touches & drawn[:-1]])
    before = np.concatenate([touches & drawn[1:], [False]])
    between: NDArray[np.bool_] = after & before
    return between


class GifQuantizer:
    """Makes the images of a GIF, at most one for each change, and keeps track of the pixels on screen.

    Parameters
    ----------
    spool : FrameSpool
        After `measure`.
    table : ColorTable
    usage : Usage
    width : int
        Pixels a row of the screen.
    n_colors : int
        The most colors in one image, with the transparent one.
    weight : float
        The error that one bit is worth.
    """

    def __init__(self, spool: FrameSpool, table: ColorTable, usage: Usage, *, width: int, n_colors: int, weight: float):
        self._spool, self._width, self._max_colors, self._weight = spool, width, n_colors - 1, weight
        self._points = palettes.channels(table.colors)
        self._all = self._palette_map(usage)
        self._all_exact = not self._all.error.any()
        self._shown: NDArray[np.uint32] | None = None

    @property
    def palette(self) -> Points:
        """The palette of the file."""
        return self._all.palette

    def images(self, start_cs: Callable[[int], int]) -> Iterator[GifImage]:
        """Yield the images in order; a change without a pixel worth drawing has none."""
        for number in range(len(self._spool)):
            change = self._spool[number]
            palette_map = self._local_palette_map(change)
            kept = self._worth_drawing(change, palette_map)
            if len(kept):
                yield self._image(
                    change.places[kept], palette_map.row[change.colors[kept]], palette_map, start_cs(change.frame)
                )

    def _palette_map(self, usage: Usage) -> PaletteMap:
        """Return the palette of the file: for all colors if they fit, else for those used after the first image."""
        used = np.arange(len(self._points)) if len(self._points) <= self._max_colors else np.flatnonzero(usage.seen)
        if not len(used):
            used = np.arange(min(len(self._points), self._max_colors))
        return self._palette_map_for(used, Usage(usage.seen[used], usage.coded[used]), self._max_colors, local=False)

    def _palette_map_for(
        self, used: NDArray[np.intp], usage: Usage, n_colors: int, *, local: bool, n_rounds: int = 12
    ) -> PaletteMap:
        palette, index_of_used = palettes.choose(self._points[used], usage, n_colors, self._weight, n_rounds)
        if local:
            index = np.zeros(len(self._points), np.intp)
            error = np.zeros(len(self._points), np.float32)
        else:
            index = palettes.nearest(self._points, palette)
            error = palettes.squared_distance(self._points, palette[index])
        index[used] = index_of_used
        error[used] = palettes.squared_distance(self._points[used], palette[index_of_used])
        return PaletteMap(palette, index, error, local)

    def _local_palette_map(self, change: Change) -> PaletteMap:
        """Return the palette for one change: a local one if that removes more error than its bytes cost."""
        if self._all_exact:
            return self._all
        seen = np.bincount(change.colors, change.stays, len(self._points)).astype(np.float64)
        error = float(self._all.error @ seen)
        n_colors = self._max_colors if error > 2 * self._table_cost(self._max_colors) else max(1, self._max_colors // 2)
        if error <= 2 * self._table_cost(min(n_colors, _COLORS_THAT_PAY)):
            return self._all
        used = np.flatnonzero(seen)
        if error <= 2 * self._table_cost(min(n_colors, len(used))):
            return self._all
        coded = codes(change.places, change.colors, len(self._points))[used].astype(np.float64)
        own = self._palette_map_for(used, Usage(seen[used], coded), n_colors, local=True, n_rounds=3)
        cost = float(own.error[used] @ seen[used]) + self._table_cost(len(own.palette))
        return own if cost < error else self._all

    def _table_cost(self, n_colors: int) -> float:
        return self._weight * 24.0 * float(2 ** n_colors.bit_length())

    def _worth_drawing(self, change: Change, palette_map: PaletteMap) -> NDArray[np.intp]:
        """Return the pixels of a change to draw: those whose error falls by more than their bits cost."""
        if self._shown is None:
            return np.arange(len(change.places))
        shown = self._shown[change.places]
        heads = run_starts(change.places - np.arange(len(shown)), change.colors, change.stays, shown)
        n_pixels, colors = run_lengths(heads, len(shown)), change.colors[heads]
        gain = (
            palettes.squared_distance(self._points[colors], palettes.channels(shown[heads])) - palette_map.error[colors]
        )
        gain *= change.stays[heads] * n_pixels
        worth = gain > BITS_PER_PIXEL * self._weight
        worth |= (gain > 0) & between_drawn(worth, change.places[heads], n_pixels)
        return np.flatnonzero(np.repeat(worth, n_pixels))

    def _image(
        self, places: NDArray[np.intp], index: NDArray[np.intp], palette_map: PaletteMap, start: int
    ) -> GifImage:
        if self._shown is None:
            self._shown = np.empty(len(places), np.uint32)
        self._shown[places] = _packed(palette_map.palette)[index]
        y, x = np.divmod(places, self._width)
        top, left, right = y[0], x.min(), x.max() + 1
        pixels = np.full((y[-1] + 1 - top, right - left), len(palette_map.palette), np.uint8)
        pixels[y - top, x - left] = index
        return GifImage(start, int(left), int(top), pixels, palette_map.palette, palette_map.local)


def _packed(palette: Points) -> NDArray[np.uint32]:
    rgba = np.full((len(palette), 4), 255, np.uint8)
    rgba[:, :3] = palette
    return rgba.view(np.uint32)[:, 0]
