"""The errors a user of animate can meet: each says what is wrong, and how to put it right where that is known."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class AnimateError(Exception):
    """A failure that is reported in one line; the command exits with 1."""


class UsageError(AnimateError):
    """A wrong name, option or value; the command exits with 2."""


class DataError(AnimateError):
    """Data that cannot be read, or on which a lesson cannot work."""


class SeparableError(DataError):
    """Classes that a line or plane separates, so that their loss has no finite optimum."""


class SceneError(AnimateError):
    """A scene script that cannot be loaded or built; names its file and line."""


class EncodeError(AnimateError):
    """A file that could not be encoded or written."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return `` Did you mean 'x'?``, or an empty text where no known name is close.

    >>> did_you_mean("learning_rat", ["learning_rate", "seed"])
    " Did you mean 'learning_rate'?"
    >>> did_you_mean("zzz", ["learning_rate", "seed"])
    ''
    """
    matches = get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f" Did you mean {matches[0]!r}?" if matches else ""
