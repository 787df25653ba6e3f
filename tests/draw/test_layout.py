"""Panels stand as the scene lists them in a wide picture, and in rows that suit them in a tall or square one."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from animate import Scene, Timeline, load, marks, panels
from animate.draw.layout import Rectangle, Room, lay_out
from animate.draw.legibility import drawn_texts
from animate.draw.panels.base import Panel
from animate.draw.settings import PRESETS, resolve
from animate.draw.style import PHONE_PX, Style

SCENES = ("linear_sgd_vs_batch", "logistic_1d", "optimizer_race", "softmax_three_species", "anscombe")
SHAPES = ((540, 960), (1080, 1920), (1080, 1080), (540, 540))


def panel(title: str = "") -> Panel:
    return panels.Plot(marks.Points([[0.0, 0.0], [1.0, 1.0]]), title=title)


def room(width: float, height: float) -> Room:
    return Room(Rectangle(0, 0, width, height), gap_x=10, gap_y=10, head=40, label_px=14)


def overlap(one: Rectangle, other: Rectangle) -> bool:
    return (
        one.left < other.left + other.width - 1e-6
        and other.left < one.left + one.width - 1e-6
        and one.bottom < other.bottom + other.height - 1e-6
        and other.bottom < one.bottom + one.height - 1e-6
    )


def test_a_wide_picture_keeps_the_columns_of_the_scene() -> None:
    cells = lay_out([[panel("a")], [panel("b"), panel("c")]], room(800, 400), is_wide=True)
    assert [(cell.panel.title, round(cell.box.left), cell.stacked) for cell in cells] == [
        ("a", 0, False), ("b", 405, True), ("c", 405, True)
    ]  # fmt: skip


def test_two_panels_stand_above_each_other_in_a_tall_picture() -> None:
    first, second = lay_out([[panel()], [panel()]], room(400, 800), is_wide=False)
    assert first.box.width == second.box.width == 400
    assert first.box.bottom > second.box.bottom


def test_four_panels_in_a_tall_picture_are_read_row_by_row() -> None:
    cells = lay_out([[panel(name)] for name in "abcd"], room(540, 700), is_wide=False)
    assert [cell.panel.title for cell in sorted(cells, key=lambda cell: (-cell.box.bottom, cell.box.left))] == list(
        "abcd"
    )


def test_lines_of_text_have_the_whole_width_of_a_square_picture_below_the_others() -> None:
    stage = load("backpropagation").build(n_updates=1).stage(resolve("square", None, None, None))
    network, points, equations = (axes.get_window_extent() for axes in stage.figure.axes)
    assert equations.width > 0.9 * stage.figure.bbox.width
    assert equations.y1 < min(network.y0, points.y0)
    assert network.x1 < points.x0


@pytest.mark.parametrize("n_panels", range(1, 8))
@pytest.mark.parametrize("size", [(400, 800), (500, 500)])
def test_cells_fill_the_room_and_do_not_overlap(n_panels: int, size: tuple[int, int]) -> None:
    cells = [cell.box for cell in lay_out([[panel()] for _ in range(n_panels)], room(*size), is_wide=False)]
    assert not any(overlap(one, other) for one, other in itertools.combinations(cells, 2))
    assert min(cell.left for cell in cells) >= 0
    assert max(cell.left + cell.width for cell in cells) <= size[0] + 1e-6
    assert min(cell.bottom for cell in cells) == pytest.approx(0, abs=1e-6)
    assert max(cell.bottom + cell.height for cell in cells) == pytest.approx(size[1])


@pytest.mark.parametrize("name", ["bad_initialization", "feature_scaling", "linear_minibatch"])
def test_a_loss_surface_in_a_tall_picture_is_about_square(name: str) -> None:
    mounted = load(name).build().stage(resolve(size=(540, 960))).mounted
    shapes = [axes.bbox.width / axes.bbox.height for panel, axes in mounted if isinstance(panel, panels.LossSurface)]
    assert shapes
    assert all(0.75 < shape < 1.7 for shape in shapes)


@pytest.mark.parametrize("size", [(540, 960), (1080, 1080)])
def test_small_multiples_have_one_size_and_one_place_for_their_readouts(size: tuple[int, int]) -> None:
    mounted = load("linear_minibatch").build().stage(resolve(size=size)).mounted
    clouds = [axes.bbox for panel, axes in mounted if isinstance(panel, panels.Cloud)]
    assert np.ptp([(box.width, box.height) for box in clouds], axis=0) == pytest.approx([0.0, 0.0], abs=1e-6)


@pytest.mark.parametrize("size", SHAPES)
@pytest.mark.parametrize("name", SCENES)
def test_a_text_is_readable_on_a_phone_and_inside_the_picture(name: str, size: tuple[int, int]) -> None:
    texts, _ = drawn_texts(load(name).build().still(0.5, size=size))
    density = max(1.0, size[0] / PHONE_PX)
    assert min(text.size_px for text in texts) >= 10.99 * density
    for text in texts:
        assert text.box[0] >= -1, text
        assert text.box[1] >= -1, text
        assert text.box[2] <= size[0] + 1, text
        assert text.box[3] <= size[1] + 1, text


@pytest.mark.parametrize("name", [name for name in PRESETS if not PRESETS[name].width > PRESETS[name].height])
def test_the_same_lines_are_drawn_at_any_density(name: str) -> None:
    preset = PRESETS[name]
    small = Style(resolve(size=(preset.width // 2, preset.height // 2)))
    assert Style(preset).label_px == pytest.approx(2 * small.label_px)
    assert Style(preset).px(3, least=1) == pytest.approx(2 * small.px(3, least=1))


def test_a_long_title_takes_two_lines_and_captions_never_reach_the_panels() -> None:
    words = "A caption that is long enough to take more than a single line in a tall picture of this size"
    scene = Scene(
        title="Is a title of a tall picture broken into lines where it is too long?",
        caption={0: "Short.", 2: words}, panels=[panel("Title")], timeline=Timeline(3),
    )  # fmt: skip
    texts, _ = drawn_texts(scene.still("last", size=(540, 960)))
    lines = [text for text in texts if text.text in f"{scene.title} {words}"]
    title = [text.box for text in lines if text.text in str(scene.title)]
    caption = [text.box for text in lines if text.text in words]
    [heading] = [text.box for text in texts if text.text == "Title"]
    assert len(title) == 2
    assert len(caption) == 2
    assert max(box[3] for box in title) <= min(box[1] for box in caption) + 1
    assert max(box[3] for box in caption) <= heading[1]
