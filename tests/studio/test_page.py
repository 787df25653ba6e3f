"""The page in a real browser: every control moves the picture, everything works by keyboard, nobody is kept out."""

from __future__ import annotations

import json
import re
import shlex
import signal
import subprocess
import sys
from base64 import b64decode
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import imageio.v3 as iio
import imageio_ffmpeg
import numpy as np
import pytest

from animate import datasets, line

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

CheckAccess = Callable[["Page"], None]
Open = Callable[..., "Page"]

NARROW = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """Return the address of a studio that runs as users run it."""
    command = [sys.executable, "-W", "error", "-m", "animate", "studio", "--no-open", "--scenes", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        found = re.match(r"http://127\.0\.0\.1:\d+/\?token=\S+", process.stdout.readline())
        assert found is not None, process.stderr.read()
        yield found[0]
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
        assert process.stderr.read() == "Press Ctrl-C to stop.\n"


@pytest.fixture
def open_at(address: str, new_page: Callable[..., Page]) -> Open:
    """Return a function that opens the page at a scene, standing still at a moment unless told otherwise."""

    def opened(scene: str = "lesson", state: str = "&at=0.5", **options: Any) -> Page:
        page = new_page(**options)
        page.goto(f"{address}#scene={scene}&size=480x270&theme=light{state}")
        settled(page)
        return page

    return opened


def settled(page: Page) -> None:
    """Wait until the picture is the one of what the controls say, or plays."""
    page.wait_for_function("() => window.studio && studio.isSettled")


def changed(page: Page, act: Callable[[], Any]) -> None:
    """Do something, and wait until its picture is there."""
    before = pixels(page)
    act()
    page.wait_for_function(
        "before => studio.isSettled && document.getElementById('canvas').toDataURL() !== before", arg=before
    )


def pixels(page: Page) -> str:
    return str(page.evaluate("document.getElementById('canvas').toDataURL()"))


def shown(page: Page) -> np.ndarray:
    """Return what is on the canvas, RGB."""
    url = pixels(page)
    return np.asarray(iio.imread(b64decode(url.partition(",")[2]), extension=".png"))[..., :3]


def control(page: Page, name: str) -> Locator:
    return page.locator(f'[data-name="{name}"]')


def text(page: Page, selector: str) -> str:
    return page.locator(selector).inner_text()


def update_of(page: Page) -> int:
    return int(text(page, "#count").split("/")[0])


# -- pictures


def test_the_picture_is_that_of_the_command_line_shown(open_at: Open, folder: Path, here: Path) -> None:
    page = open_at(state="&at=0.41&p.seed=8")
    words = shlex.split(text(page, "#still-line"))
    subprocess.run([sys.executable, "-m", *words], check=True, env={"PYTHONPATH": str(ROOT)}, capture_output=True)
    np.testing.assert_array_equal(shown(page), iio.imread("lesson.png")[..., :3])


def test_every_scene_opens_and_shows_no_problem(open_at: Open) -> None:
    page = open_at("anscombe")
    names = page.locator("#scenes a:not(.broken)").evaluate_all("links => links.map((link) => link.dataset.name)")
    shipped = [name for name in names if name not in ("lesson", "loops", "raises", "dies", "hoards")]
    assert len(shipped) > 20
    for name in shipped:
        page.evaluate("name => (location.hash = `scene=${name}&size=480x270&theme=light&at=0.3`)", name)
        page.wait_for_function("name => studio.parametersOf === name && studio.isSettled", arg=name, timeout=60_000)
        assert page.locator("#problem").is_hidden(), f"{name}: {text(page, '#problem')}"
        assert page.locator(".parameter").count() + page.locator("#data:visible").count() > 0


def readouts(page: Page) -> list[list[float]]:
    """Return epoch and loss of each run, as they are read."""
    rows = page.locator("#readouts tr").all()
    return [[float(cell.replace("\u2212", "-")) for cell in row.locator("td").all_inner_texts()] for row in rows]


def test_update_epoch_and_loss_are_those_of_the_descent(open_at: Open) -> None:
    page = open_at(state="&at=0&p.start=0,0&p.seed=8&p.learning_rate=0.1")
    points = line(30, slope=2.0, intercept=1.0, rng=8)
    slope = intercept = 0.0
    for update in range(4):
        residuals = slope * points.x + intercept - points.y
        assert text(page, "#count") == f"{update} / 40"
        assert readouts(page) == [[update, pytest.approx(np.mean(residuals**2), rel=1e-3)]]
        slope -= 0.1 * 2 * np.mean(residuals * points.x)
        intercept -= 0.1 * 2 * np.mean(residuals)
        page.keyboard.press("ArrowRight")
        settled(page)


# -- controls


def test_a_slider_moves_the_picture_the_box_the_address_and_the_command_line(open_at: Open) -> None:
    page = open_at()
    rate = control(page, "learning_rate")
    changed(page, lambda: rate.locator("input[type=range]").press("ArrowRight"))
    value = rate.locator("input.value").input_value()
    assert 0.05 < float(value) < 0.052
    page.wait_for_function("value => location.hash.includes(`p.learning_rate=${value}`)", arg=value)
    assert f"--set learning_rate={value}" in text(page, "#render-line")


def test_a_slider_moves_on_the_scale_of_its_range(open_at: Open) -> None:
    page = open_at()
    slider = control(page, "learning_rate").locator("input[type=range]")
    changed(page, lambda: slider.evaluate("slider => { slider.value = 0.5; slider.oninput(); }"))
    assert control(page, "learning_rate").locator("input.value").input_value() == "0.01"


def test_a_wrong_value_is_told_at_its_control_and_the_picture_stays(open_at: Open) -> None:
    page = open_at()
    before = pixels(page)
    control(page, "learning_rate").locator("input.value").fill("2")
    mistake = control(page, "learning_rate").locator(".mistake")
    mistake.wait_for(state="visible")
    assert mistake.inner_text() == "learning_rate must be between 0.0001 and 1; got 2."
    assert pixels(page) == before
    changed(page, lambda: control(page, "learning_rate").locator("input.value").fill("0.2"))
    assert mistake.is_hidden()


def test_a_choice_a_switch_and_a_text_move_the_picture(open_at: Open) -> None:
    page = open_at()
    changed(page, control(page, "residuals").get_by_role("switch").click)
    changed(page, lambda: control(page, "panel").get_by_text("surface").click())
    changed(page, lambda: control(page, "note").locator("input").fill("Another caption"))
    assert "--set panel=surface --set residuals=false --set 'note=Another caption'" in text(page, "#render-line")


def test_a_number_without_a_range_is_typed_and_checked(open_at: Open) -> None:
    page = open_at()
    limit = control(page, "limit")
    assert limit.locator("input[type=range]").count() == 0
    limit.locator("input.value").fill("two")
    limit.locator(".mistake").wait_for(state="visible")
    assert limit.locator("input.value").get_attribute("aria-invalid") == "true"
    limit.locator("input.value").fill("2.5")
    page.wait_for_function("() => document.getElementById('render-line').textContent.includes('limit=2.5')")
    assert limit.locator(".mistake").is_hidden()


def test_the_dice_throw_another_seed(open_at: Open) -> None:
    page = open_at(state="&at=0.5&p.seed=100000")
    control(page, "seed").locator(".mistake").wait_for(state="visible")
    page.get_by_role("button", name="Throw the dice").click()
    page.wait_for_function("() => studio.isSettled && document.getElementById('problem').hidden")
    assert 0 <= int(control(page, "seed").locator("input.value").input_value()) <= 99


def test_the_dice_never_throw_the_seed_that_is_there(open_at: Open) -> None:
    page = open_at()
    seed = control(page, "seed").locator("input.value")
    page.evaluate("Math.random = () => 0.0301")  # of 0 to 99, the third
    thrown = [seed.input_value()]
    for _ in range(3):
        changed(page, page.get_by_role("button", name="Throw the dice").click)
        thrown.append(seed.input_value())
    assert all(one != other for one, other in pairwise(thrown))


def test_an_optional_value_can_be_none_and_not(open_at: Open) -> None:
    page = open_at()
    start = control(page, "start")
    none = start.get_by_role("checkbox", name="none")
    assert none.is_checked()
    start.locator("input.value").nth(0).fill("1")
    start.locator("input.value").nth(1).fill("-3")
    changed(page, lambda: start.locator("input.value").nth(1).press("Enter"))
    assert not none.is_checked()
    assert start.locator(".mistake").is_hidden(), "half a value is no mistake while it is typed"
    assert "--set start=1,-3" in text(page, "#render-line")
    changed(page, none.check)
    assert "start" not in text(page, "#render-line")


def test_reset_brings_all_defaults_back(open_at: Open) -> None:
    page = open_at(state="&at=0.5&p.seed=5&p.learning_rate=0.3")
    changed(page, page.get_by_role("button", name="Reset").click)
    assert "--set" not in text(page, "#render-line")


def test_one_value_can_be_brought_back(open_at: Open) -> None:
    page = open_at(state="&at=0.5&p.seed=5&p.learning_rate=0.3")
    changed(page, control(page, "seed").get_by_role("button", name="back to").click)
    assert "seed" not in text(page, "#render-line")
    assert "learning_rate=0.3" in text(page, "#render-line")


# -- time


def test_it_stands_at_its_start_until_it_is_played(open_at: Open) -> None:
    page = open_at(state="")
    assert (update_of(page), page.locator("#play").get_attribute("aria-label")) == (0, "Play")
    page.locator("#play").click()
    page.wait_for_function("() => studio.player.update > 3")
    assert page.locator("#play").get_attribute("aria-label") == "Pause"


def test_the_keys_do_what_they_say(open_at: Open) -> None:
    page = open_at(state="&at=0")
    for key, update in [("ArrowRight", 1), ("Shift+ArrowRight", 11), ("ArrowLeft", 10), ("End", 40), ("Home", 0)]:
        changed(page, lambda key=key: page.keyboard.press(key))
        assert update_of(page) == update
    page.keyboard.press("]")
    assert page.locator("#speed").input_value() == "2"
    page.keyboard.press("[")
    assert page.locator("#speed").input_value() == "1"
    page.keyboard.press("l")
    assert page.locator("#loop").get_attribute("aria-pressed") == "false"
    page.keyboard.press("Space")
    page.wait_for_function("() => studio.player.update > 2")
    page.keyboard.press("Space")
    assert page.locator("#play").get_attribute("aria-label") == "Play"
    changed(page, lambda: page.keyboard.press("d"))
    changed(page, lambda: page.keyboard.press("r"))
    changed(page, lambda: page.keyboard.press("t"))
    page.keyboard.press("?")
    assert page.get_by_role("dialog").is_visible()


def test_steps_that_are_faster_than_their_pictures_are_all_taken(open_at: Open) -> None:
    page = open_at(state="&at=0")
    page.evaluate(
        """async () => {
          for (let step = 0; step < 25; step++) {
            studio.player.step(1);
            await new Promise((next) => setTimeout(next, 7));
          }
        }"""
    )
    settled(page)
    assert update_of(page) == 25


def test_the_buttons_do_what_they_say(open_at: Open) -> None:
    page = open_at(state="&at=0")
    for name, update in [("One update forward", 1), ("Last update", 40), ("One update back", 39), ("First update", 0)]:
        changed(page, page.get_by_role("button", name=name, exact=True).click)
        assert update_of(page) == update


def test_a_slower_play_takes_longer(open_at: Open) -> None:
    page = open_at(state="&at=0")
    page.locator("#speed").select_option("0.1")
    shares = page.evaluate(
        """async () => {
          const { player } = studio, shares = [];
          player.play();
          for (const speed of [0.1, 4]) {
            player.speed = speed;
            const [share, begun] = [player.share, player.before];
            await new Promise((next) => setTimeout(next, 200));
            shares.push((player.share - share) * player.duration / ((player.before - begun) / 1000));
          }
          player.pause();
          return shares;
        }"""
    )
    assert shares == pytest.approx([0.1, 4], rel=0.3), "seconds of the animation in a second"


def test_keys_that_are_typed_do_nothing_else(open_at: Open) -> None:
    page = open_at(state="&at=0")
    control(page, "note").locator("input").fill("")
    control(page, "note").locator("input").press_sequentially("tall hard lr [ ]")
    page.wait_for_timeout(50)
    assert page.locator("html").get_attribute("data-theme") == "light"
    assert update_of(page) == 0


def test_arrows_on_a_slider_move_the_slider(open_at: Open) -> None:
    page = open_at()
    changed(page, lambda: control(page, "learning_rate").locator("input[type=range]").press("ArrowLeft"))
    assert update_of(page) == 20


def test_scrubbing_moves_time_and_stops_the_play(open_at: Open) -> None:
    page = open_at(state="")
    scrub = page.locator("#scrub")
    box = scrub.bounding_box()
    assert box is not None
    scrub.click(position={"x": 0.5 * box["width"], "y": box["height"] / 2})
    settled(page)
    assert update_of(page) == 20
    assert page.locator("#play").get_attribute("aria-label") == "Play"


def test_without_loop_the_play_ends_at_the_end(open_at: Open) -> None:
    page = open_at(state="&at=0.9")
    page.locator("#loop").click()
    page.locator("#speed").select_option("4")
    page.locator("#play").click()
    page.wait_for_function("() => !studio.player.isPlaying && studio.isSettled")
    assert update_of(page) == 40


# -- by hand


def box_of(page: Page, index: int = 0) -> dict[str, float]:
    page.wait_for_function("() => Number(document.body.dataset.handles) > 0")
    box = page.locator(".handles .ground, .handles .field").nth(index).bounding_box()
    assert box is not None
    return dict(box)


def start_of(page: Page) -> tuple[float, float]:
    first, second = control(page, "start").locator("input.value").all()
    return float(first.input_value()), float(second.input_value())


def test_a_press_on_a_loss_surface_starts_the_descent_there(open_at: Open) -> None:
    page = open_at(state="&at=0&p.panel=surface")
    box = box_of(page)
    handle = page.evaluate("studio.lastHandles[0]")
    page.mouse.click(box["x"] + 0.25 * box["width"], box["y"] + 0.4 * box["height"])
    page.wait_for_function("() => studio.player.isPlaying && studio.player.update > 0")
    slope, intercept = start_of(page)
    (x_low, x_high), (y_low, y_high) = handle["x"], handle["y"]
    assert slope == pytest.approx(x_low + 0.25 * (x_high - x_low), abs=0.01 * (x_high - x_low))
    assert intercept == pytest.approx(y_low + 0.6 * (y_high - y_low), abs=0.01 * (y_high - y_low))


def test_the_end_of_a_line_follows_the_hand(open_at: Open) -> None:
    page = open_at(state="&at=0")
    box_of(page)
    end = page.locator(".handles .reach").nth(1).bounding_box()
    assert end is not None
    x, y = end["x"] + end["width"] / 2, end["y"] + end["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 6):
        page.mouse.move(x, y - 12 * step)
    page.wait_for_function("() => studio.isSettled")
    raised, _ = start_of(page)
    page.mouse.up()
    assert raised > -1.0
    settled(page)
    page.evaluate("delete document.body.dataset.handles")
    box_of(page)
    [handle] = page.evaluate("studio.lastHandles")
    assert handle["numbers"] == pytest.approx(start_of(page))


def test_ends_of_a_line_are_hidden_until_they_are_those_of_the_picture(open_at: Open) -> None:
    page = open_at(state="&at=0")
    box_of(page)
    end = page.locator(".handles .reach").nth(1)
    assert end.is_visible()
    page.evaluate("""() => {
        const send = studio.connection.send.bind(studio.connection);
        studio.connection.send = (message) => { if (message.type !== "handles") send(message); };
    }""")
    changed(page, lambda: control(page, "seed").locator("input.value").fill("7"))
    assert not end.is_visible()


def test_the_totals_follow_a_line_that_is_dragged(open_at: Open) -> None:
    page = open_at("least_absolute_deviations", "")
    box_of(page)
    end = page.locator(".handles .reach").nth(1).bounding_box()
    assert end is not None
    page.mouse.move(end["x"] + 14, end["y"] + 14)
    page.mouse.down()
    changed(page, lambda: page.mouse.move(end["x"] + 14, end["y"] - 30, steps=4))
    page.mouse.up()
    settled(page)
    slope, intercept = start_of(page)
    points = datasets.outliers(26, noise=0.8, share=0.12, height=7.5, rng=2)
    residuals = points.y - slope * points.x - intercept
    means = [float(np.mean(residuals**2)), float(np.mean(np.abs(residuals)))]
    assert [loss for _, loss in readouts(page)] == pytest.approx(means, rel=5e-3)


def test_a_press_while_it_plays_starts_there(open_at: Open) -> None:
    page = open_at(state="&at=0&p.panel=surface")
    box = box_of(page)
    page.locator("#play").click()
    page.wait_for_function("() => studio.player.update > 3")
    handle = page.evaluate("studio.lastHandles[0]")  # another window fits the new start
    page.mouse.click(box["x"] + 0.25 * box["width"], box["y"] + 0.4 * box["height"])
    page.wait_for_function("() => document.getElementById('render-line').textContent.includes('start=')")
    x_low, x_high = handle["x"]
    assert start_of(page)[0] == pytest.approx(x_low + 0.25 * (x_high - x_low), abs=0.02 * (x_high - x_low))


def test_the_page_says_what_can_be_pressed_and_dragged(open_at: Open) -> None:
    page = open_at(state="&at=0&p.panel=surface")
    box = box_of(page)
    assert text(page, "#can") == "Press on the loss surface to start the descent there."
    page.mouse.move(box["x"] + 9, box["y"] + 9)
    assert text(page, "#hint") == "press to start here"
    page.locator("#scenes a[data-name=logistic_1d]").click()
    page.wait_for_function("() => studio.parametersOf === 'logistic_1d' && studio.isSettled")
    assert page.locator("#can").is_hidden()


# -- another lesson


STATE_OF_PAGE = """() => JSON.stringify([
  document.getElementById("render-line").textContent.split(" ")[2],
  new URLSearchParams(location.hash.slice(1)).get("scene"),
  studio.scene,
  document.getElementById("p-note") ? "lesson" : "momentum",
  document.getElementById("question").textContent === "Does it work?" ? "lesson" : "momentum",
  document.getElementById("canvas").getAttribute("aria-label").startsWith("Does it work?") ? "lesson" : "momentum",
  document.querySelectorAll("#readouts tr").length === 1 ? "lesson" : "momentum",
])"""


def test_all_of_the_page_changes_to_another_lesson_at_once(open_at: Open) -> None:
    page = open_at()
    page.evaluate(
        f"""() => {{
          window.states = new Set([({STATE_OF_PAGE})()]);
          new MutationObserver(() => states.add(({STATE_OF_PAGE})()))
            .observe(document.body, {{ subtree: true, childList: true, attributes: true, characterData: true }});
        }}"""
    )
    page.locator("#scenes a[data-name=momentum]").click()
    page.wait_for_function("() => studio.parametersOf === 'momentum' && studio.isSettled")
    assert [set(json.loads(state)) for state in page.evaluate("[...states]")] == [{"lesson"}, {"momentum"}]


def test_the_page_shows_at_once_that_another_lesson_is_awaited(open_at: Open) -> None:
    page = open_at()
    signs = page.evaluate(
        """() => {
          document.querySelector("#scenes a[data-name=momentum]").click();
          return [
            !document.getElementById("wait").hidden,
            document.querySelector("#scenes a[data-waiting]").dataset.name,
            document.getElementById("inspector").inert,
            studio.scene,
          ];
        }"""
    )
    assert signs == [True, "momentum", True, "lesson"]
    page.wait_for_function("() => studio.parametersOf === 'momentum' && studio.isSettled")
    assert page.locator("#wait").is_hidden()


def test_a_dropped_file_stays_in_lessons_that_its_columns_fit(open_at: Open) -> None:
    page = open_at()
    changed(page, lambda: drop(page, "own.csv", "a,b\n1,5\n2,4\n3,1\n4,2\n"))
    shown_data = {}
    for name in ("linear_batch_gd", "logistic_2d", "optimizer_race", "momentum"):
        page.locator(f"#scenes a[data-name={name}]").click()
        page.wait_for_function("name => studio.parametersOf === name && studio.isSettled", arg=name)
        shown_data[name] = "--data own.csv" in text(page, "#render-line")
        if name == "logistic_2d":
            assert text(page, "#misfit").startswith("own.csv does not fit this lesson: own.csv: 3 columns are needed")
    assert shown_data == {"linear_batch_gd": True, "logistic_2d": False, "optimizer_race": False, "momentum": True}
    assert page.locator("#misfit").is_hidden()


def test_an_error_of_values_that_are_no_longer_there_is_not_shown(open_at: Open) -> None:
    page = open_at()
    page.evaluate(
        """() => {
          studio.wanted.set(7, "other values");
          studio.takeRefusal({ of: "draw", id: 7, mistakes: {}, problem: "an old error" });
        }"""
    )
    assert page.locator("#problem").is_hidden()


# -- previews


def test_a_preview_will_do_while_a_slider_moves_and_the_exact_picture_follows(open_at: Open) -> None:
    page = open_at()
    page.evaluate(
        """() => {
          window.asked = [];
          const send = WebSocket.prototype.send;
          WebSocket.prototype.send = function (data) {
            const message = typeof data === "string" ? JSON.parse(data) : {};
            if (message.type === "draw") asked.push(message.rough);
            return send.call(this, data);
          };
        }"""
    )
    changed(page, lambda: control(page, "learning_rate").locator("input[type=range]").press("ArrowRight"))
    assert page.evaluate("asked") == [True]
    page.evaluate("studio.about.left_out = 'first 3 of 9 updates'; studio.refineLater()")
    page.wait_for_function("() => asked.length > 1")  # twice where the picture was a preview indeed: it was to come
    assert not any(page.evaluate("asked")[1:])


# -- data, look, scenes


def drop(page: Page, name: str, content: str, words: str = "Drop it here") -> None:
    """Drop a file anywhere on the page."""
    data = page.evaluate_handle(
        """([name, content]) => {
          const data = new DataTransfer();
          data.items.add(new File([content], name, { type: "text/csv" }));
          return data;
        }""",
        [name, content],
    )
    page.dispatch_event("body", "dragover", {"dataTransfer": data})
    assert words in text(page, "#curtain")
    page.dispatch_event("body", "drop", {"dataTransfer": data})
    assert page.locator("#curtain").is_hidden()


def test_time_stops_with_the_picture_when_a_file_cannot_be_drawn(open_at: Open) -> None:
    page = open_at()
    page.locator("#play").click()
    page.wait_for_function("() => studio.player.isPlaying && studio.player.update > 0")
    drop(page, "wide.csv", "a,b,c,d\n1,2,3,4\n2,3,4,6\n3,1,2,5\n")
    page.wait_for_function("() => !document.getElementById('data-mistake').hidden")
    assert page.locator("#play").get_attribute("aria-label") == "Play"
    share = page.evaluate("studio.player.share")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate("studio.player.share") == share
    changed(page, lambda: page.locator("#no-data").click())
    assert page.locator("#data-mistake").is_hidden()


@pytest.mark.parametrize("options", [NARROW, {"viewport": {"width": 1920, "height": 1080}}], ids=["phone", "projector"])
def test_no_two_numbers_of_the_table_touch(open_at: Open, options: dict[str, Any]) -> None:
    page = open_at("optimizer_race", "&at=0", **options)
    gaps = page.evaluate("""() => [...document.querySelectorAll("#readouts tr")].map((row) => {
        const texts = [...row.cells].map((cell) => {
            const range = document.createRange();
            range.selectNodeContents(cell);
            return range.getBoundingClientRect();
        });
        return texts.slice(1).map((text, index) => text.left - texts[index].right);
    })""")
    assert len(gaps) == 6
    assert min(gap for row in gaps for gap in row) >= 6, gaps


def test_a_file_that_is_dropped_takes_the_place_of_the_points(open_at: Open) -> None:
    page = open_at()
    changed(page, lambda: drop(page, "own.csv", "a,b\n1,5\n2,4\n3,1\n4,2\n"))
    assert text(page, "#table-name") == "own.csv"
    assert "--data own.csv" in text(page, "#render-line")
    page.locator("#columns").fill("b,a")
    changed(page, lambda: page.locator("#columns").press("Enter"))
    assert "--data own.csv --columns b,a" in text(page, "#render-line")
    changed(page, page.get_by_role("button", name="Remove").click)
    assert "--data" not in text(page, "#render-line")


def test_of_a_file_with_too_many_columns_some_are_chosen(open_at: Open) -> None:
    page = open_at()
    drop(page, "own.csv", "a,b,c\n1,5,2\n2,4,3\n3,1,7\n4,2,8\n")
    page.locator("#data-mistake, #problem").locator("visible=true").wait_for()
    assert page.locator("#columns").get_attribute("placeholder") == "a,b,c"
    page.locator("#columns").fill("a,c")
    changed(page, lambda: page.locator("#columns").press("Enter"))
    assert page.locator("#data-mistake, #problem").locator("visible=true").count() == 0


def test_errors_about_data_name_what_the_page_offers(open_at: Open) -> None:
    page = open_at()
    told = {}
    for content in ("a,b,c\n1,5,2\n2,4,3\n", "a,b\n1,5\n2,\n3,4\n", "a,b\nx,5\ny,4\n"):
        drop(page, "own.csv", content)
        page.wait_for_function(
            "told => ![told, ''].includes(document.getElementById('data-mistake').textContent)",
            arg="".join([*told][-1:]),
        )
        told[text(page, "#data-mistake")] = None
    assert ["Columns" in told_one or "Leave out rows" in told_one for told_one in told] == [True] * 3
    assert not any("--" in told_one for told_one in told)


def test_the_sheet_of_a_workbook_is_chosen(open_at: Open, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for name, rows in {
        "prices": [("Prices of a year",), ("x", "y"), (1, 2), (3, 9)],
        "rents 2": [("a", "b"), (1, 2), (3, 1), (4, 7)],
    }.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "own.xlsx")
    page = open_at()
    changed(page, lambda: page.locator("#file").set_input_files(tmp_path / "own.xlsx"))
    assert page.locator("#sheet option").all_inner_texts() == ["prices", "rents 2"]
    assert "left out 1 line above the column names: Prices of a year" in text(page, "#notes")
    changed(page, lambda: page.locator("#sheet").select_option("rents 2"))
    assert (text(page, "#table-rows"), page.locator("#columns").get_attribute("placeholder")) == ("3 rows", "a,b")
    assert "--data own.xlsx --sheet 'rents 2'" in text(page, "#render-line")


def test_the_decimal_separator_is_chosen_where_no_number_shows_it(open_at: Open) -> None:
    page = open_at()
    changed(page, lambda: drop(page, "own.csv", 'a,b\n1,"5,125"\n2,"4,250"\n3,"1,500"\n'))
    assert "choose ',' under Decimals" in text(page, "#notes")
    changed(page, lambda: page.locator("#decimal").select_option(","))
    assert "--decimal ," in text(page, "#render-line")
    assert page.locator("#notes p").count() == 0


def test_a_scene_without_data_says_so_of_a_file_over_it(open_at: Open) -> None:
    page = open_at("optimizer_race")
    drop(page, "own.csv", "x,y\n1,2\n", words="takes no data")
    assert page.locator("#problem").is_hidden()


def test_a_file_that_is_chosen_is_used_too(open_at: Open, tmp_path: Path) -> None:
    page = open_at()
    (tmp_path / "own.csv").write_text("x,y\n1,2\n2,3\n4,9\n")
    changed(page, lambda: page.locator("#file").set_input_files(tmp_path / "own.csv"))
    assert text(page, "#table-rows") == "3 rows"


def test_a_file_that_cannot_be_used_is_told_at_the_data(open_at: Open) -> None:
    page = open_at()
    drop(page, "own.csv", "x,y\n1,2\n2,many\n3,1\n")
    page.locator("#data-mistake").wait_for(state="visible")
    assert "own.csv, row 3, column 'y'" in text(page, "#data-mistake")


def test_size_and_theme_are_those_of_picture_page_and_command_line(open_at: Open) -> None:
    page = open_at()
    changed(page, page.get_by_role("button", name="Dark theme").click)
    changed(page, lambda: page.locator("#size").select_option("640x360"))
    assert page.locator("#canvas").get_attribute("width") == "640"
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert "--size 640x360 --theme dark" in text(page, "#render-line")


def test_a_size_of_ones_own_is_checked(open_at: Open) -> None:
    page = open_at()
    page.locator("#size").select_option("")
    page.locator("#other-size").fill("40x30")
    page.locator("#other-size").press("Enter")
    page.locator("#size-mistake").wait_for(state="visible")
    assert "width must be between 320" in text(page, "#size-mistake")
    page.locator("#other-size").fill("500x300")
    changed(page, lambda: page.locator("#other-size").press("Enter"))
    assert page.locator("#canvas").get_attribute("height") == "300"


def test_scenes_are_found_by_words_and_opened(open_at: Open) -> None:
    page = open_at()
    page.keyboard.press("/")
    page.keyboard.type("surface mountain")
    assert page.locator("#no-scenes").is_visible()
    page.locator("#search").fill("momentum")
    assert page.locator("#scenes li:visible").count() >= 1
    page.keyboard.press("Enter")
    page.wait_for_function("() => studio.scene.includes('momentum') && studio.isSettled")
    assert "momentum" in text(page, "#render-line")


def test_a_link_brings_all_of_it_back(open_at: Open, address: str, new_page: Callable[..., Page]) -> None:
    page = open_at(state="&at=0.37&p.seed=9&p.panel=surface&p.start=1,2")
    page.wait_for_function("() => document.getElementById('link').textContent.includes('p.start')")
    other = new_page()
    other.goto(address)  # the link has no token: it works where the studio was opened before
    other.goto("about:blank")
    other.goto(text(page, "#link"))
    settled(other)
    assert pixels(other) == pixels(page)


def test_the_way_back_leads_to_the_scene_before(open_at: Open) -> None:
    page = open_at()
    page.locator("#scenes a[data-name=momentum]").click()
    page.wait_for_function("() => studio.parametersOf === 'momentum' && studio.isSettled")
    page.go_back()
    page.wait_for_function("() => studio.parametersOf === 'lesson' && studio.isSettled")
    assert text(page, "#question") == "Does it work?"


def test_lines_are_copied(open_at: Open) -> None:
    page = open_at()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator('[data-copy="render-line"]').click()
    page.wait_for_function("() => document.querySelector('[data-copy=render-line]').textContent === 'Copied'")
    assert page.evaluate("navigator.clipboard.readText()") == text(page, "#render-line")


# -- exports


def exported(page: Page, kind: str, folder: Path) -> Path:
    """Export with a button, and return the file that was downloaded."""
    with page.expect_download() as download:
        page.get_by_role("button", name=kind, exact=True).click()
        page.locator("#making").wait_for(state="visible")
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    assert "downloaded" in text(page, "#making-words")
    return path


def last_frame(path: Path) -> np.ndarray:
    ffmpeg, output = imageio_ffmpeg.get_ffmpeg_exe(), ["-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    read = subprocess.run([ffmpeg, "-v", "error", "-i", path, *output], capture_output=True, check=True)
    return np.frombuffer(read.stdout, np.uint8).reshape(-1, 270, 480, 3)[-1]


def test_the_picture_is_exported_as_it_is_shown(open_at: Open, tmp_path: Path) -> None:
    page = open_at(state="&at=0.5&p.n_updates=20")
    path = exported(page, "PNG", tmp_path)
    assert path.name == "lesson.png"
    np.testing.assert_array_equal(iio.imread(path)[..., :3], shown(page))


@pytest.mark.parametrize("kind", ["GIF", "MP4"])
def test_the_animation_is_exported_with_progress(open_at: Open, kind: str, tmp_path: Path) -> None:
    page = open_at(state="&at=1&p.n_updates=20")
    page.evaluate(
        """() => new MutationObserver(() => {
          (window.told ??= []).push(document.getElementById("making-words").textContent);
        }).observe(document.getElementById("making-words"), { childList: true })"""
    )
    path = exported(page, kind, tmp_path)
    assert path.name == f"lesson.{kind.lower()}"
    assert any(re.fullmatch(rf"{kind}: frame \d+ of \d+", words) for words in page.evaluate("told"))
    assert imageio_ffmpeg.count_frames_and_secs(path)[1] == pytest.approx(3.0, abs=0.1)
    assert np.abs(last_frame(path).astype(int) - shown(page)).mean() < 2, "the last frame is the one that is shown"


def test_a_page_to_pass_on_plays_without_the_studio(
    open_at: Open, new_page: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_at(state="&at=0.5&p.n_updates=20")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the page").click()
    download.value.save_as(tmp_path / "lesson.html")
    other = new_page()
    other.goto((tmp_path / "lesson.html").as_uri())
    other.get_by_role("button", name=re.compile("Play|Pause")).first.wait_for(state="visible")
    assert page.locator("#link-note").is_visible(), "the address of this studio is of no use elsewhere"


def test_an_export_can_be_cancelled(open_at: Open) -> None:
    page = open_at(state="&at=0.5&p.n_updates=1000")
    changed(page, lambda: page.locator("#size").select_option("1280x720"))
    page.get_by_role("button", name="MP4").click()
    page.locator('#making[data-state="drawing"]').wait_for(state="visible")
    page.get_by_role("button", name="Cancel").click()
    page.locator("#making").wait_for(state="hidden")
    assert page.get_by_role("button", name="GIF", exact=True).is_enabled()


# -- scripts, and what is wrong with them


def test_a_saved_script_is_drawn_again_with_the_controls_as_they_are(open_at: Open, folder: Path) -> None:
    script = folder / "lesson.py"
    original = script.read_text()
    page = open_at(state="&at=0.5&p.seed=6&p.learning_rate=0.2")
    try:
        edited = original.replace('title="Does it work?"', 'title="It does"')
        edited = edited.replace("seed: Annot", "extra: int = 4,\n    seed: Annot")
        changed(page, lambda: script.write_text(edited))
        control(page, "extra").wait_for()
        assert control(page, "seed").locator("input.value").input_value() == "6"
        assert "--set learning_rate=0.2 --set seed=6" in text(page, "#render-line")
        script.write_text(edited.replace("problem = linear", "raise ValueError('typo')\n    problem = linear"))
        page.locator("#problem").wait_for(state="visible")
        assert re.search(r"lesson\.py:\d+: build failed: ValueError: typo", text(page, "#problem"))
        script.write_text("def build(:\n")
        page.wait_for_function("() => document.getElementById('problem').textContent.includes('lesson.py:1')")
        script.write_text(original)
        page.locator("#problem").wait_for(state="hidden")
    finally:
        script.write_text(original)


def test_a_scene_that_raises_is_told_on_the_page(open_at: Open) -> None:
    page = open_at("raises")
    page.locator("#problem").wait_for(state="visible")
    assert "raises.py:5: build failed: RuntimeError: no such luck" in text(page, "#problem")
    assert page.locator("#blank").is_visible()
    assert page.locator("#share").is_hidden()


def test_of_a_scene_without_a_picture_nothing_is_shown_of_the_one_before(open_at: Open) -> None:
    page = open_at()
    page.evaluate("location.hash = 'scene=raises'")
    page.locator("#problem").wait_for(state="visible")
    assert page.locator("#blank").is_visible()
    page.evaluate("location.hash = 'scene=lesson&at=0.5'")
    page.locator("#share").wait_for(state="visible")
    assert page.locator("#blank").is_hidden()
    assert "animate render lesson" in text(page, "#render-line")


@pytest.mark.parametrize(
    ("viewport", "size"),
    [((1440, 900), "800x450"), ((1600, 900), "960x540"), ((1920, 1080), "1280x720"), ((1920, 800), "800x450")],
)
def test_the_picture_is_as_large_as_the_window_allows_and_shown_pixel_by_pixel(
    address: str, new_page: Callable[..., Page], viewport: tuple[int, int], size: str
) -> None:
    page = new_page(viewport=dict(zip(("width", "height"), viewport, strict=True)))
    page.goto(f"{address}#scene=lesson&at=0.5")
    settled(page)
    box = page.locator("#canvas").bounding_box()
    assert box is not None
    assert f"{box['width']:g}x{box['height']:g}" == size == page.locator("#size").input_value()


def test_full_screen_shows_the_picture_alone_drawn_for_the_screen(open_at: Open) -> None:
    page = open_at(viewport={"width": 1920, "height": 1080})
    changed(page, lambda: page.keyboard.press("f"))
    box = page.locator("#canvas").bounding_box()
    assert box == {"x": 0, "y": 0, "width": 1920, "height": 1080}
    assert page.evaluate("[canvas.width, canvas.height]") == [1920, 1080]
    assert "--size 960x540" in page.evaluate("studio.about.render"), (
        "laid out for half the width, so captions are large"
    )
    assert page.locator(".inspector, .catalog, .bar").locator("visible=true").count() == 0
    changed(page, lambda: page.keyboard.press("Escape"))
    assert page.locator("#inspector").is_visible()


def test_a_phone_gets_an_upright_picture_as_sharp_as_its_screen(address: str, new_page: Callable[..., Page]) -> None:
    page = new_page(**NARROW, device_scale_factor=2)
    page.goto(f"{address}#scene=lesson&at=0.5")
    settled(page)
    box = page.locator("#canvas").bounding_box()
    assert box is not None
    assert (box["width"], box["height"] > box["width"]) == (390, True)
    assert page.evaluate("canvas.width") == 780
    assert "size" not in page.evaluate("location.hash"), "a link opens elsewhere at the size that fits there"


@pytest.mark.parametrize("kind", ["PNG", "MP4"])
def test_a_phone_of_any_width_exports_files_that_are_sharp_on_it(
    address: str, new_page: Callable[..., Page], kind: str, tmp_path: Path
) -> None:
    page = new_page(viewport={"width": 393, "height": 851}, device_scale_factor=2)
    page.goto(f"{address}#scene=lesson&at=0.5&p.n_updates=10")
    settled(page)
    picture = iio.imread(exported(page, kind, tmp_path), index=0)
    assert picture.shape[1] == 2 * page.evaluate("studio.pictureWidth")
    assert picture.shape[0] == 2 * page.evaluate("studio.pictureHeight")


def test_a_page_whose_server_is_gone_says_so_and_comes_back(open_at: Open) -> None:
    page = open_at()
    page.evaluate("studio.connection.socket.close()")
    page.wait_for_function("() => document.getElementById('state').textContent.includes('not running')")
    page.wait_for_function("() => document.getElementById('state').textContent === '' && studio.isSettled")
    changed(page, lambda: page.keyboard.press("ArrowRight"))


# -- everyone, everywhere


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("options", [{}, NARROW], ids=["wide", "narrow"])
def test_nobody_is_kept_out(open_at: Open, check_access: CheckAccess, theme: str, options: dict[str, Any]) -> None:
    page = open_at(state=f"&theme={theme}&at=0.5&p.learning_rate=7", **options)
    control(page, "learning_rate").locator(".mistake").wait_for(state="visible")
    check_access(page)
    page.locator("#open-keys").click()
    check_access(page)


def test_a_phone_shows_all_without_scrolling_sideways(open_at: Open) -> None:
    page = open_at(**NARROW)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_role("button", name="Scenes").tap()
    page.locator("#scenes a[data-name=momentum]").tap()
    page.wait_for_function("() => studio.parametersOf === 'momentum' && studio.isSettled")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.locator("#parameters").scroll_into_view_if_needed()
    page.evaluate("scrollTo(0, 900)")
    box = page.locator("#canvas").bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 100, "the picture stays in sight"


def test_all_of_it_can_be_reached_by_tab(open_at: Open) -> None:
    page = open_at()
    reached = set()
    page.locator("#search").focus()
    for _ in range(120):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))
    assert {"scrub", "play", "speed", "loop", "p-seed", "size", "export-gif", "file", "render-line", "Copy"} <= reached
