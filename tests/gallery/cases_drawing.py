"""Animations whose pixels depend on when and how often the figure is drawn: one function each.

They read what a draw leaves behind, or draw by themselves, and return an animation of *n* frames.
"""

from __future__ import annotations

import io
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.animation import Animation
from matplotlib.artist import Artist
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.widgets import Button, CheckButtons, RadioButtons

from tests.gallery.idioms_data import X, film, waves


def wave(**options: Any) -> tuple[Any, Any, Line2D]:
    fig, ax = plt.subplots(**options)
    (line,) = ax.plot(X, np.sin(X), label="wave")
    return fig, ax, line


def rise(line: Line2D, i: int) -> None:
    line.set_ydata((1 + i) * np.sin(X + i / 3))


def reads_canvas(n: int) -> Animation:
    """The picture of the frame before becomes part of the next one."""
    fig, _, line = wave()
    fig.canvas.draw()
    shown = fig.add_axes((0.6, 0.6, 0.3, 0.3)).imshow(np.zeros((4, 4, 4)))

    def update(i: int) -> None:
        shown.set_data(np.asarray(fig.canvas.buffer_rgba()).copy())
        rise(line, i)

    return film(fig, update, n)


def counts_dark_pixels(n: int) -> Animation:
    """The title tells how many pixels of the canvas are dark."""
    fig, ax, line = wave()
    fig.canvas.draw()

    def update(i: int) -> None:
        rise(line, i)
        ax.set_title(f"{(np.asarray(fig.canvas.buffer_rgba())[..., 0] < 128).sum()} dark pixels")

    return film(fig, update, n)


def draws_itself(n: int) -> Animation:
    """The update calls canvas.draw() and reads the pixels at once."""
    fig, ax, line = wave()

    def update(i: int) -> None:
        rise(line, i)
        fig.canvas.draw()
        ax.set_title(f"{np.asarray(fig.canvas.buffer_rgba()).astype(int).sum()}")

    return film(fig, update, n)


def saves_itself(n: int) -> Animation:
    """The update saves pictures of the figure at other resolutions and formats."""
    fig, _, line = wave()

    def update(i: int) -> None:
        rise(line, i)
        fig.savefig(io.BytesIO(), dpi=40 + 10 * i, bbox_inches="tight" if i % 2 else None)
        fig.savefig(io.BytesIO(), format="svg")

    return film(fig, update, n)


def text_beside_text(n: int) -> Animation:
    """A text is placed where the extent of another ends."""
    fig, ax, _ = wave()
    first, second = ax.text(0.1, 0.5, ""), ax.text(0, 0.5, "after")

    def update(i: int) -> None:
        first.set_text("word " * (i % 4))
        box = first.get_window_extent().transformed(ax.transData.inverted())
        second.set_x(box.x1)

    return film(fig, update, n)


def old_extent(n: int) -> Animation:
    """A rectangle is as large as the text was before it changed."""
    fig = wave()[0]
    label, box = fig.text(0.3, 0.5, "x"), fig.add_artist(plt.Rectangle((0, 0), 1, 1, fill=False))

    def update(i: int) -> None:
        extent = label.get_window_extent().transformed(fig.transFigure.inverted())
        box.set_bounds(*extent.bounds)
        label.set_text("longer " * (i % 3 + 1))

    return film(fig, update, n)


def tight_box_of_axes(n: int) -> Animation:
    """A frame is drawn around the tight box of the axes."""
    fig, ax, line = wave()
    box = fig.add_artist(plt.Rectangle((0, 0), 1, 1, fill=False, color="r"))

    def update(i: int) -> None:
        rise(line, 10**i if i < 5 else i)
        ax.relim()
        ax.autoscale_view()
        box.set_bounds(*ax.get_tightbbox().transformed(fig.transFigure.inverted()).bounds)

    return film(fig, update, n)


def label_position(n: int) -> Animation:
    """A text follows the position that a draw gave the label of an axis."""
    fig, ax, _ = wave()
    ax.set_xlabel("x")
    mark = fig.text(0, 0, "*")

    def update(i: int) -> None:
        ax.tick_params(labelsize=6 + 2 * i)
        mark.set_position(fig.transFigure.inverted().transform((200, ax.xaxis.label.get_position()[1])))

    return film(fig, update, n)


