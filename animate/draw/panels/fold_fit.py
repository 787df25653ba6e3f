"""One fit of a cross-validation at a time: the fold held out is lit, the curve is fitted to the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D

from animate.draw.formatting import readable
from animate.draw.panels.base import Panel, padded, plain_axes, set_limits
from animate.draw.panels.residual_marks import ResidualMarks
from animate.draw.readout import Readout, decimals_for, number
from animate.draw.style import Style
from animate.learn.cross_validation import CrossValidation, PolynomialFit
from animate.learn.data import RegressionData

N_CURVE = 200


@dataclass(kw_only=True)
class FoldFit(Panel):
    """Update k shows the k-th fit; the one after the last shows the best degree, fitted to all points.

    R² is that of the curve on the points it is fitted to; the validation error is that on the fold held out, in the
    end the mean of the best degree's. Thin curves are the fits of the same degree to other folds so far.

    Parameters
    ----------
    result : CrossValidation
        All fits.
    """

    result: CrossValidation

    def readout(self, style: Style) -> Readout:
        errors = self.result.validation
        places = decimals_for(float(self.result.mean_validation.min()))

        def text(update: int) -> str:
            if update == 0:
                return "–"
            if update > self.result.n_fits:
                return number(float(self.result.mean_validation.min()), places)
            return number(float(errors[self.result.place(update)]), places)

        widest = max((number(float(error), places) for error in errors.ravel()), key=len)
        return Readout(("validation error", "validation"), text, widest, lambda _: "first")

    def subtitle(self, style: Style) -> Callable[[int], str]:
        result = self.result

        def words(update: int) -> str:
            if update == 0:
                return f"{result.data.n_samples} points, {len(result.folds)} folds"
            fit, _, _ = self._shown(update)
            score = "" if fit is None else number(fit.problem.r_squared(fit.params), 3)
            if update > result.n_fits:
                return f"degree {result.degrees[result.best]}, all points: R² {score}"
            degree, fold = result.place(update)
            return f"degree {result.degrees[degree]}, fold {fold + 1} of {len(result.folds)} out: R² {score}"

        return words

    def create(self, axes: Axes, style: Style) -> None:
        plain_axes(axes, style)
        self._set_limits(axes, style)
        theme = style.theme
        self._misses = ResidualMarks(axes, style)
        self._others = LineCollection([], colors=theme.tint("ink", 0.3), linewidths=style.px(1.8, least=1.0), zorder=2)
        axes.add_collection(self._others, autolim=False)
        data = self.result.data
        self._draw_points(axes, style, "data", 1.0).set_data(data.x, data.y)
        (self._line,) = axes.plot([], [], color=theme.ink, linewidth=style.line_px, zorder=4)
        self._lit = self._draw_points(axes, style, "first", 1.35)

    def show(self, update: int) -> None:
        result, data = self.result, self.result.data
        fit, rows, others = self._shown(update)
        self._line.set_data(self._x, np.full_like(self._x, np.nan) if fit is None else self._heights(fit))
        self._lit.set_data(data.x[rows], data.y[rows])
        self._others.set_segments([np.stack([self._x, self._heights(other)], axis=-1) for other in others])
        held = RegressionData(data.x[rows], data.y[rows])
        on_curve = held.y if fit is None else np.clip(fit.curve(held.x), *self._far)
        self._misses.show(held, on_curve, squares=False, filled=result.folds[0].validation[:0])

    def _shown(self, update: int) -> tuple[PolynomialFit | None, np.ndarray, tuple[PolynomialFit, ...]]:
        """Return the fit of an update, the rows that are lit, and the fits of the same degree before it."""
        nothing = np.array([], dtype=int)
        if update == 0:
            return None, nothing, ()
        if update > self.result.n_fits:
            return self.result.refit, nothing, self.result.fits[self.result.best]
        degree, fold = self.result.place(update)
        fits = self.result.fits[degree]
        return fits[fold], self.result.folds[fold].validation, fits[:fold]

    def _heights(self, fit: PolynomialFit) -> np.ndarray:
        """Return heights that can be drawn: those far outside the picture are brought nearer."""
        return np.asarray(np.clip(fit.curve(self._x), *self._far))

    def _set_limits(self, axes: Axes, style: Style) -> None:
        data = self.result.data
        x, y = padded(data.x, 0.05), padded(data.y, 0.18)
        self._x = np.linspace(*x, N_CURVE)
        self._far = (y[0] - 20 * (y[1] - y[0]), y[1] + 20 * (y[1] - y[0]))
        set_limits(axes, style, x=x, y=y)
        if not style.compact and data.x_name != "x":
            axes.set_xlabel(readable(data.x_name))

    def _draw_points(self, axes: Axes, style: Style, role: str, size: float) -> Line2D:
        few = self.result.data.n_samples <= 150
        (points,) = axes.plot(
            [], [], linestyle="none", marker="o", markersize=size * style.marker_px * (1.0 if few else 0.65),
            color=style.theme.color(role), markeredgecolor=style.theme.background, zorder=5 if role == "first" else 3,
            markeredgewidth=style.px(0.9, least=0.5),
        )  # fmt: skip
        return points
