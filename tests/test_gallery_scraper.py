"""Animations in galleries, in builds by sphinx-gallery itself."""

from __future__ import annotations

import gc
import hashlib
import html
import io
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from matplotlib.animation import Animation, FuncAnimation
from matplotlib.figure import Figure
from PIL import Image

from animate.gallery_scraper import animations_of

pytest.importorskip("sphinx_gallery")

CONF = """
extensions = ["sphinx_gallery.gen_gallery"]
exclude_patterns = ["_build"]
sphinx_gallery_conf = {"examples_dirs": "examples", "gallery_dirs": "auto", "image_scrapers": ("matplotlib", "animate"),
                       "show_signature": False}
"""
WAVE = '''\
"""
A wave
======

It runs.
"""
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.animation import FuncAnimation

x = np.linspace(0, 7, 50)
figure, axes = plt.subplots(figsize=(2, 1.5), dpi=100)
(line,) = axes.plot(x, np.sin(x))
axes.set_title("It runs")
animation = FuncAnimation(figure, lambda frame: line.set_ydata(np.sin(x + frame)), frames=5)
other, _ = plt.subplots(figsize=(1, 1))

# %%
# The end.

plt.figure(figsize=(1, 1))
'''


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gallery")
    (folder / "examples").mkdir()
    (folder / "conf.py").write_text(CONF, encoding="utf-8")
    (folder / "index.rst").write_text("Title\n=====\n\n.. toctree::\n\n   auto/index\n", encoding="utf-8")
    (folder / "examples" / "README.txt").write_text("Examples\n========\n", encoding="utf-8")
    (folder / "examples" / "plot_wave.py").write_text(WAVE, encoding="utf-8")
    build(folder)
    return folder


def build(folder: Path, *options: str) -> None:
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-E", "-j", "2", *options, ".", "_build"]
    subprocess.run(command, check=True, cwd=folder, timeout=200)


def page(project: Path) -> str:
    return (project / "_build" / "auto" / "plot_wave.html").read_text(encoding="utf-8")


def test_the_page_plays_the_animation_with_its_alt_text(project: Path) -> None:
    [frame] = re.findall(r'srcdoc="([^"]*)"', page(project))
    assert 'aria-label="Animation: It runs"' in html.unescape(frame)


def test_the_figure_of_the_animation_is_drawn_once_and_the_others_are_there(project: Path) -> None:
    images = sorted(path.name for path in (project / "auto" / "images").glob("*.png"))
    assert images == [f"sphx_glr_plot_wave_00{number}.png" for number in (1, 2, 3)]
    text = (project / "auto" / "plot_wave.rst").read_text(encoding="utf-8")
    assert re.findall(r"image-sg:: (\S+)", text) == [f"/auto/images/{images[0]}", f"/auto/images/{images[2]}"]


def test_the_still_has_the_pixels_of_matplotlibs_last_frame(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import matplotlib.pyplot as plt

    names: dict[str, object] = {}
    exec(WAVE, names)
    figure, line, x = names["figure"], names["line"], names["x"]
    line.set_ydata(np.sin(x + 4))  # type: ignore[attr-defined,operator]
    expected = io.BytesIO()
    figure.savefig(expected, dpi=100)  # type: ignore[attr-defined]
    plt.close("all")
    found = np.asarray(Image.open(project / "auto" / "images" / "sphx_glr_plot_wave_002.png").convert("RGB"))
    np.testing.assert_array_equal(found, np.asarray(Image.open(expected).convert("RGB")))


def test_a_printed_gallery_shows_the_still_in_place_of_the_player(project: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(project, tmp_path / "book", ignore=shutil.ignore_patterns("_build", "auto"))
    build(folder, "-b", "latex", "-D", "project=book")
    text = (folder / "_build" / "book.tex").read_text(encoding="utf-8")
    stills = re.findall(r"includegraphics(?:\[[^\]]*\])?\{\{(sphx_glr_plot_wave_\d+)\}\.png\}", text)
    assert stills == [f"sphx_glr_plot_wave_00{number}" for number in (1, 2, 3)]
    assert "iframe" not in text
    with Image.open(folder / "_build" / f"{stills[1]}.png") as image:
        assert image.size == (200, 150)


def test_a_rebuild_has_identical_bytes(project: Path) -> None:
    before = digests(project)
    assert "auto/images/thumb/sphx_glr_plot_wave_thumb.png" in before
    shutil.rmtree(project / "auto")
    shutil.rmtree(project / "_build")
    build(project)
    assert digests(project) == before


def digests(project: Path) -> dict[str, str]:
    """Return the hash of each image and of the players in the page."""
    files = {str(path.relative_to(project)): path.read_bytes() for path in (project / "auto").rglob("*.png")}
    players = re.findall("<iframe.*?</iframe>", page(project), re.DOTALL)
    return {name: hashlib.sha256(data).hexdigest() for name, data in files.items()} | {"players": "".join(players)}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # of animations that other tests left
def test_every_animation_of_a_figure_is_found_until_it_is_garbage() -> None:
    figure = Figure()
    animations: list[Animation] = [FuncAnimation(figure, lambda _: (), frames=1) for _ in range(2)]
    assert list(animations_of(figure)) == animations
    for animation in animations:
        animation._draw_was_started = True  # type: ignore[attr-defined]  # else matplotlib warns
    del animation, animations
    gc.collect()
    assert list(animations_of(figure)) == []
