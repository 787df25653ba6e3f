"""Files that ffmpeg encodes: H.264, VP9 and AV1 videos, WebP, and whatever else this ffmpeg can write."""

from __future__ import annotations

import dataclasses
import re
import struct
from collections.abc import Callable
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

from animate.atomic_files import AtomicFile
from animate.errors import EncodeError
from animate.film.decode import WITHOUT_DESCRIPTION, probe
from animate.film.ffmpeg import FFmpeg
from animate.film.ffmpeg_arguments import UserArguments, VideoFormat, command_line, takes_planes
from animate.film.formats.images import FileSequence
from animate.film.formats.yuv420 import Yuv420Planes
from animate.film.sinks import EncodeOptions, EncodeTask, FileSink, OutputFile, Sink, is_opaque, on_white
from animate.interrupts import uninterrupted
from animate.replay.frames import Frame
from animate.replay.user_messages import print_line

MP4 = VideoFormat(
    name="MP4", codec="libx264", container=("-movflags", "+faststart", "-f", "mp4"), signature=(4, b"ftyp")
)
WEBM = VideoFormat(
    name="WebM",
    codec="libvpx-vp9",
    codecs="vp[89]|av1",
    container=("-f", "webm"),
    signature=(0, b"\x1aE\xdf\xa3"),
    alpha="plane",
)
WEBP = VideoFormat(
    name="WebP",
    codec="libwebp_anim",
    codecs="libwebp",
    loop="-loop",
    container=("-f", "webp"),
    signature=(8, b"WEBP"),
)
GIF = VideoFormat(
    name="GIF", codec="gif", codecs="^gif$", loop="-loop", container=("-f", "gif"), signature=(0, b"GIF89a"), max_fps=50
)
APNG = VideoFormat(
    name="APNG", codec="apng", codecs="apng", loop="-plays", container=("-f", "apng"), signature=(0, b"\x89PNG")
)
AVIF = VideoFormat(
    name="AVIF",
    codec="libaom-av1",
    codecs="av1",
    alpha="stream",
    loop="-loop",
    container=("-f", "avif"),
    signature=(4, b"ftyp"),
)
OGG = VideoFormat(name="Ogg", codec="libtheora", codecs="theora|vp8")

_H264_SUFFIXES = re.compile(r"\.(264|3g2|3gp|asf|avi|f4v|flv|h264|m2ts|mkv|mov|mpe?g|mts|mxf|nut|ts|vob|wmv)")
_H265_SUFFIXES = (".265", ".h265", ".hevc")
_FASTSTART_SUFFIXES = (".3g2", ".3gp", ".f4v", ".mov")
_IMAGE_CODECS = {
    ".bmp": "bmp",
    ".dpx": "dpx",
    ".jp2": "jpeg2000",
    ".jpeg": "mjpeg",
    ".jpg": "mjpeg",
    ".jxl": "libjxl",
    ".pgm": "pgm",
    ".png": "png",
    ".ppm": "ppm",
    ".tga": "targa",
    ".tif": "tiff",
    ".tiff": "tiff",
}
_NOT_FOR_IMAGES = r"^(?!.*(26[45]|hevc|vp[89]|av1|theora|mpeg|xvid|flv|wmv|h263))"


def format_of(suffix: str) -> VideoFormat:
    """Return how ffmpeg writes a file with a suffix for which there is no format of our own.

    Parameters
    ----------
    suffix : str
        In lower case, with its dot; empty where the user names the container. The container holds H.264 where players
        expect that, as with `FFMpegWriter`; for others ffmpeg chooses an encoder.
    """
    if suffix == ".avif":
        return AVIF
    if suffix in (".ogv", ".ogg"):
        return OGG
    name = suffix[1:].upper()
    if not suffix:
        return VideoFormat(name="the container", codec="libx264")
    if suffix in _IMAGE_CODECS:
        codec, numbers = _IMAGE_CODECS[suffix], ("-f", "image2")
        return VideoFormat(name=name, codec=codec, codecs=_NOT_FOR_IMAGES, container=numbers, is_numbered=True)
    codec = "libx264" if _H264_SUFFIXES.fullmatch(suffix) else "libx265" if suffix in _H265_SUFFIXES else ""
    faststart = ("-movflags", "+faststart") if suffix in _FASTSTART_SUFFIXES else ()
    tag = "comment" if suffix in WITHOUT_DESCRIPTION else "description"
    return VideoFormat(name=name, codec=codec, container=faststart, alt_tag=tag)


