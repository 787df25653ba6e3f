"""When and how an artist is checked for changes: by its state, in a batch of states, or by its values."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from animate.replay.artist_state import ArtistState
from animate.replay.state_snapshot import StateSnapshot
from animate.replay.value_snapshot import ValueSnapshot

_STEADY_FRAMES = 8
_LONGEST_WAIT = 64
_LONGEST_STEADY = 2048


class ChangeDetector:
    """Detects whether an artist must be redrawn, and takes states only of artists that tend to stay the same.

    Artists that keep changing are redrawn unconditionally, with exponential backoff, because the state of a moving
    artist is taken in vain. Artists with a cheap value snapshot are compared in every frame.

    Parameters
    ----------
    take : callable
        Returns the current `ArtistState`.
    wait : int
        Number of frames before the first state is taken.
    take_values : callable
        Returns the current `ValueSnapshot`, or None if the artist has none.
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
        """The values that the last comparison found, if they had changed."""
        self.batch: DetectorBatch | None = None
        """The batch in which the state is compared, or None."""

    def changed(self) -> bool:
        """Return whether the artist may draw differently from the last time."""
        if self.state is None:
            return True
        if (self.batch is not None and self.batch.is_same) or self.state.matches():
            self._is_tried = True
            self._n_matches += 1
            if self._n_matches == self._steady_frames and isinstance(self.state, ValueSnapshot):
                self.take()  # the artist has stopped moving, and its state can now be compared in a batch
                self._is_steady = True
            return False
        if self._is_steady and not self._n_matches:  # equal objects: only a value snapshot tolerates them
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
        """Return whether the state has matched at least once, without replaced objects."""
        return self._is_tried and self.state is not None and not self.state.has_identity_churn

    @property
    def dependencies(self) -> Iterable[int]:
        """Return the identities of the figures and axes that the artist depends on."""
        return () if self.state is None else self.state.containers

    def drawn(self, *, as_compared: bool = False) -> None:
        """Update the baseline after the artist was drawn.

        Parameters
        ----------
        as_compared : bool
            Whether the artist was drawn from the values that the last comparison found.
        """
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
        """Renew the state after a measurement that may have changed the artist but not its drawing."""
        if self.state is not None:
            self._drop()
            self.state = self._take()

    def rebase(self) -> None:
        """Take a new state if the one that was taken no longer matches although nothing changed."""
        is_same = self.batch is not None and self.batch.is_same
        if isinstance(self.state, ArtistState) and not is_same and not self.state.matches():
            self.refresh()

    def take(self) -> None:
        """Take the state now, regardless of any backoff."""
        if not self._is_unwatchable:
            self._backoff, self._wait = 1, 0
            self.drawn()

    def stop(self) -> None:
        """Redraw the artist in every frame from now on."""
        self._is_unwatchable = True
        self._drop()

    def forget(self) -> None:
        """Drop the state after a redraw that its container caused, since the container is likely to change again."""
        self._drop()


class DetectorBatch:
    """A few detectors whose states are compared in one pass, as long as none of them changed.

    Parameters
    ----------
    detectors : list of ChangeDetector
        The members of the batch, at most `size`.
    """

    size = 12

    def __init__(self, detectors: list[ChangeDetector]) -> None:
        self._detectors = detectors
        self._states: list[ArtistState | ValueSnapshot | None] = []
        self.snapshot = StateSnapshot.union(())
        self.is_same = False

    def compare(self) -> None:
        """Compare all states of the batch."""
        self.is_same = self.snapshot.unchanged()

    def renew(self) -> None:
        """Include the detectors that have become steady and exclude the others."""
        steady = [detector for detector in self._detectors if detector.is_steady]
        states = [detector.state for detector in steady]
        if states != self._states:
            self._states = states
            self.snapshot = StateSnapshot.union(state.snapshot for state in states if state is not None)
            for detector in self._detectors:
                detector.batch = self if detector.is_steady else None


def rebase_detectors(batches: Iterable[DetectorBatch], detectors: Iterable[ChangeDetector]) -> None:
    """Let detectors take new states where the old ones no longer match although nothing changed."""
    for batch in batches:
        batch.compare()
    for detector in detectors:
        detector.rebase()
