"""Animated PNG: exact in every pixel, drawn over what is there, only where it changed.

References: Portable Network Graphics (PNG) Specification, Third Edition, W3C, 2025, sections 5 and 11.3.6.
"""

from __future__ import annotations

import struct
import zlib
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from animate.atomic_files import AtomicFile, cannot_write
from animate.film.sinks import (
    Counter,
    EncodeOptions,
    Sink,
    Written,
    check_not_empty,
    exact_fps,
    is_opaque,
    packed,
)
from animate.replay.frames import Frame

_MAX_DELAY_MS = 65535
_SOURCE, _OVER = 0, 1
"""How a picture is combined with the one before: it replaces the pixels, alpha included, or is drawn over them."""
_LEVEL = 6  # on plots level 9 takes twice the time for 2 % fewer bytes


class _Picture(NamedTuple):
    start: int
    left: int
    top: int
    width: int
    height: int
    blend: int
    data: bytes


def start_ms(frame: int, fps: Fraction) -> int:
    """Return when a frame appears, in milliseconds: floor(1000 * frame / fps)."""
    return int(1000 * frame / fps)


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return one chunk of a PNG: its length, kind, data and checksum.

    >>> chunk(b"IEND", b"").hex()
    '0000000049454e44ae426082'
    """
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


class ApngSink(Sink):
    """One APNG being written; each picture is held back until it is known how long it stays."""

    def __init__(self, path: Path, width: int, height: int, fps: float, options: EncodeOptions) -> None:
        self._counter = Counter(path, width, height, fps)
        self._fps, self._loop = exact_fps(fps), options.loop
        self._output = AtomicFile(path)
        self._before = np.zeros((height, width), np.uint32)
        self._waiting: _Picture | None = None
        self._n_pictures = self._n_parts = 0
        try:
            self._file = self._output.temporary.open("wb")
            self._file.write(b"\x89PNG\r\n\x1a\n" + self._begin())
        except OSError as error:
            self._output.discard()
            raise cannot_write(path, error) from error

    def _begin(self) -> bytes:
        head = struct.pack(">IIBBBBB", self._counter.width, self._counter.height, 8, 6, 0, 0, 0)
        return chunk(b"IHDR", head) + chunk(b"acTL", struct.pack(">II", self._n_pictures, self._loop))

    def write(self, rgba: Frame) -> None:
        """Encode one more frame, with its transparency."""
        self._output.check_open()
        self._counter.take(rgba)
        pixels = packed(rgba)
        changed = pixels != self._before
        changed |= self._counter.n_frames == 1  # the first picture is as large as the file
        if changed.any():
            picture = self._picture(rgba, changed, start_ms(self._counter.n_frames - 1, self._fps))
            self._flush(picture.start)
            self._waiting = picture
            np.copyto(self._before, pixels)

    def _picture(self, rgba: Frame, changed: NDArray[np.bool_], start: int) -> _Picture:
        pixels = packed(rgba)
        y, x = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
        box = np.s_[y[0] : y[-1] + 1, x[0] : x[-1] + 1]
        blend = _OVER if is_opaque(rgba[box]) else _SOURCE
        part = np.where(changed[box], pixels[box], 0) if blend == _OVER else pixels[box]  # 0 over a pixel leaves it
        height, width = part.shape
        rows = np.zeros((height, 1 + 4 * width), np.uint8)  # the first byte names the filter: none
        rows[:, 1:] = part.view(np.uint8)
        return _Picture(start, int(x[0]), int(y[0]), width, height, blend, zlib.compress(rows.tobytes(), _LEVEL))

    def _flush(self, until: int) -> None:
        picture = self._waiting
        while picture is not None:
            delay = min(until - picture.start, _MAX_DELAY_MS)
            self._put(picture, delay)
            rest = picture.start + delay
            picture = _Picture(rest, 0, 0, 1, 1, _OVER, zlib.compress(bytes(5))) if rest < until else None

    def _put(self, picture: _Picture, delay: int) -> None:
        blend = picture.blend if self._n_pictures else _SOURCE
        place = (picture.width, picture.height, picture.left, picture.top, delay, 1000, 0, blend)
        self._file.write(chunk(b"fcTL", struct.pack(">IIIIIHHBB", self._next_part(), *place)))
        if self._n_pictures == 0:
            self._file.write(chunk(b"IDAT", picture.data))
        else:
            self._file.write(chunk(b"fdAT", struct.pack(">I", self._next_part()) + picture.data))
        self._n_pictures += 1

    def _next_part(self) -> int:
        self._n_parts += 1
        return self._n_parts - 1

    def finish(self) -> None:
        """Write what was held back, and how much it was."""
        try:
            check_not_empty(self._counter.n_frames, self._counter.path)
            self._flush(self._end)
            self._file.write(chunk(b"IEND", b""))
            self._file.seek(8)
            self._file.write(self._begin())  # the number of pictures is known now
            self._file.close()
        except BaseException as error:
            self.abort()
            if isinstance(error, OSError):
                raise cannot_write(self._counter.path, error) from error
            raise

    @property
    def _end(self) -> int:
        return start_ms(self._counter.n_frames, self._fps)

    def publish(self, *, keep_old: bool = False) -> Written:
        """Give the whole file its final name."""
        size = self._output.publish(keep_old=keep_old)
        return self._counter.written(size, n_frames=self._n_pictures, duration=self._end / 1000)

    def rollback(self) -> None:
        """Restore what `publish` replaced."""
        self._output.rollback()

    def abort(self) -> None:
        """Remove what was begun."""
        self._output.discard()
        with suppress(OSError):  # a full disk: what is not written yet is lost with the file
            self._file.close()
