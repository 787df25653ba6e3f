"""Decode a GIF and an MP4 of the flagship at 800x450 and check what a page needs of them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import imageio.v3 as iio
import imageio_ffmpeg
from PIL import Image

MAX_GIF_BYTES = 1_500_000
SIZE = (800, 450)
FPS = 25


def gif_seconds(path: Path) -> float:
    """Return how long a GIF plays once, from the delay of each frame."""
    with Image.open(path) as image:
        delays_ms = []
        for index in range(image.n_frames):
            image.seek(index)
            delays_ms.append(image.info["duration"])
    return sum(delays_ms) / 1000


def boxes(path: Path) -> Iterator[str]:
    """Yield the names of an MP4's outermost boxes, in their order."""
    data = path.read_bytes()
    at = 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        yield data[at + 4 : at + 8].decode("latin-1")
        at += int.from_bytes(data[at + 8 : at + 16], "big") if length == 1 else length or len(data)


def mp4_frames(path: Path) -> tuple[dict[str, object], int]:
    """Return what ffmpeg says of an MP4, and how many frames of the right size it decodes."""
    frames = imageio_ffmpeg.read_frames(str(path))
    about = next(frames)
    return about, sum(len(frame) == SIZE[0] * SIZE[1] * 3 for frame in frames)


def check(what: str, holds: bool) -> None:
    """Say whether it holds, and stop where it does not."""
    print(f"{'ok' if holds else 'WRONG'}: {what}")
    if not holds:
        sys.exit(1)


def main(gif: Path, mp4: Path) -> None:
    """Check both files."""
    pictures = iio.imread(gif, mode="RGB")
    seconds = gif_seconds(gif)
    about, n_frames = mp4_frames(mp4)
    order = list(boxes(mp4))
    check(f"the GIF has {gif.stat().st_size} bytes, under {MAX_GIF_BYTES}", gif.stat().st_size < MAX_GIF_BYTES)
    check(f"the GIF decodes to {pictures.shape}", pictures.shape[1:3] == SIZE[::-1] and len(pictures) > 20)
    check("the GIF's last frame differs from its first", bool((pictures[0] != pictures[-1]).any()))
    coding = f"{about['codec']} {about['pix_fmt']}"
    check(f"the MP4 is {coding}", coding.startswith("h264 yuv420p"))
    check(f"the MP4 is {about['size']} at {about['fps']}/s", (about["size"], about["fps"]) == (SIZE, FPS))
    check(f"the MP4 decodes to {n_frames} frames", n_frames > 20)
    check(f"both play {seconds:.2f} s to one frame", abs(seconds - n_frames / FPS) <= 1 / FPS)
    check("moov stands before mdat", order.index("moov") < order.index("mdat"))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
