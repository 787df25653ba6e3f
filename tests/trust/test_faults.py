"""What happens on a hostile machine: the old files stay or the new ones are whole, and the next run works."""

from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib import font_manager

from tests.trust.conftest import Run, Start, is_old_or_whole, is_whole, leftovers

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals, limits and permissions are those of POSIX")

LONG = ("render", "lesson", "--set", "seconds=600", "--preset", "draft", "-o", "old.gif", "-o", "old.mp4")
SHORT = ("render", "lesson", "--preset", "draft", "-o", "old.gif", "-o", "old.mp4")
BUILD = ("build", "--preset", "draft", "--format", "gif,mp4")


def begun(process: subprocess.Popen[str], folder: Path) -> set[str]:
    """Return the names of both files that a running render has begun, once it has."""
    while process.poll() is None and len(found := list(folder.glob(".old.*"))) < 2:
        time.sleep(0.02)
    return {path.name for path in found}


def check_works(run: Run, folder: Path) -> None:
    result = run(*SHORT)
    assert (result.returncode, result.stderr) == (0, "")
    assert is_whole(folder / "old.gif")
    assert leftovers(folder) == []


def test_a_render_tidies_up_after_the_dead_only(run: Run, scene: Path, start: Start) -> None:
    process = start(*LONG)
    theirs = begun(process, scene)
    assert run("render", "lesson", "--preset", "draft", "-o", "old.gif").returncode == 0
    assert theirs <= set(leftovers(scene))
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
    "writes garbage and ends well": 'for last; do :; done; cat >/dev/null; head -c 5000 /dev/urandom > "${last#file:}"',
    "is no program": None,
}


@pytest.fixture(params=FFMPEGS)
def bad_ffmpeg(scene: Path, request: pytest.FixtureRequest) -> dict[str, str]:
    """Return the environment in which ffmpeg is a program that misbehaves."""
    program, text = scene / "ffmpeg", FFMPEGS[request.param]
    program.write_text("not a program" if text is None else f"#!/bin/sh\n{text}\n")
    program.chmod(0o755 if text else 0o644)
    return {"IMAGEIO_FFMPEG_EXE": str(program)}


def test_an_ffmpeg_that_misbehaves_is_one_line_and_all_old_files_stay(
    run: Run, scene: Path, bad_ffmpeg: dict[str, str]
) -> None:
    (scene / "old.mp4").write_bytes(b"old")
    result = run(*SHORT, env=bad_ffmpeg)
    assert (result.returncode, result.stdout) == (1, "")
    [line] = result.stderr.splitlines()
    assert "ffmpeg" in line
    assert [(scene / name).read_bytes() for name in ("old.gif", "old.mp4")] == [b"old", b"old"]
    assert leftovers(scene) == []


@pytest.mark.parametrize("bad_ffmpeg", ["dies half way", "writes garbage and ends well"], indirect=True)
def test_an_ffmpeg_that_misbehaves_is_told_of_each_scene_of_a_build(
    run: Run, scene: Path, bad_ffmpeg: dict[str, str]
) -> None:
    result = run(*BUILD, env=bad_ffmpeg)
    assert (result.returncode, result.stdout) == (1, "")
    lines = result.stderr.splitlines()
    assert (lines[0].startswith("lesson: "), lines[1:]) == (True, ["error: 1 of 1 scene failed"])
    assert not list((scene / "output").glob("*.mp4"))
    assert (leftovers(scene), leftovers(scene / "output")) == ([], [])


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


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[Path]:
    """Give a small disk of its own, mounted in a folder; skip the test where that is not allowed."""
    mount, place = shutil.which("mount"), folder / "disk"
    if mount is None or os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    place.mkdir()
    command = [mount, "-t", "tmpfs", "-o", options, "tmpfs", place]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", place], check=True)


