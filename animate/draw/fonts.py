"""Font files, and the characters for which they have glyphs."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

import matplotlib as mpl
from matplotlib.cbook import is_math_text
from matplotlib.font_manager import FontEntry, FontProperties, findfont, fontManager, ttfFontProperty, weight_dict
from matplotlib.ft2font import FT2Font

from animate.draw.language import current_language
from animate.errors import TranslationError, UsageError

FONT = "DejaVu Sans"
"""The font of all pictures; it comes with matplotlib. Characters that another font lacks are drawn in it."""

CAN_SHAPE = mpl.__version_info__ >= (3, 11)
"""Whether matplotlib joins and orders the letters of scripts such as Arabic and Devanagari."""
_JOINED = {
    *("BENGALI", "DEVANAGARI", "GUJARATI", "GURMUKHI", "KANNADA", "KHMER", "LAO", "MALAYALAM", "MYANMAR", "ORIYA"),
    *("SINHALA", "TAMIL", "TELUGU", "THAI", "TIBETAN"),
}
_EAST_ASIAN = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC", "FULLWIDTH", "HALFWIDTH", "KANGXI")
_EMOJI = (range(0x2600, 0x27C0), range(0x1F1E6, 0x1F200), range(0x1F300, 0x1F700), range(0x1F900, 0x1FB00))


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
    known = len(fontManager.ttflist)
    try:
        fontManager.addfont(path)
    except (OSError, RuntimeError):
        raise UsageError(f"{name} must be a TrueType or OpenType file; got {str(path)!r}.") from None
    return fontManager.ttflist[known].name  # of a collection the first font, which the file is named after


def families(font: str) -> list[str]:
    """Return the families in which a text is drawn, the first that has a glyph for each character."""
    return [font, FONT] if font else [FONT]


def bold_beside(path: Path, family: str) -> Path | None:
    """Return the file of the bold face of a family that lies beside another file of it, or None.

    Only files with a weight in their name are opened.
    """
    names = (file for file in sorted(path.parent.iterdir()) if file.suffix.lower() in (".ttf", ".otf", ".ttc"))
    for file in names:
        if file == path or not re.search("bold|heavy|black", file.stem, re.IGNORECASE):
            continue
        try:
            face = ttfFontProperty(FT2Font(str(file)))  # a path only from matplotlib 3.11 on
        except (OSError, RuntimeError):  # no font
            continue
        if (face.name, face.style) == (family, "normal") and _weight(face) >= weight_dict["semibold"]:
            return file
    return None


@cache
def has_bold(font: str) -> bool:
    """Return whether a bold face of a family is known."""
    return any(face.name == font and face.weight in ("bold", "heavy", "semibold", 600, 700, 800, 900)
               for face in fontManager.ttflist)  # fmt: skip


@cache
def _characters(family: str) -> frozenset[int]:
    file = findfont(FontProperties(family=family), fallback_to_default=False)
    return frozenset(FT2Font(file).get_charmap())


@cache
def _known_characters(font: str) -> frozenset[int]:
    return frozenset[int]().union(*(_characters(family) for family in families(font)))


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
    known = _known_characters(font)
    for character in plain:
        if ord(character) not in known and not character.isspace():
            names = " and ".join(families(font))
            message = (
                f"the font must have a glyph for every character; {names} has none for {character!r} "
                f"(U+{ord(character):04X}) in {text!r}. {_advice(character)}"
            )
            if source := current_language().source_of(character, text):
                raise TranslationError(f"{source}: {message}")
            raise UsageError(message)


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


def _advice(character: str) -> str:
    for font in sorted(fontManager.ttflist, key=_distance_from_regular):
        if "Last Resort" in font.name:  # a picture of a box for every character there is
            continue
        try:
            has_glyph = ord(character) in FT2Font(font.fname).get_charmap()
        except (OSError, RuntimeError):  # a file that was removed, or that FreeType does not read
            continue
        if has_glyph:
            return f"{font.name} has it: give its file as the font of a theme, font = {font.fname!r}."
    name = _family_with(character)
    return f"No font on this machine has it: download one, such as {name}, and name its file as the font of a theme."


def _distance_from_regular(font: FontEntry) -> tuple[bool, int]:
    """Return whether a face is slanted, and how much bolder or lighter than a regular one it is."""
    return font.style != "normal", abs(_weight(font) - weight_dict["regular"])


def _weight(font: FontEntry) -> int:
    return weight_dict.get(font.weight, weight_dict["regular"]) if isinstance(font.weight, str) else int(font.weight)


def _family_with(character: str) -> str:
    """Return a family to download that has the glyphs of the script of a character."""
    if unicodedata.name(character, "").startswith(_EAST_ASIAN):
        return "Noto Sans CJK"
    return "Noto Emoji" if any(ord(character) in block for block in _EMOJI) else "Noto Sans"
