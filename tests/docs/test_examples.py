"""Every command and code block that a user can copy is run: from the help, the README and the documentation.

The lines of ``console`` blocks that begin with ``animate`` are run one by one, in a folder with the files they name.
The ``python`` blocks of a page are run one after the other. A block that cannot be run says why, in the line above it:
``<!-- not run: REASON -->``.
"""

from __future__ import annotations

import ast
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import click
import imageio.v3 as iio
import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import __version_info__

import animate
from animate.batch.manifest import File, Manifest, SceneEntry
from animate.cli import commands
from animate.cli.app import COMMANDS
from animate.film.encoders import open_sink
from tests.gallery.idioms import IDIOMS

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = {
    path.name: path.read_text(encoding="utf-8") for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
}
STILLS = ROOT / "output" / "readme"
SCENES = sorted(path.stem for path in (ROOT / "scenes").glob("*.py"))
# a fence, and the comment in the line above it; directives of Sphinx, whose language is in braces, hold no code
FENCE = re.compile(r"^(?:<!-- ([^\n]*?) -->\n)?```([\w{}-]+)[^\n]*\n(.*?)^```$", re.DOTALL | re.MULTILINE)
# comments of blocks that .ci/run runs
RUN_BY_CI = ("render", "test")
LEAVES = """\
tree,length,width
oak,9,5
oak,11,6
oak,8,6
oak,6,2.5
oak,8,2
willow,9,1.5
willow,7,3
willow,12,2
willow,10,5.5
"""
PLOT = """\
import matplotlib.pyplot as plt
from matplotlib.animation import FuncAnimation

figure, axes = plt.subplots(figsize=(1, 1))
(line,) = axes.plot([0, 1], [0, 1])
animation = FuncAnimation(figure, lambda frame: line.set_ydata([0, frame]), frames=3)
plt.show()
"""
# what builds left, by folder
BUILT = {
    "output": ("linear_sgd_vs_batch.gif", "linear_sgd_vs_batch.mp4"),
    "output-before": ("linear_sgd_vs_batch.gif",),
    "before/output": ("linear_sgd_vs_batch.gif",),
    "post": ("sgd.webm",),
}
# rendered small unless the example is about the size
SMALL = {name: ["--preset", "draft"] for name in ("render", "still", "sheet", "build", "check")}


def blocks(page: str, language: str) -> list[str]:
    """Return the blocks of a page that are run."""
    return [code for comment, kind, code in FENCE.findall(PAGES[page]) if kind == language and not comment]


def lines() -> list[str]:
    """Return each line that a user can copy and that is run, once."""
    context = click.Context(commands)
    helps = [command.epilog for name in COMMANDS if (command := commands.get_command(context, name))]
    shown = [code for page in PAGES for code in blocks(page, "console")]
    found = [line.strip() for text in [*helps, *shown] for line in str(text).splitlines()]
    return sorted({line for line in found if line.startswith("animate ")})


# commands that serve until they are interrupted
SERVING = [line for line in lines() if line.startswith("animate studio")]


@pytest.fixture
def course(here: Path, write_scene: Any, small_scene: str) -> Path:
    """Return a folder with all that the examples name."""
    described = small_scene.replace('title="Small"', 'title="Small", alt="A line is fitted."')
    write_scene("my_scene", folder="path/to")
    write_scene("lesson", folder="course/scenes", body=described)
    write_scene("my_lesson", body=described)
    shutil.copy(ROOT / "animate" / "csv" / "norris.csv", here)
    (here / "leaves.csv").write_text(LEAVES)
    (here / "my_plot.py").write_text(PLOT)
    return here


