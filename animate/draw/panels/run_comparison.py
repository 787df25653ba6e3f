"""Whether and when runs converge: small loss curves with a verdict, updates needed, a leaderboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from matplotlib.axes import Axes

from animate.draw.formatting import MINUS, decimals_for, grouped, number
from animate.draw.marks import Bars, Mark, Path, Points, Rule, Text
from animate.draw.panels.base import Panel, hide_axes, set_log_ticks
from animate.draw.panels.history import set_update_axis
from animate.draw.readout import Readout
from animate.draw.run import Run
from animate.draw.style import ResponsiveText, Style
from animate.learn.convergence import Outcome, classify_updates, settling_update

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


@dataclass(kw_only=True)
class ConvergenceCurve(Panel):
    """The loss per update on a logarithmic axis, the lowest loss dashed, and the verdict on the run so far.

    Parameters
    ----------
    run : Run
        A descent over all points.
    best : float
        The lowest loss there is.
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
        if self.best > 0:
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
            color=self.run.role, size=(10, 5.5), edge_width=(1.6, 0.9), layer=5, clip=False,
        )  # fmt: skip
        name = style.fit(self.loss_name, style.label_px, 0.4 * axes.bbox.width)
        decimals = decimals_for(self.best, 3, least=2, most=4)
        yield Text(
            lambda update: f"{name} {number(float(loss[self.run.at(update)]), decimals)}",
            (1.0, 1.0), coords="axes", align="right", valign="top", layer=6,
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


def convergence_summary(runs: Sequence[Run], best: float) -> tuple[str, str]:
    """Return in long and short words which runs have converged, diverged or not, by their names."""
    ends = {run.name: classify_updates(run.trajectory.loss, best)[-1] for run in runs}
    named = {word: [name for name, end in ends.items() if end == word] for word in VERDICTS}
    listed = {word: _listed(names) for word, names in named.items() if names}
    long = [f"{names} {_ENDINGS[word][len(named[word]) > 1]}" for word, names in listed.items()]
    short = [f"{word}: {', '.join(named[word])}" for word in listed if word != "on its way"]
    return "; ".join(long) + ".", ("; ".join(short) or "nothing converged yet").capitalize() + "."


_ENDINGS: dict[Outcome, tuple[str, str]] = {
    "converged": ("converged", "converged"),
    "on its way": ("is still on its way", "are still on their way"),
    "bounces": ("bounces", "bounce"),
    "diverges": ("diverged", "diverged"),
}
"""How one run ended, and how several did."""


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


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
    """

    runs: Sequence[Run]
    needed: Sequence[int | None]
    names: Sequence[ResponsiveText] | None = None

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
            count = _counter(needed, last, compact=style.compact)
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


def _counter(needed: int | None, last: int, *, compact: bool) -> Callable[[int], str]:
    def count(update: int) -> str:
        if needed is not None and update >= needed:
            return f"{grouped(needed)} {CHECK}"
        if update < last:
            return grouped(update)
        if needed is None:
            return "never"
        return f"\u2192 {grouped(needed)}" if compact else f"{grouped(update)} of {grouped(needed)}"

    return count


@dataclass(kw_only=True)
class Leaderboard(Panel):
    """A line for each run: a dot in its color, its name, its settings, its loss, and when it reached the goal.

    Parameters
    ----------
    runs : sequence of Run
        From top to bottom, an order that does not change.
    notes : sequence of str
        The settings of each, such as its learning rate.
    goal : float
        A run is finished once its loss, less ``above``, stays at or below this.
    above : float
        This is subtracted from every loss: with the lowest loss, excess loss is shown.
    """

    aspects: ClassVar[tuple[float, float]] = (1.6, 5.0)
    runs: Sequence[Run]
    notes: Sequence[str]
    goal: float
    above: float = 0.0

    bare: ClassVar[bool] = True

    def readout(self, style: Style) -> Readout:
        return Readout.still(("loss now / reached at", "loss / reached", "loss"))

    def compose(self, axes: Axes, style: Style) -> Iterator[Mark]:
        hide_axes(axes)
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
        names = [style.text_width(run.name, style.label_px, bold=True) for run in self.runs]
        notes_px = 2.2 * style.label_px + max(names)
        room = axes.bbox.width - notes_px - max(style.text_width(note, style.label_px) for note in self.notes)
        reached = style.fit(("reached at {}", "at {}"), style.label_px, room - 3 * style.label_px)
        dot = style.px(10, least=5.5)
        for row, (run, note) in enumerate(zip(self.runs, self.notes, strict=True)):
            y = 1 - (row + 0.5) / len(self.runs)
            left = [[dot / 2 / axes.bbox.width, y]]
            yield Points(left, size=(10, 5.5), color=run.role, edge="", edge_width=0, clip=False)
            yield Text(
                run.name, (0, y), coords="axes", shift=(1.1 * style.label_px, 0), color=run.role, bold=True, layer=4
            )
            yield Text(note, (0, y), coords="axes", shift=(notes_px, 0), layer=4)
            yield Text(self._standing(run, reached), (1, y), coords="axes", align="right", color="ink", layer=4)

    def _standing(self, run: Run, reached: str) -> Callable[[int], str]:
        loss = np.asarray(run.trajectory.loss, dtype=float) - self.above
        finish = settling_update(loss, self.goal)

        def text(update: int) -> str:
            return (
                reached.format(finish)
                if finish is not None and update >= finish
                else short_number(loss[run.at(update)])
            )

        return text


def short_number(value: Any) -> str:
    """Return a number in three digits, small and large ones in two with their power of ten.

    >>> short_number(0.0123), short_number(39.54), short_number(0.00012), short_number(float("inf"))
    ('0.012', '39.5', '1.2e\u22124', '\u221e')
    """
    value = float(value)
    if 1e-3 <= abs(value) < 1e5 or not np.isfinite(value) or value == 0:
        return number(value, decimals_for(value, 3, most=3))
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{mantissa}e{int(exponent)}".replace("-", MINUS)


def arrival_summary(runs: Sequence[Run], goal: float, *, above: float = 0.0) -> tuple[str, str, str]:
    """Return after how many updates each run's loss reaches ``goal`` and stays there, in ever fewer words."""
    arrivals = {run.name: settling_update(run.trajectory.loss - above, goal) for run in runs}
    there = sorted((update, name) for name, update in arrivals.items() if update is not None)
    missing = [name for name, update in arrivals.items() if update is None]
    after = max(run.trajectory.n_updates for run in runs)
    if not there:
        none = f"None of them reached the goal in {_updates(after)}."
        return none, none, f"None reached it in {after}."
    late = f"; not in {after}: {', '.join(missing)}" if missing else ""
    long = ", ".join(
        [f"{there[0][1]} after {_updates(there[0][0])}", *(f"{name} {update}" for update, name in there[1:])]
    )
    short = ", ".join(f"{name} {update}" for update, name in there)
    not_yet = f"; {len(missing)} not yet" if missing else ""
    first = f"First: {there[0][1]}, after {there[0][0]}{not_yet}."
    return f"Reached the goal: {long}{late}.", f"Reached: {short}{not_yet}.", first


def _updates(count: int) -> str:
    return f"{count} update" if count == 1 else f"{count} updates"
