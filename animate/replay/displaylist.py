"""The figure as a list of what its artists drew, in the order they drew it, kept up to date from frame to frame.

A *leaf* is an artist that a figure or an axes draws as one of its children: a line, an axis with its ticks, a legend.
It holds its `Drawing` and a fingerprint. A *group* is a figure, subfigure or axes: it orders its children, so when
its children, its limits or its position change, matplotlib's own `draw` of it is run again, in which every child that
has not changed gives the drawing it has. Otherwise only the leaves that changed draw.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure, FigureBase, SubFigure
from matplotlib.legend import Legend
from matplotlib.projections.polar import PolarAxes
from matplotlib.spines import Spine

from animate.replay.fingerprint import DATA_LIMITS, NOISE, Fingerprint, Held, is_known
from animate.replay.glance import Glance, plain_values
from animate.replay.recording import BLANK, Drawing, Recorder
from animate.replay.watch import Bundle, Watch

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

    def _take_view(self) -> Fingerprint:
        noise = NOISE | _CHILD_LISTS
        if isinstance(self.artist, Axes):
            probes = [self._locate]
            if self.artist.get_aspect() != "auto":
                noise -= DATA_LIMITS
        else:
            probes = [self._aligned]
        names = [name for name in vars(self.artist) if name not in noise]
        return Fingerprint(self.artist, names=names, artists=False, probes=probes)

    def _locate(self) -> Any:
        locator = self.artist.get_axes_locator()
        place = None if locator is None else locator(self.artist, self._recorder)
        return None if place is None else place.bounds

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


class DisplayList:
    """What a figure draws, in order; `update` brings it up to date."""

    def __init__(self, figure: Figure, recorder: Recorder) -> None:
        self._recorder = recorder
        self._root = Group(figure, None, recorder, wait=0)
        self._groups: list[Group] = []
        self._clusters: list[Cluster] = []
        self._watches: list[Watch] = []
        self._bundles: list[Bundle] = []
        self._dirty: set[Leaf] = set()
        self._stale: set[Group] = set()
        self._open: set[Group] = set()
        self._is_reordered = False
        self._turn: int | None = None
        self.leaves: list[Leaf] = []
        """The leaves drawn, in order."""
        self.touched: set[Leaf] = set()
        """Those that drew in the last update."""

    @property
    def changed(self) -> set[Leaf] | None:
        """Return the leaves that changed since the last update, or None where more than single artists did."""
        frames = (cluster.frames for cluster in self._clusters)
        if not self._groups or self._stale or self._is_reordered or any(map(self._dirty.intersection, frames)):
            return None
        return self._dirty

    def update(self) -> None:
        """Draw anew what may have changed, and only that."""
        self.touched = set()
        self.look()
        changed = self._dirty.copy()
        if self._turn is not None:
            self._take_turn(self._turn)
        opened = bool(self._open)
        for group in self._groups or [self._root]:
            if group in self._open and group.is_part():  # and not yet drawn by the one around it
                self._redraw(group)
        for leaf in self._dirty - self.touched:
            if leaf.is_drawn and leaf.group.is_part() and leaf.group.children.get(id(leaf.artist)) is leaf:
                self._draw_leaf(leaf, leaf.artist.draw)  # type: ignore[union-attr]
        if opened:
            self._groups = list(self._root.groups())
            self._clusters = [Cluster(groups) for groups in clusters(self._groups)]
            leaves = list(self._root.leaves())
            self.leaves = self.leaves if leaves == self.leaves else leaves
            self._bundle()
        if self._turn is not None:
            self._keep_turn(self._turn, changed)
        self._settle()

    def move(self, turn: int, boxes: Collection[int]) -> None:
        """Note that a layout engine's turn moved all axes, whose places are in `boxes`, and nothing else."""
        self._turn = turn
        for held in self._all_held():
            held.follow(boxes)

    def stay(self) -> None:
        """Note that axes are no longer moved by turns."""
        self._turn = None
        for leaf in self.leaves:
            leaf.drawings.clear()

    def take_fingerprints(self) -> None:
        """Take all fingerprints now, also of what changed until now."""
        for watch in self._watches:
            watch.take()

    def _all_held(self) -> Iterator[Held]:
        yield from (watch.fingerprint.held for watch in self._watches if watch.fingerprint is not None)
        yield from (bundle.held for bundle in self._bundles)

    def _take_turn(self, turn: int) -> None:
        """Let what did not change give what it drew at this turn before, or draw."""
        missing = {leaf for leaf in self.leaves if turn not in leaf.drawings} - self._dirty
        if any(not cluster.furniture.isdisjoint(missing) for cluster in self._clusters):
            self._stale, self._open = set(self._groups), set(self._groups)
            self._dirty.update(leaf for group in self._groups for leaf in group.own_leaves())
        self._dirty |= missing
        for leaf in self.leaves:
            if leaf not in self._dirty and leaf.drawing is not leaf.drawings[turn]:
                leaf.drawing = leaf.drawings[turn]
                self.touched.add(leaf)

    def _keep_turn(self, turn: int, changed: set[Leaf]) -> None:
        for leaf in self.leaves:
            if leaf in changed:
                leaf.drawings.clear()
            leaf.drawings[turn] = leaf.drawing

    def _bundle(self) -> None:
        watches = [group.view for group in self._groups]
        watches += [leaf.watch for group in self._groups for leaf in group.own_leaves()]
        if watches != self._watches:
            self._watches = watches
            for watch in watches:
                watch.bundle = None
            starts = range(0, len(watches), Bundle.size)
            self._bundles = [Bundle(watches[start : start + Bundle.size]) for start in starts]

    def look(self) -> None:
        """Find the leaves that may draw differently and the groups whose own drawing must run."""
        if not self._groups:
            self._stale, self._open = {self._root}, {self._root}
        for group in self._groups:
            if isinstance(group.artist, Axes):
                _ = group.artist.viewLim  # limits that wait to be scaled are scaled now, as a draw would
        for bundle in self._bundles:
            bundle.look()
        for group in self._groups:
            if group in self._stale or group.view.changed():
                self._stale.update(group.groups())
        stale = {id(group.artist) for group in self._stale}
        for group in self._groups:
            leaves = group.own_leaves()
            if group in self._stale:
                self._dirty.update(leaves)
                continue
            self._dirty.update(leaf for leaf in leaves if leaf.watch.changed())
            if stale:
                self._dirty.update(leaf for leaf in leaves if not stale.isdisjoint(leaf.watch.met))
        self._couple()
        reordered = {group for group in self._groups if group.order_changed()}
        self._is_reordered = self._is_reordered or bool(reordered)
        self._open |= self._stale | reordered
        for leaf in self._dirty:
            # Axes3D projects what it sorts by depth before it draws anything.
            if not leaf.is_drawn or hasattr(leaf.artist, "do_3d_projection"):
                self._open.add(leaf.group)
        for group in self._stale:
            self._open.update(group.surroundings())  # a figure places all its axes before it draws the first one
        for group in reversed(self._groups):  # inner ones first
            if group in self._open and not group.is_drawn and group.around is not None:
                self._open.add(group.around)

    def _couple(self) -> None:
        """Draw all axes, spines and titles anew where one axis or spine changed; let their groups place them."""
        for cluster in self._clusters:
            if not cluster.frames.isdisjoint(self._dirty):
                self._dirty |= cluster.furniture
            self._open.update(leaf.group for leaf in cluster.furniture & self._dirty)

    def _redraw(self, group: Group) -> None:
        """Run the group's own draw: children that have not changed give the drawing they have."""
        self._open.discard(group)
        before, group.children, group.parts = group.children, {}, []
        with ExitStack() as stack:
            for child in group.artist.get_children():
                part = before.get(id(child))
                if part is None or part.artist is not child:
                    part = self._new_part(child, group)
                group.children[id(child)] = part
                stack.enter_context(shadowed(child, "draw", self._drawing_of(part, group)))
                if isinstance(part, Leaf) and part not in self._dirty and hasattr(child, "do_3d_projection"):
                    stack.enter_context(
                        shadowed(child, "do_3d_projection", remembering(part, "do_3d_projection", self._turn))
                    )
            for axis in self._still_axes():
                stack.enter_context(
                    shadowed(axis.artist, "get_tightbbox", remembering(axis, "get_tightbbox", self._turn))
                )
            self._recorder.record(lambda recorder: self._draw_group(group, recorder))
        group.keep_order()

    def _draw_group(self, group: Group, recorder: Recorder) -> None:
        type(group.artist).draw(group.artist, recorder)
        self._take_own(group)

    def _still_axes(self) -> Iterator[Leaf]:
        """Return the axes with ticks that titles may measure and that have not changed."""
        for cluster in self._clusters:
            for leaf in cluster.frames - self._dirty:
                if isinstance(leaf.artist, Axis):
                    yield leaf

    def _new_part(self, artist: Any, group: Group) -> Leaf | Group:
        # A figure is watched from its first frame on; what comes later may be gone in the next frame.
        wait = 1 if self._groups else 0
        if is_group(artist):
            part: Leaf | Group = Group(artist, group, self._recorder, wait)
            self._stale.add(part)  # type: ignore[arg-type]
            self._open.add(part)  # type: ignore[arg-type]
            return part
        watch = Watch(lambda: self._take_leaf(artist, group), wait, lambda: self._glance_at(artist))
        leaf = Leaf(artist, group, watch)
        self._dirty.add(leaf)
        return leaf

    def _take_leaf(self, artist: Any, group: Group) -> Fingerprint:
        probes: list[Callable[[], Any]] = []
        enter: set[int] = set()
        if isinstance(artist, Legend) and getattr(artist, "_loc_real", 0) == 0:  # placed where there is most room
            probes.append(lambda: artist.get_window_extent(self._recorder).bounds)
        if isinstance(artist, Axes | FigureBase):
            enter = {id(artist), *(id(child) for child in artist.findobj(lambda a: isinstance(a, Axes | FigureBase)))}
        skip = group.furniture - {id(artist)} if id(artist) in group.furniture else ()
        heed_stale = artist is not group.artist.patch  # `savefig` sets its color for every frame
        fingerprint = Fingerprint(artist, skip=skip, enter=enter, heed_stale=heed_stale, probes=probes)
        if artist.axes is not None and artist.axes is not artist:
            fingerprint.containers[id(artist.axes)] = artist.axes
        watched = {id(one.artist) for one in self._groups}
        fingerprint.opaque = fingerprint.opaque or not fingerprint.containers.keys() <= watched
        return fingerprint

    def _glance_at(self, artist: Any) -> Glance | None:
        if (values := plain_values(artist)) is None:
            return None
        glance = Glance(artist, values)
        return glance if glance.containers.keys() <= {id(one.artist) for one in self._groups} else None

    def _drawing_of(self, part: Leaf | Group, group: Group) -> Callable[..., None]:
        """Return what stands in for a child's draw while its group draws."""
        draw = part.artist.draw  # type: ignore[union-attr]
        is_new = True

        def stand_in(renderer: Any, *arguments: Any, **options: Any) -> None:
            nonlocal is_new
            if renderer is not self._recorder or not self._recorder.is_recording or not is_new:
                draw(renderer, *arguments, **options)
                return
            is_new = False
            self._take_own(group)
            group.parts.append(part)
            if isinstance(part, Leaf):
                if part in self._dirty or group in self._stale:
                    self._draw_leaf(part, draw)
            elif part in self._open or group in self._stale:
                self._redraw(part)

        return stand_in

    def _take_own(self, group: Group) -> None:
        """Keep what the group drew itself, between its children."""
        drawing = self._recorder.take()
        if drawing.calls:
            own = Leaf(None, group, Watch(lambda: Fingerprint(None), 0))
            own.drawing = drawing
            group.parts.append(own)
            self.touched.add(own)

    def _draw_leaf(self, leaf: Leaf, draw: Callable[..., None]) -> None:
        leaf.answers.clear()
        self.touched.add(leaf)
        leaf.drawing = self._recorder.record(draw)

    def _settle(self) -> None:
        """Take fingerprints once all is drawn, since drawing one artist may set another."""
        for group in self._groups:
            if group in self._stale:
                group.view.drawn()
            calm = group.view.fingerprint is not None
            for leaf in group.own_leaves():
                if leaf in self._dirty:
                    leaf.watch.drawn() if calm else leaf.watch.forget()
                elif leaf.was_asked:
                    leaf.watch.refresh()
                leaf.was_asked = False
        self._dirty, self._stale, self._open, self._is_reordered = set(), set(), set(), False
        for bundle in self._bundles:
            bundle.renew()


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


@contextmanager
def shadowed(thing: Any, name: str, stand_in: Any) -> Iterator[None]:
    """Put something in the place of one object's method, and take it away again."""
    held = vars(thing)
    before = held.get(name, held)
    setattr(thing, name, stand_in)
    try:
        yield
    finally:
        delattr(thing, name)
        if before is not held:
            setattr(thing, name, before)


def remembering(leaf: Any, name: str, turn: int | None) -> Callable[..., Any]:
    """Return one of an artist's methods that computes each answer once: an axis measures by laying out all ticks."""
    method = getattr(leaf.artist, name)

    def remembered(*arguments: Any, **options: Any) -> Any:
        key = (name, turn, *map(id, arguments), *sorted(options.items()))
        if key not in leaf.answers:
            leaf.was_asked = True
            leaf.answers[key] = method(*arguments, **options)
        return leaf.answers[key]

    return remembered
