"""An update rule, and under each of its symbols the number that this update puts there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import product
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from animate.draw.arithmetic import gives_its_result, reads_as_whole
from animate.draw.formatting import (
    LARGEST_IN_FULL,
    LARGEST_PLAIN,
    MINUS,
    decimals_for,
    formatted,
    number,
    significant,
)
from animate.draw.language import translated
from animate.draw.marks import Mark, Text
from animate.draw.panels.base import Panel, hide_axes
from animate.draw.panels.plot import Plot
from animate.draw.run import Run
from animate.draw.style import ResponsiveText, Style
from animate.draw.text_template import say
from animate.learn.descent import gradients_along
from animate.learn.objectives import Objective

SYMBOL_SIZES = ("symbol", "heading", "label")
"""Names of the sizes of symbols, from the largest to the smallest."""

MOST_DECIMALS = 3
TINY = 0.01
"""A column of numbers below this has two significant digits instead of decimals."""
MOST_FURTHER = 3
"""At most so many further digits are shown of the numbers that a rule takes, where fewer would not give its result."""


@dataclass(frozen=True)
class Term:
    r"""A symbol of a rule with its number at each update; an operator such as ``\leftarrow`` has no number.

    Parameters
    ----------
    symbol : ResponsiveText
        As mathtext; of alternatives a small picture takes the last, which should be the flattest.
    values : float or array (n_updates + 1,), optional
        One number, or one per update; nan at the start where there is none yet.
    """

    symbol: ResponsiveText
    values: npt.ArrayLike | None = None

    @classmethod
    def before(cls, symbol: ResponsiveText, values: npt.ArrayLike) -> Term:
        """Return the term whose number is the one of the update before: what an update begins with."""
        return cls(symbol, np.append(np.nan, np.asarray(values, dtype=float)[:-1]))

    def at(self, update: int) -> float:
        """Return the number at an update: the last one there is, where the run is over."""
        series = np.atleast_1d(np.asarray(self.values, dtype=float))
        return float(series[min(update, len(series) - 1)])


@dataclass(kw_only=True)
class Formula(Panel):
    """Rules written as formulas; below each symbol stands its number, of the update on screen.

    Parameters
    ----------
    rules : sequence of sequences of Term or str
        From top to bottom; the first term of each is what the rule gives. A string is a symbol without a number.
    roles : sequence of str
        The color of what each rule gives: that of the run it makes.
    """

    rules: Sequence[Sequence[Term | str]]
    roles: Sequence[str]

    bare: ClassVar[bool] = True

    def __post_init__(self) -> None:
        super().__post_init__()
        rows = max(len(self.rules), 1)
        vars(self)["aspects"] = (4.0 / rows, 10.0 / rows)  # a rule is a line

    @classmethod
    def of_descent(
        cls, objective: Objective, run: Run, learning_rate: float, names: Sequence[str] = ("w", "b"), **fields: Any
    ) -> Formula:
        """Return the rule of gradient descent for each parameter, with the gradients that the updates of a run used."""
        gradients = gradients_along(objective, run.trajectory)
        rules: list[list[Term | str]] = [
            [
                Term(f"${name}$", series), r"$\leftarrow$", Term.before(f"${name}$", series), "$-$",
                Term(r"$\eta$", learning_rate), r"$\cdot$", Term(derivative(name), slopes),
            ]
            for name, series, slopes in zip(names, run.trajectory.params.T, gradients.T, strict=False)
        ]  # fmt: skip
        return cls(rules=rules, roles=[run.role] * len(rules), **fields)

    @classmethod
    def of_newton(cls, objective: Objective, descent: Run, newton: Run, learning_rate: float, **fields: Any) -> Formula:
        """Return the rules for w of gradient descent and, with the steps that its run takes, of Newton's method."""
        values = newton.trajectory.params[:, 0]
        step = Term(r"$(H^{-1}\nabla L)_{w}$", np.append(np.nan, -np.diff(values)))
        rules: list[Sequence[Term | str]] = [
            *cls.of_descent(objective, descent, learning_rate, names="w").rules,
            [Term("$w$", values), r"$\leftarrow$", Term.before("$w$", values), "$-$", step],
        ]
        return cls(rules=rules, roles=[descent.role, newton.role], **fields)

    @classmethod
    def of_heavy_ball(
        cls, objective: Objective, run: Run, learning_rate: float, momentum: float, symbol: str = "x", **fields: Any
    ) -> Formula:
        """Return the rules of the heavy ball for the velocity v of its first parameter, and for that parameter."""
        values, slopes = run.trajectory.params[:, 0], gradients_along(objective, run.trajectory)[:, 0]
        with np.errstate(all="ignore"):  # a run that diverges
            velocity = np.append(0.0, np.diff(values))
        rules: list[list[Term | str]] = [
            [
                Term("$v$", velocity), r"$\leftarrow$", Term(r"$\beta$", momentum), r"$\cdot$",
                Term.before("$v$", velocity), "$-$", Term(r"$\eta$", learning_rate), r"$\cdot$",
                Term(derivative(symbol), slopes),
            ],
            [
                Term(f"${symbol}$", values), r"$\leftarrow$", Term.before(f"${symbol}$", values), "$+$",
                Term("$v$", np.append(np.nan, velocity[1:])),
            ],
        ]  # fmt: skip
        return cls(rules=rules, roles=[run.role] * 2, **fields)

    def compose(self, axes: Axes, style: Style) -> Iterator[Mark]:
        hide_axes(axes)
        rules = [[Term(term) if isinstance(term, str) else term for term in rule] for rule in self.rules]
        table = _table(rules, style, axes.bbox.width, axes.bbox.height / len(rules))
        for row, (columns, role) in enumerate(zip(table, self.roles, strict=True)):
            yield from _written(style, columns, height=1 - (row + 0.5) / len(table), role=role)


