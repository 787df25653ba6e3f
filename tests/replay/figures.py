"""Random figures that change at random: what exact replay is tried on.

Everything is drawn from one seeded generator, so that a seed names a figure and its whole course. Seeds from `SECOND`
on draw from longer tables: what is added there leaves the figures of earlier seeds as they were.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import matplotlib.patheffects as path_effects
import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.offsetbox import AnchoredText, AnnotationBbox, OffsetImage
from matplotlib.patches import Circle, ConnectionPatch, Ellipse, FancyArrowPatch, Polygon, Rectangle, Wedge
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox, TransformedBbox, blended_transform_factory

Rng = np.random.Generator
Step = Callable[[int], None]
SECOND = 10_000


class RandomFigure:
    """A figure, and `step(frame)` that changes some of it."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.tables = FIRST_TABLES if seed < SECOND else SECOND_TABLES
        self.figure = Figure(figsize=(3.2, 2.4), dpi=int(self.rng.choice([80, 100])))
        self.steps: list[Step] = []
        layout = self.rng.choice(["plain"] * 5 + ["constrained", "tight"])
        if layout != "plain":
            self.figure.set_layout_engine(str(layout))
        self._make_axes()
        for _ in range(self.rng.integers(0, 3)):
            self._pick(self.tables["figure"])(self)
        self.lively = self.rng.uniform(0.2, 0.9)

    def _pick(self, table: list[Any]) -> Any:
        return table[self.rng.integers(len(table))]

    def _make_axes(self) -> None:
        kind = self.rng.choice(self.tables["axes"])
        figure = self.figure
        if kind == "subfigures":
            left, right = figure.subfigures(1, 2)
            axes = [left.subplots(), *np.ravel(right.subplots(2, 1))]
        elif kind in ("polar", "3d"):
            axes = [figure.add_subplot(1, 2, 1, projection=str(kind)), figure.add_subplot(1, 2, 2)]
        elif kind == "four":
            axes = list(np.ravel(figure.subplots(2, 2)))
        elif kind == "shared":
            axes = list(np.ravel(figure.subplots(2, 1, sharex=True)))
        else:
            axes = [figure.add_subplot()]
            if kind == "two":
                axes = list(np.ravel(figure.subplots(1, 2)))
            elif kind == "twin":
                axes.append(axes[0].twinx())
            elif kind == "inset":
                axes.append(axes[0].inset_axes([0.5, 0.5, 0.4, 0.4]))
                axes[0].indicate_inset_zoom(axes[1])
            elif kind == "secondary":
                axes[0].secondary_xaxis("top")
            elif kind == "twin across":
                axes += [axes[0].twiny(), axes[0].twinx()]
                self.steps.append(lambda frame: axes[1 + frame % 2].set_zorder(frame % 3 - 1))
            elif kind == "nested insets":
                axes.append(axes[0].inset_axes([0.4, 0.4, 0.5, 0.5], zorder=float(self.rng.choice([1, 5]))))
                axes.append(axes[1].inset_axes([0.6, 0.1, 0.3, 0.3]))
                self.steps.append(lambda frame: axes[1].set_axes_locator(_moved_inset(axes[0], frame)))
            elif kind == "overlapping":
                axes.append(figure.add_axes((0.35, 0.35, 0.5, 0.5), facecolor=(1, 1, 0.8, 0.6)))
                self.steps.append(lambda frame: axes[0].set_zorder(frame % 2))
        for ax in axes:
            self._fill(ax)

    def _fill(self, ax: Any) -> None:
        rng = self.rng
        table = self.tables[ax.name]
        if rng.random() < 0.7 and ax.name == "rectilinear":
            ax.set(xlim=(0, 10), ylim=(0, 10))
        for _ in range(rng.integers(1, 5)):
            self._pick(table)(self, ax)
        if rng.random() < 0.4:
            ax.set_title("Ag title")
        if rng.random() < 0.3:
            ax.set_xlabel("the x axis")
        if rng.random() < 0.3 and ax.name != "3d":
            ax.grid(True)
        if rng.random() < 0.15 and ax.name == "rectilinear":
            ax.set_axisbelow(bool(rng.random() < 0.5))
            ax.set_aspect("equal", adjustable="datalim" if len(self.figure.axes) > 1 else "box")
        if rng.random() < 0.4 and ax.get_legend_handles_labels()[0]:
            ax.legend(loc=str(rng.choice(["best", "upper left", "lower right"])))
        if rng.random() < 0.15:
            ax.set_axis_off()
        for _ in range(rng.integers(0, 3)):
            self.steps.append(self._pick(self.tables[f"changes {ax.name}"])(self, ax))

    def add(self, artist: Any, step: Step | None = None) -> Any:
        """Give an artist a place and perhaps a course."""
        rng = self.rng
        if rng.random() < 0.4:
            artist.set_zorder(float(rng.choice([0.5, 1.5, 2.2, 2.6, 3, 6])))
        if rng.random() < 0.3:
            alpha = float(rng.uniform(0.2, 0.9))
            if not np.ndim(artist.get_alpha()):  # matplotlib cannot compare arrays of them with one number
                artist.set_alpha(alpha)
        if rng.random() < 0.15:
            artist.set_clip_on(False)
        if rng.random() < 0.08 and isinstance(artist, Line2D):
            artist.set_path_effects([path_effects.withStroke(linewidth=4, foreground="c")])
        if rng.random() < 0.05:
            artist.set_sketch_params(1.5, 30, 2)
        if step is not None and rng.random() < 0.75:
            self.steps.append(step)
        if rng.random() < 0.25:
            self.steps.append(self._restyle(artist))
        return artist

    def _restyle(self, artist: Any) -> Step:
        """Return a step that changes how an artist is drawn, wherever it is."""
        ways: list[Step] = [
            lambda frame: artist.set_zorder((0.5, 2.1, 2.7, 6.0)[frame % 4]),
            lambda frame: artist.set_alpha(0.2 + 0.1 * (frame % 8)),
            lambda frame: artist.set_clip_on(frame % 3 != 1),
            lambda frame: artist.set_visible(frame % 3 != 2),
            lambda frame: artist.set_clip_box(artist.axes.bbox if frame % 2 else None),
        ]
        way: Step = self._pick(ways)
        return way

    def step(self, frame: int) -> None:
        """Change what the next frame changes."""
        for step in self.steps:
            if self.rng.random() < self.lively:
                with suppress(AttributeError, NotImplementedError):  # of artists that another step took away
                    step(frame)


