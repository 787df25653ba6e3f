"""Cross-validation, one fit at a time: the fold held out, the grid of errors, and the errors by degree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.transforms import Bbox, TransformedBbox

from animate.draw.formatting import decimals_for, number
from animate.draw.marks import Line, Mark, Points, Polygon, Rule, Segments, Text
from animate.draw.marks.mark import scaled
from animate.draw.panels.base import Panel, padded, set_limits, set_log_ticks, set_ticks
from animate.draw.panels.regression import dot_size, name_x_axis
from animate.draw.readout import Readout
from animate.draw.style import ResponsiveText, Style
from animate.learn.cross_validation import CrossValidation, PolynomialFit

N_CURVE = 200
N_BANDS = 9
_FAR = 20.0  # heights of the picture: farther out a curve is not followed
_GAP = 0.07


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
        errors, best = self.result.validation, float(self.result.mean_validation.min())
        places = decimals_for(best)

        def text(update: int) -> str:
            if update == 0:
                return "\u2013"
            return number(best if update > self.result.n_fits else float(errors[self.result.place(update)]), places)

        widest = max((number(float(error), places) for error in errors.ravel()), key=len)
        return Readout(("validation error", "validation"), text, widest, lambda _: "first")

    def subtitle(self, style: Style) -> Callable[[int], str]:
        result = self.result

        def words(update: int) -> str:
            if update == 0:
                return f"{result.data.n_samples} points, {len(result.folds)} folds"
            fit = self._fit(update)
            score = "" if fit is None else number(fit.problem.r_squared(fit.params), 3)
            if update > result.n_fits:
                return f"degree {result.degrees[result.best]}, all points: R\u00b2 {score}"
            degree, fold = result.place(update)
            return f"degree {result.degrees[degree]}, fold {fold + 1} of {len(result.folds)} out: R\u00b2 {score}"

        return words

    def compose(self, axes: Axes, style: Style) -> Iterator[Mark]:
        data = self.result.data
        x_limits, (low, high) = padded(data.x, 0.05), padded(data.y, 0.18)
        set_limits(axes, style, x=x_limits, y=(low, high))
        name_x_axis(axes, style, data)
        x = np.linspace(*x_limits, N_CURVE)
        points = np.stack([data.x, data.y], axis=-1)

        def heights(fit: PolynomialFit | None, x: np.ndarray) -> np.ndarray:
            """Return heights that can be drawn: those far outside the picture are moved nearer."""
            if fit is None:
                return np.full_like(x, np.nan)
            return np.asarray(np.clip(fit.curve(x), low - _FAR * (high - low), high + _FAR * (high - low)))

        def others(update: int) -> np.ndarray:
            """Return earlier fits of the same degree, joined by gaps."""
            curves = [np.stack([x, heights(fit, x)], axis=-1) for fit in self._others(update)]
            gap = np.full((1, 2), np.nan)
            return np.concatenate([np.empty((0, 2)), *(part for curve in curves for part in (curve, gap))])

        def held_out(update: int) -> np.ndarray:
            rows = self._held_out(update)
            fit = heights(self._fit(update), data.x[rows])
            ends = np.stack([points[rows], np.stack([data.x[rows], fit], axis=-1)], axis=1)
            return ends if len(rows) else np.empty((0, 2, 2))

        yield Segments(held_out, color="error 62%", cap=None)
        yield Line(others, color="ink 30%", width=(1.8, 1.0), layer=2)
        size = dot_size(data.n_samples)
        yield Points(points, color="data", size=size)
        yield Line(lambda update: np.stack([x, heights(self._fit(update), x)], axis=-1), name="fit")
        yield Points(
            lambda update: points[self._held_out(update)], color="first", size=scaled(size, 1.35), layer=5,
            name="held_out",
        )  # fmt: skip

    def _fit(self, update: int) -> PolynomialFit | None:
        if update == 0:
            return None
        if update > self.result.n_fits:
            return self.result.refit
        degree, fold = self.result.place(update)
        return self.result.fits[degree][fold]

    def _held_out(self, update: int) -> np.ndarray:
        """Return the rows that are held out of the fit."""
        if 0 < update <= self.result.n_fits:
            return np.asarray(self.result.folds[self.result.place(update)[1]].validation)
        return np.array([], dtype=int)

    def _others(self, update: int) -> tuple[PolynomialFit, ...]:
        """Return the fits of the same degree before this one."""
        if update == 0:
            return ()
        if update > self.result.n_fits:
            return tuple(self.result.fits[self.result.best])
        degree, fold = self.result.place(update)
        return tuple(self.result.fits[degree][:fold])


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

    def compose(self, axes: Axes, style: Style) -> Iterator[Mark]:
        for spine in axes.spines.values():
            spine.set_visible(False)
        n_degrees, n_folds = self.result.validation.shape
        axes.set_xlim(0.5, n_degrees + 0.5)
        axes.set_ylim(n_folds + 0.5, 0.5)
        set_ticks(axes, style, "x", range(1, n_degrees + 1), [str(degree) for degree in self.result.degrees])
        folds = range(1, n_folds + 1) if n_folds * 1.15 * style.label_px <= axes.bbox.height else (1, n_folds)
        set_ticks(axes, style, "y", list(folds), [f"fold {fold}" if fold == 1 else str(fold) for fold in folds])
        colors = [style.theme.surface_colors(N_BANDS)[band] for band in self._bands()]
        cells = [_cell(*self.result.place(fit)) for fit in range(1, self.result.n_fits + 1)]

        def filled(update: int) -> list[str]:
            return [color if fit < update else "background" for fit, color in enumerate(colors)]

        yield Polygon(cells, color=filled, edge="rule", width=(1.2, 0.8), many=True, name="cells")
        yield Polygon(self._frame, color="none", edge="first", width=(3, 1.8), layer=2, name="frame")

    def _frame(self, update: int) -> np.ndarray:
        """Return the corners of the cell of this fit, in the end of the column of the best degree."""
        if update == 0:
            return np.empty((0, 2))
        if update > self.result.n_fits:
            return _box(self.result.best + 1, 1, len(self.result.folds))
        degree, fold = self.result.place(update)
        return _box(degree + 1, fold + 1, 1)

    def _bands(self) -> np.ndarray:
        """Return the band of each fit: from the lowest error to a hundred times that, or the highest."""
        errors = np.log10(np.maximum(self.result.validation.ravel(), 1e-300))
        low, high = float(errors.min()), float(min(errors.max(), errors.min() + 2.0))
        share = (errors - low) / (high - low) if high > low else np.zeros_like(errors)
        return np.asarray(np.minimum((np.clip(share, 0, 1) * N_BANDS).astype(int), N_BANDS - 1))


def _cell(degree: int, fold: int) -> np.ndarray:
    left, right = degree + 0.5 + _GAP / 2, degree + 1.5 - _GAP / 2
    top, bottom = fold + 0.5 + _GAP, fold + 1.5 - _GAP
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]])


def _box(column: int, row: int, height: int) -> np.ndarray:
    left, top = column - 0.5, row - 0.5
    return np.array([[left, top], [left + 1, top], [left + 1, top + height], [left, top + height]])


@dataclass(kw_only=True)
class FoldErrors(Panel):
    """A dot per fit and a line through the mean of each degree that is done; in the end the lowest mean is marked.

    The scale is that of the means up to a thousand times the lowest; what is higher leaves the picture.

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

    def compose(self, axes: Axes, style: Style) -> Iterator[Mark]:
        result = self.result
        share = self._set_limits(axes, style)
        places = np.array([result.place(fit)[0] + 1 for fit in range(1, result.n_fits + 1)])
        kinds = (("data", result.training, result.mean_training), ("first", result.validation, result.mean_validation))
        for role, errors, _ in kinds:
            dots = _rows_so_far(places, errors.ravel(), 1)
            yield Points(dots, color=f"{role} 45%", size=(4.5, 2.4), edge="", edge_width=0, layer=2)
        for role, _, means in kinds:
            path = _rows_so_far(np.arange(1, len(means) + 1), means, len(result.folds))
            yield Line(path, color=role, width=(2.6, 1.4), layer=3, name="means")
            yield Points(path, color=role, size=(8, 4.4), edge_width=(1.2, 0.7), layer=3)
        for line in axes.lines:
            line.set_clip_box(TransformedBbox(Bbox([[0.0, 0.0], [1.0, share]]), axes.transAxes))
        best = result.best + 1
        yield Rule(x=lambda at: best if at > result.n_fits else np.nan, reach=(0.0, share), dash="dashed", layer=1)
        inset = style.px(16, least=8) / axes.bbox.width
        for x, align, name, role in ((0.0, "left", "training", "data"), (1.0, "right", "validation", "first")):
            at = (x + (0.5 - x) * inset, 1.0)
            yield Text(name, at, coords="axes", align=align, valign="top", color=role, bold=True, layer=4)

    def _set_limits(self, axes: Axes, style: Style) -> float:
        """Set the limits; return the share of the height below the names of the lines."""
        n_degrees = len(self.result.degrees)
        axes.set_xlim(0.5, n_degrees + 0.5)
        set_ticks(axes, style, "x", range(1, n_degrees + 1), [str(degree) for degree in self.result.degrees])
        means = np.concatenate([self.result.mean_training, self.result.mean_validation])
        positive = means[means > 0]
        low, high = (float(positive.min()), float(positive.max())) if positive.size else (0.1, 1.0)
        low, high = max(low, 1e-9 * high) / 1.7, min(high, 1e3 * max(self.result.mean_validation.min(), low)) * 1.5
        # a band at the top stays free for the names of the lines
        band = min(1.5 * style.label_px / axes.bbox.height, 0.6)
        axes.set_yscale("log")
        axes.set_ylim(low, low * (high / low) ** (1 / (1 - band)))
        set_log_ticks(axes, style, "y", (low, high))
        if not style.compact:
            axes.set_xlabel("degree")
        return 1 - band


def _rows_so_far(x: np.ndarray, y: np.ndarray, per_row: int) -> Callable[[int], np.ndarray]:
    """Return from the update the points (k, 2) that are known after so many fits, ``per_row`` for each."""
    return lambda update: np.stack([x, y], axis=-1)[: update // per_row]
