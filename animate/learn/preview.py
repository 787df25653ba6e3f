"""Previews: pictures of which a live page shows a first version while the exact one is being computed.

Inside `preview`, descents stop at a limit of processor time and stay where they are, and maps that take long are
computed on coarser grids.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import numpy as np

from animate.learn.validation import Floats

LEAST_UPDATES = 16
"""Updates that a descent makes in a preview even without any time left."""

CHECKED_EVERY = 8
"""Updates between two looks at the clock."""

N_TRIED, LEAST_POINTS = 8, 16
"""Points along each side of the grid that shows how long a function takes, and of the coarsest grid of a preview."""

GRID_SHARE = 1 / 3
"""Share of the points along each side of a grid that a preview keeps, or fewer if they take long."""

MAP_SECONDS = 0.008
"""Processor time that the values on all grids of a preview may take."""


@dataclass
class Preview:
    """What a preview left out.

    Attributes
    ----------
    seconds : float
        Processor time for all descents together.
    map_seconds : float
        Processor time left for values on grids.
    n_done, n_updates : int
        Updates of the descent that was cut most, and those that it would have made; 0 if none was cut.
    is_coarse : bool
        Whether a map was computed on a coarser grid, or a search tried fewer values.
    """

    seconds: float
    map_seconds: float = MAP_SECONDS
    n_done: int = 0
    n_updates: int = 0
    is_coarse: bool = False

    @property
    def is_exact(self) -> bool:
        """Whether nothing was left out."""
        return not self.n_updates and not self.is_coarse

    def note(self, n_done: int, n_updates: int) -> None:
        """Take note of a descent that was cut."""
        if not self.n_updates or n_done * self.n_updates < self.n_done * n_updates:
            self.n_done, self.n_updates = n_done, n_updates


_current: ContextVar[Preview | None] = ContextVar("preview", default=None)


@contextmanager
def preview(seconds: float, map_seconds: float = MAP_SECONDS) -> Iterator[Preview]:
    """Compute a preview inside a ``with`` block.

    Parameters
    ----------
    seconds : float
        Processor time for all descents together; each may take half of what is left.
    map_seconds : float
        Processor time for the values on all grids together.
    """
    started = Preview(seconds, map_seconds)
    token = _current.set(started)
    try:
        yield started
    finally:
        _current.reset(token)


def fewer_tried(values: tuple[float, ...]) -> tuple[float, ...]:
    """Return in a preview each third of the values that a search tries, which it notes; else nothing."""
    current = _current.get()
    if current is None:
        return ()
    current.is_coarse = True
    return values[::3]


def n_repeated(path: Floats) -> int:
    """Return how many entries at the end of a path only repeat the one before them, in a preview; else 0.

    A descent that was cut stays where it is, and the loss there is computed once.

    >>> path = np.array([[1.0], [2.0], [2.0], [2.0]])
    >>> with preview(1.0):
    ...     n_repeated(path)
    2
    >>> n_repeated(path)
    0
    """
    if _current.get() is None:
        return 0
    moving = np.flatnonzero((path != path[-1]).any(axis=1))
    return len(path) - 2 - int(moving[-1]) if moving.size else len(path) - 1


class Allowance:
    """The time of one descent: half of what its preview has left, or any outside a preview."""

    def __init__(self) -> None:
        self._preview = _current.get()
        self._begun = time.thread_time()
        self._seconds = 0.0 if self._preview is None else self._preview.seconds / 2

    def is_over(self, n_done: int, n_updates: int) -> bool:
        """Return whether the descent must stop after so many updates, which is then noted."""
        if self._preview is None or n_done < LEAST_UPDATES or n_done >= n_updates or n_done % CHECKED_EVERY:
            return False
        if time.thread_time() - self._begun < self._seconds:
            return False
        self._preview.note(n_done, n_updates)
        return True

    def end(self) -> None:
        """Take the time of the descent from that of its preview."""
        if self._preview is not None:
            self._preview.seconds = max(0.0, self._preview.seconds - (time.thread_time() - self._begun))


def on_grid(n_points: int, evaluate: Callable[[int], Floats]) -> Floats:
    """Return the values of a function on a grid; in a preview on a coarser one, if its time is used up.

    Parameters
    ----------
    n_points : int
        Points along each side.
    evaluate : callable
        From the number of points along each side, n, to values (n, n).
    """
    current = _current.get()
    if current is None:
        return evaluate(n_points)
    begun = time.thread_time()
    evaluate(min(N_TRIED, n_points))
    whole = (time.thread_time() - begun) * (n_points / N_TRIED) ** 2
    if whole > current.map_seconds:
        current.is_coarse = True
        affordable = n_points * (current.map_seconds / whole) ** 0.5
        n_points = min(n_points, max(LEAST_POINTS, min(int(affordable), round(GRID_SHARE * n_points))))
    values = evaluate(n_points)
    current.map_seconds = max(0.0, current.map_seconds - (time.thread_time() - begun))
    return values
