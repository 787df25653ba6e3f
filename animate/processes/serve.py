"""The worker's side: functions called one after the other, until the input ends.

Messages are pickles: a request is the pickle of a pickled call, so that the worker can report what it cannot unpickle;
replies are pairs of a kind (``ready``, ``report``, ``answer`` or ``error``) and its content. The worker ends when its
input does, so it never outlives the process that started it, however that one ends.
"""

from __future__ import annotations

import faulthandler
import importlib
import os
import pickle
import queue
import shutil
import signal
import sys
import threading
import warnings
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, NoReturn

from animate.errors import described, warning_line

CRASH_FILE = "crash.txt"
"""Where a worker that crashes leaves its traceback: a file in its temporary folder."""


def serve(preload: str = "", memory_bytes: int | None = None, niceness: int = 0) -> None:
    """Answer requests until the input ends; a worker runs this function only.

    Parameters
    ----------
    preload : str
        A module that is imported before the worker reports that it is ready; "" for none.
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
    waiting: queue.Queue[bytes] = queue.Queue()
    threading.Thread(target=_listen, args=(requests, waiting, temporary), daemon=True).start()
    _limit(memory_bytes, niceness)
    if preload:
        importlib.import_module(preload)
    writing = threading.Lock()

    def send(kind: str, content: Any = None) -> None:
        message = pickle.dumps((kind, content), protocol=5)  # which copies arrays once
        try:
            with writing:
                answers.write(message)
                answers.flush()
        except OSError:  # the parent has ended meanwhile
            _leave(temporary)

    send("ready")
    while True:
        request = waiting.get()
        try:
            function, arguments = pickle.loads(request)  # noqa: S301 - from the process that started this one
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


def _listen(requests: IO[bytes], waiting: queue.Queue[bytes], temporary: str) -> None:
    try:
        while True:
            waiting.put(pickle.load(requests))  # noqa: S301 - as above
    except (EOFError, OSError, pickle.UnpicklingError):
        _leave(temporary)


def _leave(temporary: str) -> NoReturn:
    """End this process whatever it is doing: its parent has ended."""
    shutil.rmtree(temporary, ignore_errors=True)
    os._exit(1)
