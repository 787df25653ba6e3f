"""Idioms of animation that change artists' data and looks: each function returns an animation of *n* frames."""

from __future__ import annotations

from typing import Any

import matplotlib.patheffects as path_effects
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.animation import Animation, ArtistAnimation, FuncAnimation
from matplotlib.collections import LineCollection, PatchCollection, PolyCollection
from matplotlib.offsetbox import AnchoredText, AnnotationBbox, OffsetImage
from matplotlib.patches import Circle, ConnectionPatch, FancyArrowPatch, Polygon, Rectangle, RegularPolygon, Wedge

X = np.linspace(0, 2 * np.pi, 200)
GRID = np.meshgrid(np.linspace(-2, 2, 40), np.linspace(-2, 2, 30))


def _film(fig: Any, update: Any, n: int, **options: Any) -> FuncAnimation:
    return FuncAnimation(fig, update, frames=n, cache_frame_data=False, **options)


def _waves(at: float) -> np.ndarray:
    return np.sin(GRID[0] * 2 + at / 5) * np.cos(GRID[1] + at / 9)


def line_set_data(n: int) -> Animation:
    """A line gets new data with set_data."""
    fig, ax = plt.subplots()
    (line,) = ax.plot(X, np.sin(X))
    return _film(fig, lambda i: line.set_data(X, np.sin(X + i / 10)), n)


def line_grows(n: int) -> Animation:
    """A line grows point by point."""
    fig, ax = plt.subplots()
    ax.set(xlim=(0, n), ylim=(-3, 3))
    (line,), walk = ax.plot([], []), np.cumsum(np.random.default_rng(0).normal(0, 0.3, n))
    return _film(fig, lambda i: line.set_data(np.arange(i), walk[:i]), n)


def many_lines(n: int) -> Animation:
    """Thirty lines move at once."""
    fig, ax = plt.subplots()
    lines = [ax.plot(X, np.sin(X + k / 5))[0] for k in range(30)]

    def update(i: int) -> None:
        for k, line in enumerate(lines):
            line.set_ydata(np.sin(X + k / 5 + i / 10))

    return _film(fig, update, n)


def line_with_markers(n: int) -> Animation:
    """A line with a marker on each point moves."""
    fig, ax = plt.subplots()
    (line,) = ax.plot(X[::4], np.sin(X[::4]), "o-", markersize=4)
    return _film(fig, lambda i: line.set_ydata(np.sin(X[::4] + i / 10)), n)


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

    return _film(fig, update, n)


def autoscale(n: int) -> Animation:
    """relim and autoscale_view after each change of data."""
    fig, ax = plt.subplots()
    (line,) = ax.plot(X, np.sin(X))

    def update(i: int) -> None:
        line.set_ydata((1 + i / 10) * np.sin(X))
        ax.relim()
        ax.autoscale_view()

    return _film(fig, update, n)


def moving_window(n: int) -> Animation:
    """set_xlim moves along a long signal."""
    fig, ax = plt.subplots()
    ax.plot(np.linspace(0, 50, 3000), np.sin(np.linspace(0, 50, 3000) ** 1.5))
    return _film(fig, lambda i: ax.set_xlim(i / 5, i / 5 + 10), n)


def log_limits(n: int) -> Animation:
    """The limits of a logarithmic axis move."""
    fig, ax = plt.subplots()
    ax.loglog(np.logspace(0, 6, 100), np.logspace(0, 3, 100))
    return _film(fig, lambda i: ax.set_xlim(1, 10 ** (1 + i / 8)), n)


def scatter_offsets(n: int) -> Animation:
    """A scatter plot moves with set_offsets."""
    fig, ax = plt.subplots()
    ax.set(xlim=(-3, 3), ylim=(-3, 3))
    rng = np.random.default_rng(0)
    points = ax.scatter(*rng.normal(size=(2, 300)), c=rng.random(300))
    return _film(fig, lambda i: points.set_offsets(points.get_offsets() + 0.05 * rng.normal(size=(300, 2))), n)


