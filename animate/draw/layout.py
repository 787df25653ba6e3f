"""Where panels stand: side by side in a wide picture, as in the scene, and in rows in a tall or square one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from typing import TypeAlias

from animate.draw.panels.base import Panel
from animate.errors import UsageError

Stack: TypeAlias = Sequence[Panel]
"""Panels from top to bottom."""
Row: TypeAlias = Sequence[Stack]
"""Stacks from left to right."""

_LEAST_SIDE, _LEAST_OF_LINES = 9.0, 5.5
"""Width or height of a panel, in heights of its labels, below which it is hard to read: any, and of lines of text."""
LEAST_SIDE_PX = 14.0
"""Width or height of axes below which nothing can be seen on them."""
_GUTTER = 3.0
"""Width in heights of labels that the ticks and the label beside a panel take."""

_MOST_BROKEN = 8
"""Panels of which all ways to break them into rows are tried."""
_UNLIKE = 2.0
"""How much small multiples of unlike sizes count."""
_UNEQUAL = 0.4
"""How much panels of unequal areas, beside their weights, count against an arrangement."""


@dataclass(frozen=True)
class Rectangle:
    """A rectangle in pixels from the bottom left."""

    left: float
    bottom: float
    width: float
    height: float


@dataclass(frozen=True)
class Cell:
    """The place of a panel with its heading, ticks and labels.

    Parameters
    ----------
    panel : Panel
    box : Rectangle
    stacked : bool
        Whether other panels stand above or below it in the same row.
    """

    panel: Panel
    box: Rectangle
    stacked: bool


@dataclass(frozen=True)
class Room:
    """What panels are laid out in.

    Parameters
    ----------
    box : Rectangle
        All that they may cover.
    gap_x, gap_y : float
        Pixels between neighbors.
    head : float
        Height in pixels of what stands around a panel's axes: its heading, ticks and labels.
    label_px : float
        Font size of labels.
    """

    box: Rectangle
    gap_x: float
    gap_y: float
    head: float
    label_px: float


def lay_out(columns: Sequence[Stack], room: Room, *, is_wide: bool) -> list[Cell]:
    """Return a cell for each panel, in the order of the scene.

    Parameters
    ----------
    columns : sequence of sequence of Panel
        As the scene lists them, from left to right.
    room : Room
    is_wide : bool
        Whether they stand as the scene lists them. Otherwise that arrangement of rows is taken in which the axes have
        the shapes that suit their panels best; of equal ones, the first.

    Raises
    ------
    UsageError
        If there is no room for a panel.
    """
    if is_wide:
        cells = _cells([columns], room)
    else:
        cells = min((_cells(rows, room) for rows in _arrangements(columns)), key=lambda cells: _misfit(cells, room))
    _check_sides(cells, room)
    return cells


def _check_sides(cells: Sequence[Cell], room: Room) -> None:
    """Raise UsageError if a panel has no room for anything but its labels."""
    for cell in cells:
        width, height = cell.box.width - _gutter(cell, room), cell.box.height - (0.0 if cell.panel.bare else room.head)
        name, side = min((("wide", width), ("high", height)), key=lambda one: one[1])
        if side < LEAST_SIDE_PX:
            panel = cell.panel
            title = (panel.title if isinstance(panel.title, str) else panel.title[0]) or panel.name
            raise UsageError(
                f"size must leave each panel {LEAST_SIDE_PX:g} px to be readable; the axes of {title!r} would be "
                f"{max(side, 0):.0f} px {name}. Use a larger size, or another shape."
            )


def _gutter(cell: Cell, room: Room) -> float:
    """Return the width that labels beside the axes will take, if there are any."""
    return _GUTTER * room.label_px if cell.panel.has_ticks and not cell.panel.bare else 0.0


def _arrangements(columns: Sequence[Stack]) -> Iterator[Sequence[Row]]:
    """Yield ways to break the columns into rows, panels in reading order."""
    panels = list(_reading_order(columns))
    yield from _in_rows(panels)
    for split in range(1, len(columns)):
        yield [columns[:split], columns[split:]]
    for split in range(1, len(panels)):
        yield [[panels[:split], panels[split:]]]
    yield [[[panel] for panel in stack] for stack in columns]
    yield [columns]
    if len(columns) == 2 and all(map(_is_in_lines, columns[1][:-1])):  # lines of text have the whole width below
        *lines, last = columns[1]
        yield [[columns[0], [last]], *([[panel]] for panel in lines)]


def _is_in_lines(panel: Panel) -> bool:
    """Return whether a panel is low and long: lines of text."""
    return panel.aspects[0] >= 3.0 and not panel.has_ticks


def _in_rows(panels: Sequence[Panel]) -> Iterator[Sequence[Row]]:
    """Yield all ways to break panels into rows; of many panels, those into rows of one length."""
    lengths = range(1, len(panels) + 1)
    if len(panels) > _MOST_BROKEN:
        yield from ([[[panel] for panel in panels[i : i + n]] for i in range(0, len(panels), n)] for n in lengths)
        return
    for n in lengths:
        first = [[panel] for panel in panels[:n]]
        yield from ([first, *rows] for rows in _in_rows(panels[n:])) if panels[n:] else [[first]]


def _reading_order(columns: Sequence[Stack]) -> Iterator[Panel]:
    """Yield the panels column by column, but grids row by row, as they are read in a wide picture."""
    is_grid = len({len(stack) for stack in columns}) == 1
    for _, group in groupby(columns, key=lambda stack: None if is_grid else _alike(stack)):
        yield from (panel for row in zip(*group, strict=True) for panel in row)


def _alike(stack: Stack) -> tuple[type[Panel], int] | int:
    """Return what stacks of a grid share: the kind and count of their panels, which are compared."""
    kinds = {type(panel) for panel in stack}
    return (kinds.pop(), len(stack)) if len(stack) > 1 and len(kinds) == 1 else id(stack)


def _cells(rows: Sequence[Row], room: Room) -> list[Cell]:
    heights = _row_heights(rows, room)
    top, cells = room.box.bottom + room.box.height, []
    for row, height in zip(rows, heights, strict=True):
        left = room.box.left
        for stack, width in zip(row, _widths(row, room), strict=True):
            each = (height - room.gap_y * (len(stack) - 1)) / len(stack)
            for place, panel in enumerate(stack):
                bottom = top - (place + 1) * each - place * room.gap_y
                cells.append(Cell(panel, Rectangle(left, bottom, width, each), stacked=len(stack) > 1))
            left += width + room.gap_x
        top -= height + room.gap_y
    return cells


def _widths(row: Row, room: Room) -> list[float]:
    weights = [max(panel.weight for panel in stack) for stack in row]
    free = room.box.width - room.gap_x * (len(row) - 1)
    return [free * weight / sum(weights) for weight in weights]


def _row_heights(rows: Sequence[Row], room: Room) -> list[float]:
    """Return the height of each row: what its panels ask for at their width, scaled to fill the room."""
    free = room.box.height - room.gap_y * (len(rows) - 1)
    if len(rows) == 1:
        return [free]
    asked = []
    for row in rows:
        wishes = (
            sum(width / math.sqrt(panel.aspects[0] * panel.aspects[1]) + room.head for panel in stack)
            for stack, width in zip(row, _widths(row, room), strict=True)
        )
        asked.append(max(wishes))
    return [free * height / sum(asked) for height in asked]


def _misfit(cells: Sequence[Cell], room: Room) -> float:
    """Return how far the axes are from shapes that suit their panels; 0 is best."""
    areas = [math.log(cell.box.width * cell.box.height / cell.panel.weight) for cell in cells]
    mean = sum(areas) / len(areas)
    misfit = _UNEQUAL * sum(abs(area - mean) for area in areas)
    for (one, area), (other, its) in combinations(zip(cells, areas, strict=True), 2):
        if type(one.panel) is not type(other.panel):
            continue
        if one.panel.weight == other.panel.weight:  # small multiples
            sides = (one.box.width / other.box.width, one.box.height / other.box.height)
            misfit += _UNLIKE * sum(abs(math.log(side)) for side in sides)
        else:
            misfit += abs(area - its)
    for cell in cells:
        width, height = max(cell.box.width - _gutter(cell, room), 1.0), max(cell.box.height - room.head, 1.0)
        low, high = cell.panel.aspects
        misfit += abs(math.log(max(width / height, 1e-3) / min(max(width / height, low), high)))
        least = _LEAST_OF_LINES if _is_in_lines(cell.panel) else _LEAST_SIDE
        for side in (width, height):
            misfit += 4 * max(0.0, math.log(least * room.label_px / side))
    return round(misfit, 3)  # rounding errors do not choose
