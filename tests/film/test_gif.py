"""GIFs, read back with Pillow and with ffmpeg."""

from __future__ import annotations

import tracemalloc
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import imageio.v3 as iio
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from animate.errors import EncodeError
from animate.film.encoders import ENCODERS, open_sink
from animate.film.formats import gif as gif_file
from animate.film.formats.gif import start_cs
from animate.film.formats.gif_quantizer import FrameSpool, measure
from animate.film.formats.palette import ColorTable


def flat(*colors: tuple[int, int, int], size: int = 8) -> np.ndarray:
    """Return one frame for each color, of that color alone."""
    frames = np.full((len(colors), size, size, 4), 255, np.uint8)
    frames[..., :3] = np.array(colors, np.uint8)[:, None, None]
    return frames


def blinking(n_frames: int) -> np.ndarray:
    return flat(*[(10 * (number % 2), 0, 0) for number in range(n_frames)])


def rectangles(path: Path) -> list[tuple[int, int, int, int]]:
    """Return left, top, width and height of each image in a GIF, read from its blocks."""
    return [(image.left, image.top, image.width, image.height) for image in images(path)]


def images(path: Path) -> list[SimpleNamespace]:
    """Return the image descriptors of a GIF, walking its blocks as the specification has them."""
    data = path.read_bytes()
    found, at = [], 13 + 3 * 2 ** ((data[10] & 7) + 1)
    while data[at] != 0x3B:
        if data[at] == 0x2C:
            left, top, width, height = (int.from_bytes(data[at + i : at + i + 2], "little") for i in (1, 3, 5, 7))
            n_local = 2 ** ((data[at + 9] & 7) + 1) if data[at + 9] & 0x80 else 0
            found.append(SimpleNamespace(left=left, top=top, width=width, height=height, n_local=n_local))
            at += 11 + 3 * n_local
        else:
            at += 2
        while data[at]:
            at += data[at] + 1
        at += 1
    return found


def test_thirty_frames_a_second_have_delays_of_3_3_4_centiseconds(tmp_path, write, pictures):
    write(tmp_path / "x.gif", blinking(6), fps=30)
    assert pictures(tmp_path / "x.gif")[1] == [30, 30, 40, 30, 30, 40]


@pytest.mark.parametrize("fps", [60, 100, 1000])
def test_above_fifty_frames_a_second_every_frame_is_shown_for_two_centiseconds(tmp_path, write, pictures, fps):
    written = write(tmp_path / "x.gif", flat(*[(number, 0, 0) for number in range(60)]), fps=fps)
    shown, delays = pictures(tmp_path / "x.gif")
    assert shown[:, 0, 0, 0].tolist() == list(range(60))
    assert set(delays) == {20}
    assert written.duration == 1.2


def test_a_rate_above_fifty_is_said_in_one_line():
    assert ENCODERS[".gif"].notice(50) is None
    assert "at 60 fps every frame stays 0.02 s, so it plays 1.2 times as long" in ENCODERS[".gif"].notice(60)


@given(st.fractions(Fraction(1, 10), 50), st.integers(1, 500))
def test_a_gif_is_as_long_as_its_frames_to_one_frame(fps, n_frames):
    assert abs(Fraction(start_cs(n_frames, fps), 100) - n_frames / fps) < max(1 / fps, Fraction(2, 100))


@given(st.fractions(Fraction(1, 10), 240), st.integers(0, 500))
def test_no_delay_is_one_that_players_do_not_believe(fps, frame):
    assert start_cs(frame + 1, fps) - start_cs(frame, fps) not in (1,)


def test_equal_frames_become_one_long_one(tmp_path, write, pictures):
    frames = flat((1, 2, 3), (1, 2, 3), (1, 2, 3), (9, 9, 9), (9, 9, 9))
    written = write(tmp_path / "x.gif", frames, fps=10)
    assert pictures(tmp_path / "x.gif")[1] == [300, 200]
    assert (written.n_frames, written.duration) == (2, 0.5)


def test_a_still_animation_is_one_picture_of_its_whole_length(tmp_path, write):
    write(tmp_path / "x.gif", flat(*[(1, 2, 3)] * 40), fps=20)
    with Image.open(tmp_path / "x.gif") as image:
        assert (image.n_frames, image.info["duration"]) == (1, 2000)


