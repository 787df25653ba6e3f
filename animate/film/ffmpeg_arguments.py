"""The ffmpeg command line for one output file: codec, quality, color conversion and the user's own arguments.

The user's arguments come last, so they win. Filters are the exception: ffmpeg takes one filter chain per stream, so
the user's filters run first and the color conversion is appended to them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from animate.film.sinks import EncodeOptions, exact_fps

SEEK_SECONDS = 5
"""The longest distance between two keyframes. Half of it costs a third more bytes on plots."""

TAGS = "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"
# Without a matrix ffmpeg would compute YUV with the coefficients of bt601, whatever the file is tagged as.
_BT709 = "out_range=tv:out_color_matrix=bt709:flags=area+accurate_rnd"
FROM_RGB = f"scale=in_range=pc:{_BT709},format=yuv420p,{TAGS}"
ALPHA_TAGS = "setparams=range=pc:colorspace=bt709"  # else ffmpeg marks the plane as RGB, which AV1 refuses
PALETTE = "split[frames][colors];[colors]palettegen[palette];[frames][palette]paletteuse"
_SAME_BYTES = ("-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact")


@dataclass(frozen=True, kw_only=True)
class VideoFormat:
    """What ffmpeg needs to know about one file format."""

    name: str
    codec: str = ""
    """The encoder, unless the user names another; empty lets ffmpeg choose one by the file's suffix."""
    codecs: str = ""
    """A regular expression for the encoders the format can hold; empty allows any."""
    container: tuple[str, ...] = ()
    """Arguments for the container."""
    signature: tuple[int, bytes] | None = None
    """The offset and the bytes by which such a file is recognized."""
    alpha: str = ""
    """How the format stores alpha beside YUV: as a "plane" of VP8 and VP9, or as a second "stream" of AV1."""
    is_numbered: bool = False
    """Whether each frame is a file of its own."""
    max_fps: float = math.inf
    """Frames per second beyond which frames are shown longer instead."""
    loop: str = ""
    """The option that says how often the file plays, if the format stores that."""
    alt_tag: str = "description"
    """The tag in which the format stores alternative text."""

    def encoder(self, options: EncodeOptions) -> str:
        """Return the ffmpeg encoder to use; empty where ffmpeg chooses."""
        return _encoder_named(options) if self.takes_codec(options) else self.codec

    def takes_codec(self, options: EncodeOptions) -> bool:
        """Return whether the user named an encoder that this format can hold."""
        name = _encoder_named(options)
        return bool(name) and re.search(self.codecs, name) is not None

    def keeps_alpha(self, options: EncodeOptions) -> bool:
        """Return whether the file stores the alpha of the RGBA frames that ffmpeg is fed."""
        encoder, pixel_format = self.encoder(options), UserArguments.parse(options.extra_args).pixel_format
        if pixel_format and not re.search("rgba|bgra|argb|abgr|yuva|gbrap|^ya|pal8", pixel_format):
            return False
        beside_yuv = {"plane": "vp[89]", "stream": "libaom-av1"}.get(self.alpha)
        return bool(_KEEP_ALPHA.fullmatch(encoder) or (beside_yuv and re.search(beside_yuv, encoder)))


# names of codecs, and the encoders for which `_QUALITY` has settings
_ENCODER_OF = {
    "h264": "libx264",
    "vp9": "libvpx-vp9",
    "av1": "libaom-av1",
    "theora": "libtheora",
    "webp": "libwebp_anim",
}


def _encoder_named(options: EncodeOptions) -> str:
    """Return the encoder that the user named, among ffmpeg's arguments or as a codec; empty for none."""
    codec = UserArguments.parse(options.extra_args).codec or options.codec or ""
    return _ENCODER_OF.get(codec, codec)


