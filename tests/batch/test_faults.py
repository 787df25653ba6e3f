"""What goes wrong around a build leaves whole files or none, and the next build goes on from there."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from animate.batch.manifest import VERSION, read_manifest

ROOT = Path(__file__).parents[2]
SLOW = "import time; time.sleep(0.6)\n"


def start(*args: str) -> subprocess.Popen[str]:
    """Start `animate build` in the current folder, in a session of its own."""
    command = [sys.executable, "-m", "animate", "build", "--preset", "draft", "--fps", "5", *args]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def until_there(pattern: str, process: subprocess.Popen[str], at_least: int = 1) -> None:
    """Wait until a running build has written so many files."""
    end = time.monotonic() + 120
    while len(list(Path("output").glob(pattern))) < at_least:
        assert time.monotonic() < end
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)


def all_is_whole(folder: str = "output") -> None:
    """Assert that each file the manifest names has its bytes, and that nothing half is under a final name."""
    manifest = read_manifest(folder)
    known = {file.path: file.sha256 for entry in manifest.scenes for file in entry.files}
    there = {path.name: path for path in Path(folder).iterdir() if not path.name.startswith(".")}
    assert known.items() == {name: hashlib.sha256(there[name].read_bytes()).hexdigest() for name in known}.items()
    for name, path in there.items():
        if name.endswith(".gif"):
            assert path.read_bytes().endswith(b"\x3b")  # the trailer of a whole GIF


@pytest.fixture
def four(write_scene: Any, small_scene: str) -> None:
    for name in "abcd":
        write_scene(name, body=SLOW + small_scene)


def test_a_build_that_is_killed_half_way_is_continued(four: None, build: Any) -> None:
    process = start()
    until_there("*.gif", process, at_least=2)  # of the first, the manifest tells by then
    process.kill()
    process.communicate()
    known = {entry.id for entry in read_manifest("output").scenes}
    all_is_whole()
    entries = build(fps=5.0, preset="draft")
    assert 1 <= sum(entry.verdict == "cached" for entry in entries.values()) <= 3
    assert {name for name, entry in entries.items() if entry.verdict == "cached"} <= known
    all_is_whole()
    assert [path.name for path in Path("output").glob(".*")] == [".animate"]


def test_a_build_that_is_killed_leaves_no_process(four: None, here: Path) -> None:
    process = start("--jobs", "2")
    until_there("*.gif", process)
    process.kill()
    process.communicate()
    end = time.monotonic() + 30
    while (left := _working_in(here)) and time.monotonic() < end:
        time.sleep(0.1)
    assert left == []


def _working_in(folder: Path) -> list[str]:
    """Return the processes whose current folder is this one."""
    if not Path("/proc/self/cwd").exists():
        pytest.skip("there is no /proc here")
    found = []
    for place in Path("/proc").iterdir():
        if place.name.isdigit() and int(place.name) != os.getpid():
            try:
                if (place / "cwd").resolve() == folder.resolve():
                    found.append((place / "cmdline").read_text())
            except OSError:
                continue
    return [line for line in found if line]


def test_an_interrupt_ends_in_order_and_keeps_what_is_done(four: None, build: Any) -> None:
    process = start("--jobs", "2")
    until_there("*.gif", process, at_least=2)  # of the first, the manifest tells by then
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert (process.returncode, told) == (1, "error: interrupted\n")
    all_is_whole()
    assert "cached" in {entry.verdict for entry in build().values()}


def test_of_two_builds_at_once_one_waits_and_is_told(four: None) -> None:
    first = start()
    until_there(".animate/process", first)
    second = start()
    (_, told_first), (out, told) = first.communicate(timeout=120), second.communicate(timeout=120)
    assert (first.returncode, told_first, second.returncode) == (0, "", 0)
    assert told == f"another build (process {first.pid}) is at work in 'output'; waiting for it to end.\n"
    assert out == ""
    all_is_whole()


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda text: text[: len(text) // 2], "is damaged: "),
        (lambda text: "", "is damaged: "),
        (
            lambda text: text.replace(f'"version": {VERSION}', f'"version": {VERSION + 1}'),
            "has version 2, from a newer",
        ),
        (lambda text: "[]", "is no manifest"),
        (lambda text: text.replace('"name"', '"nam"'), "is no manifest"),
    ],
)
def test_a_manifest_that_cannot_be_read_is_told_and_all_is_built(
    build: Any, write_scene: Any, damage: Any, told: str
) -> None:
    write_scene()
    build()
    path = Path("output/manifest.json")
    before = path.read_text()
    path.write_text(damage(before))
    lines: list[str] = []
    assert build(message=lines.append)["lesson"].verdict == "built"
    [line] = lines
    assert told in line
    assert line.endswith("All scenes are built.")
    assert json.loads(path.read_text())["version"] == VERSION


def test_a_missing_manifest_is_no_cause_for_words(build: Any, write_scene: Any) -> None:
    write_scene()
    build()
    before = Path("output/lesson.gif").stat().st_mtime_ns
    Path("output/manifest.json").unlink()
    lines: list[str] = []
    assert build(message=lines.append)["lesson"].verdict == "built"
    assert lines == []
    assert Path("output/lesson.gif").stat().st_mtime_ns == before


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that makes writing files of some suffixes fail in the middle, as on a full disk."""

    def fill(*names: str) -> None:
        write = Path.write_bytes
        replace = Path.replace

        def fail(path: Path, content: bytes) -> int:
            write(path, content[: len(content) // 2])
            if any(name in str(path) for name in names):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return write(path, content)

        monkeypatch.setattr(Path, "write_bytes", fail)
        monkeypatch.setattr(Path, "replace", replace)

    return fill


def test_a_full_disk_is_told_and_leaves_what_was_there(
    build: Any, write_scene: Any, small_scene: str, files: Any, full_disk: Any
) -> None:
    write_scene()
    build()
    before = files()
    write_scene(body=small_scene.replace("A small", "Another"))
    full_disk(".animate-")
    with pytest.raises(Exception, match=r"cannot write 'output/manifest.json': No space left on device$"):
        build()
    assert files() == before


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_disk_that_is_really_full_is_told_and_with_room_the_build_goes_on(four: None, here: Path) -> None:
    (here / "disk").mkdir()
    mount = ["mount", "-t", "tmpfs", "-o"]
    if subprocess.run([*mount, "size=64k", "tmpfs", "disk"], capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        process = start("--output", "disk")
        _, told = process.communicate(timeout=120)
        assert process.returncode == 1
        assert "No space left on device" in told
        assert "Traceback" not in told
        assert not [path for path in Path("disk").glob(".*") if path.name != ".animate"]
        subprocess.run([*mount, "remount,size=10m", "tmpfs", "disk"], check=True)
        process = start("--output", "disk")
        assert process.communicate(timeout=120)[1] == ""
        all_is_whole("disk")
        assert len(list(Path("disk").glob("*.gif"))) == 4
    finally:
        subprocess.run(["umount", "disk"], check=True)


def test_a_report_that_cannot_be_written_is_told(build: Any, write_scene: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from animate.batch import manifest_writer
    from animate.errors import EncodeError

    write_scene("a")
    write_scene("b")
    whole = manifest_writer.write_atomic

    def write(path: Path, content: bytes) -> bool:
        if path.name == "a.gif":
            raise EncodeError(f"cannot write {str(path)!r}: No space left on device")
        return whole(path, content)

    monkeypatch.setattr(manifest_writer, "write_atomic", write)
    entries = build()
    assert entries["a"].problem == "cannot write 'output/a.gif': No space left on device"
    assert [file.path for file in entries["a"].files] == ["a-poster.png", "a.vtt"]
    assert entries["b"].verdict == "built"
    monkeypatch.undo()


def test_paths_with_spaces_and_letters_of_any_alphabet_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write_scene: Any, build: Any, small_scene: str
) -> None:
    place = tmp_path / "Mein Kurs – 勾配 & more"
    place.mkdir()
    monkeypatch.chdir(place)
    write_scene("größe_β", folder="meine szenen", body=f'open("Daten 1.csv").close()\n{small_scene}')
    (place / "Daten 1.csv").write_text("x")
    flags = {"scenes": "meine szenen", "output": "fertig: alles", "formats": ["gif", "mp4"]}
    assert build(**flags, executor="processes")["größe_β"].problem == ""
    assert build(**flags)["größe_β"].verdict == "cached"
    assert {one.path for one in read_manifest("fertig: alles").scenes[0].inputs} == {
        "meine szenen/größe_β.py",
        "Daten 1.csv",
    }


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="nothing is read-only for an administrator")
def test_scenes_in_a_folder_that_cannot_be_written_are_built(build: Any, reading_scene: Path) -> None:
    folder = reading_scene.parent
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        assert build()["lesson"].verdict == "built"
    finally:
        folder.chmod(stat.S_IRWXU)


def test_a_build_writes_nothing_beside_the_scenes(build: Any, reading_scene: Path) -> None:
    before = sorted(Path("scenes").rglob("*"))
    build(executor="processes")
    assert sorted(Path("scenes").rglob("*")) == before