def reads_limits(n: int) -> Animation:
    """The title tells limits that autoscaling finds, dataLim and ticks."""
    fig, ax, line = wave()

    def update(i: int) -> None:
        ax.set_title(f"{ax.get_ylim()[1]:.3f} {ax.dataLim.y1:.3f} {[t.get_text() for t in ax.get_yticklabels()][-2:]}")
        line.set_ydata((1 + i) * np.sin(X))
        ax.relim()
        ax.autoscale()

    return film(fig, update, n)


def listens_to_draws(n: int) -> Animation:
    """A function connected to draw_event counts draws, and the title tells the count."""
    fig, ax, line = wave()
    counts = [0]

    def count(event: Any) -> None:
        counts[0] += 1

    fig.canvas.mpl_connect("draw_event", count)
    return film(fig, lambda i: (rise(line, i), ax.set_title(f"{counts[0]} draws")), n)


def listens_later(n: int) -> Animation:
    """A function is connected to draw_event in the middle, and disconnected again."""
    fig, ax, line = wave()
    ids: list[int] = []

    def update(i: int) -> None:
        rise(line, i)
        if i == 2:
            ids.append(fig.canvas.mpl_connect("draw_event", lambda event: ax.set_xlabel(f"drawn {i}")))
        if i == 5 and ids:
            fig.canvas.mpl_disconnect(ids.pop())

    return film(fig, update, n)


class Counter(Line2D):
    """A line that draws itself higher each time it is drawn."""

    n_draws = 0

    def draw(self, renderer: Any) -> None:
        """Draw it."""
        self.n_draws += 1
        self.set_ydata([self.n_draws, 0])
        super().draw(renderer)


def counts_its_draws(n: int) -> Animation:
    """An artist that draws differently each time."""
    fig, ax, line = wave()
    ax.add_line(Counter([0, 6], [0, 0]))
    return film(fig, lambda i: rise(line, i), n)


class First(Text):
    """A text that knows whether it was drawn before."""

    def draw(self, renderer: Any) -> None:
        """Draw it."""
        self.set_text("again" if getattr(self, "was_drawn", False) else "first")
        self.was_drawn = True
        super().draw(renderer)


def first_draw_differs(n: int) -> Animation:
    """An artist whose first draw differs from all others; one more comes in the middle."""
    fig, ax, line = wave()
    ax.add_artist(First(1, 0.5))

    def update(i: int) -> None:
        rise(line, i)
        if i == 3:
            ax.add_artist(First(4, 0.5))

    return film(fig, update, n)


class Group(Artist):
    """An artist that draws others, which nobody else has."""

    def __init__(self, fig: Any) -> None:
        super().__init__()
        self.set_figure(fig)
        self.parts = [Text(50 + 60 * k, 60, f"item {k}", figure=fig) for k in range(4)]

    def draw(self, renderer: Any) -> None:
        """Draw all."""
        for part in self.parts:
            part.draw(renderer)


def draws_others(n: int) -> Animation:
    """An artist of one's own draws others, whose colors change."""
    fig = wave()[0]
    group = Group(fig)
    fig.add_artist(group)

    def update(i: int) -> None:
        group.parts[i % 4].set_color(f"C{i}")

    return film(fig, update, n)


