"""Each frame of a film, stopped in Chromium, against matplotlib's own SVG of that frame in Chromium."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Wedge
from matplotlib.patheffects import withStroke

from tests.vector.conftest import SIZE, Pixels, Update, reference, share_alike

if TYPE_CHECKING:
    from playwright.sync_api import Page

N_FRAMES = 6

SIZE_OF = dict.fromkeys(
    (
        *("points_of_many_kinds", "residuals_of_a_line", "curves_of_which_matplotlib_leaves_points_out"),
        *("constrained_layout", "a_noisy_line", "streams", "bars_on_polar_axes"),
    ),
    (640, 480),
)
"""The size of figures of many edges. Chromium rounds the ends of edges to quarters of a pixel, so that a shape moved by
nearly nothing may look different, and the smaller a picture, the more of it is edges."""


def unscaled(figure: Figure) -> None:
    """Draw a figure at 72 dots per inch: where it scales matplotlib's file, Chromium blurs images by a pixel."""
    figure.set_dpi(72)
    figure.set_size_inches(SIZE[0] / 72, SIZE[1] / 72)
    vars(figure).pop("_original_dpi")
    FigureCanvasAgg(figure)  # which notes the resolution for files


FIGURES: dict[str, Callable[[Figure], Update]] = {}


def kind(make: Callable[[Figure], Update]) -> Callable[[Figure], Update]:
    FIGURES[make.__name__] = make
    return make


@kind
def growing_line_and_counter(figure: Figure) -> Update:
    ax = figure.subplots()
    ax.set(xlim=(0, 12), ylim=(-1.1, 1.1), title="a title")
    (line,) = ax.plot([], [], lw=2, color="#8c3d01")
    ax.plot([0, 12], [0, 0], "--", color="gray", zorder=3)
    text = figure.text(0.7, 0.2, "")
    x = np.linspace(0, 12, 10 * N_FRAMES)

    def update(frame: int) -> None:
        n_points = 10 * (frame + 1)
        line.set_data(x[:n_points], np.sin(x[:n_points]))
        text.set_text(f"$x^2$ {frame * 7}")

    return update


@kind
def points_of_many_kinds(figure: Figure) -> Update:
    left, right = figure.subplots(1, 2)
    points = np.random.default_rng(0).normal(size=(30, 2))
    colors = points[:, 0]
    scattered = left.scatter(*points.T, c=colors, s=20 + 60 * colors**2, alpha=0.6, edgecolors="k")
    (marked,) = right.plot(*points.T, "s", mec="w")
    right.vlines(points[:, 0], -1, points[:, 1], alpha=0.5)

    def update(frame: int) -> None:
        scattered.set_offsets(points * (1 - 0.1 * frame))
        marked.set_data(points[: 30 - 5 * frame].T)

    return update


