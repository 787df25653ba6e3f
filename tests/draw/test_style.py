"""Sizes of text, fitting words, settings."""

from __future__ import annotations

import pytest
from matplotlib import __version_info__

from animate.draw.settings import PRESETS, Settings, parse_size, resolve
from animate.draw.style import MIN_TEXT_PX, Style
from animate.errors import UsageError

SIZES = [(320, 180), (480, 270), (800, 450), (1280, 720), (3840, 2160)]


@pytest.mark.parametrize("size", SIZES)
def test_no_text_is_under_eleven_pixels_and_ranks_keep_their_order(size: tuple[int, int]) -> None:
    style = Style(Settings(*size))
    ranks = [style.label_px, style.readout_px, style.heading_px, style.title_px]
    assert ranks[0] >= MIN_TEXT_PX
    assert ranks == sorted(ranks)


def test_text_grows_with_the_picture() -> None:
    sizes = [Style(Settings(*size)).label_px for size in SIZES]
    assert sizes == sorted(sizes)
    assert sizes[-1] == 3 * sizes[-2]


def test_measured_width_is_the_width_drawn() -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    style = Style(Settings())
    figure = Figure(dpi=72)
    canvas = FigureCanvasAgg(figure)
    text = figure.text(0, 0, "gradients used 2\u202f400", fontproperties=style.font(style.label_px))
    drawn = text.get_window_extent(canvas.get_renderer()).width
    assert style.text_width(text.get_text(), style.label_px) == pytest.approx(drawn, abs=1.0)


def test_the_first_words_that_fit_are_taken_else_the_shortest() -> None:
    style = Style(Settings())
    words = ("a very long way to say it", "shorter", "s")
    assert style.fit(words, 12, 1000) == words[0]
    assert style.fit(words, 12, 60) == "shorter"
    assert style.fit(words, 12, 1) == "s"


def test_digits_are_equally_wide_so_that_readouts_do_not_jitter() -> None:
    style = Style(Settings())
    widths = [style.text_width(digit * 8, style.readout_px) for digit in "0123456789"]
    # before matplotlib 3.11 hinting moves the edge of the last digit by up to a pixel on either side
    assert max(widths) - min(widths) <= (0 if __version_info__ >= (3, 11) else 2)


def test_single_values_replace_those_of_the_preset() -> None:
    assert resolve("hd", fps=12, theme="dark") == Settings(1280, 720, 12, "dark")
    assert resolve() == PRESETS["web"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: resolve("webb"), "Did you mean 'web'"),
        (lambda: resolve(theme="darc"), "Did you mean 'dark'"),
        (lambda: resolve(fps=0), "fps must be"),
        (lambda: resolve(fps=1000), "fps must be"),
        (lambda: resolve(size=(10, 450)), "width must be"),
        (lambda: resolve(size=(800, 99999)), "height must be"),
        (lambda: parse_size("800"), "such as 800x450"),
    ],
)
def test_settings_that_cannot_be_drawn_are_refused_in_one_clear_line(call: object, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        call()  # type: ignore[operator]


@pytest.mark.parametrize(
    ("name", "unit"), [("Meter reading", "days since 2022-01-28"), ("Ø", "days since 2022-01-28"), ("Net weight", "kg")]
)
def test_an_axis_too_narrow_for_its_name_keeps_the_unit(name: str, unit: str) -> None:
    style = Style(Settings())
    full = f"{name} ({unit})"
    needed = style.text_width(unit, style.label_px)
    for width in range(20, 400, 3):
        shown = style.axis_name(full, float(width))
        assert style.text_width(shown, style.label_px) <= max(width, style.text_width(f"{name[0]}…", style.label_px))
        assert (shown == full) == (style.text_width(full, style.label_px) <= width)
        assert needed > width or shown.removesuffix(")").endswith(unit), shown
