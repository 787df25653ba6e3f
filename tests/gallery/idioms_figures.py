"""Idioms of animation that concern axes, layout and whole figures: each function returns an animation of *n* frames."""

from __future__ import annotations

import datetime as dt
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.animation import Animation
from matplotlib.widgets import Slider

from tests.gallery.idioms_data import GRID, X, film, waves


def polar(n: int) -> Animation:
    """A line in polar axes moves."""
    fig, ax = plt.subplots(subplot_kw={"projection": "polar"})
    (line,) = ax.plot(X, 1 + np.sin(X))
    return film(fig, lambda i: line.set_data(X + i / 10, 1 + np.sin(X)), n)


def turn_3d(n: int) -> Animation:
    """A surface in 3D turns with view_init."""
    fig, ax = plt.subplots(subplot_kw={"projection": "3d"})
    ax.plot_surface(*GRID, waves(0), cmap="viridis")
    return film(fig, lambda i: ax.view_init(30, 3 * i), n)


def points_3d(n: int) -> Animation:
    """A scatter in 3D moves by _offsets3d."""
    fig, ax = plt.subplots(subplot_kw={"projection": "3d"})
    rng = np.random.default_rng(0)
    points = ax.scatter(*rng.random((3, 200)))

    def update(i: int) -> None:
        points._offsets3d = tuple(rng.random((3, 200)))

    return film(fig, update, n)


def line_3d(n: int) -> Animation:
    """A line in 3D grows with set_data_3d."""
    fig, ax = plt.subplots(subplot_kw={"projection": "3d"})
    ax.set(xlim=(-1, 1), ylim=(-1, 1), zlim=(0, 7))
    (line,) = ax.plot([], [], [])
    return film(fig, lambda i: line.set_data_3d(np.cos(X[: 4 * i]), np.sin(X[: 4 * i]), X[: 4 * i]), n)


def surface_again(n: int) -> Animation:
    """A surface in 3D is removed and made anew."""
    fig, ax = plt.subplots(subplot_kw={"projection": "3d"})
    made: list[Any] = []

    def update(i: int) -> None:
        while made:
            made.pop().remove()
        made.append(ax.plot_surface(*GRID, waves(i), cmap="viridis"))

    return film(fig, update, n)


def twins(n: int) -> Animation:
    """Lines in twin axes move."""
    fig, ax = plt.subplots()
    (left,), (right,) = ax.plot(X, np.sin(X)), ax.twinx().plot(X, 100 * np.cos(X), "C1")

    def update(i: int) -> None:
        left.set_ydata(np.sin(X + i / 10))
        right.set_ydata(100 * np.cos(X + i / 7))

    return film(fig, update, n)


def inset(n: int) -> Animation:
    """An inset with indicate_inset_zoom wanders."""
    fig, ax = plt.subplots()
    ax.plot(X, np.sin(X))
    inside = ax.inset_axes((0.6, 0.6, 0.35, 0.35), xlim=(0, 1), ylim=(0, 1))
    inside.plot(X, np.sin(X))
    ax.indicate_inset_zoom(inside)
    return film(fig, lambda i: inside.set_xlim(i / 20, i / 20 + 1), n)


def second_axis(n: int) -> Animation:
    """A secondary axis follows limits that move."""
    fig, ax = plt.subplots()
    ax.plot(X, np.sin(X))
    ax.secondary_xaxis("top", functions=(np.rad2deg, np.deg2rad))
    return film(fig, lambda i: ax.set_xlim(0, 7 + i / 10), n)


def shared_axes(n: int) -> Animation:
    """Four subplots with shared axes, one line changes."""
    fig, axs = plt.subplots(2, 2, sharex=True, sharey=True)
    lines = [ax.plot(X, np.sin(X))[0] for ax in axs.flat]
    return film(fig, lambda i: lines[i % 4].set_ydata(np.sin(X + i / 10)), n)


