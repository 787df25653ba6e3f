"""The commands render, still and sheet: what they write, and what they print."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import imageio.v3 as iio
import pytest

DRAFT = ("--preset", "draft")


@pytest.fixture(autouse=True)
def scene(write_scene: Any) -> Path:
    path: Path = write_scene(signature="seed: int = 0, data: Table | None = None")
    return path


def test_render_writes_a_gif_into_output_unless_told(run: Any) -> None:
    result = run("render", "lesson", *DRAFT)
    assert (result.exit_code, result.stderr) == (0, "")
    assert iio.imread("output/lesson.gif").shape[1:3] == (270, 480)


def test_render_prints_path_bytes_size_seconds_and_frames(run: Any) -> None:
    result = run("render", "lesson", *DRAFT, "-o", "a.mp4")
    kilobytes = f"{Path('a.mp4').stat().st_size / 1000:.0f}"
    assert result.stdout == f"a.mp4  {kilobytes} KB  480x270  0.67 s  8 frames at 12/s\n"


def test_render_writes_several_outputs_in_one_pass(run: Any) -> None:
    result = run("render", "lesson", *DRAFT, "-o", "a.gif", "-o", "a.mp4", "--json")
    outputs = json.loads(result.stdout)["outputs"]
    assert [output["path"] for output in outputs] == ["a.gif", "a.mp4"]
    assert outputs[0]["bytes"] == Path("a.gif").stat().st_size
    assert outputs[0]["duration"] == pytest.approx(outputs[1]["duration"], abs=1 / 12)


def test_render_takes_a_path_in_place_of_a_name(run: Any, scene: Path) -> None:
    assert run("render", scene, *DRAFT).stdout.startswith("output/lesson.gif")


def test_size_rate_and_theme_win_over_the_preset(run: Any) -> None:
    written = run("render", "lesson", *DRAFT, "--size", "400x240", "--fps", "10", "--theme", "dark", "--json").stdout
    [output] = json.loads(written)["outputs"]
    assert (output["width"], output["height"], output["fps"]) == (400, 240, 10)
    assert iio.imread("output/lesson.gif")[0, 0, 0, :3].max() < 64


def test_set_reaches_the_scene(run: Any) -> None:
    assert run("render", "lesson", *DRAFT, "--set", "seed=1").exit_code == 0
    assert run("render", "lesson", *DRAFT, "--set", "seed=x").exit_code == 2


def test_set_of_a_later_value_wins(run: Any) -> None:
    assert run("render", "lesson", *DRAFT, "--set", "seed=x", "--set", "seed=1").exit_code == 0


def test_the_same_command_twice_writes_the_same_bytes(run: Any) -> None:
    for name in ("a", "b"):
        run("render", "lesson", *DRAFT, "-o", f"{name}.gif", "-o", f"{name}.mp4")
    for suffix in (".gif", ".mp4"):
        assert Path(f"a{suffix}").read_bytes() == Path(f"b{suffix}").read_bytes()


def test_two_jobs_write_the_same_bytes(process: Any) -> None:
    for jobs in ("1", "2"):
        assert process("render", "lesson", *DRAFT, "--jobs", jobs, "-o", f"{jobs}.gif").stderr == ""
    assert Path("1.gif").read_bytes() == Path("2.gif").read_bytes()


def test_loop_is_written_into_a_gif(run: Any) -> None:
    from PIL import Image

    run("render", "lesson", *DRAFT, "--loop", "3")
    with Image.open("output/lesson.gif") as image:
        # the extension counts repetitions after the first showing
        assert image.info["loop"] in (2, 3)


def test_nothing_is_written_to_stderr_when_it_is_no_terminal(process: Any) -> None:
    finished = process("render", "lesson", *DRAFT)
    assert (finished.returncode, finished.stderr) == (0, "")


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_still_writes_one_moment(run: Any, suffix: str) -> None:
    result = run("still", "lesson", *DRAFT, "--at", "0.5", "-o", f"frame.{suffix}")
    assert (result.exit_code, result.stdout) == (0, f"frame.{suffix}\n")
    assert Path(f"frame.{suffix}").stat().st_size > 1000


def test_still_writes_a_png_into_output_unless_told(run: Any) -> None:
    assert run("still", "lesson", *DRAFT).stdout == "output/lesson.png\n"
    assert iio.imread("output/lesson.png").shape[:2] == (270, 480)


@pytest.mark.parametrize(("at", "share"), [("first", "0"), ("last", "1")])
def test_first_and_last_are_the_ends(run: Any, at: str, share: str) -> None:
    run("still", "lesson", *DRAFT, "--at", at, "-o", "a.png")
    run("still", "lesson", *DRAFT, "--at", share, "-o", "b.png")
    assert Path("a.png").read_bytes() == Path("b.png").read_bytes()


def test_sheet_writes_as_many_frames_as_told(run: Any) -> None:
    result = run("sheet", "lesson", *DRAFT, "--frames", "4", "-o", "sheet.png")
    assert (result.exit_code, result.stdout) == (0, "sheet.png\n")
    height, width = iio.imread("sheet.png").shape[:2]
    assert (width // 480, height // 270) == (2, 2)


def test_sheet_writes_into_output_unless_told(run: Any) -> None:
    assert run("sheet", "lesson", *DRAFT).stdout == "output/lesson-sheet.png\n"


def test_json_of_still_and_sheet_names_the_file(run: Any) -> None:
    for command, path in (("still", "output/lesson.png"), ("sheet", "output/lesson-sheet.png")):
        assert json.loads(run(command, "lesson", *DRAFT, "--json").stdout) == {
            "scene": "lesson",
            "path": path,
        }


def test_a_mistake_of_the_script_while_drawing_is_told_with_file_and_line(
    run: Any, write_scene: Any, small_scene: str
) -> None:
    counter = "secondary_counter=panels.Readout('n', lambda update: 1 / 0, '')"
    write_scene(body=small_scene.replace("timeline=", f"{counter}, timeline="))
    result = run("render", "lesson", *DRAFT)
    assert result.exit_code == 1
    assert result.stderr.startswith("error: scenes/lesson.py:")
    assert result.stderr.endswith("drawing failed: ZeroDivisionError: division by zero\n")


def test_a_terminal_sees_the_progress_and_an_empty_line_at_the_end(here: Path) -> None:
    leader, follower = pty.openpty()
    args = [sys.executable, "-m", "animate", "render", "lesson", "--preset", "hd"]
    finished = subprocess.run(args, stdout=subprocess.PIPE, stderr=follower, check=True, timeout=60)
    seen = os.read(leader, 10_000).decode()
    os.close(leader)
    os.close(follower)
    assert re.search(r"frames \d+/21, \d+/s, \d+ s left", seen)
    assert re.search(r"\r +\r$", seen)
    assert finished.stdout.startswith(b"output/lesson.gif")
