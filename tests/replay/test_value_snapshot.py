"""Glances: each way in which a plain artist can change is seen, and what is not plain gets none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, PathPatch, Polygon, Rectangle
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox

from animate.replay.artist_state import ArtistState
from animate.replay.change_detector import ChangeDetector
from animate.replay.value_snapshot import ValueSnapshot, plain_values

Change = Callable[[Any], object]


def an_axes() -> Any:
    figure = Figure(dpi=100)
    FigureCanvasAgg(figure)
    return figure.subplots(subplot_kw={"xlim": (0, 10), "ylim": (0, 10)})


def a_text() -> tuple[Figure, Any]:
    ax = an_axes()
    return ax.figure, ax.text(0.5, 0.5, "0.1")


def a_line() -> Line2D:
    return an_axes().plot([1.0, 2.0, 4.0], [3.0, 1.0, 2.0], "o--", markevery=[0, 2])[0]


def a_line_in_3d() -> Any:
    figure = Figure(dpi=100)
    FigureCanvasAgg(figure)
    return figure.add_subplot(projection="3d").plot([1.0, 2.0, 4.0], [3.0, 1.0, 2.0], [0.0, 1.0, 3.0], "o--")[0]


def lines() -> LineCollection:
    return an_axes().add_collection(LineCollection([[(0, 0), (1, 1)], [(2, 0), (1, 4)]], colors=["r", "b"]))


def points() -> Any:
    return an_axes().scatter([1.0, 2.0, 5.0], [3.0, 4.0, 1.0], s=[10, 20, 30], c=["r", "g", "b"])


def a_rectangle() -> Any:
    return an_axes().add_patch(Rectangle((1, 1), 2, 3, hatch="/"))


def a_polygon() -> Any:
    return an_axes().add_patch(Polygon([(0, 0), (1, 3), (2, 1)]))


def a_circle() -> Any:
    return an_axes().add_patch(Circle((2, 2), 1))


def a_path() -> Any:
    return an_axes().add_patch(PathPatch(Path([(0, 0), (1, 2), (3, 1)], [1, 3, 3])))


def in_place(array: Any) -> None:
    array[...] = array + 1


CHANGES: dict[Callable[[], Artist], dict[str, Change]] = {
    a_line: {
        "data": lambda line: line.set_data([1, 2, 5], [3, 1, 2]),
        "ydata": lambda line: line.set_ydata([3, 1, 3]),
        "its array, in place": lambda line: in_place(line.get_xydata()),
        "marker": lambda line: line.set_marker("s"),
        "marker, in place": lambda line: line._marker._transform.rotate_deg(45),
        "markersize": lambda line: line.set_markersize(9),
        "markevery": lambda line: line.get_markevery().append(1),
        "filling": lambda line: line.set_fillstyle("left"),
        "color": lambda line: line.set_color("k"),
        "marker face": lambda line: line.set_markerfacecolor("k"),
        "linewidth": lambda line: line.set_linewidth(4),
        "dashes": lambda line: line.set_dashes([5, 1]),
        "dashes, in place": lambda line: line._dash_pattern[1].reverse(),
        "drawstyle": lambda line: line.set_drawstyle("steps"),
        "cap": lambda line: line.set_dash_capstyle("round"),
        "join": lambda line: line.set_dash_joinstyle("bevel"),
        "gapcolor": lambda line: line.set_gapcolor("y"),
        "antialiasing": lambda line: line.set_antialiased(False),
    },
    a_line_in_3d: {
        "data": lambda line: line.set_data_3d([1, 2, 5], [3, 1, 2], [0, 1, 3]),
        "marker": lambda line: line.set_marker("s"),
        "color": lambda line: line.set_color("k"),
        "drawstyle": lambda line: line.set_drawstyle("steps"),
    },
    lines: {
        "segments": lambda lines: lines.set_segments([[(0, 0), (1, 1)], [(2, 0), (1, 5)]]),
        "one segment less": lambda lines: lines.set_segments([[(0, 0), (1, 1)]]),
        "a path, in place": lambda lines: in_place(lines.get_paths()[1].vertices),
        "colors": lambda lines: lines.set_color(["r", "y"]),
        "colors, in place": lambda lines: in_place(lines._edgecolors),
        "widths": lambda lines: lines.set_linewidth([1, 2]),
        "styles": lambda lines: lines.set_linestyle("--"),
        "values": lambda lines: lines.set_array([0.1, 0.9]),
        "gapcolor": lambda lines: lines.set_gapcolor("k"),
        "cap": lambda lines: lines.set_capstyle("round"),
    },
    points: {
        "offsets": lambda points: points.set_offsets([(1, 2), (3, 4), (5, 6)]),
        "offsets, in place": lambda points: in_place(points.get_offsets().data),
        "mask, in place": lambda points: points.get_offsets().__setitem__(0, np.ma.masked),
        "sizes": lambda points: points.set_sizes([10, 20, 31]),
        "face": lambda points: points.set_facecolor("k"),
        "edge": lambda points: points.set_edgecolor("k"),
        "hatch": lambda points: points.set_hatch("x"),
        "paths": lambda points: points.set_paths([Path([(0, 0), (1, 1)])]),
        "values": lambda points: points.set_array([1, 2, 3]),
        "how offsets are placed": lambda points: points.set_offset_transform(points.axes.transAxes),
    },
    a_rectangle: {
        "place": lambda patch: patch.set_x(3),
        "width": lambda patch: patch.set_width(5),
        "angle": lambda patch: patch.set_angle(5),
        "face": lambda patch: patch.set_facecolor("k"),
        "edge": lambda patch: patch.set_edgecolor("k"),
        "hatch": lambda patch: patch.set_hatch("x"),
        "filling": lambda patch: patch.set_fill(False),
        "linewidth": lambda patch: patch.set_linewidth(3),
        "style": lambda patch: patch.set_linestyle(":"),
    },
    a_polygon: {"points": lambda patch: patch.set_xy([(0, 0), (2, 2), (3, 3)]),
                "points, in place": lambda patch: in_place(patch.get_path().vertices)},
    a_circle: {"radius": lambda patch: patch.set_radius(2), "center": lambda patch: patch.set_center((1, 1))},
    a_path: {"path": lambda patch: patch.set_path(Path([(0, 0), (1, 3)])),
             "codes, in place": lambda patch: patch.get_path().codes.__setitem__(1, Path.LINETO)},
}  # fmt: skip
CHANGES_OF_ALL: dict[str, Change] = {
    "alpha": lambda artist: artist.set_alpha(0.3),
    "whether it is seen": lambda artist: artist.set_visible(False),
    "whether it is clipped": lambda artist: artist.set_clip_on(False),
    "the box of its clip": lambda artist: artist.set_clip_box(Bbox([[0, 0], [50, 50]])),
    "the path of its clip": lambda artist: artist.set_clip_path(Circle((1, 1), 1, transform=artist.axes.transData)),
    "effects": lambda artist: artist.set_path_effects([object()]),
    "sketch": lambda artist: artist.set_sketch_params(1.0),
    "snapping": lambda artist: artist.set_snap(True),
    "filter": lambda artist: artist.set_agg_filter(lambda image, _dpi: (image, 0, 0)),
    "how it is drawn": lambda artist: setattr(artist, "draw", lambda renderer: None),
    "the resolution": lambda artist: artist.figure.set_dpi(50),
    "its transform": lambda artist: artist.set_transform(artist.axes.transAxes),
    "its figure": lambda artist: artist.remove(),
}
MAKERS = {make.__name__: make for make in CHANGES}


def snapshot_of(artist: Artist) -> ValueSnapshot:
    artist.figure.canvas.draw()  # type: ignore[union-attr]
    values = plain_values(artist)
    assert values is not None
    return ValueSnapshot(artist, values)


@pytest.mark.parametrize(
    ("name", "change"),
    [(make.__name__, change) for make, changes in CHANGES.items() for change in [*changes, *CHANGES_OF_ALL]],
)
def test_a_snapshot_detects(name: str, change: str) -> None:
    artist: Any = MAKERS[name]()
    snapshot = snapshot_of(artist)
    assert snapshot.matches()
    (CHANGES[MAKERS[name]] | CHANGES_OF_ALL)[change](artist)
    assert not snapshot.matches()


@pytest.mark.parametrize("name", MAKERS)
def test_drawing_again_is_no_change(name: str) -> None:
    artist: Any = MAKERS[name]()
    snapshot = snapshot_of(artist)
    artist.figure.canvas.draw()
    assert snapshot.matches()


@pytest.mark.parametrize("name", MAKERS)
def test_a_transform_that_is_turned_in_place_is_seen_or_refused(name: str) -> None:
    artist: Any = MAKERS[name]()
    for transform in (Affine2D(), Affine2D() + artist.axes.transData):
        turning = transform if isinstance(transform, Affine2D) else transform._a
        artist.set_transform(transform)
        artist.figure.canvas.draw()
        values = plain_values(artist)
        if values is not None:
            snapshot = ValueSnapshot(artist, values)
            assert snapshot.matches()
            turning.rotate_deg(5)
            assert not snapshot.matches()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda line: line.set_data(np.arange(5000), np.arange(5000)),
        lambda line: line.set_data(np.array(["a", "b"], dtype=object), [1, 2]),
        lambda line: line.set_data(np.array(["2026-01-01", "2026-01-02"], dtype="datetime64[D]"), [1, 2]),
        lambda line: setattr(line, "mine", object()),
        lambda line: line.set_marker(Path([(0, 0), (1, 1)])) or line.set_path_effects([object()]),
    ],
    ids=["many points", "objects", "dates", "an attribute of its own", "effects"],
)
def test_what_is_not_plain_gets_no_snapshot(spoil: Change) -> None:
    line = a_line()
    spoil(line)
    assert plain_values(line) is None


def test_a_class_of_ones_own_gets_no_snapshot() -> None:
    class Mine(Line2D):
        pass

    assert plain_values(an_axes().add_line(Mine([0, 1], [2, 3]))) is None


CHANGES_OF_TEXT = {
    "its words": lambda text: text.set_text("0.2"),
    "its place": lambda text: text.set_x(0.6),
    "its color": lambda text: text.set_color("red"),
    "its size": lambda text: text.set_fontsize(20),
    "its font, in place": lambda text: text.get_fontproperties().set_weight("bold"),
    "its alpha": lambda text: text.set_alpha(0.5),
    "its alignment": lambda text: text.set_ha("right"),
    "its rotation": lambda text: text.set_rotation(3),
    "whether it is seen": lambda text: text.set_visible(False),
    "the limits of its axes": lambda text: text.axes.set_xlim(-1, 1),
    "the place of its axes": lambda text: text.axes.set_position((0, 0, 0.5, 0.5)),
    "the resolution": lambda text: text.figure.set_dpi(50),
    "its box": lambda text: text.set_bbox({"color": "blue"}),
    "its outline": lambda text: text.set_path_effects([object()]),
    "whether it is clipped": lambda text: text.set_clip_on(True),
}


@pytest.mark.parametrize("change", CHANGES_OF_TEXT)
def test_a_snapshot_of_a_text_sees(change: str) -> None:
    _figure, text = a_text()
    values = plain_values(text)
    assert values is not None
    snapshot = ValueSnapshot(text, values)
    text.set_text("0.1")
    assert snapshot.matches()
    CHANGES_OF_TEXT[change](text)
    assert not snapshot.matches()


def test_a_text_of_unknown_parts_gets_no_snapshot() -> None:
    figure, text = a_text()
    text.set_text(type("Words", (str,), {})("0.3"))
    text.mine = [1]
    assert plain_values(text) is None
    assert plain_values(figure.axes[0].annotate("x", (0, 0))) is None
    _figure, own = a_text()
    own.draw = lambda renderer: None
    assert plain_values(own) is None


def test_a_text_that_comes_to_rest_is_watched_like_the_others() -> None:
    _figure, text = a_text()
    watch = ChangeDetector(lambda: ArtistState(text), 5, lambda: ValueSnapshot(text, plain_values(text) or ()))
    watch.drawn()
    assert isinstance(watch.state, ValueSnapshot)
    assert not any(watch.changed() for _ in range(20))
    assert isinstance(watch.state, ArtistState)
    text.set_text("0.4")
    assert watch.changed()
