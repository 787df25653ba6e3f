"""The lines of titles and captions: they shrink or are broken to fit, and a text that still has no room is refused."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Transform

from animate.draw.style import ResponsiveText, Style
from animate.errors import UsageError, shortened

LINE = 1.25
"""Height of a line of text, in font sizes."""


def fit_title(title: ResponsiveText, style: Style, room: float) -> tuple[str, float]:
    """Return a title in lines and its font size.

    Raises
    ------
    UsageError
        If it needs more than two lines in a wide picture, or three in others.
    """
    if style.is_tiny:
        return style.fit(title, style.title_px, room, bold=True), style.title_px
    if style.is_wide:
        lines, size = style.shrink(title, style.title_px, room, style.heading_px)
    else:
        lines, size = style.fit_lines(title, style.title_px, room, 2, bold=True), style.title_px
    _check(style, "title", lines, size, room, most=2 if style.is_wide else 3)
    return lines, size


def fit_captions(captions: Sequence[ResponsiveText], style: Style, room: float) -> list[str]:
    """Return captions in lines.

    Raises
    ------
    UsageError
        If one needs more than three lines in a wide picture, or five in others.
    """
    if style.is_tiny:
        return [style.fit(words, style.caption_px, room) for words in captions]
    usual, most = (1, 3) if style.is_wide else (3, 5)
    fitted = [style.fit_lines(words, style.caption_px, room, usual) for words in captions]
    for lines in fitted:
        _check(style, "caption", lines, style.caption_px, room, most=most)
    return fitted


def is_right_to_left(texts: Sequence[str]) -> bool:
    """Return whether most letters of texts belong to scripts that are written from right to left.

    >>> is_right_to_left(["\u05db\u05de\u05d4 \u05e6\u05e2\u05d3\u05d9\u05dd?"]), is_right_to_left(["How many?"])
    (True, False)
    """
    kinds = [unicodedata.bidirectional(letter) for text in texts for letter in text]
    return sum(kind in ("R", "AL") for kind in kinds) > kinds.count("L")


def height_below_first(texts: Sequence[str], size_px: float) -> float:
    """Return the height of the lines below the first one, in the text that has most."""
    return max(text.count("\n") for text in texts) * LINE * size_px


def _check(style: Style, name: str, text: str, size_px: float, room: float, *, most: int) -> None:
    lines, is_bold = text.split("\n"), name == "title"
    if len(lines) <= most and all(style.text_width(line, size_px, bold=is_bold) <= room for line in lines):
        return
    words = " ".join(lines)
    width = style.text_width(words, size_px, bold=is_bold)
    raise UsageError(
        f"{name} must have room in {most} lines; {shortened(words)!r} is {width:.0f} px wide, and at "
        f"{style.width}x{style.height} a line has {max(room, 0.0):.0f} px. Shorten it, or use a larger size."
    )


def place_text(
    figure: Figure,
    style: Style,
    pixels: Transform,
    at: tuple[float, float],
    text: str,
    size_px: float,
    role: str,
    *,
    bold: bool = False,
    right: bool = False,
    below: bool = False,
) -> Text:
    """Return a new text on a figure, at a place that ``pixels`` transforms: left of it, right of it, or below it."""
    return figure.text(
        *at,
        text,
        transform=pixels,
        fontproperties=style.font(size_px, bold=bold),
        color=style.theme.color(role),
        ha="right" if right else "left",
        va="top" if below else "baseline",
        linespacing=LINE,
    )
