"""Changes of axes: limits, scales, labels, and artists that are added or cleared."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib import (
    patches,
)
from matplotlib.axes import Axes
from matplotlib.path import Path
from mpl_toolkits.mplot3d import Axes3D

from tests.gallery.changes.common import COLORS, WORDS, Change, Rng, pick


def pan(ax: Axes, rng: Rng) -> None:
    low, high = ax.get_xlim()
    ax.set_xlim(low + 0.1 * (high - low) * rng.standard_normal(), high)


def zoom(ax: Axes, rng: Rng) -> None:
    low, high = ax.get_ylim()
    middle, half = (low + high) / 2, (high - low) / 2 * (0.6 + 0.8 * rng.random())
    ax.set_ylim(middle - half, middle + half)


def fit(ax: Axes, rng: Rng) -> None:
    ax.relim()
    ax.autoscale_view()


def autoscaled(ax: Axes, rng: Rng) -> None:
    ax.autoscale(enable=bool(rng.integers(2)), axis=pick(rng, ["x", "y", "both"]), tight=pick(rng, [None, True]))
    ax.margins(0.2 * rng.random())


def inverted(ax: Axes, rng: Rng) -> None:
    pick(rng, [ax.invert_xaxis, ax.invert_yaxis])()


def scale(ax: Axes, rng: Rng) -> None:
    pick(rng, [ax.set_xscale, ax.set_yscale])(pick(rng, ["linear", "log", "symlog"]))


def titled(ax: Axes, rng: Rng) -> None:
    ax.set_title(pick(rng, WORDS), loc=pick(rng, ["center", "left", "right"]), pad=pick(rng, [None, 10]))


def labeled(ax: Axes, rng: Rng) -> None:
    pick(rng, [ax.set_xlabel, ax.set_ylabel])(pick(rng, WORDS))


def grid(ax: Axes, rng: Rng) -> None:
    ax.grid(pick(rng, [True, False]), which=pick(rng, ["major", "both"]), axis=pick(rng, ["x", "both"]))


def ground(ax: Axes, rng: Rng) -> None:
    ax.set_facecolor(rng.random(3))


def ticked(ax: Axes, rng: Rng) -> None:
    ax.tick_params(axis=pick(rng, ["x", "y", "both"]), length=8 * rng.random(), labelsize=6 + 6 * rng.random(),
                   top=bool(rng.integers(2)), labelright=bool(rng.integers(2)))  # fmt: skip


def fixed_ticks(ax: Axes, rng: Rng) -> None:
    low, high = ax.get_xlim()
    at = np.linspace(low, high, int(rng.integers(2, 6)))
    ax.set_xticks(at, [pick(rng, WORDS) for _ in at] if rng.random() < 0.4 else None)


def placed(ax: Axes, rng: Rng) -> None:
    x, y, width, height = ax.get_position().bounds
    ax.set_position((x + 0.02 * rng.standard_normal(), y, width * (0.8 + 0.3 * rng.random()), height))


def axes_off(ax: Axes, rng: Rng) -> None:
    pick(rng, [ax.set_axis_off, ax.set_axis_on, ax.set_axis_on])()


def framed(ax: Axes, rng: Rng) -> None:
    ax.set_frame_on(not ax.get_frame_on())
    ax.set_axisbelow(pick(rng, [True, False, "line"]))


def aspect(ax: Axes, rng: Rng) -> None:
    ax.set_aspect(pick(rng, ["auto", "equal", 2]), adjustable=pick(rng, ["box", "datalim"]))


def legend_made(ax: Axes, rng: Rng) -> None:
    ax.legend(loc=pick(rng, ["best", "upper left", 4]), ncols=int(rng.integers(1, 3)))


def new_line(ax: Axes, rng: Rng) -> None:
    x = np.linspace(*ax.get_xlim(), 30)
    ax.plot(x, rng.uniform(*ax.get_ylim(), 30), pick(rng, ["-", "o-", "r--", "k."]), label=pick(rng, ["new", "_none"]))


def new_points(ax: Axes, rng: Rng) -> None:
    ax.scatter(rng.uniform(*ax.get_xlim(), 20), rng.uniform(*ax.get_ylim(), 20), rng.random(20) * 90, c=rng.random(20))


def new_patch(ax: Axes, rng: Rng) -> None:
    kinds = [
        patches.Circle((0.5, 0.5), 0.2),
        patches.Rectangle((0.2, 0.2), 0.4, 0.3),
        patches.FancyArrowPatch((0.1, 0.1), (0.8, 0.9)),
    ]
    kinds += [
        patches.PathPatch(Path(rng.random((4, 2)), [1, 4, 4, 4])),
        patches.RegularPolygon((0.5, 0.5), 5, radius=0.3),
    ]
    one = pick(rng, kinds)
    one.set(transform=ax.transAxes, facecolor=pick(rng, COLORS), alpha=pick(rng, [None, 0.5]))
    ax.add_patch(one)


def new_text(ax: Axes, rng: Rng) -> None:
    if rng.random() < 0.5:
        ax.text(*rng.random(2), pick(rng, WORDS), transform=ax.transAxes)
    else:
        ax.annotate(pick(rng, WORDS), rng.random(2), rng.random(2), "axes fraction", arrowprops={"arrowstyle": "->"})


def new_lines_across(ax: Axes, rng: Rng) -> None:
    pick(rng, [ax.axhline, ax.axvline])(rng.random(), ls="--")
    ax.axvspan(0.2, 0.2 + rng.random(), alpha=0.2)


def new_image(ax: Axes, rng: Rng) -> None:
    ax.imshow(rng.random((6, 8)), extent=(*ax.get_xlim(), *ax.get_ylim()), aspect="auto", zorder=-1, alpha=0.6)


def new_field(ax: Axes, rng: Rng) -> None:
    x, y = np.meshgrid(np.linspace(*ax.get_xlim(), 7), np.linspace(*ax.get_ylim(), 7))
    z = rng.random((7, 7))
    kinds: list[Callable[[], object]] = [lambda: ax.quiver(x, y, z, z.T), lambda: ax.barbs(x, y, 30 * z, z)]
    kinds += [lambda: ax.contour(x, y, z), lambda: ax.contourf(x, y, z, alpha=0.5)]
    kinds += [lambda: ax.pcolormesh(x, y, z, shading="nearest", alpha=0.4)]
    pick(rng, kinds)()


def new_filling(ax: Axes, rng: Rng) -> None:
    x = np.linspace(*ax.get_xlim(), 20)
    ax.fill_between(x, rng.uniform(*ax.get_ylim(), 20), alpha=0.4, hatch=pick(rng, [None, "/"]))


def new_errors(ax: Axes, rng: Rng) -> None:
    ax.errorbar(np.linspace(*ax.get_xlim(), 5), rng.uniform(*ax.get_ylim(), 5), 0.1 * rng.random(5), capsize=3)


def removed_last(ax: Axes, rng: Rng) -> None:
    kind = pick(rng, [ax.lines, ax.collections, ax.patches, ax.texts, ax.images])
    if len(kind):
        kind[-1].remove()


def cleared(ax: Axes, rng: Rng) -> None:
    ax.clear()
    ax.plot(rng.random(10), label="after clearing")
    ax.set_title(pick(rng, WORDS))


def twin(ax: Axes, rng: Rng) -> None:
    pick(rng, [ax.twinx, ax.twiny])().plot(rng.random(5), "g")


def inset(ax: Axes, rng: Rng) -> None:
    inside = ax.inset_axes((0.5 * rng.random(), 0.5, 0.4, 0.4))
    inside.plot(rng.random(5))
    ax.indicate_inset_zoom(inside)


def second_axis(ax: Axes, rng: Rng) -> None:
    pick(rng, [ax.secondary_xaxis, ax.secondary_yaxis])(pick(rng, [0.5, 1.0]))


def tabled(ax: Axes, rng: Rng) -> None:
    ax.table([[pick(rng, WORDS) for _ in range(2)] for _ in range(2)], loc=pick(rng, ["center", "bottom"]))


def label_sides(ax: Axes, rng: Rng) -> None:
    ax.xaxis.set_ticks_position(pick(rng, ["top", "bottom", "both"]))
    ax.yaxis.set_label_position(pick(rng, ["left", "right"]))


def clipping_order(ax: Axes, rng: Rng) -> None:
    ax.set_zorder(float(rng.integers(-1, 3)))
    ax.patch.set_alpha(pick(rng, [None, 0.5]))


def rasterization(ax: Axes, rng: Rng) -> None:
    ax.set_rasterization_zorder(pick(rng, [None, 0, 3]))


def offset_notation(ax: Axes, rng: Rng) -> None:
    ax.ticklabel_format(
        axis="both", style=pick(rng, ["sci", "plain"]), scilimits=(0, 0), useOffset=bool(rng.integers(2))
    )


def view(ax: Axes3D, rng: Rng) -> None:
    ax.view_init(elev=30 * rng.random(), azim=360 * rng.random(), roll=pick(rng, [0, 10]))


def projection(ax: Axes3D, rng: Rng) -> None:
    ax.set_proj_type(pick(rng, ["persp", "ortho"]))
    ax.set_box_aspect(pick(rng, [None, (1, 2, 1)]), zoom=0.8 + 0.4 * rng.random())


def depth(ax: Axes3D, rng: Rng) -> None:
    low, high = ax.get_zlim()
    ax.set_zlim(low, high + rng.random())
    ax.zaxis.pane.set_facecolor(rng.random(3))


AXES: list[tuple[type, Change]] = [
    *(
        (Axes, change)
        for change in (pan, pan, zoom, zoom, fit, fit, autoscaled, inverted, scale, titled, titled, labeled)
    ),
    *((Axes, change) for change in (grid, ground, ticked, fixed_ticks, placed, axes_off, framed, aspect, legend_made)),
    *((Axes, change) for change in (new_line, new_line, new_points, new_patch, new_text, new_lines_across, new_image)),
    *(
        (Axes, change)
        for change in (new_field, new_filling, new_errors, removed_last, cleared, twin, inset, second_axis)
    ),
    *((Axes, change) for change in (tabled, label_sides, clipping_order, rasterization, offset_notation)),
    *((Axes3D, change) for change in (view, view, view, view, projection, depth)),
]

FLAT = (new_patch, new_lines_across, new_image, new_field, new_filling, twin, inset, second_axis, tabled)
"""What axes in 3D cannot draw."""
