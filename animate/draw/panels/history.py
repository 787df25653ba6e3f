"""Numbers against the update: the loss of runs, and traces of parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from matplotlib.axes import Axes

from animate.draw.formatting import MINUS, decimals_for, number, significant
from animate.draw.free_space import n_crossing
from animate.draw.label_layout import kept_inside, names_alike, spread
from animate.draw.line_labels import MOST_BESIDE, place_of_key, places_on_lines
from animate.draw.marks import Line, Mark, Path, Points, Rule, Text
from animate.draw.marks.mark import HEAD, THIN
from animate.draw.panels.base import Panel, few_ticks, padded, set_limits, set_log_ticks, set_ticks
from animate.draw.readout import Readout
from animate.draw.run import RUN_MARKERS, RUN_ROLES, Run
from animate.draw.style import ResponsiveText, Style
from animate.errors import UsageError
from animate.learn.problems import LinearProblem


@dataclass(kw_only=True)
class LossCurve(Panel):
    """Loss per update as a growing line with a dot at its end, each run named where it ends, the optimum dashed.

    Parameters
    ----------
    runs : sequence of Run
        One line each.
    names : bool
        Whether several runs are named; not needed beside a panel that names them.
    optimum : float, optional
        The lowest loss.
    goal : float, optional
        The loss at which a run counts as finished: a dashed line too.
    above : float
        This is subtracted from every loss: with the lowest loss, the axis shows excess loss.
    log : bool
        Whether the loss axis is logarithmic.
    log_updates : bool
        Whether the axis of updates is logarithmic too, for a run whose first updates are the lesson.
    """

    optional_marks: ClassVar[frozenset[str]] = frozenset({"optimum", "goal"})
    runs: Sequence[Run]
    names: bool = True
    optimum: float | None = None
    goal: float | None = None
    above: float = 0.0
    log: bool = False
    log_updates: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.runs:
            raise UsageError("runs must be at least one run; got none.")

    def readout(self, style: Style) -> Readout | None:
        return Readout.of("", self.runs[0].trajectory.loss - self.above) if len(self.runs) == 1 else None

    def compose(self, axes: Axes, style: Style) -> Iterator[Mark]:
        losses = [np.asarray(run.trajectory.loss, dtype=float) - self.above for run in self.runs]
        paths = [np.stack([np.arange(len(loss)), loss], axis=-1) for loss in losses]
        limits = self._loss_limits(losses, free=min(1.8 * style.label_px / axes.bbox.height, 0.3))
        room, taken = self._share_left_of_names(axes, style), list[np.ndarray]()
        self._set_axes(axes, style, limits, losses, room)
        if 1 - room > MOST_BESIDE:
            self._set_axes(axes, style, limits, losses, 1.0)
            taken = self._places_on_paths(axes, style, paths)
            if taken:
                room = 1.0
            else:
                self._set_axes(axes, style, limits, losses, room)
        with np.errstate(all="ignore"):
            drawn = [axes.transData.transform(path) for path in paths] + taken
        if self.optimum is not None:
            yield from _level(axes, style, self.optimum, "optimum", room, drawn)
        if self.goal is not None:  # at the left, where the losses are still high
            yield from _level(axes, style, self.goal, "goal", room, drawn, at_left=True)
        for run, path in zip(self.runs, paths, strict=True):
            yield Path(path, at=run.at, color=run.role, within=((-np.inf, np.inf), limits), name="path")
        for run, box in zip(self.runs, taken, strict=False):
            at = tuple(axes.transAxes.inverted().transform((box[1, 0], box[0, 1])))
            yield Text(
                run.name, at, coords="axes", align="right", valign="bottom", color=run.role, bold=True, layer=3
            )
        if self._has_names and not taken:
            yield from self._run_names(axes, style, losses, room)

    def _set_axes(
        self, axes: Axes, style: Style, limits: tuple[float, float], losses: Sequence[np.ndarray], room: float
    ) -> None:
        """Set limits and ticks for runs that end at a share ``room`` of the width."""
        last = max(*map(len, losses), 2) - 1
        axes.set_xlim(0, last / room)
        axes.set_ylim(*limits)
        if self.log:
            axes.set_yscale("log")
            axes.set_ylim(*limits)
            set_log_ticks(axes, style, "y", limits)
        else:
            ticks = few_ticks(*limits, int(axes.bbox.height / (5.5 * style.label_px)))
            least = min(float(np.nanmin(loss, initial=0.0)) for loss in losses)
            set_ticks(axes, style, "y", [tick for tick in ticks if tick >= least])
        set_update_axis(axes, style, last, room, log=self.log_updates)

    def _places_on_paths(self, axes: Axes, style: Style, paths: Sequence[np.ndarray]) -> list[np.ndarray]:
        """Return the corners of the boxes in which names stand on their paths, or none if one finds no place."""
        levels, px = [level for level in (self.optimum, self.goal) if level is not None], style.label_px
        sizes = np.array([(style.text_width(style.pick(run.name), px, bold=True), 1.2 * px) for run in self.runs])
        across = [np.array([[0.0, level], [axes.get_xlim()[1], level]]) for level in levels]
        # losses end at an optimum, where its name stands
        places = None if self.optimum is not None else places_on_lines(axes, sizes, paths, across, 0.45 * px)
        corners = self._places_in_key(axes, style, sizes, [*paths, *across]) if places is None else places
        up, left = np.array([0.0, 1.0]), np.array([-1.0, 0.0])
        return [np.array([at + left * size, at + up * size]) for at, size in zip(corners, sizes, strict=False)]

    def _places_in_key(
        self, axes: Axes, style: Style, sizes: np.ndarray, lines: Sequence[np.ndarray]
    ) -> list[np.ndarray]:
        """Return the corners of names below one another, in the order of the last losses, or none without a place."""
        row = 1.3 * style.label_px
        block = np.array([sizes[:, 0].max(), len(sizes) * row])
        corner = place_of_key(axes, block, lines, 0.25 * style.label_px)
        if corner is None:
            return []
        ranks = np.argsort(np.argsort([run.trajectory.loss[-1] for run in self.runs]))
        return [corner + np.array([block[0], row * rank]) for rank in ranks]

    def _loss_limits(self, losses: Sequence[np.ndarray], *, free: float) -> tuple[float, float]:
        """Return the limits of the losses; ``free`` is the share kept under the optimum for its name."""
        values = np.concatenate([loss[np.isfinite(loss)] for loss in losses])
        if self.optimum is not None:
            values = np.append(values, self.optimum)
        if not self.log:
            low, high = padded(_without_blowup(values), 0.06)
            low = 0.0 if values.min(initial=0.0) >= 0 and low < 0.25 * high else low
            return (low if self.optimum is None else min(low, (self.optimum - free * high) / (1 - free))), high
        positive = values[values > 0]
        low, high = (positive.min(), positive.max()) if positive.size else (0.1, 1.0)
        # Of many decades the ones below the first loss are shown, so that a fall to rounding hides no start.
        low = max(low, 1e-9 * min(high, max(loss[0] for loss in losses)))
        high = min(high, 1e9 * low)
        low, high = float(low) / (3.0 if high > 100 * low else 1.8), float(high) * 1.3
        if self.optimum is not None and self.optimum > low:
            low = min(low, float((self.optimum / high**free) ** (1 / (1 - free))))
        return low, high

    @property
    def _has_names(self) -> bool:
        return self.names and len(self.runs) > 1

    def _share_left_of_names(self, axes: Axes, style: Style) -> float:
        """Return the share of the width that is left to the lines."""
        if not self._has_names:
            return 1.0
        widest = max(style.text_width(style.pick(run.name), style.label_px, bold=True) for run in self.runs)
        return 1 - min((widest + 0.8 * style.label_px) / axes.bbox.width, 0.62)

    def _run_names(self, axes: Axes, style: Style, losses: Sequence[np.ndarray], room: float) -> Iterator[Mark]:
        """Name each run at the height of its last loss, moved apart where two names would touch."""
        gap = 1.25 * style.label_px
        low, high = axes.bbox.y0 + gap / 2, axes.bbox.y1 - gap / 2
        with np.errstate(all="ignore"):
            ends = [axes.transData.transform((1.0, loss[-1]))[1] for loss in losses]
        ends_px = np.clip(np.nan_to_num(ends, nan=high, posinf=high, neginf=low), low, high)
        # Ends beyond the axes are all at its edge, yet their names stand in the order of the losses.
        order = np.argsort(np.argsort([loss[-1] for loss in losses]))
        heights = spread(ends_px + 1e-6 * order, gap)
        heights -= max(heights.max() - high, 0.0)
        heights += max(low - heights.min(), 0.0)
        x = room + 0.6 * style.label_px / axes.bbox.width
        for run, height in zip(self.runs, heights, strict=True):
            y = (height - axes.bbox.y0) / axes.bbox.height
            yield Text(run.name, (x, y), coords="axes", color=run.role, bold=True, layer=3)


@dataclass(kw_only=True)
class Traces(Panel):
    """Labelled lines of parameters over the updates, with markers at their ends, their targets dashed to hollow ones.

    Parameters
    ----------
    values : array (n_updates + 1, n_lines)
        What is traced.
    names : sequence of ResponsiveText
        One per line.
    targets : sequence of float, optional
        The value each line should reach; nan for a line without one.
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

    def compose(self, axes: Axes, style: Style) -> Iterator[Mark]:
        values = np.asarray(self.values, dtype=float)
        targets = np.asarray(self.targets if self.targets is not None else [], dtype=float)
        last = max(len(values) - 1, 1)
        paths = [np.stack([np.arange(len(values)), series], axis=-1) for series in values.T]
        names, room = self._names_and_room(axes, style)
        places: np.ndarray | None = None
        label = min(1.9 * style.label_px / axes.bbox.height, 0.3)
        for above, below in ((label, 0.0), (label, label)) if 1 - room > MOST_BESIDE else ():
            self._set_axes(axes, style, values, targets, 1.0, (above, below))
            places = self._places_on_paths(axes, style, names, paths, targets)
            if places is not None:
                break
        else:
            self._set_axes(axes, style, values, targets, room)
        several = len(paths) > 1
        for target, role in zip(targets, self.roles, strict=False):
            yield Line(_across(last, target), color=f"{role} 75%", width=THIN, dash="dashed", layer=2)
            yield Points(_across(last, target)[1 if several else 2 :], color="background", layer=2.5, clip=False,
                         edge=f"{role} 75%", edge_width=THIN, marker=RUN_MARKERS.get(role, "o"), size=HEAD)  # fmt: skip
        x = room + (0.7 if several else 0.4) * style.label_px / axes.bbox.width
        heights = self._label_heights(axes, style, values, targets)
        for column, (name, role, path) in enumerate(zip(names, self.roles, paths, strict=False)):
            yield Path(path, color=role, head=HEAD if several else 0)
            at = (x, heights[column])
            if places is not None:
                at = tuple(axes.transAxes.inverted().transform(places[column]))
            yield Text(self._label(column, name), at, coords=("axes", "data") if places is None else "axes", color=role,
                       bold=True, layer=5, align="left" if places is None else "right",
                       valign="center_baseline" if places is None else "bottom")  # fmt: skip

    def _set_axes(
        self,
        axes: Axes,
        style: Style,
        values: np.ndarray,
        targets: np.ndarray,
        room: float,
        kept: tuple[float, float] = (0.0, 0.0),
    ) -> None:
        """Set limits and ticks for lines that end at a share ``room`` of the width.

        Shares ``kept`` of the height are free above and below all lines, for their labels.
        """
        last, (above, below) = max(len(values) - 1, 1), (max(share - 0.07, 0.0) for share in kept)
        low, high = padded(_reach(values, targets), 0.08)
        height = (high - low) / (1 - above - below)
        set_limits(axes, style, x=(0, last / room), y=(low - below * height, high + above * height))
        set_update_axis(axes, style, last, room, log=self.log_updates, name=self.counter)

    def _places_on_paths(
        self, axes: Axes, style: Style, names: Sequence[str], paths: Sequence[np.ndarray], targets: np.ndarray
    ) -> np.ndarray | None:
        """Return the lower right corners of the labels on their lines, or None if one finds no place."""
        sampled = np.unique(np.linspace(0, len(self.values) - 1, 33).astype(int))
        labels = [self._label(column, name) for column, name in enumerate(names)]
        widths = [max(style.text_width(of(int(at)), style.label_px, bold=True) for at in sampled) for of in labels]
        sizes = np.array([(width, 1.2 * style.label_px) for width in widths])
        dashed = [_across(len(self.values) - 1, target) for target in targets]
        return places_on_lines(axes, sizes, paths, dashed, 0.3 * style.label_px)

    def _label(self, column: int, name: str) -> Callable[[int], str]:
        """Return from the update to the label of a line: its name and its value."""
        series = np.asarray(self.values, dtype=float)[:, column]
        places = decimals_for(_last_finite(series), 3) if self.decimals is None else self.decimals
        return _labelled(name, series, places)

    def _names_and_room(self, axes: Axes, style: Style) -> tuple[list[str], float]:
        """Return the names in the form that fits, and the share of the width they leave to the lines."""
        number_px = style.text_width(f" {MINUS}00.00", style.label_px, bold=True)
        names = names_alike(style, self.names, 0.42 * axes.bbox.width - number_px, bold=True)
        widths = [style.text_width(name, style.label_px, bold=True) + number_px for name in names]
        return names, 1 - min((max(widths) + 1.3 * style.label_px) / axes.bbox.width, 0.5)

    def _label_heights(self, axes: Axes, style: Style, values: np.ndarray, targets: np.ndarray) -> np.ndarray:
        """Return the height of each label: beside its line's target, moved apart where two would touch."""
        wanted = np.array([_last_finite(values[:, column]) for column in range(len(self.names))])
        if targets.size:
            wanted = np.where(np.isfinite(targets), targets, wanted)
        low, high = axes.get_ylim()
        line_height = 1.3 * style.label_px * (high - low) / axes.bbox.height
        return kept_inside(spread(wanted, line_height), line_height, (low, high))


