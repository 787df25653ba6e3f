"""The timeline: which update is on screen at which second."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from animate.errors import UsageError, did_you_mean

LOG_KNEE_UPDATES = 4.0
MAX_SECONDS = 3600


def _linear(share: float, n_updates: int) -> float:
    return share * n_updates


def _eased(share: float, n_updates: int) -> float:
    return share * share * (3 - 2 * share) * n_updates


def _log(share: float, n_updates: int) -> float:
    return LOG_KNEE_UPDATES * math.expm1(share * math.log1p(n_updates / LOG_KNEE_UPDATES))


PACES: dict[str, Callable[[float, int], float]] = {"linear": _linear, "eased": _eased, "log": _log}
"""From the share of playing time that has passed (0..1) to the update on screen (0..n_updates)."""


@dataclass(frozen=True)
class Timeline:
    """The update on screen at each moment.

    The first update is held, then ``seconds`` play at a pace, then the last update is held. The length is in
    seconds: a higher frame rate makes it smoother, never longer.

    Parameters
    ----------
    n_updates : int
        The last update; 0 is the start.
    seconds : float
        Playing time between the holds.
    hold_start, hold_end : float
        Seconds for which the first and the last update are held.
    pace : {"linear", "eased", "log"}
        ``log`` gives the first updates more time: update = 4 ((1 + n/4)^share - 1).
    pauses : dict of int to float
        Seconds for which an update is held, so that a caption can be read.

    Raises
    ------
    UsageError
        If a number is negative or not finite, or the pace is unknown.
    """

    n_updates: int
    seconds: float = 6.0
    hold_start: float = 1.2
    hold_end: float = 2.2
    pace: str = "linear"
    pauses: dict[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.n_updates < 0:
            raise UsageError(f"n_updates must be 0 or more; got {self.n_updates}.")
        if self.pace not in PACES:
            hint = did_you_mean(self.pace, PACES)
            raise UsageError(f"pace must be one of {', '.join(PACES)}; got {self.pace!r}.{hint}")
        for name in ("seconds", "hold_start", "hold_end"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value >= 0):
                raise UsageError(f"{name} must be a finite number of seconds, 0 or more; got {value!r}.")

    @property
    def duration(self) -> float:
        """Return the length in seconds."""
        return self.hold_start + self.seconds + sum(self.pauses.values()) + self.hold_end

    def retimed(
        self, *, seconds: float | None = None, hold: float | None = None, slower: float | None = None
    ) -> Timeline:
        """Return the timeline with another length or another hold of the last update.

        Parameters
        ----------
        seconds : float, optional
            The whole length. All times are scaled alike, except a given `hold`.
        hold : float, optional
            Seconds for which the last update is held.
        slower : float, optional
            The factor by which all times are multiplied, except a given `hold`.

        Raises
        ------
        UsageError
            If a number is out of range, or both `seconds` and `slower` are given.
        """
        if seconds is not None and slower is not None:
            raise UsageError("seconds and slower both set the length: give one of them.")
        for name, value, least in (("seconds", seconds, 0.1), ("hold", hold, 0.0), ("slower", slower, 0.01)):
            if value is not None and not least <= value <= MAX_SECONDS:  # also refuses nan
                raise UsageError(f"{name} must be between {least:g} and {MAX_SECONDS}; got {value:g}.")
        held = self.hold_end if hold is None else hold
        factor = slower or 1.0
        if seconds is not None:
            fixed = hold or 0.0
            scaled = self.duration - (self.hold_end if hold is not None else 0.0)
            if seconds <= fixed:
                raise UsageError(f"seconds must be above the {fixed:g} s of hold; got {seconds:g}.")
            factor = (seconds - fixed) / scaled if scaled else 1.0
        return replace(
            self,
            seconds=self.seconds * factor,
            hold_start=self.hold_start * factor,
            hold_end=held if hold is not None else held * factor,
            pauses={update: pause * factor for update, pause in self.pauses.items()},
        )

    def n_frames(self, fps: float) -> int:
        """Return the number of frames at a frame rate; at least one."""
        return max(1, round(self.duration * fps))

    def moment(self, at: float | str) -> float:
        """Return the time in seconds of a position: a fraction from 0 to 1, ``first`` or ``last``.

        Raises
        ------
        UsageError
            If it is anything else.
        """
        try:
            share = float({"first": 0.0, "last": 1.0}.get(at, at) if isinstance(at, str) else at)
        except ValueError:
            hint = did_you_mean(str(at), ("first", "last"))
            raise UsageError(f"at must be a number from 0 to 1, first or last; got {at!r}.{hint}") from None
        if not 0 <= share <= 1:  # also refuses nan
            raise UsageError(f"at must be between 0 and 1; got {share:g}.")
        return share * self.duration

    def end_of(self, beat: int) -> float:
        """Raise `UsageError`; a timeline of beats returns the last moment of a beat in seconds."""
        raise UsageError(f"beat must not be given for a scene without beats; got {beat}. Use at instead.")

    def sheet_times(self, n_frames: int | None = None) -> list[float]:
        """Return the times in seconds of the pictures of a contact sheet, evenly spaced; 9 where no number is given.

        Raises
        ------
        UsageError
            If the number is not between 1 and 100.
        """
        if n_frames is not None and not 1 <= n_frames <= 100:
            raise UsageError(f"n_frames must be between 1 and 100; got {n_frames}.")
        count = n_frames or 9
        return [self.duration * i / max(count - 1, 1) for i in range(count)]

    def update_at(self, time: float) -> int:
        """Return the update on screen at a time in seconds: from 0 to ``n_updates``, never falling."""
        if time >= self.duration:
            return self.n_updates
        playing = time - self.hold_start
        for update, pause in sorted(self.pauses.items()):
            begin = self._playing_time(update)
            if playing > begin + pause:
                playing -= pause
            elif playing > begin:
                return update
        if playing < 0:
            return 0
        if playing >= self.seconds:
            return self.n_updates
        reached = PACES[self.pace](playing / self.seconds, self.n_updates)
        return min(self.n_updates, math.floor(reached + 1e-9))

    def position_at(self, time: float) -> float:
        """Return the update at a time in seconds; between two of them where the picture moves continuously."""
        return self.update_at(time)

    def share_at(self, time: float) -> float:
        """Return how far the progress bar reaches at a time in seconds, from 0 to 1."""
        playing = self.duration - self.hold_start - self.hold_end
        return min(max((time - self.hold_start) / playing, 0.0), 1.0) if playing > 0 else 1.0

    def time_of(self, update: int) -> float:
        """Return the first time in seconds at which an update is on screen."""
        playing = self._playing_time(min(max(update, 0), self.n_updates))
        waited = sum(pause for at, pause in self.pauses.items() if at < update)
        return 0.0 if update <= 0 else self.hold_start + playing + waited

    def _playing_time(self, update: int) -> float:
        low, high = 0.0, 1.0
        for _ in range(60):
            middle = (low + high) / 2
            if PACES[self.pace](middle, self.n_updates) >= update:
                high = middle
            else:
                low = middle
        return high * self.seconds
