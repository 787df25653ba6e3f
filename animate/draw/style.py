"""Theme and size together: every length and font size in pixels, at the size of the output."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from matplotlib.cbook import is_math_text
from matplotlib.font_manager import FontProperties

from animate.draw.fonts import check_glyphs, families, has_bold
from animate.draw.formatting import unit_of
from animate.draw.language import Alternatives, translated
from animate.draw.own_text import without_escapes
from animate.draw.settings import PHONE_PX, Settings
from animate.draw.theme import Theme
from animate.draw.theme_file import find_theme
from animate.replay.text_cache import TextMeasure

DPI = 72
"""Figures have 72 dpi: one point is one pixel, so every length is in pixels."""

MIN_TEXT_PX = 11.0
_SMALL, _FULL = 0.375, 1.0

WIDE = 1.2
"""Least ratio of width to height of a wide picture."""
_PHONE_SHARE = 0.25

_WORD = re.compile(r"([ \t]*)((?:(?<!\\)\$[^$]*\$|[^ \t])+(?: %)?)")  # other spaces do not break a line
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"  # characters of scripts without spaces
_CLOSING = "、。，．・：；？！）」』】〉》〕ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ"  # none begins a line
_OPENING = "（「『【〈《〔"  # none ends a line
_BREAK = re.compile(rf"(?:(?<=[{_WIDE}])|(?<=\S)(?=[{_WIDE}]))(?<![{_OPENING}])(?![{_CLOSING}])")

ResponsiveText = Alternatives
"""A text, or alternatives from the longest to the shortest: the first that fits its place is drawn."""

Length = float | tuple[float, float]
"""Pixels at 1280x720, or those and the least that a small picture keeps."""


@cache
def _text_measure() -> TextMeasure:
    return TextMeasure(DPI)


def font(size_px: float, *, bold: bool = False, name: str = "") -> FontProperties:
    """Return a font at a size in pixels; that of all pictures unless a ``name`` is given."""
    weight = "bold" if bold and (not name or has_bold(name)) else "normal"
    return FontProperties(family=families(name), size=size_px, weight=weight)


def ink_extent(text: str, properties: FontProperties) -> tuple[float, float]:
    """Return the height of the letters of one line above the baseline and their depth below, in pixels."""
    is_math = is_math_text(text)
    text = text if is_math else without_escapes(text)
    _, height, below = _text_measure().extent(text, properties, is_math=is_math)
    return height - below, below


@lru_cache(4096)  # the same few words are measured for every scene and every alternative
def _extent(text: str, size_px: float, bold: bool, name: str) -> tuple[float, float, float]:
    check_glyphs(text, name)
    is_math = is_math_text(text)
    text = text if is_math else without_escapes(text)
    width, height, below = _text_measure().extent(text, font(size_px, bold=bold, name=name), is_math=is_math)
    return width, height - below, below


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yield the pieces that a line cannot be broken in, each with the space before it."""
    for space, word in _WORD.findall(text):
        pieces = [piece for piece in _BREAK.split(word) if piece]
        yield " " if space else "", pieces[0]
        yield from (("", piece) for piece in pieces[1:])


