"""The directive for scenes, in builds by Sphinx itself."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import pytest
from PIL import Image

CONF = 'extensions = ["myst_parser", "animate.sphinx"]\nanimate_scenes = "scenes"\nexclude_patterns = ["_build"]\n'
BODY = """
problem = linear_problem(line(12, rng=0))
run = panels.Run("Batch", descend(problem.objective, optimizers.gradient_descent(0.05), [0.0, 0.0], n_updates))
return Scene(title="Small", caption="A small scene", panels=[panels.LineFit(problem=problem, run=run)],
             timeline=Timeline(n_updates, seconds=0.2, hold_start=0.1, hold_end=0.1), alt="A line <is> fitted")
"""
INDEX = """\
Title
=====

.. animate:: small
   :preset: draft
   :set: n_updates=3
   :theme: both
   :width: 300
   :format: webm, mp4

.. toctree::

   other
   wrong/more
"""
OTHER = "# Other\n\n```{animate} small\n:preset: draft\n:alt: Of my own\n```\n"
MORE = "More\n====\n\n.. animate:: small\n   :preset: draft\n   :format: gif\n"


@pytest.fixture
def project(here: Path, write_scene: Any) -> Path:
    write_scene("small", body=BODY, signature="n_updates: int = 4")
    (here / "wrong").mkdir()
    for name, text in {"conf.py": CONF, "index.rst": INDEX, "other.md": OTHER, "wrong/more.rst": MORE}.items():
        (here / name).write_text(text, encoding="utf-8")
    return here


def build(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sphinx", "-q", "--no-color", *arguments, ".", "_build"]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=200)


def page(name: str) -> str:
    return Path("_build", name).read_text(encoding="utf-8")


def addresses(name: str) -> list[Path]:
    """Return the files that the sources of a page's videos and images name."""
    shown = re.search(
        r'<div class="animate-scene".*?</figure>|<div class="animate-scene".*?</div>', page(name), re.DOTALL
    )
    assert shown is not None
    found = re.findall(r'(?:src|srcset|poster|href)="([^"]*)"', shown[0])
    return [Path("_build", name).parent / address for address in found]


def test_documents_show_scenes_and_only_what_changed_is_rendered(project: Path) -> None:
    built = build("-W", "-j", "2")
    assert (built.returncode, built.stderr) == (0, "")
    for name in ("index.html", "other.html", "wrong/more.html"):
        assert addresses(name) != []
        assert all(path.is_file() for path in addresses(name))
    assert {path.suffix for path in addresses("index.html")} >= {".webm", ".mp4", ".png"}
    assert "(prefers-color-scheme: dark)" in page("index.html")
    assert 'style="max-width:300px"' in page("index.html")
    assert 'aria-label="A line &lt;is&gt; fitted"' in page("index.html")
    assert 'aria-label="Of my own"' in page("other.html")
    [video] = {path for path in addresses("other.html") if path.suffix == ".mp4"}
    assert imageio_ffmpeg.count_frames_and_secs(video)[0] > 1

    before = {path: path.stat().st_mtime_ns for path in Path("_build").rglob("*.mp4")}
    assert build("-E", "-W").stderr == ""
    assert before == {path: path.stat().st_mtime_ns for path in before}


def test_a_value_changes_the_scene(project: Path) -> None:
    Path("index.rst").write_text(
        INDEX.partition(".. toctree")[0].replace("n_updates=3", "n_updates=2"), encoding="utf-8"
    )
    Path("conf.py").write_text(CONF.replace('"_build"', '"_build", "other.md", "wrong"'), encoding="utf-8")
    assert build("-W").stderr == ""
    manifests = [path.read_text(encoding="utf-8") for path in Path("_build/.doctrees").rglob("manifest.json")]
    assert len(manifests) == 1
    assert re.search(r'"n_updates",\s*"value":\s*2', manifests[0]) or '"n_updates": 2' in manifests[0]


def test_a_text_shows_what_the_scene_shows(project: Path) -> None:
    assert build("-b", "text").returncode == 0
    assert "A line <is> fitted" in page("index.txt")


@pytest.mark.parametrize(("builder", "command"), [("latex", "includegraphics"), ("texinfo", "@image")])
def test_a_printed_document_shows_the_still_of_the_scene(project: Path, builder: str, command: str) -> None:
    Path("conf.py").write_text(CONF + 'project = "book"\nlatex_elements = {}\n', encoding="utf-8")
    built = build("-W", "-b", builder)
    assert (built.returncode, built.stderr) == (0, "")
    [source] = [path for path in Path("_build").glob("*.tex*") if "book" in path.name.lower()]
    text = source.read_text(encoding="utf-8")
    found = re.findall(r"small-[0-9a-f]{10}-small-poster", text)
    assert len(found) == text.count(command) == 3
    for name in found:
        with Image.open(next(Path("_build").rglob(f"{name}.png"))) as image:
            assert image.width > 100
    assert "Of my own" in text


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (":: small", ":: smal", "smal"),
        ("n_updates=3", "n_update=3", "n_update"),
        ("n_updates=3", "n_updates", ":set: must be NAME=VALUE"),
        ("n_updates=3", "n_updates=many", "many"),
        (":format: webm, mp4", ":format: mp5", "mp5"),
        (":format: webm, mp4", ":format: html", ":format: must name one of webm, mp4"),
        (":format: webm, mp4", ":format: mp4, html", "or several of them; got 'html'"),
        (":format: webm, mp4", ":format: mp4 mp5, gif", "or several of them; got 'mp5'"),
        (":format: webm, mp4", ":format: ,", "or several of them; got ','"),
        (":theme: both", ":theme: neither", "neither"),
    ],
)
def test_a_mistake_is_reported_with_file_and_line(project: Path, old: str, new: str, message: str) -> None:
    Path("conf.py").write_text(CONF.replace('"_build"', '"_build", "other.md", "wrong"'), encoding="utf-8")
    Path("index.rst").write_text(INDEX.partition(".. toctree")[0].replace(old, new), encoding="utf-8")
    built = build()
    assert re.search(rf"index\.rst:4: ERROR: .*{re.escape(message)}", built.stderr, re.DOTALL)


def test_a_scene_that_fails_is_reported_in_a_document_of_myst(project: Path, write_scene: Any) -> None:
    write_scene("small", body="return 1 / 0", signature="n_updates: int = 4")
    assert re.search(r"other\.md:3: ERROR: .*small\.py:\d+.*ZeroDivisionError", build().stderr, re.DOTALL)


def test_a_folder_that_cannot_be_written_is_reported_with_file_and_line(project: Path) -> None:
    Path("_build/.doctrees").mkdir(parents=True)
    Path("_build/.doctrees/animate").write_text("a file is here")
    assert re.search(r"index\.rst:4: ERROR: .*cannot write to", build().stderr, re.DOTALL)
