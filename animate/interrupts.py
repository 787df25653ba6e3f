"""Deferred handling of SIGINT and SIGTERM: KeyboardInterrupt is raised only where it does no harm.

Python raises `KeyboardInterrupt` between any two bytecodes. Code that is not ours may swallow it there, as matplotlib
does while it reads its style files and every weak-reference callback does, and a half-started resource has no owner to
release it. A command therefore raises an interrupt at its next `check_interrupt`, which it calls between frames. If
none comes within `GRACE_SECONDS`, as in a scene that loops forever, the interrupt is raised wherever the program is; if
that is a callback that swallows it, once more after as long.
"""

from __future__ import annotations

import _thread
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

NUMBERS = (signal.SIGINT, signal.SIGTERM)
GRACE_SECONDS = 0.3
IMPORT_SECONDS = 5.0
"""Longest time that an import defers an interrupt: few programs survive a half-finished import."""
CLEANUP_SECONDS = 2.0
"""Time after a raised interrupt during which cleanup is not interrupted again."""


class _SignalState:
    """Whether a signal has arrived, whether it is pending, and when it was raised."""

    def __init__(self) -> None:
        self.has_arrived = False
        self._pending_since: float | None = None
        self._raised_at: float | None = None

    @property
    def is_pending(self) -> bool:
        """Whether a signal has arrived and has not been raised yet."""
        return self._pending_since is not None

    def handle(self, _number: int, frame: FrameType | None) -> None:
        """Handle a signal, or the wake-up call for a pending one."""
        now = time.monotonic()
        if self._raised_at is not None and now - self._raised_at < CLEANUP_SECONDS:
            return
        if self._pending_since is None:
            self.has_arrived, self._pending_since = True, now
        elif not _is_importing(frame) or now - self._pending_since >= IMPORT_SECONDS:
            self.check()
        self._wake_later()

    def _wake_later(self) -> None:
        """Handle the signal again soon, unless `check` has raised it by then."""
        try:
            # A bare thread: threading.Thread takes locks, which the interrupted main thread may hold.
            _thread.start_new_thread(_wake_main, (threading.get_ident(),))
        except RuntimeError:  # no memory for a thread
            self.check()

    def swallowed(self) -> None:
        """Let a signal be pending again, whose exception Python ignored, as it does in weak-reference callbacks."""
        self._pending_since, self._raised_at = time.monotonic(), None
        self._wake_later()

    def check(self) -> None:
        """Raise KeyboardInterrupt if a signal is pending."""
        if self.is_pending:
            self._pending_since, self._raised_at = None, time.monotonic()
            raise KeyboardInterrupt


_STATE = _SignalState()
"""Global, because signals belong to the process."""


def handle_signals() -> None:
    """Install the deferred handler for SIGINT and SIGTERM, so that both leave whole files and no ffmpeg behind."""
    for number in NUMBERS:
        signal.signal(number, _STATE.handle)
    tell = sys.unraisablehook

    def tell_or_try_again(ignored: sys.UnraisableHookArgs) -> None:
        if issubclass(ignored.exc_type, KeyboardInterrupt):
            _STATE.swallowed()
        else:
            tell(ignored)

    sys.unraisablehook = tell_or_try_again


def check_interrupt() -> None:
    """Raise `KeyboardInterrupt` if one is pending."""
    _STATE.check()


def was_interrupted() -> bool:
    """Return whether this process has received SIGINT or SIGTERM."""
    return _STATE.has_arrived


def _is_importing(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename == "<frozen importlib._bootstrap>":
            return True
        frame = frame.f_back
    return False


def _wake_main(main_thread: int) -> None:
    time.sleep(GRACE_SECONDS)
    if not _STATE.is_pending:
        return
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(main_thread, signal.SIGINT)  # also ends a blocking call
    else:
        _thread.interrupt_main()


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Defer signals to the end of a ``with`` block; does nothing outside the main thread, which receives them all."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    received: list[int] = []
    before = {number: signal.getsignal(number) for number in NUMBERS}
    before = {number: handler for number, handler in before.items() if handler is not None}  # None: not set by Python
    for number in before:
        signal.signal(number, lambda number, _: received.append(number))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if received:
            signal.raise_signal(received[0])
