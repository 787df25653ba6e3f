"""Data and what is fitted to them: lines, curves, and their residuals."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import ClassVar, Literal

import numpy as np
from matplotlib.axes import Axes

from animate.draw.formatting import MINUS, decimals_for, equation_decimals, linear_terms, number, readable
from animate.draw.free_space import over_the_run
from animate.draw.label_layout import ALIGNMENT, CORNERS, free_corner
from animate.draw.language import translated
from animate.draw.marks import Curve, Labels, Line, Mark, Points, Polygon, Ring, Text, residuals, stems
from animate.draw.marks.fields import Limits
from animate.draw.marks.mark import DOT, continuous, scaled, value_at
from animate.draw.marks.points import drawn_rows
from animate.draw.panels.base import Panel, padded, set_limits
from animate.draw.readout import Readout
from animate.draw.run import Run
from animate.draw.style import Length, ResponsiveText, Style
from animate.draw.text_template import say
from animate.learn.data import RegressionData
from animate.learn.losses import r_squared
from animate.learn.problems import LinearProblem

MAX_SEGMENTS = 400
"""Of more points than this, so many of those drawn, evenly spaced, show their residuals."""

_MANY = 150  # points from which on they are drawn smaller

_KEY_CORNERS = (*reversed(CORNERS[:4]), *CORNERS[4:])
"""Where the key to a ring stands, the most wanted first."""

Function = Callable[[np.ndarray], np.ndarray]


def segment_rows(n_points: int) -> np.ndarray:
    """Return the rows whose residuals are drawn."""
    rows = drawn_rows(n_points)
    return rows[:: max(1, -(-len(rows) // MAX_SEGMENTS))]


def dot_size(n_points: int) -> Length:
    """Return the diameter of data points, smaller where there are many."""
    return scaled(DOT, 1.0 if n_points <= _MANY else 0.65)


def name_axes(axes: Axes, style: Style, data: RegressionData) -> None:
    """Name the axes by the columns of the data, unless those have no names."""
    if data.x_name != "x":
        axes.set_xlabel(style.axis_name(readable(data.x_name), axes.bbox.width))
    if data.y_name != "y":
        axes.set_ylabel(style.axis_name(readable(data.y_name), axes.bbox.height))


def score_text(y: np.ndarray, predictions: np.ndarray) -> str:
    """Return R² as it is shown; nothing where it has no value: y is constant, or the fit has diverged."""
    score = r_squared(y, predictions) if np.ptp(y) > 0 else np.nan
    return f"R\u00b2 {number(score, 3)}" if np.isfinite(score) else ""


def residual_marks(
    axes: Axes,
    x: np.ndarray,
    y: np.ndarray,
    on_curve: Callable[[int], np.ndarray],
    *,
    squares: bool = False,
    filled: np.ndarray | None = None,
) -> Iterator[Mark]:
    """Return a segment per residual and, if wanted, its square, whose side is as long on screen as the segment.

    Parameters
    ----------
    x, y : array (n,)
        The points.
    on_curve : callable
        From the update to the heights (n,) of the curve at x; nothing is drawn where one is not finite.
    squares : bool
        Whether the squares are drawn.
    filled : array of bool (n,), optional
        The squares that are filled.
    """
    yield residuals(x, y, on_curve, name="residuals")
    if not squares:
        return
    rows = np.zeros(len(x), dtype=bool) if filled is None else filled
    for kept, face, edge, layer in ((rows, "error 12%", "error 50%", 1.4), (~rows, "none", "error 40%", 1.5)):

        def corners(update: int, kept: np.ndarray = kept) -> list[np.ndarray]:
            heights = on_curve(update)
            return _squares(axes, x[kept], y[kept], heights[kept]) if np.isfinite(heights).all() else []

        yield Polygon(corners, color=face, edge=edge, layer=layer, many=True, name="squares")


def _squares(axes: Axes, x: np.ndarray, y: np.ndarray, on_curve: np.ndarray) -> list[np.ndarray]:
    """Return the corners (4, 2) of the squares, the largest first, each opened towards the middle."""
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    per_height = (right - left) / axes.bbox.width * axes.bbox.height / (high - low)
    side = np.abs(y - on_curve) * per_height
    across = x + np.where(x <= (left + right) / 2, side, -side)
    corners = np.stack([x, y, across, y, across, on_curve, x, on_curve], axis=-1).reshape(-1, 4, 2)
    return list(corners[np.argsort(-side, kind="stable")])


@dataclass(kw_only=True)
class LineFit(Panel):
    """Points, the moving line, residual segments and a ring around the point that caused this update.

    The axes and the equation are in the data's own units, whatever the descent ran on. The title is the name of the run
    where none is given.

    Parameters
    ----------
    problem : LinearProblem
        The data and the objective.
    run : Run
        The descent whose line is shown.
    loss_name : ResponsiveText
        Stands before the loss at the top right.
    residuals : bool
        Whether each point has its vertical segment to the line.
    true_functions : sequence of callables
        Curves from x (k,) to y (k,) that the points were drawn around, dashed.
    limits : pair of pairs, optional
        The window over x and y; around the data where not given.
    headline : {"loss", "equation", "loss alone"}
        What stands at the right of the title. With ``loss`` the equation has a line of its own below the title, for
        which stacked panels have no room: there ``equation`` puts it in the headline and the loss beside R².
    labels : sequence of str
        A name beside each of a few points.
    """

    companions: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "line": ("residuals", "squares", "readout", "subtitle", "score"),
        "points": ("truth",),
        "ring": ("residual", "key"),
    }
    problem: LinearProblem
    run: Run
    loss_name: ResponsiveText = "MSE"
    residuals: bool = True
    true_functions: Sequence[Function] = ()
    limits: Limits | None = None
    headline: Literal["loss", "equation", "loss alone"] = "loss"
    labels: Sequence[str] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        self.title = self.title or (self.run.name, self.run.name.rpartition(" ")[2])

    def heading_role(self) -> str:
        return self.run.role

    def readout(self, style: Style) -> Readout:
        if self.headline == "equation":
            equation = self._equation(3)
            widest = max(map(equation, (0, self.run.trajectory.n_updates)), key=len)
            return Readout("", equation, widest, lambda _: "ink")
        return Readout.of(self.loss_name, self.run.trajectory.loss)

    def subtitle(self, style: Style) -> Callable[[int], str] | None:
        return self._equation(3 if style.compact else 4) if self.headline == "loss" else None

    def compose(self, axes: Axes, style: Style) -> Iterator[Mark]:
        data, role = self.problem.data, self.run.role
        x_limits, y_limits = self.limits or self._window()
        set_limits(axes, style, x=x_limits, y=y_limits)
        name_axes(axes, style, data)
        if self.residuals:
            rows = segment_rows(len(data.x))
            x, y = data.x[rows], data.y[rows]
            yield from residual_marks(axes, x, y, lambda update: self._heights(update, x))
        yield Line(self._current_residuals, color=role, width=(2.6, 1.4), layer=3, name="residual")
        yield Points(np.stack([data.x, data.y], -1), color="data", size=dot_size(len(data.x)), layer=4, name="points")
        for truth in self.true_functions:
            yield Curve(truth, domain=axes.get_xlim(), width=(2.2, 1.2), dash="dashed", layer=4.5, name="truth")
        ends = np.array(axes.get_xlim())
        yield Line(lambda update: np.stack([ends, self._heights(update, ends)], -1), color=role, layer=5, name="line")
        yield Ring(self._current_points, color=role, size=(17, 9), width=(2.4, 1.5), name="ring")
        lines = over_the_run(partial(self._lines_at, ends), self.run.trajectory.n_updates)
        if self.labels:
            n_updates = self.run.trajectory.n_updates
            moments = (0, min(1, n_updates), n_updates, n_updates)  # the last one, which stands longest, counts twice
            of_long = [line for at in moments for line in self._lines_at(ends, at)]
            avoid = [part for line in of_long for part in (line if line.ndim == 3 else [line])]  # residuals one by one
            yield Labels(np.stack([data.x, data.y], -1), self.labels, color="ink", avoid=avoid, name="label")
        yield from self._corner_words(axes, style, lines)

    @cached_property
    def _lines(self) -> np.ndarray:
        return np.asarray(self.problem.without_rounding(self.run.trajectory.params))

    def _heights(self, update: int, x: np.ndarray) -> np.ndarray:
        slope, intercept = self._lines[self.run.at(update)]
        with np.errstate(all="ignore"):
            return np.asarray(slope * x + intercept)

    def _current_points(self, update: int) -> np.ndarray:
        """Return the points (k, 2) of this update, none if they are too many to be ringed."""
        at, data = self.run.at(update), self.problem.data
        rows = self.run.trajectory.rows_at(at) if self.run.trajectory.rows is not None else np.array([], dtype=int)
        rows = rows if len(rows) <= 32 else rows[:0]
        return np.stack([data.x[rows], data.y[rows]], axis=-1)

    @continuous
    def _current_residuals(self, update: float) -> np.ndarray:
        points = self._current_points(math.ceil(update))  # between two updates: those that cause the coming one
        heights = value_at(lambda at: self._heights(at, points[:, 0]), update)
        feet = np.stack([points[:, 0], heights], axis=-1)
        return np.stack([points, feet, np.full_like(points, np.nan)], axis=1).reshape(-1, 2)

    def _window(self) -> Limits:
        """Return limits around the points that hold the first line too, as far as that leaves the points large."""
        data = self.problem.data
        x_limits = padded(data.x, 0.05)
        heights = np.concatenate([data.y, self._heights(0, np.array(x_limits))])
        data_limits = padded(data.y, 0.05)
        span = data_limits[1] - data_limits[0]
        held = np.clip(heights, data_limits[0] - 0.25 * span, data_limits[1] + 0.25 * span)
        return x_limits, padded(held, 0.05)

    def _equation(self, significant: int) -> Callable[[int], str]:
        finite = self._lines[np.isfinite(self._lines).all(axis=1)]
        last = finite[-1] if len(finite) else (1.0, 1.0)
        decimals = [equation_decimals(value, significant) for value in last]
        return lambda update: f"y = {linear_terms(self._lines[self.run.at(update)], decimals=decimals)}"

    def _corner_words(
        self, axes: Axes, style: Style, lines: Sequence[tuple[int, np.ndarray]]
    ) -> Iterator[Mark]:
        """Return R² in the corner that points and lines leave free over the run, and a key in another one."""
        data, rows = self.problem.data, self.run.trajectory.rows
        points, inset, line_px = np.stack([data.x, data.y], axis=-1), style.px(10, least=4), 1.5 * style.label_px
        score = f"R\u00b2 {MINUS}0.000"
        words = [f"{style.pick(self.loss_name)} 0.000   {score}" if self.headline == "equation" else score]
        words += ["\u2013 \u2013 true"] * bool(self.true_functions)
        width = max(style.text_width(word, style.label_px) for word in words) + 2 * inset
        x, y = corner = free_corner(axes, points, width, len(words) * line_px + 0.5 * inset, lines=lines)
        align, valign = ALIGNMENT[x], "top" if y else "bottom"
        across, down = inset / axes.bbox.width, inset / axes.bbox.height
        at, above, row = x + (1 - 2 * x) * across, 1.0 if y else down, line_px / axes.bbox.height
        first, second = (above, above - row) if y else (above + row * (len(words) - 1), above)
        is_free = style.is_wide and not style.compact and self.run.diverges_at is None
        yield Text(
            self._score, (at, first), coords="axes", align=align, valign=valign, color=self._score_role, name="score",
            halo="" if is_free else "background",
        )  # fmt: skip
        if rows is not None:
            key = "\u25cb this update\u2019s point" if rows.shape[1] == 1 else "\u25cb this update\u2019s points"
            forms = (key, "\u25cb this update", "")
            shown = style.fit(forms, style.label_px, 0.62 * axes.bbox.width)
            size = style.text_width(shown, style.label_px) + inset, line_px
            beside = (1.0 - x, y) if width + size[0] < axes.bbox.width else corner
            others = [place for place in _KEY_CORNERS if place[1] != y or place == beside != corner]
            right, top = free_corner(axes, points, *size, lines=lines, corners=others)
            yield Text(
                forms, (right + (1 - 2 * right) * across, top + (1 - 2 * top) * down),
                coords="axes", room=0.62, align=ALIGNMENT[right], valign="top" if top else "bottom",
                color=self.run.role, name="key",
            )  # fmt: skip
        if self.true_functions:
            yield Text(
                words[-1], (at, second), coords="axes", align=align, valign=valign, color="ink", halo="background",
                halo_width=(4, 2.5), name="truth",
            )  # fmt: skip

    def _lines_at(self, ends: np.ndarray, update: int) -> list[np.ndarray]:
        """Return the line between two ends, the residuals, and the true functions, as an update shows them."""
        x, y = self.problem.data.x, self.problem.data.y
        rows = segment_rows(len(x)) if self.residuals else slice(0)
        across = np.linspace(ends[0], ends[1], 60)
        return [
            np.stack([ends, self._heights(update, ends)], axis=-1),
            stems(x[rows], y[rows], self._heights(update, x[rows])),
            *(np.stack([across, truth(across)], axis=-1) for truth in self.true_functions),
        ]

    def _score(self, update: int) -> ResponsiveText:
        at, infinite_at = self.run.at(update), self.run.trajectory.diverged_at
        if self._score_role(update) == "error":
            is_over = infinite_at is not None and at >= infinite_at
            return say("diverged at {update}", "diverged", update=infinite_at) if is_over else say("diverging")
        data, loss = self.problem.data, self.run.trajectory.loss
        with np.errstate(all="ignore"):
            score = score_text(data.y, self._heights(update, data.x))
        if self.headline != "equation":
            return score
        name = translated(self.loss_name if isinstance(self.loss_name, str) else self.loss_name[-1])
        return f"{name} {number(float(loss[at]), decimals_for(float(loss[-1])))}   {score}".rstrip()

    def _score_role(self, update: int) -> str:
        lost = self.run.diverges_at
        return "error" if lost is not None and self.run.at(update) >= lost else "muted"
