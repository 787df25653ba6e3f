"""Our writer beside matplotlib's own, saving the same animations one after the other in one run.

Both use the same ffmpeg with the same settings; only the time inside `Animation.save` counts.
"""

from __future__ import annotations

import json
import logging
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import imageio_ffmpeg
import matplotlib as mpl
import numpy as np
from matplotlib.animation import AbstractMovieWriter, Animation, FFMpegWriter, FuncAnimation, PillowWriter
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

import animate
from animate.draw.settings import resolve
from animate.film.encoders import EncodeOptions, open_sink
from animate.film.ffmpeg import FFmpeg
from animate.film.ffmpeg_arguments import FROM_RGB, X264_FOR_PLOTS
from animate.film.writer import AnimateWriter
from animate.replay.full_draw import FullDraw
from animate.replay.replay import Replay
from tests.benchmarks.gallery import GALLERY, Make

FPS = 25
FLAGSHIP = "linear_sgd_vs_batch"
SURFACE = "linear_loss_surface"

Row = dict[str, Any]
RATIOS = ("times_faster", "than_one_draw", "times_less_cpu", "than_one_draw_cpu")


def h264(fps: float, options: EncodeOptions) -> list[str]:
    """Return the arguments that `animate` gives ffmpeg for an MP4."""
    crf = 23 if options.crf is None else options.crf
    threads = ["-threads", str(options.threads)]
    keyframes = ["-g", str(max(1, round(5 * fps)))]
    return ["-c:v", "libx264", *threads, *keyframes, "-crf", str(crf), *X264_FOR_PLOTS, "-movflags", "+faststart"]


def rows(quick: bool = False) -> Iterator[Row]:
    """Give a row for each comparison as soon as it is made; `quick` takes fewer frames, scenes and repeats."""
    n_frames, repeats = (40, 1) if quick else (250, 5)
    mpl.rcParams["animation.ffmpeg_path"] = imageio_ffmpeg.get_ffmpeg_exe()
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    flagship = scene(FLAGSHIP)
    yield {"what": "MP4, flagship", **against_stock(flagship, n_frames, repeats, stock_mp4, ".mp4")}
    yield {"what": "GIF, flagship", **against_stock(flagship, n_frames, repeats, stock_gif, ".gif")}
    yield {"what": "MP4, whole command from cold", **cold(repeats)}
    yield {"what": "MP4, against the encoder alone", **against_encoder(flagship, n_frames, repeats)}
    yield {"what": "MP4, still 3D surface", **against_stock(scene(SURFACE), n_frames, repeats, stock_mp4, ".mp4")}
    if not quick:
        yield from over("scenes", {name: scene(name) for name in sorted(scene_names())}, n_frames, 1)
    some = dict(list(GALLERY.items())[::3]) if quick else GALLERY
    yield from over("gallery", some, n_frames, 1 if quick else 3)
    yield {"what": "time per frame, path of many points", **growing(2000 if quick else 10_000)}
    for suffix in (".mp4", ".gif"):
        yield {"what": f"peak memory, {suffix[1:].upper()}", **memory(suffix, 400 if quick else 10_000)}


def scene_names() -> list[str]:
    """Return the names of the scenes that ship."""
    return [path.stem for path in (Path(animate.__file__).parents[1] / "scenes").glob("[a-z]*.py")]


def scene(name: str) -> Make:
    """Return what makes an animation of a scene at 1280x720, with any number of frames."""

    def make(n_frames: int) -> Animation:
        built = animate.load(name).build()
        stage = built.stage(resolve(size=(1280, 720)))
        times = np.linspace(0, built.timeline.duration, n_frames, endpoint=False)
        return FuncAnimation(
            stage.figure, lambda frame: stage.show(float(times[frame])), frames=n_frames, cache_frame_data=False
        )

    return make


def stock_mp4() -> AbstractMovieWriter:
    """Return matplotlib's ffmpeg writer with our settings."""
    arguments = ["-vf", FROM_RGB, *h264(FPS, EncodeOptions())]
    return FFMpegWriter(fps=FPS, codec="libx264", extra_args=["-threads", str(EncodeOptions().threads), *arguments])


def stock_gif() -> AbstractMovieWriter:
    """Return matplotlib's Pillow writer."""
    return PillowWriter(fps=FPS)


