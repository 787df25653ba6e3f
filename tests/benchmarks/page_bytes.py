"""Bytes of pages of lessons at 800x450 and 25 frames per second: with drawings, and with a video of the same frames.

Run it with ``python -m tests.benchmarks.page_bytes momentum linear_sgd_vs_batch``; without a name it takes every third
lesson of the alphabet, which is 16.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from statistics import median

import animate
from animate.draw.settings import resolve
from animate.export import ExportRequest
from animate.page_export import Recorded, SceneGrid, film_of, page_of
from animate.vector.fragments import SharedDefinitions

LESSONS = sorted(path.stem for path in (Path(__file__).parents[2] / "scenes").glob("*.py"))[::3]


def sizes(name: str) -> tuple[int, int]:
    """Return the bytes of a lesson's page with drawings and with a video."""
    scene = animate.load(name).build()
    with tempfile.TemporaryDirectory() as folder:
        request = ExportRequest([Path(folder) / "video.mp4"], resolve())
        n_frames = scene.n_frames(request.settings.fps)
        film = film_of(scene, request, SharedDefinitions())
        (video,) = scene.save(*request.paths)
        clips = Recorded(scene, n_frames, film), Recorded(scene, n_frames, None, video.path.read_bytes())
        drawings, videos = (len(page_of(SceneGrid([clip], (), 0), request).html().encode()) for clip in clips)
    return drawings, videos


def main() -> None:
    """Print a line for each lesson, and the median."""
    ratios = []
    for name in sys.argv[1:] or LESSONS:
        drawings, video = sizes(name)
        ratios.append(drawings / video)
        print(f"{name:40} {drawings / 1000:8.0f} kB {video / 1000:8.0f} kB {ratios[-1]:6.2f}", flush=True)  # noqa: T201
    print(f"{'median':40} {median(ratios):28.2f}")  # noqa: T201


if __name__ == "__main__":
    main()
