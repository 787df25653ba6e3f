"""Figures as other people make them, saved by our writer and by a stock one: the same pixels in every frame."""

from __future__ import annotations

import functools
import io
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import ticker
from matplotlib.animation import FFMpegWriter, FuncAnimation
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.offsetbox import AnchoredText, AnnotationBbox, TextArea, VPacker
from matplotlib.patches import Circle, Rectangle
from matplotlib.text import OffsetFrom, Text
from matplotlib.ticker import ScalarFormatter
from matplotlib.transforms import ScaledTranslation
from matplotlib.widgets import CheckButtons, RadioButtons, Slider
from mpl_toolkits.axes_grid1 import ImageGrid, axes_divider
from mpl_toolkits.axes_grid1.anchored_artists import AnchoredDirectionArrows, AnchoredSizeBar
from mpl_toolkits.axes_grid1.parasite_axes import HostAxes
from PIL import Image

from animate.replay import layout_cycle
from animate.replay.call_recorder import RecordingRenderer
from animate.replay.canvas_session import may_read_figure
from animate.replay.compositor import Compositor
from animate.replay.cost_guard import CostGuard
from animate.replay.draw_list import DrawList
from animate.replay.figure_renderer import FigureRenderer
from tests.film.test_writer import Memory, Stock, writing_to

Update = Callable[[int], object]
Make = Callable[[Figure], Update]

FIGURES: dict[str, Make] = {}
N_FRAMES = 6


def figure_like(make: Make) -> Make:
    """Add to the table a function that fills a figure and returns what changes it."""
    FIGURES[make.__name__] = make
    return make


def line_in(figure: Figure) -> Line2D:
    ax = figure.subplots()
    ax.set_title("a title")
    (line,) = ax.plot([0, 1], [0, 1], label="a line")
    return line


@figure_like
def laid_out_before_saving(figure: Figure) -> Update:
    line = line_in(figure)
    figure.tight_layout()
    return lambda i: line.set_ydata([0, i])


@figure_like
def laid_out_in_the_update(figure: Figure) -> Update:
    line = line_in(figure)

    def update(i: int) -> None:
        line.set_ydata([0, 10**i])
        line.axes.relim()
        line.axes.autoscale_view()
        figure.tight_layout()

    return update


@figure_like
def whose_layout_engine_is_switched(figure: Figure) -> Update:
    line = line_in(figure)
    engines = ["constrained", "tight", "none", "compressed", "none", "tight"]

    def update(i: int) -> None:
        line.axes.set_ylabel("label\n" * (i % 3))
        line.set_ydata([0, i])
        with suppress(RuntimeError):  # not every engine may follow every other
            figure.set_layout_engine(engines[i])

    return update


@figure_like
def whose_layout_engine_gets_other_pads(figure: Figure) -> Update:
    line = line_in(figure)
    figure.set_layout_engine("constrained")

    def update(i: int) -> None:
        line.set_ydata([0, i])
        if i == 4:
            figure.get_layout_engine().set(w_pad=0.5)  # type: ignore[union-attr, call-arg]

    return update


@figure_like
def whose_margins_are_adjusted(figure: Figure) -> Update:
    line = line_in(figure)

    def update(i: int) -> None:
        line.set_ydata([0, i])
        figure.subplots_adjust(left=0.1 + 0.05 * i)

    return update


class BesideAxes(Text):
    """A text that each draw places beside its axes, so that a layout engine finds it where the last draw left it."""

    def draw(self, renderer: Any, *arguments: Any, **options: Any) -> None:
        assert self.axes is not None
        self.set_position((1 + 40 / self.axes.bbox.width, 0.5))
        super().draw(renderer, *arguments, **options)


@figure_like
def with_an_artist_of_ones_own_that_keeps_the_layout_moving(figure: Figure) -> Update:
    figure.set_layout_engine("tight")
    line = line_in(figure)
    figure.axes[0].add_artist(BesideAxes(1, 0.5, "beside", transform=figure.axes[0].transAxes))
    return lambda i: (line.set_ydata([i, 1]), figure.axes[0].set_ylabel("y\n" * (i % 3)))


@figure_like
def whose_hidden_left_title_moves_its_title(figure: Figure) -> Update:
    line_in(figure)
    left = figure.axes[0].set_title("", loc="left")
    return lambda i: left.set_visible(i % 3 != 1)


@figure_like
def with_a_colorbar_and_a_counting_title_under_constrained_layout(figure: Figure) -> Update:
    figure.set_layout_engine("constrained")
    axs = figure.subplots(1, 2)
    image = axs[0].imshow(np.eye(4))
    figure.colorbar(image, ax=axs)

    def update(i: int) -> None:
        figure.suptitle(f"frame {i}" + "\ntwo lines" * (i == 4))
        image.set_data(np.eye(4) * i)
        image.set_clim(0, 1 + 100 * i)

    return update


@figure_like
def of_subfigures_with_titles_of_their_own(figure: Figure) -> Update:
    figure.set_layout_engine("constrained")
    left, right = figure.subfigures(1, 2)
    line, other = line_in(left), line_in(right)  # type: ignore[arg-type]

    def update(i: int) -> None:
        left.suptitle(f"left {i}")
        line.set_ydata([0, i])
        if i > 3:
            right.supxlabel(f"right {i}")
        other.set_xdata([i, 1])

    return update


@figure_like
def whose_size_is_set_in_the_update(figure: Figure) -> Update:
    line = line_in(figure)

    def update(i: int) -> None:
        figure.set_size_inches(4, 3)
        line.set_ydata([0, i])

    return update


@figure_like
def with_anchored_arrows(figure: Figure) -> Update:
    line = line_in(figure)
    line.axes.add_artist(AnchoredDirectionArrows(line.axes.transAxes, "30", "120", loc="center", angle=30))
    return lambda i: line.set_ydata([0, i]) if i > 2 else None


