"""Changes that fit any artist, and those of patches, texts, legends, tables, spines and axis."""

from __future__ import annotations

from typing import Any

import matplotlib.patheffects as path_effects
import numpy as np
from matplotlib import (
    legend,
    offsetbox,
    patches,
    spines,
    table,
    text,
    ticker,
    transforms,
)
from matplotlib.artist import Artist
from matplotlib.axis import Axis
from mpl_toolkits.mplot3d import art3d

from tests.gallery.changes.common import COLORS, WORDS, Change, Rng, pick


def visible(artist: Artist, rng: Rng) -> None:
    artist.set_visible(not artist.get_visible() or rng.random() < 0.3)


def alpha(artist: Artist, rng: Rng) -> None:
    artist.set_alpha(pick(rng, [None, 0.3, 0.7, 1.0, rng.random()]))


def zorder(artist: Artist, rng: Rng) -> None:
    artist.set_zorder(artist.get_zorder() + rng.choice([-2, -0.5, 0.5, 3]))


def remove(artist: Artist, rng: Rng) -> None:
    if rng.random() < 0.5:
        artist.remove()


def clip(artist: Artist, rng: Rng) -> None:
    if rng.random() < 0.5 or artist.axes is None:
        artist.set_clip_on(not artist.get_clip_on())
    elif rng.random() < 0.5:
        artist.set_clip_path(patches.Circle((0.5, 0.5), 0.2 + 0.3 * rng.random(), transform=artist.axes.transAxes))
    else:
        artist.set_clip_box(artist.axes.bbox)


def effects(artist: Artist, rng: Rng) -> None:
    stroke = path_effects.withStroke(linewidth=1 + 4 * rng.random(), foreground=pick(rng, ["w", "y", "k"]))
    shadow = path_effects.withSimplePatchShadow((2, -2 - rng.random()))
    artist.set_path_effects(pick(rng, [[], [stroke], [stroke, path_effects.Normal()], [shadow]]))


def sketch(artist: Artist, rng: Rng) -> None:
    artist.set_sketch_params(*pick(rng, [(None,), (1, 100, 2), (3.0, 50, 4)]))


def snap(artist: Artist, rng: Rng) -> None:
    artist.set_snap(pick(rng, [None, True, False]))


def transform(artist: Artist, rng: Rng) -> None:
    move = transforms.Affine2D().translate(*rng.normal(0, 5, 2))
    if rng.random() < 0.3:
        move.rotate_deg(rng.normal(0, 3))
    artist.set_transform(artist.get_transform() + move)


def quiet(artist: Artist, rng: Rng) -> None:
    """Set what no pixel shows."""
    pick(rng, [artist.set_gid, artist.set_url, artist.set_label])(f"id{rng.integers(9)}")


def again(artist: Artist, rng: Rng) -> None:
    """Set what is set already."""
    artist.set_alpha(artist.get_alpha())
    artist.set_zorder(artist.get_zorder())
    artist.stale = True


def animated(artist: Artist, rng: Rng) -> None:
    artist.set_animated(not artist.get_animated())


def rasterized(artist: Artist, rng: Rng) -> None:
    artist.set_rasterized(bool(rng.integers(2)))


def in_layout(artist: Artist, rng: Rng) -> None:
    artist.set_in_layout(not artist.get_in_layout())


GENERAL: list[tuple[type, Change]] = [
    (Artist, change)
    for change in (
        visible,
        visible,
        alpha,
        alpha,
        zorder,
        remove,
        clip,
        effects,
        sketch,
        snap,
        transform,
        quiet,
        again,
        animated,
        rasterized,
        in_layout,
    )
]


def patch_look(patch: patches.Patch, rng: Rng) -> None:
    patch.set(facecolor=pick(rng, COLORS), edgecolor=pick(rng, COLORS), linewidth=3 * rng.random())


def patch_lines(patch: patches.Patch, rng: Rng) -> None:
    patch.set(
        linestyle=pick(rng, ["-", "--", ":"]), hatch=pick(rng, [None, "/", "++", "o"]), fill=bool(rng.integers(2))
    )
    patch.set(joinstyle=pick(rng, ["miter", "round"]), antialiased=bool(rng.integers(2)))


