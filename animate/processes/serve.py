"""The worker's side: functions called one after the other, until the input ends.

A message is a pickle. Large arrays in it travel beside the pickle, so that they are not copied into it. The worker
ends when its input does, so it never outlives the process that started it, however that one ends.
"""

from __future__ import annotations

import faulthandler
import importlib
import os
import pickle
import queue
import shutil
import signal
import struct
import sys
import threading
import warnings
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, NoReturn

from animate.errors import described, warning_line

CRASH_FILE = "crash.txt"
"""Where a worker that crashes leaves its traceback: a file in its temporary folder."""


def write_message(stream: IO[bytes], content: Any) -> None:
    """Write one message: the number of its parts, their sizes, the parts."""
    buffers: list[pickle.PickleBuffer] = []
    body = pickle.dumps(content, protocol=5, buffer_callback=buffers.append)
    parts = [memoryview(body), *(buffer.raw() for buffer in buffers)]
    stream.write(struct.pack(f"<{len(parts) + 1}Q", len(parts), *(part.nbytes for part in parts)))
    for part in parts:
        stream.write(part)
    stream.flush()


def read_message(stream: IO[bytes]) -> Any:
    """Return the content of the next message; raise EOFError if the stream ends."""
    return unpickle(read_parts(stream))


def read_parts(stream: IO[bytes]) -> list[bytearray]:
    """Return the parts of the next message; raise EOFError if the stream ends."""
    (n_parts,) = struct.unpack("<Q", _read_exactly(stream, 8))
    sizes = struct.unpack(f"<{n_parts}Q", _read_exactly(stream, 8 * n_parts))
    return [_read_exactly(stream, size) for size in sizes]


def unpickle(parts: list[bytearray]) -> Any:
    """Return the content of a message."""
    body, *buffers = parts
    return pickle.loads(body, buffers=buffers)  # noqa: S301 - from a process of our own


def _read_exactly(stream: IO[bytes], size: int) -> bytearray:
    data = bytearray(size)
    view = memoryview(data)
    while view:
        n_read = stream.readinto(view)  # type: ignore[attr-defined]
        if not n_read:
            raise EOFError("the stream ended within a message")
        view = view[n_read:]
    return data


def serve(preload: str = "", memory_bytes: int | None = None, niceness: int = 0) -> None:
    """Answer requests until the input ends: all that a worker does.

    Parameters
    ----------
    preload : str
        A module that is imported before the worker says that it is ready; "" for none.
    memory_bytes : int, optional
        Address space of the process, where the system can limit it.
    niceness : int
        By how much it makes way for other processes.
    """
    warnings.formatwarning = warning_line
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends its workers in order
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)  # what a scene prints is no answer
    sys.stdout = sys.stderr
    temporary = os.environ["TMPDIR"]
    faulthandler.enable((Path(temporary) / CRASH_FILE).open("w"))
    waiting: queue.Queue[list[bytearray]] = queue.Queue()
    threading.Thread(target=_listen, args=(requests, waiting, temporary), daemon=True).start()
    _limit(memory_bytes, niceness)
    if preload:
        importlib.import_module(preload)
    writing = threading.Lock()

    def send(kind: str, content: Any = None) -> None:
        try:
            with writing:
                write_message(answers, (kind, content))
        except OSError:  # the parent has ended meanwhile
            _leave(temporary)

    send("ready")
    while True:
        parts = waiting.get()
        try:
            function, arguments = unpickle(parts)
            send("answer", function(*arguments, lambda *content: send("report", content)))
        except BaseException as error:  # noqa: BLE001 - the parent raises it
            send("error", (_pickled(error), described(error)))


def _limit(memory_bytes: int | None, niceness: int) -> None:
    with suppress(AttributeError, OSError):
        os.nice(niceness)
    if memory_bytes is not None:
        with suppress(ImportError, ValueError, OSError):
            import resource

            resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _pickled(error: BaseException) -> bytes | None:
    """Return an exception as bytes; None if it would end the parent or cannot be pickled."""
    if not isinstance(error, Exception):
        return None
    try:
        pickled = pickle.dumps(error)
        pickle.loads(pickled)  # noqa: S301
    except Exception:  # noqa: BLE001 - whatever an exception's own methods raise
        return None
    return pickled


def _listen(requests: IO[bytes], waiting: queue.Queue[list[bytearray]], temporary: str) -> None:
    try:
        while True:
            waiting.put(read_parts(requests))
    except (EOFError, OSError):
        _leave(temporary)


def _leave(temporary: str) -> NoReturn:
    """End this process whatever it is doing: nobody waits for its answer any more."""
    shutil.rmtree(temporary, ignore_errors=True)
    os._exit(1)
