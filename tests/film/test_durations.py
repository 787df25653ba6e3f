"""How long frames stay, and the alternative text that files store, read back by other programs."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import numpy as np
import pytest
from matplotlib.animation import FuncAnimation
from matplotlib.figure import Figure
from PIL import Image

from animate.errors import EncodeError, UsageError
from animate.film.decode import stored_alt
from animate.film.writer import AnimateWriter

ALT = "A bar grows & “wins” <1>"


def save(path: Path, n_frames: int = 3, **options: Any) -> AnimateWriter:
    figure = Figure(figsize=(1.6, 1.2), dpi=50)
    bar = figure.add_axes((0, 0, 1, 1)).bar([0], [1])[0]
    animation = FuncAnimation(figure, lambda frame: bar.set_height((1 + frame) / 4), frames=n_frames)
    writer = AnimateWriter(**options)
    animation.save(path, writer=writer)
    return writer


def ffmpeg_says(path: Path) -> str:
    program = imageio_ffmpeg.get_ffmpeg_exe()
    command = [program, "-i", path, "-f", "null", "-"]
    return subprocess.run(command, check=False, capture_output=True, text=True).stderr


def played_seconds(path: Path) -> float:
    if path.suffix in (".gif", ".webp", ".apng"):
        with Image.open(path) as image:
            return sum(_delay(image, frame) for frame in range(image.n_frames)) / 1000  # type: ignore[attr-defined]
    hours, minutes, seconds = re.findall(r"time=(\d+):(\d+):([\d.]+)", ffmpeg_says(path))[-1]
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def _delay(image: Image.Image, frame: int) -> float:
    image.seek(frame)
    image.load()  # Pillow knows a WebP's delay once it is decoded
    return float(image.info["duration"])


@pytest.mark.parametrize("suffix", [".gif", ".mp4", ".webm", ".webp", ".apng"])
def test_the_last_frame_is_held(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"x{suffix}"
    save(path, fps=10, hold=2)
    assert played_seconds(path) == pytest.approx(0.3 + 2, abs=0.011)


@pytest.mark.parametrize("suffix", [".gif", ".mp4", ".webm", ".webp", ".apng"])
def test_each_frame_has_a_duration_of_its_own(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"x{suffix}"
    save(path, fps=20, durations=[0.5, 0.05, 1])
    assert played_seconds(path) == pytest.approx(1.55, abs=0.011)


def test_the_delays_of_a_gif_are_the_durations(tmp_path: Path) -> None:
    save(tmp_path / "x.gif", fps=20, durations=[0.5, 0.05, 1])
    with Image.open(tmp_path / "x.gif") as image:
        assert [_delay(image, frame) for frame in range(3)] == [500, 50, 1000]


@pytest.mark.parametrize("durations", [[1.0], [1.0, 1.0, 1.0, 1.0]])
def test_as_many_durations_as_frames_are_needed(tmp_path: Path, durations: list[float]) -> None:
    with pytest.raises(EncodeError, match="durations must name every frame"):
        save(tmp_path / "x.gif", durations=durations)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("wrong", [{"hold": -1}, {"hold": float("nan")}, {"durations": [1, 0, 1]}])
def test_a_time_that_is_none_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match=f"{next(iter(wrong))} must be"):
        AnimateWriter(**wrong)


def test_the_last_frame_is_what_was_drawn(tmp_path: Path) -> None:
    writer = save(tmp_path / "x-%d.png")
    assert writer.last_frame is not None
    np.testing.assert_array_equal(writer.last_frame[..., :3], np.asarray(Image.open(tmp_path / "x-3.png")))


@pytest.mark.parametrize(
    ("suffix", "tag"), [(".mp4", "description"), (".webm", "description"), (".mkv", "description"), (".mov", "comment")]
)
def test_a_video_stores_its_alt_text(tmp_path: Path, suffix: str, tag: str) -> None:
    path = tmp_path / f"x{suffix}"
    save(path, alt=ALT)
    assert re.search(rf"(?i){tag}\s*: {re.escape(ALT)}", ffmpeg_says(path))


@pytest.mark.parametrize("suffix", [".mov", ".avi", ".mp4", ".m4v", ".webm"])
def test_the_alt_text_of_a_video_is_read_back(tmp_path: Path, suffix: str) -> None:
    alt = 'Two lines\nwith a = b; # "c" \\ d'
    save(tmp_path / f"x{suffix}", alt=alt)
    assert stored_alt(tmp_path / f"x{suffix}") == alt


@pytest.mark.parametrize("name", ["x.apng", "x-%d.png"])
def test_a_png_stores_its_alt_text(tmp_path: Path, name: str) -> None:
    save(tmp_path / name, alt=ALT)
    with Image.open(tmp_path / name.replace("%d", "1")) as image:
        assert image.info["Description"] == ALT


def test_a_gif_stores_its_alt_text(tmp_path: Path) -> None:
    alt = ALT + " and on" * 60  # more than a block of a GIF holds
    save(tmp_path / "x.gif", alt=alt)
    with Image.open(tmp_path / "x.gif") as image:
        assert image.info["comment"].decode() == alt


@pytest.mark.parametrize("n_frames", [1, 3])
def test_a_webp_stores_its_alt_text(tmp_path: Path, n_frames: int) -> None:
    save(tmp_path / "x.webp", n_frames=n_frames, alt=ALT)
    save(tmp_path / "y.webp", n_frames=n_frames)
    with Image.open(tmp_path / "x.webp") as image, Image.open(tmp_path / "y.webp") as without:
        assert "AltTextAccessibility" in image.info["xmp"].decode()
        assert "A bar grows &amp; “wins” &lt;1&gt;" in image.info["xmp"].decode()
        np.testing.assert_array_equal(np.asarray(image), np.asarray(without))


def test_a_page_reads_its_alt_text(tmp_path: Path) -> None:
    save(tmp_path / "x.html", alt=ALT)
    assert 'aria-label="A bar grows &amp; “wins” &lt;1&gt;"' in (tmp_path / "x.html").read_text(encoding="utf-8")