@pytest.mark.parametrize(
    ("size", "more"),
    [
        ("16k", ("-o", "disk/new.gif")),
        ("40k", ("-o", "disk/new.mp4")),
        ("40k", ("-o", "disk/new.apng", "--jobs", 2)),
    ],
    ids=["gif", "mp4", "apng by two"],
)
def test_a_full_disk_is_one_line_and_the_old_file_stays(
    run: Run, scene: Path, size: str, more: tuple[object, ...]
) -> None:
    with mounted(scene, f"size={size}") as disk:
        (disk / "old.gif").write_bytes(b"old")
        result = run("render", "lesson", "--set", "seconds=2", "-o", "disk/old.gif", *more)
        assert (result.returncode, result.stdout) == (1, "")
        assert re.fullmatch(r"error: cannot write '\S+': No space left on device\n", result.stderr)
        assert {path.name: path.read_bytes() for path in disk.iterdir()} == {"old.gif": b"old"}


def test_a_disk_that_is_full_for_a_build_is_told_and_a_larger_one_then_suffices(run: Run, scene: Path) -> None:
    with mounted(scene, "size=28k") as disk:
        result = run(*BUILD, "-o", "disk")
        assert (result.returncode, result.stdout) == (1, "")
        assert "No space left on device" in result.stderr
        assert "internal error" not in result.stderr
        assert all(is_whole(path) for path in disk.iterdir() if path.suffix in (".gif", ".mp4"))
        assert leftovers(disk) == []
        subprocess.run(["mount", "-o", "remount,size=4m", disk], check=True)
        assert run(*BUILD, "-o", "disk").returncode == 0
        assert is_whole(disk / "lesson.gif")


def test_a_disk_that_is_full_for_a_new_scene_is_one_line_and_leaves_no_half_script(run: Run, scene: Path) -> None:
    with mounted(scene, "size=4k") as disk:
        (disk / "all").write_bytes(bytes(4096))
        result = run("new", "mine", "--scenes", "disk")
        told = "error: disk/mine.py: No space left on device\n"
        assert (result.returncode, result.stdout, result.stderr) == (1, "", told)
        assert [path.name for path in disk.iterdir()] == ["all"]


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ((*SHORT[:4], "-o", "disk/new.gif"), "error: cannot write 'disk/new.gif': Read-only file system\n"),
        ((*BUILD, "-o", "disk"), "error: cannot write to 'disk': Read-only file system.\n"),
    ],
    ids=["render", "build"],
)
def test_a_read_only_folder_is_one_line(run: Run, scene: Path, command: tuple[str, ...], told: str) -> None:
    with mounted(scene, "ro"):
        result = run(*command)
    assert (result.returncode, result.stdout, result.stderr) == (1, "", told)


def own_fonts(config: Path) -> None:
    """Make a configuration of matplotlib that knows no fonts but its own."""
    fonts = font_manager.FontManager()
    own = str(Path(mpl.get_data_path()))
    fonts.ttflist = [entry for entry in fonts.ttflist if entry.fname.startswith(own)]
    assert fonts.ttflist
    config.mkdir()
    font_manager.json_dump(fonts, config / f"fontlist-v{font_manager.FontManager.__version__}.json")


def test_pictures_need_no_fonts_but_those_of_matplotlib(run: Run, scene: Path) -> None:
    assert run(*SHORT).returncode == 0
    with_all = (scene / "old.gif").read_bytes()
    own_fonts(scene / "config")
    result = run(*SHORT, env={"MPLCONFIGDIR": str(scene / "config")})
    assert (result.returncode, result.stderr) == (0, "")
    assert (scene / "old.gif").read_bytes() == with_all


def test_a_clock_that_was_set_back_hides_no_change(run: Run, scene: Path) -> None:
    command = ("build", "--preset", "draft", "--json")
    assert run(*command).returncode == 0
    script, future = scene / "scenes/lesson.py", time.time() + 1e8
    for path in [scene / "old.gif", script, *(scene / "output").iterdir()]:
        os.utime(path, (future, future))
    assert '"verdict": "cached"' in run(*command).stdout
    script.write_text(script.read_text().replace("A small", "Another small"))  # dated before what was made of it
    assert '"verdict": "built"' in run(*command).stdout
    check_works(run, scene)


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
    # one thread: the OpenBLAS of numpy 1.26 asks for memory for ever where several multiply and there is none
    one = {"OPENBLAS_NUM_THREADS": "1"}
    result = run(*SHORT, env=one, preexec_fn=limited(resource.RLIMIT_AS, 180 * 2**20))
    assert result.returncode != 0
    assert is_old_or_whole(scene / "old.gif")
    check_works(run, scene)  # which also tidies up, should a library have ended the process
