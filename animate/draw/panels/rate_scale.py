"""Learning rates on one scale, and the limit beyond which descent diverges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from animate.draw.panels.base import Panel, plain_axes, set_log_ticks
from animate.draw.readout import Readout, decimals_for, number
from animate.draw.run import RUN_ROLES
from animate.draw.style import Style

SIDES = (("converges", "\u2713", "right", "right", -1), ("diverges", "\u2717", "wrong", "left", 1))
"""Of the limit: the words, a sign for them, their color's role, how they are aligned, and on which side they stand."""


@dataclass(kw_only=True)
class RateScale(Panel):
    """A dot per learning rate on a logarithmic scale, in the color of its run, and the stability limit between them.

    Nothing in it moves.

    Parameters
    ----------
    rates : sequence of float
        Positive.
    limit : float
        2 / lambda_max of the Hessian.
    roles : sequence of str
        The color of each rate.
    """

    rates: Sequence[float]
    limit: float
    roles: Sequence[str] = RUN_ROLES

    def readout(self, style: Style) -> Readout:
        text = number(self.limit, decimals_for(self.limit, 4))
        return Readout(("limit 2/\u03bbmax", "2/\u03bbmax"), lambda _: text, text, lambda _: "ink")

    def create(self, axes: Axes, style: Style) -> None:
        theme = style.theme
        plain_axes(axes, style)
        axes.spines["left"].set_visible(False)
        low, high = min(*self.rates, self.limit) / 2.5, max(1.5 * max(self.rates), 60 * self.limit)
        axes.set_xscale("log")
        axes.set_xlim(low, high)
        axes.set_ylim(0.0, 1.0)
        axes.set_yticks([])
        set_log_ticks(axes, style, "x", (low, high))
        if not style.compact:
            axes.set_xlabel("learning rate")
        axes.axvspan(low, self.limit, color=theme.tint("right", 0.14), linewidth=0, zorder=0)
        axes.axvspan(self.limit, high, color=theme.tint("wrong", 0.18), linewidth=0, zorder=0)
        axes.plot([self.limit] * 2, [0, 1], color=theme.ink, linewidth=style.px(2.4, least=1.4), zorder=2)
        for rate, role in zip(self.rates, self.roles, strict=False):
            axes.plot(
                [rate], [0.3], marker="o", markersize=style.px(13, least=7), color=theme.color(role), linestyle="none",
                markeredgecolor=theme.background, markeredgewidth=style.px(1.6, least=0.9), zorder=4,
            )  # fmt: skip
        self._name_sides(axes, style)

    def show(self, update: int) -> None:
        """Leave everything as it stands."""

    def _name_sides(self, axes: Axes, style: Style) -> None:
        """Name both sides of the limit in words, or with signs where there is no room for one of them."""
        gap = style.px(8, least=3)
        edge = float(axes.transAxes.inverted().transform(axes.transData.transform((self.limit, 0)))[0])
        narrow = min(edge, 1 - edge) * axes.bbox.width - 2 * gap
        in_words = max(style.text_width(words, style.label_px, bold=True) for words, *_ in SIDES) <= narrow
        for words, sign, role, align, side in SIDES:
            axes.annotate(
                words if in_words else sign, (edge, 0.74), xycoords="axes fraction", xytext=(side * gap, 0),
                textcoords="offset points", ha=align, va="center", color=style.theme.color(role), zorder=5,
                fontproperties=style.font(style.label_px, bold=True),
            )  # fmt: skip
