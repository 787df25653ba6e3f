"""A running ffmpeg that is fed through a pipe, and neither blocks nor outlives the one who feeds it.

One thread keeps the last lines ffmpeg says, so that its stderr never fills up; another ends it when it neither takes
a frame nor writes a byte for long. If Python itself is killed, ffmpeg reads the end of its input and ends.
"""

from __future__ import annotations

import contextlib
import math
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, NoReturn, cast

from animate.atomic_files import temporary_folder
from animate.errors import EncodeError

STALL_SECONDS = 120.0
"""How long ffmpeg may take no frame, write no byte and not end before it counts as hung."""

PIPE_BYTES = 1 << 20
"""What the pipe holds, where the system allows it: a frame then crosses in a few switches, not in sixty."""


def ffmpeg_program() -> str:
    """Return the ffmpeg to use: what IMAGEIO_FFMPEG_EXE names, else the one imageio-ffmpeg brings, else the system's.

    Raises
    ------
    EncodeError
        If there is none.
    """
    import imageio_ffmpeg

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise EncodeError(
            "ffmpeg was not found; install it anew with `pip install --force-reinstall imageio-ffmpeg`, "
            "or name a program in IMAGEIO_FFMPEG_EXE"
        ) from error


class FFmpeg:
    """One ffmpeg process.

    Parameters
    ----------
    arguments : sequence of str
        The command line after the program; it reads from ``pipe:0``.
    output : Path
        The file it writes, by whose growth it is seen to be alive.
    program : str, optional
        The program to run; by default the one of `ffmpeg_program`.

    Raises
    ------
    EncodeError
        If ffmpeg cannot be found or started; by the methods, if it fails.
    """

    def __init__(self, arguments: Sequence[str], output: Path, program: str = "") -> None:
        self._output = output
        self._said: deque[bytes] = deque(maxlen=20)
        self._hung = False
        self._busy = threading.Event()
        self._over = threading.Event()
        self._moved = time.monotonic()
        self._pipe_lock = threading.RLock()  # who holds it may use the pipe: closing it under a writer is a race
        self._process = start([program or ffmpeg_program(), *arguments])
        self._stdin = cast(IO[bytes], self._process.stdin)
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._listener.start()
        self._watcher.start()

    def _listen(self) -> None:
        with cast(IO[bytes], self._process.stderr) as stderr:
            for line in iter(lambda: stderr.readline(2000), b""):
                if line.strip():
                    self._said.append(line)

    def _watch(self) -> None:
        size = -1
        while not self._over.wait(min(1.0, STALL_SECONDS / 4)):
            now = self._output.stat().st_size if self._output.exists() else 0
            if now != size or not self._busy.is_set():
                size, self._moved = now, time.monotonic()
            elif time.monotonic() - self._moved > STALL_SECONDS:
                self._hung = True
                end(self._process)
                return

    def write(self, data: memoryview) -> None:
        """Hand over bytes; blocks while ffmpeg is busy."""
        with self._pipe_lock, self._expecting_progress():
            try:
                while data:
                    data = data[self._stdin.write(data) :]
            except (OSError, ValueError):  # a broken pipe, or one that `kill` closed
                self._fail()

    def finish(self) -> None:
        """Tell ffmpeg that this was all, and wait until it has ended well."""
        with self._pipe_lock, self._expecting_progress():
            with contextlib.suppress(OSError):
                self._stdin.close()
            self._process.wait()
        if self._process.returncode:
            self._fail()
        self._over.set()
        self._listener.join()
        self._watcher.join()

    @contextlib.contextmanager
    def _expecting_progress(self) -> Iterator[None]:
        self._moved = time.monotonic()
        self._busy.set()
        try:
            yield
        finally:
            self._busy.clear()

    def kill(self) -> None:
        """End ffmpeg at once; may be called from any thread, and again."""
        self._over.set()
        end(self._process)
        with self._pipe_lock, contextlib.suppress(OSError):
            self._stdin.close()
        self._listener.join(timeout=5)
        self._watcher.join()

    def _fail(self) -> NoReturn:
        ended = self._how_it_ended()
        self.kill()
        raise EncodeError(f"ffmpeg {ended}: {reason(self._said)}")

    def _how_it_ended(self) -> str:
        try:
            code = self._process.wait(timeout=5)  # the pipe breaks a moment before the exit code is there
        except subprocess.TimeoutExpired:
            return "stopped reading frames"
        if self._hung:
            return hung()
        return f"was killed by signal {-code}" if code < 0 else f"failed with exit code {code}"


