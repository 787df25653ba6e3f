"""The commands build, check and merge: what they print, and with what they exit."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

DRAFT = ("--preset", "draft", "--fps", "5", "--executor", "serial")
LOOK = DRAFT[:4]


@pytest.fixture(autouse=True)
def scenes(write_scene: Any, small_scene: str) -> None:
    for name in ("a", "b"):
        write_scene(name, body=small_scene.replace('title="Small"', 'title="Small", alt="A line is fitted."'))


def files(folder: str = "output", suffix: str = "gif") -> list[str]:
    return sorted(path.name for path in Path(folder).glob(f"*.{suffix}"))


def test_build_renders_every_scene_of_the_current_folder(run: Any) -> None:
    result = run("build", *DRAFT)
    assert (result.exit_code, result.stderr) == (0, "")
    assert files() == ["a.gif", "b.gif"]
    assert [line.split()[0] for line in result.stdout.splitlines()] == ["output/a.gif", "output/b.gif"]
    assert "480x270" in result.stdout


def test_build_renders_only_what_is_named(run: Any) -> None:
    run("build", "b", *DRAFT)
    assert files() == ["b.gif"]


def test_build_writes_each_format_and_theme_into_the_folder_it_is_given(run: Any) -> None:
    run("build", "a", *DRAFT, "--format", "gif,.mp4", "--theme", "light,dark", "-o", "public/media")
    assert files("public/media") == ["a-dark.gif", "a.gif"]
    assert files("public/media", "mp4") == ["a-dark.mp4", "a.mp4"]


def test_a_list_given_in_parts_is_taken_whole(run: Any) -> None:
    run("build", "a", *DRAFT, "--format", "gif", "--format", "mp4", "--theme", "light", "--theme", "dark")
    assert files() == ["a-dark.gif", "a.gif"]
    assert files("output", "mp4") == ["a-dark.mp4", "a.mp4"]


def test_a_build_with_nothing_to_do_prints_nothing(run: Any) -> None:
    run("build", *DRAFT)
    result = run("build", *DRAFT)
    assert (result.exit_code, result.output) == (0, "")


def test_a_build_with_nothing_to_do_imports_neither_numpy_nor_matplotlib(run: Any) -> None:
    run("build", *LOOK)
    code = f"""
