"""Packages with the same purpose, each saving one animation as its own documentation does, beside ours.

A sine wave moves under a title that counts. Packages that are not installed are left out:
``pip install celluloid gif matplotloom`` brings them.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.animation import FFMpegWriter, FuncAnimation

from animate.film.writer import AnimateWriter
from tests.benchmarks.drawing import FPS, cost_of

X = np.linspace(0, 2 * np.pi, 400)


def rows(quick: bool = False) -> Iterator[dict[str, Any]]:
    """Give a row for each package that is installed."""
    n_frames = 20 if quick else 100
    program = imageio_ffmpeg.get_ffmpeg_exe()
    mpl.rcParams["animation.ffmpeg_path"] = program
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "ffmpeg").symlink_to(program)
        os.environ["PATH"] = f"{folder}{os.pathsep}{os.environ['PATH']}"  # matplotloom looks there
        for name, (suffix, save) in PEERS.items():
            if find_spec(name) is None:
                continue
            path = Path(folder, f"x{suffix}")
            ours = cost_of(lambda path=path: ourselves(n_frames, path))  # type: ignore[misc]
            n_bytes = path.stat().st_size
            theirs = cost_of(lambda path=path, save=save: save(n_frames, path))  # type: ignore[misc]
            plt.close("all")
            yield {
                "what": f"{name}, {suffix[1:].upper()}",
                **ours.beside(theirs),
                "bytes_ratio": round(n_bytes / path.stat().st_size, 2),
                "n_frames": n_frames,
            }


def wave(ax: Any, frame: int) -> None:
    """Draw one frame from scratch."""
    ax.plot(X, np.sin(X + frame / 10), color="C0")
    ax.set(ylim=(-1.1, 1.1), title=f"frame {frame}")


def panel() -> tuple[Any, Any]:
    """Return a new figure of 1280 by 720 pixels, and its axes."""
    return plt.subplots(figsize=(12.8, 7.2), dpi=100)


def ourselves(n_frames: int, path: Path) -> None:
    """Save by our writer, as `FuncAnimation` is used."""
    figure, ax = panel()
    wave(ax, 0)

    def update(frame: int) -> None:
        ax.lines[0].set_ydata(np.sin(X + frame / 10))
        ax.set_title(f"frame {frame}")

    FuncAnimation(figure, update, frames=n_frames, cache_frame_data=False).save(path, writer=AnimateWriter(fps=FPS))


def by_celluloid(n_frames: int, path: Path) -> None:
    """Snap every frame; the title is a text, since a camera keeps one title."""
    figure, ax = panel()
    camera = import_module("celluloid").Camera(figure)
    ax.set_ylim(-1.1, 1.1)
    for frame in range(n_frames):
        ax.plot(X, np.sin(X + frame / 10), color="C0")
        ax.text(0.5, 1.02, f"frame {frame}", transform=ax.transAxes)
        camera.snap()
    camera.animate().save(path, writer=FFMpegWriter(fps=FPS))


def by_gif(n_frames: int, path: Path) -> None:
    """Draw every frame as a figure of its own."""
    gif = import_module("gif")

    @gif.frame
    def draw(frame: int) -> None:
        wave(panel()[1], frame)

    gif.save([draw(frame) for frame in range(n_frames)], str(path), duration=1000 / FPS)


def by_matplotloom(n_frames: int, path: Path) -> None:
    """Save every frame as a PNG."""
    with import_module("matplotloom").Loom(path, fps=FPS, overwrite=True) as loom:
        for frame in range(n_frames):
            figure, ax = panel()
            wave(ax, frame)
            loom.save_frame(figure)


PEERS: dict[str, tuple[str, Callable[[int, Path], None]]] = {
    "celluloid": (".mp4", by_celluloid),
    "gif": (".gif", by_gif),
    "matplotloom": (".mp4", by_matplotloom),
}
