"""Successive texts of one element as differences: the form in which a page holds what changes from frame to frame."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from animate.vector.linear_model import LinearModel

LARGEST = 2**52

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


class Numbers(NamedTuple):
    """A text as the numbers in it, in units of the last decimal, and what stands around them."""

    values: NDArray[np.int64]
    around: tuple[str, ...]

    @classmethod
    def of(cls, text: str, n_decimals: int) -> Numbers:
        """Return the numbers of a text; none if one is larger than those that JavaScript counts with."""
        values = [_whole(number, n_decimals) for number in NUMBER.findall(text)]
        if any(abs(value) > LARGEST for value in values):
            return cls(np.empty(0, np.int64), (text,))
        return cls(np.array(values, np.int64), tuple(NUMBER.split(text)))

    def filled(self, n_decimals: int) -> str:
        """Return the text."""
        numbers = [decimal(int(value), n_decimals) for value in self.values]
        return "".join(part for pair in zip(self.around, [*numbers, ""], strict=True) for part in pair)


class Guide(NamedTuple):
    """What the numbers of texts are computed from.

    Attributes
    ----------
    model : LinearModel
    leads : list of array of int, or None
        The numbers that lead each text; None if they are not shown with it.
    """

    model: LinearModel
    leads: Sequence[NDArray[np.int64] | None]

    def errors(self, index: int, before: Numbers, new: Numbers) -> NDArray[np.int64] | None:
        """Return what predictions of the numbers of a text miss; None if there are none."""
        lead = self.leads[index]
        if lead is None or before.around != new.around or not self.model.fits(len(new.values), len(lead)):
            return None
        return self.model.errors(lead, before.values, new.values)

    def predicted(self, index: int, new: Numbers, errors: NDArray[np.int64]) -> Numbers:
        """Return a text as the player of a page finds it: with predicted numbers, to which their errors are added."""
        lead = self.leads[index]
        assert lead is not None  # noqa: S101 - there are errors
        values = np.floor(self.model.predict(lead) + 0.5).astype(np.int64) + errors
        if not self.model.way:
            columns = list(self.model.columns)
            values[columns] = new.values[columns]
        return new._replace(values=values)


def decimals_of(texts: Sequence[str]) -> int:
    """Return the number of decimals that the numbers in texts have at most."""
    return max((len(number.partition(".")[2]) for text in texts for number in NUMBER.findall(text)), default=0)


def differences(texts: Sequence[str], guide: Guide | None = None) -> list[str]:
    """Return each text as its difference from the one before, in the form that is shortest compressed.

    The first entry is the number of decimals that the numbers have at most. ``:text`` is the text itself.
    ``^10 4 text`` keeps 10 characters at the beginning and 4 at the end. ``~om;text`` adds `shift_text` to the first
    numbers, in units of the last decimal, and ends with a text. ``@om`` adds it to the numbers that a model predicts.

    >>> differences(["M0 0l3 4", "M0 0l3 4 5 6", "M1 0l3 4 5 2"])
    ['0', ':M0 0l3 4', '~; 5 6', '~onnnnj']
    """
    n_decimals = decimals_of(texts)
    result = [str(n_decimals)]
    shown, before = "", Numbers.of("", n_decimals)
    for index, text in enumerate(texts):
        new = Numbers.of(text, n_decimals)
        best = min([":" + text, _splice(shown, text), *_movements(before, new, n_decimals)], key=_cost)
        if guide is not None and new.filled(n_decimals) == text:
            errors = guide.errors(index, before, new)
            if errors is not None and _cost(prediction := "@" + shift_text(errors)) <= _cost(best):
                new, best = guide.predicted(index, new, errors), prediction
        result.append(best)
        shown, before = (new.filled(n_decimals) if best[0] == "@" else text), new
    return result


def _cost(form: str) -> float:
    """Return about how many bytes a difference takes once it is compressed: what stays takes least."""
    return len(form) - 0.8 * form.count("n")


def _splice(before: str, text: str) -> str:
    head = _n_alike(before, text)
    tail = _n_alike(before[head:][::-1], text[head:][::-1])
    return f"^{head} {tail} {text[head : len(text) - tail]}"


def _n_alike(one: str, other: str) -> int:
    """Return at how many characters two texts begin alike."""
    if one == other[: len(one)]:
        return len(one)
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(other))


def _movements(before: Numbers, new: Numbers, n_decimals: int) -> Iterator[str]:
    """Yield the form of a text in which the numbers of the one before are moved, if it has one."""
    n_values = len(before.values)
    if not n_values or len(new.values) < n_values or before.around[:-1] != new.around[:n_values]:
        return
    moved = before._replace(values=new.values[:n_values]).filled(n_decimals)
    text = new.filled(n_decimals)
    if not text.startswith(moved) or text[len(moved) :][:1] in tuple(".0123456789"):
        return
    rest = f";{text[len(moved) :]}" if len(text) > len(moved) else ""
    yield f"~{shift_text(new.values[:n_values] - before.values)}{rest}"


def shift_text(numbers: NDArray[np.int64]) -> str:
    """Return whole numbers as text: -13 to 12 as letters, of which n is 0, others with a space behind them.

    Zeros at the end are left out.

    >>> shift_text(np.array([1, 0, -13, 99, 2, 0, 0]))
    'ona99 p'
    """
    texts = (chr(ord("n") + number) if -13 <= number <= 12 else f"{number} " for number in numbers.tolist())
    return "".join(texts).rstrip("n")


def _whole(number: str, n_decimals: int) -> int:
    whole, _, decimals = number.partition(".")
    return int(whole + decimals.ljust(n_decimals, "0"))


def decimal(value: int, n_decimals: int) -> str:
    """Return a number as JavaScript writes it.

    >>> [decimal(value, 2) for value in (150, -5, 200, 0)]
    ['1.5', '-0.05', '2', '0']
    """
    if not n_decimals or value % 10**n_decimals == 0:
        return str(value // 10**n_decimals)
    return repr(value / 10**n_decimals)
