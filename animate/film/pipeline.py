"""Encoding in parallel with drawing: each file has a thread with a short queue.

The drawing thread copies what an encoder needs of a frame, so that the next frame can be drawn over it. The threads
share one interpreter, so an encoder should release its lock. The queues are bounded: a slow encoder makes drawing
wait, and memory does not grow with the number of frames. A failure in a thread is raised in the drawing thread with
the next frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from queue import Empty, Full, Queue
from threading import Event, Thread

from animate.errors import AnimateError, EncodeError
from animate.film.encoders import EncodeOptions, encoder_for
from animate.film.sinks import EncodeTask, OutputFile, Sink
from animate.interrupts import uninterrupted
from animate.replay.frames import Frame

QUEUE_FRAMES = 4
"""Frames that may wait for an encoder: enough to even out slow frames, few enough to keep memory small."""

_POLL_SECONDS = 0.05


class EncoderThread:
    """A thread that encodes one file.

    Parameters
    ----------
    sink : Sink

    Attributes
    ----------
    n_encoded : int
        Frames encoded so far.
    """

    def __init__(self, sink: Sink) -> None:
        self.n_encoded = 0
        self._sink = sink
        self._waiting: Queue[EncodeTask | None] = Queue(QUEUE_FRAMES)
        self._error: BaseException | None = None
        self._stopped = False
        # not `Thread.join`: an interrupt in it makes Python consider the thread ended
        self._ended = Event()
        # a daemon, so that a hung encoder does not keep the interpreter from exiting
        self._thread = Thread(target=self._run, name="animate-encoder", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            while (task := self._waiting.get()) is not None:
                task()
                self.n_encoded += 1
            if not self._stopped:
                self._sink.finish()
        except BaseException as error:  # noqa: BLE001
            self._error = error  # raised by `check`, in the thread that draws
        finally:
            self._ended.set()

    def check(self) -> None:
        """Raise the error that ended the thread, if there was one, as an AnimateError."""
        if isinstance(self._error, AnimateError):
            raise self._error
        if isinstance(self._error, OSError) and self._error.strerror:
            raise EncodeError(f"a file could not be written: {self._error.strerror}") from self._error
        if isinstance(self._error, MemoryError):
            raise EncodeError("there is not enough memory to encode") from self._error
        if self._error is not None:
            raise EncodeError(f"encoding failed: {self._error!r}") from self._error

    def put(self, frame: Frame) -> None:
        """Queue a frame; the caller may draw over it afterwards. Blocks while the queue is full."""
        self.check()
        self._put(self._sink.stage_frame(frame))

    def end(self) -> None:
        """Tell the thread that there are no more frames."""
        self._put(None)

    def _put(self, task: EncodeTask | None) -> None:
        while True:
            self.check()
            try:
                return self._waiting.put(task, timeout=_POLL_SECONDS)
            except Full:
                continue  # the encoder is slow, or it failed and `check` says so

    def join(self) -> None:
        """Wait until the file is complete; raise the error if the thread failed."""
        self._ended.wait()
        self.check()

    def publish(self, *, keep_old: bool) -> OutputFile:
        """Give the complete file its final name and return it."""
        return self._sink.publish(keep_old=keep_old)

    def rollback(self) -> None:
        """Restore what `publish` replaced."""
        self._sink.rollback()

    def abort(self) -> None:
        """End the thread and remove its temporary files."""
        self._stopped = True
        self._sink.abort()  # releases a thread that is blocked by its encoder
        while not self._ended.is_set():
            self._empty()
            self._ended.wait(_POLL_SECONDS)
        self._thread.join()
        self._sink.abort()  # the thread may have created a file in the meantime

    def _empty(self) -> None:
        with suppress(Empty):  # the thread may empty the queue first
            while True:
                self._waiting.get_nowait()
        self._waiting.put_nowait(None)


class Pipeline:
    """Encodes the same frames into several files.

    Parameters
    ----------
    threads : sequence of EncoderThread
        One for each file.
    """

    def __init__(self, threads: Sequence[EncoderThread]) -> None:
        self._threads = threads

    @classmethod
    def open(
        cls, paths: Sequence[Path], width: int, height: int, fps: float, options: EncodeOptions | None = None
    ) -> Pipeline:
        """Return a pipeline into files whose suffixes choose their formats.

        Parameters
        ----------
        paths : sequence of Path
        width, height : int
            Size of the frames in pixels.
        fps : float
            Frames per second.
        options : EncodeOptions, optional

        Raises
        ------
        AnimateError
            If one of the files cannot be opened; none is then left open.
        """
        sinks: list[Sink] = []
        threads: list[EncoderThread] = []
        try:
            with uninterrupted():  # a half-started encoder has no owner that could end it
                for path in paths:
                    sinks.append(encoder_for(path, options).open(path, width, height, fps, options))
                for sink in sinks:
                    threads.append(EncoderThread(sink))
            return cls(threads)
        except BaseException:
            _abort([*threads, *sinks[len(threads) :]])
            raise

    @property
    def n_encoded(self) -> int:
        """Return how many frames are encoded into every file."""
        return min(thread.n_encoded for thread in self._threads)

    def put(self, frame: Frame) -> None:
        """Queue one frame for every file; blocks while a queue is full."""
        for thread in self._threads:
            thread.put(frame)

    def close(self) -> list[OutputFile]:
        """Finish every file, then give them their names, all or none; return what was written.

        The names are given only once every file is complete. If one cannot be renamed, those renamed before it are
        rolled back. Only a process killed between two renames leaves some files new and some old, each complete.

        Raises
        ------
        AnimateError
            If any of them fails; the caller then calls `abort`.
        """
        for thread in self._threads:
            thread.end()
        for thread in self._threads:
            thread.join()
        with uninterrupted():
            try:
                written = [thread.publish(keep_old=len(self._threads) > 1) for thread in self._threads]
            except BaseException:
                for thread in self._threads:
                    thread.rollback()
                raise
            if len(self._threads) > 1:
                self.abort()  # removes what a rollback would have needed
        return written

    def abort(self) -> None:
        """Stop all threads and remove all temporary files; may be called at any time."""
        _abort(self._threads)


def _abort(parts: Sequence[EncoderThread | Sink]) -> None:
    """Abort each, even if another raises."""
    with ExitStack() as stack:
        for part in parts:
            stack.callback(part.abort)
