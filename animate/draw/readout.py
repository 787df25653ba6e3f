"""Numbers beside a title: fixed decimals, digits of equal width, a place that does not move."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from animate.draw.formatting import (
    LARGEST_IN_FULL,
    LARGEST_PLAIN,
    MINUS,
    SMALLEST_FIXED,
    THIN_SPACE,
    decimals_for,
    number,
    significant,
)
from animate.draw.run import Run
from animate.draw.style import ResponsiveText
from animate.draw.text_template import say

_WIDTHS = {MINUS: 1.3, ".": 0.5, ",": 0.5, THIN_SPACE: 0.3, "M": 1.4}
"""About how wide the signs of numbers are, in widths of a digit, in all fonts."""


def _width(text: str) -> float:
    return sum(_WIDTHS.get(sign, 1.0) for sign in text)


@dataclass(frozen=True)
class Readout:
    """A fixed label and a text that changes with the update.

    Parameters
    ----------
    label : ResponsiveText
        The name of the number.
    text : callable
        From the update to the text.
    widest : str
        A text as wide as any that ``text`` returns: it keeps the label in place.
    role : callable, optional
        From the update to the color role of the text; ``"muted"`` if not given.

    Examples
    --------
    >>> Readout.of("loss", [4.0, 1.0, 0.25]).text(2)
    '0.250'
    """

    label: ResponsiveText
    text: Callable[[int], str]
    widest: str
    role: Callable[[int], str] | None = None

    @classmethod
    def of(cls, label: ResponsiveText, values: Any, *, decimals: int | None = None, after: str = "") -> Readout:
        """Return the readout of one value per update or of two, with the decimals that its last value needs.

        Parameters
        ----------
        label : ResponsiveText
            The name of the number.
        values : array (n_updates + 1,) or (n_updates + 1, 2)
            After its end the last value stays. Of two each is shown.
        decimals : int, optional
            Fixed decimals; three significant digits of the last value if not given, or of the first if the last is
            too large for fixed decimals. All values have three significant digits if decimals made the last one 0.
        after : str
            Follows each value, such as a unit.
        """
        if np.ndim(values) == 2:
            first, second = (cls.of(label, column, decimals=decimals, after=after) for column in np.transpose(values))

            def both(one: str, other: str) -> str:
                return say("{first} vs {second}", first=one, second=other)

            return cls(label, lambda k: both(first.text(k), second.text(k)), both(first.widest, second.widest))
        series, rest = np.asarray(values, dtype=float), f" {after}" if after else ""
        finite = series[np.isfinite(series)]
        last = float(finite[-1]) if finite.size else 0.0
        if abs(last) >= LARGEST_PLAIN:
            last = float(finite[0])
        if 0 < abs(last) < (SMALLEST_FIXED if decimals is None else 0.5 * 10.0**-decimals):
            texts = [significant(float(value)) for value in series]
            return cls(label, lambda update: texts[min(update, len(texts) - 1)] + rest, max(texts, key=_width) + rest)
        places = decimals_for(last) if decimals is None else decimals
        # The largest number in full is wider than a larger one with its power of ten.
        parts = (finite, *(finite[np.abs(finite) < most] for most in (LARGEST_PLAIN, LARGEST_IN_FULL)))
        extremes = [float(end) for part in parts if part.size for end in (part.min(), part.max())] or [0.0]
        if max(map(abs, extremes)) >= LARGEST_IN_FULL:  # in millions or billions, 64.8 is wider than 134
            extremes += np.sort(finite)[:: len(finite) // 64 + 1].tolist()
        widest = max((number(value, places) for value in extremes), key=_width)
        return cls(
            label, lambda update: number(float(series[min(update, len(series) - 1)]), places) + rest, widest + rest
        )

    @classmethod
    def still(cls, label: ResponsiveText, text: str = "", role: str = "muted") -> Readout:
        """Return the readout of a label, and a text beside it, that do not change."""
        return cls(label, lambda _: text, text, lambda _: role)

    @classmethod
    def gradients_used(cls, runs: Sequence[Run]) -> Readout:
        """Return the number of gradients of single points that runs have computed: of one, two, or least and most."""

        def text(update: int) -> str:
            used = [int(run.trajectory.gradients_used[run.at(update)]) for run in runs]
            if len(used) == 2:
                return say("{first} vs {second}", first=used[0], second=used[1])
            if len(used) > 2:
                return say("{least} to {most}", least=min(used), most=max(used))
            return say("{used}", used=used[0])

        return cls(("gradients used", "gradients"), text, text(max(run.trajectory.n_updates for run in runs)))
