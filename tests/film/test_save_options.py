"""Every option of `Animation.save`, against matplotlib's own writers and with decoders that are not ours."""

from __future__ import annotations

import math
import os
import re
import subprocess
import threading
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.animation import AbstractMovieWriter, FFMpegWriter, FuncAnimation
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from animate.errors import EncodeError, UsageError
from animate.film.encoders import EncodeOptions, encoder_for, open_sink
from animate.film.ffmpeg import FFmpeg
from animate.film.pipeline import Pipeline
from animate.film.sinks import exact_fps
from animate.film.writer import AnimateWriter

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
WIDTH, HEIGHT, N_FRAMES = 160, 120, 4
WICKED = "</title><script>alert(1)</script> & ]]>"
TRANSPARENT = {"transparent": True}
needs_avif = pytest.mark.skipif(".avif" not in Image.registered_extensions(), reason="this Pillow reads no AVIF")


def bars(*, n_frames: int = N_FRAMES, **options: Any) -> FuncAnimation:
    """Return an animation of a bar that grows, on a figure without text."""
    figure = Figure(figsize=(WIDTH / 100, HEIGHT / 100), dpi=100, **options)
    FigureCanvasAgg(figure)
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, 1), ylim=(0, 1))
    ax.axis("off")
    (bar,) = ax.bar([0.5], [0.2], width=0.5, color="tab:red")

    def update(frame: int) -> tuple[Any, ...]:
        bar.set_height(0.3 + 0.1 * frame)
        return (bar,)

    return FuncAnimation(figure, update, frames=n_frames, interval=100, cache_frame_data=False)


class Capture(AbstractMovieWriter):
    """Keeps what matplotlib's own writers pass to ffmpeg: `figure.savefig` in full for each frame."""

    def __init__(self, *, keeps_alpha: bool) -> None:
        super().__init__(fps=10)
        self._keeps_alpha = keeps_alpha
        self.frames: list[Any] = []

    def _supports_transparency(self) -> bool:
        return self._keeps_alpha

    def setup(self, fig: Figure, outfile: Any, dpi: float | None = None) -> None:
        self.fig, self.dpi = fig, dpi or fig.dpi

    def grab_frame(self, **savefig_kwargs: Any) -> None:
        file = BytesIO()
        self.fig.savefig(file, format="rgba", dpi=self.dpi, **savefig_kwargs)
        self.frames.append(np.frombuffer(file.getvalue(), np.uint8).reshape(HEIGHT, WIDTH, 4))

    def finish(self) -> None:
        pass


def stock_frames(*, keeps_alpha: bool, savefig_kwargs: dict[str, Any], **options: Any) -> Any:
    stock = Capture(keeps_alpha=keeps_alpha)
    bars(**options).save("x", writer=stock, savefig_kwargs=savefig_kwargs)
    return np.stack(stock.frames)


def save(path: Path, *, figure: dict[str, Any] | None = None, **options: Any) -> Path:
    bars(**figure or {}).save(path, writer="animate", **{"fps": 10, **options})
    return path


def save_by_writer(path: Path, **options: Any) -> Path:
    writer = AnimateWriter(**{"fps": 10, **options})
    bars().save(path, writer=writer)
    return path


class TitleParser(HTMLParser):
    """Reads the title of a page as a browser does."""

    title: str | None = None

    def handle_starttag(self, tag, attrs):
        self.title = "" if tag == "title" and self.title is None else self.title

    def handle_data(self, data):
        self.title = data if self.title == "" else self.title


def stream(path: Path) -> str:
    """Return what ffmpeg says of a file: its duration and its video stream."""
    done = subprocess.run([FFMPEG, "-i", str(path)], check=False, capture_output=True, text=True)
    if done.returncode < 0:
        pytest.skip("this ffmpeg crashes when it reads such a file")  # 7.0.2 does for MPEG-TS
    said = done.stderr
    return " ".join(line.strip() for line in said.splitlines() if "Video:" in line or "Duration:" in line)


def rgba_by_ffmpeg(path: Path, *, decoder: tuple[str, ...] = (), output: tuple[str, ...] = ()) -> Any:
    command = [FFMPEG, "-v", "error", *decoder, "-i", str(path), *output, "-fps_mode", "passthrough"]
    raw = subprocess.run([*command, "-f", "rawvideo", "-pix_fmt", "rgba", "-"], check=True, capture_output=True).stdout
    return np.frombuffer(raw, np.uint8).reshape(-1, HEIGHT, WIDTH, 4)


