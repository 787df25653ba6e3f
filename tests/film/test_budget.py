"""The byte budget, against encoders whose bytes follow laws of their own."""

from __future__ import annotations

import re
from contextlib import suppress
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from animate.errors import EncodeError, UsageError
from animate.film.budget import FRAME_RATES, EncodeSettings, fit, parse_bytes, readable

WEB = EncodeSettings(fps=25, quality=90, width=800, height=450)


class FakeEncoder:
    """Takes bytes by a law and remembers what it was asked for."""

    def __init__(self, full=555_000, rate=0.5, color=0.007, size=1.0, overhead=0):
        self.full, self.rate, self.color, self.size, self.overhead = full, rate, color, size, overhead
        self.asked: list[EncodeSettings] = []

    def __call__(self, settings: EncodeSettings) -> int:
        self.asked.append(settings)
        share = (settings.fps / WEB.fps) ** self.rate * (settings.width / WEB.width) ** self.size
        return round(self.full * share * 2.718 ** (self.color * (settings.quality - WEB.quality))) + self.overhead


@pytest.mark.parametrize(
    ("text", "n_bytes"),
    [("2MB", 2_000_000), ("500k", 500_000), ("1.5MiB", 1_572_864), ("1 GB", 10**9), ("64KiB", 65536), ("900", 900)],
)
def test_sizes_are_read_in_powers_of_1000_unless_they_say_1024(text, n_bytes):
    assert parse_bytes(text) == n_bytes


@pytest.mark.parametrize("text", ["", "MB", "2 potatoes", "-1MB", "nan", "0", "1.2.3k", "2ib"])
def test_what_is_no_size_is_refused(text):
    with pytest.raises(UsageError, match=rf"max-size must be .*; got {re.escape(repr(text))}"):
        parse_bytes(text)


@given(st.integers(1, 10**12))
def test_readable_sizes_are_true_to_three_digits(n_bytes):
    assert parse_bytes(readable(n_bytes)) == pytest.approx(n_bytes, rel=0.005)


def test_what_fits_at_once_is_rendered_once_and_gives_up_nothing():
    fitted = fit(600_000, WEB, FakeEncoder(), ".gif")
    assert (fitted.n_tries, fitted.compromises, fitted.settings) == (1, (), WEB)


def test_the_frame_rate_goes_first():
    fitted = fit(480_000, WEB, FakeEncoder(), ".gif")
    assert fitted.compromises == ("frame rate 25 -> 18 fps",)


def test_colors_go_when_the_frame_rate_is_at_its_least():
    fitted = fit(300_000, WEB, FakeEncoder(), ".gif")
    assert fitted.settings.fps == 10
    assert fitted.settings.quality < 90
    assert (fitted.settings.width, fitted.settings.height) == (800, 450)


def test_size_goes_last():
    fitted = fit(150_000, WEB, FakeEncoder(), ".gif")
    assert (fitted.settings.fps, fitted.settings.quality) == (10, 30)
    assert 320 <= fitted.settings.width < 800
    assert [line.split()[0] for line in fitted.compromises] == ["frame", "quality", "size"]


def test_sizes_are_even_and_keep_their_shape():
    settings = fit(150_000, WEB, FakeEncoder(), ".gif").settings
    assert settings.width % 2 == settings.height % 2 == 0
    assert settings.width / settings.height == pytest.approx(16 / 9, rel=0.02)


def test_a_frame_rate_that_saves_nothing_is_kept():
    fitted = fit(100_000, WEB, FakeEncoder(rate=0.0, color=0.029), ".mp4")
    assert fitted.settings.fps == 25


def test_exact_formats_do_not_lower_what_has_no_effect():
    fitted = fit(200_000, WEB, FakeEncoder(color=0.0), ".webp")
    assert fitted.settings.quality == 90


@given(
    st.floats(0.2, 1.0),
    st.floats(0.35, 0.8),
    st.floats(0.004, 0.012),
    st.floats(0.7, 1.3),
    st.integers(0, 20_000),
)
def test_four_tries_do_for_encoders_not_far_from_the_guess(share, rate, color, size, overhead):
    encoder = FakeEncoder(rate=rate, color=color, size=size, overhead=overhead)
    smallest = encoder(EncodeSettings(10, 30, 320, 180))
    encoder.asked.clear()
    budget = round(share * 555_000)
    if budget > 1.1 * smallest:
        assert fit(budget, WEB, encoder, ".gif").n_tries <= 4


def test_three_tries_do_in_the_usual_case():
    tries = []
    for share, rate, color, size in product((0.3, 0.5, 0.7, 0.9), (0.4, 0.6), (0.005, 0.01), (0.8, 1.2)):
        encoder = FakeEncoder(rate=rate, color=color, size=size, overhead=5_000)
        tries.append(fit(round(share * 555_000), WEB, encoder, ".gif").n_tries)
    assert sum(n_tries <= 3 for n_tries in tries) >= 0.9 * len(tries)


@given(
    st.floats(0.01, 1.2),
    st.floats(0.05, 1.5),
    st.floats(0.0, 0.05),
    st.floats(0.1, 2.0),
    st.sampled_from(["gif", "mp4"]),
)
def test_what_is_returned_fits_and_was_rendered_last(share, rate, color, size, suffix):
    encoder = FakeEncoder(rate=rate, color=color, size=size)
    budget = round(share * 555_000)
    try:
        fitted = fit(budget, WEB, encoder, f".{suffix}")
    except EncodeError as error:
        assert "nothing fits" in str(error)
    else:
        assert fitted.bytes <= budget
        assert encoder.asked[-1] == fitted.settings
        assert len(encoder.asked) == fitted.n_tries


@given(st.floats(0.01, 1.0))
def test_every_try_gives_up_more_than_the_one_before(share):
    encoder = FakeEncoder()
    with suppress(EncodeError):
        fit(round(share * 555_000), WEB, encoder, ".gif")
    for before, after in zip(encoder.asked, encoder.asked[1:], strict=False):
        assert after != before
        assert after.fps <= before.fps
        assert after.quality <= before.quality
        assert after.width <= before.width


def test_when_nothing_fits_the_least_that_was_tried_is_told():
    message = "nothing fits into 10 kB: at 10 fps, quality 30, 320x180 it still takes .* kB; allow more bytes"
    with pytest.raises(EncodeError, match=message):
        fit(10_000, WEB, FakeEncoder(), ".gif")


def test_a_small_animation_is_not_made_larger():
    tiny = EncodeSettings(fps=8, quality=20, width=200, height=100)
    with pytest.raises(EncodeError, match="8 fps, quality 20, 200x100"):
        fit(10, tiny, FakeEncoder(), ".gif")


def test_frame_rates_go_down():
    assert list(FRAME_RATES) == sorted(FRAME_RATES, reverse=True)