def test_a_frame_longer_than_a_delay_can_say_is_held_by_several(tmp_path, write, pictures):
    frames = flat((1, 2, 3), (9, 9, 9))
    written = write(tmp_path / "x.gif", frames, fps=0.001)
    shown, milliseconds = pictures(tmp_path / "x.gif")
    assert sum(milliseconds) == 2_000_000
    assert written.n_frames == len(milliseconds) == 4
    assert [tuple(frame[3, 3]) for frame in shown] == [(1, 2, 3), (1, 2, 3), (9, 9, 9), (9, 9, 9)]


def test_each_frame_is_shown_exactly_where_the_colors_fit_one_palette(tmp_path, write, decode):
    frames = np.random.default_rng(0).choice(np.array([0, 90, 255], np.uint8), (12, 30, 40, 4))
    frames[..., 3] = 255
    write(tmp_path / "x.gif", frames)
    np.testing.assert_array_equal(decode(tmp_path / "x.gif", 40, 30), frames[..., :3])


def test_flat_areas_are_exact_among_thousands_of_colors(tmp_path, write, decode):
    frames = np.full((6, 64, 96, 4), 255, np.uint8)
    frames[..., :3] = (15, 23, 32)
    frames[..., :20, :3] = (17, 23, 32)  # so near that a careless palette joins the two
    noise = np.random.default_rng(0).integers(0, 256, (6, 64, 40, 3), dtype=np.uint8)
    frames[:, :, 56:, :3] = noise
    frames[3:, :, 30:40, :3] = (200, 60, 90)
    write(tmp_path / "x.gif", frames)
    np.testing.assert_array_equal(decode(tmp_path / "x.gif", 96, 64)[:, :, :56], frames[:, :, :56, :3])


def test_pillow_and_ffmpeg_see_the_same_pixels(tmp_path, write, decode, pictures, plot_frames):
    write(tmp_path / "x.gif", plot_frames)
    by_ffmpeg, (by_pillow, _) = decode(tmp_path / "x.gif", 320, 180), pictures(tmp_path / "x.gif")
    np.testing.assert_array_equal(by_ffmpeg, by_pillow)


def test_plots_take_far_fewer_bytes_than_pillows_at_its_psnr_or_better(tmp_path, write, decode, psnr, plot_frames):
    write(tmp_path / "ours.gif", plot_frames)
    stock = [Image.fromarray(frame).convert("RGB") for frame in plot_frames]
    stock[0].save(tmp_path / "pillow.gif", save_all=True, append_images=stock[1:], duration=40, loop=0)
    ours, pillows = (decode(tmp_path / name, 320, 180) for name in ("ours.gif", "pillow.gif"))
    assert (tmp_path / "ours.gif").stat().st_size < 0.6 * (tmp_path / "pillow.gif").stat().st_size
    assert psnr(ours, plot_frames) > psnr(pillows, plot_frames)


def test_only_the_changed_rectangle_is_coded(tmp_path, write):
    frames = np.repeat(flat((0, 0, 0), size=50), 2, axis=0)
    frames[1, 7:9, 5:11, 0] = 200
    write(tmp_path / "x.gif", frames)
    assert rectangles(tmp_path / "x.gif") == [(0, 0, 50, 50), (5, 7, 6, 2)]


@pytest.mark.parametrize(("loop", "stored"), [(0, 0), (1, None), (3, 2)])
def test_loop_counts_how_often_it_plays(tmp_path, write, loop, stored):
    write(tmp_path / "x.gif", blinking(2), loop=loop)
    with Image.open(tmp_path / "x.gif") as image:
        assert image.info.get("loop") == stored  # the file counts repetitions after the first play


def test_the_same_frames_give_the_same_bytes(tmp_path, write, plot_frames):
    write(tmp_path / "a.gif", plot_frames)
    write(tmp_path / "b.gif", plot_frames)
    assert (tmp_path / "a.gif").read_bytes() == (tmp_path / "b.gif").read_bytes()


def test_higher_quality_is_nearer_and_larger(tmp_path, write, decode, psnr, plot_frames):
    low, high = (write(tmp_path / f"{quality}.gif", plot_frames, quality=quality) for quality in (50, 100))
    assert low.bytes < high.bytes
    near = [psnr(decode(written.path, 320, 180), plot_frames) for written in (low, high)]
    assert near[0] < near[1]


def test_imageio_reads_the_pixels_that_ffmpeg_reads(tmp_path, write, decode, plot_frames):
    write(tmp_path / "x.gif", plot_frames)
    np.testing.assert_array_equal(iio.imread(tmp_path / "x.gif"), decode(tmp_path / "x.gif", 320, 180))


