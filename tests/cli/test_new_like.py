"""`animate new --like`: what a script begins as."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from animate.library.discovery import find


@pytest.mark.parametrize("kind", ["linear", "logistic"])
def test_new_begins_as_a_kind_and_renders_at_once(run: Any, kind: str) -> None:
    assert run("new", "my_lesson", "--like", kind).exit_code == 0
    assert run("still", "my_lesson", "--size", "480x270", "-o", "still.png").exit_code == 0


def test_new_copies_any_scene_to_the_letter(run: Any) -> None:
    assert run("new", "my_lesson", "--like", "momentum").exit_code == 0
    assert Path("scenes/my_lesson.py").read_text() == find("momentum").read_text()


def test_new_copies_a_scene_of_ones_own(run: Any, write_scene: Any) -> None:
    path = write_scene("mine")
    assert run("new", "yours", "--like", "mine").exit_code == 0
    assert Path("scenes/yours.py").read_text() == path.read_text()


def test_new_like_a_misspelled_scene_names_the_nearest_and_writes_nothing(run: Any) -> None:
    result = run("new", "my_lesson", "--like", "momentun")
    assert result.exit_code == 2
    assert "there is no scene named 'momentun'. Did you mean 'momentum'?" in result.stderr
    assert not Path("scenes/my_lesson.py").exists()


def test_help_of_new_says_what_a_script_can_begin_as(run: Any) -> None:
    words = " ".join(run("new", "--help").stdout.split())
    assert "linear, logistic, or the name or path of any scene" in words
