"""Marks for functions over the plane: bands, level curves and images."""

from __future__ import annotations

import inspect
import io
import pickle
import sys
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass, fields, is_dataclass
from types import FunctionType
from typing import Any, ClassVar

import numpy as np
from contourpy import FillType, LineType, contour_generator  # matplotlib draws its own contours with it
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline

from animate.draw.marks.mark import LINE, Coordinates, Mark, Show, hue, value_at
from animate.draw.style import Length, Style
from animate.errors import UsageError
from animate.learn.preview import on_grid

N_BANDS = 13
GRID = 96
MAX_GRIDS = 8
"""Grids of values that are kept: a scene that is drawn again often has the loss surface that it had before."""
Limits = tuple[tuple[float, float], tuple[float, float]]

_NOWHERE = Outline(np.zeros((1, 2)))


class FieldGrid:
    """Points on a grid over the axes, at which functions of the plane are evaluated.

    Parameters
    ----------
    axes : Axes
        Its limits are set already.
    cell_px : float
        Width and height of a cell.
    """

    def __init__(self, axes: Axes, cell_px: float) -> None:
        across = max(int(axes.bbox.width / cell_px), 8)
        up = max(int(axes.bbox.height / cell_px), 8)
        self.x, self.y = np.linspace(*axes.get_xlim(), across + 1), np.linspace(*axes.get_ylim(), up + 1)
        self.points = np.stack(np.meshgrid(self.x, self.y), axis=-1).reshape(-1, 2)

    def above(self, values: np.ndarray, level: float) -> Outline:
        """Return the outline of where values (k,), one per point, are above a level."""
        ceiling = max(float(np.max(values, initial=level)), level) + 1.0
        maker = contour_generator(self.x, self.y, self._table(values), fill_type=FillType.OuterCode)
        found: Any = maker.filled(level, ceiling)  # of this fill type: the outlines' points, and their codes
        outlines, codes = found
        return Outline(np.concatenate(outlines), np.concatenate(codes)) if outlines else _NOWHERE

    def lines(self, values: np.ndarray, level: float) -> list[np.ndarray]:
        """Return the curves (n, 2) along which values (k,), one per point, equal a level."""
        maker = contour_generator(self.x, self.y, self._table(values), line_type=LineType.Separate)
        return [np.asarray(line) for line in maker.lines(level)]

    def _table(self, values: np.ndarray) -> np.ndarray:
        return np.reshape(values, (len(self.y), len(self.x)))


@dataclass(frozen=True)
class _Field(Mark):
    """A function over the plane, drawn by its levels."""

    function: Callable[..., Any]
    levels: Sequence[float]
    _: KW_ONLY
    cell: Length = (7.0, 4.0)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.numbers("levels", self.levels, 0, (None,))

    @property
    def moves(self) -> bool:
        return len(inspect.signature(self.function).parameters) > 1

    def values(self, points: np.ndarray, update: float) -> np.ndarray:
        """Return the values (k,) at points (k, 2); infinite ones are cut to a million."""
        with np.errstate(all="ignore"):
            values = value_at((lambda at: self.function(points, at)) if self.moves else self.function(points), update)
        table = self.numbers("function(points)", lambda _: values, update, (len(points),))
        return np.asarray(np.nan_to_num(table, posinf=1e6, neginf=-1e6))


@dataclass(frozen=True)
class Bands(_Field):
    """Where a function over the plane is above each of several levels.

    Parameters
    ----------
    function : callable
        From points (k, 2) in data coordinates to values (k,); with a second parameter, the update, it moves.
    levels : sequence of float
        Rising; each covers the one before it.
    colors : sequence of str
        One per level.
    cell : Length
        Width of a cell of the grid at which the function is evaluated.
    """

    _: KW_ONLY
    colors: Sequence[str] = ()
    layer: float = 0.5

    dims: ClassVar[bool] = False

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.colors) != len(self.levels):
            raise self.error(f"colors must be one for each of {len(self.levels)} levels; got {len(self.colors)}")

    def draw(self, axes: Axes, style: Style) -> Show | None:
        grid = FieldGrid(axes, style.length(self.cell))
        bands = [
            PathPatch(_NOWHERE, facecolor=hue(style, color), linewidth=0, zorder=self.layer) for color in self.colors
        ]
        for band in bands:
            axes.add_patch(band)

        def show(update: float) -> None:
            values = self.values(grid.points, update)
            for band, level in zip(bands, self.levels, strict=True):
                band.set_path(grid.above(values, level))

        show(0)
        return show if self.moves else None


