"""The number of artists that changed since the last draw, by matplotlib's own `stale` flags and a sample of attributes.

Both miss some changes, so they never decide about pixels. They only show, at almost no cost, whether so much changed
that a full draw is cheaper.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure, FigureBase
from matplotlib.text import Text

from animate.replay.axes_placement import locator_position

MANY_ARTISTS = 150
"""With fewer artists, visible or not, detecting changes by replay costs too little to matter."""

LARGE_SHARE = 0.2
"""With many artists, a full draw is cheaper if more than this share of the visible ones changed."""

FEW_CHANGES = 30
"""Replay of so few changed artists costs too little to matter."""

SAMPLE_SIZE = 50
"""Number of artists whose attributes are compared."""


class ChangeEstimate:
    """Estimates whether so much of a figure with many artists changes that a full draw is cheaper than replay.

    Parameters
    ----------
    figure : Figure
    """

    def __init__(self, figure: Figure) -> None:
        self._figure = figure
        self._is_drawn = False
        self._sample: list[tuple[dict[str, Any], dict[str, Any]]] = []

    def note_drawn(self) -> None:
        """Keep the attributes of some artists after a draw, since drawing changes attributes as well."""
        artists, self._is_drawn = _counted(self._figure), True
        sample = artists[:: len(artists) // SAMPLE_SIZE + 1] if len(artists) > FEW_CHANGES else []
        self._sample = [(vars(artist), dict(vars(artist))) for artist in sample]

    def favors_full_draw(self) -> bool:
        """Return whether a figure with many artists was not drawn yet, or changed much since the last draw."""
        if not has_many_artists(self._figure):
            return False
        if not self._is_drawn:
            return True
        artists = _counted(self._figure)
        n_changed = max([artist.stale for artist in artists].count(True), self._share_of_sample() * len(artists))
        return n_changed > max(FEW_CHANGES, LARGE_SHARE * len(artists))

    def _share_of_sample(self) -> float:
        """Return the share of the sampled artists with an attribute that has another value, such as ``xy``."""
        n_changed = sum(any(now.get(name) is not old for name, old in then.items()) for now, then in self._sample)
        return n_changed / max(1, len(self._sample))


def _counted(figure: Figure) -> list[Any]:
    """Return the visible artists but plain texts: replay keeps their glyphs and draws even changed ones faster."""
    return [artist for artist in artists_of(figure) if artist.get_visible() and type(artist) is not Text]


def has_many_artists(figure: Figure) -> bool:
    """Return whether a figure has so many artists, other than plain texts, that detecting changes takes long."""
    return sum(type(artist) is not Text for artist in artists_of(figure)) > MANY_ARTISTS


def artists_of(container: Any) -> Iterator[Any]:
    """Yield the artists of a figure and its axes, other than axes and figures themselves."""
    for artist in container.get_children():
        if isinstance(artist, Axes | FigureBase):
            yield from artists_of(artist)
        else:
            yield artist


def visible_artists(container: Any) -> Iterator[Any]:
    """Yield the visible ones of these artists."""
    return (artist for artist in artists_of(container) if artist.get_visible())


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


def is_secondary_axis(artist: Any) -> bool:
    """Return whether an artist is a secondary axis, whose class has no public name: its draw sets its own limits."""
    return any(cls.__name__ == "SecondaryAxis" for cls in type(artist).__mro__)


def apply_pending_scaling(figure: Figure) -> None:
    """Set the limits of axes that wait for autoscaling, as a draw does; functions that listen may change artists."""
    renderer = getattr(figure.canvas, "renderer", None)
    if renderer and any(any(axes._stale_viewlims.values()) for axes in figure.axes):  # type: ignore[attr-defined]
        _ask_locators(figure, renderer)
    for axes in axes_in_scaling_order(figure):
        _ = axes.viewLim  # reading the property does it


def _ask_locators(figure: Figure, renderer: Any) -> None:
    """Let locators read the limits of other axes, as they do before a figure draws the first one.

    Axes that share limits scale themselves by the margins of the one whose limits are read first.
    """
    for axes in figure.axes:
        family: list[Any] = [axes, *axes.child_axes]
        for one in family:
            if one._axes_locator is not None:
                locator_position(one, renderer)
            elif one.get_aspect() != "auto":
                _ = one.viewLim


def place_as_a_draw(figure: Figure) -> None:
    """Set limits as a draw does without drawing; limits that follow an aspect may come to rest with the second draw."""
    apply_pending_scaling(figure)
    for axes in (*figure.axes, *axes_in_draw_order(figure)):  # all before the first is drawn, then each as it is drawn
        if axes.get_aspect() != "auto" and axes.get_adjustable() == "datalim" and axes.get_axes_locator() is None:
            axes.apply_aspect()


def axes_in_scaling_order(figure: Figure) -> list[Axes]:
    """Return axes of a figure in the order in which a draw applies their pending autoscaling."""
    return [*_axes_adjusted_first(figure), *axes_in_draw_order(figure)]


def _axes_adjusted_first(figure: Figure) -> Iterator[Axes]:
    """Yield the axes of which a figure reads the limits before it draws the first one, visible or not.

    It adjusts all with a fixed aspect, and sets the limits of secondary axes by those of their parents.
    """
    for ax in figure.axes:
        family: list[Any] = [ax, *ax.child_axes]
        for one in family:
            if is_secondary_axis(one):
                yield ax
            elif one.get_aspect() != "auto":
                yield one
