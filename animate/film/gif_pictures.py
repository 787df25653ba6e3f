"""From what frames change to the pictures of a GIF: which palette, and which pixels are worth drawing again.

Bits and errors are weighed by one price. A palette, a color that stands for another, a pixel drawn anew: each is
taken where (error, in squared RGB distance x pixels x frames) + price * (bits) becomes less.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from animate.film import palette as palettes
from animate.film.colortable import ColorTable
from animate.film.gif_file import Picture
from animate.film.palette import Points, Usage
from animate.film.runs import lengths, run_heads
from animate.film.spool import Change, Spool

BITS_PER_PIXEL = 3.0
"""What drawing a pixel, or a run of equal ones, costs beyond leaving it: on plots 2 to 4 do equally well."""


_COLORS_THAT_PAY = 31
"""A picture with this many new colors, each far from the palette, is the least for which a palette is considered."""


class Inks(NamedTuple):
    """A palette, and what stands in it for each color of the animation."""

    palette: Points
    row: NDArray[np.intp]
    """The row of the palette for each color, shape (n_all_colors,)."""
    error: NDArray[np.float32]
    """Its squared distance from the color, shape (n_all_colors,)."""
    local: bool


def measure(spool: Spool, table: ColorTable, n_pixels: int, n_frames: int) -> Usage:
    """Return how much each color is used after the first picture, and note in the spool how long each pixel stays.

    It goes backwards: when a pixel changes next is known then.
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
    """Return how often each color must be coded, shape (n_colors,): once for each run of pixels that take it.

    >>> codes(np.array([0, 1, 2, 5]), np.array([0, 0, 1, 1]), 2)
    array([1, 2])
    """
    return np.bincount(colors[run_heads(places - np.arange(len(places)), colors)], minlength=n_colors)


def between_drawn(drawn: NDArray[np.bool_], places: NDArray[np.intp], n_pixels: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Return which runs lie right between two that are drawn: to leave such a one takes a code as well.

    >>> between_drawn(np.array([True, False, True, False, True]), np.array([0, 1, 2, 3, 9]), np.array([1, 1, 1, 1, 1]))
    array([False,  True, False, False, False])
    """
    touches = places[1:] == places[:-1] + n_pixels[:-1]
    after = np.concatenate([[False], touches & drawn[:-1]])
    before = np.concatenate([touches & drawn[1:], [False]])
    between: NDArray[np.bool_] = after & before
    return between


class Painter:
    """Makes the pictures of a GIF, one for each change, and keeps what a viewer sees meanwhile."""

    def __init__(self, spool: Spool, table: ColorTable, usage: Usage, *, width: int, n_colors: int, price: float):
        self._spool, self._width, self._n_inks, self._price = spool, width, n_colors - 1, price
        self._points = palettes.channels(table.colors)
        self._all = self._inks(usage)
        self._all_exact = not self._all.error.any()
        self._shown: NDArray[np.uint32] | None = None

    @property
    def palette(self) -> Points:
        """The palette of the file."""
        return self._all.palette

    def pictures(self, start_cs: Callable[[int], int]) -> Iterator[Picture]:
        """Yield the pictures, in order; a change of which nothing is worth drawing has none."""
        for number in range(len(self._spool)):
            change = self._spool[number]
            inks = self._local_inks(change)
            kept = self._worth_drawing(change, inks)
            if len(kept):
                yield self._picture(change.places[kept], inks.row[change.colors[kept]], inks, start_cs(change.frame))

    def _inks(self, usage: Usage) -> Inks:
        """Return the palette for all but the first picture, or for all where every color has room."""
        used = np.arange(len(self._points)) if len(self._points) <= self._n_inks else np.flatnonzero(usage.seen)
        if not len(used):
            used = np.arange(min(len(self._points), self._n_inks))
        return self._inks_for(used, Usage(usage.seen[used], usage.coded[used]), self._n_inks, local=False)

    def _inks_for(self, used: NDArray[np.intp], usage: Usage, n_inks: int, *, local: bool, n_rounds: int = 12) -> Inks:
        palette, index_of_used = palettes.choose(self._points[used], usage, n_inks, self._price, n_rounds)
        if local:
            index = np.zeros(len(self._points), np.intp)
            error = np.zeros(len(self._points), np.float32)
        else:
            index = palettes.nearest(self._points, palette)
            error = palettes.squared_distance(self._points, palette[index])
        index[used] = index_of_used
        error[used] = palettes.squared_distance(self._points[used], palette[index_of_used])
        return Inks(palette, index, error, local)

    def _local_inks(self, change: Change) -> Inks:
        """Return the palette for one change: its own where that removes more error than its bytes cost."""
        if self._all_exact:
            return self._all
        seen = np.bincount(change.colors, change.stays, len(self._points)).astype(np.float64)
        error = float(self._all.error @ seen)
        n_inks = self._n_inks if error > 2 * self._table_price(self._n_inks) else max(1, self._n_inks // 2)
        if error <= 2 * self._table_price(min(n_inks, _COLORS_THAT_PAY)):
            return self._all
        used = np.flatnonzero(seen)
        if error <= 2 * self._table_price(min(n_inks, len(used))):
            return self._all
        coded = codes(change.places, change.colors, len(self._points))[used].astype(np.float64)
        own = self._inks_for(used, Usage(seen[used], coded), n_inks, local=True, n_rounds=3)
        cost = float(own.error[used] @ seen[used]) + self._table_price(len(own.palette))
        return own if cost < error else self._all

    def _table_price(self, n_inks: int) -> float:
        return self._price * 24.0 * float(2 ** n_inks.bit_length())

    def _worth_drawing(self, change: Change, inks: Inks) -> NDArray[np.intp]:
        """Return which pixels of a change to draw: those whose error falls by more than their bits cost."""
        if self._shown is None:
            return np.arange(len(change.places))
        shown = self._shown[change.places]
        heads = run_heads(change.places - np.arange(len(shown)), change.colors, change.stays, shown)
        n_pixels, colors = lengths(heads, len(shown)), change.colors[heads]
        gain = palettes.squared_distance(self._points[colors], palettes.channels(shown[heads])) - inks.error[colors]
        gain *= change.stays[heads] * n_pixels
        worth = gain > BITS_PER_PIXEL * self._price
        worth |= (gain > 0) & between_drawn(worth, change.places[heads], n_pixels)
        return np.flatnonzero(np.repeat(worth, n_pixels))

    def _picture(self, places: NDArray[np.intp], index: NDArray[np.intp], inks: Inks, start: int) -> Picture:
        if self._shown is None:
            self._shown = np.empty(len(places), np.uint32)
        self._shown[places] = _packed(inks.palette)[index]
        y, x = np.divmod(places, self._width)
        top, left, right = y[0], x.min(), x.max() + 1
        pixels = np.full((y[-1] + 1 - top, right - left), len(inks.palette), np.uint8)
        pixels[y - top, x - left] = index
        return Picture(start, int(left), int(top), pixels, inks.palette, inks.local)


def _packed(palette: Points) -> NDArray[np.uint32]:
    rgba = np.full((len(palette), 4), 255, np.uint8)
    rgba[:, :3] = palette
    return rgba.view(np.uint32)[:, 0]
