"""What all formats have in common: the table, the checks, and files that are whole or not there."""

from __future__ import annotations

import re
import sys

import numpy as np
import pytest
from PIL import Image

from animate.errors import EncodeError, UsageError
from animate.film.encoders import ENCODERS, EncodeOptions, encoder_for, open_sink
from animate.film.formats.images import write_png

NAMES = ["x.gif", "x.mp4", "x.webm", "x.webp", "x.apng", "x-%03d.png"]
EXACT = ["x.webp", "x.apng"]


def squares(n_frames: int, size: int = 64) -> np.ndarray:
    """Return frames of a square that moves over a flat ground."""
    frames = np.full((n_frames, size, size, 4), 255, np.uint8)
    frames[..., :3] = (15, 23, 32)
    for number, frame in enumerate(frames):
        frame[10:20, number : number + 10, :3] = (255, 180, 84)
    return frames


@pytest.mark.parametrize("name", NAMES)
def test_what_is_reported_is_what_was_written(tmp_path, write, name):
    written = write(tmp_path / name, squares(10), fps=20)
    files = list(tmp_path.iterdir())
    assert written.bytes == sum(file.stat().st_size for file in files)
    assert (written.width, written.height, written.n_frames, written.fps) == (64, 64, 10, 20)
    assert written.duration == 0.5


@pytest.mark.parametrize("name", NAMES)
def test_aborting_leaves_what_was_there_before(tmp_path, name):
    old = tmp_path / name.replace("%03d", "000")
    old.write_bytes(b"old")
    sink = open_sink(tmp_path / name, 64, 64, 25)
    for frame in squares(3):
        sink.write(frame)
    sink.abort()
    sink.abort()
    assert old.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [old]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_has_the_final_name_before_it_is_whole(tmp_path, name):
    sink = open_sink(tmp_path / name, 64, 64, 25)
    for frame in squares(3):
        sink.write(frame)
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith(".")] == []
    sink.finish()
    sink.publish()
    assert all(not path.name.startswith(".") for path in tmp_path.iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
@pytest.mark.parametrize("name", NAMES[:-1])
def test_the_file_that_a_link_leads_to_is_replaced_and_the_link_stays(tmp_path, write, name):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / name).symlink_to(f"elsewhere/{name}")  # to nothing yet
    for n_frames in (3, 5):
        written = write(tmp_path / name, squares(n_frames), fps=20)
        assert (tmp_path / name).is_symlink()
        assert written.path == tmp_path / name
        (file,) = (tmp_path / "elsewhere").iterdir()
        assert (file.name, file.stat().st_size) == (name, written.bytes)


@pytest.mark.parametrize("name", NAMES)
def test_no_frames_are_refused_and_leave_no_file(tmp_path, name):
    sink = open_sink(tmp_path / name, 64, 64, 25)
    with pytest.raises(EncodeError, match="at least one frame; got none"):
        sink.finish()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_frame_of_another_size_is_refused(tmp_path, name):
    sink = open_sink(tmp_path / name, 64, 64, 25)
    with pytest.raises(EncodeError, match="every frame must be 64x64 RGBA bytes; got 32x32"):
        sink.write(squares(1, size=32)[0])
    sink.abort()


@pytest.mark.parametrize("name", NAMES)
def test_writing_after_an_abort_fails(tmp_path, name):
    sink = open_sink(tmp_path / name, 64, 64, 25)
    sink.abort()
    with pytest.raises(EncodeError):
        sink.write(squares(1)[0])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_folder_is_made(tmp_path, write, name):
    write(tmp_path / "new" / "folder" / name, squares(2))
    assert len(list((tmp_path / "new" / "folder").iterdir())) in (1, 2)


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_that_cannot_be_made_is_named(tmp_path, name):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(EncodeError, match=r"cannot write .*file"):
        open_sink(tmp_path / "file" / name, 64, 64, 25)


@pytest.mark.parametrize("name", NAMES[:-1])
def test_a_folder_with_the_name_of_the_file_is_refused(tmp_path, name):
    (tmp_path / name).mkdir()
    with pytest.raises(EncodeError, match="must be a file; got the folder"):
        open_sink(tmp_path / name, 64, 64, 25)


@pytest.mark.parametrize("suffix", ENCODERS)
@pytest.mark.parametrize("fps", [0, -1, 1001, float("nan"), float("inf")])
def test_frame_rates_out_of_range_are_refused(suffix, fps):
    with pytest.raises(UsageError, match="fps must be above 0 and at most 1000"):
        ENCODERS[suffix].refuse(64, 64, fps)


@pytest.mark.parametrize(("size", "fix"), [((801, 450), "800x450 or 802x450"), ((1, 1), "2x2")])
def test_h264_names_the_even_sizes_beside_an_odd_one(size, fix):
    with pytest.raises(UsageError, match=f"H.264 needs even width and height; got .*; use {fix}"):
        ENCODERS[".mp4"].refuse(*size, 25)


