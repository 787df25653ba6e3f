"""Places for labels on the lines that they name, where there is no room for them at the right ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes

from animate.draw.free_space import n_inside

MOST_BESIDE = 0.3
"""Share of the width of axes from which on labels stand on their lines instead of beside the ends of those."""
MOST_ABOVE = 0.4
"""Share of the height of axes that may be kept free above all lines for a key."""
_NO_POINTS = np.empty((0, 2))
_ROW = 1.3
"""Height of a row of a key in font sizes."""
_STEPS = 32
"""Places along a line that are tried."""
_NARROWER = 0.1
"""Share by which a label may take more of the axes in the end: they narrow when the room for their ticks is known."""
_NEARER = 1.5
"""How many times as far another line must be from a label as its own."""


def places_on_lines(
    axes: Axes, sizes: np.ndarray, lines: Sequence[np.ndarray], others: Sequence[np.ndarray], gap_px: float
) -> np.ndarray | None:
    """Return the lower right corner of each label, right above or below its line, or None if one has no place.

    A place touches no line and no other label, and no line of another label is as near. Flat parts of a line near its
    right end are preferred.

    Parameters
    ----------
    axes : Axes
        Limits already set.
    sizes : array (n, 2)
        Width and height of each label in pixels.
    lines : sequence of array (k, 2)
        The line of each label, in data coordinates, x rising.
    others : sequence of array (k, 2)
        What no label may touch, but any may be near.
    gap_px : float
        Distance of a label from its line.

    Returns
    -------
    array (n, 2) or None
        In pixels of the figure.
    """
    bands, untouched = line_bands(axes, lines), line_bands(axes, others)
    options = [
        list(_options(axes, size, bands[:, at], np.delete(bands, at, axis=1), untouched, gap_px))
        for at, size in enumerate(sizes)
    ]
    corners = np.full((len(sizes), 2), np.inf)  # one at infinity meets nothing
    reach = sizes * (1.0 + _NARROWER, 1.0) + (2.0 * gap_px, 0.5 * gap_px)
    for at in sorted(range(len(sizes)), key=lambda at: len(options[at])):
        free = [
            (cost, low)
            for cost, low in options[at]
            if not ((low < corners + reach) & (corners < low + reach[at])).all(axis=1).any()
        ]
        if not free:
            return None
        corners[at] = min(free, key=lambda option: option[0])[1]
    return corners + sizes * (1.0, 0.0)


def line_bands(axes: Axes, lines: Sequence[np.ndarray]) -> np.ndarray:
    """Return the lowest and the highest pixel (2, n_lines, width) of each line in each column of the axes."""
    none = np.empty((2, 0, int(axes.bbox.width) + 1))
    return np.concatenate([none, *(_band(axes, line)[:, None] for line in lines)], axis=1)


def _band(axes: Axes, line: np.ndarray) -> np.ndarray:
    """Return the lowest and the highest pixel (2, width) of a line in each column of the axes, nan where it is not."""
    with np.errstate(all="ignore"):
        drawn = axes.transData.transform(np.asarray(line, dtype=float))
    drawn = drawn[np.isfinite(drawn).all(axis=1)]
    band: np.ndarray = np.full((2, int(axes.bbox.width) + 1), np.nan)
    if not len(drawn):
        return band
    x, y = drawn[:, 0] - axes.bbox.x0, np.clip(drawn[:, 1], axes.bbox.y0 - 1e4, axes.bbox.y1 + 1e4)
    columns = np.arange(band.shape[1])
    heights = np.interp(columns, x, y, left=np.nan, right=np.nan)
    after = np.append(heights[1:], heights[-1:])
    band[0], band[1] = np.fmin(heights, after), np.fmax(heights, after)
    inside = (x >= 0) & (x < band.shape[1])
    np.fmin.at(band[0], x[inside].astype(int), y[inside])
    np.fmax.at(band[1], x[inside].astype(int), y[inside])
    return band


def _options(
    axes: Axes, size: np.ndarray, band: np.ndarray, foreign: np.ndarray, untouched: np.ndarray, gap_px: float
) -> Iterator[tuple[float, np.ndarray]]:
    """Yield the places of one label that touch nothing, each with its cost."""
    width = int(np.ceil(size[0])) + 1
    last = min(int(np.flatnonzero(np.isfinite(band[0])).max(initial=0)), band.shape[1] - 1)
    first = int(1.2 * _NARROWER * width) + 3  # where it keeps off the ticks of axes that become narrower
    for start in np.unique(np.linspace(first, last - width, _STEPS).astype(int))[::-1] if last > width + first else ():
        under = slice(max(start - int(_NARROWER * width), 0), start + width)
        bottom, top = band[:, under][:, np.isfinite(band[0, under])]
        if not bottom.size:
            continue
        lowest, highest = bottom.min(), top.max()
        for low in (highest + gap_px, lowest - gap_px - size[1]):
            low = _beyond(untouched[:, :, under], low, size[1], gap_px / 2, upward=low > highest)
            high = low + size[1]
            if low < axes.bbox.y0 + 1 or high > axes.bbox.y1:
                continue
            if _distance(foreign[:, :, under], low, high) < _NEARER * gap_px:
                continue
            away = np.maximum(np.maximum(low - top, bottom - high), 0.0).mean()
            cost = float(away / size[1] + (last - width - start) / band.shape[1])
            yield cost, np.array([axes.bbox.x0 + start, low])


def _beyond(bands: np.ndarray, low: float, height: float, gap_px: float, *, upward: bool) -> float:
    """Return the foot of a strip, moved up or down past the lines that cross it."""
    met = bands[:, (bands[0] < low + height + gap_px) & (bands[1] > low - gap_px)]
    if not met.size:
        return low
    return float(met[1].max() + gap_px if upward else met[0].min() - gap_px - height)


def _distance(bands: np.ndarray, low: float, high: float) -> float:
    """Return the least distance in pixels of lines from a strip between two heights; inf if there is none."""
    away = np.fmin.reduce(np.maximum(low - bands[1], bands[0] - high), axis=None, initial=np.inf)
    return max(float(away), 0.0)


def place_key(
    axes: Axes,
    sizes: np.ndarray,
    lines: Sequence[np.ndarray],
    label_px: float,
    keep_free: Callable[[float], None],
    points: np.ndarray = _NO_POINTS,
    most: float = MOST_ABOVE,
) -> np.ndarray | None:
    """Return the lower left corners in pixels of the entries of a key, in rows, where no line is, or None.

    Parameters
    ----------
    axes : Axes
        Limits already set.
    sizes : array (n, 2)
        Width and height of each entry in pixels, in reading order.
    lines : sequence of array (k, 2)
        What the key may not touch, in data coordinates, x rising.
    label_px : float
        Font size of the entries.
    keep_free : callable
        Sets limits that leave a share of the height free above all lines: where there is no other place for the key.
    points : array (k, 2)
        What the key may not cover either, in data coordinates.
    most : float
        The largest share that may be kept free.
    """
    grids = [grid for grid in _grids(sizes * (1.0 + _NARROWER / 4, 1.0), label_px) if grid.width < axes.bbox.width - 2]
    whole = min(((grid.height + 0.5 * label_px) / axes.bbox.height for grid in grids), default=np.inf)
    for share in np.linspace(0.0, min(whole, most), 4):
        if share:
            keep_free(float(share))
        bands = line_bands(axes, lines)
        for grid in grids:
            corner = place_of_key(axes, np.array([grid.width, grid.height]), bands, 0.25 * label_px, points)
            if corner is not None:
                return np.asarray(corner + grid.corners)
    return None


def rigid_places(axes: Axes, corners: np.ndarray) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Return for each entry of a key its place in axes and its shift in pixels: axes that narrow move them as one."""
    first = corners.min(axis=0)
    x, y = axes.transAxes.inverted().transform(first)
    return [((float(x), float(y)), (float(right), float(up))) for right, up in corners - first]


