"""Which vector films are larger than a video of the same figure."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence

from animate.film.budget import readable
from animate.film.decode import VIDEOS
from animate.film.sinks import OutputFile

LARGE_BYTES = 1_000_000
"""A vector film of more bytes, compressed as a web server sends it, is probably larger than a video."""

HEAVY_BYTES = 8_000_000
"""A vector film of more bytes, as a browser holds all of it while it plays, opens and plays slowly."""


def notices_of_size(written: Sequence[OutputFile]) -> Iterator[str]:
    """Yield a line for the user about each SVG file that is larger than a video, or probably is, or heavy to play."""
    videos = [file for file in written if file.path.suffix.lower() in VIDEOS]
    for file in written:
        if file.path.suffix.lower() != ".svg":
            continue
        n_bytes = len(zlib.compress(file.path.read_bytes()))
        smaller = next((video for video in videos if video.bytes < n_bytes), None)
        size = f"{file.path} takes {readable(n_bytes)} compressed"
        if smaller is not None:
            yield f"{size}; {smaller.path} is smaller with {readable(smaller.bytes)}"
        elif n_bytes > LARGE_BYTES and not videos:
            yield f"{size}; a video is probably smaller, such as -o {file.path.with_suffix('.mp4').name}"
        elif file.bytes > HEAVY_BYTES:
            names = " or ".join(file.path.with_suffix(suffix).name for suffix in (".html", ".mp4"))
            heavy = f"{file.path} takes {readable(file.bytes)}, all of which a browser holds while it plays"
            yield f"{heavy}; {names} opens sooner"
