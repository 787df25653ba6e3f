"""What a build and a studio's export meet on a poor or hostile machine; `test_faults` tries a render there."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.trust.conftest import ROOT, Run, Start, gone, is_whole, leftovers
from tests.trust.test_exports import check_works, exported, studio, tab
from tests.trust.test_faults import BUILD, SHORT, limited, mounted, own_fonts

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="limits, disks and processes are those of Linux"),
    pytest.mark.timeout(300),
]

HALF_A_GIGABYTE = limited(resource.RLIMIT_AS, 512 * 2**20)
FRUGAL = {"OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}
NOWHERE = {"HOME": "/nonexistent", "XDG_CACHE_HOME": "/proc/nonexistent", "MPLCONFIGDIR": "/proc/nonexistent"}
C_LOCALE = {"LC_ALL": "C", "LANG": None, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "TERM": None, "HOME": None}
PLACES: dict[str, Mapping[str, str | None]] = {
    "no home and no cache folder": NOWHERE,
    "a C locale and no home at all": C_LOCALE,
    "matplotlib's own fonts only": {"MPLCONFIGDIR": "config"},
}


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, scene: Path) -> Mapping[str, str | None]:
    """Return the environment of a poor machine."""
    own_fonts(scene / "config")
    return PLACES[request.param]


def test_a_build_needs_little_of_its_machine(run: Run, scene: Path, place: Mapping[str, str | None]) -> None:
    result = run(*BUILD, env=place)
    assert result.returncode == 0
    assert "Traceback" not in result.stderr
    assert all(is_whole(scene / "output" / name) for name in ("lesson.gif", "lesson.mp4"))
    assert leftovers(scene) == []


def test_an_export_needs_little_of_its_machine(start: Start, scene: Path, place: Mapping[str, str | None]) -> None:
    with studio(start, place) as (_, address), tab(address) as live:
        check_works(live, address, scene)


def test_a_clock_that_was_set_back_hides_no_change_from_an_export(start: Start, scene: Path) -> None:
    script, future = scene / "scenes/lesson.py", time.time() + 1e8
    os.utime(script, (future, future))
    with studio(start) as (_, address), tab(address) as live:
        check_works(live, address, scene)
        before = (scene / "made.mp4").read_bytes()
        script.write_text(script.read_text().replace("A small", "Another small"))  # dated before what it replaces
        check_works(live, address, scene)
    assert (scene / "made.mp4").read_bytes() != before


def test_a_build_works_within_half_a_gigabyte(run: Run, scene: Path) -> None:
    result = run(*BUILD, env=FRUGAL, preexec_fn=HALF_A_GIGABYTE)
    assert (result.returncode, result.stderr) == (0, "")
    assert all(is_whole(scene / "output" / name) for name in ("lesson.gif", "lesson.mp4"))


def test_an_export_works_within_half_a_gigabyte(start: Start, scene: Path) -> None:
    with studio(start, FRUGAL, preexec_fn=HALF_A_GIGABYTE) as (_, address), tab(address) as live:
        check_works(live, address, scene)


def test_a_build_with_too_little_memory_tells_so_and_the_next_one_works(run: Run, scene: Path) -> None:
    result = run(*BUILD, env=FRUGAL, preexec_fn=limited(resource.RLIMIT_AS, 180 * 2**20))
    assert result.returncode != 0
    assert all(is_whole(path) for path in (scene / "output").glob("*.gif"))
    assert (run(*BUILD).returncode, leftovers(scene)) == (0, [])


HANGS = {"reads nothing": "sleep 900", "reads all and never ends": "cat >/dev/null; sleep 900"}
IMPATIENT = """
import animate.installation, animate.film.ffmpeg
animate.film.ffmpeg.STALL_SECONDS = animate.installation.VERSION_SECONDS = 1.0
"""


@pytest.fixture(params=HANGS)
def hanging(request: pytest.FixtureRequest, scene: Path) -> dict[str, str]:
    """Return the environment in which ffmpeg hangs, and counts as hung after a second."""
    program, patch = scene / "ffmpeg", scene / "impatient"
    program.write_text(f"#!/bin/sh\n{HANGS[request.param]}\n")
    program.chmod(0o755)
    patch.mkdir()
    (patch / "sitecustomize.py").write_text(IMPATIENT)
    return {"IMAGEIO_FFMPEG_EXE": str(program), "PYTHONPATH": f"{patch}{os.pathsep}{ROOT}"}


def test_a_render_with_an_ffmpeg_that_hangs_is_one_line_and_old_files_stay(
    run: Run, scene: Path, hanging: dict[str, str]
) -> None:
    (scene / "old.mp4").write_bytes(b"old")
    result = run(*SHORT, env=hanging)
    told = "error: ffmpeg hung: it made no progress for 1 s and was ended: it said nothing\n"
    assert (result.returncode, result.stdout, result.stderr) == (1, "", told)
    assert [(scene / name).read_bytes() for name in ("old.gif", "old.mp4")] == [b"old", b"old"]
    assert (leftovers(scene), gone(scene)) == ([], {})


@pytest.mark.parametrize("hanging", ["reads nothing"], indirect=True)
def test_doctor_tells_of_an_ffmpeg_that_hangs(run: Run, scene: Path, hanging: dict[str, str]) -> None:
    result = run("doctor", env=hanging)
    broken = [line.split()[1:4] for line in result.stdout.splitlines() if line.startswith("BROKEN")]
    assert (result.returncode, len(result.stderr.splitlines())) == (1, 1)
    assert ["ffmpeg", "EncodeError:", "ffmpeg"] in broken
    assert ["encoder", ".mp4", "EncodeError:"] in broken
    assert ["encoder", ".gif", "EncodeError:"] not in broken
    assert gone(scene) == {}


# ffmpeg writes the one and reads the other
@pytest.mark.parametrize(
    ("hanging", "format_"), [("reads all and never ends", "mp4"), ("reads nothing", "gif")], indirect=["hanging"]
)
def test_a_build_with_an_ffmpeg_that_hangs_tells_so_and_a_sound_one_then_builds(
    run: Run, scene: Path, hanging: dict[str, str], format_: str
) -> None:
    command = ("build", "--preset", "draft", "--format", format_)
    result = run(*command, env=hanging)
    lines = result.stderr.splitlines()
    assert (result.returncode, lines[1:]) == (1, ["error: 1 of 1 scene failed"])
    assert "ffmpeg hung: it made no progress for 1 s and was ended" in lines[0]
    assert (leftovers(scene / "output"), leftovers(scene), gone(scene)) == ([], [], {})
    assert run(*command).returncode == 0
    assert is_whole(scene / f"output/lesson.{format_}")


@pytest.mark.parametrize("hanging", ["reads nothing"], indirect=True)
def test_an_export_with_an_ffmpeg_that_hangs_is_told(start: Start, scene: Path, hanging: dict[str, str]) -> None:
    with studio(start, hanging) as (_, address), tab(address) as live:
        told = exported(live)
        assert (told["state"], "ffmpeg hung" in told["problem"]) == ("failed", True)
        (scene / "ffmpeg").write_text(f'#!/bin/sh\nexec "{sound_ffmpeg()}" "$@"\n')
        check_works(live, address, scene)


def sound_ffmpeg() -> str:
    import imageio_ffmpeg

    return str(imageio_ffmpeg.get_ffmpeg_exe())


def test_a_disk_that_is_full_for_an_export_is_told_and_a_larger_one_then_suffices(start: Start, scene: Path) -> None:
    with mounted(scene, "size=16k") as disk:
        with studio(start, {"TMPDIR": str(disk)}) as (process, address), tab(address) as live:
            told = exported(live, kind="gif", size="1280x720")
            assert told["state"] == "failed"
            assert "No space left on device" in told["problem"]
            subprocess.run(["mount", "-o", "remount,size=4m", disk], check=True)
            check_works(live, address, scene)
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)
        assert list(disk.iterdir()) == []


def test_a_studio_in_a_read_only_folder_exports(start: Start, scene: Path) -> None:
    with mounted(scene, "ro") as disk:
        where = {"env": {"TMPDIR": str(disk)}, "cwd": disk}
        with studio(start, scenes=scene / "scenes", **where) as (process, address), tab(address) as live:
            check_works(live, address, scene)
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)


@pytest.mark.parametrize("closed", ["stdout", "stderr", "both"])
@pytest.mark.parametrize("command", [SHORT, BUILD, ("list",)], ids=["render", "build", "list"])
def test_a_reader_that_is_gone_is_no_traceback(
    start: Start, scene: Path, command: tuple[str, ...], closed: str
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ends = {name: writing for name in ("stdout", "stderr") if closed in (name, "both")}
    with start(*command, **ends) as process:
        os.close(writing)
        told = "".join(stream.read() for stream in (process.stdout, process.stderr) if stream is not None)
    assert "Traceback" not in told
    assert "Exception ignored" not in told
    assert leftovers(scene) == []
    gifs = {"render": ["old.gif"], "build": ["output/lesson.gif"]}.get(command[0], [])
    assert all(is_whole(scene / name) for name in gifs)


def test_the_first_line_of_a_list_is_all_that_head_takes(scene: Path) -> None:
    shell = ["bash", "-c", f"PYTHONPATH={ROOT} {sys.executable} -u -W error -m animate list | head -1"]
    done = subprocess.run(shell, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("anscombe ")
    assert (len(done.stdout.splitlines()), done.stderr) == (1, "")
