"""A function over the plane, drawn as bands whose edges follow it: made once, set anew at every update."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from contourpy import FillType, LineType, contour_generator  # matplotlib draws its own contours with it
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import PathPatch
from matplotlib.path import Path

_NOWHERE = Path(np.zeros((1, 2)))


class Field:
    """Points on a grid over the axes, at which a function is asked for its values.

    Parameters
    ----------
    axes : Axes
        Limits already set.
    cell_px : float
        Width and height of a grid cell.
    """

    def __init__(self, axes: Axes, cell_px: float) -> None:
        across = max(int(axes.bbox.width / cell_px), 8)
        up = max(int(axes.bbox.height / cell_px), 8)
        self.x, self.y = np.linspace(*axes.get_xlim(), across + 1), np.linspace(*axes.get_ylim(), up + 1)
        self.points = np.stack(np.meshgrid(self.x, self.y), axis=-1).reshape(-1, 2)

    def grid(self, values: np.ndarray) -> np.ndarray:
        """Return one value per point (k,) as a grid (n_y, n_x)."""
        return np.reshape(values, (len(self.y), len(self.x)))

    def above(self, values: np.ndarray, level: float) -> Path:
        """Return the outline of where values (k,) are above a level."""
        ceiling = max(float(np.max(values, initial=level)), level) + 1.0
        maker = contour_generator(self.x, self.y, self.grid(values), fill_type=FillType.OuterCode)
        found: Any = maker.filled(level, ceiling)  # of this fill type: the outlines' points, and their codes
        outlines, codes = found
        return Path(np.concatenate(outlines), np.concatenate(codes)) if outlines else _NOWHERE

    def lines(self, values: np.ndarray, level: float) -> list[np.ndarray]:
        """Return the curves (n, 2) along which values (k,) are at a level."""
        maker = contour_generator(self.x, self.y, self.grid(values), line_type=LineType.Separate)
        return [np.asarray(line) for line in maker.lines(level)]


class Bands:
    """Bands of one color each, from the one that covers everything to the smallest, each painted over the last."""

    def __init__(self, axes: Axes, colors: Sequence[str], *, zorder: float = 0.5) -> None:
        self._patches = [PathPatch(_NOWHERE, facecolor=color, linewidth=0, zorder=zorder) for color in colors]
        for patch in self._patches:
            axes.add_patch(patch)

    def show(self, outlines: Sequence[Path]) -> None:
        """Set each band's outline."""
        for patch, outline in zip(self._patches, outlines, strict=True):
            patch.set_path(outline)


def line_collection(axes: Axes, color: str, width: float, zorder: float, **properties: Any) -> LineCollection:
    """Return lines whose segments are still to be set; they do not change the limits."""
    lines = LineCollection([], colors=color, linewidths=width, zorder=zorder, **properties)
    axes.add_collection(lines, autolim=False)
    return lines