@dataclass(frozen=True)
class _Column:
    """How one term is written: its symbol and the size of that, its decimals or no number, the width of its column."""

    term: Term
    symbol: str
    size: str
    is_result: bool
    decimals: int | None
    further: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(1, dtype=int))
    """Of each update: the digits that the number of the rule that this is one of has beyond those of others."""
    width_px: float = 0.0
    gap_px: float = 0.0

    def text(self, update: int) -> str:
        """Return what stands under the symbol; at the start, before any update, only what the rule gives does."""
        if self.decimals is None or (update == 0 and not self.is_result):
            return ""
        further = int(self.further[min(update, len(self.further) - 1)])
        return self.symbol if self.term.values is None else self.written(self.term.at(update), further)

    @cached_property
    def values(self) -> npt.NDArray[np.float64]:
        return np.asarray(self.term.values, dtype=float)

    @cached_property
    def is_tiny(self) -> bool:
        return float(np.abs(self.values[np.isfinite(self.values)]).max(initial=0.0)) < TINY

    def written(self, value: float, further: int) -> str:
        further *= not self.is_result
        if self.values.ndim == 0:
            text = formatted(value, "g6")
        else:
            text = significant(value, 2 + further) if self.is_tiny else number(value, (self.decimals or 0) + further)
        return text if self.is_result or not text.startswith(MINUS) else f"({text})"

    def unit(self, further: int) -> npt.NDArray[np.float64]:
        """Return what the last digit of each number that is shown is worth."""
        size = np.abs(self.values)
        with np.errstate(all="ignore"):
            places = np.floor(np.log10(size))
        digits = places - 1 - further if self.is_tiny else np.full_like(places, -((self.decimals or 0) + further))
        digits = np.where(size >= LARGEST_IN_FULL, places - 2, np.where(size >= LARGEST_PLAIN, 0.0, digits))
        return 10.0 ** (places - 5 if self.values.ndim == 0 else digits)

    def shown(self, further: int) -> npt.NDArray[np.float64]:
        """Return what each number that is shown is worth."""
        unit = self.unit(further)
        with np.errstate(all="ignore"):
            return np.where(unit > 0, np.round(self.values / unit) * unit, 0.0)


