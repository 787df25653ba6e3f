"""Training and validation error against the degree of a cross-validation, as far as it has come."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.transforms import Bbox, TransformedBbox

from animate.draw.panels.base import Panel, plain_axes, set_log_ticks, set_ticks
from animate.draw.readout import Readout
from animate.draw.style import ResponsiveText, Style
from animate.learn.cross_validation import CrossValidation


@dataclass(kw_only=True)
class FoldErrors(Panel):
    """A dot per fit and a line through the mean of each degree that is done; in the end the lowest mean is marked.

    The scale is that of the means up to a thousand times the lowest; what is higher runs out of the picture.

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
        self._set_limits(axes, style)
        if not style.compact:
            axes.set_xlabel("degree")
        self._dots = [self._draw_dots(axes, style, role) for role in ("data", "first")]
        self._lines = [self._draw_line(axes, style, role) for role in ("data", "first")]
        below_names = TransformedBbox(Bbox([[0.0, 0.0], [1.0, self._share]]), axes.transAxes)
        for artist in (*self._dots, *self._lines):
            artist.set_clip_box(below_names)
        self._mark = axes.axvline(
            np.nan, 0.0, self._share, color=style.theme.muted, linewidth=style.thin_px, linestyle=(0, (4, 3)), zorder=1
        )
        self._name_lines(axes, style)

    def show(self, update: int) -> None:
        done = min(update, self.result.n_fits)
        n_folds = len(self.result.folds)
        places = np.array([self.result.place(fit)[0] + 1 for fit in range(1, done + 1)])
        for dots, line, errors, means in zip(self._dots, self._lines, self._errors(), self._means(), strict=True):
            dots.set_data(places, errors.ravel()[:done])
            n_done = done // n_folds
            line.set_data(np.arange(1, n_done + 1), means[:n_done])
        best = self.result.best + 1 if update > self.result.n_fits else np.nan
        self._mark.set_xdata([best, best])

    def _errors(self) -> tuple[np.ndarray, np.ndarray]:
        return self.result.training, self.result.validation

    def _means(self) -> tuple[np.ndarray, np.ndarray]:
        return self.result.mean_training, self.result.mean_validation

    def _set_limits(self, axes: Axes, style: Style) -> None:
        n_degrees = len(self.result.degrees)
        axes.set_xlim(0.5, n_degrees + 0.5)
        set_ticks(axes, style, "x", range(1, n_degrees + 1), [str(degree) for degree in self.result.degrees])
        means = np.concatenate(self._means())
        positive = means[means > 0]
        low, high = (float(positive.min()), float(positive.max())) if positive.size else (0.1, 1.0)
        low, high = max(low, 1e-9 * high) / 1.7, min(high, 1e3 * max(self.result.mean_validation.min(), low)) * 1.5
        # a band at the top stays free for the names of the lines
        band = min(1.5 * style.label_px / axes.bbox.height, 0.6)
        axes.set_yscale("log")
        axes.set_ylim(low, low * (high / low) ** (1 / (1 - band)))
        self._share = 1 - band
        set_log_ticks(axes, style, "y", (low, high))

    def _name_lines(self, axes: Axes, style: Style) -> None:
        for x, align, name, role in ((0.0, "left", "training", "data"), (1.0, "right", "validation", "first")):
            inset = (0.5 - x) * style.px(16, least=8) / axes.bbox.width
            axes.text(
                x + inset, 1.0, name, transform=axes.transAxes, ha=align, va="top", color=style.theme.color(role),
                fontproperties=style.font(style.label_px, bold=True), zorder=4,
            )  # fmt: skip

    def _draw_dots(self, axes: Axes, style: Style, role: str) -> Line2D:
        (dots,) = axes.plot(
            [], [], linestyle="none", marker="o", markersize=style.px(4.5, least=2.4), markeredgewidth=0,
            color=style.theme.tint(role, 0.45), zorder=2,
        )  # fmt: skip
        return dots

    def _draw_line(self, axes: Axes, style: Style, role: str) -> Line2D:
        (line,) = axes.plot(
            [], [], color=style.theme.color(role), linewidth=style.px(2.6, least=1.4), marker="o", zorder=3,
            markersize=style.px(8, least=4.4), markeredgecolor=style.theme.background,
            markeredgewidth=style.px(1.2, least=0.7),
        )  # fmt: skip
        return line
