"""Each parameter against the update, with the value it should reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.text import Text as TextArtist

from animate.draw.panels.base import Panel, few_ticks, padded, plain_axes, set_limits, set_log_ticks, set_ticks
from animate.draw.readout import MINUS, Readout, decimals_for, number
from animate.draw.run import RUN_ROLES, Run
from animate.draw.style import ResponsiveText, Style
from animate.learn.problems import LinearProblem


@dataclass(kw_only=True)
class Traces(Panel):
    """Lines of parameters over the updates, each labelled at its end, its target dashed.

    Parameters
    ----------
    values : array (n_updates + 1, n_lines)
        What is traced.
    names : sequence of ResponsiveText
        One per line.
    targets : sequence of float, optional
        The value each line should reach; nan for one that should reach none.
    roles : sequence of str
        The color of each line.
    log_updates : bool
        Whether the axis of updates is logarithmic, for a run whose first updates are the lesson.
    counter : str
        What is counted: updates, or epochs.
    reading : Readout, optional
        What stands at the right of the title.
    decimals : int, optional
        Of every number; those that each line's last value needs where not given.
    """

    values: np.ndarray
    names: Sequence[ResponsiveText]
    targets: Sequence[float] | np.ndarray | None = None
    roles: Sequence[str] = RUN_ROLES
    log_updates: bool = False
    counter: str = "update"
    reading: Readout | None = None
    decimals: int | None = None

    def readout(self, style: Style) -> Readout | None:
        return self.reading

    @classmethod
    def of_line(cls, problem: LinearProblem, run: Run, **fields: Any) -> Traces:
        """Return the traces of a line's slope and intercept in the data's units, their least-squares values dashed."""
        traced: dict[str, Any] = {
            "values": problem.in_units(run.trajectory.params),
            "names": (("slope", "w"), ("intercept", "b")),
            "targets": problem.in_units(problem.objective.optimum()),
            "roles": ("fourth", "fifth"),
        }
        return cls(**(traced | fields))

    def create(self, axes: Axes, style: Style) -> None:
        self._values = np.asarray(self.values, dtype=float)
        self._updates = np.arange(len(self._values))
        plain_axes(axes, style)
        targets = np.asarray(self.targets if self.targets is not None else [], dtype=float)
        last = max(len(self._values) - 1, 1)
        names, room = self._names_and_room(axes, style)
        self._set_limits(axes, style, targets, room)
        for target, role in zip(targets, self.roles, strict=False):
            axes.plot(
                [0, last], [target, target], color=style.theme.tint(role, 0.75), linewidth=style.thin_px,
                linestyle=(0, (4, 3)), zorder=2,
            )  # fmt: skip
        self._lines: list[Line2D] = []
        self._labels: list[tuple[str, TextArtist, int]] = []
        heights = self._label_heights(axes, style)
        for name, role, height in zip(names, self.roles, heights, strict=False):
            color = style.theme.color(role)
            (line,) = axes.plot([], [], color=color, linewidth=style.line_px, zorder=4)
            label = axes.text(
                room + 0.4 * style.label_px / axes.bbox.width, height, "", color=color, zorder=5, ha="left",
                va="center_baseline", transform=axes.get_yaxis_transform(),
                fontproperties=style.font(style.label_px, bold=True),
            )  # fmt: skip
            self._lines.append(line)
            own = decimals_for(self._last_finite(len(self._labels)), 3)
            self._labels.append((name, label, own if self.decimals is None else self.decimals))

    def show(self, update: int) -> None:
        at = min(update, len(self._values) - 1)
        for column, (line, (name, label, decimals)) in enumerate(zip(self._lines, self._labels, strict=True)):
            line.set_data(self._updates[: at + 1], self._values[: at + 1, column])
            label.set_text(f"{name} {number(self._values[at, column], decimals)}".lstrip())

    def _names_and_room(self, axes: Axes, style: Style) -> tuple[list[str], float]:
        """Return the names as they are written, and the share of the width they leave to the lines."""
        number_px = style.text_width(f" {MINUS}00.00", style.label_px, bold=True)
        names = self._names_that_fit(style, 0.42 * axes.bbox.width - number_px)
        widths = [style.text_width(name, style.label_px, bold=True) + number_px for name in names]
        return names, 1 - min((max(widths) + style.label_px) / axes.bbox.width, 0.5)

    def _set_limits(self, axes: Axes, style: Style, targets: np.ndarray, room: float) -> None:
        last = max(len(self._values) - 1, 1)
        set_limits(axes, style, x=(0, last / room), y=padded(self._seen(targets), 0.08))
        if self.log_updates:
            axes.set_xscale("symlog", linthresh=1.0, linscale=0.4)
            scale = axes.xaxis.get_transform()
            axes.set_xlim(0, float(scale.inverted().transform([scale.transform([last])[0] / room])[0]))
            set_log_ticks(axes, style, "x", (1, last), first=[0.0])
        else:
            set_ticks(axes, style, "x", few_ticks(0, last, int(room * axes.bbox.width / (6 * style.label_px))))
        if not style.compact:
            axes.set_xlabel(self.counter)

    def _seen(self, targets: np.ndarray) -> np.ndarray:
        """Return the values the axis has to hold: of a trace that flies off, three times its first distance."""
        first = self._values[0]
        all_end = bool(targets.size) and bool(np.isfinite(targets).all())
        center = np.where(np.isfinite(targets), targets, first) if targets.size else first
        reach = 3.0 * max(float(np.abs(first - center).max()), float(np.abs(center).max()), 1e-12)
        if not all_end:
            reach = 1e12 * max(float(np.abs(first).max()), 1.0)
        return np.append(np.clip(self._values, (center - reach).min(), (center + reach).max()), center)

    def _names_that_fit(self, style: Style, width_px: float) -> list[str]:
        """Return the names in the longest form that fits for all of them, so that they are alike."""
        forms = [(name,) if isinstance(name, str) else name for name in self.names]
        for form in range(max(len(name) for name in forms)):
            names = [name[min(form, len(name) - 1)] for name in forms]
            if max(style.text_width(name, style.label_px, bold=True) for name in names) <= width_px:
                break
        return names

    def _label_heights(self, axes: Axes, style: Style) -> np.ndarray:
        """Return where each label stands: beside its line's target, moved apart where two would touch."""
        wanted = [self._last_finite(column) for column in range(len(self.names))]
        if self.targets is not None:
            targets = np.asarray(self.targets, dtype=float)
            wanted = list(np.where(np.isfinite(targets), targets, wanted))
        low, high = axes.get_ylim()
        line_height = 1.3 * style.label_px * (high - low) / axes.bbox.height
        return kept_inside(spread(np.array(wanted), line_height), line_height, (low, high))

    def _last_finite(self, column: int) -> float:
        series = self._values[:, column]
        finite = series[np.isfinite(series)]
        return float(finite[-1]) if finite.size else 0.0


