"""Animations that lay the figure out in the middle: one function each, which returns an animation of *n* frames."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.animation import Animation
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.offsetbox import AnchoredText, DrawingArea, HPacker, TextArea, VPacker
from matplotlib.patches import Circle
from matplotlib.transforms import Bbox

from tests.gallery.cases_drawing import rise, wave
from tests.gallery.idioms_data import X, film, waves


def sets_size(n: int) -> Animation:
    """The update sets the size of the figure."""
    fig, _, line = wave()
    return film(fig, lambda i: (rise(line, i), fig.set_size_inches(4 + i % 3, 3)), n)


def sets_size_at_last(n: int) -> Animation:
    """The update sets the size of the figure once, and reads its aspect."""
    fig, ax, _ = wave()

    def update(i: int) -> None:
        if i == 3:
            fig.set_figwidth(5)
        ax.set_title(f"{fig.get_figwidth():.2f} {ax.bbox.width:.1f}")

    return film(fig, update, n)


def tight_with_new_labels(n: int) -> Animation:
    """tight_layout() after labels grew."""
    fig, axs = plt.subplots(2, 2)

    def update(i: int) -> None:
        axs[0, 0].set_ylabel("line\n" * (i % 4))
        axs[1, 1].set_title("title\n" * (i % 3))
        fig.tight_layout()

    return film(fig, update, n)


def tight_engine(n: int) -> Animation:
    """layout="tight" while numbers grow."""
    fig, axs = plt.subplots(1, 2, layout="tight")
    (line,) = axs[0].plot(X, np.sin(X))

    def update(i: int) -> None:
        line.set_ydata(10.0**i * np.sin(X))
        axs[0].relim()
        axs[0].autoscale_view()

    return film(fig, update, n)


def tight_engine_colorbar(n: int) -> Animation:
    """layout="tight" makes room for a colorbar in a cell of the grid, which its locator knows."""
    fig, axs = plt.subplots(2, 2, layout="tight")
    shown = axs[0, 0].imshow(waves(0))
    fig.colorbar(shown, ax=axs[0, 0], location="top", extend="both")

    def update(i: int) -> None:
        shown.set_data(waves(i) * 10.0**i)
        shown.autoscale()
        axs[1, 1].set_ylabel("label\n" * (i % 3))

    return film(fig, update, n)


def engines_switched(n: int) -> Animation:
    """Layout engines are set, switched and removed."""
    fig, axs = plt.subplots(1, 2)

    def update(i: int) -> None:
        fig.set_layout_engine([None, "tight", "constrained", "none", "compressed", "none"][i % 6])
        axs[0].set_ylabel("label\n" * (i % 3))

    return film(fig, update, n)


def tight_then_constrained(n: int) -> Animation:
    """tight_layout() once, later constrained layout, later subplots_adjust."""
    fig, axs = plt.subplots(2, 1)

    def update(i: int) -> None:
        axs[0].set_title(f"title\n{i}" if i % 2 else "")
        if i == 1:
            fig.tight_layout()
        if i == 3:
            fig.set_layout_engine("constrained")
        if i == 5:
            fig.set_layout_engine("none")
            fig.subplots_adjust(left=0.3)

    return film(fig, update, n)


def constrained_colorbar(n: int) -> Animation:
    """Constrained layout; a colorbar's labels grow, one is removed and made anew."""
    fig, axs = plt.subplots(1, 2, layout="constrained")
    shown = axs[0].imshow(waves(0))
    bars = [fig.colorbar(shown, ax=axs)]

    def update(i: int) -> None:
        shown.set_clim(0, 10.0**i)
        fig.suptitle("suptitle\n" * (i % 3))
        if i == 4:
            bars.pop().remove()
            bars.append(fig.colorbar(shown, ax=axs[0], location="bottom", label="new"))

    return film(fig, update, n)


