"""Consecutive frames of an animation that one process draws, and the memory that they are drawn into."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from animate.replay.frames import Frame

if TYPE_CHECKING:
    from animate.film.forked_worker import ForkedWorker


BLOCK_BYTES = 32 << 20
"""Memory of the frames of one block."""

MIN_BLOCK, MAX_BLOCK = 2, 16
"""Frames of a block: enough that a fork pays, few enough that its frames are not waited for long."""


def block_size(shape: tuple[int, ...]) -> int:
    """Return how many frames of a shape, (height, width, 4), a block holds."""
    return min(MAX_BLOCK, max(MIN_BLOCK, BLOCK_BYTES // math.prod(shape)))


def n_places(shape: tuple[int, ...]) -> int:
    """Return for how many frames a block has memory: for the first of the next block as well."""
    return block_size(shape) + 1


class Block:
    """Consecutive frames that one process draws.

    Parameters
    ----------
    start : int
        Number of the first frame.
    frames : array of uint8, shape (n, height, width, 4)
        Their memory.
    worker : ForkedWorker, optional
        The process that draws them; None is this one.

    Attributes
    ----------
    n_asked : int
        The frames that the worker was asked for. If there are several, the last is the first of the next block, for
        comparison.
    n_frames : int
        How many frames of the animation belong to the block so far.
    n_put : int
        How many of them have been encoded.
    is_open : bool
        Whether more frames may come to belong to it.
    is_checked : bool
        Whether its last state needs no comparison with that of the next block.
    last : array, optional
        The last frame of the animation as this process draws it, if the block is the last one.
    """

    def __init__(self, start: int, frames: Frame, worker: ForkedWorker | None) -> None:
        self.start, self.frames, self._worker = start, frames, worker
        self.n_asked = 0 if worker is None else worker.n_frames
        self.n_frames = self.n_put = 0
        self.is_open = worker is not None
        self.is_checked = self.n_asked <= 1
        self.last: Frame | None = None

    @property
    def is_own(self) -> bool:
        """Return whether this process draws the frames."""
        return self._worker is None

    @property
    def n_ready(self) -> int:
        """Return how many of its frames are drawn."""
        if self._worker is None:
            return self.n_frames
        self._worker.poll()
        return min(self._worker.n_ready, self.n_frames)

    @property
    def has_check_frame(self) -> bool:
        """Return whether the worker has drawn the first frame of the next block as well."""
        if self._worker is None:
            return False
        self._worker.poll()
        return self._worker.n_ready > self.n_frames

    @property
    def is_drawing(self) -> bool:
        """Return whether another process has frames of the block left to draw."""
        return self._worker is not None and self._worker.is_drawing

    @property
    def has_failed(self) -> bool:
        """Return whether the worker has ended, other than to leave the user's acts to this process."""
        return self._worker is not None and self._worker.has_ended and not self._worker.has_acted

    def error(self) -> BaseException:
        """Return why the worker ended early."""
        if self._worker is None:
            raise ValueError("the block must have a worker; it has none")
        return self._worker.error(self.start + self._worker.n_ready)

    def frame(self, index: int) -> Frame:
        """Return one of its frames, by its number in the block."""
        frame: Frame = self.frames[index % len(self.frames)]
        return frame

    def wait(self, n_frames: int, usual_seconds: float) -> None:
        """Wait until the worker has drawn a number of frames; raise what it raised instead."""
        if self._worker is None:
            return
        self._worker.wait(n_frames, usual_seconds)
        if self._worker.n_ready < n_frames:
            raise self.error()

    def let_go_on(self, n_frames: int) -> None:
        """Let the worker draw more frames, in the memory of as many that are no longer needed."""
        if self._worker is not None:
            self._worker.let_go_on(n_frames)

    def close(self) -> None:
        """End the worker."""
        if self._worker is not None:
            self._worker.close()
