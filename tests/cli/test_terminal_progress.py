"""The progress line shows counts, rate and time left on a terminal, and nothing elsewhere."""

from __future__ import annotations

import io
import sys

import pytest

from animate.cli.terminal_progress import ProgressLine, progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock() -> list[float]:
    return [0.0]


@pytest.fixture
def line(clock: list[float]) -> ProgressLine:
    return ProgressLine(Terminal(), clock=lambda: clock[0])


def shown(line: ProgressLine) -> str:
    return line._stream.getvalue().rpartition("\r")[2]  # type: ignore[attr-defined, no-any-return]


def test_counts_rate_and_time_left_are_shown(line: ProgressLine, clock: list[float]) -> None:
    clock[0] = 2.0
    line("frames", 50, 200)
    assert shown(line) == "frames 50/200, 25/s, 6 s left"


def test_the_slowest_stage_sets_rate_and_time_left(line: ProgressLine, clock: list[float]) -> None:
    line("drawn", 50, 200)
    clock[0] = 2.0
    line("encoded", 40, 200)
    assert shown(line) == "drawn 50/200, encoded 40/200, 20/s, 8 s left"


def test_the_line_is_not_written_more_than_ten_times_a_second(line: ProgressLine, clock: list[float]) -> None:
    for frame in range(100):
        clock[0] = frame * 0.005
        line("frames", frame, 100)
    assert 4 <= line._stream.getvalue().count("\r") <= 6  # type: ignore[attr-defined]


def test_rate_and_time_left_start_anew_with_the_next_scene(line: ProgressLine, clock: list[float]) -> None:
    clock[0] = 100.0
    line("frames", 200, 200)
    clock[0] = 101.0
    line("frames", 0, 200)
    clock[0] = 103.0
    line("frames", 50, 200)
    assert shown(line).rstrip() == "frames 50/200, 25/s, 6 s left"


def test_a_shorter_text_leaves_nothing_of_a_longer_one(line: ProgressLine, clock: list[float]) -> None:
    line("a stage with a long name", 1, 200)
    clock[0] = 1.0
    line.clear()
    text = line._stream.getvalue()  # type: ignore[attr-defined]
    assert text.endswith("\r" + " " * len("a stage with a long name 1/200") + "\r")


def test_a_narrow_terminal_cuts_the_line(
    line: ProgressLine, clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "12")
    line("frames", 50, 200)
    assert len(shown(line)) < 12


def test_a_terminal_gets_a_callback_and_an_empty_line_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    with progress() as report:
        assert report is not None
        report("frames", 1, 2)
    assert sys.stderr.getvalue().endswith("\r")  # type: ignore[attr-defined]


def test_no_terminal_gets_no_callback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with progress() as report:
        assert report is None
