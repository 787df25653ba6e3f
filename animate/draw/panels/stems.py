"""Rows of stems from a base line: one height per point, or per weight, at each update."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from matplotlib.text import Text

from animate.draw.panels.base import Panel, padded, plain_axes, set_limits, set_ticks
from animate.draw.panels.label_layout import names_alike
from animate.draw.readout import Readout
from animate.draw.style import ResponsiveText, Style

_SEEN = 48  # updates from which the reach of a row is taken
_FAR = 3.0


@dataclass(frozen=True)
class StemRow:
    """One row of stems.

    Parameters
    ----------
    name : ResponsiveText
        Stands at the left.
    at : array (k,)
        Where the stems stand.
    heights : callable
        From the update to their heights (k,), up where positive.
    role : str
        The color.
    targets : array (k,), optional
        The heights they should reach, as short dashes.
    note : callable, optional
        From the update to what stands at the right end.
    """

    name: ResponsiveText
    at: np.ndarray
    heights: Callable[[int], np.ndarray]
    role: str = "ink"
    targets: np.ndarray | None = None
    note: Callable[[int], str] | None = None


@dataclass(kw_only=True)
class Stems(Panel):
    """Rows of stems under each other, on one scale or each on its own.

    Parameters
    ----------
    rows : sequence of StemRow
        From top to bottom.
    n_updates : int
        The last update: the scale is taken from the whole run.
    x_name : ResponsiveText
        What stands under the axis.
    ticks : sequence of float, optional
        Where the axis is labelled, such as whole degrees; round numbers where not given.
    tick_names : sequence of str
        What stands there instead of the numbers.
    same_scale : bool
        Whether all rows have the scale of the largest.
    note : ResponsiveText
        What stands at the right of the title: what the rows' notes are.
    """

    rows: Sequence[StemRow]
    n_updates: int
    x_name: ResponsiveText = ""
    ticks: Sequence[float] | None = None
    tick_names: Sequence[str] = ()
    same_scale: bool = True
    note: ResponsiveText = ""

    def notes(self, update: int) -> list[str]:
        """Return the rows' notes at an update."""
        return [row.note(update) if row.note else "" for row in self.rows]

    def readout(self, style: Style) -> Readout | None:
        return Readout.still(self.note) if self.note else None

    def create(self, axes: Axes, style: Style) -> None:
        plain_axes(axes, style)
        x = padded(np.concatenate([row.at for row in self.rows]), 0.05)
        notes_px = self._notes_px(style)
        x_end = x[0] + (x[1] - x[0]) / (1 - min(notes_px / axes.bbox.width, 0.4))
        set_limits(axes, style, x=(x[0], x_end), y=(0.0, float(len(self.rows))))
        ticks = self.ticks if self.ticks is not None else [tick for tick in axes.get_xticks() if tick <= x[1]]
        set_ticks(axes, style, "x", ticks, self.tick_names or None)
        axes.spines["left"].set_visible(False)
        axes.spines["bottom"].set_visible(False)
        self._set_scale()
        self._name_rows(axes, style)
        if self.x_name and not style.compact:
            axes.set_xlabel(style.fit(self.x_name, style.label_px, axes.bbox.width))
        self._drawn = [self._draw_row(axes, style, index, x) for index in range(len(self.rows))]

    def show(self, update: int) -> None:
        for index, (row, (stems, heads, note)) in enumerate(zip(self.rows, self._drawn, strict=True)):
            ends = self._place(index, row.heights(update))
            feet = np.full_like(ends, self._bases[index])
            stems.set_segments(list(np.stack([np.stack([row.at, feet], -1), np.stack([row.at, ends], -1)], axis=1)))
            heads.set_data(row.at, ends)
            if row.note is not None:
                note.set_text(row.note(update))

    # -- scale: each row has a band of height 1, its base line where 0 is

    def _set_scale(self) -> None:
        lows, highs = np.array([self._reach(row) for row in self.rows]).T
        if self.same_scale:
            lows[:], highs[:] = lows.min(), highs.max()
        self._scales = 0.86 / (highs - lows)
        tops = len(self.rows) - np.arange(len(self.rows))
        self._bases = tops - 0.93 - lows * self._scales

    def _reach(self, row: StemRow) -> tuple[float, float]:
        """Return the lowest and highest height of a row, 0 among them; not the wild ones of a run that diverges."""
        last = np.asarray(row.heights(self.n_updates), dtype=float)
        known = last if row.targets is None else np.append(last, row.targets)
        known = known[np.isfinite(known)]
        most = _FAR * np.abs(known).max(initial=0.0) if row.targets is not None else np.inf
        updates = np.unique(np.geomspace(1, self.n_updates + 1, _SEEN).astype(int) - 1)
        seen = np.concatenate([np.asarray(row.heights(int(update)), dtype=float) for update in updates])
        seen = np.concatenate([seen[np.isfinite(seen) & (np.abs(seen) <= max(most, 1e-12))], known, [0.0]])
        low, high = float(seen.min()), float(seen.max())
        return (low, high) if high > low else (-1.0, 1.0)

    def _place(self, index: int, heights: np.ndarray) -> np.ndarray:
        """Return heights in the row's band: what reaches beyond it ends at its edge."""
        top = float(len(self.rows) - index)
        with np.errstate(all="ignore"):
            placed = self._bases[index] + np.asarray(heights, dtype=float) * self._scales[index]
        return np.asarray(np.clip(placed, top - 0.97, top - 0.03))

    # -- still things

    def _notes_px(self, style: Style) -> float:
        notes = [row.note(update) for row in self.rows if row.note for update in (0, self.n_updates)]
        widths = [style.text_width(note, style.label_px) for note in notes]
        return max(widths) + style.label_px if widths else 0.0

    def _name_rows(self, axes: Axes, style: Style) -> None:
        names = names_alike(style, [row.name for row in self.rows], 0.3 * axes.bbox.width)
        set_ticks(axes, style, "y", list(self._bases), names)
        for label, row in zip(axes.get_yticklabels(), self.rows, strict=True):
            label.set_color(style.theme.color(row.role))

    def _draw_row(
        self, axes: Axes, style: Style, index: int, x: tuple[float, float]
    ) -> tuple[LineCollection, Line2D, Text]:
        row, base, theme = self.rows[index], self._bases[index], style.theme
        axes.plot(x, [base, base], color=theme.rule, linewidth=style.px(1.2, least=0.8), zorder=1)
        color = theme.color(row.role)
        if row.targets is not None:
            axes.plot(
                row.at, self._place(index, row.targets), linestyle="none", marker="_", zorder=2,
                markersize=style.px(20, least=9), markeredgewidth=style.px(2, least=1.2), color=theme.muted,
            )  # fmt: skip
        stems = LineCollection([], colors=theme.tint(row.role, 0.7), linewidths=style.px(2.2, least=1.1), zorder=3)
        axes.add_collection(stems, autolim=False)
        few = len(row.at) <= 60
        (heads,) = axes.plot(
            [], [], linestyle="none", marker="o", markersize=style.px(7 if few else 5, least=3), color=color,
            markeredgecolor=theme.background, markeredgewidth=style.px(0.8, least=0.4), zorder=4,
        )  # fmt: skip
        note = axes.annotate(
            "", (1.0, base), xycoords=("axes fraction", "data"), ha="right", va="center", color=theme.muted,
            fontproperties=style.font(style.label_px), zorder=5, annotation_clip=False,
        )  # fmt: skip
        return stems, heads, note
