"""Time to updates: holds, paces, pauses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from animate.draw.timeline import PACES, Timeline
from animate.errors import UsageError

timelines = st.builds(
    Timeline,
    n_updates=st.integers(0, 10_000),
    seconds=st.floats(0, 20),
    hold_start=st.floats(0, 3),
    hold_end=st.floats(0, 3),
    pace=st.sampled_from(sorted(PACES)),
)


@given(timelines, st.floats(1, 60))
def test_updates_start_at_zero_end_at_the_last_and_never_fall(timeline: Timeline, fps: float) -> None:
    updates = [timeline.update_at(frame / fps) for frame in range(min(timeline.n_frames(fps), 500))]
    assert updates == sorted(updates)
    assert timeline.update_at(0.0) == 0 or timeline.hold_start + timeline.seconds == 0
    assert timeline.update_at(timeline.duration) == timeline.n_updates


@given(timelines.filter(lambda t: t.seconds > 0.1 and t.n_updates > 0), st.floats(0, 1))
def test_an_update_is_on_screen_from_its_time_on(timeline: Timeline, share: float) -> None:
    update = round(share * timeline.n_updates)
    time = timeline.time_of(update)
    assert timeline.update_at(time + 1e-6 * timeline.seconds) >= update
    if update:
        assert timeline.update_at(time - 1e-3 * timeline.seconds) <= update


def test_frame_rate_changes_how_many_frames_but_not_how_long() -> None:
    timeline = Timeline(100, seconds=6.0, hold_start=1.0, hold_end=2.0)
    assert [timeline.n_frames(fps) / fps for fps in (10, 25, 50)] == [9.0, 9.0, 9.0]


def test_log_pace_gives_the_first_updates_more_time() -> None:
    linear, log = (Timeline(1000, seconds=10.0, hold_start=0.0, pace=pace) for pace in ("linear", "log"))
    assert log.update_at(2.0) < 0.1 * linear.update_at(2.0)


def test_a_pause_stops_on_its_update_and_lengthens_the_whole() -> None:
    plain = Timeline(10, seconds=5.0, hold_start=0.0, hold_end=1.0)
    paused = Timeline(10, seconds=5.0, hold_start=0.0, hold_end=1.0, pauses={4: 1.5})
    assert paused.duration == plain.duration + 1.5
    assert [paused.update_at(2.0 + wait) for wait in (0.1, 0.7, 1.4)] == [4, 4, 4]
    assert paused.update_at(3.5 + 0.51) == plain.update_at(2.51)


@pytest.mark.parametrize(
    "arguments",
    [{"n_updates": -1}, {"n_updates": 5, "seconds": float("nan")}, {"n_updates": 5, "pace": "logarithmic"}],
    ids=["negative", "nan", "unknown pace"],
)
def test_what_cannot_be_played_is_refused(arguments: dict[str, object]) -> None:
    with pytest.raises(UsageError, match="must be"):
        Timeline(**arguments)  # type: ignore[arg-type]


LESSON = Timeline(100, seconds=6.0, hold_start=1.0, hold_end=2.0, pace="log", pauses={50: 1.0})


@pytest.mark.parametrize(
    ("changes", "duration", "hold_end"),
    [
        ({"seconds": 5.0}, 5.0, 1.0),
        ({"slower": 2.0}, 20.0, 4.0),
        ({"hold": 3.0}, 11.0, 3.0),
        ({"seconds": 7.0, "hold": 3.0}, 7.0, 3.0),
        ({"slower": 0.5, "hold": 3.0}, 7.0, 3.0),
        ({}, 10.0, 2.0),
    ],
)
def test_a_retimed_timeline_lasts_as_long_as_asked(changes: dict[str, float], duration: float, hold_end: float) -> None:
    retimed = LESSON.retimed(**changes)
    assert retimed.duration == pytest.approx(duration)
    assert retimed.hold_end == pytest.approx(hold_end)


def test_a_slower_timeline_shows_the_same_updates_later() -> None:
    slower = LESSON.retimed(slower=2.0)
    moments = [share * LESSON.duration for share in (0.05, 0.2, 0.4, 0.63, 0.9)]
    assert [slower.update_at(2 * moment) for moment in moments] == [LESSON.update_at(moment) for moment in moments]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"seconds": 5.0, "slower": 2.0}, "seconds and slower both set the length"),
        ({"seconds": 2.0, "hold": 3.0}, "seconds must be above the 3 s of hold; got 2"),
        ({"slower": 0.0}, "slower must be between 0.01 and 3600; got 0"),
        ({"hold": -1.0}, "hold must be between 0 and 3600; got -1"),
        ({"seconds": float("nan")}, "seconds must be between 0.1 and 3600; got nan"),
    ],
)
def test_a_length_that_cannot_be_is_refused(changes: dict[str, float], problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        LESSON.retimed(**changes)
