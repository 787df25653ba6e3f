"""Animations in notebooks and in galleries of documentation, beside matplotlib's and sphinx-gallery's own way.

A cell is timed by the clock, which is what its reader waits for, and in processor seconds, those of the programs that are
started included, which a busy machine changes less. The build of a gallery is timed in processor seconds.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.animation import Animation, ArtistAnimation, FuncAnimation

from animate.animation_player import play
from tests.gallery.archive import ArchiveError, example_scripts

Row = dict[str, Any]

CONF = """
extensions = ["sphinx_gallery.gen_gallery"]
exclude_patterns = ["_build"]
sphinx_gallery_conf = {{"examples_dirs": "examples", "gallery_dirs": "auto", "filename_pattern": "/", {options}}}
"""
WITHOUT, WITH = '"matplotlib_animations": True', '"image_scrapers": ("matplotlib", "animate")'


def rows(quick: bool = False) -> Iterator[Row]:
    """Give a row for each kind of animation in a cell, their medians, and the build of a gallery."""
    n_frames = 20 if quick else 60
    found = []
    for name, make in CELLS.items():
        if name == "seaborn scatter plot" and find_spec("seaborn") is None:
            continue
        found.append({"what": f"cell: {name}", **against_jshtml(make, n_frames)})
        yield found[-1]
    for of in ("times_less_time", "times_less_processor_time", "times_fewer_bytes"):
        yield {"what": f"cells, median of {of}", "median": round(statistics.median(row[of] for row in found), 1)}
    if find_spec("sphinx_gallery") is not None:
        yield {"what": "build of a gallery of animations", **against_sphinx_gallery(3 if quick else None)}


def processor_seconds() -> float:
    """Return the processor time of this process and of those that it has waited for."""
    return sum(os.times()[:4])


def against_jshtml(make: Callable[[int], Animation], n_frames: int) -> Row:
    """Compare a cell that shows an animation with one that calls `to_jshtml`: medians of three runs in turns."""
    sizes: list[int] = []
    runs: list[list[tuple[float, float]]] = []
    for _ in range(3):
        sizes, run = [], []
        for show in (lambda animation: animation.to_jshtml(), lambda animation: play(animation).html):
            animation = make(n_frames)
            begin = time.perf_counter(), processor_seconds()
            page = show(animation)
            run.append((time.perf_counter() - begin[0], processor_seconds() - begin[1]))
            sizes.append(len(page))
            plt.close("all")
        runs.append(run)
    ratios = [[theirs / ours for theirs, ours in zip(*run, strict=True)] for run in runs]
    clock, processor = (round(statistics.median(column), 2) for column in zip(*ratios, strict=True))
    return {
        "times_less_time": clock,
        "times_less_processor_time": processor,
        "times_fewer_bytes": round(sizes[0] / sizes[1], 1),
        "kilobytes": round(sizes[1] / 1000),
    }


def against_sphinx_gallery(n_scripts: int | None) -> Row:
    """Compare builds of matplotlib's animation examples with and without the scraper."""
    try:
        scripts = sorted((example_scripts() / "animation").glob("[a-z]*.py"))
    except ArchiveError as error:
        return {"left_out": str(error)}
    scripts = [one for one in scripts if "sgskip" not in one.stem][:n_scripts]
    times = {}
    with tempfile.TemporaryDirectory() as name:
        tools = Path(name) / "tools"
        tools.mkdir()
        (tools / "ffmpeg").symlink_to(imageio_ffmpeg.get_ffmpeg_exe())
        environment = {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}
        for options in (WITHOUT, WITH):
            folder = Path(name) / f"build{len(times)}"
            (folder / "examples").mkdir(parents=True)
            (folder / "conf.py").write_text(CONF.format(options=options), encoding="utf-8")
            (folder / "index.rst").write_text("Title\n=====\n\n.. toctree::\n\n   auto/index\n", encoding="utf-8")
            (folder / "examples" / "README.txt").write_text("Examples\n========\n", encoding="utf-8")
            for script in scripts:
                shutil.copy(script, folder / "examples")
            begin = processor_seconds()
            command = [sys.executable, "-m", "sphinx", "-q", "-E", ".", "_build"]
            subprocess.run(command, check=True, cwd=folder, env=environment, capture_output=True)
            times[options] = processor_seconds() - begin
    return {
        "scripts": len(scripts),
        "times_less_time": round(times[WITHOUT] / times[WITH], 2),
        "seconds_without": round(times[WITHOUT], 1),
        "seconds_with": round(times[WITH], 1),
    }