def scatter_colors_sizes(n: int) -> Animation:
    """A scatter plot changes with set_array and set_sizes."""
    fig, ax = plt.subplots()
    rng = np.random.default_rng(0)
    points = ax.scatter(*rng.normal(size=(2, 200)), c=rng.random(200))

    def update(i: int) -> None:
        points.set_array(rng.random(200))
        points.set_sizes(100 * rng.random(200))

    return _film(fig, update, n)


def scatter_again(n: int) -> Animation:
    """A scatter plot is removed and made anew."""
    fig, ax = plt.subplots()
    ax.set(xlim=(-3, 3), ylim=(-3, 3))
    rng, made = np.random.default_rng(0), []

    def update(i: int) -> None:
        while made:
            made.pop().remove()
        made.append(ax.scatter(*rng.normal(size=(2, 100)), color="C1"))

    return _film(fig, update, n)


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

    return _film(fig, update, n)


def line_collection(n: int) -> Animation:
    """A LineCollection changes with set_segments and set_array."""
    fig, ax = plt.subplots()
    ax.set(xlim=(0, 7), ylim=(-2, 2))
    lines = ax.add_collection(LineCollection([], cmap="plasma"))

    def update(i: int) -> None:
        points = np.column_stack([X, np.sin(X + i / 10)])
        lines.set_segments(np.stack([points[:-1], points[1:]], axis=1))
        lines.set_array(np.cos(X[1:] + i / 10))

    return _film(fig, update, n)


def patch_collection(n: int) -> Animation:
    """A PatchCollection gets new colors."""
    fig, ax = plt.subplots()
    rng = np.random.default_rng(0)
    circles = ax.add_collection(PatchCollection([Circle(point, 0.05) for point in rng.random((100, 2))]))
    return _film(fig, lambda i: circles.set_array(rng.random(100)), n)


def many_circles(n: int) -> Animation:
    """A thousand circles move, each a patch of its own."""
    return _many_patches(n, lambda point: Circle(point, 0.01), lambda patch, point: setattr(patch, "center", point))


def many_polygons(n: int) -> Animation:
    """A thousand polygons move, each a patch of its own."""
    make = lambda point: RegularPolygon(point, 5, radius=0.01)  # noqa: E731
    return _many_patches(n, make, lambda patch, point: setattr(patch, "xy", point))


def _many_patches(n: int, make: Any, move: Any) -> Animation:
    fig, ax = plt.subplots()
    ax.set(xlim=(0, 1), ylim=(0, 1))
    rng = np.random.default_rng(0)
    at = rng.random((1000, 2))
    shapes = [ax.add_patch(make(point)) for point in at]

    def update(i: int) -> None:
        for shape, point in zip(shapes, at + 0.01 * rng.standard_normal(at.shape), strict=True):
            move(shape, point)

    return _film(fig, update, n)


def few_patches(n: int) -> Animation:
    """A circle, a wedge and a polygon move and change."""
    fig, ax = plt.subplots()
    ax.set(xlim=(0, 10), ylim=(0, 10), aspect="equal")
    circle, wedge = ax.add_patch(Circle((2, 2), 1)), ax.add_patch(Wedge((7, 7), 2, 0, 90, color="C1"))
    polygon = ax.add_patch(Polygon([(5, 1), (8, 1), (6, 3)], color="C2"))

    def update(i: int) -> None:
        circle.center = 2 + i / 10, 2
        wedge.set_theta2(90 + 5 * i)
        polygon.set_xy([(5, 1), (8, 1), (6, 3 + i / 20)])

    return _film(fig, update, n)


def bars(n: int) -> Animation:
    """Bars change their height with set_height."""
    fig, ax = plt.subplots()
    ax.set_ylim(0, 1)
    rng = np.random.default_rng(0)
    shown = ax.bar(range(20), rng.random(20))

    def update(i: int) -> None:
        for bar, height in zip(shown, rng.random(20), strict=True):
            bar.set_height(height)

    return _film(fig, update, n)


