"""How far a whole build is: each scene weighs as long as it took the last time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from animate.batch.plan import Plan
from animate.batch.tasks import Report


class BuildProgress:
    """How far a build is.

    Parameters
    ----------
    plans : sequence of Plan
        What is to be made.
    tell : callable, optional
        Called with this object whenever there is something new, from any thread.

    Attributes
    ----------
    n_done, n_scenes : int
    """

    def __init__(self, plans: Sequence[Plan], tell: Callable[[BuildProgress], object] | None) -> None:
        known = [one.entry.seconds for one in plans if one.entry is not None and one.entry.seconds > 0]
        mean = sum(known) / len(known) if known else 1.0
        self._weights = {one.order.id: (one.entry.seconds if one.entry else 0.0) or mean for one in plans}
        self._shares: dict[str, dict[int, float]] = {}
        self._lock = threading.Lock()
        self._tell = tell
        self._began = time.monotonic()
        self.n_done, self.n_scenes = 0, len(plans)

    @property
    def share(self) -> float:
        """Return how much is done, 0 to 1."""
        with self._lock:
            done = sum(self._weights[name] * sum(parts.values()) for name, parts in self._shares.items())
        return min(1.0, done / sum(self._weights.values())) if self._weights else 1.0

    @property
    def seconds_left(self) -> float | None:
        """Return how long it will still take, or None where that cannot be said yet."""
        share = self.share
        return (time.monotonic() - self._began) * (1 - share) / share if share > 0.01 else None

    def reporter(self, name: str, task: int, n_tasks: int) -> Report:
        """Return what a worker calls with how far one of a scene's tasks is."""

        def report(_stage: str, done: int, total: int) -> None:
            with self._lock:
                self._shares.setdefault(name, {})[task] = min(done / max(total, 1), 1.0) / n_tasks
            self._told()

        return report

    def done(self, name: str) -> None:
        """Take note that a scene is done, well or not."""
        with self._lock:
            self._shares[name] = {0: 1.0}
            self.n_done += 1
        self._told()

    def _told(self) -> None:
        if self._tell is not None:
            self._tell(self)
