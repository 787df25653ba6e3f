"""Font files, and the characters for which they have glyphs."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from pathlib import Path

import matplotlib as mpl
from matplotlib.cbook import is_math_text
from matplotlib.font_manager import FontProperties, findfont, fontManager
from matplotlib.ft2font import FT2Font

from animate.errors import UsageError

FONT = "DejaVu Sans"
"""The font of all pictures; it comes with matplotlib. Characters that another font lacks are drawn in it."""

CAN_SHAPE = mpl.__version_info__ >= (3, 11)
"""Whether matplotlib joins and orders the letters of scripts such as Arabic and Devanagari."""
_JOINED = {
    *("BENGALI", "DEVANAGARI", "GUJARATI", "GURMUKHI", "KANNADA", "KHMER", "LAO", "MALAYALAM", "MYANMAR", "ORIYA"),
    *("SINHALA", "TAMIL", "TELUGU", "THAI", "TIBETAN"),
}


@cache
def family_of(path: Path, name: str = "font") -> str:
    """Return the name of the font in a file, which can be used from now on.

    Parameters
    ----------
    path : Path
    name : str
        Begins messages: the key that names the file, and its place.

    Raises
    ------
    UsageError
        If there is no such file, or it is no font.
    """
    if not path.is_file():
        found = "is a folder" if path.is_dir() else "does not exist"
        raise UsageError(f"{name} must be a file; {str(path)!r} {found}.")
    try:
        fontManager.addfont(path)
    except (OSError, RuntimeError):
        raise UsageError(f"{name} must be a TrueType or OpenType file; got {str(path)!r}.") from None
    return fontManager.ttflist[-1].name


def families(font: str) -> list[str]:
    """Return the families in which a text is drawn, the first that has a glyph for each character."""
    return [font, FONT] if font else [FONT]


@cache
def has_bold(font: str) -> bool:
    """Return whether a bold face of a family is known."""
    return any(face.name == font and face.weight in ("bold", "heavy", "semibold", 600, 700, 800, 900)
               for face in fontManager.ttflist)  # fmt: skip


@cache
def _characters(family: str) -> frozenset[int]:
    file = findfont(FontProperties(family=family), fallback_to_default=False)
    return frozenset(FT2Font(file).get_charmap())


@lru_cache(4096)  # the words of a scene are checked again whenever a parameter changes
def check_glyphs(text: str, font: str = "") -> None:
    """Raise UsageError if a character of a text has no glyph, and name a font on this machine that has it.

    Parameters
    ----------
    text : str
        Formulas between dollars are not checked.
    font : str
        The family, beside `FONT`.
    """
    plain = "".join(text.split("$")[::2]) if is_math_text(text) else text
    _check_shaping(plain)
    known = frozenset[int]().union(*(_characters(family) for family in families(font)))
    for character in plain:
        if ord(character) not in known and not character.isspace():
            names = " and ".join(families(font))
            raise UsageError(
                f"the font must have a glyph for every character; {names} has none for {character!r} "
                f"(U+{ord(character):04X}) in {text!r}. {_advice(ord(character))}"
            )


def _check_shaping(text: str) -> None:
    """Raise UsageError for a script whose letters change with their neighbors, if this matplotlib sets one by one."""
    if CAN_SHAPE:
        return
    for character in text:
        is_from_right = unicodedata.bidirectional(character) in ("R", "AL")
        script = unicodedata.name(character, "").partition(" ")[0]
        if is_from_right or script in _JOINED:
            raise UsageError(
                f"matplotlib {mpl.__version__} cannot shape {script.capitalize()} text, such as {character!r} in "
                f"{text!r}: letters would stand apart or in reverse. Use matplotlib 3.11 or newer."
            )


def _advice(code: int) -> str:
    for font in fontManager.ttflist:
        if "Last Resort" in font.name:  # a picture of a box for every character there is
            continue
        try:
            has_glyph = code in FT2Font(font.fname).get_charmap()
        except (OSError, RuntimeError):  # a file that was removed, or that FreeType does not read
            continue
        if has_glyph:
            return f"{font.name} has it: give its file as the font of a theme, font = {font.fname!r}."
    return "No font on this machine has it: download one, such as Noto Sans, and name its file as the font of a theme."
