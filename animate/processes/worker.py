"""The parent's side: a process of Python in which functions are called, with a time limit, and which can be killed."""

from __future__ import annotations

import os
import pickle
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

from animate.atomic_files import temporary_folder
from animate.interrupts import uninterrupted
from animate.processes.serve import CRASH_FILE

Report = Callable[..., object]
START_SECONDS = 60.0
"""How long a process may take to start, before the time limit of its first task begins."""


class WorkerError(Exception):
    """A worker gave no answer; the message gives the reason."""


class WorkerDied(WorkerError):  # noqa: N818
    """The process ended before it had answered."""


class WorkerTimeout(WorkerError):  # noqa: N818
    """The process was killed at its time limit."""


class TaskRaised(WorkerError):  # noqa: N818
    """The task raised what cannot be raised here; the message describes it."""


@dataclass(frozen=True)
class WorkerOptions:
    """How a worker process is started.

    Parameters
    ----------
    preload : str
        A module that it imports before it takes requests; "" for none.
    memory_bytes : int, optional
        Most bytes of address space that it may take, where the system can limit that.
    niceness : int
        By how much it makes way for other processes.
    environment : mapping of str to str
        Variables that differ from those of this process.
    """

    preload: str = ""
    memory_bytes: int | None = None
    niceness: int = 0
    environment: Mapping[str, str] = field(default_factory=dict)