def set_update_axis(
    axes: Axes, style: Style, last: int, room: float = 1.0, *, log: bool = False, name: str = ""
) -> None:
    """Set the ticks of an axis of updates up to the last one, which lies at a share ``room`` of the width."""
    if log:
        axes.set_xscale("symlog", linthresh=1.0, linscale=0.4)
        scale = axes.xaxis.get_transform()
        axes.set_xlim(0, float(scale.inverted().transform([scale.transform([last])[0] / room])[0]))
        set_log_ticks(axes, style, "x", (1, last), first=[0.0])
    else:
        set_ticks(axes, style, "x", few_ticks(0, last, int(room * axes.bbox.width / (6 * style.label_px))))
    if not style.compact:
        axes.set_xlabel(style.pick(name or style.counter))


def _level(
    axes: Axes,
    style: Style,
    level: float,
    words: str,
    room: float,
    drawn: Sequence[np.ndarray],
    *,
    at_left: bool = False,
) -> Iterator[Mark]:
    """Return a dashed line at a loss, if the axes hold it, and its name at the end where lines leave most room.

    The lines are in pixels.
    """
    if not min(axes.get_ylim()) <= level <= max(axes.get_ylim()):
        return
    yield Rule(y=level, reach=(0, room), dash="dashed", name=words)
    height, gap = axes.transData.transform((0.0, level))[1], style.px(4, least=2)
    size = np.array([style.text_width(style.pick(words), style.label_px), 1.2 * style.label_px])

    def covered(place: tuple[bool, bool]) -> float:
        left, below = place
        x = axes.bbox.x0 + 2 * gap if left else axes.bbox.x0 + room * axes.bbox.width - size[0]
        low = np.array([x, height - gap - size[1] if below else height + gap])
        if low[1] < axes.bbox.y0 or low[1] + size[1] > axes.bbox.y1:
            return np.inf
        return float(sum(n_crossing(path, low, low + size) for path in drawn))

    places = [(left, below) for left in (at_left, not at_left) for below in (True, False)]
    left, below = place = min(places, key=covered)
    yield Text(
        words, (0.0 if left else room, level), coords=("axes", "data"), align="left" if left else "right",
        valign="top" if below else "bottom", shift=(2 * gap if left else 0, -gap if below else gap),
        halo="background" if covered(place) else "", layer=6 if covered(place) else 2, name=words,
    )  # fmt: skip


