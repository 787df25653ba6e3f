"""The choice between replay and full draws, by the processor time that each took recently.

If most of a figure moves in every frame, detecting changes and recording calls cost more than they save. Both ways give
the same pixels, so each frame can take the cheaper one.
"""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SHORTEST_STRETCH = 32
"""Number of frames drawn in full before replay is tried again; doubled after each trial that does not pay.

A trial that cost several full draws is followed by a stretch that is as many times longer."""

LONGEST_STRETCH = 1024

CHEAP, DEAR = 0.35, 0.92
"""Shares of the cost of a full draw. Below the first, replay clearly pays; above the second, it does not."""

MEASUREMENT_LIFE = 64
"""Number of replayed frames after which a measured full draw is too old and must be measured again."""


class CostGuard:
    """Decides for each frame whether a full draw is cheaper than replay."""

    def __init__(self) -> None:
        self._full: float | None = None
        self._age = math.inf
        self._costs: list[float] = []
        self._is_warm = False
        self._is_measuring = False
        self._n_full_left = 0
        self._stretch = SHORTEST_STRETCH

    def prefers_full(self) -> bool:
        """Return whether the next frame should be drawn in full."""
        return self._n_full_left > 0

    def estimate_full(self, seconds: float) -> None:
        """Note an estimate of a full draw, which only decides whether to measure one.

        Parameters
        ----------
        seconds : float
            Processor time in seconds.
        """
        if self._age == math.inf:
            self._full = seconds if self._full is None else min(self._full, seconds)

    def time_full(self, draw: Callable[[], object]) -> None:
        """Draw in full, and note the time as an estimate."""
        begin = time.thread_time()
        draw()
        self.estimate_full(time.thread_time() - begin)

    def note_full(self, seconds: float) -> None:
        """Note the cost of a full draw.

        Parameters
        ----------
        seconds : float
            Processor time in seconds.
        """
        self._full, self._age = seconds, 0
        self._n_full_left = max(0, self._n_full_left - 1)
        if self._is_measuring:
            self._is_measuring = False
            self._judge()
        if self._n_full_left == 0:  # a trial of replay begins
            self._is_warm, self._costs = False, []

    def note_replay(self, seconds: float) -> None:
        """Note the cost of a replayed frame.

        Parameters
        ----------
        seconds : float
            Processor time in seconds.
        """
        self._age += 1
        if not self._is_warm:
            self._is_warm = True  # the first frame of a trial draws and records everything
            self.estimate_full(seconds)
            return
        self._costs = [*self._costs[-1:], seconds]
        self._judge()

    def _judge(self) -> None:
        """Decide how to draw the next frames."""
        cost = min(self._costs)
        if self._full is not None and cost <= CHEAP * self._full:
            self._stretch = SHORTEST_STRETCH
        elif self._age > MEASUREMENT_LIFE:
            self._is_measuring, self._n_full_left = True, 1
        elif self._full is not None and cost > DEAR * self._full:
            self._n_full_left = min(round(self._stretch * max(1.0, cost / self._full)), LONGEST_STRETCH)
            self._stretch = min(2 * self._stretch, LONGEST_STRETCH)


@contextmanager
def garbage_collection_paused() -> Iterator[None]:
    """Collect no garbage in the block; the many lasting objects of a first frame would double its time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