def dashboard(n: int) -> Animation:
    """A mosaic of a line, an image, bars and a text."""
    fig, axs = plt.subplot_mosaic("aab;aac;ddc", figsize=(8, 6))
    (line,), shown = axs["a"].plot(X, np.sin(X)), axs["b"].imshow(waves(0))
    columns, label = axs["c"].bar(range(5), range(5)), axs["d"].text(0.5, 0.5, "")

    def update(i: int) -> None:
        line.set_ydata(np.sin(X + i / 10))
        shown.set_data(waves(i))
        columns[i % 5].set_height(i % 4)
        label.set_text(f"frame {i}")

    return film(fig, update, n)


def subfigures(n: int) -> Animation:
    """Two subfigures with titles of their own."""
    fig = plt.figure(layout="constrained")
    left, right = fig.subfigures(1, 2)
    (line,) = left.subplots().plot(X, np.sin(X))
    right.subplots(2, 1)

    def update(i: int) -> None:
        line.set_ydata(np.sin(X + i / 10))
        right.suptitle(f"frame {i}")

    return film(fig, update, n)


def colorbar(n: int) -> Animation:
    """An image and its colorbar change with set_clim."""
    fig, ax = plt.subplots()
    shown = ax.imshow(waves(0))
    fig.colorbar(shown)

    def update(i: int) -> None:
        shown.set_data((1 + i / 10) * waves(i))
        shown.set_clim(-1 - i / 10, 1 + i / 10)

    return film(fig, update, n)


def colorbar_again(n: int) -> Animation:
    """Figure cleared, contours and a colorbar made anew."""
    fig = plt.figure()

    def update(i: int) -> None:
        fig.clf()
        ax = fig.add_subplot()
        fig.colorbar(ax.contourf(*GRID, waves(i)), ax=ax)

    return film(fig, update, n)


def constrained(n: int) -> Animation:
    """Constrained layout while the suptitle counts."""
    fig, axs = plt.subplots(1, 2, layout="constrained")
    (line,) = axs[0].plot(X, np.sin(X))
    axs[1].imshow(waves(0))

    def update(i: int) -> None:
        line.set_ydata(np.sin(X + i / 10))
        fig.suptitle(f"frame {i}")

    return film(fig, update, n)


def constrained_quiet(n: int) -> Animation:
    """Constrained layout where only a line moves."""
    fig, axs = plt.subplots(2, 2, layout="constrained")
    lines = [ax.plot(X, np.sin(X))[0] for ax in axs.flat]
    return film(fig, lambda i: lines[0].set_ydata(np.sin(X + i / 10)), n)


def constrained_scaling(n: int) -> Animation:
    """Constrained layout while the axis scales itself and its labels grow."""
    fig, ax = plt.subplots(layout="constrained")
    (line,) = ax.plot(X, np.sin(X))

    def update(i: int) -> None:
        line.set_ydata(np.sin(X) * (1 + 7 * i))
        ax.relim()
        ax.autoscale_view()

    return film(fig, update, n)


def constrained_image(n: int) -> Animation:
    """Constrained layout while an image and the numbers of its colorbar change."""
    fig, ax = plt.subplots(layout="constrained")
    shown = ax.imshow(waves(0))
    fig.colorbar(shown)

    def update(i: int) -> None:
        shown.set_data(waves(i) * (i + 1))
        shown.autoscale()

    return film(fig, update, n)


def tight_scaling(n: int) -> Animation:
    """layout="tight" while four axes scale themselves."""
    fig, axs = plt.subplots(2, 2, layout="tight")
    lines = [ax.plot(X, np.sin(X))[0] for ax in axs.flat]

    def update(i: int) -> None:
        for ax, line in zip(axs.flat, lines, strict=True):
            line.set_ydata(np.sin(X) * (1 + 7 * i))
            ax.relim()
            ax.autoscale_view()

    return film(fig, update, n)


def tight_before(n: int) -> Animation:
    """tight_layout() once before saving."""
    fig, axs = plt.subplots(1, 2)
    (line,) = axs[0].plot(X, np.sin(X))
    fig.tight_layout()
    return film(fig, lambda i: line.set_ydata(np.sin(X + i / 10)), n)


