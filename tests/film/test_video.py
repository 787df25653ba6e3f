"""Videos: what players need, the colors, and an ffmpeg that misbehaves in every way we could think of."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import imageio.v3 as iio
import imageio_ffmpeg
import numpy as np
import pytest

from animate.errors import EncodeError
from animate.film import ffmpeg
from animate.film.decode import probe, read_frames
from animate.film.encoders import OutputFile, open_sink
from animate.film.pipeline import Pipeline

COLORS = [(15, 23, 32), (255, 255, 255), (0, 0, 0), (255, 180, 84), (62, 207, 174), (214, 93, 111), (30, 60, 220)]
BLACK = np.zeros((64, 64, 4), np.uint8)
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins for ffmpeg are shell scripts")


def boxes(path: Path) -> list[str]:
    """Return the kinds of the boxes an MP4 consists of, in order."""
    data, at, kinds = path.read_bytes(), 0, []
    while at < len(data):
        kinds.append(data[at + 4 : at + 8].decode())
        at += int.from_bytes(data[at : at + 4], "big")
    return kinds


def described(path: Path) -> str:
    """Return what ffmpeg says about the video stream of a file."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-i", str(path)]
    said = subprocess.run(command, check=False, capture_output=True, text=True).stderr
    return next(line for line in said.splitlines() if "Video:" in line)


