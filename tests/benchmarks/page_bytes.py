"""Bytes of pages of lessons: drawings against the video of the same frames.

Run it with ``python -m tests.benchmarks.page_bytes momentum linear_sgd_vs_batch``; all lessons without a name.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from statistics import median

import animate
from animate.draw.settings import resolve
from animate.export import ExportRequest
from animate.page_export import film_of
from animate.vector.film_data import film_data
from animate.vector.fragments import SharedDefinitions

LESSONS = sorted(path.stem for path in (Path(__file__).parents[2] / "scenes").glob("*.py"))


def sizes(name: str) -> tuple[int, int]:
    """Return the bytes of a lesson's page with drawings and with a video, without the rest of the page."""
    scene = animate.load(name).build()
    with tempfile.TemporaryDirectory() as folder:
        request = ExportRequest([Path(folder) / "video.mp4"], resolve())
        drawings = film_data([film_of(scene, request, SharedDefinitions())]).n_bytes
        (video,) = scene.save(*request.paths)
        return drawings, -(-video.bytes // 3) * 4


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
