"""Notices when the user's code acts on the world outside its process: writes a file, starts a process, sends data.

Python reports such acts to audit hooks before they happen. A hook cannot be removed, so there is one for all writers,
installed with the first that needs it; it does nothing in threads that are not watched.

References: PEP 578, Python Runtime Audit Hooks.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

MODULES = ("pty.", "shutil.", "smtplib.", "sqlite3.", "subprocess.", "urllib.", "webbrowser.")
ACTS = frozenset(
    {
        "os.chmod",
        "os.chown",
        "os.exec",
        "os.fork",
        "os.forkpty",
        "os.kill",
        "os.killpg",
        "os.link",
        "os.mkdir",
        "os.posix_spawn",
        "os.putenv",
        "os.remove",
        "os.rename",
        "os.rmdir",
        "os.spawn",
        "os.startfile",
        "os.symlink",
        "os.system",
        "os.truncate",
        "os.utime",
        "socket.bind",
        "socket.connect",
        "socket.sendmsg",
        "socket.sendto",
        "tempfile.mkdtemp",
        "tempfile.mkstemp",
    }
)
"""Audit events of acts that a second process must not repeat, beside those whose names begin as `MODULES` says."""

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

_watched: dict[int, Callable[[], object]] = {}
"""What to call when a thread acts; global, because audit hooks belong to the process."""

_lock = threading.Lock()
_installed: list[bool] = []


@contextmanager
def watching(found: Callable[[], object]) -> Iterator[None]:
    """Call *found* before each act of this thread during a ``with`` block.

    Parameters
    ----------
    found : callable
        Called without arguments, in the thread that acts.
    """
    with _lock:
        if not _installed:
            sys.addaudithook(_audit)
            _installed.append(True)
    thread = threading.get_ident()
    before = _watched.get(thread)
    _watched[thread] = found
    try:
        yield
    finally:
        if before is None:
            del _watched[thread]
        else:
            _watched[thread] = before


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if not _watched:
        return
    if event in ACTS or event.startswith(MODULES) or (event == "open" and is_for_writing(*arguments[1:3])):
        found = _watched.get(threading.get_ident())
        if found is not None:
            found()


def is_for_writing(mode: object, flags: object) -> bool:
    """Return whether the arguments of an ``open`` event ask for more than reading.

    >>> is_for_writing("rb", 0), is_for_writing("a", os.O_WRONLY), is_for_writing(None, os.O_RDWR)
    (False, True, True)
    """
    if isinstance(mode, str) and set(mode) & set("wax+"):
        return True
    return isinstance(flags, int) and bool(flags & _WRITING)
