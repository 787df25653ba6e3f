"""How many processes may draw, and whether more than one pays, by the frames per second that each way gave."""

from __future__ import annotations

import math
import os
import sys
from statistics import median

from animate.errors import UsageError

LEAST_GAIN = 0.95
"""Share of the time of one process that several may take and still count as faster."""

SHORTEST_STRETCH, LONGEST_STRETCH = 64, 1024
"""Number of frames drawn by one process before several are tried again; doubled after each trial that does not pay."""

CHEAP_SECONDS, CHEAP_SECONDS_SINGLE = 0.004, 0.015
"""Seconds that a frame must take to be worth a fork: one for a block of frames, and one for each frame."""

N_MEASURED = 6
"""Frames that one process draws before it is decided whether more would pay."""

N_SETTLING = 2
"""Blocks after a change between one process and several that are not measured."""


def n_jobs(jobs: int | str | None) -> tuple[int, bool]:
    """Return how many processes may draw, and whether it is to be measured that they pay.

    Parameters
    ----------
    jobs : int or "auto" or None
        None takes the environment variable ``ANIMATE_JOBS``, and 1 without it. "auto" is one for each processor.

    Raises
    ------
    UsageError
        If it is neither.

    >>> n_jobs(3)
    (3, False)
    """
    name, value = "jobs", jobs
    if jobs is None:
        name, value = "ANIMATE_JOBS", os.environ.get("ANIMATE_JOBS") or 1
    if value == "auto":
        return n_processors(), True
    try:
        number = int(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        number = 0
    if number < 1 or isinstance(value, (bool, float)):
        raise UsageError(f'{name} must be a number of processes, 1 or more, or "auto"; got {value!r}.')
    return number, False


def n_processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def no_fork_reason() -> str:
    """Return why this system cannot fork safely; empty if it can.

    macOS ends forks that use some of its libraries. Elsewhere a fork cannot open its files anew.
    """
    return "" if sys.platform == "linux" else "forks are safe on Linux only"


class WorkerGuard:
    """Decides whether several processes draw the next frames, by the time that each way took per frame."""

    def __init__(self) -> None:
        self.may_fork = False
        self._alone = math.inf
        self._stretch = SHORTEST_STRETCH
        self._since: tuple[int, float] | None = None
        self._until = 0
        self._draws: list[float] = []

    def note_draw(self, seconds: float) -> None:
        """Note how long this process took to draw a frame."""
        self._draws = [*self._draws[-8:], seconds]

    @property
    def usual_seconds(self) -> float:
        """Return how long this process takes to draw a frame."""
        return median(self._draws) if self._draws else 0.0

    def start(self, frame: int, now: float) -> None:
        """Begin to measure how long frames take that one process draws."""
        self._since, self._until = (frame, now), frame + N_MEASURED

    def settle(self, frame: int, block_size: int) -> None:
        """Note that several processes begin to draw, so that the next frames are not measured."""
        self.may_fork, self._since = True, None
        self._until = frame + N_SETTLING * max(block_size, 4)

    def is_dear(self, block_size: int) -> bool:
        """Return whether a frame takes long enough to be worth a fork."""
        return self.usual_seconds > (CHEAP_SECONDS if block_size > 1 else CHEAP_SECONDS_SINGLE)

    def note_frame(self, frame: int, now: float, block_size: int) -> None:
        """Note that a frame was handed over, and decide about the next ones.

        Parameters
        ----------
        frame : int
            Its number.
        now : float
            The time in seconds.
        block_size : int
            How many frames a fork draws.
        """
        if self.may_fork:
            self._judge_several(frame, now, block_size)
        elif frame >= self._until and self._since is not None:
            self._judge_one(frame, now, block_size)

    def _judge_one(self, frame: int, now: float, block_size: int) -> None:
        first, began = self._since or (frame, now)
        if frame > first:
            self._alone = (now - began) / (frame - first)
        if self.is_dear(block_size):
            self.settle(frame, block_size)
        else:
            self._wait(frame, now)

    def _judge_several(self, frame: int, now: float, block_size: int) -> None:
        if frame < self._until:
            return
        if self._since is None:
            self._since = frame, now
            return
        first, began = self._since
        if frame - first < 4 * max(block_size, 4):
            return
        if (now - began) / (frame - first) > LEAST_GAIN * self._alone:
            self.may_fork = False
            self._wait(frame, now)
        else:
            self._since, self._stretch = (frame, now), SHORTEST_STRETCH

    def _wait(self, frame: int, now: float) -> None:
        self._until = frame + self._stretch
        self._stretch = min(2 * self._stretch, LONGEST_STRETCH)
        self._since = frame, now
