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

from animate.errors import DataNote

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


def test_words_and_times_are_those_of_the_command(run: Any) -> None:
    own = ("--title", "Mine", "--caption", "All mine", "--seconds", "2", "--hold", "0.5")
    result = run("render", "lesson", *DRAFT, "--video", "-o", "a.html", *own)
    assert result.exit_code == 0
    page = Path("a.html").read_text(encoding="utf-8")
    assert "<title>Mine</title>" in page
    assert "All mine" in page
    assert "A small scene" not in page
    assert "2.00 s" in result.stdout


def test_slower_multiplies_the_length(run: Any) -> None:
    lengths = []
    for more in ((), ("--slower", "2")):
        [output] = json.loads(run("render", "lesson", *DRAFT, "-o", "a.mp4", "--json", *more).stdout)["outputs"]
        lengths.append(output["duration"])
    assert lengths[1] == pytest.approx(2 * lengths[0], abs=2 / 12)


def test_seconds_and_slower_together_are_refused(run: Any) -> None:
    result = run("render", "lesson", "--seconds", "2", "--slower", "2")
    assert (result.exit_code, result.stderr) == (
        2,
        "error: seconds and slower both set the length: give one of them.\n",
    )


@pytest.mark.parametrize("suffix", ["gif", "webp", "apng", "png"])
def test_a_transparent_picture_has_no_background(run: Any, suffix: str) -> None:
    from PIL import Image

    command = "still" if suffix == "png" else "render"
    assert run(command, "lesson", *DRAFT, "--transparent", "-o", f"a.{suffix}").exit_code == 0
    with Image.open(f"a.{suffix}") as picture:
        assert picture.convert("RGBA").getpixel((1, 1))[3] == 0


@pytest.mark.parametrize(("name", "format_"), [("a.mp4", "H.264"), ("a.html", "A page")])
def test_a_format_without_transparency_says_which_have_it(run: Any, name: str, format_: str) -> None:
    result = run("render", "lesson", *DRAFT, "--transparent", "-o", name)
    assert result.exit_code == 2
    assert f"{format_} has no transparency; use .gif, .webp, .avif, .webm, .apng, .svg or .png" in result.stderr


def test_transparent_frames_of_two_processes_are_those_of_one(process: Any) -> None:
    for jobs in ("1", "2"):
        process("render", "lesson", *DRAFT, "--transparent", "--title", "Mine", "--jobs", jobs, "-o", f"{jobs}.apng")
    assert Path("1.apng").read_bytes() == Path("2.apng").read_bytes()


def test_a_poster_is_the_last_frame_beside_the_animation(run: Any) -> None:
    result = run("render", "lesson", *DRAFT, "-o", "a.apng", "--poster")
    assert result.stdout.endswith("\na-poster.png\n")
    run("still", "lesson", *DRAFT, "--at", "last", "-o", "last.png")
    assert Path("a-poster.png").read_bytes() == Path("last.png").read_bytes()


def test_a_poster_may_be_of_another_moment(run: Any) -> None:
    assert run("render", "lesson", *DRAFT, "-o", "a.apng", "--poster", "first").exit_code == 0
    assert (iio.imread("a-poster.png")[..., :3] == iio.imread("a.apng")[0][..., :3]).all()
    result = run("render", "lesson", *DRAFT, "-o", "b.gif", "--poster", "lst")
    assert result.exit_code == 2
    assert "Did you mean 'last'?" in result.stderr
    assert not Path("b.gif").exists()


def test_a_second_sweep_of_one_parameter_is_refused(run: Any) -> None:
    result = run("render", "lesson", "--sweep", "seed=1,2", "--sweep", "seed=3,4")
    assert result.exit_code == 2
    assert "sweep must be given once for each parameter; got seed 2 times." in result.stderr


def test_a_budget_without_a_sweep_is_refused(run: Any) -> None:
    result = run("render", "lesson", "--budget", "1MB")
    assert (result.exit_code, "--budget must come with --sweep; got 1MB." in result.stderr) == (2, True)


@pytest.mark.parametrize(
    ("budget", "message"),
    [("lots", "budget must be a number of bytes such as 2MB"), ("3KB", "budget must be at least ")],
)
def test_a_budget_that_cannot_be_kept_is_refused_in_one_line(run: Any, budget: str, message: str) -> None:
    result = run("render", "lesson", *DRAFT, "-o", "a.html", "--sweep", "seed=5,9", "--budget", budget)
    assert result.exit_code in (1, 2)
    assert [line.startswith(f"error: {message}") for line in result.stderr.splitlines() if line] == [True]
    assert not Path("a.html").exists()


def test_a_budget_says_how_many_values_it_left_out(run: Any) -> None:
    sweep = ("--sweep", "seed=5,6,7,8,9")
    run("render", "lesson", *DRAFT, "-o", "whole.html", *sweep)
    size = Path("whole.html").stat().st_size
    result = run("render", "lesson", *DRAFT, "-o", "thin.html", *sweep, "--budget", str(size - 1))
    html = Path("thin.html").read_text(encoding="utf-8")
    n_kept = 1 + int(re.findall(r'id="value0" type="range" min="0" max="(\d+)"', html)[0])
    assert result.exit_code == 0
    assert len(html.encode()) < size
    assert result.stderr.splitlines() == [f"thin.html: gave up {5 - n_kept} of 5 values of seed"]


def test_options_of_data_reach_the_table(run: Any) -> None:
    Path("own.csv").write_text("x;y\n1;1.200\n2;\n3;2.400\n", encoding="utf-8")
    own = ("--data", "own.csv", "--skip-missing", "--decimal", ",")
    with pytest.warns(DataNote, match="left out 1 of 3 rows, the first of them row 3: a cell is empty"):
        result = run("still", "linear_sgd_vs_batch", *own, *DRAFT)
    assert result.exit_code == 0


def test_a_numbered_caption_replaces_one(run: Any) -> None:
    assert run("render", "linear_sgd_vs_batch", *DRAFT, "--video", "-o", "a.html", "--caption", "1=Mine").exit_code == 0
    assert "Mine" in Path("a.html").read_text(encoding="utf-8")
    result = run("render", "lesson", "--caption", "1=Mine", "--caption", "Mine")
    assert (result.exit_code, "one text for all, or texts such as '2=Watch.'" in result.stderr) == (2, True)
