"""Which files a scene really reads while it is loaded, built and drawn, noted by Python itself.

Python reports every opening of a file to its audit hooks. One hook is installed the first time; it is idle unless
`noting` is on. A hook cannot be removed, so there is one for the process, and it holds what is being noted.
"""

from __future__ import annotations

import os
import sys
import sysconfig
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

from animate.batch.files import package_folder
from animate.library.discovery import PACKAGE

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
SYSTEM = ("/proc", "/sys", "/dev", "/etc")
IMPORTING = "<frozen importlib"
EVENTS = frozenset({"open", "os.listdir", "os.scandir"})


@dataclass
class FileTracer:
    """What was read, and what was written before it was read and so is no input.

    Parameters
    ----------
    root, folder : Path
        The folder of the build and that of the script: what is read there counts, whoever reads it. Elsewhere only
        what a line of a script in *folder* leads to counts.
    without : tuple of Path
        Folders in which nothing counts, such as the one that is worked in.
    """

    root: Path
    folder: Path
    without: tuple[Path, ...] = ()
    read: set[Path] = field(default_factory=set)
    written: set[Path] = field(default_factory=set)

    def note(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Take note of an audit event: a file opened, or the names in a folder asked for."""
        name = "." if arguments[0] is None else arguments[0]
        if isinstance(name, int):  # a file that is open already
            return
        path = Path(os.path.abspath(os.fsdecode(name)))  # noqa: PTH100 - `resolve` asks the disk at each part
        if event == "open" and _writes(*arguments[1:3]):
            if path not in self.read:
                self.written.add(path)
        elif not self._is_known_otherwise(path) and self._is_its_own(event, path):
            self.read.add(path)

    def _is_known_otherwise(self, path: Path) -> bool:
        for place in (*self.without, *_installed()):
            if path.is_relative_to(place) and not (
                path.is_relative_to(self.folder) and self.folder.is_relative_to(place)
            ):
                return True
        return "__pycache__" in path.parts or path.name == "matplotlibrc" or str(path).startswith(SYSTEM)

    def _is_its_own(self, event: str, path: Path) -> bool:
        near = any(
            path.is_relative_to(place) and not _hides(path.relative_to(place)) for place in (self.folder, self.root)
        )
        return (near and event == "open") or self._script_at_work()

    def _script_at_work(self) -> bool:
        """Return whether a line of the script leads here, by more than importing something."""
        frame: FrameType | None = sys._getframe()  # noqa: SLF001 - Python's documented way to see who calls
        while frame is not None and not frame.f_code.co_filename.startswith(IMPORTING):
            if Path(frame.f_code.co_filename).is_relative_to(self.folder):
                return True
            frame = frame.f_back
        return False

    def files(self) -> list[Path]:
        """Return what was read and is an input, sorted."""
        return sorted(self.read - self.written)


def _hides(path: Path) -> bool:
    """Return whether a path leads through a hidden folder, where caches lie."""
    return any(part.startswith(".") for part in path.parts[:-1])


def _writes(mode: Any, flags: Any) -> bool:
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return isinstance(flags, int) and bool(flags & WRITING)


@cache
def _installed() -> tuple[Path, ...]:
    """Return the folders whose files are known by a version, not one by one."""
    paths = sysconfig.get_paths()
    packages = [package_folder(name) for name in ("matplotlib", "imageio_ffmpeg", "numpy")]
    known = [Path(paths[name]) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    return (PACKAGE, *known, *filter(None, packages))


class _Global:
    """What the process notes now; audit hooks are global, and so is this."""

    seen: FileTracer | None = None
    hooked = False
    busy = threading.local()


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    seen = _Global.seen
    if seen is None or event not in EVENTS or getattr(_Global.busy, "noting", False):
        return
    _Global.busy.noting = True  # what noting does itself is not noted
    try:
        seen.note(event, arguments)
    finally:
        _Global.busy.noting = False


@contextmanager
def noting(seen: FileTracer) -> Iterator[FileTracer]:
    """Note in *seen* what is read for the time of a ``with``; one at a time in a process."""
    if not _Global.hooked:
        sys.addaudithook(_hook)
        _Global.hooked = True
    before, _Global.seen = _Global.seen, seen
    try:
        yield seen
    finally:
        _Global.seen = before
