"""Log-odds as a straight line, the same as a probability, and between them how one becomes the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Polygon

from animate.draw.formatting import decimals_for, linear_terms, readable
from animate.draw.panels.base import Panel, blank_axes, padded, plain_axes, set_limits, set_ticks, tick_labels
from animate.draw.panels.classes import CLASS_MARKS
from animate.draw.run import Run
from animate.draw.style import ResponsiveText, Style
from animate.learn.diagnostics import BinnedProportions
from animate.learn.losses import sigmoid
from animate.learn.problems import LogisticProblem

LEVELS = (-4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0)
"""The log-odds between which bands are drawn, equally wide on the left and squeezed on the right."""

_STRENGTHS = (0.30, 0.24, 0.18, 0.12, 0.06)
LOG_ODDS_LIMITS = (-6.0, 6.0)
PROBABILITY_LIMITS = (-0.25, 1.25)
N_CURVE = 240
_EDGE = 0.3  # from the ends of the axis, where infinite log-odds are marked


def band_color(style: Style, band: int) -> str:
    """Return the color of a band, counted from the lowest: the stronger, the surer of its class."""
    n_bands = len(LEVELS) + 1
    role = CLASS_MARKS[0 if band < n_bands // 2 else 1][0]
    return style.theme.tint(role, _STRENGTHS[min(band, n_bands - 1 - band)])


@dataclass(kw_only=True)
class LogOdds(Panel):
    """Log-odds against one feature: a straight line, and dots for the log-odds counted in bins of the data.

    Bins in which one class is alone have infinite log-odds: they are triangles at the edge.

    Parameters
    ----------
    problem : LogisticProblem
        One feature and two classes.
    run : Run
        The descent whose model is shown.
    shares : BinnedProportions
        The data counted in bins.
    """

    problem: LogisticProblem
    run: Run
    shares: BinnedProportions

    def subtitle(self, style: Style) -> Callable[[int], str]:
        params = self.problem.in_units(self.run.trajectory.params)
        decimals = [decimals_for(value, 3 if style.compact else 4, least=2) for value in params[-1]]
        return lambda update: f"z = {linear_terms(params[self.run.at(update)], decimals=decimals)}"

    def create(self, axes: Axes, style: Style) -> None:
        self._params = self.problem.in_units(self.run.trajectory.params)
        _frame(axes, style, self.problem, LOG_ODDS_LIMITS)
        low, high = LOG_ODDS_LIMITS
        ticks = [-4.0, 0.0, 4.0] if style.compact else [-4.0, -2.0, 0.0, 2.0, 4.0]
        labels = ["−∞", *tick_labels(ticks), "∞"]
        set_ticks(axes, style, "y", [low + _EDGE, *ticks, high - _EDGE], labels)
        edges = (LOG_ODDS_LIMITS[0], *LEVELS, LOG_ODDS_LIMITS[1])
        _draw_bands(axes, style, edges)
        self._draw_counts(axes, style)
        (self._line,) = axes.plot([], [], color=style.theme.ink, linewidth=style.line_px, zorder=5)
        self._ends = np.array(axes.get_xlim())
        for index, name in enumerate(self.problem.data.class_names):
            self._name_class(axes, style, index, name)

    def show(self, update: int) -> None:
        weight, intercept = self._params[self.run.at(update)]
        self._line.set_data(self._ends, weight * self._ends + intercept)

    def _name_class(self, axes: Axes, style: Style, index: int, name: str) -> None:
        """Write a class's name at its end of the log-odds, on the side that the line leaves free in the end."""
        on_left = bool(index) == bool(self._params[-1, 0] >= 0)
        axes.text(
            0.03 if on_left else 0.97, 0.97 if index else 0.03, name, transform=axes.transAxes, zorder=6,
            ha="left" if on_left else "right", va="top" if index else "bottom",
            color=style.theme.color(CLASS_MARKS[index][0]),
            fontproperties=style.font(max(0.9 * style.heading_px, style.label_px), bold=True),
        )  # fmt: skip

    def _draw_counts(self, axes: Axes, style: Style) -> None:
        low, high = LOG_ODDS_LIMITS
        log_odds = self.shares.log_odds
        inside = np.isfinite(log_odds)
        _dots(axes, style, self.shares.centers[inside], log_odds[inside])
        for infinite, marker, edge in ((-np.inf, "v", low + _EDGE), (np.inf, "^", high - _EDGE)):
            alone = self.shares.centers[log_odds == infinite]
            axes.plot(
                alone, np.full(len(alone), edge), linestyle="none", marker=marker, zorder=4,
                color=style.theme.data, markersize=0.9 * style.marker_px, markeredgewidth=0,
            )  # fmt: skip


