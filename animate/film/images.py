"""Single PNG files, and sequences of numbered image files."""

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
    """Return what was written: one frame as a PNG file, complete or not at all."""
    with AtomicFile(Path(path)) as file:
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
            self._temporary_folder = temporary_folder(beside=path)
        except OSError as error:
            raise cannot_write(path, error) from error
        self._folder = Path(self._temporary_folder.name)
        self.temporary = self._folder / path.name
        self._old = self._folder / "old"
        self._published: list[Path] = []

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

    def publish(self, *, keep_old: bool = False) -> int:
        """Give all files their final names, all or none; return their size in bytes.

        Parameters
        ----------
        keep_old : bool
            Keep the files that stood under those names, so that `rollback` can restore them after this, too. Call
            `discard` in the end.

        Raises
        ------
        EncodeError
            If one cannot be renamed; all files are then as they were.
        """
        self.check_open()
        try:
            numbers = self.numbers()
            new = [numbered(self._path, number) for number in numbers]
            self._old.mkdir()
            for old in [*filter(Path.is_file, new), *self._continuing(max(numbers, default=-1))]:
                old.replace(self._old / old.name)
            size = sum(self._rename(final) for final in new)
        except OSError as error:
            self.rollback()
            self.discard()
            raise cannot_write(self._path, error) from error
        if not keep_old:
            self.discard()
        return size

    def _rename(self, final: Path) -> int:
        (self._folder / final.name).replace(final)
        self._published.append(final)
        return final.stat().st_size

    def rollback(self) -> None:
        """Restore the files that stood under the final names before `publish`."""
        for path in self._published:
            path.unlink(missing_ok=True)
        self._published = []
        for path in self._old.iterdir() if self._old.is_dir() else ():
            path.replace(self._path.with_name(path.name))

    def discard(self) -> None:
        """Remove all temporary files, also what `rollback` would need."""
        self._is_over = True
        self._temporary_folder.cleanup()


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

    def publish(self, *, keep_old: bool = False) -> Written:
        """Give all files their final names."""
        return self._counter.written(self._files.publish(keep_old=keep_old))

    def rollback(self) -> None:
        """Restore what `publish` replaced."""
        self._files.rollback()

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
