"""Text is measured as it is drawn: its size in pixels, and its contrast to what is behind it."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from animate.draw.legibility import contrast_with, drawn_texts
from animate.draw.theme import contrast


def figure_with(**text: object) -> Figure:
    figure = Figure(figsize=(4, 3), dpi=100, facecolor="#ffffff")
    figure.text(0.5, 0.5, "words", **text)  # type: ignore[arg-type]
    return figure


@pytest.mark.parametrize(("points", "dpi", "pixels"), [(12, 72, 12), (12, 144, 24), (7.2, 100, 10)])
def test_the_size_is_in_pixels(points: float, dpi: float, pixels: float) -> None:
    figure = Figure(dpi=dpi)
    figure.text(0.5, 0.5, "words", size=points)
    [text] = drawn_texts(figure)[0]
    assert (text.text, text.size_px) == ("words", pytest.approx(pixels))


@pytest.mark.parametrize("color", ["#000000", "#777777", "#c8324f"])
def test_the_contrast_is_that_of_the_colors(color: str) -> None:
    [text], picture = drawn_texts(figure_with(color=color))
    assert contrast_with(text, picture) == pytest.approx(contrast(color, "#ffffff"), rel=0.01)


def test_what_is_behind_the_text_counts() -> None:
    figure = figure_with(color="#000000")
    figure.add_artist(Rectangle((0, 0), 1, 1, color="#404040"))
    [text], picture = drawn_texts(figure)
    assert contrast_with(text, picture) == pytest.approx(contrast("#000000", "#404040"), rel=0.01)


def test_a_half_transparent_text_has_less_contrast() -> None:
    [text], picture = drawn_texts(figure_with(color="#000000", alpha=0.5))
    assert contrast_with(text, picture) == pytest.approx(contrast("#808080", "#ffffff"), rel=0.02)


def test_a_text_outside_of_the_picture_has_no_contrast() -> None:
    figure = figure_with()
    figure.texts[0].set_position((3, 3))
    [text], picture = drawn_texts(figure)
    assert contrast_with(text, picture) is None


def test_only_what_is_drawn_is_measured() -> None:
    figure = figure_with(visible=False)
    axes = figure.add_subplot()
    axes.set_xticks([0, 0.5, 9])
    axes.set_xlim(0, 1)
    axes.set_yticks([])
    texts, _ = drawn_texts(figure)
    assert {text.text for text in texts} == {"0.0", "0.5"}


def test_mathtext_and_rotated_text_are_measured() -> None:
    figure = Figure(dpi=72)
    figure.text(0.5, 0.5, r"$\lambda$", size=20)
    figure.text(0.2, 0.5, "up", size=15, rotation=90)
    texts, _ = drawn_texts(figure)
    assert [(text.text, text.size_px) for text in texts] == [(r"$\lambda$", 20), ("up", 15)]
    left, top, right, bottom = texts[1].box
    assert bottom - top > right - left


def test_the_picture_has_no_text_and_the_figure_draws_it_again() -> None:
    figure = figure_with(color="#000000")
    _, picture = drawn_texts(figure)
    assert (picture == 255).all()
    figure.canvas.draw()
    assert (np.asarray(figure.canvas.buffer_rgba()) == 0).any()  # type: ignore[attr-defined]


def test_the_font_file_is_told() -> None:
    [text] = drawn_texts(figure_with(family="DejaVu Sans"))[0]
    assert text.font.endswith("DejaVuSans.ttf")


def test_the_lines_of_a_text_are_found_one_by_one_above_each_other() -> None:
    figure = Figure(dpi=100)
    figure.text(0.5, 0.5, "one\ntwo")
    first, second = drawn_texts(figure)[0]
    assert (first.text, second.text) == ("one", "two")
    assert first.box[3] <= second.box[1] + 2
