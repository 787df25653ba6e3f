"""A fork of this process that draws some frames of an animation into memory that both share.

A fork starts with a copy of everything, so it can go on in the middle of `Animation.save`: nothing has to be pickled,
and lambdas, closures and notebooks work. It must not act on the world a second time: its output goes to the null
device, as does whatever it writes to files that were open before, and it ends without running any cleanup.

Fork and owner talk through two pipes. The fork sends one byte for each frame it has drawn, or the exception that ended
it. The owner sends one byte to let it go on. Each ends when the other's end of a pipe closes.
"""

from __future__ import annotations

import fcntl
import gc
import mmap
import os
import pickle
import random
import select
import signal
import stat
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

import numpy as np

from animate.errors import EncodeError, described
from animate.interrupts import NUMBERS, check_interrupt
from animate.replay.frames import Frame

FRAME, ERROR, ACTED, GO_ON = b"f", b"e", b"a", b"g"

STALL_SECONDS = 60.0
"""How long a worker may take for one frame before it is ended; a slow frame may take fifty times the usual time."""

_POLL_SECONDS = 0.1


def shared_frames(n_frames: int, shape: tuple[int, ...]) -> Frame:
    """Return memory for some frames, shape (n_frames, height, width, 4), which later forks share."""
    memory = mmap.mmap(-1, n_frames * int(np.prod(shape)))
    return np.frombuffer(memory, np.uint8).reshape(n_frames, *shape)


class ForkedWorker:
    """The owner's side of a fork.

    Parameters
    ----------
    pid : int
    messages, control : int
        File descriptors: what the fork sends, and what it receives.
    n_frames : int
        The number of frames that it draws before it waits.

    Attributes
    ----------
    n_ready : int
        Frames drawn so far.
    has_ended : bool
        Whether it sends nothing more.
    has_acted : bool
        Whether it ended because the user's code was about to act on the world outside.
    """

    def __init__(self, pid: int, messages: int, control: int, n_frames: int) -> None:
        self.n_frames, self.n_ready = n_frames, 0
        self.has_ended = self.has_acted = False
        self._pid, self._messages, self._control = pid, messages, control
        self._error = b""
        self._is_closed = False
        self._moved = time.monotonic()

    @property
    def is_drawing(self) -> bool:
        """Return whether it has frames left to draw."""
        self.poll()
        return not self.has_ended and self.n_ready < self.n_frames

    def poll(self) -> None:
        """Take in what the fork has sent."""
        while not self.has_ended:
            try:
                received = os.read(self._messages, 65536)
            except BlockingIOError:
                return
            self._moved = time.monotonic()
            self.has_ended = not received
            if not self._error and received:
                head, mark, tail = received.partition(ERROR)
                self.n_ready += head.count(FRAME)
                self.has_acted = self.has_acted or ACTED in head
                received = mark + tail
            self._error += received

    def wait(self, n_frames: int, usual_seconds: float) -> None:
        """Wait until the fork has drawn a number of frames, or has ended.

        Parameters
        ----------
        n_frames : int
        usual_seconds : float
            How long a frame takes, from which the time limit is derived.

        Raises
        ------
        EncodeError
            If it sends nothing for `STALL_SECONDS`.
        """
        self.poll()
        self._moved = time.monotonic()  # this process may have been busy with other things
        while not self.has_ended and self.n_ready < n_frames:
            select.select([self._messages], [], [], _POLL_SECONDS)
            check_interrupt()
            self.poll()
            if time.monotonic() - self._moved > max(STALL_SECONDS, 50 * usual_seconds):
                raise EncodeError("a process that draws frames hangs; save with jobs=1")

    def error(self, frame: int) -> BaseException:
        """Return why the fork ended without a frame.

        Parameters
        ----------
        frame : int
            The number of the frame, for the message.
        """
        if self.has_acted:
            return EncodeError(f"the update acts differently in two processes, at frame {frame}; save with jobs=1")
        with suppress(Exception):  # an exception whose class cannot be unpickled, or no message at all
            error = pickle.loads(self._error[1:])  # noqa: S301 - from a fork of this process
            if isinstance(error, BaseException):
                return error
        reason = self._error[1:].decode(errors="replace") if self._error else "it ended without a message"
        return EncodeError(f"a process that draws failed at frame {frame}: {reason}")

    def let_go_on(self, n_times: int = 1) -> None:
        """Let the fork draw more frames than it was asked for: as many as are no longer needed in its memory."""
        with suppress(OSError):  # it has ended; `wait` says so
            os.write(self._control, GO_ON * n_times)

    def close(self) -> None:
        """End the fork; may be called again."""
        if self._is_closed:
            return
        self._is_closed = self.has_ended = True
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(self._pid, 0)
        os.close(self._messages)
        os.close(self._control)