def bar_race(n_frames: int) -> Animation:
    """Bars that are cleared and drawn again in order of their length."""
    figure, axes = plt.subplots()
    values = np.random.default_rng(1).random((n_frames, 8)).cumsum(axis=0)

    def update(frame: int) -> None:
        order = np.argsort(values[frame])
        axes.clear()
        axes.barh([f"team {one}" for one in order], values[frame][order], color=[f"C{one}" for one in order])
        axes.set_title(f"year {1960 + frame}")

    return FuncAnimation(figure, update, frames=n_frames)


def heat_map(n_frames: int) -> Animation:
    """An image that changes, with a color bar."""
    figure, axes = plt.subplots()
    x, y = np.meshgrid(np.linspace(-3, 3, 80), np.linspace(-3, 3, 80))
    image = axes.imshow(np.sin(x) * np.cos(y), vmin=-1, vmax=1)
    figure.colorbar(image)
    return FuncAnimation(figure, lambda frame: image.set_data(np.sin(x + frame / 9) * np.cos(y)), frames=n_frames)


def pendulum(n_frames: int) -> Animation:
    """A rod and the time as text."""
    figure, axes = plt.subplots()
    axes.set(xlim=(-1.2, 1.2), ylim=(-1.2, 0.2), aspect="equal")
    (rod,) = axes.plot([], [], "o-", lw=2)
    clock = axes.text(0.05, 0.9, "", transform=axes.transAxes)

    def update(frame: int) -> None:
        angle = np.cos(frame / 8)
        rod.set_data([0, np.sin(angle)], [0, -np.cos(angle)])
        clock.set_text(f"{frame / 20:.1f} s")

    return FuncAnimation(figure, update, frames=n_frames)


def lines_in_3d(n_frames: int) -> Animation:
    """Twenty random walks in three dimensions."""
    figure = plt.figure()
    axes = figure.add_subplot(projection="3d")
    walks = np.random.default_rng(2).normal(0, 0.05, (20, n_frames, 3)).cumsum(axis=1)
    lines = [axes.plot(*walk[:1].T)[0] for walk in walks]
    axes.set(xlim=(-1, 1), ylim=(-1, 1), zlim=(-1, 1))

    def update(frame: int) -> None:
        for line, walk in zip(lines, walks, strict=True):
            line.set_data_3d(*walk[:frame].T)

    return FuncAnimation(figure, update, frames=n_frames)


def images(n_frames: int) -> Animation:
    """Images that take turns."""
    figure, axes = plt.subplots()
    x, y = np.meshgrid(np.linspace(0, 6, 120), np.linspace(0, 6, 100))
    return ArtistAnimation(
        figure, [[axes.imshow(np.sin(x + frame / 5) + np.cos(y + frame / 7))] for frame in range(n_frames)]
    )


def seaborn_scatter(n_frames: int) -> Animation:
    """A scatter plot that seaborn made, whose points move."""
    import pandas as pd
    import seaborn as sns

    rng = np.random.default_rng(3)
    table = pd.DataFrame({"x": rng.normal(size=200), "y": rng.normal(size=200), "kind": rng.choice(list("abc"), 200)})
    figure, axes = plt.subplots()
    sns.scatterplot(table, x="x", y="y", hue="kind", ax=axes)
    points = axes.collections[0]
    places, steps = points.get_offsets(), rng.normal(0, 0.02, (n_frames, 200, 2)).cumsum(axis=0)
    return FuncAnimation(figure, lambda frame: points.set_offsets(places + steps[frame]), frames=n_frames)


CELLS: dict[str, Callable[[int], Animation]] = {
    "bar race": bar_race,
    "heat map": heat_map,
    "pendulum": pendulum,
    "20 lines in 3D": lines_in_3d,
    "ArtistAnimation of images": images,
    "seaborn scatter plot": seaborn_scatter,
}