def _across(last: int, height: float) -> np.ndarray:
    return np.array([[0, height], [last, height]]) if np.isfinite(height) else np.empty((0, 2))


def _labelled(name: str, series: np.ndarray, places: int) -> Callable[[int], str]:
    values = np.abs(series[np.isfinite(series)])
    is_tiny = 0 < values.max(initial=0.0) < 1e-4

    def text(update: int) -> str:
        value = series[min(update, len(series) - 1)]
        return f"{name} {significant(value) if is_tiny else number(value, places)}".lstrip()

    return text


def _last_finite(series: np.ndarray) -> float:
    finite = series[np.isfinite(series)]
    return float(finite[-1]) if finite.size else 0.0


def _reach(values: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Return the values the axis has to hold; of a trace that diverges, up to three times its first distance."""
    first = values[0]
    all_end = bool(targets.size) and bool(np.isfinite(targets).all())
    center = np.where(np.isfinite(targets), targets, first) if targets.size else first
    reach = 3.0 * max(float(np.abs(first - center).max()), float(np.abs(center).max()), 1e-12)
    if not all_end:
        reach = 1e12 * max(float(np.abs(first).max()), 1.0)
    return np.append(np.clip(values, (center - reach).min(), (center + reach).max()), center)


def _without_blowup(values: np.ndarray) -> np.ndarray:
    """Return the losses a linear axis can show: up to ten times the first one of a run that diverges."""
    if not values.size:
        return values
    return np.asarray(np.minimum(values, 10 * values[0] if values[0] > 0 else values))
