"""Frames of one animation, drawn by this process and by forks of it, and put into the encoders in their order.

This process calls the user's update for every frame and draws as many frames as it can. Forks draw others: each is made
when a block of frames begins, with the figure in the right state, and goes on from there through the same loop in
`Animation.save`, for this block only. What proves that the frames are those that one process would draw:

1. The first block is drawn twice, by a fork and here. If a frame differs, or the fork fails or hangs, this process
   draws all frames, and nothing is lost.
2. After that each fork also draws the first frame of the next block. If it differs from that frame as the next process
   draws it, an update reads a clock, the network or the like, or a draw depends on those before it. The fork then draws
   all later frames, alone: all frames up to there are its own or come from processes that agreed with it.
3. If the user's code writes a file, starts a process or sends data while a frame is made, a fork would do so again. An
   audit hook notices that before it happens. From then on a fork is made for each frame and only draws it.

One line on stderr says which of these happened.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING

import numpy as np

from animate.film.frame_block import Block, block_size, n_places
from animate.film.side_effects import watching
from animate.film.worker_guard import WorkerGuard, no_fork_reason
from animate.interrupts import check_interrupt
from animate.replay.frames import Frame
from animate.replay.full_draw import FullDraw
from animate.replay.user_messages import is_logging

if TYPE_CHECKING:
    from animate.film.forked_worker import WorkerRole

TRIAL_FRAMES = 4
"""Frames of the first block, which is drawn twice."""

N_WARM = 2
"""Frames drawn here first, from which replay knows what changes."""

PATIENCE = 3
"""The first block has failed if this process draws so many times its frames, and `PATIENCE_SECONDS` pass, meanwhile."""

PATIENCE_SECONDS = 3.0


class FrameWorkers:
    """Draws the frames of a figure in several processes.

    Parameters
    ----------
    source : FullDraw
        Draws the figure.
    put : callable
        Takes a frame, in order; the frame may be drawn over afterwards.
    n_jobs : int
        The most processes that draw at a time.
    is_auto : bool
        Whether forks are made only where they pay.
    report : callable
        Called with one line of text that the user should see.
    """

    def __init__(
        self,
        source: FullDraw,
        put: Callable[[Frame], object],
        *,
        n_jobs: int,
        is_auto: bool,
        report: Callable[[str], object],
    ) -> None:
        self._source, self._put, self._report = source, put, report
        self._n_jobs, self._is_auto = n_jobs, is_auto
        self._guard = WorkerGuard()
        self._role: WorkerRole | None = None
        self._grab = self._grab_alone if n_jobs == 1 else self._grab_first
        self._n_grabbed = 0
        self._size = 0
        self._has_acted = False
        self._blocks: list[Block] = []
        self._free: list[Frame] = []
        self._trial: Block | None = None
        self._trial_end = 0.0
        self._is_watching = True
        self._is_up_to_date = True
        self._watch = ExitStack()

    @property
    def is_worker(self) -> bool:
        """Return whether this process is a fork, so that it must not act on the world."""
        return self._role is not None

    def grab(self) -> None:
        """Draw the figure as it is now, or leave that to a fork; put the frames that are ready."""
        self._is_watching = False  # what this package does is not the user's act
        if self._role is None:
            self._grab()
            self._n_grabbed += 1
        if self._role is not None:
            self._role.add(self._source.frame_view)
        elif self._grab == self._grab_parallel:
            self._put_ready()
        if self._is_auto and self._trial is None:
            self._guard.note_frame(self._n_grabbed, time.perf_counter(), self._size)
        self._is_watching = True

    def _draw(self) -> Frame:
        begin = time.perf_counter()
        frame = self._source.frame_view()
        self._guard.note_draw(time.perf_counter() - begin)
        self._is_up_to_date = True
        return frame

    def _grab_alone(self) -> None:
        self._put(self._draw())

    def _grab_first(self) -> None:
        """Draw a frame before the first fork."""
        frame = self._draw()
        if self._n_grabbed == 0:
            self._watch.enter_context(watching(self._note_act))
            self._shape = frame.shape
            self._size = block_size(self._shape)
        self._put(frame)
        if self._n_grabbed == N_WARM and self._is_auto:
            self._guard.start(N_WARM, time.perf_counter())
        if self._n_grabbed >= N_WARM and (self._guard.may_fork or not self._is_auto):
            self._begin_trial()

    def _begin_trial(self) -> None:
        reason = no_fork_reason() or self._source.indivisible_reason()
        if reason:
            self._draw_alone(f"one process draws all frames: {reason}")
        else:
            self._grab = self._grab_trial

    def _draw_alone(self, reason: str) -> None:
        if not self._is_auto or is_logging():
            self._report(reason)
        self._close_workers()
        self._watch.close()
        self._grab = self._grab_alone

    def _note_act(self) -> None:
        """Handle that the user's code is about to act on the world outside."""
        if not self._is_watching:
            return
        if self._role is not None:
            self._role.stop()
        self._has_acted = True

    def _fork(self, n_frames: int) -> Block | None:
        """Fork a worker that begins with this frame; return its block, or None in the fork itself."""
        from animate.film.forked_worker import ForkedWorker, fork_worker, shared_frames, signals_blocked

        frames = self._free.pop() if self._free else shared_frames(n_places(self._shape), self._shape)
        with signals_blocked():
            worker = fork_worker(frames, n_frames)
            if not isinstance(worker, ForkedWorker):
                self._role = worker
                return None
            block = Block(self._n_grabbed, frames, worker)
            self._blocks.append(block)
        if is_logging():
            self._report(f"frame {block.start}: another process draws up to {n_frames} frames from here on")
        return block

    # the first block, drawn twice

    def _grab_trial(self) -> None:
        if self._has_acted and self._size > 1:
            self._close_workers()
            self._size = 1
        if self._trial is None:
            try:
                self._trial = self._fork(min(self._size, TRIAL_FRAMES))
            except OSError as error:
                self._draw_alone(f"one process draws all frames: it cannot fork ({error.strerror})")
                return self._grab()
            if self._trial is None:
                return None  # in the fork
            self._copies = np.empty((self._trial.n_asked, *self._shape), np.uint8)
        trial, frame = self._trial, self._draw()
        if trial.n_frames < len(self._copies):
            self._copies[trial.n_frames] = frame
        trial.n_frames += 1
        self._put(frame)
        self._judge_trial(trial)
        return None

    def _judge_trial(self, trial: Block) -> None:
        n_frames = len(self._copies)
        n_ready = trial.n_ready
        if n_ready == n_frames <= trial.n_frames:
            differing = [i for i in range(n_frames) if not np.array_equal(self._copies[i], trial.frame(i))]
            if differing:
                self._draw_alone(_differs(trial.start + differing[0]) + "this process draws all frames")
                return
            self._close_workers()
            self._guard.settle(self._n_grabbed, self._size)
            self._grab = self._grab_parallel
        elif trial.has_failed and n_ready < n_frames <= trial.n_frames:
            self._draw_alone(f"one process draws all frames: {trial.error()}")
        elif trial.n_frames == n_frames:
            self._trial_end = time.monotonic()
        elif trial.n_frames > PATIENCE * n_frames and time.monotonic() > self._trial_end + PATIENCE_SECONDS:
            self._draw_alone("one process draws all frames: a fork of it hangs")

    # blocks of several processes

    def _grab_parallel(self) -> None:
        if self._has_acted and self._size > 1:
            self._end_block_at_act()
        last = self._blocks[-1] if self._blocks else None
        if last is not None and last.is_open:
            self._skip(last)
        else:
            self._begin_block()

    def _end_block_at_act(self) -> None:
        """Give no more frames to forks that would have to call the user's code."""
        self._size = 1
        for block in self._blocks[-1:]:
            block.is_open, block.is_checked = False, True

    def _skip(self, block: Block) -> None:
        self._source.skip()
        self._is_up_to_date = False
        block.n_frames += 1
        block.is_open = block.n_frames < block.n_asked - 1

    def _begin_block(self) -> None:
        """Let a fork or this process draw this frame."""
        while self._grab == self._grab_parallel:
            if self._may_fork():
                try:
                    block = self._fork(1 if self._size == 1 else self._size + 1)
                except OSError:  # no memory or no process is left for now
                    self._n_jobs = 1
                    continue
                if block is not None:
                    self._skip(block)
                return
            if not self._blocks:
                self._put(self._draw())
                return
            own = self._own_block()
            if own is not None:
                np.copyto(own.frame(own.n_frames), self._draw())
                own.n_frames += 1
                return
            self._wait_for_block()
        self._grab()  # what was waited for may have changed who draws

    def _may_fork(self) -> bool:
        if not self._guard.may_fork or self._source.indivisible_reason():
            return False
        n_drawing = sum(block.is_drawing for block in self._blocks)
        return n_drawing < self._n_jobs - 1 and len(self._blocks) < self._n_jobs + 2

    def _own_block(self) -> Block | None:
        """Return the block in which this process draws the next frame; None if there is no room."""
        from animate.film.forked_worker import shared_frames

        last = self._blocks[-1]
        if last.is_own and last.n_frames < len(last.frames):
            return last
        if len(self._blocks) >= self._n_jobs + 2:
            return None
        frames = self._free.pop() if self._free else shared_frames(n_places(self._shape), self._shape)
        self._blocks.append(Block(self._n_grabbed, frames, None))
        return self._blocks[-1]

    def _put_ready(self) -> None:
        """Put the frames that are ready, in order, without waiting."""
        while self._blocks and self._grab == self._grab_parallel and self._put_one():
            pass

    def _wait_for_block(self) -> None:
        """Put frames until the first block is done."""
        first = self._blocks[0]
        while self._blocks and self._blocks[0] is first and self._grab == self._grab_parallel:
            if not self._put_one():
                check_interrupt()
                first.wait(first.n_put + 1, self._guard.usual_seconds)
                if first.n_put == first.n_frames:  # the next block has the frame to compare with
                    self._blocks[1].wait(1, self._guard.usual_seconds)

    def _put_one(self) -> bool:
        """Put one frame of the first block, or end the block; return whether there was anything to do."""
        block = self._blocks[0]
        if block.n_put < block.n_ready:
            self._put(block.frame(block.n_put))
            block.n_put += 1
            return True
        if block.n_put < block.n_frames or block.is_open:
            return False
        if block.is_checked:
            self._end_first()
            return True
        if block.last is not None:
            if not np.array_equal(block.last, block.frame(block.n_frames - 1)):
                self._report(_differs(block.start + block.n_frames - 1) + "the last frames are those of a fork")
            self._end_first()
            return True
        if len(self._blocks) == 1 or not self._blocks[1].n_ready or not block.has_check_frame:
            return False
        if np.array_equal(block.frame(block.n_frames), self._blocks[1].frame(0)):
            self._end_first()
        else:
            self._leave_to(block)
        return True

    def _end_first(self) -> None:
        block = self._blocks.pop(0)
        block.close()
        self._free.append(block.frames)

    # one fork that draws all later frames

    def _leave_to(self, block: Block) -> None:
        """Let the fork that drew a block go on alone."""
        n_next = block.start + block.n_frames
        self._report(_differs(n_next) + "one process draws it and all that follow")
        for other in self._blocks[1:]:
            other.close()
        del self._blocks[1:]
        block.let_go_on(block.n_put)
        block.is_open = True
        block.n_frames = self._n_grabbed - block.start
        self._grab = self._grab_forwarded

    def _grab_forwarded(self) -> None:
        self._source.skip()
        self._is_up_to_date = False
        self._blocks[0].n_frames += 1
        self._forward(most_waiting=len(self._blocks[0].frames))

    def _forward(self, most_waiting: int) -> None:
        (block,) = self._blocks
        while True:
            if block.n_put < block.n_ready:
                self._put(block.frame(block.n_put))
                block.n_put += 1
                block.let_go_on(1)
            elif block.n_frames - block.n_put > most_waiting:
                block.wait(block.n_put + 1, self._guard.usual_seconds)
            else:
                return

    def earlier_error(self) -> BaseException | None:
        """Return the error that a fork raised for a frame before the one that this process is at, if there was one."""
        if self._role is None and self._trial is None:  # during the trial this process has drawn all frames itself
            for block in self._blocks:
                try:
                    block.wait(block.n_frames, self._guard.usual_seconds)
                except Exception as error:  # noqa: BLE001 - the caller raises it
                    return error
        return None

    def finish(self) -> None:
        """Put all frames that are left."""
        if self._role is not None:
            self._role.end()
        if self._trial is not None:
            self._close_workers()
        if not self._is_up_to_date:
            last = self._draw()  # the canvas shows the last frame afterwards
            if self._grab == self._grab_parallel and self._blocks and not self._blocks[-1].is_own:
                self._blocks[-1].last = last.copy()
                self._blocks[-1].is_open = False
        while self._blocks and self._grab == self._grab_parallel:
            self._wait_for_block()
        if self._blocks:
            self._forward(most_waiting=0)
        self.abort()

    def abort(self, error: BaseException | None = None) -> None:
        """End all forks; in a fork, end this process."""
        if self._role is not None:
            self._role.end(error)
        self._watch.close()
        self._close_workers()

    def _close_workers(self) -> None:
        for block in self._blocks:
            block.close()
            self._free.append(block.frames)
        self._blocks, self._trial = [], None


def _differs(frame: int) -> str:
    return (
        f"frame {frame} differs between two processes, since the update reads a clock or the like, or a draw depends "
        "on earlier ones: "
    )
