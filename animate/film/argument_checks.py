"""Checks of the arguments of the writer: each raises UsageError with one line that names the argument and the fix."""

from __future__ import annotations

import math
import numbers
import os
import reprlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from animate.errors import UsageError

LONGEST_SECONDS = 3600.0
"""The longest that one frame may stay: a longer time is a mistake, such as milliseconds, and would fill the disk."""

MAX_BITRATE = 1e6
"""Kilobits per second; encoders take no number that is far above."""


def check_number(
    name: str, value: Any, what: str, *, least: float, most: float, kind: type = numbers.Real, fix: str = ""
) -> None:
    """Raise UsageError if *value* is not a number of a kind from *least* to *most*; *what* says what it must be."""
    is_number = isinstance(value, kind) and not isinstance(value, bool)
    if not (is_number and least <= value <= most):  # also true for nan
        raise UsageError(f"{name} must be {what}; got {reprlib.repr(value)}" + (f"; {fix}" if fix else ""))


def check_seconds(name: str, value: Any) -> None:
    """Raise UsageError if *value* is not a number of seconds that a frame can stay."""
    check_number(
        name, value, f"a number of seconds, 0 or more and at most {LONGEST_SECONDS:g}", least=0, most=LONGEST_SECONDS
    )


def check_text(name: str, value: Any) -> None:
    """Raise UsageError if *value* is not text, or holds what no file can: a null character or a lone surrogate."""
    if not isinstance(value, str) or "\0" in value or _is_unwritable(value):
        raise UsageError(f"{name} must be text without null characters and lone surrogates; got {reprlib.repr(value)}")


def _is_unwritable(text: str, encode: Callable[[str], object] = str.encode) -> bool:
    """Return whether a text holds characters that have no encoding, such as half of a surrogate pair."""
    try:
        encode(text)
    except UnicodeEncodeError:
        return True
    return False


def check_callable(name: str, value: Any) -> None:
    """Raise UsageError if *value* is neither a function nor None."""
    if value is not None and not callable(value):
        raise UsageError(f"{name} must be a function; got {reprlib.repr(value)}")


def check_dpi(dpi: Any) -> None:
    """Raise UsageError if *dpi* is not a positive finite number."""
    check_number(
        "dpi", dpi, "a positive number of dots per inch", least=math.ulp(0), most=math.nextafter(math.inf, 0)
    )


def checked_extra_args(extra_args: Sequence[Any] | None) -> tuple[str, ...] | None:
    """Return arguments for ffmpeg as texts.

    Raises
    ------
    UsageError
        If they are one text instead of a sequence, or one of them is neither text, a number nor a path.
    """
    if extra_args is None:
        return None
    example = 'a list of arguments, such as ["-crf", "20"]'
    if isinstance(extra_args, str | bytes | Mapping) or not isinstance(extra_args, Iterable):
        raise UsageError(f"extra_args must be {example}; got {type(extra_args).__name__} {reprlib.repr(extra_args)}")
    extra_args = list(extra_args)
    for argument in extra_args:
        if not isinstance(argument, str | numbers.Real | os.PathLike) or "\0" in str(argument):
            raise UsageError(f"extra_args must be {example}; one of them is {argument!r}")
    return tuple(map(str, extra_args))


def checked_metadata(metadata: Mapping[str, Any] | None) -> tuple[tuple[str, Any], ...] | None:
    """Return metadata as pairs; None if there is none.

    Raises
    ------
    UsageError
        If it is no mapping, or holds a null character.
    """
    if metadata is None:
        return None
    if not isinstance(metadata, Mapping):
        raise UsageError(f'metadata must be a dictionary, such as {{"title": "Waves"}}; got {reprlib.repr(metadata)}')
    for pair in metadata.items():
        for part in pair:
            check_text("metadata", str(part))
    return tuple(metadata.items()) or None


def output_path(outfile: Any) -> Path:
    """Return the path to write to.

    Raises
    ------
    UsageError
        If *outfile* is no path, such as a buffer.
    """
    try:
        text = os.fsdecode(outfile)
    except TypeError as error:
        kind = type(outfile).__name__
        raise UsageError(f"the output must be a path; got {kind}; write a file, then read its bytes") from error
    if "\0" in text or _is_unwritable(text, os.fsencode):
        raise UsageError(f"the output must be a path that can be written; got {reprlib.repr(text)}")
    return Path(text)


def output_paths(outputs: Sequence[Any] | None) -> list[Path] | None:
    """Return the paths to write to; None if none are given.

    Raises
    ------
    UsageError
        If *outputs* is no sequence, is empty, or holds something other than paths.
    """
    if outputs is None:
        return None
    paths = list(outputs) if isinstance(outputs, Iterable) and not isinstance(outputs, str | bytes) else []
    if not paths:
        raise UsageError(f'outputs must be a list of paths, such as ["a.mp4", "a.gif"]; got {reprlib.repr(outputs)}')
    return [output_path(path) for path in paths]
