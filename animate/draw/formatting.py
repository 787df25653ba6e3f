"""Equations and names as a reader sees them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from animate.draw.readout import MINUS, decimals_for, grouped, number

__all__ = ["condition", "decimals_for", "grouped", "linear_terms", "number", "readable", "signed", "unit_of"]

_UNITS = {"mm", "cm", "m", "km", "g", "kg", "s", "ms", "min", "h", "years", "usd", "eur", "c", "k"}


def readable(name: str) -> str:
    """Return a column name as a reader would write it, its unit in parentheses.

    >>> readable("bill_length_mm"), readable("x"), readable("Body mass (g)")
    ('bill length (mm)', 'x', 'Body mass (g)')
    """
    words = name.replace("_", " ").split()
    if len(words) > 1 and words[-1].lower() in _UNITS:
        return f"{' '.join(words[:-1])} ({words[-1]})"
    return " ".join(words)


def unit_of(name: str) -> str:
    """Return the unit of a readable name, or nothing.

    >>> unit_of("bill length (mm)"), unit_of("x")
    ('mm', '')
    """
    return name[name.rindex("(") + 1 : -1] if name.endswith(")") and "(" in name else ""


def condition(condition_number: float) -> tuple[str, str]:
    """Return a condition number in words and as a sign.

    >>> condition(254.17)
    ('condition number 254', '\u03ba 254')
    """
    digits = grouped(round(condition_number)) if 1000 <= condition_number < 1e6 else f"{condition_number:.3g}"
    return f"condition number {digits}", f"\u03ba {digits}"


def signed(value: float, decimals: int) -> str:
    """Return a term that follows another one: its sign set apart.

    >>> signed(-0.2623, 2)
    '\u2212 0.26'
    """
    return f"{MINUS if value < 0 else '+'} {number(abs(value), decimals)}"


def linear_terms(
    params: Sequence[float] | npt.NDArray[np.float64],
    names: Sequence[str] = ("x",),
    decimals: Sequence[int] | None = None,
) -> str:
    """Return weights times names plus the intercept, which stands last in ``params``.

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