def webp_contents(path: Path) -> dict[str, float]:
    """Return the number of pictures in an animated WebP and the seconds it plays; equal frames are one picture.

    References: WebP Container Specification. A file is a RIFF chunk; a picture is an ANMF chunk, whose data hold its
    milliseconds in three bytes from the 12th on.
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


def add_webp_description(path: Path, text: str, width: int, height: int) -> None:
    """Store alternative text in a WebP, as XMP.

    References: WebP Container Specification: a file with XMP begins with a VP8X chunk, which ffmpeg writes for several
    pictures only, and bit 2 of its flags says so. IPTC Photo Metadata Standard: Alt Text (Accessibility).
    """
    xmp = _XMP.format(escape(text, quote=False)).encode()
    data = bytearray(path.read_bytes()[12:])
    if not data.startswith(b"VP8X"):
        has_alpha = data.startswith(b"VP8L") and data[12] & 0x10
        sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
        data[:0] = b"VP8X" + struct.pack("<II", 10, has_alpha) + sides
    data[8] |= 4
    data += b"XMP " + struct.pack("<I", len(xmp)) + xmp + bytes(len(xmp) % 2)
    path.write_bytes(b"RIFF" + struct.pack("<I", 4 + len(data)) + b"WEBP" + data)


_XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/">'
    '<Iptc4xmpCore:AltTextAccessibility><rdf:Alt><rdf:li xml:lang="x-default">{}</rdf:li></rdf:Alt>'
    "</Iptc4xmpCore:AltTextAccessibility></rdf:Description></rdf:RDF></x:xmpmeta>"
)


class VideoSink(FileSink):
    """Writes one file, or one sequence of files, with one ffmpeg.

    Parameters
    ----------
    video : VideoFormat
    path, width, height, fps, options
        As for `Encoder.open`.
    keep_alpha : bool
        Whether alpha is encoded, in a format that can store it; otherwise frames are composited on white.
    """

    def __init__(
        self,
        video: VideoFormat,
        path: Path,
        width: int,
        height: int,
        fps: float,
        options: EncodeOptions,
        *,
        keep_alpha: bool = False,
    ) -> None:
        output = FileSequence(path) if video.is_numbered else AtomicFile(path)
        super().__init__(path, width, height, fps, output)
        self._video, self._options = video, options
        self._keeps_alpha = keep_alpha and video.keeps_alpha(options)
        is_planar = not self._keeps_alpha and takes_planes(video, width, height, options)
        self._planes = Yuv420Planes(width, height) if is_planar else None
        self._latest: memoryview | None = None
        is_copied = video.encoder(options) == "copy"  # containers hold RGBA, which stock feeds ffmpeg, but few RGB0
        pixels = "rgba" if self._keeps_alpha or is_copied else "yuv420p" if is_planar else "rgb0"
        with self._ending_on_error(output.discard):
            command = command_line(video, output.temporary, width, height, fps, options, pixels=pixels)
            self._ffmpeg = FFmpeg(command, output.temporary, options.program)

    def stage_frame(self, rgba: Frame) -> EncodeTask:
        """Return the deferred handing over of one more frame to ffmpeg."""
        self._count(rgba)
        if self._planes is None:
            pixels = rgba if self._keeps_alpha else on_white(rgba)
            return partial(self._ffmpeg.write, memoryview(pixels.tobytes()))
        if self._planes.update(rgba) or self._latest is None:
            self._latest = memoryview(self._planes.data.tobytes())
        return partial(self._ffmpeg.write, self._latest)

    def _complete(self) -> None:
        """Wait until ffmpeg has ended; raise EncodeError if it succeeded but wrote another format."""
        self._ffmpeg.finish()
        if self._video is WEBP and self._options.alt:
            add_webp_description(self._output.temporary, self._options.alt, self._width, self._height)
        if self._video.signature is None or UserArguments.parse(self._options.extra_args).names_muxer:
            return
        start, signature = self._video.signature
        with self._output.temporary.open("rb") as file:
            if not file.read(start + len(signature)).endswith(signature):
                raise EncodeError(f"ffmpeg wrote no {self._video.name}; IMAGEIO_FFMPEG_EXE may name another program")

    def _contents(self) -> dict[str, Any]:
        if isinstance(self._output, FileSequence):
            return {"n_frames": len(self._output.numbers())}
        if self._video is WEBP:
            return webp_contents(self._output.temporary)
        if not self._options.extra_args and self._video not in (GIF, APNG):
            return {}
        try:  # filters can change everything
            found = dataclasses.asdict(probe(self._output.temporary))
        except EncodeError:  # a format that neither ffmpeg nor Pillow reads back
            return {}
        return {name: found[name] for name in ("width", "height", "n_frames", "duration")}

    def _release(self) -> None:
        self._ffmpeg.kill()


MakeSink = Callable[[Path, int, int, float, EncodeOptions], Sink]
"""Opens the sink of one file, given its path, width, height, frames per second and options."""


class ByAlpha(Sink):
    """A file whose encoder is chosen by the first frame: one for opaque frames, another that stores alpha.

    Parameters
    ----------
    opaque, transparent : callable
        Open the file with the one or the other encoder.
    path, *arguments
        As for `Encoder.open`.
    """

    def __init__(
        self,
        opaque: MakeSink,
        transparent: MakeSink,
        path: Path,
        *arguments: Any,
    ) -> None:
        self._path = path
        self._open_transparent = partial(transparent, path, *arguments)
        self._sink = opaque(path, *arguments)  # at once, so that a bad path is an error before drawing
        self._is_first, self._is_opaque, self._is_over = True, True, False

    def stage_frame(self, rgba: Frame) -> EncodeTask:
        """Choose the encoder with the first frame; return the deferred encoding of this one."""
        opaque = self._is_opaque and is_opaque(rgba)
        if self._is_opaque and not opaque:
            self._is_opaque = False
            if self._is_first and not self._is_over:
                self._reopen()
            elif not self._is_over:
                print_line(f"{self._path.name}: a later frame than the first has transparency: drawn on white")
        self._is_first = False
        return self._sink.stage_frame(rgba)

    def _reopen(self) -> None:
        self._sink.abort()
        with uninterrupted():  # a half-started encoder has no owner that could end it
            self._sink = self._open_transparent()

    def write(self, rgba: Frame) -> None:
        """Encode one more frame at once."""
        self.stage_frame(rgba)()

    def finish(self) -> None:
        """Complete the file under its temporary name."""
        self._sink.finish()

    def publish(self, *, keep_old: bool = False) -> OutputFile:
        """Give the complete file its final name."""
        return self._sink.publish(keep_old=keep_old)

    def rollback(self) -> None:
        """Restore what `publish` replaced."""
        self._sink.rollback()

    def abort(self) -> None:
        """End what runs and remove all temporary files."""
        self._is_over = True
        self._sink.abort()
