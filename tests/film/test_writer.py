"""The registered writer, used as anyone uses it: through `Animation.save`."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import wraps
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.animation import AbstractMovieWriter, Animation, ArtistAnimation, FuncAnimation
from matplotlib.artist import Artist
from matplotlib.backend_bases import CloseEvent
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

import animate.replay.replay
from animate.errors import EncodeError, UsageError
from animate.film.pipeline import QUEUE_FRAMES, EncoderThread, Pipeline
from animate.film.sinks import OutputFile, Sink
from animate.film.writer import AnimateWriter
from animate.replay.replay import FigureRenderer
from tests.replay.counting import overlook_replaced_code

Decode = Callable[..., Any]


def wave(n_frames: int = 8, *, size: tuple[float, float] = (3.2, 2.4), **options: Any) -> FuncAnimation:
    """Return an animation of a line, whose update can be replaced."""
    figure = Figure(figsize=size, dpi=100, **options)
    FigureCanvasAgg(figure)
    ax = figure.subplots()
    x = np.linspace(0, 6, 50)
    (line,) = ax.plot(x, np.sin(x))

    def update(frame: int) -> tuple[Any, ...]:
        line.set_ydata(np.sin(x + frame))
        return (line,)

    return FuncAnimation(figure, update, frames=n_frames, interval=40, cache_frame_data=False)


def figure_of(animation: Animation) -> Figure:
    return animation._fig  # type: ignore[attr-defined]


def before_frame(animation: FuncAnimation, number: int, act: Callable[[], object]) -> None:
    """Let something happen when the animation's function is called for a frame, from the second pass on."""
    func, calls = animation._func, []  # type: ignore[attr-defined]

    def update(frame: int, *arguments: Any) -> Any:
        calls.append(frame)
        if frame == number and len(calls) > 1:  # `save` calls it once more, for the first frame
            act()
        return func(frame, *arguments)

    animation._func = update  # type: ignore[attr-defined]


class Memory(Sink):
    """A sink that keeps frames, and can be slow, fail or be held up."""

    def __init__(self, *, seconds: float = 0, fail_at: int | None = None, gate: threading.Event | None = None) -> None:
        self.frames: list[Any] = []
        self.n_aborted = 0
        self.is_finished = self.is_published = False
        self._seconds, self._fail_at, self._gate = seconds, fail_at, gate

    def write(self, rgba: Any) -> None:
        if self._gate is not None:
            self._gate.wait()
        time.sleep(self._seconds)
        if len(self.frames) == self._fail_at:
            raise OSError(28, "No space left on device")
        self.frames.append(rgba.copy())

    def finish(self) -> None:
        if len(self.frames) == self._fail_at:
            raise OSError(28, "No space left on device")
        self.is_finished = True

    def publish(self, *, keep_old: bool = False) -> OutputFile:
        self.is_published = True
        height, width = self.frames[0].shape[:2]
        return OutputFile(Path("memory"), 1, width, height, len(self.frames), 25, 1)

    def abort(self) -> None:
        self.n_aborted += 1
        if self._gate is not None:
            self._gate.set()


def writing_to(*sinks: Any, **options: Any) -> AnimateWriter:
    """Return a writer whose files are these sinks."""
    writer = AnimateWriter(fps=25, **options)
    writer._open = lambda _paths: Pipeline([EncoderThread(sink) for sink in sinks])  # type: ignore[method-assign]
    return writer


class Stock(AbstractMovieWriter):
    """What matplotlib's own writers draw, kept: they save the figure anew for each frame."""

    def _supports_transparency(self) -> bool:
        return Path(self.outfile).suffix in {".apng", ".avif", ".gif", ".webm", ".webp"}  # as `FFMpegWriter` says

    def setup(self, fig: Figure, outfile: Any, dpi: float | None = None) -> None:
        self.fig, self.outfile, self.dpi = fig, outfile, dpi or fig.dpi
        self.frames: list[Any] = []

    def grab_frame(self, **savefig_kwargs: Any) -> None:
        file = BytesIO()
        self.fig.savefig(file, format="rgba", dpi=self.dpi, **savefig_kwargs)
        width, height = self.frame_size
        self.frames.append(np.frombuffer(file.getvalue(), np.uint8).reshape(height, width, 4))

    def finish(self) -> None:
        pass


