"""The command lines that the page shows."""

from __future__ import annotations

import shlex

import pytest

from animate.draw.settings import Settings
from animate.library.parameters import Parameter, Range
from animate.studio.scene_description import SceneCommand, column_names

RATE = Parameter("learning_rate", "float", 0.1, range=Range(0.0, 1.0))
START = Parameter("start", "floats", None, optional=True, n_values=2)
NOTE = Parameter("note", "str", "")


def test_only_what_is_no_default_is_said() -> None:
    order = SceneCommand("momentum", [RATE, START], {"learning_rate": 0.1, "start": (1.0, -2.5)}, Settings())
    assert order.line("render") == "animate render momentum --set start=1,-2.5"


def test_size_theme_data_and_folder_are_said() -> None:
    order = SceneCommand("a", [], {}, Settings(640, 360, theme="dark"), "my data.csv", "x,y", "course/scenes")
    assert order.line("render") == (
        "animate render a --data 'my data.csv' --columns x,y --size 640x360 --theme dark --scenes course/scenes"
    )


@pytest.mark.parametrize("note", ["two words", "it's", "$HOME; rm -rf x", "`date`", "a\nb"])
def test_a_shell_reads_a_text_as_it_is(note: str) -> None:
    line = SceneCommand("a", [NOTE], {"note": note}, Settings()).line("still", "-o", "a.png")
    assert shlex.split(line) == ["animate", "still", "a", "--set", f"note={note}", "-o", "a.png"]


def test_columns_are_a_line_of_csv() -> None:
    assert column_names('length,"width, mm"') == ["length", "width, mm"]
