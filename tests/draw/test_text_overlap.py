"""Texts on each other are found as a reader sees them, and the advice against them holds."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib import __version_info__
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from animate import Scene, Timeline, load, marks, panels
from animate.draw.fonts import CAN_SHAPE
from animate.draw.legibility import drawn_texts
from animate.draw.settings import Settings
from animate.draw.style import Style
from animate.draw.text_overlap import drawn_boxes, quoted, text_faults, text_problems

SCENES = Path(__file__).parents[2] / "scenes"


def scene(*drawn: marks.Mark, **fields: Any) -> Scene:
    panel = panels.Plot(*drawn or [marks.Points([[0.5, 0.5]])], limits=((0.0, 1.0), (0.0, 1.0)))
    given = {"title": "Title", "caption": "Words.", "panels": [panel], "timeline": Timeline(2), **fields}
    return Scene(**given)


def faults(figure: Figure, size: tuple[int, int] = (480, 270)) -> list[str]:
    return list(text_faults(dict(drawn_boxes(figure)), Style(Settings(*size))))


@pytest.mark.skipif(__version_info__ < (3, 11), reason="before 3.11, matplotlib places letters up to 5 px beside these")
@pytest.mark.parametrize("words", ["one", "pond", "Tall", r"$\frac{1}{2}$", r"\$5"])
@pytest.mark.parametrize("rotation", [0, 90])
def test_the_box_of_a_text_is_that_of_its_pixels(words: str, rotation: int) -> None:
    figure = Figure(figsize=(3, 3), dpi=72)
    canvas = FigureCanvasAgg(figure)
    figure.text(0.5, 0.5, words, size=30, rotation=rotation, linespacing=1.25)
    canvas.draw()
    rows, columns = np.nonzero(np.asarray(canvas.buffer_rgba())[..., 0] < 128)
    [(_, box)] = drawn_boxes(figure)
    drawn = [columns.min(), 216 - rows.max() - 1, columns.max() + 1, 216 - rows.min()]
    across, along = ((0, 2), (1, 3)) if rotation else ((1, 3), (0, 2))
    assert [box.extents[side] for side in across] == pytest.approx([drawn[side] for side in across], abs=1.5)
    assert [box.extents[side] for side in along] == pytest.approx([drawn[side] for side in along], abs=4)


@pytest.mark.parametrize(("row", "found"), [(0.6, True), (1.0, False)])
def test_names_whose_letters_touch_lie_on_each_other(row: float, found: bool) -> None:
    figure = scene(marks.Text("Chip", (0.2, 0.5)), marks.Text("Hill", (0.2, 0.5), row=row)).still(0.0, size=(480, 270))
    assert ("'Chip' lies on 'Hill'" in faults(figure)) is found


@pytest.mark.parametrize(("apart", "found"), [(0.5, True), (4.0, False)])
def test_words_without_a_space_between_them_lie_on_each_other(apart: float, found: bool) -> None:
    words = (marks.Text("left", (0.5, 0.5), align="right"), marks.Text("right", (0.5, 0.5), shift=(apart, 0)))
    assert ("'left' lies on 'right'" in faults(scene(*words).still(0.0, size=(480, 270)))) is found


def test_a_sign_of_a_formula_may_stand_close_to_its_neighbor() -> None:
    words = (marks.Text("$w$", (0.5, 0.5), align="right"), marks.Text(r"$\leftarrow$", (0.5, 0.5), shift=(0.5, 0)))
    assert not [fault for fault in faults(scene(*words).still(0.0, size=(480, 270))) if "lies on" in fault]


@pytest.mark.parametrize(("x", "found"), [(0.45, True), (0.55, False)])
def test_a_name_over_the_end_of_a_bar_is_found(x: float, found: bool) -> None:
    bar = marks.Bars([0.5], [0.5], horizontal=True, thickness=0.5)
    figure = scene(bar, marks.Text("name", (x, 0.5))).still(0.0, size=(480, 270))
    assert ("'name' lies on the end of a bar" in faults(figure)) is found


def test_a_text_that_reaches_into_the_next_panel_is_found() -> None:
    both = [panels.Plot(marks.Text("much too long", (0.9, 0.5)), limits=((0, 1), (0, 1)), name=name) for name in "ab"]
    figure = scene(panels=both).still(0.0, size=(480, 270))
    assert "'much too long' reaches into another panel" in faults(figure)


@pytest.mark.parametrize(
    ("words", "read"),
    [(r"$w$ and $\lambda = 0.1$", "'w and λ=0.1'"), ("MSE 12.5", "'MSE 12.5'"), (r"From \$5", "'From $5'")],
)
def test_a_fault_names_a_text_as_it_is_read(words: str, read: str) -> None:
    assert quoted(Figure().text(0, 0, words)) == read


def test_a_lesson_of_formulas_has_a_tall_size_that_works() -> None:
    assert text_problems(load("backpropagation", scenes=SCENES).build(), Settings(400, 600)) == []


@pytest.mark.parametrize(("name", "size"), [("backpropagation", (320, 480)), ("softmax_three_species", (352, 528))])
def test_the_size_that_is_advised_works(name: str, size: tuple[int, int]) -> None:
    lesson = load(name, scenes=SCENES).build()
    [line] = [line for line in text_problems(lesson, Settings(*size)) if "size of this shape" in line]
    width, height = map(int, re.findall(r"works is (\d+)x(\d+)", line)[0])
    assert width / height == pytest.approx(2 / 3, rel=0.02)
    assert text_problems(lesson, Settings(width, height)) == []


def test_where_no_size_of_a_shape_works_the_nearest_shape_is_named() -> None:
    crowded = scene(marks.Text("a first text that is long", (0.0, 0.5)), marks.Text("the second", (0.3, 0.5)))
    [line] = text_problems(crowded, Settings(400, 600))
    width, height = map(int, re.findall(r"no size of this shape works; the nearest that does is (\d+)x(\d+)", line)[0])
    assert width / height > 2 / 3
    assert text_problems(crowded, Settings(width, height)) == []


def test_the_optimum_is_named_within_its_axes() -> None:
    lesson = load("six_datasets", scenes=SCENES).build()
    stage = lesson.stage(Settings(320, 480))
    stage.show(lesson.timeline.duration)
    [text] = [text for text in stage.figure.findobj() if getattr(text, "get_text", str)() == "optimum"]
    box, axes = text.get_window_extent(), text.axes.bbox
    assert axes.x0 <= box.x0 < box.x1 <= axes.x1


@pytest.mark.parametrize("size", [(320, 480), (480, 270), (1080, 1080)])
@pytest.mark.parametrize(("name", "phrase"), [("decision_tree", "12 of 342 wrong"), ("perceptron", "0 of 274 wrong")])
def test_a_count_is_read_as_a_phrase(size: tuple[int, int], name: str, phrase: str) -> None:
    figure = load(name, scenes=SCENES).build().still(1.0, size=size)
    assert phrase in {text.get_text() for text in figure.texts}


@pytest.mark.skipif(not CAN_SHAPE, reason="this matplotlib sets no text from right to left")
@pytest.mark.parametrize("size", [(480, 270), (800, 450), (540, 960)])
def test_lines_written_from_right_to_left_begin_at_the_right(size: tuple[int, int]) -> None:
    words = "כמה צעדים של ירידה סטוכסטית דרושים עד שהקו נכון " * (1 if size[0] == 480 else 3)
    texts = drawn_texts(scene(title="כמה צעדים?", caption=words.strip()).still(0.0, size=size))[0]
    lines = [text.box for text in texts if text.text != "Title" and any("א" <= one <= "ת" for one in text.text)]
    assert len(lines) == (2 if size[0] == 480 else 1 + len(lines[1:]))
    rights = [right for _, _, right, _ in lines[1:]]
    assert max(rights) - min(rights) <= 2
    assert min(right for _, _, right, _ in lines) > 0.7 * size[0]


@pytest.mark.skipif(not CAN_SHAPE, reason="this matplotlib sets no text from right to left")
def test_a_caption_in_place_of_all_begins_where_its_script_does() -> None:
    told = load("linear_sgd_vs_batch", scenes=SCENES).build().adjust(caption="איזה קו?")
    [caption] = [text for text in drawn_texts(told.still(0.5, size=(800, 450)))[0] if text.text == "איזה קו?"]
    assert caption.box[0] > 400


def test_small_multiples_stand_in_reading_order_where_the_picture_is_tall() -> None:
    stage = load("linear_minibatch", scenes=SCENES).build().stage(Settings(540, 960))
    places = {str(panel.title): axes.get_position() for panel, axes in stage.mounted}
    one, eight, thirty_two = (places[f"Batch {size}"] for size in (1, 8, 32))
    assert one.x0 < eight.x0
    assert (eight.y0, thirty_two.x0) == pytest.approx((one.y0, one.x0))
    assert thirty_two.y0 < one.y0
    assert {round(box.width, 3) for box in (one, eight, thirty_two)} == {round(one.width, 3)}


def test_a_functions_longer_words_give_way_where_the_axes_are_narrow() -> None:
    words = marks.Text(lambda update: (f"the sum of all of these terms is {update}", f"sum {update}"), (0.0, 0.5))
    plots = [panels.Plot(words, limits=((0, 1), (0, 1)), name=str(number)) for number in range(4)]
    texts = [
        {text.get_text() for text in scene(panels=plots[:count]).still(0.0, size=(800, 450)).findobj(match=_is_text)}
        for count in (1, 4)
    ]
    assert ["the sum of all of these terms is 0" in one for one in texts] == [True, False]
    assert "sum 0" in texts[1]


def _is_text(artist: Any) -> bool:
    return hasattr(artist, "get_text")
