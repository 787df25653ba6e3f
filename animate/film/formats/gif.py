"""Small GIFs: only changed pixels are written, with palettes chosen after the last frame.

The changed pixels of each frame go to a temporary file. After the last frame, a backward pass over that file finds
how long each pixel keeps its color; the palettes are chosen from that, and a forward pass makes the images. Pillow
does the compression.

References: Graphics Interchange Format, version 89a, CompuServe, 1990; the NETSCAPE2.0 application extension.
"""

from __future__ import annotations

import struct
import tempfile
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from animate.atomic_files import AtomicFile
from animate.film.formats.gif_quantizer import FrameSpool, GifImage, GifQuantizer, measure
from animate.film.formats.palette import ColorTable, Points
from animate.film.sinks import EncodeOptions, EncodeTask, FileSink, exact_fps, on_white, packed
from animate.replay.frames import Frame

MAX_GIF_FPS = 50


def start_cs(frame: int, fps: Fraction) -> int:
    """Return when a frame appears, in centiseconds: floor(100 * frame / fps), or 2 * frame above 50 fps.

    >>> [start_cs(frame, Fraction(30)) for frame in range(7)]
    [0, 3, 6, 10, 13, 16, 20]
    >>> [start_cs(frame, Fraction(60)) for frame in range(7)]
    [0, 2, 4, 6, 8, 10, 12]
    """
    if fps > MAX_GIF_FPS:
        return 2 * frame  # browsers play a delay of 1 as one of 10
    return int(100 * frame / fps)


class GifSink(FileSink):
    """Writes a GIF of opaque frames; transparent pixels are composited on white. Parameters as for `Encoder.open`."""

    def __init__(self, path: Path, width: int, height: int, fps: float, options: EncodeOptions) -> None:
        super().__init__(path, width, height, fps, AtomicFile(path))
        self._options = options
        with self._ending_on_error(self._output.discard):
            self._spool = FrameSpool(path.parent, width * height)
        self._table = ColorTable()
        self._before = np.zeros(width * height, np.uint32)  # transparent black, which no opaque pixel equals

    def stage_frame(self, rgba: Frame) -> EncodeTask:
        """Return the deferred storing of the pixels that one more frame changes."""
        frame = self._count(rgba)
        places, colors = self._changed(packed(on_white(rgba)))
        if not len(places):
            return self._output.check_open  # the frame before stays on screen
        self._before[places] = colors
        return partial(self._store, frame, places, colors)

    def _store(self, frame: int, places: NDArray[np.intp], colors: NDArray[np.uint32]) -> None:
        self._output.check_open()
        with self._ending_on_error(lambda: None):
            self._spool.append(frame, places, colors)
        self._table.add(colors)

    def _changed(self, pixels: NDArray[np.uint32]) -> tuple[NDArray[np.intp], NDArray[np.uint32]]:
        """Return where the frame differs from the one before, as flat indices, and its colors there."""
        changed = pixels != self._before.reshape(pixels.shape)
        rows = np.flatnonzero(changed.any(axis=1))
        if not len(rows):
            return rows, pixels[:0, 0]
        first = rows[0] * pixels.shape[1]
        places = np.flatnonzero(changed[rows[0] : rows[-1] + 1]) + first
        return places, pixels.reshape(-1)[places]

    def _complete(self) -> None:
        """Choose the palettes and compress the images."""
        fps = exact_fps(self._fps)
        self._table.merge()
        usage = measure(self._spool, self._table, len(self._before), self._n_frames)
        weight = rate_distortion_weight(self._options.quality)
        quantizer = GifQuantizer(
            self._spool, self._table, usage, width=self._width, n_colors=self._options.colors, weight=weight
        )
        start = 0
        with self._output.temporary.open("wb") as file:
            file.write(header(self._width, self._height, quantizer.palette, self._options.loop))
            file.write(comment(self._options.alt))
            writer = ImageWriter(file, self._output.check_open)
            try:
                for number, image in enumerate(quantizer.images(lambda frame: start_cs(frame, fps))):
                    # Pillow, as imageio sets it, loses transparency until it meets a palette after the first image's.
                    writer.add(image._replace(local=True) if number == 1 else image)
                    start = image.start
                end = max(start + 2, start_cs(self._n_frames, fps))
                writer.finish(end)
            finally:
                writer.close()
        self._n_images, self._duration = writer.n_images, end / 100
        self._spool.close()

    def _contents(self) -> dict[str, Any]:
        return {"n_frames": self._n_images, "duration": self._duration}

    def _release(self) -> None:
        self._spool.close()


def rate_distortion_weight(quality: float) -> float:
    """Return the error that one bit is worth: (100 - quality)^2 / 5, in squared RGB distance x pixels x frames.

    >>> rate_distortion_weight(100), rate_distortion_weight(90), rate_distortion_weight(70)
    (0.0, 20.0, 180.0)
    """
    return (100 - quality) ** 2 / 5