def _moved_inset(ax: Any, frame: int) -> Callable[[Any, Any], Any]:
    """Return what places an inset, at another place in each frame."""
    box = Bbox.from_bounds(0.1 + 0.05 * (frame % 6), 0.4, 0.5, 0.5)
    return lambda _, __: TransformedBbox(box, ax.figure.transFigure)


def take_away(artist: Any) -> None:
    """Remove an artist, unless its axes were cleared meanwhile."""
    if artist.get_figure() is not None:
        artist.remove()


def line(it: RandomFigure, ax: Any) -> None:
    x = np.linspace(0, 10, int(it.rng.choice([3, 30, 300])))
    (artist,) = ax.plot(x, 5 + 4 * np.sin(x), marker=it.rng.choice(["", "o", "s", "^"]), label="line")
    artist.set_linestyle(str(it.rng.choice(["-", "--", ":"])))
    artist.set_linewidth(float(it.rng.choice([0.5, 1, 2.5])))
    ways: list[Step] = [
        lambda frame: artist.set_ydata(5 + 4 * np.sin(x + frame)),
        lambda frame: artist.set_data(x[: frame % len(x) + 1], x[: frame % len(x) + 1]),
        lambda frame: artist.set_color(f"C{frame % 7}"),
        lambda frame: artist.set_visible(frame % 2 == 0),
        lambda frame: artist.set_zorder(frame % 5),
        lambda frame: artist.set_linewidth(frame % 4),
        lambda frame: _wiggle(artist.get_path().vertices),
    ]
    it.add(artist, ways[it.rng.integers(len(ways))])


def _wiggle(array: Any) -> None:
    if array.flags.writeable:
        array += 0.25


def scatter(it: RandomFigure, ax: Any) -> None:
    points = it.rng.uniform(0, 10, (12, 2))
    artist = ax.scatter(*points.T, c=it.rng.random(12), s=it.rng.uniform(5, 80, 12), label="points")
    ways: list[Step] = [
        lambda frame: artist.set_offsets(points + np.sin(frame)),
        lambda frame: artist.set_array(np.roll(artist.get_array(), 1)),
        lambda frame: _wiggle(artist.get_offsets().data),
        lambda frame: artist.set_sizes(artist.get_sizes() + 3),
    ]
    it.add(artist, ways[it.rng.integers(len(ways))])