def rgba_by_pillow(path: Path) -> Any:
    frames = []
    with Image.open(path) as image:
        for number in range(image.n_frames):
            image.seek(number)
            frames.append(np.asarray(image.convert("RGBA")))
    return np.stack(frames)


def seconds(path: Path) -> float:
    with Image.open(path) as image:
        total = 0
        for number in range(image.n_frames):
            image.seek(number)
            total += image.info["duration"]
    return total / 1000


# transparency


@pytest.mark.parametrize("name", ["x.apng", "x.webp"])
def test_lossless_formats_keep_alpha_exactly(tmp_path, name):
    shown = rgba_by_pillow(save(tmp_path / name, savefig_kwargs=TRANSPARENT))
    truth = stock_frames(keeps_alpha=True, savefig_kwargs=TRANSPARENT)
    np.testing.assert_array_equal(shown[..., 3], truth[..., 3])
    seen = truth[..., 3] > 0
    np.testing.assert_array_equal(shown[seen], truth[seen])


def test_a_transparent_gif_is_what_matplotlibs_ffmpeg_writer_makes(tmp_path):
    with mpl.rc_context({"animation.ffmpeg_path": FFMPEG}):
        bars().save(tmp_path / "stock.gif", writer=FFMpegWriter(fps=10), savefig_kwargs=TRANSPARENT)
    ours = rgba_by_pillow(save(tmp_path / "x.gif", savefig_kwargs=TRANSPARENT))
    np.testing.assert_array_equal(ours, rgba_by_pillow(tmp_path / "stock.gif"))


@pytest.mark.parametrize(
    ("name", "decoder"), [("x.webm", ("-c:v", "libvpx-vp9")), pytest.param("x.avif", (), marks=needs_avif)]
)
def test_lossy_formats_keep_alpha_within_a_level_or_two(tmp_path, name, decoder):
    path = save(tmp_path / name, savefig_kwargs=TRANSPARENT)
    shown = rgba_by_ffmpeg(path, decoder=decoder) if name == "x.webm" else rgba_by_pillow(path)
    truth = stock_frames(keeps_alpha=True, savefig_kwargs=TRANSPARENT)
    assert np.abs(shown[..., 3].astype(int) - truth[..., 3]).mean() < 2
    opaque = truth[..., 3] == 255
    assert np.abs(shown[opaque].astype(int) - truth[opaque]).mean() < 4


@pytest.mark.parametrize(("name", "codec"), [("x.mov", "png"), ("x.mov", "qtrle"), ("x.mkv", "ffv1")])
def test_an_encoder_with_alpha_keeps_it_in_any_container(tmp_path, name, codec):
    path = save(tmp_path / name, savefig_kwargs=TRANSPARENT, codec=codec)
    np.testing.assert_array_equal(rgba_by_ffmpeg(path), stock_frames(keeps_alpha=True, savefig_kwargs=TRANSPARENT))


@pytest.mark.parametrize("savefig_kwargs", [TRANSPARENT, {}])
@pytest.mark.parametrize("name", ["x.avi", "x.mkv", "x.mov"])
def test_frames_that_ffmpeg_copies_are_those_that_stock_writers_pass_to_it(tmp_path, name, savefig_kwargs):
    path = save(tmp_path / name, savefig_kwargs=savefig_kwargs, codec="copy")
    truth = stock_frames(keeps_alpha=False, savefig_kwargs=savefig_kwargs)
    np.testing.assert_array_equal(rgba_by_ffmpeg(path)[..., :3], truth[..., :3])


@pytest.mark.parametrize("name", ["x-%d.png", "x-%d.tiff"])
def test_a_sequence_of_images_keeps_alpha(tmp_path, name):
    save(tmp_path / name, savefig_kwargs=TRANSPARENT)
    truth = stock_frames(keeps_alpha=True, savefig_kwargs=TRANSPARENT)
    for number, frame in enumerate(truth):
        with Image.open(tmp_path / (name % (1 + number))) as image:
            np.testing.assert_array_equal(np.asarray(image.convert("RGBA")), frame)


