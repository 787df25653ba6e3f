"""Both themes in one file: a reader sees what a file of that theme alone shows."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

import animate
from animate.errors import UsageError
from animate.vector.fragments import Fragment, SharedDefinitions
from animate.vector.recording import FigureRecording
from animate.vector.themes import in_both_themes
from tests.vector.conftest import SEEK, Pixels, pixels_of, share_alike

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the film of a scene in each theme and in both."""
    folder = tmp_path_factory.mktemp("themes")
    scene = animate.load("linear_loss_surface").build(n_updates=4)
    for theme in ("light", "dark", "both"):
        scene.save(folder / f"{theme}.svg", size=(320, 180), fps=2, theme=theme)
    scene.save(folder / "both.html", size=(320, 180), fps=10, theme="both")  # enough frames for drawings
    return folder


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_reader_sees_what_a_file_of_that_theme_shows(new_page: Callable[..., Page], folder: Path, theme: Any) -> None:
    page = new_page(color_scheme=theme, viewport={"width": 320, "height": 180})

    def shown(name: str) -> Pixels:
        page.goto((folder / f"{name}.svg").as_uri())
        page.evaluate(SEEK, 4.25)
        return pixels_of(page)

    alone = shown(theme)
    assert share_alike(shown("both"), alone) > 0.999
    assert (np.median(alone) < 60) == (theme == "dark")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_reader_of_a_page_sees_a_background_of_that_theme(
    new_page: Callable[..., Page], folder: Path, theme: Any
) -> None:
    page = new_page(color_scheme=theme, viewport={"width": 640, "height": 480})
    page.goto((folder / "both.html").as_uri() + "#t=4")
    page.locator(".panel:not([hidden])").wait_for()
    picture = Image.open(io.BytesIO(page.locator(".screen").screenshot())).convert("L")
    assert (np.median(np.asarray(picture)) < 60) == (theme == "dark")


def test_both_themes_take_little_more_than_one(folder: Path) -> None:
    sizes = {name: (folder / f"{name}.svg").stat().st_size for name in ("light", "both")}
    assert sizes["both"] < 1.7 * sizes["light"]


def test_shapes_that_differ_are_shown_in_their_theme_only() -> None:
    shared = SharedDefinitions()
    one, other = (Fragment("path", "", "", data) for data in ("M0 0l1 1", "M0 0l2 2"))
    found = list(in_both_themes([one], [other], shared))
    assert [fragment.content for fragment in found] == [
        '<g class="L"><path d="M0 0l1 1"/></g>',
        '<g class="D"><path d="M0 0l2 2"/></g>',
    ]


def test_a_style_that_one_theme_lacks_is_undone() -> None:
    shared = SharedDefinitions()
    light, dark = shared.style({"fill": "#fff", "opacity": "0.5"}), shared.style({"fill": "#000"})
    name = shared.style_by_theme(light, dark)
    assert shared.dark_styles[name] == "fill:#000;opacity:initial"


def test_other_formats_refuse_both_themes(tmp_path: Path) -> None:
    scene = animate.load("linear_loss_surface").build(n_updates=4)
    with pytest.raises(UsageError, match=r"GIF holds one theme; got both; use \.svg or \.html"):
        scene.save(tmp_path / "x.gif", theme="both")


def test_both_figures_are_recorded_at_the_same_moment(figure: Figure) -> None:
    shown: list[int] = []

    def other_theme(number: int) -> Figure:
        shown.append(number)
        return figure

    recording = FigureRecording(figure, 100, other_theme=other_theme)
    for _ in range(3):
        recording.record()
    assert shown == [0, 1, 2]
