"""A progress line on the terminal: frames drawn and encoded, rate, time left."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO, TypeVar

if TYPE_CHECKING:
    from animate.batch.dispatch import BuildProgress

SECONDS_BETWEEN = 0.1
Line = TypeVar("Line", bound="ProgressLine")


class ProgressLine:
    """A line that is overwritten while frames are drawn and encoded, at most ten times a second.

    Call it as ``line(stage, done, total)``, from any thread.
    """

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream, self._clock = stream, clock
        self._lock = threading.Lock()
        self._stages: dict[str, tuple[int, int]] = {}
        self._started = clock()
        self._written_at = -SECONDS_BETWEEN
        self._width = 0

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Record that *done* of *total* frames have passed *stage*, and redraw the line if it is time."""
        with self._lock:
            now = self._clock()
            if done < self._stages.get(stage, (0, 0))[0]:  # the next scene of a build has begun
                self._stages, self._started = {}, now
            self._stages[stage] = (done, total)
            if now - self._written_at >= SECONDS_BETWEEN:
                self._written_at = now
                self._write(self.text(now - self._started))

    def text(self, seconds: float) -> str:
        """Return the text after *seconds* of work, such as ``frames 50/200, 25/s, 6 s left``."""
        counts = ", ".join(f"{stage} {done}/{total}" for stage, (done, total) in self._stages.items())
        done, total = min(self._stages.values(), key=lambda stage: stage[0])  # the slowest stage sets the pace
        if not done or seconds <= 0:
            return counts
        rate = done / seconds
        return f"{counts}, {rate:.0f}/s, {(total - done) / rate:.0f} s left"

    def clear(self) -> None:
        """Clear the line, so that a result or an error can be printed there."""
        self._write("")
        self._stream.write("\r")
        self._stream.flush()

    def _write(self, text: str) -> None:
        text = text[: shutil.get_terminal_size().columns - 1]
        # Spaces overwrite the rest of a longer line; escape codes would not work on every terminal.
        self._stream.write("\r" + text.ljust(self._width))
        self._width = len(text)
        self._stream.flush()


class BuildLine(ProgressLine):
    """The progress line of a build: scenes done, and the share of all frames."""

    def show(self, whole: BuildProgress) -> None:
        """Redraw the line if it is time."""
        with self._lock:
            now = self._clock()
            if now - self._written_at >= SECONDS_BETWEEN:
                self._written_at = now
                self._write(self.whole_text(whole))

    @staticmethod
    def whole_text(whole: BuildProgress) -> str:
        """Return the text, such as ``12/40 scenes, 31 %, 95 s left``."""
        left = whole.seconds_left
        text = f"{whole.n_done}/{whole.n_scenes} scenes, {100 * whole.share:.0f} %"
        return text if left is None else f"{text}, {left:.0f} s left"


@contextmanager
def progress(kind: type[Line] = ProgressLine) -> Iterator[Line | None]:  # type: ignore[assignment]
    """Yield a progress line if stderr is a terminal, else None; clear the line at the end."""
    if sys.stderr is None or not sys.stderr.isatty():  # None if stderr is closed
        yield None
        return
    line = kind(sys.stderr)
    try:
        yield line
    finally:
        line.clear()
