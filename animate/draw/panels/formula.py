"""An update rule, and under each of its symbols the number that this update puts there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.text import Text

from animate.draw.formatting import MINUS, decimals_for, number
from animate.draw.panels.base import Panel, hide_axes, shifted
from animate.draw.run import Run
from animate.draw.style import ResponsiveText, Style
from animate.learn.descent import gradients_along
from animate.learn.lasso import Lasso
from animate.learn.objectives import LinearPredictor, Objective

ARROW = r"$\leftarrow$"
MOST_DECIMALS = 3


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

    def at(self, update: int) -> float:
        """Return the number at an update: the last one there is, where the run is over."""
        series = np.atleast_1d(np.asarray(self.values, dtype=float))
        return float(series[min(update, len(series) - 1)])


@dataclass(kw_only=True)
class Formula(Panel):
    """Rules written as formulas; below each symbol stands its number, of the update on screen.

    Parameters
    ----------
    rules : sequence of sequences of Term
        From top to bottom; the first term of each is what the rule gives.
    roles : sequence of str
        The color of what each rule gives: that of the run it makes.
    """

    rules: Sequence[Sequence[Term]]
    roles: Sequence[str]

    bare: ClassVar[bool] = True

    @classmethod
    def of_descent(
        cls,
        objective: Objective,
        run: Run,
        learning_rate: float,
        names: Sequence[str] = ("w", "b"),
        **fields: Any,
    ) -> Formula:
        """Return plain gradient descent's rule for each parameter, with the gradient that made each update."""
        before, after = _before_and_after(run.trajectory.params)
        gradients = gradients_along(objective, run.trajectory)
        rules = [
            [
                Term(f"${name}$", after[:, axis]), Term(ARROW), Term(f"${name}$", before[:, axis]), Term("$-$"),
                Term(r"$\eta$", learning_rate), Term(r"$\cdot$"), Term(derivative(name), gradients[:, axis]),
            ]
            for axis, name in enumerate(names)
        ]  # fmt: skip
        return cls(rules=rules, roles=[run.role] * len(rules), **fields)

    @classmethod
    def of_heavy_ball(
        cls,
        objective: Objective,
        run: Run,
        *,
        learning_rate: float,
        momentum: float,
        name: str,
        axis: int,
        **fields: Any,
    ) -> Formula:
        """Return the heavy ball's two rules for one parameter: of its velocity, then of the parameter itself."""
        before, after = (path[:, axis] for path in _before_and_after(run.trajectory.params))
        with np.errstate(all="ignore"):
            velocity = np.append(0.0, np.diff(after))
        velocity_before, velocity_after = (path[:, 0] for path in _before_and_after(velocity[:, None]))
        gradient = gradients_along(objective, run.trajectory)[:, axis]
        rules = [
            [
                Term("$v$", velocity_after), Term(ARROW), Term(r"$\beta$", momentum), Term(r"$\cdot$"),
                Term("$v$", velocity_before), Term("$-$"), Term(r"$\eta$", learning_rate), Term(r"$\cdot$"),
                Term(derivative(name), gradient),
            ],
            [
                Term(f"${name}$", after), Term(ARROW), Term(f"${name}$", before), Term("$+$"),
                Term("$v$", np.append(np.nan, velocity[1:])),
            ],
        ]  # fmt: skip
        return cls(rules=rules, roles=[run.role] * len(rules), **fields)

    @classmethod
    def of_newton(cls, run: Run, names: Sequence[str] = ("w", "b"), **fields: Any) -> Formula:
        """Return Newton's rule for each parameter, with its part of the step H^-1 gradient."""
        before, after = _before_and_after(run.trajectory.params)
        with np.errstate(all="ignore"):
            steps = before - after
        rules = [
            [
                Term(f"${name}$", after[:, axis]), Term(ARROW), Term(f"${name}$", before[:, axis]), Term("$-$"),
                Term(rf"$(H^{{-1}}\nabla L)_{{{name}}}$", steps[:, axis]),
            ]
            for axis, name in enumerate(names)
        ]  # fmt: skip
        return cls(rules=rules, roles=[run.role] * len(rules), **fields)

    @classmethod
    def together(cls, formulas: Sequence[Formula], **fields: Any) -> Formula:
        """Return the rules of several formulas under each other."""
        rules = [rule for formula in formulas for rule in formula.rules]
        return cls(rules=rules, roles=[role for formula in formulas for role in formula.roles], **fields)

    def create(self, axes: Axes, style: Style) -> None:
        hide_axes(axes)
        self._numbers: list[tuple[Text, _Column]] = []
        table = _table(self.rules, style, axes.bbox.width, axes.bbox.height / len(self.rules))
        for row, (columns, role) in enumerate(zip(table, self.roles, strict=True)):
            self._write(axes, style, columns, height=1 - (row + 0.5) / len(table), role=role)

    def show(self, update: int) -> None:
        for text, column in self._numbers:
            text.set_text(column.text(update))

    def _write(self, axes: Axes, style: Style, columns: Sequence[_Column], *, height: float, role: str) -> None:
        """Write one rule around a height of the axes: the symbols on a line, their numbers on another under it."""
        extents = [style.text_extent(column.symbol, _symbol_px(style)) for column in columns]
        above, below = (max(extent[side] for extent in extents) for side in (1, 2))
        digit_px = style.text_extent("0", style.readout_px)[1]
        between = below + style.px(14, least=3) + digit_px
        baseline = (between - above) / 2
        left = 0.0
        for place, column in enumerate(columns):
            center = left + column.width_px / 2
            left += column.width_px + column.gap_px
            _put(axes, style, (center, baseline), height, column.symbol, _symbol_px(style), "ink" if place else role)
            text = _put(
                axes, style, (center, baseline - between), height, "", style.readout_px, "muted" if place else role
            )
            self._numbers.append((text, column))


