"""What a file of pictures or frames holds: its size, how many frames, how long."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

from PIL import Image

from animate.errors import EncodeError
from animate.film.ffmpeg import ffmpeg_program, told_by
from animate.film.sinks import Written

VIDEOS = (".mp4", ".m4v", ".webm")
_SIZE = re.compile(r"Video: .*?\b(\d{1,5})x(\d{1,5})\b")
_RATE = re.compile(r"Video: .*?\b([\d.]+) fps")
_DURATION = re.compile(r"Duration: (\d+):(\d\d):([\d.]+)")


def probe(path: Path) -> Written:
    """Return what a file holds, as if it had just been written; a still has neither rate nor duration.

    Raises
    ------
    EncodeError
        If it is missing, or cannot be decoded.
    """
    try:
        n_bytes = path.stat().st_size
        found = _probe_video(path) if path.suffix.lower() in VIDEOS else _probe_pictures(path)
    except OSError as error:  # Pillow's for what is no picture, too
        raise _unreadable(path, error.strerror or "it is no picture or animation") from error
    width, height, n_frames, fps, duration = found
    return Written(path, n_bytes, width, height, n_frames=n_frames, fps=fps, duration=duration)


def _probe_video(path: Path) -> tuple[int, int, int, float, float]:
    command = [ffmpeg_program(), "-hide_banner", "-nostdin", "-i", f"file:{path}"]
    # without an output ffmpeg tells what the file holds, and ends with 1
    told = told_by(command)[2].decode(errors="replace")
    size, rate, time = _SIZE.search(told), _RATE.search(told), _DURATION.search(told)
    if size is None or rate is None or time is None:
        raise _unreadable(path, "it holds no video")
    fps, duration = float(rate[1]), 3600 * int(time[1]) + 60 * int(time[2]) + float(time[3])
    return int(size[1]), int(size[2]), round(fps * duration), fps, duration


def _probe_pictures(path: Path) -> tuple[int, int, int, float, float]:
    try:
        with warnings.catch_warnings(action="error"), Image.open(path) as image:
            n_frames, duration = getattr(image, "n_frames", 1), 0.0
            for index in range(n_frames if n_frames > 1 else 0):
                image.seek(index)
                duration += image.info.get("duration", 0) / 1000
            return *image.size, n_frames, n_frames / duration if duration else 0.0, duration
    except (ValueError, EOFError, SyntaxError, Image.DecompressionBombWarning, UserWarning) as error:
        raise _unreadable(path, str(error)) from error


def _unreadable(path: Path, why: str) -> EncodeError:
    return EncodeError(f"{str(path)!r} cannot be read: {' '.join(why.split())}.")
