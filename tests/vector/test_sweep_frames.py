"""A page of a sweep in Chromium: at each place of its slider, each frame is the still of that value."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import animate
from animate.draw.settings import Settings
from animate.export import ExportRequest
from animate.library.sweep import parse_sweep, save_sweep
from tests.vector.conftest import Pixels, share_alike
from tests.vector.test_page_frames import SEEK, only_the_picture, painted_anew

if TYPE_CHECKING:
    from playwright.sync_api import Page

SWEEPS = {
    "one surface": ("linear_sgd_vs_batch", {"n_updates": 30, "n_samples": 20}, "learning_rate=0.01:0.5:3:log"),
    "other axes at each value": ("momentum", {"n_updates": 30}, "condition_number=5,50,500"),
}
FPS = 1.0
SLIDE = (
    "index => { const one = document.querySelector('.sweep input'); one.value = index; "
    "one.dispatchEvent(new Event('input')) }"
)


@pytest.mark.parametrize("size", [(480, 270), (1280, 720)])
@pytest.mark.parametrize("key", SWEEPS)
def test_each_place_of_a_slider_shows_the_still_of_its_value(
    page: Page, picture: Callable[..., Pixels], tmp_path: Path, key: str, size: tuple[int, int]
) -> None:
    name, fixed, sweep = SWEEPS[key]
    lesson = animate.load(name)
    settings = Settings(width=size[0], height=size[1], fps=FPS)
    _, written = save_sweep(lesson, fixed, [sweep], ExportRequest([tmp_path / "page.html"], settings))
    assert written.contents == "as drawings"
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto((tmp_path / "page.html").as_uri() + "#t=0")
    page.locator(".panel:not([hidden])").wait_for(state="attached")
    page.add_style_tag(content=only_the_picture(size))
    n_frames = int(page.locator(".scrub").get_attribute("max") or 0) + 1
    places = [(index, frame) for index in (2, 0, 1) for frame in (n_frames - 1, 0, n_frames // 2 - 1)]
    shown: list[Pixels] = []
    for index, frame in places:
        page.evaluate(SLIDE, index)
        page.locator(".sweep:not([aria-busy=true])").wait_for(state="attached")
        page.evaluate(SEEK, frame)
        shown.append(painted_anew(page))
    for (index, frame), pixels in zip(places, shown, strict=True):
        swept = parse_sweep(lesson, sweep)
        scene = lesson.build(**fixed, **{swept.parameter.name: swept.values[index]})
        still = tmp_path / "still.svg"
        scene.save_still(still, frame / FPS / scene.timeline.duration, size=size)
        truth = picture(still.read_bytes(), size)
        assert (truth < 200).any()
        assert share_alike(pixels, truth) > 0.999
        assert share_alike(pixels, truth, levels=16) > 0.9998  # nearly flat lines end their steps elsewhere ...
        assert share_alike(pixels, truth, levels=64) > 0.9999  # ... by one of the four rows that Chromium samples
    assert all(share_alike(one, other, levels=16) < 0.999 for one, other in combinations(shown[::3], 2))
