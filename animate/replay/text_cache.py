"""A cache of text layouts and rendered glyphs.

Layout and rendering of glyphs are most of the cost of drawing text, and axes and readouts need the same ones again and
again. FreeType's results depend on the font, its size, the text, and the fraction of a pixel (in 64ths) at which a
glyph begins; whole pixels only move the glyph. These are the keys of the cache.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import RendererAgg, get_hinting_flag
from matplotlib.ft2font import FT2Font
from numpy.typing import NDArray

_SUBPIXELS = 64
_UPRIGHT = np.array([[0x10000, 0], [0, 0x10000]])
_HEIGHTS = (("OS/2", "sTypoAscender", "sTypoDescender", "sTypoLineGap"), ("hhea", "ascent", "descent", "lineGap"))
_SPACES = frozenset("\u00a0\u2009\u202f")
"""They may be synthesized from another space, wider than their glyph."""
_PLAIN = frozenset(map(chr, range(32, 127))) | set("−×÷·±°²½∞–…’“”₀₁₂₃₄₅₆₇₈₉αβγδεηθκλμρσωΣ●■▲◆▼✚") | _SPACES
"""Characters that do not change each other, but for ligatures."""
_UNITS = re.compile("ffi|ffl|ff|fi|fl|.", re.DOTALL)
"""Characters, and those that may be joined to one glyph."""
_PLAIN_FONTS = {
    f"DejaVu{face}.ttf"
    for face in (
        "Sans", "Sans-Bold", "Sans-Oblique", "Sans-BoldOblique", "SansMono", "SansMono-Bold", "SansMono-Oblique",
        "SansMono-BoldOblique", "Serif", "Serif-Bold", "Serif-Italic", "Serif-BoldItalic",
    )
}  # fmt: skip


def _all_pairs(characters: str) -> str:
    """Return a text in which every two of the given characters stand next to each other.

    >>> _all_pairs("abc")
    'aabacabbcbcc'
    """
    return "".join(
        one + one + "".join(other + one for other in characters[i + 1 :]) for i, one in enumerate(characters)
    )


_DIGITS = frozenset("0123456789")
_NUMBERS = _all_pairs("0123456789.− /")
_FEW_NUMBERS = 4
"""After this many numbers with unknown pairs, all pairs that occur in numbers are laid out at once."""

font_cache_supported = hasattr(FT2Font, "_layout") and hasattr(FT2Font, "_render_glyph")
"""Whether this matplotlib renders text glyph by glyph, as it does from version 3.11 on."""

text_layout_supported = font_cache_supported and mpl.__version_info__[:2] == (3, 11)
"""Whether the measurement and placement of glyphs in this matplotlib are those implemented here."""


class Bitmap(NamedTuple):
    """A rendered glyph.

    Attributes
    ----------
    left, top : int
        The offset of its upper left corner from the origin, in pixels; `top` counts upward.
    buffer : array of uint8, shape (rows, columns)
        Coverage, 0 to 255.
    """

    left: int
    top: int
    buffer: NDArray[np.uint8]


class BoundedDict(dict[Hashable, Any]):
    """A dictionary that is emptied when it is full, so that memory stays bounded.

    Parameters
    ----------
    most : int
        The greatest number of entries.
    """

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def __setitem__(self, cache_key: Hashable, result: Any) -> None:
        if len(self) >= self._most:
            self.clear()
        super().__setitem__(cache_key, result)


class LayoutItem(NamedTuple):
    """One glyph of a text layout: the font, the index of the glyph, and its origin in pixels."""

    ft_object: Any
    glyph_index: int
    x: float
    y: float


class KerningPairs:
    """The kerning of pairs of plain characters in one font at one size, learned from layouts.

    A layout engine looks at whole texts, because of ligatures and joining scripts. In matplotlib's own fonts, a plain
    character or a ligature is moved by kerning with its neighbors only, so a new text can be laid out from pairs that
    occurred before.
    """

    def __init__(self) -> None:
        self._glyphs: dict[str, tuple[Any, int, float]] = {}
        self._steps: dict[tuple[str, str], float] = {}
        self.n_new_numbers = 0
        """The number of numbers with unknown pairs so far."""

    def layout(self, text: str) -> list[LayoutItem] | None:
        """Return the glyphs of a text of plain characters; None if one of its pairs is unknown."""
        units = _units_of(text)
        try:
            steps = [0.0, *map(self._steps.__getitem__, pairwise(units))]
            return [
                LayoutItem(font, index, x, y)
                for (font, index, y), x in zip(map(self._glyphs.__getitem__, units), accumulate(steps), strict=True)
            ]
        except KeyError:
            return None

    def learn(self, text: str, items: Sequence[Any]) -> None:
        """Learn the pairs of a text of plain characters from its layout.

        Parameters
        ----------
        text : str
            The text.
        items : sequence
            Its glyphs, as FreeType laid them out.
        """
        units = _units_of(text)
        if len(items) != len(units) or items[0].x:  # a font that does not join these characters
            return
        for unit, item in zip(units, items, strict=True):
            self._glyphs[unit] = item.ft_object, item.glyph_index, item.y
        for pair, (one, other) in zip(pairwise(units), pairwise(items), strict=True):
            self._steps[pair] = other.x - one.x


class GlyphCache:
    """Results of fonts: layouts of whole texts, which are many and long, and glyphs, which are few."""

    def __init__(self) -> None:
        self.texts, self.glyphs, self._upright = BoundedDict(500), BoundedDict(5000), BoundedDict(5000)
        self.fonts, self.heights, self._pairs = BoundedDict(100), BoundedDict(100), BoundedDict(100)

    def pairs(self, *cache_key: Hashable) -> KerningPairs:
        """Return the known pairs of a font at one size."""
        if cache_key not in self._pairs:
            self._pairs[cache_key] = KerningPairs()
        pairs: KerningPairs = self._pairs[cache_key]
        return pairs

    def upright(self, which: tuple[Any, float, float, int], offset: tuple[int, int], how: tuple[Any, Any]) -> Bitmap:
        """Return an unrotated glyph.

        Parameters
        ----------
        which : tuple
            The font, its size in points, the resolution in dots per inch, and the index of the glyph.
        offset : tuple of int
            The origin of the glyph, right and up, in 64ths of a pixel.
        how : tuple
            The load flags and the render mode, always the same.
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
    """A font at one size that caches results of FreeType and passes everything else on to the font.

    Parameters
    ----------
    font : FT2Font
        The font.
    glyph_cache : GlyphCache
        Keeps the results.
    size : tuple of float, optional
        The size in points and the resolution in dots per inch; without them the font is used as it is.
    """

    def __init__(self, font: Any, glyph_cache: GlyphCache, size: tuple[float, float] | None = None) -> None:
        self._font, self._glyph_cache, self._size = font, glyph_cache, size
        self.is_ready = size is None
        """Whether the font is known to have this size, unchanged by other users."""

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
                result = self._layout_of_pairs(text, flags)
            else:
                self._make_ready()
                result = self._font._layout(text, flags=flags, features=features, language=language)
            cached_results[cache_key] = result
        return cached_results[cache_key]

    def _layout_of_pairs(self, text: str, flags: Any) -> Any:
        pairs = self._glyph_cache.pairs(self._font, self._size, flags)
        result = pairs.layout(text)
        if result is None and not _DIGITS.isdisjoint(text):
            pairs.n_new_numbers += 1
            if pairs.n_new_numbers == _FEW_NUMBERS:
                self._make_ready()
                pairs.learn(_NUMBERS, self._font._layout(_NUMBERS, flags=flags, features=None, language=None))
                result = pairs.layout(text)
        if result is None:
            self._make_ready()
            result = self._font._layout(text, flags=flags, features=None, language=None)
            pairs.learn(text, result)
        return result

    def extent(self, text: str, flags: Any) -> tuple[float, float, float]:
        """Return the width, height and descent of a text, in pixels.

        Parameters
        ----------
        text : str
            The text.
        flags : LoadFlags
            The load flags, which include hinting.
        """
        cache_key = (self._font, self._size, text, flags)
        cached_results = self._glyph_cache.texts
        if cache_key not in cached_results:
            is_known = _has_plain_glyphs(text, self._font) and text[-1] not in _SPACES
            extent = self._extent_of_items if is_known else self._extent
            cached_results[cache_key] = tuple(part / _SUBPIXELS for part in extent(text, flags))
        result: tuple[float, float, float] = cached_results[cache_key]
        return result

    def _extent(self, text: str, flags: Any) -> tuple[int, int, int]:
        self._make_ready()
        self._font.set_text(text, 0.0, flags=flags)
        width, height = self._font.get_width_height()
        return width, height, self._font.get_descent()

    def _extent_of_items(self, text: str, flags: Any) -> tuple[int, int, int]:
        """Return what `FT2Font.set_text` measures, from the layout of a text and the boxes of its glyphs, in 64ths.

        The width is the end of the last glyph, the height that of the boxes of all glyphs.
        """
        items = self._layout(text, flags)
        bottoms, tops, ends = zip(*(self._box_of(item, flags) for item in items), strict=True)
        bottom = min(bottoms)
        return ends[-1], max(tops) - bottom, -bottom

    def heights(self) -> tuple[float | None, float | None, float | None]:
        """Return the ascent, descent and line gap of the font in pixels, as `Text` computes them; None if unknown."""
        size, dpi = self._size or (0.0, 0.0)
        for name, *keys in _HEIGHTS:
            if (table := self._font.get_sfnt_table(name)) is not None:
                scale = 1 / self._font.get_sfnt_table("head")["unitsPerEm"] * size * dpi / 72
                up, down, gap = (table[key] * scale for key in keys)
                return up, -down, gap
        return None, None, None

    def _box_of(self, item: Any, flags: Any) -> tuple[int, int, int]:
        """Return the bottom and top of a glyph of a text, and the origin of the next one, in 64ths of a pixel."""
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
        """Set the size, in points, and the resolution, in dots per inch, of the glyphs to render."""
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
        # The caller scales a bitmap without gray levels in place.
        return Bitmap(left + right, top + up, buffer if mode == mode.NORMAL else buffer.copy())


