"""GIFs with few bytes: only what changed is written, in palettes chosen when all frames are known.

Frames come as a stream, and the best palette is known only at the end. So each frame is compared with the one before
it, and the pixels that changed go to a temporary file. At the end a pass backwards over that file finds how long
each pixel keeps its color, the palettes are chosen by that, and a pass forwards makes the pictures.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from animate.atomic_files import AtomicFile, cannot_write
from animate.film.colortable import ColorTable
from animate.film.gif_file import PictureWriter, header
from animate.film.gif_pictures import Painter, measure
from animate.film.sinks import (
    Counter,
    EncodeOptions,
    Sink,
    Work,
    Written,
    check_not_empty,
    exact_fps,
    on_white,
    packed,
)
from animate.film.spool import Spool
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


class GifSink(Sink):
    """One GIF being written."""

    def __init__(self, path: Path, width: int, height: int, fps: float, options: EncodeOptions) -> None:
        self._counter = Counter(path, width, height, fps)
        self._fps, self._options = exact_fps(fps), options
        self._output = AtomicFile(path)
        try:
            self._spool = Spool(path.parent, width * height)
        except OSError as error:
            self._output.discard()
            raise cannot_write(path, error) from error
        self._table = ColorTable()
        self._before = np.zeros(width * height, np.uint32)  # transparent black: no color a frame is left with

    def take(self, rgba: Frame) -> Work:
        """Return what remains to be done for one more frame; transparency is composited on white."""
        self._counter.take(rgba)
        return self._record(rgba, self._counter.n_frames - 1)

    def write(self, rgba: Frame) -> None:
        """Encode one more frame at once."""
        self.take(rgba)()

    def _record(self, rgba: Frame, frame: int) -> Work:
        places, colors = self._changed(packed(on_white(rgba)))
        if not len(places):
            return self._output.check_open  # the frame before stays on screen
        self._before[places] = colors
        return partial(self._store, frame, places, colors)

    def _store(self, frame: int, places: NDArray[np.intp], colors: NDArray[np.uint32]) -> None:
        self._output.check_open()
        try:
            self._spool.append(frame, places, colors)
        except OSError as error:
            raise cannot_write(self._counter.path, error) from error
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

    def finish(self) -> None:
        """Choose the palettes and code the pictures."""
        try:
            check_not_empty(self._counter.n_frames, self._counter.path)
            self._n_images, self._duration = self._encode()
        except BaseException as error:
            self.abort()
            if isinstance(error, OSError):
                raise cannot_write(self._counter.path, error) from error
            raise
        self._spool.close()

    def publish(self, *, keep_old: bool = False) -> Written:
        """Give the whole file its final name."""
        return self._counter.written(
            self._output.publish(keep_old=keep_old), n_frames=self._n_images, duration=self._duration
        )

    def _encode(self) -> tuple[int, float]:
        counter, n_colors = self._counter, self._options.colors
        self._table.merge()
        usage = measure(self._spool, self._table, len(self._before), counter.n_frames)
        price = price_of(self._options.quality)
        painter = Painter(self._spool, self._table, usage, width=counter.width, n_colors=n_colors, price=price)
        start = 0
        with self._output.temporary.open("wb") as file:
            file.write(header(counter.width, counter.height, painter.palette, self._options.loop))
            writer = PictureWriter(file, self._output.check_open)
            try:
                for picture in painter.pictures(lambda frame: start_cs(frame, self._fps)):
                    writer.add(picture)
                    start = picture.start
                end = max(start + 2, start_cs(counter.n_frames, self._fps))
                writer.finish(end)
            finally:
                writer.close()
        return writer.n_images, end / 100

    def rollback(self) -> None:
        """Restore what `publish` replaced."""
        self._output.rollback()

    def abort(self) -> None:
        """Remove what was begun."""
        self._output.discard()
        self._spool.close()


def price_of(quality: float) -> float:
    """Return what a bit may cost in error: (100 - quality)^2 / 5, squared RGB distance x pixels x frames.

    >>> price_of(100), price_of(90), price_of(70)
    (0.0, 20.0, 180.0)
    """
    return (100 - quality) ** 2 / 5


def notice_gif(fps: float) -> str | None:
    """Return the line to say where GIF cannot hold the frame rate."""
    if fps <= MAX_GIF_FPS:
        return None
    times = f"plays {fps / MAX_GIF_FPS:.3g} times as long"
    return f"GIF shows at most {MAX_GIF_FPS} frames a second: at {fps:g} fps every frame stays 0.02 s, so it {times}"
