"""Whether and when runs converge: descents at several rates, small loss curves with a verdict, the updates needed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from animate.draw.formatting import grouped, number, number_like, short_number, significant, written
from animate.draw.marks import Bars, Line, Mark, Path, Points, Rule, Span, Text, per_update
from animate.draw.panels.base import Panel, hide_axes, set_log_ticks, set_update_axis
from animate.draw.panels.plot import Plot
from animate.draw.readout import Readout
from animate.draw.run import Problem, Run, compare
from animate.draw.style import ResponsiveText, Style
from animate.draw.text_template import say
from animate.learn.convergence import Outcome, classify_updates, settling_update
from animate.learn.optimizers import gradient_descent

VERDICTS: dict[Outcome, tuple[ResponsiveText, str]] = {
    "converged": ("converged", "right"),
    "on its way": (("still on its way", "on its way"), "muted"),
    "bounces": ("bounces", "muted"),
    "diverges": ("diverges", "wrong"),
}
"""The words for each outcome of a run, and the role of their color."""

CHECK = "\u2713"
_ABOVE_START = 30.0
_FLOOR = 1e-8
_MOST_TIMES = 10
_LARGEST_COUNT = 10_000_000  # of updates, written in full


@dataclass(kw_only=True)
class ConvergenceCurve(Panel):
    """The loss per update on a logarithmic axis, the lowest loss dashed, and the verdict on the run so far.

    Parameters
    ----------
    run : Run
        A descent over all points.
    best : float
        The lowest loss.
    loss_name : ResponsiveText
        Stands before the loss of the update shown.
    labelled : bool
        Whether the dashed line is named here: in the first of several panels.
    """

    run: Run
    best: float
    loss_name: ResponsiveText = "MSE"
    labelled: bool = False

    def heading_role(self) -> str:
        return self.run.role

    def readout(self, style: Style) -> Readout:
        verdicts = classify_updates(self.run.trajectory.loss, self.best)
        room = 0.09 * style.width
        words = {outcome: style.fit(text, style.readout_px, room) for outcome, (text, _) in VERDICTS.items()}
        return Readout(
            "",
            lambda update: words[verdicts[self.run.at(update)]],
            max((words[outcome] for outcome in set(verdicts)), key=len),
            lambda update: VERDICTS[verdicts[self.run.at(update)]][1],
        )

    def compose(self, axes: Axes, style: Style) -> Iterator[Mark]:
        loss = np.asarray(self.run.trajectory.loss, dtype=float)
        start = float(loss[0])
        low = max(self.best, _FLOOR * start) / 2.5 if start > 0 else 0.1
        high = _ABOVE_START * start if start > 0 else 1.0
        axes.set_yscale("log")
        axes.set_xlim(0, max(len(loss) - 1, 1))
        axes.set_ylim(low, high)
        set_log_ticks(axes, style, "y", (low, high))
        set_update_axis(axes, style, len(loss) - 1)
        if self.best >= low:
            yield Rule(y=self.best, dash="dashed")
            if self.labelled:
                yield Text(
                    "optimum", (1.0, self.best), coords=("axes", "data"), align="right", valign="bottom",
                    shift=(0, style.px(4, least=2)), layer=2,
                )  # fmt: skip
        # A curve that has left through the top does not come back: its dot waits at the edge.
        gone = ~(loss <= high)
        end = int(gone.argmax()) if gone.any() else len(loss) - 1
        heights = np.where(np.isfinite(loss), np.minimum(loss, 10 * high), 10 * high)
        path = np.stack([np.arange(len(loss)), heights], axis=-1)[: end + 1]
        yield Path(path, at=self.run.at, color=self.run.role, head=0)
        yield Points(
            lambda update: np.minimum(path[[min(self.run.at(update), end)]], [np.inf, high]),
            color=self.run.role, marker=self.run.marker, size=(10, 5.5), edge_width=(1.6, 0.9), layer=5, clip=False,
        )  # fmt: skip
        name = style.fit((*style.alternatives(self.loss_name), ""), style.label_px, 0.4 * axes.bbox.width)
        typical = self.best or 1e-4 * float(loss[0])  # of a lowest loss of 0: where a run has converged
        yield Text(
            lambda update: f"{name} {number_like(float(loss[self.run.at(update)]), typical, least=2)}".lstrip(),
            (1.0, 1.0), coords="axes", align="right", valign="top", layer=6, halo="background",
        )  # fmt: skip


def convergence_grid(
    runs: Sequence[Run], best: float, *, loss_name: ResponsiveText = "MSE"
) -> list[list[ConvergenceCurve]]:
    """Return a curve for each run, titled by its name, in two rows read from left to right: columns for a scene.

    The runs begin at one start, so that their axes are alike.
    """
    curves = [
        ConvergenceCurve(run=run, best=best, title=run.name, loss_name=loss_name, labelled=index == 0)
        for index, run in enumerate(runs)
    ]
    n_columns = -(-len(curves) // 2)
    return [curves[column::n_columns] for column in range(n_columns)]


def descents_at(rates: Sequence[float], problem: Problem, *, start: npt.ArrayLike, n_updates: int) -> list[Run]:
    """Return a run of gradient descent for each learning rate, named by it in as many digits as tell them apart.

    There are three at least. Spaces keep the names of equal ones apart.

    >>> from animate import datasets, linear_problem
    >>> problem = linear_problem(datasets.line(10, rng=0))
    >>> [run.name for run in descents_at([0.1, 0.1, 0.2345], problem, start=[0.0, 0.0], n_updates=1)]
    ['rate 0.1', 'rate 0.1 ', 'rate 0.234']
    >>> [run.name for run in descents_at([0.5, 0.50001], problem, start=[0.0, 0.0], n_updates=1)]
    ['rate 0.5', 'rate 0.50001']
    """
    texts = [[f"{rate:.{digits}g}" for rate in rates] for digits in range(3, 10)]
    apart = next((found for found in texts if len(set(found)) == len(set(rates))), texts[0])
    names = [say("rate {rate}", rate=written(text)) for text in apart]
    methods = {
        name + " " * names[:at].count(name): gradient_descent(rate)
        for at, (name, rate) in enumerate(zip(names, rates, strict=True))
    }
    return compare(problem, methods, start=start, n_updates=n_updates)


def rate_scale(runs: Sequence[Run], rates: Sequence[float], limit: float, **fields: Any) -> Plot:
    """Return the plot of the runs' learning rates and of the limit between those that converge and that diverge.

    Fields are those of `Plot`.
    """
    low, high = min(*rates, limit) / 2.5, max(1.5 * max(rates), 60 * limit)
    below = math.log(limit / low) / math.log(high / low)
    words: dict[str, Any] = {"valign": "center", "bold": True, "room": min(below, 1 - below) - 0.02}
    return Plot(
        Span(x=(low, limit), color="right 14%"),
        Span(x=(limit, high), color="wrong 18%"),
        Line([[limit, 0], [limit, 1]], width=(2.4, 1.4), layer=2),
        *(
            Points([[rate, 0.3]], marker=run.marker, size=(13, 7), color=run.role, edge_width=(1.6, 0.9), layer=4)
            for rate, run in zip(rates, runs, strict=True)
        ),
        Text(("converges ", f"{CHECK} "), (limit, 0.74), align="right", color="right", **words),
        Text((" diverges", " \u2717"), (limit, 0.74), color="wrong", **words),
        limits=((low, high), (0.0, 1.0)), log="x", ticks=(None, ()), x="learning rate",
        readout=Readout.still(("limit 2/\u03bbmax", "2/\u03bbmax"), significant(limit, 4), "ink"),
        **fields,
    )  # fmt: skip


def standings(runs: Sequence[Run], rates: Sequence[float], least: float, goal: float, **fields: Any) -> Plot:
    """Return the plot of a line for each run: its name, its learning rate, and its height, or when it came to the goal.

    Parameters
    ----------
    runs : sequence of Run
    rates : sequence of float
        Of each run.
    least, goal : float
        The lowest loss, and the height above it that is the goal.
    **fields
        Of `Plot`, such as ``title``.
    """

    def row(run: Run, rate: float, y: float) -> Iterator[Mark]:
        height = run.trajectory.loss - least
        at = settling_update(height, goal)
        words: list[ResponsiveText] = [short_number(value) for value in height[:at]]
        words += [] if at is None else [say("reached at {at}", "at {at}", at=at)]
        yield Points(
            [[0.0, y]], marker=run.marker, size=(10, 5.5), color=run.role, edge_width=0, clip=False
        )
        yield Text(f"   {run.name}", (0.0, y), color=run.role, bold=True)
        yield Text(say("{rate:g}", rate=rate), (0.68, y), align="right")
        yield Text(per_update(words), (1.0, y), align="right", color="ink")

    lines = (
        row(run, rate, 1 - (place + 0.5) / len(runs)) for place, (run, rate) in enumerate(zip(runs, rates, strict=True))
    )
    label = Readout.still(("height now / reached at", "height / reached", "height"))
    return Plot(*chain.from_iterable(lines), limits=((0, 1), (0, 1)), axes=False, readout=label, **fields)


@dataclass(kw_only=True)
class UpdatesNeeded(Panel):
    """A bar per run, as long as the updates so far; it stops, with a check mark, where the run reaches its goal.

    For a run that does not reach it by the last update, the number it needs is named then. Bars share one scale, which
    holds the longest, unless that is more than ten times the updates there are.

    Parameters
    ----------
    runs : sequence of Run
    needed : sequence of int or None
        The update from which each run stays at its goal, on screen or predicted; None for never.
    names : sequence of ResponsiveText, optional
        The runs' own names where not given.
    instead : sequence of str, optional
        The words for each run that needs no number of updates: ``never`` where not given.
    """

    runs: Sequence[Run]
    needed: Sequence[int | None]
    names: Sequence[ResponsiveText] | None = None
    instead: Sequence[str] | None = None

    has_ticks = False
    aspects = (2.0, 6.0)

    def compose(self, axes: Axes, style: Style) -> Iterator[Mark]:
        hide_axes(axes)
        last = max(run.trajectory.n_updates for run in self.runs) or 1
        longest = max((count for count in self.needed if count is not None), default=0)
        full = min(max(longest, last), _MOST_TIMES * last)
        axes.set_xlim(0, full)
        axes.set_ylim(len(self.runs), 0)
        sliver = style.px(3, least=1.5) * full / axes.bbox.width
        pixel, line_px, gap_px = len(self.runs) / axes.bbox.height, 1.3 * style.label_px, style.px(5, least=1)
        # Name and bar stand in the middle of their row; where rows are low the bar is thin.
        free_px = 1 / pixel - line_px - gap_px
        thickness = min(max(0.8 * free_px, 2.0), style.px(16, least=7)) * pixel
        for row, (run, needed) in enumerate(zip(self.runs, self.needed, strict=True)):
            instead = self.instead[row] if self.instead else say("never")
            count = _counter(needed, last, instead, compact=style.compact)
            middle = row + 0.5 + (line_px + gap_px) * pixel / 2
            yield Bars([full], [middle], thickness=thickness, color="rule 60%", horizontal=True, layer=1)
            yield Bars(_reached(needed, sliver), [middle], thickness=thickness, color=run.role, horizontal=True)
            foot = middle - thickness / 2 - gap_px * pixel
            yield Text(count, (full, foot), align="right", valign="bottom", color="ink", layer=4)
            taken = max(style.text_width(count(at), style.label_px) for at in (0, last - 1, last))
            room = (axes.bbox.width - taken - 0.8 * style.label_px) / axes.bbox.width
            name = self.names[row] if self.names else run.name
            yield Text(name, (0, foot), valign="bottom", color=run.role, bold=True, room=room, layer=4)


def _reached(needed: int | None, sliver: float) -> Callable[[int], list[float]]:
    """Return the length of a bar at an update: at least a sliver once there was one."""

    def length(update: int) -> list[float]:
        shown = update if needed is None else min(update, needed)
        return [max(shown, sliver) if shown else 0]

    return length


def _count(n: int) -> str:
    return grouped(n) if n < _LARGEST_COUNT else number(n, 0)


def _counter(needed: int | None, last: int, instead: str, *, compact: bool) -> Callable[[int], str]:
    def count(update: int) -> str:
        if needed is not None and update >= needed:
            return f"{_count(needed)} {CHECK}"
        if update < last:
            return grouped(update)
        if needed is None:
            return instead
        return f"\u2192 {_count(needed)}" if compact else say("{n} of {total}", n=update, total=_count(needed))

    return count
