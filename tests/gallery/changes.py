"""The single changes that `Mutator` chooses from: functions of an artist and a generator, in tables by class."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import matplotlib.patheffects as path_effects
import matplotlib.pyplot as plt
import numpy as np
from matplotlib import cm, collections, colors, contour, image, legend, lines, offsetbox, patches, quiver, spines, table, text, ticker, transforms
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure, FigureBase
from matplotlib.path import Path
from mpl_toolkits.mplot3d import Axes3D, art3d

Rng = np.random.Generator
Change = Callable[[Any, Rng], object]
CMAPS = ["viridis", "plasma", "gray", "RdBu", "tab10", "turbo"]
COLORS = ["tab:red", "tab:green", "k", "0.6", "none", (0.2, 0.4, 0.9, 0.5), "C4", "#abcdef"]
WORDS = ["frame", "a longer text than before", "$x^2 + \\frac{1}{y}$", "two\nlines", "", "Ünïcödé", "n = 12.5 %", "-1.5e-3"]


def pick(rng: Rng, options: Any) -> Any:
    return options[rng.integers(len(options))]


# All artists -----------------------------------------------------------------------------------------------------


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
    for change in (visible, visible, alpha, alpha, zorder, remove, clip, effects, sketch, snap, transform, quiet, again, animated, rasterized, in_layout)
]

# Lines -------------------------------------------------------------------------------------------------------------


def line_moves(line: lines.Line2D, rng: Rng) -> None:
    x, y = (np.asarray(values, float) for values in line.get_data())
    spread = np.ptp(y[np.isfinite(y)]) if np.isfinite(y).any() else 1
    line.set_data(x, y + rng.normal(0, 0.05 * (spread or 1), y.shape))


def line_grows(line: lines.Line2D, rng: Rng) -> None:
    x, y = line.get_data()
    n = int(rng.integers(0, len(x) + 1))
    line.set_data(x[:n], y[:n])


def line_in_place(line: lines.Line2D, rng: Rng) -> None:
    y = np.array(line.get_ydata(), float)
    line.set_ydata(y)
    y += 0.1 * rng.standard_normal()  # the line copies or keeps it, as stock does
    line.get_ydata(orig=False)[:] += 0.05 * rng.standard_normal()


def line_gap(line: lines.Line2D, rng: Rng) -> None:
    y = np.array(line.get_ydata(), float)
    if y.size:
        y[rng.integers(y.size)] = np.nan
    line.set_ydata(y)


def line_style(line: lines.Line2D, rng: Rng) -> None:
    line.set(linestyle=pick(rng, ["-", "--", ":", "-.", "none", (0, (5, 2, 1, 2))]), linewidth=0.5 + 4 * rng.random())


def line_color(line: lines.Line2D, rng: Rng) -> None:
    line.set_color(pick(rng, COLORS))


def line_marker(line: lines.Line2D, rng: Rng) -> None:
    line.set_marker(pick(rng, ["o", "s", "^", "", "x", "*", "$a$", ".", ","]))
    line.set_markersize(2 + 10 * rng.random())


def line_marker_color(line: lines.Line2D, rng: Rng) -> None:
    line.set(markerfacecolor=pick(rng, COLORS), markeredgecolor=pick(rng, COLORS), markeredgewidth=2 * rng.random())


def line_markevery(line: lines.Line2D, rng: Rng) -> None:
    line.set_markevery(pick(rng, [None, 2, 0.1, (1, 3), [0]]))


def line_drawstyle(line: lines.Line2D, rng: Rng) -> None:
    line.set_drawstyle(pick(rng, ["default", "steps-pre", "steps-mid", "steps-post"]))


def line_caps(line: lines.Line2D, rng: Rng) -> None:
    line.set(solid_capstyle=pick(rng, ["butt", "round"]), dash_capstyle=pick(rng, ["butt", "round"]))
    line.set(antialiased=bool(rng.integers(2)), gapcolor=pick(rng, [None, "y"]), fillstyle=pick(rng, ["full", "left"]))


# Collections -------------------------------------------------------------------------------------------------------


def offsets_move(collection: collections.Collection, rng: Rng) -> None:
    offsets = np.ma.array(collection.get_offsets(), float)
    collection.set_offsets(offsets + rng.normal(0, 0.05, offsets.shape) * (np.ptp(offsets) or 1))


def offsets_in_place(collection: collections.Collection, rng: Rng) -> None:
    collection.get_offsets()[:] += 0.1 * rng.standard_normal()


def offsets_fewer(collection: collections.Collection, rng: Rng) -> None:
    offsets = collection.get_offsets()
    collection.set_offsets(offsets[: max(1, int(len(offsets) * rng.random()))])


def collection_colors(collection: collections.Collection, rng: Rng) -> None:
    n = int(rng.integers(1, 4))
    pick(rng, [collection.set_facecolor, collection.set_edgecolor])(rng.random((n, 4)))


def collection_lines(collection: collections.Collection, rng: Rng) -> None:
    collection.set(linewidth=4 * rng.random(), linestyle=pick(rng, ["-", "--", ":"]))


def collection_hatch(collection: collections.Collection, rng: Rng) -> None:
    collection.set_hatch(pick(rng, [None, "//", "x", "..", "O"]))


def collection_alphas(collection: collections.Collection, rng: Rng) -> None:
    values = collection.get_array()
    collection.set_alpha(rng.random(np.shape(values)) if values is not None else rng.random())


def sizes(collection: Any, rng: Rng) -> None:
    collection.set_sizes(rng.random(max(1, len(collection.get_offsets()))) * 200)


def vertices(collection: collections.PolyCollection, rng: Rng) -> None:
    paths = [path.vertices + rng.normal(0, 0.05, path.vertices.shape) for path in collection.get_paths()]
    collection.set_verts(paths)


def paths_in_place(collection: collections.Collection, rng: Rng) -> None:
    for path in collection.get_paths():
        if path.vertices.flags.writeable:
            path.vertices[:] += 0.05 * rng.standard_normal()


def segments(collection: collections.LineCollection, rng: Rng) -> None:
    collection.set_segments([part + rng.normal(0, 0.05, part.shape) for part in collection.get_segments()])


def fill_between(collection: Any, rng: Rng) -> None:
    x = np.linspace(0, 1, 20)
    collection.set_data(x, rng.random(20), -rng.random(20))


def arrows(arrow: quiver.Quiver, rng: Rng) -> None:
    arrow.set_UVC(arrow.U + rng.normal(size=arrow.U.shape), arrow.V * rng.random())


# What has a colormap -------------------------------------------------------------------------------------------------


def values(mappable: Any, rng: Rng) -> None:
    array = np.ma.array(mappable.get_array(), float)
    mappable.set_array(array + rng.normal(0, 0.2, array.shape) * (array.std() or 1))


def values_in_place(mappable: Any, rng: Rng) -> None:
    array = mappable.get_array()
    if array.flags.writeable:
        array[:] = array[::-1] if rng.random() < 0.5 else array * pick(rng, [0.5, 1.5])


def limits(mappable: Any, rng: Rng) -> None:
    low, high = mappable.get_clim()
    mappable.set_clim(low + (high - low) * 0.2 * rng.standard_normal(), high)


def autoscale(mappable: Any, rng: Rng) -> None:
    mappable.autoscale()


def colormap(mappable: Any, rng: Rng) -> None:
    mappable.set_cmap(pick(rng, CMAPS))


def norm(mappable: Any, rng: Rng) -> None:
    kinds = [colors.Normalize(), colors.PowerNorm(0.5), colors.SymLogNorm(0.1), colors.BoundaryNorm([0, 0.2, 0.6, 1], 10)]
    mappable.set_norm(pick(rng, kinds))


def norm_in_place(mappable: Any, rng: Rng) -> None:
    mappable.norm.vmax = (mappable.norm.vmax or 1) * (0.5 + rng.random())


def picture(shown: image.AxesImage, rng: Rng) -> None:
    array = np.array(shown.get_array())
    shown.set_data(np.roll(array, int(rng.integers(1, 5)), axis=int(rng.integers(2))))


def picture_in_place(shown: image.AxesImage, rng: Rng) -> None:
    array = shown.get_array()
    if array.flags.writeable:
        array[: len(array) // 2] = array[0, 0]
        if rng.random() < 0.7:
            shown.set_data(array)


def picture_extent(shown: image.AxesImage, rng: Rng) -> None:
    left, right, bottom, top = shown.get_extent()
    shown.set_extent((left - rng.random(), right, bottom, top + rng.random()))


def picture_filter(shown: image.AxesImage, rng: Rng) -> None:
    shown.set_interpolation(pick(rng, ["nearest", "bilinear", "bicubic", "antialiased", "none"]))
    shown.set_resample(bool(rng.integers(2)))


# Patches -------------------------------------------------------------------------------------------------------------


def patch_look(patch: patches.Patch, rng: Rng) -> None:
    patch.set(facecolor=pick(rng, COLORS), edgecolor=pick(rng, COLORS), linewidth=3 * rng.random())


def patch_lines(patch: patches.Patch, rng: Rng) -> None:
    patch.set(linestyle=pick(rng, ["-", "--", ":"]), hatch=pick(rng, [None, "/", "++", "o"]), fill=bool(rng.integers(2)))
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


# Text ----------------------------------------------------------------------------------------------------------------


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


# What is made of others ----------------------------------------------------------------------------------------------


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
    kinds = [ticker.MaxNLocator(int(rng.integers(2, 9))), ticker.AutoLocator(), ticker.NullLocator(), ticker.LinearLocator(4)]
    axis.set_major_locator(pick(rng, kinds))


def axis_labels(axis: Axis, rng: Rng) -> None:
    kinds = [ticker.ScalarFormatter(), ticker.PercentFormatter(), ticker.FuncFormatter(lambda x, at: f"<{x:.2g}>"), ticker.NullFormatter()]
    axis.set_major_formatter(pick(rng, kinds))


def axis_minor(axis: Axis, rng: Rng) -> None:
    axis.set_minor_locator(pick(rng, [ticker.AutoMinorLocator(int(rng.integers(2, 5))), ticker.NullLocator()]))


def axis_label(axis: Axis, rng: Rng) -> None:
    axis.set_label_text(pick(rng, WORDS))
    axis.labelpad = float(rng.integers(12))


def axis_tick_style(axis: Axis, rng: Rng) -> None:
    axis.set_tick_params(length=10 * rng.random(), labelsize=5 + 8 * rng.random(), labelrotation=int(rng.choice([0, 0, 45, 90])))
    axis.set_tick_params(color=pick(rng, COLORS), labelcolor=pick(rng, COLORS), direction=pick(rng, ["in", "out", "inout"]))


def points_3d(collection: Any, rng: Rng) -> None:
    collection._offsets3d = tuple(np.asarray(one, float) + rng.normal(0, 0.1, np.shape(one)) for one in collection._offsets3d)


def line_3d(line: Any, rng: Rng) -> None:
    line.set_data_3d(*(np.asarray(one, float) + rng.normal(0, 0.1, np.shape(one)) for one in line.get_data_3d()))


ARTISTS: list[tuple[type, Change]] = [
    (lines.Line2D, line_moves),
    (lines.Line2D, line_moves),
    (lines.Line2D, line_grows),
    (lines.Line2D, line_grows),
    *((lines.Line2D, change) for change in (line_in_place, line_gap, line_style, line_color, line_marker)),
    *((lines.Line2D, change) for change in (line_marker_color, line_markevery, line_drawstyle, line_caps)),
    *((collections.Collection, change) for change in (offsets_move, offsets_move, offsets_in_place, offsets_fewer)),
    *((collections.Collection, change) for change in (collection_colors, collection_lines, collection_hatch)),
    *((collections.Collection, change) for change in (collection_alphas, paths_in_place)),
    *((cm.ScalarMappable, change) for change in (values, values, values_in_place, limits, autoscale, colormap)),
    *((cm.ScalarMappable, change) for change in (norm, norm_in_place)),
    (collections.PathCollection, sizes),
    (collections.PolyCollection, vertices),
    (collections.LineCollection, segments),
    (getattr(collections, "FillBetweenPolyCollection", type(None)), fill_between),
    (quiver.Quiver, arrows),
    *((image.AxesImage, change) for change in (picture, picture, picture_in_place, picture_extent, picture_filter)),
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

# Axes ----------------------------------------------------------------------------------------------------------------


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
    kinds = [patches.Circle((0.5, 0.5), 0.2), patches.Rectangle((0.2, 0.2), 0.4, 0.3), patches.FancyArrowPatch((0.1, 0.1), (0.8, 0.9))]
    kinds += [patches.PathPatch(Path(rng.random((4, 2)), [1, 4, 4, 4])), patches.RegularPolygon((0.5, 0.5), 5, radius=0.3)]
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
    pick(rng, [lambda: ax.quiver(x, y, z, z.T), lambda: ax.contour(x, y, z), lambda: ax.contourf(x, y, z, alpha=0.5),
               lambda: ax.pcolormesh(x, y, z, shading="nearest", alpha=0.4), lambda: ax.barbs(x, y, 30 * z, z)])()  # fmt: skip


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
    ax.ticklabel_format(axis="both", style=pick(rng, ["sci", "plain"]), scilimits=(0, 0), useOffset=bool(rng.integers(2)))


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
    *((Axes, change) for change in (pan, pan, zoom, zoom, fit, fit, autoscaled, inverted, scale, titled, titled, labeled)),
    *((Axes, change) for change in (grid, ground, ticked, fixed_ticks, placed, axes_off, framed, aspect, legend_made)),
    *((Axes, change) for change in (new_line, new_line, new_points, new_patch, new_text, new_lines_across, new_image)),
    *((Axes, change) for change in (new_field, new_filling, new_errors, removed_last, cleared, twin, inset, second_axis)),
    *((Axes, change) for change in (tabled, label_sides, clipping_order, rasterization, offset_notation)),
    *((Axes3D, change) for change in (view, view, view, view, projection, depth)),
]

# Figures -------------------------------------------------------------------------------------------------------------


def suptitle(figure: Figure, rng: Rng) -> None:
    pick(rng, [figure.suptitle, figure.suptitle, figure.supxlabel, figure.supylabel])(pick(rng, WORDS))


def tight(figure: Figure, rng: Rng) -> None:
    figure.tight_layout(**pick(rng, [{}, {"pad": 1 + rng.random()}, {"rect": (0, 0, 1, 0.9)}]))


def adjusted(figure: Figure, rng: Rng) -> None:
    figure.subplots_adjust(left=0.1 + 0.1 * rng.random(), top=0.8 + 0.15 * rng.random(), hspace=pick(rng, [None, 0.4]))


def engine(figure: Figure, rng: Rng) -> None:
    figure.set_layout_engine(pick(rng, ["tight", "constrained", "compressed", "none", None]))


def pads(figure: Figure, rng: Rng) -> None:
    if (one := figure.get_layout_engine()) is not None:
        one.set(w_pad=0.1 * rng.random(), h_pad=0.1 * rng.random())


def paper(figure: Figure, rng: Rng) -> None:
    figure.set(facecolor=rng.random(3), edgecolor=pick(rng, COLORS), linewidth=pick(rng, [0, 4]))


def sized(figure: Figure, rng: Rng) -> None:
    figure.set_size_inches(3 + 4 * rng.random(), 3 + 2 * rng.random())


def figure_words(figure: Figure, rng: Rng) -> None:
    figure.text(*rng.random(2), pick(rng, WORDS), rotation=pick(rng, [0, 30]))


def figure_lines(figure: Figure, rng: Rng) -> None:
    figure.add_artist(lines.Line2D(rng.random(2), rng.random(2), transform=figure.transFigure, color="m"))


def figure_legend(figure: Figure, rng: Rng) -> None:
    figure.legend(loc=pick(rng, ["upper center", "outside right"]))


def new_axes(figure: Figure, rng: Rng) -> None:
    figure.add_axes((*0.5 * rng.random(2), 0.3, 0.3)).plot(rng.random(4))


def axes_gone(figure: Figure, rng: Rng) -> None:
    if len(figure.axes) > 1 and rng.random() < 0.5:
        figure.delaxes(pick(rng, figure.axes))


def colorbar(figure: Figure, rng: Rng) -> None:
    for ax in figure.axes:
        for one in [*ax.images, *ax.collections]:
            if one.get_array() is not None:
                figure.colorbar(one, ax=ax, label=pick(rng, WORDS), location=pick(rng, ["right", "bottom"]))
                return


def colorbar_look(figure: Figure, rng: Rng) -> None:
    for ax in figure.axes:
        if (bar := getattr(ax, "_colorbar", None)) is not None:
            bar.set_label(pick(rng, WORDS))
            bar.set_ticks(pick(rng, [[], ticker.MaxNLocator(3), ticker.AutoLocator()]))


def labels_aligned(figure: Figure, rng: Rng) -> None:
    pick(rng, [figure.align_labels, figure.align_xlabels, figure.autofmt_xdate])()


def figure_shown(figure: Figure, rng: Rng) -> None:
    figure.set_frameon(not figure.get_frameon())


def settings(figure: Figure, rng: Rng) -> None:
    plt.rcParams.update({"lines.linewidth": 1 + rng.random(), "path.simplify": bool(rng.integers(2))})
    if rng.random() < 0.3:
        plt.rcParams.update({"font.size": 8 + 4 * rng.random(), "axes.unicode_minus": bool(rng.integers(2))})


FIGURE: list[Change] = [suptitle, suptitle, tight, tight, tight, adjusted, adjusted, engine, engine, pads, paper, sized]
FIGURE += [figure_words, figure_lines, figure_legend, new_axes, axes_gone, colorbar, colorbar_look, labels_aligned]
FIGURE += [figure_shown, settings]

# What updates read ---------------------------------------------------------------------------------------------------


def shown(value: Any) -> str:
    """Return numbers as text, rounded so that the last bits of a sum do not count."""
    return np.array2string(np.asarray(value, float).ravel(), precision=9)


def draws(figure: Figure, rng: Rng) -> None:
    figure.canvas.draw()


def draws_nothing(figure: Figure, rng: Rng) -> None:
    figure.draw_without_rendering()


def draws_idle(figure: Figure, rng: Rng) -> None:
    figure.canvas.draw_idle()


def saves(figure: Figure, rng: Rng) -> None:
    options = pick(rng, [{}, {"dpi": 50}, {"bbox_inches": "tight"}, {"transparent": True}])
    figure.savefig(io.BytesIO(), format=pick(rng, ["png", "svg", "rgba"]), **options)


def reads_pixels(figure: Figure, rng: Rng) -> str:
    return str(np.asarray(figure.canvas.buffer_rgba()).astype(int).sum())


def reads_extent(figure: Figure, rng: Rng) -> str:
    labels = [label for ax in figure.axes for label in (ax.title, ax.xaxis.label, *ax.texts)]
    return shown(pick(rng, labels).get_window_extent().bounds) if labels else ""


def reads_tight_box(figure: Figure, rng: Rng) -> str:
    box = pick(rng, figure.axes).get_tightbbox() if figure.axes else figure.get_tightbbox()
    return "" if box is None else shown(box.bounds)


def reads_limits(figure: Figure, rng: Rng) -> str:
    if not figure.axes:
        return ""
    ax = pick(rng, figure.axes)
    return shown([*ax.get_xlim(), *ax.get_position().bounds, *ax.bbox.bounds, *ax.dataLim.bounds])


def reads_ticks(figure: Figure, rng: Rng) -> str:
    return str([label.get_text() for label in pick(rng, figure.axes).get_xticklabels()]) if figure.axes else ""


def places_beside(figure: Figure, rng: Rng) -> str:
    """Put a text where the extent of another one ends, as labels are placed."""
    if not figure.axes:
        return ""
    ax = pick(rng, figure.axes)
    box = ax.title.get_window_extent().transformed(figure.transFigure.inverted())
    figure.text(box.x1, box.y0, "beside")
    return shown(box.bounds)


def blits(figure: Figure, rng: Rng) -> None:
    canvas = figure.canvas
    kept = canvas.copy_from_bbox(figure.bbox)
    canvas.restore_region(kept)
    if figure.axes and figure.axes[0].lines:
        figure.axes[0].draw_artist(figure.axes[0].lines[0])
    canvas.blit(figure.bbox)


def listens(figure: Figure, rng: Rng) -> None:
    if not hasattr(figure, "_gallery_listener"):
        figure._gallery_listener = figure.canvas.mpl_connect("draw_event", lambda event: None)
    else:
        figure.canvas.mpl_disconnect(figure._gallery_listener)
        del figure._gallery_listener


READINGS: list[Change] = [draws, draws, draws_nothing, draws_idle, saves, reads_pixels, reads_pixels, reads_extent, reads_extent]
READINGS += [reads_tight_box, reads_tight_box, reads_limits, reads_ticks, places_beside, blits, listens]
