"""Places for labels: the free corner, the ends of curves, the free side of a point."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from matplotlib.axes import Axes

from animate.draw.free_space import MOMENTS, by_weight, n_crossing, n_inside
from animate.draw.marks import Mark, Text
from animate.draw.style import ResponsiveText, Style

LINE_HEIGHT = 1.35
CORNERS = ((0.0, 1.0), (1.0, 1.0), (0.0, 0.0), (1.0, 0.0), (0.5, 1.0), (0.5, 0.0))
"""Where words stand in axes, as shares of width and height: the corners, and between two of them."""
ALIGNMENT = {0.0: "left", 0.5: "center", 1.0: "right"}


def free_corner(
    axes: Axes,
    points: np.ndarray,
    width_px: float,
    height_px: float,
    *,
    lines: Sequence[tuple[int, np.ndarray]] = (),
    corners: Sequence[tuple[float, float]] = CORNERS,
) -> tuple[float, float]:
    """Return the corner of the axes, as shares of width and height, that has most room for a box of that size.

    Parameters
    ----------
    axes : Axes
        Limits already set.
    points : array (k, 2)
        In data coordinates; they stay throughout the run.
    width_px, height_px : float
        Size of what is to stand in the corner.
    lines : sequence of int and array (n, 2)
        Each with a weight, such as `over_the_run` returns; a point weighs as much as a line at all moments.
    corners : sequence of pairs
        Those to choose from, the most wanted first.
    """
    always = sum(MOMENTS)
    places = axes.transData.transform(points[np.isfinite(points).all(axis=1)])
    with np.errstate(all="ignore"):
        drawn = by_weight(
            [(n, axes.transData.transform(line.reshape(-1, 2)).reshape(line.shape)) for n, line in lines]
        )
    size = np.array([width_px, height_px])

    def covered(corner: tuple[float, float]) -> int:
        at = axes.transAxes.transform(corner)
        low, high = at - size * corner, at + size * (1 - np.array(corner))
        return always * n_inside(places, low, high) + sum(n * n_crossing(line, low, high) for n, line in drawn)

    return min(corners, key=covered)


def corner_texts(
    axes: Axes,
    style: Style,
    points: np.ndarray,
    texts: Sequence[str | Callable[[int], str]],
    roles: Sequence[str],
    *,
    lines: Sequence[tuple[int, np.ndarray]] = (),
    widest: str = "",
) -> Iterator[Mark]:
    """Return one text per line, stacked from top to bottom in the corner that has most room.

    ``points`` and ``lines`` are those of `free_corner`; ``widest`` is a text as wide as any that a function of the
    update will return.
    """
    line_px = LINE_HEIGHT * style.label_px
    inset = style.px(10, least=4)
    known = [style.pick(text) for text in texts if isinstance(text, str)]
    width = max(style.text_width(text, style.label_px) for text in (*known, widest)) + inset
    right, top = free_corner(axes, points, width + inset, len(texts) * line_px + inset, lines=lines)
    for row, (text, role) in enumerate(zip(texts, roles, strict=True)):
        lines_from_edge = row if top else len(texts) - 1 - row
        down = lines_from_edge * line_px + (0.0 if top else 0.8 * inset)
        yield Text(
            text, (_inset(axes, right, inset), top - (2 * top - 1) * down / axes.bbox.height), coords="axes",
            align=ALIGNMENT[right], valign="top" if top else "bottom", color=role, halo="background",
        )  # fmt: skip


def _inset(axes: Axes, right: float, inset_px: float) -> float:
    return float(right + (1 - 2 * right) * inset_px / axes.bbox.width)


def end_heights(wanted: Sequence[float], axes: Axes, gap_px: float) -> np.ndarray:
    """Return heights in data coordinates near the wanted ones, ``gap_px`` from each other and inside the axes.

    Heights that are not finite are taken as the middle of the axes.
    """
    low, high = sorted(axes.get_ylim())
    gap = gap_px * (high - low) / axes.bbox.height
    heights: np.ndarray = np.nan_to_num(np.asarray(wanted, dtype=float), nan=(low + high) / 2, posinf=high, neginf=low)
    order = np.argsort(heights, kind="stable")  # of what was wanted, so that it is kept where all are cut off alike
    rising = spread(np.clip(heights[order], low + gap / 2, high - gap / 2), gap)
    heights[order] = kept_inside(rising, gap, (low, high))
    return heights


def names_alike(style: Style, names: Sequence[ResponsiveText], width_px: float, *, bold: bool = False) -> list[str]:
    """Return the names in the longest form that fits for all of them, so that they are alike."""
    forms = [style.alternatives(name) for name in names]
    chosen: list[str] = []
    for form in range(max((len(name) for name in forms), default=0)):
        chosen = [name[min(form, len(name) - 1)] for name in forms]
        if max(style.text_width(name, style.label_px, bold=bold) for name in chosen) <= width_px:
            break
    return chosen


def spread(heights: np.ndarray, gap: float) -> np.ndarray:
    """Return the heights moved apart, as little as is needed, until neighbors are ``gap`` from each other.

    >>> spread(np.array([1.0, 1.5, 5.0]), 1.0).tolist()
    [0.75, 1.75, 5.0]
    """
    order = np.argsort(heights, kind="stable")
    groups = [[float(heights[index])] for index in order]
    centers = [group[0] for group in groups]
    while True:
        for left in range(len(groups) - 1):
            reach = gap * (len(groups[left]) + len(groups[left + 1])) / 2
            if centers[left + 1] - centers[left] < reach - 1e-12:
                groups[left] += groups.pop(left + 1)
                centers.pop(left + 1)
                centers[left] = float(np.mean(groups[left]))
                break
        else:
            break
    moved = [
        center + gap * (place - (len(group) - 1) / 2)
        for center, group in zip(centers, groups, strict=True)
        for place in range(len(group))
    ]
    result = np.empty(len(heights))
    result[order] = moved
    return result


def kept_inside(heights: np.ndarray, gap: float, limits: tuple[float, float]) -> np.ndarray:
    """Return heights that are ``gap`` apart, moved into the limits as far as they are out of them, half a gap inside.

    >>> kept_inside(np.array([0.0, 1.0, 6.0]), 1.0, (0.0, 5.0)).tolist()
    [0.5, 1.5, 4.5]
    """
    low, high = limits
    order = np.argsort(heights, kind="stable")
    steps = gap * np.arange(len(heights))
    moved: np.ndarray = np.array(heights, dtype=float)
    moved[order] = np.maximum(np.minimum(moved[order], high - gap / 2 - steps[::-1]), low + gap / 2 + steps)
    return moved
