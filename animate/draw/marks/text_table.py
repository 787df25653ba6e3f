"""Tables of words and numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass
from functools import partial
from typing import ClassVar

import numpy as np
from matplotlib.axes import Axes

from animate.draw.formatting import number, short_number
from animate.draw.marks.mark import Mark, Show, hue, value_at
from animate.draw.style import Style


@dataclass(frozen=True)
class TextTable(Mark):
    """Words and numbers in rows and columns that fill the axes.

    Parameters
    ----------
    rows : sequence of sequences of str, or function of the update
        As many cells in each row, from top to bottom.
    header : sequence of str
        Bold, above the rows.
    align : str
        One of "l", "c", "r" for each column, such as ``"lrr"``; numbers belong to the right.
    """

    rows: Sequence[Sequence[str]] | Callable[[int], Sequence[Sequence[str]]]
    header: Sequence[str] = ()
    _: KW_ONLY
    align: str = ""
    layer: float = 4.0

    dims: ClassVar[bool] = False

    def draw(self, axes: Axes, style: Style) -> Show | None:
        first = self._cells(0)
        n_rows, n_columns = len(first), len(first[0])
        sides = self.align or "l" + "r" * (n_columns - 1)
        if len(sides) != n_columns or set(sides) - set("lcr"):
            raise self.error(f"align must be one of l, c and r for each of {n_columns} columns; got {sides!r}")
        cells = []
        for row in range(n_rows):
            bold = bool(self.header) and row == 0
            for column, side in enumerate(sides):
                share = {"l": 0.0, "c": 0.5, "r": 1.0}[side]
                cells.append(axes.text(
                    (column + share) / n_columns, 1 - (row + 0.5) / n_rows, style.pick(first[row][column]),
                    zorder=self.layer, transform=axes.transAxes,
                    ha={"l": "left", "c": "center", "r": "right"}[side], va="center_baseline",
                    color=hue(style, "muted" if bold else self.color),
                    fontproperties=style.font(style.label_px, bold=bold),
                ))  # fmt: skip

        def show(update: float) -> None:
            rows = self._cells(update)
            got = (len(rows), len(rows[0]))
            if got != (n_rows, n_columns):
                raise self.error(
                    f"rows must be {n_rows} by {n_columns} cells at update {update:g}; got {got[0]} by {got[1]}"
                )
            for cell, text in zip(cells, [text for row in rows for text in row], strict=True):
                cell.set_text(style.pick(text))

        return show if self.moves else None

    def _cells(self, update: float) -> list[list[str]]:
        rows = [list(row) for row in value_at(self.rows, update)]
        cells = [list(self.header), *rows] if self.header else rows
        if not cells or len({len(row) for row in cells}) > 1:
            counts = ", ".join(str(len(row)) for row in cells)
            raise self.error(f"rows must have the same number of cells at update {update:g}; got {counts or 'no rows'}")
        return cells


def number_rows(
    header: Sequence[str], numbers: np.ndarray, *, means: Sequence[int] = (), role: str = "ink"
) -> list[TextTable]:
    """Return the rows of a table of numbers as marks of their own, which enter one by one: ``header``, ``row 1``, ...

    Numbers below 1 have two decimals, so that they fit, unless all numbers of the first update are below 0.1. One that
    these decimals do not tell from 0 is "≈0".

    Parameters
    ----------
    header : sequence of str
        The names of the columns; the first is that of the numbers of the rows.
    numbers : array (n_updates + 1, n_rows, n_columns - 1)
    means : sequence of int
        The columns of which a last row, ``mean``, shows the means.
    role : str
        The color of that row.
    """
    n_rows, empty = numbers.shape[1] + bool(means), [""] * len(header)
    is_small = np.abs(numbers[0]).max() < 0.1
    with np.errstate(all="ignore"):  # of a run that diverges
        last = numbers.mean(axis=1)

    def short(value: float) -> str:
        if abs(value) >= 1 or is_small:
            return short_number(value)
        return "≈0" if 1e-12 < abs(value) < 0.005 else number(value, 2)

    def row(place: int, cells: Callable[[int], Sequence[str]], name: str, color: str = "ink") -> TextTable:
        above, below = [empty] * place, [empty] * (n_rows - place)
        return TextTable(lambda update: [*above, cells(update), *below], name=name, color=color)

    def of_point(index: int, update: int) -> list[str]:
        return [str(index + 1), *map(short, numbers[update, index])]

    def of_means(update: int) -> list[str]:
        shown = enumerate(last[update])
        return ["mean", *(short(value) if column in means else "" for column, value in shown)]

    return [
        row(0, lambda _: header, "header", "muted"),
        *(row(at + 1, partial(of_point, at), f"row {at + 1}") for at in range(numbers.shape[1])),
        *[row(n_rows, of_means, "mean", role)][: bool(means)],
    ]