def bar_race(n: int) -> Animation:
    """A bar race: clear, horizontal bars in order, a text on each."""
    fig, ax = plt.subplots()
    rng = np.random.default_rng(0)
    totals = rng.random(10)

    def update(i: int) -> None:
        totals[:] += rng.random(10)
        ax.clear()
        for place, k in enumerate(np.argsort(totals)):
            ax.barh(place, totals[k], color=f"C{k}")
            ax.text(totals[k], place, f"{totals[k]:.1f}", va="center")
        ax.set_title(f"year {1990 + i}")

    return _film(fig, update, n)


def clear_and_plot(n: int) -> Animation:
    """ax.clear() and plot again."""
    fig, ax = plt.subplots()

    def update(i: int) -> None:
        ax.clear()
        ax.plot(X, np.sin(X + i / 10))
        ax.set(title=f"frame {i}", xlabel="x")

    return _film(fig, update, n)


def clear_figure(n: int) -> Animation:
    """fig.clf() and two new subplots."""
    fig = plt.figure()

    def update(i: int) -> None:
        fig.clf()
        for k, ax in enumerate(fig.subplots(1, 2)):
            ax.plot(X, np.sin((k + 1) * X + i / 10))

    return _film(fig, update, n)


def quiver(n: int) -> Animation:
    """Arrows turn with set_UVC."""
    fig, ax = plt.subplots()
    arrows = ax.quiver(*(part[::2, ::2] for part in GRID), *(part[::2, ::2] for part in GRID))
    return _film(fig, lambda i: arrows.set_UVC(np.cos(GRID[0] + i / 5)[::2, ::2], np.sin(GRID[1] + i / 5)[::2, ::2]), n)


def barbs(n: int) -> Animation:
    """Wind barbs turn with set_UVC."""
    fig, ax = plt.subplots()
    x, y = (part[::5, ::5] for part in GRID)
    flags = ax.barbs(x, y, 30 * x, 30 * y)
    return _film(fig, lambda i: flags.set_UVC((30 * np.cos(x + i / 5)).ravel(), (30 * np.sin(y + i / 5)).ravel()), n)


def streamlines(n: int) -> Animation:
    """ax.clear() and streamplot again."""
    fig, ax = plt.subplots()

    def update(i: int) -> None:
        ax.clear()
        ax.streamplot(*GRID, np.cos(GRID[1] + i / 5), np.sin(GRID[0]), density=0.6)

    return _film(fig, update, n)


def contours(n: int) -> Animation:
    """Filled contours are removed and drawn again."""
    fig, ax = plt.subplots()
    made = []

    def update(i: int) -> None:
        while made:
            made.pop().remove()
        made.append(ax.contourf(*GRID, _waves(i), levels=8))

    return _film(fig, update, n)


def contour_labels(n: int) -> Animation:
    """Contour lines with clabel, after ax.clear()."""
    fig, ax = plt.subplots()

    def update(i: int) -> None:
        ax.clear()
        ax.clabel(ax.contour(*GRID, _waves(i), levels=5))

    return _film(fig, update, n)


def image(n: int) -> Animation:
    """An image changes with set_data."""
    fig, ax = plt.subplots()
    shown = ax.imshow(_waves(0))
    return _film(fig, lambda i: shown.set_data(_waves(i)), n)


def image_in_place(n: int) -> Animation:
    """The array of an image is changed in place and set again."""
    fig, ax = plt.subplots()
    array = np.random.default_rng(0).integers(0, 2, (60, 60))
    shown = ax.imshow(array, interpolation="nearest")

    def update(i: int) -> None:
        array[:] = np.roll(array, 1, axis=i % 2)
        shown.set_data(array)

    return _film(fig, update, n)