class Cost(NamedTuple):
    """What saving an animation takes."""

    seconds: float
    cpu: float
    """Seconds of processor time, of this process and of ffmpeg; other work on the machine changes them little."""

    def beside(self, theirs: Cost) -> Row:
        """Return how much less it is than another."""
        return {
            "times_faster": round(theirs.seconds / self.seconds, 2),
            "times_less_cpu": round(theirs.cpu / self.cpu, 2),
        }


def cost_of(work: Callable[[], object]) -> Cost:
    """Return what a piece of work takes."""
    began, cpu = time.perf_counter(), sum(os.times()[:4])
    work()
    return Cost(time.perf_counter() - began, sum(os.times()[:4]) - cpu)


def save(
    make: Make, n_frames: int, writer: AbstractMovieWriter, suffix: str, *, is_drawn_once: bool = False
) -> tuple[Cost, int]:
    """Return the cost of `save`, and the bytes written.

    Drawn once, a frame is not drawn by `draw_idle` before it is drawn for the file: an expert's own loop.
    """
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = Path(folder) / f"x{suffix}"
        animation = make(n_frames)
        if is_drawn_once:
            animation._fig.canvas.draw_idle = lambda *_arguments: None
        cost = cost_of(lambda: animation.save(str(path), writer=writer))
        return cost, path.stat().st_size


def against_stock(
    make: Make, n_frames: int, repeats: int, stock: Callable[[], AbstractMovieWriter], suffix: str
) -> Row:
    """Return how much sooner ours is done than stock, and than stock with one draw a frame: medians over turns."""
    turns = [
        (
            save(make, n_frames, AnimateWriter(fps=FPS), suffix),
            save(make, n_frames, stock(), suffix),
            save(make, n_frames, stock(), suffix, is_drawn_once=True),
        )
        for _ in range(repeats)
    ]

    def median(ratio: Callable[[Cost, Cost, Cost], float]) -> float:
        return round(statistics.median(ratio(*(cost for cost, _ in turn)) for turn in turns), 2)

    return {
        "times_faster": median(lambda ours, stock, _once: stock.seconds / ours.seconds),
        "than_one_draw": median(lambda ours, _stock, once: once.seconds / ours.seconds),
        "times_less_cpu": median(lambda ours, stock, _once: stock.cpu / ours.cpu),
        "than_one_draw_cpu": median(lambda ours, _stock, once: once.cpu / ours.cpu),
        "our_ms_per_frame": median(lambda ours, _stock, _once: 1000 * ours.seconds / n_frames),
        "their_ms_per_frame": median(lambda _ours, stock, _once: 1000 * stock.seconds / n_frames),
        "bytes_ratio": round(turns[0][0][1] / turns[0][1][1], 3),
        "n_frames": n_frames,
    }


PLAIN_SCRIPT = """
import sys
import matplotlib
from matplotlib.animation import FFMpegWriter
import animate
name, path, ffmpeg, fps, *arguments = sys.argv[1:]
matplotlib.rcParams["animation.ffmpeg_path"] = ffmpeg
animation = animate.load(name).build().animation(size=(1280, 720), fps=float(fps))
animation.save(path, writer=FFMpegWriter(fps=float(fps), codec="libx264", extra_args=arguments))
"""


def cold(repeats: int) -> Row:
    """Return how much sooner `animate render` is done than a script that saves the same 120 frames with matplotlib."""
    fps = round(120 / animate.load(FLAGSHIP).build().timeline.duration, 3)
    root = str(Path(animate.__file__).parents[1])
    ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
    arguments = ["-threads", str(EncodeOptions().threads), "-vf", FROM_RGB, *h264(fps, EncodeOptions())]

    def seconds(path: Path, *command: str) -> float:
        began = time.perf_counter()
        subprocess.run([sys.executable, *command], check=True, capture_output=True, cwd=root)
        spent = time.perf_counter() - began
        n_frames = imageio_ffmpeg.count_frames_and_secs(path)[0]
        if n_frames != 120:
            raise RuntimeError(f"{path.name} holds {n_frames} frames instead of 120")
        return spent

    pairs = []
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = Path(folder, "ours.mp4"), Path(folder, "theirs.mp4")
        render = ["-m", "animate", "render", FLAGSHIP, "--size", "1280x720", "--fps", str(fps), "-o", str(ours)]
        plain = ["-c", PLAIN_SCRIPT, FLAGSHIP, str(theirs), ffmpeg, str(fps), *arguments]
        for _ in range(repeats):
            pairs.append((seconds(ours, *render), seconds(theirs, *plain)))
    return {
        "times_faster": round(statistics.median(other / own for own, other in pairs), 2),
        "our_seconds": round(statistics.median(own for own, _ in pairs), 2),
        "their_seconds": round(statistics.median(other for _, other in pairs), 2),
    }


