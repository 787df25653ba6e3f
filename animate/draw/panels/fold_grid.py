"""Every fit of a cross-validation as a cell, folds by degrees: lit in turn, then colored by its validation error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.patches import Rectangle

from animate.draw.panels.base import Panel, plain_axes, set_ticks
from animate.draw.readout import Readout
from animate.draw.style import ResponsiveText, Style
from animate.learn.cross_validation import CrossValidation

N_BANDS = 9
_GAP = 0.07


@dataclass(kw_only=True)
class FoldGrid(Panel):
    """Cells in the order of the fits, darker the larger the logarithm of the error on the fold held out.

    Parameters
    ----------
    result : CrossValidation
        All fits.
    note : ResponsiveText
        What stands at the right of the title.
    """

    result: CrossValidation
    note: ResponsiveText = ""

    def readout(self, style: Style) -> Readout | None:
        return Readout.still(self.note) if self.note else None

    def create(self, axes: Axes, style: Style) -> None:
        plain_axes(axes, style)
        for spine in axes.spines.values():
            spine.set_visible(False)
        n_degrees, n_folds = self.result.validation.shape
        axes.set_xlim(0.5, n_degrees + 0.5)
        axes.set_ylim(n_folds + 0.5, 0.5)
        set_ticks(axes, style, "x", range(1, n_degrees + 1), [str(degree) for degree in self.result.degrees])
        folds = range(1, n_folds + 1) if n_folds * 1.15 * style.label_px <= axes.bbox.height else (1, n_folds)
        set_ticks(axes, style, "y", list(folds), [f"fold {fold}" if fold == 1 else str(fold) for fold in folds])
        self._colors = self._colors_of_cells(style)
        corners = [self._corners(*self.result.place(fit)) for fit in range(1, self.result.n_fits + 1)]
        self._empty = style.theme.background
        self._cells = PolyCollection(
            corners, edgecolors=style.theme.rule, linewidths=style.px(1.2, least=0.8), zorder=1
        )  # fmt: skip
        axes.add_collection(self._cells, autolim=False)
        self._lit = Rectangle(
            (0, 0), 0, 0, facecolor="none", edgecolor=style.theme.first, linewidth=style.px(3, least=1.8), zorder=2
        )
        axes.add_patch(self._lit)

    def show(self, update: int) -> None:
        done = min(update, self.result.n_fits)
        self._cells.set_facecolor([*self._colors[:done], *[self._empty] * (self.result.n_fits - done)])
        if update > self.result.n_fits:
            left, top, height = self.result.best + 1, 1, len(self.result.folds)
        else:
            degree, fold = self.result.place(max(update, 1))
            left, top, height = degree + 1, fold + 1, 1
        self._lit.set_bounds(left - 0.5, top - 0.5, 1 if update else 0, height if update else 0)

    def _corners(self, degree: int, fold: int) -> np.ndarray:
        left, right = degree + 0.5 + _GAP / 2, degree + 1.5 - _GAP / 2
        top, bottom = fold + 0.5 + _GAP, fold + 1.5 - _GAP
        return np.array([[left, top], [right, top], [right, bottom], [left, bottom]])

    def _colors_of_cells(self, style: Style) -> list[str]:
        """Return a color for each fit: nine bands between the lowest error and a hundred times that, or the highest."""
        errors = np.log10(np.maximum(self.result.validation.ravel(), 1e-300))
        low, high = float(errors.min()), float(min(errors.max(), errors.min() + 2.0))
        share = (errors - low) / (high - low) if high > low else np.zeros_like(errors)
        bands = np.minimum((np.clip(share, 0, 1) * N_BANDS).astype(int), N_BANDS - 1)
        colors = style.theme.surface_colors(N_BANDS)
        return [colors[band] for band in bands]
