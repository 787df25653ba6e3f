"""What the tests of vector films share: a small figure that changes, saved, and its frames in a browser."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from matplotlib.animation import FuncAnimation
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

import animate

if TYPE_CHECKING:
    from playwright.sync_api import Page

SIZE = 320, 180
FPS = 10

Pixels = NDArray[np.int64]
Update = Callable[[int], object]

SEEK = "seconds => document.getAnimations().forEach(one => { one.pause(); one.currentTime = 1000 * seconds })"

PAINT_ANEW = """async (selector) => {
    const drawing = document.querySelector(selector);
    const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    drawing.style.display = "none";
    await painted();
    drawing.style.display = "";
    await painted();
}"""
"""Where only a part of a drawing is painted, Chromium smooths the edges of shapes on its border in another way."""


@pytest.fixture
def figure() -> Figure:
    """Return an empty figure of 320x180 pixels."""
    figure = Figure(figsize=(3.2, 1.8), dpi=100)
    FigureCanvasAgg(figure)
    return figure


@pytest.fixture
def save(tmp_path: Path) -> Callable[..., str]:
    """Return a function that saves an animation as SVG and returns the text of the file."""

    def save(figure: Figure, update: Update, n_frames: int, **options: Any) -> str:
        path = tmp_path / "film.svg"
        animation = FuncAnimation(figure, update, frames=n_frames, cache_frame_data=False)
        animation.save(path, writer=animate.writer(fps=FPS, **options))
        return path.read_text(encoding="utf-8")

    return save


def reference(figure: Figure) -> bytes:
    """Return a figure as matplotlib writes it: an SVG of one frame."""
    file = io.BytesIO()
    figure.savefig(file, format="svg")
    return file.getvalue()


@pytest.fixture
def picture(page: Page) -> Callable[..., Pixels]:
    """Return a function that gives the pixels of an SVG image in a browser, shape (height, width, 3)."""

    def picture(svg: bytes, size: tuple[int, int] = SIZE) -> Pixels:
        source = "data:image/svg+xml;base64," + base64.b64encode(svg).decode()
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.goto("about:blank")
        page.set_content(f'<body style="margin: 0"><img width={size[0]} height={size[1]} src="{source}">')
        page.wait_for_function("document.images[0].complete")
        return pixels_of(page)

    return picture


@pytest.fixture
def frame(page: Page, tmp_path: Path) -> Callable[[int], Pixels]:
    """Return a function that gives the pixels of a frame of the saved film, stopped in a browser."""
    page.set_viewport_size({"width": SIZE[0], "height": SIZE[1]})

    def frame(number: int) -> Pixels:
        if "film.svg" not in page.url:
            page.goto((tmp_path / "film.svg").as_uri())
        page.evaluate(SEEK, (number + 0.5) / FPS)
        page.evaluate(PAINT_ANEW, "svg")
        return pixels_of(page)

    return frame


def pixels_of(page: Page) -> Pixels:
    """Return what a page shows."""
    return np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGB")).astype(np.int64)


def share_alike(one: Pixels, other: Pixels, levels: int = 2) -> float:
    """Return the share of pixels that differ by at most so many of 255 levels."""
    return float((np.abs(one - other).max(axis=-1) <= levels).mean())