def image_again(n: int) -> Animation:
    """imshow again and again, the images before stay below."""
    fig, ax = plt.subplots()
    return _film(fig, lambda i: ax.imshow(_waves(i)), min(n, 20))


def color_mesh(n: int) -> Animation:
    """A pcolormesh changes with set_array."""
    fig, ax = plt.subplots()
    mesh = ax.pcolormesh(*GRID, _waves(0))
    return _film(fig, lambda i: mesh.set_array(_waves(i)), n)


def triangles(n: int) -> Animation:
    """A tripcolor changes with set_array."""
    fig, ax = plt.subplots()
    rng = np.random.default_rng(0)
    x, y = rng.random((2, 150))
    shown = ax.tripcolor(x, y, rng.random(150), shading="gouraud")
    return _film(fig, lambda i: shown.set_array(np.sin(9 * x + i / 5)), n)


def hexagons(n: int) -> Animation:
    """A hexbin is removed and made anew."""
    fig, ax = plt.subplots()
    rng, made = np.random.default_rng(0), []

    def update(i: int) -> None:
        while made:
            made.pop().remove()
        made.append(ax.hexbin(*rng.normal(size=(2, 1000)), gridsize=20, extent=(-3, 3, -3, 3)))

    return _film(fig, update, n)


def fill_between(n: int) -> Animation:
    """A filled band is removed and made anew."""
    fig, ax = plt.subplots()
    ax.set_ylim(-2, 2)
    made = []

    def update(i: int) -> None:
        while made:
            made.pop().remove()
        made.append(ax.fill_between(X, np.sin(X + i / 10) - 0.3, np.sin(X + i / 10) + 0.3, alpha=0.4))

    return _film(fig, update, n)


def stack(n: int) -> Animation:
    """ax.clear() and stackplot again."""
    fig, ax = plt.subplots()

    def update(i: int) -> None:
        ax.clear()
        ax.stackplot(X, 1 + np.sin(X + i / 10), 1 + np.cos(X), 1 + np.sin(2 * X), labels="abc")
        ax.legend(loc="upper left")

    return _film(fig, update, n)


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

    return _film(fig, update, n)


def stems(n: int) -> Animation:
    """A stem plot is moved."""
    fig, ax = plt.subplots()
    x = np.arange(20.0)
    heads, stalks, _ = ax.stem(x, np.cos(x))

    def update(i: int) -> None:
        y = np.cos(x + i / 10)
        heads.set_ydata(y)
        stalks.set_segments([[(at, 0), (at, high)] for at, high in zip(x, y, strict=True)])

    return _film(fig, update, n)


def histogram(n: int) -> Animation:
    """cla() and hist again."""
    fig, ax = plt.subplots()
    rng = np.random.default_rng(0)

    def update(i: int) -> None:
        ax.cla()
        ax.hist(rng.normal(size=50 * (i + 1)), bins=30)

    return _film(fig, update, n)


def violins(n: int) -> Animation:
    """clear() and violins again."""
    fig, ax = plt.subplots()
    rng = np.random.default_rng(0)

    def update(i: int) -> None:
        ax.clear()
        ax.violinplot(rng.normal(size=(40, 4)))

    return _film(fig, update, n)


def boxes(n: int) -> Animation:
    """clear() and box plots again."""
    fig, ax = plt.subplots()
    rng = np.random.default_rng(0)

    def update(i: int) -> None:
        ax.clear()
        ax.boxplot(rng.normal(size=(40, 5)))

    return _film(fig, update, n)


def pie(n: int) -> Animation:
    """clear() and a pie chart again."""
    fig, ax = plt.subplots()

    def update(i: int) -> None:
        ax.clear()
        ax.pie([1 + i / 10, 2, 3], labels=["a", "b", "c"], autopct="%1.1f%%")

    return _film(fig, update, n)


