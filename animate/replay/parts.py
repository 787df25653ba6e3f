"""A figure taken apart: groups that order their children, and leaves that draw."""

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

from animate.replay.fingerprint import DATA_LIMITS, NOISE, Fingerprint, is_known
from animate.replay.recording import BLANK, CannotReplay, Drawing, Recorder
from animate.replay.stability import is_stable_class
from animate.replay.watch import Watch

_CHILD_LISTS = frozenset(
    {"_children", "child_axes", "legend_", "artists", "lines", "patches", "texts", "images", "legends"}
)


class Leaf:
    """One artist and what it drew; without an artist, what a group drew by itself."""

    def __init__(self, artist: Artist | None, group: Group, watch: Watch) -> None:
        self.artist, self.group, self.watch = artist, group, watch
        self.drawing: Drawing = BLANK
        self.drawings: dict[int, Drawing] = {}
        """What it draws at each of the places that a layout engine moves everything between."""
        self.is_drawn = False
        self.answers: dict[Any, Any] = {}
        """What it answered while other artists drew, by question: valid until it draws anew."""
        self.was_asked = False
        """Whether it had to work for an answer in this update, which may have changed it."""
        self.is_repeated = False
        """Whether it stands more than once among the children of its group."""
        self.is_stable = artist is None or is_stable_class(type(artist))
        """Whether a second draw gives what the first one gave."""

    def repeat(self) -> None:
        """Note that it is listed once more: its further drawings belong to those of the group itself."""
        self.is_repeated = True


class Group:
    """A figure, subfigure or axes, and its parts in the order they were drawn."""

    def __init__(self, artist: Any, around: Group | None, recorder: Recorder, wait: int) -> None:
        self.artist, self.around = artist, around
        self._recorder = recorder
        self.view = Watch(self._take_view, wait)
        self.parts: list[Leaf | Group] = []
        self.children: dict[int, Leaf | Group] = {}
        self.is_drawn = True
        self.furniture: set[int] = set()
        """The identities of axes, spines and titles, whose places depend on each other."""
        self._order: list[Any] = []
        self._own_leaves: list[Leaf] = []

    def repeat(self) -> None:
        """Refuse to be listed more than once."""
        raise CannotReplay(f"{type(self.artist).__name__} stands more than once among the children of one artist")

    def _take_view(self) -> Fingerprint:
        noise = NOISE | _CHILD_LISTS
        if isinstance(self.artist, Axes):
            probes = [lambda: located(self.artist, self._recorder)]
            if self.artist.get_aspect() != "auto":
                noise -= DATA_LIMITS
        else:
            probes = [self._aligned]
        names = [name for name in vars(self.artist) if name not in noise]
        return Fingerprint(self.artist, names=names, artists=False, probes=probes)

    def _aligned(self) -> Any:
        groupers = getattr(self.artist, "_align_label_groups", {}).values()
        return [list(map(id, together)) for grouper in groupers for together in grouper]

    def order(self) -> list[Any]:
        """Return its children and what decides their order."""
        children = self.artist.get_children()
        return [*children, *[(child.zorder, child.get_animated()) for child in children]]

    def order_changed(self) -> bool:
        """Return whether children came, went or changed places."""
        return self.order() != self._order

    def keep_order(self) -> None:
        """Note what was just drawn, and in which order."""
        drawn = set(self.parts)
        self._own_leaves = [child for child in self.children.values() if isinstance(child, Leaf)]
        for part in self.children.values():
            part.is_drawn = part in drawn
        self._order = self.order()
        self.furniture = set()
        if isinstance(self.artist, Axes):
            titles = (vars(self.artist).get(name) for name in ("title", "_left_title", "_right_title"))
            frame = (child.artist for child in self.children.values() if isinstance(child.artist, Axis | Spine))
            self.furniture = {*map(id, titles), *map(id, frame)}

    def surroundings(self) -> Iterator[Group]:
        """Return the groups it lies in, inner ones first."""
        if self.around is not None:
            yield self.around
            yield from self.around.surroundings()

    def is_part(self) -> bool:
        """Return whether it still belongs to the figure."""
        if self.around is None:
            return True
        return self.around.children.get(id(self.artist)) is self and self.around.is_part()

    def own_leaves(self) -> list[Leaf]:
        """Return its children that are leaves, drawn or not."""
        return self._own_leaves

    def leaves(self) -> Iterator[Leaf]:
        """Return all leaves drawn, in order."""
        for part in self.parts:
            if isinstance(part, Group):
                yield from part.leaves()
            else:
                yield part

    def groups(self) -> Iterator[Group]:
        """Return itself and all groups in it, outer ones first."""
        yield self
        for child in self.children.values():
            if isinstance(child, Group):
                yield from child.groups()


class Cluster:
    """Axes that place their titles and labels with regard to each other."""

    def __init__(self, groups: Iterable[Group]) -> None:
        self.furniture = {leaf for group in groups for leaf in group.own_leaves() if id(leaf.artist) in group.furniture}
        self.frames = {leaf for leaf in self.furniture if isinstance(leaf.artist, Axis | Spine)}


def is_group(artist: Artist) -> bool:
    """Return whether an artist does nothing but order its children, in a way known here."""
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


def clusters(groups: list[Group]) -> list[list[Group]]:
    """Return the axes that place their titles and labels with regard to each other."""
    axes = {id(group.artist): group for group in groups if isinstance(group.artist, Axes)}
    rest, found = dict(axes), []
    while rest:
        cluster, stack = [], [next(iter(rest))]
        while stack:
            group = rest.pop(stack.pop(), None)
            if group is not None:
                cluster.append(group)
                stack.extend(id(other) for other in _neighbors(group.artist, axes))
        found.append(cluster)
    return found


def _neighbors(ax: Any, axes: dict[int, Group]) -> Iterator[Any]:
    yield from ax.child_axes
    yield from (group.artist for group in axes.values() if ax in group.artist.child_axes)
    yield from ax._twinned_axes.get_siblings(ax)
    for grouper in ax.get_figure(root=False)._align_label_groups.values():
        yield from grouper.get_siblings(ax)


def located(axes: Axes, renderer: Any) -> Any:
    """Return where the locator of axes puts them, None if they have none."""
    locator = axes.get_axes_locator()
    place = None if locator is None else locator(axes, renderer)
    return None if place is None else place.bounds