import sys
from animate.cli import commands
try: commands({["build", *LOOK]})
finally: print(*sys.modules)"""
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "animate.batch.build" in shown.stdout.split()
    assert {"numpy", "matplotlib", "PIL", "imageio", "animate.scene"}.isdisjoint(shown.stdout.split())


def test_explain_tells_of_each_scene_what_changed(run: Any) -> None:
    run("build", *DRAFT)
    Path("scenes/a.py").write_text(Path("scenes/a.py").read_text() + "# more\n")
    result = run("build", *DRAFT, "--explain")
    assert result.stderr.splitlines() == ["a: scenes/a.py changed", "b: nothing changed"]


def test_a_failure_does_not_stop_the_others_and_is_told_at_the_end(run: Any, write_scene: Any) -> None:
    write_scene("a", body="raise ValueError('too many')")
    Path("output").mkdir()
    Path("output/a.gif").write_bytes(b"old")
    result = run("build", *DRAFT)
    assert result.exit_code == 1
    assert files() == ["a.gif", "b.gif"]
    assert Path("output/a.gif").read_bytes() == b"old"
    failure, summary = result.stderr.splitlines()
    assert failure.startswith("a: scenes/a.py:8: build failed: ValueError: too many")
    assert summary == "error: 1 of 2 scenes failed"


def test_json_tells_what_became_of_each_scene(run: Any, write_scene: Any) -> None:
    write_scene("a", text="def build(:")
    told = json.loads(run("build", *DRAFT, "--json").stdout)
    assert told["output"] == "output"
    assert [(one["name"], one["verdict"], bool(one["problem"]), len(one["files"])) for one in told["scenes"]] == [
        ("a", "failed", True, 0),
        ("b", "built", False, 3),
    ]


def test_junit_tells_what_became_of_each_scene(run: Any, write_scene: Any) -> None:
    run("build", *DRAFT)
    write_scene("a", body="raise ValueError('a < b & \\x00')")
    result = run("build", *DRAFT, "--junit", "reports/builds.xml")
    assert result.exit_code == 1
    [suite] = ET.parse("reports/builds.xml").getroot()
    assert {name: suite.get(name) for name in ("tests", "failures", "skipped")} == {
        "tests": "2",
        "failures": "1",
        "skipped": "1",
    }
    assert [(case.get("name"), case[0].tag) for case in suite] == [("a", "failure"), ("b", "skipped")]
    assert "scenes/a.py:8: build failed: ValueError: a < b &" in str(suite[0][0].get("message"))


@pytest.mark.parametrize("executor", ["slurm", "dask"])
def test_an_executor_that_cannot_be_used_is_told_where_nothing_is_to_be_drawn_too(run: Any, executor: str) -> None:
    assert run("build", "a", *DRAFT).exit_code == 0
    result = run("build", "a", *DRAFT, "--executor", executor)
    assert result.exit_code == 2
    assert "executor" in result.stderr


def test_settings_come_from_the_file_and_flags_win(run: Any) -> None:
    Path("animate.toml").write_text('preset = "draft"\nfps = 5\nformats = ["mp4"]\noutput = "public"\n')
    run("build", "a", "--executor", "serial", "-o", "media")
    assert files("media", "mp4") == ["a.mp4"]


def test_a_mistake_in_the_settings_is_told_before_anything_is_rendered(run: Any) -> None:
    Path("animate.toml").write_text("fomats = ['gif']\n")
    result = run("build", *DRAFT)
    assert result.exit_code == 2
    assert result.stderr == "error: animate.toml: there is no key 'fomats'. Did you mean 'formats'?\n"
    assert not Path("output").exists()


WRONG_USAGE = [
    (
        ("--format", "gif,mp5"),
        "format: 'mp5' must be one of gif, mp4, m4v, webm, webp, avif, apng, svg, html. Did you mean 'mp4'?",
    ),
    (("a", "bb"), "there is no scene named 'bb'. Did you mean 'b'?"),
    (("x*",), "no scene matches 'x*'. `animate list` shows them all."),
    (("--max-size", "-2MB"), "max-size must be a number of bytes, such as 2MB, 500kB or 1.5MiB; got '-2MB'."),
    (("--theme", "drak"), "Did you mean 'dark'?"),
    (("--size", "800"), "size must be WIDTHxHEIGHT in pixels"),
    (("--jobs", "0"), "jobs must be a whole number from 1 to 256; got 0."),
    (("--timeout", "0"), "timeout must be a number of seconds above 0; got 0.0."),
    (("--shard", "3/2"), "shard must be PART/PARTS, such as 2/5 for the second of five; got '3/2'."),
    (("--executor", "dask"), "--executor dask needs the scheduler's address: --address tcp://HOST:PORT."),
    (("--executor", "slurm"), "executor must be one of processes, serial, dask; got 'slurm'."),
]


@pytest.mark.parametrize(("args", "told"), WRONG_USAGE, ids=[" ".join(args) for args, _ in WRONG_USAGE])
def test_wrong_usage_is_told_before_anything_is_rendered(run: Any, args: tuple[str, ...], told: str) -> None:
    result = run("build", *args)
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stderr.count("\n") == 1
    assert files() == []


def test_a_setting_for_a_scene_or_a_parameter_that_is_not_there_is_told(run: Any) -> None:
    Path("animate.toml").write_text("[scene.aa]\nfps = 5\n")
    assert "animate.toml: [scene.aa] names no scene. Did you mean 'a'?" in run("build").stderr
    Path("animate.toml").write_text("[scene.a]\nset = {seed = 5}\n")
    result = run("build", *DRAFT)
    assert (result.exit_code, "a: scene a has no parameter 'seed'. It has none." in result.stderr) == (2, True)


def test_a_parameter_is_checked_before_anything_is_rendered_where_the_script_tells(run: Any, write_scene: Any) -> None:
    write_scene("a", signature="seed: int = 0")
    Path("animate.toml").write_text("[scene.a]\nset = {sed = 5}\n")
    result = run("build", *DRAFT)
    assert (result.exit_code, files()) == (2, [])
    assert result.stderr == "error: animate.toml: scene a has no parameter 'sed'. Did you mean 'seed'?\n"


def test_no_scenes_at_all_is_wrong_usage(run: Any) -> None:
    Path("empty").mkdir()
    result = run("build", "--scenes", "empty")
    assert result.exit_code == 2
    assert "there are no scenes" in result.stderr


def test_two_scenes_of_one_name_are_refused(run: Any, write_scene: Any) -> None:
    write_scene("a", folder="more")
    result = run("build", "scenes/a.py", "more/a.py", *DRAFT)
    assert result.exit_code == 2
    assert "scenes/a.py and more/a.py would both be written to output/a.gif" in result.stderr


def test_a_folder_that_cannot_be_written_is_told(run: Any) -> None:
    result = run("build", *DRAFT, "-o", "/proc/folder")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("error: cannot write to '/proc/folder': ")


def test_check_finds_nothing_after_a_build_of_the_same_settings(run: Any) -> None:
    run("build", *DRAFT)
    result = run("check", *LOOK)
    assert (result.exit_code, result.output) == (0, "")


def test_check_lists_what_a_build_would_change_and_why(run: Any) -> None:
    run("build", *DRAFT)
    Path("scenes/a.py").write_text(Path("scenes/a.py").read_text() + "# more\n")
    result = run("check", *LOOK)
    assert result.exit_code == 1
    assert result.stdout == "a: change: scenes/a.py changed\n"
    assert result.stderr == "error: 1 scene is out of date or unfit for publication\n"


def test_versions_fail_a_check_only_where_it_is_strict(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("animate.batch.cache_key.ffmpeg_version", lambda: "99.0")
    run("build", *DRAFT, "--format", "mp4")
    monkeypatch.setattr("animate.batch.cache_key.ffmpeg_version", lambda: "98.0")
    result = run("check", *LOOK, "--format", "mp4")
    assert result.exit_code == 0
    assert result.stdout == "a: version: ffmpeg 98.0, was 99.0\nb: version: ffmpeg 98.0, was 99.0\n"
    assert run("check", *LOOK, "--format", "mp4", "--strict").exit_code == 1


def test_check_without_a_build_says_what_to_do(run: Any) -> None:
    result = run("check")
    assert result.exit_code == 1
    assert "there is no manifest 'output/manifest.json'; `animate build` writes it." in result.stderr


def test_check_as_json_is_one_object(run: Any, write_scene: Any, small_scene: str) -> None:
    write_scene("a", body=small_scene)
    run("build", *DRAFT)
    [finding] = json.loads(run("check", *LOOK, "--json").stdout)["findings"]
    assert finding == {"scene": "a", "kind": "alt", "detail": "no alternative text: give the Scene an alt."}


def test_parts_are_merged_into_one_folder(run: Any) -> None:
    for part in (1, 2):
        run("build", *DRAFT, "--shard", f"{part}/2", "-o", f"part{part}")
    result = run("merge", "part1", "part2", "-o", "public")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "public/manifest.json\n", "")
    assert files("public") == ["a.gif", "b.gif"]
    assert run("check", *LOOK, "-o", "public").exit_code == 0


def test_a_missing_part_is_told(run: Any) -> None:
    run("build", *DRAFT, "--shard", "1/2", "-o", "part1")
    result = run("merge", "part1", "-o", "public")
    assert (result.exit_code, Path("public").exists()) == (1, False)
    assert result.stderr == "error: shard 2/2 is missing: name the folders of all parts.\n"