def events(n: int) -> Animation:
    """The positions of an eventplot change."""
    fig, ax = plt.subplots()
    rng = np.random.default_rng(0)
    rows = ax.eventplot(rng.random((5, 30)))

    def update(i: int) -> None:
        for row in rows:
            row.set_positions(rng.random(30))

    return _film(fig, update, n)


def words(n: int) -> Animation:
    """A text in the axes counts."""
    fig, ax = plt.subplots()
    ax.plot(X, np.sin(X))
    label = ax.text(0.1, 0.9, "", transform=ax.transAxes)
    return _film(fig, lambda i: label.set_text(f"t = {i / 10:.1f} s"), n)


def formula(n: int) -> Animation:
    """A title in mathematical notation changes."""
    fig, ax = plt.subplots()
    ax.plot(X, np.sin(X))
    return _film(fig, lambda i: ax.set_title(rf"$\frac{{{i}}}{{\sqrt{{x + {i}}}}}$"), n)


def annotations(n: int) -> Animation:
    """An annotation with an arrow follows a point."""
    fig, ax = plt.subplots()
    ax.plot(X, np.sin(X))
    note = ax.annotate("here", (0, 0), (20, 20), textcoords="offset points", arrowprops={"arrowstyle": "->"})

    def update(i: int) -> None:
        note.xy = X[5 * i % 200], np.sin(X[5 * i % 200])

    return _film(fig, update, n)


def fancy_arrow(n: int) -> Animation:
    """A FancyArrowPatch moves with set_positions."""
    fig, ax = plt.subplots()
    arrow = ax.add_patch(FancyArrowPatch((0, 0), (0.5, 0.5), mutation_scale=20, connectionstyle="arc3,rad=.2"))
    return _film(fig, lambda i: arrow.set_positions((0, 0), (0.5 + 0.4 * np.cos(i / 10), 0.5 + 0.4 * np.sin(i / 10))), n)


def connection(n: int) -> Animation:
    """A ConnectionPatch joins points of two axes."""
    fig, (left, right) = plt.subplots(1, 2)
    patch = fig.add_artist(ConnectionPatch((0, 0), (0.5, 0.5), "data", "data", axesA=left, axesB=right))

    def update(i: int) -> None:
        patch.xy1 = 0.5, 0.5 + 0.4 * np.sin(i / 5)

    return _film(fig, update, n)


def anchored_text(n: int) -> Animation:
    """An AnchoredText changes its text."""
    fig, ax = plt.subplots()
    ax.plot(X, np.sin(X))
    box = ax.add_artist(AnchoredText("", loc="upper right"))
    return _film(fig, lambda i: box.txt.set_text(f"frame {i}"), n)


def moving_picture(n: int) -> Animation:
    """An OffsetImage in an AnnotationBbox moves."""
    fig, ax = plt.subplots()
    box = ax.add_artist(AnnotationBbox(OffsetImage(_waves(0), zoom=1), (0.5, 0.5)))

    def update(i: int) -> None:
        box.xy = box.xybox = 0.5 + 0.3 * np.cos(i / 10), 0.5

    return _film(fig, update, n)


def outlined(n: int) -> Animation:
    """A line and a text with path effects move."""
    fig, ax = plt.subplots()
    stroke = [path_effects.withStroke(linewidth=4, foreground="y")]
    (line,), label = ax.plot(X, np.sin(X), path_effects=stroke), ax.text(3, 0, "text", path_effects=stroke)

    def update(i: int) -> None:
        line.set_ydata(np.sin(X + i / 10))
        label.set_y(np.sin(i / 10))

    return _film(fig, update, n)


def sketched(n: int) -> Animation:
    """A plot in the style of xkcd."""
    with plt.xkcd():
        fig, ax = plt.subplots()
        (line,) = ax.plot(X, np.sin(X))
        ax.set_title("sketched")
    return _film(fig, lambda i: line.set_ydata(np.sin(X + i / 10)), n)