def rectangle(patch: patches.Rectangle, rng: Rng) -> None:
    x, y = patch.get_xy()
    pick(rng, [
        lambda: patch.set_height(patch.get_height() * (0.5 + rng.random())),
        lambda: patch.set_width(patch.get_width() * (0.5 + rng.random())),
        lambda: patch.set_xy((x + 0.1 * rng.standard_normal(), y)),
        lambda: patch.set_angle(rng.normal(0, 10)),
    ])()  # fmt: skip


def polygon(patch: patches.Polygon, rng: Rng) -> None:
    patch.set_xy(patch.get_xy() + rng.normal(0, 0.05, patch.get_xy().shape))


def ellipse(patch: patches.Ellipse, rng: Rng) -> None:
    x, y = patch.center
    patch.center = x + 0.1 * rng.standard_normal(), y
    patch.set_width(patch.get_width() * (0.5 + rng.random()))


def wedge(patch: patches.Wedge, rng: Rng) -> None:
    patch.set_theta2(patch.theta2 + rng.normal(0, 20))
    patch.set_radius(patch.r * (0.8 + 0.4 * rng.random()))


def arrow_patch(patch: patches.FancyArrowPatch, rng: Rng) -> None:
    patch.set_mutation_scale(5 + 20 * rng.random())
    patch.set_arrowstyle(pick(rng, ["->", "-|>", "<->", "fancy", "simple", "wedge"]))


def path_in_place(patch: patches.Patch, rng: Rng) -> None:
    path = patch.get_path()
    if path.vertices.flags.writeable and not path.readonly:
        path.vertices[:] += 0.05 * rng.standard_normal()
        patch.stale = True


def words(label: text.Text, rng: Rng) -> None:
    label.set_text(pick(rng, WORDS) + pick(rng, ["", f" {rng.integers(1000)}"]))


def text_look(label: text.Text, rng: Rng) -> None:
    label.set(color=pick(rng, COLORS), fontsize=6 + 12 * rng.random(), weight=pick(rng, ["normal", "bold"]))


def text_place(label: text.Text, rng: Rng) -> None:
    x, y = label.get_position()
    label.set_position((x + 0.05 * rng.standard_normal(), y))


def text_turn(label: text.Text, rng: Rng) -> None:
    label.set(rotation=rng.normal(0, 30), ha=pick(rng, ["left", "center", "right"]), va=pick(rng, ["top", "baseline"]))


def text_box(label: text.Text, rng: Rng) -> None:
    label.set_bbox(pick(rng, [None, {"facecolor": "y", "alpha": rng.random()}, {"boxstyle": "round4", "fc": "w"}]))


def text_font(label: text.Text, rng: Rng) -> None:
    label.set(family=pick(rng, ["serif", "monospace", "sans-serif"]), style=pick(rng, ["normal", "italic"]))
    label.set(wrap=bool(rng.integers(2)), linespacing=1 + rng.random())


def annotation(label: text.Annotation, rng: Rng) -> None:
    x, y = label.xy
    label.xy = x, y + 0.1 * rng.standard_normal()
    label.xyann = tuple(np.add(label.xyann, rng.normal(0, 2, 2)))


def legend_place(box: legend.Legend, rng: Rng) -> None:
    box.set_loc(pick(rng, ["upper left", "lower right", "center", "best", (0.1, 0.6)]))


def legend_look(box: legend.Legend, rng: Rng) -> None:
    box.set_title(pick(rng, [None, "title", "another title"]))
    box.set_frame_on(bool(rng.integers(2)))
    box.get_frame().set_facecolor(pick(rng, COLORS))


def legend_words(box: legend.Legend, rng: Rng) -> None:
    pick(rng, box.get_texts()).set_text(pick(rng, WORDS))


