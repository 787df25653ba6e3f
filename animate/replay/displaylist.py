"""The figure as a list of what its artists drew, in the order they drew it, kept up to date from frame to frame.

A *leaf* is an artist that a figure or an axes draws as one of its children: a line, an axis with its ticks, a legend.
It holds its `Drawing` and a fingerprint. A *group* is a figure, subfigure or axes: it orders its children, so when
its children, its limits or its position change, matplotlib's own `draw` of it is run again, in which every child that
has not changed gives the drawing it has. Otherwise only the leaves that changed draw.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack
from typing import Any

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure, FigureBase
from matplotlib.legend import Legend

from animate.replay.fingerprint import Fingerprint
from animate.replay.glance import Glance, plain_values
from animate.replay.held import Held
from animate.replay.parts import Cluster, Group, Leaf, clusters, is_group, located
from animate.replay.recording import Recorder
from animate.replay.shadowing import remembering, shadowed
from animate.replay.stability import draw_alike
from animate.replay.watch import Bundle, Watch


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
        self._is_drawn_twice = False
        self._is_in_leaf = False
        self._turn: int | None = None
        self.has_foreign_code = False
        """Whether a class was met that matplotlib did not bring."""
        self.has_unstable_artists = False
        """Whether an artist was met whose second draw differed from its first."""
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

    def update(self, *, is_drawn_twice: bool = False) -> None:
        """Draw anew what may have changed, and only that; artists that may be unstable twice where asked to."""
        self.touched, self._is_drawn_twice, self._is_in_leaf = set(), is_drawn_twice, False
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
        self._settle(is_alone=not opened and self._turn is None)

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
            if not leaf.is_drawn or leaf.is_repeated or hasattr(leaf.artist, "do_3d_projection"):
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
                if id(child) in group.children:
                    group.children[id(child)].repeat()
                    continue
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
            probes.append(lambda: artist.get_visible() and artist.get_window_extent(self._recorder).bounds)
        if isinstance(artist, Axes):
            probes.append(lambda: located(artist, self._recorder))
        if isinstance(artist, Axes | FigureBase):
            enter = {id(artist), *(id(child) for child in artist.findobj(lambda a: isinstance(a, Axes | FigureBase)))}
        skip = group.furniture - {id(artist)} if id(artist) in group.furniture else ()
        heed_stale = artist is not group.artist.patch  # `savefig` sets its color for every frame
        fingerprint = Fingerprint(artist, skip=skip, enter=enter, heed_stale=heed_stale, probes=probes)
        if artist.axes is not None and artist.axes is not artist:
            fingerprint.containers[id(artist.axes)] = artist.axes
        self.has_foreign_code = self.has_foreign_code or fingerprint.has_foreign_class
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
        draw = getattr(draw, "shadowed_draw", draw)  # of an artist that is a child of an outer group as well
        is_new = True

        def stand_in(renderer: Any, *arguments: Any, **options: Any) -> None:
            nonlocal is_new
            is_recording = renderer is self._recorder and self._recorder.is_recording
            if not is_recording or self._is_in_leaf or not is_new:
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

        stand_in.shadowed_draw = draw  # type: ignore[attr-defined]
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
        outer, self._is_in_leaf = self._is_in_leaf, True
        try:
            leaf.drawing = self._recorder.record(draw)
            if self._is_drawn_twice and not leaf.is_stable:
                first, leaf.drawing = leaf.drawing, self._recorder.record(draw)
                leaf.is_stable = draw_alike(first, leaf.drawing)
                self.has_unstable_artists = self.has_unstable_artists or not leaf.is_stable
        finally:
            self._is_in_leaf = outer

    def _settle(self, *, is_alone: bool) -> None:
        """Take fingerprints once all is drawn, since drawing one artist may set another.

        Where artists drew by themselves alone, in no group's draw, plain ones are taken for what they were before.
        """
        for group in self._groups:
            if group in self._stale:
                group.view.drawn()
            calm = group.view.fingerprint is not None
            for leaf in group.own_leaves():
                if leaf in self._dirty:
                    leaf.watch.drawn(as_seen=is_alone) if calm else leaf.watch.forget()
                elif leaf.was_asked:
                    leaf.watch.refresh()
                leaf.was_asked = False
        self._dirty, self._stale, self._open, self._is_reordered = set(), set(), set(), False
        for bundle in self._bundles:
            bundle.renew()
