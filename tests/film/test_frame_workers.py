"""Saving with several processes: the pixels of one, and the user's code acts once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.animation import Animation, ArtistAnimation, FuncAnimation
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

import animate
from animate.errors import EncodeError, UsageError
from animate.film import frame_block, frame_workers, worker_guard
from animate.film.frame_block import Block
from animate.film.frame_workers import FrameWorkers
from animate.film.writer import AnimateWriter

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="one process draws there")

N_FRAMES = 40


class FrameList:
    """Stands in for the encoders: keeps the frames."""

    n_encoded = 0

    def __init__(self) -> None:
        self.frames: list[Any] = []

    def put(self, frame: Any) -> None:
        self.frames.append(frame.copy())

    def close(self) -> list[Any]:
        return []

    def abort(self) -> None:
        pass


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let many blocks fit into a short animation."""
    monkeypatch.setattr(frame_block, "MAX_BLOCK", 4)


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for forks, however busy the machine is."""
    monkeypatch.setattr(frame_workers, "PATIENCE_SECONDS", 60.0)


@pytest.fixture
def slow_trial() -> None:
    """Let this test go on while the first block is not yet judged; see `trial_ends_in_time`."""


@pytest.fixture(autouse=True)
def trial_ends_in_time(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the owner wait for the fork that draws the first block too, or forty quick frames may be over before it."""
    if "slow_trial" in request.fixturenames:
        return
    judge = FrameWorkers._judge_trial

    def wait_and_judge(self: FrameWorkers, trial: Block) -> None:
        end = time.monotonic() + 60
        while trial.n_frames == trial.n_asked and trial.n_ready < trial.n_asked and not trial._worker.has_ended:  # type: ignore[union-attr]
            assert time.monotonic() < end, "the fork that draws the first block hangs"
            time.sleep(0.001)
        judge(self, trial)

    monkeypatch.setattr(FrameWorkers, "_judge_trial", wait_and_judge)


@pytest.fixture(autouse=True)
def no_process_is_left() -> Iterator[None]:
    yield
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def save(animation: Animation, jobs: int | str | None, **options: Any) -> list[Any]:
    """Return the frames that the writer hands to the encoders."""
    writer, kept = AnimateWriter(fps=25, jobs=jobs), FrameList()
    writer._open = lambda _paths: kept  # type: ignore[method-assign,assignment,return-value]
    animation.save("x.mp4", writer=writer, **options)
    return kept.frames


def empty_figure() -> tuple[Figure, Any]:
    figure = Figure(figsize=(1.6, 1.2), dpi=50)
    FigureCanvasAgg(figure)
    return figure, figure.add_subplot(xlim=(0, 10), ylim=(-1, 1))


def animated(figure: Figure, update: Callable[[int], Any], n_frames: int = N_FRAMES, **options: Any) -> FuncAnimation:
    return FuncAnimation(figure, update, frames=n_frames, cache_frame_data=False, **options)


def shades(value: Callable[[int], int], n_frames: int = N_FRAMES) -> FuncAnimation:
    """Return an animation of one rectangle, whose shade of gray is a function of the frame."""
    figure, ax = empty_figure()
    ax.set_position((0, 0, 1, 1))
    ax.set_axis_off()
    patch = ax.axvspan(0, 10, color="w")
    return animated(figure, lambda frame: patch.set_color(str(value(frame) / 255)), n_frames)


def shown(frames: list[Any]) -> list[int]:
    """Return the shade in each frame of `shades`."""
    return [int(frame[30, 40, 0]) for frame in frames]


def moving_line() -> FuncAnimation:
    figure, ax = empty_figure()
    x = np.linspace(0, 10, 50)
    (line,) = ax.plot(x, np.sin(x))
    return animated(figure, lambda frame: line.set_ydata(np.sin(x + frame / 7)))


def axes_cleared() -> FuncAnimation:
    figure, ax = empty_figure()

    def update(frame: int) -> None:
        ax.clear()
        ax.bar(range(5), [(frame * k) % 7 for k in range(1, 6)])
        ax.set_title(f"{frame}")

    return animated(figure, update)


