"""Each frame of a page of drawings in Chromium, against matplotlib's own SVG of that frame in Chromium."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from animate.film.formats.page import Clip, PlayerData
from animate.film.formats.page import Page as FilmPage
from animate.vector.film import Film
from animate.vector.film_data import film_data
from animate.vector.fragments import SharedDefinitions
from animate.vector.page_tracks import page_tracks
from animate.vector.recording import FigureRecording
from animate.vector.text_differences import differences
from animate.vector.track_guides import guides_of
from tests.vector.conftest import FPS, PAINT_ANEW, SIZE, Pixels, Update, pixels_of, reference, share_alike
from tests.vector.test_frames import FIGURES, N_FRAMES, SIZE_OF

if TYPE_CHECKING:
    from playwright.sync_api import Page

SEEK = (
    "number => { const scrub = document.querySelector('.scrub'); scrub.value = number; "
    "scrub.dispatchEvent(new Event('input')) }"
)
WICKED = "</script><script>window.stolen = 1</script><img src=x onerror='window.stolen = 2'> \" ' & <b>"


def only_the_picture(size: tuple[int, int]) -> str:
    """Return the style with which a page shows its picture and nothing else."""
    return (
        ".screen { position: fixed !important; inset: 0; z-index: 9; max-width: none !important; "
        "max-height: none !important; "
        f"width: {size[0]}px; height: {size[1]}px; border-radius: 0; box-shadow: none }}"
    )


def painted_anew(page: Page) -> Pixels:
    """Return what a page shows once its drawing is painted as a whole."""
    page.evaluate(PAINT_ANEW, ".screen > div")
    return pixels_of(page)


def write_page(figure: Figure, update: Update, n_frames: int, path: Path, **data: Any) -> None:
    """Write a page of drawings, however large a video would be."""
    recording = FigureRecording(figure, figure.dpi, SharedDefinitions(is_fine=True))  # as the writer does
    for frame in range(n_frames):
        update(frame)
        recording.record()
    drawings = film_data([Film.of(recording, range(n_frames), FPS)])
    clip = Clip(n_frames, PlayerData(**data).with_frames(n_frames), drawings=drawings.films[0])
    width, height = map(round, recording.size)
    page = FilmPage([clip], b"still", width, height, FPS, drawings=drawings.shared)
    path.write_text(page.html(), encoding="utf-8")


@pytest.fixture
def frame(page: Page, tmp_path: Path) -> Callable[[int], Pixels]:
    """Return a function that gives the pixels of a frame of ``page.html``."""
    page.set_viewport_size({"width": SIZE[0], "height": SIZE[1]})

    def frame(number: int) -> Pixels:
        if "page.html" not in page.url:
            page.goto((tmp_path / "page.html").as_uri() + "#t=0")
            page.locator(".panel:not([hidden])").wait_for(state="attached")
            view = page.viewport_size or {}
            page.add_style_tag(content=only_the_picture((view["width"], view["height"])))
        page.evaluate(SEEK, number)
        return painted_anew(page)

    return frame


def moving_points(figure: Figure) -> Update:
    """Points on a line that turns and shifts: all movements are combinations of two."""
    ax = figure.subplots()
    ax.set(xlim=(-1, 1), ylim=(-3, 3))
    x = np.linspace(-1, 1, 40)
    (line,) = ax.plot(x, x, "o-")
    slopes = np.random.default_rng(0).normal(size=(2, 60))
    return lambda frame: line.set_ydata(slopes[0, frame] * x + slopes[1, frame])


def residuals_of_a_line(figure: Figure) -> Update:
    """A line that turns and shifts, and the ways to it from fixed points: the line's ends lead them all."""
    ax = figure.subplots()
    ax.set(xlim=(-1, 1), ylim=(-3, 3))
    x = np.linspace(-0.9, 0.9, 12)
    (line,) = ax.plot([-1, 1], [0, 0])
    residuals = LineCollection([], colors="C1", linewidths=1.5)
    ax.add_collection(residuals)
    y, slopes = np.random.default_rng(0).normal(size=12), np.random.default_rng(1).normal(size=(2, 60))

    def update(frame: int) -> None:
        slope, intercept = slopes[:, frame]
        line.set_ydata([intercept - slope, intercept + slope])
        residuals.set_segments(np.stack([np.column_stack([x, y]), np.column_stack([x, slope * x + intercept])], axis=1))

    return update


def test_numbers_that_follow_a_line_take_few_bytes(figure: Figure) -> None:
    update, recording = residuals_of_a_line(figure), FigureRecording(figure, figure.dpi)
    for frame in range(60):
        update(frame)
        recording.record()
    (tracks,) = [page_tracks(Film.of(recording, range(60), FPS))]
    guides = guides_of(tracks, [])
    led = [index for index, guide in enumerate(guides) if guide]
    texts = [differences(tracks[index].texts, guides[index]) for index in led]
    assert [sum(text == "@" for text in found) > 50 for found in texts] == [True]


@pytest.mark.parametrize("name", FIGURES)
def test_a_frame_of_a_page_is_that_of_matplotlibs_own_svg(
    name: str, figure: Figure, page: Page, tmp_path: Path, frame: Callable[[int], Pixels], picture: Any
) -> None:
    width, height = SIZE_OF.get(name, SIZE)
    figure.set_size_inches(width / 100, height / 100)
    update = FIGURES[name](figure)
    write_page(figure, update, N_FRAMES, tmp_path / "page.html")
    order = [4, 0, 2]  # backwards as well
    page.set_viewport_size({"width": width, "height": height})
    ours = [frame(number) for number in order]
    for number, pixels in zip(order, ours, strict=True):
        update(number)
        truth = picture(reference(figure), (width, height))
        assert (truth < 200).any()
        assert share_alike(pixels, truth) > 0.999


@pytest.mark.parametrize("animated", [moving_points, residuals_of_a_line])
def test_a_frame_is_the_same_whatever_was_shown_before(
    animated: Callable[[Figure], Update],
    figure: Figure,
    tmp_path: Path,
    frame: Callable[[int], Pixels],
    picture: Callable[[bytes], Pixels],
) -> None:
    update = animated(figure)
    write_page(figure, update, 60, tmp_path / "page.html")
    for number in (50, 3, 40, 59, 39):
        pixels = frame(number)
        update(number)
        assert share_alike(pixels, picture(reference(figure))) > 0.995


def test_wicked_titles_labels_and_captions_become_no_markup(figure: Figure, tmp_path: Path, page: Page) -> None:
    ax = figure.subplots()
    ax.set(title=WICKED.replace("$", ""), xlabel=WICKED)
    (line,) = ax.plot([0, 1], [0, 1], label=WICKED, gid=WICKED, url="javascript:alert(1)")
    path = tmp_path / "page.html"
    texts = {"question": WICKED, "alt": WICKED, "captions": ((0, WICKED),), "counter": WICKED}
    write_page(figure, lambda frame: line.set_ydata([frame, 0]), 3, path, **texts)
    page.goto(path.as_uri() + "#t=0")
    page.locator(".panel:not([hidden])").wait_for()
    assert page.evaluate("[window.stolen ?? null, document.scripts.length]") == [None, 2]
    assert page.text_content("h1") == page.text_content(".caption") == WICKED
    inside = (
        "document.querySelector('.screen > div').shadowRoot.querySelectorAll('script, a, img, foreignObject').length"
    )
    assert page.evaluate(inside) == 0
