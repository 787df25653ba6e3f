"""The data and the curves that are being fitted to them, each by its own run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.text import Annotation, Text

from animate.draw.formatting import readable
from animate.draw.panels.base import Panel, few_ticks, padded, plain_axes, set_limits, set_ticks
from animate.draw.panels.label_layout import corner_texts, end_heights, names_alike
from animate.draw.panels.residual_marks import ResidualMarks
from animate.draw.readout import MINUS, Readout, decimals_for, number
from animate.draw.run import Run
from animate.draw.style import ResponsiveText, Style
from animate.learn.data import RegressionData
from animate.learn.losses import r_squared
from animate.learn.problems import LinearProblem

N_CURVE = 200
_FAR = 20.0  # heights of the picture: farther out a curve is not followed

Curve = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class FittedCurve:
    """A run and what its parameters predict, in the data's own units.

    Parameters
    ----------
    run : Run
        Gives the name, the color and the parameters per update.
    predict : callable
        From parameters (n_params,) and x (k,) to y (k,).
    """

    run: Run
    predict: Callable[[np.ndarray, np.ndarray], np.ndarray]
    name: ResponsiveText = ""

    @classmethod
    def of_line(cls, problem: LinearProblem, run: Run, name: ResponsiveText = "") -> FittedCurve:
        """Return the line of a run, whatever the scale its descent ran on."""

        def predict(params: np.ndarray, x: np.ndarray) -> np.ndarray:
            slope, intercept = problem.in_units(params)
            return np.asarray(slope * x + intercept)

        return cls(run, predict, name)

    @property
    def words(self) -> ResponsiveText:
        """Return what the curve is called where it is labelled."""
        return self.name or self.run.name

    def at(self, update: int, x: np.ndarray) -> np.ndarray:
        """Return the heights over x (k,) after an update."""
        with np.errstate(all="ignore"):
            return np.asarray(self.predict(self.run.trajectory.params[self.run.at(update)], x), dtype=float)


@dataclass(kw_only=True)
class Curves(Panel):
    """Points and one moving curve or several; R² stands beside each.

    Parameters
    ----------
    data : RegressionData
        In its own units.
    curves : sequence of FittedCurve
        One alone has its R² in the corner that is free; several are named at their right ends.
    reference : callable, optional
        From x (k,) to y (k,): a dashed curve that stands still, such as the true one.
    reference_name : ResponsiveText
        What the reference is called.
    marked : array of int
        Rows drawn hollow.
    marked_name : ResponsiveText
        What those are.
    residuals : {"", "segments", "squares"}
        How the residuals of the first curve are drawn: lengths, or areas.
    reading : Readout, optional
        What stands at the right of the title.
    words : callable, optional
        From the update to what stands under the title; of alternatives a small picture takes the last.
    loss_name : ResponsiveText
        What stands before each loss, beside R² where there is room; several curves only.
    x_limits : pair of float, optional
        How far curves are drawn; the data's range and a margin where not given. Farther out a line shows where
        the data end.
    """

    data: RegressionData
    curves: Sequence[FittedCurve]
    reference: Curve | None = None
    reference_name: ResponsiveText = "true curve"
    marked: np.ndarray = field(default_factory=lambda: np.array([], dtype=int))
    marked_name: ResponsiveText = "outlier"
    residuals: str = ""
    reading: Readout | None = None
    words: Callable[[int], ResponsiveText] | None = None
    loss_name: str = ""
    x_limits: tuple[float, float] | None = None

    def gaps_beyond(self, update: int) -> list[float]:
        """Return how far each curve is at most from the reference, or else from the last curve, beyond the data."""
        low, high = self.x_limits or padded(self.data.x, 0.05)
        x = np.linspace(low, high, 10 * N_CURVE)
        x = x[(x < self.data.x.min()) | (x > self.data.x.max())]
        truth = self.curves[-1].at(update, x) if self.reference is None else np.asarray(self.reference(x))
        with np.errstate(all="ignore"):
            return [float(np.abs(curve.at(update, x) - truth).max()) for curve in self.curves]

    def shown_runs(self) -> list[Run]:
        return [curve.run for curve in self.curves]

    def heading_role(self) -> str:
        return self.curves[0].run.role if len(self.curves) == 1 else "ink"

    def readout(self, style: Style) -> Readout | None:
        return self.reading

    def subtitle(self, style: Style) -> Callable[[int], str] | None:
        if self.words is None:
            return None
        words = self.words

        def text(update: int) -> str:
            said = words(update)
            return said if isinstance(said, str) else said[-1 if style.compact else 0]

        return text

    def create(self, axes: Axes, style: Style) -> None:
        self._axes = axes
        plain_axes(axes, style)
        self._set_limits(axes, style)
        self._misses = ResidualMarks(axes, style) if self.residuals else None
        self._draw_ends_of_data(axes, style)
        self._draw_points(axes, style)
        if self.reference is not None:
            axes.plot(
                self._x, self._inside(self.reference(self._x)), color=style.theme.muted, zorder=4,
                linewidth=style.px(2.2, least=1.2), linestyle=(0, (4, 3)),
            )  # fmt: skip
        self._lines = [self._draw_curve(axes, style, curve) for curve in self.curves]
        self._scores: list[Text] = [*self._label_ends(axes, style)] if len(self.curves) > 1 else []
        self._label_corner(axes, style)

    def show(self, update: int) -> None:
        for curve, line in zip(self.curves, self._lines, strict=True):
            line.set_data(self._x, self._inside(curve.at(update, self._x)))
        for curve, score in zip(self.curves, self._scores, strict=True):
            score.set_text(self._score(curve, update))
        if self._misses is not None:
            on_curve = self._inside(self.curves[0].at(update, self.data.x))
            self._misses.show(self.data, on_curve, squares=self.residuals == "squares", filled=self.marked)

    # -- still things

    def _set_limits(self, axes: Axes, style: Style) -> None:
        data, last = self.data, max(curve.run.trajectory.n_updates for curve in self.curves)
        x_limits = self.x_limits or padded(data.x, 0.05)
        self._x = np.linspace(*x_limits, N_CURVE)
        low, high = padded(data.y, 0.05)
        reach = 0.25 * (high - low)
        inner = self._x[(self._x >= data.x.min()) & (self._x <= data.x.max())]
        seen = [curve.at(update, inner) for curve in self.curves for update in (0, last)]
        if self.reference is not None:
            seen.append(np.asarray(self.reference(self._x)))
        heights = np.clip(np.concatenate([data.y, *seen]), low - reach, high + reach)
        room = self._room_for_names(axes, style)
        x_end = x_limits[0] + (x_limits[1] - x_limits[0]) / (1 - room)
        y_limits = padded(heights, 0.05)
        self._far = (y_limits[0] - _FAR * (high - low), y_limits[1] + _FAR * (high - low))
        set_limits(axes, style, x=(x_limits[0], x_end), y=y_limits)
        ticks = few_ticks(*x_limits, int((1 - room) * axes.bbox.width / (6.5 * style.label_px)))
        set_ticks(axes, style, "x", ticks)
        if not style.compact and data.x_name != "x":
            axes.set_xlabel(readable(data.x_name))

    def _inside(self, heights: np.ndarray) -> np.ndarray:
        """Return heights that can be drawn: those far outside the picture are brought nearer."""
        return np.asarray(np.clip(heights, *self._far))

    def _draw_ends_of_data(self, axes: Axes, style: Style) -> None:
        low, high = padded(self.data.x, 0.06)
        if self._x[-1] <= high:
            return
        color = style.theme.tint("muted", 0.7)
        for end in (self.data.x.min(), self.data.x.max()):
            if self._x[0] < low or end > self.data.x.min():
                axes.axvline(end, color=color, linewidth=style.thin_px, linestyle=(0, (1, 2.5)), zorder=1)
        axes.annotate(
            style.fit(("beyond the data", "beyond"), style.label_px, 0.2 * axes.bbox.width),
            (float(self.data.x.max() + self._x[-1]) / 2, axes.get_ylim()[0]), xytext=(0, 0.4 * style.label_px),
            textcoords="offset points", ha="center", va="bottom", color=style.theme.muted, zorder=1,
            fontproperties=style.font(style.label_px),
        )  # fmt: skip

    def _draw_points(self, axes: Axes, style: Style) -> None:
        theme, data = style.theme, self.data
        is_marked = np.isin(np.arange(len(data.x)), self.marked)
        size = style.marker_px * (1.0 if len(data.x) <= 150 else 0.65)
        for rows, face, edge, edge_px in (
            (~is_marked, theme.data, theme.background, style.px(0.9, least=0.5)),
            (is_marked, theme.background, theme.data, style.px(2.2, least=1.3)),
        ):
            axes.plot(
                data.x[rows], data.y[rows], linestyle="none", marker="o", markersize=size,
                color=face, markeredgecolor=edge, markeredgewidth=edge_px, zorder=3,
            )  # fmt: skip

    def _draw_curve(self, axes: Axes, style: Style, curve: FittedCurve) -> Line2D:
        color = style.theme.color(curve.run.role)
        (line,) = axes.plot([], [], color=color, linewidth=style.line_px, zorder=5, solid_joinstyle="round")
        return line

    # -- words

    def _names(self, axes: Axes, style: Style) -> list[str]:
        words = [curve.words for curve in self.curves] + ([self.reference_name] if self.reference is not None else [])
        return names_alike(style, words, 0.3 * axes.bbox.width, bold=True)

    def _room_for_names(self, axes: Axes, style: Style) -> float:
        """Return the share of the width that names at the right ends take."""
        if len(self.curves) == 1:
            return 0.0
        names = [style.text_width(name, style.label_px, bold=True) for name in self._names(axes, style)]
        self._says_loss = bool(self.loss_name) and not style.compact
        last = max(curve.run.trajectory.n_updates for curve in self.curves)
        scores = [
            self._score(curve, update) for curve in self.curves for update in {0, *range(1, last, last // 16 + 1), last}
        ]
        widest = max(*names, *(style.text_width(score, style.label_px) for score in scores))
        return min((widest + 0.8 * style.label_px) / axes.bbox.width, 0.45)

    def _label_ends(self, axes: Axes, style: Style) -> Sequence[Text]:
        """Put each name, with R² under it, where its curve ends; return the texts of R²."""
        end, last = self._x[-1:], max(curve.run.trajectory.n_updates for curve in self.curves)
        wanted = [float(curve.at(last, end)[0]) for curve in self.curves]
        wanted += [] if self.reference is None else [float(np.asarray(self.reference(end))[0])]
        heights = end_heights(wanted, axes, 2.7 * style.label_px)
        x = self._x[-1] + 0.5 * style.label_px * np.ptp(axes.get_xlim()) / axes.bbox.width
        roles = [curve.run.role for curve in self.curves] + ["muted"]
        texts = [
            self._end_text(axes, style, (x, height), name, role, "center" if index == len(self.curves) else "bottom")
            for index, (name, role, height) in enumerate(zip(self._names(axes, style), roles, heights, strict=False))
        ]
        return [self._end_text(axes, style, text.xy, "", "muted", "top") for text in texts[: len(self.curves)]]

    def _end_text(self, axes: Axes, style: Style, at: tuple[float, float], text: str, role: str, va: str) -> Annotation:
        """Put a name above a height, a score below it, or the name of the reference on it."""
        offset = {"bottom": 0.12, "top": -0.12, "center": 0.0}[va] * style.label_px
        return axes.annotate(
            text, at, xytext=(0, offset), textcoords="offset points", ha="left", va=va, zorder=7,
            color=style.theme.color(role), annotation_clip=False,
            fontproperties=style.font(style.label_px, bold=va != "top"),
        )  # fmt: skip

    def _label_corner(self, axes: Axes, style: Style) -> None:
        """Put R² of a curve that is alone, and what hollow points and its dashes are, where there is room."""
        half, alone = 0.48 * axes.bbox.width, len(self.curves) == 1
        lines = {"": "muted"} if alone else {}
        if alone and self.reference is not None:
            lines["┄ " + style.fit(self.reference_name, style.label_px, half)] = "muted"
        if len(self.marked):
            lines["○ " + style.fit(self.marked_name, style.label_px, half)] = "data"
        if lines:
            points = self._drawn(axes, left_only=not alone)
            widest = f"R² {MINUS}0.000" if alone else ""
            texts = corner_texts(axes, style, points, list(lines), list(lines.values()), widest=widest)
            self._scores += texts[:1] if alone else []

    def _drawn(self, axes: Axes, *, left_only: bool) -> np.ndarray:
        """Return points (k, 2) on all that is drawn at the start and the end, and on the names at the right."""
        last = max(curve.run.trajectory.n_updates for curve in self.curves)
        drawn = [np.stack([self._x, curve.at(update, self._x)], -1) for curve in self.curves for update in (0, last)]
        drawn.append(np.stack([self.data.x, self.data.y], axis=-1))
        if left_only:
            right = np.array([axes.get_xlim()[1]] * 2)
            drawn += 1000 * [np.stack([right, axes.get_ylim()], axis=-1)]
        return np.concatenate(drawn)

    def _score(self, curve: FittedCurve, update: int) -> str:
        score = f"R² {number(r_squared(self.data.y, curve.at(update, self.data.x)), 3)}"
        if len(self.curves) == 1 or not self._says_loss:
            return score
        losses = curve.run.trajectory.loss
        value = float(losses[curve.run.at(update)])
        loss = number(value, decimals_for(float(losses[-1])) if value < 1000 else 0)
        return f"{self.loss_name} {loss}, {score}"
