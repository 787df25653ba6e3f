"""Changes of what artists show: the data of lines, collections and images, and their colormaps."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib import (
    cm,
    collections,
    colors,
    image,
    lines,
    quiver,
)

from tests.gallery.changes.common import CMAPS, COLORS, Change, Rng, pick


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
    kinds = [
        colors.Normalize(),
        colors.PowerNorm(0.5),
        colors.SymLogNorm(0.1),
        colors.BoundaryNorm([0, 0.2, 0.6, 1], 10),
    ]
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


DATA: list[tuple[type, Change]] = [
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
    (quiver.Quiver, arrows),
    (getattr(collections, "FillBetweenPolyCollection", type(None)), fill_between),
    *((image.AxesImage, change) for change in (picture, picture, picture_in_place, picture_extent, picture_filter)),
]