def leftovers(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_written_by_name(tmp_path: Path, decode: Decode) -> None:
    path = tmp_path / "x.mp4"
    wave(8).save(path, writer="animate", fps=25)
    assert len(decode(path, 320, 240)) == 8


def test_an_artist_animation_is_written(tmp_path: Path) -> None:
    figure = Figure(figsize=(2, 2))
    FigureCanvasAgg(figure)
    ax = figure.subplots()
    frames = [[ax.imshow(np.eye(3) * i)] for i in range(4)]
    sink = Memory()
    ArtistAnimation(figure, frames).save("x.mp4", writer=writing_to(sink))
    assert len(sink.frames) == 4


def test_html5_video_is_made_by_the_writer() -> None:
    with mpl.rc_context({"animation.writer": "animate"}):
        assert "data:video/mp4;base64," in wave(3).to_html5_video()


@pytest.mark.parametrize("options", [{}, {"layout": "constrained"}, {"facecolor": (0.2, 0.4, 0.8, 0.5)}])
@pytest.mark.parametrize("kwargs", [{}, {"dpi": 73}, {"savefig_kwargs": {"facecolor": "y"}}])
def test_frames_equal_those_of_stock_writers(options: dict[str, Any], kwargs: dict[str, Any]) -> None:
    sink, stock = Memory(), Stock()
    wave(6, size=(4, 2), **options).save("x.gif", writer=writing_to(sink), **kwargs)
    wave(6, size=(4, 2), **options).save("x.gif", writer=stock, **kwargs)
    assert len(sink.frames) == len(stock.frames) == 6
    assert all((ours == theirs).all() for ours, theirs in zip(sink.frames, stock.frames, strict=True))


def test_a_half_transparent_figure_is_composited_on_white() -> None:
    sink = Memory()
    wave(2, facecolor=(0, 0, 1, 0.5)).save("x.mp4", writer=writing_to(sink))
    assert sink.frames[0][0, 0].tolist() == pytest.approx([127.5, 127.5, 255, 255], abs=0.5)


def test_each_frame_is_drawn_exactly_once_after_one_full_draw(monkeypatch: pytest.MonkeyPatch) -> None:
    overlook_replaced_code(monkeypatch)
    update, n_draws = FigureRenderer.update, []
    monkeypatch.setattr(FigureRenderer, "update", lambda picture, **how: (n_draws.append(1), update(picture, **how))[1])
    draw, n_full_draws = FigureCanvasAgg.draw, []

    @wraps(draw)  # a draw from outside matplotlib would be called for every frame
    def count(canvas: Any) -> None:
        n_full_draws.append(1)
        draw(canvas)

    monkeypatch.setattr(FigureCanvasAgg, "draw", count)
    wave(7).save("x.mp4", writer=writing_to(Memory()))
    assert len(n_draws) == 7
    assert len(n_full_draws) == 2  # before the first frame, as stock does, and within the first `savefig`


@pytest.mark.parametrize("layout", [None, "constrained"])
def test_the_canvas_is_left_with_what_stock_writers_leave(layout: str | None) -> None:
    left = []
    for writer in (writing_to(Memory()), Stock()):
        animation = wave(4, size=(4, 2), layout=layout)
        animation.save("x.mp4", writer=writer)
        left.append(np.array(animation._fig.canvas.buffer_rgba()))
    assert (left[0] == left[1]).all()


def test_listeners_to_draws_hear_them_as_with_stock_writers() -> None:
    heard: dict[str, int] = {}
    for name, writer in {"ours": writing_to(Memory()), "stock": Stock()}.items():
        animation, events = wave(4), []
        keep = events.append
        figure_of(animation).canvas.mpl_connect("draw_event", lambda event, keep=keep: keep(event))
        animation.save("x.mp4", writer=writer)
        heard[name] = len(events)
    assert heard["ours"] == heard["stock"] > 0


@pytest.mark.parametrize("fails", [False, True])
def test_the_canvas_draws_again_afterwards(fails: bool) -> None:
    animation = wave(3)
    canvas = figure_of(animation).canvas
    if fails:
        before_frame(animation, 1, lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            animation.save("x.mp4", writer=writing_to(Memory()))
    else:
        animation.save("x.mp4", writer=writing_to(Memory()))
    assert "draw_idle" not in vars(canvas)
    assert "draw" not in vars(figure_of(animation))


def test_a_draw_idle_of_the_users_own_is_put_back() -> None:
    animation = wave(2)
    canvas = figure_of(animation).canvas

    def own() -> None:
        pass

    canvas.draw_idle = own  # type: ignore[method-assign]
    animation.save("x.mp4", writer=writing_to(Memory()))
    assert canvas.draw_idle is own


def test_several_files_come_from_one_pass(tmp_path: Path, decode: Decode) -> None:
    outputs = [tmp_path / "x.gif", tmp_path / "x.mp4"]
    writer = AnimateWriter(fps=25, outputs=outputs)
    wave(5).save(outputs[0], writer=writer)
    assert [written.path for written in writer.written] == outputs
    assert len(decode(outputs[1], 320, 240)) == 5


def test_progress_counts_up_to_all_frames() -> None:
    seen: list[int] = []
    wave(6).save("x.mp4", writer=writing_to(Memory(), progress=seen.append))
    assert seen == sorted(seen)
    assert seen[-1] == 6


def test_an_update_that_raises_keeps_its_error_and_tells_the_frame(tmp_path: Path) -> None:
    animation = wave(50)
    before_frame(animation, 37, lambda: {}["missing"])
    path = tmp_path / "x.mp4"
    path.write_bytes(b"old")
    with pytest.raises(KeyError) as caught:
        animation.save(path, writer="animate")
    assert caught.value.__notes__ == ["raised while frame 37 was made, counted from 0; nothing was written"]
    assert path.read_bytes() == b"old"
    assert leftovers(tmp_path) == ["x.mp4"]


def test_an_interrupt_leaves_no_file_and_no_thread(tmp_path: Path) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    animation = wave(20)
    before_frame(animation, 9, interrupt)
    with pytest.raises(KeyboardInterrupt) as caught:
        animation.save(tmp_path / "x.gif", writer=AnimateWriter(outputs=[tmp_path / "x.gif", tmp_path / "x.mp4"]))
    assert caught.value.__notes__ == ["raised while frame 9 was made, counted from 0; nothing was written"]
    assert leftovers(tmp_path) == []
    assert not [thread for thread in threading.enumerate() if thread.name == "animate-encoder"]


@pytest.mark.skipif(sys.platform == "win32", reason="a thread can be sent a signal on POSIX")
@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_while_the_file_is_finished_waits_for_its_thread() -> None:
    class Slow(Memory):
        def finish(self) -> None:
            signal.pthread_kill(main_thread, signal.SIGINT)
            time.sleep(0.4)
            super().finish()

    main_thread, sink = threading.get_ident(), Slow()
    with pytest.raises(KeyboardInterrupt):
        wave(3).save("x.mp4", writer=writing_to(sink))
    assert (sink.is_finished, sink.is_published, sink.n_aborted > 0) == (True, False, True)


def test_a_figure_closed_early_is_saved_to_the_end_as_by_stock_writers() -> None:
    animation, sink = wave(5), Memory()
    canvas = figure_of(animation).canvas
    before_frame(animation, 2, lambda: CloseEvent("close_event", canvas)._process())
    animation.save("x.mp4", writer=writing_to(sink))
    assert len(sink.frames) == 5


def test_a_size_set_by_the_update_is_set_back_as_by_stock_writers() -> None:
    sink, animation = Memory(), wave(5)
    before_frame(animation, 3, lambda: figure_of(animation).set_size_inches(2, 2))
    animation.save("x.mp4", writer=writing_to(sink))
    assert {frame.shape for frame in sink.frames} == {(240, 320, 4)}


def test_a_size_that_changes_while_drawing_is_a_clear_error() -> None:
    class Resizing(Artist):
        def draw(self, renderer: object) -> None:
            figure_of(animation).set_size_inches(2 + n_frames[-1], 2)

    animation, n_frames = wave(5), [0]
    figure_of(animation).add_artist(Resizing())
    before_frame(animation, 3, lambda: n_frames.append(1))
    with pytest.raises(EncodeError, match="keep their first size, 200x200; frame 3 is 300x200"):
        animation.save("x.mp4", writer=writing_to(Memory()))


def animation_without_frames() -> FuncAnimation:
    animation = wave(1)
    animation._iter_gen = lambda: iter(())  # type: ignore[attr-defined]
    animation._save_count = 0  # type: ignore[attr-defined]
    animation._init_func = tuple  # type: ignore[attr-defined]
    animation._drawn_artists = ()  # type: ignore[attr-defined]
    return animation


def test_no_frames_are_a_clear_error_where_stock_writers_raise(tmp_path: Path) -> None:
    with pytest.raises(EncodeError, match="at least one frame"):
        animation_without_frames().save(tmp_path / "x.gif", writer="animate")
    assert leftovers(tmp_path) == []


def test_a_video_without_frames_is_not_written_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    animation_without_frames().save(tmp_path / "x.mp4", writer="animate")
    assert "no frames: nothing was written" in capsys.readouterr().err
    assert leftovers(tmp_path) == []


def test_an_odd_size_is_drawn_a_pixel_smaller_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    writer = AnimateWriter(fps=25)
    wave(2, size=(3.21, 2.4)).save(tmp_path / "x.mp4", writer=writer)
    assert (writer.written[0].width, writer.written[0].height) == (320, 240)
    assert "drawn at 320x240 instead of 321x240" in capsys.readouterr().err


def test_a_gif_keeps_an_odd_size(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    writer = AnimateWriter(fps=25)
    wave(2, size=(3.21, 2.4)).save(tmp_path / "x.gif", writer=writer)
    assert (writer.written[0].width, writer.written[0].height) == (321, 240)
    assert capsys.readouterr().err == ""


def test_a_size_no_format_holds_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="16384"):
        wave(2, size=(200, 2.4)).save(tmp_path / "x.mp4", writer="animate")
    assert leftovers(tmp_path) == []


def test_an_unknown_extension_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.mp5"):
        wave(2).save(tmp_path / "x.mp5", writer="animate")


def test_what_the_writer_decides_cannot_be_passed() -> None:
    with pytest.raises(TypeError, match="'format'"):
        wave(2).save("x.mp4", writer=writing_to(Memory()), savefig_kwargs={"format": "png"})


def test_an_encoder_that_fails_is_told_promptly() -> None:
    sink, other = Memory(fail_at=2), Memory()
    animation = wave(500)
    with pytest.raises(EncodeError, match="No space left on device"):
        animation.save("x.mp4", writer=writing_to(sink, other))
    assert len(other.frames) < 2 + 3 * QUEUE_FRAMES
    assert sink.n_aborted
    assert other.n_aborted
    assert not other.is_finished


def test_no_file_appears_where_another_cannot_be_finished() -> None:
    sink, other = Memory(), Memory(fail_at=3)
    with pytest.raises(EncodeError, match="No space left on device"):
        wave(3).save("x.mp4", writer=writing_to(sink, other))
    assert sink.is_finished
    assert not sink.is_published
    assert sink.n_aborted


def test_a_slow_encoder_makes_drawing_wait() -> None:
    class Slow(Memory):
        def write(self, rgba: Any) -> None:
            if not self.frames:
                all_wait.wait()
                time.sleep(0.2)  # in which drawing would go on, were it not waiting
                n_drawn_meanwhile.append(animation_drew[-1])
            super().write(rgba)

    all_wait, n_drawn_meanwhile, animation_drew, animation = threading.Event(), [], [], wave(20)
    for frame in range(20):
        before_frame(animation, frame, lambda frame=frame: animation_drew.append(frame))
    before_frame(animation, QUEUE_FRAMES + 1, all_wait.set)
    sink = Slow()
    animation.save("x.mp4", writer=writing_to(sink))
    # one frame is being encoded, some wait in the queue, and the last one drawn waits for a place there
    assert n_drawn_meanwhile == [QUEUE_FRAMES + 1]
    assert len(sink.frames) == 20


def test_an_encoder_that_hangs_does_not_hang_the_failing_animation() -> None:
    animation, sink = wave(20), Memory(gate=threading.Event())
    before_frame(animation, 3, lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        animation.save("x.mp4", writer=writing_to(sink))
    assert sink.n_aborted


def test_frames_that_differ_from_full_draws_are_said_and_mended(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = animate.replay.replay.FigureRenderer
    monkeypatch.setattr(picture, "update", lambda self, of=picture.update, **how: of(self, **how) // 2)
    sink, stock = Memory(), Stock()
    wave(4).save("x.mp4", writer=writing_to(sink, verify=True))
    wave(4).save("x.mp4", writer=stock)
    assert all((ours == theirs).all() for ours, theirs in zip(sink.frames, stock.frames, strict=True))
    assert capsys.readouterr().err.count("drawn in full") == 1


def test_a_tight_bounding_box_by_rcparams_does_not_change_the_size() -> None:
    sink = Memory()
    with mpl.rc_context({"savefig.bbox": "tight"}):
        wave(2).save("x.mp4", writer=writing_to(sink))
    assert sink.frames[0].shape == (240, 320, 4)


@pytest.mark.parametrize(
    "script",
    [
        "import animate, sys; assert 'matplotlib' not in sys.modules and 'numpy' not in sys.modules;"
        "import matplotlib.animation as a; assert 'animate' in a.writers.list()",
        "import matplotlib.animation as a, animate; assert a.writers.is_available('animate')",
        "import animate, importlib, matplotlib.animation as a; importlib.reload(a);"
        "assert 'animate' in a.writers.list()",
        "import matplotlib.animation as a, sys; import animate;"
        "del sys.modules['animate'], sys.modules['animate._hook'];"
        "import animate; assert 'animate' in a.writers.list()",
        "import animate, sys; import matplotlib.animation as a; assert 'animate.film.writer' not in sys.modules;"
        "assert type(a.writers['animate'](fps=5)).__name__ == 'AnimateWriter'",
    ],
)
def test_matplotlib_knows_the_writer(script: str) -> None:
    root = str(Path(animate.__file__).parents[1])
    command = [sys.executable, "-W", "error", "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, cwd=root, check=False)
    assert (done.returncode, done.stderr) == (0, "")
