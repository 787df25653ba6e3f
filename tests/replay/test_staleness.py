"""Tests of the estimate of how many artists changed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Circle, RegularPolygon

from animate.replay.staleness import ChangeEstimate

MANY = 400


def _drawn(artist: Callable[[tuple[float, float]], Circle | RegularPolygon], n: int = MANY) -> tuple[Figure, list]:
    figure = Figure()
    canvas, ax = FigureCanvasAgg(figure), figure.add_subplot()
    artists = [ax.add_patch(artist((x, x))) for x in np.linspace(0, 1, n)]
    canvas.draw()
    return figure, artists


def _circle(at: tuple[float, float]) -> Circle:
    return Circle(at, 0.01)


def _polygon(at: tuple[float, float]) -> RegularPolygon:
    return RegularPolygon(at, 5, radius=0.01)


def test_the_first_draw_of_a_figure_with_many_artists_is_full() -> None:
    many, few = (ChangeEstimate(_drawn(_circle, n)[0]) for n in (MANY, 20))
    assert many.favors_full_draw()
    assert not few.favors_full_draw()


@pytest.mark.parametrize("artist", [_circle, _polygon], ids=["marked as stale", "an attribute that marks nothing"])
@pytest.mark.parametrize(("share", "is_much"), [(0, False), (0.1, False), (0.5, True), (1, True)])
def test_a_full_draw_is_favored_where_many_artists_move(
    artist: Callable[[tuple[float, float]], Circle | RegularPolygon], share: float, is_much: bool
) -> None:
    figure, artists = _drawn(artist)
    estimate = ChangeEstimate(figure)
    estimate.note_drawn()
    rng = np.random.default_rng(0)
    for moved in rng.permutation(artists)[: round(share * MANY)]:
        if isinstance(moved, Circle):
            moved.center = (0.3, 0.3)
        else:
            moved.xy = (0.3, 0.3)
    assert estimate.favors_full_draw() == is_much


def test_a_figure_that_rests_is_not_drawn_in_full() -> None:
    figure, _ = _drawn(_polygon)
    estimate = ChangeEstimate(figure)
    estimate.note_drawn()
    figure.axes[0].plot([0, 1])
    assert not estimate.favors_full_draw()