class Keep(AbstractMovieWriter):
    """Hands each frame of an animation to a function, drawn by matplotlib as its own writers draw it."""

    source: type[FullDraw] = FullDraw

    def __init__(self, keep: Callable[[Any], object]) -> None:
        super().__init__(fps=FPS)
        self._keep = keep
        self._drawn: FullDraw | None = None

    def setup(self, fig: Figure, outfile: str | Path, dpi: float | None = None) -> None:
        self.fig, self.dpi, self.outfile = fig, dpi or fig.dpi, str(outfile)

    def grab_frame(self, **savefig_kwargs: Any) -> None:
        self._drawn = self._drawn or self.source(self.fig, self.dpi, savefig_kwargs)
        self._keep(self._drawn.frame())

    def finish(self) -> None:
        pass


def against_encoder(make: Make, n_frames: int, repeats: int) -> Row:
    """Return how much longer ours takes than an encoder alone, fed the same frames from memory.

    The encoder is ffmpeg with our settings, fed whole frames as they were drawn. Our own, which converts only what
    changed between them, is told beside it.
    """
    frames: list[Any] = []
    make(n_frames).save("", writer=Keep(frames.append))
    runs = [
        (save(make, n_frames, AnimateWriter(fps=FPS), ".mp4")[0].seconds, encode_by_ffmpeg(frames), encode(frames))
        for _ in range(repeats)
    ]
    ms_per_frame = [round(1000 * statistics.median(kind) / n_frames, 2) for kind in zip(*runs, strict=True)]
    return {
        "times_the_encoder": round(statistics.median(ours / floor for ours, floor, _ in runs), 2),
        "times_our_encoder": round(statistics.median(ours / floor for ours, _, floor in runs), 2),
        "our_ms_per_frame": ms_per_frame[0],
        "encoder_ms_per_frame": ms_per_frame[1],
        "our_encoder_ms_per_frame": ms_per_frame[2],
        "n_frames": n_frames,
    }


def encode_by_ffmpeg(frames: list[Any]) -> float:
    """Return the seconds ffmpeg takes for frames in memory, with our settings."""
    height, width = frames[0].shape[:2]
    source = ["-f", "rawvideo", "-pix_fmt", "rgb0", "-video_size", f"{width}x{height}", "-framerate", str(FPS)]
    settings = ["-threads", str(EncodeOptions().threads), "-vf", FROM_RGB, *h264(FPS, EncodeOptions())]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.mp4"
        began = time.perf_counter()
        ffmpeg = FFmpeg(["-v", "error", "-y", *source, "-i", "pipe:0", *settings, str(path)], path)
        for frame in frames:
            ffmpeg.write(frame.data.cast("B"))
        ffmpeg.finish()
        return time.perf_counter() - began


def encode(frames: list[Any]) -> float:
    """Return the seconds our MP4 encoder takes for frames in memory."""
    height, width = frames[0].shape[:2]
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        sink = open_sink(Path(folder) / "x.mp4", width, height, FPS)
        for frame in frames:
            sink.write(frame)
        sink.finish()
        sink.publish()
        return time.perf_counter() - began


def over(name: str, makes: dict[str, Make], n_frames: int, repeats: int) -> Iterator[Row]:
    """Give a row for each of several animations, then one for all, with the pixels that differ from full draws."""
    found, differing = [], 0
    for title, make in makes.items():
        row = against_stock(make, n_frames, repeats, stock_mp4, ".mp4")
        row["pixels_that_differ"] = n_differing(make, min(n_frames, 100))
        found.append(row)
        differing += row["pixels_that_differ"]
        yield {"what": f"MP4, {name}: {title}", **row}
    yield {
        "what": f"MP4, {name}, all {len(found)}: median",
        **{column: round(statistics.median(row[column] for row in found), 2) for column in RATIOS},
        **{f"least_{column}": min(row[column] for row in found) for column in RATIOS},
        "pixels_that_differ": differing,
    }