def test_no_picture_has_more_colors_than_allowed(tmp_path, write, plot_frames, pictures):
    write(tmp_path / "x.gif", plot_frames, colors=16)
    with Image.open(tmp_path / "x.gif") as image:
        assert len(image.getpalette() or ()) <= 3 * 16
    assert all(image.n_local <= 16 for image in images(tmp_path / "x.gif"))
    assert len(np.unique(pictures(tmp_path / "x.gif")[0][0].reshape(-1, 3), axis=0)) <= 15


@pytest.mark.parametrize("colors", [2, 3, 4, 5, 255, 256])
def test_any_number_of_colors_gives_a_file_that_both_decoders_read_alike(
    tmp_path, write, decode, pictures, plot_frames, colors
):
    write(tmp_path / "x.gif", plot_frames[:4], colors=colors)
    by_ffmpeg, (by_pillow, _) = decode(tmp_path / "x.gif", 320, 180), pictures(tmp_path / "x.gif")
    np.testing.assert_array_equal(by_ffmpeg[: len(by_pillow)], by_pillow)


def test_transparency_after_an_opaque_frame_is_composited_on_white(tmp_path, write, pictures):
    frames = flat((0, 0, 0), (200, 100, 0))
    frames[1, ..., 3] = 51
    write(tmp_path / "x.gif", frames)
    assert tuple(pictures(tmp_path / "x.gif")[0][1, 0, 0]) == (244, 224, 204)  # 0.2 of the color, 0.8 of white


def test_changing_a_frame_after_it_was_written_changes_nothing(tmp_path, plot_frames, write):
    write(tmp_path / "a.gif", plot_frames, fps=60)
    sink = open_sink(tmp_path / "b.gif", 320, 180, 60)
    for frame in plot_frames:
        reused = frame.copy()
        sink.write(reused)
        reused[:] = 77
    sink.finish()
    sink.publish()
    assert (tmp_path / "a.gif").read_bytes() == (tmp_path / "b.gif").read_bytes()


def test_memory_does_not_grow_with_the_number_of_frames(tmp_path):
    def peak(n_frames: int) -> int:
        rng = np.random.default_rng(0)
        frame = np.full((120, 160, 4), 255, np.uint8)
        tracemalloc.start()
        sink = open_sink(tmp_path / "x.gif", 160, 120, 25)
        for _ in range(n_frames):
            frame[:40, :, :3] = 4 * rng.integers(0, 12, (40, 160, 3), dtype=np.uint8)
            sink.write(frame)
        sink.finish()
        sink.publish()
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(5)  # what is loaded once is not counted
    assert peak(300) < 1.2 * peak(100)


def test_no_frames_are_refused_and_leave_no_file(tmp_path):
    sink = open_sink(tmp_path / "x.gif", 8, 8, 25)
    with pytest.raises(EncodeError, match="at least one frame"):
        sink.finish()
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_named_and_leaves_no_file(tmp_path, monkeypatch):
    def full(**_: object) -> object:
        return Path("/dev/full").open("r+b", buffering=0)

    monkeypatch.setattr("animate.film.formats.gif_quantizer.tempfile.TemporaryFile", full)
    sink = open_sink(tmp_path / "x.gif", 8, 8, 25)
    with pytest.raises(EncodeError, match="No space left on device"):
        sink.write(blinking(1)[0])
    sink.abort()
    assert list(tmp_path.iterdir()) == []


def test_failing_compression_leaves_no_file(tmp_path, monkeypatch):
    def broken(_: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(gif_file, "image_data", broken)
    sink = open_sink(tmp_path / "x.gif", 8, 8, 25)
    sink.write(blinking(1)[0])
    with pytest.raises(EncodeError, match="No space left on device"):
        sink.finish()
    assert list(tmp_path.iterdir()) == []


@given(st.integers(1, 12), st.integers(0, 2**32 - 1))
def test_pixels_stay_for_all_frames_taken_together(n_frames, seed):
    rng = np.random.default_rng(seed)
    frames = rng.integers(0, 3, (n_frames, 20)).astype(np.uint32) + 1
    table, before = ColorTable(), np.zeros(20, np.uint32)
    spool = FrameSpool(Path.cwd(), 20)
    for number, frame in enumerate(frames):
        places = np.flatnonzero(frame != before)
        if len(places):
            spool.append(number, places, frame[places])
            table.add(frame[places])
            before = frame
    table.merge()
    usage = measure(spool, table, 20, n_frames)
    first = spool[0]
    counted = np.bincount(frames.ravel(), minlength=4)[table.colors]
    np.testing.assert_array_equal(usage.seen + np.bincount(first.colors, first.stays, len(table.colors)), counted)
    spool.close()
