"""Text is measured as it is drawn, and can be read in every lesson at every size.

Each lesson is tried at one size and theme, and all of them at all of each if ANIMATE_ALL_SIZES is set, which takes
some minutes.
"""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from animate import Scene, Timeline, load, marks, panels
from animate.draw.legibility import contrast_with, drawn_texts
from animate.draw.settings import Settings
from animate.draw.theme import THEMES, contrast
from animate.errors import UsageError
from tests.draw.picture_faults import faults

SCENES = Path(__file__).parents[2] / "scenes"
NAMES = sorted(path.stem for path in SCENES.glob("*.py"))
SIZES = ((480, 270), (800, 450), (1080, 1080), (540, 960), (1080, 1920), (1920, 1080))
ON_LINES = {
    "backpropagation": "a weight stands on its edge",
    "divergence_threshold": "a line that diverges sweeps over all of its panel",
    "lasso_vs_ridge": "stars lie where contours and penalties touch, and these shapes change with every update",
}
"""Lessons in which labels lie on lines for longer than a tenth of the run, with a halo, and why."""
AROUND = np.linspace(0.0, 2 * np.pi, 60)
CIRCLE = np.stack([np.cos(AROUND), np.sin(AROUND)], axis=-1)
SQUARE = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]])
ALL = [(size, theme) for theme in THEMES for size in SIZES]


def looks_of(place: int) -> list[tuple[tuple[int, int], str]]:
    """Return the sizes and themes in which the lesson at a place of the list is tried."""
    return ALL if os.environ.get("ANIMATE_ALL_SIZES") else [ALL[5 * place % len(ALL)]]


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


@pytest.mark.parametrize(("place", "name"), list(enumerate(NAMES)), ids=str)
def test_a_lesson_can_be_read(place: int, name: str) -> None:
    scene, on_lines = load(name, scenes=SCENES).build(), name in ON_LINES
    found = {
        f"{size[0]}x{size[1]} {theme}": faults(scene, size, theme, halo_is_enough=on_lines)
        for size, theme in looks_of(place)
    }
    assert {look: lines for look, lines in found.items() if lines} == {}


def test_every_size_and_theme_is_tried() -> None:
    assert {look for place in range(len(NAMES)) for look in looks_of(place)} == set(ALL)


def picture(*drawn: marks.Mark, **fields: object) -> Scene:
    panel = panels.Plot(*drawn, **{"limits": ((0.0, 1.0), (0.0, 1.0)), **fields})  # type: ignore[arg-type]
    return Scene(title="Title", caption="Words.", panels=[panel], timeline=Timeline(4))


@pytest.mark.parametrize(
    ("drawn", "fault"),
    [
        ([marks.Text("aaa", (0.5, 0.5)), marks.Text("bbb", (0.5, 0.5))], "'aaa' lies on 'bbb'"),
        ([marks.Text("far away", (0.99, 0.5))], "'far away' is cut"),
        ([marks.Text("tiny", (0.5, 0.5), size=5)], "'tiny' has 2.2 px"),
        ([marks.Text("name", (0.5, 0.5)), marks.Line([[0, 0.5], [1, 0.5]])], "'name' lies on a path or a point"),
        ([marks.Text("name", (0.5, 0.5), halo="background"), marks.Line([[0, 0.5], [1, 0.5]])],
         "'name' lies on a path or a point"),
        ([marks.Text("name", (0.5, 0.5)), marks.Points([[0.52, 0.5]])], "'name' lies on a path or a point"),
        ([marks.Text("name", (0.5, 0.5)), marks.Rule(x=0.52)], "'name' lies on a path or a point"),
        ([marks.Points([[0.2, 0.2], [0.8, 0.8]], color=["first", "right"])], "first, right differ by color alone"),
        ([marks.Line([[0, 0.2], [1, 0.2]], color="first"), marks.Line([[0, 0.4], [1, 0.4]], color="right")],
         "lines in first and right differ by color alone"),
        ([marks.Points([[0.2, 0.2], [0.3, 0.2]], color="first"), marks.Points([[0.2, 0.4], [0.3, 0.4]], color="right")],
         "points in first and right differ by color alone"),
        ([marks.Line(0.2 * CIRCLE + 0.3, color="first"), marks.Line(0.1 * CIRCLE + 0.7, color="right")],
         "outlines in first and right differ by color alone"),
        ([marks.Line([[0, 0.5], [0.6, 0.5]]), marks.Text("a rather long name", (0.65, 0.5))],
         "names beside lines take 40% of the width"),
        ([marks.Text("name", (0.5, 0.5)), marks.Segments([[[0, 0.5], [1, 0.5]]])], "'name' lies on a path or a point"),
    ],
)
def test_a_fault_of_a_picture_is_found(drawn: list[marks.Mark], fault: str) -> None:
    assert fault in faults(picture(*drawn), (480, 270), "light")


