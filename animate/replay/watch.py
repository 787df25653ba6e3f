"""When to ask whether an artist changed, and how: by its fingerprint, along with others, or by a glance."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from animate.replay.fingerprint import Fingerprint
from animate.replay.glance import Glance
from animate.replay.held import Held

_REST_FRAMES = 8
_LONGEST_WAIT = 64
_LONGEST_REST = 2048


class Watch:
    """Says whether something must be drawn anew, and takes fingerprints only of what tends to stay.

    What changed although it had hardly rested is drawn in the next frames without being asked, and asked again after
    ever longer waits: a fingerprint of what moves is work for nothing. What takes a mere glance is asked every time.
    """

    def __init__(
        self, take: Callable[[], Fingerprint], wait: int, glance: Callable[[], Glance | None] = lambda: None
    ) -> None:
        self._take, self._wait, self._glance = take, wait, glance
        self._patience, self._n_matches = 1, 0
        self._is_hopeless, self._is_tried = False, False
        self._rest_frames, self._is_at_rest = _REST_FRAMES, False
        self.fingerprint: Fingerprint | Glance | None = None
        self._seen: Glance | None = None
        """What it was found to have changed to."""
        self.bundle: Bundle | None = None
        """The others it is compared with, all at once."""

    def changed(self) -> bool:
        """Return whether it may draw differently from the last time."""
        if self.fingerprint is None:
            return True
        if (self.bundle is not None and self.bundle.is_same) or self.fingerprint.matches():
            self._is_tried = True
            self._n_matches += 1
            if self._n_matches == self._rest_frames and isinstance(self.fingerprint, Glance):
                self.take()  # it has come to rest, and can now be compared along with others
                self._is_at_rest = True
            return False
        if self._is_at_rest and not self._n_matches:  # equal values took the place of others: only a glance sees that
            self._rest_frames = min(4 * self._rest_frames, _LONGEST_REST)
        self._is_at_rest = False
        rested = self._n_matches >= _REST_FRAMES
        self._patience = 1 if rested else min(2 * self._patience, _LONGEST_WAIT)
        self._wait = 0 if rested else self._patience
        self._n_matches = 0
        seen = self.fingerprint.as_seen() if isinstance(self.fingerprint, Glance) else None
        self._drop()
        self._seen = seen
        return True

    def _drop(self) -> None:
        self.fingerprint, self._is_tried, self.bundle, self._seen = None, False, None, None

    @property
    def is_calm(self) -> bool:
        """Return whether it stayed the same at least once, in every way."""
        return self._is_tried and self.fingerprint is not None and not self.fingerprint.is_restless

    @property
    def met(self) -> Iterable[int]:
        """Return the identities of the figures and axes it depends on."""
        return () if self.fingerprint is None else self.fingerprint.containers

    def drawn(self, *, as_seen: bool = False) -> None:
        """Note that it was just drawn, perhaps from what it was found to have changed to."""
        seen = self._seen if as_seen else None
        self._drop()
        if self._is_hopeless:
            return
        if self._wait:
            self._wait -= 1
            self.fingerprint = seen or self._glance()
            return
        fingerprint = self._take()
        self._is_hopeless, self._n_matches = fingerprint.opaque, 0
        self.fingerprint = None if fingerprint.opaque else fingerprint

    def refresh(self) -> None:
        """Note that it was made to work, in a way that leaves what it draws the same."""
        if self.fingerprint is not None:
            self._drop()
            self.fingerprint = self._take()

    def take(self) -> None:
        """Take a fingerprint now, whatever happened before."""
        if not self._is_hopeless:
            self._patience, self._wait = 1, 0
            self.drawn()

    def forget(self) -> None:
        """Note that it was drawn because of what it is part of, which is likely to change again."""
        self._drop()


class Bundle:
    """A few watches whose fingerprints are compared at once, as long as none of them changed."""

    size = 12

    def __init__(self, watches: list[Watch]) -> None:
        self._watches = watches
        self._fingerprints: list[Fingerprint | Glance | None] = []
        self.held = Held.union(())
        self.is_same = False

    def look(self) -> None:
        """Compare all."""
        self.is_same = self.held.unchanged()

    def renew(self) -> None:
        """Take in those that have come to rest, leave out those that have not."""
        calm = [watch for watch in self._watches if watch.is_calm]
        fingerprints = [watch.fingerprint for watch in calm]
        if fingerprints != self._fingerprints:
            self._fingerprints = fingerprints
            self.held = Held.union(fingerprint.held for fingerprint in fingerprints if fingerprint is not None)
            for watch in self._watches:
                watch.bundle = self if watch.is_calm else None
