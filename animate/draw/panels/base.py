"""The base of every panel, and the axes it is drawn on: theme, limits and ticks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat
from numbers import Real
from typing import Any, ClassVar

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from animate.draw.emphasis import DrawnMark
from animate.draw.formatting import (
    LARGEST_IN_FULL,
    LARGEST_IN_WORDS,
    LARGEST_PLAIN,
    SCALES,
    THIN_SPACE,
    grouped,
    written,
)
from animate.draw.language import current_language, translated
from animate.draw.marks import Mark, Points
from animate.draw.marks.fields import Limits
from animate.draw.marks.points import MOST_POINTS
from animate.draw.readout import Readout
from animate.draw.run import Run
from animate.draw.script_place import Located, place_in_script
from animate.draw.style import ResponsiveText, Style

_LEAST_LINES_ABOVE_TWO = 8
"""Axes lower than so many font sizes keep one line below their ticks."""

MOST_DECADES_IN_WORDS = 4
"""Powers of ten that a logarithmic axis may span to have words for its large numbers, such as 50 M."""


@dataclass(kw_only=True)
class Panel(Located):
    """A part of the picture, drawn by marks on its own axes.

    A subclass gives ``compose``, which sets the limits of the axes and returns the marks. What the panel shows at an
    update depends on nothing but that update.

    Parameters
    ----------
    title : ResponsiveText
        Stands above the axes.
    weight : float
        Its share of the width among its neighbors.
    name : str
        What a story calls the panel; its title does too.
    n_updates : int
        The last update that is shown; the stage sets it from the timeline.
    extra : sequence of Mark
        Drawn besides the panel's own marks.
    """

    title: ResponsiveText = ""
    weight: float = 1.0
    name: str = ""
    n_updates: int = 0
    extra: Sequence[Mark] = ()
    may_diverge: bool = field(default=False, init=False, repr=False, compare=False)
    drawn_marks: Sequence[DrawnMark] = field(default=(), init=False, repr=False, compare=False)
    source: str = field(default="", init=False, repr=False, compare=False)

    projection: ClassVar[str | None] = None
    title_role: ClassVar[str] = "ink"
    bare: ClassVar[bool] = False
    """Whether the panel has neither axes nor labels beside it, and fills its whole cell."""
    has_ticks: ClassVar[bool] = True
    """Whether ticks and their labels stand beside the axes."""
    aspects: ClassVar[tuple[float, float]] = (1.0, 2.4)
    """The ratios of width to height, least and greatest, at which its axes are easy to read."""
    optional_marks: ClassVar[frozenset[str]] = frozenset()
    """Names of marks that are drawn only where the data has them: a beat may name them although they are missing."""
    companions: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """What enters and leaves with a mark, by its name, unless some beat names it by itself."""

    def __post_init__(self) -> None:
        self.source = place_in_script()
        if not isinstance(self.weight, Real) or not 0 < float(self.weight) < np.inf:
            raise self.error(f"weight must be a number above 0; got {self.weight!r}")
        with self.located():
            translated(self.title)

    def create(self, axes: Axes, style: Style) -> None:
        """Create the artists on axes that have the theme's look and about their final size.

        Afterwards ``artists`` holds them by the name of their mark; a mark without a name goes by its kind.
        """
        self.artists: dict[str, list[Artist]] = {}
        self.drawn_marks = drawn_marks = []
        for mark in chain(self.compose(axes, style), self.extra):
            drawn = DrawnMark(mark, axes, style)
            drawn_marks.append(drawn)
            self.artists.setdefault(drawn.name, []).extend(drawn.artists)
        self._state_sample(axes, style)

    def _state_sample(self, axes: Axes, style: Style) -> None:
        """State below the axes, after the name of x or under it, how many of the points are drawn, if not all are.

        Axes that have no room for it keep the name alone.
        """
        counts = [one.mark.n_points for one in self.drawn_marks if isinstance(one.mark, Points)]
        if max(counts, default=0) <= MOST_POINTS:
            return
        counts = [count for count in counts if count > MOST_POINTS // 10]  # others mark single points
        counted = {"shown": grouped(sum(min(count, MOST_POINTS) for count in counts)), "all": grouped(sum(counts))}
        templates = translated("{shown} of {all} points drawn"), "{shown} / {all}"
        forms = tuple(str(words).format(**counted) for words in templates)
        name, room = axes.get_xlabel(), axes.bbox.width
        beside = [f"{name} \u2013 {words}" for words in forms] if name else [forms[0]]
        fitting = [words for words in beside if style.text_width(words, style.label_px) <= room]
        if fitting or not name:
            axes.set_xlabel(fitting[0] if fitting else forms[-1])
        elif axes.bbox.height > _LEAST_LINES_ABOVE_TWO * style.label_px:
            axes.set_xlabel(f"{name}\n{style.fit(forms, style.label_px, room)}")

    def compose(self, axes: Axes, style: Style) -> Iterable[Mark]:
        """Set limits and ticks, and return the marks; each is drawn before the next one is asked for."""
        raise NotImplementedError

    def show(self, update: float, looks: Sequence[tuple[float, float]] = ()) -> None:
        """Set the artists to an update, or between two.

        Parameters
        ----------
        update : float
        looks : sequence of pairs of float
            Presence and strength of each mark, as for `DrawnMark.show`; whole and in full color where not given.
        """
        for drawn, (presence, strength) in zip(self.drawn_marks, looks or repeat((1.0, 1.0)), strict=False):
            drawn.show(update, presence, strength)

    def shown_runs(self) -> list[Run]:
        """Return the runs this panel shows."""
        one, several = getattr(self, "run", None), getattr(self, "runs", ())
        return [one] if isinstance(one, Run) else [run for run in several if isinstance(run, Run)]

    def heading_role(self) -> str:
        """Return the color role of the title."""
        return self.title_role

    def readout(self, style: Style) -> Readout | None:
        """Return the number at the right of the title, or None."""
        return None

    def subtitle(self, style: Style) -> Callable[[int], str] | None:
        """Return a function from the update to the line under the title, such as an equation, or None."""
        return None


def hide_axes(axes: Axes) -> None:
    """Hide rules, ticks and labels, for a panel of words and shapes."""
    axes.set_axis_off()
    axes.set_xticks([])
    axes.set_yticks([])


def plain_axes(axes: Axes, style: Style) -> None:
    """Give axes the look of the theme: thin rules at the left and the bottom, no tick marks, muted labels."""
    theme = style.theme
    axes.patch.set_visible(False)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(theme.rule)
        spine.set_linewidth(style.px(1.2, least=0.8))
    axes.tick_params(length=0, pad=style.px(8, least=3), labelsize=style.label_px, labelcolor=theme.muted)
    for label in (axes.xaxis.label, axes.yaxis.label):
        label.set_fontproperties(style.font(style.label_px))
        label.set_color(theme.muted)


def dress_space(
    axes: Any, style: Style, limits: tuple[Limits, tuple[float, float]], names: tuple[ResponsiveText, ResponsiveText]
) -> None:
    """Give axes in space the look of the theme: a floor with names and few ticks, no walls and no upright axis."""
    (across, heights), theme = limits, style.theme
    axes.computed_zorder = False
    axes.patch.set_visible(False)
    axes.set_zlim3d(*heights)
    axes.set_box_aspect((1, 1, 0.72), zoom=0.98 if style.compact else 1.06)
    axes.set_proj_type("persp", focal_length=1.4)
    pad = style.px(1, least=-4 if style.compact else -2)
    is_square = style.compact and not style.is_wide  # text is large beside the box: names would lie on ticks
    label_pad = (0.7 if is_square else 0.0 if style.compact else 0.3) * style.label_px
    font, usual = style.font(style.label_px), style.text_width("10", style.label_px)
    for axis, low_high, set_limit, name in zip(
        (axes.xaxis, axes.yaxis), across, (axes.set_xlim3d, axes.set_ylim3d), names, strict=True
    ):
        set_limit(*low_high)
        ticks = few_ticks(*low_high, 3)
        labels = tick_labels(ticks)
        axis.set_ticks(ticks, labels=labels, fontproperties=font)
        axis.set_label_text(style.pick(name), color=theme.muted, fontproperties=font)
        wider = max((style.text_width(label, style.label_px) for label in labels), default=0.0) - usual
        beside = 0.75 * max(wider, 0.0) if axis is axes.yaxis else 0.0  # the name of x stands below its ticks
        axis.labelpad = pad + label_pad + beside
    axes.zaxis.set_ticks([])
    axes.zaxis.line.set_visible(False)
    for axis in (axes.xaxis, axes.yaxis, axes.zaxis):
        axis.set_pane_color((0, 0, 0, 0))
        axis.pane.set_visible(False)
        axis.line.set_color(theme.rule)
        axis.set_tick_params(length=0)
        for key, values in (("grid", {"linewidth": 0}), ("tick", {"inward_factor": 0, "outward_factor": 0})):
            axis._axinfo[key].update(values)  # noqa: SLF001 - mplot3d has no public way to these
    axes.tick_params(labelcolor=theme.muted, pad=pad, labelsize=style.label_px)


def set_limits(axes: Axes, style: Style, *, x: tuple[float, float], y: tuple[float, float]) -> None:
    """Set the limits for the whole run, with as many ticks as the axes have room for."""
    axes.set_xlim(*x)
    axes.set_ylim(*y)
    box = axes.get_window_extent()
    ticks = few_ticks(*x, int(box.width / (6.5 * style.label_px)))
    set_ticks(axes, style, "x", ticks[:: every_clear(axes, style, ticks, tick_labels(ticks))] if ticks else ())
    set_ticks(axes, style, "y", few_ticks(*y, int(box.height / (5.5 * style.label_px))))


def label_room(axes: Axes, style: Style) -> float:
    """Return the width that tick labels and the axis label at the left of axes need."""
    if axes.name != "rectilinear" or not axes.axison:
        return 0.0
    ticks = max((style.text_width(text.get_text(), style.label_px) for text in axes.get_yticklabels()), default=0.0)
    label = 1.5 * style.label_px if axes.get_ylabel() else 0.0
    return label + (ticks + style.px(8, least=3) if ticks else 0.0) + 1


def overhang(axes: Axes, style: Style) -> float:
    """Return how far the label of a tick at the right end of axes reaches beyond them."""
    if not axes.axison:
        return 0.0
    low, high = axes.get_xlim()
    labels = zip(axes.get_xticks(), axes.get_xticklabels(), strict=False)
    ends = [text.get_text() for x, text in labels if x > high - 0.02 * (high - low)]
    return max((style.text_width(text, style.label_px) / 2 for text in ends), default=0.0)


def few_ticks(low: float, high: float, n_most: int) -> list[float]:
    """Return at most about ``n_most`` (2 to 4) round numbers inside a range."""
    low, high = sorted((low, high))
    locator = MaxNLocator(nbins=min(max(n_most, 2), 4), steps=[1, 2, 5, 10], min_n_ticks=2)
    slack = 1e-9 * (high - low)
    return [float(t) for t in locator.tick_values(low, high) if low - slack <= t <= high + slack]


def every_clear(axes: Axes, style: Style, ticks: Sequence[float], names: Sequence[str]) -> int:
    """Return how far apart in the list the ticks of the x axis are whose names do not touch, from left to right."""
    places = axes.transData.transform([(x, 1.0) for x in ticks])[:, 0]
    halves = np.array([style.text_width(name, style.label_px) for name in names]) / 2 + 0.15 * style.label_px
    for step in range(1, len(ticks)):
        if (np.abs(np.diff(places[::step])) >= halves[::step][:-1] + halves[::step][1:]).all():
            return step
    return max(len(ticks), 1)


def set_ticks(
    axes: Axes, style: Style, which: str, ticks: Sequence[float], labels: Sequence[str] | None = None
) -> None:
    """Put ticks with plain labels on one axis."""
    axis = axes.xaxis if which == "x" else axes.yaxis
    names = [style.pick(label) for label in labels] if labels else tick_labels(ticks)
    axis.set_ticks(list(ticks), labels=names, fontproperties=style.font(style.label_px))
    axis.set_ticks([], minor=True)


def set_log_ticks(
    axes: Axes, style: Style, which: str, limits: tuple[float, float], first: Sequence[float] = ()
) -> None:
    """Put ticks on a logarithmic axis: ``first``, powers of ten, then 2 and 5 times those, unless they would touch."""
    low, high = limits
    exponents = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    wanted = [*first, *(10.0**e for e in exponents), *(m * 10.0**e for m in (2, 5) for e in exponents)]
    if high / low < 4:
        wanted += [m * 10.0**e for m in (3, 4, 7, 1.5) for e in exponents]
    label = _number_label if high < min(LARGEST_IN_WORDS, 10.0**MOST_DECADES_IN_WORDS * low) else _power_label
    kept: list[float] = []
    for tick in wanted:
        few = tick in first or np.log10(tick) % 1 == 0 or high / low < 300
        if few and (tick in first or low <= tick <= high) and _is_clear(axes, style, which, tick, kept, label):
            kept.append(tick)
    kept.sort()
    set_ticks(axes, style, which, kept, [label(tick) for tick in kept])


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


def _is_clear(
    axes: Axes, style: Style, which: str, tick: float, others: Sequence[float], label: Callable[[float], str]
) -> bool:
    """Return whether a tick's label does not touch those of others."""
    axis = 0 if which == "x" else 1
    place = axes.transData.transform([(tick, tick)])[0][axis]
    for other in others:
        room = 1.7 * style.label_px
        if which == "x":
            # as wide as without the spaces between thousands, which are narrower than the gap, so that none is dropped
            labels = [label(one).replace(THIN_SPACE, "") for one in (tick, other)]
            room = sum(style.text_width(label, style.label_px) for label in labels) / 2 + 0.8 * style.label_px
        if abs(axes.transData.transform([(other, other)])[0][axis] - place) < room:
            return False
    return True


