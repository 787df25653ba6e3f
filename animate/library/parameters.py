"""Parameters of a scene: their values checked, and converted to and from text."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any, Literal, NamedTuple, NoReturn

from animate.errors import UsageError, did_you_mean

WORDS_FOR_BOOL = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


@dataclass(frozen=True)
class Range:
    """Closed range of a number, with the scale of a slider over it.

    Parameters
    ----------
    low, high : float
        Ends of the range, both included: finite, ``low < high``.
    scale : {"linear", "log"}
        A log scale needs ``low > 0``.

    Raises
    ------
    ValueError
        If the ends are not finite and in order, or the scale is unknown or impossible.

    Examples
    --------
    >>> 0.5 in Range(0.001, 1.0, scale="log")
    True
    >>> str(Range(5, 500))
    '5 to 500'
    """

    low: float
    high: float
    scale: Literal["linear", "log"] = "linear"

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise ValueError(f"low must be below high, both finite; got {self.low} and {self.high}")
        if self.scale not in ("linear", "log"):
            raise ValueError(f"scale must be 'linear' or 'log'; got {self.scale!r}")
        if self.scale == "log" and self.low <= 0:
            raise ValueError(f"low must be above 0 on a log scale; got {self.low}")

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high

    def __str__(self) -> str:
        return f"{number_text(self.low)} to {number_text(self.high)}"


@dataclass(frozen=True)
class Parameter:
    """A keyword of a scene's ``build``: its name, allowed values, default and meaning.

    Attributes
    ----------
    name : str
    kind : str
        A key of `KINDS`: "float", "int", "bool", "str", "choice", "floats" (a tuple of floats) or "data".
    default : object
        A value of this kind, or None if the parameter is optional.
    optional : bool
        Whether None (as text: ``none``) is allowed.
    range : Range or None
        Limits of the number, or of each number of a tuple.
    choices : tuple of str
        Allowed values of a "choice".
    n_values : int or None
        Length of a "floats"; None allows any.
    help : str
        Meaning, in one line.
    group : str
        The keyword of ``build`` that holds it, if it is a field of a group; else "".
    """

    name: str
    kind: str
    default: Any = None
    optional: bool = False
    range: Range | None = None
    choices: tuple[str, ...] = ()
    n_values: int | None = None
    help: str = ""
    group: str = ""

    def parse(self, text: str) -> Any:
        """Return the value that *text* represents.

        Raises
        ------
        UsageError
            If it represents no value of this parameter.
        """
        if self.optional and text.strip().lower() == "none":
            return None
        try:
            plain = KINDS[self.kind].from_value(self, KINDS[self.kind].from_text(self, text))
        except (TypeError, ValueError, OverflowError):
            self._refuse(text)
        return self._in_range(plain)

    def check(self, value: Any) -> Any:
        """Return *value* converted to the plain Python value that ``build`` receives.

        Raises
        ------
        UsageError
            If it has another kind, is out of range, or is not among the choices.
        """
        if value is None and self.optional:
            return None
        try:
            plain = KINDS[self.kind].from_value(self, value)
        except (TypeError, ValueError, OverflowError):
            self._refuse(value)
        return self._in_range(plain)

    def text(self, value: Any) -> str:
        """Return *value* as text that `parse` reads back, for command lines and cache keys."""
        return "none" if value is None else KINDS[self.kind].to_text(value)

    @property
    def type_name(self) -> str:
        """The kind of value as ``animate show`` prints it."""
        name = KINDS[self.kind].type_name(self)
        return f"{name} or none" if self.optional and self.kind != "data" else name

    def _in_range(self, plain: Any) -> Any:
        if self.range is not None and not all(number in self.range for number in _numbers(plain)):
            low, high = number_text(self.range.low), number_text(self.range.high)
            raise UsageError(f"{self.name} must be between {low} and {high}; got {self.text(plain)}.")
        return plain

    def _refuse(self, value: Any) -> NoReturn:
        noun = KINDS[self.kind].noun(self) + (", or none" if self.optional and self.kind != "data" else "")
        raise UsageError(f"{self.name} must be {noun}; got {value!r}.{did_you_mean(str(value), self.choices)}")


class Kind(NamedTuple):
    """Functions that read, check, write and name the values of one kind of parameter."""

    from_text: Callable[[Parameter, str], Any]
    from_value: Callable[[Parameter, Any], Any]
    to_text: Callable[[Any], str]
    type_name: Callable[[Parameter], str]
    noun: Callable[[Parameter], str]


def number_text(value: float) -> str:
    """Return the shortest text that reads back as the same number.

    >>> number_text(1.0), number_text(0.0001), number_text(1e-10)
    ('1', '0.0001', '1e-10')
    """
    return repr(value).removesuffix(".0")


def _numbers(value: Any) -> Iterable[float]:
    return value if isinstance(value, tuple) else (value,)


def _finite(parameter: Parameter, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError
    if not math.isfinite(value):
        raise UsageError(f"{parameter.name} must be finite; got {value}.")
    return float(value)


def _whole(_: Parameter, value: Any) -> int:
    if isinstance(value, Integral) and not isinstance(value, bool):
        return int(value)
    if isinstance(value, Real) and float(value).is_integer() and not isinstance(value, bool):
        return int(float(value))
    raise TypeError


def _whole_from_text(_: Parameter, text: str) -> float:
    try:
        return int(text)
    except ValueError:
        return float(text)  # 1e3 is a whole number too; `_whole` refuses fractions


def _bool_from_text(_: Parameter, text: str) -> bool:
    try:
        return WORDS_FOR_BOOL[text.strip().lower()]
    except KeyError:
        raise ValueError from None


def _bool(_: Parameter, value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _str(parameter: Parameter, value: Any) -> str:
    # `parse` would read the text "none" back as None.
    if not isinstance(value, str) or (parameter.optional and value.strip().lower() == "none"):
        raise TypeError
    value.encode()  # raises a ValueError for a lone surrogate, which cannot be drawn
    return value


def _choice(parameter: Parameter, value: Any) -> str:
    if value not in parameter.choices:
        raise ValueError
    return str(value)


def _floats_from_text(_: Parameter, text: str) -> tuple[float, ...]:
    return tuple(float(part) for part in text.strip().strip("()").split(","))


def _floats(parameter: Parameter, value: Any) -> tuple[float, ...]:
    if isinstance(value, str):
        raise TypeError
    numbers = tuple(_finite(parameter, number) for number in value)
    if parameter.n_values not in (None, len(numbers)):
        raise ValueError
    return numbers


def _floats_noun(parameter: Parameter) -> str:
    if parameter.n_values is None:
        return "numbers separated by commas"
    return f"{parameter.n_values} numbers separated by commas"


def _data_from_text(parameter: Parameter, _: str) -> NoReturn:
    raise UsageError(f"{parameter.name} is a file: give it with --data FILE, not with --set.")


def is_table_type(annotation: Any) -> bool:
    """Return whether *annotation* is `animate.Table`; a script that names the class has imported its module."""
    return annotation is getattr(sys.modules.get("animate.learn.tables"), "Table", Parameter)


def _table(_: Parameter, value: Any) -> Any:
    if is_table_type(type(value)):
        return value
    from animate.library.own_data import load_table

    return load_table(value)


KINDS = {
    "float": Kind(lambda _, text: float(text), _finite, number_text, lambda _: "float", lambda _: "a number"),
    "int": Kind(_whole_from_text, _whole, str, lambda _: "int", lambda _: "a whole number"),
    "bool": Kind(_bool_from_text, _bool, lambda value: str(value).lower(), lambda _: "bool", lambda _: "true or false"),
    "str": Kind(lambda _, text: text, _str, str, lambda _: "str", lambda _: "text"),
    "choice": Kind(
        lambda _, text: text,
        _choice,
        str,
        lambda parameter: " | ".join(parameter.choices),
        lambda parameter: "one of " + ", ".join(parameter.choices),
    ),
    "floats": Kind(
        _floats_from_text,
        _floats,
        lambda value: ",".join(map(number_text, value)),
        lambda parameter: ",".join(["float"] * parameter.n_values) if parameter.n_values else "float,...",
        _floats_noun,
    ),
    "data": Kind(
        _data_from_text,
        _table,
        lambda table: str(table.source),
        lambda _: "your table (--data)",
        lambda _: "a table",
    ),
}
