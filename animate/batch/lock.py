"""One build in a folder at a time: the second waits, and is told for whom."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from animate.errors import EncodeError

NAME = ".animate-lock"
POLL_SECONDS = 0.1

if sys.platform == "win32":
    import msvcrt

    def _try(file: IO[str]) -> bool:
        try:
            file.seek(0x7FFFFFFF)  # far behind the text, which others may read meanwhile
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try(file: IO[str]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextmanager
def locked(folder: Path, tell: Callable[[str], object]) -> Iterator[None]:
    """Hold a folder's lock for the time of a ``with``; wait while another process has it.

    The system frees the lock of a process that ends, however it ends.

    Raises
    ------
    EncodeError
        If the folder cannot be written.
    """
    path = folder / NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise EncodeError(f"cannot write to {str(folder)!r}: {error.strerror or error}.") from error
    with file:
        if not _try(file):
            tell(f"another build{_holder(file)} is at work in {str(folder)!r}; waiting for it to end.")
            while not _try(file):
                time.sleep(POLL_SECONDS)
        with suppress(OSError):  # a full disk: the lock holds all the same
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
        yield


def _holder(file: IO[str]) -> str:
    file.seek(0)
    text = file.read(20)
    return f" (process {text})" if text.isdigit() else ""
