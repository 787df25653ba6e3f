"""Single pictures and numbered ones: PNG, lossless, transparency kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import numpy as np
from PIL import Image

from animate.atomic_files import AtomicFile, cannot_write, temporary_folder
from animate.errors import EncodeError, UsageError
from animate.film.sinks import Counter, EncodeOptions, Sink, Written, check_not_empty
from animate.replay.frames import Frame

_NUMBER = re.compile(r"%0?(\d*)d")


def write_png(path: str | Path, rgba: Frame) -> Written:
    """Write one frame, RGBA or RGB, as a PNG file, whole or not at all; return what was written."""
    file = AtomicFile(Path(path))
    with file:
        _save(file.temporary, rgba)
        size = file.temporary.stat().st_size
    return Written(file.path, size, rgba.shape[1], rgba.shape[0], n_frames=1, fps=0.0, duration=0.0)


def _save(path: Path, rgba: Frame) -> None:
    opaque = rgba.shape[2] == 3 or bool((rgba[..., 3] == 255).all())
    image = Image.fromarray(np.ascontiguousarray(rgba[..., :3] if opaque else rgba))
    image.save(path, "PNG", compress_level=6)


def numbered(path: Path, number: int) -> Path:
    """Return the file of one frame: `number` put into the name's pattern, such as ``sgd-%04d.png``.

    >>> numbered(Path("out/sgd-%04d.png"), 7).as_posix()
    'out/sgd-0007.png'
    """
    return path.with_name(path.name % number)


class PngSequenceSink(Sink):
    """Numbered PNG files being written, counted from 0.

    They are made in a hidden folder beside the final ones, and get their names when all of them are whole. Files of an
    earlier, longer run that would continue this one are removed then: who reads a sequence reads to its first gap.
    """

    def __init__(self, path: Path, width: int, height: int, fps: float, _options: EncodeOptions) -> None:
        self._counter = Counter(path, width, height, fps)
        self._over = False
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._temporary = temporary_folder(beside=path)
        except OSError as error:
            raise cannot_write(path, error) from error
        self._folder = Path(self._temporary.name)

    def write(self, rgba: Frame) -> None:
        """Write one more frame."""
        if self._over:
            raise EncodeError(f"writing {str(self._counter.path)!r} was ended before it was whole")
        self._counter.take(rgba)
        try:
            _save(numbered(self._folder / self._counter.path.name, self._counter.n_frames - 1), rgba)
        except OSError as error:
            raise cannot_write(self._counter.path, error) from error

    def finish(self) -> None:
        """Check that there is a file: each was whole as soon as it was written."""
        try:
            check_not_empty(self._counter.n_frames, self._counter.path)
        except BaseException:
            self.abort()
            raise

    def publish(self) -> Written:
        """Give all files their final names."""
        try:
            size = sum(self._publish(number) for number in range(self._counter.n_frames))
            for stale in self._continuing():
                stale.unlink()
        except OSError as error:
            raise cannot_write(self._counter.path, error) from error
        finally:
            self.abort()
        return self._counter.written(size)

    def _publish(self, number: int) -> int:
        final = numbered(self._counter.path, number)
        return (self._folder / final.name).replace(final).stat().st_size

    def _continuing(self) -> Iterator[Path]:
        for number in count(self._counter.n_frames):
            path = numbered(self._counter.path, number)
            if not path.is_file():
                return
            yield path

    def abort(self) -> None:
        """Remove what was begun."""
        self._over = True
        self._temporary.cleanup()


def refuse_unnumbered(path: Path) -> None:
    """Raise UsageError unless the file name has one place for the frame's number."""
    if len(_NUMBER.findall(path.name)) != 1 or path.name.count("%") != 1:
        suggested = path.with_name(f"{path.stem.replace('%', '')}-%04d{path.suffix}")
        raise UsageError(
            f"the name of a PNG sequence must have one place for the frame's number; got {str(path)!r}; "
            f"use {str(suggested)!r}, or `animate still` for a single picture"
        )