def hatches(n: int) -> Animation:
    """Hatched bars grow."""
    fig, ax = plt.subplots()
    ax.set_ylim(0, 2)
    shown = ax.bar(range(5), 1, hatch=["/", "x", ".", "o", "+"], fill=False)

    def update(i: int) -> None:
        for k, bar in enumerate(shown):
            bar.set_height(1 + np.sin(i / 10 + k))

    return _film(fig, update, n)


def clipped(n: int) -> Animation:
    """An image is seen through a circle that moves."""
    fig, ax = plt.subplots()
    hole = Circle((20, 15), 8, transform=ax.transData)
    ax.imshow(_waves(0)).set_clip_path(hole)

    def update(i: int) -> None:
        hole.center = 20 + i / 5, 15

    return _film(fig, update, n)


def fading(n: int) -> Animation:
    """Artists fade with set_alpha."""
    fig, ax = plt.subplots()
    (line,), points = ax.plot(X, np.sin(X)), ax.scatter(X[::9], np.cos(X[::9]))

    def update(i: int) -> None:
        line.set_alpha(i / n)
        points.set_alpha(1 - i / n)

    return _film(fig, update, n)


def highlight(n: int) -> Animation:
    """One bar after another gets another color."""
    fig, ax = plt.subplots()
    shown = ax.bar(range(20), range(20))

    def update(i: int) -> None:
        for k, bar in enumerate(shown):
            bar.set_color("C1" if k == i % 20 else "C0")

    return _film(fig, update, n)


def artist_lists(n: int) -> Animation:
    """An ArtistAnimation of images and titles."""
    fig, ax = plt.subplots()
    return ArtistAnimation(fig, [[ax.imshow(_waves(i), animated=True), ax.text(5, -1, f"{i}")] for i in range(min(n, 20))])


def camera(n: int) -> Animation:
    """celluloid's Camera: snapshots of what is plotted again and again."""
    fig, ax = plt.subplots()
    snapshots = []
    for i in range(min(n, 20)):
        before = set(ax.get_children())
        (line,) = ax.plot(X, np.sin(X + i / 10), color="C0")
        ax.legend([line], [f"frame {i}"])
        snapshots.append([artist for artist in ax.get_children() if artist not in before])
    return ArtistAnimation(fig, snapshots)


def blitted(n: int) -> Animation:
    """blit=True and animated=True with an init_func."""
    fig, ax = plt.subplots()
    (line,) = ax.plot(X, np.sin(X), animated=True)

    def update(i: int) -> tuple[Any, ...]:
        line.set_ydata(np.sin(X + i / 10))
        return (line,)

    return _film(fig, update, n, init_func=lambda: (line,), blit=True)


def shown_and_hidden(n: int) -> Animation:
    """Prepared artists are shown and hidden with set_visible."""
    fig, ax = plt.subplots()
    shown = [ax.add_patch(Rectangle((0.1 * k, 0.1), 0.08, 0.5, visible=False)) for k in range(10)]

    def update(i: int) -> None:
        for k, patch in enumerate(shown):
            patch.set_visible(k <= i % 10)

    return _film(fig, update, n)


ARTIST_IDIOMS = (
    *(line_set_data, line_grows, many_lines, line_with_markers, many_lines_with_markers, autoscale, moving_window),
    *(log_limits, scatter_offsets, scatter_colors_sizes, scatter_again, polygons_again, line_collection),
    *(patch_collection, many_circles, many_polygons, few_patches, bars, bar_race, clear_and_plot, clear_figure),
    *(quiver, barbs, streamlines, contours, contour_labels, image, image_in_place, image_again, color_mesh, triangles),
    *(hexagons, fill_between, stack, error_bars, stems, histogram, violins, boxes, pie, events, words, formula),
    *(annotations, fancy_arrow, connection, anchored_text, moving_picture, outlined, sketched, hatches, clipped),
    *(fading, highlight, artist_lists, camera, blitted, shown_and_hidden),
)
