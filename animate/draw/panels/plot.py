"""Panels of any marks, on a plane and in space."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from numbers import Real
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from animate.draw.label_layout import end_heights
from animate.draw.language import translated
from animate.draw.line_labels import MOST_BESIDE, places_on_lines
from animate.draw.marks import Bands, Curve, EndText, HeatMap, Line, Mark, Path, Points, Surface3D
from animate.draw.marks.fields import Limits, check_limits
from animate.draw.panels.base import (
    Panel,
    dress_space,
    every_clear,
    hide_axes,
    padded,
    set_limits,
    set_log_ticks,
    set_ticks,
)
from animate.draw.readout import Readout
from animate.draw.run import Run
from animate.draw.script_place import place_in_script
from animate.draw.style import ResponsiveText, Style
from animate.draw.theme import parse_color
from animate.errors import UsageError

Ticks = Sequence[float] | Mapping[float, ResponsiveText]
_MAP_ASPECTS = (0.8, 1.5)
_MOST_UPDATES = 1000
"""Of a longer run the limits are taken from so many updates, the first and the last among them."""
_MOST_CHECKED = 250
"""Of so many updates numbers are looked at where the limits are given."""


class Plot(Panel):
    """Marks on one pair of axes, whose limits hold them at every update.

    Parameters
    ----------
    *marks : Mark
        Those of a higher layer cover the others; on one layer, the later ones do.
    x, y : ResponsiveText
        The names of the axes; a small picture shows those that have alternatives, such as ``("dose (mg)", "dose")``.
    title, weight, name
        As for every `Panel`.
    limits : pair of pairs, optional
        The window over x and y; either may be None, and is then taken from the marks. The higher value first turns
        an axis round.
    readout : Readout, optional
        A number at the right of the title.
    subtitle : callable, optional
        From the update to a line under the title; of alternatives a small picture takes the last.
    ticks : pair, optional
        The places of the ticks on x and y, or a dict from places to labels; either may be None, and is then chosen.
    log : {"", "x", "y", "xy"}
        The axes that are logarithmic.
    role : str
        The color of the title.
    runs : sequence of Run
        The runs it shows, if any: the player tells where they diverge.
    axes : bool or "ticks"
        Whether rules and ticks are drawn, or ticks alone.
    aspects : pair of float
        The ratios of width to height, least and greatest, at which the axes are easy to read; those near a square
        for a map, where not given.

    Raises
    ------
    UsageError
        If there is no mark, or something else among the marks.

    Examples
    --------
    >>> from animate.draw.marks import Points
    >>> growing = Plot(Points(lambda update: [[update, update**2]]), x="update", title="Squares")
    """

    def __init__(
        self,
        *marks: Mark,
        x: ResponsiveText = "",
        y: ResponsiveText = "",
        title: ResponsiveText = "",
        weight: float = 1.0,
        name: str = "",
        limits: Sequence[tuple[float, float] | None] | None = None,
        readout: Readout | None = None,
        subtitle: Callable[[int], ResponsiveText] | None = None,
        ticks: tuple[Ticks | None, Ticks | None] = (None, None),
        log: str = "",
        role: str = "ink",
        runs: Sequence[Run] = (),
        axes: bool | Literal["ticks"] = True,
        aspects: tuple[float, float] | None = None,
    ) -> None:
        super().__init__(title=title, weight=weight, name=name)
        self.marks, self.runs = _only_marks(marks, in_space=False), runs
        self._x, self._y, self._limits, self._ticks, self._log = x, y, limits or (None, None), ticks, log
        self._readout, self._subtitle, self._role, self._has_axes = readout, subtitle, role, axes
        self._check(axes_names=(x, y))
        is_map = any(isinstance(mark, Bands | HeatMap) for mark in self.marks)
        suits = aspects or (_MAP_ASPECTS if is_map else Panel.aspects)
        vars(self).update(bare=not axes and not x, has_ticks=bool(axes), aspects=suits)

    @classmethod
    def of_series(cls, places: npt.ArrayLike, values: npt.ArrayLike, *, color: str = "ink", **fields: Any) -> Plot:
        """Return the plot of one value per update over a place for each, walked so far, with the value now."""
        path = Path(np.stack([places, values], axis=-1), color=color)
        return cls(path, **{"readout": Readout.of("", values), **fields})

    def _check(self, axes_names: Sequence[ResponsiveText]) -> None:
        """Raise a SceneError for a value that cannot be used."""
        for axis in self._limits if isinstance(self._limits, tuple | list) else [self._limits]:
            if axis is not None:
                with self.located():
                    check_limits((axis, axis))
        for name, pair in (("limits", self._limits), ("ticks", self._ticks)):
            if not isinstance(pair, tuple | list) or len(pair) != 2:
                raise self.error(f"{name} must be a pair, for x and y; got {pair!r}")
        if self._log not in ("", "x", "y", "xy"):
            raise self.error(f'log must be "", x, y or xy; got {self._log!r}')
        for which, axis in zip("xy", self._limits, strict=True):
            if axis is not None and which in self._log and min(axis) <= 0:
                raise self.error(f"limits must be above 0 on a logarithmic axis; got {axis}")
        if not isinstance(self._readout, Readout | None):
            raise self.error(f"readout must be a Readout; got {self._readout!r}")
        if not callable(self._subtitle or callable):
            raise self.error(f"subtitle must be a function of the update; got {self._subtitle!r}")
        with self.located():
            parse_color(self._role)
            for words in axes_names:
                translated(words)

    def heading_role(self) -> str:
        return self._role

    def readout(self, style: Style) -> Readout | None:
        return self._readout

    def subtitle(self, style: Style) -> Callable[[int], str] | None:
        words = self._subtitle
        return None if words is None else lambda update: style.pick(words(update))

    def compose(self, axes: Axes, style: Style) -> Iterator[Mark]:
        window, room = self._window(), self._room_for_ends(axes, style)
        self._set_axes(axes, style, window, room)
        if room > MOST_BESIDE:
            self._set_axes(axes, style, window, 0.0)
            places = self._places_on_lines(axes, style)
            if places is not None:
                for mark in self.marks:
                    if isinstance(mark, EndText):
                        mark = mark.placed(places.pop(0), style, coords="axes", form=self._form)
                    yield mark
                return
            self._set_axes(axes, style, window, room)
        ends = [mark for mark in self.marks if isinstance(mark, EndText)]
        heights = end_heights([mark.y for mark in ends], axes, 1.3 * style.label_px)
        at = {id(mark): (window[0][1], float(height)) for mark, height in zip(ends, heights, strict=True)}
        for mark in self.marks:
            yield mark.placed(at[id(mark)], style, form=self._form) if isinstance(mark, EndText) else mark

    def _set_axes(self, axes: Axes, style: Style, window: Limits, room: float) -> None:
        """Set limits, scales, ticks and names of the axes, a share of whose width is kept free at the right."""
        x, y = window
        limits = ((x[0], x[0] + (x[1] - x[0]) / (1 - room)), y)
        set_limits(axes, style, x=limits[0], y=limits[1])
        if not self._has_axes:
            hide_axes(axes)
        elif self._has_axes == "ticks":
            axes.spines[["left", "bottom"]].set_visible(False)
        for which, low_high, ticks in zip("xy", limits, self._ticks, strict=True):
            self._set_axis(axes, style, which, low_high, ticks)
        if room and self._ticks[0] is None:
            set_ticks(axes, style, "x", [tick for tick in axes.get_xticks() if tick <= x[1]])
        names = ((axes.set_xlabel, self._x, axes.bbox.width), (axes.set_ylabel, self._y, axes.bbox.height))
        for set_label, words, length in names:
            if words and not (style.compact and isinstance(words, str)):
                set_label(style.cut(style.fit(words, style.label_px, length), style.label_px, length))

    def _places_on_lines(self, axes: Axes, style: Style) -> list[tuple[float, float]] | None:
        """Return where each text at an end stands on the line of its color, in shares of the axes, or None."""
        at, ends = self.n_updates, [mark for mark in self.marks if isinstance(mark, EndText)]
        lines = {mark.color: mark.extent(at) for mark in self.marks if isinstance(mark, Line) and mark.color != "muted"}
        if any(mark.color not in lines for mark in ends):
            return None
        dots = [mark.extent(at) for mark in self.marks if isinstance(mark, Points)]
        others = [points[np.argsort(points[:, 0])] for points in dots]
        sizes = np.array([(self._width_of(mark, style), 1.2 * style.label_px) for mark in ends])
        own = [lines[mark.color] for mark in ends]
        places = places_on_lines(axes, sizes, own, others, 0.45 * style.label_px)
        return None if places is None else [tuple(place) for place in axes.transAxes.inverted().transform(places)]

    def _set_axis(self, axes: Axes, style: Style, which: str, limits: tuple[float, float], ticks: Ticks | None) -> None:
        """Make an axis logarithmic if it should be, and put the ticks given on it."""
        if which in self._log:
            (axes.set_xscale if which == "x" else axes.set_yscale)("log")
            (axes.set_xlim if which == "x" else axes.set_ylim)(*limits)
            if ticks is None:
                set_log_ticks(axes, style, which, limits)
        if isinstance(ticks, Mapping):
            names = [style.pick(words) for words in ticks.values()]
            step = 1 if which == "y" else every_clear(axes, style, list(ticks), names)
            set_ticks(axes, style, which, list(ticks)[::step], names[::step])
        elif ticks is not None:
            set_ticks(axes, style, which, ticks)

    def _room_for_ends(self, axes: Axes, style: Style) -> float:
        """Return the share of the width that texts at the right ends take, in a form that leaves most of it."""
        ends, room, self._form = [mark for mark in self.marks if isinstance(mark, EndText)], 0.0, 0
        for self._form in range(max((mark.forms(style) for mark in ends), default=0)):
            widest = max(self._width_of(mark, style) for mark in ends)
            room = min((widest + style.label_px) / axes.bbox.width, 0.6) if widest else 0.0
            if room <= MOST_BESIDE:
                break
        return room

    def _width_of(self, mark: EndText, style: Style) -> float:
        """Return the width in pixels of a text at an end, at updates spread over the run."""
        updates = {0, *range(0, self.n_updates, self.n_updates // 16 + 1), self.n_updates}
        words = {mark.words(update, style, self._form) for update in updates}
        return max(style.text_width(one, style.label_px, bold=mark.bold) for one in words)

    def _window(self) -> Limits:
        """Return the limits given, or those around the marks at every update."""
        x, y = self._limits
        points = self._extents([mark for mark in self.marks if not isinstance(mark, Curve)])
        if x is not None and y is not None:
            return x, y
        x = x or self._around(points[:, 0], "x")
        if y is None:
            grid = np.linspace(*x, 200)
            heights = [points[:, 1]]
            for curve in (mark for mark in self.marks if isinstance(mark, Curve)):
                for update in self._updates(curve):
                    with curve.located(update if curve.moves else None):
                        places = grid if curve.domain is None else np.linspace(*curve.domain, 200)
                        heights.append(curve.heights(places, update))
            y = self._around(np.concatenate(heights), "y")
        return x, y

    def _extents(self, marks: Sequence[Mark]) -> np.ndarray:
        """Return points that the limits must hold, shape (n, 2); warn of marks that cannot be drawn at an update."""
        found = [np.empty((0, 2))]
        for mark in marks:
            extents: dict[int, np.ndarray] = {}
            for update in self._updates(mark):
                with mark.located(update if mark.moves else None):
                    extents[update] = mark.extent(update)
            found += extents.values()
            if (fault := undrawn(mark, extents)) and not self.may_diverge:
                warnings.warn(str(mark.error(fault)).removesuffix("."), stacklevel=2)
        return np.concatenate(found)

    def _updates(self, mark: Mark) -> Sequence[int]:
        if not mark.moves:
            return (0,)
        most = _MOST_UPDATES if None in self._limits else _MOST_CHECKED
        if self.n_updates < most:
            return range(self.n_updates + 1)
        return [int(update) for update in np.linspace(0, self.n_updates, most)]

    def _around(self, values: np.ndarray, which: str) -> tuple[float, float]:
        values = values[np.isfinite(values)]
        if which in self._log:
            positive = values[values > 0]
            low, high = padded(np.log10(positive), 0.05)
            return float(10.0**low), float(10.0**high)
        return padded(values, 0.05)


def undrawn(mark: Mark, extents: Mapping[int, np.ndarray]) -> str:
    """Return at which update the numbers of a mark are infinite, or none of its points can be drawn; "" if at none.

    Some points of several may be nan, as in a line with gaps. A `Path` has a row for each update.
    """
    if isinstance(mark, Path):
        extents = {row: point[None] for row, point in enumerate(extents[0])}
    for update, points in extents.items():
        if np.isinf(points).any():
            return f"infinite at update {update}, where it is not drawn"
    everything = np.concatenate([np.empty((0, 2)), *extents.values()])
    axes = np.flatnonzero(~np.isnan(everything).all(axis=0))  # nan leaves an axis free
    for update, points in {} if mark.nan_hides else extents.items():
        if len(points) and not (len(axes) and np.isfinite(points[:, axes]).all(axis=1).any()):
            return f"nan at update {update}, where it is not drawn"
    return ""


class Plot3D(Panel):
    """Marks in space: a `Surface3D`, with a `Path3D` and `Points3D` on it.

    Parameters
    ----------
    *marks : Mark
        Those of a higher layer cover the others.
    x, y : str
        The names of the axes across.
    title, weight
        As for every `Panel`.
    limits : pair of pairs, optional
        The window over x and y; around the marks where not given.
    elevation, azimuth : float
        The camera, in degrees.
    orbit : float
        Degrees the camera turns from the first to the last update; 0 is a still camera, far faster to draw.
    runs : sequence of Run
        The runs it shows, if any.

    Examples
    --------
    >>> from animate.draw.marks import Path3D, Surface3D
    >>> bowl = Surface3D(lambda points: (points**2).sum(axis=-1), ((-1.0, 1.0), (-1.0, 1.0)))
    >>> panel = Plot3D(bowl, Path3D([[-1.0, 0.5, 1.25], [0.0, 0.0, 0.0]], color="first"), title="A bowl")
    """

    projection = "3d"
    aspects = (0.8, 1.4)

    def __init__(
        self,
        *marks: Mark,
        x: str = "",
        y: str = "",
        title: ResponsiveText = "",
        weight: float = 1.0,
        limits: Limits | None = None,
        elevation: float = 38.0,
        azimuth: float = -58.0,
        orbit: float = 0.0,
        runs: Sequence[Run] = (),
        name: str = "",
    ) -> None:
        super().__init__(title=title, weight=weight, name=name)
        self.marks, self.runs, self._names, self._limits = _only_marks(marks, in_space=True), runs, (x, y), limits
        self._elevation, self._azimuth, self._orbit = elevation, azimuth, orbit
        if limits is not None:
            with self.located():
                check_limits(limits)
        for angle, value in (("elevation", elevation), ("azimuth", azimuth), ("orbit", orbit)):
            if not isinstance(value, Real) or not math.isfinite(value):
                raise self.error(f"{angle} must be a number of degrees; got {value!r}")

    def compose(self, axes: Axes, style: Style) -> Sequence[Mark]:
        space: Any = axes
        self._space = space
        surfaces = [mark for mark in self.marks if isinstance(mark, Surface3D)]
        found = [np.empty((0, 3))]
        for mark in surfaces or self.marks:
            with mark.located():
                found.append(mark.extent(0))
        points = np.concatenate(found)
        low, high = padded(points[:, 2], 0.0)
        x, y = self._limits or (padded(points[:, 0], 0.0), padded(points[:, 1], 0.0))
        dress_space(space, style, ((x, y), (low - 0.34 * (high - low), high)), self._names)
        space.view_init(self._elevation, self._azimuth)
        return self.marks

    def show(self, update: float, looks: Sequence[tuple[float, float]] = ()) -> None:
        if self._orbit:
            self._space.view_init(self._elevation, self._azimuth + self._orbit * update / max(self.n_updates, 1))
        super().show(update, looks)


def _only_marks(marks: Sequence[Mark], *, in_space: bool) -> Sequence[Mark]:
    """Return the marks of a plot; raise an error if there are none, or something else is among them."""
    strange = [mark for mark in marks if not isinstance(mark, Mark)]
    place = place_in_script()
    begin = f"{place}: a" if place else "A"
    if not marks or strange:
        got = f"{type(strange[0]).__name__}" if strange else "none"
        raise UsageError(f"{begin} plot must have at least one mark, such as Points(X), and nothing else; got {got}.")
    for mark in marks:
        if mark.in_space != in_space:
            raise mark.error("must be on a Plot3D; got a Plot" if mark.in_space else "must be on a Plot; got a Plot3D")
    return marks
