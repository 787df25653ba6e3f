"""Sizes, durations and frames read back from pictures and videos."""

from __future__ import annotations

import re
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import IO, cast

import numpy as np
from PIL import Image

from animate.errors import EncodeError
from animate.film.ffmpeg import Watchdog, end, ffmpeg_program, hung, reason, told_by
from animate.film.sinks import OutputFile, exact_fps
from animate.replay.frames import Frame

VIDEOS = (".mp4", ".m4v", ".webm", ".avif")
WITHOUT_DESCRIPTION = (".mov", ".avi")
"""Suffixes of videos into which ffmpeg writes a comment but no description."""
_SIZE = re.compile(r"Video: .*?\b(\d{1,5})x(\d{1,5})\b")
_RATE = re.compile(r"Video: .*?\b([\d.]+) fps")
_AVIF_SEQUENCE = "0:v:1"
"""Of an animated AVIF ffmpeg reads two streams: the still that other readers show, and the frames."""
_SVG_HEAD = re.compile(r'<svg [^>]*?width="([\d.]+)" height="([\d.]+)"[^>]*? data-frames="(\d+)" data-fps="([\d.]+)"')
_DURATION = re.compile(r"Duration: (\d+):(\d\d):([\d.]+)")


def probe(path: Path) -> OutputFile:
    """Return size, frame count and duration of a picture or video; a still has neither rate nor duration.

    Raises
    ------
    EncodeError
        If it is missing, or cannot be decoded.
    """
    try:
        n_bytes = path.stat().st_size
        probe_format = {".svg": _probe_svg, **dict.fromkeys(VIDEOS, _probe_video)}
        found = probe_format.get(path.suffix.lower(), _probe_pictures)(path)
    except OSError as error:  # Pillow raises it for unknown formats, too
        raise _unreadable(path, error.strerror or "it is no picture or animation") from error
    width, height, n_frames, fps, duration = found
    return OutputFile(path, n_bytes, width, height, n_frames=n_frames, fps=fps, duration=duration)


def _probe_video(path: Path) -> tuple[int, int, int, float, float]:
    command = [ffmpeg_program(), "-hide_banner", "-nostdin", "-i", f"file:{path}"]
    # without an output ffmpeg describes its input and exits with 1
    described = told_by(command)[2].decode(errors="replace")
    size, rate, time = _SIZE.search(described), _RATE.search(described), _DURATION.search(described)
    if size is None or rate is None or time is None:
        raise _unreadable(path, "it holds no video")
    fps, duration = float(rate[1]), 3600 * int(time[1]) + 60 * int(time[2]) + float(time[3])
    return int(size[1]), int(size[2]), round(fps * duration), fps, duration


def _probe_svg(path: Path) -> tuple[int, int, int, float, float]:
    with path.open(encoding="utf-8", errors="replace") as file:
        found = _SVG_HEAD.match(file.read(1000))
    if found is None:
        raise _unreadable(path, "it is no animation that animate wrote")
    n_frames, fps = int(found[3]), float(found[4])
    return round(float(found[1])), round(float(found[2])), n_frames, fps, n_frames / fps


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


def stored_alt(path: Path) -> str:
    """Return the alternative text that a picture or video stores, as `animate` writes it; "" if it has none.

    A GIF, a MOV and an AVI store it as their comment, a PNG as the text "Description", a WebP as XMP, and other videos
    and an SVG as their description.

    Raises
    ------
    EncodeError
        If the file cannot be decoded.
    """
    suffix = path.suffix.lower()
    if suffix in (*VIDEOS, *WITHOUT_DESCRIPTION):
        command = [ffmpeg_program(), "-v", "error", "-nostdin", "-i", f"file:{path}", "-f", "ffmetadata", "pipe:1"]
        tag = "comment" if suffix in WITHOUT_DESCRIPTION else "description"
        return _tag_in(told_by(command)[1].decode(errors="replace"), tag)
    if suffix == ".svg":
        found = re.search(r"<desc>(.*?)</desc>", path.read_text(encoding="utf-8", errors="replace"), re.DOTALL)
        return unescape(found[1]) if found else ""
    try:
        with Image.open(path) as image:
            info = image.info
    except (OSError, ValueError, SyntaxError) as error:
        raise _unreadable(path, str(error)) from error
    if "xmp" in info:
        found = re.search(
            r"<rdf:li xml:lang=\"x-default\">(.*?)</rdf:li>", info["xmp"].decode(errors="replace"), re.DOTALL
        )
        return unescape(found[1]) if found else ""
    text = info.get("Description") or info.get("comment") or ""
    return text.decode(errors="replace") if isinstance(text, bytes) else str(text)


def _tag_in(metadata: str, tag: str) -> str:
    """Return the value of a tag in a file of ffmpeg's metadata, in which a backslash escapes special characters."""
    found = re.search(rf"^{tag}=((?:[^\\\n]|\\.)*)$", metadata, re.IGNORECASE | re.MULTILINE | re.DOTALL)
    return re.sub(r"\\(.)", r"\1", found[1], flags=re.DOTALL) if found else ""


def _unreadable(path: Path, why: str) -> EncodeError:
    return EncodeError(f"{str(path)!r} cannot be read: {' '.join(why.split())}.")


def read_frames(written: OutputFile) -> Iterator[Frame]:
    """Yield each frame of a file at its frame rate: RGBA, uint8, shape (height, width, 4).

    Raises
    ------
    EncodeError
        If it cannot be decoded to its end; the frames before the damage were yielded.
    """
    if written.path.suffix.lower() == ".webp":  # few builds of ffmpeg decode animated WebP
        return _by_pillow(written)
    return _by_ffmpeg(written)


def _by_ffmpeg(written: OutputFile) -> Iterator[Frame]:
    command = [
        *(ffmpeg_program(), "-hide_banner", "-loglevel", "error", "-nostdin", "-i", f"file:{written.path}"),
        *(("-map", _AVIF_SEQUENCE) if written.path.suffix.lower() == ".avif" else ()),
        *("-an", "-vf", f"fps={exact_fps(written.fps)}", "-f", "rawvideo", "-pix_fmt", "rgba", "pipe:1"),
    ]
    nothing = subprocess.DEVNULL
    size = written.width * written.height * 4
    with tempfile.TemporaryFile() as said:
        # in a session of its own, so that Ctrl-C in a terminal does not reach it
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
    if why:  # ffmpeg succeeds on a truncated file and reports an error
        raise EncodeError(f"{str(written.path)!r} could not be decoded to its end: {why}.")


def _by_pillow(written: OutputFile) -> Iterator[Frame]:
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