def bars(it: RandomFigure, ax: Any) -> None:
    artist = ax.bar(np.arange(5), it.rng.uniform(1, 9, 5), color="C1", label="bars")

    def step(frame: int) -> None:
        artist.patches[frame % 5].set_height(frame % 9)

    it.add(artist.patches[0], step)


def image(it: RandomFigure, ax: Any) -> None:
    data = it.rng.random((8, 9))
    artist = ax.imshow(
        data, extent=(1, 9, 1, 9), aspect="auto", interpolation=str(it.rng.choice(["nearest", "bilinear"]))
    )
    ways: list[Step] = [
        lambda frame: artist.set_data(np.roll(data, frame)),
        lambda frame: artist.set_clim(0, 1 + frame % 3),
        lambda frame: artist.set_cmap("magma" if frame % 2 else "viridis"),
        lambda frame: artist.get_array().__setitem__((0, frame % 9), 0.5),
        lambda frame: artist.set_extent((1, 9 - frame % 3, 1, 9)),
    ]
    it.add(artist, ways[it.rng.integers(len(ways))])
    if it.rng.random() < 0.3:
        it.add(ax.imshow(data[::-1], extent=(3, 7, 3, 7), aspect="auto", alpha=0.5))
    if it.rng.random() < 0.3 and it.figure.get_layout_engine() is None:
        it.figure.colorbar(artist, ax=ax)


def mesh(it: RandomFigure, ax: Any) -> None:
    artist = ax.pcolormesh(np.arange(6), np.arange(7), it.rng.random((6, 5)))
    ways: list[Step] = [
        lambda frame: artist.set_array(it.rng.random((6, 5))),
        lambda frame: _wiggle(artist.get_array()),
    ]
    it.add(artist, ways[it.rng.integers(len(ways))])


def text(it: RandomFigure, ax: Any) -> None:
    artist = ax.text(
        2, 5, "value 0.0", rotation=float(it.rng.choice([0, 0, 30])), bbox=it.rng.choice([None, {"fc": "w"}])
    )
    ways: list[Step] = [
        lambda frame: artist.set_text(f"value {frame / 7:.3f}"),
        lambda frame: artist.set_position((frame % 8, 5)),
        lambda frame: artist.set_text(rf"$x^{frame} + \frac{{1}}{{{frame + 1}}}$"),
        lambda frame: artist.set_fontsize(6 + frame % 5),
    ]
    it.add(artist, ways[it.rng.integers(len(ways))])


def annotation(it: RandomFigure, ax: Any) -> None:
    artist = ax.annotate("here", xy=(3, 3), xytext=(6, 7), arrowprops={"arrowstyle": "->"})

    def move(frame: int) -> None:
        artist.xy = (frame % 9, 3)

    ways: list[Step] = [
        move,
        lambda frame: artist.set_text(f"at {frame}"),
        lambda frame: artist.set_position((6, frame % 8)),
    ]
    it.add(artist, ways[it.rng.integers(len(ways))])


def patches(it: RandomFigure, ax: Any) -> None:
    circle, wedge = Circle((3, 3), 2, fc="C2"), Wedge((6, 6), 2, 0, 100, fc="C3")
    ellipse, polygon = Ellipse((5, 5), 3, 1, fc="none", ec="k"), Polygon([(1, 1), (4, 8), (8, 2)], alpha=0.4)
    spin = Affine2D()
    square = Rectangle((4, 4), 2, 2, hatch="//", fc="w")
    square.set_transform(spin + ax.transData)
    arrow = FancyArrowPatch((1, 8), (8, 8), mutation_scale=12)

    def turn(frame: int) -> None:
        spin.clear().rotate_deg_around(5, 5, 10 * frame)

    def grow(frame: int) -> None:
        circle.radius = 1 + frame % 3

    def tilt(frame: int) -> None:
        ellipse.angle = 20 * frame

    courses: list[tuple[Any, Step]] = [
        (circle, grow), (wedge, lambda frame: wedge.set_theta2(100 + 20 * frame)), (ellipse, tilt), (square, turn),
        (polygon, lambda frame: polygon.set_xy([(1, 1), (4, frame % 9), (8, 2)])),
        (arrow, lambda frame: arrow.set_positions((1, 8), (8, frame % 8))),
    ]  # fmt: skip
    for place in it.rng.permutation(len(courses))[: it.rng.integers(1, 4)]:
        patch, step = courses[place]
        ax.add_patch(it.add(patch, step))


