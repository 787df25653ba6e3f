"""Fragments of successive drawings, aligned: each drawing is what the tracks show, in their order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from animate.vector.fragments import Fragment, SharedDefinitions
from animate.vector.strips import EVEN, Growth, Strip, growth_runs, runs_of, strips_of
from animate.vector.tracks import TrackList


def fragment(content: str, style: str = "a") -> Fragment:
    return Fragment("path", style, "", content)


def shown_by(strips: Sequence[Strip], frame: int) -> list[str]:
    """Return the contents that strips show in a frame."""
    result = []
    for strip in strips:
        slot = next(slot for start, slot in reversed(strip.changes) if start <= frame)
        if slot < len(strip.slots):
            inside = strip.slots[slot]
            assert not isinstance(inside, Growth)
            result += [one.content for one in inside]
    return result


drawings = st.lists(
    st.lists(st.tuples(st.sampled_from(["M1 1", "M2 2", "M3 3"]), st.sampled_from("ab")), max_size=6),
    min_size=1,
    max_size=8,
)


@settings(deadline=None)
@given(drawings)
def test_every_drawing_is_what_the_strips_show_in_their_order(drawn: list[list[tuple[str, str]]]) -> None:
    tracks = TrackList()
    for number, one in enumerate(drawn):
        tracks.add(number, [fragment(*content) for content in one])
    strips = strips_of(tracks.tracks, SharedDefinitions())
    for number, one in enumerate(drawn):
        assert shown_by(strips, number) == [content for content, _ in one]


def test_what_does_not_change_is_stored_once_and_does_not_move() -> None:
    tracks = TrackList()
    for number in range(5):
        tracks.add(number, [fragment("M0 0"), fragment(f"M{number} 1")])
    still, moving = strips_of(tracks.tracks, SharedDefinitions())
    assert still.is_still
    assert len(still.slots) == 1
    assert len(moving.slots) == 5


@pytest.mark.parametrize(("style", "grows"), [("fill:none;stroke:red", True), ("stroke:red", False)])
def test_an_unfilled_line_that_grows_is_stored_once(style: str, grows: bool) -> None:
    shared, tracks = SharedDefinitions(), TrackList()
    name = shared.style(dict(pair.split(":") for pair in style.split(";")))
    data = "M0 0l3 4"
    for number in range(6):
        tracks.add(number, [fragment(data, name)])
        data += " 30-40"
    (strip,) = strips_of(tracks.tracks, shared)
    assert isinstance(strip.slots[0], Growth) is grows
    if isinstance(strip.slots[0], Growth):
        assert len(strip.slots) == 1
        assert strip.slots[0].lengths == [(number, 5.0 + 50 * number) for number in range(6)]


def test_a_straight_line_that_grows_is_stored_once() -> None:
    shared, tracks = SharedDefinitions(), TrackList()
    name = shared.style({"fill": "none", "stroke": "red"})
    for number in range(8):
        tracks.add(number, [fragment(f"M3.5-4h{5 * number + 1}", name)])
    ((slot,),) = [strip.slots for strip in strips_of(tracks.tracks, shared)]
    assert isinstance(slot, Growth)
    assert list(growth_runs(slot.lengths)) == [(0, 1.0, 7), (7, 36.0, 1)]


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 2), st.sampled_from([3.0, 3.06, 3.2])), min_size=1, max_size=40))
def test_a_growth_in_steps_has_every_length_at_its_time(steps: list[tuple[int, float]]) -> None:
    lengths = [(sum(wait for wait, _ in steps[:end]), sum(by for _, by in steps[:end])) for end in range(len(steps))]
    runs = list(growth_runs(lengths))
    ends = [*runs[1:], runs[-1]]
    expanded = [
        (start + (after - start) * step // n_steps, length + (further - length) * step / n_steps)
        for (start, length, n_steps), (after, further, _) in zip(runs, ends, strict=True)
        for step in range(n_steps)
    ]
    assert [frame for frame, _ in expanded] == [frame for frame, _ in lengths]
    np.testing.assert_allclose([one for _, one in expanded], [one for _, one in lengths], atol=EVEN + 1e-9)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 40)), min_size=1, max_size=60))
def test_movements_in_steps_reach_every_slot_at_its_time(waits: list[tuple[int, int]]) -> None:
    frame, changes = 0, []
    for wait, slot in waits:
        if not changes or changes[-1][1] != slot:
            changes.append((frame, slot))
        frame += wait
    expanded = [
        (start + step * each, slot + step) for start, slot, n_steps, each in runs_of(changes) for step in range(n_steps)
    ]
    assert expanded == changes
