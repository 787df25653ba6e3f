"""A figure as a tree: containers that order their children, and draw nodes."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure, FigureBase, SubFigure
from matplotlib.projections.polar import PolarAxes
from matplotlib.spines import Spine
from matplotlib.text import Text

from animate.replay.artist_state import DATA_LIMITS, NOISE, ArtistState, is_known
from animate.replay.axes_placement import locator_position
from animate.replay.call_recorder import CannotReplay, RecordingRenderer
from animate.replay.change_detector import ChangeDetector
from animate.replay.drawing import BLANK, Drawing
from animate.replay.redraw_stability import are_same, draw_alike, is_stable_class, parts_called
from animate.replay.staleness import is_secondary_axis

_CHILD_LISTS = frozenset(
    {"_children", "child_axes", "legend_", "artists", "lines", "patches", "texts", "images", "legends"}
)


class DrawNode:
    """One artist and its drawing, or, without an artist, what a container drew by itself.

    Parameters
    ----------
    artist : Artist or None
        The artist.
    container : ContainerNode
        The figure or axes that draws it.
    detector : ChangeDetector
        Detects whether the artist must be redrawn.
    """

    def __init__(self, artist: Artist | None, container: ContainerNode, detector: ChangeDetector) -> None:
        self.artist, self.container, self.detector = artist, container, detector
        self.artist_class = type(artist)
        self.drawing: Drawing = BLANK
        self.drawings: dict[int, Drawing] = {}
        """The drawings at each step of the layout cycle."""
        self.is_drawn = False
        self.cached_results: dict[Any, Any] = {}
        """Results of measurements by other artists, by method and arguments; valid until the next redraw."""
        self.was_measured = False
        """Whether a result was computed in this update, which may have changed the artist."""
        self.is_repeated = False
        """Whether it occurs more than once among the children of its container."""
        self.is_stable = artist is None or (is_stable_class(type(artist)) and "draw" not in vars(artist))
        """Whether matplotlib's own code in it certainly makes the same calls in a second draw as in the first."""
        self.was_scaled = False
        """Whether it is a field of arrows that had its scale before the last draw."""
        self.reads_others = False
        """Whether it read what the draws of others leave when it was last drawn."""
        self.repeatable_parts: list[Any] = []
        """The code from outside matplotlib with which two draws were alike."""
        self.can_settle = not self.is_stable
        """Whether no first draw is known that changed what a second one reads."""

    def is_repeatable(self) -> bool:
        """Return whether a second draw certainly gives the same calls as the first."""
        return (self.is_stable or self.was_scaled) and not self.reads_others and self.is_proven()

    def is_proven(self) -> bool:
        """Return whether two draws with its present code from outside matplotlib were alike."""
        return are_same(parts_called(self.artist), self.repeatable_parts)

    def note_second_draw(self, first: Drawing) -> bool:
        """Compare the drawing with the one before it and return whether they are alike."""
        parts = parts_called(self.artist)
        if is_alike := draw_alike(first, self.drawing):
            self.repeatable_parts = parts
        elif parts:
            self.detector.stop()  # to ask for a state could call the unknown code once more
        return is_alike

    def repeat(self) -> None:
        """Note another occurrence; its further drawings count as those of the container itself."""
        self.is_repeated = True


