"""Commands that draw one scene in the folder of an ``animate.toml``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

BODY = """
from animate import marks
points = marks.Points([[0, 0], [n, 1]])
return Scene(title="Small", caption={0: "One", 1: "Two"}, alt="Points.", timeline=Timeline(2, seconds=0.5),
             panels=[panels.Plot(points, title="Heading")])
"""
SETTINGS = """
words = "de"
themes = ["dark", "light"]
sizes = ["480x270", "640x360"]
fps = 5
transparent = true

[scene.lesson]
seconds = 1
set = {n = 5}

[scene.lesson.text]
title = "Mein Titel"
caption.2 = "Zwei davon"
words = {"One" = "Eins", "Heading" = "Kopf"}
"""


@pytest.fixture
def project(write_scene: Any) -> None:
    """Write a scene and settings of it."""
    write_scene(signature="n: int = 3", body=BODY)
    Path("animate.toml").write_text(SETTINGS, encoding="utf-8")


@pytest.mark.usefixtures("project")
def test_render_and_still_draw_what_a_build_writes_in_the_first_size_and_theme(run: Any) -> None:
    assert run("build", "--format", "gif", "--executor", "serial").exit_code == 0
    assert run("render", "lesson", "-o", "a.gif").exit_code == 0
    assert run("still", "lesson", "--at", "last", "-o", "a.png").exit_code == 0
    assert Path("a.gif").read_bytes() == Path("output/lesson.gif").read_bytes()
    with Image.open("a.png") as still, Image.open("output/lesson-poster.png") as poster:
        assert still.convert("RGBA").tobytes() == poster.convert("RGBA").tobytes()


@pytest.mark.usefixtures("project")
def test_options_win_over_the_settings(run: Any) -> None:
    own = ("--title", "Mine", "--caption", "All mine", "--words", "en", "--seconds", "2", "--set", "n=2", "--opaque")
    look = ("--size", "480x270", "--theme", "light", "--fps", "10")
    assert run("render", "lesson", *own, *look, "-o", "a.gif").exit_code == 0
    Path("animate.toml").write_text('[scene.lesson.text]\nwords = {"Heading" = "Kopf"}\n', encoding="utf-8")
    assert run("render", "lesson", *own, *look, "-o", "b.gif").exit_code == 0
    assert Path("a.gif").read_bytes() == Path("b.gif").read_bytes()


@pytest.mark.usefixtures("project")
def test_a_preset_replaces_size_and_rate_of_the_settings(run: Any) -> None:
    [written] = json.loads(run("render", "lesson", "--preset", "draft", "-o", "a.gif", "--json").stdout)["outputs"]
    assert (written["width"], written["height"], written["fps"]) == (480, 270, 12.0)


@pytest.mark.usefixtures("project")
def test_an_option_of_the_length_replaces_that_of_the_settings(run: Any) -> None:
    lengths = []
    for _ in range(2):  # with the settings, then without
        [written] = json.loads(run("render", "lesson", "--slower", "2", "-o", "a.mp4", "--opaque", "--json").stdout)[
            "outputs"
        ]
        lengths.append(written["duration"])
        Path("animate.toml").write_text("fps = 5\n", encoding="utf-8")
    assert lengths[0] == lengths[1]


@pytest.mark.usefixtures("project")
def test_both_themes_of_the_settings_are_for_the_files_that_hold_both(run: Any) -> None:
    Path("animate.toml").write_text('themes = ["both"]\nsizes = ["480x270"]\n', encoding="utf-8")
    assert run("render", "lesson", "-o", "a.svg").exit_code == 0
    assert "prefers-color-scheme" in Path("a.svg").read_text(encoding="utf-8")
    assert run("render", "lesson", "-o", "a.gif").exit_code == 0
    with Image.open("a.gif") as picture:
        assert picture.convert("RGB").getpixel((1, 1)) == (255, 255, 255)


@pytest.mark.usefixtures("project")
def test_a_sweep_takes_the_words_of_the_settings_and_its_own_values(run: Any) -> None:
    Path("animate.toml").write_text(SETTINGS.replace("transparent = true", ""), encoding="utf-8")
    assert run("render", "lesson", "--sweep", "n=1:3:3", "-o", "page.html").exit_code == 0
    assert "<title>Mein Titel</title>" in Path("page.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", ["still", "sheet", "render"])
@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("[scene.lesson.text]\ntitel = 'x'", "animate.toml: [scene.lesson.text] 'titel' must be one of title, caption"),
        ("[scene.lesson]\nset = {m = 1}", "animate.toml: scene lesson has no parameter 'm'. It has n."),
        ("[scene.lessen]\nfps = 5", "animate.toml: [scene.lessen] names no scene. Did you mean 'lesson'?"),
        ("[scene.lesson.text.words]\n'Tow' = 'Zwei'", "there is no text 'Tow' in lesson.py. Did you mean 'Two'?"),
    ],
)
@pytest.mark.usefixtures("project")
def test_wrong_settings_are_refused_in_one_line(run: Any, command: str, settings: str, message: str) -> None:
    Path("animate.toml").write_text(settings, encoding="utf-8")
    result = run(command, "lesson")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert message in result.stderr
    assert not Path("output").exists()


@pytest.mark.parametrize("command", [("list",), ("show", "other"), ("still", "other"), ("check", "other")])
def test_a_folder_of_scenes_in_the_settings_is_searched_first(run: Any, write_scene: Any, command: Any) -> None:
    write_scene("other", folder="lessons")
    Path("animate.toml").write_text('scenes = "lessons"\n', encoding="utf-8")
    result = run(*command)
    assert "there is no scene" not in result.stderr
    assert command[0] != "list" or "other" in result.stdout


@pytest.mark.usefixtures("project")
def test_a_build_exits_with_2_if_all_failures_are_mistakes_in_settings_or_words(run: Any, write_scene: Any) -> None:
    Path("mine.toml").write_text('base = "en"\n[words]\nupdate = "更"\n', encoding="utf-8")
    result = run("build", "--words", "mine.toml", "--executor", "serial")
    assert (result.exit_code, "must have a glyph for every character" in result.stderr) == (2, True)
    write_scene("broken", body="raise ValueError('too many')")
    assert run("build", "--words", "mine.toml", "--executor", "serial").exit_code == 1
