"""The files a scene is made of: those its script imports, read from the text, and those it opens when it runs.

Python reports every opening of a file to its audit hooks. The first `tracing` installs one hook, which is idle
otherwise. A hook cannot be removed, so the process has one, and one tracer is active at a time.
"""

from __future__ import annotations

import ast
import os
import sys
import sysconfig
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

from animate.batch.files import package_folder
from animate.errors import SceneError
from animate.library.discovery import PACKAGE, parse, real_path

MAX_NAME = 200
"""Characters; a longer text names no file."""
WRITE_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
SYSTEM_FOLDERS = ("/proc", "/sys", "/dev", "/etc")
IMPORT_SYSTEM = "<frozen importlib"
EVENTS = frozenset({"open", "os.listdir", "os.scandir"})


def imported_by(script: Path) -> tuple[list[Path], list[str]]:
    """Return the local modules that a script imports, directly or not, and the names of third-party packages.

    A module is local if it lies beside the script, where `animate.load` finds it. Imports inside functions and branches
    count too. A file that is not valid Python imports nothing; running it reports the error.
    """
    folder = real_path(script).parent
    found: dict[Path, None] = {}
    outside: set[str] = set()
    waiting = [real_path(script)]
    while waiting:
        path = waiting.pop()
        for name in _imported_names(path, folder):
            local = list(_module_files(name, folder))
            waiting += [one for one in local if one not in found]
            found |= dict.fromkeys(local)
            if not local:
                outside.add(name.partition(".")[0])
    return sorted(found), sorted(outside - sys.stdlib_module_names - {"animate", ""})


def _imported_names(path: Path, folder: Path) -> Iterator[str]:
    """Yield the full name of each module a file may import; ``from a import b`` may mean a.b."""
    try:
        tree = parse(path)
    except SceneError:
        return
    package = path.parent.relative_to(folder).parts
    for node in _statements(tree.body):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join([*above, *([node.module] if node.module else [])])
            if base:
                yield base
            yield from (f"{base}.{alias.name}" if base else alias.name for alias in node.names)


