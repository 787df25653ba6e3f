"""Marks of points, and of rings around them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.markers import MarkerStyle

from animate.draw.marks.mark import DOT, Coordinates, Mark, Show, hue, hues, value_at
from animate.draw.style import Length, Style

MOST_POINTS = 2000
"""Of more points that do not move a sample of so many is drawn, and the panel says so: all would be a blot."""


@lru_cache(8)
def drawn_rows(n_points: int) -> np.ndarray:
    """Return which of a number of points are drawn, ascending: all, or the same random sample every time.

    >>> len(drawn_rows(10)), len(drawn_rows(100_000))
    (10, 2000)
    """
    rows = np.arange(n_points)
    if n_points > MOST_POINTS:
        rows = np.sort(np.random.default_rng(0).choice(n_points, MOST_POINTS, replace=False))
    rows.setflags(write=False)
    return rows


def drawn_rows_of_classes(labels: np.ndarray) -> np.ndarray:
    """Return which rows are drawn where the points of each class are a mark of their own, ascending."""
    rows = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    return np.sort(np.concatenate([of_class[drawn_rows(len(of_class))] for of_class in rows]))


def check_marker(mark: Mark, marker: Any) -> None:
    """Raise a SceneError unless matplotlib has a marker."""
    try:
        MarkerStyle(marker)
    except (TypeError, ValueError):
        raise mark.error(f"marker must be one of matplotlib's, such as o, s, ^ or *; got {marker!r}") from None


@dataclass(frozen=True)
class Points(Mark):
    """Points, each a marker; of very many that do not move, a sample.

    Parameters
    ----------
    xy : array (n, 2), or function of the update
        In data coordinates.
    color : str, or sequence of str, or function of the update
        One color, or one for each point; ``"none"`` leaves the markers empty.
    size : Length
        Diameter.
    marker : str
        One of matplotlib's.
    edge : str
        Color of the outline; "" takes the color of the marker.
    edge_width : Length
        Width of the outline.

    Examples
    --------
    >>> points = Points(np.zeros((5, 2)), color=lambda update: ["first" if update > 2 else "second"] * 5)
    """

    xy: Coordinates
    _: KW_ONLY
    size: Length = DOT
    marker: str = "o"
    edge: str = "background"
    edge_width: Length = (0.9, 0.5)

    def __post_init__(self) -> None:
        super().__post_init__()
        check_marker(self, self.marker)
        if not callable(self.xy):
            self._at(0)

    def draw(self, axes: Axes, style: Style) -> Show | None:
        size, width = style.length(self.size), style.length(self.edge_width)
        start = np.empty((0, 2)) if callable(self.xy) else self._at(0)
        if not isinstance(self.color, str):
            return self._draw_many_colors(axes, style, size, width)
        start = start[drawn_rows(len(start))]
        color = hue(style, self.color)
        (points,) = axes.plot(
            *start.T, linestyle="none", marker=self.marker, markersize=size, color=color, markerfacecolor=color,
            markeredgecolor=hue(style, self.edge) if self.edge else color, markeredgewidth=width, zorder=self.layer,
            clip_on=self.clip,
        )  # fmt: skip
        return (lambda update: points.set_data(*self._at(update).T)) if callable(self.xy) else None

    def extent(self, update: int) -> np.ndarray:
        return self._at(update)

    @property
    def n_points(self) -> int:
        """Number of points that do not move, drawn or not; 0 if they move."""
        return 0 if callable(self.xy) else len(self._at(0))

    def _at(self, update: float) -> np.ndarray:
        return self.numbers("xy", self.xy, update, (None, 2))

    def _draw_many_colors(self, axes: Axes, style: Style, size: float, width: float) -> Show | None:
        points = axes.scatter(
            [], [], s=size**2, marker=self.marker, linewidths=width, zorder=self.layer, clip_on=self.clip,
            edgecolors=hue(style, self.edge or "ink"),
        )  # fmt: skip

        def show(update: float) -> None:
            xy, colors = self._at(update), value_at(self.color, update)
            n = len(xy)
            if isinstance(colors, (Sequence, np.ndarray)) and not isinstance(colors, str) and len(colors) != n:
                raise self.error(f"color must name one color per point ({n}) at update {update:g}; got {len(colors)}")
            rows = slice(None) if callable(self.xy) else drawn_rows(n)
            listed = [str(one) for one in np.asarray(colors)[rows]] if len(np.shape(colors)) else colors
            points.set_offsets(xy[rows])
            points.set_facecolor(hues(style, listed, len(xy[rows])))

        show(0)
        return show if self.moves else None


@dataclass(frozen=True)
class Ring(Mark):
    """Empty circles around points; between two updates they stand where they are at the later one.

    Parameters
    ----------
    xy : array (n, 2), or function of the update
        What they surround, in data coordinates.
    size : Length
        Diameter.
    width : Length
        Of the line.
    """

    xy: Coordinates
    _: KW_ONLY
    size: Length = (16.0, 9.0)
    width: Length = (2.2, 1.4)
    layer: float = 6.0

    def draw(self, axes: Axes, style: Style) -> Show | None:
        points = Points(
            self.xy, size=self.size, color="none", edge=self.color, edge_width=self.width, layer=self.layer,
            clip=self.clip,
        )  # fmt: skip
        object.__setattr__(points, "source", self.source)
        show = points.draw(axes, style)
        return None if show is None else (lambda update: show(math.ceil(update)))

    def extent(self, update: int) -> np.ndarray:
        return self.numbers("xy", self.xy, update, (None, 2))