def _written(style: Style, columns: Sequence[_Column], *, height: float, role: str) -> Iterator[Mark]:
    """Return one rule around a height of the axes: the symbols on a line, their numbers on another under it."""
    extents = [style.text_extent(column.symbol, style.font_px(column.size)) for column in columns]
    above, below = (max(extent[side] for extent in extents) for side in (1, 2))
    between = below + style.px(14, least=3) + style.text_extent("0", style.readout_px)[1]
    baseline, left = (between - above) / 2, 0.0
    text = partial(Text, at=(0.0, height), coords="axes", align="center", valign="baseline", layer=4)
    for place, column in enumerate(columns):
        center = left + column.width_px / 2
        left += column.width_px + column.gap_px
        yield text(column.symbol, shift=(center, baseline), size=column.size, color="ink" if place else role)
        color = "muted" if place else role
        yield text(column.text, shift=(center, baseline - between), size="readout", color=color, name="number")


def _further_digits(columns: Sequence[_Column]) -> npt.NDArray[np.int64]:
    """Return of each update how many further digits the numbers need from which a rule comes to its result.

    Numbers that are rounded apart may miss a rounded result in its last digit. It is 0 where no digits help.
    """
    if columns[1].symbol != r"$\leftarrow$":
        return np.zeros(1, dtype=int)
    shown, unit, missed = columns[0].shown(0), columns[0].unit(0), []
    with np.errstate(all="ignore"):  # a run that diverges
        for further in range(MOST_FURTHER + 1):
            total, factor = np.zeros_like(shown), np.ones(())
            for column in columns[2:]:
                if column.symbol in ("$-$", "$+$"):
                    total, factor = total + factor, np.array(-1.0 if column.symbol == "$-$" else 1.0)
                elif column.term.values is not None:
                    factor = factor * column.shown(further)
            missed.append(~(np.abs(total + factor - shown) <= 0.5 * unit * (1 + 1e-6)))
    return np.asarray(np.argmin(missed, axis=0))


def _table(rules: Sequence[Sequence[Term]], style: Style, width_px: float, height_px: float) -> list[list[_Column]]:
    """Return how each term of each rule is written: in large symbols, with as many decimals as there is room for."""
    most = _decimals(rules)
    # without a decimal, what a rule gives would not be the sum of its terms: where there is no room, no number stands
    several = range(most, min(most, 1) - 1, -1)
    # one further digit is needed often, more of them rarely: a decimal of all is worth more than those
    forms = [*product(several, range(MOST_FURTHER, 0, -1)), *((decimals, 0) for decimals in several), (None, 0)]
    for (decimals, further), size, gap_px in product(forms, SYMBOL_SIZES, (style.px(13), style.px(8), 2.5)):
        table = [
            _with_widths(
                [
                    _Column(term, _symbol(term, style, size, height_px), size, place == 0, decimals, gap_px=gap_px)
                    for place, term in enumerate(rule)
                ],
                style,
                further,
            )
            for rule in rules
        ]
        first_px = max(columns[0].width_px for columns in table)
        table = [[replace(columns[0], width_px=first_px), *columns[1:]] for columns in table]
        if max(sum(column.width_px + column.gap_px for column in columns) for columns in table) <= width_px:
            break
    return table


def _decimals(rules: Sequence[Sequence[Term]]) -> int:
    """Return the decimals of every number: four digits of the largest that a rule gives, but not over three."""
    results = np.concatenate([np.atleast_1d(np.asarray(rule[0].values, dtype=float)) for rule in rules])
    largest = float(np.abs(results[np.isfinite(results)]).max(initial=0.0))
    return decimals_for(largest, 4, most=MOST_DECIMALS)