@figure_like
def with_new_anchored_artists_in_every_frame(figure: Figure) -> Update:
    ax = figure.subplots()

    def update(i: int) -> None:
        ax.clear()
        ax.imshow(np.eye(3))
        ax.add_artist(AnchoredDirectionArrows(ax.transAxes, "1", str(i), loc="center", angle=30 * i))
        ax.add_artist(AnchoredSizeBar(ax.transData, 1, "size", loc="lower left"))
        ax.add_artist(AnchoredText(f"text {i}", loc="upper right"))

    return update


@figure_like
def with_an_artist_listed_twice(figure: Figure) -> Update:
    line = line_in(figure)
    line.axes.add_artist(line.axes.legend(loc="upper right"))

    def update(i: int) -> None:
        line.set(ydata=[0, 1 + i], alpha=0.5, linewidth=1 + i)
        line.axes.set_ylim(0, 1 + i // 2)

    return update


@figure_like
def with_a_line_listed_twice_that_moves_alone(figure: Figure) -> Update:
    line = line_in(figure)
    line.set(alpha=0.5, linewidth=8)
    line.axes.add_artist(line)
    return lambda i: line.set_ydata([0, i / 5])


class Counting(Artist):
    """An artist that moves whenever it draws."""

    def __init__(self) -> None:
        super().__init__()
        self.n_draws = 0

    def draw(self, renderer: Any) -> None:
        self.n_draws += 1
        circle = Circle((10 + self.n_draws, 20), 5)
        circle.set_figure(self.get_figure())  # type: ignore[arg-type]
        circle.draw(renderer)


@figure_like
def with_an_artist_that_moves_whenever_it_draws(figure: Figure) -> Update:
    line = line_in(figure)
    figure.add_artist(Counting())
    return lambda i: line.set_ydata([0, i])


class Menu(Artist):
    """An artist that draws others, of which some are children of its axes as well."""

    def __init__(self, ax: Any) -> None:
        super().__init__()
        self.boxes = [ax.add_artist(AnchoredText(name, loc=name)) for name in ("upper left", "lower right")]
        self.texts = VPacker(children=[TextArea("one"), TextArea("two")], pad=1, sep=2)
        self.texts.set_figure(ax.figure)

    def draw(self, renderer: Any) -> None:
        for box in self.boxes:
            box.draw(renderer)
        self.texts.set_offset((60, 60))
        self.texts.draw(renderer)


@figure_like
def with_an_artist_that_draws_other_children(figure: Figure) -> Update:
    line = line_in(figure)
    menu = Menu(line.axes)
    menu.set_zorder(-1)
    line.axes.add_artist(menu)

    def update(i: int) -> None:
        menu.boxes[0].patch.set(facecolor=(1, i / 5, 0, 0.5), linewidth=4)
        menu.boxes[1].txt.set_text(f"text {i}")
        line.set_ydata([0, i])

    return update


@figure_like
def with_many_legends_of_which_one_is_visible(figure: Figure) -> Update:
    ax, groups = figure.subplots(), []
    x = np.linspace(0, 6, 20)
    for i in range(N_FRAMES):
        lines = ax.plot(x, np.sin(x + i), "b")
        legend = ax.legend(lines, [f"line {i}"])
        ax.add_artist(legend)
        ax.legend_ = None
        groups.append([*lines, legend])

    def update(i: int) -> None:
        for number, group in enumerate(groups):
            for artist in group:
                artist.set_visible(number == i)

    return update


@figure_like
def with_hundreds_of_patches_that_move(figure: Figure) -> Update:
    ax = figure.subplots()
    circles = [ax.add_patch(Circle((i / 300, 0.5), 0.01)) for i in range(300)]

    def update(i: int) -> None:
        for circle in circles[: 300 if i < 3 else 20]:
            circle.center = (circle.center[0], 0.1 * i)

    return update


@figure_like
def whose_update_reads_the_canvas(figure: Figure) -> Update:
    line = line_in(figure)

    def update(i: int) -> None:
        pixels = np.asarray(figure.canvas.buffer_rgba())  # type: ignore[attr-defined]
        line.set_ydata([0, float(pixels.astype(float).mean() / 255) + i])
        line.axes.set_facecolor((1, 1 - i / 9, 1))

    return update


@figure_like
def whose_update_reads_the_renderer_itself(figure: Figure) -> Update:
    line = line_in(figure)

    def update(i: int) -> None:
        pixels = np.asarray(figure.canvas.renderer.buffer_rgba())  # type: ignore[attr-defined]
        line.set_ydata([0, float(pixels.astype(float).mean() / 255) + i])

    return update


@figure_like
def whose_update_draws_and_saves_it(figure: Figure) -> Update:
    line = line_in(figure)

    def update(i: int) -> None:
        line.set_ydata([0, i])
        if i % 2:
            figure.canvas.draw()
        else:
            figure.savefig(io.BytesIO(), dpi=50)
        line.axes.set_xlim(0, 1 + i)

    return update


@figure_like
def whose_update_measures_it(figure: Figure) -> Update:
    line = line_in(figure)
    text = line.axes.text(0.1, 0.5, "0")

    def update(i: int) -> None:
        line.set_ydata([0, i])
        line.axes.relim()
        line.axes.autoscale_view()
        box = text.get_window_extent()
        tight = line.axes.get_tightbbox()
        text.set_text(f"{box.width:.0f} {tight.width:.0f} {line.axes.dataLim.height:.0f} {figure.dpi}")  # type: ignore[union-attr]

    return update


@figure_like
def of_shared_axes_whose_scaling_is_pending(figure: Figure) -> Update:
    axs = figure.subplots(2, 2, sharex=True)
    axs[0, 0].plot([0, 1])
    axs[1, 1].set_zorder(-1)

    def update(i: int) -> None:
        axs[1, 1].set_xlim(-i, 2)
        axs[1, 0].set_xscale("symlog" if i % 2 else "linear")
        axs[0, 0].autoscale()
        if i == 4:
            axs[1, 1].autoscale()

    return update


@figure_like
def whose_update_places_a_text_beside_another(figure: Figure) -> Update:
    line = line_in(figure)
    text, mark = line.axes.text(0.2, 0.5, "label gy"), line.axes.text(0, 0, "next")

    def update(i: int) -> None:
        box = text.get_window_extent().transformed(line.axes.transData.inverted())
        mark.set_position((box.x1, box.y0))
        text.set_x(0.1 * i)

    return update


@figure_like
def whose_update_asks_for_a_draw_and_reads_what_it_set(figure: Figure) -> Update:
    line = line_in(figure)
    legend = line.axes.legend(loc="best")

    def update(i: int) -> None:
        line.set_data([0, i], [1, 10.0**i])
        line.axes.relim()
        line.axes.autoscale_view()
        figure.canvas.draw_idle()
        place = legend.get_window_extent().x0
        offset = line.axes.yaxis.offsetText.get_text()
        line.axes.set_title(f"{line.axes.xaxis.label.get_position()} {place:.2f} {offset}")

    return update


@figure_like
def with_an_artist_whose_draw_is_replaced(figure: Figure) -> Update:
    line = line_in(figure)
    draw, n_draws = line.draw, [0]

    def draw_wider(renderer: Any) -> None:
        n_draws[0] += 1
        line.set_linewidth(n_draws[0] % 7)
        draw(renderer)

    line.draw = draw_wider  # type: ignore[method-assign]
    return lambda i: line.set_ydata([0, i])


@figure_like
def whose_update_replaces_the_draw_of_its_axes(figure: Figure) -> Update:
    ax = line_in(figure).axes
    draw = ax.draw

    def draw_on_yellow(renderer: Any) -> None:
        ax.set_facecolor("yellow")
        draw(renderer)

    def update(i: int) -> None:
        ax.lines[0].set_ydata([0, i])
        if i == 2:
            ax.draw = draw_on_yellow  # type: ignore[method-assign]
        if i == 4:
            del ax.draw
            ax.set_facecolor("white")

    return update


@figure_like
def whose_update_replaces_its_own_draw(figure: Figure) -> Update:
    line, draw = line_in(figure), figure.draw

    def draw_on_yellow(renderer: Any) -> None:
        line.axes.set_facecolor("yellow")
        draw(renderer)

    def update(i: int) -> None:
        line.set_ydata([0, i])
        if i == 2:
            figure.draw = draw_on_yellow  # type: ignore[method-assign]
        if i == 4:
            del figure.draw
            line.axes.set_facecolor("white")

    return update


@figure_like
def whose_update_gives_an_artist_another_class(figure: Figure) -> Update:
    line = line_in(figure)

    class Wide(Line2D):
        def draw(self, renderer: Any) -> None:
            self.set_linewidth(9)
            super().draw(renderer)

    def update(i: int) -> None:
        if i in (2, 5):
            line.__class__ = Wide if i == 2 else Line2D

    return update


@figure_like
def with_axes_whose_draw_is_replaced(figure: Figure) -> Update:
    ax = line_in(figure).axes
    draw, colors = ax.draw, ["C0"]

    def draw_colored(renderer: Any) -> None:
        ax.lines[0].set_color(colors[-1])
        draw(renderer)

    ax.draw = draw_colored  # type: ignore[method-assign]
    return lambda i: colors.append(f"C{i}")


@figure_like
def with_an_artist_that_changes_the_background_whenever_it_draws(figure: Figure) -> Update:
    class Dimming(Line2D):
        n_draws = 0

        def draw(self, renderer: Any) -> None:
            self.n_draws += 1
            self.axes.patch.set_alpha(1 / self.n_draws)
            super().draw(renderer)

    line = line_in(figure)
    line.axes.set_facecolor("C1")
    line.axes.add_line(Dimming([0, 1], [1, 0]))
    return lambda i: line.set_ydata([0, i])


@figure_like
def with_a_text_whose_offset_is_replaced(figure: Figure) -> Update:
    ax = line_in(figure).axes
    offset = ScaledTranslation(0, 0, figure.dpi_scale_trans)
    ax.text(0.3, 0.5, "moves", transform=ax.transAxes + offset)

    def update(i: int) -> None:
        offset._t = (i / 10, 0)  # type: ignore[attr-defined]
        offset.invalidate()

    return update


@figure_like
def with_a_canvas_whose_draw_is_replaced(figure: Figure) -> Update:
    line = line_in(figure)
    draw = figure.canvas.draw

    def draw_further() -> None:
        line.set_linewidth(line.get_linewidth() + 1)
        draw()

    figure.canvas.draw = draw_further  # type: ignore[method-assign]
    return lambda i: line.set_ydata([0, i])


@figure_like
def with_a_listener_to_draws(figure: Figure) -> Update:
    line, n_draws = line_in(figure), [0]

    def note(_event: Any) -> None:
        n_draws[0] += 1
        line.axes.set_title(f"drawn {n_draws[0]} times")

    figure.canvas.mpl_connect("draw_event", note)
    return lambda i: line.set_ydata([0, i])


SETTINGS = {
    "text.hinting": ["none", "force_autohint"],
    "font.sans-serif": [["DejaVu Serif"], ["STIXGeneral"]],
    "mathtext.default": ["rm", "bf"],
    "mathtext.fontset": ["cm", "stix"],
    "axes.unicode_minus": [False, True],
    "path.simplify": [False, True],
    "agg.path.chunksize": [100, 0],
}


@figure_like
def whose_update_changes_settings(figure: Figure) -> Update:
    line = line_in(figure)
    line.set_label("label $x^2$")
    line.axes.legend()
    line.set_data(np.linspace(0, 1, 3000), np.sin(np.linspace(0, 900, 3000)))

    def update(i: int) -> None:
        if i >= 2:
            mpl.rcParams.update({name: values[i % 2] for name, values in SETTINGS.items()})
        line.axes.set_title(f"a title $y^{i // 2}$")
        line.axes.set_ylim(-1 - i // 3, 1)

    return update


@figure_like
def with_an_artist_listed_in_two_containers(figure: Figure) -> Update:
    line = line_in(figure)
    line.set(alpha=0.5, linewidth=8)
    figure.add_artist(line)
    legend = line.axes.legend()
    figure.legends.append(legend)

    def update(i: int) -> None:
        line.set_ydata([0, i / 5])
        legend.get_texts()[0].set_text(str(i // 2))
        line.axes.set_xlim(0, 1 + i // 4)

    return update


@figure_like
def with_a_key_drawn_before_the_arrows_that_it_explains(figure: Figure) -> Update:
    ax = figure.subplots()
    arrows = ax.quiver(np.arange(3), np.arange(3), [1, 2, 3], [3, 1, 2], units="x")
    arrows.set_zorder(9)
    ax.quiverkey(arrows, 0.9, 0.9, 1, "key", coordinates="figure").set_zorder(1)

    def update(i: int) -> None:
        ax.set_xlim(-1, 3 + i // 2)
        arrows.set_UVC([1, 2, 3 + i // 3], [3, 1, 2])

    return update


@figure_like
def with_arrows_that_choose_their_scale_before_their_key_reads_it(figure: Figure) -> Update:
    ax = figure.subplots()
    arrows = ax.quiver(np.arange(3), np.arange(3), [1, 2, 3], [3, 1, 2])
    keys = [ax.quiverkey(arrows, 0.1 * k, 0.9, k, "key") for k in range(1, 9)]

    def update(i: int) -> None:
        arrows.scale = None
        arrows.set_UVC([1 + i, 2, 3], [3, 1, 2])
        for key in keys:
            key.text.set_color(f"C{i}")

    return update


@figure_like
def of_a_grid_whose_axes_share_limits_with_margins_of_their_own(figure: Figure) -> Update:
    """The axes whose limits are read first, by a locator or in drawing order, scales all by its margins."""
    grid: Any = ImageGrid(figure, 111, (2, 2), axes_pad=0.1, label_mode="all", direction="column")
    rng = np.random.default_rng(3)
    for number, ax in enumerate(grid):
        ax.plot([0, 1], [0, 1])
        ax.margins(0.1 * number)

    def update(i: int) -> None:
        grid[int(rng.integers(4))].plot([0, 1 + rng.random()], [0, 1])
        grid[int(rng.integers(4))].margins(0.4 * rng.random())

    return update


@figure_like
def with_notes_placed_by_what_is_drawn_later(figure: Figure) -> Update:
    """A label, a title and the box of a text move when they are drawn, after the notes that they place."""
    early, late = figure.subplots(1, 2)
    note = early.annotate("a", (0.5, 0.5), xycoords=late.xaxis.label, zorder=9)
    early.annotate("b", (1, 1), xycoords=note, zorder=0)
    early.annotate("c", (0, 1), xycoords=OffsetFrom(late.yaxis.label, (0.5, 1)))
    early.add_artist(AnnotationBbox(TextArea("d"), (0, 1), xycoords=late.title))
    text = late.text(0.5, 0.5, "e", bbox={"boxstyle": "round"})
    early.annotate("f", (0.5, 0.5), (0.2, 0.2), arrowprops={"arrowstyle": "->", "patchB": text.get_bbox_patch()})

    def update(i: int) -> None:
        late.set_xlabel("label\n" * (i % 3))
        late.set_ylim(0, 10 ** (i % 4))
        late.tick_params(labelsize=6 + 2 * i)
        late.set_title("title\n" * (i // 3))
        text.set_text("e" * i)

    return update


@figure_like
def with_axes_whose_locator_measures_their_labels(figure: Figure) -> Update:
    ax = figure.add_axes((0, 0, 1, 1))
    axes_divider.make_axes_area_auto_adjustable(ax)
    (line,) = ax.plot([0, 1])
    (twin,) = ax.twinx().plot([1, 0])

    def update(i: int) -> None:
        twin.axes.set_title(f"{ax.get_position().bounds}"[: 5 + 4 * i])
        line.set_ydata([0, 1 + i])
        ax.set_xlabel("label\n" * (i // 2))

    return update


@figure_like
def of_axes_that_are_not_drawn_while_their_scaling_is_pending(figure: Figure) -> Update:
    animated, hidden, fixed = figure.subplots(1, 3)
    for ax in (animated, hidden, fixed):
        ax.plot([0, 1, 2], [0, 3, 5])
    fixed.set_aspect("equal")

    def update(i: int) -> None:
        is_drawn = i % 2 == 1
        animated.set_animated(not is_drawn)
        hidden.set_visible(is_drawn)
        fixed.set_visible(is_drawn)
        for ax in (animated, hidden, fixed):  # the margins of a frame that is not drawn count only if its scaling was
            if is_drawn:
                ax.autoscale(enable=False)
            else:
                ax.autoscale(enable=True)
                ax.margins(0.1 + 0.1 * i)

    return update


@figure_like
def with_axes_that_are_animated_for_a_while(figure: Figure) -> Update:
    left, right = figure.subplots(1, 2)
    (line,) = right.plot([0, 1])
    right.set_xlabel("label")

    def update(i: int) -> None:
        right.set_animated(i < 4)
        right.tick_params(labelsize=6 + 3 * i)
        line.set_ydata([0, i])
        left.set_title(f"{right.xaxis.label.get_position()[1]:.1f}")

    return update


@figure_like
def with_a_colorbar_that_has_a_twin(figure: Figure) -> Update:
    ax = figure.subplots()
    twin = figure.colorbar(ax.imshow(np.eye(4))).ax.twinx()
    twin.plot([0, 1])

    def update(i: int) -> None:
        ax.set_title(str(i))
        twin.set_ylim(0, 1 + i // 2)

    return update


class Placing(Artist):
    """An artist that moves a text which is drawn before it."""

    def __init__(self, line: Line2D) -> None:
        super().__init__()
        self.line, self.text = line, line.axes.text(0.5, 0, "moved")

    def draw(self, renderer: Any) -> None:
        self.text.set_y(self.line.get_ydata()[1] * renderer.dpi / 500)  # type: ignore[index, call-overload]


@figure_like
def with_an_artist_that_moves_a_text(figure: Figure) -> Update:
    line = line_in(figure)
    line.axes.add_artist(Placing(line)).set_zorder(9)

    def update(i: int) -> None:
        line.set_ydata([0, (i + 1) // 2])
        if i == 4:
            figure.savefig(io.BytesIO(), dpi=50)

    return update


class Underlay(Rectangle):
    """A box behind a text, as wide as the text was when it was last drawn."""

    def __init__(self, text: Text) -> None:
        super().__init__((0, 0), 1, 1, facecolor="gold")
        self.text = text

    def draw(self, renderer: Any) -> None:
        box = self.text.get_window_extent().transformed(self.axes.transData.inverted())  # type: ignore[union-attr]
        self.set_bounds(box.x0, box.y0, box.width, box.height)
        super().draw(renderer)


@figure_like
def with_a_box_that_measures_a_text_while_the_update_saves_files(figure: Figure) -> Update:
    line = line_in(figure)
    line.axes.add_patch(Underlay(line.axes.text(1, 0, "a few words")))

    def update(i: int) -> None:
        line.set_ydata([i / 9, 1])
        if i in (2, 4):
            figure.savefig(io.BytesIO(), **({"dpi": 50} if i == 2 else {"format": "svg"}))  # type: ignore[arg-type]

    return update


@figure_like
def with_a_table_whose_font_shrinks_late(figure: Figure) -> Update:
    line = line_in(figure)
    table = line.axes.table([["a", "b"], ["c", "d"]], rowLabels=["row 1", "row 2"], loc="center")

    def update(i: int) -> None:
        line.set_ydata([i / 9, 1])
        if i == 3:
            table[1, 0].get_text().set_text("a text that is far too long for its cell")

    return update


@figure_like
def whose_update_reads_stale_flags(figure: Figure) -> Update:
    line = line_in(figure)

    def update(i: int) -> None:
        ax = line.axes
        flags = [artist.stale for artist in (figure, figure.patch, ax, ax.title, ax.xaxis, line)]
        ax.set_xlabel("".join(map(str, map(int, flags))))
        if i % 2:
            line.set_ydata([0, i])
        if i == 4:
            ax.set_xlim(0, 3)

    return update


@figure_like
def with_data_limits_fitted_to_an_aspect_at_a_size_set_in_the_update(figure: Figure) -> Update:
    line = line_in(figure)
    line.axes.set_aspect("equal", adjustable="datalim")

    def update(i: int) -> None:
        line.set_ydata([0, i])
        if i in (1, 3):
            figure.set_size_inches(4, 3 + i)

    return update


@figure_like
def of_host_axes_that_place_an_inset_when_a_size_is_set_in_the_update(figure: Figure) -> Update:
    ax: Any = figure.add_subplot(axes_class=HostAxes, aspect=1)
    ax.plot([0, 1], [0, 1])
    inset = ax.inset_axes((0.5, 0.5, 0.4, 0.4), xlim=(0, 0.1), ylim=(0, 0.1))
    ax.indicate_inset_zoom(inset)

    def update(i: int) -> None:
        if i in (2, 4):
            figure.set_size_inches(2.1, 2 + i / 10)

    return update


@figure_like
def of_a_class_of_its_own_whose_limits_follow_a_size_set_at_first(figure: Figure) -> Update:
    ax = figure.subplots()
    line = ax.add_line(type("OwnLine", (Line2D,), {})([0, 1], [0, 1]))
    ax.set_aspect("equal", adjustable="datalim")

    def update(i: int) -> None:
        line.set_ydata([0, i])
        if i == 0:
            figure.set_size_inches(4, 7)

    return update


@figure_like
def with_buttons_that_copy_what_is_behind_them(figure: Figure) -> Update:
    left, middle, right = figure.subplots(1, 3)
    (line,) = left.plot([0, 1])
    checks, choices = CheckButtons(middle, ["one", "two"]), RadioButtons(right, ["first", "second"])

    def update(i: int) -> None:
        line.set_ydata([0, i])
        if i == 2:
            checks.set_active(1)
        if i == 3:
            choices.set_active(1)

    return update


@figure_like
def with_sliders_that_move(figure: Figure) -> Update:
    upper, middle, lower = figure.subplots(3)
    (line,) = upper.plot([0, 1])
    sliders = Slider(middle, "slope", 0, 9), Slider(lower, "other", 0, 9)
    sliders[0].on_changed(lambda slope: line.set_ydata([0, slope]))

    def update(i: int) -> None:
        sliders[0].set_val(i)
        sliders[1].set_val(9 - i)

    return update


@figure_like
def with_artists_that_are_hidden_while_they_change(figure: Figure) -> Update:
    line = line_in(figure)
    others = [*line.axes.plot([0, 1], [[1, 0, 2], [0, 1, 3]]), line.axes.text(0.5, 0.5, "hidden")]

    def update(i: int) -> None:
        for k, other in enumerate(others):
            other.set(visible=k == i % 4, color=f"C{i}")

    return update


@figure_like
def whose_title_makes_room_for_a_secondary_axis(figure: Figure) -> Update:
    line = line_in(figure)
    line.axes.set_title("title")

    def update(i: int) -> None:
        line.set_ydata([0, i])
        if i == 2:
            line.axes.secondary_xaxis("top", functions=(lambda x: 2 * x, lambda x: x / 2))

    return update


@figure_like
def whose_size_is_set_by_its_first_draw(figure: Figure) -> Update:
    line = line_in(figure)

    class Resizing(Artist):
        is_new = True

        def draw(self, renderer: Any) -> None:
            if self.is_new:
                self.is_new = False
                figure.set_size_inches(4, 3)

    def update(i: int) -> None:
        line.set_ydata([0, i])
        if i == 2:
            figure.add_artist(Resizing())

    return update


def animation_of(make: Make, **options: Any) -> FuncAnimation:
    figure = Figure(figsize=options.pop("figsize", (3.2, 2.4)), dpi=options.pop("dpi", 100), **options)
    canvas = FigureCanvasAgg(figure)
    update = make(figure)
    canvas.draw()
    return FuncAnimation(figure, update, frames=N_FRAMES, cache_frame_data=False)


def frames_by_both(make: Make, options: dict[str, Any], kwargs: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    """Return the frames of an animation as our writer and as a stock one draw them."""
    sink, stock = Memory(), Stock()
    for writer in (writing_to(sink), stock):
        with mpl.rc_context():
            animation_of(make, **options).save("x.apng", writer=writer, **kwargs)
    return sink.frames, stock.frames


def assert_same(ours: list[Any], theirs: list[Any]) -> None:
    assert len(ours) == len(theirs) == N_FRAMES
    assert [int((one != other).any(axis=-1).sum()) for one, other in zip(ours, theirs, strict=True)] == [0] * N_FRAMES


SIZED = {
    "of_host_axes_that_place_an_inset_when_a_size_is_set_in_the_update",
    "of_a_class_of_its_own_whose_limits_follow_a_size_set_at_first",
    "with_data_limits_fitted_to_an_aspect_at_a_size_set_in_the_update",
    "whose_size_is_set_in_the_update",
    "whose_size_is_set_by_its_first_draw",
}


@pytest.mark.parametrize("kwargs", [{}, {"dpi": 60}, {"savefig_kwargs": {"transparent": True}}], ids=str)
@pytest.mark.parametrize("name", sorted(FIGURES.keys() - SIZED))
def test_frames_are_those_of_a_stock_writer_for_a_figure(name: str, kwargs: dict[str, Any]) -> None:
    assert_same(*frames_by_both(FIGURES[name], {}, kwargs))


@pytest.mark.parametrize("name", sorted(FIGURES.keys() - SIZED))
def test_frames_are_the_same_where_matplotlib_goes_on_after_two_replayed(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    replays: list[float] = []
    monkeypatch.setattr(CostGuard, "note_replay", lambda _, seconds: replays.append(seconds))
    monkeypatch.setattr(CostGuard, "prefers_full", lambda _: len(replays) > 1)
    assert_same(*frames_by_both(FIGURES[name], {}, {}))


class StockVideo(FFMpegWriter):
    """Matplotlib's own ffmpeg writer with a buffer in the place of ffmpeg."""

    def _run(self) -> None:
        self._proc = type("Process", (), {"stdin": io.BytesIO()})()

    def finish(self) -> None:
        width, height = self.frame_size
        self.frames = np.frombuffer(self._proc.stdin.getvalue(), np.uint8).reshape(-1, height, width, 4)


@pytest.mark.parametrize("name", sorted(SIZED | {"laid_out_before_saving", "whose_update_reads_stale_flags"}))
@pytest.mark.parametrize(
    ("figsize", "dpi"), [((6.4, 4.8), 96), ((6.4, 4.8), 72), ((6, 6 / 1.618), 100), ((7.3, 4.1), 90), ((8.2, 7), 100)]
)
def test_videos_of_figures_that_end_in_part_of_a_pixel_are_drawn_as_by_stock(
    name: str, figsize: tuple[float, float], dpi: float
) -> None:
    sink, stock = Memory(), StockVideo(fps=5)
    animation_of(FIGURES[name], figsize=figsize).save("x.mp4", writer=writing_to(sink), dpi=dpi)
    animation_of(FIGURES[name], figsize=figsize).save("x.mp4", writer=stock, dpi=dpi)
    assert_same(sink.frames, list(stock.frames))


def test_arguments_of_savefig_may_differ_from_frame_to_frame() -> None:
    pixels = []
    for writer in (writing_to(sink := Memory()), stock := Stock()):
        figure = Figure(figsize=(2, 2))
        FigureCanvasAgg(figure)
        line = line_in(figure)
        with writer.saving(figure, "x.apng", 50):  # type: ignore[attr-defined]
            for i, color in enumerate(["white", "yellow", "yellow", "red"]):
                line.set_ydata([0, i])
                writer.grab_frame(facecolor=color)  # type: ignore[attr-defined]
        pixels.append(sink.frames if not pixels else stock.frames)
    assert all((ours == theirs).all() for ours, theirs in zip(*pixels, strict=True))


def test_a_progress_callback_sees_the_frame_on_the_canvas() -> None:
    seen: list[list[float]] = []
    for writer in (writing_to(Memory()), Stock()):
        animation, means = animation_of(FIGURES["laid_out_before_saving"]), []
        canvas = animation._fig.canvas  # type: ignore[attr-defined]

        def look(_frame: int, _total: int | None, canvas: Any = canvas, means: list[float] = means) -> None:
            means.append(float(np.asarray(canvas.buffer_rgba()).mean()))

        animation.save("x.apng", writer=writer, progress_callback=look)
        seen.append(means)
    assert seen[0] == seen[1]


def test_a_progress_callback_sees_what_drawing_sets() -> None:
    seen: list[list[Any]] = []
    for writer in (writing_to(Memory()), Stock()):
        animation, places = animation_of(FIGURES["whose_update_changes_settings"]), []
        ax = animation._fig.axes[0]  # type: ignore[attr-defined]

        def look(_frame: int, _total: int | None, ax: Any = ax, places: list[Any] = places) -> None:
            places.append((ax.title.get_window_extent().bounds, [label.get_text() for label in ax.get_yticklabels()]))

        with mpl.rc_context():
            animation.save("x.apng", writer=writer, progress_callback=look)
        seen.append(places)
    assert seen[0] == seen[1]


@pytest.mark.parametrize(
    ("callback", "expected"),
    [
        (print, False),
        (lambda i, n: logging.info(f"{i} of {n}"), False),
        (lambda i, n: Figure().savefig("x.png"), True),
        (Memory().write, True),
    ],
)
def test_a_callback_can_read_a_figure_if_it_uses_matplotlib_or_unknown_code(
    callback: Callable[..., object], expected: bool
) -> None:
    assert may_read_figure(callback) == expected


# Code of matplotlib that the update replaces ------------------------------------------------------------------------

width_of_lines = [1]


def draw_wide(draw: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(draw)
    def draw_wider(line: Line2D, renderer: Any) -> None:
        line.set_linewidth(width_of_lines[0])
        draw(line, renderer)

    return draw_wider


def draw_on_yellow(draw: Callable[..., None]) -> Callable[..., None]:
    def draw_colored(container: Any, renderer: Any) -> None:
        container.patch.set_facecolor("yellow")
        draw(container, renderer)

    return draw_colored


def in_wide_lines(draw_path: Callable[..., None]) -> Callable[..., None]:
    def draw_wider(renderer: Any, gc: Any, *arguments: Any) -> None:
        gc.set_linewidth(width_of_lines[0])
        draw_path(renderer, gc, *arguments)

    return draw_wider


CODE: dict[str, tuple[Any, str, Callable[[Any], Any]]] = {
    "a draw method": (Line2D, "draw", draw_wide),
    "the draw method of axes": (Axes, "draw", draw_on_yellow),
    "the draw method of figures": (Figure, "draw", draw_on_yellow),
    "a getter": (Text, "get_color", lambda _: lambda _text: "red"),
    "a static method": (ScalarFormatter, "fix_minus", lambda _: staticmethod(lambda text: text + "!")),
    "a call": (Normalize, "__call__", lambda call: lambda norm, value, clip=None: call(norm, value, clip) ** 2 / 2),
    "one method by another": (Text, "get_rotation", lambda _: Text.get_zorder),
    "a number": (Line2D, "zorder", lambda _: -1),
    "a method of the renderer": (RendererAgg, "draw_path", in_wide_lines),
    "a function of a module": (ticker, "scale_range", lambda f: lambda *args, **kw: (f(*args, **kw)[0] * 9, 0)),
}


@pytest.mark.parametrize("kwargs", [{}, {"dpi": 60}], ids=str)
@pytest.mark.parametrize("name", CODE)
def test_code_of_matplotlib_that_the_update_replaces_is_noticed(name: str, kwargs: dict[str, Any]) -> None:
    cls, attribute, replacement = CODE[name]
    owner = next(owner for owner in getattr(cls, "__mro__", (cls,)) if attribute in vars(owner))
    before, drawn = vars(owner)[attribute], []

    def make(figure: Figure) -> Update:
        setattr(owner, attribute, before)
        line = line_in(figure)
        line.axes.legend()
        line.axes.imshow(np.eye(3), extent=(0, 0.5, 0, 0.5))
        line.axes.set(xlim=(0, 1), ylim=(0, 1))

        def update(i: int) -> None:
            width_of_lines[0] = 1 + i
            if i in (2, 5):
                setattr(owner, attribute, replacement(before) if i == 2 else before)

        return update

    try:
        drawn += frames_by_both(make, {}, kwargs)
    finally:
        setattr(owner, attribute, before)
    assert_same(*drawn)
    assert (drawn[1][1] != drawn[1][2]).any()  # the replacement shows


def test_code_of_matplotlib_that_was_replaced_before_is_noticed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Line2D, "draw", draw_wide(Line2D.draw))
    monkeypatch.setenv("ANIMATE_LOG", "1")

    def make(figure: Figure) -> Update:
        line_in(figure)
        return lambda i: width_of_lines.__setitem__(0, i)

    assert_same(*frames_by_both(make, {}, {}))
    assert capsys.readouterr().err.count("drawn in full: code of matplotlib was replaced") == N_FRAMES


# Faults of replay ------------------------------------------------------------------------------------------------

PARTS = {
    "looking for changes": (DrawList, "detect_changes"),
    "recording": (RecordingRenderer, "record"),
    "composing": (Compositor, "update"),
    "beginning": (FigureRenderer, "__init__"),
    "laying out": (FigureRenderer, "can_skip_layout"),
    "comparing costs": (CostGuard, "note_replay"),
}


def fail_at_call(number: int, owner: Any, name: str, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let a function of replay raise from a call on, and return the list to which each call adds an item."""
    called, calls = getattr(owner, name), []

    def fail(*arguments: Any, **options: Any) -> Any:
        calls.append(1)
        if len(calls) >= number:
            raise AttributeError("'Axes' object has no attribute '_renamed'\nand more")
        return called(*arguments, **options)

    monkeypatch.delenv("ANIMATE_STRICT")
    monkeypatch.setattr(owner, name, fail)
    return calls


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("at_call", [1, 3])
def test_a_fault_of_replay_ends_in_full_draws_and_one_line(
    part: str, at_call: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = fail_at_call(at_call, *PARTS[part], monkeypatch)
    make = FIGURES["with_a_colorbar_and_a_counting_title_under_constrained_layout"]
    assert_same(*frames_by_both(make, {}, {}))
    err = capsys.readouterr().err
    assert err.count("\n") <= 1  # none where the part was not called so often
    if len(calls) >= at_call:
        assert "'Axes' object has no attribute '_renamed'); matplotlib draws this frame and all that follow" in err
        assert "ANIMATE_STRICT=1" in err


def with_two_axes_that_scale_themselves_under_tight_layout(figure: Figure) -> Update:
    figure.set_layout_engine("tight")
    lines = [ax.plot([0.0, 1.0])[0] for ax in figure.subplots(1, 2)]

    def update(i: int) -> None:
        for line in lines:
            line.set_ydata([0, 10.0**i])
            line.axes.relim()
            line.axes.autoscale_view()

    return update


@pytest.mark.parametrize("at_call", range(1, 2 * N_FRAMES))
def test_a_fault_while_the_layout_engine_runs_alone_ends_in_full_draws(
    at_call: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = fail_at_call(at_call, layout_cycle, "ticks_measured_once", monkeypatch)
    assert_same(*frames_by_both(with_two_axes_that_scale_themselves_under_tight_layout, {}, {}))
    assert len(calls) >= at_call
    err = capsys.readouterr().err
    assert err.count("\n") <= 1
    assert not err or "'Axes' object has no attribute '_renamed'); matplotlib draws this frame and all that" in err


def test_a_strict_run_raises_a_fault_of_replay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANIMATE_STRICT", "1")
    monkeypatch.setattr(Compositor, "update", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        animation_of(FIGURES["laid_out_before_saving"]).save("x.apng", writer=writing_to(Memory()))


def test_an_error_of_the_users_own_is_raised_as_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("ANIMATE_STRICT")

    class Broken(Line2D):
        def draw(self, renderer: Any) -> None:
            raise ValueError("my own mistake")

    def make(figure: Figure) -> Update:
        ax = figure.subplots()
        return lambda i: ax.add_line(Broken([0], [1])) if i == 3 else None

    figure = Figure()
    FigureCanvasAgg(figure)
    animation = FuncAnimation(figure, make(figure), frames=5, init_func=lambda: None)  # type: ignore[arg-type, return-value]
    with pytest.raises(ValueError, match="my own mistake"):
        animation.save("x.apng", writer=writing_to(Memory()))
    assert capsys.readouterr().err == ""


MISSING = [
    ("matplotlib.layout_engine", "PlaceHolderLayoutEngine"),
    ("matplotlib.backends.backend_agg", "get_hinting_flag"),
    ("matplotlib.colorizer", "Colorizer"),
    ("matplotlib.projections.polar", "PolarAxes"),
]


@pytest.mark.parametrize(("module", "name"), MISSING)
def test_a_part_of_matplotlib_that_is_gone_costs_speed_only(module: str, name: str, tmp_path: Path) -> None:
    program = f"""
import sys
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
import animate
import {module}
from matplotlib.animation import FuncAnimation

held = sys.modules["{module}"]

class WithoutOne:
    def __getattr__(self, name):
        if name == "{name}":
            raise AttributeError(name)
        return getattr(held, name)

fig, ax = plt.subplots(figsize=(2, 2))
(line,) = ax.plot([0, 1])
anim = FuncAnimation(fig, lambda i: line.set_ydata([0, i]), frames=3)
sys.modules["{module}"] = WithoutOne()
anim.save("x.apng", writer="animate")
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "ANIMATE_STRICT": "0"}
    command = [sys.executable, "-c", program]
    run = subprocess.run(command, check=False, capture_output=True, text=True, cwd=tmp_path, env=environment)
    assert run.returncode == 0, run.stderr
    assert run.stderr.startswith("animate: exact replay does not work with this version of matplotlib (ImportError:")
    assert run.stderr.count("\n") == 1
    with Image.open(tmp_path / "x.apng") as image:
        assert image.n_frames == 3  # type: ignore[attr-defined]


def test_the_log_says_how_each_frame_was_drawn(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ANIMATE_LOG", "1")
    animation_of(FIGURES["with_a_listener_to_draws"]).save("x.apng", writer=writing_to(Memory()))
    animation_of(FIGURES["laid_out_before_saving"]).save("x.apng", writer=writing_to(Memory()))
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "animate: frame 0: drawn in full: a function is connected to draw events"
    assert lines[N_FRAMES:] == [f"animate: frame {i}: replayed" for i in range(N_FRAMES)]


@pytest.mark.parametrize("name", ["with_buttons_that_copy_what_is_behind_them", "with_sliders_that_move"])
def test_figures_with_widgets_are_replayed(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ANIMATE_LOG", "1")
    monkeypatch.setattr(CostGuard, "prefers_full", lambda _guard: False)
    animation_of(FIGURES[name]).save("x.apng", writer=writing_to(Memory()))
    assert capsys.readouterr().err.splitlines() == [f"animate: frame {i}: replayed" for i in range(N_FRAMES)]


@pytest.mark.parametrize("is_full", [False, True])
def test_a_title_set_by_limits_of_later_axes_is_up_to_date(is_full: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    def make(figure: Figure) -> Update:
        first, second = figure.subplots(2)
        second.callbacks.connect("ylim_changed", lambda ax: first.set_title(f"{ax.get_ylim()[1]:.2f}"))
        return lambda i: second.plot([0, 1], [0, i])

    monkeypatch.setattr(CostGuard, "prefers_full", lambda _guard: is_full)
    assert_same(*frames_by_both(make, {}, {}))


def test_an_artist_that_may_change_as_it_draws_is_drawn_once_where_it_did_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CostGuard, "prefers_full", lambda _guard: False)
    drawn: list[int] = []
    frames: list[int] = [0]
    open_group = RecordingRenderer.open_group

    def note_table(renderer: Any, name: str, gid: Any = None) -> None:
        drawn.extend(frames[-1:] if name == "table" else [])
        open_group(renderer, name, gid)

    monkeypatch.setattr(RecordingRenderer, "open_group", note_table)

    def of_a_table(figure: Figure) -> Update:
        cells = figure.subplots().table([["a", "b"]], loc="center")
        return lambda i: (frames.append(i), cells[0, 1].get_text().set_text(f"{i}"))

    animation_of(of_a_table).save("x.apng", writer=writing_to(Memory()))
    assert [drawn.count(i) for i in range(1, N_FRAMES)] == [1] * (N_FRAMES - 1)


def darken_replayed_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    update = Compositor.update

    def update_darker(self: Compositor, *arguments: Any) -> None:
        update(self, *arguments)
        self.picture[:] //= 2

    monkeypatch.setattr(Compositor, "update", update_darker)


def test_an_untested_version_of_matplotlib_is_compared_with_full_draws(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(mpl, "__version__", "9.9.0")
    darken_replayed_frames(monkeypatch)
    assert_same(*frames_by_both(FIGURES["laid_out_before_saving"], {}, {}))
    assert "frame 0 differs from a full draw in" in capsys.readouterr().err


def test_figures_with_classes_from_elsewhere_are_compared_with_full_draws(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    darken_replayed_frames(monkeypatch)
    assert_same(*frames_by_both(FIGURES["with_an_artist_that_draws_other_children"], {}, {}))
    assert "frame 0 differs from a full draw in" in capsys.readouterr().err
