"""The choice between replay and a full draw, by the processor time that each took lately.

Where most of a figure moves in every frame, looking for changes and recording calls costs more than it saves. Both
ways give the same pixels, so each frame can take the cheaper one.
"""

from __future__ import annotations

import math

SHORTEST_STRETCH = 32
"""Frames drawn in full before replay is tried again; doubled after each trial that does not pay."""

LONGEST_STRETCH = 1024

CHEAP, DEAR = 0.35, 0.92
"""Shares of a full draw: below the first, replay pays without doubt; above the second, it does not pay."""

MEASUREMENT_LIFE = 64
"""Replayed frames after which the time of a full draw is measured anew before anything is decided by it."""


class CostGuard:
    """Says for each frame whether a full draw is the cheaper way."""

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
        """Note about what a full draw takes; nothing is decided by it but whether to measure."""
        if self._age == math.inf:
            self._full = seconds if self._full is None else min(self._full, seconds)

    def note_full(self, seconds: float) -> None:
        """Note what a full draw took."""
        self._full, self._age = seconds, 0
        self._n_full_left = max(0, self._n_full_left - 1)
        if self._is_measuring:
            self._is_measuring = False
            self._judge()
        if self._n_full_left == 0:  # a trial begins
            self._is_warm, self._costs = False, []

    def note_replay(self, seconds: float) -> None:
        """Note what a replayed frame took."""
        self._age += 1
        if not self._is_warm:
            self._is_warm = True  # the first frame of a run draws and records everything
            self.estimate_full(seconds)
            return
        self._costs = [*self._costs[-1:], seconds]
        self._judge()

    def _judge(self) -> None:
        """Decide about the next frames."""
        cost = min(self._costs)
        if self._full is not None and cost <= CHEAP * self._full:
            self._stretch = SHORTEST_STRETCH
        elif self._age > MEASUREMENT_LIFE:
            self._is_measuring, self._n_full_left = True, 1
        elif self._full is not None and cost > DEAR * self._full:
            self._n_full_left = self._stretch
            self._stretch = min(2 * self._stretch, LONGEST_STRETCH)
