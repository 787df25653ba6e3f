"""Who is where in a race: each run by name, what it runs with, and its loss until it has arrived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Text

from animate.draw.panels.base import Panel, bare_axes, shifted
from animate.draw.readout import MINUS, Readout, decimals_for, number
from animate.draw.run import Run
from animate.draw.style import Style
from animate.learn.convergence import settling_update


@dataclass(kw_only=True)
class Leaderboard(Panel):
    """A line for each run: a dot in its color, its name, what it runs with, its loss, and when it arrived.

    Parameters
    ----------
    runs : sequence of Run
        From top to bottom, an order that does not change.
    notes : sequence of str
        What each runs with, such as its learning rate.
    goal : float
        A run has arrived once its loss, less ``above``, stays at or under this.
    above : float
        Losses are shown above this, such as above the lowest there is.
    """

    runs: Sequence[Run]
    notes: Sequence[str]
    goal: float
    above: float = 0.0

    bare: ClassVar[bool] = True

    def readout(self, style: Style) -> Readout:
        return Readout(("loss, then update of arrival", "loss, then arrival", "loss"), lambda _: "", "")

    def create(self, axes: Axes, style: Style) -> None:
        bare_axes(axes)
        self._losses = [np.asarray(run.trajectory.loss, dtype=float) - self.above for run in self.runs]
        self._arrivals = [settling_update(loss, self.goal) for loss in self._losses]
        self._texts: list[Text] = []
        names = [style.text_width(run.name, style.label_px, bold=True) for run in self.runs]
        notes_at = 2.2 * style.label_px + max(names)
        room = axes.bbox.width - notes_at - max(style.text_width(note, style.label_px) for note in self.notes)
        self._there = style.fit(("there at {}", "at {}"), style.label_px, room - 3 * style.label_px)
        for row, (run, note) in enumerate(zip(self.runs, self.notes, strict=True)):
            height = 1 - (row + 0.5) / len(self.runs)
            _dot(axes, style, run, height)
            _text(axes, style, (1.1 * style.label_px, height), run.name, run.role, bold=True)
            _text(axes, style, (notes_at, height), note, "muted")
            self._texts.append(_text(axes, style, (0.0, height), "", "ink", right=True))

    def show(self, update: int) -> None:
        for run, loss, arrived, text in zip(self.runs, self._losses, self._arrivals, self._texts, strict=True):
            is_there = arrived is not None and update >= arrived
            text.set_text(self._there.format(arrived) if is_there else short_number(float(loss[run.at(update)])))


def _dot(axes: Axes, style: Style, run: Run, height: float) -> None:
    size = style.px(10, least=5.5)
    axes.plot(
        [0.0], [height], transform=shifted(axes, size / 2),
        marker="o", markersize=size, color=style.theme.color(run.role), linestyle="none",
        markeredgewidth=0, clip_on=False, zorder=3,
    )  # fmt: skip


def _text(
    axes: Axes, style: Style, at: tuple[float, float], text: str, role: str, *, bold: bool = False, right: bool = False
) -> Text:
    """Put a text at pixels from the left edge, or against the right one, at a height of the axes."""
    place = axes.transAxes if right else shifted(axes, at[0])
    return axes.text(
        1.0 if right else 0.0, at[1], text, transform=place, ha="right" if right else "left", va="center_baseline",
        color=style.theme.color(role), fontproperties=style.font(style.label_px, bold=bold), zorder=4,
    )  # fmt: skip


def short_number(value: float) -> str:
    """Return a number in three digits, small and large ones in two with their power of ten.

    >>> short_number(0.0123), short_number(39.54), short_number(0.00012), short_number(float("inf"))
    ('0.012', '39.5', '1.2e\u22124', '\u221e')
    """
    if 1e-3 <= abs(value) < 1e5 or not np.isfinite(value) or value == 0:
        return number(value, decimals_for(value, 3, most=3))
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{mantissa}e{int(exponent)}".replace("-", MINUS)


def arrival_summary(runs: Sequence[Run], goal: float, *, above: float = 0.0) -> tuple[str, str, str]:
    """Return after how many updates the loss of each run is at ``goal`` for good, in ever fewer words."""
    arrivals = {run.name: settling_update(run.trajectory.loss - above, goal) for run in runs}
    there = sorted((update, name) for name, update in arrivals.items() if update is not None)
    missing = [name for name, update in arrivals.items() if update is None]
    after = max(run.trajectory.n_updates for run in runs)
    if not there:
        none = f"None of them is there after {_updates(after)}."
        return none, none, f"None is there after {after}."
    late = f"; not after {after}: {', '.join(missing)}" if missing else ""
    long = ", ".join(
        [f"{there[0][1]} after {_updates(there[0][0])}", *(f"{name} {update}" for update, name in there[1:])]
    )
    short = ", ".join(f"{name} {update}" for update, name in there)
    not_yet = f"; {len(missing)} not yet" if missing else ""
    first = f"First: {there[0][1]}, after {there[0][0]}{not_yet}."
    return f"There for good: {long}{late}.", f"There: {short}{not_yet}.", first


def _updates(count: int) -> str:
    return f"{count} update" if count == 1 else f"{count} updates"
