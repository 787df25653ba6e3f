"""Sheets of pictures: moments of one scene, and pairs before and after a change."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from animate.draw.stage import Stage
from animate.draw.style import DPI
from animate.draw.theme import LIGHT

EDGE, GAP, HEAD, ROW_HEAD = 32, 16, 96, 64


def pixels(figure: Figure, n_channels: int = 3) -> np.ndarray:
    """Return a drawn figure as RGB or RGBA, uint8 (height, width, n_channels)."""
    canvas = figure.canvas
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :n_channels].copy()  # type: ignore[attr-defined]


def contact_sheet(stage: Stage, times: Iterable[float]) -> np.ndarray:
    """Return a contact sheet: moments of a stage as tiles in as many rows as columns, with thin rules between them.

    Parameters
    ----------
    stage : Stage
        Left at the last of the moments.
    times : iterable of float
        Seconds.

    Returns
    -------
    array (height, width, 3) or (height, width, 4)
        RGB, uint8; RGBA of a stage that is transparent.
    """
    n_channels = 4 if stage.style.settings.transparent else 3
    tiles = []
    for time in times:
        stage.show(float(time))
        tiles.append(pixels(stage.figure, n_channels))
    n_columns = math.ceil(math.sqrt(len(tiles)))
    height, width, _ = tiles[0].shape
    gap = max(2, width // 160)
    n_rows = -(-len(tiles) // n_columns)
    rule = np.round(255 * np.array(to_rgba(stage.style.theme.rule)[:n_channels])).astype(np.uint8)
    sheet = np.tile(rule, (n_rows * (height + gap) + gap, n_columns * (width + gap) + gap, 1))
    for index, tile in enumerate(tiles):
        row, column = divmod(index, n_columns)
        top, left = gap + row * (height + gap), gap + column * (width + gap)
        sheet[top : top + height, left : left + width] = tile
    return sheet


@dataclass(frozen=True)
class SheetRow:
    """One row of a comparison sheet.

    Parameters
    ----------
    heading, note : str
        Its heading and the line below it.
    pictures : sequence of array (height, width, 3)
        RGB, uint8, from left to right.
    """

    heading: str
    note: str
    pictures: Sequence[np.ndarray] = ()

    @property
    def height(self) -> int:
        """Return the height of the row in pixels."""
        return ROW_HEAD + max((picture.shape[0] + GAP for picture in self.pictures), default=0) + GAP


def comparison_sheet(
    title: str, note: str, rows: Sequence[SheetRow], columns: Sequence[str], column_width: int
) -> np.ndarray:
    """Return a sheet of pictures side by side, a row for each comparison, as RGB, uint8 (height, width, 3).

    Parameters
    ----------
    title, note : str
        Its heading and the line below it.
    rows : sequence of SheetRow
        From top to bottom.
    columns : sequence of str
        The headings of the columns.
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
        write(EDGE, 74, _fitting(note, width), 13, LIGHT.muted)
        top = HEAD
        for row in rows:
            write(EDGE, top + 24, _fitting(row.heading, width), 15, weight="bold")
            write(EDGE, top + 43, _fitting(row.note, width), 12, LIGHT.muted)
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
