"""Conversion of frames to the YUV 4:2:0 planes of video encoders, only where pixels changed.

Few pixels change between two frames of a plot. An encoder that is fed RGB converts all of them for every frame, which
takes as long as the encoding. Fed planes, it only encodes and reads three eighths of the bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from animate.film.sinks import on_white
from animate.replay.frames import Frame

RED, BLUE = 0.2126, 0.0722
"""The weights of red and blue in the luma of BT.709."""

_BITS = 20
_CHUNK = 8192
"""Quads computed at once, so that intermediate results stay in the processor's cache."""

_DENSE = 0.2
"""If a larger share of a row's quads changed, computing all of them is faster than selecting."""


def _weights(scale: float, red: float, green: float, blue: float) -> tuple[int, int, int]:
    """Return fixed-point weights for colors from 0 to 255."""
    return tuple(round(scale / 255 * weight * 2**_BITS) for weight in (red, green, blue))


_GREEN = 1 - RED - BLUE
_LUMA = _weights(219, RED, _GREEN, BLUE)
_BLUE_LESS_LUMA = _weights(112 / (1 - BLUE), -RED, -_GREEN, 1 - BLUE)
_RED_LESS_LUMA = _weights(112 / (1 - RED), 1 - RED, -_GREEN, -BLUE)


class Yuv420Planes:
    """The planes of the latest of a stream of frames.

    Y' = 16 + 219 (0.2126 R + 0.7152 G + 0.0722 B) / 255 for each pixel; Cb = 128 + 224 (B - Y) / (1.8556 x 255) and
    Cr = 128 + 224 (R - Y) / (1.5748 x 255) for each *quad* of 2x2 pixels, of their mean color; all rounded.

    Parameters
    ----------
    width, height : int
        In pixels, both even.

    References
    ----------
    ITU-R BT.709-6, section 3.
    """

    def __init__(self, width: int, height: int) -> None:
        n_pixels = width * height
        self.data: NDArray[np.uint8] = np.zeros(n_pixels * 3 // 2, np.uint8)
        """The planes Y, Cb and Cr, one after the other, shape (width * height * 3 / 2,)."""
        self._luma = self.data[:n_pixels].reshape(height, width)
        self._blue, self._red = self.data[n_pixels:].reshape(2, height // 2, width // 2)
        self._before: NDArray[np.uint64] = np.zeros((height, width // 2), np.uint64)
        """The pixels of the last frame, in pairs."""
        self._is_first = True

    def update(self, rgba: Frame) -> bool:
        """Compute the planes of a frame, RGBA, shape (height, width, 4); return whether it differs from the last.

        Transparency is composited on white.
        """
        pairs = np.ascontiguousarray(rgba).reshape(len(rgba), -1).view(np.uint64)
        differ = pairs != self._before
        quads = differ[0::2] | differ[1::2]
        places = np.flatnonzero(quads)
        is_changed = self._is_first or len(places) > 0
        if self._is_first or len(places) > _DENSE * quads.size / 4:
            dense = np.count_nonzero(quads, axis=1) > _DENSE * quads.shape[1]
            dense |= self._is_first
            for band in _bands(np.flatnonzero(dense), max(1, _CHUNK // quads.shape[1])):
                self._take_rows(pairs, band)
            places = np.flatnonzero(quads & ~dense[:, None])
        self._is_first = False
        for start in range(0, len(places), _CHUNK):
            self._take_quads(pairs.reshape(-1), places[start : start + _CHUNK])
        return is_changed

    def _take_rows(self, pairs: NDArray[np.uint64], rows: slice) -> None:
        """Compute whole rows of quads."""
        both = slice(2 * rows.start, 2 * rows.stop)
        taken = pairs[both]
        self._before[both] = taken
        colors = taken.view(np.uint8).reshape(len(taken), -1, 4)
        self._luma[both], self._blue[rows], self._red[rows] = _converted(colors)

    def _take_quads(self, pairs: NDArray[np.uint64], quads: NDArray[np.intp]) -> None:
        """Compute single quads, given as flat indices."""
        width = self._before.shape[1]
        upper = quads + quads // width * width
        both = np.stack([upper, upper + width])  # where the pairs of the quads are
        taken = pairs[both]
        self._before.reshape(-1)[both] = taken
        luma, self._blue.reshape(-1)[quads], self._red.reshape(-1)[quads] = _converted(
            taken.view(np.uint8).reshape(2, -1, 4)
        )
        self._luma.view(np.uint16).reshape(-1)[both] = luma.view(np.uint16)


def _bands(rows: NDArray[np.intp], most: int) -> Iterator[slice]:
    """Yield runs of consecutive numbers in sorted *rows*, split into bands of at most *most*.

    >>> list(_bands(np.array([2, 3, 4, 7]), 2))
    [slice(2, 4, None), slice(4, 5, None), slice(7, 8, None)]
    """
    for run in np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1):
        for start in range(0, len(run), most):
            part = run[start : start + most]
            yield slice(int(part[0]), int(part[-1]) + 1)


def _converted(rgba: Frame) -> tuple[NDArray[np.uint8], Any, Any]:
    """Return Y of pixels, shape (2 n, 2 m, 4), and Cb and Cr of their quads, shape (n, m)."""
    pixels = on_white(rgba).view("<i4")[..., 0]
    red, green, blue = pixels & 255, (pixels >> 8) & 255, (pixels >> 16) & 255
    luma = _mixed(_LUMA, red, green, blue, 16, _BITS).astype(np.uint8)
    red, green, blue = map(_sum_of_quads, (red, green, blue))
    return (
        luma,
        _mixed(_BLUE_LESS_LUMA, red, green, blue, 128, _BITS + 2),
        _mixed(_RED_LESS_LUMA, red, green, blue, 128, _BITS + 2),
    )


def _sum_of_quads(values: Any) -> Any:
    of_columns = values[0::2] + values[1::2]
    return of_columns[:, 0::2] + of_columns[:, 1::2]


def _mixed(weights: tuple[int, int, int], red: Any, green: Any, blue: Any, base: int, bits: int) -> Any:
    """Return base + (weighted sum of colors) / 2^bits, rounded."""
    mixed = red * weights[0]
    mixed += green * weights[1]
    mixed += blue * weights[2]
    mixed += (base << bits) + (1 << bits - 1)
    mixed >>= bits
    return mixed
