"""Marks in space, for a `Plot3D`: surfaces, paths and points, with what lies under them on the floor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from animate.draw.marks.fields import Limits, loss_grid
from animate.draw.marks.lines import walked_path
from animate.draw.marks.mark import LINE, Mark, Show, hue
from animate.draw.marks.points import check_marker
from animate.draw.style import Length, Style

N_GRID = 36


@dataclass(frozen=True)
class Surface3D(Mark):
    """A function of the plane as a surface in the theme's surface colors, with its level curves on the floor.

    Parameters
    ----------
    function : callable
        From points (k, 2) to heights (k,).
    limits : pair of pairs
        The window over x and y.
    """

    function: Callable[[np.ndarray], np.ndarray]
    limits: Limits
    _: KW_ONLY
    layer: float = 1.0

    dims: ClassVar[bool] = False
    in_space: ClassVar[bool] = True

    def draw(self, axes: Axes, style: Style) -> None:
        space: Any = axes
        x, y, heights = loss_grid(self.function, self.limits, N_GRID)
        low, high = float(np.nanmin(heights)), float(np.nanmax(heights))
        X, Y = np.meshgrid(x, y)
        levels = low + (high - low or 1.0) * (np.arange(1, 9) / 8.5) ** 2
        ramp = LinearSegmentedColormap.from_list("surface", style.theme.surface)
        space.plot_surface(
            X, Y, heights, facecolors=ramp(np.sqrt((heights - low) / (high - low or 1.0))), rstride=1, cstride=1,
            linewidth=0, antialiased=False, shade=False, zorder=self.layer,
        )  # fmt: skip
        space.contour(
            X, Y, heights, levels=levels, zdir="z", offset=space.get_zlim()[0],
            colors=[style.theme.tint("muted", 0.45)], linewidths=style.px(1.1, least=0.7), zorder=self.layer - 1,
        )  # fmt: skip
        space.plot_wireframe(
            X, Y, heights, rcount=9, ccount=9, color=style.theme.tint("ink", 0.35, on="muted"),
            linewidth=style.px(0.7, least=0.4), alpha=0.55, zorder=self.layer + 1,
        )  # fmt: skip

    def extent(self, update: int) -> np.ndarray:
        x, y, heights = loss_grid(self.function, self.limits, N_GRID)
        return np.stack([*map(np.ravel, np.meshgrid(x, y)), heights.ravel()], axis=-1)


@dataclass(frozen=True)
class Path3D(Mark):
    """A path walked so far in space, its head on a stem, and its shadow on the floor.

    Parameters
    ----------
    path : array (n_updates + 1, 3)
        A place per update; what is higher than the axes is drawn at their upper edge.
    at : callable, optional
        From the update on screen to the one the path is at, such as ``run.at``; the same where not given.
    width, head : Length
        Of the line, and the diameter of the dot at its end.
    """

    path: npt.ArrayLike
    _: KW_ONLY
    at: Callable[[int], int] | None = None
    width: Length = (3.0, 1.6)
    head: Length = (11.0, 6.0)
    layer: float = 5.0

    in_space: ClassVar[bool] = True

    def draw(self, axes: Axes, style: Style) -> Show:
        space: Any = axes
        floor, ceiling = space.get_zlim()
        color, dim = hue(style, self.color), style.theme.tint(self.color, 0.6)
        places = np.minimum(self._places(), [np.inf, np.inf, ceiling])

        def line(width: float, color: str, layer: float, **options: Any) -> Any:
            return space.plot([], [], [], linewidth=width, color=color, zorder=layer, **options)[0]

        shadow = line(style.px(2.2, least=1.2), dim, self.layer - 2)
        stem = line(style.thin_px, dim, self.layer - 1, linestyle=(0, (2, 2)))
        path = line(style.length(self.width), color, self.layer)
        head = line(
            0, color, self.layer + 2, marker="o", markersize=style.length(self.head), linestyle="none",
            markeredgecolor=style.theme.background, markeredgewidth=style.px(1.6, least=1),
        )  # fmt: skip

        def show(update: float) -> None:
            walked = walked_path(places, self.at, update)
            x, y, z = walked.T
            path.set_data_3d(x, y, z)
            shadow.set_data_3d(x, y, np.full_like(z, floor))
            stem.set_data_3d(x[[-1, -1]], y[[-1, -1]], np.array([floor, z[-1]]))
            head.set_data_3d(x[-1:], y[-1:], z[-1:])

        return show

    def extent(self, update: int) -> np.ndarray:
        return self._places() if update == 0 else np.empty((0, 3))

    @property
    def moves(self) -> bool:
        return False  # its extent is the same at every update

    def _places(self) -> np.ndarray:
        places = self.numbers("path", lambda _: self.path, 0, (None, 3))
        if not len(places):
            raise self.error("path must have a place for update 0; got none")
        return places


@dataclass(frozen=True)
class Points3D(Mark):
    """Points in space, or on the floor.

    Parameters
    ----------
    xyz : array (n, 3), or function of the update
        Where z is nan, a point lies on the floor.
    size : Length
        Diameter.
    marker : str
        One of matplotlib's.
    """

    xyz: npt.ArrayLike | Callable[[int], npt.ArrayLike]
    _: KW_ONLY
    size: Length = LINE
    marker: str = "o"
    layer: float = 6.0

    in_space: ClassVar[bool] = True

    def __post_init__(self) -> None:
        super().__post_init__()
        check_marker(self, self.marker)

    def draw(self, axes: Axes, style: Style) -> Show | None:
        space: Any = axes
        (points,) = space.plot(
            [], [], [], marker=self.marker, markersize=style.length(self.size), color=hue(style, self.color),
            linestyle="none", zorder=self.layer,
        )  # fmt: skip

        def show(update: float) -> None:
            x, y, z = self.numbers("xyz", lambda _: self._at(update), update, (None, 3)).T
            points.set_data_3d(x, y, np.where(np.isnan(z), space.get_zlim()[0], z))

        show(0)
        return show if callable(self.xyz) else None

    def extent(self, update: int) -> np.ndarray:
        return self._at(update)

    def _at(self, update: float) -> np.ndarray:
        # a constant may hold nan here: it is a place on the floor
        given = self.xyz
        return self.numbers("xyz", given if callable(given) else lambda _: given, update, (None, 3))
