"""Exact replay, trap by trap: every frame equal, in every byte, to a full draw of a twin figure."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import matplotlib as mpl
import matplotlib.patheffects as path_effects
import numpy as np
import pytest
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Arrow, Circle, ConnectionPatch, PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.transforms import Affine2D
from mpl_toolkits import axisartist
from mpl_toolkits.axisartist import GridHelperCurveLinear

from animate.replay.full_draw import FullDraw
from animate.replay.replay import Replay
from tests.replay.counting import overlook_replaced_code

Update = Callable[[int], object]
Course = Callable[[Figure], Update]

N_FRAMES = 6
COURSES: dict[str, Course] = {}


def course(make: Course) -> Course:
    """Add a course to the table: it fills a figure and returns what changes it."""
    COURSES[make.__name__] = make
    return make


def new_figure(**options: Any) -> Figure:
    figure = Figure(figsize=(3, 2), dpi=100, **options)
    FigureCanvasAgg(figure)
    return figure


def panel(figure: Figure) -> Axes:
    ax = figure.subplots()
    ax.set(xlim=(0, 10), ylim=(0, 10), title="Title", xlabel="x")
    ax.plot([0, 5, 10], [1, 9, 2], label="still")
    return ax


@course
def a_line_moves(figure: Figure) -> Update:
    (line,) = panel(figure).plot([0, 10], [0, 10])
    return lambda frame: line.set_ydata([frame, 10 - frame])


@course
def a_line_moves_below_others(figure: Figure) -> Update:
    ax = panel(figure)
    ax.add_patch(Rectangle((2, 2), 5, 5, fc="y", alpha=0.5))
    (line,) = ax.plot([0, 10], [0, 10], lw=6, zorder=0.5)
    return lambda frame: line.set_ydata([frame, 10 - frame])


@course
def lines_move_in_two_of_three_panels(figure: Figure) -> Update:
    lines = [ax.plot([0, 1], [0, 1])[0] for ax in figure.subplots(1, 3)]

    def update(frame: int) -> None:
        lines[0].set_ydata([0.2 * frame, 1])
        lines[2].set_ydata([1, 0.1 * frame])

    return update


@course
def annotation_xy_is_assigned(figure: Figure) -> Update:
    note = panel(figure).annotate("here", (1, 1), (5, 6), arrowprops={"arrowstyle": "->"})

    def update(frame: int) -> None:
        note.xy = (frame, 2)

    return update


@course
def an_annotation_follows_another_artist(figure: Figure) -> Update:
    ax = panel(figure)
    text = ax.text(2, 2, "anchor")
    ax.annotate("follower", (1, 1), xycoords=text, xytext=(0.6, 0.8), textcoords="axes fraction", arrowprops={})
    return lambda frame: text.set_position((frame, 2))


@course
def connection_xy_is_assigned(figure: Figure) -> Update:
    left, right = figure.subplots(1, 2)
    joint = ConnectionPatch((0.5, 0.5), (0.5, 0.5), "data", "data", axesA=left, axesB=right)
    figure.add_artist(joint)

    def update(frame: int) -> None:
        joint.xy1 = (0.1 * frame, 0.5)

    return update


@course
def a_connection_ends_in_an_axes_whose_limits_move(figure: Figure) -> Update:
    left, right = figure.subplots(1, 2)
    figure.add_artist(ConnectionPatch((0.5, 0.5), (0.5, 0.5), "data", "data", axesA=left, axesB=right))
    return lambda frame: right.set_ylim(0, 1 + frame)


@course
def an_image_changes_in_place(figure: Figure) -> Update:
    image = panel(figure).imshow(np.eye(5), extent=(1, 9, 1, 9), aspect="auto")

    def update(frame: int) -> None:
        image.get_array()[0, frame % 5] = 0.5
        image.changed()

    return update


@course
def a_mesh_changes_in_place(figure: Figure) -> Update:
    mesh = panel(figure).pcolormesh(np.arange(5), np.arange(5), np.eye(4))

    def update(frame: int) -> None:
        mesh.get_array()[0, frame % 4] = 0.5

    return update


@course
def arrows_change_in_place(figure: Figure) -> Update:
    arrows = panel(figure).quiver([2, 5, 8], [5, 5, 5], [1, 2, 3], [3, 2, 1])

    def update(frame: int) -> None:
        arrows.V[:] = frame

    return update


@course
def the_path_that_arrows_share_changes_in_place(figure: Figure) -> Update:
    ax = panel(figure)
    for y in (2, 6):
        ax.add_patch(Arrow(2, y, 4, 2))
    vertices = np.asarray(Arrow._path.vertices)  # of the class, where no arrow holds it
    drawn = vertices.copy()

    def update(frame: int) -> None:
        vertices[:] = drawn + 0.1 * (frame % 3)
        figure.canvas.draw()  # after which no artist is stale
        vertices[:] = drawn + 0.1 * ((frame + 1) % 2)  # as it was, in the last frame

    return update


@course
def points_change_in_place(figure: Figure) -> Update:
    points = panel(figure).scatter([1, 2, 3], [4, 5, 6])

    def update(_frame: int) -> None:
        points.get_offsets().data[:] += 0.5

    return update


@course
def segments_change_in_place(figure: Figure) -> Update:
    lines = LineCollection([[(1, 1), (5, 5)], [(2, 8), (8, 2)]])
    panel(figure).add_collection(lines)

    def update(_frame: int) -> None:
        lines.get_paths()[0].vertices[1] += 0.5

    return update


@course
def a_transform_is_mutated(figure: Figure) -> Update:
    ax, spin = panel(figure), Affine2D()
    ax.add_patch(Rectangle((4, 4), 3, 2, transform=spin + ax.transData))
    return lambda frame: spin.clear().rotate_deg_around(5, 5, 15 * frame)


@course
def a_tick_label_changes_color(figure: Figure) -> Update:
    ax = panel(figure)
    return lambda frame: ax.get_xticklabels()[1].set_color(f"C{frame}")


@course
def a_formatter_reads_what_changes(figure: Figure) -> Update:
    ax, unit = panel(figure), ["a"]
    ax.xaxis.set_major_formatter(lambda value, _position: f"{value:g}{unit[0]}")
    return lambda frame: unit.__setitem__(0, "abc"[frame % 3])


@course
def ticks_are_restyled(figure: Figure) -> Update:
    ax = panel(figure)
    return lambda frame: ax.tick_params(labelsize=6 + frame % 3, length=frame)


@course
def path_effects_change(figure: Figure) -> Update:
    (line,) = panel(figure).plot([0, 10], [5, 5])
    stroke = path_effects.Stroke(linewidth=3, foreground="g")
    line.set_path_effects([stroke, path_effects.Normal()])
    return lambda frame: stroke._gc.update(linewidth=3 + frame)


@course
def a_clip_path_moves(figure: Figure) -> Update:
    ax = panel(figure)
    circle = Circle((5, 5), 3, transform=ax.transData)
    ax.imshow(np.eye(5), extent=(1, 9, 1, 9), aspect="auto").set_clip_path(circle)

    def update(frame: int) -> None:
        circle.center = (5, 4 + 0.5 * frame)

    return update


@course
def limits_move(figure: Figure) -> Update:
    ax = panel(figure)
    return lambda frame: ax.set_xlim(frame, 10 + frame)


@course
def limits_follow_the_data(figure: Figure) -> Update:
    ax = figure.subplots()
    (line,) = ax.plot([0, 1], [0, 1])

    def update(frame: int) -> None:
        line.set_data([0, 1], [0, 1 + frame // 2])
        ax.relim()
        ax.autoscale_view()

    return update


@course
def shared_limits_move(figure: Figure) -> Update:
    upper, lower = figure.subplots(2, 1, sharex=True)
    lower.plot([1, 2, 3])
    return lambda frame: upper.set_xlim(0, 3 + frame)


@course
def the_axes_move(figure: Figure) -> Update:
    ax = panel(figure)
    return lambda frame: ax.set_position((0.2, 0.2, 0.5 + 0.02 * frame, 0.5))


@course
def the_aspect_follows_the_data(figure: Figure) -> Update:
    ax = figure.subplots()
    (line,) = ax.plot([0, 1], [0, 1])
    ax.set_aspect("equal", adjustable="datalim")

    def update(frame: int) -> None:
        line.set_data([0, 1], [0, 1 + frame])
        ax.relim()

    return update


@course
def artists_come_and_go(figure: Figure) -> Update:
    ax, held = panel(figure), []

    def update(frame: int) -> None:
        if frame % 3 == 2:
            held.pop(0).remove()
        else:
            held.append(ax.axhline(frame, zorder=1 + frame % 3))

    return update


@course
def an_artist_is_replaced(figure: Figure) -> Update:
    ax = panel(figure)
    held = [ax.fill_between([0, 10], 2, 5, alpha=0.5)]

    def update(frame: int) -> None:
        held.pop().remove()
        held.append(ax.fill_between([0, 10], 2, 5 + 0.5 * frame, alpha=0.5))

    return update


@course
def the_order_changes(figure: Figure) -> Update:
    (line,) = panel(figure).plot([0, 10], [5, 5], lw=8, color="r", zorder=3)
    return lambda frame: line.set_zorder(1 + 2 * (frame % 2))


@course
def an_artist_blinks(figure: Figure) -> Update:
    (line,) = panel(figure).plot([0, 10], [5, 5], lw=8)
    return lambda frame: line.set_visible(frame % 2 == 0)


@course
def an_axes_blinks(figure: Figure) -> Update:
    left, right = figure.subplots(1, 2)
    (line,) = right.plot([0, 1])

    def update(frame: int) -> None:
        left.set_visible(frame % 2 == 0)
        line.set_ydata([0, frame])

    return update


@course
def axes_come_and_go(figure: Figure) -> Update:
    panel(figure)
    held: list[Any] = []

    def update(frame: int) -> None:
        if frame % 2:
            held.append(figure.add_axes((0.5, 0.5, 0.3, 0.3)))
        elif held:
            held.pop().remove()

    return update


@course
def the_axes_are_cleared(figure: Figure) -> Update:
    ax = panel(figure)

    def update(frame: int) -> None:
        ax.clear()
        ax.plot([0, frame])

    return update


@course
def the_title_changes(figure: Figure) -> Update:
    ax = panel(figure)
    ax.yaxis.set_ticks_position("right")
    return lambda frame: ax.set_title(f"frame {frame}\n" * (1 + frame % 2))


@course
def the_title_makes_way_for_an_offset(figure: Figure) -> Update:
    ax = panel(figure)
    ax.set_ylim(0, 1e9)
    return lambda frame: ax.set_title("title " * frame, loc="left")


@course
def an_axis_label_changes(figure: Figure) -> Update:
    ax = panel(figure)
    return lambda frame: ax.set_xlabel(f"{frame} steps")


@course
def a_spine_moves_the_axis_label(figure: Figure) -> Update:
    ax = panel(figure)
    return lambda frame: ax.spines["bottom"].set_position(("outward", frame))


@course
def a_twin_axis_changes(figure: Figure) -> Update:
    twin = panel(figure).twinx()
    (line,) = twin.plot([0, 10], [0, 1])

    def update(frame: int) -> None:
        line.set_ydata([0, frame])
        twin.set_ylim(0, 5 + frame)

    return update


@course
def an_inset_zooms(figure: Figure) -> Update:
    ax = panel(figure)
    inset = ax.inset_axes([0.6, 0.6, 0.35, 0.35], xlim=(1, 3), ylim=(1, 3))
    ax.indicate_inset_zoom(inset)
    return lambda frame: inset.set_xlim(1 + frame, 3 + frame)


@course
def an_inset_moves_with_the_data(figure: Figure) -> Update:
    ax = panel(figure)
    ax.inset_axes([5, 5, 3, 3], transform=ax.transData)
    return lambda frame: ax.set_xlim(0, 10 + frame)


@course
def a_secondary_axis_follows(figure: Figure) -> Update:
    ax = panel(figure)
    ax.secondary_yaxis("right", functions=(lambda y: 2 * y, lambda y: y / 2))
    return lambda frame: ax.set_ylim(0, 10 + frame)


@course
def hidden_axes_with_a_secondary_axis_scale_their_twin(figure: Figure) -> Update:
    ax = figure.subplots()
    ax.plot([1, 2, 3])
    ax.secondary_xaxis("top")
    ax.margins(0.2)  # and not those of the twin, since a draw sets the secondary axis before it draws the twin

    def update(frame: int) -> None:
        if frame == 3:
            ax.set_visible(False)
            ax.twinx().plot([3, 4, 3, 4, 2])

    return update


@course
def a_subfigure_changes(figure: Figure) -> Update:
    left, right = figure.subfigures(1, 2)
    left.subplots().plot([1, 2])
    (line,) = right.subplots().plot([1, 2])
    title = right.suptitle("right")

    def update(frame: int) -> None:
        line.set_ydata([1, frame])
        title.set_text(f"right {frame}")
        right.set_facecolor((1, 1, 1 - 0.1 * frame))

    return update


@course
def a_colorbar_follows(figure: Figure) -> Update:
    image = panel(figure).imshow(np.eye(5), extent=(1, 9, 1, 9), aspect="auto")
    figure.colorbar(image, extend="both")
    return lambda frame: image.set_clim(0, 1 + frame)


@course
def a_legend_looks_for_room(figure: Figure) -> Update:
    ax = figure.subplots()
    ax.set(xlim=(0, 1), ylim=(0, 1))
    (line,) = ax.plot([0, 1], [0.9, 0.9], label="line")
    ax.legend(loc="best")
    return lambda frame: line.set_data([0, 1], [0.9 - 0.8 * (frame % 2), 0.9])


@course
def the_figure_changes_color(figure: Figure) -> Update:
    panel(figure)
    return lambda frame: figure.set_facecolor((1, 1 - 0.1 * frame, 1, 0.5))


@course
def texts_overlap(figure: Figure) -> Update:
    ax = panel(figure)
    text = ax.text(1, 5, "WAVAT", alpha=0.4, size=20, rotation=20)
    return lambda frame: text.set_text("WAVAT"[: frame + 1] + "fi~" * (frame % 2))


@course
def mathematics_changes(figure: Figure) -> Update:
    text = panel(figure).text(1, 5, "", size=14)
    return lambda frame: text.set_text(rf"$\frac{{x^{frame}}}{{\sqrt{{{frame}}}}}$")


@course
def hatches_and_sketches_change(figure: Figure) -> Update:
    ax = panel(figure)
    patch = ax.add_patch(Rectangle((1, 1), 5, 5, hatch="/", fill=False))
    (line,) = ax.plot([0, 10], [8, 8])
    line.set_sketch_params(2, 20, 3)

    def update(frame: int) -> None:
        patch.set_hatch("/" * (1 + frame % 3))
        line.set_ydata([8, frame])

    return update


@course
def a_filter_is_applied(figure: Figure) -> Update:
    (line,) = panel(figure).plot([0, 10], [5, 5], lw=5)
    line.set_agg_filter(lambda image, _dpi: (image[..., [2, 1, 0, 3]], 0, 0))
    return lambda frame: line.set_ydata([5, frame])


@course
def images_are_composited(figure: Figure) -> Update:
    figure.suppressComposite = False
    ax = panel(figure)
    ax.imshow(np.eye(5), extent=(0, 6, 0, 6), aspect="auto")
    image = ax.imshow(np.eye(4), extent=(3, 9, 3, 9), aspect="auto", alpha=0.5)
    return lambda frame: image.set_data(np.eye(4) * frame)


@course
def a_path_grows_on_a_surface(figure: Figure) -> Update:
    ax = figure.add_subplot(projection="3d", computed_zorder=False)
    x, y = np.meshgrid(np.linspace(-1, 1, 6), np.linspace(-1, 1, 6))
    ax.plot_surface(x, y, x * y)
    (line,) = ax.plot([], [], [], "r", zorder=9)
    t = np.linspace(-1, 1, N_FRAMES + 1)
    return lambda frame: line.set_data_3d(t[: frame + 1], t[: frame + 1], t[: frame + 1] ** 2)


@course
def points_move_in_depth(figure: Figure) -> Update:
    ax = figure.add_subplot(projection="3d")
    ax.bar3d([0], [0], [0], [1], [1], [1])
    points = ax.scatter([0, 1, 2], [0, 1, 2], [0, 1, 2], s=80)
    ax.set_title("depth")

    def update(frame: int) -> None:
        points._offsets3d = (np.array([0, 1, 2]), np.array([0, 1, 2]) - frame, np.array([0, 1, 2]))

    return update


@course
def the_view_turns(figure: Figure) -> Update:
    ax = figure.add_subplot(projection="3d")
    ax.plot([0, 1], [0, 1], [0, 1])
    return lambda frame: ax.view_init(azim=10 * frame)


@course
def a_hand_turns_on_a_polar_axes(figure: Figure) -> Update:
    ax = figure.add_subplot(projection="polar")
    (hand,) = ax.plot([0, 0], [0, 1])
    return lambda frame: hand.set_xdata([frame, frame])


class Clock(Line2D):
    """An artist whose drawing depends on what nobody can see from outside."""

    moment = 0

    def draw(self, renderer: Any) -> None:
        self.set_ydata([0, Clock.moment])
        super().draw(renderer)


@course
def an_artist_of_unknown_code_draws(figure: Figure) -> Update:
    panel(figure).add_line(Clock([0, 10], [0, 0], lw=3))

    def update(frame: int) -> None:
        Clock.moment = frame

    return update


class Loud(Axes):
    """An axes whose drawing depends on what nobody can see from outside."""

    volume = 0

    def draw(self, renderer: Any) -> None:
        self.set_facecolor((1, 1, 1 - 0.1 * Loud.volume))
        super().draw(renderer)


@course
def an_axes_of_unknown_code_draws(figure: Figure) -> Update:
    figure.add_subplot(axes_class=Loud)

    def update(frame: int) -> None:
        Loud.volume = frame

    return update


@course
def the_settings_change(figure: Figure) -> Update:
    panel(figure).plot(np.linspace(0, 10, 200), np.linspace(0, 9, 200) ** 1.01)
    return lambda frame: mpl.rcParams.update({"path.snap": frame % 2 == 0, "agg.path.chunksize": 101 * (frame % 3)})


@course
def views_of_one_array_change_in_place(figure: Figure) -> Update:
    ax, path = panel(figure), np.zeros((8, 40, 2))
    path[..., 0], path[..., 1] = np.linspace(1, 9, 40), np.arange(8)[:, None] + 1
    collection = LineCollection([])
    collection._paths = [Path(part) for part in path]  # without a copy
    ax.add_collection(collection)
    ax.plot([1, 9], [9, 1], lw=3)
    column = np.linspace(1, 9, 80).reshape(40, 2)
    patch = ax.add_patch(PathPatch(Path(column[:, ::-1]), fill=False))

    def update(frame: int) -> None:
        path[frame, 20:, 1] += 0.4 * (frame % 3)
        column[30, 0] = frame // 2
        assert patch.get_path().vertices.base is not None

    return update


@course
def the_settings_of_savefig_change(figure: Figure) -> Update:
    panel(figure)
    colors = ["y", "auto", (0.2, 0.4, 0.6, 0.5)]
    return lambda frame: mpl.rcParams.update(
        {"savefig.facecolor": colors[frame // 2], "savefig.transparent": frame == 3, "savefig.edgecolor": "r"}
    )


@course
def the_figures_patch_fades(figure: Figure) -> Update:
    panel(figure)

    def update(frame: int) -> None:
        if frame > 1:
            figure.patch.set(alpha=1 - 0.2 * (frame // 2), edgecolor="r", linewidth=8)

    return update


@course
def a_path_of_many_points_grows(figure: Figure) -> Update:
    t = np.linspace(0, 1, 3000)
    ax = panel(figure)
    ax.text(5, 5, "over it", zorder=5, size=20)
    (line,) = ax.plot([], [], lw=3, alpha=0.5)
    x, y = 5 + 4 * t * np.cos(30 * t), 5 + 4 * t * np.sin(30 * t)

    def update(frame: int) -> None:
        end = 1500 + 200 * frame if frame != 4 else 1200
        line.set_data(x[:end], y[:end])

    return update


@course
def a_path_of_many_points_changes_color_and_then_a_point_in_the_middle(figure: Figure) -> Update:
    t = np.linspace(0, 1, 3000)
    (line,) = panel(figure).plot(5 + 4 * t * np.cos(30 * t), 5 + 4 * t * np.sin(30 * t))

    def update(frame: int) -> None:
        line.set_color(["r", "r", "b"][min(frame, 2)])
        y = line.get_ydata().copy()
        y[1700] = [5, 5, 5, 6, 2, 12][frame]
        line.set_ydata(y)

    return update


LONG_COURSES: dict[str, Course] = {}
"""Courses long enough for what moves to come to rest, and to be watched in another way then."""


def long_course(make: Course) -> Course:
    """Add a course to the table of long ones."""
    LONG_COURSES[make.__name__] = make
    return make


@long_course
def plain_artists_rest_and_move_and_are_set_anew_in_every_frame(figure: Figure) -> Update:
    ax = panel(figure)
    (line,) = ax.plot([], [], "o-")
    points = ax.scatter([1, 2], [3, 4])
    segments = ax.add_collection(LineCollection([]))
    text = ax.text(1, 1, "")
    box = ax.add_patch(Rectangle((0, 0), 1, 1, fc="y"))

    def update(frame: int) -> None:
        rests, at = frame % 23 > 5, frame // 23 * 3
        line.set_data([at, 5 if rests else frame % 7], [1, 8])
        points.set_offsets([(at, 2), (3, 9 if frame < 40 else frame % 9)])
        segments.set_segments([[(0, at), (9, 5 + (frame % 2) * (frame > 45))]])
        text.set_text(f"{at if rests else frame}")
        box.set_xy((at + frame % 3 // 2, 6))

    return update


@long_course
def two_places_by_turns_with_rests_between(figure: Figure) -> Update:
    ax = panel(figure)
    (line,) = ax.plot([0, 1], [0, 1])
    title, note = ax.title, ax.text(0, 0, "here")

    def update(frame: int) -> None:
        turn = frame % 2 if frame < 20 else frame // 12 % 2
        line.set_ydata([turn, 9])
        title.set_text(f"title {turn}")
        note.set(x=turn, text="here" if turn else "there")
        if frame == 30:
            ax.set_xlim(-1, 12)

    return update


@long_course
def hidden_parts_of_ticks_change_and_appear_later(figure: Figure) -> Update:
    ax = panel(figure)
    (line,) = ax.plot([0, 1], [0, 1])

    def update(frame: int) -> None:
        line.set_ydata([frame % 5, 1])
        tick = ax.xaxis.get_major_ticks()[1]
        if frame in (12, 40):  # all of it unseen
            tick.label2.set(color="r", size=frame // 2)
            tick.tick2line.set(markersize=frame // 3, color="g")
            tick.gridline.set(linewidth=frame // 10, color="b")
        if frame in (20, 30, 45):
            for part in (tick.label2, tick.tick2line, tick.gridline):
                part.set_visible(frame != 30)
        if frame == 25:
            ax.xaxis.label.set(visible=False)
        if frame == 35:
            ax.xaxis.label.set(text="later", size=15)
        if frame == 50:
            ax.xaxis.label.set(visible=True)
            ax.set_xticks(range(11))  # which are made after the first one

    return update


@course
def arrows_lose_their_scale_and_their_units(figure: Figure) -> Update:
    ax = panel(figure)
    x, y = np.meshgrid(np.arange(1, 10, 2), np.arange(1, 10, 2))
    arrows = ax.quiver(x, y, np.cos(x), np.sin(y))
    ax.quiverkey(arrows, 0.8, 0.9, 2, "2 m/s")
    ax.barbs(x + 0.5, y, 20 * np.cos(x), 30 * np.sin(y), length=5)

    def update(frame: int) -> None:
        arrows.set_UVC(np.cos(x + frame) * (1 + frame), np.sin(y + frame))
        if frame in (2, 4):
            arrows.scale = None
        if frame == 3:
            ax.set(xlim=(0, 14), position=(0.1, 0.1, 0.5, 0.8))
            arrows.angles, arrows.scale_units = "xy", "xy"
        if frame == 5:
            arrows.units, arrows.width = "height", 0.02

    return update


@long_course
def hidden_images_and_meshes_change_and_appear_later(figure: Figure) -> Update:
    ax = panel(figure)
    values = np.arange(20.0).reshape(4, 5)
    image = ax.imshow(values, extent=(0, 4, 0, 4), aspect="auto")
    mesh = ax.pcolormesh(values[:3], zorder=3, alpha=0.7)
    figure.colorbar(mesh)
    hidden = (image, mesh)

    def update(frame: int) -> None:
        for artist in hidden:
            artist.set_visible(frame % 7 == 0)
        if frame % 7 == 3:  # all of it unseen
            values[1, 2] += 5
            image.set_data(values[::-1].copy())
            image.set(extent=(0, 3 + frame / 20, 0, 4), zorder=frame // 7)
            mesh.set_array(values[:3] + frame)
            mesh.set(cmap=("viridis", "magma")[frame % 2], alpha=0.3 + frame / 100)
            mesh.norm.vmax = 20 + frame

    return update


def assert_exact(
    make: Course, kwargs: dict[str, Any], dpi: float = 100, n_frames: int = N_FRAMES, **options: Any
) -> None:
    replayed, drawn = new_figure(**options), new_figure(**options)
    update, update_twin = make(replayed), make(drawn)
    replay, full = Replay(replayed, dpi, kwargs), FullDraw(drawn, dpi, kwargs)
    with mpl.rc_context():
        for frame in range(n_frames):
            update(frame)
            got = replay.frame()
            update_twin(frame)
            want = full.frame()
            assert got.shape == want.shape
            assert int((got != want).any(axis=-1).sum()) == 0, f"frame {frame} differs"


@pytest.mark.parametrize("name", COURSES)
def test_frames_equal_full_draws_where(name: str) -> None:
    assert_exact(COURSES[name], {})


@pytest.mark.parametrize("layout", [None, "constrained"])
@pytest.mark.parametrize("name", LONG_COURSES)
def test_many_frames_equal_full_draws_where(name: str, layout: str | None) -> None:
    assert_exact(LONG_COURSES[name], {}, n_frames=60, layout=layout)


@pytest.mark.parametrize(
    ("kwargs", "dpi"),
    [({"facecolor": (0.2, 0.4, 0.6, 0.5)}, 100), ({"transparent": True}, 100), ({}, 73.5), ({"edgecolor": "r"}, 150),
     ({"facecolor": "y", "transparent": False}, 100), ({"facecolor": "none", "transparent": False}, 100)],
)  # fmt: skip
def test_frames_equal_full_draws_with_arguments_of_savefig(kwargs: dict[str, Any], dpi: float) -> None:
    assert_exact(COURSES["lines_move_in_two_of_three_panels"], kwargs, dpi)


@pytest.mark.parametrize("layout", ["constrained", "compressed", "tight"])
@pytest.mark.parametrize("name", ["the_title_changes", "a_line_moves", "an_axis_label_changes", "limits_move"])
def test_frames_equal_full_draws_under_a_layout_engine(layout: str, name: str) -> None:
    assert_exact(COURSES[name], {}, layout=layout)


def axes_of_axisartist_are_cleared(figure: Figure) -> Update:
    grid = GridHelperCurveLinear(Affine2D().scale(1, 100).skew_deg(20, 10))
    ax = figure.add_subplot(axes_class=axisartist.HostAxes, grid_helper=grid, xlim=(-5, 12), ylim=(-5, 10))

    def update(frame: int) -> None:
        ax.set_facecolor((0.1 * frame, 0.5, 0.5))
        if frame == 3:
            ax.clear()
            ax.plot(np.arange(10))
            ax.set_title("again")

    return update


def test_frames_equal_full_draws_where_the_layout_depends_on_the_draw_before() -> None:
    assert_exact(axes_of_axisartist_are_cleared, {}, layout="tight")


def test_only_what_moves_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    overlook_replaced_code(monkeypatch)
    figure = new_figure()
    update, replay = a_line_moves(figure), Replay(figure, 100, {})
    for frame in range(3):
        update(frame)
        replay.frame()
    drawn: list[Any] = []
    for cls in (Axis, Line2D, Axes):
        method = cls.draw
        monkeypatch.setattr(cls, "draw", lambda self, renderer, of=method: (drawn.append(self), of(self, renderer)))
    update(4)
    replay.frame()
    assert drawn == [figure.axes[0].lines[1]]


def test_what_is_given_equal_values_anew_in_every_frame_draws_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    overlook_replaced_code(monkeypatch)
    figure = new_figure()
    (line,) = panel(figure).plot([], [])
    replay = Replay(figure, 100, {})
    drawn: list[Any] = []
    draw = Line2D.draw
    monkeypatch.setattr(Line2D, "draw", lambda self, renderer: (drawn.append(self), draw(self, renderer)))
    for _ in range(200):
        line.set_data([0, 5, 9], [1, 2, 9])
        replay.frame()
    assert drawn.count(line) <= 12


def test_a_layout_engine_rests_once_it_is_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    figure = new_figure(layout="constrained")
    update, replay = a_line_moves(figure), Replay(figure, 100, {})
    engine = figure.get_layout_engine()
    runs: list[int] = []
    monkeypatch.setattr(engine, "execute", lambda fig, of=engine.execute: (runs.append(1), of(fig)))
    for frame in range(20):
        update(frame)
        replay.frame()
    assert len(runs) <= 12  # places come round twice after at most as many


@pytest.mark.parametrize("layout", [None, "constrained"])
def test_the_canvas_is_left_with_the_last_frame_as_after_a_full_draw(layout: str | None) -> None:
    figure = new_figure(layout=layout)
    update, replay = a_line_moves(figure), Replay(figure, 100, {})
    for frame in range(3):
        update(frame)
        shown = replay.frame()
    replay.leave()
    assert (np.asarray(figure.canvas.buffer_rgba()) == shown).all()


def test_frames_already_given_do_not_change() -> None:
    figure = new_figure()
    update, replay = a_line_moves(figure), Replay(figure, 100, {})
    update(0)
    first = replay.frame()
    kept = first.copy()
    update(5)
    replay.frame()
    assert (first == kept).all()


def test_a_new_size_gives_frames_of_that_size() -> None:
    figure = new_figure()
    a_line_moves(figure)
    replay = Replay(figure, 100, {})
    replay.frame()
    figure.set_size_inches(2, 1)
    assert (replay.frame() == FullDraw(figure, 100, {}).frame()).all()


def test_a_canvas_that_is_not_agg_gives_the_same_frames() -> None:
    figure = Figure(figsize=(3, 2), dpi=100)
    FigureCanvasSVG(figure)
    update, replay, full = a_line_moves(figure), Replay(figure, 100, {}), FullDraw(figure, 100, {})
    for frame in range(3):
        update(frame)
        assert (replay.frame() == full.frame()).all()


class Peeking(Artist):
    """An artist that looks at the pixels below it."""

    def draw(self, renderer: Any) -> None:
        renderer.copy_from_bbox(self.get_figure().bbox)


def test_an_artist_that_reads_pixels_leaves_all_frames_to_matplotlib() -> None:
    figure = new_figure()
    update = a_line_moves(figure)
    figure.add_artist(Peeking())
    replay, full = Replay(figure, 100, {}), FullDraw(figure, 100, {})
    for frame in range(3):
        update(frame)
        assert (replay.frame() == full.frame()).all()


def test_listeners_to_draws_hear_every_frame() -> None:
    figure = new_figure()
    update, replay = a_line_moves(figure), Replay(figure, 100, {})
    heard: list[Any] = []

    def listen(event: Any) -> None:
        heard.append(event)

    figure.canvas.mpl_connect("draw_event", listen)
    for frame in range(3):
        update(frame)
        replay.frame()
    assert len(heard) == 3


class Fragile(Line2D):
    """An artist that cannot always draw."""

    def draw(self, renderer: Any) -> None:
        if self.get_label() == "broken":
            raise RuntimeError("cannot draw")
        super().draw(renderer)


def test_after_an_artist_failed_to_draw_frames_are_exact_again() -> None:
    figure = new_figure()
    update = a_line_moves(figure)
    artist = figure.axes[0].add_line(Fragile([0, 10], [2, 3]))
    replay, full = Replay(figure, 100, {}), FullDraw(figure, 100, {})
    replay.frame()
    artist.set_label("broken")
    with pytest.raises(RuntimeError, match="cannot draw"):
        replay.frame()
    artist.set_label("whole")
    for frame in range(3):
        update(frame)
        assert (replay.frame() == full.frame()).all()


def test_artists_keep_no_trace_of_being_watched() -> None:
    figure = new_figure()
    update, replay = the_title_changes(figure), Replay(figure, 100, {})
    for frame in range(3):
        update(frame)
        replay.frame()
    patched = [artist for artist in figure.findobj() if {"draw", "get_tightbbox"} & vars(artist).keys()]
    assert patched == []


def test_a_saved_figure_is_as_it_was() -> None:
    figure, twin = new_figure(), new_figure()
    replay = Replay(figure, 150, {"facecolor": "r"})
    for one in (figure, twin):
        a_line_moves(one)
    replay.frame()
    replay.frame()
    pictures = []
    for one in (figure, twin):
        buffer = io.BytesIO()
        one.savefig(buffer, format="rgba")
        pictures.append(buffer.getvalue())
    assert pictures[0] == pictures[1]


def test_a_checked_replay_draws_in_full_from_the_first_frame_that_differs() -> None:
    figure = new_figure()
    update, said = a_line_moves(figure), []
    replay, full = Replay(figure, 100, {}, verify_every=2, report=said.append), FullDraw(figure, 100, {})
    for frame in range(6):
        update(frame)
        if frame == 4:
            replay._figure_renderer._compositor.picture[:] = 0  # type: ignore[union-attr]
        assert (replay.frame() == full.frame()).all()
    assert len(said) == 1
    assert said[0].startswith("frame 4 differs from a full draw in")


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_an_axis_whose_labels_are_read_between_frames_is_not_drawn_again(
    scale: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    overlook_replaced_code(monkeypatch)
    figure = new_figure()
    axes = figure.subplots()
    axes.set(xlim=(1, 10), ylim=(1, 10), xscale=scale, yscale=scale)
    for axis in (axes.xaxis, axes.yaxis) if scale == "linear" else ():
        axis.set_ticks([1, 5, 10], labels=["1", "5", "10"])
        axis.set_ticks([], minor=True)
    (line,) = axes.plot([1, 10], [2, 9])
    replay, drawn = Replay(figure, 100, {}), list[str]()
    draw = Axis.draw
    monkeypatch.setattr(Axis, "draw", lambda axis, renderer: drawn.append(axis.axis_name) or draw(axis, renderer))
    for frame in range(6):
        line.set_ydata([2, 3 + frame])
        axes.get_xticklabels(), axes.get_yticklabels()
        pixels = replay.frame()
        if frame == 1:
            drawn.clear()
    assert not drawn
    np.testing.assert_array_equal(pixels, FullDraw(figure, 100, {}).frame())
