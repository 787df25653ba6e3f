"""WebVTT: what a scene's captions become, read back by a parser and by a browser."""

from __future__ import annotations

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from animate.web.webvtt import webvtt

CUE = re.compile(r"(\d\d+):(\d\d):(\d\d)\.(\d{3}) --> (\d\d+):(\d\d):(\d\d)\.(\d{3})")


def cues(text: str) -> list[tuple[float, float, str]]:
    """Return the cues of a file as a player reads it: blocks between blank lines."""
    first, *blocks = text.strip("\n").split("\n\n")
    assert first == "WEBVTT"
    found = []
    for block in blocks:
        timing, *lines = block.split("\n")
        match = CUE.fullmatch(timing)
        assert match is not None, timing
        parts = [int(part) for part in match.groups()]
        start, end = (h * 3600 + m * 60 + s + ms / 1000 for h, m, s, ms in (parts[:4], parts[4:]))
        found.append((start, end, "\n".join(lines)))
    return found


def test_times_are_hours_minutes_seconds_and_milliseconds() -> None:
    assert "\n01:02:03.500 --> 01:02:04.250\n" in webvtt([(3723.5, 3724.25, "late")])


def test_a_time_that_rounds_up_carries_over() -> None:
    assert "00:00:00.000 --> 00:01:00.000" in webvtt([(0.0, 59.9996, "a minute")])


def test_captions_stand_in_the_order_of_time() -> None:
    assert [text for *_, text in cues(webvtt([(1, 2, "b"), (0, 1, "a")]))] == ["a", "b"]


@pytest.mark.parametrize("text", ["a < b & c > d", "a --> b", "<script>alert(1)</script>"])
def test_what_means_something_in_webvtt_is_escaped(text: str) -> None:
    [(_, _, written)] = cues(webvtt([(0, 1, text)]))
    assert not re.search(r"<|-->|&(?!amp;|lt;|gt;)", written)


def test_a_blank_line_within_a_caption_does_not_end_it() -> None:
    assert cues(webvtt([(0, 1, "one\n\n two\r\n")])) == [(0.0, 1.0, "one\ntwo")]


@pytest.mark.parametrize("caption", [(0, 1, " \n"), (1, 1, "no time"), (2, 1, "backwards")])
def test_a_caption_without_text_or_time_is_left_out(caption: tuple[float, float, str]) -> None:
    assert webvtt([caption]) == "WEBVTT\n"


@given(st.lists(st.tuples(st.floats(0, 1e5), st.floats(0, 1e5), st.text(max_size=30)), max_size=5))
def test_any_captions_make_a_file_that_reads_back(found: list[tuple[float, float, str]]) -> None:
    read = cues(webvtt(found))
    assert all(start < end and text for start, end, text in read)


def test_a_browser_shows_the_captions_at_their_times(page) -> None:
    text = webvtt([(0.0, 1.5, "Grüße & <b>"), (1.5, 3.0, "zweite")])
    track = f"data:text/vtt;base64,{base64.b64encode(text.encode()).decode()}"
    page.set_content(f'<video><track kind="captions" label="Captions" src="{track}"></video>')
    found = page.evaluate(
        """async () => {
            const track = document.querySelector("track");
            track.track.mode = "hidden";
            await new Promise(done => { track.onload = done; if (track.readyState === 2) done(); });
            return [...track.track.cues].map(cue => [cue.startTime, cue.endTime, cue.getCueAsHTML().textContent]);
        }"""
    )
    assert found == [[0.0, 1.5, "Grüße & <b>"], [1.5, 3.0, "zweite"]]
