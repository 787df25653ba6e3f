"""Files appear whole or not at all, together or not at all, and what dead processes left is removed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from animate.atomic_files import AtomicFile, publish_together, remove_stale, temporary_folder, write_atomic
from animate.errors import EncodeError

posix = pytest.mark.skipif(sys.platform == "win32", reason="a process's life cannot be asked for there")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_has_its_name_only_once_it_is_published(tmp_path: Path) -> None:
    file = AtomicFile(tmp_path / "made" / "a.gif")
    file.write_bytes(b"new")
    assert not (tmp_path / "made" / "a.gif").exists()
    assert file.publish() == 3
    assert names(tmp_path / "made") == ["a.gif"]


def test_a_temporary_file_has_the_suffix_of_the_final_one_and_is_hidden(tmp_path: Path) -> None:
    file = AtomicFile(tmp_path / "a.gif")
    assert (file.temporary.suffix, file.temporary.name[:3]) == (".gif", ".a.")
    file.discard()


def test_a_block_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a.gif").write_bytes(b"old")
    with pytest.raises(KeyError), AtomicFile(tmp_path / "a.gif") as file:
        raise KeyError(file.write_bytes(b"new"))
    assert names(tmp_path) == ["a.gif"]
    assert (tmp_path / "a.gif").read_bytes() == b"old"


def test_a_disk_error_in_a_block_names_the_file(tmp_path: Path) -> None:
    told = r"cannot write '.*a\.gif': No space left on device"
    with pytest.raises(EncodeError, match=told), AtomicFile(tmp_path / "a.gif"):
        raise OSError(28, "No space left on device")


def test_a_discarded_file_cannot_be_published(tmp_path: Path) -> None:
    file = AtomicFile(tmp_path / "a.gif")
    file.discard()
    with pytest.raises(EncodeError, match="was ended before it was whole"):
        file.publish()
    assert names(tmp_path) == []


@pytest.mark.parametrize("name", ["x" * 200 + ".gif", "β" * 100 + ".gif", "勾" * 80 + ".gif"])
def test_a_long_name_has_a_temporary_name_that_the_system_takes(tmp_path: Path, name: str) -> None:
    assert write_atomic(tmp_path / name, b"new")
    assert names(tmp_path) == [name]


def test_a_name_that_the_system_cannot_hold_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(EncodeError, match=r"cannot write '.*x\.gif': "):
        write_atomic(tmp_path / f"{'x' * 300}.gif", b"")
    assert names(tmp_path) == []


def test_a_path_without_a_name_is_refused() -> None:
    with pytest.raises(EncodeError, match=r"it names no file"):
        write_atomic(Path(), b"")


@posix
@pytest.mark.parametrize("linked", [False, True])
def test_a_pipe_is_written_into_and_stays_a_pipe(tmp_path: Path, linked: bool) -> None:
    pipe = tmp_path / "pipe.gif"
    os.mkfifo(pipe)
    target = tmp_path / "link.gif" if linked else pipe
    if linked:
        target.symlink_to(pipe)
    reader = subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE)
    with AtomicFile(target) as file:
        file.write_bytes(b"new")
    assert reader.communicate(timeout=30)[0] == b"new"
    assert pipe.is_fifo()
    assert names(tmp_path) == (["link.gif", "pipe.gif"] if linked else ["pipe.gif"])


@posix
def test_a_pipe_among_files_that_fail_together_is_not_rolled_back(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.gif")
    reader = subprocess.Popen(["cat", tmp_path / "pipe.gif"], stdout=subprocess.DEVNULL)
    files = [AtomicFile(tmp_path / name) for name in ("pipe.gif", "a.gif")]
    files[1].temporary.unlink()
    with pytest.raises(EncodeError, match=r"cannot write"):
        publish_together(files)
    assert reader.wait(30) == 0
    assert names(tmp_path) == ["pipe.gif"]


# -- several at once


@pytest.fixture
def three(tmp_path: Path) -> list[AtomicFile]:
    """Return three files ready to be published, of which the first and the last replace an old one."""
    files = []
    for name in "abc":
        if name != "b":
            (tmp_path / name).write_bytes(b"old")
        files.append(AtomicFile(tmp_path / name))
        files[-1].write_bytes(b"new one")
    return files


def test_files_are_published_together(three: list[AtomicFile], tmp_path: Path) -> None:
    assert publish_together(three) == [7, 7, 7]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == dict.fromkeys("abc", b"new one")


@pytest.mark.parametrize("has_links", [True, False], ids=["hard links", "no hard links"])
def test_if_one_cannot_be_renamed_all_are_as_they_were(
    three: list[AtomicFile], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_links: bool
) -> None:
    def no_link(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    if not has_links:
        monkeypatch.setattr(os, "link", no_link)
    (tmp_path / "c").unlink()
    (tmp_path / "c").mkdir()  # a file cannot be renamed to a folder
    with pytest.raises(EncodeError, match=r"cannot write '.*c'"):
        publish_together(three)
    assert names(tmp_path) == ["a", "c"]
    assert (tmp_path / "a").read_bytes() == b"old"


# -- what the dead leave


def leave(folder: Path) -> None:
    """Let a process begin a file and two folders in *folder*, and kill it."""
    code = (
        "import os, sys; from pathlib import Path; from animate.atomic_files import *\n"
        "here = Path(sys.argv[1]); kept = [AtomicFile(here / 'a.b.gif'), AtomicFile(here / 'plain'),"
        " temporary_folder(beside=here / 'x'), temporary_folder()]\n"
        f"os.kill(os.getpid(), {int(signal.SIGTERM)})"
    )
    environment = {**os.environ, "TMPDIR": str(folder), "PYTHONPATH": str(Path(__file__).parents[1])}
    subprocess.run([sys.executable, "-c", code, str(folder)], env=environment, check=False)


@posix
def test_what_a_dead_process_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    leave(tmp_path)
    assert len(names(tmp_path)) == 4
    for name in (".a.animate", "animate-1", "a.gif", f"animate-00000000-{os.getpid()}-abc"):
        (tmp_path / name).touch()
    alive = AtomicFile(tmp_path / "b.gif")
    remove_stale(tmp_path)
    assert names(tmp_path) == sorted(
        [".a.animate", "animate-1", "a.gif", f"animate-00000000-{os.getpid()}-abc", alive.temporary.name]
    )
    alive.discard()


@posix
def test_the_next_file_beside_it_removes_what_a_dead_process_left(tmp_path: Path) -> None:
    leave(tmp_path)
    write_atomic(tmp_path / "other.json", b"{}")
    assert names(tmp_path) == ["other.json"]


def test_a_temporary_folder_beside_a_file_is_hidden_and_goes(tmp_path: Path) -> None:
    with temporary_folder(beside=tmp_path / "x.png") as name:
        assert Path(name).parent == tmp_path
        assert Path(name).name.startswith(".")
    assert names(tmp_path) == []
