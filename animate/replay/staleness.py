"""The number of artists that changed since the last draw, by matplotlib's own `stale` flags.

The flags miss some changes, so they never decide about pixels. They only show, at almost no cost, whether so much
changed that a full draw is cheaper.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure, FigureBase

MANY_ARTISTS = 150
"""With fewer artists, detecting changes by replay costs too little to matter."""

LARGE_SHARE = 0.2
"""With many artists, a full draw is cheaper if a larger share of them changed."""


def count_stale(figure: Figure) -> tuple[int, int]:
    """Return the number of visible artists that changed since the last draw, and the number of all visible artists."""
    flags = [artist.stale for artist in visible_artists(figure)]
    return sum(flags), len(flags)


def visible_artists(container: Any) -> Iterator[Any]:
    """Yield the visible artists of a figure and its axes, other than axes and figures themselves."""
    for artist in container.get_children():
        if isinstance(artist, Axes | FigureBase):
            yield from visible_artists(artist)
        elif artist.get_visible():
            yield artist


def axes_in_draw_order(container: Any) -> Iterator[Axes]:
    """Yield the visible axes of a figure in the order in which they are drawn.

    A figure leaves out those marked animated; axes draw theirs while a figure is saved. Axis objects are left alone:
    their ticks depend on limits, and reading limits applies pending autoscaling.
    """
    children = [child for child in container.get_children() if isinstance(child, Axes | FigureBase)]
    for child in sorted(children, key=lambda child: child.zorder):
        is_left_out = child.get_animated() and isinstance(container, FigureBase)
        if child.get_visible() and not is_left_out:
            if isinstance(child, Axes):
                yield child
            yield from axes_in_draw_order(child)


def axes_in_scaling_order(figure: Figure) -> list[Axes]:
    """Return axes of a figure in the order in which a draw applies their pending autoscaling.

    A figure adjusts all axes with a fixed aspect, those that are not drawn too, before it draws the first one.
    """
    return [*(ax for ax in figure.axes if ax.get_aspect() != "auto"), *axes_in_draw_order(figure)]