def random_walk() -> FuncAnimation:
    figure, ax = empty_figure()
    rng, walk = np.random.default_rng(1), [0.0]
    (line,) = ax.plot([], [])

    def update(_frame: int) -> None:
        walk.append(walk[-1] + rng.normal() / 20 + np.random.normal() / 20 + random.gauss(0, 0.05))
        line.set_data(np.linspace(0, 10, len(walk)), walk)

    return animated(figure, update)


def autoscaled() -> FuncAnimation:
    figure, ax = empty_figure()
    ax.autoscale()
    (line,) = ax.plot([], [])

    def update(frame: int) -> None:
        line.set_data(range(frame + 1), [k**2 for k in range(frame + 1)])
        ax.relim()
        ax.autoscale_view()

    return animated(figure, update)


def artists() -> ArtistAnimation:
    figure, ax = empty_figure()
    return ArtistAnimation(figure, [ax.plot([0, k], [0, 1], "C0") for k in range(N_FRAMES)])


def from_generator() -> FuncAnimation:
    figure, ax = empty_figure()
    (line,) = ax.plot([], [], "o")

    def points() -> Iterator[tuple[float, float]]:
        for k in range(N_FRAMES - 3):
            yield k / 4, np.sin(k)

    return FuncAnimation(figure, lambda at: line.set_data(*zip(at)), frames=points, save_count=N_FRAMES)


def surface() -> FuncAnimation:
    figure = Figure(figsize=(1.6, 1.2), dpi=50)
    FigureCanvasAgg(figure)
    ax = figure.add_subplot(projection="3d")
    x, y = np.meshgrid(np.linspace(-1, 1, 8), np.linspace(-1, 1, 8))
    ax.plot_surface(x, y, x * y)
    return animated(figure, lambda frame: ax.view_init(azim=frame * 5))


ANIMATIONS = (moving_line, axes_cleared, random_walk, autoscaled, artists, from_generator, surface)


@pytest.mark.parametrize("make", ANIMATIONS, ids=lambda make: make.__name__)
@pytest.mark.parametrize("jobs", [2, 3])
def test_several_processes_draw_the_pixels_of_one(make: Callable[[], Animation], jobs: int) -> None:
    drawn = []
    for n in (1, jobs):
        np.random.seed(3)
        random.seed(3)
        drawn.append(save(make(), n))
    assert len(drawn[0]) == len(drawn[1])
    assert [i for i, pair in enumerate(zip(*drawn, strict=True)) if not np.array_equal(*pair)] == []


def test_forks_draw_some_of_the_frames() -> None:
    class Counted(Artist):
        def draw(self, renderer: Any) -> None:
            drawn[-1] += 1  # in a fork this counts for the fork alone

    drawn = list[int]()
    for jobs in (1, 2):
        drawn.append(0)
        animation = moving_line()
        animation._fig.add_artist(Counted())  # type: ignore[attr-defined]
        assert len(save(animation, jobs)) == N_FRAMES
    assert drawn[1] < drawn[0]


def test_what_the_update_prints_writes_and_counts_happens_once(tmp_path: Path, capfd: Any) -> None:
    log = tmp_path / "log.txt"
    counted: list[int] = []

    def value(frame: int) -> int:
        sys.stdout.write(f"frame {frame}\n")
        counted.append(frame)
        if frame > 12:
            with log.open("a") as file:
                file.write(f"{frame}\n")
        return 3 * frame

    assert shown(save(shades(value), 3)) == [3 * frame for frame in range(N_FRAMES)]
    # `save` draws the first frame twice
    assert capfd.readouterr().out.splitlines() == ["frame 0", *(f"frame {k}" for k in range(N_FRAMES))]
    assert counted == [0, *range(N_FRAMES)]
    assert log.read_text().split() == [str(k) for k in range(13, N_FRAMES)]


