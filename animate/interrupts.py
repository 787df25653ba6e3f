"""Interrupts that are heard where they do no harm.

Python raises `KeyboardInterrupt` between any two of its steps. Code that is not ours then swallows it, as matplotlib
does where it reads its styles, and every callback of a weak reference; and what is half begun is known to nobody who
could end it. So a command heeds an interrupt at its next `heed`, which stands between frames, and only where none
comes within `PATIENCE_SECONDS`, as in a scene that loops for ever, wherever the program is.
"""

from __future__ import annotations

import _thread
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

NUMBERS = (signal.SIGINT, signal.SIGTERM)
PATIENCE_SECONDS = 0.3
IMPORT_SECONDS = 5.0
"""How long an import may keep an interrupt waiting: half of one is what programs are least prepared for."""
ENDING_SECONDS = 2.0
"""How long the ending of what was interrupted is itself left alone."""


class _Ears:
    """What was heard, and when."""

    def __init__(self) -> None:
        self.has_heard = False
        self._waits_since: float | None = None
        self._raised_at: float | None = None

    @property
    def has_waiting(self) -> bool:
        """Return whether a signal waits to be heeded."""
        return self._waits_since is not None

    def hear(self, _number: int, frame: FrameType | None) -> None:
        """Handle a signal, or the knock of one that waits."""
        now = time.monotonic()
        if self._raised_at is not None and now - self._raised_at < ENDING_SECONDS:
            return
        if self._waits_since is None:
            self.has_heard, self._waits_since = True, now
        elif not _is_importing(frame) or now - self._waits_since >= IMPORT_SECONDS:
            self.heed()
        try:
            _knock_later(threading.get_ident())
        except RuntimeError:  # no memory for a thread
            self.heed()

    def heed(self) -> None:
        """Raise KeyboardInterrupt if a signal waits."""
        if self.has_waiting:
            self._waits_since, self._raised_at = None, time.monotonic()
            raise KeyboardInterrupt


_EARS = _Ears()
"""Global state: signals are the process's."""


def listen() -> None:
    """Hear the signals that ask this process to end, a polite kill as Ctrl-C: files whole, ffmpeg gone."""
    for number in NUMBERS:
        signal.signal(number, _EARS.hear)


def heed() -> None:
    """Raise `KeyboardInterrupt` if one waits."""
    _EARS.heed()


def was_interrupted() -> bool:
    """Return whether this process was asked to end."""
    return _EARS.has_heard


def _is_importing(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename == "<frozen importlib._bootstrap>":
            return True
        frame = frame.f_back
    return False


def _knock_later(main_thread: int) -> None:
    # a bare thread: making another kind takes locks, which the main thread, interrupted here, may hold
    _thread.start_new_thread(_knock, (main_thread,))


def _knock(main_thread: int) -> None:
    time.sleep(PATIENCE_SECONDS)
    if not _EARS.has_waiting:
        return
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(main_thread, signal.SIGINT)  # wakes it from waiting, too
    else:
        _thread.interrupt_main()


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let a signal that falls into a ``with`` be heard at its end; in other threads than the main one none falls."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard: list[int] = []
    before = {number: signal.getsignal(number) for number in NUMBERS}
    before = {number: handler for number, handler in before.items() if handler is not None}  # None: not Python's own
    for number in before:
        signal.signal(number, lambda told, _: heard.append(told))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if heard:
            signal.raise_signal(heard[0])
