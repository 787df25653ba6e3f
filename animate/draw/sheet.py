"""Contact sheets: several moments of a stage side by side in one picture."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from animate.draw.stage import Stage


def pixels(figure: Figure) -> np.ndarray:
    """Return a figure as drawn, RGB uint8 (height, width, 3)."""
    canvas = figure.canvas
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3].copy()  # type: ignore[attr-defined]


def contact_sheet(stage: Stage, times: Iterable[float], n_columns: int) -> np.ndarray:
    """Return the moments at ``times`` (seconds) as tiles in rows, RGB uint8, thin rules between them."""
    tiles = []
    for time in times:
        stage.show(float(time))
        tiles.append(pixels(stage.figure))
    height, width, _ = tiles[0].shape
    gap = max(2, width // 160)
    n_rows = -(-len(tiles) // n_columns)
    rule = np.round(255 * np.array(to_rgb(stage.style.theme.rule))).astype(np.uint8)
    sheet = np.tile(rule, (n_rows * (height + gap) + gap, n_columns * (width + gap) + gap, 1))
    for index, tile in enumerate(tiles):
        row, column = divmod(index, n_columns)
        top, left = gap + row * (height + gap), gap + column * (width + gap)
        sheet[top : top + height, left : left + width] = tile
    return sheet
