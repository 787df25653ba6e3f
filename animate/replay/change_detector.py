"""When to ask whether an artist changed, and how: by its fingerprint, along with others, or by a glance."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from animate.replay.artist_state import ArtistState
from animate.replay.state_snapshot import StateSnapshot
from animate.replay.value_snapshot import ValueSnapshot

_STEADY_FRAMES = 8
_LONGEST_WAIT = 64
_LONGEST_STEADY = 2048


class ChangeDetector:
    """Says whether something must be drawn anew, and takes fingerprints only of what tends to stay.

    What changed although it had hardly rested is drawn in the next frames without being asked, and asked again after
    ever longer waits: a fingerprint of what moves is work for nothing. What takes a mere glance is asked every time.
    """

    def __init__(
        self, take: Callable[[], ArtistState], wait: int, take_values: Callable[[], ValueSnapshot | None] = lambda: None
    ) -> None:
        self._take, self._wait, self._take_values = take, wait, take_values
        self._backoff, self._n_matches = 1, 0
        self._is_unwatchable, self._is_tried = False, False
        self._steady_frames, self._is_steady = _STEADY_FRAMES, False
        self.state: ArtistState | ValueSnapshot | None = None
        self._last_compared: ValueSnapshot | None = None
        """What it was found to have changed to."""
        self.batch: DetectorBatch | None = None
        """The others it is compared with, all at once."""

    def changed(self) -> bool:
        """Return whether it may draw differently from the last time."""
        if self.state is None:
            return True
        if (self.batch is not None and self.batch.is_same) or self.state.matches():
            self._is_tried = True
            self._n_matches += 1
            if self._n_matches == self._steady_frames and isinstance(self.state, ValueSnapshot):
                self.take()  # it has come to rest, and can now be compared along with others
                self._is_steady = True
            return False
        if self._is_steady and not self._n_matches:  # equal values took the place of others: only a glance sees that
            self._steady_frames = min(4 * self._steady_frames, _LONGEST_STEADY)
        self._is_steady = False
        was_steady = self._n_matches >= _STEADY_FRAMES
        self._backoff = 1 if was_steady else min(2 * self._backoff, _LONGEST_WAIT)
        self._wait = 0 if was_steady else self._backoff
        self._n_matches = 0
        compared = self.state.as_compared() if isinstance(self.state, ValueSnapshot) else None
        self._drop()
        self._last_compared = compared
        return True

    def _drop(self) -> None:
        self.state, self._is_tried, self.batch, self._last_compared = None, False, None, None

    @property
    def is_steady(self) -> bool:
        """Return whether it stayed the same at least once, in every way."""
        return self._is_tried and self.state is not None and not self.state.has_identity_churn

    @property
    def dependencies(self) -> Iterable[int]:
        """Return the identities of the figures and axes it depends on."""
        return () if self.state is None else self.state.containers

    def drawn(self, *, as_compared: bool = False) -> None:
        """Note that it was just drawn, perhaps from what it was found to have changed to."""
        compared = self._last_compared if as_compared else None
        self._drop()
        if self._is_unwatchable:
            return
        if self._wait:
            self._wait -= 1
            self.state = compared or self._take_values()
            return
        state = self._take()
        self._is_unwatchable, self._n_matches = state.opaque, 0
        self.state = None if state.opaque else state

    def refresh(self) -> None:
        """Note that it was made to work, in a way that leaves what it draws the same."""
        if self.state is not None:
            self._drop()
            self.state = self._take()

    def take(self) -> None:
        """Take a fingerprint now, whatever happened before."""
        if not self._is_unwatchable:
            self._backoff, self._wait = 1, 0
            self.drawn()

    def forget(self) -> None:
        """Note that it was drawn because of what it is part of, which is likely to change again."""
        self._drop()


class DetectorBatch:
    """A few watches whose fingerprints are compared at once, as long as none of them changed."""

    size = 12

    def __init__(self, detectors: list[ChangeDetector]) -> None:
        self._detectors = detectors
        self._states: list[ArtistState | ValueSnapshot | None] = []
        self.snapshot = StateSnapshot.union(())
        self.is_same = False

    def compare(self) -> None:
        """Compare all."""
        self.is_same = self.snapshot.unchanged()

    def renew(self) -> None:
        """Take in those that have come to rest, leave out those that have not."""
        steady = [detector for detector in self._detectors if detector.is_steady]
        states = [detector.state for detector in steady]
        if states != self._states:
            self._states = states
            self.snapshot = StateSnapshot.union(state.snapshot for state in states if state is not None)
            for detector in self._detectors:
                detector.batch = self if detector.is_steady else None
