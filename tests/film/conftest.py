"""What the film tests share: frames like those of a plot, and decoders that are not ours."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

Frames = NDArray[np.uint8]
Decode = Callable[..., Frames]


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let SIGINT raise KeyboardInterrupt, whatever another test in this process has made of it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def plot_frames() -> Frames:
    """Return 24 frames (24, 180, 320, 4) of a line that turns over a filled contour, beside a changing readout."""
    figure = Figure(figsize=(3.2, 1.8), dpi=100, facecolor="#0f1720")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.1, 0.1, 0.5, 0.8), facecolor="#0f1720")
    grid = np.linspace(-1, 1, 40)
    axes.contourf(grid, grid, np.add.outer(grid**2, 3 * grid**2), 8, cmap="Blues")
    (line,) = axes.plot([], [], color="#ffb454", lw=2)
    text = figure.text(0.65, 0.5, "", color="#e8eef4", size=12)
    frames = []
    for number in range(24):
        slope = np.tan(number / 24)
        line.set_data(grid, slope * grid)
        text.set_text(f"loss {slope:.3f}")
        figure.canvas.draw()
        frames.append(np.array(figure.canvas.buffer_rgba()))  # type: ignore[attr-defined]
    return np.stack(frames)


@pytest.fixture(scope="session")
def write() -> Callable[..., Any]:
    """Return a function that writes frames to a file and returns what was written."""
    from animate.film.encoders import EncodeOptions, open_sink

    def write(path: Path, frames: Sequence[Any] | Frames, fps: float = 25, **options: Any) -> Any:
        height, width = frames[0].shape[:2]
        sink = open_sink(path, width, height, fps, EncodeOptions(**options))
        for frame in frames:
            sink.write(frame)
        sink.finish()
        return sink.publish()

    return write


@pytest.fixture(scope="session")
def decode() -> Decode:
    """Return a function that decodes any file with ffmpeg: RGB frames (n, height, width, 3) at a constant rate."""

    def decode(path: Path, width: int, height: int, fps: float = 25, filters: str = "null") -> Frames:
        command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(path), "-vf", filters]
        output = ["-r", str(fps), "-fps_mode", "cfr", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
        raw = subprocess.run([*command, *output], check=True, capture_output=True).stdout
        return np.frombuffer(raw, np.uint8).reshape(-1, height, width, 3)

    return decode


@pytest.fixture(scope="session")
def pictures() -> Callable[[Path], tuple[Frames, list[int]]]:
    """Return a function that reads each picture of an animated image with Pillow, and its milliseconds."""

    def pictures(path: Path) -> tuple[Frames, list[int]]:
        frames, milliseconds = [], []
        with Image.open(path) as image:
            for number in range(getattr(image, "n_frames", 1)):
                image.seek(number)
                frames.append(np.asarray(image.convert("RGB")))
                milliseconds.append(int(image.info["duration"]))
        return np.stack(frames), milliseconds

    return pictures


@pytest.fixture(scope="session")
def psnr() -> Callable[[Frames, Frames], float]:
    """Return a function for the peak signal-to-noise ratio of RGB frames in dB, over all of them."""

    def psnr(frames: Frames, truth: Frames) -> float:
        error = np.mean((frames[..., :3].astype(float) - truth[..., :3]) ** 2)
        return float(10 * np.log10(255**2 / max(error, 1e-12)))

    return psnr