def write_built(folder: Path, names: tuple[str, ...]) -> None:
    """Write files as a build would leave them, but small, and their manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name in names:
        sink = open_sink(folder / name, 32, 16, 10)
        for shade in (100, 200):
            sink.write(np.full((16, 32, 4), (shade, shade, shade, 255), dtype=np.uint8))
        sink.finish()
        sink.publish()
        files.append(File(path=name, role="animation", format=name.rpartition(".")[2], width=32, height=16))
    manifest = Manifest((SceneEntry(name=Path(names[0]).stem, alt="A square", files=tuple(files)),))
    (folder / "manifest.json").write_text(manifest.text(), encoding="utf-8")


def prepare(run: Any, command: str, args: list[str]) -> None:
    """Make what a command is about."""
    if command == "new":
        Path("scenes/my_lesson.py").unlink()
    elif command == "check":
        run("build", *(arg for arg in args if arg != "--strict"), *SMALL["build"])
    elif command in ("embed", "diff"):
        for folder, names in BUILT.items():
            write_built(Path(folder), names)
    elif command == "merge":
        for part in (1, 2):
            run("build", "--shard", f"{part}/2", "-o", f"part{part}", *SMALL["build"])


@pytest.mark.parametrize("line", [line for line in lines() if line not in SERVING])
def test_every_command_shown_to_a_user_works(course: Path, run: Any, line: str) -> None:
    _, command, *args = shlex.split(line, comments=True)
    prepare(run, command, args)
    result = run(command, *args, *([] if "--preset" in args else SMALL.get(command, [])))
    has_report = command == "new" or "--explain" in args  # on standard error
    assert (result.exit_code, "" if has_report else result.stderr) == (0, "")


@pytest.mark.parametrize("line", SERVING)
def test_every_studio_shown_to_a_user_answers_until_ctrl_c(course: Path, line: str) -> None:
    args = shlex.split(line, comments=True)[2:]
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "animate", "studio", *args, "--no-open", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": ROOT}) as studio:
        assert studio.stdout is not None
        address = studio.stdout.readline().strip()
        try:
            with urllib.request.urlopen(address, timeout=30) as answer:
                assert b"animate" in answer.read()
        finally:
            studio.send_signal(signal.SIGINT)
        assert studio.wait(30) == 0


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "python")])
def test_the_python_blocks_of_a_page_run_one_after_the_other(course: Path, page: str) -> None:
    names: dict[str, Any] = {"__name__": "__main__"}
    with mpl.rc_context():
        for code in blocks(page, "python"):
            exec(compile(code, page, "exec"), names)


@pytest.mark.parametrize("page", PAGES)
def test_every_block_of_a_page_is_run_or_says_why_not(page: str) -> None:
    left_out = []
    for comment, language, code in FENCE.findall(PAGES[page]):
        has_reason = comment in RUN_BY_CI or re.fullmatch(r"not run: .+", comment)
        is_run = {
            "console": all(line.startswith("animate ") for line in code.splitlines()),
            "python": True,
            "ipython": page == "notebooks.md",  # tests/test_notebook.py runs them in a kernel
            "toml": True,  # tests/test_workflows.py reads these two
            "yaml": page == "ci.md",
            "text": True,  # no code
        }
        if not (has_reason or is_run.get(language) or language.startswith("{")):
            left_out.append(code)
    assert left_out == []


def test_every_fence_of_a_page_is_found() -> None:
    for text in PAGES.values():
        assert 2 * len(FENCE.findall(text)) == len(re.findall("^```", text, re.MULTILINE))


def test_matplotlib_refuses_the_writer_without_the_import_in_the_words_that_are_quoted(here: Path) -> None:
    [quoted] = {
        " ".join(words.split())
        for words in re.findall(r"matplotlib\s+raises\s+`([^`]*)`", README + PAGES["animation.md"])
    }
    code = (
        "from matplotlib.animation import FuncAnimation; from matplotlib.figure import Figure; "
        "FuncAnimation(Figure(), lambda frame: (), frames=1).save('x.mp4', writer='animate')"
    )
    failed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    is_old = tuple(map(int, mpl.__version__.split(".")[:2])) < (3, 11)
    assert ("MovieWriter animate unavailable" if is_old else quoted) in failed.stderr


def test_the_reasons_for_full_draws_that_are_listed_are_those_of_the_code() -> None:
    table = PAGES["replay.md"].partition("| reason in the log |")[2].partition("\n\n")[0]
    listed = re.findall(r"^\| (.*?) \|", table, re.MULTILINE)
    literals = [
        node.value
        for path in (ROOT / "animate" / "replay").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert len(listed) > 5
    for reason in listed:
        for part in re.split(r"\.\.\.", reason):  # what stands for a name or a message
            assert any(part.strip(" ()") in literal for literal in literals), reason


def test_every_idiom_that_is_tried_is_listed_as_measured() -> None:
    measured = PAGES["replay.md"].partition("## Measured")[2]
    _title, *rows = re.findall(r"^\| (.*?) \|", measured, re.MULTILINE)
    assert len(rows) >= 60
    assert sorted(rows) == sorted((idiom.__doc__ or "").strip() for idiom in IDIOMS)


@pytest.mark.skipif(__version_info__ < (3, 11), reason="matplotlib laid text out otherwise before 3.11")
def test_the_picture_of_the_readme_is_current(run: Any) -> None:
    [command] = re.findall(r"<!-- the picture: animate (.*) -->", README)
    made = run(*shlex.split(command))
    assert made.exit_code == 0
    kept, now = (
        iio.imread(path, mode="RGB").astype(float) for path in (ROOT / made.stdout.split()[0], made.stdout.split()[0])
    )
    # other versions of fonts, matplotlib and ffmpeg may differ by a shade, not by more
    assert kept.shape == now.shape
    assert abs(kept - now).mean() < 1, f"run: animate {command}"


@pytest.mark.skipif(__version_info__ < (3, 11), reason="matplotlib laid text out otherwise before 3.11")
@pytest.mark.parametrize("name", SCENES)
def test_each_still_of_a_lesson_is_current(name: str, here: Path) -> None:
    kept = iio.imread(STILLS / f"{name}.png", mode="RGB").astype(float)
    scene = animate.load(name, scenes=ROOT / "scenes").build()
    now = iio.imread(scene.save_still(here / "now.png", "last", size=(480, 270)), mode="RGB").astype(float)
    assert kept.shape == now.shape
    assert abs(kept - now).mean() < 1, "run: python docs/generate.py --stills"


def test_there_is_a_still_of_every_lesson_and_no_other() -> None:
    stills = {re.sub("-(portrait|square|de)$", "", path.stem) for path in STILLS.glob("*.png")}
    assert sorted(stills) == SCENES


def test_every_link_of_the_readme_leads_to_a_file() -> None:
    linked = re.findall(r"\]\(([^)#:]*)(?:#[^)]*)?\)", README)
    assert len(linked) > 10
    assert [path for path in linked if not (ROOT / path).is_file()] == []


def test_the_readme_is_short() -> None:
    assert len(README.encode()) <= 8192


def test_the_two_set_up_commands_are_there_to_be_run_as_they_are() -> None:
    for name in RUN_BY_CI:
        [command] = re.findall(rf"<!-- {name} -->\n```console\n(.*)\n```\n<!-- /{name} -->", README)
        assert command.startswith("python3 -m venv .venv && .venv/bin/pip install ")
