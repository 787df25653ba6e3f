"""A process that makes scenes one after the other and can be ended: for a time limit, and against what brings it down.

Requests and answers are pickled over its input and output. It ends when its input does, so it never outlives the one
who started it, however that one ends.
"""

from __future__ import annotations

import os
import pickle
import queue
import shutil
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import IO, Any, NoReturn, cast

from animate.atomic_files import temporary_folder
from animate.errors import described, warning_line

Answer = Any
Report = Callable[..., object]

START = [sys.executable, "-P", "-c", "from animate.batch.child import serve; serve()"]
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""How many threads multiply matrices decides in which order they add, so it is fixed: the bytes stay the same."""


class Died(Exception):  # noqa: N818 - how it ended is the message
    """The process ended before it had answered."""


class TookTooLong(Exception):  # noqa: N818
    """The process was ended at its time limit."""


class Raised(Exception):  # noqa: N818
    """Something was raised that is no `Exception`; the message names it."""


class Child:
    """One process of Python, used again for each call."""

    def __init__(self) -> None:
        # what it leaves behind when it is ended lies here
        self._temporary = temporary_folder()
        paths = os.pathsep.join(path for path in sys.path if path)
        temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), self._temporary.name)
        environment = {**os.environ, **dict.fromkeys(ONE_THREAD, "1"), **temporary}
        self._process = subprocess.Popen(
            START,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**environment, "PYTHONPATH": paths},
            start_new_session=True,  # Ctrl-C reaches us alone, and we end it in order
        )
        self._ended_by = ""
        self.is_over = False

    def call(
        self, function: Callable[..., Answer], *arguments: Any, timeout: float | None, report: Report | None
    ) -> Answer:
        """Return what a function returns in the process.

        Parameters
        ----------
        function : callable
            Of a module, so that it can be named; its last argument is a callable whose calls arrive at *report*.
        *arguments
            What can be pickled.
        timeout : float or None
            Seconds after which the process is ended.
        report : callable or None

        Raises
        ------
        Died, TookTooLong
            If there is no answer; the process cannot be used again.
        """
        limit = threading.Timer(timeout, self._end, ["timeout"]) if timeout is not None else None
        try:
            if limit is not None:
                limit.start()
            return self._exchange((function, arguments), report)
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            raise self._reason() from error
        finally:
            if limit is not None:
                limit.cancel()

    def _exchange(self, request: Any, report: Report | None) -> Answer:
        stdin, stdout = cast(IO[bytes], self._process.stdin), cast(IO[bytes], self._process.stdout)
        stdin.write(pickle.dumps(request))
        stdin.flush()
        while True:
            kind, content = pickle.load(stdout)  # noqa: S301 - from a process of our own
            if kind == "answer":
                return content
            if kind == "error":
                raise content
            if report is not None:
                report(*content)

    def _reason(self) -> Exception:
        ended_by = self._ended_by
        self.close()
        if ended_by == "timeout":
            return TookTooLong()
        code = self._process.returncode
        return Died(f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}")

    def _end(self, by: str) -> None:
        self._ended_by = by
        self._process.kill()

    def close(self) -> None:
        """End the process, if it has not ended, and remove what it left."""
        self.is_over = True
        with ExitStack() as stack:  # which goes on where an interrupt falls into the waiting
            stack.callback(self._temporary.cleanup)
            for pipe in (self._process.stdin, self._process.stdout):
                stack.callback(_close, cast(IO[bytes], pipe))
            self._process.kill()
            self._process.wait()


def _close(pipe: IO[bytes]) -> None:
    with suppress(OSError):  # what was not sent is lost with it
        pipe.close()


def serve() -> None:
    """Answer requests until the input ends: what the process does."""
    warnings.formatwarning = warning_line
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a scene prints is no answer
    waiting: queue.Queue[Any] = queue.Queue()
    temporary = os.environ["TMPDIR"]
    threading.Thread(target=_listen, args=(requests, waiting, temporary), daemon=True).start()

    def send(kind: str, content: Any) -> None:
        message = pickle.dumps((kind, content))
        try:
            answers.write(message)
            answers.flush()
        except OSError:  # who asked ended while this was at work
            _leave(temporary)

    while True:
        function, arguments = waiting.get()
        try:
            send("answer", function(*arguments, lambda *content: send("report", content)))
        except BaseException as error:  # noqa: BLE001 - who asked shall have it
            # one that is no Exception would end who asked; an interrupt is a scene's own, for Ctrl-C is not heard here
            send("error", error if isinstance(error, Exception) else Raised(described(error)))


def _listen(requests: IO[bytes], waiting: queue.Queue[Any], temporary: str) -> None:
    try:
        while True:
            waiting.put(pickle.load(requests))  # noqa: S301 - from the process that started this one
    except (EOFError, OSError, pickle.UnpicklingError):
        _leave(temporary)


def _leave(temporary: str) -> NoReturn:
    """End this process, whatever is at work: nobody waits for it any more."""
    shutil.rmtree(temporary, ignore_errors=True)
    os._exit(1)
