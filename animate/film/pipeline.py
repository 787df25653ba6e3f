"""Encoding beside drawing: every file has its own thread, fed through a short queue.

What a frame is needed for is taken from it at once, so that the next may be drawn in its place. The threads share one
interpreter: what holds it for long, or often, holds up the drawing.

The queue is bounded, so memory does not grow with the number of frames: a slow encoder makes drawing wait. A
failure in a thread reaches the drawing thread with the next frame.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from queue import Empty, Full, Queue
from threading import Event, Thread

from animate.errors import AnimateError, EncodeError
from animate.film.encoders import EncodeOptions, encoder_for
from animate.film.sinks import EncodeTask, OutputFile, Sink
from animate.interrupts import check_interrupt, uninterrupted
from animate.replay.frames import Frame

QUEUE_FRAMES = 4
"""Frames that may wait for an encoder: enough to bridge a slow one, few enough to keep memory small."""

_POLL_SECONDS = 0.05


class EncoderThread:
    """One file being encoded by one thread."""

    def __init__(self, sink: Sink) -> None:
        self.n_encoded = 0
        self._sink = sink
        self._waiting: Queue[EncodeTask | None] = Queue(QUEUE_FRAMES)
        self._error: BaseException | None = None
        self._stopped = False
        # Python takes a thread for ended where an interrupt falls into `join`
        self._ended = Event()
        # a daemon, so that not even a hung encoder keeps the interpreter from ending
        self._thread = Thread(target=self._run, name="animate-encoder", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            while (work := self._waiting.get()) is not None:
                work()
                self.n_encoded += 1
            if not self._stopped:
                self._sink.finish()
        except BaseException as error:  # noqa: BLE001
            self._error = error  # raised by `check`, in the thread that draws
        finally:
            self._ended.set()

    def check(self) -> None:
        """Raise what went wrong in the thread, if anything did."""
        if isinstance(self._error, AnimateError):
            raise self._error
        if isinstance(self._error, OSError) and self._error.strerror:
            raise EncodeError(f"a file could not be written: {self._error.strerror}") from self._error
        if isinstance(self._error, MemoryError):
            raise EncodeError("there is not enough memory to encode") from self._error
        if self._error is not None:
            raise EncodeError(f"encoding failed: {self._error!r}") from self._error

    def put(self, frame: Frame) -> None:
        """Hand over a frame, which may change afterwards."""
        self.check()
        self._put(self._sink.stage_frame(frame))

    def end(self) -> None:
        """Say that there are no more frames."""
        self._put(None)

    def _put(self, work: EncodeTask | None) -> None:
        while True:
            self.check()
            try:
                return self._waiting.put(work, timeout=_POLL_SECONDS)
            except Full:
                continue  # the encoder is slow, or it failed and `check` says so

    def join(self) -> None:
        """Wait for the file to be whole, or raise what went wrong."""
        self._ended.wait()
        self.check()

    def publish(self, *, keep_old: bool) -> OutputFile:
        """Give the complete file its name and return what was written."""
        return self._sink.publish(keep_old=keep_old)

    def rollback(self) -> None:
        """Restore what `publish` replaced."""
        self._sink.rollback()

    def abort(self) -> None:
        """End the thread and leave no file."""
        self._stopped = True
        self._sink.abort()  # frees a thread that waits for the encoder to take its frame
        while not self._ended.is_set():
            self._empty()
            self._ended.wait(_POLL_SECONDS)
        self._thread.join()
        self._sink.abort()  # a thread that was about to write may have begun anew

    def _empty(self) -> None:
        with suppress(Empty):  # the thread takes frames too
            while True:
                self._waiting.get_nowait()
        self._waiting.put_nowait(None)


class Pipeline:
    """Several files being encoded at once from the same frames."""

    def __init__(self, threads: Sequence[EncoderThread]) -> None:
        self._threads = threads

    @classmethod
    def open(
        cls, paths: Sequence[Path], width: int, height: int, fps: float, options: EncodeOptions | None = None
    ) -> Pipeline:
        """Return the pipeline to files whose suffixes choose their formats; where one cannot begin, none does."""
        sinks: list[Sink] = []
        threads: list[EncoderThread] = []
        try:
            with uninterrupted():  # an ffmpeg that nobody knows of yet could not be ended
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
        """Return how many frames every file holds by now."""
        return min(thread.n_encoded for thread in self._threads)

    def put(self, frame: Frame) -> None:
        """Hand one frame to every file; blocks while the slowest has too many waiting."""
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
        """Stop all threads and remove all that was begun; may be called at any time."""
        _abort(self._threads)


def _abort(begun: Sequence[EncoderThread | Sink]) -> None:
    """Abort each, whatever comes of the others."""
    with ExitStack() as stack:
        for one in begun:
            stack.callback(one.abort)


def write_frames(
    frames: Iterable[Frame], pipeline: Pipeline, progress: Callable[[int], object] | None = None
) -> list[OutputFile]:
    """Put every frame through a pipeline and return what was written; files appear only where all went well."""
    try:
        for frame in frames:
            check_interrupt()
            pipeline.put(frame)
            if progress is not None:
                progress(pipeline.n_encoded)
        return pipeline.close()
    except BaseException:
        pipeline.abort()
        raise
