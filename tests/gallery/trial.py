"""One figure animated twice from the same state: by matplotlib's own writer and by ours, frame by frame.

Each variant runs in a process forked from the one that made the figure, so both begin from the very same objects.
"""

from __future__ import annotations

import io
import os
import pickle
import random
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stderr
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.animation import Animation, FFMpegWriter

from animate.film.writer import AnimateWriter
from animate.replay.replay import Replay  # loaded before any time is measured, as matplotlib is

VARIANTS = ("one draw", "stock", "animate")
N_TIMES = 2
"""How often each variant is timed; the shortest time counts."""

MakeAnimation = Callable[[], tuple[Animation, list[str]]]
"""Makes the animation and returns it with the log that its updates write: what they did, and what they read."""

NOTICED = "differs from a full draw"
"""What the library says where it found by itself that a frame was off."""
FAULTS = ("raises", "differs", "noticed", "reads differently", "misses an error", "crashes", "hangs")


@dataclass
class Outcome:
    """What one variant gave."""

    frames: list[np.ndarray] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    error: str = ""
    trace: str = ""
    stderr: str = ""
    reasons: dict[str, int] = field(default_factory=dict)
    """How many frames were replayed, and how many drawn in full for which reason."""
    seconds: float = 0.0
    """Of the processor, for `Animation.save` alone."""


@dataclass
class Result:
    """How a pair of variants compares."""

    name: str
    figure: str
    seed: int
    status: str
    frames: int = 0
    pixels: dict[int, int] = field(default_factory=dict)
    error: str = ""
    trace: str = ""
    log: list[str] = field(default_factory=list)
    stderr: str = ""
    reasons: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def is_fault(self) -> bool:
        """Return whether the library is to blame."""
        return self.status in FAULTS

    def share(self, variant: str) -> float | None:
        """Return our time as a share of another variant's."""
        if {"animate", variant} <= set(self.seconds):
            return self.seconds["animate"] / self.seconds[variant]
        return None

    def as_dict(self) -> dict[str, Any]:
        """Return it as what JSON can hold."""
        return asdict(self)


class Pipe(io.BytesIO):
    """Stands in for ffmpeg and its input: keeps the bytes of each frame."""

    def __init__(self, size: Callable[[], tuple[int, int]]) -> None:
        super().__init__()
        self.size, self.frames = size, []
        self.stdin = self

    def write(self, data: Any) -> int:
        """Keep a frame: `savefig` writes each in one call."""
        pixels = np.frombuffer(bytes(data), np.uint8)
        width, height = self.size()
        self.frames.append(pixels.reshape(height, width, 4) if pixels.size == width * height * 4 else pixels)
        return len(pixels)


class StockWriter(FFMpegWriter):
    """matplotlib's own writer to the letter, with a list in the place of ffmpeg."""

    def _run(self) -> None:
        self._proc = Pipe(lambda: self.frame_size)

    def finish(self) -> None:
        """Do nothing: there is no ffmpeg to wait for."""

    @property
    def kept(self) -> list[np.ndarray]:
        """Return the frames."""
        return self._proc.frames if hasattr(self, "_proc") else []


class FrameList:
    """Stands in for the encoders: keeps a copy of each frame."""

    n_encoded = 0

    def __init__(self) -> None:
        self.frames: list[np.ndarray] = []

    def put(self, frame: np.ndarray) -> None:
        """Keep a frame; ours may be drawn over."""
        self.frames.append(frame.copy())

    def close(self) -> list[Any]:
        """Return that nothing was written."""
        return []

    def abort(self) -> None:
        """Do nothing."""


