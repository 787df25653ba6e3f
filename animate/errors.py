"""The errors that animate reports to its users, and helpers for one-line messages.

A message has the form "*name* must be *constraint*; got *value*", followed by the remedy where it is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path


class AnimateError(Exception):
    """Base of all reported failures; the command prints one line and exits with 1."""


class UsageError(AnimateError):
    """A wrong name, option or value; the command exits with 2."""


class TranslationError(UsageError):
    """A translation that cannot be drawn; names its file and entry."""


class DataError(AnimateError):
    """Data that cannot be read, or that a lesson cannot use."""


class DataNote(UserWarning):
    """How data were read where it is not obvious: rows left out, or a number that could mean two."""


class SeparableError(DataError):
    """Linearly separable classes, for which the loss has no finite minimum."""


class SceneError(AnimateError):
    """A scene script that cannot be loaded or built; names its file and line."""


class EncodeError(AnimateError):
    """A file that could not be encoded or written."""


MOST_NAMES, MOST_CHARACTERS = 12, 80
"""Limits on how much of the input an error message repeats."""


def described(error: BaseException) -> str:
    """Return the class and the message of an exception, or its class alone if it has no message.

    >>> described(ValueError("too many")), described(KeyboardInterrupt())
    ('ValueError: too many', 'KeyboardInterrupt')
    """
    try:
        text = str(error)
    except Exception:  # noqa: BLE001 - the exception class may come from a scene
        text = ""
    kind = type(error).__name__
    return f"{kind}: {text}" if text else kind


def one_line(text: str) -> str:
    r"""Return *text* with line breaks replaced by spaces.

    >>> one_line("no such file:\n  a.csv")
    'no such file: a.csv'
    """
    return " ".join(text.split())


def warning_line(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    line: str | None = None,  # noqa: ARG001
) -> str:
    r"""Return a warning as one line; a replacement for `warnings.formatwarning`.

    File and line are shown only if the warning comes from a user's file; a note names its own.

    >>> warning_line("too many points", UserWarning, "scenes/mine.py", 7)
    'warning: scenes/mine.py:7: too many points\n'
    """
    path = Path(filename)
    kind = "note" if issubclass(category, DataNote) else "warning"
    is_ours = kind == "note" or path.is_relative_to(Path(__file__).parent) or "site-packages" in path.parts
    return f"{kind}: {one_line(str(message) if is_ours else f'{filename}:{lineno}: {message}')}\n"


def listed(names: Sequence[str]) -> str:
    """Return names separated by commas; of a long list, only the first names and the number of others.

    >>> listed(["x", "y"]), listed([f"c{index}" for index in range(100)])
    ('x, y', 'c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11 and 88 others')
    """
    shown = ", ".join(map(shortened, names[:MOST_NAMES]))
    return shown if len(names) <= MOST_NAMES else f"{shown} and {len(names) - MOST_NAMES} others"


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number and its noun; the plural is the noun with an s if not given.

    >>> counted(1, "row"), counted(2, "row"), counted(0, "scene is", "scenes are")
    ('1 row', '2 rows', '0 scenes are')
    """
    return f"{number} {noun if number == 1 else plural or f'{noun}s'}"


def shortened(text: str) -> str:
    """Return *text*, cut after 80 characters.

    >>> shortened("short"), shortened("9" * 5000)[-8:]
    ('short', '9999 ...')
    """
    return text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]} ..."


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return `` Did you mean 'x'?`` for the nearest other name that is known, or an empty string if none is close.

    >>> did_you_mean("learning_rat", ["learning_rate", "seed"])
    " Did you mean 'learning_rate'?"
    >>> did_you_mean("seed", ["anscombe", "seed"])
    ''
    """
    names = [one for one in known if one != name]
    alike = [one for one in names if one.casefold() == name.casefold()]
    near = [one for one in names if len(one) <= 3 * len(name) <= 9 * len(one)]  # others need not be compared
    matches = alike or get_close_matches(name, near, n=1, cutoff=0.6)
    return f" Did you mean {matches[0]!r}?" if matches else ""