def _number_label(value: float) -> str:
    """Return a tick as `number` writes it in texts, without zeros at its end: 50 M."""
    if abs(value) < LARGEST_PLAIN:
        return _power_label(value)
    scale, word = next((one for one in SCALES if value >= one[0]), SCALES[-1])
    return f"{written(f'{value / scale:g}')}{THIN_SPACE}{translated(word)}"


def _power_label(value: float) -> str:
    if value == 0 or 1e-3 <= value < 1e5:
        return written(f"{value:,.0f}".replace(",", THIN_SPACE) if value >= 1e4 else f"{value:g}")
    exponent = int(np.floor(np.log10(value) + 1e-9))
    mantissa = value / 10.0**exponent
    if np.isclose(mantissa, 1.0):
        return f"$10^{{{exponent}}}$"
    digits = f"{mantissa:g}".replace(".", "{,}" if current_language().decimal == "," else ".")
    return f"${digits}\\times10^{{{exponent}}}$"


def tick_labels(ticks: Sequence[float]) -> list[str]:
    """Return the ticks as text, with the decimals their spacing needs.

    >>> tick_labels([0.0, 0.5, 1.0])
    ['0.0', '0.5', '1.0']
    >>> tick_labels([-10.0, 0.0, 10.0]), tick_labels([0.0, 10000.0])
    (['\u221210', '0', '10'], ['0', '10\u202f000'])
    >>> tick_labels([0.0, 4e5, 8e5]), tick_labels([2e9, 4e9])
    (['0', '0.4\u202fM', '0.8\u202fM'], ['2\u202fbn', '4\u202fbn'])
    >>> tick_labels([5e4, 1e5])
    ['50\u202f000', '100\u202f000']
    """
    if not len(ticks):
        return []
    step = min(np.diff(sorted(ticks)), default=1.0)
    largest = max(abs(t) for t in ticks)
    if largest >= LARGEST_IN_WORDS or (0 < largest < 1e-3):
        return [_short(t) for t in ticks]
    in_words = largest >= (LARGEST_PLAIN if step >= LARGEST_PLAIN else LARGEST_IN_FULL)
    scale, word = next((one for one in SCALES if largest >= one[0]), SCALES[-1]) if in_words else (1.0, "")
    decimals = max(0, -int(np.floor(np.log10(step / scale) + 1e-9))) if step > 0 else 0
    if decimals > 3 and word:  # far from 0 and close together
        scale, word, decimals = 1.0, "", 0
    if word:
        return [
            "0" if t == 0 else written(f"{t / scale:.{decimals}f}") + f"{THIN_SPACE}{translated(word)}" for t in ticks
        ]
    grouping = "," if largest >= 1e4 else ""
    texts = (f"{0.0 if t == 0 else t:{grouping}.{decimals}f}" for t in ticks)
    return [written(text.replace(",", THIN_SPACE)) for text in texts]


def _short(value: float) -> str:
    if value == 0:
        return "0"
    mantissa, exponent = f"{value:.6e}".split("e")
    return written(f"{mantissa.rstrip('0').rstrip('.')}e{exponent}")


def padded(values: Any, margin: float = 0.06) -> tuple[float, float]:
    """Return limits around the finite values with a margin on both sides; never of zero width.

    >>> padded([0.0, 10.0], 0.1)
    (-1.0, 11.0)
    """
    finite = np.asarray(values, dtype=float)
    finite = finite[np.isfinite(finite)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    span = high - low
    if span <= 1e-12 * max(abs(low), abs(high), 1e-300):
        span = 2 * max(abs(low), 1.0)
        low, high = low - span / 2, high + span / 2
    return low - margin * span, high + margin * span