class WorkerProcess:
    """One process of Python, used for one call after the other.

    It is started anew, not forked, so it works on all systems and beside threads. It does not run the main script
    again, so that script needs no guard. It has a temporary folder of its own, which is removed with it. Ctrl-C in a
    terminal does not reach it: the owner calls `close`. If the owner is killed, it ends by itself.
    """

    def __init__(self, options: WorkerOptions | None = None) -> None:
        options = options or WorkerOptions()
        arguments = f"{options.preload!r}, {options.memory_bytes!r}, {options.niceness!r}"
        command = [sys.executable, "-P", "-c", f"from animate.processes.serve import serve; serve({arguments})"]
        with uninterrupted():  # a half-started process has no owner to end it
            self._temporary = temporary_folder()
            own = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), self._temporary.name)
            own["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
            environment = {**os.environ, **options.environment, **own}
            pipe = subprocess.PIPE
            try:
                self._process = subprocess.Popen(
                    command, stdin=pipe, stdout=pipe, env=environment, start_new_session=True
                )
            except OSError:
                self._temporary.cleanup()
                raise
        self._stdin, self._stdout = cast(IO[bytes], self._process.stdin), cast(IO[bytes], self._process.stdout)
        self._is_ready = self._is_closed = False

    @property
    def pid(self) -> int:
        """Return the number of the process."""
        return self._process.pid

    @property
    def is_over(self) -> bool:
        """Return whether the process has ended, so that it takes no more calls."""
        return self._is_closed or self._process.poll() is not None

    def call(
        self, function: Callable[..., Any], *arguments: Any, timeout: float | None = None, report: Report | None = None
    ) -> Any:
        """Return what a function returns in the process; blocks until then.

        Parameters
        ----------
        function : callable
            Of a module, so that it can be pickled by its name. Its last argument is a callable, whose calls arrive
            at *report*.
        *arguments
            The arguments before that one; they are pickled.
        timeout : float, optional
            Seconds after which the process is killed, its start not counted.

        Raises
        ------
        WorkerDied, WorkerTimeout
            If there is no answer; the process has then ended.
        TaskRaised
            If the function raised what is no `Exception` or cannot be pickled.
        Exception
            Any other that the function raised.
        """
        if not self._is_ready and timeout is not None:
            self._wait_until_ready()
        with self._limited(timeout):
            self._send((function, arguments))
            kind, content = self._answer(report)
        return content if kind == "answer" else _raise(content)

    def _wait_until_ready(self) -> None:
        try:
            with self._limited(START_SECONDS):
                self._receive()
        except WorkerTimeout:
            raise WorkerDied(f"did not start within {START_SECONDS:g} s") from None

    def _answer(self, report: Report | None) -> tuple[str, Any]:
        while True:
            kind, content = self._receive()
            if kind in ("answer", "error"):
                return kind, content
            if report is not None and kind == "report":
                report(*content)

    def _send(self, request: Any) -> None:
        try:
            pickle.dump(pickle.dumps(request), self._stdin)
            self._stdin.flush()
        except OSError as error:
            raise _ConnectionLost from error

    def _receive(self) -> tuple[str, Any]:
        try:
            kind, content = pickle.load(self._stdout)  # noqa: S301 - from a process of our own
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            raise _ConnectionLost from error
        self._is_ready = True
        return kind, content

    @contextmanager
    def _limited(self, seconds: float | None) -> Iterator[None]:
        """Kill the process if a block takes longer; close it if the block fails in any way."""
        limit = None if seconds is None else TimeLimit(seconds, self.kill)
        try:
            yield
        except _ConnectionLost as error:
            is_late = limit is not None and limit.stop()
            ended = self._how_it_ended()
            self.close()
            if is_late:
                raise WorkerTimeout(f"there was no answer within {seconds:g} s") from error
            raise WorkerDied(ended) from error
        except BaseException:
            self.close()  # it may still be at work, and its answer would be taken for the next one
            raise
        finally:
            if limit is not None and limit.stop():
                self.close()  # the answer came just in time, but the process is gone

    def _how_it_ended(self) -> str:
        self.kill()  # where only its output ended
        code = self._process.wait()
        if code >= 0:
            return f"ended with exit code {code}"
        with suppress(OSError):
            traceback = (Path(self._temporary.name) / CRASH_FILE).read_text(errors="replace")
            if found := re.search(r'Current thread.*\n +File "(.+)", line (\d+)', traceback):
                return f"was killed by signal {-code}, at {found[1]}:{found[2]}"
        return f"was killed by signal {-code}"

    def kill(self) -> None:
        """Kill the process and what it started; a thread that waits for its answer gets WorkerDied."""
        if self._process.poll() is None:
            if sys.platform != "win32":
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(self._process.pid, signal.SIGKILL)
            self._process.kill()

    def close(self) -> None:
        """Kill the process, wait for its end and remove its temporary folder; may be called again."""
        self._is_closed = True
        with ExitStack() as stack:  # goes on if an interrupt falls into the waiting
            stack.callback(self._temporary.cleanup)
            for pipe in (self._stdin, self._stdout):
                stack.callback(_close, pipe)
            self.kill()
            self._process.wait()


class _ConnectionLost(Exception):  # noqa: N818
    """A pipe ended, most often with the process."""


class TimeLimit:
    """Calls a function after some seconds, unless it is stopped first: exactly one of the two happens."""

    def __init__(self, seconds: float, function: Callable[[], object]) -> None:
        self._function = function
        self._lock = threading.Lock()
        self._is_stopped = self._has_fired = False
        self._timer = threading.Timer(seconds, self._fire)
        self._timer.daemon = True
        self._timer.start()

    def _fire(self) -> None:
        with self._lock:
            if not self._is_stopped:
                self._has_fired = True
                self._function()

    def stop(self) -> bool:
        """Stop it, and return whether it came too late to be stopped."""
        self._timer.cancel()
        with self._lock:
            self._is_stopped = True
            return self._has_fired


def _raise(content: tuple[bytes | None, str]) -> Any:
    pickled, description = content
    error: Exception = TaskRaised(description)
    if pickled is not None:
        with suppress(Exception):  # of a module that is not here
            error = pickle.loads(pickled)  # noqa: S301 - from a process of our own
    raise error


def _close(pipe: IO[bytes]) -> None:
    with suppress(OSError):  # what was not sent is lost
        pipe.close()
