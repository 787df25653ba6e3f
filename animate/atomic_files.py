"""Files that appear whole or not at all, and the temporary files and folders that they are made in.

The name of every temporary file or folder contains ``animate-HOST-PROCESS-RANDOM``. So the files that a dead process
left behind can be distinguished from those of a running one; the next process that writes beside them removes them.
"""

from __future__ import annotations

import os
import platform
import re
import secrets
import shutil
import sys
import tempfile
import zlib
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Lock
from types import TracebackType

from animate.errors import EncodeError
from animate.interrupts import uninterrupted

MAX_STEM_BYTES = 80
"""How much of a file's name its temporary name repeats: file systems allow 255 bytes in all."""


class AtomicFile:
    """A hidden temporary file that becomes the final file only when it is whole.

    Write to ``temporary``, then call `publish`: one atomic rename within one folder. As a context manager, it
    publishes where the block ends well and leaves no trace where it does not. Two processes may write the same file;
    the later one wins. If the final name is a link to a file, that file is replaced, not the link. A device or a pipe,
    such as ``/dev/null``, is never replaced: what was written is copied into it.

    Several files that shall appear together are published with `publish_together`.

    Parameters
    ----------
    path : Path
        The final name. Missing folders are made.

    Attributes
    ----------
    path : Path
        As given.
    temporary : Path
        An empty file in the folder of the final one (of a device: in the system's folder for temporary files), with
        the same suffix.

    Raises
    ------
    EncodeError
        If *path* is a folder or cannot be written.

    Examples
    --------
    >>> with AtomicFile(Path("notes.txt")) as file:  # doctest: +SKIP
    ...     file.write_bytes(b"all or nothing")
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.name:
            raise EncodeError(f"cannot write {str(path)!r}: it names no file")
        self._old: Path | None = None
        self._lock = Lock()  # one thread writes, another may discard
        self._is_over = self._can_roll_back = False
        try:
            if path.is_dir():
                raise EncodeError(f"the output must be a file; got the folder {str(path)!r}")
            self._is_device = path.exists() and not path.is_file()
            self._final = Path(os.path.realpath(path)) if path.is_symlink() and not self._is_device else path
            folder = Path(tempfile.gettempdir()) if self._is_device else self._final.parent
            self.temporary = _hidden_sibling(folder / self._final.name)
            folder.mkdir(parents=True, exist_ok=True)
            self.temporary.touch(exist_ok=False)
        except OSError as error:
            raise cannot_write(path, error) from error
        remove_stale(folder)

    def __enter__(self) -> AtomicFile:
        """Return itself; write to ``temporary``."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Publish if the block ended well."""
        try:
            if kind is None:
                self.publish()
        finally:
            self.discard()
        if isinstance(error, OSError):
            raise cannot_write(self.path, error) from error

    def check_open(self) -> None:
        """Raise EncodeError if the file was discarded, perhaps by another thread."""
        if self._is_over:
            raise EncodeError(f"writing {str(self.path)!r} was ended before it was whole")

    def write_bytes(self, content: bytes) -> None:
        """Write the temporary file; raise EncodeError if that fails."""
        try:
            self.temporary.write_bytes(content)
        except OSError as error:
            raise cannot_write(self.path, error) from error

    def publish(self, *, keep_old: bool = False) -> int:
        """Give the file its final name and return its size in bytes.

        Parameters
        ----------
        keep_old : bool
            Keep what stood under that name, so that `rollback` can restore it. Call `discard` in the end.

        Raises
        ------
        EncodeError
            If it cannot be renamed; the file that was there before stays.
        """
        try:
            with self._lock:
                self.check_open()
                size = self.temporary.stat().st_size
                if self._is_device:
                    with self.temporary.open("rb") as source, self._final.open("wb") as device:
                        shutil.copyfileobj(source, device)
                    self.temporary.unlink()
                else:
                    if keep_old:
                        self._keep_old()
                    self.temporary.replace(self._final)
                self._is_over, self._can_roll_back = True, keep_old and not self._is_device
        except OSError as error:
            self.discard()
            raise cannot_write(self.path, error) from error
        return size

    def _keep_old(self) -> None:
        old = _hidden_sibling(self._final)
        with suppress(FileNotFoundError):
            try:
                os.link(self._final, old)
            except FileNotFoundError:
                raise
            except OSError:  # a file system without hard links
                shutil.copy2(self._final, old)
            self._old = old

    def rollback(self) -> None:
        """Restore what stood under the final name before ``publish(keep_old=True)``, be it nothing."""
        with self._lock:
            if not self._can_roll_back:
                return
            self._can_roll_back = False
            if self._old is None:
                self._final.unlink(missing_ok=True)
            else:
                self._old.replace(self._final)

    def discard(self) -> None:
        """Remove all temporary files, also what `rollback` would need; may be called at any time and again."""
        with self._lock:
            self._is_over, self._can_roll_back = True, False
            self.temporary.unlink(missing_ok=True)
            if self._old is not None:
                self._old.unlink(missing_ok=True)


