"""A list of drawings as pixels, kept up to date by drawing only what lies on the pixels that changed.

What a pixel shows depends only on the drawings that touch it, in their order. The picture is cut into tiles. Each
tile has a *start*, the place in the list of the first thing that moves there, and a *ground*: its pixels as they are
when everything before its start is drawn. For a new frame the tiles that changed begin with their ground, and from
there on every call that touches one of them is made again, in order. A call may reach into other tiles, where it
blends once too often: that happens on a canvas of which only the changed tiles are copied into the picture, and a
changed tile gets its ground only when the list has come to its start.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from animate.film.displaylist import Leaf
from animate.film.recording import Box, Drawing, Recorder
from animate.film.sinks import Frame

TILE_PIXELS = 32

FIRST_REVIEW = 16
"""After this many frames, and then after twice as many each time, what no longer moves joins the ground."""

Mask = NDArray[np.bool_]
Starts = NDArray[np.int_]


class Compositor:
    """The picture of a list of leaves."""

    def __init__(self, recorder: Recorder) -> None:
        self._canvas = recorder.pixels
        self._blank = recorder.blank
        self._ground = np.empty_like(self._canvas)
        self.picture: Frame = np.empty_like(self._canvas)
        """The pixels, shape (height, width, 4)."""
        height, width = self._canvas.shape[:2]
        self._grid = -(-height // TILE_PIXELS), -(-width // TILE_PIXELS)
        self._leaves: Sequence[Leaf] = ()
        self._drawn: dict[Leaf, Drawing] = {}
        self._starts: Starts = np.zeros(self._grid, int)
        self._moving: Starts = np.zeros(self._grid, int)  # the starts that the frames since the last review needed
        self._n_frames, self._review = 0, FIRST_REVIEW

    def update(self, leaves: Sequence[Leaf], touched: Iterable[Leaf]) -> None:
        """Make the picture that of `leaves`; of those that were there before, only `touched` drew anew.

        The list must be a new object whenever its leaves are not the same in the same order.
        """
        damage = Damage(self._grid, len(leaves))
        if leaves is not self._leaves:
            self._reorder(leaves, damage)
        for place, leaf in enumerate(leaves):
            if leaf in touched and leaf in self._drawn:
                damage.add(place, leaf.drawing, self._drawn[leaf].box)
        self._leaves = leaves
        self._drawn = {leaf: leaf.drawing for leaf in leaves}
        self._lower(damage)
        self._draw(damage.changed)
        self._look_back(damage)

    def _reorder(self, leaves: Sequence[Leaf], damage: Damage) -> None:
        """Find the new starts of all tiles, and the damage of leaves that came or went."""
        places = {leaf: place for place, leaf in enumerate(leaves)}
        kept = [places[leaf] for leaf in self._leaves if leaf in places]
        if kept != sorted(kept) or not self._n_frames:
            self._starts[:], self._moving[:] = 0, len(leaves)
            self._ground[:] = self._blank
            damage.changed[:] = True
            return
        position, positions = 0, [0]  # how far the new list is when the old one is at its first, second, ... leaf
        for i, leaf in enumerate(self._leaves):
            if leaf in places:
                position = places[leaf] + 1
            else:
                tiles = tiles_of(self._drawn[leaf].box)
                damage.outdated[tiles] |= self._starts[tiles] > i
                damage.add(position, self._drawn[leaf])
            positions.append(position)
        self._starts, self._moving = np.take(positions, self._starts), np.take(positions, self._moving)
        for place, leaf in enumerate(leaves):
            if leaf not in self._drawn:
                damage.add(place, leaf.drawing)

    def _lower(self, damage: Damage) -> None:
        """Let the tiles in which something moves start with it, and make the grounds this needs."""
        if self._n_frames == 0:
            return
        outdated = damage.outdated | (damage.starts < self._starts)
        np.minimum(self._starts, damage.starts, out=self._starts)
        np.minimum(self._moving, damage.starts, out=self._moving)
        self._make_ground(outdated)

    def _make_ground(self, outdated: Mask) -> None:
        """Draw the ground of these tiles anew."""
        for area in rectangles(outdated):
            self._canvas[area] = self._blank
        waiting, begin = outdated.copy(), 0
        for start in np.unique(self._starts[outdated]):
            self._make_calls(begin, start, waiting)
            done = outdated & (self._starts == start)
            self._copy(self._canvas, self._ground, done)
            waiting &= ~done
            begin = start

    def _draw(self, changed: Mask) -> None:
        """Draw the picture of these tiles anew."""
        begun = np.zeros_like(changed)
        starts = [*np.unique(self._starts[changed]), len(self._leaves)]
        for start, stop in pairwise(starts):
            beginning = changed & (self._starts == start)
            self._copy(self._ground, self._canvas, beginning)
            begun |= beginning
            self._make_calls(start, stop, begun)
        self._copy(self._canvas, self.picture, changed)

    def _make_calls(self, begin: int, end: int, mask: Mask) -> None:
        """Make all calls of the leaves from `begin` to before `end` that touch these tiles."""
        tiles, n_columns = bits(mask), self._grid[1]
        for leaf in self._leaves[begin:end]:
            if tiles & bits_of(leaf.drawing.box, n_columns):
                for draw, arguments, options, box in leaf.drawing.calls:
                    if tiles & bits_of(box, n_columns):
                        draw(*arguments, **options)

    def _copy(self, source: Frame, target: Frame, mask: Mask) -> None:
        for area in rectangles(mask):
            target[area] = source[area]

    def _look_back(self, damage: Damage) -> None:
        """Now and then, let tiles start later where what moved has come to rest."""
        self._n_frames += 1
        n_leaves = len(self._leaves)
        if self._n_frames == 1:  # nothing has moved yet: the first frame is the ground of the second
            self._starts[:] = self._moving[:] = n_leaves
            self._ground[:] = self.picture
        elif self._n_frames >= self._review:
            resting = self._moving > self._starts
            self._starts = self._moving.copy()
            self._make_ground(resting)
            self._moving = damage.starts.copy()
            self._review = 2 * self._n_frames


class Damage:
    """What is no longer right, tile by tile."""

    def __init__(self, grid: tuple[int, int], n_leaves: int) -> None:
        self.changed: Mask = np.zeros(grid, bool)
        """Tiles whose picture is not right."""
        self.outdated: Mask = np.zeros(grid, bool)
        """Tiles whose ground is not right, wherever they start."""
        self.starts: Starts = np.full(grid, n_leaves)
        """The place of the first leaf that moves."""

    def add(self, place: int, drawing: Drawing, before: Box | None = None) -> None:
        """Add what a leaf at some place in the list draws, and the box of what it drew before."""
        reach = drawing.clip if drawing.clip.area < 4 * drawing.box.area else drawing.box
        # What fills much of what it is clipped to is likely to move over all of it.
        for box in {drawing.box, before or drawing.box}:
            self.changed[tiles_of(box)] = True
        for box in {reach, before or reach}:
            tiles = self.starts[tiles_of(box)]
            np.minimum(tiles, place, out=tiles)


@lru_cache(4096)
def tiles_of(box: Box) -> tuple[slice, slice]:
    """Return the rows and columns of tiles that hold a box."""
    rows = slice(box.top // TILE_PIXELS, -(-box.bottom // TILE_PIXELS))
    return rows, slice(box.left // TILE_PIXELS, -(-box.right // TILE_PIXELS))


def bits(mask: Mask) -> int:
    """Return a mask of tiles as one number, with a bit for each: whole masks are then compared at once."""
    return int.from_bytes(np.packbits(mask, bitorder="little").tobytes(), "little")


@lru_cache(4096)
def bits_of(box: Box, n_columns: int) -> int:
    """Return the tiles that hold a box, as `bits` of a mask with so many columns."""
    rows, columns = tiles_of(box)
    row = (1 << columns.stop) - (1 << columns.start) if columns.stop > columns.start else 0
    return sum(row << n_columns * i for i in range(rows.start, rows.stop))


def rectangles(mask: Mask) -> Iterator[tuple[slice, slice]]:
    """Return the pixels of all tiles in a mask, as rectangles that do not overlap."""
    rows, columns = mask.shape
    flat = np.zeros(rows * (columns + 1) + 1, bool)  # so that a run ends with its row
    flat[:-1].reshape(rows, columns + 1)[:, 1:] = mask
    ends = np.flatnonzero(flat[1:] != flat[:-1]).tolist()
    runs: dict[tuple[int, int], tuple[int, int]] = {}  # columns to the rows of a rectangle that may go on
    for begin, end in zip(ends[::2], ends[1::2], strict=True):
        row, left = divmod(begin, columns + 1)
        run = left, left + end - begin
        first, last = runs.get(run, (row, row))
        if last < row:
            yield _pixels(first, last), _pixels(*run)
            first = row
        runs[run] = first, row + 1
    for run, rows_of_run in runs.items():
        yield _pixels(*rows_of_run), _pixels(*run)


def _pixels(begin: int, end: int) -> slice:
    return slice(begin * TILE_PIXELS, end * TILE_PIXELS)