@pytest.mark.parametrize("savefig_kwargs", [TRANSPARENT, {"facecolor": (0, 0, 1, 0.5)}, {"facecolor": "y"}, {}])
@pytest.mark.parametrize("facecolor", ["white", (0.2, 0.4, 0.8, 0.5)])
def test_a_video_without_alpha_shows_what_stock_writers_pass_to_it(tmp_path, savefig_kwargs, facecolor):
    path = save(tmp_path / "x.mkv", codec="ffv1", extra_args=["-pix_fmt", "bgr0"], savefig_kwargs=savefig_kwargs,
                figure={"facecolor": facecolor})  # fmt: skip
    truth = stock_frames(keeps_alpha=False, savefig_kwargs=savefig_kwargs, facecolor=facecolor)
    np.testing.assert_array_equal(rgba_by_ffmpeg(path)[..., :3], truth[..., :3])


@pytest.mark.parametrize("name", ["x.mp4", "x.mov", "x-%d.jpg"])
def test_alpha_that_a_format_cannot_store_is_said_in_one_line(tmp_path, capsys, name):
    save(tmp_path / name, savefig_kwargs=TRANSPARENT)
    (line,) = capsys.readouterr().err.splitlines()
    assert "cannot store transparency" in line


def test_a_translucent_face_color_that_is_composited_as_by_stock_makes_no_words(tmp_path, capsys):
    save(tmp_path / "x.mp4", figure={"facecolor": (0.2, 0.4, 0.8, 0.5)})
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("name", ["x.mp4", "x.gif", "x.webm"])
def test_an_opaque_figure_makes_no_words_and_no_alpha(tmp_path, capsys, name):
    path = save(tmp_path / name)
    assert capsys.readouterr().err == ""
    assert "yuva" not in stream(path)


@pytest.mark.parametrize("name", ["x.gif", "x.webm"])
def test_alpha_that_comes_after_an_opaque_frame_is_said(tmp_path, capsys, name):
    frames = np.full((3, 64, 64, 4), 255, np.uint8)
    frames[1, ..., 3] = 0
    sink = open_sink(tmp_path / name, 64, 64, 10)
    for frame in frames:
        sink.write(frame)
    sink.finish()
    sink.publish()
    assert len(re.findall("drawn on white", capsys.readouterr().err)) == 1


def test_one_pass_keeps_alpha_in_the_files_that_can(tmp_path, capsys):
    paths = [tmp_path / "x.apng", tmp_path / "x.mp4"]
    bars().save(paths[0], writer=AnimateWriter(fps=10, outputs=paths), savefig_kwargs=TRANSPARENT)
    assert rgba_by_pillow(paths[0])[0, 2, 2, 3] == 0
    assert rgba_by_ffmpeg(paths[1])[0, 2, 2, :3].min() > 250
    assert capsys.readouterr().err.count("H.264 cannot store transparency") == 1


# containers and sequences


@pytest.mark.parametrize("suffix", ["mov", "mkv", "avi", "m4v", "ts", "flv", "wmv", "mpg", "3gp", "nut", "f4v"])
def test_containers_hold_h264_that_players_take(tmp_path, suffix):
    path = save(tmp_path / f"x.{suffix}")
    assert "h264 (High)" in stream(path)
    assert "yuv420p(tv, bt709" in stream(path)
    assert len(rgba_by_ffmpeg(path)) == N_FRAMES


@pytest.mark.parametrize(
    ("name", "codec"),
    [("x.avif", "av1"), ("x.ogv", "theora"), ("x.swf", "flv1"), ("x.hevc", "hevc (Main), yuv420p")],
)
def test_containers_without_h264_hold_a_codec_of_their_own(tmp_path, name, codec):
    path = save(tmp_path / name)
    assert codec in stream(path)
    sequence = ("-map", "0:v:1") if name == "x.avif" else ()  # before it stands a still
    assert len(rgba_by_ffmpeg(path, output=sequence)) == N_FRAMES


def test_a_mov_begins_with_what_a_player_needs_first(tmp_path):
    data = save(tmp_path / "x.mov").read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


@pytest.mark.parametrize("name", ["f%04d.jpg", "f%d.bmp", "f%02d.tif"])
def test_images_are_numbered_as_by_matplotlibs_ffmpeg_writer(tmp_path, name):
    names = []
    for folder, writer in ((tmp_path / "ours", "animate"), (tmp_path / "stock", FFMpegWriter(fps=10))):
        folder.mkdir()
        with mpl.rc_context({"animation.ffmpeg_path": FFMPEG}):
            bars().save(folder / name, writer=writer)
        names.append(sorted(path.name for path in folder.iterdir()))
    assert names[0] == names[1]


