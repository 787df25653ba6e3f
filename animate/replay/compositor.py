"""The pixels of a list of drawings, updated by redrawing only the tiles that changed.

The value of a pixel depends only on the drawings that touch it, in order. The frame is divided into tiles. For each
tile the compositor keeps the position in the list, *first dirty*, of the first drawing that moves there, and a
*background*, the pixels of the tile after everything before that position has been drawn. For a new frame, each changed
tile begins with its background, and every call from that position on that touches the tile is made again, in order.

A call may also reach other tiles and be blended there once too often. Therefore calls are made on a separate canvas,
from which only the changed tiles are copied to the frame, and a changed tile gets its background only when the list
reaches its position.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from animate.replay.call_recorder import RecordingRenderer
from animate.replay.draw_tree import DrawNode
from animate.replay.drawing import Drawing
from animate.replay.frames import Frame
from animate.replay.tiles import Tiles

FIRST_REVIEW = 16
"""The frame after which drawings that no longer move join the background; the interval doubles each time."""


class Compositor:
    """The pixels of a list of draw nodes.

    Parameters
    ----------
    recorder : RecordingRenderer
        The renderer that recorded the drawings, and its canvas.
    """

    def __init__(self, recorder: RecordingRenderer) -> None:
        self._canvas, self._blank, self._grid = recorder.pixels, recorder.blank, recorder.grid
        self._background = np.empty_like(self._canvas)
        self.picture: Frame = np.empty_like(self._canvas)
        """The pixels, shape (height, width, 4)."""
        self._nodes: Sequence[DrawNode] = ()
        self._drawn: dict[DrawNode, Drawing] = {}
        self._first_dirty = TilePositions(self._grid.all, 0)
        self._moving = TilePositions(self._grid.all, 0)
        """What `_first_dirty` would be for the frames since the last review."""
        self._n_frames, self._review = 0, FIRST_REVIEW
        self._changed: Tiles = self._grid.all

    def update(self, nodes: Sequence[DrawNode], touched: Collection[DrawNode]) -> None:
        """Update the pixels to the given list of nodes.

        Parameters
        ----------
        nodes : sequence of DrawNode
            All nodes, in drawing order. It must be a new object whenever the nodes or their order have changed.
        touched : collection of DrawNode
            Those that were redrawn since the last call.
        """
        damage = Damage()
        if nodes is not self._nodes:
            self._reorder(nodes, damage)
        for place, node in enumerate(nodes):
            if node in touched and node in self._drawn:
                before = self._drawn[node]
                changed = node.drawing.changed(before, self._grid)
                damage.add(place, changed, self._likely_reach(node.drawing) | self._likely_reach(before))
        self._nodes = nodes
        self._drawn = {node: node.drawing for node in nodes}
        self._lower_first_dirty(damage)
        self._draw(damage.changed)
        self._changed = damage.changed
        self._review_first_dirty(damage)

    def changed_areas(self) -> list[Any]:
        """Return the slices of rows and columns that the last update redrew."""
        return list(self._grid.areas(self._changed))

    def _reorder(self, nodes: Sequence[DrawNode], damage: Damage) -> None:
        """Renumber the positions of all tiles, and add the damage of nodes that were added or removed."""
        places = {node: place for place, node in enumerate(nodes)}
        kept = [places[node] for node in self._nodes if node in places]
        if kept != sorted(kept) or not self._n_frames:
            self._first_dirty = TilePositions(self._grid.all, 0)
            self._moving = TilePositions(self._grid.all, len(nodes))
            self._background[:] = self._blank
            damage.changed = self._grid.all
            return
        position, positions = 0, [0]  # in the new list, before the first, second, ... node of the old one
        for i, node in enumerate(self._nodes):
            if node in places:
                position = places[node] + 1
            else:
                drawing = self._drawn[node]
                damage.outdated |= self._first_dirty.above(i) & drawing.tiles
                damage.add(position, drawing.tiles, self._likely_reach(drawing))
            positions.append(position)
        self._first_dirty, self._moving = self._first_dirty.renumbered(positions), self._moving.renumbered(positions)
        for place, node in enumerate(nodes):
            if node not in self._drawn:
                damage.add(place, node.drawing.tiles, self._likely_reach(node.drawing))

    def _likely_reach(self, drawing: Drawing) -> Tiles:
        """Return the tiles that a moving drawing may reach; one that fills much of its clip may move all over it."""
        return self._grid.of_box(drawing.clip if drawing.clip.area < 4 * drawing.box.area else drawing.box)

    def _lower_first_dirty(self, damage: Damage) -> None:
        """Lower the first dirty position of the tiles in which something moves, and redraw their backgrounds."""
        if self._n_frames == 0:
            return
        outdated = damage.outdated
        for place, tiles in damage.moves:
            outdated |= self._first_dirty.lower(place, tiles)
            self._moving.lower(place, tiles)
        self._draw_background(outdated)

    def _draw_background(self, outdated: Tiles) -> None:
        """Redraw the background of these tiles."""
        if not outdated:
            return
        for area in self._grid.areas(outdated):
            self._canvas[area] = self._blank
        waiting, begin = outdated, 0
        for start, tiles in self._first_dirty.of(outdated):
            self._make_calls(begin, start, waiting)
            self._copy(self._canvas, self._background, tiles)
            waiting ^= tiles
            begin = start

    def _draw(self, changed: Tiles) -> None:
        """Redraw the frame in these tiles."""
        begun = 0
        for (start, tiles), (stop, _tiles) in pairwise([*self._first_dirty.of(changed), (len(self._nodes), 0)]):
            self._copy(self._background, self._canvas, tiles)
            begun |= tiles
            self._make_calls(start, stop, begun)
        self._copy(self._canvas, self.picture, changed)

    def _make_calls(self, begin: int, end: int, tiles: Tiles) -> None:
        """Make all calls that touch these tiles, of the nodes from `begin` up to but not including `end`."""
        for node in self._nodes[begin:end]:
            if tiles & node.drawing.tiles:
                for call in node.drawing.calls:
                    if tiles & call.tiles:
                        call.make(self._grid, tiles)

    def _copy(self, source: Frame, target: Frame, tiles: Tiles) -> None:
        for area in self._grid.areas(tiles):
            target[area] = source[area]

    def _review_first_dirty(self, damage: Damage) -> None:
        """At ever longer intervals, raise the first dirty positions of tiles in which drawings have stopped moving."""
        self._n_frames += 1
        n_nodes = len(self._nodes)
        if self._n_frames == 1:  # nothing has moved yet: the first frame is the background of the second
            self._first_dirty = TilePositions(self._grid.all, n_nodes)
            self._moving = TilePositions(self._grid.all, n_nodes)
            self._background[:] = self.picture
        elif self._n_frames >= self._review:
            settled_tiles = self._moving.later_than(self._first_dirty)
            self._first_dirty, self._moving = self._moving, TilePositions(self._grid.all, n_nodes)
            self._draw_background(settled_tiles)
            for place, tiles in damage.moves:
                self._moving.lower(place, tiles)
            self._review = 2 * self._n_frames


class TilePositions:
    """A position in the list of nodes for each tile.

    Parameters
    ----------
    tiles : int
        The set of all tiles.
    place : int
        The position that all of them have at first.
    """

    def __init__(self, tiles: Tiles, place: int) -> None:
        self._tiles = {place: tiles}

    def lower(self, place: int, tiles: Tiles) -> Tiles:
        """Lower the position of these tiles to `place`; return the tiles that had a later one."""
        lowered = 0
        for later in [other for other in self._tiles if other > place]:
            taken = self._tiles[later] & tiles
            if taken:
                self._tiles[later] ^= taken
                lowered |= taken
        if lowered:
            self._tiles[place] = self._tiles.get(place, 0) | lowered
        return lowered

    def of(self, tiles: Tiles) -> list[tuple[int, Tiles]]:
        """Return the positions of these tiles in ascending order, each with the tiles that have it."""
        return [(place, common) for place, own in sorted(self._tiles.items()) if (common := own & tiles)]

    def above(self, place: int) -> Tiles:
        """Return the tiles with a position after `place`."""
        return sum(tiles for other, tiles in self._tiles.items() if other > place)

    def later_than(self, others: TilePositions) -> Tiles:
        """Return the tiles that have a later position here than in `others`."""
        return sum(tiles & self.above(place) for place, tiles in others._tiles.items())

    def renumbered(self, positions: Sequence[int]) -> TilePositions:
        """Return a copy in which each position is replaced by ``positions[place]``."""
        renumbered = TilePositions(0, 0)
        for place, tiles in self._tiles.items():
            renumbered._tiles[positions[place]] = renumbered._tiles.get(positions[place], 0) | tiles
        return renumbered


class Damage:
    """The tiles that an update must redraw."""

    def __init__(self) -> None:
        self.changed: Tiles = 0
        """Tiles whose pixels in the frame are out of date."""
        self.outdated: Tiles = 0
        """Tiles whose background is out of date, whatever their position."""
        self.moves: list[tuple[int, Tiles]] = []
        """The positions of nodes that move, and the tiles they may move in."""

    def add(self, place: int, changed: Tiles, reach: Tiles) -> None:
        """Add the change of the node at a position.

        Parameters
        ----------
        place : int
            The position of the node in the list.
        changed : int
            The tiles whose pixels may differ.
        reach : int
            The tiles in which the node is likely to move.
        """
        self.changed |= changed
        self.moves.append((place, changed | reach))