def _statements(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yield all statements, nested ones too, but no expressions: these are most of a tree and import nothing."""
    for node in nodes:
        yield node
        for block in ("body", "orelse", "finalbody", "handlers", "cases"):
            yield from _statements(getattr(node, block, ()))


def _module_files(name: str, folder: Path) -> Iterator[Path]:
    """Yield the files that importing a module runs: each package on the way, and the module."""
    for part in name.split("."):
        package, module = folder / part / "__init__.py", folder / f"{part}.py"
        if package.is_file():
            yield package
            folder = folder / part
        elif module.is_file():
            yield module
            return
        else:
            return


def mentioned_files(script: Path, root: Path) -> list[Path]:
    """Return the files whose paths stand as texts in a script or its local modules, from *root* or from the script."""
    texts: set[str] = set()
    for path in (script, *imported_by(script)[0]):
        with suppress(SceneError):
            nodes = (node.value for node in ast.walk(parse(path)) if isinstance(node, ast.Constant))
            texts |= {value for value in nodes if isinstance(value, str) and 0 < len(value) < MAX_NAME}
    places = [folder / text for text in texts if "\0" not in text for folder in (root, real_path(script).parent)]
    with suppress(OSError):
        return sorted({real_path(path) for path in places if path.is_file()})
    return []


def written_defaults(script: Path) -> dict[str, str]:
    """Return the defaults of a script's ``build`` as source text, by parameter, without running the script.

    The result is empty if they cannot be read.
    """
    try:
        tree = parse(script)
    except SceneError:
        return {}
    builds = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "build"]
    if not builds:
        return {}
    given = builds[0].args
    positional = [*given.posonlyargs, *given.args]
    pairs = [
        *zip(positional[len(positional) - len(given.defaults) :], given.defaults, strict=True),
        *((name, value) for name, value in zip(given.kwonlyargs, given.kw_defaults, strict=True) if value is not None),
    ]
    return {name.arg: _source_text(value) for name, value in pairs}


def texts_in(script: Path) -> list[str]:
    """Return every text that is written in a script, without running it."""
    try:
        tree = parse(script)
    except SceneError:
        return []
    return [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def _source_text(value: ast.expr) -> str:
    try:
        return ast.unparse(value)
    except RecursionError:  # hundreds of operators in a row
        return "..."


@dataclass
class FileTracer:
    """The files a scene reads, without those it wrote before.

    Parameters
    ----------
    root, folder : Path
        The folder of the build and that of the script. Every file read there counts; elsewhere a file counts only if a
        line of a script in *folder* leads to it.
    without : tuple of Path
        Folders in which no file counts, such as the one for temporary files.
    """

    root: Path
    folder: Path
    without: tuple[Path, ...] = ()
    read: set[Path] = field(default_factory=set)
    written: set[Path] = field(default_factory=set)

    def record(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Record an audit event: a file was opened, or the names in a folder were listed."""
        name = "." if arguments[0] is None else arguments[0]
        if isinstance(name, int):  # a file descriptor
            return
        path = Path(os.path.abspath(os.fsdecode(name)))  # noqa: PTH100 - `resolve` asks the disk at each part
        if event == "open" and _writes(*arguments[1:3]):
            if path not in self.read:
                self.written.add(path)
        elif not self._has_version(path) and self._is_own(event, path):
            self.read.add(path)

    def _has_version(self, path: Path) -> bool:
        """Return whether the cache key covers a file by a version, or whether it is no input at all."""
        for place in (*self.without, *_installed()):
            if path.is_relative_to(place) and not (
                path.is_relative_to(self.folder) and self.folder.is_relative_to(place)
            ):
                return True
        return "__pycache__" in path.parts or path.name == "matplotlibrc" or str(path).startswith(SYSTEM_FOLDERS)

    def _is_own(self, event: str, path: Path) -> bool:
        near = any(
            path.is_relative_to(place) and not _is_hidden(path.relative_to(place)) for place in (self.folder, self.root)
        )
        return (near and event == "open") or self._script_is_running()

    def _script_is_running(self) -> bool:
        """Return whether a line of the script is on the stack, and not only to import something."""
        frame: FrameType | None = sys._getframe()  # noqa: SLF001 - Python's documented way to see the callers
        while frame is not None and not frame.f_code.co_filename.startswith(IMPORT_SYSTEM):
            if Path(frame.f_code.co_filename).is_relative_to(self.folder):
                return True
            frame = frame.f_back
        return False

    def files(self) -> list[Path]:
        """Return the files that were read and not written before, sorted."""
        return sorted(self.read - self.written)


def _is_hidden(path: Path) -> bool:
    """Return whether a path leads through a hidden folder, where caches lie."""
    return any(part.startswith(".") for part in path.parts[:-1])


def _writes(mode: Any, flags: Any) -> bool:
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return isinstance(flags, int) and bool(flags & WRITE_FLAGS)


@cache
def _installed() -> tuple[Path, ...]:
    """Return the folders whose files the cache key covers by a version or a hash."""
    paths = sysconfig.get_paths()
    packages = [package_folder(name) for name in ("matplotlib", "imageio_ffmpeg", "numpy")]
    known = [Path(paths[name]) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    return (PACKAGE, *known, *filter(None, packages))


class _Hook:
    """The audit hook of the process, and the tracer that is active."""

    tracer: FileTracer | None = None
    is_installed = False
    recording = threading.local()

    @classmethod
    def audit(cls, event: str, arguments: tuple[Any, ...]) -> None:
        tracer = cls.tracer
        if tracer is None or event not in EVENTS or getattr(cls.recording, "active", False):
            return
        cls.recording.active = True  # the tracer's own reads do not count
        try:
            tracer.record(event, arguments)
        finally:
            cls.recording.active = False


@contextmanager
def tracing(tracer: FileTracer) -> Iterator[FileTracer]:
    """Record in *tracer* the files that are read inside the ``with`` block."""
    if not _Hook.is_installed:
        sys.addaudithook(_Hook.audit)
        _Hook.is_installed = True
    before, _Hook.tracer = _Hook.tracer, tracer
    try:
        yield tracer
    finally:
        _Hook.tracer = before
