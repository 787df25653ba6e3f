"""Any script's animations are saved, whatever the script does with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import imageio_ffmpeg
import pytest
from PIL import Image

HEAD = """
import sys
import matplotlib.pyplot as plt
from matplotlib.animation import FuncAnimation, PillowWriter

def wave(n_frames, interval=100):
    figure, axes = plt.subplots(figsize=(1, 1), dpi=50)
    line, = axes.plot([0, 1], [0, 1])
    return FuncAnimation(figure, lambda frame: line.set_ydata([0, frame + 1]), frames=n_frames, interval=interval)

"""


def write(body: str, name: str = "plot.py") -> None:
    Path(name).write_text(HEAD + body, encoding="utf-8")


def frames_and_rate(path: str) -> tuple[int, float]:
    n_frames, seconds = imageio_ffmpeg.count_frames_and_secs(path)
    return n_frames, round(n_frames / seconds, 1)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("animation = wave(6)\nplt.show()", (6, 10)),
        ("if __name__ == '__main__':\n    wave(6).save('own.gif', writer='pillow', fps=20)", (6, 20)),
        ("wave(6).save('own.gif', writer=PillowWriter(fps=5))", (6, 5)),
        ("wave(6).save('own.mp4', 'ffmpeg', 25, dpi=100)", (6, 25)),
        ("print(wave(6).to_jshtml())", (6, 10)),
        ("wave(6, 50).to_html5_video()\nsys.exit()", (6, 20)),
        ("wave(int(sys.argv[1]))", (4, 10)),
        ("plt.matplotlib.use('TkAgg')\nanimation = wave(6)\nplt.show()", (6, 10)),
        ("plt.switch_backend('TkAgg')\nanimation = wave(6)\nplt.show(block=True)", (6, 10)),
        ("plt.matplotlib.use('QtAgg')\nplt.ion()\nanimation = wave(6)\nplt.pause(0.01)\nplt.show()", (6, 10)),
        ("plt.rcParams['backend'] = 'GTK4Agg'\nanimation = wave(6)\nplt.gcf().show()", (6, 10)),
        ("animation = wave(6, interval=0)\nplt.show()", (6, 60)),
    ],
)
def test_the_animation_of_a_script_is_saved(here: Path, run: Any, body: str, found: tuple[int, float]) -> None:
    write(body)
    result = run("save", "plot.py", "-o", "x.mp4", "4")
    assert (result.exit_code, result.stderr.strip()) == (0, "")  # a script may print an empty page
    assert frames_and_rate("x.mp4") == found
    assert sorted(path.name for path in here.iterdir()) == ["plot.py", "x.mp4"]


def test_an_animation_without_an_end_is_saved_as_far_as_wanted(here: Path, run: Any) -> None:
    frames = "frames=iter(range(10**9)), cache_frame_data=False"
    write(f"animation = FuncAnimation(plt.figure(figsize=(1, 1)), lambda frame: None, {frames})\nplt.show()")
    assert run("save", "plot.py", "-o", "x.mp4", "--frames", "3").exit_code == 0
    assert frames_and_rate("x.mp4") == (3, 5)


def test_an_animation_that_is_saved_twice_is_written_once(here: Path, run: Any) -> None:
    write("animation = wave(3)\nanimation.save('a.gif')\nanimation.save('a.mp4')\nplt.show()")
    assert run("save", "plot.py", "-o", "x.gif").exit_code == 0
    assert sorted(path.name for path in here.iterdir()) == ["plot.py", "x.gif"]


def test_several_animations_get_numbers(here: Path, run: Any) -> None:
    write("animations = [wave(3), wave(5)]\nplt.show()")
    assert run("save", "plot.py", "-o", "x.gif", "--hold", "1").exit_code == 0
    with Image.open("x.gif") as first, Image.open("x-2.gif") as second:
        assert (first.n_frames, second.n_frames) == (3, 5)  # type: ignore[attr-defined]


def test_the_scripts_own_resolution_and_colors_count(here: Path, run: Any) -> None:
    write("wave(3).save('own.gif', dpi=100, savefig_kwargs={'facecolor': 'red'})")
    run("save", "plot.py", "-o", "x-%d.png")
    with Image.open("x-0.png") as image:
        assert image.size == (100, 100)
        assert image.getpixel((0, 0)) == (255, 0, 0)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("x = 1", "plot.py made no matplotlib animation"),
        ("1 / 0", "plot.py:11: the script failed: ZeroDivisionError"),
        ("sys.exit(3)", "plot.py ended with exit status 3"),
        ("animation = wave(3)\nanimation._func = lambda frame: 1 / 0", "ZeroDivisionError"),
    ],
)
def test_a_script_that_cannot_be_saved_is_one_line(here: Path, run: Any, body: str, message: str) -> None:
    write(body)
    result = run("save", "plot.py", "-o", "x.mp4")
    assert result.exit_code == 1
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert not Path("x.mp4").exists()


def test_a_script_that_is_missing_is_wrong_usage(here: Path, run: Any) -> None:
    result = run("save", "missing.py", "-o", "x.mp4")
    assert result.exit_code == 2
    assert "SCRIPT must be a Python file; got 'missing.py'" in result.stderr


@pytest.mark.parametrize("option", [("--hold", "1e9"), ("--hold", "nan"), ("--fps", "nan")])
def test_an_absurd_value_is_refused_in_one_line_before_the_script_runs(here: Path, run: Any, option: Any) -> None:
    write("raise SystemExit('the script ran')")
    result = run("save", "plot.py", "-o", "x.gif", *option)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert f"error: {option[0][2:]} must be a number of" in result.stderr