def test_a_file_that_was_open_before_is_written_once(tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    with path.open("w") as file:
        save(shades(lambda frame: (file.write(f"{frame}\n"), file.flush(), frame)[2]), 2)
    assert path.read_text().split() == ["0", *map(str, range(N_FRAMES))]


def test_a_progress_callback_is_called_once_a_frame() -> None:
    called: list[int] = []
    save(shades(lambda frame: frame), 2, progress_callback=lambda frame, _total: called.append(frame))
    assert called == list(range(N_FRAMES))


def test_a_process_that_the_update_starts_is_started_once(tmp_path: Path) -> None:
    script = f"open({str(tmp_path / 'log.txt')!r}, 'a').write('x')"

    def value(frame: int) -> int:
        if frame in (17, 18):
            subprocess.run([sys.executable, "-S", "-c", script], check=True)
        return frame

    assert shown(save(shades(value), 2)) == list(range(N_FRAMES))
    assert (tmp_path / "log.txt").read_text() == "xx"


def test_an_update_that_reads_a_clock_is_noticed_and_drawn_by_one_process(capsys: Any) -> None:
    values: list[int] = []

    def value(_frame: int) -> int:
        values.append(time.perf_counter_ns() % 251)
        return values[-1]

    assert shown(save(shades(value), 2)) == values[1:]
    assert capsys.readouterr().err.count("differs between two processes") == 1


def test_an_update_that_differs_later_is_drawn_by_one_process_from_there_on(capsys: Any) -> None:
    def value(frame: int) -> int:
        return frame if frame < 20 else 60 + os.getpid() % 150

    seen = shown(save(shades(value), 3))
    assert seen[:20] == list(range(20))
    assert len(seen) == N_FRAMES
    assert sum(before != after for before, after in pairwise(seen[20:])) <= 1  # from the owner to the fork that goes on
    assert capsys.readouterr().err.count("differs between two processes") == 1


def test_an_error_in_the_update_keeps_its_frame(tmp_path: Path) -> None:
    path = tmp_path / "x.gif"
    with pytest.raises(ZeroDivisionError) as caught:
        shades(lambda frame: frame // (23 - frame)).save(path, writer=animate.writer(fps=25, jobs=2))
    assert "raised while frame 23 was made, counted from 0; nothing was written" in caught.value.__notes__
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("slow_trial")
def test_an_error_while_the_first_fork_is_slow_is_raised_at_once() -> None:
    parent = os.getpid()

    def value(frame: int) -> int:
        if os.getpid() != parent:
            time.sleep(30)
        return frame // (23 - frame)

    begin = time.monotonic()
    with pytest.raises(ZeroDivisionError):
        save(shades(value), 2)
    assert time.monotonic() - begin < 20


def test_an_error_in_a_draw_keeps_its_class_and_its_frame() -> None:
    class Broken(Artist):
        def draw(self, renderer: Any) -> None:
            raise LookupError("no luck")

    animation = shades(lambda frame: ((frame == 23 and figure.add_artist(Broken())) and 1) or frame)
    figure = animation._fig  # type: ignore[attr-defined]
    with pytest.raises(LookupError, match="no luck") as caught:
        save(animation, 2)
    assert any("while frame 23 was made" in note for note in caught.value.__notes__)


def test_an_interrupt_leaves_no_file_and_no_process(tmp_path: Path) -> None:
    parent = os.getpid()

    def value(frame: int) -> int:
        if frame == 21 and os.getpid() == parent:
            signal.raise_signal(signal.SIGINT)
        return frame

    with pytest.raises(KeyboardInterrupt):
        shades(value).save(tmp_path / "x.gif", writer=animate.writer(fps=25, jobs=3))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("slow_trial")
def test_a_fork_that_hangs_at_once_costs_nothing_but_time(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setattr(frame_workers, "PATIENCE_SECONDS", 0.05)
    parent = os.getpid()

    def value(frame: int) -> int:
        time.sleep(0.01 if os.getpid() == parent else 1000)
        return frame

    assert shown(save(shades(value), 2)) == list(range(N_FRAMES))
    assert "one process draws all frames: a fork of it hangs" in capsys.readouterr().err


def dying_in_forks(first: int) -> FuncAnimation:
    parent = os.getpid()

    def value(frame: int) -> int:
        if os.getpid() != parent and frame >= first:
            os._exit(3)
        return frame

    return shades(value)


def test_a_fork_that_dies_at_once_is_done_without(capsys: Any) -> None:
    assert shown(save(dying_in_forks(4), 2)) == list(range(N_FRAMES))
    assert capsys.readouterr().err.count("one process draws all frames: a process that draws failed at frame 4") == 1


def test_a_fork_that_dies_later_is_a_clear_error() -> None:
    with pytest.raises(EncodeError, match=r"a process that draws failed at frame [23]\d: it ended without a message"):
        save(dying_in_forks(20), 2)


def test_forks_end_when_their_owner_is_killed() -> None:
    script = f"""
import os, sys
sys.path[:0] = {sys.path!r}
from tests.film.test_frame_workers import save, shades
parent = os.getpid()
save(shades(lambda frame: os.kill(parent, 9) if frame == 30 and os.getpid() == parent else frame), 3)
"""
    read, write = os.pipe()
    command = [sys.executable, "-c", script]
    # the forks inherit the pipe for reading, so it stays open while one of them lives
    process = subprocess.Popen(command, stdin=read, cwd=Path(__file__).parents[2])
    os.close(read)
    assert process.wait(120) == -signal.SIGKILL
    for _ in range(100):
        try:
            os.write(write, b"x")
        except BrokenPipeError:
            break
        time.sleep(0.1)
    else:
        pytest.fail("a fork lives on")
    os.close(write)


@pytest.mark.parametrize("cause", ["system", "layout", "listener"])
def test_one_line_says_why_one_process_draws(cause: str, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    animation = shades(lambda frame: frame)
    figure = animation._fig  # type: ignore[attr-defined]
    if cause == "system":
        monkeypatch.setattr(frame_workers, "no_fork_reason", lambda: "forks are safe on Linux only")
    elif cause == "layout":
        figure.set_layout_engine("constrained")
    else:
        figure.canvas.mpl_connect("draw_event", print)
    assert len(save(animation, 2)) == N_FRAMES
    assert capsys.readouterr().err.count("one process draws all frames: ") == 1


def test_auto_forks_where_a_frame_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow(Artist):
        def draw(self, renderer: Any) -> None:
            drawn[-1] += 1  # in a fork this counts for the fork alone
            time.sleep(0.02)

    monkeypatch.setattr(worker_guard, "n_processors", lambda: 3)
    drawn = list[int]()
    for jobs in (1, "auto"):
        drawn.append(0)
        animation = shades(lambda frame: frame)
        animation._fig.add_artist(Slow())  # type: ignore[attr-defined]
        assert shown(save(animation, jobs)) == list(range(N_FRAMES))
    assert drawn[1] < drawn[0]


def test_auto_draws_cheap_frames_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_guard, "n_processors", lambda: 3)
    monkeypatch.setattr(worker_guard, "CHEAP_SECONDS", 10.0)
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("forked"))
    assert shown(save(shades(lambda frame: frame), "auto")) == list(range(N_FRAMES))


def test_the_environment_sets_the_number_of_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANIMATE_JOBS", "3")
    assert worker_guard.n_jobs(None) == (3, False)
    monkeypatch.setenv("ANIMATE_JOBS", "auto")
    assert worker_guard.n_jobs(None)[1]
    monkeypatch.delenv("ANIMATE_JOBS")
    assert worker_guard.n_jobs(None) == (1, False)


@pytest.mark.parametrize("jobs", [0, -1, "many", 2.5, True])
def test_other_numbers_of_processes_are_refused(jobs: Any) -> None:
    with pytest.raises(UsageError, match='jobs must be a number of processes, 1 or more, or "auto"; got'):
        AnimateWriter(jobs=jobs)
