"""Places for labels on the lines that they name, where there is no room for them at the right ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from matplotlib.axes import Axes

MOST_BESIDE = 0.3
"""Share of the width of axes from which on labels stand on their lines instead of beside the ends of those."""
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
    bands = [_band(axes, line) for line in lines]
    untouched = [_band(axes, line) for line in others]
    options = [
        list(_options(axes, size, band, [*bands[:at], *bands[at + 1 :]], untouched, gap_px))
        for at, (size, band) in enumerate(zip(sizes, bands, strict=True))
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
    axes: Axes,
    size: np.ndarray,
    band: np.ndarray,
    foreign: Sequence[np.ndarray],
    untouched: Sequence[np.ndarray],
    gap_px: float,
) -> Iterator[tuple[float, np.ndarray]]:
    """Yield the places of one label that touch nothing, each with its cost."""
    width = int(np.ceil(size[0])) + 1
    last = min(int(np.flatnonzero(np.isfinite(band[0])).max(initial=0)), band.shape[1] - 1)
    for start in np.unique(np.linspace(0, last - width, _STEPS).astype(int))[::-1] if last > width else ():
        under = slice(max(start - int(_NARROWER * width), 0), start + width)
        if np.isnan(band[0, under]).all():
            continue
        crossed = np.concatenate([other[:, under] for other in untouched], axis=1) if untouched else band[:, :0]
        for low in (np.nanmax(band[1, under]) + gap_px, np.nanmin(band[0, under]) - gap_px - size[1]):
            low = _beyond(crossed, low, size[1], gap_px / 2, upward=low > np.nanmax(band[1, under]))
            high = low + size[1]
            if low < axes.bbox.y0 + 1 or high > axes.bbox.y1:
                continue
            if any(_distance(other[:, under], low, high) < _NEARER * gap_px for other in foreign):
                continue
            away = np.nanmean(np.maximum(np.maximum(low - band[1, under], band[0, under] - high), 0.0))
            cost = float(away / size[1] + (last - width - start) / band.shape[1])
            yield cost, np.array([axes.bbox.x0 + start, low])


def _beyond(band: np.ndarray, low: float, height: float, gap_px: float, *, upward: bool) -> float:
    """Return the foot of a strip, moved up or down past the lines that cross it."""
    met = band[:, (band[0] < low + height + gap_px) & (band[1] > low - gap_px)]
    if not met.size:
        return low
    return float(met[1].max() + gap_px if upward else met[0].min() - gap_px - height)


def _distance(band: np.ndarray, low: float, high: float) -> float:
    """Return the least distance in pixels of a line from a strip between two heights."""
    away = np.maximum(np.maximum(low - band[1], band[0] - high), 0.0)
    return float(np.nanmin(away)) if np.isfinite(away).any() else np.inf


def place_of_key(axes: Axes, size: np.ndarray, lines: Sequence[np.ndarray], gap_px: float) -> np.ndarray | None:
    """Return the lower left corner in pixels of a box that touches no line, at the far right, or None."""
    bands = [_band(axes, line) for line in lines]
    width = int(np.ceil(size[0]))
    for start in np.arange(int(axes.bbox.width) - width, int(axes.bbox.width / 3), -4):
        band = np.concatenate([band[:, start : start + width] for band in bands], axis=1)
        for low in np.linspace(axes.bbox.y1 - size[1], axes.bbox.y0 + gap_px, 16):
            if low > axes.bbox.y0 and _distance(band, low, low + size[1]) > gap_px:
                return np.array([axes.bbox.x0 + start, low])
    return None