def start(command: Sequence[str], stdout: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    """Return the process of a command, its input and stderr as pipes.

    It has a session of its own: Ctrl-C in a terminal reaches us alone, and we end ffmpeg in order.
    """
    own: dict[str, Any] = {"creationflags": 0x200} if sys.platform == "win32" else {"start_new_session": True}
    pipe = subprocess.PIPE
    try:
        process = subprocess.Popen(command, stdin=pipe, stdout=stdout, stderr=pipe, bufsize=0, text=False, **own)
    except OSError as error:
        raise EncodeError(f"ffmpeg could not be started: {command[0]}: {error.strerror or error}") from error
    if sys.platform == "linux":
        import fcntl

        with contextlib.suppress(OSError):
            fcntl.fcntl(cast(IO[bytes], process.stdin), fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    return process


_CONSEQUENCE = re.compile(
    "Nothing was written|Terminating thread|Task finished|Could not write header|Conversion failed|"
    "Error (opening output|selecting|sending|splitting|submitting|while)"
)


def reason(messages: Iterable[bytes]) -> str:
    """Return the last of ffmpeg's messages that is a cause and not a consequence of another, without addresses.

    >>> reason([b"[mxf @ 0x55] unsupported frame rate", b"Nothing was written into output file"])
    'unsupported frame rate'
    """
    lines = [re.sub(r"\[[^\]]* @ 0x[0-9a-f]+\] *", "", line.decode(errors="replace")).strip() for line in messages]
    lines = [line for line in lines if line]
    causes = [line for line in lines if not _CONSEQUENCE.search(line)]
    return (causes or lines or ["it said nothing"])[-1]


class Watchdog:
    """What ends a process that keeps its reader waiting for long."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.has_ended_it = False
        self._process = process
        self._since: float | None = None
        self._over = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    @contextlib.contextmanager
    def waiting(self) -> Iterator[None]:
        """Count the time in a ``with`` as time in which the process must do something."""
        self._since = time.monotonic()
        try:
            yield
        finally:
            self._since = None

    def close(self) -> None:
        """End watching."""
        self._over.set()
        self._watcher.join()

    def _watch(self) -> None:
        while not self._over.wait(min(1.0, STALL_SECONDS / 4)):
            since = self._since
            if since is not None and time.monotonic() - since > STALL_SECONDS:
                self.has_ended_it = True
                end(self._process)
                return


def hung() -> str:
    """Return how a process ended that was ended because nothing came of it."""
    return f"hung: it made no progress for {STALL_SECONDS:g} s and was ended"


def told_by(command: Sequence[str], seconds: float = math.inf) -> tuple[int, bytes, bytes]:
    """Return the exit code of a command, and what it says: on stdout, and on stderr.

    Raises
    ------
    EncodeError
        If it cannot be started, or has not ended within *seconds*, or `STALL_SECONDS` where those are less.
    """
    limit = min(seconds, STALL_SECONDS)
    with start(command, stdout=subprocess.PIPE) as process:
        try:
            output, errors = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            raise EncodeError(f"ffmpeg hung: it did not end within {limit:g} s") from None
        finally:
            end(process)
    return process.returncode, output, errors


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill a process that `start` gave, and on systems with sessions whatever it started itself."""
    if sys.platform != "win32":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def can_write(suffix: str, program: str = "") -> bool:
    """Return whether ffmpeg has a container for a suffix such as ``.mkv``, by trying it on two small frames."""
    with temporary_folder() as folder:
        picture = ("-f", "lavfi", "-i", "color=size=64x64:rate=25", "-frames:v", "2")
        trial = Path(folder) / f"trial%d{suffix}"
        command = [program or ffmpeg_program(), "-hide_banner", "-nostdin", "-v", "error", *picture, f"file:{trial}"]
        _, _, errors = told_by(command, seconds=20)
    return re.search(rb"Unable to (choose an|find a suitable) output format", errors) is None