X264_FOR_PLOTS = (
    *("-preset", "veryfast", "-rc-lookahead", "40", "-trellis", "1", "-refs", "2", "-me_method", "umh"),
    *("-aq-strength", "0.7", "-x264-params", "psy=0"),
)
"""A fast preset of x264 with what pays on plots, where much stands still and the rest moves far: a long lookahead, a
wide search, and no bits for grain. Against x264's defaults it takes two thirds of the time and, on seven animations,
no more bytes at the same PSNR; `python -m tests.benchmarks h264` measures it."""

_QUALITY: dict[str, tuple[int, tuple[str, ...]]] = {
    "libx264": (23, X264_FOR_PLOTS),
    "libvpx-vp9": (31, ("-deadline", "good", "-cpu-used", "4", "-row-mt", "1")),
    "libaom-av1": (28, ("-cpu-used", "6", "-row-mt", "1")),
}
"""For each encoder the crf at quality 90, and arguments for its speed."""

_SUBSAMPLED = re.compile(r"26[45]|hevc|vp[89]|av1|theora|mpeg|xvid|flv|wmv|h263")
"""Encoders of delivery formats. Players expect yuv420p from them; from RGB, ffmpeg would choose 4:4:4 for some."""

_KEEP_ALPHA = re.compile(
    "apng|avrp|bmp|cfhd|dpx|ffv1|ffvhuff|gif|huffyuv|jpeg2000|libjxl|libwebp|libwebp_anim|ljpeg|png|prores|prores_aw|"
    "prores_ks|qtrle|rawvideo|targa|tiff|utvideo|v408"
)
"""Encoders that store alpha when ffmpeg is fed RGBA: those of `FFMpegWriter`, WebP's and JPEG XL's."""


def is_subsampled(encoder: str) -> bool:
    """Return whether an encoder gets yuv420p unless the user sets another pixel format.

    >>> is_subsampled("libx264"), is_subsampled("h264_nvenc"), is_subsampled("libx264rgb"), is_subsampled("mjpeg")
    (True, True, False, False)
    """
    return bool(_SUBSAMPLED.search(encoder)) and not encoder.endswith("rgb")


def needs_even_size(encoder: str) -> bool:
    """Return whether an encoder refuses an odd width or height.

    >>> needs_even_size("libx264"), needs_even_size("libvpx-vp9")
    (True, False)
    """
    return bool(re.search("26[45]|hevc", encoder)) and is_subsampled(encoder)


@dataclass(frozen=True)
class UserArguments:
    """The user's ffmpeg arguments, with those parsed that the color conversion depends on.

    Attributes
    ----------
    filters : str
        The chain of ``-vf``, ``-filter`` or ``-filter:v``; the last one counts, as in ffmpeg.
    graph : str
        The graph of ``-filter_complex`` or ``-lavfi``.
    pixel_format : str
        The value of ``-pix_fmt``.
    codec : str
        The value of ``-c:v`` or of one of its other names.
    others : tuple of str
        All arguments but the filters, in order.
    """

    filters: str = ""
    graph: str = ""
    pixel_format: str = ""
    codec: str = ""
    others: tuple[str, ...] = ()

    @classmethod
    def parse(cls, arguments: tuple[str, ...]) -> UserArguments:
        """Return the parts of ffmpeg arguments.

        >>> parts = UserArguments.parse(("-vf", "hflip", "-crf", "20", "-vcodec", "libx264"))
        >>> parts.filters, parts.codec, parts.others
        ('hflip', 'libx264', ('-crf', '20', '-vcodec', 'libx264'))
        """
        found: dict[str, str] = {}
        others: list[str] = []
        rest = iter(arguments)
        for argument in rest:
            kind = next((kind for kind, pattern in _TAKEN_APART if pattern.fullmatch(argument)), None)
            value = None if kind is None else next(rest, None)
            if kind is not None and value is not None:
                found[kind] = value
            if kind not in ("filters", "graph"):
                others += [argument] if value is None else [argument, value]
        return cls(**found, others=tuple(others))

    @property
    def names_muxer(self) -> bool:
        """Return whether the user chose the container with ``-f``."""
        return "-f" in self.others

    @property
    def sets_quality(self) -> bool:
        """Return whether the user chose a bitrate or a quantizer, which a constant quality would override."""
        return any(re.fullmatch(r"-(b|qp|q|qscale|global_quality)(:v(:0)?)?", argument) for argument in self.others)