class ContainerNode:
    """A figure, subfigure or axes, and its parts in drawing order.

    Parameters
    ----------
    artist : Figure, SubFigure or Axes
        The container.
    parent : ContainerNode or None
        The container it lies in; None for the figure.
    recorder : RecordingRenderer
        The renderer on which it draws.
    wait : int
        Number of frames before its first state is taken.
    """

    def __init__(self, artist: Any, parent: ContainerNode | None, recorder: RecordingRenderer, wait: int) -> None:
        self.artist, self.parent, self.artist_class = artist, parent, type(artist)
        self._recorder = recorder
        self.detector = ChangeDetector(self._take_state, wait)
        self.parts: list[DrawNode | ContainerNode] = []
        self.children: dict[int, DrawNode | ContainerNode] = {}
        self.is_drawn = True
        self.layout_artists: set[int] = set()
        """The identities of the x and y axes, spines and titles, whose positions depend on each other."""
        self._order: list[Any] = []
        self._own_nodes: list[DrawNode] = []

    def repeat(self) -> None:
        """Refuse a container that occurs twice.

        Raises
        ------
        CannotReplay
            Always.
        """
        raise CannotReplay(f"{type(self.artist).__name__} stands more than once among the children of one artist")

    def _take_state(self) -> ArtistState:
        noise = NOISE | _CHILD_LISTS
        if isinstance(self.artist, Axes):
            probes = [lambda: locator_position(self.artist, self._recorder)]
            if self.artist.get_aspect() != "auto":
                noise -= DATA_LIMITS
        else:
            probes = [self._aligned]
        names = [name for name in vars(self.artist) if name not in noise]
        return ArtistState(self.artist, names=names, artists=False, probes=probes)

    def _aligned(self) -> Any:
        groupers = getattr(self.artist, "_align_label_groups", {}).values()
        return [list(map(id, together)) for grouper in groupers for together in grouper]

    def order(self) -> list[Any]:
        """Return the children, followed by the values that determine their order."""
        children = self.artist.get_children()
        return [*children, *[(child.zorder, child.get_animated(), type(child)) for child in children]]

    def order_changed(self) -> bool:
        """Return whether children were added, removed or reordered since `keep_order`."""
        return self.order() != self._order

    def keep_order(self) -> None:
        """Note the current children, their order, and which of them were drawn."""
        drawn = set(self.parts)
        self._own_nodes = [child for child in self.children.values() if isinstance(child, DrawNode)]
        for part in self.children.values():
            part.is_drawn = part in drawn
        self._order = self.order()
        self.layout_artists = set()
        if isinstance(self.artist, Axes):
            titles = (vars(self.artist).get(name) for name in ("title", "_left_title", "_right_title"))
            axis_artists = (child.artist for child in self.children.values() if isinstance(child.artist, Axis | Spine))
            self.layout_artists = {*map(id, titles), *map(id, axis_artists)}

    def ancestors(self) -> Iterator[ContainerNode]:
        """Yield the containers it lies in, inner ones first."""
        if self.parent is not None:
            yield self.parent
            yield from self.parent.ancestors()

    def is_shown(self) -> bool:
        """Return whether it still belongs to the figure and is drawn by it, as animated axes are not."""
        if self.parent is None:
            return True
        return self.is_drawn and self.parent.children.get(id(self.artist)) is self and self.parent.is_shown()

    def own_nodes(self) -> list[DrawNode]:
        """Return its children that are draw nodes, drawn or not."""
        return self._own_nodes

    def nodes(self) -> Iterator[DrawNode]:
        """Yield all draw nodes that were drawn, in order, including those of inner containers."""
        for part in self.parts:
            if isinstance(part, ContainerNode):
                yield from part.nodes()
            else:
                yield part

    def containers(self) -> Iterator[ContainerNode]:
        """Yield itself and all containers in it, outer ones first."""
        yield self
        for child in self.children.values():
            if isinstance(child, ContainerNode):
                yield from child.containers()


class LayoutGroup:
    """Axes that position their titles and labels relative to each other.

    Parameters
    ----------
    containers : iterable of ContainerNode
        The axes of the group.

    Attributes
    ----------
    layout_artists : set of DrawNode
        Their x and y axes, spines and titles.
    axis_artists : set of DrawNode
        Their x and y axes and spines.
    """

    def __init__(self, containers: Iterable[ContainerNode]) -> None:
        self.layout_artists = {
            node
            for container in containers
            for node in container.own_nodes()
            if id(node.artist) in container.layout_artists
        }
        self.axis_artists = {node for node in self.layout_artists if isinstance(node.artist, Axis | Spine)}


def is_container(artist: Artist) -> bool:
    """Return whether an artist only orders its children, by one of matplotlib's own `draw` methods."""
    draws = {Figure.draw, SubFigure.draw, Axes.draw, PolarAxes.draw}
    if (module := sys.modules.get("mpl_toolkits.mplot3d.axes3d")) is not None:
        draws.add(module.Axes3D.draw)
    cls = type(artist)
    return (
        isinstance(artist, Axes | FigureBase)
        and is_known(cls)
        and cls.draw in draws
        and "draw" not in vars(artist)
        and artist.get_agg_filter() is None
    )


def layout_groups(containers: list[ContainerNode]) -> list[list[ContainerNode]]:
    """Return the axes in groups that position their titles and labels relative to each other."""
    axes = {id(container.artist): container for container in containers if isinstance(container.artist, Axes)}
    rest, found = dict(axes), []
    while rest:
        layout_group, stack = [], [next(iter(rest))]
        while stack:
            container = rest.pop(stack.pop(), None)
            if container is not None:
                layout_group.append(container)
                stack.extend(id(other) for other in _neighbors(container.artist, axes))
        found.append(layout_group)
    return found


def _neighbors(ax: Any, axes: dict[int, ContainerNode]) -> Iterator[Any]:
    yield from ax.child_axes
    yield from (container.artist for container in axes.values() if ax in container.artist.child_axes)
    yield from ax._twinned_axes.get_siblings(ax)
    for grouper in ax.get_figure(root=False)._align_label_groups.values():
        yield from grouper.get_siblings(ax)


def twins_placed_by_locators(container: ContainerNode, containers: Iterable[ContainerNode]) -> list[ContainerNode]:
    """Return a container and, if a locator places its axes, those of its twin axes.

    Twin axes share one position, which each sets by its own locator when it is drawn. So all are drawn together.
    """
    ax = container.artist
    if not isinstance(ax, Axes) or ax.get_axes_locator() is None:
        return [container]
    twins = ax._twinned_axes.get_siblings(ax)  # type: ignore[attr-defined]
    return [one for one in containers if one.artist in twins]


def titles_above_secondary_axes(drawn: Iterable[DrawNode]) -> set[DrawNode]:
    """Return the titles of axes whose secondary axes are among the drawn nodes.

    Axes place their titles before they draw a secondary axis, and only that draw sets its ticks.
    """
    parents = {node.container for node in drawn if is_secondary_axis(node.artist)}
    return {node for parent in parents for node in parent.own_nodes() if isinstance(node.artist, Text)}
