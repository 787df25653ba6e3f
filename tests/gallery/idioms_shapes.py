"""Idioms of animation with patches, charts, texts and looks: each function returns an animation of *n* frames."""

from __future__ import annotations

from typing import Any

import matplotlib.patheffects as path_effects
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.animation import Animation, ArtistAnimation
from matplotlib.offsetbox import AnchoredText, AnnotationBbox, OffsetImage
from matplotlib.patches import Circle, ConnectionPatch, FancyArrowPatch, Polygon, Rectangle, Wedge

from tests.gallery.idioms_data import X, film, waves


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

    return film(fig, update, n)


def bars(n: int) -> Animation:
    """Bars change their height with set_height."""
    fig, ax = plt.subplots()
    ax.set_ylim(0, 1)
    rng = np.random.default_rng(0)
    shown = ax.bar(range(20), rng.random(20))

    def update(i: int) -> None:
        for bar, height in zip(shown, rng.random(20), strict=True):
            bar.set_height(height)

    return film(fig, update, n)


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

    return film(fig, update, n)


def clear_and_plot(n: int) -> Animation:
    """ax.clear() and plot again."""
    fig, ax = plt.subplots()

    def update(i: int) -> None:
        ax.clear()
        ax.plot(X, np.sin(X + i / 10))
        ax.set(title=f"frame {i}", xlabel="x")

    return film(fig, update, n)


def clear_figure(n: int) -> Animation:
    """fig.clf() and two new subplots."""
    fig = plt.figure()

    def update(i: int) -> None:
        fig.clf()
        for k, ax in enumerate(fig.subplots(1, 2)):
            ax.plot(X, np.sin((k + 1) * X + i / 10))

    return film(fig, update, n)


def histogram(n: int) -> Animation:
    """cla() and hist again."""
    fig, ax = plt.subplots()
    rng = np.random.default_rng(0)

    def update(i: int) -> None:
        ax.cla()
        ax.hist(rng.normal(size=50 * (i + 1)), bins=30)

    return film(fig, update, n)


def violins(n: int) -> Animation:
    """clear() and violins again."""
    fig, ax = plt.subplots()
    rng = np.random.default_rng(0)

    def update(i: int) -> None:
        ax.clear()
        ax.violinplot(rng.normal(size=(40, 4)))

    return film(fig, update, n)


def boxes(n: int) -> Animation:
    """clear() and box plots again."""
    fig, ax = plt.subplots()
    rng = np.random.default_rng(0)

    def update(i: int) -> None:
        ax.clear()
        ax.boxplot(rng.normal(size=(40, 5)))

    return film(fig, update, n)


def pie(n: int) -> Animation:
    """clear() and a pie chart again."""
    fig, ax = plt.subplots()

    def update(i: int) -> None:
        ax.clear()
        ax.pie([1 + i / 10, 2, 3], labels=["a", "b", "c"], autopct="%1.1f%%")

    return film(fig, update, n)


def events(n: int) -> Animation:
    """The positions of an eventplot change."""
    fig, ax = plt.subplots()
    rng = np.random.default_rng(0)
    rows = ax.eventplot(rng.random((5, 30)))

    def update(i: int) -> None:
        for row in rows:
            row.set_positions(rng.random(30))

    return film(fig, update, n)


def words(n: int) -> Animation:
    """A text in the axes counts."""
    fig, ax = plt.subplots()
    ax.plot(X, np.sin(X))
    label = ax.text(0.1, 0.9, "", transform=ax.transAxes)
    return film(fig, lambda i: label.set_text(f"t = {i / 10:.1f} s"), n)


def formula(n: int) -> Animation:
    """A title in mathematical notation changes."""
    fig, ax = plt.subplots()
    ax.plot(X, np.sin(X))
    return film(fig, lambda i: ax.set_title(rf"$\frac{{{i}}}{{\sqrt{{x + {i}}}}}$"), n)


def annotations(n: int) -> Animation:
    """An annotation with an arrow follows a point."""
    fig, ax = plt.subplots()
    ax.plot(X, np.sin(X))
    note = ax.annotate("here", (0, 0), (20, 20), textcoords="offset points", arrowprops={"arrowstyle": "->"})

    def update(i: int) -> None:
        note.xy = X[5 * i % 200], np.sin(X[5 * i % 200])

    return film(fig, update, n)


def fancy_arrow(n: int) -> Animation:
    """A FancyArrowPatch moves with set_positions."""
    fig, ax = plt.subplots()
    arrow = ax.add_patch(FancyArrowPatch((0, 0), (0.5, 0.5), mutation_scale=20, connectionstyle="arc3,rad=.2"))
    return film(fig, lambda i: arrow.set_positions((0, 0), (0.5 + 0.4 * np.cos(i / 10), 0.5 + 0.4 * np.sin(i / 10))), n)