_TAKEN_APART = (
    ("filters", re.compile(r"-vf|-filter(:v(:0)?)?")),
    ("graph", re.compile(r"-filter_complex|-lavfi")),
    ("pixel_format", re.compile(r"-pix_fmt(:v(:0)?)?")),
    ("codec", re.compile(r"-vcodec|-(c|codec)(:v(:0)?)?")),
)


def takes_planes(video: VideoFormat, width: int, height: int, options: EncodeOptions) -> bool:
    """Return whether ffmpeg is fed yuv420p: where it would convert to that itself, and no filter needs the colors."""
    user = UserArguments.parse(options.extra_args)
    changes_colors = bool(user.filters or user.graph or user.pixel_format)
    return is_subsampled(video.encoder(options)) and not width % 2 and not height % 2 and not changes_colors


def command_line(
    video: VideoFormat, output: Path, width: int, height: int, fps: float, options: EncodeOptions, *, pixels: str
) -> list[str]:
    """Return ffmpeg's arguments to encode frames from its standard input.

    Parameters
    ----------
    video : VideoFormat
    output : Path
        The file to write; for a numbered format a name with a place for the number, such as ``x-%04d.jpg``.
    width, height : int
        Size of the frames in pixels.
    fps : float
        Frames per second.
    options : EncodeOptions
    pixels : {"rgb0", "rgba", "yuv420p"}
        How the frames arrive; their alpha is kept only from ``rgba``.
    """
    rate = exact_fps(min(fps, video.max_fps))
    user = UserArguments.parse(options.extra_args)
    filters, others = _filters(video, options, user, pixels)
    return [
        *("-hide_banner", "-loglevel", "error", "-nostats", "-y"),
        *("-f", "rawvideo", "-pix_fmt", pixels, "-video_size", f"{width}x{height}"),
        *("-framerate", f"{rate.numerator}/{rate.denominator}", "-i", "pipe:0", "-an"),
        *("-threads", str(options.threads), *_SAME_BYTES),
        *filters,
        *_encoder(video.encoder(options), fps, options, user),
        *_container(video, options),
        *_metadata(video, options),
        *others,
        _file_url(output, is_pattern=video.is_numbered),
    ]


def _metadata(video: VideoFormat, options: EncodeOptions) -> list[str]:
    alt = ((video.alt_tag, options.alt),) if options.alt else ()
    # of two tags of one name ffmpeg keeps the last: the user's
    return [part for key, value in (*alt, *options.metadata) for part in ("-metadata", f"{key}={value}")]


def _encoder(encoder: str, fps: float, options: EncodeOptions, user: UserArguments) -> list[str]:
    crf_at_90, speed = _QUALITY.get(encoder, (None, ()))
    if "-preset" in user.others:  # then all of that preset holds
        speed = ()
    arguments = ["-c:v", encoder] if encoder else []
    if encoder.startswith(
        "libwebp"
    ):  # lossless: on plots fewer bytes than lossy; level 4 takes a third longer, no smaller
        return [*arguments, "-lossless", "1", "-compression_level", "2"]
    if is_subsampled(encoder):
        arguments += ["-g", str(max(1, round(SEEK_SECONDS * fps)))]
    if options.bitrate is not None and options.bitrate > 0:
        return [*arguments, "-b:v", f"{options.bitrate}k", *speed]
    if user.sets_quality:
        return [*arguments, *speed]
    if crf_at_90 is None and options.crf is None:
        return [*arguments, *_FIXED_QUALITY.get(encoder, ())]
    # ten steps of quality take a quarter off the bytes of plots
    by_quality = (crf_at_90 or 0) + round(0.4 * (90 - options.quality))
    return [*arguments, "-b:v", "0", "-crf", str(by_quality if options.crf is None else options.crf), *speed]