class WorkerRole:
    """The fork's side: draws frames, and ends the process when none is wanted any more.

    Parameters
    ----------
    frames : array of uint8, shape (n, height, width, 4)
        The shared memory; frame *i* of the fork goes to place *i* modulo *n*.
    n_frames : int
        How many to draw before waiting for leave to go on.
    messages, control : int
        File descriptors.
    """

    def __init__(self, frames: Frame, n_frames: int, messages: int, control: int) -> None:
        self._frames, self._n_wanted = frames, n_frames
        self._messages, self._control = messages, control
        self._n_drawn = 0
        _map(frames[:n_frames])

    def add(self, draw: Callable[[], Frame]) -> None:
        """Draw one more frame; do not return if it was the last."""
        if self._n_drawn >= self._n_wanted:
            self._wait_for_place()
        frame = draw()
        if frame.shape != self._frames.shape[1:]:
            began, now = ("x".join(map(str, shape[1::-1])) for shape in (self._frames.shape[1:], frame.shape))
            raise EncodeError(f"frames must keep their first size, {began}; one is {now}")
        np.copyto(self._frames[self._n_drawn % len(self._frames)], frame)
        self._n_drawn += 1
        self._send(FRAME)
        if self._n_drawn == self._n_wanted:
            self._wait_for_place()

    def _wait_for_place(self) -> None:
        given = os.read(self._control, 4096)
        if not given:  # the owner has no more use for this process
            os._exit(0)
        gc.enable()  # it may now go on for long
        self._n_wanted += len(given)

    def _send(self, message: bytes) -> None:
        try:
            while message:
                message = message[os.write(self._messages, message) :]
        except OSError:  # the owner has ended
            os._exit(1)

    def stop(self) -> NoReturn:
        """End the process before the user's code acts on the world outside."""
        self._send(ACTED)
        os._exit(0)

    def end(self, error: BaseException | None = None) -> NoReturn:
        """End the process since the animation has no more frames, or since it raised an error."""
        if error is not None:
            self._send(ERROR + _pickled(error))
        os._exit(0)


def _pickled(error: BaseException) -> bytes:
    with suppress(Exception):  # whatever the exception's own methods raise
        error.add_note("".join(["In a process that draws:\n", *traceback.format_tb(error.__traceback__)]).rstrip())
        pickled = pickle.dumps(error)
        pickle.loads(pickled)  # noqa: S301 - made here
        return pickled
    return described(error).encode()


@contextmanager
def signals_blocked() -> Iterator[None]:
    """Block SIGINT and SIGTERM during a ``with`` block; they are handled at its end."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, NUMBERS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _map(frames: Frame) -> None:
    """Read one byte in each 64 KiB of shared memory: Linux maps 16 pages at once for a read, but one for a write."""
    frames.reshape(-1)[::65536].max()


def fork_worker(frames: Frame, n_frames: int) -> ForkedWorker | WorkerRole:
    """Fork this process; return the owner's side to the one that was, and the fork's side to the new one.

    Call it, and keep what it returns, while `signals_blocked`: an interrupt must not be handled by the fork.

    Parameters
    ----------
    frames : array of uint8, shape (n, height, width, 4)
        From `shared_frames`.
    n_frames : int
        How many frames the fork draws before it waits.

    Raises
    ------
    OSError
        If there is no memory or no process left.
    """
    messages, control = os.pipe(), os.pipe()
    state = random.getstate()  # Python seeds this generator anew in a fork
    positions = _positions()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of forks beside threads: no lock of theirs is used
            pid = os.fork()
    except OSError:
        for fd in (*messages, *control):
            os.close(fd)
        raise
    if pid:
        os.close(messages[1])
        os.close(control[0])
        os.set_blocking(messages[0], False)
        return ForkedWorker(pid, messages[0], control[1], n_frames)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the owner ends its forks
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.disable()  # a collection would copy all the memory that is still shared
    random.setstate(state)
    os.close(messages[0])
    os.close(control[1])
    _reopen(positions)
    _silence(keep=(messages[1], control[0]))
    return WorkerRole(frames, n_frames, messages[1], control[0])


def _positions() -> dict[int, int]:
    """Return the position in each file that is open for reading."""
    found = {}
    for fd in _open_files():
        with suppress(OSError):
            if stat.S_ISREG(os.fstat(fd).st_mode) and _access(fd) != os.O_WRONLY:
                found[fd] = os.lseek(fd, 0, os.SEEK_CUR)
    return found


def _reopen(positions: dict[int, int]) -> None:
    """Open files again for reading, since a fork would share the position in them: fonts are read by each draw."""
    for fd, position in positions.items():
        with suppress(OSError):
            own = os.open(f"/proc/self/fd/{fd}", os.O_RDONLY | os.O_CLOEXEC)
            os.lseek(own, position, os.SEEK_SET)
            os.dup2(own, fd, inheritable=False)
            os.close(own)


def _silence(keep: tuple[int, int]) -> None:
    """Redirect all output, and all files and connections that were open for writing, to the null device."""
    null = os.open(os.devnull, os.O_RDWR)
    for fd in {1, 2, *_open_files()} - {null, *keep}:
        with suppress(OSError):
            is_socket = stat.S_ISSOCK(os.fstat(fd).st_mode)
            if fd in (1, 2) or is_socket or _access(fd) == os.O_WRONLY:
                os.dup2(null, fd)
    sys.stdout = sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115


def _open_files() -> list[int]:
    return [int(name) for name in os.listdir("/proc/self/fd")]  # noqa: PTH208 - before each fork, so it must be fast


def _access(fd: int) -> int:
    return fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_ACCMODE
