"""The loss of runs against the update."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from matplotlib.axes import Axes

from animate.draw.free_space import n_crossing
from animate.draw.label_layout import spread
from animate.draw.line_labels import MOST_BESIDE, place_key, places_on_lines, rigid_places
from animate.draw.marks import Mark, Path, Rule, Text
from animate.draw.panels.base import Panel, few_ticks, padded, set_log_ticks, set_ticks, set_update_axis
from animate.draw.readout import Readout
from animate.draw.run import RUN_SIGNS, Run
from animate.draw.style import Style
from animate.errors import UsageError


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
        room, names = self._share_left_of_names(axes, style), list[Text]()
        self._set_axes(axes, style, limits, losses, room)
        if 1 - room > MOST_BESIDE:
            names = self._names_inside(axes, style, limits, losses, paths)
            room = 1.0 if names else room
            limits = limits[0], float(axes.get_ylim()[1])
        with np.errstate(all="ignore"):
            drawn = [axes.transData.transform(path) for path in paths]
        drawn += [_diagonal(axes, style, name) for name in names]
        if self.optimum is not None:
            yield from _level(axes, style, self.optimum, "optimum", room, drawn)
        if self.goal is not None:  # at the left, where the losses are still high
            yield from _level(axes, style, self.goal, "goal", room, drawn, at_left=True)
        for run, path in zip(self.runs, paths, strict=True):
            yield Path(path, at=run.at, color=run.role, within=((-np.inf, np.inf), limits), name="path")
        yield from names or (self._names_beside(axes, style, losses, room) if self._has_names else ())

    def _set_axes(
        self,
        axes: Axes,
        style: Style,
        limits: tuple[float, float],
        losses: Sequence[np.ndarray],
        room: float,
        above: float = 0.0,
    ) -> None:
        """Set limits and ticks for runs that end at a share ``room`` of the width.

        A share ``above`` of the height is free above the limits.
        """
        low, high = limits
        reach = high / low if self.log else high - low
        top = float(low * reach ** (1 / (1 - above)) if self.log else low + reach / (1 - above))
        last = max(*map(len, losses), 2) - 1
        axes.set_xlim(0, last / room)
        axes.set_ylim(low, top)
        if self.log:
            axes.set_yscale("log")
            axes.set_ylim(low, top)
            set_log_ticks(axes, style, "y", limits)
        else:
            ticks = few_ticks(*limits, int((1 - above) * axes.bbox.height / (5.5 * style.label_px)))
            least = min(float(np.nanmin(loss, initial=0.0)) for loss in losses)
            set_ticks(axes, style, "y", [tick for tick in ticks if tick >= least])
        set_update_axis(axes, style, last, room, log=self.log_updates)

    def _names_inside(
        self,
        axes: Axes,
        style: Style,
        limits: tuple[float, float],
        losses: Sequence[np.ndarray],
        paths: Sequence[np.ndarray],
    ) -> list[Text]:
        """Set limits and ticks for runs of full width; return their names on their paths or in a key.

        If there is no place for them either, nothing is set, and there are none.
        """
        px, names = style.label_px, [style.pick(run.name) for run in self.runs]
        levels = [level for level in (self.optimum, self.goal) if level is not None]
        across = [np.array([[0.0, level], [len(paths[0]) - 1, level]]) for level in levels]

        def keep_free(above: float) -> None:
            self._set_axes(axes, style, limits, losses, 1.0, above)

        keep_free(0.0)
        # losses end at an optimum, where its name stands
        is_full = self.optimum is not None
        sizes = np.array([(style.text_width(name, px, bold=True), 1.2 * px) for name in names])
        places = None if is_full else places_on_lines(axes, sizes, paths, across, 0.45 * px)
        align, order = "right", list(range(len(names)))
        if places is None:
            align, order = "left", sorted(order, key=lambda at: -np.nan_to_num(losses[at][-1], nan=np.inf))
            names = [f"{RUN_SIGNS[run.role]}\u2009{name}" for run, name in zip(self.runs, names, strict=True)]
            sizes = np.array([(style.text_width(names[at], px), 1.2 * px) for at in order])
            places = place_key(axes, sizes, [*paths, *across], px, keep_free)
        if places is None:
            self._set_axes(axes, style, limits, losses, self._share_left_of_names(axes, style))
            return []
        still = (0.0, 0.0)
        placed = (
            rigid_places(axes, places)
            if align == "left"
            else [(tuple(place), still) for place in axes.transAxes.inverted().transform(places)]
        )
        return [
            Text(names[at], place, coords="axes", align=align, valign="bottom", color=self.runs[at].role, shift=shift,
                 bold=align == "right", layer=3)
            for at, (place, shift) in zip(order, placed, strict=True)
        ]  # fmt: skip

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

    def _names_beside(self, axes: Axes, style: Style, losses: Sequence[np.ndarray], room: float) -> Iterator[Mark]:
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


def _diagonal(axes: Axes, style: Style, text: Text) -> np.ndarray:
    """Return a line through the box of a name in axes, in pixels."""
    x, y = axes.transAxes.transform(text.at) + text.shift
    width = style.text_width(str(text.text), style.label_px, bold=True)
    left = x - width if text.align == "right" else x
    return np.array([[left, y], [left + width, y + 1.2 * style.label_px]])


def _without_blowup(values: np.ndarray) -> np.ndarray:
    """Return the losses a linear axis can show: up to ten times the first one of a run that diverges."""
    if not values.size:
        return values
    return np.asarray(np.minimum(values, 10 * values[0] if values[0] > 0 else values))