def constrained_inset(n: int) -> Animation:
    """Constrained layout with a legend outside, an inset and a secondary axis."""
    fig, ax, line = wave(layout="constrained")
    inset = ax.inset_axes((0.5, 1.05, 0.4, 0.3))
    ax.secondary_yaxis("right")
    fig.legend(loc="outside right upper")

    def update(i: int) -> None:
        line.set_label("wave " * (i % 3 + 1))
        inset.set_title("x\n" * (i % 3))
        for one in fig.legends:
            one.remove()
        fig.legend(loc="outside right upper")

    return film(fig, update, n)


def constrained_patch(n: int) -> Animation:
    """The background of an axes grows beyond it, so that constrained layout makes room for it."""
    fig, (ax, other) = plt.subplots(1, 2, layout="constrained")
    (line,) = other.plot(X, np.sin(X))

    def update(i: int) -> None:
        rise(line, i)
        if i % 3 == 2:
            ax.patch.set_width(1 + 0.05 * i)
            ax.patch.set_in_layout(i != 5)

    return film(fig, update, n)


def draws_counted_under_layout(n: int) -> Animation:
    """A function that counts draws, connected in the middle, shows how often constrained layout made it draw."""
    fig, ax = plt.subplots(layout="constrained")
    (line,) = ax.plot(X, np.sin(X))
    counts = {"draws": 0}

    def update(i: int) -> None:
        rise(line, i)
        ax.set_ylabel("label\n" * (i % 3))
        ax.set_title(f"{counts['draws']} draws")
        if i == 2:
            fig.canvas.mpl_connect("draw_event", lambda _: counts.update(draws=counts["draws"] + 1))

    return film(fig, update, n)


def tight_in_3d(n: int) -> Animation:
    """The engine measures axes in 3D as their last draw projected them."""
    fig = plt.figure(layout="tight")
    ax = fig.add_subplot(1, 2, 1, projection="3d")
    other = fig.add_subplot(1, 2, 2, projection="3d")
    ax.plot([0, 1, 2], [0, 2, 1], [0, 1, 2])

    def update(i: int) -> None:
        ax.view_init(elev=10 * i, azim=25 * i)
        ax.set_zlim(0, 10.0 ** (i % 3))
        ax.set_box_aspect((1, 1, 1), zoom=1 - i / 20)
        other.tick_params(labelsize=6 + i)

    return film(fig, update, n)


def subfigures_own_layout(n: int) -> Animation:
    """Subfigures with suptitles and colors of their own, adjusted one by one."""
    fig = plt.figure()
    left, right = fig.subfigures(1, 2)
    left.subplots(2, 1)
    axs = right.subplots(1, 2)

    def update(i: int) -> None:
        left.subplots_adjust(hspace=0.2 + 0.1 * i)
        right.suptitle("title\n" * (i % 3))
        right.set_facecolor((1, 1 - i / 20, 1))
        axs[0].set_ylabel(f"{i}")

    return film(fig, update, n)


def subfigures_constrained(n: int) -> Animation:
    """Constrained subfigures; one gets a colorbar in the middle."""
    fig = plt.figure(layout="constrained")
    left, right = fig.subfigures(1, 2, wspace=0.1)
    ax, other = left.subplots(), right.subplots()
    shown = other.imshow(waves(0))

    def update(i: int) -> None:
        ax.set_ylabel("label\n" * (i % 3))
        shown.set_data(waves(i))
        if i == 3:
            right.colorbar(shown)

    return film(fig, update, n)


def adjusted(n: int) -> Animation:
    """subplots_adjust and set_position in every frame."""
    fig, axs = plt.subplots(1, 2)

    def update(i: int) -> None:
        fig.subplots_adjust(left=0.1 + 0.02 * i, wspace=0.2 + 0.05 * i)
        if i % 2:
            axs[1].set_position((0.6, 0.2 + 0.02 * i, 0.3, 0.5))

    return film(fig, update, n)


