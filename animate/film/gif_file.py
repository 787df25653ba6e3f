"""The bytes of a GIF: header, one image after another, end. Pillow does the compression.

References: Graphics Interchange Format, version 89a, CompuServe, 1990; the NETSCAPE2.0 application extension.
"""

from __future__ import annotations

import struct
import tempfile
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import IO, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from animate.film.palette import Points

MAX_DELAY_CS = 65535
_IN_FLIGHT = 4


class Picture(NamedTuple):
    """A rectangle of the screen as it is drawn over what is there."""

    start: int
    """When it appears, in centiseconds."""
    left: int
    top: int
    pixels: NDArray[np.uint8]
    """Rows of a palette, shape (height, width); the row past the palette's last leaves a pixel as it was."""
    palette: Points
    local: bool
    """Whether the palette is its own, and not that of the file."""


def color_table(palette: Points) -> bytes:
    """Return a palette, with room for the transparent color, as a table of 2, 4, ... or 256 colors."""
    table = np.zeros((2 ** _size_code(palette) * 2, 3), np.uint8)
    table[: len(palette)] = palette
    return table.tobytes()


def _size_code(palette: Points) -> int:
    return max(0, len(palette).bit_length() - 1)  # 2^(code + 1) > len(palette)


def header(width: int, height: int, palette: Points, loop: int) -> bytes:
    """Return how a GIF begins; it plays `loop` times, 0 for ever."""
    screen = struct.pack("<HHBBB", width, height, 0xF0 | _size_code(palette), 0, 0)
    if loop == 1:
        return b"GIF89a" + screen + color_table(palette)
    repeats = struct.pack("<BHB", 1, loop - 1 if loop else 0, 0)  # counts plays after the first; 0 is for ever
    return b"GIF89a" + screen + color_table(palette) + b"!\xff\x0bNETSCAPE2.0\x03" + repeats


def image_data(pixels: NDArray[np.uint8]) -> bytes:
    """Return pixels (height, width) compressed: the code size, the blocks, and their end."""
    image = Image.frombuffer("L", pixels.shape[::-1], pixels.tobytes(), "raw", "L", 0, 1)
    # Into a real file Pillow compresses without holding the interpreter's lock, so that two threads are twice as fast.
    with tempfile.TemporaryFile() as file:
        image.save(file, "GIF", optimize=False, interlace=0)
        file.seek(0)
        data = file.read()
    start = 13 + 6 * 2 ** (data[10] & 7)
    while data[start] == 0x21:  # an extension: its blocks end with an empty one
        start += 2
        while data[start]:
            start += data[start] + 1
        start += 1
    return data[start + 10 : -1]


def _image(picture: Picture, data: bytes, until: int) -> bytes:
    transparent = len(picture.palette)
    height, width = picture.pixels.shape
    delays = _delays(until - picture.start)
    control = b"!\xf9\x04" + struct.pack("<BHBB", 0b101, delays[0], transparent, 0)
    packed = 0x80 | _size_code(picture.palette) if picture.local else 0
    place = b"," + struct.pack("<HHHHB", picture.left, picture.top, width, height, packed)
    table = color_table(picture.palette) if picture.local else b""
    return control + place + table + data + b"".join(map(_wait, delays[1:]))


def _delays(delay: int) -> list[int]:
    """Return a time as delays that a GIF can hold: all but the last are the longest there is."""
    n_full = max(0, delay - 2) // MAX_DELAY_CS  # the last one is at least 2: players do not believe less
    rest = delay - n_full * MAX_DELAY_CS
    return [MAX_DELAY_CS] * n_full + ([rest] if rest else [])


def _wait(delay: int) -> bytes:
    """Return an image of one transparent pixel, which is drawn over the first pixel and changes nothing."""
    control = b"!\xf9\x04" + struct.pack("<BHBB", 0b101, delay, 0, 0)
    return control + b"," + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + image_data(np.zeros((1, 1), np.uint8))


class PictureWriter:
    """Writes pictures in order, while two threads compress those that follow.

    A picture's delay is known when the next one comes, so each is written one later.
    """

    def __init__(self, file: IO[bytes], go_on: Callable[[], None]) -> None:
        self.n_images = 0
        self._file, self._go_on = file, go_on
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="animate-gif")
        self._waiting: deque[tuple[Picture, Future[bytes]]] = deque()

    def add(self, picture: Picture) -> None:
        """Take the next picture."""
        self._go_on()
        self._waiting.append((picture, self._pool.submit(image_data, picture.pixels)))
        while len(self._waiting) > _IN_FLIGHT:
            self._write(self._waiting[1][0].start)

    def finish(self, end: int) -> None:
        """Write what is left; the last picture stays until `end`, in centiseconds."""
        while len(self._waiting) > 1:
            self._write(self._waiting[1][0].start)
        self._write(end)
        self._file.write(b";")

    def _write(self, until: int) -> None:
        picture, data = self._waiting.popleft()
        self._file.write(_image(picture, data.result(), until))
        self.n_images += len(_delays(until - picture.start))

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown(cancel_futures=True)