def clipped(it: RandomFigure, ax: Any) -> None:
    circle = Circle((5, 5), 3, transform=ax.transData)
    artist = ax.imshow(it.rng.random((5, 5)), extent=(0, 10, 0, 10), aspect="auto")
    artist.set_clip_path(circle)

    def step(frame: int) -> None:
        circle.center = (5, 4 + frame % 3)

    it.steps.append(step)


def segments(it: RandomFigure, ax: Any) -> None:
    artist = LineCollection(it.rng.uniform(0, 10, (8, 3, 2)), colors=["r", "b"], linewidths=[1, 2])
    ax.add_collection(artist)
    ways: list[Step] = [
        lambda frame: artist.set_segments(it.rng.uniform(0, 10, (5, 3, 2))),
        lambda frame: _wiggle(artist.get_paths()[0].vertices),
    ]
    it.add(artist, ways[it.rng.integers(len(ways))])


def quiver(it: RandomFigure, ax: Any) -> None:
    x, y = np.meshgrid(np.arange(1, 9, 2), np.arange(1, 9, 2))
    artist = ax.quiver(x, y, np.cos(x), np.sin(y))

    def in_place(frame: int) -> None:
        artist.U[:] = np.cos(x.ravel() + frame)

    ways: list[Step] = [lambda frame: artist.set_UVC(np.cos(x + frame), np.sin(y + frame)), in_place]
    it.add(artist, ways[it.rng.integers(len(ways))])


def filled(it: RandomFigure, ax: Any) -> None:
    x = np.linspace(0, 10, 30)
    held = [ax.fill_between(x, 2, 5 + np.sin(x), alpha=0.5)]

    def renew(frame: int) -> None:
        take_away(held.pop())
        held.append(ax.fill_between(x, 2, 5 + np.sin(x + frame), alpha=0.5))

    it.steps.append(renew)


def contours(it: RandomFigure, ax: Any) -> None:
    x, y = np.meshgrid(np.linspace(0, 10, 12), np.linspace(0, 10, 12))
    held = [ax.contourf(x, y, np.sin(x) + y, alpha=0.7)]

    def renew(frame: int) -> None:
        take_away(held.pop())
        held.append(ax.contourf(x, y, np.sin(x + frame) + y))

    if it.rng.random() < 0.5:
        it.steps.append(renew)


def errors(it: RandomFigure, ax: Any) -> None:
    x = np.arange(1, 9, 2)
    made = ax.errorbar(x, it.rng.uniform(2, 8, 4), yerr=it.rng.uniform(0.2, 2, 4), capsize=3, label="errors")
    it.add(made.lines[0], lambda frame: made.lines[0].set_ydata(it.rng.uniform(2, 8, 4)))


def stems(it: RandomFigure, ax: Any) -> None:
    made = ax.stem(np.arange(1, 9), it.rng.uniform(1, 9, 8), label="stems")
    it.add(made.markerline, lambda frame: made.markerline.set_ydata(it.rng.uniform(1, 9, 8)))


def line3d(it: RandomFigure, ax: Any) -> None:
    t = np.linspace(0, 6, 40)
    (artist,) = ax.plot(np.cos(t), np.sin(t), t)
    it.add(artist, lambda frame: artist.set_data_3d(np.cos(t[: frame + 2]), np.sin(t[: frame + 2]), t[: frame + 2]))


def surface3d(it: RandomFigure, ax: Any) -> None:
    x, y = np.meshgrid(np.linspace(-1, 1, 8), np.linspace(-1, 1, 8))
    ax.plot_surface(x, y, x * y, cmap="viridis")
    if it.rng.random() < 0.3:
        ax.computed_zorder = False


def scatter3d(it: RandomFigure, ax: Any) -> None:
    points = it.rng.uniform(-1, 1, (3, 10))
    artist = ax.scatter(*points)

    def step(frame: int) -> None:
        artist._offsets3d = tuple(points + 0.1 * (frame % 4))

    it.add(artist, step)


def text3d(it: RandomFigure, ax: Any) -> None:
    artist = ax.text(0, 0, 0, "mark")
    it.add(artist, lambda frame: artist.set_text(f"mark {frame}"))


