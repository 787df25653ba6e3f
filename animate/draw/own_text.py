"""Texts that users give in place of those of a scene: checked, and drawn letter for letter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from animate.errors import UsageError, shortened

_VALUE = re.compile(r"\{[A-Za-z_]\w*(?::[^{}]*)?\}")
_TWICE = re.compile(r"\{\{|\}\}")


def own_text(name: str, text: Any) -> str:
    r"""Return a title or a caption of one's own as it is drawn: a dollar is a dollar, and begins no formula.

    Parameters
    ----------
    name : str
        Begins the message: what the text is.
    text : str

    Raises
    ------
    UsageError
        If it is no text of one line, or names a value in braces, which nothing would fill.

    >>> own_text("title", "From $5 to $10")
    'From \\$5 to \\$10'
    """
    check_one_line(name, text)
    if (value := _VALUE.search(_TWICE.sub("", text))) is not None:
        raise UsageError(
            f"{name} must be the words as they are drawn, without values in braces; got {value[0]} in "
            f"{shortened(text)!r}. Braces to be drawn are written twice, as in {{{value[0]}}}. To keep the values of a "
            "lesson, translate its sentence in [scene.NAME.text.words]."
        )
    return literal(_TWICE.sub(lambda braces: braces[0][0], text))


def own_captions(caption: str | Mapping[Any, str]) -> str | dict[int, str]:
    """Return one caption for all, or captions by number, as they are drawn."""
    if isinstance(caption, Mapping):
        return {_number(number): own_text(f"caption {number}", text) for number, text in caption.items()}
    return own_text("caption", caption)


def _number(number: Any) -> int:
    if not re.fullmatch(r"\d{1,6}", str(number)):
        raise UsageError(f"the number of a caption must be a whole number from 1; got {shortened(str(number))!r}.")
    return int(number)


def check_one_line(name: str, text: Any) -> None:
    """Raise UsageError if a value is no text, or has a line break or another control character."""
    if not isinstance(text, str):
        raise UsageError(f"{name} must be a text; got {text!r}.")
    if any(unicodedata.category(one) == "Cs" for one in text):
        raise UsageError(
            f"{name} must be a text in UTF-8; got {shortened(text)!r}, which has another encoding. If it comes from a "
            "file, save that as UTF-8."
        )
    wrong = next((one for one in text if unicodedata.category(one) in ("Cc", "Zl", "Zp")), "")
    if wrong:
        raise UsageError(
            f"{name} must be one line, without control characters; got {wrong!r} in {shortened(text)!r}. Long texts "
            "are broken into lines where they are drawn."
        )


def literal(text: str) -> str:
    """Return a text in which matplotlib finds no formula."""
    return text.replace("$", r"\$")


def without_escapes(text: str) -> str:
    """Return a text as a reader sees it, where no figure draws it: in a page, captions or a manifest."""
    return text.replace(r"\$", "$")
