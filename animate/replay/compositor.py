"""A list of drawings as pixels, kept up to date by drawing only what lies on the pixels that changed.

What a pixel shows depends only on the drawings that touch it, in their order. The picture is cut into tiles. Each
tile has a *start*, the place in the list of the first thing that moves there, and a *ground*: its pixels as they are
when everything before its start is drawn. For a new frame the tiles that changed begin with their ground, and from
there on every call that touches one of them is made again, in order. A call may reach into other tiles, where it
blends once too often: that happens on a canvas of which only the changed tiles are copied into the picture, and a
changed tile gets its ground only when the list has come to its start.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from animate.replay.call_recorder import Drawing, RecordingRenderer
from animate.replay.draw_tree import DrawNode
from animate.replay.frames import Frame
from animate.replay.tiles import Tiles

FIRST_REVIEW = 16
"""After this many frames, and then after twice as many each time, what no longer moves joins the ground."""


class Compositor:
    """The picture of a list of leaves."""

    def __init__(self, recorder: RecordingRenderer) -> None:
        self._canvas, self._blank, self._grid = recorder.pixels, recorder.blank, recorder.grid
        self._background = np.empty_like(self._canvas)
        self.picture: Frame = np.empty_like(self._canvas)
        """The pixels, shape (height, width, 4)."""
        self._nodes: Sequence[DrawNode] = ()
        self._drawn: dict[DrawNode, Drawing] = {}
        self._first_dirty = Places(self._grid.all, 0)
        self._moving = Places(self._grid.all, 0)
        """The starts that the frames since the last review needed."""
        self._n_frames, self._review = 0, FIRST_REVIEW
        self._changed: Tiles = self._grid.all

    def update(self, nodes: Sequence[DrawNode], touched: Collection[DrawNode]) -> None:
        """Make the picture that of `leaves`; of those that were there before, only `touched` drew anew.

        The list must be a new object whenever its leaves are not the same in the same order.
        """
        damage = Damage()
        if nodes is not self._nodes:
            self._reorder(nodes, damage)
        for place, node in enumerate(nodes):
            if node in touched and node in self._drawn:
                before = self._drawn[node]
                changed = node.drawing.changed(before, self._grid)
                damage.add(place, changed, self._likely(node.drawing) | self._likely(before))
        self._nodes = nodes
        self._drawn = {node: node.drawing for node in nodes}
        self._lower(damage)
        self._draw(damage.changed)
        self._changed = damage.changed
        self._look_back(damage)

    def changed_areas(self) -> list[Any]:
        """Return the slices of rows and columns that the last update drew anew."""
        return list(self._grid.areas(self._changed))

    def _reorder(self, nodes: Sequence[DrawNode], damage: Damage) -> None:
        """Find the new starts of all tiles, and the damage of leaves that came or went."""
        places = {node: place for place, node in enumerate(nodes)}
        kept = [places[node] for node in self._nodes if node in places]
        if kept != sorted(kept) or not self._n_frames:
            self._first_dirty, self._moving = Places(self._grid.all, 0), Places(self._grid.all, len(nodes))
            self._background[:] = self._blank
            damage.changed = self._grid.all
            return
        position, positions = 0, [0]  # how far the new list is when the old one is at its first, second, ... leaf
        for i, node in enumerate(self._nodes):
            if node in places:
                position = places[node] + 1
            else:
                drawing = self._drawn[node]
                damage.outdated |= self._first_dirty.above(i) & drawing.tiles
                damage.add(position, drawing.tiles, self._likely(drawing))
            positions.append(position)
        self._first_dirty, self._moving = self._first_dirty.renumbered(positions), self._moving.renumbered(positions)
        for place, node in enumerate(nodes):
            if node not in self._drawn:
                damage.add(place, node.drawing.tiles, self._likely(node.drawing))

    def _likely(self, drawing: Drawing) -> Tiles:
        """Return where something that moves is likely to go: what fills much of its clip may move over all of it."""
        return self._grid.of_box(drawing.clip if drawing.clip.area < 4 * drawing.box.area else drawing.box)

    def _lower(self, damage: Damage) -> None:
        """Let the tiles in which something moves start with it, and make the grounds this needs."""
        if self._n_frames == 0:
            return
        outdated = damage.outdated
        for place, tiles in damage.moves:
            outdated |= self._first_dirty.lower(place, tiles)
            self._moving.lower(place, tiles)
        self._make_ground(outdated)

    def _make_ground(self, outdated: Tiles) -> None:
        """Draw the ground of these tiles anew."""
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
        """Draw the picture of these tiles anew."""
        begun = 0
        for (start, tiles), (stop, _tiles) in pairwise([*self._first_dirty.of(changed), (len(self._nodes), 0)]):
            self._copy(self._background, self._canvas, tiles)
            begun |= tiles
            self._make_calls(start, stop, begun)
        self._copy(self._canvas, self.picture, changed)

    def _make_calls(self, begin: int, end: int, tiles: Tiles) -> None:
        """Make all calls of the leaves from `begin` to before `end` that touch these tiles."""
        for node in self._nodes[begin:end]:
            if tiles & node.drawing.tiles:
                for call in node.drawing.calls:
                    if tiles & call.tiles:
                        call.make(self._grid, tiles)

    def _copy(self, source: Frame, target: Frame, tiles: Tiles) -> None:
        for area in self._grid.areas(tiles):
            target[area] = source[area]

    def _look_back(self, damage: Damage) -> None:
        """Now and then, let tiles start later where what moved has come to rest."""
        self._n_frames += 1
        n_leaves = len(self._nodes)
        if self._n_frames == 1:  # nothing has moved yet: the first frame is the ground of the second
            self._first_dirty, self._moving = Places(self._grid.all, n_leaves), Places(self._grid.all, n_leaves)
            self._background[:] = self.picture
        elif self._n_frames >= self._review:
            resting = self._moving.later_than(self._first_dirty)
            self._first_dirty, self._moving = self._moving, Places(self._grid.all, n_leaves)
            self._make_ground(resting)
            for place, tiles in damage.moves:
                self._moving.lower(place, tiles)
            self._review = 2 * self._n_frames


class Places:
    """A place in the list for each tile, at first the same one."""

    def __init__(self, tiles: Tiles, place: int) -> None:
        self._tiles = {place: tiles}

    def lower(self, place: int, tiles: Tiles) -> Tiles:
        """Give these tiles a place unless they have an earlier one; return those that had a later one."""
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
        """Return the places of some tiles, in order, and the tiles at each."""
        return [(place, common) for place, own in sorted(self._tiles.items()) if (common := own & tiles)]

    def above(self, place: int) -> Tiles:
        """Return the tiles with a later place."""
        return sum(tiles for other, tiles in self._tiles.items() if other > place)

    def later_than(self, others: Places) -> Tiles:
        """Return the tiles that have a later place here than there."""
        return sum(tiles & self.above(place) for place, tiles in others._tiles.items())

    def renumbered(self, positions: Sequence[int]) -> Places:
        """Return each tile at ``positions[place]``."""
        renumbered = Places(0, 0)
        for place, tiles in self._tiles.items():
            renumbered._tiles[positions[place]] = renumbered._tiles.get(positions[place], 0) | tiles
        return renumbered


class Damage:
    """What is no longer right."""

    def __init__(self) -> None:
        self.changed: Tiles = 0
        """Tiles whose picture is not right."""
        self.outdated: Tiles = 0
        """Tiles whose ground is not right, wherever they start."""
        self.moves: list[tuple[int, Tiles]] = []
        """The places of what moves, and the tiles it may move in."""

    def add(self, place: int, changed: Tiles, reach: Tiles) -> None:
        """Add what changed with the leaf at some place in the list, and where it is likely to go."""
        self.changed |= changed
        self.moves.append((place, changed | reach))
