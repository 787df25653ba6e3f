"""How drawing in several processes grows: measured with one and two jobs, and a model up to 16 cores.

The model takes a frame's processor time for the update, the drawing and the encoding. Every process runs all updates and
draws its share of the frames, and the encoder has the remaining cores::

    seconds a frame = max(update + drawing / jobs, encoding / min(cores, 4), total / cores)

The time flattens where the updates, which no process can skip, or the encoder become the longest part.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from animate.film.writer import AnimateWriter
from animate.replay.replay import Replay
from tests.benchmarks.drawing import FPS, Keep, cost_of, encode
from tests.benchmarks.gallery import GALLERY

CORES = (1, 2, 4, 8, 16)
ENCODER_THREADS = 4
ANIMATIONS = ("turning_surface_3d", "contours", "rain")


def rows(quick: bool = False) -> Iterator[dict[str, Any]]:
    """Give a row for each animation."""
    n_frames = 12 if quick else 100
    for name in ANIMATIONS[: 1 if quick else None]:
        seconds = {jobs: saved(name, n_frames, jobs) for jobs in (1, 2)}
        update, drawing, encoding = parts(name, n_frames)
        model = {cores: predicted(update, drawing, encoding, cores) for cores in CORES}
        yield {
            "what": f"scaling: {name}",
            "measured_two_jobs": round(seconds[1] / seconds[2], 2),
            **{f"model_{cores}_cores": round(model[1] / one, 2) for cores, one in model.items() if cores > 1},
            "update_ms": round(1000 * update, 2),
            "drawing_ms": round(1000 * drawing, 2),
            "encoding_ms": round(1000 * encoding, 2),
        }


def predicted(update: float, drawing: float, encoding: float, cores: int) -> float:
    """Return the seconds a frame takes by the model, with as many jobs as cores."""
    total = cores * update + drawing + encoding
    return max(update + drawing / cores, encoding / min(cores, ENCODER_THREADS), total / cores)


def saved(name: str, n_frames: int, jobs: int) -> float:
    """Return the seconds in which an animation is saved."""
    with TemporaryDirectory() as folder:
        animation = GALLERY[name](n_frames)
        return cost_of(lambda: animation.save(Path(folder, "x.mp4"), writer=AnimateWriter(fps=FPS, jobs=jobs))).seconds


class KeepReplayed(Keep):
    """Hands on each frame as replay draws it, and adds up the time of that."""

    source = Replay
    seconds = 0.0

    def grab_frame(self, **savefig_kwargs: Any) -> None:
        begun = time.process_time()
        super().grab_frame(**savefig_kwargs)
        self.seconds += time.process_time() - begun


def parts(name: str, n_frames: int) -> tuple[float, float, float]:
    """Return the seconds of processor time that the update, the drawing and the encoding of a frame take."""
    frames: list[Any] = []
    writer, animation = KeepReplayed(frames.append), GALLERY[name](n_frames)
    animation._fig.canvas.draw_idle = lambda: None
    begun = time.process_time()
    animation.save("", writer=writer)
    rest = time.process_time() - begun - writer.seconds
    encoding = cost_of(lambda: encode(frames)).cpu
    return rest / n_frames, writer.seconds / n_frames, encoding / n_frames
