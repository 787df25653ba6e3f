"""Numbers, equations and column names as text for the screen."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

MINUS = "\u2212"
THIN_SPACE = "\u202f"
LARGEST_PLAIN = 1e5


def number(value: float, decimals: int) -> str:
    """Return a number with fixed decimals and a true minus sign; from 1e5 on, as ``1.23e5``.

    >>> number(-3.14159, 2)
    '\u22123.14'
    >>> number(1234567.0, 2)
    '1.23e6'
    >>> number(float("inf"), 2)
    '\u221e'
    """
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "\u221e" if value > 0 else f"{MINUS}\u221e"
    if abs(value) >= LARGEST_PLAIN:
        mantissa, exponent = f"{value:.2e}".split("e")
        text = f"{mantissa}e{int(exponent)}"
    else:
        text = f"{value:.{decimals}f}"
        if float(text) == 0:
            text = text.lstrip("-")
    return text.replace("-", MINUS)


def grouped(count: int) -> str:
    """Return a count with thin spaces between its thousands.

    >>> grouped(2400)
    '2\u202f400'
    """
    return f"{count:,}".replace(",", THIN_SPACE)


def decimals_for(value: float, significant: int = 3, *, least: int = 0, most: int = 6) -> int:
    """Return how many decimals show ``value`` to a number of significant digits.

    >>> decimals_for(2.16), decimals_for(0.0427), decimals_for(250.0)
    (2, 4, 0)
    """
    if not math.isfinite(value) or value == 0:
        return max(least, min(most, significant - 1))
    return max(least, min(most, significant - 1 - math.floor(math.log10(abs(value)))))


_UNITS = {"mm", "cm", "m", "km", "g", "kg", "s", "ms", "min", "h", "years", "usd", "eur", "c", "k"}


def readable(name: str) -> str:
    """Return a column name in words, with its unit in parentheses.

    >>> readable("bill_length_mm"), readable("x"), readable("Body mass (g)")
    ('bill length (mm)', 'x', 'Body mass (g)')
    """
    words = name.replace("_", " ").split()
    if len(words) > 1 and words[-1].lower() in _UNITS:
        return f"{' '.join(words[:-1])} ({words[-1]})"
    return " ".join(words)


def unit_of(name: str) -> str:
    """Return the unit of a readable name, or "".

    >>> unit_of("bill length (mm)"), unit_of("x")
    ('mm', '')
    """
    return name[name.rindex("(") + 1 : -1] if name.endswith(")") and "(" in name else ""


def condition(condition_number: float) -> tuple[str, str]:
    """Return a condition number in words and in short.

    >>> condition(254.17)
    ('condition number 254', '\u03ba 254')
    """
    digits = grouped(round(condition_number)) if 1000 <= condition_number < 1e6 else f"{condition_number:.3g}"
    return f"condition number {digits}", f"\u03ba {digits}"


def signed(value: float, decimals: int) -> str:
    """Return a term of a sum: its sign, a space and its absolute value.

    >>> signed(-0.2623, 2)
    '\u2212 0.26'
    """
    return f"{MINUS if value < 0 else '+'} {number(abs(value), decimals)}"


def linear_terms(
    params: Sequence[float] | npt.NDArray[np.float64],
    names: Sequence[str] = ("x",),
    decimals: Sequence[int] | None = None,
) -> str:
    """Return the right side of a linear equation: weights times names plus intercept.

    Parameters
    ----------
    params : sequence of float
        The weights, then the intercept.
    names : sequence of str
        One per weight.
    decimals : sequence of int, optional
        One per parameter; four significant digits if not given.

    >>> linear_terms([1.00211682, -0.262323])
    '1.002\u2009x \u2212 0.2623'
    """
    places = decimals or [decimals_for(value, 4, least=2) for value in params]
    first = f"{number(params[0], places[0])}\u2009{names[0]}"
    others = [
        f"{signed(weight, place)}\u2009{name}"
        for weight, place, name in zip(params[1:-1], places[1:-1], names[1:], strict=False)
    ]
    return " ".join([first, *others, signed(params[-1], places[-1])])
