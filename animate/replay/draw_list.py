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

from animate.replay.artist_state import ArtistState
from animate.replay.call_recorder import RecordingRenderer
from animate.replay.change_detector import ChangeDetector, DetectorBatch
from animate.replay.draw_tree import ContainerNode, DrawNode, LayoutGroup, is_container, layout_groups, located
from animate.replay.patching import cached_method, patched
from animate.replay.redraw_stability import draw_alike
from animate.replay.state_snapshot import StateSnapshot
from animate.replay.value_snapshot import ValueSnapshot, plain_values


class DrawList:
    """What a figure draws, in order; `update` brings it up to date."""

    def __init__(self, figure: Figure, recorder: RecordingRenderer) -> None:
        self._recorder = recorder
        self._root = ContainerNode(figure, None, recorder, wait=0)
        self._containers: list[ContainerNode] = []
        self._layout_groups: list[LayoutGroup] = []
        self._detectors: list[ChangeDetector] = []
        self._batches: list[DetectorBatch] = []
        self._dirty: set[DrawNode] = set()
        self._stale: set[ContainerNode] = set()
        self._to_redraw: set[ContainerNode] = set()
        self._is_reordered = False
        self._is_drawn_twice = False
        self._is_in_node = False
        self._cycle_step: int | None = None
        self.has_foreign_code = False
        """Whether a class was met that matplotlib did not bring."""
        self.has_unstable_artists = False
        """Whether an artist was met whose second draw differed from its first."""
        self.nodes: list[DrawNode] = []
        """The leaves drawn, in order."""
        self.touched: set[DrawNode] = set()
        """Those that drew in the last update."""

    @property
    def changed(self) -> set[DrawNode] | None:
        """Return the leaves that changed since the last update, or None where more than single artists did."""
        frames = (layout_group.frames for layout_group in self._layout_groups)
        if not self._containers or self._stale or self._is_reordered or any(map(self._dirty.intersection, frames)):
            return None
        return self._dirty

    def update(self, *, is_drawn_twice: bool = False) -> None:
        """Draw anew what may have changed, and only that; artists that may be unstable twice where asked to."""
        self.touched, self._is_drawn_twice, self._is_in_node = set(), is_drawn_twice, False
        self.detect_changes()
        changed = self._dirty.copy()
        if self._cycle_step is not None:
            self._apply_cycle_step(self._cycle_step)
        opened = bool(self._to_redraw)
        for container in self._containers or [self._root]:
            if container in self._to_redraw and container.is_part():  # and not yet drawn by the one around it
                self._redraw_container(container)
        for node in self._dirty - self.touched:
            if node.is_drawn and node.container.is_part() and node.container.children.get(id(node.artist)) is node:
                self._draw_node(node, node.artist.draw)  # type: ignore[union-attr]
        if opened:
            self._containers = list(self._root.containers())
            self._layout_groups = [LayoutGroup(containers) for containers in layout_groups(self._containers)]
            nodes = list(self._root.nodes())
            self.nodes = self.nodes if nodes == self.nodes else nodes
            self._batch_detectors()
        if self._cycle_step is not None:
            self._keep_cycle_step(self._cycle_step, changed)
        self._take_new_states(is_alone=not opened and self._cycle_step is None)

    def apply_layout(self, cycle_step: int, boxes: Collection[int]) -> None:
        """Note that a layout engine's turn moved all axes, whose places are in `boxes`, and nothing else."""
        self._cycle_step = cycle_step
        for snapshot in self._all_snapshots():
            snapshot.rebase(boxes)

    def reset_layout(self) -> None:
        """Note that axes are no longer moved by turns."""
        self._cycle_step = None
        for node in self.nodes:
            node.drawings.clear()

    def take_states(self) -> None:
        """Take all fingerprints now, also of what changed until now."""
        for detector in self._detectors:
            detector.take()

    def _all_snapshots(self) -> Iterator[StateSnapshot]:
        yield from (detector.state.snapshot for detector in self._detectors if detector.state is not None)
        yield from (batch.snapshot for batch in self._batches)

    def _apply_cycle_step(self, cycle_step: int) -> None:
        """Let what did not change give what it drew at this turn before, or draw."""
        missing = {node for node in self.nodes if cycle_step not in node.drawings} - self._dirty
        if any(not layout_group.layout_artists.isdisjoint(missing) for layout_group in self._layout_groups):
            self._stale, self._to_redraw = set(self._containers), set(self._containers)
            self._dirty.update(node for container in self._containers for node in container.own_nodes())
        self._dirty |= missing
        for node in self.nodes:
            if node not in self._dirty and node.drawing is not node.drawings[cycle_step]:
                node.drawing = node.drawings[cycle_step]
                self.touched.add(node)

    def _keep_cycle_step(self, cycle_step: int, changed: set[DrawNode]) -> None:
        for node in self.nodes:
            if node in changed:
                node.drawings.clear()
            node.drawings[cycle_step] = node.drawing

    def _batch_detectors(self) -> None:
        detectors = [container.view for container in self._containers]
        detectors += [node.detector for container in self._containers for node in container.own_nodes()]
        if detectors != self._detectors:
            self._detectors = detectors
            for detector in detectors:
                detector.batch = None
            starts = range(0, len(detectors), DetectorBatch.size)
            self._batches = [DetectorBatch(detectors[start : start + DetectorBatch.size]) for start in starts]

    def detect_changes(self) -> None:
        """Find the leaves that may draw differently and the groups whose own drawing must run."""
        if not self._containers:
            self._stale, self._to_redraw = {self._root}, {self._root}
        for container in self._containers:
            if isinstance(container.artist, Axes):
                _ = container.artist.viewLim  # limits that wait to be scaled are scaled now, as a draw would
        for batch in self._batches:
            batch.compare()
        for container in self._containers:
            if container in self._stale or container.view.changed():
                self._stale.update(container.containers())
        stale = {id(container.artist) for container in self._stale}
        for container in self._containers:
            nodes = container.own_nodes()
            if container in self._stale:
                self._dirty.update(nodes)
                continue
            self._dirty.update(node for node in nodes if node.detector.changed())
            if stale:
                self._dirty.update(node for node in nodes if not stale.isdisjoint(node.detector.dependencies))
        self._couple_layout_groups()
        reordered = {container for container in self._containers if container.order_changed()}
        self._is_reordered = self._is_reordered or bool(reordered)
        self._to_redraw |= self._stale | reordered
        for node in self._dirty:
            # Axes3D projects what it sorts by depth before it draws anything.
            if not node.is_drawn or node.is_repeated or hasattr(node.artist, "do_3d_projection"):
                self._to_redraw.add(node.container)
        for container in self._stale:
            # a figure places all its axes before it draws the first one
            self._to_redraw.update(container.ancestors())
        for container in reversed(self._containers):  # inner ones first
            if container in self._to_redraw and not container.is_drawn and container.parent is not None:
                self._to_redraw.add(container.parent)

    def _couple_layout_groups(self) -> None:
        """Draw all axes, spines and titles anew where one axis or spine changed; let their groups place them."""
        for layout_group in self._layout_groups:
            if not layout_group.frames.isdisjoint(self._dirty):
                self._dirty |= layout_group.layout_artists
            self._to_redraw.update(node.container for node in layout_group.layout_artists & self._dirty)

    def _redraw_container(self, container: ContainerNode) -> None:
        """Run the group's own draw: children that have not changed give the drawing they have."""
        self._to_redraw.discard(container)
        before, container.children, container.parts = container.children, {}, []
        with ExitStack() as stack:
            for child in container.artist.get_children():
                if id(child) in container.children:
                    container.children[id(child)].repeat()
                    continue
                part = before.get(id(child))
                if part is None or part.artist is not child:
                    part = self._new_part(child, container)
                container.children[id(child)] = part
                stack.enter_context(patched(child, "draw", self._drawing_of(part, container)))
                if isinstance(part, DrawNode) and part not in self._dirty and hasattr(child, "do_3d_projection"):
                    stack.enter_context(
                        patched(child, "do_3d_projection", cached_method(part, "do_3d_projection", self._cycle_step))
                    )
            for axis in self._still_axes():
                stack.enter_context(
                    patched(axis.artist, "get_tightbbox", cached_method(axis, "get_tightbbox", self._cycle_step))
                )
            self._recorder.record(lambda recorder: self._draw_container(container, recorder))
        container.keep_order()

    def _draw_container(self, container: ContainerNode, recorder: RecordingRenderer) -> None:
        type(container.artist).draw(container.artist, recorder)
        self._take_own(container)

    def _still_axes(self) -> Iterator[DrawNode]:
        """Return the axes with ticks that titles may measure and that have not changed."""
        for layout_group in self._layout_groups:
            for node in layout_group.frames - self._dirty:
                if isinstance(node.artist, Axis):
                    yield node

    def _new_part(self, artist: Any, container: ContainerNode) -> DrawNode | ContainerNode:
        # A figure is watched from its first frame on; what comes later may be gone in the next frame.
        wait = 1 if self._containers else 0
        if is_container(artist):
            part: DrawNode | ContainerNode = ContainerNode(artist, container, self._recorder, wait)
            self._stale.add(part)  # type: ignore[arg-type]
            self._to_redraw.add(part)  # type: ignore[arg-type]
            return part
        detector = ChangeDetector(lambda: self._state_of(artist, container), wait, lambda: self._values_of(artist))
        node = DrawNode(artist, container, detector)
        self._dirty.add(node)
        return node

    def _state_of(self, artist: Any, container: ContainerNode) -> ArtistState:
        probes: list[Callable[[], Any]] = []
        enter: set[int] = set()
        if isinstance(artist, Legend) and getattr(artist, "_loc_real", 0) == 0:  # placed where there is most room
            probes.append(lambda: artist.get_visible() and artist.get_window_extent(self._recorder).bounds)
        if isinstance(artist, Axes):
            probes.append(lambda: located(artist, self._recorder))
        if isinstance(artist, Axes | FigureBase):
            enter = {id(artist), *(id(child) for child in artist.findobj(lambda a: isinstance(a, Axes | FigureBase)))}
        skip = container.layout_artists - {id(artist)} if id(artist) in container.layout_artists else ()
        heed_stale = artist is not container.artist.patch  # `savefig` sets its color for every frame
        state = ArtistState(artist, skip=skip, enter=enter, heed_stale=heed_stale, probes=probes)
        if artist.axes is not None and artist.axes is not artist:
            state.containers[id(artist.axes)] = artist.axes
        self.has_foreign_code = self.has_foreign_code or state.has_foreign_class
        watched = {id(one.artist) for one in self._containers}
        state.opaque = state.opaque or not state.containers.keys() <= watched
        return state

    def _values_of(self, artist: Any) -> ValueSnapshot | None:
        if (values := plain_values(artist)) is None:
            return None
        snapshot = ValueSnapshot(artist, values)
        return snapshot if snapshot.containers.keys() <= {id(one.artist) for one in self._containers} else None

    def _drawing_of(self, part: DrawNode | ContainerNode, container: ContainerNode) -> Callable[..., None]:
        """Return what stands in for a child's draw while its group draws."""
        draw = part.artist.draw  # type: ignore[union-attr]
        draw = getattr(draw, "shadowed_draw", draw)  # of an artist that is a child of an outer group as well
        is_new = True

        def replacement(renderer: Any, *arguments: Any, **options: Any) -> None:
            nonlocal is_new
            is_recording = renderer is self._recorder and self._recorder.is_recording
            if not is_recording or self._is_in_node or not is_new:
                draw(renderer, *arguments, **options)
                return
            is_new = False
            self._take_own(container)
            container.parts.append(part)
            if isinstance(part, DrawNode):
                if part in self._dirty or container in self._stale:
                    self._draw_node(part, draw)
            elif part in self._to_redraw or container in self._stale:
                self._redraw_container(part)

        replacement.replaced_draw = draw  # type: ignore[attr-defined]
        return replacement

    def _take_own(self, container: ContainerNode) -> None:
        """Keep what the group drew itself, between its children."""
        drawing = self._recorder.take()
        if drawing.calls:
            own = DrawNode(None, container, ChangeDetector(lambda: ArtistState(None), 0))
            own.drawing = drawing
            container.parts.append(own)
            self.touched.add(own)

    def _draw_node(self, node: DrawNode, draw: Callable[..., None]) -> None:
        node.cached_results.clear()
        self.touched.add(node)
        outer, self._is_in_node = self._is_in_node, True
        try:
            node.drawing = self._recorder.record(draw)
            if self._is_drawn_twice and not node.is_stable:
                first, node.drawing = node.drawing, self._recorder.record(draw)
                node.is_stable = draw_alike(first, node.drawing)
                self.has_unstable_artists = self.has_unstable_artists or not node.is_stable
        finally:
            self._is_in_node = outer

    def _take_new_states(self, *, is_alone: bool) -> None:
        """Take fingerprints once all is drawn, since drawing one artist may set another.

        Where artists drew by themselves alone, in no group's draw, plain ones are taken for what they were before.
        """
        for container in self._containers:
            if container in self._stale:
                container.view.drawn()
            steady = container.view.state is not None
            for node in container.own_nodes():
                if node in self._dirty:
                    node.detector.drawn(as_compared=is_alone) if steady else node.detector.forget()
                elif node.was_measured:
                    node.detector.refresh()
                node.was_measured = False
        self._dirty, self._stale, self._to_redraw, self._is_reordered = set(), set(), set(), False
        for batch in self._batches:
            batch.renew()