def wires3d(it: RandomFigure, ax: Any) -> None:
    x, y = np.meshgrid(np.linspace(-1, 1, 6), np.linspace(-1, 1, 6))
    held = [ax.plot_wireframe(x, y, x + y, lw=0.7)]

    def renew(frame: int) -> None:
        take_away(held.pop())
        held.append(ax.plot_wireframe(x, y, np.sin(x + frame) + y, lw=0.7))

    it.steps.append(renew)


def bars3d(it: RandomFigure, ax: Any) -> None:
    it.add(ax.bar3d([-0.5, 0.3], [0, 0.2], 0, 0.2, 0.2, it.rng.uniform(0.2, 1, 2)))


def contour3d(it: RandomFigure, ax: Any) -> None:
    x, y = np.meshgrid(np.linspace(-1, 1, 9), np.linspace(-1, 1, 9))
    it.add(ax.contour(x, y, x * y, zdir="z", offset=-1))


def moving_limits(it: RandomFigure, ax: Any) -> Step:
    start = int(it.rng.integers(0, 6))
    return lambda frame: ax.set_xlim(0, 10 + frame) if frame >= start else None


def moving_heights(it: RandomFigure, ax: Any) -> Step:
    return lambda frame: ax.set_ylim(-frame, 10) if frame % 3 == 0 else ax.relim() or ax.autoscale_view()


def legend_comes_and_goes(it: RandomFigure, ax: Any) -> Step:
    ax.plot([0, 9], [9, 0], color="C7", label="in the legend")

    def step(frame: int) -> None:
        old = ax.get_legend()
        if old is not None and frame % 3 == 2:
            take_away(old)
        elif ax.get_legend_handles_labels()[0]:  # which another step may have cleared away
            ax.legend(
                loc="upper right" if frame % 2 else "lower left", framealpha=0.2 * (frame % 5), ncols=1 + frame % 2
            )

    return step


def legend_texts(it: RandomFigure, ax: Any) -> Step:
    ax.plot([0, 9], [2, 3], color="C8", label="loss 0")
    legend = ax.legend()
    return lambda frame: legend.get_texts()[-1].set_text(f"loss {frame / 3:.2f}")


def logarithmic(it: RandomFigure, ax: Any) -> Step:
    return lambda frame: ax.set(xscale="log" if frame % 5 == 1 else "linear", xlim=(0.1, 10))


def limits3d(it: RandomFigure, ax: Any) -> Step:
    return lambda frame: ax.set(zlim=(-1, 1 + frame % 4), xlim=(-1 - frame % 2, 1))


def moving_title(it: RandomFigure, ax: Any) -> Step:
    ax.set_title("frame")
    return lambda frame: ax.set_title(f"frame {frame}")


def moving_label(it: RandomFigure, ax: Any) -> Step:
    return lambda frame: ax.set_xlabel(f"step {frame}")


def tick_colors(it: RandomFigure, ax: Any) -> Step:
    def step(frame: int) -> None:
        for label in ax.get_xticklabels()[:2]:
            label.set_color(f"C{frame % 5}")

    return step


def tick_params(it: RandomFigure, ax: Any) -> Step:
    return lambda frame: ax.tick_params(labelsize=5 + frame % 3) if frame % 3 == 0 else None


def formatter(it: RandomFigure, ax: Any) -> Step:
    unit = ["a"]
    ax.xaxis.set_major_formatter(lambda value, position: f"{value:g}{unit[0]}")
    return lambda frame: unit.__setitem__(0, "abc"[frame % 3])


def come_and_go(it: RandomFigure, ax: Any) -> Step:
    held: list[Any] = []

    def step(frame: int) -> None:
        if held and it.rng.random() < 0.6:
            take_away(held.pop(it.rng.integers(len(held))))
        else:
            held.append(ax.axhline(frame % 9, color=f"C{frame % 9}", zorder=float(it.rng.choice([1, 2, 3]))))

    return step


def spines(it: RandomFigure, ax: Any) -> Step:
    return lambda frame: ax.spines["left"].set_position(("axes", 0.05 * (frame % 4)))


def visibility(it: RandomFigure, ax: Any) -> Step:
    return lambda frame: ax.set_visible(frame % 4 != 3)