class TextMeasure:
    """Measures texts as Agg's renderer does, from the same caches as `CachingFont`.

    Parameters
    ----------
    dpi : float
        Resolution in dots per inch.
    """

    def __init__(self, dpi: float) -> None:
        self._renderer = RendererAgg(1, 1, dpi)  # type: ignore[no-untyped-call]
        self._glyph_cache = GlyphCache()

    def extent(self, text: str, properties: Any, *, is_math: bool) -> tuple[float, float, float]:
        """Return the width, height and descent of a text in pixels; hinting makes glyphs wider than their outlines."""
        if is_math or not text_layout_supported:
            width, height, descent = self._renderer.get_text_width_height_descent(text, properties, is_math)  # type: ignore[no-untyped-call]
            return float(width), float(height), float(descent)
        fonts, cache_key = self._glyph_cache.fonts, hash(properties)
        if cache_key not in fonts:
            size = properties.get_size_in_points(), self._renderer.dpi
            fonts[cache_key] = CachingFont(self._renderer._prepare_font(properties), self._glyph_cache, size)  # type: ignore[no-untyped-call]
        font: CachingFont = fonts[cache_key]
        font.is_ready = False
        return font.extent(text, get_hinting_flag())  # type: ignore[no-untyped-call]


def _rendered(font: Any, matrix: NDArray[np.int_], offset: list[int], index: int, how: tuple[Any, Any]) -> Bitmap:
    font._set_transform(matrix, offset)
    glyph = font._render_glyph(index, *how)
    return Bitmap(glyph.left, glyph.top, np.array(glyph.buffer))


def _is_plain(text: str, font: Any) -> bool:
    """Return whether a text can be laid out from pairs of its characters."""
    return _has_plain_glyphs(text, font) and "fff" not in text


def _units_of(text: str) -> Sequence[str]:
    """Return what is one glyph each: the characters, but for those that are joined.

    >>> _units_of("off"), _units_of("on")
    (['o', 'ff'], 'on')
    """
    return _UNITS.findall(text) if "f" in text else text


def _has_plain_glyphs(text: str, font: Any) -> bool:
    """Return whether the extent of a text is that of its glyphs."""
    return bool(text) and _PLAIN.issuperset(text) and _is_bundled(font)


@cache
def _is_bundled(font: Any) -> bool:
    """Return whether a font comes with matplotlib, so that neighbors affect each other by kerning only."""
    path = Path(font.fname)
    return path.name in _PLAIN_FONTS and path.parent == Path(mpl.get_data_path(), "fonts", "ttf")


def _hashable(value: Any) -> Hashable:
    return tuple(map(tuple, value)) if isinstance(value, list) else value