def spread(heights: np.ndarray, gap: float) -> np.ndarray:
    """Return the heights moved apart, as little as is needed, until neighbors are ``gap`` from each other.

    >>> spread(np.array([1.0, 1.5, 5.0]), 1.0).tolist()
    [0.75, 1.75, 5.0]
    """
    order = np.argsort(heights, kind="stable")
    groups = [[float(heights[index])] for index in order]
    centers = [group[0] for group in groups]
    while True:
        for left in range(len(groups) - 1):
            reach = gap * (len(groups[left]) + len(groups[left + 1])) / 2
            if centers[left + 1] - centers[left] < reach - 1e-12:
                groups[left] += groups.pop(left + 1)
                centers.pop(left + 1)
                centers[left] = float(np.mean(groups[left]))
                break
        else:
            break
    moved = [
        center + gap * (place - (len(group) - 1) / 2)
        for center, group in zip(centers, groups, strict=True)
        for place in range(len(group))
    ]
    result = np.empty(len(heights))
    result[order] = moved
    return result


def kept_inside(heights: np.ndarray, gap: float, limits: tuple[float, float]) -> np.ndarray:
    """Return heights that are ``gap`` apart, moved into the limits as far as they are out of them, half a gap inside.

    >>> kept_inside(np.array([0.0, 1.0, 6.0]), 1.0, (0.0, 5.0)).tolist()
    [0.5, 1.5, 4.5]
    """
    low, high = limits
    order = np.argsort(heights, kind="stable")
    steps = gap * np.arange(len(heights))
    moved: np.ndarray = np.array(heights, dtype=float)
    moved[order] = np.maximum(np.minimum(moved[order], high - gap / 2 - steps[::-1]), low + gap / 2 + steps)
    return moved