def publish_together(files: list[AtomicFile]) -> list[int]:
    """Give several files their final names, all or none, and return their sizes in bytes.

    If one cannot be renamed, those renamed before it are rolled back. Only a process that is killed between two
    renames leaves some files new and some old; each of them is whole.

    Raises
    ------
    EncodeError
        If one cannot be renamed; all files are then as they were.
    """
    with ExitStack() as stack, uninterrupted():
        for file in files:
            stack.callback(file.discard)
        try:
            return [file.publish(keep_old=True) for file in files]
        except BaseException:
            for file in files:
                file.rollback()
            raise


def write_atomic(path: Path, content: bytes) -> bool:
    """Write a file whole or not at all; return whether its bytes are new.

    A file that already holds these bytes is not touched.

    Raises
    ------
    EncodeError
        If it cannot be written; what was there before stays.
    """
    try:
        if path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content:
            return False
    except OSError as error:
        raise cannot_write(path, error) from error
    with uninterrupted(), AtomicFile(path) as file:  # an interrupt during `open` would leave a file open
        file.write_bytes(content)
    return True


def temporary_folder(beside: Path | None = None) -> tempfile.TemporaryDirectory[str]:
    """Return a new temporary folder, a context manager; remove those of dead processes.

    Parameters
    ----------
    beside : Path, optional
        A file in whose folder it lies, hidden, so that files move from one to the other by a rename. Unless given,
        it lies in the system's folder for temporary files.
    """
    parent = Path(tempfile.gettempdir()) if beside is None else beside.parent
    remove_stale(parent)
    prefix = f"{'' if beside is None else '.'}{_mark()}-"
    return tempfile.TemporaryDirectory(prefix=prefix, dir=parent, ignore_cleanup_errors=True)


def remove_stale(folder: Path) -> None:
    """Remove temporary files left in a folder by dead processes of this host."""
    if sys.platform == "win32":  # where `os.kill(process, 0)` ends the process
        return
    pattern = re.compile(rf"(?:\..*)?{re.escape(_mark(process=''))}(\d+)-\w+(?:\.[^.]*)?")
    with suppress(OSError):  # tidying is no reason to fail
        for path in folder.iterdir():
            found = pattern.fullmatch(path.name)
            if found and not _is_alive(int(found[1])):
                _remove(path)


def cannot_write(path: Path, error: OSError) -> EncodeError:
    """Return the error for a file that could not be written, with the reason."""
    return EncodeError(f"cannot write {str(path)!r}: {error.strerror or error}")


def _mark(process: int | str | None = None) -> str:
    """Return what names this process on this host: containers that share a folder have names of their own."""
    host = zlib.crc32(platform.node().encode())
    return f"animate-{host:08x}-{os.getpid() if process is None else process}"


def _hidden_sibling(path: Path) -> Path:
    stem = path.stem.encode(errors="ignore")[:MAX_STEM_BYTES].decode(errors="ignore")
    return path.with_name(f".{stem}.{_mark()}-{secrets.token_hex(4)}{path.suffix}")


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it belongs to another user
        return True
    return True


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
