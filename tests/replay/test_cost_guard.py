"""The cheaper of replay and full draws is taken, and the choice is tried again later."""

from __future__ import annotations

import pytest

from animate.replay.cost_guard import LONGEST_STRETCH, SHORTEST_STRETCH, CostGuard


def ways(full: float, replay: float, n_frames: int, *, first: float | None = None) -> str:
    """Return how each frame is drawn, as a string of f and r, given the seconds that each way takes."""
    guard, drawn = CostGuard(), ""
    for frame in range(n_frames):
        if guard.prefers_full():
            guard.note_full(full)
            drawn += "f"
        else:
            guard.note_replay(full if frame == 0 and first is None else replay)
            drawn += "r"
    return drawn


def test_where_replay_is_far_cheaper_no_frame_is_drawn_in_full() -> None:
    assert ways(full=1.0, replay=0.1, n_frames=500) == "r" * 500


def test_where_replay_is_a_little_cheaper_one_frame_in_65_measures_a_full_draw() -> None:
    drawn = ways(full=1.0, replay=0.6, n_frames=660)
    assert drawn.count("f") == 660 // 65


@pytest.mark.parametrize("replay", [1.0, 1.5, 10.0])
def test_where_replay_is_dearer_it_is_tried_ever_less_often(replay: float) -> None:
    stretches = [len(part) for part in ways(full=1.0, replay=replay, n_frames=8000).split("r") if len(part) > 1]
    assert abs(stretches[0] - replay * SHORTEST_STRETCH) <= 1
    assert stretches[1] == 2 * replay * SHORTEST_STRETCH
    assert max(stretches) == LONGEST_STRETCH


@pytest.mark.parametrize("replay", [1.5, 2.0])
@pytest.mark.parametrize("n_frames", [60, 100, 400])
def test_a_dear_replay_costs_less_than_a_tenth_more_than_full_draws(replay: float, n_frames: int) -> None:
    drawn = ways(full=1.0, replay=replay, n_frames=n_frames, first=replay)
    n_early = 1  # the draw before the first frame
    assert n_early + drawn.count("r") * replay + drawn.count("f") < 1.1 * n_frames


def test_replay_that_becomes_cheap_is_found_again() -> None:
    guard, drawn = CostGuard(), ""
    for frame in range(400):
        is_full = guard.prefers_full()
        (guard.note_full if is_full else guard.note_replay)(1.0 if is_full or frame < 20 else 0.1)
        drawn += "f" if is_full else "r"
    assert drawn[-200:] == "r" * 200
