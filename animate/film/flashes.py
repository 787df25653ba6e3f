"""Counting flashes in frames, for WCAG 2.3.1: three flashes or below threshold.

A *general flash* is a pair of opposing changes of relative luminance by 0.1 or more, where the darker state is below
0.80. A *red flash* is a pair of opposing changes with a saturated red at either end, R / (R + G + B) >= 0.8, by more
than 20 in (R - G - B) x 320, negative values taken as 0. Either counts where it happens at once on more than a quarter
of any 341 x 256 pixels, which is what 10 degrees of vision see of a picture shown at 1024 x 768; a larger picture is
taken as scaled down to that. Colors are linear and averaged over 4 x 4 pixels, about a tenth of a degree, since finer
patterns do not count. More than three flashes within a second fail.

References
----------
WCAG 2.2, Understanding success criterion 2.3.1; definition of general flash and red flash thresholds.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from animate.film.sinks import packed
from animate.replay.frames import Frame

VIEW_PX = (1024, 768)
WINDOW_PX = (341, 256)
CELL_PX = 4
AREA = 0.25
NOISE = 6
"""Changes of up to so many levels are ignored: a lossy video adds them."""

_levels = np.arange(256) / 255
_LINEAR = np.where(_levels <= 0.04045, _levels / 12.92, ((_levels + 0.055) / 1.055) ** 2.4).astype(np.float32)

Cells = NDArray[np.float32]
Flags = NDArray[np.bool_]


def most_flashes(frames: Iterable[Frame], fps: float) -> int:
    """Return the most flashes within any second, general or red, whichever are more.

    Parameters
    ----------
    frames : iterable of array
        RGBA, each (height, width, 4), all of one size.
    fps : float
        Frames per second.
    """
    counter: FlashCounter | None = None
    for frame in frames:
        if counter is None:
            counter = FlashCounter(frame.shape[1], frame.shape[0], fps)
        counter.add(frame)
    return counter.most if counter is not None else 0


class CellValues(NamedTuple):
    """A value for each cell of a frame, and whether a change from or to it can be part of a flash."""

    value: Cells
    flag: Flags


class DirectionChanges:
    """Finds the cells whose value changes by at least *step* against the direction of its last change.

    Parameters
    ----------
    step : float
    low_end_only : bool
        Whether the flag of the lower value decides alone if a change counts, rather than that of either.
    """

    def __init__(self, step: float, *, low_end_only: bool) -> None:
        self._step, self._low_end_only = step, low_end_only
        self._high: CellValues | None = None
        self._low: CellValues | None = None
        self._direction = np.zeros(0, np.int8)

    def add(self, now: CellValues) -> tuple[Flags, Flags]:
        """Return the cells that rose and those that fell with this frame, each of shape (rows, columns)."""
        if self._high is None or self._low is None:
            self._high, self._low = now, now
            self._direction = np.zeros(now.value.shape, np.int8)
            nowhere = np.zeros(now.value.shape, np.bool_)
            return nowhere, nowhere
        counts_up, counts_down = self._low.flag, now.flag
        if not self._low_end_only:
            counts_up, counts_down = counts_up | now.flag, counts_down | self._high.flag
        up = (now.value - self._low.value >= self._step) & counts_up & (self._direction <= 0)
        down = (self._high.value - now.value >= self._step) & counts_down & (self._direction >= 0)
        self._direction[up], self._direction[down] = 1, -1
        turned = up | down
        self._high = _where((now.value > self._high.value) | turned, now, self._high)
        self._low = _where((now.value < self._low.value) | turned, now, self._low)
        return up, down


def _where(mask: Flags, now: CellValues, before: CellValues) -> CellValues:
    return CellValues(np.where(mask, now.value, before.value), np.where(mask, now.flag, before.flag))


class ViewWindows:
    """Counts the flashes in a window at every place of the picture.

    Parameters
    ----------
    shape, window : (int, int)
        Rows and columns of the picture and of a window, in cells.
    least : float
        A window flashes if more cells than this change at once.
    fps : float
        Frames per second.

    Attributes
    ----------
    most : int
        The most flashes in any window within a second.
    """

    def __init__(self, shape: tuple[int, int], window: tuple[int, int], least: float, fps: float) -> None:
        self._window = tuple(min(size, whole) for size, whole in zip(window, shape, strict=True))
        self._least, self._fps = least, fps
        places = [whole - size + 1 for size, whole in zip(self._window, shape, strict=True)]
        self._direction = np.zeros(places, np.int8)
        self._recent: deque[tuple[int, NDArray[np.uint8]]] = deque()
        self.most = 0

    def add(self, index: int, up: Flags, down: Flags) -> None:
        """Count the cells that rose and fell in a frame."""
        for direction, cells in ((1, up), (-1, down)):
            if np.count_nonzero(cells) <= self._least:
                continue
            turned = (self._sums(cells) > self._least) & (self._direction != direction)
            self._direction[turned] = direction
            self._recent.append((index, turned.astype(np.uint8)))
        while self._recent and index - self._recent[0][0] >= self._fps:
            self._recent.popleft()
        if self._recent and self._recent[-1][0] == index:
            turns = np.sum([one for _, one in self._recent], axis=0)
            self.most = max(self.most, int(turns.max()) // 2)

    def _sums(self, cells: Flags) -> NDArray[np.int64]:
        """Return the number of set cells in the window at each place."""
        total = np.pad(np.cumsum(np.cumsum(cells, axis=0, dtype=np.int64), axis=1), ((1, 0), (1, 0)))
        rows, columns = self._window
        sums: NDArray[np.int64] = (
            total[rows:, columns:] - total[:-rows, columns:] - total[rows:, :-columns] + total[:-rows, :-columns]
        )
        return sums


class FlashCounter:
    """Counts flashes in successive frames.

    Parameters
    ----------
    width, height : int
        Pixels.
    fps : float
        Frames per second.
    """

    def __init__(self, width: int, height: int, fps: float) -> None:
        shrink = max(1.0, width / VIEW_PX[0], height / VIEW_PX[1])
        self._cell = min(max(1, round(CELL_PX * shrink)), width, height)
        shape = height // self._cell, width // self._cell
        window = tuple(math.ceil(side * shrink / self._cell) for side in reversed(WINDOW_PX))
        self._least_px = AREA * WINDOW_PX[0] * WINDOW_PX[1] * shrink**2
        least = self._least_px / self._cell**2
        self._turns = (DirectionChanges(0.1, low_end_only=True), DirectionChanges(20.0, low_end_only=False))
        self._windows = [ViewWindows(shape, (window[0], window[1]), least, fps) for _ in self._turns]
        self._before: Frame | None = None
        self._before_is_counted = False
        self._index = -1

    @property
    def most(self) -> int:
        """Return the most flashes within any second so far."""
        return max(windows.most for windows in self._windows)

    def add(self, frame: Frame) -> None:
        """Count the next frame, RGBA, shape (height, width, 4)."""
        self._index += 1
        before, self._before = self._before, frame
        # most frames change too few pixels to flash
        if before is not None and not self._may_flash(before, frame):
            self._before_is_counted = False
            return
        if before is not None and not self._before_is_counted:
            self._count(before, self._index - 1)
        self._count(frame, self._index)
        self._before_is_counted = True

    def _may_flash(self, before: Frame, frame: Frame) -> bool:
        if np.count_nonzero(packed(before) != packed(frame)) <= self._least_px:
            return False
        one, other = before[::2, ::2], frame[::2, ::2]  # a quarter of the pixels suffices
        change = np.maximum(one, other) - np.minimum(one, other) > NOISE
        return bool(4 * np.count_nonzero(change[..., 0] | change[..., 1] | change[..., 2]) > self._least_px)

    def _count(self, frame: Frame, index: int) -> None:
        red, green, blue = (self._averaged(_LINEAR[frame[..., channel]]) for channel in range(3))
        luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
        redness = np.maximum(320 * (red - green - blue), 0)
        saturated = red >= 0.8 * np.maximum(red + green + blue, 1e-6)
        swings = CellValues(luminance, luminance < 0.8), CellValues(redness, saturated)
        for turns, windows, swing in zip(self._turns, self._windows, swings, strict=True):
            windows.add(index, *turns.add(swing))

    def _averaged(self, pixels: Cells) -> Cells:
        cell = self._cell
        rows, columns = pixels.shape[0] // cell, pixels.shape[1] // cell
        whole = pixels[: rows * cell, : columns * cell]
        averaged: Cells = whole.reshape(rows, cell, columns, cell).mean(axis=(1, 3))
        return averaged
