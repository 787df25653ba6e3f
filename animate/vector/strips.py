"""Strips: the fragments of a track side by side, of which the picture shows one at a time.

A strip is moved by one CSS animation in steps, so that slot after slot comes into the picture. This costs a browser
one animation for a track, where showing and hiding would cost one for each fragment.

A line to which points are only added is one slot. A dash as long as the line so far uncovers it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import pairwise

from animate.vector.fragments import Fragment, SharedDefinitions
from animate.vector.path_data import continues, line_lengths
from animate.vector.tracks import HIDDEN, Track, merged

COLUMNS = 32
"""Slots in a row. A longer row would move by more pixels than 32-bit numbers place exactly."""

SHORTEST_GROWTH = 4
"""A line is uncovered by a dash if it grows at least so often."""

EVEN = 0.1
"""Steps of a growth are equal if each ends within so many units of where equal steps would end."""

TRACK_BYTES, CHANGE_BYTES, SLOT_BYTES = 110, 30, 30
"""About what a track, a change and a slot cost beside the fragments."""


@dataclass
class Growth:
    """A line that grows.

    Attributes
    ----------
    line : Fragment
        The whole line.
    lengths : list of (int, float)
        Frame and length, whenever the length changes.
    """

    line: Fragment
    lengths: list[tuple[int, float]]


@dataclass
class Strip:
    """What a track shows, ready to be written.

    Attributes
    ----------
    slots : list of tuple of Fragment, or Growth
    changes : list of (int, int)
        Frame and slot, from frame 0 on; a slot after the last one is empty.
    clip : str
        The clip path of all slots; empty if there is none or they differ.
    """

    slots: list[tuple[Fragment, ...] | Growth]
    changes: list[tuple[int, int]]
    clip: str = field(init=False)

    def __post_init__(self) -> None:
        clips = {fragment.clip for slot in self.slots for fragment in fragments_of(slot)}
        self.clip = clips.pop() if len(clips) == 1 else ""

    @property
    def is_still(self) -> bool:
        """Whether the strip never moves."""
        return len(self.changes) == 1


def fragments_of(slot: tuple[Fragment, ...] | Growth) -> tuple[Fragment, ...]:
    """Return the fragments of a slot."""
    return (slot.line,) if isinstance(slot, Growth) else slot


def strips_of(tracks: Sequence[Track], shared: SharedDefinitions) -> list[Strip]:
    """Return the strips of an animation, in the order of drawing.

    Neighbors that change at the same time, such as the letters of a caption, become one strip.
    """
    result: list[Strip] = []
    waiting: Track | None = None
    for track in tracks:
        grown = None if track.is_static() else _with_growth(track, shared)
        if waiting is not None and grown is None and not track.is_static():
            together = merged(waiting, track)
            if _cost(together) < _cost(waiting) + _cost(track):
                waiting = together
                continue
        if waiting is not None:
            result.append(_plain(waiting))
            waiting = None
        if grown is not None:
            result.append(grown)
        elif track.is_static():
            result.append(_plain(track))
        else:
            waiting = track
    return result if waiting is None else [*result, _plain(waiting)]


def _cost(track: Track) -> int:
    """Return about how many bytes a track takes."""
    slots = sum(len(fragment.content) + SLOT_BYTES for slot in track.slots for fragment in slot)
    n_changes = sum(1 for _ in runs_of(track.changes))
    return TRACK_BYTES + CHANGE_BYTES * n_changes + SLOT_BYTES * len(track.slots) + slots


def _from_start(changes: Sequence[tuple[int, int]], n_slots: int) -> list[tuple[int, int]]:
    """Return changes that begin at frame 0 and in which nothing hidden has a slot of its own, an empty one."""
    found = [(frame, n_slots if slot == HIDDEN else slot) for frame, slot in changes]
    return found if found and found[0][0] == 0 else [(0, n_slots), *found]


def _plain(track: Track) -> Strip:
    return Strip(list(track.slots), _from_start(track.changes, len(track.slots)))


def _with_growth(track: Track, shared: SharedDefinitions) -> Strip | None:
    """Return the strip of a track in which a line grows; None if none does."""
    once = {slot for slot, count in Counter(slot for _, slot in track.changes).items() if count == 1}
    spans = [span for span in _growing_spans(track, once, shared) if span[1] - span[0] >= SHORTEST_GROWTH]
    if not spans:
        return None
    slots: list[tuple[Fragment, ...] | Growth] = []
    numbers: dict[int, int] = {}
    changes: list[tuple[int, int]] = []
    begins, at = dict(spans), 0
    while at < len(track.changes):
        frame, slot = track.changes[at]
        if at in begins:
            (line,) = track.slots[track.changes[begins[at]][1]]
            lengths = line_lengths(line.content)
            shown = track.changes[at : begins[at] + 1]
            drawn = [track.slots[one][0].content for _, one in shown]
            so_far = [lengths[len(_steps(one)) // 2] if "l" in one else line_lengths(one)[-1] for one in drawn]
            slots.append(Growth(line, [(when, length) for (when, _), length in zip(shown, so_far, strict=True)]))
            changes.append((frame, len(slots) - 1))
            at = begins[at] + 1
            continue
        if slot != HIDDEN and slot not in numbers:
            numbers[slot] = len(slots)
            slots.append(track.slots[slot])
        changes.append((frame, HIDDEN if slot == HIDDEN else numbers[slot]))
        at += 1
    return Strip(slots, _from_start(changes, len(slots)))


def _steps(data: str) -> list[str]:
    return data.partition("l")[2].replace("-", " -").split()


def _growing_spans(track: Track, once: set[int], shared: SharedDefinitions) -> Iterator[tuple[int, int]]:
    """Yield the first and last index of changes between which a line only grows."""
    begin = 0
    for index in range(1, len(track.changes) + 1):
        if index == len(track.changes) or not _grows(track, index, once, shared):
            if index - 1 > begin:
                yield begin, index - 1
            begin = index


def _grows(track: Track, index: int, once: set[int], shared: SharedDefinitions) -> bool:
    """Return whether a change only adds points to a solid line."""
    (_, before), (_, after) = track.changes[index - 1 : index + 1]
    if not {before, after} <= once or HIDDEN in (before, after):
        return False
    (old,), (new,) = track.slots[before], track.slots[after]
    if new.kind != "path" or new[:3] != old[:3] or not continues(new.content, old.content):
        return False
    style = shared.styles.contents.get(new.style, "")
    return "fill:none" in style and "stroke:" in style and "dash" not in style and "marker" not in style


def runs_of(changes: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, int, int]]:
    """Yield frame, slot, number of steps and frames of each step of the movements of a strip.

    Slots that follow each other after equal times are one movement in steps; it ends with the slot before the next
    movement. One step is a slot that stays until then.

    >>> list(runs_of([(0, 0), (5, 1), (6, 2), (7, 3), (9, 0)]))
    [(0, 0, 1, 5), (5, 1, 2, 1), (7, 3, 1, 2), (9, 0, 1, 0)]
    """
    lasting = [after - before for (before, _), (after, _) in pairwise(changes)]
    at = 0
    while at < len(changes):
        frame, slot = changes[at]
        end = at
        while (
            end + 1 < len(changes)
            and changes[end + 1][1] == slot + end + 1 - at
            and changes[end + 1][1] // COLUMNS == slot // COLUMNS
            and lasting[end] == lasting[at]
        ):
            end += 1
        n_steps = max(1, end - at)
        yield frame, slot, n_steps, lasting[at] if at < len(lasting) else 0
        at += n_steps


def growth_runs(lengths: Sequence[tuple[int, float]]) -> Iterator[tuple[int, float, int]]:
    """Yield frame, length and number of steps of each part of a growth, whose steps are equal in time and length.

    >>> list(growth_runs([(0, 0.0), (2, 1.51), (4, 3.0), (6, 4.5), (7, 9.0)]))
    [(0, 0.0, 3), (6, 4.5, 1), (7, 9.0, 1)]
    """
    at = 0
    while at < len(lengths):
        (frame, length), end = lengths[at], at
        least, most = 0.0, math.inf
        for n_steps, (after, further) in enumerate(lengths[at + 1 :], start=1):
            step = (further - length) / n_steps
            if after - frame != n_steps * (lengths[at + 1][0] - frame) or not least <= step <= most:
                break
            least, most = max(least, step - EVEN / n_steps), min(most, step + EVEN / n_steps)
            end = at + n_steps
        yield frame, length, max(1, end - at)
        at += max(1, end - at)


def last_slot(strip: Strip) -> int:
    """Return the slot that the last frame shows."""
    return reduce(lambda _, change: change[1], strip.changes, 0)
