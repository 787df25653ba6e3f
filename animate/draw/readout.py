"""Numbers on screen: fixed decimals, digits of equal width, a place that does not move."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from animate.draw.style import ResponsiveText

MINUS = "\u2212"
THIN_SPACE = "\u202f"
_LARGEST_PLAIN = 1e5


def number(value: float, decimals: int) -> str:
    """Return a number as it is shown: fixed decimals, a real minus sign, large ones as 1.2e8.

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
    if abs(value) >= _LARGEST_PLAIN:
        mantissa, exponent = f"{value:.2e}".split("e")
        text = f"{mantissa}e{int(exponent)}"
    else:
        text = f"{value:.{decimals}f}"
        if float(text) == 0:
            text = text.lstrip("-")
    return text.replace("-", MINUS)


def grouped(count: int) -> str:
    """Return a count with its thousands set apart by thin spaces.

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


@dataclass(frozen=True)
class Readout:
    """A label that stands and a text that changes with the update.

    Parameters
    ----------
    label : ResponsiveText
        What the number is; drawn once.
    text : callable
        From the update to the text on screen.
    widest : str
        A text as wide as any that will come: the label stands to the left of it.
    role : callable, optional
        From the update to a color's role; muted where not given.
    """

    label: ResponsiveText
    text: Callable[[int], str]
    widest: str
    role: Callable[[int], str] | None = None

    @classmethod
    def of(cls, label: ResponsiveText, values: Any, *, decimals: int | None = None) -> Readout:
        """Return the readout of one value per update, with the decimals that its last value needs.

        A last value too large for fixed decimals leaves them to the first one.
        """
        series = np.asarray(values, dtype=float)
        finite = series[np.isfinite(series)]
        last = float(finite[-1]) if finite.size else 0.0
        if abs(last) >= _LARGEST_PLAIN:
            last = float(finite[0])
        places = decimals_for(last) if decimals is None else decimals
        # The largest number in full is wider than a larger one with its power of ten.
        plain = finite[np.abs(finite) < _LARGEST_PLAIN]
        extremes = [float(end) for part in (finite, plain) if part.size for end in (part.min(), part.max())] or [0.0]
        widest = max((number(value, places) for value in extremes), key=len)
        return cls(label, lambda update: number(float(series[min(update, len(series) - 1)]), places), widest)

    @classmethod
    def still(cls, label: ResponsiveText, text: str = "", role: str = "muted") -> Readout:
        """Return the readout of a label, and a text beside it, that are the same at every update."""
        return cls(label, lambda _: text, text, lambda _: role)