@dataclass(kw_only=True)
class Probability(Panel):
    """The probability against one feature: a sigmoid, shares of class 1 counted in bins, a straight line that fails.

    Parameters
    ----------
    problem : LogisticProblem
        One feature and two classes.
    run : Run
        The descent whose model is shown.
    shares : BinnedProportions
        The data counted in bins.
    straight : array (2,)
        Slope and intercept of a line fitted to the labels, which leaves 0 to 1.
    """

    problem: LogisticProblem
    run: Run
    shares: BinnedProportions
    straight: np.ndarray

    def subtitle(self, style: Style) -> Callable[[int], str]:
        return lambda _: "p = 1 / (1 + e⁻ᶻ)"

    def create(self, axes: Axes, style: Style) -> None:
        theme = style.theme
        self._params = self.problem.in_units(self.run.trajectory.params)
        _frame(axes, style, self.problem, PROBABILITY_LIMITS)
        set_ticks(axes, style, "y", [0.0, 0.5, 1.0])
        _draw_bands(axes, style, probability_edges())
        self._x = np.linspace(*axes.get_xlim(), N_CURVE)
        axes.plot(
            self._x, self.straight[0] * self._x + self.straight[1], color=theme.muted, zorder=3,
            linewidth=style.px(2.2, least=1.2), linestyle=(0, (4, 3)),
        )  # fmt: skip
        falling = bool(self.straight[0] < 0)
        axes.text(
            0.03 if falling else 0.97, 0.02, "┄ straight line", transform=axes.transAxes, va="bottom", zorder=3,
            ha="left" if falling else "right", color=theme.muted, fontproperties=style.font(style.label_px),
        )  # fmt: skip
        _dots(axes, style, self.shares.centers, self.shares.shares)
        (self._curve,) = axes.plot([], [], color=theme.ink, linewidth=style.line_px, zorder=5)

    def show(self, update: int) -> None:
        weight, intercept = self._params[self.run.at(update)]
        self._curve.set_data(self._x, sigmoid(weight * self._x + intercept))


@dataclass(kw_only=True)
class Squeeze(Panel):
    """How equal steps of log-odds at the left edge become ever smaller steps of probability at the right edge."""

    weight: float = 0.3
    title: ResponsiveText = ""

    def create(self, axes: Axes, style: Style) -> None:
        blank_axes(axes)
        axes.set_xlabel(" ")  # keeps the room that the neighbors' labels take, so that the edges meet theirs
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
        left = _shares_of((LOG_ODDS_LIMITS[0], *LEVELS, LOG_ODDS_LIMITS[1]), LOG_ODDS_LIMITS)
        right = _shares_of(probability_edges(), PROBABILITY_LIMITS)
        across = np.linspace(0.0, 1.0, 40)
        bend = across * across * (3 - 2 * across)
        edges = [low + (high - low) * bend for low, high in zip(left, right, strict=True)]
        for band, (low, high) in enumerate(pairwise(edges)):
            outline = np.concatenate([np.stack([across, low], -1), np.stack([across, high], -1)[::-1]])
            axes.add_patch(Polygon(outline, closed=True, facecolor=band_color(style, band), linewidth=0, zorder=1))

    def show(self, update: int) -> None:
        """Nothing moves here."""


def probability_edges() -> np.ndarray:
    """Return the probabilities between which the bands lie, from 0 to 1."""
    return np.concatenate([[0.0], sigmoid(np.array(LEVELS)), [1.0]])


def _shares_of(edges: np.ndarray | tuple[float, ...], limits: tuple[float, float]) -> np.ndarray:
    return (np.asarray(edges, dtype=float) - limits[0]) / (limits[1] - limits[0])


def _frame(axes: Axes, style: Style, problem: LogisticProblem, y: tuple[float, float]) -> None:
    plain_axes(axes, style)
    set_limits(axes, style, x=padded(problem.data.X[:, 0], 0.04), y=y)
    axes.set_xlabel(readable(problem.data.feature_names[0]))


def _draw_bands(axes: Axes, style: Style, edges: np.ndarray | tuple[float, ...]) -> None:
    for band, (low, high) in enumerate(pairwise(edges)):
        axes.axhspan(low, high, color=band_color(style, band), linewidth=0, zorder=0)


def _dots(axes: Axes, style: Style, x: np.ndarray, y: np.ndarray) -> None:
    axes.plot(
        x, y, linestyle="none", marker="o", markersize=1.15 * style.marker_px, color=style.theme.data, zorder=4,
        markeredgecolor=style.theme.background, markeredgewidth=style.px(1.0, least=0.6),
    )  # fmt: skip
