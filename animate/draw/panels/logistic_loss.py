"""Log loss and log-odds: the cost of each point, the straight line under a sigmoid, the pull of a loss on a logit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes

from animate.draw.formatting import MINUS, decimals_for, linear_terms, number, readable
from animate.draw.marks import Curve, Line, Mark, Points, Polygon, Ring, Segments, Span, Text, area, stems
from animate.draw.marks.mark import DOT, scaled
from animate.draw.panels.base import Panel, hide_axes, padded, set_limits, set_ticks, tick_labels
from animate.draw.panels.classes import CLASS_MARKS, class_points, verdicts
from animate.draw.readout import Readout
from animate.draw.run import Run
from animate.draw.style import ResponsiveText, Style
from animate.learn.diagnostics import BinnedProportions
from animate.learn.losses import log_loss_value, sigmoid
from animate.learn.problems import LogisticProblem

LOWEST_TOP, HIGHEST_TOP = 2.5, 6.0
"""The axis of the loss ends between these; a point above it is shown as an arrow at the edge."""

LEVELS = (-4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0)
"""The log-odds between which bands are drawn: equally wide for log-odds, ever narrower for probabilities."""

LOG_ODDS_LIMITS, PROBABILITY_LIMITS = (-6.0, 6.0), (-0.25, 1.25)
LOG_ODDS_EDGES = np.array([LOG_ODDS_LIMITS[0], *LEVELS, LOG_ODDS_LIMITS[1]])
PROBABILITY_EDGES = np.concatenate([[0.0], sigmoid(np.array(LEVELS)), [1.0]])
_STRENGTHS = (30, 24, 18, 12, 6)
_EDGE = 0.3  # from the ends of the axis, where infinite log-odds are marked
_LEAST_LOGIT = 8.0


@dataclass(kw_only=True)
class LogLoss(Panel):
    """The curve -log p with a stem per point, and under it the line 1 - p: the length of a segment to the label.

    Stems are green for points on the right side of one half, red for the others. The costliest point is ringed and its
    loss is written beside it.

    Parameters
    ----------
    problem : LogisticProblem
        Two classes.
    run : Run
        The descent whose probabilities are shown.
    """

    problem: LogisticProblem
    run: Run
    _room: float = field(default=0.0, init=False, repr=False)

    def subtitle(self, style: Style) -> Callable[[int], str]:
        logits, labels = self._all_logits(), self.problem.data.labels
        losses = log_loss_value(logits, labels).mean(axis=1)
        segments = sigmoid((1.0 - 2.0 * labels) * logits).mean(axis=1)
        forms = ("mean of {0} {1}, of segments {2}", "mean {0} {1}, segment {2}", "mean {1}, segment {2}", "mean {1}")
        log_p = f"{MINUS}log p"
        widest = {form.format(log_p, "0.000", "0.000"): form for form in forms}
        form = widest[style.fit(tuple(widest), style.readout_px, self._room or style.width)]

        def text(update: int) -> str:
            at = self.run.at(update)
            return form.format(log_p, number(losses[at], 3), number(segments[at], 3))

        return text

    def compose(self, axes: Axes, style: Style) -> Iterator[Mark]:
        self._room = axes.bbox.width
        all_logits, labels = self._all_logits(), self.problem.data.labels
        top = float(np.clip(1.12 * np.nanmax(log_loss_value(all_logits, labels)), LOWEST_TOP, HIGHEST_TOP))
        set_limits(axes, style, x=(-0.02, 1.04), y=(-0.03 * top, top))
        set_ticks(axes, style, "x", [0.0, 0.5, 1.0])
        axes.set_xlabel("probability p of its own class")

        def points(update: int) -> np.ndarray:
            """Return each point's probability and loss (n_samples, 2)."""
            logits = all_logits[self.run.at(update)]
            return np.stack([sigmoid((2.0 * labels - 1.0) * logits), log_loss_value(logits, labels)], axis=-1)

        def stems_of(wrong: bool) -> Callable[[int], np.ndarray]:
            def ends(update: int) -> np.ndarray:
                p, loss = points(update).T
                is_wrong = verdicts(all_logits[self.run.at(update)], labels) < 0
                return np.asarray(stems(p, 0.0, np.minimum(loss, top))[is_wrong == wrong])

            return ends

        def in_class(index: int, inside: bool) -> Callable[[int], np.ndarray]:
            def chosen(update: int) -> np.ndarray:
                p, loss = points(update).T
                rows = (labels == index) & ((loss <= top) == inside)
                return np.asarray(np.stack([p, np.minimum(loss, top)], axis=-1)[rows])

            return chosen

        def worst(update: int) -> np.ndarray:
            p, loss = max(points(update), key=lambda point: float(point[1]))
            return np.array([p, loss])

        yield Curve(lambda p: -np.log(p), domain=(float(np.exp(-top)), 1.0), n=400, layer=3)
        yield Line([[0, 1], [1, 0]], color="muted", width=(1.6, 0.9), dash="dashed", layer=2.5)
        yield Text(
            ("\u2504 the segment, 1 \u2212 p", "\u2504 1 \u2212 p"), (0.02, 0.055 * top), room=0.45, valign="bottom",
            halo="background", halo_width=(4, 2.5), layer=2.6,
        )  # fmt: skip
        for role in ("right", "wrong"):
            yield Segments(stems_of(role == "wrong"), color=f"{role} 72%", width=(2.4, 1.4))
        for index in (0, 1):
            yield class_points(in_class(index, True), index, share=1.15)
            yield Points(
                in_class(index, False), marker="^", color=CLASS_MARKS[index][0], edge="", edge_width=1.0, layer=5,
                clip=False,
            )  # fmt: skip
        yield Ring(lambda update: np.minimum(worst(update), [1.0, top])[None], color="wrong")
        yield from self._worst_labels(style, worst, top)

    def _all_logits(self) -> np.ndarray:
        """Return every point's logit after each update, shape (n_updates + 1, n_samples)."""
        return np.asarray(self.run.trajectory.params @ self.problem.objective.design.T)

    def _worst_labels(self, style: Style, worst: Callable[[int], np.ndarray], top: float) -> Iterator[Mark]:
        """Return the loss of the costliest point right of it, or above it at the edge: two texts, one empty."""
        needed_px = style.text_width(f"{MINUS}log 0.00 = 0.00", style.label_px, bold=True)

        def is_beside(update: int) -> bool:
            return bool(needed_px < (1.04 - worst(update)[0] - 0.05) / 1.06 * self._room)

        def text(beside: bool) -> Callable[[int], str]:
            def words(update: int) -> str:
                p, loss = worst(update)
                return f"{MINUS}log {p:.2f} = {loss:.2f}" if is_beside(update) == beside else ""

            return words

        def place(beside: bool) -> Callable[[int], tuple[float, float]]:
            def at(update: int) -> tuple[float, float]:
                p, loss = worst(update)
                lift = 0.0 if beside else 0.13 * top
                return (p + 0.05 if beside else 1.03), min(min(loss, top) + lift, 0.96 * top)

            return at

        for beside, align in ((True, "left"), (False, "right")):
            yield Text(text(beside), place(beside), align=align, valign="center", color="wrong", bold=True)


