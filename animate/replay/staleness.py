"""How many of a figure's artists changed since the last draw, by matplotlib's own `stale` flags.

The flags miss some changes, so they decide nothing about pixels; they only say at almost no cost whether so much
changed that a full draw is the cheaper way.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure, FigureBase

MANY_ARTISTS = 150
"""Below this number, finding out by replay what changes costs too little to matter."""

LARGE_SHARE = 0.2
"""Of many artists, the changed share above which drawing them one by one costs more than a full draw."""


def count_stale(figure: Figure) -> tuple[int, int]:
    """Return how many visible artists changed since the last draw, and how many there are."""
    flags = [artist.stale for artist in visible_artists(figure)]
    return sum(flags), len(flags)


def visible_artists(container: Any) -> Iterator[Any]:
    """Yield the visible children of a figure and of its axes that are neither."""
    for artist in container.get_children():
        if isinstance(artist, Axes | FigureBase):
            yield from visible_artists(artist)
        elif artist.get_visible():
            yield artist
