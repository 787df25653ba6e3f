"""A grid of starts in a page: a press on the loss surface shows the nearest one, and two sliders do the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import animate
from animate import page_export
from animate.draw.settings import Settings
from animate.errors import UsageError
from animate.export import ExportRequest
from animate.library.sweep import parse_sweep, save_sweep
from tests.vector.test_page_player import opened, slide, wait

if TYPE_CHECKING:
    from playwright.sync_api import Page

SMALL = Settings(320, 180, 5)
LESSON = '''
"""Where does it start?"""
from typing import Literal
import animate
from animate import compare, optimizers, panels, surfaces

def build(*, start: tuple[float, float] = (2.0, 1.0), shown: Literal["surface", "loss"] = "surface") -> animate.Scene:
    valley = surfaces.valley(4.0)
    runs = compare(valley, {"Descent": optimizers.gradient_descent(0.1)}, start=start, n_updates=4)
    surface = panels.LossSurface(values=valley.values, runs=runs, optimum=valley.optimum())
    panel = surface if shown == "surface" else panels.LossCurve(runs=runs)
    beats = [animate.Beat("It starts.", updates=4, seconds=1.0)]
    return animate.Scene(title="Start", panels=[panel], beats=beats)
'''


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("scenes") / "starts.py"
    path.write_text(LESSON.lstrip(), encoding="utf-8")
    return animate.load(path)


def write_page(script: Any, sweep: str, path: Path) -> Path:
    """Write a page of drawings, however small a video would be."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page_export, "_drawings_are_smaller", lambda *_: True)
        save_sweep(script, {}, [sweep], ExportRequest([path], SMALL))
    return path


