"""Names are looked for in the given folder, then ``./scenes``, then the shipped scenes."""

from __future__ import annotations

from pathlib import Path

import pytest

from animate.errors import SceneError, UsageError
from animate.library import discovery
from animate.library.discovery import find, own_scenes, parse, scene_folders, summaries, summarize


@pytest.fixture
def shipped(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = here / "package" / "scenes"
    folder.mkdir(parents=True)
    monkeypatch.setattr(discovery, "PACKAGE", here / "package")
    return folder


def script(folder: str | Path, name: str, question: str = "Why?") -> Path:
    path = Path(folder) / f"{name}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'"""{question}\n\nBecause.\n"""\ndef build(): ...\n')
    return path


def test_the_given_folder_wins_over_the_current_over_the_shipped(shipped: Path) -> None:
    found = []
    for folder in (shipped, Path("scenes"), Path("course")):
        script(folder, "lesson")
        found.append(find("lesson", "course" if folder == Path("course") else None))
    assert found == [shipped / "lesson.py", Path("scenes/lesson.py"), Path("course/lesson.py")]


def test_a_name_missing_in_one_folder_is_found_in_the_next(shipped: Path) -> None:
    script("scenes", "mine")
    script(shipped, "theirs")
    assert find("theirs", "scenes") == shipped / "theirs.py"


def test_scenes_beside_the_package_are_the_shipped_ones_in_a_checkout(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discovery, "PACKAGE", here / "checkout" / "animate")
    path = script(here / "checkout" / "scenes", "lesson")
    assert find("lesson") == path


def test_the_shipped_folder_is_listed_once_when_it_is_the_current_one(shipped: Path) -> None:
    assert scene_folders(shipped) == [shipped]


def test_a_path_works_like_a_name(shipped: Path) -> None:
    path = script("elsewhere", "lesson")
    assert find("elsewhere/lesson.py") == path
    assert find(path) == path


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("lessn", "there is no scene named 'lessn'. Did you mean 'lesson'?"),
        ("nope", "there is no scene named 'nope'. `animate list` lists the scenes."),
        ("zzzzzz", "there is no scene named 'zzzzzz'. `animate list` lists the scenes."),
        ("scenes/lessn.py", "there is no scene script 'scenes/lessn.py'. Did you mean 'scenes/lesson.py'?"),
        ("nowhere/lesson.py", "there is no scene script 'nowhere/lesson.py'."),
        ("", "there is no scene named ''."),
    ],
)
def test_a_name_that_is_not_there_is_told_with_the_nearest(shipped: Path, name: str, message: str) -> None:
    for scene in ("lesson", "anscombe"):
        script("scenes", scene)
    with pytest.raises(UsageError) as caught:
        find(name)
    assert str(caught.value).startswith(message)


def test_a_scenes_folder_that_is_none_is_refused(shipped: Path) -> None:
    with pytest.raises(UsageError, match="scenes must be a folder; got 'nowhere'"):
        find("lesson", "nowhere")


def test_summaries_come_from_all_folders_sorted_and_the_first_wins(shipped: Path) -> None:
    script(shipped, "b", "Shipped?")
    script(shipped, "a", "Shipped?")
    script("scenes", "b", "Mine?")
    assert [(one.name, one.question) for one in summaries()] == [("a", "Shipped?"), ("b", "Mine?")]


def test_a_summary_is_read_without_running_the_script(here: Path) -> None:
    path = here / "lesson.py"
    path.write_text('"""Why?\n\nBecause.\nReally.\n"""\nraise SystemExit(1)\ndef build(): ...\n')
    summary = summarize(path)
    assert summary is not None
    assert (summary.question, summary.description) == ("Why?", "Because.\nReally.")


@pytest.mark.parametrize(
    "text", ["from common import build", "from common import make as build", "build = 1", "def build(): ..."]
)
def test_a_script_that_binds_build_is_a_scene(here: Path, text: str) -> None:
    (here / "lesson.py").write_text(text)
    assert summarize(here / "lesson.py") is not None


@pytest.mark.parametrize("text", ["", "def draw(): ...", "if True:\n  x = 1"])
def test_a_module_without_build_is_a_helper_and_not_listed(shipped: Path, text: str) -> None:
    (shipped / "common.py").write_text(text)
    assert summaries() == []


def test_a_script_that_begins_with_an_underscore_is_not_listed(shipped: Path) -> None:
    script(shipped, "_lesson")
    assert summaries() == []


def test_a_script_that_is_not_python_is_listed_with_its_problem(shipped: Path) -> None:
    (shipped / "lesson.py").write_text("def build(:\n")
    [summary] = summaries()
    assert summary.problem == "package/scenes/lesson.py:1: invalid syntax"


def test_own_scenes_are_those_of_the_first_folder_only(shipped: Path) -> None:
    script(shipped, "theirs")
    assert own_scenes() == [shipped / "theirs.py"]
    script("scenes", "mine")
    assert own_scenes() == [Path("scenes/mine.py")]


@pytest.mark.parametrize("content", [b"x = '\x00'", b"\xff\xfe\xfa", b"# -*- coding: nowhere -*-\n"])
def test_bytes_that_are_not_python_are_a_scene_error(here: Path, content: bytes) -> None:
    (here / "lesson.py").write_bytes(content)
    with pytest.raises(SceneError, match=r"lesson\.py"):
        parse(here / "lesson.py")


def test_a_script_that_cannot_be_read_is_a_scene_error(here: Path) -> None:
    (here / "lesson.py").mkdir()
    with pytest.raises(SceneError, match=r"lesson\.py cannot be read: Is a directory"):
        parse(here / "lesson.py")