class _Grid(NamedTuple):
    """Entries of a key in rows and columns: its size, and where each begins, from its lower left corner."""

    width: float
    height: float
    corners: np.ndarray


def _grids(sizes: np.ndarray, label_px: float) -> Iterator[_Grid]:
    """Yield the entries in one column, in two, and so on up to one row."""
    n, gap = len(sizes), 0.6 * label_px
    for n_columns in range(1, n + 1):
        places, n_rows = np.arange(n), -(-n // n_columns)
        widths = np.array([sizes[column::n_columns, 0].max() for column in range(n_columns)]) + gap
        left = np.concatenate([[0.0], np.cumsum(widths)])
        corners = np.stack([left[places % n_columns], (n_rows - 1 - places // n_columns) * _ROW * label_px], axis=-1)
        yield _Grid(float(left[-1] - gap), n_rows * _ROW * label_px, corners)


def place_of_key(
    axes: Axes, size: np.ndarray, bands: np.ndarray, gap_px: float, points: np.ndarray = _NO_POINTS
) -> np.ndarray | None:
    """Return the lower left corner in pixels of a box that touches no line and no point, at the far right, or None.

    The lines are those of the bands (2, n_lines, width).
    """
    dots = axes.transData.transform(points)
    width = int(np.ceil(size[0]))
    bottoms = np.linspace(axes.bbox.y1 - size[1], axes.bbox.y0 + gap_px, 16)
    bottoms = bottoms[bottoms > axes.bbox.y0]
    for start in np.arange(int(axes.bbox.width) - width, 2 * gap_px, -4).astype(int):
        low_high = bands[:, :, start : start + width].reshape(2, 1, -1)
        away = np.maximum(bottoms[:, None] - low_high[1], low_high[0] - (bottoms[:, None] + size[1]))
        is_free = np.fmin.reduce(away, axis=1, initial=np.inf) > gap_px
        for bottom in bottoms[is_free]:
            low = np.array([axes.bbox.x0 + start, bottom])
            if not n_inside(dots, low - 2 * gap_px, low + size + 2 * gap_px):
                return low
    return None