def connection(n: int) -> Animation:
    """A ConnectionPatch joins points of two axes."""
    fig, (left, right) = plt.subplots(1, 2)
    patch = fig.add_artist(ConnectionPatch((0, 0), (0.5, 0.5), "data", "data", axesA=left, axesB=right))

    def update(i: int) -> None:
        patch.xy1 = 0.5, 0.5 + 0.4 * np.sin(i / 5)

    return film(fig, update, n)


def anchored_text(n: int) -> Animation:
    """An AnchoredText changes its text."""
    fig, ax = plt.subplots()
    ax.plot(X, np.sin(X))
    box = ax.add_artist(AnchoredText("", loc="upper right"))
    return film(fig, lambda i: box.txt.set_text(f"frame {i}"), n)


def moving_picture(n: int) -> Animation:
    """An OffsetImage in an AnnotationBbox moves."""
    fig, ax = plt.subplots()
    box = ax.add_artist(AnnotationBbox(OffsetImage(waves(0), zoom=1), (0.5, 0.5)))

    def update(i: int) -> None:
        box.xy = box.xybox = 0.5 + 0.3 * np.cos(i / 10), 0.5

    return film(fig, update, n)


def outlined(n: int) -> Animation:
    """A line and a text with path effects move."""
    fig, ax = plt.subplots()
    stroke = [path_effects.withStroke(linewidth=4, foreground="y")]
    (line,), label = ax.plot(X, np.sin(X), path_effects=stroke), ax.text(3, 0, "text", path_effects=stroke)

    def update(i: int) -> None:
        line.set_ydata(np.sin(X + i / 10))
        label.set_y(np.sin(i / 10))

    return film(fig, update, n)


def sketched(n: int) -> Animation:
    """A plot in the style of xkcd."""
    with plt.xkcd():
        fig, ax = plt.subplots()
        (line,) = ax.plot(X, np.sin(X))
        ax.set_title("sketched")
    return film(fig, lambda i: line.set_ydata(np.sin(X + i / 10)), n)


def hatches(n: int) -> Animation:
    """Hatched bars grow."""
    fig, ax = plt.subplots()
    ax.set_ylim(0, 2)
    shown = ax.bar(range(5), 1, hatch=["/", "x", ".", "o", "+"], fill=False)

    def update(i: int) -> None:
        for k, bar in enumerate(shown):
            bar.set_height(1 + np.sin(i / 10 + k))

    return film(fig, update, n)


def clipped(n: int) -> Animation:
    """An image is seen through a circle that moves."""
    fig, ax = plt.subplots()
    hole = Circle((20, 15), 8, transform=ax.transData)
    ax.imshow(waves(0)).set_clip_path(hole)

    def update(i: int) -> None:
        hole.center = 20 + i / 5, 15

    return film(fig, update, n)


def fading(n: int) -> Animation:
    """Artists fade with set_alpha."""
    fig, ax = plt.subplots()
    (line,), points = ax.plot(X, np.sin(X)), ax.scatter(X[::9], np.cos(X[::9]))

    def update(i: int) -> None:
        line.set_alpha(i / n)
        points.set_alpha(1 - i / n)

    return film(fig, update, n)


def highlight(n: int) -> Animation:
    """One bar after another gets another color."""
    fig, ax = plt.subplots()
    shown = ax.bar(range(20), range(20))

    def update(i: int) -> None:
        for k, bar in enumerate(shown):
            bar.set_color("C1" if k == i % 20 else "C0")

    return film(fig, update, n)


def artist_lists(n: int) -> Animation:
    """An ArtistAnimation of images and titles."""
    fig, ax = plt.subplots()
    return ArtistAnimation(
        fig, [[ax.imshow(waves(i), animated=True), ax.text(5, -1, f"{i}")] for i in range(min(n, 20))]
    )


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

    return film(fig, update, n, init_func=lambda: (line,), blit=True)


def shown_and_hidden(n: int) -> Animation:
    """Prepared artists are shown and hidden with set_visible."""
    fig, ax = plt.subplots()
    shown = [ax.add_patch(Rectangle((0.1 * k, 0.1), 0.08, 0.5, visible=False)) for k in range(10)]

    def update(i: int) -> None:
        for k, patch in enumerate(shown):
            patch.set_visible(k <= i % 10)

    return film(fig, update, n)


SHAPE_IDIOMS = (
    *(few_patches, bars, bar_race, clear_and_plot, clear_figure),
    *(histogram, violins, boxes, pie, events, words, formula, annotations, fancy_arrow),
    *(connection, anchored_text, moving_picture, outlined, sketched, hatches, clipped, fading, highlight),
    *(artist_lists, camera, blitted, shown_and_hidden),
)