def equal_aspect(n: int) -> Animation:
    """Equal aspect with limits that move, box and datalim, beside a twin and an inset."""
    fig, (left, right) = plt.subplots(1, 2)
    left.set_aspect("equal")
    right.set_aspect("equal", adjustable="datalim")
    inset = left.inset_axes((0.5, 0.5, 0.4, 0.4))
    right.plot(X, X)

    def update(i: int) -> None:
        left.set_xlim(0, 1 + i)
        right.set_xlim(0, 3 + i)
        inset.set_aspect(1 + i % 2)

    return film(fig, update, n)


def axes_divider(n: int) -> Animation:
    """Axes appended by a divider follow an image's aspect."""
    from mpl_toolkits.axes_grid1 import make_axes_locatable

    fig, ax = plt.subplots()
    shown = ax.imshow(waves(0))
    fig.colorbar(shown, cax=make_axes_locatable(ax).append_axes("right", "5%", pad=0.1))

    def update(i: int) -> None:
        shown.set_clim(-1 - i, 1 + i)
        ax.set_xlim(0, 20 + 2 * i)
        fig.subplots_adjust(left=0.1 + 0.03 * i)

    return film(fig, update, n)


def divider_of_settable_limits(n: int) -> Animation:
    """A divider places axes by limits that the aspect sets after it, so that each draw moves them on."""
    from mpl_toolkits.axes_grid1 import make_axes_locatable

    fig, (left, right) = plt.subplots(1, 2)
    image = left.imshow(np.arange(12).reshape(3, 4))
    bar = make_axes_locatable(left).append_axes("right", size="7%", pad="2%")
    fig.colorbar(image, cax=bar)
    (line,) = right.plot(X, np.sin(X))

    def update(i: int) -> None:
        rise(line, i)
        left.set_aspect(["equal", 2, "auto", 0.5][i % 4], adjustable=["box", "datalim", "datalim"][i % 3])
        image.set_alpha(1 - 0.1 * (i % 5))

    return film(fig, update, n)


