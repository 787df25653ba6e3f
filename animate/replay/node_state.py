"""The state of one child of a figure or an axes, which decides whether the child is redrawn."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import FigureBase
from matplotlib.legend import Legend

from animate.replay.artist_state import ArtistState
from animate.replay.axes_placement import locator_position
from animate.replay.draw_tree import ContainerNode
from animate.replay.value_snapshot import ValueSnapshot, counts_only_where_visible, plain_values


def state_of(
    artist: Any, container: ContainerNode, containers: Collection[ContainerNode], renderer: Any
) -> ArtistState:
    """Return the current state of an artist, opaque if it reaches a figure or axes outside *containers*.

    Parameters
    ----------
    artist : Artist
        The artist.
    container : ContainerNode
        The figure or axes that draws it.
    containers : collection of ContainerNode
        All figures and axes that are compared separately.
    renderer : RendererAgg
        The renderer to measure with.
    """
    probes: list[Callable[[], Any]] = []
    enter: set[int] = set()
    if isinstance(artist, Legend) and getattr(artist, "_loc_real", 0) == 0:  # loc="best"
        box: Any = artist._legend_box  # type: ignore[attr-defined]
        size = box.get_bbox(renderer)  # changes only with the legend itself, which is compared before the probes
        probes.append(lambda: artist.get_visible() and box.get_offset(size, renderer))
    if isinstance(artist, Axes):
        probes.append(lambda: locator_position(artist, renderer))
    if isinstance(artist, Axes | FigureBase):
        enter = {id(artist), *(id(child) for child in artist.findobj(lambda a: isinstance(a, Axes | FigureBase)))}
    skip = container.layout_artists - {id(artist)} if id(artist) in container.layout_artists else ()
    use_stale_flag = artist is not container.artist.patch  # `savefig` sets its color for every frame
    only_visibility = not skip and counts_only_where_visible(artist)
    options: dict[str, Any] = {"use_stale_flag": use_stale_flag, "only_visibility": only_visibility}
    state = ArtistState(artist, skip=skip, enter=enter, probes=probes, **options)
    if artist.axes is not None and artist.axes is not artist:
        state.containers[id(artist.axes)] = artist.axes
    state.opaque = state.opaque or not state.containers.keys() <= {id(one.artist) for one in containers}
    return state


def values_of(artist: Any, containers: Collection[ContainerNode]) -> ValueSnapshot | None:
    """Return the current values of an artist; None if they cannot be copied or reach beyond *containers*."""
    if (values := plain_values(artist)) is None:
        return None
    snapshot = ValueSnapshot(artist, values)
    return snapshot if snapshot.containers.keys() <= {id(one.artist) for one in containers} else None