@pytest.mark.parametrize("suffix", [".gif", ".mp4", ".webm", ".webp"])
def test_sizes_a_format_cannot_hold_are_refused(suffix):
    with pytest.raises(UsageError, match=r"holds at most \d+ pixels a side; got 70000x64"):
        ENCODERS[suffix].refuse(70000, 64, 25)


def test_an_unknown_extension_is_answered_with_the_known_ones():
    with pytest.raises(UsageError, match=r"must be one of .*\.gif.*; got '\.giff'.* Did you mean '\.gif'\?"):
        encoder_for("x.giff")


def test_a_missing_extension_is_told():
    with pytest.raises(UsageError, match="it has none"):
        encoder_for("output/x")


def test_upper_case_extensions_count():
    assert encoder_for("X.GIF") is ENCODERS[".gif"]


def test_a_png_name_without_a_place_for_the_number_is_answered_with_one():
    with pytest.raises(UsageError, match=re.escape("use 'out/x-%04d.png', or `animate still`")):
        encoder_for("out/x.png")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"loop": -1}, "loop must be between 0 and 65535; got -1"),
        ({"colors": 1}, "colors must be between 2 and 256; got 1"),
        ({"quality": float("nan")}, "quality must be between 1 and 100; got nan"),
        ({"threads": 0}, "threads must be between 1 and 64; got 0"),
        ({"crf": 64}, "crf must be between 0 and 63; got 64"),
    ],
)
def test_options_out_of_range_are_refused(options, message):
    with pytest.raises(UsageError, match=message):
        EncodeOptions(**options)


@pytest.mark.parametrize("name", EXACT)
def test_webp_and_apng_are_exact(tmp_path, write, pictures, plot_frames, name):
    written = write(tmp_path / name, plot_frames)
    shown, _ = pictures(tmp_path / name)
    assert len(shown) == written.n_frames == len(plot_frames)
    np.testing.assert_array_equal(shown, plot_frames[..., :3])


@pytest.mark.parametrize("name", EXACT)
def test_webp_and_apng_are_as_long_as_their_frames(tmp_path, write, pictures, name):
    written = write(tmp_path / name, squares(30), fps=30)
    milliseconds = sum(pictures(tmp_path / name)[1])
    assert milliseconds == pytest.approx(1000, abs=1)  # ffmpeg rounds the last delay of a WebP down
    assert written.duration == milliseconds / 1000


@pytest.mark.parametrize("name", EXACT)
def test_equal_frames_become_one_long_one(tmp_path, write, pictures, name):
    frames = np.repeat(squares(2), [3, 2], axis=0)
    written = write(tmp_path / name, frames, fps=10)
    assert pictures(tmp_path / name)[1] == [300, 200]
    assert written.n_frames == 2


@pytest.mark.parametrize("name", EXACT)
@pytest.mark.parametrize("loop", [0, 3])
def test_loop_counts_how_often_it_plays(tmp_path, write, name, loop):
    write(tmp_path / name, squares(2), loop=loop)
    with Image.open(tmp_path / name) as image:
        assert image.info["loop"] == loop


def test_an_apng_holds_a_frame_longer_than_a_delay_can_say(tmp_path, write, pictures):
    write(tmp_path / "x.apng", squares(2), fps=0.01)
    shown, milliseconds = pictures(tmp_path / "x.apng")
    assert sum(milliseconds) == 200_000
    np.testing.assert_array_equal(shown[-1], squares(2)[-1, ..., :3])


def test_a_png_sequence_is_exact_and_counted_from_zero(tmp_path, write, plot_frames):
    write(tmp_path / "x-%03d.png", plot_frames[:3])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x-000.png", "x-001.png", "x-002.png"]
    np.testing.assert_array_equal(np.asarray(Image.open(tmp_path / "x-002.png")), plot_frames[2, ..., :3])


def test_a_png_sequence_keeps_transparency(tmp_path, write):
    frame = squares(1)[0]
    frame[..., 3] = 100
    write(tmp_path / "x-%03d.png", [frame])
    np.testing.assert_array_equal(np.asarray(Image.open(tmp_path / "x-000.png")), frame)


def test_a_shorter_png_sequence_is_not_continued_by_an_older_one(tmp_path, write):
    write(tmp_path / "x-%03d.png", squares(5))
    (tmp_path / "x-900.png").write_bytes(b"not part of it")
    write(tmp_path / "x-%03d.png", squares(2))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x-000.png", "x-001.png", "x-900.png"]


def test_a_poster_is_one_exact_png(tmp_path, plot_frames):
    written = write_png(tmp_path / "poster.png", plot_frames[0])
    assert written.bytes == (tmp_path / "poster.png").stat().st_size
    np.testing.assert_array_equal(np.asarray(Image.open(written.path)), plot_frames[0, ..., :3])
    assert list(tmp_path.iterdir()) == [written.path]
