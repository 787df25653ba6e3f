"""Frames of one animation drawn by several processes and handed over in order.

Each process makes the animation for itself and draws every n-th frame: since a frame depends on nothing but its
number, the bytes are those that one process would have drawn. A process is at most one frame ahead of the reader, for
its pipe holds no more, so memory does not grow with the number of frames.
"""

from __future__ import annotations

import multiprocessing
import signal
import sys
from collections.abc import Callable, Generator
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import numpy as np

from animate.errors import AnimateError, EncodeError, described
from animate.interrupts import uninterrupted
from animate.replay.frames import Frame

DrawFrame = Callable[[int], Frame]
MakeDrawer = Callable[[], DrawFrame]
"""Makes, in a process of its own, what draws a frame by its number; must be picklable."""

_ENDING_SECONDS = 2.0


def drawn_by_workers(make: MakeDrawer, n_frames: int, n_jobs: int) -> Generator[Frame]:
    """Return the frames 0 to ``n_frames - 1`` in order, drawn by ``n_jobs`` processes.

    Raises
    ------
    AnimateError
        What a worker raised, or that one ended without an answer.
    """
    # A process that is forked from one with threads can hang, so each starts anew.
    context = multiprocessing.get_context("spawn")
    workers: list[tuple[BaseProcess, Connection]] = []
    try:
        for first in range(min(n_jobs, n_frames)):
            here, there = context.Pipe(duplex=False)
            worker = context.Process(target=_draw, args=(there, make, first, n_frames, n_jobs), daemon=True)
            with uninterrupted():  # else it would be told half of what to draw, and say so in a traceback of its own
                worker.start()
                workers.append((worker, here))
            there.close()
        for index in range(n_frames):
            yield _received(workers[index % n_jobs][1], index)
    finally:
        _end(workers)


def _received(connection: Connection, index: int) -> Frame:
    try:
        told = connection.recv()
        if isinstance(told, BaseException):
            raise told
        frame: Frame = np.empty(told, dtype=np.uint8)
        connection.recv_bytes_into(frame.data.cast("B"))
    except (EOFError, OSError) as error:
        raise EncodeError(f"a process that draws ended without an answer, at frame {index}.") from error
    return frame


def _draw(connection: Connection, make: MakeDrawer, first: int, n_frames: int, step: int) -> None:
    """Send every ``step``-th frame: its shape, then its bytes; or the error that kept it from being drawn."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it too, and ends the workers in order
    sys.stdout = sys.stderr  # what a scene prints is no result
    with suppress(BrokenPipeError):  # the reader is gone, so nobody waits for frames
        try:
            draw = make()
            for index in range(first, n_frames, step):
                frame = np.ascontiguousarray(draw(index))
                connection.send(frame.shape)
                connection.send_bytes(frame.data.cast("B"))
        except BrokenPipeError:
            raise
        except AnimateError as error:
            connection.send(error)
        except BaseException as error:  # noqa: BLE001 - whatever a scene raises is told by the parent
            connection.send(EncodeError(f"drawing failed: {described(error)}"))


def _end(workers: list[tuple[BaseProcess, Connection]]) -> None:
    for worker, connection in workers:
        connection.close()
        worker.terminate()
    for worker, _ in workers:
        worker.join(_ENDING_SECONDS)
        if worker.is_alive():
            worker.kill()
