"""How far a curve misses each point: residuals as lengths, and as the areas of their squares."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection

from animate.draw.style import Style
from animate.learn.data import RegressionData


class ResidualMarks:
    """A segment per residual, and on it, where asked for, a square: on screen, its side is as long as the segment."""

    def __init__(self, axes: Axes, style: Style) -> None:
        theme, thin = style.theme, style.px(1.2, least=0.7)
        self._axes = axes
        self._segments = LineCollection([], colors=theme.tint("error", 0.62), linewidths=style.thin_px, zorder=2)
        self._filled = PolyCollection(
            [], facecolors=theme.tint("error", 0.12), edgecolors=theme.tint("error", 0.5), linewidths=thin, zorder=1.4
        )
        self._squares = PolyCollection(
            [], facecolors="none", edgecolors=theme.tint("error", 0.4), linewidths=thin, zorder=1.5
        )
        for collection in (self._segments, self._filled, self._squares):
            axes.add_collection(collection, autolim=False)

    def show(self, data: RegressionData, on_curve: np.ndarray, *, squares: bool, filled: np.ndarray) -> None:
        """Set the segments from the points to the curve's heights there, and the squares; some rows' are filled."""
        x, y = data.x, data.y
        if not np.isfinite(on_curve).all():
            x = y = on_curve = np.array([])
        self._segments.set_segments(list(np.stack([np.stack([x, y], -1), np.stack([x, on_curve], -1)], axis=1)))
        if squares:
            is_filled = np.isin(np.arange(len(x)), filled)
            for collection, rows in ((self._filled, is_filled), (self._squares, ~is_filled)):
                collection.set_verts(list(self._corners(x[rows], y[rows], on_curve[rows])))

    def _corners(self, x: np.ndarray, y: np.ndarray, on_curve: np.ndarray) -> np.ndarray:
        """Return the corners (k, 4, 2) of the squares, the largest first, each opened towards the middle."""
        (left, right), (low, high) = self._axes.get_xlim(), self._axes.get_ylim()
        per_height = (right - left) / self._axes.bbox.width * self._axes.bbox.height / (high - low)
        side = np.abs(y - on_curve) * per_height
        across = x + np.where(x <= (left + right) / 2, side, -side)
        corners = np.stack([x, y, across, y, across, on_curve, x, on_curve], axis=-1).reshape(-1, 4, 2)
        return np.asarray(corners[np.argsort(-side, kind="stable")])
