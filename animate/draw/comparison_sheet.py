"""A sheet of pictures before and after a change, one row each, with what is said about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from animate.draw.sheet import pixels
from animate.draw.theme import LIGHT

DPI = 72  # a point is a pixel
EDGE, GAP, HEAD, ROW_HEAD = 32, 16, 96, 64


@dataclass(frozen=True)
class SheetRow:
    """One row: its heading, a line of words, and its pictures, RGB uint8 (height, width, 3), from left to right."""

    heading: str
    said: str
    pictures: Sequence[np.ndarray] = ()

    @property
    def height(self) -> int:
        """Return how many pixels the row takes."""
        return ROW_HEAD + max((picture.shape[0] + GAP for picture in self.pictures), default=0) + GAP


def comparison_sheet(
    title: str, said: str, rows: Sequence[SheetRow], columns: Sequence[str], column_width: int
) -> np.ndarray:
    """Return the sheet as RGB uint8.

    Parameters
    ----------
    title, said : str
        Its heading and the line under it.
    rows : sequence of SheetRow
    columns : sequence of str
        What stands over the pictures of each column.
    column_width : int
        Pixels.
    """
    width = 2 * EDGE + len(columns) * (column_width + GAP) - GAP
    height = HEAD + EDGE + sum(row.height for row in rows)
    with rc_context({"text.usetex": False, "text.parse_math": False, "font.family": ["DejaVu Sans"]}):
        figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI, facecolor=LIGHT.background)
        FigureCanvasAgg(figure)

        def write(x: float, y: float, text: str, size: float, color: str = LIGHT.ink, weight: str = "normal") -> None:
            figure.text(x / width, 1 - y / height, text, size=size, color=color, weight=weight, va="baseline")

        write(EDGE, 48, title, 22, weight="bold")
        write(EDGE, 74, _fitting(said, width), 13, LIGHT.muted)
        top = HEAD
        for row in rows:
            write(EDGE, top + 24, _fitting(row.heading, width), 15, weight="bold")
            write(EDGE, top + 43, _fitting(row.said, width), 12, LIGHT.muted)
            for index, (picture, name) in enumerate(zip(row.pictures, columns, strict=False)):
                left = EDGE + index * (column_width + GAP)
                if len(row.pictures) > 1:
                    write(left, top + ROW_HEAD - 2, name, 11, LIGHT.muted)
                figure.figimage(_framed(picture), left, height - top - ROW_HEAD - 6 - picture.shape[0], origin="upper")
            top += row.height
        return pixels(figure)


def _framed(picture: np.ndarray) -> np.ndarray:
    framed = picture.copy()
    rule = [int(LIGHT.rule[place : place + 2], 16) for place in (1, 3, 5)]
    framed[[0, -1]] = rule
    framed[:, [0, -1]] = rule
    return framed


def _fitting(text: str, width: int) -> str:
    most = (width - 2 * EDGE) // 8
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