@pytest.mark.parametrize(
    "drawn",
    [
        [marks.Text("name", (0.5, 0.5)), marks.Line(lambda update: [[0, 0.2 * update + 0.15]] * 2)],
        [marks.Text(lambda update: "one" if update else "", (0.5, 0.5)),
         marks.Text(lambda update: "" if update else "two", (0.5, 0.5))],
        [marks.Path([[0, 0.2], [1, 0.2]], color="first", dash="dashed", head=0),
         marks.Path([[0, 0.4], [1, 0.4]], color="second", head=0)],
        [marks.Path([[0, 0.2], [1, 0.2]], color="first"), marks.Path([[0, 0.4], [1, 0.4]], color="second")],
        [marks.Line(0.2 * CIRCLE + 0.3, color="first"), marks.Line(0.2 * SQUARE + 0.7, color="right")],
        [marks.Line(0.2 * CIRCLE + 0.3, color="first"), marks.Line(0.2 * CIRCLE * (0.5, 1) + 0.7, color="right")],
        [marks.Line(0.2 * CIRCLE + 0.3, color="first"), marks.Line(0.2 * CIRCLE + 0.7, color="right", dash="dashed")],
        [marks.Line([[0, 0.2], [1, 0.2]], color="first", width=4), marks.Line([[0, 0.4], [1, 0.4]], color="second")],
        [marks.Points([[0.2, 0.2], [0.3, 0.2]], color="first"),
         marks.Points([[0.2, 0.4], [0.3, 0.4]], color="second", marker="s")],
    ],
)  # fmt: skip
def test_what_can_be_read_is_no_fault(drawn: list[marks.Mark]) -> None:
    assert faults(picture(*drawn), (480, 270), "light") == []


@pytest.mark.parametrize("size", [(320, 180), (330, 190)])
def test_a_size_without_room_for_a_panel_is_refused(size: tuple[int, int]) -> None:
    column = [panels.Plot(marks.Points([[0, 0], [1, 1]]), title=f"Panel {number}") for number in range(7)]
    scene = Scene(title="Title", caption="Words.", panels=[column], timeline=Timeline(1))
    with pytest.raises(UsageError, match=r"the axes of 'Panel 0' would be \d+ px high. Use a larger size"):
        scene.stage(Settings(*size))


def test_names_at_the_ends_of_many_curves_stay_within_low_axes() -> None:
    scene = load("ridge_outliers", scenes=SCENES).build()
    stage = scene.stage(Settings(540, 960))
    stage.show(scene.timeline.duration)
    axes = stage.mounted[0][1]
    named = [text for text in axes.texts if text.get_text().startswith(("λ", "no outliers", "R²"))]
    assert len(named) == 9
    assert max(text.get_window_extent().y1 for text in named) <= axes.bbox.y1 + 2


def test_ticks_whose_names_would_touch_are_left_out_evenly() -> None:
    ticks = {float(place): f"degree {place}" for place in range(9)}
    figure = picture(marks.Points([[0, 0], [8, 1]]), ticks=(ticks, None), limits=((0.0, 8.0), (0.0, 1.0))).still(
        0.0, size=(480, 270)
    )
    names = [text.get_text() for text in figure.axes[0].get_xticklabels()]
    assert 2 <= len(names) < 9
    assert len({int(after[-1]) - int(name[-1]) for name, after in pairwise(names)}) == 1