def notice_gif(fps: float) -> str | None:
    """Return a line for the user if GIF cannot play a frame rate."""
    if fps <= MAX_GIF_FPS:
        return None
    times = f"plays {fps / MAX_GIF_FPS:.3g} times as long"
    return f"GIF shows at most {MAX_GIF_FPS} frames a second: at {fps:g} fps every frame stays 0.02 s, so it {times}"


MAX_DELAY_CS = 65535
_IN_FLIGHT = 4


def color_table(palette: Points) -> bytes:
    """Return a palette and a free row for the transparent color as a color table of 2, 4, ... or 256 rows."""
    table = np.zeros((2 ** _size_code(palette) * 2, 3), np.uint8)
    table[: len(palette)] = palette
    return table.tobytes()


def _size_code(palette: Points) -> int:
    return max(0, len(palette).bit_length() - 1)  # 2^(code + 1) > len(palette)


def header(width: int, height: int, palette: Points, loop: int) -> bytes:
    """Return the beginning of a GIF that plays *loop* times; 0 is for ever."""
    screen = struct.pack("<HHBBB", width, height, 0xF0 | _size_code(palette), 0, 0)
    if loop == 1:
        return b"GIF89a" + screen + color_table(palette)
    repeats = struct.pack("<BHB", 1, loop - 1 if loop else 0, 0)  # counts repetitions; 0 is for ever
    return b"GIF89a" + screen + color_table(palette) + b"!\xff\x0bNETSCAPE2.0\x03" + repeats


def comment(text: str) -> bytes:
    """Return a text as a comment extension of a GIF; nothing for an empty text."""
    data = text.encode()
    blocks = (data[start : start + 255] for start in range(0, len(data), 255))
    return b"".join((b"!\xfe", *(bytes([len(block)]) + block for block in blocks), b"\0")) if data else b""


def image_data(pixels: NDArray[np.uint8]) -> bytes:
    """Return pixels, shape (height, width), compressed: the code size, the blocks and their terminator."""
    image = Image.frombuffer("L", pixels.shape[::-1], pixels.tobytes(), "raw", "L", 0, 1)
    # Into a real file Pillow compresses without the interpreter's lock, so that two threads are twice as fast.
    with tempfile.TemporaryFile() as file:
        image.save(file, "GIF", optimize=False, interlace=0)
        file.seek(0)
        data = file.read()
    start = 13 + 6 * 2 ** (data[10] & 7)
    while data[start] == 0x21:  # an extension, whose blocks end with an empty one
        start += 2
        while data[start]:
            start += data[start] + 1
        start += 1
    return data[start + 10 : -1]


def _encoded(image: GifImage, data: bytes, until: int) -> bytes:
    transparent = len(image.palette)
    height, width = image.pixels.shape
    delays = _delays(until - image.start)
    flags = 0b101 if image.start else 0b100  # the first image has no transparent pixel
    control = b"!\xf9\x04" + struct.pack("<BHBB", flags, delays[0], transparent, 0)
    packed = 0x80 | _size_code(image.palette) if image.local else 0
    place = b"," + struct.pack("<HHHHB", image.left, image.top, width, height, packed)
    table = color_table(image.palette) if image.local else b""
    return control + place + table + data + b"".join(map(_wait, delays[1:]))


def _delays(delay: int) -> list[int]:
    """Return a time as delays that a GIF can store: all but the last are the maximum."""
    n_full = max(0, delay - 2) // MAX_DELAY_CS  # the last is at least 2: players replace a shorter one
    rest = delay - n_full * MAX_DELAY_CS
    return [MAX_DELAY_CS] * n_full + ([rest] if rest else [])


def _wait(delay: int) -> bytes:
    """Return an image of one transparent pixel, which only waits."""
    control = b"!\xf9\x04" + struct.pack("<BHBB", 0b101, delay, 0, 0)
    return control + b"," + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + image_data(np.zeros((1, 1), np.uint8))


class ImageWriter:
    """Writes images in order while two threads compress the next ones.

    The delay of an image is known when the next one comes, so each is written one later.

    Parameters
    ----------
    file : binary file
    check_open : callable
        Called before each image; raises if writing was aborted.
    """

    def __init__(self, file: IO[bytes], check_open: Callable[[], None]) -> None:
        self.n_images = 0
        self._file, self._check_open = file, check_open
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="animate-gif")
        self._waiting: deque[tuple[GifImage, Future[bytes]]] = deque()

    def add(self, image: GifImage) -> None:
        """Queue the next image."""
        self._check_open()
        self._waiting.append((image, self._pool.submit(image_data, image.pixels)))
        while len(self._waiting) > _IN_FLIGHT:
            self._write(self._waiting[1][0].start)

    def finish(self, end: int) -> None:
        """Write the remaining images; the last one stays until *end*, in centiseconds."""
        while len(self._waiting) > 1:
            self._write(self._waiting[1][0].start)
        self._write(end)
        self._file.write(b";")

    def _write(self, until: int) -> None:
        image, data = self._waiting.popleft()
        self._file.write(_encoded(image, data.result(), until))
        self.n_images += len(_delays(until - image.start))

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown(cancel_futures=True)
