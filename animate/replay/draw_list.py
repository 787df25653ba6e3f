"""The draw nodes of a figure in drawing order, kept up to date from frame to frame.

A *draw node* is an artist that a figure or an axes draws as one of its children: a line, an axis with its ticks, a
legend. It holds its `Drawing` and a change detector. A *container* is a figure, subfigure or axes, which orders its
children. If its children, limits or position change, matplotlib's own `draw` of the container runs again, in which
every unchanged child contributes the drawing it has. Otherwise only the draw nodes that changed are drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack
from typing import Any

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure

from animate.replay.artist_state import ArtistState
from animate.replay.call_recorder import RecordingRenderer
from animate.replay.change_detector import ChangeDetector, DetectorBatch, rebase_detectors
from animate.replay.draw_tree import (
    ContainerNode,
    DrawNode,
    LayoutGroup,
    is_container,
    layout_groups,
    titles_above_secondary_axes,
    twins_placed_by_locators,
)
from animate.replay.node_state import state_of, values_of
from animate.replay.patching import cached_method, patched
from animate.replay.redraw_stability import is_scaled_quiver, parts_called, reads_other_draws
from animate.replay.staleness import apply_pending_scaling
from animate.replay.state_snapshot import StateSnapshot
from animate.replay.value_snapshot import ValueSnapshot


class DrawList:
    """The drawings of a figure in order; `update` brings them up to date.

    Parameters
    ----------
    figure : Figure
        The figure to draw.
    recorder : RecordingRenderer
        The renderer on which its artists draw.
    """

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
        self._is_reordered = self._is_in_node = self._is_drawn_twice = False
        self._drawn_states: dict[DrawNode, ArtistState] = {}
        self._cycle_step: int | None = None
        self.has_foreign_code = False
        """Whether the figure contains a class from outside matplotlib."""
        self.has_unstable_artists = False
        """Whether the second draw of an artist ever differed from its first."""
        self.draws_differ = False
        """Whether one did so in the last update."""
        self.nodes: list[DrawNode] = []
        """The visible draw nodes, in drawing order."""
        self.touched: set[DrawNode] = set()
        """The nodes that the last update redrew."""

    @property
    def changed(self) -> set[DrawNode] | None:
        """Return the nodes that changed since the last update, or None if more than single artists changed."""
        has_axis_changes = any(self._dirty & group.axis_artists for group in self._layout_groups)
        return None if self._stale or self._is_reordered or has_axis_changes or not self._containers else self._dirty

    def update(self, *, n_draws: int = 1) -> None:
        """Redraw everything that may have changed, and nothing else.

        Parameters
        ----------
        n_draws : int
            How often to draw artists whose next draw may differ from the last one.
        """
        self.touched, self._is_in_node = set(), False
        self._is_drawn_twice, self._drawn_states, self.draws_differ = n_draws > 1, {}, False
        self.detect_changes()
        changed = self._dirty.copy()
        if self._cycle_step is not None:
            self._apply_cycle_step(self._cycle_step)
        is_container_drawn = bool(self._to_redraw)
        self._draw_dirty()
        for _ in range(n_draws - 1):
            is_container_drawn |= self._draw_unstable_again()
        if is_container_drawn:
            self._containers = list(self._root.containers())
            self._layout_groups = [LayoutGroup(containers) for containers in layout_groups(self._containers)]
            nodes = list(self._root.nodes())
            self.nodes = self.nodes if nodes == self.nodes else nodes
            self._batch_detectors()
        if self._cycle_step is not None:
            self._keep_cycle_step(self._cycle_step, changed)
        self._take_new_states(is_alone=not is_container_drawn and self._cycle_step is None)

    def apply_layout(self, cycle_step: int, boxes: Collection[int]) -> None:
        """Accept that the layout cycle moved all axes, so that only other changes count.

        Parameters
        ----------
        cycle_step : int
            The step of the layout cycle that the axes are at now.
        boxes : collection of int
            Identities of the boxes that hold the positions of axes.
        """
        self._cycle_step = cycle_step
        for snapshot in self._all_snapshots():
            snapshot.rebase(boxes)

    def leave_layout_cycle(self) -> None:
        """Leave the layout cycle, and drop the drawings kept for its steps."""
        self._cycle_step = None
        for node in self.nodes:
            node.drawings.clear()

    def take_states(self) -> None:
        """Take the states of all artists now, regardless of any backoff."""
        for detector in self._detectors:
            detector.take()

    def has_replaced_draw(self) -> bool:
        """Return whether the `draw` method of a container was replaced since it was met."""
        return any("draw" in vars(container.artist) for container in self._containers)

    def rebase(self) -> None:
        """Reset the baseline of all artists after draws on another renderer, which leave equal objects behind."""
        rebase_detectors(self._batches, self._detectors)

    def _all_snapshots(self) -> Iterator[StateSnapshot]:
        yield from (detector.state.snapshot for detector in self._detectors if detector.state is not None)
        yield from (batch.snapshot for batch in self._batches)

    def _apply_cycle_step(self, cycle_step: int) -> None:
        """Show the drawings kept for this step of the layout cycle; redraw the nodes that have none."""
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
        detectors = [container.detector for container in self._containers]
        detectors += [node.detector for container in self._containers for node in container.own_nodes()]
        if detectors != self._detectors:
            self._detectors = detectors
            for detector in detectors:
                detector.batch = None
            starts = range(0, len(detectors), DetectorBatch.size)
            self._batches = [DetectorBatch(detectors[start : start + DetectorBatch.size]) for start in starts]

    def detect_changes(self) -> None:
        """Find the nodes that may draw differently and the containers whose own draw must run."""
        if not self._containers:
            self._stale, self._to_redraw = {self._root}, {self._root}
        apply_pending_scaling(self._root.artist)
        for batch in self._batches:
            batch.compare()
        for container in self._containers:
            twins = twins_placed_by_locators(container, self._containers)
            if (
                container in self._stale
                or container.detector.changed()
                or (len(twins) > 1 and any(node.detector.changed() for node in container.own_nodes()))
            ):
                for twin in twins:
                    self._stale.update(twin.containers())
        stale = {id(container.artist) for container in self._stale}
        for container in self._containers:
            nodes = container.own_nodes()
            if container in self._stale:
                self._dirty.update(nodes)
                continue
            self._dirty.update(node for node in nodes if node.reads_others or node.detector.changed())
            if stale:
                self._dirty.update(node for node in nodes if not stale.isdisjoint(node.detector.dependencies))
        self._couple_layout_groups()
        for node in self._dirty:  # also of those that are not drawn, because they or their axes are invisible
            node.cached_results.clear()
        reordered = {container for container in self._containers if container.order_changed()}
        self._is_reordered = self._is_reordered or bool(reordered)
        self._to_redraw |= self._stale | reordered
        for node in self._dirty:
            # Axes3D projects and sorts its artists by depth before it draws any of them.
            if not node.is_drawn or node.is_repeated or hasattr(node.artist, "do_3d_projection"):
                self._to_redraw.add(node.container)
        for container in self._stale:
            # a figure places all of its axes before it draws the first one
            self._to_redraw.update(container.ancestors())
        for container in reversed(self._containers):  # inner ones first
            if container in self._to_redraw and not container.is_drawn and container.parent is not None:
                self._to_redraw.add(container.parent)

    def _couple_layout_groups(self) -> None:
        """Redraw all layout artists of groups in which an axis or spine changed, or all titles, which line up."""
        for layout_group in self._layout_groups:
            if not layout_group.axis_artists.isdisjoint(self._dirty):
                self._dirty |= layout_group.layout_artists
            elif not layout_group.layout_artists.isdisjoint(self._dirty):
                self._dirty |= layout_group.layout_artists - layout_group.axis_artists
            self._to_redraw.update(node.container for node in layout_group.layout_artists & self._dirty)

    def _redraw_container(self, container: ContainerNode) -> None:
        """Run a container's own draw, in which unchanged children contribute the drawings they have."""
        self._to_redraw.discard(container)
        before, container.children, container.parts = container.children, {}, []
        with ExitStack() as stack:
            for child in container.artist.get_children():
                if id(child) in container.children:
                    container.children[id(child)].repeat()
                    continue
                part = before.get(id(child))
                if part is None or part.artist is not child or part.artist_class is not type(child):
                    part = self._new_part(child, container)
                container.children[id(child)] = part
                stack.enter_context(patched(child, "draw", self._drawing_of(part, container)))
                if isinstance(part, DrawNode) and part not in self._dirty and hasattr(child, "do_3d_projection"):
                    stack.enter_context(
                        patched(child, "do_3d_projection", cached_method(part, "do_3d_projection", self._cycle_step))
                    )
            unchanged = (node for group in self._layout_groups for node in group.axis_artists - self._dirty)
            for axis in (node for node in unchanged if isinstance(node.artist, Axis)):  # which titles may measure
                stack.enter_context(
                    patched(axis.artist, "get_tightbbox", cached_method(axis, "get_tightbbox", self._cycle_step))
                )
            self._recorder.record(lambda recorder: self._draw_container(container, recorder))
        container.keep_order()

    def _draw_container(self, container: ContainerNode, recorder: RecordingRenderer) -> None:
        type(container.artist).draw(container.artist, recorder)
        self._take_own(container)

    def _new_part(self, artist: Any, container: ContainerNode) -> DrawNode | ContainerNode:
        # The first state is taken in the first frame; an artist added later may be gone in the next frame, and
        # functions of unknown code, which a state asks, may answer differently each time.
        parts = parts_called(artist)
        self.has_foreign_code |= any(not callable(part) or isinstance(part, type) for part in parts)
        wait = 1 if self._containers or parts else 0
        if is_container(artist):
            inner = ContainerNode(artist, container, self._recorder, wait)
            self._stale.add(inner)
            self._to_redraw.add(inner)
            return inner
        detector = ChangeDetector(lambda: self._state_of(artist, container), wait, lambda: self._values_of(artist))
        node = DrawNode(artist, container, detector)
        self._dirty.add(node)
        return node

    def _state_of(self, artist: Any, container: ContainerNode) -> ArtistState:
        state = state_of(artist, container, self._containers, self._recorder)
        self.has_foreign_code = self.has_foreign_code or state.has_foreign_class
        return state

    def _values_of(self, artist: Any) -> ValueSnapshot | None:
        return values_of(artist, self._containers)

    def _drawing_of(self, part: DrawNode | ContainerNode, container: ContainerNode) -> Callable[..., None]:
        """Return the replacement for a child's `draw` while its container draws."""
        draw = part.artist.draw  # type: ignore[union-attr]
        draw = getattr(draw, "original_draw", draw)  # replaced already by an outer container
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
            if isinstance(part, DrawNode) and (part in self._dirty or container in self._stale):
                self._draw_node(part, draw)
            elif isinstance(part, ContainerNode) and (part in self._to_redraw or container in self._stale):
                self._redraw_container(part)

        replacement.original_draw = draw  # type: ignore[attr-defined]
        return replacement

    def _take_own(self, container: ContainerNode) -> None:
        """Keep what the container itself drew between its children."""
        drawing = self._recorder.take()
        if drawing.calls:
            own = DrawNode(None, container, ChangeDetector(lambda: ArtistState(None), 0))
            own.drawing = drawing
            container.parts.append(own)
            self.touched.add(own)

    def _draw_node(self, node: DrawNode, draw: Callable[..., None]) -> None:
        node.cached_results.clear()
        node.was_scaled, node.reads_others = is_scaled_quiver(node.artist), reads_other_draws(node.artist)
        is_first = node not in self.touched and node.drawing.calls  # a new artist is likely to initialize itself
        may_settle = is_first and self._is_drawn_twice and node.can_settle and not self.has_foreign_code
        if may_settle and not node.is_repeatable():
            self._drawn_states[node] = self._state_of(node.artist, node.container)
        self.touched.add(node)
        outer, self._is_in_node = self._is_in_node, True
        try:
            node.drawing = self._recorder.record(draw)
            if self._is_drawn_twice and self.has_foreign_code and node.is_stable:
                self._drawn_states[node] = self._state_of(node.artist, node.container)
        finally:
            self._is_in_node = outer

    def _draw_dirty(self) -> None:
        """Draw the containers and nodes that must be drawn; a figure places axes and their insets before it draws."""
        self._to_redraw.update(node.container for node in self._dirty if isinstance(node.artist, Axes))
        for container in self._containers or [self._root]:
            if container in self._to_redraw and container.is_shown():  # its parent may have drawn it already
                self._redraw_container(container)
        rest = self._dirty - self.touched
        # in drawing order, since some artists read what the draw of others leaves
        for node in [node for node in self.nodes if node in rest] if len(rest) > 1 else rest:
            if node.is_drawn and node.container.is_shown() and node.container.children.get(id(node.artist)) is node:
                self._draw_node(node, node.artist.draw)  # type: ignore[union-attr]

    def _draw_unstable_again(self) -> bool:
        """Draw a second time the artists whose second draw may differ from their first; return whether there are any.

        Their containers draw them, each after all others of the first time.
        """
        unstable = {node for node in self.touched if not (node.is_repeatable() or self._is_settled(node))}
        unstable |= titles_above_secondary_axes(self.touched)
        first = {node: node.drawing for node in unstable}
        if not first:
            return False
        altered = self._altered_nodes()
        dirty, stale, containers = self._dirty, self._stale, self._containers
        self._dirty, self._stale, self._containers = altered | set(first), set(), list(self._root.containers())
        for container in {node.container for node in self._dirty}:
            self._to_redraw.update(twins_placed_by_locators(container, self._containers))
        self._draw_dirty()
        self._dirty, self._stale, self._containers = self._dirty | dirty, self._stale | stale, containers
        are_alike = [node.note_second_draw(drawing) for node, drawing in first.items()]
        self.draws_differ |= not all(are_alike)
        self.has_unstable_artists |= self.draws_differ
        return True

    def _is_settled(self, node: DrawNode) -> bool:
        """Return whether the first draw changed nothing that the second one reads."""
        state = self._drawn_states.get(node)
        node.can_settle = node.can_settle and (state is None or state.matches())
        return state is not None and node.can_settle and not self.has_foreign_code

    def _altered_nodes(self) -> set[DrawNode]:
        """Return the nodes that changed after they were drawn, as only code from outside matplotlib changes others."""
        if not self.has_foreign_code:
            return set()
        states = {node: node.detector.state for node in self.nodes if node not in self.touched} | self._drawn_states
        return {node for node, state in states.items() if state is not None and not state.matches()}

    def _take_new_states(self, *, is_alone: bool) -> None:
        """Take new states after everything is drawn, since drawing one artist may change another.

        Parameters
        ----------
        is_alone : bool
            Whether no container was drawn. Artists then keep the values that the last comparison found.
        """
        for container in self._containers:
            if container.is_drawn and container.artist.get_visible():
                container.artist.stale = False  # as a draw leaves it; the flag decides nothing here
            if container in self._stale:
                container.detector.drawn() if container.is_drawn else container.detector.forget()
            steady = container.detector.state is not None
            for node in container.own_nodes():
                if node in self._dirty:
                    node.detector.drawn(as_compared=is_alone) if steady else node.detector.forget()
                elif node.was_measured:
                    node.detector.refresh()
                node.was_measured = False
        self._dirty, self._stale, self._to_redraw, self._is_reordered = set(), set(), set(), False
        for batch in self._batches:
            batch.renew()
