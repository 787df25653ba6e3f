"""Frames of one animation, drawn by several processes and returned in order.

Each process makes the animation for itself and draws every n-th frame. A frame depends on nothing but its number, so
the bytes are those that one process would have drawn. A process waits when its pipe is full, so memory does not grow
with the number of frames.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack

import numpy as np

from animate.errors import AnimateError, EncodeError, described
from animate.interrupts import uninterrupted
from animate.processes.worker import TaskRaised, WorkerDied, WorkerProcess
from animate.replay.frames import Frame

DrawFrame = Callable[[int], Frame]
MakeDrawer = Callable[[], DrawFrame]
"""Makes, in a process of its own, a function that draws a frame by its number; must be picklable."""


def frames_from_workers(make: MakeDrawer, n_frames: int, n_jobs: int) -> Generator[Frame]:
    """Yield the frames 0 to ``n_frames - 1`` in order, drawn by ``n_jobs`` processes.

    Parameters
    ----------
    make : callable
        Makes, in each process, the function that draws a frame.
    n_frames, n_jobs : int

    Yields
    ------
    ndarray of uint8, shape (height, width, 4)

    Raises
    ------
    AnimateError
        If a worker raised, or ended without an answer.
    """
    with ExitStack() as stack:
        streams: list[Iterator[Frame]] = []
        for first in range(min(n_jobs, n_frames)):
            with uninterrupted():
                worker = WorkerProcess()
                stack.callback(worker.close)
            streams.append(worker.stream(_draw, make, first, n_frames, n_jobs))
        for index in range(n_frames):
            yield _next_frame(streams[index % n_jobs], index)


def _next_frame(stream: Iterator[Frame], index: int) -> Frame:
    try:
        return next(stream)
    except AnimateError:
        raise
    except WorkerDied as error:
        raise EncodeError(f"a process that draws {error}, at frame {index}.") from error
    except TaskRaised as error:
        raise EncodeError(f"drawing failed: {error}") from error
    except Exception as error:
        raise EncodeError(f"drawing failed: {described(error)}") from error


def _draw(make: MakeDrawer, first: int, n_frames: int, step: int, report: Callable[[Frame], object]) -> None:
    """Report every ``step``-th frame."""
    draw = make()
    for index in range(first, n_frames, step):
        report(np.ascontiguousarray(draw(index)))
