"""Text laid out and glyphs rendered once, for as long as they are asked for again.

Laying a text out and rendering its glyphs is most of what drawing a text costs, and an axis or a readout asks for
the same ones again and again. What FreeType answers depends on the font, its size, the text, and on the fraction of
a pixel (in 64ths) at which a glyph begins; whole pixels only move it. So answers are kept by exactly that.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, NamedTuple

import numpy as np
from matplotlib.ft2font import FT2Font
from numpy.typing import NDArray

_SUBPIXELS = 64

can_remember = hasattr(FT2Font, "_layout") and hasattr(FT2Font, "_render_glyph")
"""Whether this matplotlib renders glyph by glyph, as from version 3.11 on."""


class Bitmap(NamedTuple):
    """A rendered glyph: where its picture lies from the origin, and the picture."""

    left: int
    top: int
    buffer: NDArray[np.uint8]


class Answers(dict[Hashable, Any]):
    """Answers by question; when there are too many it begins anew, so that memory stays flat."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def __setitem__(self, question: Hashable, answer: Any) -> None:
        if len(self) >= self._most:
            self.clear()
        super().__setitem__(question, answer)


class Memory:
    """What fonts answered: whole texts, which are many and long, and glyphs, which are few."""

    def __init__(self) -> None:
        self.texts, self.glyphs = Answers(500), Answers(5000)


class RememberingFont:
    """A font at one size that asks FreeType each question once; all else goes to the font itself."""

    def __init__(self, font: Any, memory: Memory, size: tuple[float, float] | None = None) -> None:
        self._font, self._memory, self._size = font, memory, size

    def __getattr__(self, name: str) -> Any:
        return getattr(self._font, name)

    def _layout(self, text: str, flags: Any, features: Any = None, language: Any = None) -> Any:
        question = (self._font, self._size, text, flags, _hashable(features), _hashable(language))
        answers = self._memory.texts
        if question not in answers:
            answers[question] = self._font._layout(text, flags=flags, features=features, language=language)
        return answers[question]

    def set_size(self, size: float, dpi: float) -> None:
        """Set the size, in points and dots per inch, that the next glyphs are rendered at."""
        self._size = size, dpi

    def _set_transform(self, matrix: NDArray[np.int_], offset: tuple[int, int]) -> None:
        self._matrix, self._offset = matrix, offset

    def _render_glyph(self, index: int, flags: Any, mode: Any) -> Bitmap:
        (right, right_part), (up, up_part) = (divmod(part, _SUBPIXELS) for part in self._offset)
        question = (self._font, self._size, index, self._matrix.tobytes(), right_part, up_part, flags, mode)
        answers = self._memory.glyphs
        if question not in answers:
            self._font.set_size(*(self._size or ()))
            self._font._set_transform(self._matrix, [right_part, up_part])
            glyph = self._font._render_glyph(index, flags, mode)
            answers[question] = Bitmap(glyph.left, glyph.top, np.array(glyph.buffer))
        left, top, buffer = answers[question]
        # A picture without gray levels is scaled in place by the one who asks.
        return Bitmap(left + right, top + up, buffer if mode == mode.NORMAL else buffer.copy())


def _hashable(value: Any) -> Hashable:
    return tuple(map(tuple, value)) if isinstance(value, list) else value
