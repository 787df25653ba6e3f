"""How many updates each run needs: bars that grow until their run has arrived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from animate.draw.panels.base import Panel
from animate.draw.readout import grouped
from animate.draw.run import Run
from animate.draw.style import ResponsiveText, Style

CHECK = "\u2713"
_MOST_TIMES = 10


@dataclass(kw_only=True)
class UpdatesNeeded(Panel):
    """A bar per run, as long as the updates so far; it stops, with a check mark, where the run has arrived.

    Of a run that has not arrived by the last update, the number it needs is named then. Bars are on one scale, which
    holds the longest, unless that is more than ten times the updates there are.

    Parameters
    ----------
    runs : sequence of Run
    needed : sequence of int or None
        The update from which each run stays at its goal, on screen or reckoned ahead; None for never.
    names : sequence of ResponsiveText, optional
        The runs' own names where not given.
    """

    runs: Sequence[Run]
    needed: Sequence[int | None]
    names: Sequence[ResponsiveText] | None = None

    def create(self, axes: Axes, style: Style) -> None:
        axes.set_axis_off()
        axes.set_xticks([])
        axes.set_yticks([])
        self._style = style
        self._last = max(run.trajectory.n_updates for run in self.runs) or 1
        longest = max((count for count in self.needed if count is not None), default=0)
        self._full = min(max(longest, self._last), _MOST_TIMES * self._last)
        axes.set_xlim(0, self._full)
        axes.set_ylim(len(self.runs), 0)
        self._sliver = style.px(3, least=1.5) * self._full / axes.bbox.width
        self._bars = [self._row(axes, style, row) for row in range(len(self.runs))]

    def show(self, update: int) -> None:
        for (bar, text), needed in zip(self._bars, self.needed, strict=True):
            shown = update if needed is None else min(update, needed)
            bar.set_width(max(shown, self._sliver) if shown else 0)
            text.set_text(self._count(update, needed))

    def _count(self, update: int, needed: int | None) -> str:
        if needed is not None and update >= needed:
            return f"{grouped(needed)} {CHECK}"
        if update < self._last:
            return grouped(update)
        if needed is None:
            return "never"
        return f"\u2192 {grouped(needed)}" if self._style.compact else f"{grouped(update)} of {grouped(needed)}"

    def _row(self, axes: Axes, style: Style, row: int) -> tuple[Rectangle, Text]:
        theme, role = style.theme, self.runs[row].role
        pixel, line_px, gap_px = len(self.runs) / axes.bbox.height, 1.3 * style.label_px, style.px(5, least=1)
        # Name and bar stand in the middle of their row; where rows are low the bar is thin.
        free_px = 1 / pixel - line_px - gap_px
        thickness = min(max(0.8 * free_px, 2.0), style.px(16, least=7)) * pixel
        top = row + 0.5 + (line_px + gap_px) * pixel / 2 - thickness / 2
        for width, color in ((self._full, theme.tint("rule", 0.6)), (0, theme.color(role))):
            bar = Rectangle((0, top), width, thickness, facecolor=color, linewidth=0, zorder=3 if width == 0 else 1)
            axes.add_patch(bar)
        foot = top - gap_px * pixel
        text = self._write(axes, style, (self._full, foot), "", "ink")
        counts = (self._count(at, self.needed[row]) for at in (0, self._last - 1, self._last))
        taken = max(style.text_width(count, style.label_px) for count in counts)
        words = self.names[row] if self.names else self.runs[row].name
        name = style.fit(words, style.label_px, axes.bbox.width - taken - 0.8 * style.label_px, bold=True)
        self._write(axes, style, (0, foot), name, role)
        return bar, text

    def _write(self, axes: Axes, style: Style, at: tuple[float, float], text: str, role: str) -> Text:
        is_name = at[0] == 0
        return axes.text(
            *at, text, ha="left" if is_name else "right", va="bottom", color=style.theme.color(role), zorder=4,
            fontproperties=style.font(style.label_px, bold=is_name),
        )  # fmt: skip