def background(it: RandomFigure, ax: Any) -> Step:
    return lambda frame: ax.set_facecolor((0.9, 0.9, 1 - 0.05 * (frame % 5), 0.7))


def place(it: RandomFigure, ax: Any) -> Step:
    def step(frame: int) -> None:
        if it.figure.get_layout_engine() is None:
            box = ax.get_position()
            ax.set_position([box.x0, box.y0, box.width * 0.98, box.height])

    return step


def cleared(it: RandomFigure, ax: Any) -> Step:
    def step(frame: int) -> None:
        ax.clear()
        ax.plot(np.arange(5), np.arange(5) * frame)

    return step


def scale(it: RandomFigure, ax: Any) -> Step:
    return lambda frame: ax.set_yscale("symlog" if frame % 4 == 3 else "linear")


def turn(it: RandomFigure, ax: Any) -> Step:
    return lambda frame: ax.view_init(elev=30, azim=5 * frame)


def figure_text(it: RandomFigure) -> None:
    artist = it.figure.text(0.1, 0.95, "note")
    it.steps.append(lambda frame: artist.set_text(f"note {frame}"))


def suptitle(it: RandomFigure) -> None:
    it.figure.suptitle("all of it")
    if it.rng.random() < 0.5:
        it.steps.append(lambda frame: it.figure.suptitle(f"all of it {frame}"))


def connection(it: RandomFigure) -> None:
    one, other = it.figure.axes[0], it.figure.axes[-1]
    if "3d" in (one.name, other.name) or it.figure.get_layout_engine() is not None:
        return
    artist = ConnectionPatch((2, 2), (5, 5), "data", "data", axesA=one, axesB=other, color="r")
    it.figure.add_artist(artist)

    def step(frame: int) -> None:
        artist.xy1 = (2, frame % 9)

    it.steps.append(step)


def figure_line(it: RandomFigure) -> None:
    artist = Line2D([0, 1], [0.5, 0.5], lw=2)
    it.figure.add_artist(artist)
    it.steps.append(lambda frame: artist.set_ydata([0.5, 0.1 * (frame % 10)]))


def figure_color(it: RandomFigure) -> None:
    it.steps.append(lambda frame: it.figure.set_facecolor("w" if frame % 3 else (0.8, 0.9, 0.8, 0.5)))


def new_axes(it: RandomFigure) -> None:
    def step(frame: int) -> None:
        if frame == 4 and it.figure.get_layout_engine() is None:
            it.figure.add_axes((0.6, 0.6, 0.3, 0.3)).plot([0, 1])
        if frame == 7 and len(it.figure.axes) > 1:
            it.figure.axes[-1].remove()

    it.steps.append(step)


def path_marker(it: RandomFigure, ax: Any) -> None:
    verts = np.array([(-1.0, -1), (1, -1), (0, 1), (-1, -1)])
    (artist,) = ax.plot([2, 5, 8], [5, 6, 5], marker=Path(verts), ms=9, ls="")
    it.add(artist, lambda frame: artist.set_markersize(5 + frame % 7))


def spans(it: RandomFigure, ax: Any) -> None:
    span = ax.axvspan(2, 4, color="C4", alpha=0.3)
    it.add(span, lambda frame: span.set_x(frame % 7))
    slope = ax.axline((1, 1), slope=0.7, color="C5")
    it.add(slope, lambda frame: slope.set_slope(0.2 * (frame % 6)))
    flag = ax.axhline(4, xmin=0.2, xmax=0.8, ls="-.")
    it.add(flag, lambda frame: flag.set_transform(blended_transform_factory(ax.transAxes, ax.transData)))


def steps(it: RandomFigure, ax: Any) -> None:
    counts, edges, _ = ax.hist(it.rng.uniform(0, 10, 40), bins=6, histtype="step", label="steps")
    stairs = ax.stairs(counts, edges, fill=True, alpha=0.4)
    it.add(stairs, lambda frame: stairs.set_data(np.roll(counts, frame)))


def boxes(it: RandomFigure, ax: Any) -> None:
    made = ax.boxplot([it.rng.normal(5, 2, 20), it.rng.normal(4, 1, 20)], positions=[3, 6], manage_ticks=False)
    it.add(made["medians"][0], lambda frame: made["boxes"][frame % 2].set_color(f"C{frame % 6}"))