def _symbol(term: Term, style: Style, size: str, height_px: float) -> str:
    """Return the first of a symbol's alternatives that leaves room for its number, else the last."""
    alternatives = (term.symbol,) if isinstance(term.symbol, str) else term.symbol
    room = height_px - 1.8 * style.readout_px
    fitting = [words for words in alternatives if sum(style.text_extent(words, style.font_px(size))[1:]) <= room]
    return fitting[0] if fitting else alternatives[-1]


def _with_widths(columns: Sequence[_Column], style: Style, most_further: int) -> list[_Column]:
    """Return the columns of a rule as wide as their symbols and their widest numbers, with the digits these need."""
    further = np.zeros(1, dtype=int) if columns[0].decimals is None else _further_digits(columns)
    further = np.minimum(further, most_further)
    widths = []
    for column in columns:
        texts = [] if column.decimals is None or column.term.values is None else [
            column.written(float(value), int(further.max()))
            for values in (np.atleast_1d(column.values),)
            for value in (values[np.isfinite(values)].min(initial=0.0), values[np.isfinite(values)].max(initial=0.0))
        ]
        sizes = [style.text_width(text, style.readout_px) for text in texts]
        widths.append(max([style.text_width(column.symbol, style.font_px(column.size)), *sizes]))
    return [replace(column, further=further, width_px=width) for column, width in zip(columns, widths, strict=True)]


def equations(
    rows: Mapping[str, str],
    numbers: Callable[[int], Mapping[str, object]],
    colors: Mapping[str, str] | None = None,
    **fields: Any,
) -> Plot:
    """Return equations from top to bottom with the numbers of an update, each a mark of its own.

    Where there is no room, an equation is its first and its last part. Numbers have further decimals where those that
    are written would not give the result, and a result of less than half a last decimal has as many as show it.

    Parameters
    ----------
    rows : dict from str to str
        From the name of an equation in a story to its text, with a name in braces where a number goes.
    numbers : callable
        From the update to the numbers by their names, as `say` takes them.
    colors : dict from str to str, optional
        The color of an equation by its name, where that is not ink.
    **fields
        Of `Plot`, such as ``title``.
    """

    def line(place: int, name: str, text: str) -> Mark:
        *before, result = str(translated(text)).split(" = ")

        def words(update: int) -> tuple[str, ...]:
            found = numbers(update)
            ends = [say(end, **found) for end in (_with_decimals(result, more) for more in range(4))]
            least = next((more for more, end in enumerate(ends) if not reads_as_whole(end)), 0)
            forms = [" = ".join(_with_decimals(part, least + more) for part in before) for more in range(5)]
            written = [f"{say(form, **found)} = {ends[least]}" for form in forms]
            return next(filter(gives_its_result, written), written[0]), f"{before[0]} = {ends[least]}"

        return Text(
            words, (0.0, 1 - place / len(rows)), coords="axes", valign="top",
            color=(colors or {}).get(name, "ink"), name=name,
        )  # fmt: skip

    lines = (line(place, name, text) for place, (name, text) in enumerate(rows.items()))
    return Plot(*lines, limits=((0, 1), (0, 1)), axes=False, aspects=(3.0, 8.0), **fields)


def _with_decimals(template: str, more: int) -> str:
    """Return a template with more decimals in each number that has some.

    >>> _with_decimals("{x:.2} + {y:(.2)} + {n:g}", 1)
    '{x:.3} + {y:(.3)} + {n:g}'
    """
    return re.sub(r"(?<=[:(]\.)\d", lambda found: str(int(found[0]) + more), template)


def derivative(name: str) -> ResponsiveText:
    """Return the partial derivative of the loss, as a fraction and in one line."""
    return rf"$\dfrac{{\partial L}}{{\partial {name}}}$", rf"$\partial L/\partial {name}$"