@dataclass(frozen=True)
class Isolines(_Field):
    """Curves along which a function over the plane has given values, such as a boundary.

    Parameters
    ----------
    function, levels, cell
        As for `Bands`.
    width : Length
        Of the curves.
    """

    _: KW_ONLY
    width: Length = LINE
    layer: float = 4.0

    def draw(self, axes: Axes, style: Style) -> Show | None:
        grid = FieldGrid(axes, style.length(self.cell))
        lines = LineCollection(
            [], colors=hue(style, self.color), linewidths=style.length(self.width), zorder=self.layer, capstyle="round"
        )
        axes.add_collection(lines, autolim=False)

        def show(update: float) -> None:
            values = self.values(grid.points, update)
            lines.set_segments([line for level in self.levels for line in grid.lines(values, level)])

        show(0)
        return show if self.moves else None


@dataclass(frozen=True)
class HeatMap(Mark):
    """A function over the plane in bands of the theme's surface colors, from its lowest value to its highest.

    Parameters
    ----------
    function : callable
        From points (k, 2) in data coordinates to values (k,).
    limits : pair of pairs, optional
        The window; that of the axes where not given.
    even : bool
        Whether the bands are equal in the value, instead of in the root of its height above the lowest.
    """

    function: Callable[[np.ndarray], np.ndarray]
    _: KW_ONLY
    limits: Limits | None = None
    even: bool = False
    layer: float = 1.0

    dims: ClassVar[bool] = False

    def draw(self, axes: Axes, style: Style) -> None:
        limits = self.limits or (axes.get_xlim(), axes.get_ylim())
        x, y, loss = loss_grid(self.function, limits)
        levels = band_levels(loss, even=self.even)
        colors = style.theme.surface_colors(len(levels))
        # From the highest to the lowest, each over the last, so that no seam shows between them.
        axes.axvspan(*limits[0], color=colors[-1], linewidth=0, zorder=self.layer - 1)
        axes.add_collection(PathCollection(
            regions_below(x, y, loss, levels[-2::-1].tolist()), facecolors=colors[-2::-1], edgecolors="none",
            linewidths=0, antialiaseds=True, zorder=self.layer,
        ), autolim=False)  # fmt: skip
        axes.set_xlim(*limits[0])
        axes.set_ylim(*limits[1])

    def extent(self, update: int) -> np.ndarray:
        return np.empty((0, 2)) if self.limits is None else np.array(self.limits).T


@dataclass(frozen=True)
class Image(Mark):
    """A picture, or a table of numbers as one.

    Parameters
    ----------
    pixels : array (height, width) or (height, width, 3), or function of the update
        Numbers in the theme's surface colors, or red, green and blue from 0 to 1; the first row is at the top.
    box : pair of pairs
        Where its left and right, bottom and top edges are.
    scale : pair of float
        The numbers that have the first and the last color.
    """

    pixels: Coordinates
    _: KW_ONLY
    box: Limits = ((0.0, 1.0), (0.0, 1.0))
    scale: tuple[float, float] = (0.0, 1.0)
    layer: float = 1.0

    dims: ClassVar[bool] = False

    def draw(self, axes: Axes, style: Style) -> Show | None:
        image = axes.imshow(
            self._colored(style, 0), extent=(*self.box[0], *self.box[1]), aspect="auto",
            interpolation="nearest", zorder=self.layer, origin="upper",
        )  # fmt: skip
        return (lambda update: image.set_data(self._colored(style, update))) if callable(self.pixels) else None

    def extent(self, update: int) -> np.ndarray:
        return np.array(self.box).T

    def _colored(self, style: Style, update: float) -> np.ndarray:
        given = value_at(self.pixels, update)
        shape = (None, None, 3) if np.ndim(given) == 3 else (None, None)
        pixels = self.numbers("pixels", lambda _: given, update, shape)
        if not pixels.size:
            raise self.error(f"pixels must not be empty at update {update:g}; got shape {pixels.shape}")
        if pixels.ndim == 3:
            if pixels.min() < 0 or pixels.max() > 1:
                worst = pixels.min() if pixels.min() < 0 else pixels.max()
                raise self.error(f"pixels must be from 0 to 1 at update {update:g}; got {worst:g}")
            return pixels
        low, high = self.numbers("scale", self.scale, 0, (2,))
        if low == high:
            raise self.error(f"scale must be two different numbers; got {low:g} twice")
        return np.asarray(style.theme.surface_ramp()((pixels - low) / (high - low))[..., :3])


