"""How the points of a class look in every panel, and where its name stands."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from animate.draw.style import Style

CLASS_MARKS = (("class_a", "x"), ("class_b", "o"), ("class_c", "^"))
"""Color role and marker of each class: they differ by both, and in the same way everywhere."""

_CORNERS = ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0))


def plot_class(
    axes: Axes, style: Style, x: np.ndarray, y: np.ndarray, *, index: int, share: float = 1.0, zorder: float = 5
) -> Line2D:
    """Return the points of class ``index``, their size a ``share`` of the usual one."""
    role, marker = CLASS_MARKS[index]
    color = style.theme.color(role)
    is_cross = marker == "x"
    (points,) = axes.plot(
        x, y, linestyle="none", marker=marker, markersize=share * style.marker_px, color=color, zorder=zorder,
        markeredgecolor=color if is_cross else style.theme.background,
        markeredgewidth=share**0.5 * (style.px(1.8, least=1.15) if is_cross else style.px(0.9, least=0.5)),
    )  # fmt: skip
    return points


def name_classes(
    axes: Axes,
    style: Style,
    points: np.ndarray,
    labels: np.ndarray,
    names: Sequence[str],
    *,
    avoid: np.ndarray | None = None,
) -> None:
    """Write each class's name in a corner that is its own: nearer to its points than to those of other classes.

    Of such corners each class gets the one that covers the fewest of all ``points`` (n, 2). Corners that hold points
    of ``avoid`` (k, 2), such as a boundary, are taken only where nothing else is left.
    """
    low, high = np.transpose([axes.get_xlim(), axes.get_ylim()])
    share = (points - low) / (high - low)
    barred = np.empty((0, 2)) if avoid is None else (avoid - low) / (high - low)
    size_px = max(0.9 * style.heading_px, style.label_px)
    centers = np.array([share[labels == index].mean(axis=0) for index in range(len(names))])
    away = np.linalg.norm(centers[:, None] - np.array(_CORNERS), axis=-1)
    costs = away + 100.0 * (away > away.min(axis=0))
    for index, name in enumerate(names):
        width = style.text_width(name, size_px, bold=True) / axes.bbox.width
        box = np.array([width, 1.3 * size_px / axes.bbox.height]) + 0.03
        for place, corner in enumerate(_CORNERS):
            costs[index, place] += (np.abs(share - corner) <= box).all(axis=1).sum()
            costs[index, place] += 30.0 * (np.abs(barred - corner) <= box).all(axis=1).any()
    chosen = min(permutations(range(4), len(names)), key=lambda places: costs[range(len(names)), places].sum())
    for index, (name, place) in enumerate(zip(names, chosen, strict=True)):
        x, y = _CORNERS[place]
        axes.text(
            0.02 + 0.96 * x, 0.02 + 0.96 * y, name, transform=axes.transAxes, ha="right" if x else "left",
            va="top" if y else "bottom", color=style.theme.color(CLASS_MARKS[index][0]), zorder=7,
            fontproperties=style.font(size_px, bold=True),
        )  # fmt: skip


def name_end(axes: Axes, style: Style, name: str, index: int, *, outside: bool) -> None:
    """Write a class's name at its end of an axis of probabilities: the first at the left of 0, the second right of 1.

    ``outside`` puts it beyond 0 or 1, where there is room for it; else it stands between them.
    """
    low, high = axes.get_ylim()
    above = outside == bool(index)
    lift = (0.6 if outside else 1.1) * style.label_px / axes.bbox.height
    text = axes.text(
        0.98 if index else 0.02, (index - low) / (high - low) + (lift if above else -lift), name,
        transform=axes.transAxes, ha="right" if index else "left", va="bottom" if above else "top", zorder=6,
        color=style.theme.color(CLASS_MARKS[index][0]),
        fontproperties=style.font(max(0.9 * style.heading_px, style.label_px), bold=True),
    )  # fmt: skip
    text.set_path_effects([withStroke(linewidth=style.px(4, least=2.5), foreground=style.theme.background)])


def ring(axes: Axes, style: Style, role: str = "wrong") -> Line2D:
    """Return rings around points that stand out: none of them yet."""
    (rings,) = axes.plot(
        [], [], linestyle="none", marker="o", markersize=style.px(16, least=9), markerfacecolor="none", zorder=6,
        markeredgecolor=style.theme.color(role), markeredgewidth=style.px(2.2, least=1.4),
    )  # fmt: skip
    return rings
