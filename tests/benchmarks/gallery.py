"""Animations in the manner of matplotlib's gallery, each written for the purpose: what people save with matplotlib.

Every function makes a new figure and returns an animation of it, so that one can be saved by two writers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.animation import Animation, ArtistAnimation, FuncAnimation
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import ConnectionPatch

Make = Callable[[int], Animation]


def _figure(**options: Any) -> Figure:
    figure = Figure(figsize=(12.8, 7.2), dpi=100, **options)
    FigureCanvasAgg(figure)
    return figure


def _animation(figure: Figure, update: Callable[[int], Any], n_frames: int, **options: Any) -> FuncAnimation:
    return FuncAnimation(figure, update, frames=n_frames, cache_frame_data=False, **options)


def travelling_wave(n_frames: int) -> Animation:
    """A sine line that moves through one axes."""
    figure = _figure()
    ax = figure.subplots()
    x = np.linspace(0, 2 * np.pi, 400)
    (line,) = ax.plot(x, np.sin(x))

    def update(frame: int) -> tuple[Any, ...]:
        line.set_ydata(np.sin(x + frame / 50))
        return (line,)

    return _animation(figure, update, n_frames, blit=True)


def double_pendulum(n_frames: int) -> Animation:
    """Two rods, the trace of the lower end, a grid, and the time as text."""
    figure = _figure()
    ax = figure.add_subplot(autoscale_on=False, xlim=(-2, 2), ylim=(-2, 1))
    ax.set_aspect("equal")
    ax.grid()
    (rods,) = ax.plot([], [], "o-", lw=2)
    (trace,) = ax.plot([], [], ".-", lw=1, ms=2)
    clock = ax.text(0.05, 0.9, "", transform=ax.transAxes)
    angle = np.cumsum(np.sin(np.arange(n_frames) / 100)) * 0.05
    upper = np.column_stack([np.sin(angle), -np.cos(angle)])
    lower = upper + np.column_stack([np.sin(2.3 * angle), -np.cos(2.3 * angle)])

    def update(frame: int) -> tuple[Any, ...]:
        rods.set_data([0, upper[frame, 0], lower[frame, 0]], [0, upper[frame, 1], lower[frame, 1]])
        trace.set_data(*lower[max(0, frame - 500) : frame].T)
        clock.set_text(f"time = {frame * 0.02:.1f}s")
        return rods, trace, clock

    return _animation(figure, update, n_frames, blit=True)


def rain(n_frames: int) -> Animation:
    """Rings of a scatter that grow and fade, in an axes without ticks."""
    rng = np.random.default_rng(1)
    figure = _figure()
    ax = figure.add_axes((0, 0, 1, 1), frameon=False, xticks=[], yticks=[], xlim=(0, 1), ylim=(0, 1))
    places, sizes = rng.uniform(0, 1, (50, 2)), rng.uniform(50, 2000, 50)
    drops = ax.scatter(*places.T, s=sizes, lw=0.5, edgecolors="k", facecolors="none")

    def update(frame: int) -> None:
        nonlocal sizes
        sizes = np.where(np.arange(50) == frame % 50, 50, sizes + 30)
        places[frame % 50] = rng.uniform(0, 1, 2)
        drops.set_edgecolors(np.column_stack([np.zeros((50, 3)), np.clip(1 - sizes / 2500, 0, 1)]))
        drops.set_sizes(sizes)
        drops.set_offsets(places)

    return _animation(figure, update, n_frames)


def image_sequence(n_frames: int) -> Animation:
    """One image after another, each an artist of its own."""
    figure = _figure()
    ax = figure.subplots()
    x, y = np.meshgrid(np.linspace(0, 2 * np.pi, 120), np.linspace(0, 2 * np.pi, 100))
    images = [[ax.imshow(np.sin(x + frame / 15) + np.cos(y + frame / 20), animated=True)] for frame in range(n_frames)]
    return ArtistAnimation(figure, images, interval=40, blit=True)


def histogram(n_frames: int) -> Animation:
    """The bars of a histogram of data that change."""
    rng = np.random.default_rng(2)
    figure = _figure()
    ax = figure.subplots()
    edges = np.linspace(-4, 4, 41)
    _, _, bars = ax.hist(rng.standard_normal(1000), edges, lw=1, ec="yellow", fc="green", alpha=0.5)
    ax.set_ylim(top=120)
    ax.set(title="A thousand samples", xlabel="value", ylabel="count")

    def update(_frame: int) -> list[Any]:
        counts, _ = np.histogram(rng.standard_normal(1000), edges)
        for count, bar in zip(counts, bars.patches, strict=True):
            bar.set_height(count)
        return bars.patches

    return _animation(figure, update, n_frames, blit=True)


def strip_chart(n_frames: int) -> Animation:
    """A signal whose time axis jumps ahead whenever it reaches the end."""
    rng = np.random.default_rng(3)
    figure = _figure()
    ax = figure.subplots()
    ax.set(xlim=(0, 10), ylim=(-0.1, 1.1))
    ax.grid()
    (line,) = ax.plot([], [])
    times, values = [0.0], [0.0]

    def update(frame: int) -> tuple[Any, ...]:
        times.append(frame * 0.1)
        values.append(float(rng.random()))
        if times[-1] > ax.get_xlim()[1]:
            ax.set_xlim(ax.get_xlim()[0], 2 * ax.get_xlim()[1])
        line.set_data(times, values)
        return (line,)

    return _animation(figure, update, n_frames, blit=True)


def sliding_window(n_frames: int) -> Animation:
    """Two panels above each other whose common time axis moves with every frame."""
    rng = np.random.default_rng(4)
    figure = _figure()
    upper, lower = figure.subplots(2, 1, sharex=True)
    signal = np.cumsum(rng.standard_normal((2, n_frames + 200)), axis=1)
    (first,), (second,) = upper.plot(signal[0]), lower.plot(signal[1], "C1")

    def update(frame: int) -> tuple[Any, ...]:
        upper.set_xlim(frame, frame + 200)
        return first, second

    return _animation(figure, update, n_frames)


def posterior(n_frames: int) -> Animation:
    """A filled density that is removed and drawn anew, with a legend and the count in the title."""
    figure = _figure()
    ax = figure.subplots()
    x = np.linspace(0, 1, 300)
    ax.set(xlim=(0, 1), ylim=(0, 15), xlabel="probability", ylabel="density")
    (line,) = ax.plot([], [], "k", label="posterior")
    ax.axvline(0.6, ls="--", c="k", label="truth")
    ax.legend()
    held = [ax.fill_between(x, 0 * x, alpha=0.3)]

    def update(frame: int) -> tuple[Any, ...]:
        density = x ** (0.6 * frame) * (1 - x) ** (0.4 * frame)
        density /= max(density.sum() * (x[1] - x[0]), 1e-300)
        line.set_data(x, density)
        held.pop().remove()
        held.append(ax.fill_between(x, density, alpha=0.3, color="C0"))
        ax.set_title(f"after {frame} trials")
        return (line,)

    return _animation(figure, update, n_frames)


def ridge_lines(n_frames: int) -> Animation:
    """Sixty filled lines, the nearer hiding the farther, white on black."""
    rng = np.random.default_rng(5)
    figure = _figure(facecolor="black")
    ax = figure.add_axes((0.05, 0.05, 0.9, 0.9), frameon=False, xticks=[], yticks=[])
    data = rng.uniform(0, 1, (60, 75))
    x = np.linspace(-1, 1, data.shape[-1])
    bump = 1.5 * np.exp(-4 * x**2)
    lines = [ax.plot((1 - i / 100) * x, i + bump * row, color="w", lw=1)[0] for i, row in enumerate(data)]

    def update(_frame: int) -> list[Any]:
        data[:, 1:] = data[:, :-1]
        data[:, 0] = rng.uniform(0, 1, len(data))
        for i, line in enumerate(lines):
            line.set_ydata(i + bump * data[i])
        return lines

    return _animation(figure, update, n_frames, blit=True)


def unit_circle(n_frames: int) -> Animation:
    """A point on a circle, the sine it makes beside it, and a line that joins both panels."""
    figure = _figure()
    left, right = figure.subplots(1, 2, width_ratios=[1, 2])
    t = np.linspace(0, 2 * np.pi, 200)
    left.plot(np.cos(t), np.sin(t), "k", lw=0.5)
    left.set(aspect=1, xlim=(-1.1, 1.1))
    (point,) = left.plot([1], [0], "o")
    right.set(xlim=(0, 2 * np.pi), ylim=(-1.1, 1.1))
    (sine,) = right.plot([], [])
    joint = ConnectionPatch((1, 0), (0, 0), "data", "data", axesA=left, axesB=right, color="C0", ls="dotted")
    figure.add_artist(joint)

    def update(frame: int) -> tuple[Any, ...]:
        angle = 2 * np.pi * frame / n_frames
        point.set_data([np.cos(angle)], [np.sin(angle)])
        sine.set_data(t[t <= angle], np.sin(t[t <= angle]))
        joint.xy1, joint.xy2 = (np.cos(angle), np.sin(angle)), (angle, np.sin(angle))
        return point, sine, joint

    return _animation(figure, update, n_frames)


def random_walks_3d(n_frames: int) -> Animation:
    """Forty lines that grow in a still 3D axes."""
    rng = np.random.default_rng(6)
    figure = _figure()
    ax = figure.add_subplot(projection="3d")
    walks = 0.5 + np.cumsum(rng.uniform(-0.02, 0.02, (40, n_frames, 3)), axis=1)
    lines = [ax.plot([], [], [])[0] for _ in walks]
    ax.set(xlim3d=(0, 1), ylim3d=(0, 1), zlim3d=(0, 1), xlabel="X", ylabel="Y", zlabel="Z")

    def update(frame: int) -> list[Any]:
        for line, walk in zip(lines, walks, strict=True):
            line.set_data_3d(*walk[:frame].T)
        return lines

    return _animation(figure, update, n_frames)


def path_on_surface_3d(n_frames: int) -> Animation:
    """A path that grows on a still surface, drawn above it."""
    figure = _figure()
    ax = figure.add_subplot(projection="3d", computed_zorder=False)
    x, y = np.meshgrid(np.linspace(-2, 2, 50), np.linspace(-2, 2, 50))
    ax.plot_surface(x, y, x**2 + 3 * y**2, cmap="viridis", zorder=1)
    steps = np.arange(n_frames)
    path = np.array([2 * 0.985**steps, 1.9 * (-0.95) ** steps])
    (line,) = ax.plot([], [], [], "r.-", zorder=5)

    def update(frame: int) -> tuple[Any, ...]:
        line.set_data_3d(*path[:, : frame + 1], path[0, : frame + 1] ** 2 + 3 * path[1, : frame + 1] ** 2)
        return (line,)

    return _animation(figure, update, n_frames)


def turning_surface_3d(n_frames: int) -> Animation:
    """A surface seen from all around."""
    figure = _figure()
    ax = figure.add_subplot(projection="3d")
    x, y = np.meshgrid(np.linspace(-3, 3, 40), np.linspace(-3, 3, 40))
    ax.plot_surface(x, y, np.sin(np.hypot(x, y)), cmap="coolwarm")
    return _animation(figure, lambda frame: ax.view_init(elev=30, azim=360 * frame / n_frames), n_frames)


def contours(n_frames: int) -> Animation:
    """Filled contours that are made anew for every frame, beside a colorbar."""
    figure = _figure()
    ax = figure.subplots()
    x, y = np.meshgrid(np.linspace(-3, 3, 80), np.linspace(-3, 3, 80))
    levels = np.linspace(-1, 1, 11)
    held = [ax.contourf(x, y, np.sin(x) * np.cos(y), levels)]
    figure.colorbar(held[0], ax=ax)

    def update(frame: int) -> None:
        held.pop().remove()
        held.append(ax.contourf(x, y, np.sin(x + frame / 20) * np.cos(y), levels))

    return _animation(figure, update, n_frames)


def heat_map(n_frames: int) -> Animation:
    """A mesh of changing colors with its colorbar, and the step in the title."""
    rng = np.random.default_rng(7)
    figure = _figure()
    ax = figure.subplots()
    field = rng.uniform(0, 1, (60, 100))
    mesh = ax.pcolormesh(field, vmin=0, vmax=1)
    figure.colorbar(mesh, ax=ax, label="heat")

    def update(frame: int) -> None:
        nonlocal field
        field = (
            field + np.roll(field, 1, 0) + np.roll(field, -1, 0) + np.roll(field, 1, 1) + np.roll(field, -1, 1)
        ) / 5
        mesh.set_array(field)
        ax.set_title(f"step {frame}")

    return _animation(figure, update, n_frames)


def dashboard(n_frames: int) -> Animation:
    """Four panels with legends and readouts, laid out by an engine, of which three change."""
    rng = np.random.default_rng(8)
    figure = _figure(layout="constrained")
    axes = figure.subplots(2, 2)
    figure.suptitle("Training")
    history = np.cumsum(rng.standard_normal((3, n_frames)), axis=1)
    moving = []
    for ax, series, name in zip(axes.flat, history, ["loss", "accuracy", "rate"], strict=False):
        (line,) = ax.plot([], [], label=name)
        ax.set(xlim=(0, n_frames), ylim=(history.min(), history.max()), title=name, xlabel="epoch")
        ax.legend(loc="upper left")
        moving.append((line, ax.text(0.98, 0.05, "", transform=ax.transAxes, ha="right"), series))
    axes[1, 1].scatter(*rng.standard_normal((2, 300)), s=5)

    def update(frame: int) -> None:
        for line, readout, series in moving:
            line.set_data(np.arange(frame + 1), series[: frame + 1])
            readout.set_text(f"{series[frame]:.3f}")

    return _animation(figure, update, n_frames)


def radar(n_frames: int) -> Animation:
    """A beam that sweeps over a polar axes, on which some echoes stay."""
    rng = np.random.default_rng(9)
    figure = _figure()
    ax = figure.add_subplot(projection="polar")
    ax.set_rlim(0, 1)
    ax.scatter(rng.uniform(0, 2 * np.pi, 40), rng.uniform(0, 1, 40), s=20)
    (beam,) = ax.plot([0, 0], [0, 1], "g", lw=3)

    def update(frame: int) -> tuple[Any, ...]:
        beam.set_xdata([frame / 30, frame / 30])
        return (beam,)

    return _animation(figure, update, n_frames)


def arrows(n_frames: int) -> Animation:
    """A field of arrows that turn."""
    figure = _figure()
    ax = figure.subplots()
    x, y = np.meshgrid(np.linspace(0, 2 * np.pi, 30), np.linspace(0, 2 * np.pi, 18))
    field = ax.quiver(x, y, np.cos(x), np.sin(y))
    ax.set(title="Field", xlabel="x", ylabel="y")

    def update(frame: int) -> tuple[Any, ...]:
        field.set_UVC(np.cos(x + frame / 20), np.sin(y + frame / 20))
        return (field,)

    return _animation(figure, update, n_frames)


GALLERY: dict[str, Make] = {
    make.__name__: make
    for make in (
        travelling_wave, double_pendulum, rain, image_sequence, histogram, strip_chart, sliding_window, posterior,
        ridge_lines, unit_circle, random_walks_3d, path_on_surface_3d, turning_surface_3d, contours, heat_map,
        dashboard, radar, arrows,
    )
}  # fmt: skip