def loss_grid(
    values: Callable[[np.ndarray], np.ndarray], limits: Limits, n: int = GRID
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return x (n,), y (n,) and the values (n, n) of a function of points (k, 2) over a window.

    The last few grids of functions that can be pickled, such as the losses of an objective, are kept. A value that is
    infinite is nan.

    Raises
    ------
    UsageError
        If the limits are none, the function does not return a number for each point, or none of them is finite.
    """
    check_limits(limits)
    content = _content(values)
    key = (content, n, tuple(map(float, (*limits[0], *limits[1]))))
    if content is not None and key in _grids:
        _grids.move_to_end(key)
        table = _grids[key].copy()
    else:
        table = on_grid(n, lambda n_points: _table(values, limits, n_points))
        if content is not None and len(table) == n:  # not the coarse one of a preview
            _grids[key] = table.copy()
            while len(_grids) > MAX_GRIDS:
                _grids.popitem(last=False)
    return np.linspace(*limits[0], len(table)), np.linspace(*limits[1], len(table)), table


def check_limits(limits: Any) -> None:
    """Raise a UsageError unless limits are two pairs of different finite numbers."""
    try:
        table = np.asarray(limits, dtype=float)
    except (TypeError, ValueError):
        table = np.empty(0)
    if table.shape != (2, 2) or not np.isfinite(table).all() or (table[:, 0] == table[:, 1]).any():
        raise UsageError(f"limits must be two pairs of different finite numbers, over x and y; got {limits!r}.")


def _table(values: Callable[[np.ndarray], np.ndarray], limits: Limits, n: int) -> np.ndarray:
    found = np.asarray(values(_mesh(limits, n)))
    if found.shape != (n * n,) or found.dtype.kind not in "biuf":
        got = f"shape {found.shape}" if found.dtype.kind in "biuf" else repr(found.flat[0] if found.size else found)
        raise UsageError(f"function(points) must be one number for each of {n * n} points; got {got}.")
    table = np.where(np.isfinite(found), found, np.nan).reshape(n, n)
    if np.isnan(table).all():
        raise UsageError(f"function(points) must be finite somewhere within the limits; got {found[0]}.")
    return table


def _mesh(limits: Limits, n: int) -> np.ndarray:
    axes = [np.linspace(*limit, n) for limit in limits]
    return np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)


_FIXED_MODULES = {"animate", "numpy", *sys.stdlib_module_names} - {"__main__"}
_grids: OrderedDict[Any, np.ndarray] = OrderedDict()
_regions: OrderedDict[Any, list[Outline]] = OrderedDict()


def _content(function: Callable[..., Any]) -> bytes | None:
    """Return bytes that are equal for functions of equal results, or None if there are none."""
    content = io.BytesIO()
    try:
        _FieldPickler(content).dump(function)
    except Exception:  # noqa: BLE001 - whatever a class raises that cannot be pickled
        return None
    return content.getvalue()


class _FieldPickler(pickle.Pickler):
    """Writes dataclasses by their fields, without what they have computed and kept."""

    def reducer_override(self, value: Any) -> Any:
        if isinstance(value, FunctionType | type) and value.__module__.partition(".")[0] not in _FIXED_MODULES:
            raise pickle.PicklingError("a function of a script may change while its name stays")
        if not is_dataclass(value) or isinstance(value, type):
            return NotImplemented
        return type(value), tuple(getattr(value, field.name) for field in fields(value))


def band_levels(loss: np.ndarray, n_bands: int = N_BANDS, *, even: bool = False) -> np.ndarray:
    """Return the upper edges of the bands, from the lowest: equally spaced in the root of the loss above its least."""
    low, high = float(np.nanmin(loss)), float(np.nanmax(loss))
    share = np.arange(1, n_bands + 1) / n_bands
    return low + (high - low) * (share if even else share**2)


def regions_below(x: np.ndarray, y: np.ndarray, loss: np.ndarray, levels: Sequence[float]) -> list[Outline]:
    """Return for each level the region in which the loss is below it.

    Uses the generator behind ``contourf``, in a fraction of its time: ``contourf`` makes an artist, a norm and a color
    map on every call. The last few regions are kept, as grids are.
    """
    key = (x.tobytes(), y.tobytes(), loss.tobytes(), tuple(levels))
    if key in _regions:
        _regions.move_to_end(key)
        return _regions[key]
    generator = contour_generator(x, y, np.ma.masked_invalid(loss), fill_type=FillType.OuterCode)
    low = float(np.nanmin(loss))
    floor = low - abs(low) - 1.0
    _regions[key] = [_joined(*generator.filled(floor, level)) for level in levels]
    while len(_regions) > MAX_GRIDS:
        _regions.popitem(last=False)
    return _regions[key]


def _joined(points: Sequence[np.ndarray], codes: Sequence[np.ndarray]) -> Outline:
    return Outline(
        np.concatenate([np.empty((0, 2)), *points]), np.concatenate([np.empty(0, Outline.code_type), *codes])
    )
