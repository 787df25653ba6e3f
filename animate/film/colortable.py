"""The colors of a whole animation, each with a row of its own, in memory that does not grow without end."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from animate.film.palette import Colors
from animate.film.runs import lengths, run_heads

MAX_EXACT = 1 << 16
"""Colors that keep a row of their own; a plot has about 10,000, a film of photographs any number."""

_PENDING = 1 << 16


def coarse(colors: Colors) -> Colors:
    """Return colors with 5 bits a channel, each in the middle of what it stands for."""
    return (colors & np.uint32(0xFFF8F8F8)) | np.uint32(0x00040404)


class ColorTable:
    """Colors that were seen, in order; `rows` finds them again.

    Past MAX_EXACT colors the ones that filled the fewest pixels are kept at 5 bits a channel: so many colors are
    no flat areas, and a palette of 255 is coarser still.
    """

    def __init__(self) -> None:
        self.colors = np.empty(0, np.uint32)
        self._counts: NDArray[np.float64] = np.empty(0)
        self._pending: list[tuple[Colors, NDArray[Any]]] = []
        self._n_pending = 0
        self._exact = True

    def add(self, colors: Colors) -> None:
        """Take in colors, shape (n,), n > 0, of which neighbors are often equal."""
        heads = run_heads(colors)
        found, inverse = np.unique(colors[heads], return_inverse=True)
        self._pending.append((found, np.bincount(inverse, lengths(heads, len(colors)))))
        self._n_pending += len(found)
        if self._n_pending > _PENDING:
            self.merge()

    def merge(self) -> None:
        """Make `colors` hold all that was taken in."""
        if self._pending:
            colors = np.concatenate([self.colors, *(found for found, _ in self._pending)])
            counts = np.concatenate([self._counts, *(part for _, part in self._pending)])
            self._sum(colors, counts)
            self._pending, self._n_pending = [], 0
            if len(self.colors) > MAX_EXACT or not self._exact:
                self._coarsen()

    def _sum(self, colors: Colors, counts: NDArray[np.float64]) -> None:
        self.colors, inverse = np.unique(colors, return_inverse=True)
        self._counts = np.bincount(inverse, counts).astype(np.float64)

    def _coarsen(self) -> None:
        self._exact = False
        rare = np.argsort(-self._counts, kind="stable")[MAX_EXACT // 4 :]
        colors = self.colors.copy()
        colors[rare] = coarse(colors[rare])
        self._sum(colors, self._counts)

    def rows(self, colors: Colors) -> NDArray[np.intp]:
        """Return the row in `colors` of each color, shape (n,)."""
        heads = run_heads(colors)
        wanted = colors[heads]
        found = np.searchsorted(self.colors, wanted)
        if not self._exact:
            missing = self.colors[np.minimum(found, len(self.colors) - 1)] != wanted
            found[missing] = np.searchsorted(self.colors, coarse(wanted[missing]))
        return np.repeat(found, lengths(heads, len(colors)))
