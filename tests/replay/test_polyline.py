"""Pieces of lines: in the box they are cut out for, every byte is that of the whole line drawn by matplotlib."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox

from animate.replay.bounds import Bounds
from animate.replay.polyline import FEWEST_POINTS, Polyline, polyline
from animate.replay.tiles import Box

WIDTH, HEIGHT, DPI = 240, 200, 100
N = 2 * FEWEST_POINTS


def spiral(rng: np.random.Generator) -> Any:
    t = np.linspace(0, 1, N) ** rng.uniform(0.5, 1)
    turns, r = rng.uniform(2, 30), 90 * t
    return np.column_stack([120 + r * np.cos(turns * t), 100 + r * np.sin(turns * t)])


def walk(rng: np.random.Generator) -> Any:
    steps = rng.normal(scale=rng.choice([0.02, 0.5, 8.0]), size=(N, 2))
    return np.cumsum(steps, axis=0) % 180 + 10


def back_and_forth(rng: np.random.Generator) -> Any:
    x = 120 + 100 * np.sin(np.linspace(0, rng.uniform(5, 60), N))
    return np.column_stack([x, 100 + 0.02 * rng.normal(size=N)])


def stairs(rng: np.random.Generator) -> Any:
    x = np.repeat(np.linspace(10, 230, N // 2), 2)[1:]
    y = np.repeat(rng.uniform(10, 190, N // 2), 2)[:-1]
    return np.column_stack([x, y])


def with_points_twice(rng: np.random.Generator) -> Any:
    return np.repeat(spiral(rng)[::4], 4, axis=0)


def with_gaps(rng: np.random.Generator) -> Any:
    points = walk(rng)
    points[rng.integers(N, size=5)] = np.nan
    return points


SHAPES = [spiral, walk, back_and_forth, stairs, with_points_twice, with_gaps]


def context_of(renderer: RendererAgg, rng: np.random.Generator) -> Any:
    context = renderer.new_gc()
    context.set_linewidth(float(rng.choice([0.3, 1.0, 1.5, 4.0, 9.0])))
    context.set_foreground((0.2, 0.4, 0.8))
    context.set_alpha(float(rng.choice([1.0, 0.4])))
    context.set_joinstyle(str(rng.choice(["round", "miter", "bevel"])))
    context.set_capstyle(str(rng.choice(["round", "butt", "projecting"])))
    context.set_antialiased(bool(rng.random() < 0.9))
    if rng.random() < 0.3:
        context.set_clip_rectangle(Bbox.from_extents(20.5, 30.25, 200.75, 170))
    return context


def drawn(draw: Any) -> Any:
    renderer = RendererAgg(WIDTH, HEIGHT, DPI)
    renderer.clear()
    draw(renderer._renderer)
    return np.array(renderer.buffer_rgba())


def made(path: Path, context: Any) -> Polyline:
    line = polyline(context, path, Affine2D().get_matrix(), Bounds(WIDTH, HEIGHT, DPI))
    assert line is not None
    return line


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", range(12))
def test_a_piece_equals_the_whole_line_in_its_box(shape, seed):
    rng = np.random.default_rng(seed)
    context = context_of(RendererAgg(WIDTH, HEIGHT, DPI), rng)
    path, matrix = Path(shape(rng)), Affine2D().get_matrix()
    line = made(path, context)
    whole = drawn(lambda canvas: canvas.draw_path(context, path, matrix, None))
    outside = np.ones((HEIGHT, WIDTH), bool)
    outside[line.box.top : line.box.bottom, line.box.left : line.box.right] = False
    blank = drawn(lambda canvas: None)
    np.testing.assert_array_equal(whole[outside], blank[outside])
    for _ in range(12):
        left, top = rng.integers(0, WIDTH), rng.integers(0, HEIGHT)
        box = Box(left, top, left + rng.integers(1, 90), top + rng.integers(1, 90)).common(Box(0, 0, WIDTH, HEIGHT))
        piece = drawn(lambda canvas, box=box: line.draw(canvas.draw_path, box))
        inside = np.s_[box.top : box.bottom, box.left : box.right]
        np.testing.assert_array_equal(piece[inside], whole[inside])


@pytest.mark.parametrize("shape", [spiral, walk, back_and_forth, with_gaps])
@pytest.mark.parametrize("seed", range(8))
def test_a_line_that_grew_differs_only_in_the_box_it_tells(shape, seed):
    rng = np.random.default_rng(seed)
    context = context_of(RendererAgg(WIDTH, HEIGHT, DPI), rng)
    points, matrix = shape(rng), Affine2D().get_matrix()
    end = int(rng.integers(FEWEST_POINTS + 10, N - 40))
    shorter, longer = Path(points[:end]), Path(points[: end + int(rng.integers(20, 40))])
    box = made(longer, context).changed(made(shorter, context))
    before = drawn(lambda canvas: canvas.draw_path(context, shorter, matrix, None))
    after = drawn(lambda canvas: canvas.draw_path(context, longer, matrix, None))
    differ = (before != after).any(axis=-1)
    differ[box.top : box.bottom, box.left : box.right] = False
    assert not differ.any()


def test_a_line_that_grows_at_its_end_changes_a_small_box():
    rng = np.random.default_rng(0)
    context, points = RendererAgg(WIDTH, HEIGHT, DPI).new_gc(), spiral(rng)
    line = made(Path(points), context)
    assert line.changed(made(Path(points[:-3]), context)).area < line.box.area / 20


def test_a_piece_of_a_long_line_has_few_of_its_points():
    rng = np.random.default_rng(0)
    line = made(Path(spiral(rng)), context_of(RendererAgg(WIDTH, HEIGHT, DPI), rng))
    assert len(line._piece(Box(0, 0, 60, 60)).vertices) < len(line.points) / 2


@pytest.mark.parametrize(
    "spoil",
    [
        lambda context, points: context.set_dashes(0, [3, 2]),
        lambda context, points: context.set_sketch_params(1.0),
        lambda context, points: context.set_hatch("/"),
        lambda context, points: points.__setitem__(5, (-30.0, 20.0)),
        lambda context, points: points.__setitem__(5, (1e9, 20.0)),
    ],
    ids=["dashes", "sketch", "hatch", "out of the canvas", "far out"],
)
def test_what_is_no_plain_line_within_the_canvas_is_left_to_matplotlib(spoil):
    rng = np.random.default_rng(0)
    context, points = RendererAgg(WIDTH, HEIGHT, DPI).new_gc(), spiral(rng)
    assert polyline(context, Path(points), Affine2D().get_matrix(), Bounds(WIDTH, HEIGHT, DPI)) is not None
    spoil(context, points)
    assert polyline(context, Path(points), Affine2D().get_matrix(), Bounds(WIDTH, HEIGHT, DPI)) is None
