"""Which fragment is shown when: fragments of successive drawings, aligned into tracks.

A track is one place in the order of drawing. In every frame it shows one fragment or none, so a drawing is what its
tracks show, in their order.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher

from animate.vector.fragments import Fragment

HIDDEN = -1
"""The slot of a track that shows nothing."""


class Track:
    """The fragments of one place.

    Attributes
    ----------
    slots : list of tuple of Fragment
        The different things that are shown, in the order in which they first appear.
    changes : list of (int, int)
        Frame and slot, whenever the slot changes; a track begins hidden.
    clip : str
        The id of the clip path of the whole track; empty if it has none or its fragments differ in it.
    """

    def __init__(self, frame: int, fragment: Fragment) -> None:
        self.slots: list[tuple[Fragment, ...]] = []
        self._numbers: dict[Hashable, int] = {}
        self.changes: list[tuple[int, int]] = []
        self.look = fragment.look
        self.show(frame, fragment)

    @property
    def current(self) -> int:
        """The slot that is shown since the last change."""
        return self.changes[-1][1]

    def show(self, frame: int, fragment: Fragment) -> int:
        """Show a fragment from a frame on; return how many characters it adds."""
        slot = self._numbers.setdefault(fragment, len(self.slots))
        is_new = slot == len(self.slots)
        if is_new:
            self.slots.append((fragment,))
        self.look = fragment.look
        self._change(frame, slot)
        return len(fragment.content) if is_new else 0

    def hide(self, frame: int) -> None:
        """Show nothing from a frame on."""
        self._change(frame, HIDDEN)

    def _change(self, frame: int, slot: int) -> None:
        if not self.changes or self.current != slot:
            self.changes.append((frame, slot))

    def is_static(self) -> bool:
        """Return whether the track shows the same in all frames."""
        return len(self.changes) == 1 and self.changes[0][0] == 0


class TrackList:
    """The tracks of an animation, in the order of drawing.

    Attributes
    ----------
    tracks : list of Track
    n_bytes : int
        The size of all different fragments.
    """

    def __init__(self) -> None:
        self.tracks: list[Track] = []
        self.n_bytes = 0
        self._before: list[Fragment] = []
        self._shown: list[Track] = []

    def add(self, frame: int, fragments: Sequence[Fragment]) -> None:
        """Add the fragments of one frame."""
        if len(self._shown) == len(fragments) and all(
            track.look == fragment.look for track, fragment in zip(self._shown, fragments, strict=True)
        ):
            for track, fragment, before in zip(self._shown, fragments, self._before, strict=True):
                if fragment != before:
                    self.n_bytes += track.show(frame, fragment)
        else:
            self._align(frame, fragments)
        self._before = list(fragments)

    def _align(self, frame: int, fragments: Sequence[Fragment]) -> None:
        """Find the track of each fragment by its look; make tracks for those that have none."""
        tracks, looks = self.tracks, [fragment.look for fragment in fragments]
        matcher = SequenceMatcher(None, [track.look for track in tracks], looks, autojunk=False)
        aligned: list[Track] = []
        shown: list[Track] = []
        for _, begin, end, first, last in matcher.get_opcodes():
            old, new = tracks[begin:end], fragments[first:last]
            for track, fragment in zip(old, new, strict=False):
                self.n_bytes += track.show(frame, fragment)
            self.n_bytes += sum(len(fragment.content) for fragment in new[len(old) :])
            made = [Track(frame, fragment) for fragment in new[len(old) :]]
            for track in old[len(new) :]:
                track.hide(frame)
            shown += old[: len(new)] + made
            aligned += old + made
        self.tracks, self._shown = aligned, shown


def merged(one: Track, other: Track) -> Track:
    """Return a track that shows what two neighbors show."""
    result = Track.__new__(Track)
    result.slots, result.changes, result.look = [], [], one.look
    numbers: dict[tuple[Fragment, ...], int] = {}
    for frame, shown in _together(one, other):
        slot = numbers.setdefault(shown, len(numbers)) if shown else HIDDEN
        if slot == len(result.slots):
            result.slots.append(shown)
        if not result.changes or result.changes[-1][1] != slot:
            result.changes.append((frame, slot))
    return result


def _together(one: Track, other: Track) -> Iterator[tuple[int, tuple[Fragment, ...]]]:
    """Yield frame and fragments of two tracks at each change of either."""
    at = dict(one.changes), dict(other.changes)
    slots = [HIDDEN, HIDDEN]
    for frame in sorted(at[0].keys() | at[1].keys()):
        shown: tuple[Fragment, ...] = ()
        for index, track in enumerate((one, other)):
            slots[index] = at[index].get(frame, slots[index])
            shown += track.slots[slots[index]] if slots[index] != HIDDEN else ()
        yield frame, shown