@pytest.fixture(scope="module")
def path(script: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a page of drawings with six starts."""
    return write_page(script, "start=-2:2:3,-1:1:2", tmp_path_factory.mktemp("page") / "page.html")


@pytest.fixture(scope="module")
def video_path(script: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a page of videos with six starts."""
    path = tmp_path_factory.mktemp("page") / "page.html"
    save_sweep(script, {}, ["start=-2:2:3,-1:1:2"], ExportRequest([path], SMALL, video=True))
    return path


def dot_of(page: Page, index: int) -> tuple[float, float]:
    """Return where the dot of a start is on the screen: those of the last number side by side, the chosen one last."""
    box = page.locator(".starts circle").nth(index).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def ready(page: Page, path: Path, fragment: str) -> Page:
    opened(page, path, fragment)
    page.locator(".starts circle").first.wait_for(state="attached")
    return page


@pytest.mark.parametrize("kind", ["path", "video_path"])
def test_a_press_and_a_drag_show_the_nearest_start(page: Page, kind: str, request: pytest.FixtureRequest) -> None:
    ready(page, request.getfixturevalue(kind), "#t=0.400&value=2&value=1")
    first, other = dot_of(page, 0), dot_of(page, 3)
    page.mouse.move(first[0] + 3, first[1] - 4)
    page.mouse.down()
    wait(page, "location.hash === '#t=0.400&value=-2&value=-1'")
    page.mouse.move(other[0] - 2, other[1] + 3, steps=3)
    wait(page, "location.hash === '#t=0.400&value=0&value=1'")
    page.mouse.up()
    assert page.evaluate("document.documentElement.classList.contains('playing')") is False


def test_dots_mark_the_starts_while_the_pointer_is_on_the_surface_or_a_slider_has_the_focus(
    page: Page, path: Path
) -> None:
    ready(page, path, "#t=0.4")
    shown = "getComputedStyle(document.querySelector('.starts circle')).opacity === '1'"
    assert page.locator(".starts circle").count() == 6
    assert page.locator(".starts .now").count() == 1
    assert page.evaluate(shown) is False
    page.locator(".starts rect").hover()
    assert page.evaluate(shown) is True
    page.locator(".clock").hover()
    assert page.evaluate(shown) is False
    page.locator(".sweep input").first.focus()
    assert page.evaluate(shown) is True


def test_the_keyboard_reaches_every_start_by_two_sliders(page: Page, path: Path) -> None:
    ready(page, path, "#t=0.4&value=2&value=1")
    page.locator(".sweep input").first.focus()
    page.keyboard.press("ArrowLeft")
    wait(page, "location.hash === '#t=0.400&value=0&value=1'")
    slide(page, 1, 0)
    wait(page, "location.hash === '#t=0.400&value=0&value=-1'")


def test_a_dot_lies_where_the_path_starts(script: Any, page: Page, path: Path) -> None:
    from animate.draw.start_surfaces import start_surfaces

    scenes = [script.build(start=start) for start in ((2.0, 1.0), (-2.0, 1.0))]
    stage = scenes[0].stage(SMALL)
    (surface,) = start_surfaces(stage, [scene.panels for scene in scenes])
    ((_, axes),) = stage.mounted
    x, y = axes.transData.transform((2.0, 1.0))
    assert surface.points[0] == pytest.approx((x, 180 - y))
    ready(page, path, "#t=0&value=2&value=1")
    picture, dot = page.locator(".screen").bounding_box(), dot_of(page, 5)
    heads = page.evaluate(
        "[...document.querySelector('.screen > div').shadowRoot.querySelectorAll('path, use')]"
        ".map((one) => one.getBoundingClientRect())"
        ".map(({x, y, width, height}) => [x + width / 2, y + height / 2, width])"
    )
    assert picture is not None
    near = [width for x, y, width in heads if abs(x - dot[0]) < 1 and abs(y - dot[1]) < 1]
    assert any(0 < width < 0.05 * picture["width"] for width in near)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everyone_can_use_it_in_a_frame_and_in_both_themes(
    new_page: Callable[..., Page], path: Path, tmp_path: Path, check_access: Any, scheme: Any
) -> None:
    page = new_page(color_scheme=scheme, viewport={"width": 500, "height": 900})
    check_access(ready(page, path, "#t=0.4"))
    outer = tmp_path / "post.html"
    outer.write_text(f'<iframe src="{path.as_uri()}#t=0.4&value=2&value=1" width="480" height="850"></iframe>')
    page.goto(outer.as_uri())
    frame = page.frames[1]
    wait(frame, "document.documentElement.classList.contains('framed')")
    frame.locator(".starts circle").first.wait_for(state="attached")
    frame.locator(".starts rect").click(position={"x": 15, "y": 12})
    wait(frame, "[...document.querySelectorAll('.sweep output')].map((one) => one.textContent).join(' ') === '-2 1'")


def test_all_starts_share_one_window(script: Any, path: Path, tmp_path: Path) -> None:
    apart = write_page(script, "start=-2,1;2,1", tmp_path / "apart.html")
    # a choice of two starts has two windows; six starts in one window take little more
    assert path.stat().st_size < 1.3 * apart.stat().st_size


def test_without_a_surface_a_line_says_so_and_sliders_remain(
    script: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_sweep(script, {"shown": "loss"}, ["start=-2:2:2,-1:1:2"], ExportRequest([tmp_path / "page.html"], SMALL))
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "a slider for each number of start: no loss surface shows where it starts" in said
    assert (tmp_path / "page.html").read_text(encoding="utf-8").count('type="range" min="0" max="1"') == 2


def test_a_grid_holds_all_combinations_and_one_number_stays(script: Any) -> None:
    sweep = parse_sweep(script, "start=0:1:2,-1:1:3")
    assert sweep.values == ((0, -1), (0, 0), (0, 1), (1, -1), (1, 0), (1, 1))
    assert [switch.parameter for switch in sweep.switches()] == ["start₁", "start₂"]
    fixed = parse_sweep(script, "start=0:1:2,5")
    assert fixed.values == ((0, 5), (1, 5))
    assert [switch.parameter for switch in fixed.switches()] == ["start₁"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("start=0:1:2", r"sweep of start must be low:high:count,low:high:count; got '0:1:2'"),
        ("start=0:1:2,1:2", r"sweep of start must be low:high:count, .*; got '1:2'"),
        ("start=0:1:2,1:0:2", r"sweep of start must go from low up to high in 2 to 50 values; got '1:0:2'"),
        ("start=0:1:2,<b>", r"start must be a number; got '<b>'"),
    ],
)
def test_a_grid_that_is_none_is_refused_with_its_form(text: str, message: str, script: Any) -> None:
    with pytest.raises(UsageError, match=message):
        parse_sweep(script, text)
