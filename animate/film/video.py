"""Videos through the ffmpeg that imageio-ffmpeg brings: H.264 in MP4, VP9 in WebM, and animated WebP."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from animate.atomic_files import AtomicFile
from animate.errors import EncodeError
from animate.film.ffmpeg import FFmpeg
from animate.film.planes import Planes
from animate.film.sinks import (
    Counter,
    EncodeOptions,
    Sink,
    Work,
    Written,
    check_not_empty,
    exact_fps,
    on_white,
)
from animate.replay.frames import Frame

SEEK_SECONDS = 5
"""At most so much lies between two pictures a player can seek to. Half of it costs a third more bytes on plots."""

TAGS = "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"
# Unless told otherwise ffmpeg computes YUV with the coefficients of bt601, whatever the file is tagged as.
FROM_RGB = f"scale=in_range=pc:out_range=tv:out_color_matrix=bt709:flags=area+accurate_rnd,format=yuv420p,{TAGS}"
_SAME_BYTES = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact"]


def h264(fps: float, options: EncodeOptions) -> list[str]:
    """Return the ffmpeg arguments for H.264 in MP4, with what a player needs first at the front.

    On plots at 1280x720 `veryfast` takes two thirds of the time of `fast` for a tenth more bytes, and encoding is
    what limits the speed of rendering. At crf 18 small text is clean.
    """
    encoder = [] if options.codec else ["-preset", "veryfast"]
    return [*_codec("libx264", 18, fps, options), *encoder, "-movflags", "+faststart", "-f", "mp4"]


def vp9(fps: float, options: EncodeOptions) -> list[str]:
    """Return the ffmpeg arguments for VP9 in WebM: slower than H.264 and smaller, which is what it is chosen for."""
    encoder = [] if options.codec else ["-deadline", "good", "-cpu-used", "4", "-row-mt", "1"]
    return [*_codec("libvpx-vp9", 31, fps, options), *encoder, "-f", "webm"]


def webp(_fps: float, options: EncodeOptions) -> list[str]:
    """Return the ffmpeg arguments for animated WebP, lossless: on plots fewer bytes than lossy, at any quality."""
    lossless = ["-lossless", "1", "-compression_level", "2"]  # level 4 takes a third longer for the same bytes
    return ["-c:v", "libwebp_anim", *lossless, "-loop", str(options.loop), "-f", "webp"]


def webp_truth(path: Path) -> dict[str, float]:
    """Return the number of pictures in an animated WebP and the seconds it plays: equal frames are one picture.

    References: WebP Container Specification: a file is a RIFF chunk, a picture an ANMF chunk with its milliseconds
    in three bytes from the 12th of its data on.
    """
    n_frames = milliseconds = 0
    with path.open("rb") as file:
        file.seek(12)
        while len(head := file.read(8)) == 8:
            size = int.from_bytes(head[4:], "little")
            next_chunk = file.tell() + size + size % 2
            if head[:4] == b"ANMF":
                n_frames += 1
                milliseconds += int.from_bytes(file.read(16)[12:15], "little")
            file.seek(next_chunk)
    return {"n_frames": max(1, n_frames), "duration": milliseconds / 1000}


def _codec(name: str, crf_at_90: int, fps: float, options: EncodeOptions) -> list[str]:
    codec = ["-c:v", options.codec or name, "-g", str(max(1, round(SEEK_SECONDS * fps)))]
    if options.bitrate is not None and options.bitrate > 0:
        return [*codec, "-b:v", f"{options.bitrate}k"]
    if options.codec and options.crf is None:
        return codec  # what crf means, and whether there is one, is that encoder's own affair
    by_quality = crf_at_90 + round(0.4 * (90 - options.quality))  # ten steps less take a quarter off the bytes of plots
    return [*codec, "-b:v", "0", "-crf", str(by_quality if options.crf is None else options.crf)]


class VideoFormat(NamedTuple):
    """What ffmpeg must be told for one format."""

    arguments: Callable[[float, EncodeOptions], list[str]]
    """From frames per second and options to the arguments of ffmpeg."""
    truth: Callable[[Path], dict[str, float]]
    """What the file holds, where that may differ from what it was fed."""
    name: str
    signature: tuple[int, bytes]
    """Where each such file holds which bytes."""
    is_yuv: bool = True
    """Whether it holds YUV 4:2:0, rather than what it is fed."""


def as_fed(_path: Path) -> dict[str, float]:
    """Return nothing: the file holds each frame it was fed."""
    return {}


MP4 = VideoFormat(h264, as_fed, "MP4", (4, b"ftyp"))
WEBM = VideoFormat(vp9, as_fed, "WebM", (0, b"\x1aE\xdf\xa3"))
WEBP = VideoFormat(webp, webp_truth, "WebP", (8, b"WEBP"), is_yuv=False)


def takes_planes(video: VideoFormat, width: int, height: int, options: EncodeOptions) -> bool:
    """Return whether ffmpeg is fed planes: where it would make them itself, unless it is told to use the colors."""
    asks_for_colors = any(argument.startswith(("-vf", "-filter", "-pix_fmt")) for argument in options.extra_args)
    return video.is_yuv and not width % 2 and not height % 2 and not asks_for_colors


class VideoSink(Sink):
    """One file being written by one ffmpeg."""

    def __init__(
        self, video: VideoFormat, path: Path, width: int, height: int, fps: float, options: EncodeOptions
    ) -> None:
        self._video = video
        self._counter = Counter(path, width, height, fps)
        self._atomic_file = AtomicFile(path)
        rate = "{0.numerator}/{0.denominator}".format(exact_fps(fps))
        self._planes = Planes(width, height) if takes_planes(video, width, height, options) else None
        self._latest: memoryview | None = None
        colors = ["-vf", TAGS if self._planes else FROM_RGB] if video.is_yuv else []
        tags = [part for key, value in options.metadata for part in ("-metadata", f"{key}={value}")]
        command = [
            *("-hide_banner", "-loglevel", "error", "-nostats", "-y"),
            *("-f", "rawvideo", "-pix_fmt", "yuv420p" if self._planes else "rgb0", "-video_size", f"{width}x{height}"),
            *("-framerate", rate, "-i", "pipe:0", "-an", "-r", rate),
            *("-threads", str(options.threads), *_SAME_BYTES),
            *colors,
            *video.arguments(fps, options),
            *tags,
            *options.extra_args,
            "file:" + str(self._atomic_file.temporary),  # a colon in a path would else name a protocol
        ]
        try:
            self._ffmpeg = FFmpeg(command, self._atomic_file.temporary)
        except BaseException:
            self._atomic_file.discard()
            raise

    def take(self, rgba: Frame) -> Work:
        """Return what remains to be done for one more frame; transparency is composited on white."""
        self._counter.take(rgba)
        if self._planes is None:
            return partial(self._ffmpeg.write, memoryview(on_white(rgba).tobytes()))
        if self._planes.update(rgba) or self._latest is None:
            self._latest = memoryview(self._planes.data.tobytes())
        return partial(self._ffmpeg.write, self._latest)

    def write(self, rgba: Frame) -> None:
        """Encode one more frame at once."""
        self.take(rgba)()

    def finish(self) -> None:
        """Wait until ffmpeg has made the file whole."""
        try:
            check_not_empty(self._counter.n_frames, self._counter.path)
            self._ffmpeg.finish()
            self._check_signature()
        except BaseException:
            self.abort()
            raise

    def _check_signature(self) -> None:
        """Raise EncodeError where what calls itself ffmpeg ended well and wrote something else."""
        start, signature = self._video.signature
        with self._atomic_file.temporary.open("rb") as file:
            if not file.read(start + len(signature)).endswith(signature):
                raise EncodeError(f"ffmpeg wrote no {self._video.name}; IMAGEIO_FFMPEG_EXE may name another program")

    def publish(self) -> Written:
        """Give the whole file its final name."""
        truth = self._video.truth(self._atomic_file.temporary)
        return self._counter.written(self._atomic_file.publish(), **truth)

    def abort(self) -> None:
        """End ffmpeg and remove what it began."""
        self._ffmpeg.kill()
        self._atomic_file.discard()
