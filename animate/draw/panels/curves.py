"""The data and the curves that are fitted to them, each by its own run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import pairwise, product
from typing import ClassVar

import numpy as np
from matplotlib.axes import Axes

from animate.draw.formatting import MINUS, number, number_like
from animate.draw.free_space import n_crossing, over_the_run, segments_of
from animate.draw.label_layout import corner_texts, end_heights, names_alike
from animate.draw.language import translated
from animate.draw.line_labels import MOST_ABOVE, MOST_BESIDE, place_key, rigid_places
from animate.draw.marks import Line, Mark, Points, Rule, Text, stems
from animate.draw.marks.mark import HEAD
from animate.draw.marks.points import drawn_rows
from animate.draw.panels.base import Panel, few_ticks, padded, set_limits, set_ticks
from animate.draw.panels.regression import dot_size, name_axes, residual_marks, score_text, segment_rows
from animate.draw.readout import Readout
from animate.draw.run import RUN_SIGNS, Run
from animate.draw.style import ResponsiveText, Style
from animate.learn.data import RegressionData
from animate.learn.problems import LinearProblem

N_CURVE = 200
_SLOW, _MOMENTS = 3, 24
_FAR = 20.0  # heights of the picture: farther out a curve is not followed

_NAMES = {"muted": "line", "data": "points"}
"""The marks with which entries of a key appear, by their colors; the others are names of curves."""

Function = Callable[[np.ndarray], np.ndarray]


def data_points(data: RegressionData, marked: np.ndarray) -> Iterator[Mark]:
    """Return the data as points, the marked rows hollow."""
    is_marked = np.isin(np.arange(len(data.x)), marked)
    points, size = np.stack([data.x, data.y], axis=-1), dot_size(len(data.x))
    yield Points(points[~is_marked], color="data", size=size)
    yield Points(points[is_marked], color="background", edge="data", edge_width=(2.2, 1.3), size=size)


@dataclass(frozen=True)
class FittedCurve:
    """A run and what its parameters predict, in the data's own units.

    Parameters
    ----------
    run : Run
        Gives the name, the color and the parameters per update.
    predict : callable
        From parameters (n_params,) and x (k,) to y (k,).
    name : ResponsiveText
        Its label; the run's name where not given.
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
        From x (k,) to y (k,): a dashed curve that does not move, such as the true one.
    reference_name : ResponsiveText
        The label of the reference.
    marked : array of int
        Rows drawn hollow.
    residuals : {"", "segments", "squares"}
        How the residuals of the first curve are drawn: lengths, or areas.
    reading : Readout, optional
        What stands at the right of the title.
    words : callable, optional
        From the update to the line under the title; of alternatives a small picture takes the last.
    loss_name : ResponsiveText
        Stands before each loss, beside R² where there is room; several curves only.
    beyond : float
        How far curves are drawn beyond the last x, as a share of its range. A line shows where the data end.
    shows_score : bool
        Whether R² of all points stands in the corner; of one curve only.
    """

    optional_marks: ClassVar[frozenset[str]] = frozenset({"score"})
    data: RegressionData
    curves: Sequence[FittedCurve]
    reference: Function | None = None
    reference_name: ResponsiveText = "true curve"
    marked: np.ndarray = field(default_factory=lambda: np.array([], dtype=int))
    residuals: str = ""
    reading: Readout | None = None
    words: Callable[[int], ResponsiveText] | None = None
    loss_name: str = ""
    beyond: float = 0.05
    shows_score: bool = True

    def gaps_beyond(self, update: int) -> list[float]:
        """Return the largest distance of each curve, beyond the data, from the reference or the last; 0 if rounding."""
        x = np.linspace(*self._drawn_range(), 10 * N_CURVE)
        x = x[(x < self.data.x.min()) | (x > self.data.x.max())]
        truth = self.curves[-1].at(update, x) if self.reference is None else np.asarray(self.reference(x))
        with np.errstate(all="ignore"):
            gaps = [float(np.abs(curve.at(update, x) - truth).max()) for curve in self.curves]
        return [0.0 if gap < 1e-9 * np.ptp(self.data.y) else gap for gap in gaps]

    def _drawn_range(self) -> tuple[float, float]:
        """Return how far curves are drawn."""
        low, high = padded(self.data.x, 0.05)
        return low, high + (self.beyond - 0.05) * float(np.ptp(self.data.x))

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
            chosen = words(update)
            return chosen if isinstance(chosen, str) else chosen[-1 if style.compact else 0]

        return text

    def compose(self, axes: Axes, style: Style) -> Iterator[Mark]:
        data = self.data
        self._set_limits(axes, style)
        if self.residuals:
            rows, squares = segment_rows(len(data.x)), self.residuals == "squares"
            x, y, is_marked = data.x[rows], data.y[rows], np.isin(rows, self.marked)
            yield from residual_marks(axes, x, y, self._first_at(x), squares=squares, filled=is_marked)
        yield from self._ends_of_data(axes, style)
        yield from data_points(data, self.marked)
        x = self._x
        if self.reference is not None:
            heights = self._inside(self.reference(x))
            yield Line(np.stack([x, heights], -1), color="muted", width=(2.2, 1.2), dash="dashed")
        for curve in self.curves:
            followed = _followed(curve, x, self._inside)
            yield Line(followed, color=curve.run.role, layer=5, name="curve")
            if len(self.curves) > 1:
                end = partial(_last_of, followed)
                yield Points(end, color=curve.run.role, marker=curve.run.marker, size=HEAD, layer=5.5, name="curve")
        if len(self.curves) > 1:
            yield from self._key or self._end_labels(axes, style)
        yield from self._corner_words(axes, style)

    @property
    def _last(self) -> int:
        return max(curve.run.trajectory.n_updates for curve in self.curves)

    def _first_at(self, x: np.ndarray) -> Callable[[int], np.ndarray]:
        return lambda update: self._inside(self.curves[0].at(update, x))

    def _set_limits(self, axes: Axes, style: Style) -> None:
        data = self.data
        x_limits = self._drawn_range()
        self._x = np.linspace(*x_limits, N_CURVE)
        low, high = padded(data.y, 0.05)
        reach = 0.25 * (high - low)
        inner = self._x[(self._x >= data.x.min()) & (self._x <= data.x.max())]
        held = [curve.at(update, inner) for curve in self.curves for update in (0, self._last)]
        if self.reference is not None:
            held.append(np.asarray(self.reference(self._x)))
        heights = np.clip(np.concatenate([data.y, *held]), low - reach, high + reach)
        y_limits = padded(heights, 0.05)
        self._far = (y_limits[0] - _FAR * (high - low), y_limits[1] + _FAR * (high - low))

        def set_axes(room: float, above: float = 0.0) -> None:
            right, top = x_limits[0] + np.ptp(x_limits) / (1 - room), y_limits[0] + np.ptp(y_limits) / (1 - above)
            set_limits(axes, style, x=(x_limits[0], float(right)), y=(y_limits[0], float(top)))
            ticks = few_ticks(*x_limits, int((1 - room) * axes.bbox.width / (6.5 * style.label_px)))
            set_ticks(axes, style, "x", ticks)

        room, self._key = self._room_for_names(axes, style), list[Text]()
        if room > MOST_BESIDE:
            heads = 0.6 * style.length(HEAD) / axes.bbox.width
            self._key = self._names_in_key(axes, style, partial(set_axes, heads))
        if not self._key:
            set_axes(room)
        name_axes(axes, style, data)

    def _inside(self, heights: np.ndarray) -> np.ndarray:
        """Return heights that can be drawn: those far outside the picture are moved nearer."""
        return np.asarray(np.clip(heights, *self._far))

    def _ends_of_data(self, axes: Axes, style: Style) -> Iterator[Mark]:
        low, high = padded(self.data.x, 0.06)
        if self._x[-1] <= high:
            return
        for end in (self.data.x.min(), self.data.x.max()):
            if self._x[0] < low or end > self.data.x.min():
                yield Rule(x=float(end), color="muted 70%", dash="dotted", layer=1)
        begin, end = float(self.data.x.max()), float(self._x[-1])
        left, right = axes.transData.transform([(begin, 0.0), (end, 0.0)])[:, 0]
        drawn = segments_of([axes.transData.transform(line) for line in self._everywhere])
        gap = 0.4 * style.label_px
        for words in ("beyond the data", "beyond"):
            words = style.pick(words)
            size = np.array([style.text_width(words, style.label_px), style.label_px])
            across = [(left + right - size[0]) / 2, left + gap, right - gap - size[0]]
            corners = np.array(list(product(across, [axes.bbox.y0 + gap, axes.bbox.y1 - gap - size[1]])))
            covered = [n_crossing(drawn, low, low + size) for low in corners]
            # where no curve ever comes; else the dotted lines and the caption tell it
            if size[0] + 2 * gap <= right - left and min(covered) == 0:
                middle = corners[int(np.argmin(covered))] + size / 2
                place = axes.transAxes.inverted().transform(middle)
                yield Text(
                    words, tuple(place), coords="axes", align="center", valign="center", layer=1, halo="background"
                )
                return

    # -- words

    def _names(self, axes: Axes, style: Style) -> list[str]:
        names = [curve.name or curve.run.name for curve in self.curves] + (
            [self.reference_name] if self.reference is not None else []
        )
        return names_alike(style, names, 0.3 * axes.bbox.width, bold=True)

    def _room_for_names(self, axes: Axes, style: Style) -> float:
        """Return the share of the width that names at the right ends take."""
        if len(self.curves) == 1:
            return 0.0
        names = [style.text_width(name, style.label_px, bold=True) for name in self._names(axes, style)]
        room = 1.0
        for has_loss in (True, False) if self.loss_name and not style.compact else (False,):
            self._has_loss = has_loss
            scores = [self._widest_score(curve, style) for curve in self.curves]
            room = (max(*names, *scores) + style.label_px) / axes.bbox.width
            if room <= MOST_BESIDE:
                break
        return min(room, 0.45)

    def _widest_score(self, curve: FittedCurve, style: Style) -> float:
        sampled = {0, *range(1, self._last, self._last // 16 + 1), self._last}
        return max(style.text_width(self._score(curve, update), style.label_px) for update in sampled)

    def _names_in_key(self, axes: Axes, style: Style, keep_free: Callable[[float], None]) -> list[Text]:
        """Return the names, with R² if there is room, where no curve and no point ever is; none without a place."""
        px, names = style.label_px, self._names(axes, style)
        ends = np.array([float(curve.at(self._last, self._x[-1:])[0]) for curve in self.curves])
        order = np.argsort(-np.nan_to_num(ends, nan=np.inf), kind="stable")
        curves = [self.curves[at] for at in order]
        texts = [f"{RUN_SIGNS[self.curves[at].run.role]}\u2009{names[at]}" for at in order]
        roles = [curve.run.role for curve in curves]
        lines = [*self._everywhere]
        if self.reference is not None:
            texts, roles = [*texts, f"\u2504 {names[-1]}"], [*roles, "muted"]
            lines.append(np.stack([self._x, np.asarray(self.reference(self._x))], axis=-1))
        if len(self.marked):
            texts, roles = [*texts, "\u25cb " + str(translated("outlier"))], [*roles, "data"]
        if self._x[-1] > padded(self.data.x, 0.06)[1]:
            lines.append(np.stack([np.full(2, self.data.x.max()), self._far], axis=-1))
        points, widths = np.stack([self.data.x, self.data.y], axis=-1), [style.text_width(text, px) for text in texts]
        scores = [self._widest_score(curve, style) + 0.5 * px for curve in curves]
        for beside, most in ((scores, MOST_ABOVE / 2), ([], MOST_ABOVE)):
            sizes = np.array([(width, 1.2 * px) for width in widths])
            sizes[: len(beside), 0] += beside
            keep_free(0.0)
            places = place_key(axes, sizes, lines, px, keep_free, points, most)
            if places is not None:
                break
        else:
            return []
        key = rigid_places(axes, places)
        named = [
            Text(text, at, coords="axes", shift=shift, color=role, valign="bottom", name=_NAMES.get(role, "text"))
            for text, role, (at, shift) in zip(texts, roles, key, strict=True)
        ]
        return named + [
            Text(_scored(self._score, curve), at, coords="axes", shift=(right + width + 0.5 * px, up), valign="bottom",
                 name="score")
            for curve, width, (at, (right, up)) in zip(curves if beside else (), widths, key, strict=False)
        ]  # fmt: skip

    def _end_labels(self, axes: Axes, style: Style) -> Iterator[Mark]:
        """Return each name where its curve ends, with R² below it."""
        end = self._x[-1:]
        wanted = [float(curve.at(self._last, end)[0]) for curve in self.curves]
        wanted += [] if self.reference is None else [float(np.asarray(self.reference(end))[0])]
        apart = min(2.7 * style.label_px, axes.bbox.height / len(wanted))
        heights = end_heights(wanted, axes, apart)
        x = self._x[-1] + 0.7 * style.label_px * np.ptp(axes.get_xlim()) / axes.bbox.width
        roles = [curve.run.role for curve in self.curves] + ["muted"]
        gap = 0.12 * style.label_px
        for index, (name, role, height) in enumerate(zip(self._names(axes, style), roles, heights, strict=False)):
            is_curve = index < len(self.curves)
            yield Text(
                name, (x, height), shift=(0, gap if is_curve else 0), valign="bottom" if is_curve else "center",
                color=role, bold=True, name="text" if is_curve else "line",
            )  # fmt: skip
        for curve, height in zip(self.curves if apart > 2.3 * style.label_px else (), heights, strict=False):
            yield Text(_scored(self._score, curve), (x, height), shift=(0, -gap), valign="top", name="score")

    def _corner_words(self, axes: Axes, style: Style) -> Iterator[Mark]:
        """Return R² of a single curve, and a key to hollow points and dashes, in the corner with most room."""
        half, alone = 0.48 * axes.bbox.width, len(self.curves) == 1
        lines: dict[str, str] = {"": "muted"} if alone and self.shows_score else {}
        if alone and self.reference is not None:
            lines["\u2504 " + style.fit(self.reference_name, style.label_px, half)] = "muted"
        if len(self.marked) and not self._key:
            lines["\u25cb " + str(translated("outlier"))] = "data"
        if not lines:
            return
        texts: list[str | Callable[[int], str]] = [text or _scored(self._score, self.curves[0]) for text in lines]
        widest = f"R\u00b2 {MINUS}0.000" if "" in lines else ""
        drawn = over_the_run(self._lines_at, self._last)
        if not alone:  # the names stand at the right
            drawn.append((1000, np.stack([np.full(2, axes.get_xlim()[1]), axes.get_ylim()], axis=-1)))
        points = np.stack([self.data.x, self.data.y], axis=-1)[drawn_rows(len(self.data.x))]
        yield from corner_texts(axes, style, points, texts, list(lines.values()), lines=drawn, widest=widest)

    def _curves_at(self, update: int) -> list[np.ndarray]:
        return [np.stack([self._x, curve.at(update, self._x)], axis=-1) for curve in self.curves]

    @cached_property
    def _everywhere(self) -> list[np.ndarray]:
        """The curves at many moments of the run, and on their way between the first updates, which may be slow."""
        first = [self._curves_at(update) for update in range(min(_SLOW, self._last) + 1)]
        between = [
            before + share * (after - before)
            for share in (0.25, 0.5, 0.75)
            for two in pairwise(first)
            for before, after in zip(*two, strict=True)
        ]
        drawn = between + [line for _, line in over_the_run(self._curves_at, self._last, _MOMENTS)]
        return [line[:: N_CURVE // 50] for line in drawn]  # as near as a label has to know them

    def _lines_at(self, update: int) -> list[np.ndarray]:
        """Return the curves and the residuals of an update."""
        x, y = self.data.x, self.data.y
        rows = segment_rows(len(x)) if self.residuals else slice(0)
        return [*self._curves_at(update), stems(x[rows], y[rows], self.curves[0].at(update, x[rows]))]

    def _score(self, curve: FittedCurve, update: int) -> str:
        score = score_text(self.data.y, curve.at(update, self.data.x))
        if len(self.curves) == 1 or not self._has_loss:
            return score
        losses = curve.run.trajectory.loss
        value = float(losses[curve.run.at(update)])
        loss = number_like(value, float(losses[-1])) if value < 1000 else number(value, 0)
        return ", ".join(filter(None, [f"{translated(self.loss_name)} {loss}", score]))


def _followed(
    curve: FittedCurve, x: np.ndarray, inside: Callable[[np.ndarray], np.ndarray]
) -> Callable[[int], np.ndarray]:
    return lambda update: np.stack([x, inside(curve.at(update, x))], axis=-1)


def _last_of(followed: Callable[[int], np.ndarray], update: int) -> np.ndarray:
    return followed(update)[-1:]


def _scored(score: Callable[[FittedCurve, int], str], curve: FittedCurve) -> Callable[[int], str]:
    return lambda update: score(curve, update)