@dataclass(frozen=True)
class _Column:
    """How one term is written: its symbol, its decimals, and the width of its column."""

    term: Term
    symbol: str
    is_result: bool
    decimals: int
    width_px: float = 0.0
    gap_px: float = 0.0

    def text(self, update: int) -> str:
        """Return what stands under the symbol; at the start, before any update, only what the rule gives does."""
        if update == 0 and not self.is_result:
            return ""
        return self.symbol if self.term.values is None else self.written(self.term.at(update))

    def written(self, value: float) -> str:
        is_constant = np.asarray(self.term.values).ndim == 0
        text = f"{value:g}" if is_constant else number(value, self.decimals)
        return text if self.is_result or not text.startswith(MINUS) else f"({text})"


def _put(
    axes: Axes, style: Style, offset: tuple[float, float], height: float, text: str, size_px: float, role: str
) -> Text:
    """Put a text at pixels from the left edge and from a height of the axes."""
    return axes.text(
        0.0, height, text, transform=shifted(axes, *offset), ha="center", va="baseline", color=style.theme.color(role),
        fontproperties=style.font(size_px), zorder=4,
    )  # fmt: skip


def _table(rules: Sequence[Sequence[Term]], style: Style, width_px: float, height_px: float) -> list[list[_Column]]:
    """Return how each term of each rule is written, with as many decimals as there is room for."""
    gaps = (style.px(13), style.px(8), 2.5)
    for decimals, gap_px in product(range(_decimals(rules), -1, -1), gaps):
        table = [
            [
                _column(_Column(term, _symbol(term, style, height_px), place == 0, decimals, gap_px=gap_px), style)
                for place, term in enumerate(rule)
            ]
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


def _symbol(term: Term, style: Style, height_px: float) -> str:
    """Return the first of a symbol's alternatives that leaves room for its number, else the last."""
    alternatives = (term.symbol,) if isinstance(term.symbol, str) else term.symbol
    room = height_px - 1.8 * style.readout_px
    fitting = [words for words in alternatives if sum(style.text_extent(words, _symbol_px(style))[1:]) <= room]
    return fitting[0] if fitting else alternatives[-1]


def _column(column: _Column, style: Style) -> _Column:
    """Return the column as wide as its symbol and its widest number."""
    width = style.text_width(column.symbol, _symbol_px(style))
    if column.term.values is not None:
        values = np.atleast_1d(np.asarray(column.term.values, dtype=float))
        finite = values[np.isfinite(values)]
        extremes = (finite.min(initial=0.0), finite.max(initial=0.0))
        width = max(width, *(style.text_width(column.written(float(value)), style.readout_px) for value in extremes))
    return replace(column, width_px=width)


def _symbol_px(style: Style) -> float:
    """Return the size of symbols, large enough that an index is not under the smallest text."""
    return max(16.0, 1.3 * style.heading_px)


def derivative(name: str) -> ResponsiveText:
    """Return the partial derivative of the loss, as a fraction and in one line."""
    return rf"$\dfrac{{\partial L}}{{\partial {name}}}$", rf"$\partial L/\partial {name}$"


def _before_and_after(params: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the entry that each update began with, nan for the start, and the one it ended with."""
    return np.concatenate([np.full_like(params[:1], np.nan), params[:-1]]), params


def shrinkage_rules(
    lasso: tuple[Lasso, Run],
    ridge: tuple[LinearPredictor, Run],
    *,
    learning_rate: float,
    axis: int,
    name: str,
    **fields: Any,
) -> Formula:
    """Return the rules of both for one weight: a gradient step of the loss to v, then v moved towards 0.

    The lasso takes off clip(v, -ηλ, ηλ), all of v where that is small; ridge takes off ηλ times the weight.

    Parameters
    ----------
    lasso, ridge : pair of objective and Run
        Each with its penalty.
    learning_rate : float
        Of both.
    axis : int
        Which weight.
    name : str
        Its symbol as mathtext, without dollars.
    """
    given: dict[str, Any] = {
        "rules": [_lasso_rule(*lasso, learning_rate, axis, name), _ridge_rule(*ridge, learning_rate, axis, name)],
        "roles": (lasso[1].role, ridge[1].role),
    }
    return Formula(**given | fields)


def _lasso_rule(objective: Lasso, run: Run, learning_rate: float, axis: int, name: str) -> Sequence[Term]:
    moved = _gradient_steps(objective.smooth, run, learning_rate, axis)
    threshold = learning_rate * objective.lasso_penalty
    taken = Term(r"$\mathrm{clip}_{\eta\lambda}(v)$", np.clip(moved, -threshold, threshold))
    return [Term(f"${name}$", run.trajectory.params[:, axis]), Term(ARROW), Term("$v$", moved), Term("$-$"), taken]


def _ridge_rule(objective: LinearPredictor, run: Run, learning_rate: float, axis: int, name: str) -> Sequence[Term]:
    weights = run.trajectory.params[:, axis]
    moved = _gradient_steps(replace(objective, ridge_penalty=0.0), run, learning_rate, axis)
    with np.errstate(all="ignore"):
        share = learning_rate * objective.ridge_penalty * np.append(np.nan, weights[:-1])
    taken = Term(rf"$\eta\lambda\,{name}$", share)
    return [Term(f"${name}$", weights), Term(ARROW), Term("$v$", moved), Term("$-$"), taken]


def _gradient_steps(objective: LinearPredictor, run: Run, learning_rate: float, axis: int) -> np.ndarray:
    """Return where a plain gradient step leads from the weight before each update, nan for the start."""
    before = run.trajectory.params[:-1]
    with np.errstate(all="ignore"):
        steps = [params[axis] - learning_rate * objective.gradient(params)[axis] for params in before]
    return np.array([np.nan, *steps])