_FIXED_QUALITY = {"libtheora": ("-q:v", "9"), "mjpeg": ("-q:v", "2")}
"""Arguments for encoders without crf, whose own default is too coarse for text."""


def _container(video: VideoFormat, options: EncodeOptions) -> list[str]:
    n_plays = options.loop
    if video.loop == "-loop" and video.codec == "gif":  # counts repetitions after the first play; -1 is none
        n_plays = n_plays if n_plays == 0 else n_plays - 1 or -1
    loop = [video.loop, str(n_plays)] if video.loop else []
    is_quicktime = "+faststart" in video.container
    tag = ["-tag:v", "hvc1"] if is_quicktime and re.search("265|hevc", video.encoder(options)) else []  # for QuickTime
    number = ["-start_number", str(options.first_number)] if video.is_numbered else []
    return [*loop, *tag, *number, *video.container]


def _filters(
    video: VideoFormat, options: EncodeOptions, user: UserArguments, pixels: str
) -> tuple[list[str], Sequence[str]]:
    """Return arguments for the user's filters with the conversion to the encoder's colors, and the user's others."""
    if video.alpha == "stream" and pixels == "rgba" and not user.graph:
        chain = ",".join(filter(None, [user.filters, "split[color][mask]"]))
        graph = f"{chain};[mask]alphaextract,{ALPHA_TAGS}[alpha];[color]{_to_yuv('yuv420p', user)}[opaque]"
        return ["-filter_complex", graph, "-map", "[opaque]", "-map", "[alpha]"], user.others
    conversion = _conversion(video.encoder(options), user, pixels)
    if user.graph:
        return _extended_graph(user, conversion)
    chain = ",".join(filter(None, [user.filters, conversion]))
    return ["-vf", chain] if chain else [], user.others


def _conversion(encoder: str, user: UserArguments, pixels: str) -> str:
    if encoder == "gif":
        return "" if user.graph or "paletteuse" in user.filters else PALETTE
    if not is_subsampled(encoder):
        return ""
    if pixels == "yuv420p":
        return TAGS
    wanted = user.pixel_format or ("yuva420p" if pixels == "rgba" else "yuv420p")
    return _to_yuv(wanted, user) if re.match("yuva?4|nv|p0", wanted) else ""


def _to_yuv(pixel_format: str, user: UserArguments) -> str:
    # The user's filters may return YUV of limited range, so the input range is fixed only without them.
    given = "scale=" if user.filters or user.graph else "scale=in_range=pc:"
    return given + f"{_BT709},format={pixel_format},{TAGS}"


def _extended_graph(user: UserArguments, conversion: str) -> tuple[list[str], Sequence[str]]:
    """Return arguments for the user's filter graph with the conversion appended to its output, and the others."""
    graph, others = user.graph.rstrip().rstrip(";"), list(user.others)
    arguments = ["-vf", user.filters] if user.filters else []  # together they are an error, which ffmpeg explains
    if not conversion:
        return [*arguments, "-filter_complex", graph], others
    mapped = [value for name, value in pairwise(others) if name == "-map"]
    label = next((value for value in mapped if value.startswith("[")), None)
    last = re.search(r"\[[^\[\]]+\]$", graph)
    if label is not None:
        others[others.index(label)] = "[converted]"
        graph = f"{graph};{label}{conversion}[converted]"
    else:
        graph = f"{graph};{last[0]}{conversion}" if last else f"{graph},{conversion}"
    return [*arguments, "-filter_complex", graph], others


def _file_url(path: Path, *, is_pattern: bool) -> str:
    """Return a path as ffmpeg takes it literally: a colon in it would otherwise name a protocol."""
    if not is_pattern:
        return f"file:{path}"
    return "file:" + str(path.parent).replace("%", "%%") + f"/{path.name}"
