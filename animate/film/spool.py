"""What frames change, kept on disk so that memory does not grow with their number."""

from __future__ import annotations

import struct
import tempfile
from array import array
from contextlib import suppress
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np
from numpy.typing import NDArray

MAX_STAY = 65535


class Change(NamedTuple):
    """The pixels that one frame changes."""

    frame: int
    places: NDArray[np.intp]
    """Where: flat indices of pixels in reading order, shape (n_changed,)."""
    colors: NDArray[np.uint32]
    """What they become, shape (n_changed,): packed colors, or rows of a table of colors."""
    stays: NDArray[np.uint16]
    """For how many frames each keeps its color, shape (n_changed,); 0 as long as that is not known."""


class Spool:
    """Changes in a temporary file, readable in any order.

    Parameters
    ----------
    folder : Path
        Where the file lies. It has no name there, where the system allows that, and goes when it is closed.
    n_pixels : int
        Pixels of a frame.
    """

    _HEAD = struct.Struct("<2q?")

    def __init__(self, folder: Path, n_pixels: int) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile(dir=folder, prefix=".animate-")  # noqa: SIM115
        self._n_pixels = n_pixels
        self._offsets = array("q")
        self._end = 0

    def __len__(self) -> int:
        return len(self._offsets)

    def append(self, frame: int, places: NDArray[np.intp], colors: NDArray[np.uint32]) -> None:
        """Store one more change; how long its pixels stay is not known yet."""
        dense = 32 * len(places) > self._n_pixels
        self._file.seek(self._end)
        self._offsets.append(self._end)
        self._file.write(self._HEAD.pack(frame, len(places), dense))
        self._file.write(self._pack(places, dense))
        self._file.write(colors.astype(np.uint32, copy=False).tobytes())
        self._end = self._file.write(bytes(2 * len(places))) + self._file.tell() - 2 * len(places)

    def _pack(self, places: NDArray[np.intp], dense: bool) -> bytes:
        if not dense:
            return places.astype(np.uint32).tobytes()
        changed = np.zeros(self._n_pixels, np.bool_)
        changed[places] = True
        return np.packbits(changed).tobytes()

    def __getitem__(self, number: int) -> Change:
        """Return a change by its number."""
        self._file.seek(self._offsets[number])
        frame, n_changed, dense = self._HEAD.unpack(self._file.read(self._HEAD.size))
        if dense:
            bits = np.frombuffer(self._file.read((self._n_pixels + 7) // 8), np.uint8)
            places = np.flatnonzero(np.unpackbits(bits, count=self._n_pixels))
        else:
            places = np.frombuffer(self._file.read(4 * n_changed), np.uint32).astype(np.intp)
        colors = np.frombuffer(self._file.read(4 * n_changed), np.uint32)
        return Change(frame, places, colors, np.frombuffer(self._file.read(2 * n_changed), np.uint16))

    def amend(self, number: int, colors: NDArray[np.intp], stays: NDArray[np.intp]) -> None:
        """Replace the colors of a change, and say how long its pixels stay."""
        end = self._offsets[number + 1] if number + 1 < len(self) else self._end
        self._file.seek(end - 6 * len(colors))
        self._file.write(colors.astype(np.uint32).tobytes())
        self._file.write(np.minimum(stays, MAX_STAY).astype(np.uint16).tobytes())

    def close(self) -> None:
        """Remove the file."""
        with suppress(OSError):  # a full disk: what is not written yet is lost with the file
            self._file.close()
