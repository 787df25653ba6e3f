"""The progress line on a terminal: frames drawn and encoded, rate, time left."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO, TypeVar

if TYPE_CHECKING:
    from animate.batch.progress import BuildProgress

SECONDS_BETWEEN = 0.1
Line = TypeVar("Line", bound="ProgressLine")


class ProgressLine:
    """One line that is written over again while frames are drawn and encoded.

    Called as ``line(stage, done, total)``, from any thread; writes at most ten times a second.
    """

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream, self._clock = stream, clock
        self._lock = threading.Lock()
        self._stages: dict[str, tuple[int, int]] = {}
        self._started = clock()
        self._written_at = -SECONDS_BETWEEN
        self._width = 0

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Take note that *done* of *total* frames have passed *stage*, and show it when it is time."""
        with self._lock:
            now = self._clock()
            if done < self._stages.get(stage, (0, 0))[0]:  # the next scene of a build begins
                self._stages, self._started = {}, now
            self._stages[stage] = (done, total)
            if now - self._written_at >= SECONDS_BETWEEN:
                self._written_at = now
                self._write(self.text(now - self._started))

    def text(self, seconds: float) -> str:
        """Return what is shown after *seconds* of work, such as ``frames 50/200, 25/s, 6 s left``."""
        counts = ", ".join(f"{stage} {done}/{total}" for stage, (done, total) in self._stages.items())
        done, total = min(self._stages.values(), key=lambda stage: stage[0])  # the slowest stage sets the pace
        if not done or seconds <= 0:
            return counts
        rate = done / seconds
        return f"{counts}, {rate:.0f}/s, {(total - done) / rate:.0f} s left"

    def clear(self) -> None:
        """Leave the line empty, for the result or an error to stand on."""
        self._write("")
        self._stream.write("\r")
        self._stream.flush()

    def _write(self, text: str) -> None:
        text = text[: shutil.get_terminal_size().columns - 1]
        # blanks over the rest of a longer line: no escape codes, so that any terminal will do
        self._stream.write("\r" + text.ljust(self._width))
        self._width = len(text)
        self._stream.flush()


class BuildLine(ProgressLine):
    """The line while many scenes are built: how many are done, and how far the whole is."""

    def show(self, whole: BuildProgress) -> None:
        """Show how far a build is, when it is time."""
        with self._lock:
            now = self._clock()
            if now - self._written_at >= SECONDS_BETWEEN:
                self._written_at = now
                self._write(self.whole_text(whole))

    @staticmethod
    def whole_text(whole: BuildProgress) -> str:
        """Return what is shown, such as ``12/40 scenes, 31 %, 95 s left``."""
        left = whole.seconds_left
        text = f"{whole.n_done}/{whole.n_scenes} scenes, {100 * whole.share:.0f} %"
        return text if left is None else f"{text}, {left:.0f} s left"


@contextmanager
def progress(kind: type[Line] = ProgressLine) -> Iterator[Line | None]:  # type: ignore[assignment]
    """Yield a progress line when standard error is a terminal, else None; clear it at the end."""
    if sys.stderr is None or not sys.stderr.isatty():  # None: it is not even open
        yield None
        return
    line = kind(sys.stderr)
    try:
        yield line
    finally:
        line.clear()
