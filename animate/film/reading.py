"""Frames read back from files that were written, at an even rate."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from typing import IO, cast

import numpy as np
from PIL import Image

from animate.errors import EncodeError
from animate.film.ffmpeg import Watchdog, end, ffmpeg_program, hung, reason
from animate.film.sinks import Written, exact_fps
from animate.replay.frames import Frame


def read_frames(written: Written) -> Iterator[Frame]:
    """Yield each frame of a file that was written, RGBA (height, width, 4), at its frame rate.

    Raises
    ------
    EncodeError
        If it cannot be decoded to its end; what could be was yielded before.
    """
    if written.path.suffix.lower() == ".webp":  # which few builds of ffmpeg decode when it moves
        return _by_pillow(written)
    return _by_ffmpeg(written)


def _by_ffmpeg(written: Written) -> Iterator[Frame]:
    command = [
        *(ffmpeg_program(), "-hide_banner", "-loglevel", "error", "-nostdin", "-i", f"file:{written.path}"),
        *("-an", "-vf", f"fps={exact_fps(written.fps)}", "-f", "rawvideo", "-pix_fmt", "rgba", "pipe:1"),
    ]
    nothing = subprocess.DEVNULL
    size = written.width * written.height * 4
    with tempfile.TemporaryFile() as said:
        # a session of its own: Ctrl-C reaches us alone, and we end it
        process = subprocess.Popen(command, stdin=nothing, stdout=subprocess.PIPE, stderr=said, start_new_session=True)
        stdout = cast(IO[bytes], process.stdout)
        n_read, watch = 0, Watchdog(process)
        try:
            while True:
                with watch.waiting():
                    data = stdout.read(size)
                if len(data) < size:
                    break
                n_read += 1
                yield np.frombuffer(data, dtype=np.uint8).reshape(written.height, written.width, 4)
        finally:
            watch.close()
            stdout.close()
            end(process)
        if watch.has_ended_it:
            raise EncodeError(f"{str(written.path)!r} could not be decoded: ffmpeg {hung()}.")
        said.seek(0)
        messages = said.read().splitlines()
        why = reason(messages) if messages else "" if n_read else "it holds no frame"
    if why:  # what ffmpeg can show of a file that is cut off, it shows, and ends well
        raise EncodeError(f"{str(written.path)!r} could not be decoded to its end: {why}.")


def _by_pillow(written: Written) -> Iterator[Frame]:
    fps, shown, n_frames = exact_fps(written.fps), 0.0, 0
    try:
        with Image.open(written.path) as image:
            for index in range(getattr(image, "n_frames", 1)):
                image.seek(index)
                frame: Frame = np.asarray(image.convert("RGBA"))
                shown += image.info.get("duration", 0) / 1000
                while n_frames < max(1, round(shown * fps)):
                    n_frames += 1
                    yield frame
    except (OSError, ValueError) as error:
        raise EncodeError(f"{str(written.path)!r} could not be decoded: {error}.") from error
