"""Figures whose drawing runs functions of the user, some of which answer differently each time: the frames of stock."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import Normalize, get_named_colors_mapping
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.patheffects import AbstractPathEffect
from matplotlib.transforms import Bbox, IdentityTransform

from tests.film.test_any_figure import Make, Update, assert_same, frames_by_both, line_in

FIGURES: dict[str, Make] = {}


def figure_like(make: Make) -> Make:
    """Add to the table a function that fills a figure and returns what changes it."""
    FIGURES[make.__name__] = make
    return make


class Jitter(AbstractPathEffect):
    """Moves each point of a path a little, differently each time."""

    def __init__(self) -> None:
        super().__init__()
        self._rng = np.random.default_rng(0)

    def draw_path(self, renderer: Any, gc: Any, path: Path, affine: Any, rgbFace: Any = None) -> None:
        points = affine.transform(path.vertices)
        moved = points + self._rng.normal(size=points.shape)
        renderer.draw_path(gc, Path(moved, path.codes), IdentityTransform(), rgbFace)


class Shuffled(Normalize):
    """Maps numbers to random ones."""

    def __init__(self) -> None:
        super().__init__(0, 1)
        self._rng = np.random.default_rng(0)

    def __call__(self, value: Any, clip: Any = None) -> Any:
        return np.ma.array(self._rng.random(np.shape(value)))


class Widening(Line2D):
    """Counts its draws and shows the count as its width."""

    n_draws = 0

    def draw(self, renderer: Any) -> None:
        self.n_draws += 1
        self.set_linewidth(1 + self.n_draws % 7)
        super().draw(renderer)


@figure_like
def with_a_path_effect_that_is_random(figure: Figure) -> Update:
    line = line_in(figure)
    line.set_path_effects([Jitter()])
    (other,) = line.axes.plot([0, 1])
    return lambda i: other.set_ydata([0, i])


@figure_like
def with_a_path_effect_that_comes_later(figure: Figure) -> Update:
    line = line_in(figure)
    (other,) = line.axes.plot([0, 1])

    def update(i: int) -> None:
        other.set_ydata([0, i])
        if i == 2:
            line.set_path_effects([Jitter()])

    return update


@figure_like
def with_a_formatter_that_counts(figure: Figure) -> Update:
    line, numbers = line_in(figure), itertools.count()
    line.axes.xaxis.set_major_formatter(lambda value, position: str(next(numbers)))
    return lambda i: line.set_ydata([1, 1 / (1 + i)])


@figure_like
def with_a_formatter_that_counts_and_comes_later(figure: Figure) -> Update:
    line, numbers = line_in(figure), itertools.count()

    def update(i: int) -> None:
        line.set_ydata([1, 1 / (1 + i)])
        if i == 2:
            line.axes.xaxis.set_major_formatter(lambda value, position: str(next(numbers)))

    return update


@figure_like
def with_a_norm_that_is_random(figure: Figure) -> Update:
    line = line_in(figure)
    line.axes.scatter([0.2, 0.5, 0.8], [0.5, 0.5, 0.5], c=[0, 1, 2], norm=Shuffled())
    return lambda i: line.set_ydata([1, 1 / (1 + i)])


@figure_like
def with_a_filter_that_is_random(figure: Figure) -> Update:
    line, rng = line_in(figure), np.random.default_rng(0)
    text = line.axes.text(0.5, 0.5, "grain", size=20)
    text.set_agg_filter(lambda image, dpi: (image * rng.random(image.shape), 0, 0))
    return lambda i: line.set_ydata([1, 1 / (1 + i)])


@figure_like
def with_coordinates_that_move_in_each_draw(figure: Figure) -> Update:
    line, numbers = line_in(figure), itertools.count()
    line.axes.annotate("here", (0, 0), xycoords=lambda renderer: Bbox.from_bounds(40 + next(numbers), 50, 9, 9))
    return lambda i: line.set_ydata([1, 1 / (1 + i)])


@figure_like
def with_a_line_that_counts_its_draws_and_comes_later(figure: Figure) -> Update:
    line = line_in(figure)

    def update(i: int) -> None:
        line.set_ydata([0, i])
        if i == 2:
            line.axes.add_line(Widening([0, 1], [1, 0]))

    return update


@figure_like
def of_a_constrained_layout_with_a_line_that_counts_its_draws(figure: Figure) -> Update:
    line = line_in(figure)
    figure.set_layout_engine("constrained")
    line.axes.add_line(Widening([0, 1], [1, 0]))
    return lambda i: line.set_ydata([1, 1 / (1 + i)])


@figure_like
def of_a_path_with_a_read_only_view_of_points_that_move(figure: Figure) -> Update:
    line, points = line_in(figure), np.array([[0, 0], [1, 0], [0.5, 1]])
    view = points.view()
    view.flags.writeable = False
    line.axes.add_patch(PathPatch(Path(view)))

    def update(i: int) -> None:
        points[2, 0] = max(i - 2, 0) / 4

    return update


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_frames_are_those_of_a_stock_writer_for_a_figure(name: str) -> None:
    assert_same(*frames_by_both(FIGURES[name], {}, {}))


def test_a_named_color_may_get_another_value(monkeypatch: pytest.MonkeyPatch) -> None:
    names = get_named_colors_mapping()
    monkeypatch.setitem(names, "mine", "#000000")

    def make(figure: Figure) -> Update:
        line = line_in(figure)
        line.set_color("mine")
        return lambda i: monkeypatch.setitem(names, "mine", f"#00{20 * i:02x}00")

    assert_same(*frames_by_both(make, {}, {}))