@dataclass(frozen=True)
class Style:
    """Lengths, font sizes and colors in a picture of one size and theme.

    Lengths are given for 1280x720 and scaled from there. Text shrinks more slowly than the picture, and never
    below 11 px: a small picture has fewer words, not smaller ones.

    Parameters
    ----------
    settings : Settings
        Size and theme of the output.
    counter : str
        What the scene counts, which names the axes of updates.
    """

    settings: Settings
    counter: str = "update"

    @cached_property
    def theme(self) -> Theme:
        """Return the colors."""
        return find_theme(self.settings.theme)

    @property
    def width(self) -> int:
        """Return the width in pixels."""
        return self.settings.width

    @property
    def height(self) -> int:
        """Return the height in pixels."""
        return self.settings.height

    @property
    def is_wide(self) -> bool:
        """Return whether the picture is wide; a tall or square one is meant for a phone."""
        return self.width >= WIDE * self.height

    @property
    def is_tiny(self) -> bool:
        """Return whether the picture is wide and has no room for a second line of title or caption."""
        return self.is_wide and self.scale < _SMALL

    @property
    def density(self) -> float:
        """Return the pixels of the picture per pixel of the screen that it is meant for."""
        return 1.0 if self.is_wide else max(1.0, self.width / PHONE_PX)

    @property
    def scale(self) -> float:
        """Return the size relative to 1280x720."""
        return min(self.width / 1280, self.height / 720) if self.is_wide else 0.5 * self.density

    @property
    def compact(self) -> bool:
        """Return whether the picture is small, or square on a phone, and leaves out secondary labels."""
        return self.scale < 0.5 or (not self.is_wide and self.height < 1.3 * self.width)

    def px(self, pixels: float, least: float = 0.0) -> float:
        """Return a length given for 1280x720 at this size, at least ``least`` pixels."""
        return max(pixels * max(self.scale, 0.45), least * self.density)

    def length(self, length: Length) -> float:
        """Return a length in pixels at this size."""
        return self.px(*length) if isinstance(length, tuple) else self.px(length)

    def between(self, small: float, full: float) -> float:
        """Return a length that is ``small`` at 480x270, ``full`` at 1280x720, and grows with larger pictures."""
        if not self.is_wide:
            share = 0.0 if self.compact else _PHONE_SHARE  # of a square picture, everything is at its least
            return (small + share * (full - small)) * self.density
        if self.scale >= _FULL:
            return full * self.scale
        share = max(0.0, (self.scale - _SMALL) / (_FULL - _SMALL))
        return small + (full - small) * share

    @cached_property
    def title_px(self) -> float:
        """Return the font size of the title."""
        return self.between(15.5, 28.0)

    @cached_property
    def caption_px(self) -> float:
        """Return the font size of the caption."""
        return self.between(MIN_TEXT_PX, 17.0)

    @cached_property
    def heading_px(self) -> float:
        """Return the font size of panel titles."""
        return self.between(12.0, 19.0)

    @cached_property
    def readout_px(self) -> float:
        """Return the font size of readouts."""
        return self.between(MIN_TEXT_PX, 17.0)

    @cached_property
    def label_px(self) -> float:
        """Return the font size of ticks and labels, the smallest."""
        return self.between(MIN_TEXT_PX, 15.0)

    @cached_property
    def name_px(self) -> float:
        """Return the font size of names inside a panel, such as those of classes."""
        return max(0.9 * self.heading_px, self.label_px)

    @cached_property
    def symbol_px(self) -> float:
        """Return the font size of symbols in a formula, large enough that an index is not under the smallest text."""
        return max(16.0, 1.3 * self.heading_px)

    def font_px(self, size: str) -> float:
        """Return the font size of that name in pixels, as a text or a formula names it."""
        return {
            "label": self.label_px,
            "readout": self.readout_px,
            "name": self.name_px,
            "heading": self.heading_px,
            "symbol": self.symbol_px,
        }[size]

    @cached_property
    def line_px(self) -> float:
        """Return the width of a main line."""
        return self.px(3.4, least=1.7)

    @cached_property
    def thin_px(self) -> float:
        """Return the width of an auxiliary line."""
        return self.px(1.6, least=0.9)

    def font(self, size_px: float, *, bold: bool = False) -> FontProperties:
        """Return the font at a size in pixels."""
        return font(size_px, bold=bold, name=self.family(bold=bold))

    def family(self, *, bold: bool = False) -> str:
        """Return the family of texts in the theme; "" for that of all pictures."""
        return (bold and self.theme.bold_font) or self.theme.font

    def text_width(self, text: str, size_px: float, *, bold: bool = False) -> float:
        """Return the width of a text in pixels."""
        return self.text_extent(text, size_px, bold=bold)[0]

    def text_extent(self, text: str, size_px: float, *, bold: bool = False) -> tuple[float, float, float]:
        """Return the width of a text, its height above the baseline and its depth below, in pixels."""
        return _extent(text, size_px, bold, self.family(bold=bold)) if text else (0.0, 0.0, 0.0)

    def pick(self, words: ResponsiveText) -> str:
        """Return the first of the alternatives, or the last in a small picture, in the current language."""
        words = translated(words)
        return words if isinstance(words, str) else words[-1 if self.compact else 0]

    @staticmethod
    def alternatives(words: ResponsiveText) -> tuple[str, ...]:
        """Return the alternatives of a text, from the longest to the shortest, in the current language."""
        words = translated(words)
        return (words,) if isinstance(words, str) else words

    def fit(self, words: ResponsiveText, size_px: float, width_px: float, *, bold: bool = False) -> str:
        """Return the first of the alternatives that is not wider than ``width_px``, or else the last."""
        alternatives = self.alternatives(words)
        for text in alternatives:
            if self.text_width(text, size_px, bold=bold) <= width_px:
                return text
        return alternatives[-1]

    def cut(self, text: str, size_px: float, width_px: float, *, bold: bool = False) -> str:
        """Return a text, shortened with an ellipsis where it is wider than ``width_px``; formulas are not cut."""
        if not text or self.text_width(text, size_px, bold=bold) <= width_px or is_math_text(text):
            return text
        shorter = (f"{text[:n].rstrip()}…" for n in range(len(text) - 1, 0, -1))
        fits = (one for one in shorter if self.text_width(one, size_px, bold=bold) <= width_px)
        return next(fits, f"{text[:1]}…")

    def axis_name(self, text: str, width_px: float) -> str:
        """Return the name of an axis, shortened where it is wider than ``width_px``; its unit stays if it has room."""
        unit = unit_of(text)
        shortest = f" ({unit})"
        if not unit or self.text_width(text, self.label_px) <= width_px:
            return self.cut(text, self.label_px, width_px)
        name = text.removesuffix(shortest)
        room = width_px - self.text_width(shortest, self.label_px)
        if room > self.text_width(f"{name[:3]}\u2026", self.label_px):
            return self.cut(name, self.label_px, room) + shortest
        return unit if self.text_width(unit, self.label_px) <= width_px else self.cut(text, self.label_px, width_px)

    def fit_lines(
        self, words: ResponsiveText, size_px: float, width_px: float, n_lines: int, *, bold: bool = False
    ) -> str:
        """Return the first of the alternatives that takes at most ``n_lines`` lines, or else the last, in lines."""
        *alternatives, last = self.alternatives(words)
        for text in alternatives:
            # measuring the pieces takes long: do without where the text takes more than the one line there is
            if n_lines == 1 and len([*_pieces(text)]) > 1 and self.text_width(text, size_px, bold=bold) > width_px:
                continue
            wrapped = self.wrap(text, size_px, width_px, bold=bold)
            if wrapped.count("\n") < n_lines:
                return wrapped
        return self.wrap(last, size_px, width_px, bold=bold)

    def wrap(self, text: str, size_px: float, width_px: float, *, bold: bool = False) -> str:
        """Return a text in lines no wider than ``width_px`` where it can be; formulas are not broken."""
        if self.text_width(text, size_px, bold=bold) <= width_px:
            return text
        lines: list[str] = []
        for space, piece in _pieces(text):
            longer = f"{lines[-1]}{space}{piece}" if lines else piece
            if lines and self.text_width(longer, size_px, bold=bold) <= width_px:
                lines[-1] = longer
            else:
                lines.append(piece)
        return "\n".join(lines)

    def shrink(self, words: ResponsiveText, size_px: float, width_px: float, least_px: float) -> tuple[str, float]:
        """Return a bold text and its size: the first of the alternatives that fits, or else the last.

        That shrinks to ``least_px``; if it is still wider then, it is broken into lines.
        """
        text = self.fit(words, size_px, width_px, bold=True)
        wanted = self.text_width(text, size_px, bold=True)
        if wanted <= width_px:
            return text, size_px
        size = max(0.99 * size_px * width_px / wanted, least_px)
        return self.wrap(text, size, width_px, bold=True), size
