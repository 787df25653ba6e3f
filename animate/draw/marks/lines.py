"""Marks of lines: lines, paths, curves, segments and rules."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from animate.draw.marks.mark import DASHES, HEAD, LINE, THIN, Coordinates, Mark, Show, dashes, hue, hues, value_at
from animate.draw.marks.points import Points
from animate.draw.run import RUN_MARKERS
from animate.draw.style import Length, Style

Dash = str | tuple[float, ...]


@dataclass(frozen=True)
class Line(Mark):
    """A line through points.

    Parameters
    ----------
    xy : array (n, 2), or function of the update
        Data coordinates; a row of nan is a gap.
    width : Length
        Of the line.
    dash : {"", "dashed", "dotted"} or tuple of float
        The pattern; a tuple gives lengths on and off in widths of the line.
    """

    xy: Coordinates
    _: KW_ONLY
    width: Length = LINE
    dash: Dash = ""
    join: str = "round"
    layer: float = 4.0

    allowed: ClassVar[Mapping[str, tuple[str, ...]]] = {"dash": DASHES, "join": ("miter", "round", "bevel")}

    def draw(self, axes: Axes, style: Style) -> Show | None:
        start = np.empty((0, 2)) if callable(self.xy) else self._at(0)
        (line,) = axes.plot(
            *start.T, color=hue(style, value_at(self.color, 0)), linewidth=style.length(self.width),
            linestyle=dashes(self.dash), solid_joinstyle=self.join, zorder=self.layer, clip_on=self.clip,
        )  # fmt: skip

        def show(update: float) -> None:
            if callable(self.xy):
                line.set_data(*self._at(update).T)
            if callable(self.color):
                line.set_color(hue(style, value_at(self.color, update)))

        return show if self.moves else None

    def extent(self, update: int) -> np.ndarray:
        return self._at(update)

    def _at(self, update: float) -> np.ndarray:
        return self.numbers("xy", self.xy, update, (None, 2))


@dataclass(frozen=True)
class Path(Mark):
    """A path walked so far, with its head.

    Parameters
    ----------
    path : array (n_updates + 1, 2)
        A place per update.
    at : callable, optional
        From the update on screen to the one the path is at, such as ``run.at``; the same where not given.
    width, dash
        As for a `Line`.
    head : Length
        Diameter of the marker at its end, which is that of the run of this color; 0 draws none.
    start : bool
        Whether a small ring marks where it begins.
    within : pair of pairs, optional
        Limits over x and y outside of which the head is hidden.
    """

    path: npt.ArrayLike
    _: KW_ONLY
    at: Callable[[int], int] | None = None
    width: Length = LINE
    dash: Dash = ""
    head: Length = HEAD
    head_edge: Length = (1.6, 0.9)
    start: bool = False
    within: tuple[tuple[float, float], tuple[float, float]] | None = None
    layer: float = 4.0
    head_layer: float | None = None
    clip_head: bool = False

    allowed: ClassVar[Mapping[str, tuple[str, ...]]] = {"dash": DASHES}

    def draw(self, axes: Axes, style: Style) -> Show:
        places, color = self._places(), hue(style, self.color)
        if self.start:
            Points(
                places[:1], size=(8.0, 4.5), color="none", edge=self.color, edge_width=THIN, layer=self.layer - 1
            ).draw(axes, style)
        (line,) = axes.plot(
            [], [], color=color, linewidth=style.length(self.width), linestyle=dashes(self.dash), zorder=self.layer,
            clip_on=self.clip, solid_joinstyle="round",
        )  # fmt: skip
        head = None
        if self.head:
            (head,) = axes.plot(
                [], [], marker=RUN_MARKERS.get(str(self.color), "o"), markersize=style.length(self.head), color=color,
                linestyle="none",
                clip_on=self.clip_head, markeredgecolor=style.theme.background,
                markeredgewidth=style.length(self.head_edge),
                zorder=self.layer + 1 if self.head_layer is None else self.head_layer,
            )  # fmt: skip

        def show(update: float) -> None:
            walked = walked_path(places, self.at, update)
            here = walked[-1]
            line.set_data(*walked.T)
            if head is not None:
                head.set_data(*(here[None] if self._holds(here) else np.full((1, 2), np.nan)).T)

        return show

    def extent(self, update: int) -> np.ndarray:
        return self._places() if update == 0 else np.empty((0, 2))

    @property
    def moves(self) -> bool:
        return False  # its extent is the same at every update

    def _places(self) -> np.ndarray:
        places = self.numbers("path", lambda _: self.path, 0, (None, 2))
        if not len(places):
            raise self.error("path must have a place for update 0; got none")
        return places

    def _holds(self, place: np.ndarray) -> bool:
        return self.within is None or all(low <= at <= high for at, (low, high) in zip(place, self.within, strict=True))


def walked_path(places: np.ndarray, at: Callable[[int], int] | None, update: float) -> np.ndarray:
    """Return the places of a path up to an update, the last of them between two where the update is.

    >>> walked_path(np.array([[0.0], [1.0], [3.0]]), None, 1.5).ravel().tolist()
    [0.0, 1.0, 2.0]
    """
    here, coming = (
        min(int(at(whole)) if at else whole, len(places) - 1) for whole in (math.floor(update), math.ceil(update))
    )
    walked = places[: here + 1]
    if coming == here:
        return walked
    between = walked[-1] + (update - math.floor(update)) * (places[coming] - walked[-1])
    return np.concatenate([walked, [between]])


@dataclass(frozen=True)
class Curve(Mark):
    """The graph of a function.

    Parameters
    ----------
    function : callable
        From x (n,) to y (n,); with a second parameter, the update, it moves.
    domain : pair of float, optional
        Where it is drawn; from one edge of the axes to the other where not given.
    n : int
        Points on it.
    width, dash
        As for a `Line`.

    Examples
    --------
    >>> rising = Curve(lambda x, update: update * x)
    """

    function: Callable[..., Any]
    _: KW_ONLY
    domain: tuple[float, float] | None = None
    n: int = 200
    width: Length = LINE
    dash: Dash = ""
    layer: float = 5.0

    allowed: ClassVar[Mapping[str, tuple[str, ...]]] = {"dash": DASHES}

    @property
    def moves(self) -> bool:
        try:
            parameters = inspect.signature(self.function).parameters.values()
        except ValueError:  # a ufunc of numpy has no signature
            return False
        required = [one for one in parameters if one.default is one.empty and one.kind is not one.VAR_KEYWORD]
        return len(required) > 1

    def draw(self, axes: Axes, style: Style) -> Show | None:
        x = np.linspace(*(self.domain or axes.get_xlim()), self.n)
        start: list[Any] = [[], []] if self.moves else [x, self.heights(x, 0)]
        (line,) = axes.plot(
            *start, color=hue(style, self.color), linewidth=style.length(self.width), linestyle=dashes(self.dash),
            zorder=self.layer, clip_on=self.clip, solid_joinstyle="round",
        )  # fmt: skip
        return (lambda update: line.set_data(x, self.heights(x, update))) if self.moves else None

    def extent(self, update: int) -> np.ndarray:
        if self.domain is None:
            return np.empty((0, 2))
        x = np.linspace(*self.domain, self.n)
        return np.stack([x, self.heights(x, update)], axis=-1)

    def heights(self, x: np.ndarray, update: float) -> np.ndarray:
        """Return y (n,) over x (n,) at an update."""
        with np.errstate(all="ignore"):
            y = value_at((lambda at: self.function(x, at)) if self.moves else self.function(x), update)
        y = np.full(x.shape, y) if np.ndim(y) == 0 else y
        return self.numbers("function(x)", lambda _: y, update, (len(x),))


@dataclass(frozen=True)
class Segments(Mark):
    """Straight segments, such as residuals.

    Parameters
    ----------
    ends : array (n, 2, 2), or function of the update
        Begin and end of each, in data coordinates.
    color : str, or sequence of str, or function of the update
        One color, or one for each segment.
    width, dash
        As for a `Line`.
    """

    ends: Coordinates
    _: KW_ONLY
    width: Length = THIN
    dash: Dash = ""
    cap: str | None = "butt"
    layer: float = 2.0

    allowed: ClassVar[Mapping[str, tuple[str, ...]]] = {"dash": DASHES, "cap": ("butt", "projecting", "round")}

    def draw(self, axes: Axes, style: Style) -> Show | None:
        one_color = isinstance(self.color, str)
        segments = LineCollection(
            [], colors=hue(style, self.color) if one_color else None, linewidths=style.length(self.width),
            linestyles=[dashes(self.dash)] if self.dash else "solid", zorder=self.layer, capstyle=self.cap,
        )  # fmt: skip
        axes.add_collection(segments, autolim=False)

        def show(update: float) -> None:
            ends = self._at(update)
            is_drawn = np.isfinite(ends).all(axis=(1, 2))
            segments.set_segments(list(ends[is_drawn]))
            if not one_color:
                colors = hues(style, value_at(self.color, update), len(ends))
                segments.set_color([color for color, drawn in zip(colors, is_drawn, strict=True) if drawn])

        show(0)
        return show if self.moves else None

    def extent(self, update: int) -> np.ndarray:
        return self._at(update).reshape(-1, 2)

    def _at(self, update: float) -> np.ndarray:
        return self.numbers("ends", self.ends, update, (None, 2, 2))


def stems(x: np.ndarray, foot: npt.ArrayLike, top: npt.ArrayLike) -> np.ndarray:
    """Return the ends (n, 2, 2) of vertical segments at x (n,), from a height to another."""
    low, high = (np.broadcast_to(np.asarray(y, dtype=float), np.shape(x)) for y in (foot, top))
    return np.stack([np.stack([x, low], -1), np.stack([x, high], -1)], axis=1)


def residuals(x: np.ndarray, y: np.ndarray, on_curve: Callable[[int], np.ndarray], *, name: str) -> Segments:
    """Return segments from points to a curve, from the update to its heights (n,); none where one is not finite."""

    def ends(update: int) -> np.ndarray:
        heights = on_curve(update)
        return stems(x, y, heights) if np.isfinite(heights).all() else np.empty((0, 2, 2))

    return Segments(ends, color="error 62%", cap=None, name=name)


def tangents(places: npt.ArrayLike, slopes: npt.ArrayLike, limits: npt.ArrayLike) -> np.ndarray:
    """Return the ends (n, 2, 2) of pieces of tangents at places (n, 2), of one length in axes with these limits.

    >>> tangents([[0.0, 1.0]], [2.0], ((-1.0, 1.0), (-2.0, 2.0))).round(3).tolist()
    [[[-0.226, 0.547], [0.226, 1.453]]]
    """
    slope, (width, height) = np.asarray(slopes, dtype=float), np.diff(np.asarray(limits, dtype=float)).ravel()
    half = 0.16 / np.sqrt(1 / width**2 + (slope / height) ** 2)
    steps, middles = np.stack([half, half * slope], axis=-1), np.asarray(places, dtype=float)
    return np.stack([middles - steps, middles + steps], axis=1)


@dataclass(frozen=True)
class Rule(Mark):
    """A straight line across the axes: vertical at x, or horizontal at y.

    Parameters
    ----------
    x, y : float, or function of the update
        Give one of them; nan hides it.
    reach : pair of float
        Where it begins and ends, as shares of the axes.
    width, dash
        As for a `Line`.
    """

    _: KW_ONLY
    x: float | Callable[[int], float] | None = None
    y: float | Callable[[int], float] | None = None
    reach: tuple[float, float] = (0.0, 1.0)
    width: Length = THIN
    dash: Dash = ""
    color: Any = "muted"
    layer: float = 2.0

    nan_hides: ClassVar[bool] = True
    allowed: ClassVar[Mapping[str, tuple[str, ...]]] = {"dash": DASHES}

    def __post_init__(self) -> None:
        super().__post_init__()
        if (self.x is None) == (self.y is None):
            raise self.error(f"x or y must be given; got {'neither' if self.x is None else 'both'}")
        if not callable(self._value):
            self._place(0)

    @property
    def _value(self) -> Any:
        return self.x if self.y is None else self.y

    def _place(self, update: float) -> float:
        value = self._value if callable(self._value) else (lambda _: self._value)  # nan hides it
        return float(self.numbers("y" if self.x is None else "x", value, update, ()))

    def draw(self, axes: Axes, style: Style) -> Show | None:
        across, value = self.y is not None, self._value
        at = np.nan if callable(value) else self._place(0)
        line = (axes.axhline if across else axes.axvline)(
            at, *self.reach, color=hue(style, self.color), linewidth=style.length(self.width),
            linestyle=dashes(self.dash), zorder=self.layer,
        )  # fmt: skip

        def show(update: float) -> None:
            place = [self._place(update)] * 2
            line.set_ydata(place) if across else line.set_xdata(place)

        return show if callable(value) else None

    def extent(self, update: int) -> np.ndarray:
        place = self._place(update)
        return np.array([[place, np.nan] if self.y is None else [np.nan, place]])
