"""A process that runs scenes' code and draws: it answers one message after the other until it is ended."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from animate.errors import AnimateError, described
from animate.studio.messages import pack, unpack
from animate.studio.wishes import Job, Wish

if TYPE_CHECKING:
    from animate.studio.easel import Easel

MEMORY_BYTES = 6 << 30
"""Address space of a process, so that a scene that takes ever more ends with an error of its own."""


def work(connection: Connection) -> None:
    """Answer what comes through a connection, until it is closed or the server has ended."""
    prepare_process()
    from animate.studio.easel import Easel

    easel = Easel()
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        connection.send_bytes(pack({"type": "ready"}))
        while True:
            connection.send_bytes(answer(easel, connection.recv_bytes()))


def prepare_process() -> None:
    """Make this process one that ends with the server, leaves Ctrl-C to it and has bounded memory."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stdout = sys.stderr  # what a scene prints is not the studio's result
    threading.Thread(target=_end_with_parent, name="animate-parent", daemon=True).start()
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)  # even from a scene that loops for ever


def answer(easel: Easel, message: bytes) -> bytes:
    """Return the answer to a message; what a scene raises is part of it."""
    header, body = unpack(message)
    job = Job(**{**header["job"], "wish": Wish(**header["job"]["wish"])})
    if body:
        easel.take_table(job.digest, bytes(body))
    if not easel.has_table(job.digest):
        return pack({"type": "need"})
    try:
        told, parts = _TASKS[header["type"]](easel, job)
        return pack({"type": header["type"], "id": job.id, **told}, parts)
    except BaseException as error:  # noqa: BLE001 - whatever a scene raises is told on the page
        return pack({"type": "refused", "of": header["type"], "id": job.id, **problem_of(error)})


def problem_of(error: BaseException) -> dict[str, Any]:
    """Return what a page tells of an error: mistakes by control, and a problem in general."""
    by_name = getattr(error, "by_name", {})
    if by_name:
        return {"mistakes": by_name, "problem": getattr(error, "problem", "")}
    if isinstance(error, AnimateError):
        return {"mistakes": {}, "problem": str(error)}
    return {"mistakes": {}, "problem": described(error)}


_TASKS: dict[str, Callable[[Easel, Job], tuple[dict[str, Any], list[bytes]]]] = {
    "describe": lambda easel, job: (easel.describe(job), []),
    "draw": lambda easel, job: easel.draw(job),
    "grips": lambda easel, job: (easel.grips(job), []),
    "table": lambda easel, job: (easel.table(job), []),
}
