"""A mark on its axes, as a story shows it: hidden, entering, leaving, dimmed, or between two updates."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, cast

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import Collection, LineCollection, PathCollection
from matplotlib.colors import to_rgb, to_rgba_array
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from animate.draw.artist_cache import MAKERS
from animate.draw.marks import Bars, HeatMap, Mark, Surface3D
from animate.draw.style import Style

_COLORS: dict[type[Artist], tuple[str, ...]] = {
    Line2D: ("color", "markerfacecolor", "markeredgecolor"),
    Collection: ("facecolor", "edgecolor"),
    Patch: ("facecolor", "edgecolor"),
}
"""The colors that are dimmed, by kind of artist."""


_FILLING_STEPS = 3
"""In so many steps the bands of a surface fill."""


class DrawnMark:
    """The artists of a mark, which can be set to any update, presence and strength, in any order.

    Parameters
    ----------
    mark : Mark
    axes : Axes
        Their limits are set.
    style : Style
    """

    def __init__(self, mark: Mark, axes: Axes, style: Style) -> None:
        self.mark = mark
        self.name = mark.name or type(mark).__name__.lower()
        self._background = np.array(to_rgb(style.theme.background))
        recorded = _RecordedAxes(axes)
        with mark.located():
            self._show = mark.draw(cast(Axes, recorded), style)
        self.artists = recorded.artists
        self._update: float | None = None
        self._look = (1.0, 1.0)
        self._altered: list[tuple[Callable[[Any], object], Any]] = []

    def show(self, update: float, presence: float = 1.0, strength: float = 1.0) -> None:
        """Set the artists to an update.

        Parameters
        ----------
        update : float
            Between two updates the picture is between theirs.
        presence : float
            0 hides the mark; on the way to 1 it draws itself, grows or fades in.
        strength : float
            The share of each color that is left; the rest is background.
        """
        # What lies under all else is the ground on which the others stand out.
        look = (presence, strength if self.mark.dims and self.mark.layer >= 1 else 1.0)
        is_new = presence > 0 and self._show is not None and update != self._update
        if look == self._look and not is_new:
            return
        self._restore()
        if is_new and self._show is not None:
            with self.mark.located(update):
                self._show(update)
            self._update = update
        self._look = look
        for artist in self.artists if look != (1.0, 1.0) else ():
            if presence <= 0:
                self._alter(artist, visible=False)
                continue
            if look[1] < 1:
                self._dim(artist, look[1])
            if presence < 1:
                self._reveal(artist, presence)

    def _restore(self) -> None:
        """Give the artists the values they had before the last emphasis."""
        for setter, value in reversed(self._altered):
            setter(value)
        self._altered.clear()

    def _alter(self, artist: Artist, **values: Any) -> None:
        """Set values of an artist, all of which are read first: a marker may take its color from the line."""
        setters = {name: getattr(artist, f"set_{name}") for name in values}
        self._altered += [(setter, getattr(artist, f"get_{name}")()) for name, setter in setters.items()]
        for name, setter in setters.items():
            setter(values[name])

    def _dim(self, artist: Artist, strength: float) -> None:
        names = next((names for kind, names in _COLORS.items() if isinstance(artist, kind)), ())
        dimmed = {}
        for name in names:
            colors = to_rgba_array(getattr(artist, f"get_{name}")())
            colors[:, :3] = strength * colors[:, :3] + (1 - strength) * self._background
            if np.any(colors[:, 3] > 0):
                dimmed[name] = colors if isinstance(artist, Collection) else tuple(colors[0])
        self._alter(artist, **dimmed)

    def _reveal(self, artist: Artist, presence: float) -> None:
        """Show a share of an artist: a line from its beginning, markers and bars grown so far, the lowest bands."""
        if isinstance(artist, LineCollection) and not hasattr(artist, "do_3d_projection"):
            shortened = [one[:1] + presence * (one - one[:1]) for one in map(np.asarray, artist.get_segments())]
            self._alter(artist, segments=shortened)
        elif isinstance(artist, PathCollection) and len(artist.get_sizes()):
            self._alter(artist, sizes=presence**2 * np.asarray(artist.get_sizes()))
        elif isinstance(artist, PathCollection):
            steps = math.ceil(_FILLING_STEPS * presence)  # each one repaints the panel, which a GIF pays for
            first = len(artist.get_paths()) * (_FILLING_STEPS - steps) // _FILLING_STEPS
            colors = np.asarray(artist.get_facecolor())[first:]
            self._alter(artist, facecolor=colors, paths=artist.get_paths()[first:])
        elif isinstance(artist, Line2D) and not hasattr(artist, "get_data_3d"):
            if artist.get_linestyle() not in ("None", "none", "", " "):
                self._alter(artist, data=_beginning(np.stack(artist.get_data(), -1), presence).T)
            self._alter(artist, markersize=presence * artist.get_markersize())
        elif isinstance(self.mark, HeatMap):  # the ground of its bands is the highest of them
            self._alter(artist, visible=math.ceil(_FILLING_STEPS * presence) == _FILLING_STEPS)
        elif isinstance(artist, Rectangle) and isinstance(self.mark, Bars):
            along = "width" if self.mark.horizontal else "height"
            self._alter(artist, **{along: presence * getattr(artist, f"get_{along}")()})
        elif not isinstance(self.mark, Surface3D):  # half transparent, its facets would cost a GIF many colors
            alpha = artist.get_alpha()
            self._alter(artist, alpha=presence if alpha is None else presence * float(alpha))


def _beginning(points: np.ndarray, share: float) -> np.ndarray:
    """Return the first share of a line through points (n, 2)."""
    last = share * (len(points) - 1)
    whole = math.floor(last)
    if last <= 0 or whole == len(points) - 1:
        return points
    end = points[whole] + (last - whole) * (points[whole + 1] - points[whole])
    return np.concatenate([points[: whole + 1], [end]])


class _RecordedAxes:
    """Axes that record the artists created on them."""

    def __init__(self, axes: Axes) -> None:
        self._axes, self.artists = axes, list[Artist]()

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._axes, name)
        if name not in MAKERS:
            return method

        def recorded(*arguments: Any, **options: Any) -> Any:
            made = method(*arguments, **options)
            self.artists += made if isinstance(made, list) else [made]
            return made

        return recorded
