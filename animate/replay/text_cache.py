"""Text laid out and glyphs rendered once, for as long as they are asked for again.

Laying a text out and rendering its glyphs is most of what drawing a text costs, and an axis or a readout asks for
the same ones again and again. What FreeType answers depends on the font, its size, the text, and on the fraction of
a pixel (in 64ths) at which a glyph begins; whole pixels only move it. So answers are kept by exactly that.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.ft2font import FT2Font
from numpy.typing import NDArray

_SUBPIXELS = 64
_UPRIGHT = np.array([[0x10000, 0], [0, 0x10000]])
_HEIGHTS = (("OS/2", "sTypoAscender", "sTypoDescender", "sTypoLineGap"), ("hhea", "ascent", "descent", "lineGap"))
_SPACES = frozenset("\u00a0\u2009\u202f")
"""They may be made from another space, wider than its glyph tells."""
_PLAIN = frozenset(map(chr, range(32, 127))) - {"f"} | set("−×·±°²") | _SPACES
"""Characters that no other one changes; an f may be joined to the next."""
_PLAIN_FONTS = {
    f"DejaVu{face}.ttf"
    for face in (
        "Sans", "Sans-Bold", "Sans-Oblique", "Sans-BoldOblique", "SansMono", "SansMono-Bold", "SansMono-Oblique",
        "SansMono-BoldOblique", "Serif", "Serif-Bold", "Serif-Italic", "Serif-BoldItalic",
    )
}  # fmt: skip


def _all_pairs(characters: str) -> str:
    """Return a text in which each two of some characters stand side by side.

    >>> _all_pairs("abc")
    'aabacabbcbcc'
    """
    return "".join(
        one + one + "".join(other + one for other in characters[i + 1 :]) for i, one in enumerate(characters)
    )


_DIGITS = frozenset("0123456789")
_NUMBERS = _all_pairs("0123456789.− /")
_PATIENCE = 4
"""After so many numbers whose pairs are new, all pairs that numbers are made of are laid out at once."""

font_cache_supported = hasattr(FT2Font, "_layout") and hasattr(FT2Font, "_render_glyph")
"""Whether this matplotlib renders glyph by glyph, as from version 3.11 on."""

text_layout_supported = font_cache_supported and mpl.__version_info__[:2] == (3, 11)
"""Whether this matplotlib measures and places glyphs in the way known here, so that it need not be asked."""


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

    def __setitem__(self, cache_key: Hashable, answer: Any) -> None:
        if len(self) >= self._most:
            self.clear()
        super().__setitem__(cache_key, answer)


class Item(NamedTuple):
    """One glyph of a text laid out: which one, and where it begins, in pixels."""

    ft_object: Any
    glyph_index: int
    x: float
    y: float


class Pairs:
    """How far apart a font sets any two plain characters that it has set before.

    Layout engines look at whole texts, for ligatures and scripts that join. In matplotlib's own fonts, nothing but the
    kerning of neighbors moves a plain character, so a number never seen before is made of pairs that were.
    """

    def __init__(self) -> None:
        self._glyphs: dict[str, tuple[Any, int, float]] = {}
        self._steps: dict[tuple[str, str], float] = {}
        self.n_new_numbers = 0
        """How often the pairs of a number were not known."""

    def layout(self, text: str) -> list[Item] | None:
        """Return where the glyphs of a text lie, or None where a pair of them was never seen."""
        try:
            steps = [0.0, *map(self._steps.__getitem__, pairwise(text))]
            return [
                Item(font, index, x, y)
                for (font, index, y), x in zip(map(self._glyphs.__getitem__, text), accumulate(steps), strict=True)
            ]
        except KeyError:
            return None

    def learn(self, text: str, items: Sequence[Any]) -> None:
        """Keep the pairs of a text of plain characters that was laid out."""
        if len(items) != len(text) or items[0].x:
            return
        for character, item in zip(text, items, strict=True):
            self._glyphs[character] = item.ft_object, item.glyph_index, item.y
        for pair, (one, other) in zip(pairwise(text), pairwise(items), strict=True):
            self._steps[pair] = other.x - one.x


class GlyphCache:
    """What fonts answered: whole texts, which are many and long, and glyphs, which are few."""

    def __init__(self) -> None:
        self.texts, self.glyphs, self._upright = Answers(500), Answers(5000), Answers(5000)
        self.fonts, self.heights, self._pairs = Answers(100), Answers(100), Answers(100)

    def pairs(self, *cache_key: Hashable) -> Pairs:
        """Return the pairs of a font at one size."""
        if cache_key not in self._pairs:
            self._pairs[cache_key] = Pairs()
        pairs: Pairs = self._pairs[cache_key]
        return pairs

    def upright(self, which: tuple[Any, float, float, int], offset: tuple[int, int], how: tuple[Any, Any]) -> Bitmap:
        """Return a glyph that stands upright: its font, size in points, dots per inch and index.

        Its offset is in 64ths of a pixel; `how` is the load flags and the render mode, the same every time.
        """
        right, up = offset
        cache_key = (which, right % _SUBPIXELS, up % _SUBPIXELS)
        bitmap = self._upright.get(cache_key)
        if bitmap is None:
            font, size, dpi, index = which
            font.set_size(size, dpi)
            bitmap = self._upright[cache_key] = _rendered(font, _UPRIGHT, list(cache_key[1:]), index, how)
        left, top, buffer = bitmap
        return Bitmap(left + right // _SUBPIXELS, top + up // _SUBPIXELS, buffer)


class CachingFont:
    """A font at one size that asks FreeType each question once; all else goes to the font itself."""

    def __init__(self, font: Any, memory: GlyphCache, size: tuple[float, float] | None = None) -> None:
        self._font, self._glyph_cache, self._size = font, memory, size
        self.is_ready = size is None
        """Whether nothing else has used the font since it was asked for."""

    def __getattr__(self, name: str) -> Any:
        if not self.is_ready:
            self._make_ready()
            self.is_ready = True
        return getattr(self._font, name)

    def _make_ready(self) -> None:
        if self._size is not None:
            self._font.clear()
            self._font.set_size(*self._size)

    def _layout(self, text: str, flags: Any, features: Any = None, language: Any = None) -> Any:
        cache_key = (self._font, self._size, text, flags, _hashable(features), _hashable(language))
        cached_results = self._glyph_cache.texts
        if cache_key not in cached_results:
            is_plain = not features and language is None and _is_plain(text, self._font)
            if is_plain:
                answer = self._layout_of_pairs(text, flags)
            else:
                self._make_ready()
                answer = self._font._layout(text, flags=flags, features=features, language=language)
            cached_results[cache_key] = answer
        return cached_results[cache_key]

    def _layout_of_pairs(self, text: str, flags: Any) -> Any:
        pairs = self._glyph_cache.pairs(self._font, self._size, flags)
        answer = pairs.layout(text)
        if answer is None and not _DIGITS.isdisjoint(text):
            pairs.n_new_numbers += 1
            if pairs.n_new_numbers == _PATIENCE:
                self._make_ready()
                pairs.learn(_NUMBERS, self._font._layout(_NUMBERS, flags=flags, features=None, language=None))
                answer = pairs.layout(text)
        if answer is None:
            self._make_ready()
            answer = self._font._layout(text, flags=flags, features=None, language=None)
            pairs.learn(text, answer)
        return answer

    def extent(self, text: str, flags: Any) -> tuple[float, float, float]:
        """Return the width, the height and the descent of a text, in pixels."""
        cache_key = (self._font, self._size, text, flags)
        cached_results = self._glyph_cache.texts
        if cache_key not in cached_results:
            extent = self._extent_of_items if _is_plain(text, self._font) and text[-1] not in _SPACES else self._extent
            cached_results[cache_key] = tuple(part / _SUBPIXELS for part in extent(text, flags))
        answer: tuple[float, float, float] = cached_results[cache_key]
        return answer

    def _extent(self, text: str, flags: Any) -> tuple[int, int, int]:
        self._make_ready()
        self._font.set_text(text, 0.0, flags=flags)
        width, height = self._font.get_width_height()
        return width, height, self._font.get_descent()

    def _extent_of_items(self, text: str, flags: Any) -> tuple[int, int, int]:
        """Return what `FT2Font.set_text` finds by laying a text out and loading each of its glyphs once more.

        The width is where the last glyph ends, the height that of all glyphs' boxes.
        """
        items = self._layout(text, flags)
        bottoms, tops, ends = zip(*(self._box_of(item, flags) for item in items), strict=True)
        bottom = min(bottoms)
        return ends[-1], max(tops) - bottom, -bottom

    def heights(self) -> tuple[float | None, float | None, float | None]:
        """Return how far its lines go up and down, and the gap between them, in pixels, as `Text` computes it."""
        size, dpi = self._size or (0.0, 0.0)
        for name, *keys in _HEIGHTS:
            if (table := self._font.get_sfnt_table(name)) is not None:
                scale = 1 / self._font.get_sfnt_table("head")["unitsPerEm"] * size * dpi / 72
                up, down, gap = (table[key] * scale for key in keys)
                return up, -down, gap
        return None, None, None

    def _box_of(self, item: Any, flags: Any) -> tuple[int, int, int]:
        """Return where a glyph of a text begins and ends in height, and where the next one begins, in 64ths."""
        cache_key = (item.ft_object, self._size, item.glyph_index, flags)
        cached_results = self._glyph_cache.glyphs
        if cache_key not in cached_results:
            item.ft_object.set_size(*(self._size or ()))
            item.ft_object._set_transform(_UPRIGHT, [0, 0])
            glyph = item.ft_object.load_glyph(item.glyph_index, flags=flags)
            cached_results[cache_key] = glyph.bbox[1], glyph.bbox[3], glyph.horiAdvance
        bottom, top, advance = cached_results[cache_key]
        up = round(_SUBPIXELS * item.y) if bottom or top else 0
        return bottom + up, top + up, round(_SUBPIXELS * item.x) + advance

    def set_size(self, size: float, dpi: float) -> None:
        """Set the size, in points and dots per inch, that the next glyphs are rendered at."""
        self._size = size, dpi

    def _set_transform(self, matrix: NDArray[np.int_], offset: tuple[int, int]) -> None:
        self._matrix, self._offset = matrix, offset

    def _render_glyph(self, index: int, flags: Any, mode: Any) -> Bitmap:
        (right, right_part), (up, up_part) = (divmod(part, _SUBPIXELS) for part in self._offset)
        cache_key = (self._font, self._size, index, self._matrix.tobytes(), right_part, up_part, flags, mode)
        cached_results = self._glyph_cache.glyphs
        if cache_key not in cached_results:
            self._font.set_size(*(self._size or ()))
            cached_results[cache_key] = _rendered(self._font, self._matrix, [right_part, up_part], index, (flags, mode))
        left, top, buffer = cached_results[cache_key]
        # A picture without gray levels is scaled in place by the one who asks.
        return Bitmap(left + right, top + up, buffer if mode == mode.NORMAL else buffer.copy())


def _rendered(font: Any, matrix: NDArray[np.int_], offset: list[int], index: int, how: tuple[Any, Any]) -> Bitmap:
    font._set_transform(matrix, offset)
    glyph = font._render_glyph(index, *how)
    return Bitmap(glyph.left, glyph.top, np.array(glyph.buffer))


def _is_plain(text: str, font: Any) -> bool:
    return bool(text) and _PLAIN.issuperset(text) and _is_own(font)


@cache
def _is_own(font: Any) -> bool:
    """Return whether a font is one that matplotlib brings, in which neighbors do nothing but kern."""
    path = Path(font.fname)
    return path.name in _PLAIN_FONTS and path.parent == Path(mpl.get_data_path(), "fonts", "ttf")


def _hashable(value: Any) -> Hashable:
    return tuple(map(tuple, value)) if isinstance(value, list) else value