@kind
def clips_hatches_effects(figure: Figure) -> Update:
    ax = figure.subplots()
    ax.set(xlim=(0, 6), ylim=(0, 3))
    ax.contourf(np.add.outer(np.arange(4.0) ** 2, np.arange(7.0)), 5, cmap="Blues")
    circle = ax.add_patch(Circle((3, 1.5), 1, transform=ax.transData, visible=False))
    (line,) = ax.plot([0, 6], [0, 3], "r", lw=20)
    line.set_clip_path(circle)
    (bar,) = ax.bar([1], [1], hatch="//", facecolor="none", edgecolor="k")
    text = ax.text(2, 2, "", path_effects=[withStroke(linewidth=3, foreground="w")])

    def update(frame: int) -> None:
        line.set_ydata([frame / 2, 3])
        bar.set_height(1 + frame / 3)
        text.set_text("abc"[: frame // 2 + 1])

    return update


@kind
def artists_that_come_and_go(figure: Figure) -> Update:
    ax = figure.subplots()
    ax.set(xlim=(0, N_FRAMES), ylim=(0, 1))
    text = ax.annotate("new", (1, 0.5))
    lines = [ax.axvline(number + 0.5, visible=False, color="k") for number in range(N_FRAMES)]

    def update(frame: int) -> None:
        for number, line in enumerate(lines):
            line.set_visible(number in (frame, 0))
        text.set_visible(frame > 3)
        ax.set_xlim(0, N_FRAMES + frame // 2 * 10)

    return update


@kind
def images_and_rasterized(figure: Figure) -> Update:
    unscaled(figure)
    left, right = figure.subplots(1, 2)
    image = left.imshow(np.arange(12).reshape(3, 4), interpolation="nearest")
    (line,) = right.plot([0, 1], [0, 1], lw=8, rasterized=True)

    def update(frame: int) -> None:
        image.set_data((np.arange(12).reshape(3, 4) + 3 * frame) % 12)
        line.set_ydata([0, frame])

    return update


@kind
def residuals_of_a_line(figure: Figure) -> Update:
    """A line that turns over the ends of segments that fade; in one frame the segments end elsewhere."""
    ax = figure.subplots()
    ax.set(xlim=(-1, 1), ylim=(-3, 3))
    x, y = np.linspace(-0.95, 0.95, 12), np.random.default_rng(0).normal(size=12)
    residuals = ax.add_collection(LineCollection([], linewidths=1))
    (line,) = ax.plot([-1, 1], [0, 0], color="C1", lw=2.5)

    def update(frame: int) -> None:
        slope, intercept = 2 - frame, 0.3 * frame
        line.set_ydata([intercept - slope, intercept + slope])
        ends = slope * x + intercept + (0.5 * x**2 if frame == 2 else 0)
        residuals.set_segments(np.stack([np.column_stack([x, y]), np.column_stack([x, ends])], axis=1))
        residuals.set(color="C2" if frame < 4 else "C3", visible=frame != 3)

    return update


@kind
def curves_of_which_matplotlib_leaves_points_out(figure: Figure) -> Update:
    """Long lines, one of them as if drawn by hand, and wedges."""
    left, right = figure.subplots(1, 2)
    x = np.linspace(0, 10, 300)
    (line,) = left.plot(x, np.sin(x))
    (sketched,) = left.plot(x, np.cos(x))
    sketched.set_sketch_params(2, 100, 2)
    right.set(xlim=(-1, 1), ylim=(-1, 1))
    wedge = right.add_patch(Wedge((0, 0), 0.8, 0, 90))

    def update(frame: int) -> None:
        line.set_ydata(np.sin(x + 0.1 * frame))
        sketched.set_ydata(np.cos(x - 0.1 * frame))
        wedge.set_theta2(90 + 30 * frame)

    return update


@kind
def words_and_shapes_that_fade(figure: Figure) -> Update:
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, 3), ylim=(0, 3))
    faded = [ax.text(0.1, 0.27 + 0.53 * row, f"Heavy ball ■ $x^{row}$ {row}", fontsize=9 + row) for row in range(5)]
    faded += ax.bar([2, 2.5], [1, 2.1], width=0.3, edgecolor="black")
    faded += [ax.scatter([1.5, 1.7], [0.5, 1.5], s=90, edgecolors="black")]

    def update(frame: int) -> None:
        for artist in faded:
            artist.set_alpha(0.1 + 0.15 * frame)

    return update


@kind
def constrained_layout(figure: Figure) -> Update:
    figure.set_layout_engine("constrained")
    left, right = figure.subplots(1, 2)
    (line,) = left.plot([0, 1], [0, 1])
    right.bar(["one", "two"], [2, 3])

    def update(frame: int) -> None:
        line.set_ydata([0, 1 + frame])
        left.set_ylabel("y" * (1 + frame))

    return update


@kind
def arrows(figure: Figure) -> Update:
    left, right = figure.subplots(1, 2)
    x, y = np.meshgrid(np.linspace(0, 5, 8), np.linspace(0, 4, 7))
    quiver = left.quiver(x, y, np.cos(x), np.sin(y))
    barbs = right.barbs(x[::2, ::2], y[::2, ::2], 30 * np.cos(x[::2, ::2]), 40 * np.sin(y[::2, ::2]), length=5)

    def update(frame: int) -> None:
        quiver.set_UVC(np.cos(x + 0.3 * frame), np.sin(y - 0.2 * frame))
        barbs.set_UVC(30 * np.cos(x + frame)[::2, ::2], 40 * np.sin(y)[::2, ::2])

    return update


@kind
def few_segments(figure: Figure) -> Update:
    left, right = figure.subplots(1, 2)
    places = np.random.default_rng(0).random((3, 20))
    rows = left.eventplot(places)  # type: ignore[arg-type]
    left.set_xlim(0, 1)
    segments = right.vlines(places[0], 0, places[1])

    def update(frame: int) -> None:
        for row, positions in zip(rows, places, strict=True):
            row.set_positions(positions + 0.03 * frame)
        ends = np.column_stack([places[0], places[1] - 0.1 * frame])
        segments.set_segments(np.stack([np.column_stack([places[0], places[2]]), ends], axis=1))

    return update


@kind
def a_noisy_line(figure: Figure) -> Update:
    ax = figure.subplots()
    values = np.random.default_rng(0).normal(size=(N_FRAMES, 2000))
    (line,) = ax.plot(values[0])
    return lambda frame: line.set_ydata(values[frame])


@kind
def streams(figure: Figure) -> Update:
    ax = figure.subplots()
    x, y = np.meshgrid(np.linspace(-2, 2, 20), np.linspace(-2, 2, 15))

    def update(frame: int) -> None:
        ax.clear()
        ax.streamplot(x, y, np.cos(y + frame / 5), np.sin(x))

    return update


@kind
def bars_on_polar_axes(figure: Figure) -> Update:
    ax = figure.add_subplot(projection="polar")
    bars = ax.bar(np.linspace(0, 6, 9), np.arange(9) + 1, width=0.5, alpha=0.6)

    def update(frame: int) -> None:
        for number, bar in enumerate(bars):
            bar.set_height(1 + (frame + number) % 9)

    return update


@kind
def contours(figure: Figure) -> Update:
    left, right = figure.subplots(1, 2)
    x, y = np.meshgrid(np.linspace(-2, 2, 40), np.linspace(-2, 2, 30))
    shown: list[Any] = []

    def update(frame: int) -> None:
        while shown:
            shown.pop().remove()
        z = np.sin(x * y + 0.3 * frame)
        shown[:] = left.contour(x, y, z, 3), right.contourf(x, y, z, 5)

    return update


@kind
def cells_of_a_polar_mesh(figure: Figure) -> Update:
    ax = figure.add_subplot(projection="polar")
    ax.grid(visible=False)
    angle, radius = np.meshgrid(np.linspace(0, 2 * np.pi, 25), np.linspace(0, 1, 6))
    mesh = ax.pcolormesh(angle, radius, angle * radius)
    return lambda frame: mesh.set_array(np.sin(angle * radius + frame))


@kind
def an_image_in_a_circle(figure: Figure) -> Update:
    unscaled(figure)
    ax = figure.subplots()
    values = np.random.default_rng(0).random((20, 30))
    image = ax.imshow(values)
    image.set_clip_path(Circle((14.3, 10.2), 7.1, transform=ax.transData))
    return lambda frame: image.set_data(np.roll(values, frame))


@pytest.mark.parametrize("name", FIGURES)
def test_a_frame_in_a_browser_is_that_of_matplotlibs_own_svg(
    name: str, figure: Figure, save: Any, frame: Callable[[int], Pixels], picture: Callable[..., Pixels], page: Page
) -> None:
    width, height = SIZE_OF.get(name, SIZE)
    figure.set_size_inches(width / 100, height / 100)
    update = FIGURES[name](figure)
    save(figure, update, N_FRAMES)
    page.set_viewport_size({"width": width, "height": height})
    ours = [frame(number) for number in range(0, N_FRAMES, 2)]
    for number, pixels in zip(range(0, N_FRAMES, 2), ours, strict=True):
        update(number)
        truth = picture(reference(figure), (width, height))
        assert (truth < 200).any()
        assert share_alike(pixels, truth) > 0.999


@pytest.mark.parametrize(
    ("options", "has_rays"),
    [({}, True), ({"lw": 1.2}, False), ({"zorder": 0}, False), ({"alpha": 0.5}, False), ({"linestyle": ":"}, False)],
)
def test_segments_become_rays_where_a_line_hides_their_ends(
    options: dict[str, Any], has_rays: bool, figure: Figure, save: Any
) -> None:
    update = residuals_of_a_line(figure)
    figure.axes[0].lines[0].set(**options)
    assert ('<g id="Ra">' in save(figure, update, N_FRAMES)) is has_rays


def test_segments_beyond_the_end_of_a_line_stay(figure: Figure, save: Any) -> None:
    update = residuals_of_a_line(figure)
    line = figure.axes[0].lines[0]
    text = save(figure, lambda frame: (update(frame), line.set_xdata([-0.5, 0.5])), N_FRAMES)
    assert '<g id="Ra">' not in text


def test_color_gradients_are_those_of_pixels(figure: Figure, save: Any, frame: Callable[[int], Pixels]) -> None:
    """matplotlib's own SVG of them is no oracle: browsers do not have the filter that it needs."""
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set_axis_off()
    x, y = np.meshgrid(np.arange(5.0), np.arange(4.0))
    mesh = ax.pcolormesh(x, y, x * y, shading="gouraud")
    save(figure, lambda number: mesh.set_array(np.sin(x * y + number)), 3)
    for number in range(3):
        mesh.set_array(np.sin(x * y + number))
        figure.canvas.draw()  # type: ignore[attr-defined]
        truth = np.asarray(figure.canvas.buffer_rgba())[..., :3].astype(np.int64)  # type: ignore[attr-defined]
        assert share_alike(frame(number), truth) > 0.999