def tight_in_update(n: int) -> Animation:
    """tight_layout() in every update."""
    fig, axs = plt.subplots(1, 2)
    (line,) = axs[0].plot(X, np.sin(X))

    def update(i: int) -> None:
        line.set_ydata((1 + i) * np.sin(X))
        axs[0].relim()
        axs[0].autoscale_view()
        fig.tight_layout()

    return film(fig, update, n)


def legend_again(n: int) -> Animation:
    """A legend is made anew in every frame."""
    fig, ax = plt.subplots()
    (line,) = ax.plot(X, np.sin(X))

    def update(i: int) -> None:
        line.set_ydata(np.sin(X + i / 10))
        line.set_label(f"phase {i / 10:.1f}")
        ax.legend(loc="upper right")

    return film(fig, update, n)


def legend_best(n: int) -> Animation:
    """A legend at the best place, which depends on the line."""
    fig, ax = plt.subplots()
    (line,) = ax.plot(X, np.sin(X), label="wave")
    ax.legend()
    return film(fig, lambda i: line.set_ydata(np.sin(X + i / 3)), n)


def table(n: int) -> Animation:
    """A cell of a table changes its text."""
    fig, ax = plt.subplots()
    ax.axis("off")
    cells = ax.table([["a", "b"], ["c", "d"]], loc="center")
    return film(fig, lambda i: cells[0, 1].get_text().set_text(f"{i}"), n)


def dates(n: int) -> Animation:
    """A series over dates grows, the axis scales itself."""
    fig, ax = plt.subplots()
    days = [dt.datetime(2024, 1, 1) + dt.timedelta(days=k) for k in range(n)]
    values = np.cumsum(np.random.default_rng(0).normal(size=n))
    (line,) = ax.plot(days[:2], values[:2])

    def update(i: int) -> None:
        line.set_data(days[: i + 2], values[: i + 2])
        ax.relim()
        ax.autoscale_view()
        fig.autofmt_xdate()

    return film(fig, update, n)


def title(n: int) -> Animation:
    """The title of the axes counts frames."""
    fig, ax = plt.subplots()
    (line,) = ax.plot(X, np.sin(X))

    def update(i: int) -> None:
        line.set_ydata(np.sin(X + i / 10))
        ax.set_title(f"frame {i}")

    return film(fig, update, n)


def ticks(n: int) -> Animation:
    """Ticks and their labels are set anew."""
    fig, ax = plt.subplots()
    ax.plot(X, np.sin(X))
    return film(fig, lambda i: ax.set_xticks(np.arange(7) + i % 5 / 5, [f"{k + i}" for k in range(7)]), n)


def background(n: int) -> Animation:
    """The color of the axes' background changes."""
    fig, ax = plt.subplots()
    ax.plot(X, np.sin(X))
    return film(fig, lambda i: ax.set_facecolor((i / n, 0.8, 1)), n)


def slider(n: int) -> Animation:
    """A slider widget is moved, and its callback draws."""
    fig, ax = plt.subplots()
    fig.subplots_adjust(bottom=0.25)
    (line,) = ax.plot(X, np.sin(X))
    control = Slider(fig.add_axes((0.2, 0.1, 0.6, 0.03)), "phase", 0, 10)
    control.on_changed(lambda phase: line.set_ydata(np.sin(X + phase)))
    return film(fig, lambda i: control.set_val(i / 10 % 10), n)


def still(n: int) -> Animation:
    """Nothing changes: a pause."""
    fig, ax = plt.subplots()
    ax.plot(X, np.sin(X))
    return film(fig, lambda i: None, n)


FIGURE_IDIOMS = (
    *(polar, turn_3d, points_3d, line_3d, surface_again, twins, inset, second_axis, shared_axes, dashboard, subfigures),
    *(colorbar, colorbar_again, constrained, constrained_quiet, tight_before, tight_in_update, legend_again),
    *(constrained_scaling, constrained_image, tight_scaling),
    *(legend_best, table, dates, title, ticks, background, slider, still),
)
