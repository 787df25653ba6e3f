"""Idioms of animation in which much moves at once: each function returns an animation of *n* frames."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.animation import Animation, ArtistAnimation
from matplotlib.collections import PatchCollection
from matplotlib.patches import Circle, Ellipse, FancyBboxPatch, Patch, Polygon, Rectangle, RegularPolygon, Wedge
from matplotlib.widgets import Button, CheckButtons, RadioButtons, Slider

from tests.gallery.idioms_data import film, waves

Place = Callable[[Any, np.ndarray], object]


def many_circles(n: int) -> Animation:
    """A thousand circles move, each a patch of its own."""
    return _many_patches(n, lambda point: Circle(point, 0.01), lambda patch, point: setattr(patch, "center", point))


def many_polygons(n: int) -> Animation:
    """A thousand regular polygons move, each a patch of its own."""
    return _many_patches(
        n, lambda point: RegularPolygon(point, 5, radius=0.01), lambda patch, point: setattr(patch, "xy", point)
    )


def many_ellipses(n: int) -> Animation:
    """A thousand ellipses move and turn."""

    def move(patch: Ellipse, point: np.ndarray) -> None:
        patch.set_center(point)
        patch.set_angle(360 * point[0])

    return _many_patches(n, lambda point: Ellipse(point, 0.02, 0.01), move)


def many_wedges(n: int) -> Animation:
    """A thousand wedges move and open."""

    def move(patch: Wedge, point: np.ndarray) -> None:
        patch.set_center(point)
        patch.set_theta2(90 + 180 * point[0])

    return _many_patches(n, lambda point: Wedge(point, 0.015, 0, 90), move)


def many_triangles(n: int) -> Animation:
    """A thousand polygons get new corners."""
    corners = np.array([[0, 0], [0.02, 0], [0.01, 0.02]])
    return _many_patches(n, lambda point: Polygon(point + corners), lambda patch, point: patch.set_xy(point + corners))


def many_rectangles(n: int) -> Animation:
    """A thousand rectangles move and get new colors."""

    def move(patch: Rectangle, point: np.ndarray) -> None:
        patch.set_xy(point)
        patch.set_facecolor((*np.clip(point, 0, 1), 0.5))

    return _many_patches(n, lambda point: Rectangle(point, 0.02, 0.01), move)


def many_boxes(n: int) -> Animation:
    """Three hundred boxes with round corners move."""

    def move(patch: FancyBboxPatch, point: np.ndarray) -> None:
        patch.set_x(point[0])
        patch.set_y(point[1])

    make = lambda point: FancyBboxPatch(point, 0.02, 0.01, boxstyle="round,pad=0.005")  # noqa: E731
    return _many_patches(n, make, move, count=300)


def _many_patches(n: int, make: Callable[[np.ndarray], Patch], move: Place, count: int = 1000) -> Animation:
    fig, ax = plt.subplots()
    ax.set(xlim=(0, 1), ylim=(0, 1))
    return _moving(n, fig, [ax.add_patch(make(point)) for point in _places(count)], move)


def _places(count: int) -> np.ndarray:
    return np.random.default_rng(0).random((count, 2))


def _moving(n: int, fig: Any, artists: list[Any], move: Place) -> Animation:
    at, rng = _places(len(artists)), np.random.default_rng(1)

    def update(i: int) -> None:
        for artist, point in zip(artists, at + 0.01 * rng.standard_normal(at.shape), strict=True):
            move(artist, point)

    return film(fig, update, n)


def half_of_many_circles(n: int) -> Animation:
    """Half of a thousand circles move."""
    fig, ax = plt.subplots()
    ax.set(xlim=(0, 1), ylim=(0, 1))
    circles = [ax.add_patch(Circle(point, 0.01)) for point in np.random.default_rng(2).random((1000, 2))]
    return _moving(n, fig, circles[::2], lambda patch, point: setattr(patch, "center", point))


def many_plain_lines(n: int) -> Animation:
    """A thousand lines of two points move."""
    fig, ax = plt.subplots()
    ax.set(xlim=(0, 1), ylim=(0, 1))
    lines = [ax.plot([x, x + 0.02], [y, y + 0.02])[0] for x, y in _places(1000)]
    move = lambda line, point: line.set_data([point[0], point[0] + 0.02], [point[1], point[1] + 0.02])  # noqa: E731
    return _moving(n, fig, lines, move)


def many_texts(n: int) -> Animation:
    """Five hundred texts move."""
    fig, ax = plt.subplots()
    texts = [ax.text(*point, f"{k}", fontsize=7) for k, point in enumerate(_places(500))]
    return _moving(n, fig, texts, lambda text, point: text.set_position(point))


def many_labels(n: int) -> Animation:
    """A hundred and fifty texts show new numbers."""
    fig, ax = plt.subplots()
    texts = [ax.text(*point, "0") for point in _places(150)]
    return _moving(n, fig, texts, lambda text, point: text.set_text(f"{point[0]:.2f}"))


def many_arrows(n: int) -> Animation:
    """A hundred annotations with arrows follow their points."""
    fig, ax = plt.subplots()
    ax.set(xlim=(0, 1), ylim=(0, 1))
    notes = [
        ax.annotate(f"{k}", point, point + 0.05, arrowprops={"arrowstyle": "->"})
        for k, point in enumerate(_places(100))
    ]

    def move(note: Any, point: np.ndarray) -> None:
        note.xy = point
        note.set_position(point + 0.05)

    return _moving(n, fig, notes, move)


def many_new_colors(n: int) -> Animation:
    """A PatchCollection of two thousand circles gets new colors, without a color map."""
    fig, ax = plt.subplots()
    patches = PatchCollection([Circle(point, 0.01) for point in _places(2000)])
    ax.add_collection(patches)
    rng = np.random.default_rng(1)
    return film(fig, lambda i: patches.set_facecolor(rng.random((2000, 4))), n)


def big_scatter(n: int) -> Animation:
    """Twenty thousand points of a scatter plot move and change."""
    fig, ax = plt.subplots()
    points = ax.scatter(*_places(20000).T, s=4, c=np.zeros(20000), vmin=0, vmax=1)
    rng = np.random.default_rng(1)

    def update(i: int) -> None:
        points.set_offsets(rng.random((20000, 2)))
        points.set_array(rng.random(20000))

    return film(fig, update, n)


def big_mesh(n: int) -> Animation:
    """A mesh of 200 by 200 cells changes its values."""
    fig, ax = plt.subplots()
    mesh = ax.pcolormesh(np.zeros((200, 200)), vmin=-1, vmax=1)
    rng = np.random.default_rng(1)
    return film(fig, lambda i: mesh.set_array(rng.uniform(-1, 1, (200, 200))), n)


def big_quiver(n: int) -> Animation:
    """Five thousand arrows turn."""
    fig, ax = plt.subplots()
    x, y = np.meshgrid(np.arange(100), np.arange(50))
    arrows = ax.quiver(x, y, np.cos(x / 9), np.sin(y / 9))
    return film(fig, lambda i: arrows.set_UVC(np.cos(x / 9 + i), np.sin(y / 9 + i)), n)


def contours_over(n: int) -> Animation:
    """ax.clear() and contourf again, twenty levels."""
    fig, ax = plt.subplots()

    def update(i: int) -> None:
        ax.clear()
        ax.contourf(waves(i), levels=np.linspace(-1, 1, 21))

    return film(fig, update, n)


def axes_cleared(n: int) -> Animation:
    """Four axes are cleared, plotted again, and get new titles and labels."""
    fig, axes = plt.subplots(2, 2)
    rng = np.random.default_rng(0)

    def update(i: int) -> None:
        for ax in axes.flat:
            ax.clear()
            ax.plot(rng.random(50), label="noise")
            ax.set(title=f"frame {i}", xlabel="x", ylabel="y")
            ax.legend(loc="upper right")

    return film(fig, update, n)


def thousands_of_artists(n: int) -> Animation:
    """An ArtistAnimation of three thousand lines, each shown in one frame."""
    fig, ax = plt.subplots()
    ax.set(xlim=(0, 1), ylim=(0, 1))
    lines = [ax.plot(*point, "o")[0] for point in _places(3000)]
    return ArtistAnimation(fig, [lines[k::n] for k in range(n)])


def widgets(n: int) -> Animation:
    """A figure full of widgets, of which six sliders move."""
    fig, axes = plt.subplots(6, 4)
    sliders = [Slider(ax, f"value {k}", 0, 1) for k, ax in enumerate(axes[:, 0])]
    others = [Button(ax, f"button {k}") for k, ax in enumerate(axes[:, 1])]
    others += [CheckButtons(ax, ["one", "two", "three"]) for ax in axes[:, 2]]
    others += [RadioButtons(ax, ["one", "two", "three"]) for ax in axes[:, 3]]

    def update(i: int) -> None:
        for k, slider in enumerate(sliders):
            slider.set_val((i / 20 + k / 6) % 1)

    animation = film(fig, update, n)
    animation.widgets = others  # type: ignore[attr-defined]
    return animation


MANY_IDIOMS = (
    *(many_circles, many_polygons, many_ellipses, many_wedges, many_triangles, many_rectangles, many_boxes),
    *(half_of_many_circles, many_plain_lines, many_texts, many_labels, many_arrows, many_new_colors, big_scatter),
    *(big_mesh, big_quiver, contours_over, axes_cleared, thousands_of_artists, widgets),
)
