"""Frames as the planes of YUV 4:2:0 that video encoders take, of which only what changed is computed anew.

Between two frames of a plot a few pixels change. An encoder that is fed RGB converts them all, every time, which takes
as long as the encoding; fed planes it only encodes, and reads three eighths of the bytes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from animate.film.sinks import Frame, on_white

RED, BLUE = 0.2126, 0.0722
"""The shares of luma that BT.709 gives to red and to blue."""

_BITS = 20
_CHUNK = 8192
"""Quads computed at once: what they need meanwhile stays in the processor's cache."""


def _weights(scale: float, red: float, green: float, blue: float) -> tuple[int, int, int]:
    """Return the weights of the three colors as whole numbers, of a color that runs from 0 to 255."""
    return tuple(round(scale / 255 * weight * 2**_BITS) for weight in (red, green, blue))


_GREEN = 1 - RED - BLUE
_LUMA = _weights(219, RED, _GREEN, BLUE)
_BLUE_LESS_LUMA = _weights(112 / (1 - BLUE), -RED, -_GREEN, 1 - BLUE)
_RED_LESS_LUMA = _weights(112 / (1 - RED), 1 - RED, -_GREEN, -BLUE)


class Planes:
    """The planes of the last of a stream of frames.

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
        """The planes of luma, blue and red, one after the other."""
        self._luma = self.data[:n_pixels].view(np.uint16)
        self._blue, self._red = self.data[n_pixels:].reshape(2, -1)
        self._before: NDArray[np.uint64] = np.zeros((height, width // 2), np.uint64)  # transparent: no frame is so
        self._is_first = True

    def update(self, rgba: Frame) -> bool:
        """Make them those of a frame, RGBA, shape (height, width, 4); return whether it differs from the last.

        Transparency is composited on white.
        """
        pairs = np.ascontiguousarray(rgba).reshape(len(rgba), -1).view(np.uint64)
        differ = pairs != self._before
        either = differ[0::2] | differ[1::2]
        quads = np.arange(either.size) if self._is_first else np.flatnonzero(either)
        self._is_first = False
        width = pairs.shape[1]
        upper = quads + quads // width * width  # where the upper pair is, counted through all rows
        for start in range(0, len(quads), _CHUNK):
            part = slice(start, start + _CHUNK)
            self._take(pairs.reshape(-1), quads[part], upper[part])
        return len(quads) > 0

    def _take(self, pairs: NDArray[np.uint64], quads: NDArray[np.intp], upper: NDArray[np.intp]) -> None:
        """Compute some quads, of which the upper pairs are given."""
        both = np.stack([upper, upper + self._before.shape[1]])
        taken = pairs[both]  # (2, n)
        self._before.reshape(-1)[both] = taken
        pixels = on_white(taken.view(np.uint8).reshape(*both.shape, 2, 4)).view("<i4")[..., 0]
        red, green, blue = pixels & 255, (pixels >> 8) & 255, (pixels >> 16) & 255  # (2, n, 2): row, quad, column
        luma = _mixed(_LUMA, red, green, blue, 16, _BITS).astype(np.uint8)
        self._luma[both] = luma.view(np.uint16)[..., 0]
        red, green, blue = map(_sum_of_quads, (red, green, blue))
        self._blue[quads] = _mixed(_BLUE_LESS_LUMA, red, green, blue, 128, _BITS + 2)
        self._red[quads] = _mixed(_RED_LESS_LUMA, red, green, blue, 128, _BITS + 2)


def _sum_of_quads(values: Any) -> Any:
    of_columns = values[0] + values[1]
    return of_columns[:, 0] + of_columns[:, 1]


def _mixed(weights: tuple[int, int, int], red: Any, green: Any, blue: Any, base: int, bits: int) -> Any:
    """Return base + (weighted sum of colors) / 2^bits, rounded."""
    mixed = red * weights[0]
    mixed += green * weights[1]
    mixed += blue * weights[2]
    mixed += (base << bits) + (1 << bits - 1)
    mixed >>= bits
    return mixed