def menu_widgets(n: int) -> Animation:
    """Buttons, radio buttons and check boxes are used by the update."""
    fig, _, line = wave()
    fig.subplots_adjust(left=0.4)
    button = Button(fig.add_axes((0.02, 0.8, 0.2, 0.1)), "press")
    radio = RadioButtons(fig.add_axes((0.02, 0.5, 0.2, 0.2)), ("red", "blue", "green"))
    checks = CheckButtons(fig.add_axes((0.02, 0.2, 0.2, 0.2)), ("a", "b"), (True, False))
    radio.on_clicked(line.set_color)
    checks.on_clicked(lambda label: line.set_visible(not line.get_visible()))

    def update(i: int) -> None:
        button.label.set_text(f"press {i}")
        radio.set_active(i % 3)
        if i % 4 == 0:
            checks.set_active(i // 4 % 2)

    return film(fig, update, n)


def same_artist_twice(n: int) -> Animation:
    """A half-transparent legend is added to the axes once more, as celluloid does."""
    fig, ax, line = wave()
    ax.legend()
    ax.add_artist(ax.get_legend())
    return film(fig, lambda i: (rise(line, i), ax.set_title(f"{i}")), n)


def artist_moves_to_other_axes(n: int) -> Animation:
    """A line is removed from one axes, changed, and added to another."""
    fig, axs = plt.subplots(1, 2)
    shown = axs[0].plot(X, np.sin(X))

    def update(i: int) -> None:
        shown.pop().remove()
        shown.append(axs[i % 2].add_line(Line2D(X, np.cos(X + i), color=f"C{i}")))

    return film(fig, update, n)


def settings_change(n: int) -> Animation:
    """rcParams that a draw reads change in the middle."""
    fig, ax, line = wave()

    def update(i: int) -> None:
        mpl.rcParams["path.simplify_threshold"] = 0.1 * (i % 3)
        mpl.rcParams["axes.formatter.use_mathtext"] = bool(i % 2)
        mpl.rcParams["agg.path.chunksize"] = 50 * (i % 2)
        line.set_ydata(1e7 * (1 + i) * np.sin(X))
        ax.relim()
        ax.autoscale_view()

    return film(fig, update, n)


def arrays_in_place(n: int) -> Animation:
    """Arrays that artists hold are changed in place, and nobody is told."""
    fig, ax = plt.subplots()
    shown = ax.imshow(waves(0), extent=(0, 6, -1, 1), aspect="auto")
    points = ax.scatter(X[::20], np.sin(X[::20]))
    polygon = ax.fill([1, 2, 3], [0, 1, 0])[0]

    def update(i: int) -> None:
        points.get_offsets()[:, 1] *= -0.9
        polygon.get_path().vertices[0] += 0.1
        shown.get_array()[i % 5] = 1

    return film(fig, update, n)


def dpi_of_figure(n: int) -> Animation:
    """The update sets the figure's dpi, which the writer's overrides."""
    fig, _, line = wave()
    return film(fig, lambda i: (fig.set_dpi(80 + 10 * i), rise(line, i)), n)


def blits_itself(n: int) -> Animation:
    """The update blits by hand with copy_from_bbox and restore_region."""
    fig, ax, line = wave()
    line.set_animated(True)
    fig.canvas.draw()
    kept = fig.canvas.copy_from_bbox(fig.bbox)

    def update(i: int) -> None:
        fig.canvas.restore_region(kept)
        rise(line, i)
        ax.draw_artist(line)
        fig.canvas.blit(fig.bbox)
        ax.set_title(f"{np.asarray(fig.canvas.buffer_rgba()).astype(int).sum()}")

    return film(fig, update, n)


def draws_alone(n: int) -> Animation:
    """The update draws one artist alone on the canvas' renderer, and draws without rendering."""
    fig, ax, _ = wave()

    def update(i: int) -> None:
        fig.draw_without_rendering()
        ax.set_xlabel("label\n" * (i % 3))
        ax.xaxis.draw(fig.canvas.get_renderer())

    return film(fig, update, n)


def closes_over_axes(n: int) -> Animation:
    """Axes are deleted, added and cleared; the current axes change."""
    fig, axs = plt.subplots(2, 2)

    def update(i: int) -> None:
        if i == 2:
            fig.delaxes(axs[0, 1])
        if i == 4:
            fig.add_axes(axs[0, 1])
            axs[0, 1].plot(X, np.cos(X))
        plt.sca(axs[1, i % 2])
        plt.plot(X, np.sin(X + i))
        plt.title(f"{i}")

    return film(fig, update, n)


DRAWING_CASES = (
    *(reads_canvas, counts_dark_pixels, draws_itself, saves_itself, text_beside_text, old_extent),
    *(tight_box_of_axes, label_position, reads_limits, listens_to_draws, listens_later, counts_its_draws),
    *(first_draw_differs, draws_others, menu_widgets, same_artist_twice, artist_moves_to_other_axes),
    *(settings_change, arrays_in_place, dpi_of_figure, blits_itself, draws_alone, closes_over_axes),
)