def _band_color(band: int) -> str:
    """Return the color of a band, counted from the lowest: the stronger, the more confident in its class."""
    n_bands = len(LEVELS) + 1
    role = CLASS_MARKS[0 if band < n_bands // 2 else 1][0]
    return f"{role} {_STRENGTHS[min(band, n_bands - 1 - band)]}%"


def _bands(edges: np.ndarray) -> Iterator[Mark]:
    for band, (low, high) in enumerate(pairwise(edges)):
        yield Span(y=(low, high), color=_band_color(band))


def _set_axes(axes: Axes, style: Style, problem: LogisticProblem, y: tuple[float, float]) -> None:
    set_limits(axes, style, x=padded(problem.data.X[:, 0], 0.04), y=y)
    axes.set_xlabel(readable(problem.data.feature_names[0]))


def _counted(x: np.ndarray, y: np.ndarray) -> Points:
    return Points(np.stack([x, y], axis=-1), color="data", size=scaled(DOT, 1.15), edge_width=(1.0, 0.6), layer=4)


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

    def compose(self, axes: Axes, style: Style) -> Iterator[Mark]:
        params = self.problem.in_units(self.run.trajectory.params)
        _set_axes(axes, style, self.problem, LOG_ODDS_LIMITS)
        low, high = LOG_ODDS_LIMITS
        ticks = [-4.0, 0.0, 4.0] if style.compact else [-4.0, -2.0, 0.0, 2.0, 4.0]
        labels = ["\u2212\u221e", *tick_labels(ticks), "\u221e"]
        set_ticks(axes, style, "y", [low + _EDGE, *ticks, high - _EDGE], labels)
        yield from _bands(LOG_ODDS_EDGES)
        x, log_odds = self.shares.centers, self.shares.log_odds
        yield _counted(x[np.isfinite(log_odds)], log_odds[np.isfinite(log_odds)])
        for infinite, marker, edge in ((-np.inf, "v", low + _EDGE), (np.inf, "^", high - _EDGE)):
            alone = x[log_odds == infinite]
            yield Points(
                np.stack([alone, np.full(len(alone), edge)], -1), marker=marker, color="data", size=scaled(DOT, 0.9),
                edge="", edge_width=0, layer=4,
            )  # fmt: skip
        ends = np.array(axes.get_xlim())
        yield Line(lambda update: np.stack([ends, params[self.run.at(update)] @ [ends, [1, 1]]], -1), layer=5)
        for index, name in enumerate(self.problem.data.class_names):
            # on the side that the line leaves free in the end
            on_left = bool(index) == bool(params[-1, 0] >= 0)
            yield Text(
                name, (0.03 if on_left else 0.97, 0.97 if index else 0.03), coords="axes", size="name", bold=True,
                layer=6,
                align="left" if on_left else "right", valign="top" if index else "bottom",
                color=f"{CLASS_MARKS[index][0]} 60% on ink",
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
        return lambda _: "p = 1 / (1 + e\u207b\u1dbb)"

    def compose(self, axes: Axes, style: Style) -> Iterator[Mark]:
        params, (slope, intercept) = self.problem.in_units(self.run.trajectory.params), self.straight
        _set_axes(axes, style, self.problem, PROBABILITY_LIMITS)
        set_ticks(axes, style, "y", [0.0, 0.5, 1.0])
        yield from _bands(PROBABILITY_EDGES)
        yield Curve(lambda x: slope * x + intercept, color="muted", width=(2.2, 1.2), dash="dashed", n=240, layer=3)
        falling = bool(slope < 0)
        yield Text(
            "\u2504 straight line", (0.03 if falling else 0.97, 0.02), coords="axes", valign="bottom", layer=3,
            align="left" if falling else "right",
        )  # fmt: skip
        yield _counted(self.shares.centers, self.shares.shares)
        yield Curve(lambda x, update: sigmoid(params[self.run.at(update)] @ [x, np.ones_like(x)]), n=240)


@dataclass(kw_only=True)
class Squeeze(Panel):
    """Equal steps of log-odds at the left edge that become ever smaller steps of probability at the right edge."""

    weight: float = 0.3
    title: ResponsiveText = ""

    def compose(self, axes: Axes, style: Style) -> Iterator[Mark]:
        hide_axes(axes)
        axes.set_xlabel(" ")  # keeps the room that the neighbors' labels take, so that the edges meet theirs
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
        left = (LOG_ODDS_EDGES - LOG_ODDS_LIMITS[0]) / np.ptp(LOG_ODDS_LIMITS)
        right = (PROBABILITY_EDGES - PROBABILITY_LIMITS[0]) / np.ptp(PROBABILITY_LIMITS)
        across = np.linspace(0.0, 1.0, 40)
        bend = across * across * (3 - 2 * across)
        edges = left[:, None] + (right - left)[:, None] * bend
        for band, (low, high) in enumerate(pairwise(edges)):
            yield Polygon(area(across, low, high), color=_band_color(band))


@dataclass(kw_only=True)
class LogitPulls(Panel):
    """The size of each loss's derivative by the logit of a point of class 1, with a dot per run for one such point.

    The point is the one in the middle of class 1.

    Parameters
    ----------
    problems : sequence of LogisticProblem
        The same data under different losses.
    runs : sequence of Run
        One for each problem; a dot of its color follows its loss's curve.
    """

    problems: Sequence[LogisticProblem]
    runs: Sequence[Run]

    def readout(self, style: Style) -> Readout:
        pulls = [_pull(problem, logits) for problem, logits in zip(self.problems, self._point_logits(), strict=True)]

        def text(update: int) -> str:
            return " vs ".join(number(pull[run.at(update)], 3) for pull, run in zip(pulls, self.runs, strict=True))

        return Readout("", text, " vs ".join("0.000" for _ in pulls))

    def compose(self, axes: Axes, style: Style) -> Iterator[Mark]:
        logits = self._point_logits()
        sizes = np.abs(np.concatenate(logits))
        reach = float(np.clip(1.08 * np.max(sizes[np.isfinite(sizes)], initial=0.0), _LEAST_LOGIT, 3 * _LEAST_LOGIT))
        set_limits(axes, style, x=(-reach, reach), y=(-0.04, 1.12))
        room = 0.42 * axes.bbox.width
        ends = [style.fit((f"confident, {end}", end), style.label_px, room) for end in ("wrong", "right")]
        set_ticks(axes, style, "x", [-reach / 2, reach / 2], ends)
        for label in axes.get_xticklabels():
            label.set_verticalalignment("baseline")  # else words with and without tall letters stand unevenly
        axes.tick_params(axis="x", pad=style.px(8, least=3) + 0.8 * style.label_px)
        set_ticks(axes, style, "y", [0.0, 1.0])
        for problem, run, path in zip(self.problems, self.runs, logits, strict=True):
            yield Curve(_pull_curve(problem), color=run.role, n=201, layer=3)
            z = np.clip(path, -reach, reach)
            places = np.stack([z, _pull(problem, z)], axis=-1)
            yield Points(
                _at_update(places, run), color=run.role, size=(12, 6.5), edge_width=(1.6, 0.9), layer=5, clip=False
            )

    def _point_logits(self) -> list[np.ndarray]:
        """Return, for each run, the logit of the point in the middle of class 1 after each update."""
        data = self.problems[0].data
        ones = np.flatnonzero(data.labels == 1)
        middle = ones[np.argsort(data.X[ones, 0], kind="stable")[len(ones) // 2]]
        with np.errstate(all="ignore"):
            return [
                np.asarray(run.trajectory.params @ problem.objective.design[middle])
                for problem, run in zip(self.problems, self.runs, strict=True)
            ]


def _pull(problem: LogisticProblem, logits: np.ndarray) -> np.ndarray:
    return np.abs(problem.objective.loss.derivative(logits, np.ones_like(logits)))


def _pull_curve(problem: LogisticProblem) -> Callable[[np.ndarray], np.ndarray]:
    return lambda z: _pull(problem, z)


def _at_update(places: np.ndarray, run: Run) -> Callable[[int], np.ndarray]:
    return lambda update: places[[run.at(update)]]
