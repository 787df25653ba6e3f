"""The commands list, show and new."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from animate.library import discovery

SIGNATURE = (
    'learning_rate: Annotated[float, Range(1e-4, 1.0, scale="log"), "Step size"] = 0.03, '
    'dataset: Literal["linear", "outliers"] = "linear", start: tuple[float, float] | None = None, '
    "data: Table | None = None"
)


@pytest.fixture(autouse=True)
def shipped(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the shipped scenes out, so that only those of the test are found."""
    monkeypatch.setattr(discovery, "PACKAGE", here / "package")


def test_list_prints_names_and_questions(run: Any, write_scene: Any) -> None:
    write_scene("b_scene", question="Why b?")
    write_scene("a", question="Why a?")
    result = run("list")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "a        Why a?\nb_scene  Why b?\n"


def test_list_as_json_is_one_object(run: Any, write_scene: Any) -> None:
    write_scene("a", question="Why a?\n\nBecause.")
    [scene] = json.loads(run("list", "--json").stdout)["scenes"]
    assert scene == {
        "name": "a",
        "path": "scenes/a.py",
        "question": "Why a?",
        "description": "Because.",
        "problem": "",
        "data": "",
    }


def test_list_says_which_scenes_take_data_and_which_columns(run: Any, write_scene: Any) -> None:
    write_scene("own", question="Why?", signature='data: Annotated[Table | None, "Your own x and y"] = None')
    write_scene("plain", question="How?", signature="data: Table | None = None")
    write_scene("usual", question="Who?", signature="data: OwnData = None")
    assert run("list").stdout == (
        "own    Why?  (--data: your own x and y)\n"
        "plain  How?  (--data: your own table)\n"
        "usual  Who?  (--data: your own x and y)\n"
    )


def test_list_only_leaves_other_folders_out(run: Any, write_scene: Any, here: Path) -> None:
    write_scene("mine", question="Why?")
    (here / "course").mkdir()
    (here / "course" / "theirs.py").write_text((here / "scenes" / "mine.py").read_text())
    assert run("list", "--only", "course").stdout == "theirs  Why?\n"
    result = run("list", "--only", "corse")
    assert (result.exit_code, result.stderr) == (2, "error: only must be a folder; got 'corse'.\n")


def test_list_goes_on_past_a_broken_script_and_tells_it_on_stderr(run: Any, write_scene: Any) -> None:
    write_scene("broken", text="def build(:\n")
    write_scene("whole", question="Why?")
    result = run("list")
    assert result.exit_code == 0
    assert result.stdout == "whole   Why?\n"
    assert result.stderr == "broken: scenes/broken.py:1: invalid syntax\n"


def test_list_of_no_scenes_says_how_to_begin(run: Any) -> None:
    result = run("list")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "no scenes found; `animate new NAME` writes one\n"


def test_show_prints_question_description_and_parameters(run: Any, write_scene: Any) -> None:
    write_scene(question="Why?\n\nBecause.\n", signature=SIGNATURE)
    result = run("show", "lesson")
    assert result.exit_code == 0
    assert result.stdout == (
        "Why?\n\nBecause.\n\n"
        "parameter      type                 default  range             meaning\n"
        "learning_rate  float                0.03     0.0001 to 1, log  Step size\n"
        "dataset        linear | outliers    linear\n"
        "start          float,float or none  none\n"
        "data           your table (--data)  none\n"
    )


def test_show_of_a_scene_without_parameters_says_so(run: Any, write_scene: Any) -> None:
    write_scene(question="Why?")
    assert run("show", "lesson").stdout == "Why?\n\nno parameters\n"


def test_show_as_json_holds_all_of_a_parameter(run: Any, write_scene: Any) -> None:
    write_scene(signature=SIGNATURE)
    shown = json.loads(run("show", "lesson", "--json").stdout)
    assert shown["name"] == "lesson"
    assert shown["parameters"][0] == {
        "name": "learning_rate",
        "kind": "float",
        "type": "float",
        "default": 0.03,
        "optional": False,
        "range": {"low": 0.0001, "high": 1.0, "scale": "log"},
        "choices": [],
        "help": "Step size",
    }


def test_new_writes_a_scene_and_prints_its_path(run: Any) -> None:
    result = run("new", "my_lesson")
    assert (result.exit_code, result.stdout) == (0, "scenes/my_lesson.py\n")
    assert "my_lesson" in run("list").stdout


def test_new_writes_into_the_folder_it_is_given(run: Any) -> None:
    assert run("new", "my_lesson", "--scenes", "course/scenes").stdout == "course/scenes/my_lesson.py\n"


def test_new_never_overwrites(run: Any, write_scene: Any) -> None:
    path = write_scene("my_lesson", text="mine")
    result = run("new", "my_lesson")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "error: name must be new; scenes/my_lesson.py exists.\n"
    assert path.read_text() == "mine"


@pytest.mark.parametrize("name", ["my-lesson", "1st", "class", "a/b", "../up", ""])
def test_new_refuses_what_is_no_name(run: Any, name: str) -> None:
    result = run("new", name)
    assert result.exit_code == 2
    assert "name must be a Python name, such as my_lesson; got" in result.stderr
    assert not Path("scenes").exists()
