"""Marks that fill: bars, spans and polygons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from matplotlib import patches
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection

from animate.draw.marks.mark import Coordinates, Mark, Show, hue, hues, value_at
from animate.draw.style import Length, Style


@dataclass(frozen=True)
class Bars(Mark):
    """Bars from a base line.

    Parameters
    ----------
    lengths : array (n,), or function of the update
        How far each reaches from the base, in data coordinates.
    at : array (n,), optional
        The middle of each on the other axis; 0, 1, 2 ... where not given.
    color : str or sequence of str, or function of the update
        One color, or one for each bar.
    thickness : float
        In data coordinates.
    base : float
        Where they begin.
    horizontal : bool
        Whether they reach to the right instead of up.
    """

    lengths: Coordinates
    at: npt.ArrayLike | None = None
    _: KW_ONLY
    thickness: float = 0.8
    base: float = 0.0
    horizontal: bool = False

    def draw(self, axes: Axes, style: Style) -> Show | None:
        lengths = self._lengths(0)
        at = self._middles(len(lengths))
        bars = []
        for middle, length, color in zip(at, lengths, hues(style, value_at(self.color, 0), len(at)), strict=True):
            low = middle - self.thickness / 2
            corner = (self.base, low) if self.horizontal else (low, self.base)
            size = (length, self.thickness) if self.horizontal else (self.thickness, length)
            bar = patches.Rectangle(corner, *size, facecolor=color, linewidth=0, zorder=self.layer)
            axes.add_patch(bar)
            bars.append(bar)

        def show(update: float) -> None:
            lengths = self._lengths(update)
            if len(lengths) != len(bars):
                raise self.error(f"lengths must be {len(bars)} numbers at update {update:g}; got {len(lengths)}")
            for bar, length in zip(bars, np.where(np.isfinite(lengths), lengths, 0.0), strict=True):
                bar.set_width(length) if self.horizontal else bar.set_height(length)
            if callable(self.color):
                for bar, color in zip(bars, hues(style, self.color(update), len(bars)), strict=True):
                    bar.set_facecolor(color)

        return show if self.moves else None

    def extent(self, update: int) -> np.ndarray:
        lengths, half = self._lengths(update), self.thickness / 2
        at = self._middles(len(lengths))
        along = np.concatenate([self.base + lengths, np.full(len(at), self.base)])
        across = np.concatenate([at - half, at + half])
        return np.stack([along, across] if self.horizontal else [across, along], axis=-1)

    def _lengths(self, update: float) -> np.ndarray:
        lengths = self.numbers("lengths", self.lengths, update, (None,))
        if self.at is not None and len(lengths) != len(self._middles(0)):
            raise self.error(
                f"lengths must be {len(self._middles(0))} numbers at update {update:g}; got {len(lengths)}"
            )
        return lengths

    def _middles(self, count: int) -> np.ndarray:
        return np.arange(float(count)) if self.at is None else self.numbers("at", self.at, 0, (None,))


@dataclass(frozen=True)
class Span(Mark):
    """A band across the axes between two values of x, or of y.

    Parameters
    ----------
    x, y : pair of float
        Give one of them.
    """

    _: KW_ONLY
    x: tuple[float, float] | None = None
    y: tuple[float, float] | None = None
    color: Any = "rule 50%"
    layer: float = 0.0

    dims: ClassVar[bool] = False

    def __post_init__(self) -> None:
        super().__post_init__()
        if (self.x is None) == (self.y is None):
            raise self.error(f"x or y must be given; got {'neither' if self.x is None else 'both'}")
        if callable(self.x) or callable(self.y):
            raise self.error("x and y must be numbers, which do not move; got a function. A Polygon moves")
        self._ends()

    def _ends(self) -> np.ndarray:
        name = "x" if self.y is None else "y"
        return self.numbers(name, getattr(self, name), 0, (2,))

    def draw(self, axes: Axes, style: Style) -> None:
        low, high = self._ends()
        span = axes.axvspan if self.y is None else axes.axhspan
        span(low, high, color=hue(style, self.color), linewidth=0, zorder=self.layer)


@dataclass(frozen=True)
class Polygon(Mark):
    """A filled shape, or several.

    Parameters
    ----------
    corners : array (n, 2) or sequence of arrays, or function of the update
        The corners of one shape, or of each if there are ``many``; no corners hide it.
    color : str, or sequence of str, or function of the update
        Fills it, or each if there are ``many``; ``"none"`` leaves it empty.
    edge : str
        Color of its outline; "" draws none.
    width : Length
        Of the outline.
    many : bool
        Whether there are several shapes.
    """

    corners: Any
    _: KW_ONLY
    edge: str = ""
    width: Length = (1.2, 0.7)
    many: bool = False
    layer: float = 1.0

    def draw(self, axes: Axes, style: Style) -> Show | None:
        width = style.length(self.width) if self.edge else 0
        edge = hue(style, self.edge) if self.edge else "none"
        if self.many:
            return self._draw_many(axes, style, edge, width)
        face = hue(style, value_at(self.color, 0))
        patch = patches.Polygon(
            np.zeros((3, 2)) if callable(self.corners) else self._at(0), closed=True, facecolor=face, edgecolor=edge,
            linewidth=width, zorder=self.layer,
        )  # fmt: skip
        axes.add_patch(patch)

        def show(update: float) -> None:
            if callable(self.corners):
                corners = self._at(update)
                patch.set_visible(len(corners) > 2)
                patch.set_xy(corners if len(corners) > 2 else np.zeros((3, 2)))
            if callable(self.color):
                patch.set_facecolor(hue(style, value_at(self.color, update)))

        return show if self.moves else None

    def extent(self, update: int) -> np.ndarray:
        shapes = self._shapes(update) if self.many else [self._at(update)]
        return np.concatenate([np.empty((0, 2)), *shapes])

    def _draw_many(self, axes: Axes, style: Style, edge: str, width: float) -> Show | None:
        first = self._shapes(0)
        face = hues(style, value_at(self.color, 0), len(first)) or "none"
        shapes = PolyCollection(first, facecolors=face, edgecolors=edge, linewidths=width, zorder=self.layer)
        axes.add_collection(shapes, autolim=False)

        def show(update: float) -> None:
            if callable(self.corners):
                shapes.set_verts(self._shapes(update))
            if callable(self.color):
                shapes.set_facecolor(hues(style, value_at(self.color, update), len(shapes.get_paths())))

        return show if self.moves else None

    def _at(self, update: float) -> np.ndarray:
        return self.numbers("corners", self.corners, update, (None, 2))

    def _shapes(self, update: float) -> list[np.ndarray]:
        given = value_at(self.corners, update)
        if not isinstance(given, Iterable):
            raise self.error(f"corners must be several arrays of shape (n, 2) at update {update:g}; got {given!r}")

        def corners(shape: Any) -> np.ndarray:
            return self.numbers("each of corners", lambda _: shape, update, (None, 2))

        return [corners(shape) for shape in given]


def area(x: npt.ArrayLike, low: npt.ArrayLike, high: npt.ArrayLike) -> np.ndarray:
    """Return the corners (2n, 2) of the area between two curves over x (n,)."""
    x = np.asarray(x, dtype=float)
    bottom, top = (np.broadcast_to(np.asarray(y, dtype=float), x.shape) for y in (low, high))
    return np.concatenate([np.stack([x, bottom], -1), np.stack([x, top], -1)[::-1]])
