"""What happens to a render on a hostile machine: the old file stays or the new one is whole, and the next run works."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.trust.conftest import Run, Start, is_whole, leftovers, processes_below

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals, limits and permissions are those of POSIX")

LONG = ("render", "lesson", "--set", "seconds=600", "--preset", "draft", "-o", "old.gif", "-o", "old.mp4")
SHORT = ("render", "lesson", "--preset", "draft", "-o", "old.gif", "-o", "old.mp4")
# seconds after the start, or after a temporary file is there
EARLY, LATE = (0.2, 0.5, 0.8), (0.0, 0.2)


def wait_for_leftovers(process: subprocess.Popen[str], folder: Path) -> None:
    while process.poll() is None and not leftovers(folder):
        time.sleep(0.02)


def gone(folder: Path) -> list[str]:
    """Return the processes of a folder that are still there after some patience."""
    for _ in range(100):
        if not processes_below(folder):
            return []
        time.sleep(0.1)
    return processes_below(folder)


def is_old_or_whole(path: Path) -> bool:
    """Return whether a file is as it was, or the new one and whole: files of one render appear one by one."""
    return path.read_bytes() == b"old" or is_whole(path)


def check_works(run: Run, folder: Path) -> None:
    result = run(*SHORT)
    assert (result.returncode, result.stderr) == (0, "")
    assert is_whole(folder / "old.gif")
    assert leftovers(folder) == []


def stopped(start: Start, folder: Path, number: int, moment: tuple[str, float], jobs: int) -> tuple[int, str]:
    """Return the status and the message of a render that gets a signal at a moment."""
    process = start(*LONG, "--jobs", jobs)
    when, seconds = moment
    if when == "writing":
        wait_for_leftovers(process, folder)
    time.sleep(seconds)
    process.send_signal(number)
    output, errors = process.communicate(timeout=60)
    assert output == ""
    return process.returncode, errors


MOMENTS = [*(("starting", seconds) for seconds in EARLY), *(("writing", seconds) for seconds in LATE)]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_an_interrupt_at_any_moment_leaves_the_old_file_and_nothing_else(
    start: Start, run: Run, scene: Path, number: int
) -> None:
    for index, moment in enumerate(MOMENTS[number == signal.SIGTERM :: 2]):
        status, errors = stopped(start, scene, number, moment, jobs=1 + index % 2)
        # Python ends by the signal itself where the interrupt fell into code that an import executes
        assert status in (1, -signal.SIGINT, -number), moment
        assert errors in ("error: interrupted\n", ""), moment
        assert (scene / "old.gif").read_bytes() == b"old"
        assert leftovers(scene) == []
    assert gone(scene) == []
    check_works(run, scene)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_killed_render_leaves_the_old_file_and_the_next_one_tidies_up(
    start: Start, run: Run, scene: Path, jobs: int
) -> None:
    for moment in MOMENTS[3:]:
        status, _ = stopped(start, scene, signal.SIGKILL, moment, jobs)
        assert status == -signal.SIGKILL
        assert (scene / "old.gif").read_bytes() == b"old"
    assert gone(scene) == []
    check_works(run, scene)


def test_a_render_tidies_up_after_the_dead_only(run: Run, scene: Path, start: Start) -> None:
    process = start(*LONG)
    wait_for_leftovers(process, scene)
    theirs = leftovers(scene)
    assert run("render", "lesson", "--preset", "draft", "-o", "old.gif").returncode == 0
    assert set(theirs) <= set(leftovers(scene))
    process.kill()
    process.communicate()
    check_works(run, scene)


def test_a_killed_sequence_of_pictures_is_tidied_up_too(run: Run, scene: Path, start: Start) -> None:
    process = start("render", "lesson", "--set", "seconds=600", "--preset", "draft", "-o", "frames/%04d.png")
    while process.poll() is None and not (scene / "frames").is_dir():
        time.sleep(0.02)
    time.sleep(0.3)
    process.kill()
    process.communicate()
    assert leftovers(scene / "frames") != []
    assert run("render", "lesson", "--preset", "draft", "-o", "frames/%04d.png").returncode == 0
    assert leftovers(scene / "frames") == []


FFMPEGS = {
    "fails": "cat >/dev/null; echo 'Unknown encoder' >&2; exit 1",
    "dies half way": "head -c 100000 >/dev/null; kill -9 $$",
    "writes garbage and fails": 'for last; do :; done; head -c 5000 /dev/urandom > "${last#file:}"; exit 3',
    "is no program": None,
}


@pytest.mark.parametrize("kind", FFMPEGS)
def test_an_ffmpeg_that_misbehaves_is_one_line_and_the_old_files_stay(run: Run, scene: Path, kind: str) -> None:
    (scene / "old.mp4").write_bytes(b"old")
    program, text = scene / "ffmpeg", FFMPEGS[kind]
    program.write_text("not a program" if text is None else f"#!/bin/sh\n{text}\n")
    program.chmod(0o755 if text else 0o644)
    result = run(*SHORT, env={"IMAGEIO_FFMPEG_EXE": str(program)})
    assert (result.returncode, result.stdout) == (1, "")
    [line] = result.stderr.splitlines()
    assert "ffmpeg" in line
    assert (scene / "old.mp4").read_bytes() == b"old"
    assert is_old_or_whole(scene / "old.gif")
    assert leftovers(scene) == []
    check_works(run, scene)


def limited(kind: int, size: int) -> Callable[[], None]:
    """Return what limits a process that is about to start."""
    return lambda: resource.setrlimit(kind, (size, size))


@pytest.mark.parametrize("name", ["old.gif", "old.mp4", "old.apng", "old.html", "frames/%04d.png"])
def test_a_file_that_may_not_grow_is_one_line_and_leaves_nothing(run: Run, scene: Path, name: str) -> None:
    result = run("render", "lesson", "--preset", "draft", "-o", name, preexec_fn=limited(resource.RLIMIT_FSIZE, 2000))
    assert (result.returncode, result.stdout) == (1, "")
    assert len(result.stderr.splitlines()) == 1
    assert "internal error" not in result.stderr
    assert leftovers((scene / name).parent) == []
    assert (scene / "old.gif").read_bytes() == b"old"


def test_a_full_disk_is_one_line_and_the_old_file_stays(run: Run, scene: Path) -> None:
    mount = shutil.which("mount")
    if mount is None or os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    (scene / "disk").mkdir()
    command = [mount, "-t", "tmpfs", "-o", "size=16k", "tmpfs", "disk"]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        (scene / "disk/old.gif").write_bytes(b"old")
        for suffix in ("gif", "mp4"):
            result = run("render", "lesson", "--set", "seconds=2", "-o", "disk/old.gif", "-o", f"disk/new.{suffix}")
            assert (result.returncode, len(result.stderr.splitlines())) == (1, 1)
            assert [path.name for path in (scene / "disk").iterdir()] == ["old.gif"]
        assert (scene / "disk/old.gif").read_bytes() == b"old"
    finally:
        subprocess.run(["umount", "disk"], check=True)


def as_nobody() -> None:
    """Give up the rights of root, for whom no folder is read-only."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)


