"""Whatever a scene script does, or is: one line tells it, other scenes are not harmed, and results stay results."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from animate.cli import commands
from tests.trust.conftest import BODY, LENGTH, Run, leftovers

STILL = ("still", "odd", "--preset", "draft", "-o", "odd.png")
BUILD = ("build", "--preset", "draft", "--executor", "serial")
BY_PROCESSES = BUILD[:3]
PRINTS = "print('from build')"

RAISES = {
    "an exception of its own kind": ("raise type('Odd', (BaseException,), {})('why')", "build failed: Odd: why"),
    "a cancellation": ("import asyncio; raise asyncio.CancelledError", "build failed: CancelledError"),
    "an end of generators": ("raise GeneratorExit", "build failed: GeneratorExit"),
    "an exit": ("import sys; sys.exit(0)", "build failed: SystemExit: 0"),
    "an endless recursion": ("return build()", "build failed: RecursionError: maximum recursion depth exceeded"),
    "a message of three lines": (r"raise ValueError('a\nb\nc')", "build failed: ValueError: a b c"),
    "a message that fails": ("raise type('Odd', (Exception,), {'__str__': lambda self: 1 / 0})", "build failed: Odd"),
    "a message that is no text": (r"raise ValueError('\ud800')", r"build failed: ValueError: \ud800"),
    "too much memory": ("return bytearray(10**17)", "build failed: MemoryError"),
}
BROKEN = {
    "a folder": (Path.mkdir, "cannot be read: Is a directory"),
    "a link to itself": (lambda path: path.symlink_to(path.name), "cannot be read: Too many levels of symbolic links"),
    "a link to nowhere": (lambda path: path.symlink_to("gone.py"), "cannot be read: No such file or directory"),
    "nested a hundred thousand deep": (
        lambda path: path.write_text(f'"""Why?"""\ndef build(): return {"-" * 100_000}1\n'),
        "is nested too deeply to be read",
    ),
    "a sum of a hundred thousand": (
        lambda path: path.write_text(f'"""Why?"""\ndef build(n=1{"+1" * 100_000}): return n\n'),
        "is nested too deeply to be read",
    ),
    "in UTF-16": (
        lambda path: path.write_text('"""Why?"""\ndef build(): ...\n', encoding="utf-16"),
        "source code string cannot contain null bytes",
    ),
    "in Latin-1": (
        lambda path: path.write_bytes(b'"""Why \xe9?"""\ndef build(): ...\n'),
        "'utf-8' codec can't decode byte 0xe9",
    ),
}  # fmt: skip
if sys.version_info < (3, 13):  # later ones read it
    BROKEN["a sum of two thousand"] = (
        lambda path: path.write_text(f'"""Why?"""\ndef build(n=1{"+1" * 2000}): return n\n'),
        "is nested too deeply to be read",
    )


def invoke(*args: str) -> Result:
    return CliRunner().invoke(commands, list(args))


@pytest.fixture(params=RAISES)
def told(request: pytest.FixtureRequest, scene: Path, write_scene: Callable[..., Path]) -> str:
    """Return what is told of a scene ``odd`` that raises something."""
    body, message = RAISES[request.param]
    write_scene("odd", body=body)
    return f"scenes/odd.py:8: {message}"


def test_whatever_a_script_raises_is_one_line_with_its_place(told: str) -> None:
    result = invoke(*STILL)
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"error: {told}\n")


def test_whatever_one_script_raises_the_other_scenes_are_built(scene: Path, told: str) -> None:
    result = invoke(*BUILD)
    assert (result.exit_code, result.stderr) == (1, f"odd: {told}\nerror: 1 of 2 scenes failed\n")
    assert result.stdout.startswith("output/lesson.gif ")
    assert leftovers(scene / "output") == []


@pytest.mark.parametrize(
    ("raises", "message"),
    [
        ("raise type('Odd', (BaseException,), {})('why')", "scenes/odd.py:8: build failed: Odd: why"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    ],
)
def test_a_process_that_builds_outlives_what_a_script_raises(
    run: Run, write_scene: Callable[..., Path], scene: Path, raises: str, message: str
) -> None:
    write_scene("odd", body=raises)
    result = run(*BY_PROCESSES)
    assert result.stderr == f"odd: {message}\nerror: 1 of 2 scenes failed\n"


@pytest.fixture(params=BROKEN)
def broken(request: pytest.FixtureRequest, scene: Path) -> str:
    """Return what is told of a scene ``odd`` that cannot be read."""
    make, message = BROKEN[request.param]
    make(scene / "scenes/odd.py")
    return message


def test_a_script_that_cannot_be_read_is_one_line(broken: str) -> None:
    result = invoke(*STILL)
    assert result.exit_code == 1
    [line] = result.stderr.splitlines()
    assert line.startswith("error: scenes/")
    assert broken in line


def test_beside_a_script_that_cannot_be_read_the_others_are_listed_and_built(broken: str) -> None:
    listed = invoke("list")
    assert listed.exit_code == 0
    assert "lesson " in listed.stdout
    result = invoke(*BUILD)
    assert result.exit_code == 1
    assert "internal error" not in result.stderr
    assert result.stderr.splitlines()[-1] == "error: 1 of 2 scenes failed"
    assert result.stdout.startswith("output/lesson.gif ")


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_a_script_prints_is_not_in_the_result(
    run: Run, scene: Path, write_scene: Callable[..., Path], jobs: int
) -> None:
    write_scene(signature=LENGTH, body=f"{PRINTS}\n{BODY}")
    result = run("render", "lesson", "--preset", "draft", "-o", "new.gif", "--jobs", jobs, "--json")
    assert json.loads(result.stdout)["scene"] == "lesson"
    assert result.stderr == "from build\n"


@pytest.mark.parametrize("executor", ["serial", "processes"])
def test_what_a_script_prints_is_not_in_the_result_of_a_build(
    run: Run, scene: Path, write_scene: Callable[..., Path], executor: str
) -> None:
    write_scene(signature=LENGTH, body=f"{PRINTS}\n{BODY}")
    result = run(*BY_PROCESSES, "--executor", executor, "--json")
    assert len(json.loads(result.stdout)["scenes"]) == 1
    assert result.stderr == "from build\n"


def test_a_warning_of_a_script_is_one_line_with_its_place(scene: Path, write_scene: Callable[..., Path]) -> None:
    write_scene(signature=LENGTH, body=f"import warnings; warnings.warn('too\\nmany')\n{BODY}")
    command = [sys.executable, "-m", "animate", "still", "lesson", "--preset", "draft", "-o", "new.png"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert result.stderr == f"warning: {scene}/scenes/lesson.py:8: too many\n"


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are bytes on Linux only")
def test_a_name_that_is_not_utf_8_renders_and_is_refused_by_a_build(run: Run, scene: Path) -> None:
    name = os.fsdecode(b"caf\xe9")
    (scene / "scenes" / f"{name}.py").write_text((scene / "scenes/lesson.py").read_text())
    assert run("render", name, "--preset", "draft").returncode == 0
    assert (scene / "output" / f"{name}.gif").is_file()
    assert 'src="output/caf%E9.gif"' in run("embed", f"output/{name}.gif", "--alt", "A cup").stdout
    result = invoke(*BUILD)
    told = r"error: a scene that is built must have a name in UTF-8; got 'caf\udce9': rename it." + "\n"
    assert (result.exit_code, result.stderr) == (2, told)


def test_a_name_with_dots_keeps_them_in_the_name_of_its_file(scene: Path) -> None:
    script = scene / "scenes/lesson.py"
    for name in ("v1.2", "v1.3"):
        (scene / "scenes" / f"{name}.py").write_text(script.read_text())
        assert invoke("render", name, "--preset", "draft").stdout.startswith(f"output/{name}.gif ")
    assert {path.name for path in (scene / "output").iterdir()} == {"v1.2.gif", "v1.3.gif"}


@pytest.mark.parametrize("name", ["mit leer zeichen", "勾配_β", "-dash", "a" * 240, "per%04d", "quote'\"<b>&"])
def test_a_name_of_odd_letters_renders_builds_and_can_be_shown_in_a_page(scene: Path, name: str) -> None:
    (scene / "scenes/lesson.py").rename(scene / "scenes" / f"{name}.py")
    for command in (("render", "--preset", "draft", "--", name), (*BUILD, "-o", "built")):
        result = invoke(*command)
        assert (result.exit_code, result.stderr) == (0, "")
    assert (scene / "built" / f"{name}.gif").read_bytes() == (scene / "output" / f"{name}.gif").read_bytes()
    assert invoke("embed", f"built/{name}.gif", "--alt", "A line").exit_code == 0