def hexagons(it: RandomFigure, ax: Any) -> None:
    made = ax.hexbin(*it.rng.uniform(0, 10, (2, 60)), gridsize=6, extent=(0, 10, 0, 10))
    it.add(made, lambda frame: made.set_array(np.roll(made.get_array(), frame)))


def triangles(it: RandomFigure, ax: Any) -> None:
    x, y = it.rng.uniform(0, 10, (2, 15))
    made = ax.tripcolor(x, y, it.rng.random(15), shading=str(it.rng.choice(["flat", "gouraud"])))
    it.add(made, lambda frame: made.set_array(np.roll(made.get_array(), frame)))
    it.add(ax.triplot(x, y, lw=0.5)[0])


def events(it: RandomFigure, ax: Any) -> None:
    (made,) = ax.eventplot(it.rng.uniform(0, 10, 9), lineoffsets=5, linelengths=2, color="C6")
    it.add(made, lambda frame: made.set_positions(it.rng.uniform(0, 10, 1 + frame % 9)))


def table(it: RandomFigure, ax: Any) -> None:
    made = ax.table([["a", "b"], ["c", "d"]], loc="center", bbox=[0.1, 0.1, 0.5, 0.3])
    it.add(made, lambda frame: made[0, frame % 2].get_text().set_text(f"{frame}"))


def thumbnail(it: RandomFigure, ax: Any) -> None:
    picture = OffsetImage(it.rng.random((6, 6, 4)), zoom=3)
    made = AnnotationBbox(picture, (4, 6), xybox=(7, 3), arrowprops={"arrowstyle": "->"})
    ax.add_artist(made)

    def move(frame: int) -> None:
        made.xybox = (2 + frame % 6, 3)

    ways: list[Step] = [move, lambda frame: picture.set_data(it.rng.random((6, 6, 4)))]
    it.add(made, ways[it.rng.integers(len(ways))])


def anchored(it: RandomFigure, ax: Any) -> None:
    made = AnchoredText("anchored", loc="lower right")
    ax.add_artist(made)
    it.add(made, lambda frame: made.txt.set_text(f"anchored {frame}"))


def veiled(it: RandomFigure, ax: Any) -> None:
    """Add an image and points each of whose values has an opacity of its own."""
    made = ax.imshow(it.rng.random((5, 6)), extent=(1, 9, 1, 9), aspect="auto", alpha=it.rng.random((5, 6)))
    it.add(made)
    dots = ax.scatter(*it.rng.uniform(0, 10, (2, 9)), alpha=it.rng.random(9), s=60, linewidths=2, edgecolors="k")
    it.steps += [
        lambda frame: made.set_alpha(np.roll(made.get_alpha(), frame)) if np.ndim(made.get_alpha()) else None,
        lambda frame: dots.set_alpha(np.roll(np.linspace(0.1, 1, 9), frame)),
    ]


def cut(it: RandomFigure, ax: Any) -> None:
    """Add a line that shows through a hole, which moves, opens and closes."""
    (made,) = ax.plot(np.linspace(0, 10, 50), 5 + 3 * np.cos(np.linspace(0, 10, 50)), lw=3)
    hole = Rectangle((2, 2), 5, 5, transform=ax.transData)

    def step(frame: int) -> None:
        hole.set_x(frame % 5)
        made.set_clip_path(hole if frame % 3 else None)

    it.add(made, step)


def put_aside(it: RandomFigure, ax: Any) -> None:
    """Add a line that is taken away and put back, the same one."""
    (made,) = ax.plot([1, 9], [2, 8], color="C9", lw=4, alpha=0.6)

    def step(frame: int) -> None:
        if made.axes is None:
            ax.add_line(made)
        else:
            take_away(made)

    it.steps.append(step)


def marked_as_animated(it: RandomFigure, ax: Any) -> None:
    (made,) = ax.plot([1, 9], [8, 2], color="C8", animated=True)
    it.add(made, lambda frame: made.set_ydata([8 - frame % 5, 2]))


def quiver3d(it: RandomFigure, ax: Any) -> None:
    held = [ax.quiver([0, 0.5], [0, 0.2], [0, 0], [1, 0], [0, 1], [0.5, 0.5], length=0.5)]

    def renew(frame: int) -> None:
        take_away(held.pop())
        held.append(ax.quiver([0, 0.5], [0, 0.2], [0, 0], [1, 0], [0, 1], [0.1 * frame, 0.5], length=0.5))

    it.steps.append(renew)


