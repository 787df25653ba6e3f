"""Texts with named values in braces, filled in the current language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from string import Formatter
from typing import Any, overload

import numpy as np

from animate.draw.formatting import formatted
from animate.draw.language import Alternatives, current_language
from animate.draw.own_text import check_one_line, literal
from animate.errors import UsageError, did_you_mean, shortened


class _Template(Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        return formatted(value, format_spec)

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        if isinstance(key, str) and key not in kwargs:
            raise ValueError(f"a text must name given values; got {{{key}}}.{did_you_mean(key, kwargs)}")
        return super().get_value(key, args, kwargs)


_TEMPLATE = _Template()
_SECOND_POINT = re.compile(r"(?<=[a-z]\.)\.(?!\.)")
"""After an abbreviation, such as that of a million in German, whose point ends the sentence as well."""


@overload
def say(text: str, /, *shorter: str, when: object, **values: object) -> Any: ...
@overload
def say(text: str, /, **values: object) -> str: ...
@overload
def say(text: str, short: str, /, *shorter: str, **values: object) -> tuple[str, ...]: ...
def say(text: str, /, *shorter: str, when: object = True, **values: object) -> Alternatives | None:
    """Return a text with its numbers, or None if its condition does not hold.

    Parameters
    ----------
    text : str
        The words, with a name in braces where a value goes. ``{loss}`` shows three significant digits, ``{loss:5}``
        five, ``{loss:.2}`` two decimals, ``{rate:g}`` up to four without zeros at the end, ``{right:%}`` percent,
        ``{w:(.2)}`` a negative number in parentheses, as a factor is written, and ``{w[0]}`` the first of several.
        Whole numbers have thin spaces between thousands; a list is joined with commas. ``{n:update|updates}`` shows
        the number and a word: the first if ``n`` is 1, else the second.
    *shorter : str
        The same in fewer words, for smaller pictures.
    when : bool, int or None
        The condition. False and None say nothing. A whole number is the update from which a claim holds, as the
        functions of `animate.claims` return it; the text may name it ``{when}``.
    **values
        The values that the text names.

    Returns
    -------
    str, tuple of str or None
        One text, or the alternatives from the longest to the shortest.

    Raises
    ------
    ValueError
        If the text names a value that is not given.

    Examples
    --------
    >>> say("After {when} updates the loss is {loss}.", when=1200, loss=0.00031)
    'After 1\u202f200 updates the loss is 3.10×10⁻⁴.'
    >>> say("In {n:update|updates}.", n=1)
    'In 1 update.'
    >>> say("It has settled.", when=False) or say("It has not settled.")
    'It has not settled.'
    """
    if when is None or (isinstance(when, bool | np.bool_) and not when):
        return None
    language = current_language()
    templates = language.alternatives((text, *shorter))
    filled = (_TEMPLATE.vformat(one, (), {"when": when, **values}) for one in templates)
    texts = tuple(_SECOND_POINT.sub("", one) for one in filled)
    return texts if shorter else texts[0]


def sentences(*texts: Alternatives | None) -> str:
    """Return those of the texts that are said, in full, as one text.

    >>> sentences("Two runs.", say("Both settle.", when=False), "The loss is 2.")
    'Two runs. The loss is 2.'
    """
    return " ".join(text if isinstance(text, str) else text[0] for text in texts if text)


def checked_translation(english: str, translation: Any, where: str) -> str:
    """Return a translation as it is drawn: a dollar begins a formula only if the English text has formulas.

    Parameters
    ----------
    english, translation : str
    where : str
        Begins the message: the file, and the entry in it.

    Raises
    ------
    UsageError
        If it is no text of one line, or does not name the same values as the English text.
    """
    check_one_line(where, translation)
    wanted, found = _named_values(english), _named_values(translation, where)
    for name in found:
        if name not in wanted:
            known = ", ".join(f"{{{one}}}" for one in wanted) or "none"
            hint = did_you_mean(name, wanted)
            raise UsageError(f"{where} must name the values of the English text, {known}; got {{{name}}}.{hint}")
    for name in wanted:
        if name not in found:
            raise UsageError(f"{where} must name every value of the English text; {{{name}}} is missing.")
    return translation if "$" in english else literal(translation)


def _named_values(text: str, where: str = "") -> list[str]:
    """Return the names in braces of a text, in order; raise UsageError if the braces cannot be read."""
    try:
        fields = [(name, form) for _, name, form, _ in Formatter().parse(text) if name is not None]
    except ValueError:
        if not where:  # an English text without values, such as a formula in braces
            return []
        raise UsageError(
            f"{where} must have a name in each pair of braces, such as {{n}} or {{loss:.2}}; got {shortened(text)!r}. "
            "A brace to be drawn is written twice."
        ) from None
    for name, form in fields:
        try:
            formatted(1.5, form or "")
        except ValueError as error:
            if not where:
                return []
            raise UsageError(f"{where}: {{{name}}}: {error}.") from None
    return list(dict.fromkeys(name for name, _ in fields))
