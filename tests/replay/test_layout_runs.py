"""A run of the layout engine alone places axes as the draw of matplotlib's own that contains it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import matplotlib.dates as mdates
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure

from animate.replay.layout_cycle import lay_out_early, placement

DAYS = 20_000 + np.linspace(0.0, 40.0, 30)


def shared_formatter(figure: Figure) -> None:
    """Axes of different limits share a formatter, whose offset is that of the last axis it formatted."""
    one, other = figure.subplots(2, 1)
    one.plot([0.0, 1.0])
    other.plot([5e9, 5e9 + 1])
    other.yaxis.set_major_formatter(one.yaxis.get_major_formatter())


def shared_locator(figure: Figure) -> None:
    """Axes of different sizes share their ticks, whose number follows the size of one of them."""
    figure.subplots(2, 2, sharex=True, sharey="row", width_ratios=(1, 4))


def shared_dates(figure: Figure) -> None:
    """Dates whose formatter keeps the year for its offset serve two axes."""
    one, other = figure.subplots(1, 2)
    locator = mdates.AutoDateLocator()
    for ax, days in ((one, DAYS), (other, DAYS / 50)):
        ax.plot(days, np.sin(days))
        ax.xaxis.set_major_locator(locator)
    one.xaxis.set_major_formatter(mdates.ConciseDateFormatter(locator))
    other.xaxis.set_major_formatter(one.xaxis.get_major_formatter())


def equal_aspect(figure: Figure) -> None:
    """An aspect moves the limits while the engine places the axes."""
    one, other = figure.subplots(1, 2)
    one.set_aspect("equal", adjustable="datalim")
    other.set_aspect("equal")
    other.twinx().plot([1e5, 3e5])


def ticks_above(figure: Figure) -> None:
    """Titles keep off ticks above, of the axes, of its twin and of a secondary axis."""
    one, other = figure.subplots(1, 2)
    one.xaxis.tick_top()
    one.secondary_xaxis("top")
    other.twiny().set_xlabel("above")
    figure.align_labels()


def spines_apart(figure: Figure) -> None:
    """Labels of ticks move with their spines; minor ticks have labels of their own."""
    one, other = figure.subplots(1, 2)
    one.spines.left.set_position(("data", 0.5))
    one.spines.bottom.set_position(("outward", 30))
    other.set_yscale("log")
    other.minorticks_on()


def colorbars(figure: Figure) -> None:
    """Colorbars follow the axes that they belong to."""
    axs = figure.subplots(1, 2)
    for ax, location in zip(axs, ("right", "top"), strict=True):
        figure.colorbar(ax.imshow(np.arange(6.0).reshape(2, 3)), ax=ax, location=location)


def grow(figure: Figure, rng: np.random.Generator) -> None:
    """Change the limits, titles and labels of some axes."""
    for ax in figure.axes:
        if rng.random() < 0.6:
            low = 10.0 ** rng.uniform(-2, 8)
            ax.set_ylim(low, low * rng.uniform(1.001, 50))
        if rng.random() < 0.3:
            ax.set_title("title\n" * int(rng.integers(3)))
            ax.set_ylabel("label\n" * int(rng.integers(3)))
        if rng.random() < 0.2:
            ax.tick_params(labelsize=rng.uniform(5, 16), labelrotation=rng.uniform(0, 90))
    figure.set_size_inches(*rng.uniform(4, 9, 2))


def pixels(figure: Figure) -> Any:
    """Return a figure as matplotlib draws it, shape (height, width, 4)."""
    figure.canvas.draw()
    return np.asarray(figure.canvas.buffer_rgba()).copy()  # type: ignore[attr-defined]


@pytest.mark.parametrize("layout", ["tight", "constrained"])
@pytest.mark.parametrize(
    "create", [shared_formatter, shared_locator, shared_dates, equal_aspect, ticks_above, spines_apart, colorbars]
)
def test_the_engine_alone_places_axes_as_a_draw_does(layout: Any, create: Callable[[Figure], None]) -> None:
    ours, stock = plt.figure(layout=layout), plt.figure(layout=layout)
    for figure in (ours, stock):
        create(figure)
    for frame in range(4):
        for figure in (ours, stock):
            grow(figure, np.random.default_rng(frame))
        for _ in range(2):
            lay_out_early(ours, ours.canvas.get_renderer())  # type: ignore[attr-defined]
            stock.draw_without_rendering()
            assert placement(ours) == placement(stock)
        np.testing.assert_array_equal(pixels(ours), pixels(stock))
