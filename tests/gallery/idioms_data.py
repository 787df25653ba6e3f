"""Idioms of animation with lines, points, images and fields: each function returns an animation of *n* frames."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.animation import Animation, FuncAnimation
from matplotlib.collections import LineCollection, PatchCollection, PolyCollection
from matplotlib.patches import Circle

X = np.linspace(0, 2 * np.pi, 200)
GRID = np.meshgrid(np.linspace(-2, 2, 40), np.linspace(-2, 2, 30))


def film(fig: Any, update: Any, n: int, **options: Any) -> FuncAnimation:
    return FuncAnimation(fig, update, frames=n, cache_frame_data=False, **options)


def waves(at: float) -> np.ndarray:
    return np.sin(GRID[0] * 2 + at / 5) * np.cos(GRID[1] + at / 9)


def line_set_data(n: int) -> Animation:
    """A line gets new data with set_data."""
    fig, ax = plt.subplots()
    (line,) = ax.plot(X, np.sin(X))
    return film(fig, lambda i: line.set_data(X, np.sin(X + i / 10)), n)


def line_grows(n: int) -> Animation:
    """A line grows point by point."""
    fig, ax = plt.subplots()
    ax.set(xlim=(0, n), ylim=(-3, 3))
    (line,), walk = ax.plot([], []), np.cumsum(np.random.default_rng(0).normal(0, 0.3, n))
    return film(fig, lambda i: line.set_data(np.arange(i), walk[:i]), n)


def many_lines(n: int) -> Animation:
    """Thirty lines move at once."""
    fig, ax = plt.subplots()
    lines = [ax.plot(X, np.sin(X + k / 5))[0] for k in range(30)]

    def update(i: int) -> None:
        for k, line in enumerate(lines):
            line.set_ydata(np.sin(X + k / 5 + i / 10))

    return film(fig, update, n)


def line_with_markers(n: int) -> Animation:
    """A line with a marker on each point moves."""
    fig, ax = plt.subplots()
    (line,) = ax.plot(X[::4], np.sin(X[::4]), "o-", markersize=4)
    return film(fig, lambda i: line.set_ydata(np.sin(X[::4] + i / 10)), n)


def many_lines_with_markers(n: int) -> Animation:
    """Three hundred lines of one marked point move."""
    fig, ax = plt.subplots()
    ax.set(xlim=(0, 1), ylim=(0, 1))
    rng = np.random.default_rng(0)
    at = rng.random((300, 2))
    lines = [ax.plot(*point, "o-")[0] for point in at]

    def update(i: int) -> None:
        for line, point in zip(lines, at + 0.01 * rng.standard_normal(at.shape), strict=True):
            line.set_data([point[0]], [point[1]])

    return film(fig, update, n)


def autoscale(n: int) -> Animation:
    """relim and autoscale_view after each change of data."""
    fig, ax = plt.subplots()
    (line,) = ax.plot(X, np.sin(X))

    def update(i: int) -> None:
        line.set_ydata((1 + i / 10) * np.sin(X))
        ax.relim()
        ax.autoscale_view()

    return film(fig, update, n)


def moving_window(n: int) -> Animation:
    """set_xlim moves along a long signal."""
    fig, ax = plt.subplots()
    ax.plot(np.linspace(0, 50, 3000), np.sin(np.linspace(0, 50, 3000) ** 1.5))
    return film(fig, lambda i: ax.set_xlim(i / 5, i / 5 + 10), n)


def log_limits(n: int) -> Animation:
    """The limits of a logarithmic axis move."""
    fig, ax = plt.subplots()
    ax.loglog(np.logspace(0, 6, 100), np.logspace(0, 3, 100))
    return film(fig, lambda i: ax.set_xlim(1, 10 ** (1 + i / 8)), n)


def scatter_offsets(n: int) -> Animation:
    """A scatter plot moves with set_offsets."""
    fig, ax = plt.subplots()
    ax.set(xlim=(-3, 3), ylim=(-3, 3))
    rng = np.random.default_rng(0)
    points = ax.scatter(*rng.normal(size=(2, 300)), c=rng.random(300))
    return film(fig, lambda i: points.set_offsets(points.get_offsets() + 0.05 * rng.normal(size=(300, 2))), n)


def scatter_colors_sizes(n: int) -> Animation:
    """A scatter plot changes with set_array and set_sizes."""
    fig, ax = plt.subplots()
    rng = np.random.default_rng(0)
    points = ax.scatter(*rng.normal(size=(2, 200)), c=rng.random(200))

    def update(i: int) -> None:
        points.set_array(rng.random(200))
        points.set_sizes(100 * rng.random(200))

    return film(fig, update, n)


def scatter_again(n: int) -> Animation:
    """A scatter plot is removed and made anew."""
    fig, ax = plt.subplots()
    ax.set(xlim=(-3, 3), ylim=(-3, 3))
    rng, made = np.random.default_rng(0), []

    def update(i: int) -> None:
        while made:
            made.pop().remove()
        made.append(ax.scatter(*rng.normal(size=(2, 100)), color="C1"))

    return film(fig, update, n)


def polygons_again(n: int) -> Animation:
    """A PolyCollection is removed and made anew."""
    fig, ax = plt.subplots()
    ax.set(xlim=(-1, 11), ylim=(-1, 3))
    rng, made = np.random.default_rng(0), []

    def update(i: int) -> None:
        while made:
            made.pop().remove()
        corners = [[(k, 0), (k + 0.8, 0), (k + 0.4, 2 * rng.random())] for k in range(10)]
        made.append(ax.add_collection(PolyCollection(corners, facecolors="C2")))

    return film(fig, update, n)


def line_collection(n: int) -> Animation:
    """A LineCollection changes with set_segments and set_array."""
    fig, ax = plt.subplots()
    ax.set(xlim=(0, 7), ylim=(-2, 2))
    lines = ax.add_collection(LineCollection([], cmap="plasma"))

    def update(i: int) -> None:
        points = np.column_stack([X, np.sin(X + i / 10)])
        lines.set_segments(np.stack([points[:-1], points[1:]], axis=1))
        lines.set_array(np.cos(X[1:] + i / 10))

    return film(fig, update, n)


def patch_collection(n: int) -> Animation:
    """A PatchCollection gets new colors."""
    fig, ax = plt.subplots()
    rng = np.random.default_rng(0)
    circles = ax.add_collection(PatchCollection([Circle(point, 0.05) for point in rng.random((100, 2))]))
    return film(fig, lambda i: circles.set_array(rng.random(100)), n)


def quiver(n: int) -> Animation:
    """Arrows turn with set_UVC."""
    fig, ax = plt.subplots()
    arrows = ax.quiver(*(part[::2, ::2] for part in GRID), *(part[::2, ::2] for part in GRID))
    return film(fig, lambda i: arrows.set_UVC(np.cos(GRID[0] + i / 5)[::2, ::2], np.sin(GRID[1] + i / 5)[::2, ::2]), n)


def barbs(n: int) -> Animation:
    """Wind barbs turn with set_UVC."""
    fig, ax = plt.subplots()
    x, y = (part[::5, ::5] for part in GRID)
    flags = ax.barbs(x, y, 30 * x, 30 * y)
    return film(fig, lambda i: flags.set_UVC((30 * np.cos(x + i / 5)).ravel(), (30 * np.sin(y + i / 5)).ravel()), n)


def streamlines(n: int) -> Animation:
    """ax.clear() and streamplot again."""
    fig, ax = plt.subplots()

    def update(i: int) -> None:
        ax.clear()
        ax.streamplot(*GRID, np.cos(GRID[1] + i / 5), np.sin(GRID[0]), density=0.6)

    return film(fig, update, n)


def contours(n: int) -> Animation:
    """Filled contours are removed and drawn again."""
    fig, ax = plt.subplots()
    made = []

    def update(i: int) -> None:
        while made:
            made.pop().remove()
        made.append(ax.contourf(*GRID, waves(i), levels=8))

    return film(fig, update, n)


def contour_labels(n: int) -> Animation:
    """Contour lines with clabel, after ax.clear()."""
    fig, ax = plt.subplots()

    def update(i: int) -> None:
        ax.clear()
        ax.clabel(ax.contour(*GRID, waves(i), levels=5))

    return film(fig, update, n)


def image(n: int) -> Animation:
    """An image changes with set_data."""
    fig, ax = plt.subplots()
    shown = ax.imshow(waves(0))
    return film(fig, lambda i: shown.set_data(waves(i)), n)


def image_in_place(n: int) -> Animation:
    """The array of an image is changed in place and set again."""
    fig, ax = plt.subplots()
    array = np.random.default_rng(0).integers(0, 2, (60, 60))
    shown = ax.imshow(array, interpolation="nearest")

    def update(i: int) -> None:
        array[:] = np.roll(array, 1, axis=i % 2)
        shown.set_data(array)

    return film(fig, update, n)


def image_again(n: int) -> Animation:
    """imshow again and again, the images before stay below."""
    fig, ax = plt.subplots()
    return film(fig, lambda i: ax.imshow(waves(i)), min(n, 20))


def color_mesh(n: int) -> Animation:
    """A pcolormesh changes with set_array."""
    fig, ax = plt.subplots()
    mesh = ax.pcolormesh(*GRID, waves(0))
    return film(fig, lambda i: mesh.set_array(waves(i)), n)


def triangles(n: int) -> Animation:
    """A tripcolor changes with set_array."""
    fig, ax = plt.subplots()
    rng = np.random.default_rng(0)
    x, y = rng.random((2, 150))
    shown = ax.tripcolor(x, y, rng.random(150), shading="gouraud")
    return film(fig, lambda i: shown.set_array(np.sin(9 * x + i / 5)), n)


def hexagons(n: int) -> Animation:
    """A hexbin is removed and made anew."""
    fig, ax = plt.subplots()
    rng, made = np.random.default_rng(0), []

    def update(i: int) -> None:
        while made:
            made.pop().remove()
        made.append(ax.hexbin(*rng.normal(size=(2, 1000)), gridsize=20, extent=(-3, 3, -3, 3)))

    return film(fig, update, n)


def fill_between(n: int) -> Animation:
    """A filled band is removed and made anew."""
    fig, ax = plt.subplots()
    ax.set_ylim(-2, 2)
    made = []

    def update(i: int) -> None:
        while made:
            made.pop().remove()
        made.append(ax.fill_between(X, np.sin(X + i / 10) - 0.3, np.sin(X + i / 10) + 0.3, alpha=0.4))

    return film(fig, update, n)


def stack(n: int) -> Animation:
    """ax.clear() and stackplot again."""
    fig, ax = plt.subplots()

    def update(i: int) -> None:
        ax.clear()
        ax.stackplot(X, 1 + np.sin(X + i / 10), 1 + np.cos(X), 1 + np.sin(2 * X), labels="abc")
        ax.legend(loc="upper left")

    return film(fig, update, n)


def error_bars(n: int) -> Animation:
    """The parts of an errorbar container are moved one by one."""
    fig, ax = plt.subplots()
    x = np.arange(10.0)
    line, caps, bars = ax.errorbar(x, np.sin(x), yerr=0.2, capsize=3)
    ax.set_ylim(-2, 2)

    def update(i: int) -> None:
        y = np.sin(x + i / 10)
        line.set_data(x, y)
        for cap, shift in zip(caps, (-0.2, 0.2), strict=True):
            cap.set_data(x, y + shift)
        bars[0].set_segments([[(at, low - 0.2), (at, low + 0.2)] for at, low in zip(x, y, strict=True)])

    return film(fig, update, n)


def stems(n: int) -> Animation:
    """A stem plot is moved."""
    fig, ax = plt.subplots()
    x = np.arange(20.0)
    heads, stalks, _ = ax.stem(x, np.cos(x))

    def update(i: int) -> None:
        y = np.cos(x + i / 10)
        heads.set_ydata(y)
        stalks.set_segments([[(at, 0), (at, high)] for at, high in zip(x, y, strict=True)])

    return film(fig, update, n)


DATA_IDIOMS = (
    *(line_set_data, line_grows, many_lines, line_with_markers, many_lines_with_markers, autoscale, moving_window),
    *(log_limits, scatter_offsets, scatter_colors_sizes, scatter_again, polygons_again, line_collection),
    *(patch_collection, quiver, barbs, streamlines, contours, contour_labels, image, image_in_place, image_again),
    *(color_mesh, triangles, hexagons, fill_between, stack, error_bars, stems),
)
