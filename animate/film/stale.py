"""Temporary files that a killed run left behind: named so that the next run beside them can tell, and remove them."""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
import tempfile
import zlib
from contextlib import suppress
from pathlib import Path


def mark() -> str:
    """Return what tells this process in a name: a checksum of its computer's name, and its number there.

    Containers that share a folder each count processes for themselves, and have names of their own.
    """
    return f"{zlib.crc32(platform.node().encode()):08x}-{os.getpid()}"


def remove_stale(folder: Path, prefix: str, suffix: str = "") -> None:
    """Remove what processes of this computer, which are no more, began as prefix, `mark`, ``-``, letters, suffix."""
    if sys.platform == "win32":  # where asking whether a process lives ends it
        return
    here = mark().partition("-")[0]
    pattern = re.compile(rf"{re.escape(prefix)}{here}-(\d+)-\w+{re.escape(suffix)}")
    with suppress(OSError):  # tidying is no reason to fail
        for path in folder.iterdir():
            found = pattern.fullmatch(path.name)
            if found and not _lives(int(found[1])):
                _remove(path)


def temporary_folder() -> tempfile.TemporaryDirectory[str]:
    """Return a new folder among the system's temporary ones, and remove those of processes that are no more."""
    remove_stale(Path(tempfile.gettempdir()), "animate-")
    return tempfile.TemporaryDirectory(prefix=f"animate-{mark()}-", ignore_cleanup_errors=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is someone else's
        return True
    return True


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