def decode_stills(path: Path) -> list[str]:
    """Return a line for each frame of a video that can be decoded without others."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-skip_frame", "nokey", "-i", str(path)]
    said = subprocess.run([*command, "-f", "framemd5", "-fps_mode", "vfr", "-"], check=True, capture_output=True)
    return re.findall(r"^0,.*", said.stdout.decode(), flags=re.MULTILINE)


@pytest.fixture
def stand_in(tmp_path_factory, monkeypatch):
    """Return a function that puts a shell script in the place of ffmpeg."""

    def stand_in(script: str) -> None:
        path = tmp_path_factory.mktemp("bin") / "ffmpeg"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(path))

    return stand_in


def write_until_it_fails(path: Path) -> str:
    """Return the one line of the error that writing a video to a file ends with."""
    with pytest.raises(EncodeError) as caught:
        write_much(path)
    return str(caught.value)


def write_much(path: Path) -> None:
    sink = open_sink(path, 64, 64, 25)
    try:
        for _ in range(200):
            sink.write(BLACK)
        sink.finish()
        sink.publish()
    finally:
        sink.abort()


@pytest.mark.parametrize("name", ["x.mp4", "x.webm"])
def test_every_frame_is_there_and_the_duration_is_theirs(tmp_path, write, decode, plot_frames, name):
    written = write(tmp_path / name, plot_frames, fps=24)
    assert len(decode(tmp_path / name, 320, 180, fps=24)) == written.n_frames == 24
    assert written.duration == 1.0
    assert iio.immeta(tmp_path / name, plugin="FFMPEG")["duration"] == pytest.approx(1.0, abs=1 / 24)


@pytest.mark.parametrize("name", ["x.mp4", "x.webm"])
def test_plots_come_back_clean(tmp_path, write, decode, psnr, plot_frames, name):
    write(tmp_path / name, plot_frames)
    assert psnr(decode(tmp_path / name, 320, 180), plot_frames) > 32  # yuv420p alone leaves 36


@pytest.mark.parametrize("name", ["x.mp4", "x.webm"])
def test_flat_colors_come_back_within_two_levels(tmp_path, write, decode, name):
    frame = np.full((64, 64 * len(COLORS), 4), 255, np.uint8)
    frame[..., :3] = np.repeat(np.array(COLORS, np.uint8), 64, axis=0)
    write(tmp_path / name, [frame] * 5)
    shown = decode(tmp_path / name, 64 * len(COLORS), 64)[2, 32, 32::64].astype(int)
    np.testing.assert_allclose(shown, COLORS, atol=2)


def test_mp4_is_what_every_browser_plays(tmp_path, write, plot_frames):
    write(tmp_path / "x.mp4", plot_frames)
    for part in ("h264", "yuv420p(tv, bt709", "320x180", "25 fps"):
        assert part in described(tmp_path / "x.mp4")


def test_mp4_begins_with_what_a_player_needs_first(tmp_path, write, plot_frames):
    write(tmp_path / "x.mp4", plot_frames)
    kinds = boxes(tmp_path / "x.mp4")
    assert kinds.index("moov") < kinds.index("mdat")


def test_a_player_can_seek_to_within_five_seconds(tmp_path, write):
    write(tmp_path / "x.mp4", [BLACK] * 110, fps=10)
    assert len(decode_stills(tmp_path / "x.mp4")) == 3


@pytest.mark.parametrize("name", ["x.mp4", "x.webm", "x.webp"])
def test_the_same_frames_give_the_same_bytes(tmp_path, write, plot_frames, name):
    first, second = (write(tmp_path / f"{number}{name}", plot_frames).path.read_bytes() for number in range(2))
    assert first == second


def test_tags_are_written_only_when_given(tmp_path, write):
    write(tmp_path / "a.mp4", [BLACK] * 3)
    write(tmp_path / "b.mp4", [BLACK] * 3, metadata=(("title", "Descent"),))
    assert b"Descent" not in (tmp_path / "a.mp4").read_bytes()
    assert b"Descent" in (tmp_path / "b.mp4").read_bytes()


def test_extra_arguments_win(tmp_path, write, plot_frames):
    small = write(tmp_path / "a.mp4", plot_frames, extra_args=("-crf", "40"))
    assert small.bytes < write(tmp_path / "b.mp4", plot_frames).bytes


def test_another_codec_can_be_named(tmp_path, write, plot_frames):
    write(tmp_path / "x.mp4", plot_frames, codec="mpeg4")
    assert "mpeg4" in described(tmp_path / "x.mp4")


def test_a_bitrate_replaces_constant_quality(tmp_path, write, plot_frames):
    sizes = [write(tmp_path / f"{rate}.mp4", plot_frames, bitrate=rate).bytes for rate in (50, 1000)]
    assert sizes[0] < sizes[1]


def test_transparency_is_composited_on_white(tmp_path, write, decode):
    write(tmp_path / "x.mp4", [BLACK] * 3)
    assert decode(tmp_path / "x.mp4", 64, 64).min() >= 253


def test_a_path_that_looks_like_a_protocol_is_a_file(tmp_path, write, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(Path("pipe:2.mp4"), [BLACK] * 3)
    assert Path("pipe:2.mp4").stat().st_size > 0


@posix_only
def test_a_missing_ffmpeg_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(tmp_path / "nowhere" / "ffmpeg"))
    assert "nowhere/ffmpeg: No such file" in write_until_it_fails(tmp_path / "x.mp4")
    assert list(tmp_path.iterdir()) == []


@posix_only
def test_an_ffmpeg_that_ends_at_once_is_quoted(tmp_path, stand_in):
    stand_in("echo first >&2; echo 'Unknown encoder libx264' >&2; exit 3")
    assert write_until_it_fails(tmp_path / "x.mp4") == "ffmpeg failed with exit code 3: Unknown encoder libx264"
    assert list(tmp_path.iterdir()) == []


@posix_only
def test_a_full_disk_is_quoted(tmp_path, stand_in):
    stand_in("cat >/dev/null; echo 'av_interleaved_write_frame(): No space left on device' >&2; exit 228")
    assert "No space left on device" in write_until_it_fails(tmp_path / "x.mp4")
    assert list(tmp_path.iterdir()) == []


@posix_only
def test_an_ffmpeg_killed_half_way_is_told(tmp_path, stand_in):
    stand_in("head -c 100000 >/dev/null; kill -9 $$")
    assert "was killed by signal 9" in write_until_it_fails(tmp_path / "x.mp4")
    assert list(tmp_path.iterdir()) == []


@posix_only
def test_an_ffmpeg_that_hangs_is_ended_with_all_it_started(tmp_path, stand_in, monkeypatch):
    monkeypatch.setattr(ffmpeg, "STALL_SECONDS", 0.4)
    stand_in(f"sleep 60 & echo $! > {tmp_path / 'pid'}; sleep 60")
    began = time.monotonic()
    assert "made no progress" in write_until_it_fails(tmp_path / "x.mp4")
    assert time.monotonic() - began < 20
    assert has_ended(int((tmp_path / "pid").read_text()))


@posix_only
def test_an_ffmpeg_that_never_ends_is_ended(tmp_path, stand_in, monkeypatch):
    monkeypatch.setattr(ffmpeg, "STALL_SECONDS", 0.4)
    stand_in("cat >/dev/null; sleep 60")
    assert "made no progress" in write_until_it_fails(tmp_path / "x.mp4")


@posix_only
@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("name", ["start", "ffmpeg_program"])
def test_an_interrupt_while_ffmpeg_is_started_leaves_neither_it_nor_a_file(tmp_path, monkeypatch, name):
    begin, begun = getattr(ffmpeg, name), []

    def interrupted(*args):
        begun.append(begin(*args))
        signal.raise_signal(signal.SIGINT)
        return begun[0]

    monkeypatch.setattr(ffmpeg, name, interrupted)
    with pytest.raises(KeyboardInterrupt):
        Pipeline.open([tmp_path / "x.gif", tmp_path / "x.mp4"], 64, 64, 25)
    assert list(tmp_path.iterdir()) == []
    assert name != "start" or not is_running(begun[0].pid)


@posix_only
@pytest.mark.parametrize("look", [probe, lambda path: list(read_frames(OutputFile(path, 3, 64, 64, 1, 25.0, 1.0)))])
def test_an_ffmpeg_that_reads_a_file_and_hangs_is_ended(tmp_path, stand_in, monkeypatch, look):
    monkeypatch.setattr(ffmpeg, "STALL_SECONDS", 0.4)
    stand_in(f"echo $$ > {tmp_path / 'pid'}; exec sleep 60")
    (tmp_path / "x.mp4").write_bytes(b"mp4")
    with pytest.raises(EncodeError, match=r"ffmpeg hung: .* 0\.4 s"):
        look(tmp_path / "x.mp4")
    assert not is_running(int((tmp_path / "pid").read_text()))


@posix_only
def test_an_ffmpeg_that_talks_much_does_not_block(tmp_path, stand_in):
    stand_in(
        "i=0; while [ $i -lt 3000 ]; do echo 'a warning that fills the pipe of stderr' >&2; i=$((i+1)); done; exit 1"
    )
    assert "a warning" in write_until_it_fails(tmp_path / "x.mp4")


@posix_only
def test_aborting_frees_a_thread_that_waits_for_ffmpeg(tmp_path, stand_in):
    stand_in("sleep 60")
    sink = open_sink(tmp_path / "x.mp4", 64, 64, 25)
    errors: list[str] = []

    def feed() -> None:
        try:
            while True:
                sink.write(BLACK)
        except EncodeError as error:
            errors.append(str(error))

    thread = threading.Thread(target=feed)
    thread.start()
    time.sleep(0.3)
    sink.abort()
    thread.join(timeout=10)
    assert not thread.is_alive()
    assert errors
    assert list(tmp_path.iterdir()) == []


@posix_only
def test_ctrl_c_in_the_terminal_does_not_reach_ffmpeg(tmp_path):
    sink = open_sink(tmp_path / "x.mp4", 64, 64, 25)
    assert os.getsid(sink._ffmpeg._process.pid) != os.getsid(0)
    sink.abort()


@posix_only
def test_ffmpeg_ends_when_python_is_killed_and_no_file_appears(tmp_path):
    script = (
        "import os, sys, numpy as np; from animate.film.encoders import open_sink\n"
        f"sink = open_sink({str(tmp_path / 'x.mp4')!r}, 64, 64, 25)\n"
        "for _ in range(30): sink.write(np.zeros((64, 64, 4), np.uint8))\n"
        "print(sink._ffmpeg._process.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    root = Path(__file__).parents[2]
    killed = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True, text=True, cwd=root)
    pid = int(killed.stdout)
    assert has_ended(pid)
    assert not (tmp_path / "x.mp4").exists()


def has_ended(pid: int) -> bool:
    """Return whether a process has ended, after some patience: who is killed is not gone at once."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and is_running(pid):
        time.sleep(0.05)
    return not is_running(pid)


def is_running(pid: int) -> bool:
    """Return whether a process is there and more than the remains of one."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not (stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z")
