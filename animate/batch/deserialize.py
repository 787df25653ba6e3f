"""Records from JSON, each value checked against its annotation: what was damaged goes no further."""

from __future__ import annotations

import collections.abc
import math
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints


def typed(hint: Any, value: Any, where: str) -> Any:
    """Return JSON as what an annotation says: a plain type, ``X | None``, a tuple, a mapping, or a record of such.

    Raises
    ------
    ValueError
        If it is anything else; *where* is its name in the message.

    Examples
    --------
    >>> typed(tuple[int, ...], [1, 2], "sizes")
    (1, 2)
    >>> typed(int | None, "x", "sizes[0]")
    Traceback (most recent call last):
    ValueError: sizes[0] must be int; got 'x'
    """
    origin, inner = get_origin(hint), get_args(hint)
    if hint is Any:
        return _told(value, where)
    if origin is UnionType:
        own = next(one for one in inner if one is not NoneType)
        return None if value is None else typed(own, value, where)
    if origin is tuple:
        return tuple(typed(inner[0], one, f"{where}[{at}]") for at, one in enumerate(_is(list, value, where)))
    if origin in (dict, collections.abc.Mapping):
        given = _is(dict, value, where)
        return {_told(key, where): typed(inner[1], one, f"{where}.{key}") for key, one in given.items()}
    if hint is float:
        return _number(value, where)
    if hint in (str, int):
        return _told(_is(hint, value, where), where)
    return record(hint, value, where)


def record(kind: Any, value: Any, where: str) -> Any:
    """Return a dataclass or named tuple from the JSON object of its fields.

    Raises
    ------
    ValueError
        If a field is missing, unknown, or not of its type.
    """
    hints, needed = _hints(kind), _needed(kind)
    given = _is(dict, value, where)
    for name in given:
        if name not in hints:
            raise ValueError(f"{where} has a key {name!r} that is unknown")
    for name in needed:
        if name not in given:
            raise ValueError(f"{where} has no key {name!r}")
    return kind(**{name: typed(hints[name], one, f"{where}.{name}") for name, one in given.items()})


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


@cache
def _needed(kind: Any) -> tuple[str, ...]:
    if not is_dataclass(kind):
        return tuple(name for name in kind._fields if name not in kind._field_defaults)
    return tuple(one.name for one in fields(kind) if one.default is MISSING and one.default_factory is MISSING)


def _is(kind: type, value: Any, where: str) -> Any:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise ValueError(f"{where} must be {kind.__name__}; got {_short(value)}")
    return value


def _number(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{where} must be a number; got {_short(value)}")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ValueError(f"{where} must be a finite number; got {_short(value)}")
    return number


def _told(value: Any, where: str) -> Any:
    """Return JSON that can be written again: every text is Unicode, every number finite."""
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            raise ValueError(f"{where} must be Unicode; got {_short(value)}") from None
    elif isinstance(value, float):
        _number(value, where)
    elif isinstance(value, Mapping):
        for key, one in value.items():
            _told(key, where)
            _told(one, where)
    elif isinstance(value, list):
        for one in value:
            _told(one, where)
    return value


def _short(value: Any) -> str:
    text = ascii(value)
    return text if len(text) <= 60 else f"{text[:60]} ..."