def cell(grid: table.Table, rng: Rng) -> None:
    one = pick(rng, sorted(grid.get_celld()))
    grid[one].get_text().set_text(pick(rng, WORDS))
    grid[one].set_facecolor(pick(rng, COLORS))


def spine(edge: spines.Spine, rng: Rng) -> None:
    edge.set(color=pick(rng, COLORS), linewidth=3 * rng.random())


def spine_place(edge: spines.Spine, rng: Rng) -> None:
    edge.set_position(pick(rng, ["zero", "center", ("outward", 8), ("axes", 0.3), ("data", 0.5)]))


def offset_box(box: offsetbox.OffsetBox, rng: Rng) -> None:
    if isinstance(box, offsetbox.AnnotationBbox):
        box.xybox = tuple(np.add(box.xybox, rng.normal(0, 3, 2)))
    elif isinstance(box, offsetbox.OffsetImage):
        box.set_zoom(0.2 + rng.random())
    elif isinstance(box, offsetbox.AnchoredOffsetbox):
        box.loc = int(rng.integers(1, 10))
        box.stale = True
    else:
        box.set_offset(tuple(rng.normal(20, 10, 2)))


def axis_ticks(axis: Axis, rng: Rng) -> None:
    kinds = [
        ticker.MaxNLocator(int(rng.integers(2, 9))),
        ticker.AutoLocator(),
        ticker.NullLocator(),
        ticker.LinearLocator(4),
    ]
    axis.set_major_locator(pick(rng, kinds))


def axis_labels(axis: Axis, rng: Rng) -> None:
    kinds = [
        ticker.ScalarFormatter(),
        ticker.PercentFormatter(),
        ticker.FuncFormatter(lambda x, at: f"<{x:.2g}>"),
        ticker.NullFormatter(),
    ]
    axis.set_major_formatter(pick(rng, kinds))


def axis_minor(axis: Axis, rng: Rng) -> None:
    axis.set_minor_locator(pick(rng, [ticker.AutoMinorLocator(int(rng.integers(2, 5))), ticker.NullLocator()]))


def axis_label(axis: Axis, rng: Rng) -> None:
    axis.set_label_text(pick(rng, WORDS))
    axis.labelpad = float(rng.integers(12))


def axis_tick_style(axis: Axis, rng: Rng) -> None:
    axis.set_tick_params(
        length=10 * rng.random(), labelsize=5 + 8 * rng.random(), labelrotation=int(rng.choice([0, 0, 45, 90]))
    )
    axis.set_tick_params(
        color=pick(rng, COLORS), labelcolor=pick(rng, COLORS), direction=pick(rng, ["in", "out", "inout"])
    )


def points_3d(collection: Any, rng: Rng) -> None:
    collection._offsets3d = tuple(
        np.asarray(one, float) + rng.normal(0, 0.1, np.shape(one)) for one in collection._offsets3d
    )


def line_3d(line: Any, rng: Rng) -> None:
    line.set_data_3d(*(np.asarray(one, float) + rng.normal(0, 0.1, np.shape(one)) for one in line.get_data_3d()))


ARTISTS: list[tuple[type, Change]] = [
    *((patches.Patch, change) for change in (patch_look, patch_lines, path_in_place)),
    *((patches.Rectangle, change) for change in (rectangle, rectangle, rectangle)),
    (patches.Polygon, polygon),
    (patches.Ellipse, ellipse),
    (patches.Wedge, wedge),
    (patches.FancyArrowPatch, arrow_patch),
    *((text.Text, change) for change in (words, words, words, text_look, text_place, text_turn, text_box, text_font)),
    *((text.Annotation, change) for change in (annotation, annotation)),
    *((legend.Legend, change) for change in (legend_place, legend_look, legend_words)),
    (table.Table, cell),
    *((spines.Spine, change) for change in (spine, spine_place)),
    (offsetbox.OffsetBox, offset_box),
    *((Axis, change) for change in (axis_ticks, axis_labels, axis_minor, axis_label, axis_tick_style)),
    (art3d.Path3DCollection, points_3d),
    (art3d.Line3D, line_3d),
]