class OurWriter(AnimateWriter):
    """The library's writer to the letter, with a list in the place of the encoders.

    Parameters
    ----------
    forced : bool
        Replay wherever it can be, also where a full draw would be sooner, and compare nothing meanwhile: a fault that
        the writer would notice by itself is to be seen.
    """

    def __init__(self, *, forced: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.forced, self.reasons = forced, Counter[str]()
        self.sink = FrameList()

    def setup(self, *arguments: Any, **options: Any) -> None:
        """Set the source of the frames to what is to be tried."""
        super().setup(*arguments, **options)
        if self.forced and isinstance(self._source, Replay):
            self._source._needs_check = lambda: False
            self._source._cost.prefers_full = lambda: False
            self._source._is_full_draw_wise = lambda: False

    def grab_frame(self, **savefig_kwargs: Any) -> None:
        """Grab a frame and note whether it was replayed."""
        super().grab_frame(**savefig_kwargs)
        self.reasons[self._source._full_reason or "replayed"] += 1

    def _open(self, paths: Any) -> Any:
        return self.sink

    @property
    def kept(self) -> list[np.ndarray]:
        """Return the frames."""
        return self.sink.frames


def run_variant(variant: str, make: MakeAnimation, seed: int, save_options: dict[str, Any]) -> Outcome:
    """Return what a variant gives.

    "stock" is matplotlib's own writer, "one draw" the same without the draw that it throws away, "animate" the
    library's, and "forced" the library's with replay wherever it can be.
    """
    np.random.seed(seed)
    random.seed(seed)
    outcome, stderr = Outcome(), io.StringIO()
    is_ours = variant in ("animate", "forced")
    writer = OurWriter(fps=5, forced=variant == "forced") if is_ours else StockWriter(fps=5)
    with redirect_stderr(stderr):
        begun = time.process_time()  # of this process alone, so that others that run meanwhile count little
        try:
            animation, outcome.log = make()
            begun = time.process_time()
            if variant == "one draw":
                animation._fig.canvas.draw_idle = lambda *_: None
            animation.save("film.mp4", writer=writer, **save_options)
        except Exception as error:  # noqa: BLE001 (whatever it is, it is the result)
            outcome.error = f"{type(error).__name__}: {error}"
            outcome.trace = "".join(traceback.format_exception(error))[-3000:]
        outcome.seconds = time.process_time() - begun
    outcome.frames, outcome.stderr = writer.kept, stderr.getvalue()[-2000:]
    if isinstance(writer, OurWriter):
        outcome.reasons = dict(writer.reasons)
    return outcome


def forked(work: Callable[[], Outcome], *, limit: float) -> Outcome | None:
    """Return what *work* gives in a fork of this process; None if it takes longer than *limit* seconds."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "outcome"
        child = os.fork()
        if not child:
            status = 1
            try:
                path.write_bytes(pickle.dumps(work(), protocol=5))
                status = 0
            except BaseException:  # noqa: BLE001 (nothing of the parent may run on in this process)
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(status)
        if (status := _wait(child, limit)) is None:
            return None
        if status:
            return Outcome(error=f"the process ended with {status}")
        return pickle.loads(path.read_bytes())


def _wait(child: int, limit: float) -> int | None:
    end, pause = time.monotonic() + limit, 0.001
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(pause)
        pause = min(pause * 1.5, 0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def compare(
    name: str,
    figure: str,
    make: MakeAnimation,
    *,
    seed: int,
    save_options: dict[str, Any] | None = None,
    limit: float = 30.0,
    with_speed: bool = False,
) -> Result:
    """Return how the frames of the library compare with those of matplotlib's own writer.

    Replay is forced where the seed is even and no time is measured.
    """

    def run(variant: str, limit: float = limit) -> Outcome | None:
        return forked(lambda: run_variant(variant, make, seed, dict(save_options or {})), limit=limit)

    result = Result(name, figure, seed, "same")
    stock = run("stock")
    if stock is None:
        result.status = "stock takes too long"
        return result
    variant = "animate" if with_speed or seed % 2 else "forced"
    ours = run(variant, max(10 * stock.seconds, limit))
    result.frames, result.seconds["stock"] = len(stock.frames), stock.seconds
    if ours is None:
        result.status = "hangs"
        return result
    result.seconds["animate"] = ours.seconds
    _judge(result, stock, ours)
    if result.is_fault and _is_random(stock, run("stock")):
        result.status = "nondeterministic"
    if with_speed:
        _time(result, run)
    return result


def _time(result: Result, run: Callable[[str], Outcome | None]) -> None:
    """Keep the shortest time of each variant out of its runs."""
    for turn in range(N_TIMES):
        for variant in VARIANTS if turn else VARIANTS[:1]:
            if (outcome := run(variant)) is not None:
                result.seconds[variant] = min(outcome.seconds, result.seconds.get(variant, outcome.seconds))


def _judge(result: Result, stock: Outcome, ours: Outcome) -> None:
    result.stderr, result.reasons = ours.stderr, ours.reasons
    for number, (want, got) in enumerate(zip(stock.frames, ours.frames, strict=False)):
        if (different := count_different(want, got)) != 0:
            result.pixels[number] = different
    if ours.error.startswith("the process ended"):
        result.status, result.error = "crashes", ours.error
    elif ours.error and not stock.error:
        result.status, result.error, result.trace = "raises", ours.error, ours.trace
    elif result.pixels:
        result.status = "differs"
    elif NOTICED in ours.stderr:
        result.status, result.error = "noticed", ours.stderr.strip()
    elif stock.error and not ours.error:
        result.status, result.error, result.trace = "misses an error", stock.error, stock.trace
    elif ours.log != stock.log:
        result.status = "reads differently"
        first = next(
            i for i, pair in enumerate(zip([*ours.log, ""], [*stock.log, ""], strict=False)) if pair[0] != pair[1]
        )
        result.error = f"ours {(*ours.log, '')[first]!r}, stock {(*stock.log, '')[first]!r}"
    elif stock.error:
        result.status, result.error = "stock fails too", stock.error
    if result.status != "same":
        result.log = ours.log if len(ours.log) >= len(stock.log) else stock.log


def count_different(want: np.ndarray, got: np.ndarray) -> int:
    """Return how many pixels differ; all of them if the sizes do."""
    if want.shape != got.shape:
        return -1
    return 0 if want is got or np.array_equal(want, got) else int((want != got).any(axis=-1).sum())


def _is_random(first: Outcome, second: Outcome | None) -> bool:
    if second is None or len(first.frames) != len(second.frames) or first.log != second.log:
        return True
    return any(count_different(a, b) for a, b in zip(first.frames, second.frames, strict=True))