def divider_that_measures_axes(n: int) -> Animation:
    """A divider makes room for labels, and so moves axes while it measures them."""
    from mpl_toolkits.axes_grid1.axes_divider import make_axes_area_auto_adjustable

    fig = plt.figure()
    lower, upper = fig.add_axes((0, 0, 1, 0.5)), fig.add_axes((0, 0.5, 1, 0.5))
    lower.set_yticks([0.5], labels=["long label"])
    (line,) = upper.plot(X, np.sin(X))
    for ax in (lower, upper):
        make_axes_area_auto_adjustable(ax, pad=0.1, use_axes=[lower, upper])

    def update(i: int) -> None:
        rise(line, i)
        lower.set_yticks([0.5], labels=["label" + " longer" * (i // 2 % 3)])
        x, y, width, height = (upper, lower)[i % 2].get_position().bounds  # as the last draw left them
        (upper, lower)[i % 2].set_position((x, y, 0.97 * width, height))

    return film(fig, update, n)


def locator_of_its_own(n: int) -> Animation:
    """A locator of somebody's own follows the title of other axes, as the last draw left it."""
    fig, (left, right) = plt.subplots(1, 2)
    (line,) = left.plot(X, np.sin(X))

    def place(ax: Axes, renderer: RendererBase) -> Bbox:
        width = left.title.get_window_extent().width / fig.bbox.width
        return Bbox.from_bounds(0.6, 0.2, 0.1 + width / 2, 0.5)

    right.set_axes_locator(place)

    def update(i: int) -> None:
        rise(line, i)
        left.set_title("a title" * (i // 2 % 3), fontsize=8 + i)
        line.set_color(f"C{i}")

    return film(fig, update, n)


def inset_locators(n: int) -> Animation:
    """Insets placed by locators and marked, while the axes around them move."""
    from mpl_toolkits.axes_grid1.inset_locator import inset_axes, mark_inset, zoomed_inset_axes

    fig, ax = plt.subplots()
    ax.plot(X, np.sin(X))
    zoomed, inside = zoomed_inset_axes(ax, 2, loc="upper right"), inset_axes(ax, "30%", 0.8, loc="lower left")
    zoomed.plot(X, np.sin(X))
    zoomed.set(xlim=(1, 2), ylim=(0.5, 1))
    mark_inset(ax, zoomed, 2, 4)

    def update(i: int) -> None:
        fig.subplots_adjust(left=0.1 + 0.03 * (i // 2), top=0.9 - 0.02 * i)
        zoomed.set_xlim(1 + i / 10, 2 + i / 10)
        inside.set_title(f"{i}")

    return film(fig, update, n)


def packed_boxes(n: int) -> Animation:
    """Packed offset boxes whose parts grow."""
    fig, ax, _ = wave()
    label, area = TextArea("x"), DrawingArea(20, 20)
    area.add_artist(Circle((10, 10), 5))
    from matplotlib.offsetbox import AnchoredOffsetbox

    pack = VPacker(children=[HPacker(children=[area, label]), TextArea("below")])
    ax.add_artist(AnchoredOffsetbox("upper right", child=pack))
    ax.add_artist(AnchoredText("fixed", "lower left"))

    def update(i: int) -> None:
        label.set_text("grows " * (i % 4))
        area.width = 20 + 5 * i

    return film(fig, update, n)


def drawn_then_tight(n: int) -> Animation:
    """A figure that runs a function of the user is drawn in the update, changed, and laid out by tight_layout()."""
    fig, ax = plt.subplots()
    (line,) = ax.plot(X, np.sin(X))
    ax.xaxis.set_major_formatter(lambda x, _: f"{x:.0f} s")
    texts = [ax.text(3, 0, "") for _ in range(2)]

    def update(i: int) -> None:
        texts[0].set_text(repr(ax.get_position().bounds))
        fig.canvas.draw_idle()
        line.set_ydata((1 + i) * np.sin(X))
        ax.spines["left"].set_position(("data", 0.5 + i))
        ax.relim()
        ax.autoscale_view()
        fig.tight_layout(pad=1.58897 + i / 7)
        texts[1].set_text(repr(ax.get_position().bounds))

    return film(fig, update, n)


def widget_then_tight(n: int) -> Animation:
    """A slider is set, and the figure is laid out by tight_layout() afterwards."""
    from matplotlib.widgets import Slider

    fig, (ax, below) = plt.subplots(2)
    (line,) = ax.plot(X, np.sin(X))
    note = ax.text(3, 0, "")
    slider = Slider(below, "rate", 0, 10)

    def update(i: int) -> None:
        slider.set_val(i % 7)
        line.set_ydata((1 + i) * np.sin(X))
        ax.relim()
        ax.autoscale_view()
        ax.set_ylabel("label\n" * (i % 3))
        fig.tight_layout(pad=1.58897 + i / 7)
        note.set_text(repr(ax.get_position().bounds))

    return film(fig, update, n)


def titles_beside_hidden_twin(n: int) -> Animation:
    """A title lines up with a hidden twin with ticks at the top; the axes move and get a secondary axis."""
    fig, ax = plt.subplots()
    twin = ax.twinx()
    twin.xaxis.tick_top()
    twin.xaxis.set_visible(True)
    ax.set_title("title")

    def update(i: int) -> None:
        twin.set_visible(i == 0)
        if i in (2, 4):
            fig.subplots_adjust(top=0.95 - i / 10)
            ax.secondary_xaxis(0.5)

    return film(fig, update, n)


LAYOUT_CASES = (
    *(drawn_then_tight, widget_then_tight, titles_beside_hidden_twin),
    *(sets_size, sets_size_at_last, tight_with_new_labels, tight_engine, engines_switched, tight_then_constrained),
    *(constrained_colorbar, constrained_inset, subfigures_own_layout, subfigures_constrained, adjusted),
    *(equal_aspect, axes_divider, inset_locators, packed_boxes),
    *(divider_of_settable_limits, divider_that_measures_axes, locator_of_its_own, constrained_patch),
    *(tight_engine_colorbar, draws_counted_under_layout, tight_in_3d),
)