def test_a_read_only_folder_is_one_line(run: Run, scene: Path) -> None:
    (scene / "closed").mkdir(mode=0o555)
    if os.geteuid() == 0:
        pytest.skip("for root no folder is read-only")
    result = run("render", "lesson", "--preset", "draft", "-o", "closed/new.gif")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "error: cannot write 'closed/new.gif': Permission denied\n"


def test_neither_a_home_nor_a_cache_folder_is_needed(run: Run, scene: Path) -> None:
    nowhere = {"HOME": "/nonexistent", "XDG_CACHE_HOME": "/proc/nonexistent", "MPLCONFIGDIR": "/proc/nonexistent"}
    result = run(*SHORT, env=nowhere)
    assert result.returncode == 0
    assert "Traceback" not in result.stderr
    assert is_whole(scene / "old.gif")


def test_no_home_at_all_and_a_c_locale_are_enough(run: Run, scene: Path) -> None:
    result = run(*SHORT, env={"HOME": None, "LC_ALL": "C", "LANG": None, "PYTHONUTF8": "0", "TERM": None})
    assert (result.returncode, result.stderr) == (0, "")
    assert is_whole(scene / "old.gif")


@pytest.mark.parametrize("args", [("list",), ("show", "linear_sgd_vs_batch"), ("doctor",), ("--help",)], ids=" ".join)
def test_texts_can_be_printed_in_a_c_locale(run: Run, args: tuple[str, ...]) -> None:
    result = run(*args, env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"})
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize("closed", ["stdout", "both"])
def test_a_closed_pipe_is_no_traceback_and_the_file_is_whole(start: Start, scene: Path, closed: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ends = {name: writing for name in ("stdout", "stderr") if closed in (name, "both")}
    with start(*SHORT, **ends) as process:
        os.close(writing)
        told = "".join(stream.read() for stream in (process.stdout, process.stderr) if stream is not None)
    assert "Traceback" not in told
    assert "Exception ignored" not in told
    assert is_whole(scene / "old.gif")
    assert leftovers(scene) == []


def test_streams_that_are_not_open_at_all_do_not_matter(scene: Path, start: Start) -> None:
    command = [sys.executable, "-m", "animate", *SHORT]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    shell = ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *command]
    assert subprocess.run(shell, env=environment, check=False).returncode == 0
    assert is_whole(scene / "old.gif")


def test_half_a_gigabyte_is_enough_for_a_draft(run: Run, scene: Path) -> None:
    # of addresses, not of memory: what threads reserve counts too
    result = run(
        *SHORT,
        env={"OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"},
        preexec_fn=limited(resource.RLIMIT_AS, 512 * 2**20),
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert is_whole(scene / "old.gif")


def test_too_little_memory_leaves_the_old_file_or_the_new_one_whole(run: Run, scene: Path) -> None:
    # one thread: OpenBLAS may wait for ever for others that found no memory to begin in
    one = {"OPENBLAS_NUM_THREADS": "1"}
    result = run(*SHORT, env=one, preexec_fn=limited(resource.RLIMIT_AS, 180 * 2**20))
    assert result.returncode != 0
    assert is_old_or_whole(scene / "old.gif")
    check_works(run, scene)  # which also tidies up, should a library have ended the process