def test_a_sequence_in_a_folder_with_a_percent_sign(tmp_path):
    (tmp_path / "50%d").mkdir()
    save(tmp_path / "50%d" / "f%d.jpg")
    assert len(list((tmp_path / "50%d").iterdir())) == N_FRAMES


def test_a_sequence_is_numbered_as_ffmpeg_arguments_say(tmp_path):
    save(tmp_path / "f%d.png", extra_args=["-start_number", "7"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["f10.png", "f7.png", "f8.png", "f9.png"]


def test_an_unknown_extension_is_written_where_the_container_is_named(tmp_path):
    path = save(tmp_path / "x.film", extra_args=["-f", "mp4"])
    assert "h264 (High)" in stream(path)


@pytest.mark.parametrize("name", ["x.m3u8", "x.film", "x"])
def test_what_ffmpeg_cannot_write_as_one_file_is_refused(tmp_path, name):
    with pytest.raises(UsageError, match="the extension of"):
        save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_an_odd_size_stays_where_the_codec_allows_it(tmp_path):
    figure = {"figsize": (1.61, 1.21)}
    animation = bars()
    animation._fig.set_size_inches(*figure["figsize"])
    animation.save(tmp_path / "x.avi", writer="animate", codec="mjpeg")
    assert "161x121" in stream(tmp_path / "x.avi")


# ffmpeg arguments

FILTERS = [
    ["-vf", "hflip"],
    ["-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2"],
    ["-filter:v", "hflip"],
    ["-filter", "scale=320:-2,format=yuv420p"],
    ["-filter_complex", "hflip"],
    ["-filter_complex", "[0:v]hflip[out]", "-map", "[out]"],
    ["-filter_complex", "[0]hflip[a];[a]vflip[b]"],
    ["-lavfi", "hflip"],
]


@pytest.mark.parametrize("extra_args", FILTERS, ids=" ".join)
@pytest.mark.parametrize(("name", "profile"), [("x.mp4", "h264 (High)"), ("x.webm", "Profile 0"), ("x.mov", "(High)")])
def test_filters_keep_the_pixel_format_and_the_tags(tmp_path, name, profile, extra_args):
    path = save(tmp_path / name, extra_args=extra_args)
    assert profile in stream(path)
    assert "yuv420p(tv, bt709" in stream(path)
    if not name.endswith("webm"):
        assert path.read_bytes().index(b"moov") < path.read_bytes().index(b"mdat")


@pytest.mark.parametrize("extra_args", [["-vf", "hflip"], ["-filter_complex", "[0]hflip[o]", "-map", "[o]"]])
@pytest.mark.parametrize("pixel_format", ["", ",format=yuv420p", ",format=yuv444p"])
def test_filtered_colors_are_those_that_were_drawn(tmp_path, extra_args, pixel_format):
    arguments = [argument.replace("hflip", "hflip" + pixel_format) for argument in extra_args]
    shown = rgba_by_ffmpeg(save(tmp_path / "x.mp4", extra_args=arguments))[-1, :, ::-1].astype(int)
    truth = stock_frames(keeps_alpha=False, savefig_kwargs={})[-1]
    for at in ((5, 5), (HEIGHT - 8, WIDTH // 2)):
        np.testing.assert_allclose(shown[at], truth[at], atol=4)


def test_a_filter_decides_the_frame_rate(tmp_path):
    assert "25 fps" in stream(save(tmp_path / "x.mp4", extra_args=["-vf", "fps=25"]))


def test_what_filters_make_of_a_file_is_reported(tmp_path):
    writer = AnimateWriter(fps=10, extra_args=["-vf", "fps=20,scale=80:-2"])
    bars().save(tmp_path / "x.mp4", writer=writer)
    (written,) = writer.written
    assert (written.width, written.height, written.n_frames, written.duration) == (80, 60, 8, pytest.approx(0.4))


@pytest.mark.parametrize("pixel_format", ["yuv444p", "yuv422p"])
def test_a_pixel_format_of_the_users_own_wins(tmp_path, pixel_format):
    path = save(tmp_path / "x.mp4", extra_args=["-vf", "hflip", "-pix_fmt", pixel_format])
    assert f"{pixel_format}(tv, bt709" in stream(path)


@pytest.mark.parametrize(("name", "loop"), [("x.gif", ["-loop", "3"]), ("x.apng", ["-plays", "3"])])
def test_arguments_reach_formats_that_are_written_without_ffmpeg(tmp_path, name, loop):
    path = save(tmp_path / name, extra_args=["-vf", "scale=80:-1", *loop])
    with Image.open(path) as image:
        assert image.size == (80, 60)
        assert image.n_frames == N_FRAMES
        assert image.info["loop"] == 3


@pytest.mark.parametrize("option", ["-vcodec", "-c:v", "-codec:v", "-c"])
@pytest.mark.parametrize(("codec", "found"), [("mpeg4", "mpeg4"), ("libx264", "h264 (High)"), ("qtrle", "argb")])
def test_a_codec_among_the_arguments_counts_as_one(tmp_path, option, codec, found):
    assert found in stream(save(tmp_path / "x.mov", extra_args=[option, codec], codec="ffv1"))


@pytest.mark.parametrize(
    ("quality", "recorded"),
    [
        (["-b:v", "40k"], b"rc=abr"),
        (["-b", "40k"], b"rc=abr"),
        (["-qp", "45"], b"rc=cqp"),
        (["-crf", "45"], b"crf=45.0"),
    ],
)
def test_a_quality_among_the_arguments_replaces_the_default(tmp_path, quality, recorded):
    """Look for what x264 records of its settings in the video itself."""
    assert recorded in save(tmp_path / "a.mp4", extra_args=quality).read_bytes()
    assert recorded not in save(tmp_path / "b.mp4").read_bytes()


def test_a_preset_among_the_arguments_holds_as_x264_defines_it(tmp_path):
    recorded = save(tmp_path / "a.mp4", extra_args=["-preset", "slow"]).read_bytes()
    for setting in (b"ref=5", b"subme=8", b"rc_lookahead=50", b"trellis=2", b" psy=1", b"aq=1:1.00"):
        assert setting in recorded, setting


@pytest.mark.parametrize("name", ["x.mp4", "x.mov"])
def test_hevc_has_the_tag_that_quicktime_plays(tmp_path, name):
    assert "(hvc1" in stream(save(tmp_path / name, codec="libx265"))


def test_a_filter_that_makes_the_palette_of_a_gif_makes_the_only_one(tmp_path):
    chain = "fps=10,scale=80:-1:flags=lanczos,split[a][b];[a]palettegen=max_colors=4[p];[b][p]paletteuse=dither=none"
    frames = rgba_by_pillow(save(tmp_path / "x.gif", extra_args=["-vf", chain, "-loop", "0"]))
    assert frames.shape == (N_FRAMES, 60, 80, 4)
    assert len(np.unique(frames.reshape(-1, 4), axis=0)) <= 4


def test_frames_grabbed_by_hand_are_written_and_lost_alpha_is_said(tmp_path, capsys):
    figure = Figure(figsize=(WIDTH / 100, HEIGHT / 100))
    FigureCanvasAgg(figure)
    writer = AnimateWriter(fps=15, metadata={"artist": "Me"}, bitrate=1800)
    with writer.saving(figure, tmp_path / "x.mp4", 100):
        for number in range(3):
            figure.suptitle(str(number))
            writer.grab_frame(transparent=True)
    assert "15 fps" in stream(tmp_path / "x.mp4")
    assert capsys.readouterr().err.count("cannot store transparency") == 1


def test_extra_arguments_may_be_numbers_and_may_not_be_one_text(tmp_path):
    save(tmp_path / "x.mp4", extra_args=["-crf", 30])
    with pytest.raises(UsageError, match="extra_args must be a list"):
        save(tmp_path / "x.mp4", extra_args="-crf 30")


def test_a_bitrate_that_is_no_number_is_refused_and_leaves_no_file(tmp_path):
    with pytest.raises(UsageError, match="bitrate must be a number of kilobits per second; got '500'"):
        save(tmp_path / "x.mp4", bitrate="500")
    assert list(tmp_path.iterdir()) == []


def test_an_option_that_ffmpegs_arguments_cannot_hold_leaves_no_file(tmp_path):
    with pytest.raises(TypeError):
        open_sink(tmp_path / "x.mp4", 64, 64, 25, EncodeOptions(bitrate="500"))
    assert list(tmp_path.iterdir()) == []


def test_the_cause_of_a_failure_is_told_not_its_consequence(tmp_path):
    with pytest.raises(EncodeError, match="Unknown encoder 'nope'"):
        save(tmp_path / "x.mp4", codec="nope")


@pytest.mark.parametrize("codec", ["libx264", "h264"])
def test_the_default_codec_by_name_makes_the_default_file(tmp_path, codec):
    assert save(tmp_path / "a.mp4", codec=codec).read_bytes() == save(tmp_path / "b.mp4").read_bytes()


@pytest.mark.parametrize("name", ["x.gif", "x.webp", "x.webm", "x-%d.png"])
def test_a_codec_that_a_format_cannot_hold_is_not_used_and_said(tmp_path, capsys, name):
    save(tmp_path / name, codec="h264")
    (line,) = capsys.readouterr().err.splitlines()
    assert "cannot hold codec 'h264'" in line


def test_metadata_is_written(tmp_path):
    path = save(tmp_path / "x.mkv", metadata={"title": "Größe"})
    said = subprocess.run([FFMPEG, "-i", str(path)], check=False, capture_output=True).stderr.decode()
    assert re.search(r"title\s*: Größe", said)


# configuration


@pytest.mark.parametrize(
    ("configuration", "found"),
    [
        ({"animation.codec": "mpeg4"}, "mpeg4"),
        ({"animation.ffmpeg_args": ["-vf", "scale=80:-2"]}, "80x60"),
        ({}, "h264 (High)"),
    ],
)
def test_configuration_counts_where_an_argument_is_missing(tmp_path, configuration, found):
    with mpl.rc_context(configuration):
        assert found in stream(save(tmp_path / "x.mp4"))


def test_the_configured_bitrate_is_used():
    with mpl.rc_context({"animation.bitrate": 77}):
        assert AnimateWriter(fps=10)._options.bitrate == 77
        assert AnimateWriter(fps=10, bitrate=500)._options.bitrate == 500
        assert AnimateWriter(fps=10, options=EncodeOptions())._options.bitrate is None


@pytest.mark.parametrize("options", [{"codec": "libx264"}, {"extra_args": []}])
def test_arguments_come_before_configuration(tmp_path, options):
    with mpl.rc_context({"animation.codec": "mpeg4", "animation.ffmpeg_args": ["-vf", "scale=80:-2"]}):
        said = stream(save(tmp_path / "x.mp4", **options))
    assert ("h264" in said) == ("codec" in options)
    assert ("80x60" in said) == ("extra_args" not in options)


def test_the_configured_program_is_run(tmp_path):
    program = tmp_path / "mine"
    program.write_text(f'#!/bin/sh\ntouch "{tmp_path}/ran"\nexec "{FFMPEG}" "$@"\n')
    program.chmod(0o755)
    with mpl.rc_context({"animation.ffmpeg_path": str(program)}):
        save(tmp_path / "x.mp4")
    assert (tmp_path / "ran").exists()


def test_the_writer_can_be_the_configured_one(tmp_path):
    with mpl.rc_context({"animation.writer": "animate"}):
        bars().save(tmp_path / "x.mp4")
    assert "yuv420p(tv, bt709" in stream(tmp_path / "x.mp4")


# frame rates


@pytest.mark.parametrize(
    ("fps", "fraction"),
    [
        *((n, f"{n}") for n in (1, 2, 3, 4, 5, 24, 30, 60)),
        *((23.976, "24000/1001"), (23.98, "24000/1001"), (29.97, "30000/1001"), (59.94, "60000/1001")),
        *((12.5, "25/2"), (4.996, "1249/250"), (1000 / 33, "1000/33")),
    ],
)
def test_only_rounded_rates_of_television_are_taken_for_these(fps, fraction):
    assert str(exact_fps(fps)) == fraction


@pytest.mark.parametrize("fps", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("name", ["x.mp4", "x.gif"])
def test_slow_frame_rates_are_exact(tmp_path, name, fps):
    path = save(tmp_path / name, fps=fps)
    duration = sum(float(part) * unit for part, unit in zip(
        re.search(r"Duration: (\d+):(\d+):([\d.]+)", stream(path)).groups(), (3600, 60, 1), strict=True
    ))  # fmt: skip
    assert duration == pytest.approx(N_FRAMES / fps, abs=0.01)


@pytest.mark.parametrize(("fps", "found"), [("30", "30 fps"), ("30000/1001", "29.97 fps"), (np.int64(25), "25 fps")])
def test_a_frame_rate_may_be_text_or_of_numpy(tmp_path, fps, found):
    assert found in stream(save(tmp_path / "x.mp4", fps=fps))


@pytest.mark.parametrize("fps", ["fast", "1/0", [30], float("nan"), float("inf"), "nan"])
def test_a_frame_rate_that_is_no_number_is_refused(tmp_path, fps):
    with pytest.raises(UsageError, match="fps must be a number of frames per second"):
        save(tmp_path / "x.mp4", fps=fps)


@pytest.mark.parametrize("options", [{"fps": 60}, {"fps": 1000}])
@pytest.mark.parametrize("transparent", [False, True])
def test_a_gif_plays_all_frames_of_any_rate(tmp_path, capsys, options, transparent):
    path = save(tmp_path / "x.gif", savefig_kwargs={"transparent": transparent}, **options)
    assert len(rgba_by_pillow(path)) == N_FRAMES
    assert seconds(path) == pytest.approx(0.02 * N_FRAMES)
    assert "at most 50 frames a second" in capsys.readouterr().err


NOT_OPTIONS = {
    "alt": [5, ["a"], "nul\0", "half of a pair \ud83d"],
    "bitrate": [True, math.nan, math.inf, 1e12],
    "codec": [5, b"h264", ["h264"]],
    "durations": ["abc", 5, [0, 1, 1, 1], ["1"] * 4, [None] * 4, [1, 1, 1, 1e9]],
    "extra_args": [5, {"-crf": "20"}, [None], [b"-crf", "20"], ["nul\0"]],
    "fps": [10**400, 1e-9, 0, -1, 1e9, None],
    "hold": [-1, math.nan, math.inf, 1e9, 10**400, "2", None],
    "loop": [-1, 1.5, "x", 70000],
    "metadata": ["x", [("title", "x")], 5, {"title": "nul\0"}, {"title": "\ud83d"}],
    "options": [5, "x"],
    "outputs": ["x.mp4", [], 5],
    "progress": [5, "x"],
    "verify": [-1, "yes", math.nan, math.inf, []],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in NOT_OPTIONS for value in NOT_OPTIONS[name]])
def test_a_value_that_an_option_cannot_have_is_refused_in_one_line(tmp_path, name, value):
    old = tmp_path / "x.gif"
    old.write_bytes(b"old")
    with pytest.raises(UsageError, match=f"^{name} must be [^\n]{{1,160}}$"):
        save_by_writer(old, **{name: value})
    assert old.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [old]


@pytest.mark.parametrize("dpi", [0, -1, math.nan, math.inf, "100", True, []], ids=repr)
def test_a_resolution_that_is_no_positive_number_is_refused_in_one_line(tmp_path, dpi):
    with pytest.raises(UsageError, match=r"^dpi must be a positive number of dots per inch; got"):
        bars().save(tmp_path / "x.mp4", writer=AnimateWriter(), dpi=dpi)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("metadata", "title"), [({"title": WICKED}, WICKED), ({}, "caf\N{REPLACEMENT CHARACTER}")])
def test_a_page_is_named_by_its_metadata_or_else_by_its_file(tmp_path, metadata, title):
    path = tmp_path / os.fsdecode(b"caf\xe9.html")  # as in Latin-1, which no UTF-8 text can hold
    save_by_writer(path, metadata=metadata)
    parser = TitleParser()
    parser.feed(path.read_text(encoding="utf-8"))
    assert parser.title == title


def test_durations_may_come_from_a_generator(tmp_path):
    path = save_by_writer(tmp_path / "x.gif", durations=(0.2 for _ in range(N_FRAMES)))
    assert seconds(path) == pytest.approx(0.2 * N_FRAMES)


# what else `save` takes


@pytest.mark.parametrize("name", ["x.mp4", "Größe – 動画.mp4", "a b.gif", "naïve.mkv"])
@pytest.mark.parametrize("kind", [str, Path, lambda path: type("P", (), {"__fspath__": lambda _: str(path)})()])
def test_any_path_is_taken(tmp_path, name, kind):
    bars().save(kind(tmp_path / name), writer="animate")
    assert (tmp_path / name).stat().st_size > 0


def test_a_buffer_is_refused_in_one_line():
    with pytest.raises(UsageError, match="the output must be a path; got BytesIO"):
        bars().save(BytesIO(), writer="animate")


@pytest.mark.parametrize("savefig_kwargs", [{"dpi": 50}, {"format": "png"}, {"colour": "red"}, {"pil_kwargs": {}}])
def test_arguments_that_stock_writers_refuse_are_refused(tmp_path, savefig_kwargs):
    stock = Capture(keeps_alpha=False)
    with pytest.raises(TypeError):
        bars().save("x", writer=stock, savefig_kwargs=savefig_kwargs)
    with pytest.raises(TypeError, match="unexpected keyword argument"):
        save(tmp_path / "x.mp4", savefig_kwargs=savefig_kwargs)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("savefig_kwargs", [{"orientation": "landscape"}, {"edgecolor": "red"}, {"metadata": None}])
def test_arguments_that_stock_writers_take_are_taken(tmp_path, savefig_kwargs):
    bars().save("x", writer=Capture(keeps_alpha=False), savefig_kwargs=savefig_kwargs)
    save(tmp_path / "x.mp4", savefig_kwargs=savefig_kwargs)


def test_progress_is_called_as_stock_calls_it(tmp_path):
    calls: list[list[tuple[int, int]]] = []
    for writer in ("animate", Capture(keeps_alpha=False)):
        calls.append([])
        bars().save(tmp_path / "x.mp4", writer=writer, progress_callback=lambda *numbers: calls[-1].append(numbers))
    assert calls[0] == calls[1] == [(number, N_FRAMES) for number in range(N_FRAMES)]


def test_another_animation_of_the_figure_is_drawn_with_it(tmp_path):
    def both() -> tuple[FuncAnimation, list[FuncAnimation]]:
        animation = bars()
        ax = animation._fig.axes[0]
        (line,) = ax.plot([0, 1], [0, 0])
        more = FuncAnimation(animation._fig, lambda i: line.set_ydata([0, 0.2 * i]), frames=N_FRAMES)
        return animation, [more]

    animation, more = both()
    animation.save(tmp_path / "x.apng", writer="animate", extra_anim=more)
    animation, more = both()
    stock = Capture(keeps_alpha=True)
    animation.save("x", writer=stock, extra_anim=more)
    np.testing.assert_array_equal(rgba_by_pillow(tmp_path / "x.apng"), np.stack(stock.frames))


# all or none


@pytest.mark.parametrize("names", [["x.apng", "x.gif", "x.mp4"], ["x-%d.png", "x.mp4"], ["x-%d.jpg", "x.gif"]])
@pytest.mark.parametrize("is_old_there", [False, True])
def test_files_are_as_they_were_where_one_of_several_cannot_be_renamed(tmp_path, names, is_old_there):
    old = [tmp_path / name.replace("%d", number) for name in names[:-1] for number in "09"]
    if is_old_there:
        for path in old:
            path.write_bytes(b"old")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    pipeline = Pipeline.open([tmp_path / name for name in names], 64, 64, 10)
    for level in (0, 90, 180):
        pipeline.put(np.full((64, 64, 4), (level, 0, 0, 255), np.uint8))
    (tmp_path / names[-1]).mkdir()  # no file can take this name any more
    with pytest.raises(EncodeError, match="cannot write"):
        pipeline.close()
    pipeline.abort()
    (tmp_path / names[-1]).rmdir()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_sequence_that_cannot_be_renamed_leaves_the_old_one(tmp_path):
    pipeline = Pipeline.open([tmp_path / "x-%d.png"], 64, 64, 10)
    for level in (0, 90, 180):
        pipeline.put(np.full((64, 64, 4), (level, 0, 0, 255), np.uint8))
    (tmp_path / "x-0.png").write_bytes(b"old")
    (tmp_path / "x-1.png").mkdir()
    with pytest.raises(EncodeError, match="cannot write"):
        pipeline.close()
    pipeline.abort()
    assert (tmp_path / "x-0.png").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x-0.png", "x-1.png"]


def test_nothing_hidden_is_left_beside_several_files(tmp_path):
    names = ["x.apng", "x.mp4", "x-%d.png"]
    for _ in range(2):
        bars().save("x", writer=AnimateWriter(fps=10, outputs=[tmp_path / name for name in names]))
    expected = ["x.apng", "x.mp4", *(f"x-{number}.png" for number in range(N_FRAMES))]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(expected)


@pytest.mark.parametrize("ends", ["finish", "kill"])
def test_no_thread_of_an_ffmpeg_outlives_it(tmp_path, ends):
    before = set(threading.enumerate())
    raw = ["-f", "rawvideo", "-pix_fmt", "gray", "-video_size", "16x16", "-i", "pipe:0", "-y"]
    process = FFmpeg(["-v", "error", *raw, str(tmp_path / "x.avi")], tmp_path / "x.avi")
    process.write(memoryview(bytes(256)))
    getattr(process, ends)()
    assert set(threading.enumerate()) <= before


def test_the_encoder_of_a_suffix_is_the_row_of_the_table_without_options():
    assert encoder_for("x.gif") is encoder_for("y.gif", EncodeOptions(loop=3))
