"""A page of drawings in a browser: it plays by a clock of its own, and sliders and buttons choose what it shows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import animate
from animate.draw.settings import Settings
from animate.errors import EncodeError
from animate.export import ExportRequest
from animate.library.sweep import save_sweep

if TYPE_CHECKING:
    from playwright.sync_api import Frame, Page

SMALL = Settings(320, 180, 10)
LESSON = '''
"""Which line is it?"""
from typing import Literal
import animate
from animate.errors import UsageError

def build(*, slope: float = 1.0, shift: int = 0, kind: Literal["line", "points"] = "line") -> animate.Scene:
    if slope == 3 and shift == 1:
        raise UsageError("too steep <b>")
    mark = animate.marks.Points([[0, shift], [1, shift + slope]])
    if kind == "line":
        mark = animate.marks.Line([[0, shift], [1, shift + slope]])
    beats = [animate.Beat(words, updates=1, seconds=1.0) for words in ("One.", "Two.")]
    title = f"Slope {slope:g}, shift {shift}, {kind}"
    return animate.Scene(title=title, panels=[animate.panels.Plot(mark)], beats=beats)
'''
SWEEPS = ["slope=1,2,3", "shift=0,1", "kind=line,points"]


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("scenes") / "lesson.py"
    path.write_text(LESSON.lstrip(), encoding="utf-8")
    return animate.load(path)


@pytest.fixture(scope="module")
def path(script: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a page with two sliders and two buttons."""
    path = tmp_path_factory.mktemp("page") / "page.html"
    _, written = save_sweep(script, {}, SWEEPS, ExportRequest([path], SMALL))
    assert written.contents == "as drawings"
    return path


def opened(page: Page, path: Path, fragment: str = "") -> Page:
    page.goto(path.as_uri() + fragment)
    page.locator(".panel:not([hidden])").wait_for()
    return page


def wait(page: Page | Frame, condition: str) -> None:
    """Wait until something is true: asked anew each time, since the page lets nobody evaluate texts inside it."""
    for _ in range(400):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(25)
    raise AssertionError(condition)


def slide(page: Page, axis: int, index: int) -> None:
    page.evaluate(
        "([axis, index]) => { const one = document.querySelectorAll('.sweep')[axis].querySelector('input'); "
        "one.value = index; one.dispatchEvent(new Event('input')) }",
        [axis, index],
    )


def test_it_plays_by_itself_and_space_pauses_it(page: Page, path: Path) -> None:
    opened(page, path)
    wait(page, "Number(document.querySelector('.scrub').value) > 3")
    page.keyboard.press("Space")
    assert page.evaluate("document.documentElement.classList.contains('playing')") is False
    assert page.get_attribute(".play", "aria-label") == "Play"


def test_it_begins_again_after_its_last_frame(page: Page, path: Path) -> None:
    opened(page, path, "#t=1.8")
    page.keyboard.press("Space")
    wait(page, "document.querySelector('.scrub').value === '19'")
    wait(page, "Number(document.querySelector('.scrub').value) < 10")


def test_in_a_lecture_space_plays_to_the_end_of_a_beat(page: Page, path: Path) -> None:
    opened(page, path, "#t=0")
    page.keyboard.press("l")
    page.keyboard.press("Space")
    wait(page, "document.querySelector('.scrub').value === '9'")
    wait(page, "!document.documentElement.classList.contains('playing')")


@pytest.mark.parametrize("used", [".lecture", ".zoom", ".sweep input"])
def test_in_a_lecture_space_plays_whatever_was_clicked_before(page: Page, path: Path, used: str) -> None:
    opened(page, path, "#t=0")
    page.locator(".lecture").click()
    if used != ".lecture":
        page.locator(used).first.click(position={"x": 8, "y": 12})
    page.keyboard.press("Space")
    wait(page, "document.querySelector('.scrub').value === '9'")
    wait(page, "!document.documentElement.classList.contains('playing')")
    assert page.get_attribute(".lecture", "aria-pressed") == "true"


def test_a_lecture_by_keys_alone_goes_on_with_space(page: Page, path: Path) -> None:
    opened(page, path, "#t=0")
    page.locator(".lecture").press("Space")
    page.keyboard.press("Space")
    wait(page, "document.querySelector('.scrub').value === '9'")
    assert page.get_attribute(".lecture", "aria-pressed") == "true"


def test_f_shows_the_whole_picture_alone_on_the_full_screen(page: Page, path: Path) -> None:
    page.set_viewport_size({"width": 900, "height": 900})
    opened(page, path, "#t=0")
    page.keyboard.press("f")
    wait(page, "document.fullscreenElement?.matches('.screen')")
    wait(page, "document.fullscreenElement.clientHeight === innerHeight")
    left, right, top, bottom = page.evaluate(
        "() => { const svg = document.querySelector('.screen > div').shadowRoot.querySelector('svg');"
        "const box = svg.viewBox.baseVal, at = svg.getScreenCTM();"
        "const [one, other] = [[box.x, box.y], [box.x + box.width, box.y + box.height]].map(([x, y]) =>"
        "new DOMPoint(x, y).matrixTransform(at)); return [one.x, innerWidth - other.x, one.y, innerHeight - other.y] }"
    )
    assert min(left, right, top, bottom) == pytest.approx(0, abs=1)  # it fills the screen in one direction
    assert (left, top) == (pytest.approx(right, abs=1), pytest.approx(bottom, abs=1))
    page.keyboard.press("f")
    wait(page, "!document.fullscreenElement")