def n_differing(make: Make, n_frames: int) -> int:
    """Return how many pixels of all frames differ from those of another run that matplotlib drew in full."""
    drawn: list[Any] = []
    found: list[int] = []

    def compare(frame: Any) -> None:
        found.append(int((frame != drawn[len(found)]).any(axis=-1).sum()))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        make(n_frames).save("", writer=Keep(drawn.append))
        with comparing(compare) as writer:
            make(n_frames).save("x.mp4", writer=writer)
    return sum(found)


@contextmanager
def comparing(compare: Callable[[Any], object]) -> Iterator[AnimateWriter]:
    """Give our writer with frames going to a function in the place of encoders."""
    writer = AnimateWriter(fps=FPS)
    pipeline = _NoPipeline(compare)
    writer._open = lambda *_arguments: pipeline  # type: ignore[method-assign,assignment]
    yield writer


class _NoPipeline:
    n_encoded = 0

    def __init__(self, put: Callable[[Any], object]) -> None:
        self.put = put

    def close(self) -> list[Any]:
        return []

    def abort(self) -> None:
        pass


def growing(n_points: int) -> Row:
    """Return the time per frame where a path has grown to many points, against where it has a hundred.

    It is taken inside `save`, and beside that for the drawing alone.
    """
    t = np.linspace(0, 1, n_points + 100)
    path = np.column_stack([np.exp(-2 * t) * np.cos(40 * t), np.exp(-2 * t) * np.sin(40 * t)])
    ends = [*range(50, 150), *range(n_points - 50, n_points + 50)]

    def make() -> tuple[Figure, Callable[[int], Any]]:
        figure = Figure(figsize=(12.8, 7.2), dpi=100)
        FigureCanvasAgg(figure)
        ax = figure.subplots()
        ax.set(xlim=(-1.1, 1.1), ylim=(-1.1, 1.1), title="A path that grows")
        (line,) = ax.plot([], [])
        return figure, lambda end: line.set_data(*path[:end].T)

    grabbed: list[float] = []
    figure, update = make()
    writer = AnimateWriter(fps=FPS, progress=lambda _n: grabbed.append(time.perf_counter()))
    with tempfile.TemporaryDirectory() as folder:
        animation = FuncAnimation(figure, update, frames=ends, cache_frame_data=False)
        animation.save(str(Path(folder) / "x.mp4"), writer=writer)
    saved = np.diff(grabbed[: len(ends)]).tolist()
    figure, update = make()
    replay, drawn = Replay(figure, figure.dpi, {}), []
    for end in ends:
        update(end)
        began = time.perf_counter()
        replay.frame_view()
        drawn.append(time.perf_counter() - began)
    few, many = statistics.median(saved[:99]), statistics.median(saved[100:])
    few_drawn, many_drawn = statistics.median(drawn[:100]), statistics.median(drawn[100:])
    return {
        "times_the_first": round(many / few, 2),
        "ms_at_100": round(1000 * few, 2),
        "ms_at_end": round(1000 * many, 2),
        "times_the_first_drawing_alone": round(many_drawn / few_drawn, 2),
        "drawing_ms_at_100": round(1000 * few_drawn, 2),
        "drawing_ms_at_end": round(1000 * many_drawn, 2),
    }


MEMORY = """
import json, resource, sys
sys.path.insert(0, {root!r})
from animate.film.writer import AnimateWriter
from tests.benchmarks.gallery import double_pendulum
double_pendulum({n_frames}).save({path!r}, writer=AnimateWriter(fps=25))
peaks = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(json.dumps(sum(peaks)))
"""


def memory(suffix: str, n_frames: int) -> Row:
    """Return the peak memory of saving many frames, ffmpeg included, against a hundred."""

    def peak(n: int) -> int:
        with tempfile.TemporaryDirectory() as folder:
            root = str(Path(animate.__file__).parents[1])
            script = MEMORY.format(root=root, n_frames=n, path=str(Path(folder) / f"x{suffix}"))
            return int(
                json.loads(subprocess.run([sys.executable, "-c", script], check=True, capture_output=True).stdout)
            )

    few, many = peak(100), peak(n_frames)
    return {
        "times_the_first": round(many / few, 2),
        "mib_at_100": few >> 10,
        "mib_at_end": many >> 10,
        "n_frames": n_frames,
    }
