"""Single PNG files, and sequences of numbered image files."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import numpy as np
from PIL import Image

from animate.errors import EncodeError, UsageError
from animate.film.sinks import Counter, EncodeOptions, Sink, Staging, Written, cannot_write, check_not_empty
from animate.film.stale import mark, remove_stale
from animate.replay.frames import Frame

_NUMBER = re.compile(r"%0?(\d*)d")


def write_png(path: str | Path, rgba: Frame) -> Written:
    """Return what was written: one frame as a PNG file, complete or not at all."""
    staging = Staging(Path(path))
    try:
        _save(staging.temporary, rgba)
        size = staging.publish()
    except OSError as error:
        raise cannot_write(staging.path, error) from error
    finally:
        staging.discard()
    return Written(staging.path, size, rgba.shape[1], rgba.shape[0], n_frames=1, fps=0.0, duration=0.0)


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


class FileSequence:
    """Numbered files that get their final names together, when all of them are complete.

    They are made in a hidden folder beside the final ones. Files of an earlier, longer run that would continue the
    sequence are removed then, since a program that reads a sequence stops at the first missing number.

    Parameters
    ----------
    path : Path
        With one place for the number in its name, such as ``sgd-%04d.png``.

    Raises
    ------
    EncodeError
        If the folder cannot be made.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._is_over = False
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._folder = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".animate-{mark()}-"))
        except OSError as error:
            raise cannot_write(path, error) from error
        remove_stale(path.parent, ".animate-")
        self.temporary = self._folder / path.name

    def check_open(self) -> None:
        """Raise EncodeError if writing was aborted, perhaps by another thread."""
        if self._is_over:
            raise EncodeError(f"writing {str(self._path)!r} was ended before it was whole")

    def numbers(self) -> list[int]:
        """Return the numbers of the files that were made, rising."""
        before, after = map(re.escape, _NUMBER.split(self._path.name)[::2])
        found = (re.fullmatch(f"{before}(\\d+){after}", file.name) for file in self._folder.iterdir())
        return sorted(int(match[1]) for match in found if match)

    def _continuing(self, after: int) -> Iterator[Path]:
        for number in count(after + 1):
            path = numbered(self._path, number)
            if not path.is_file():
                return
            yield path

    def targets(self) -> list[Path]:
        """Return the files that `publish` replaces or removes."""
        numbers = self.numbers()
        return [*(numbered(self._path, number) for number in numbers), *self._continuing(max(numbers, default=-1))]

    def publish(self) -> int:
        """Give all files their final names; return their bytes."""
        self.check_open()
        try:
            numbers = self.numbers()
            size = sum(self._rename(number) for number in numbers)
            for leftover in self._continuing(max(numbers, default=-1)):
                leftover.unlink()
        except OSError as error:
            raise cannot_write(self._path, error) from error
        finally:
            self.discard()
        return size

    def _rename(self, number: int) -> int:
        final = numbered(self._path, number)
        return (self._folder / final.name).replace(final).stat().st_size

    def discard(self) -> None:
        """Remove what was begun."""
        self._is_over = True
        shutil.rmtree(self._folder, ignore_errors=True)


class PngSequenceSink(Sink):
    """Numbered PNG files being written, counted from 0."""

    def __init__(self, path: Path, width: int, height: int, fps: float, _options: EncodeOptions) -> None:
        self._counter = Counter(path, width, height, fps)
        self._files = FileSequence(path)

    def write(self, rgba: Frame) -> None:
        """Write one more frame."""
        self._files.check_open()
        self._counter.take(rgba)
        try:
            _save(numbered(self._files.temporary, self._counter.n_frames - 1), rgba)
        except OSError as error:
            raise cannot_write(self._counter.path, error) from error

    def finish(self) -> None:
        """Check that there is a file: each is complete once it is written."""
        try:
            check_not_empty(self._counter.n_frames, self._counter.path)
        except BaseException:
            self.abort()
            raise

    def targets(self) -> list[Path]:
        """Return the files that `publish` replaces or removes."""
        return self._files.targets()

    def publish(self) -> Written:
        """Give all files their final names."""
        return self._counter.written(self._files.publish())

    def abort(self) -> None:
        """Remove what was begun."""
        self._files.discard()


def refuse_unnumbered(path: Path) -> None:
    """Raise UsageError unless the file name has one place for the frame's number."""
    if len(_NUMBER.findall(path.name)) != 1 or path.name.count("%") != 1:
        suggested = path.with_name(f"{path.stem.replace('%', '')}-%04d{path.suffix}")
        kind = path.suffix[1:].upper()
        animated = ", or '.apng' for one animated file" if path.suffix.lower() == ".png" else ""
        raise UsageError(
            f"the name of a {kind} sequence must have one place for the frame's number; got {str(path)!r}; "
            f"use {str(suggested)!r}, or `animate still` for a single picture{animated}"
        )