def triangles3d(it: RandomFigure, ax: Any) -> None:
    made = ax.plot_trisurf(*it.rng.uniform(-1, 1, (3, 12)), alpha=0.6)
    it.add(made, lambda frame: made.set_facecolor(f"C{frame % 6}"))


def legend3d(it: RandomFigure, ax: Any) -> None:
    (made,) = ax.plot([0, 1], [0, 1], [0, 1], label="way 0")

    def step(frame: int) -> None:
        made.set_label(f"way {frame}")
        ax.legend(loc="upper left")

    it.steps.append(step)


def inverted(it: RandomFigure, ax: Any) -> Step:
    return lambda frame: ax.invert_yaxis() if frame % 3 == 1 else ax.margins(y=0.05 * (frame % 4))


def ticks(it: RandomFigure, ax: Any) -> Step:
    def step(frame: int) -> None:
        ax.set_xticks([1, 1 + frame % 8, 9], labels=["one", f"{frame}", "nine"], rotation=30 * (frame % 2))
        ax.minorticks_on() if frame % 3 else ax.minorticks_off()

    return step


def grid_comes_and_goes(it: RandomFigure, ax: Any) -> Step:
    return lambda frame: ax.grid(True, color=f"C{frame % 5}", alpha=0.5) if frame % 2 else ax.grid(False)


def figure_legend(it: RandomFigure) -> None:
    held: list[Any] = []

    def step(frame: int) -> None:
        if held:
            take_away(held.pop())
        else:
            handles = [Line2D([], [], color=f"C{frame % 6}", label=f"of all {frame}")]
            held.append(it.figure.legend(handles=handles, loc="upper center", framealpha=0.5))

    it.steps.append(step)


def figure_image(it: RandomFigure) -> None:
    made = it.figure.figimage(it.rng.random((30, 40, 4)), xo=20, yo=30, zorder=float(it.rng.choice([-1, 1, 5])))
    it.steps.append(lambda frame: made.set_data(it.rng.random((30, 40, 4))))


ARTISTS = [
    line, line, line, scatter, bars, image, mesh, text, text, annotation, patches, clipped, segments, quiver, filled,
    contours, path_marker, errors, stems,
]  # fmt: skip
ARTISTS_POLAR = [line, scatter, text, filled]
ARTISTS_3D = [line3d, surface3d, scatter3d, text3d, wires3d, bars3d, contour3d]
FIGURE_ARTISTS = [figure_text, suptitle, connection, figure_line, figure_color, new_axes]
CHANGES_ANY = [moving_title, come_and_go, visibility, background, legend_comes_and_goes]
CHANGES = [
    *CHANGES_ANY, moving_limits, moving_label, tick_colors, tick_params, formatter, spines, place, cleared, scale,
    moving_heights, legend_texts, logarithmic,
]  # fmt: skip
CHANGES_3D = [moving_title, turn, visibility, limits3d]

FIRST_TABLES: dict[str, list[Any]] = {
    "axes": ["one", "two", "four", "twin", "inset", "polar", "3d", "subfigures", "shared", "secondary"],
    "figure": FIGURE_ARTISTS,
    "rectilinear": ARTISTS,
    "polar": ARTISTS_POLAR,
    "3d": ARTISTS_3D,
    "changes rectilinear": CHANGES,
    "changes polar": CHANGES_ANY,
    "changes 3d": CHANGES_3D,
}
MORE_ARTISTS = [
    spans, steps, boxes, hexagons, triangles, events, table, thumbnail, anchored, veiled, cut, put_aside,
    marked_as_animated,
]  # fmt: skip
SECOND_TABLES: dict[str, list[Any]] = {
    "axes": [*FIRST_TABLES["axes"], "twin across", "nested insets", "overlapping", "twin across", "nested insets"],
    "figure": [*FIGURE_ARTISTS, figure_legend, figure_image],
    "rectilinear": [*ARTISTS, *MORE_ARTISTS, *MORE_ARTISTS],
    "polar": [*ARTISTS_POLAR, steps, anchored, spans],
    "3d": [*ARTISTS_3D, quiver3d, triangles3d, legend3d],
    "changes rectilinear": [*CHANGES, inverted, ticks, grid_comes_and_goes],
    "changes polar": [*CHANGES_ANY, grid_comes_and_goes],
    "changes 3d": [*CHANGES_3D, grid_comes_and_goes],
}