def test_time_and_the_other_sliders_stay_when_one_moves(page: Page, path: Path) -> None:
    opened(page, path, "#t=1.500&value=1&value=0&value=line")
    slide(page, 0, 1)
    wait(page, "location.hash === '#t=1.500&value=2&value=0&value=line'")
    page.get_by_text("points", exact=True).click()
    wait(page, "location.hash === '#t=1.500&value=2&value=0&value=points'")
    slide(page, 1, 1)
    wait(page, "location.hash === '#t=1.500&value=2&value=1&value=points'")
    assert page.input_value(".scrub") == "15"
    assert page.locator(".choices :checked + span").text_content() == "points"


def test_each_combination_shows_its_own_drawing(page: Page, path: Path) -> None:
    opened(page, path, "#t=1.5&value=1&value=0&value=line")
    seen = set()
    for fragment in ("1&value=0&value=line", "2&value=0&value=line", "2&value=1&value=line", "2&value=1&value=points"):
        page.evaluate("hash => { location.hash = hash }", f"#t=1.5&value={fragment}")
        wait(page, f"location.hash.endsWith('{fragment}') && !document.querySelector('.sweep[aria-busy=true]')")
        seen.add(page.locator(".screen").screenshot())
    assert len(seen) == 4


def test_values_with_which_the_scene_fails_say_so_and_the_others_work(page: Page, path: Path) -> None:
    opened(page, path, "#t=0.5&value=3&value=0&value=line")
    slide(page, 1, 1)
    problem = page.locator(".problem:not([hidden])")
    problem.wait_for()
    assert problem.text_content() == "slope=3, shift=1, kind=line: too steep <b>"
    slide(page, 0, 0)
    wait(page, "document.querySelector('.problem').hidden")
    wait(page, "location.hash === '#t=0.500&value=1&value=1&value=line'")


VIEW = "document.querySelector('.screen > div').shadowRoot.querySelector('svg').getAttribute('viewBox')"


def test_zoom_shows_a_panel_until_escape_and_stays_when_a_slider_moves(page: Page, path: Path) -> None:
    opened(page, path, "#t=1&value=1&value=0&value=line")
    whole = page.evaluate(VIEW)
    page.keyboard.press("z")
    panel = page.evaluate(VIEW)
    assert panel != whole
    assert page.get_attribute(".zoom", "aria-pressed") == "true"
    slide(page, 0, 1)
    wait(page, "location.hash.includes('value=2') && !document.querySelector('.sweep[aria-busy=true]')")
    assert page.evaluate(VIEW) == panel
    page.keyboard.press("Escape")
    assert page.evaluate(VIEW) == whole
    page.locator(".screen").dblclick()
    assert page.evaluate(VIEW) == panel


def test_under_reduced_motion_it_rests_on_its_last_frame(new_page: Callable[..., Page], path: Path) -> None:
    page = opened(new_page(reduced_motion="reduce"), path)
    wait(page, "document.querySelector('.scrub').value === '19'")
    assert page.evaluate("document.documentElement.classList.contains('playing')") is False


def test_without_a_script_it_shows_a_still(new_page: Callable[..., Page], path: Path) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(path.as_uri())
    assert page.locator(".screen img").bounding_box() == page.locator(".screen").bounding_box()


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1440, "light")])
def test_nothing_overflows_and_everyone_can_use_it(
    new_page: Callable[..., Page], path: Path, check_access: Any, width: int, scheme: Any
) -> None:
    page = opened(new_page(viewport={"width": width, "height": 800}, color_scheme=scheme), path, "#t=1")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    check_access(page)


def test_a_budget_leaves_values_out_and_says_which(script: Any, tmp_path: Path) -> None:
    values = ",".join(f"{1 + index / 10:g}" for index in range(9))
    sweep = f"slope={values}"
    _, whole = save_sweep(script, {}, [sweep], ExportRequest([tmp_path / "whole.html"], SMALL))
    _, thin = save_sweep(script, {}, [sweep], ExportRequest([tmp_path / "thin.html"], SMALL), budget=whole.bytes - 100)
    assert thin.bytes < whole.bytes
    assert thin.compromises == ("4 of 9 values of slope",)


def test_a_budget_that_cannot_be_met_is_refused(script: Any, tmp_path: Path) -> None:
    with pytest.raises(EncodeError, match=r"budget must be at least .*; got 1000 bytes"):
        save_sweep(script, {}, ["slope=1,2,3"], ExportRequest([tmp_path / "x.html"], SMALL), budget=1000)
    assert not (tmp_path / "x.html").exists()
