"""An ffmpeg process that is fed through a pipe and can neither block nor outlive this process.

One thread keeps ffmpeg's last messages, so that the pipe of its stderr never fills up. Another ends ffmpeg if it
makes no progress. If Python is killed, ffmpeg reads the end of its input and exits.
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
"""How long ffmpeg may read no frame, write no byte and not exit before it is ended."""

PIPE_BYTES = 1 << 20
"""The size of the pipe, where the system allows it; a frame then needs a few context switches instead of sixty."""


def ffmpeg_program() -> str:
    """Return the ffmpeg program: the one in IMAGEIO_FFMPEG_EXE, else that of imageio-ffmpeg, else the system's.

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
            "ffmpeg was not found; reinstall it with `pip install --force-reinstall imageio-ffmpeg`, "
            "or name a program in IMAGEIO_FFMPEG_EXE"
        ) from error


class FFmpeg:
    """One ffmpeg process.

    Parameters
    ----------
    arguments : sequence of str
        The command line after the program; it reads from ``pipe:0``.
    output : Path
        The file it writes; its growth counts as progress.
    program : str, optional
        The program to run; by default the one of `ffmpeg_program`.

    Raises
    ------
    EncodeError
        If ffmpeg cannot be found or started; from the methods, if it fails.
    """

    def __init__(self, arguments: Sequence[str], output: Path, program: str = "") -> None:
        self._output = output
        self._messages: deque[bytes] = deque(maxlen=20)
        self._hung = False
        self._busy = threading.Event()
        self._over = threading.Event()
        self._moved = time.monotonic()
        self._pipe_lock = threading.RLock()  # closing the pipe while another thread writes is a race
        self._process = start([program or ffmpeg_program(), *arguments])
        self._stdin = cast(IO[bytes], self._process.stdin)
        self._reader = threading.Thread(target=self._read_messages, daemon=True)
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._reader.start()
        self._watcher.start()

    def _read_messages(self) -> None:
        with cast(IO[bytes], self._process.stderr) as stderr:
            for line in iter(lambda: stderr.readline(2000), b""):
                if line.strip():
                    self._messages.append(line)

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
        """Send bytes to ffmpeg; blocks while it is busy."""
        with self._pipe_lock, self._expecting_progress():
            try:
                while data:
                    data = data[self._stdin.write(data) :]
            except (OSError, ValueError):  # a broken pipe, or one that `kill` closed
                self._fail()

    def finish(self) -> None:
        """Close the input and wait until ffmpeg has succeeded."""
        with self._pipe_lock, self._expecting_progress():
            with contextlib.suppress(OSError):
                self._stdin.close()
            self._process.wait()
        if self._process.returncode:
            self._fail()
        self._over.set()
        self._reader.join()
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
        """Kill ffmpeg; may be called from any thread, and again."""
        self._over.set()
        end(self._process)
        with self._pipe_lock, contextlib.suppress(OSError):
            self._stdin.close()
        self._reader.join(timeout=5)
        self._watcher.join()

    def _fail(self) -> NoReturn:
        ended = self._how_it_ended()
        self.kill()
        raise EncodeError(f"ffmpeg {ended}: {reason(self._messages)}")

    def _how_it_ended(self) -> str:
        try:
            code = self._process.wait(timeout=5)  # the pipe breaks shortly before the exit code is available
        except subprocess.TimeoutExpired:
            return "stopped reading frames"
        if self._hung:
            return hung()
        return f"was killed by signal {-code}" if code < 0 else f"failed with exit code {code}"


def start(command: Sequence[str], stdout: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    """Start a command with pipes for its stdin and stderr; return the process.

    It runs in a session of its own, so that Ctrl-C in a terminal does not reach it.
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
    """Ends a process that keeps its reader waiting for `STALL_SECONDS`."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.has_ended_it = False
        self._process = process
        self._since: float | None = None
        self._over = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    @contextlib.contextmanager
    def waiting(self) -> Iterator[None]:
        """Require progress of the process during a ``with`` block."""
        self._since = time.monotonic()
        try:
            yield
        finally:
            self._since = None

    def close(self) -> None:
        """Stop watching."""
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
    """Return the message for a process that was ended since it made no progress."""
    return f"hung: it made no progress for {STALL_SECONDS:g} s and was ended"


def told_by(command: Sequence[str], seconds: float = math.inf) -> tuple[int, bytes, bytes]:
    """Run a command; return its exit code, stdout and stderr.

    Raises
    ------
    EncodeError
        If it cannot be started or does not exit within *seconds* or `STALL_SECONDS`, whichever is less.
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
    """Kill a process from `start` and, except on Windows, all processes that it started."""
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
