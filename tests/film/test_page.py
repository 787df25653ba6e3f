"""A page that plays without a server: what it holds, read by a parser, and what it does, in a real browser."""

from __future__ import annotations

import base64
import json
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import animate
from animate.cli import commands
from animate.draw.readout import Readout
from animate.draw.settings import Settings
from animate.errors import UsageError
from animate.export import ExportRequest
from animate.film.encoders import EncodeOptions, open_sink
from animate.film.formats.page import Clip, Page, PageSink, PlayerData, RunSeries
from animate.library.sweep import parse_sweep, save_sweep
from animate.scene import Scene

SMALL = Settings(448, 252, 10)
WICKED = "</script><script>alert(1)</script> <!-- {{data}} \" ' & <b>"
VALUES = ("0.01", "0.03", "0.1")


class Reader(HTMLParser):
    """The tags of a page, and what its scripts hold."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append((self.tags[-1][0] if self.tags else "", data))

    def one(self, tag: str) -> dict[str, str | None]:
        [found] = [attributes for name, attributes in self.tags if name == tag]
        return found

    def data(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(next(text for tag, text in self.texts if tag == "script"))
        return told


def lesson() -> Any:
    return animate.load("linear_online_sgd")


@pytest.fixture(scope="module")
def scene() -> Scene:
    return lesson().build(n_updates=12)


@pytest.fixture(scope="module")
def single(scene: Scene, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "lesson.html"
    scene.save(path, size=(320, 180), fps=10, video=True)
    return path


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "sweep.html"
    request = ExportRequest([path], SMALL, video=True)
    save_sweep(lesson(), {"n_updates": 12}, [f"learning_rate={','.join(VALUES)}"], request)
    return path


def page_of(**told: Any) -> Reader:
    player_data = PlayerData(updates=(0,), frames=(0,), captions=((0, WICKED),), **told)
    return Reader(Page([Clip(10, player_data, b"video")], b"still", 64, 36, 10.0).html())


# --- what it holds


def test_a_page_asks_the_network_nothing(single: Path) -> None:
    reader = Reader(single.read_text(encoding="utf-8"))
    addresses = [tag[key] for _, tag in reader.tags for key in ("src", "href", "poster") if tag.get(key)]
    assert addresses
    assert all(str(address).startswith("data:") for address in addresses)
    assert "default-src 'none'" in str([tag for name, tag in reader.tags if name == "meta"])


def test_its_video_is_the_mp4_that_is_written_alone(scene: Scene, single: Path, tmp_path: Path) -> None:
    [alone] = scene.save(tmp_path / "x.mp4", size=(320, 180), fps=10)
    source = str(Reader(single.read_text(encoding="utf-8")).one("video")["src"])
    assert base64.b64decode(source.partition("base64,")[2]) == alone.path.read_bytes()


def test_its_size_is_reported_and_little_more_than_its_video(scene: Scene, tmp_path: Path) -> None:
    page, video = scene.save(tmp_path / "x.html", tmp_path / "x.mp4", fps=10, video=True)
    assert page.bytes == page.path.stat().st_size
    assert (page.n_frames, page.duration) == (video.n_frames, pytest.approx(video.duration))
    assert page.bytes < 1.34 * video.bytes + 80_000


def test_every_update_on_screen_is_told_with_its_first_frame_and_its_loss(scene: Scene, single: Path) -> None:
    [take] = Reader(single.read_text(encoding="utf-8")).data()["clips"]
    frames, updates = np.cumsum(take["frames"]), np.cumsum(take["updates"])
    on_screen = [scene.timeline.update_at(frame / 10) for frame in range(scene.n_frames(10))]
    assert updates.tolist() == sorted(set(on_screen))
    assert frames.tolist() == [on_screen.index(update) for update in updates]
    trajectory = scene.runs[0].trajectory
    readout = Readout.of("loss", trajectory.loss)
    assert take["runs"][0]["loss"].split(" ") == [readout.text(update) for update in updates]
    assert [float(text) for text in take["runs"][0]["epochs"].split(" ")] == pytest.approx(
        trajectory.epochs[updates].tolist(), abs=0.00501
    )


def test_wicked_text_stays_text() -> None:
    reader = page_of(question=WICKED, alt=WICKED, runs=(RunSeries(WICKED, "first", ("1.0",), ()),))
    assert [tag for tag, _ in reader.tags].count("script") == 2
    assert reader.one("video")["aria-label"] == WICKED
    [take] = reader.data()["clips"]
    assert (take["runs"][0]["name"], take["captions"][0][1]) == (WICKED, WICKED)


def test_the_text_track_holds_the_captions(single: Path, scene: Scene) -> None:
    from urllib.parse import unquote

    tags = Reader(single.read_text(encoding="utf-8")).tags
    [found] = [attributes for name, attributes in tags if name == "track" and attributes["kind"] == "captions"]
    track = unquote(str(found["src"]))
    assert track.startswith("data:text/vtt,WEBVTT\n\n00:00:00.000 --> ")
    assert track.count(" --> ") == len(scene.timed_captions())


def test_any_animation_can_become_a_page(tmp_path: Path, plot_frames: Any) -> None:
    sink = open_sink(tmp_path / "plot.html", 320, 180, 12, EncodeOptions())
    for frame in plot_frames[:5]:
        sink.write(frame)
    sink.finish()
    written = sink.publish()
    reader = Reader(written.path.read_text(encoding="utf-8"))
    assert (written.n_frames, reader.data()["counter"]) == (5, "frame")
    assert [path.name for path in tmp_path.iterdir()] == ["plot.html"]


def test_a_page_that_is_given_up_leaves_nothing(tmp_path: Path, plot_frames: Any) -> None:
    sink = open_sink(tmp_path / "plot.html", 320, 180, 12, EncodeOptions())
    sink.write(plot_frames[0])
    sink.abort()
    assert list(tmp_path.iterdir()) == []


def test_a_page_fits_a_budget(scene: Scene, tmp_path: Path) -> None:
    [written] = scene.save(tmp_path / "x.html", size=(480, 270), fps=10, max_size="80kB", video=True)
    assert written.bytes <= 80_000
    assert written.compromises


def test_two_jobs_write_the_same_bytes(single: Path, scene: Scene, tmp_path: Path) -> None:
    [written] = scene.save(tmp_path / single.name, size=(320, 180), fps=10, jobs=2, video=True)
    assert written.path.read_bytes() == single.read_bytes()


# --- a sweep


@pytest.mark.parametrize(("rates", "has_shared_decimals"), [((0.1, 0.12), True), ((0.1, 0.49), False)])
def test_losses_of_several_runs_have_as_many_decimals_as_one_another(
    rates: tuple[float, float], has_shared_decimals: bool
) -> None:
    valley = animate.surfaces.valley(2.0)
    methods = {str(rate): animate.optimizers.gradient_descent(rate) for rate in rates}
    runs = animate.compare(valley, methods, start=(2.0, 1.0), n_updates=8)
    panel = animate.panels.LossCurve(runs=runs)
    scene = Scene(title="?", caption="Words.", panels=[panel], timeline=animate.Timeline(8, seconds=2))
    told = scene.player_data(SMALL).runs
    for run, trajectory in zip(told, (run.trajectory for run in runs), strict=True):
        plain = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
        numbers = [float(text.replace("×10", "e").translate(plain)) for text in run.loss]
        assert numbers == pytest.approx(trajectory.loss.tolist(), rel=0.005)
    lengths = {len(text.partition(".")[2]) for run in told for text in run.loss}
    assert (len(lengths) == 1) == has_shared_decimals


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("learning_rate=0.001:1:4:log", (0.001, 0.01, 0.1, 1.0)),
        ("learning_rate=0.1:0.3:3", (0.1, 0.2, 0.3)),
        ("learning_rate=0.5,0.1,0.5", (0.5, 0.1)),
        ("n_samples=5:50:4:log", (5, 11, 23, 50)),
        ("start=0,0;1,2", ((0.0, 0.0), (1.0, 2.0))),
    ],
)
def test_a_sweep_is_read(text: str, values: tuple[object, ...]) -> None:
    assert parse_sweep(lesson(), text).values == values


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("learning_rat=1,2", "Did you mean 'learning_rate'"),
        ("learning_rate=0.1:50:3", "learning_rate must be between .*; got 50"),
        ("learning_rate=0.1,x", "learning_rate must be a number; got 'x'"),
        ("learning_rate=1:2", "must be low:high:count"),
        ("learning_rate", "must be PARAM=VALUES, with values low:high:count"),
        ("learning_rate=0.1:0.2:3:lin", "must be low:high:count"),
        ("learning_rate=0.2:0.1:3", "from low up to high"),
        ("learning_rate=0.1", "2 to 50 different values; got 1"),
        ("noise=0:1:3:log", "low must be above 0 on a log scale"),
    ],
)
def test_a_sweep_that_cannot_be_is_told(text: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        parse_sweep(lesson(), text)


def test_a_value_whose_build_fails_says_so_at_its_place(write_scene: Any, small_scene: str) -> None:
    body = f"1 / (seed - 2)\n{small_scene}"
    script = animate.load(write_scene(signature="seed: int = 0", body=body))
    save_sweep(script, {}, ["seed=1:3:3"], ExportRequest([Path("x.html")], SMALL))
    clips = Reader(Path("x.html").read_text(encoding="utf-8")).data()["clips"]
    assert re.match(r"seed=2: .*division by zero", clips[1]["problem"])
    assert clips[0]["film"]
    assert clips[2]["film"]


def test_a_sweep_without_any_value_that_works_is_refused(write_scene: Any) -> None:
    script = animate.load(write_scene(signature="seed: int = 0", body="1 / 0"))
    with pytest.raises(UsageError, match=r"values with which the scene works; got seed=1: .*division by zero"):
        save_sweep(script, {}, ["seed=1,2"], ExportRequest([Path("x.html")], SMALL))
    assert not Path("x.html").exists()


def test_the_command_writes_a_sweep_and_begins_at_the_default(write_scene: Any) -> None:
    write_scene(signature="seed: int = 2")
    arguments = ["render", "lesson", "--sweep", "seed=1:3:3", "--size", "320x180", "--fps", "5"]
    done = CliRunner().invoke(commands, arguments)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("output/lesson.html  ")
    data = Reader(Path("output/lesson.html").read_text(encoding="utf-8")).data()
    assert (data["first"], data["sweeps"][0]["values"], len(data["clips"])) == (1, ["1", "2", "3"], 3)


@pytest.mark.parametrize(
    "more", [["-o", "x.gif"], ["-o", "x.html", "-o", "y.html"], ["--max-size", "1MB"], ["--set", "seed=1"]]
)
def test_the_command_refuses_a_sweep_that_is_no_single_page(write_scene: Any, more: list[str]) -> None:
    write_scene(signature="seed: int = 2")
    assert CliRunner().invoke(commands, ["render", "lesson", "--sweep", "seed=1,2", *more]).exit_code == 2


# --- a browser

VIDEO = "document.querySelector('video.shown')"


def wait(page: Any, condition: str) -> None:
    """Wait until something is true: asked anew each time, since the page lets nobody evaluate texts inside it."""
    for _ in range(400):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(25)
    raise AssertionError(condition)


def opened(page: Any, path: Path, fragment: str = "") -> Any:
    page.goto(f"{path.as_uri()}{fragment}")
    wait(page, f"{VIDEO} && {VIDEO}.readyState >= 2")
    return page


def sought(page: Any) -> None:
    wait(page, f"!{VIDEO}.seeking")


def test_the_video_plays_by_itself(page: Any, single: Path) -> None:
    opened(page, single)
    wait(page, f"{VIDEO}.currentTime > 0.3")
    assert page.evaluate(f"[{VIDEO}.videoWidth, {VIDEO}.muted, {VIDEO}.loop]") == [320, True, True]
    page.keyboard.press("Space")
    wait(page, f"{VIDEO}.paused")


def test_stepping_tells_exactly_the_numbers_of_the_trajectory(page: Any, single: Path, scene: Scene) -> None:
    opened(page, single, "#t=0")
    readout = Readout.of("loss", scene.runs[0].trajectory.loss)
    for update in range(1, 13):
        page.keyboard.press("ArrowRight") if update % 2 else page.click(".on")
        assert page.text_content(".update") == str(update)
        assert page.text_content(".runs tbody td") == readout.text(update)
    page.keyboard.press("ArrowLeft")  # to the beginning of the last update, then to the one before
    assert page.text_content(".update") == "11"


def test_a_step_shows_the_frame_of_that_update(page: Any, single: Path, scene: Scene) -> None:
    opened(page, single, "#t=0")
    for _ in range(5):
        page.keyboard.press("ArrowRight")
        sought(page)
    seconds = page.evaluate(f"{VIDEO}.currentTime")
    assert scene.timeline.update_at(int(seconds * 10) / 10) == 5


def test_keys_reach_the_ends_and_single_frames(page: Any, single: Path, scene: Scene) -> None:
    opened(page, single, "#t=0")
    seen = []
    for key in ("End", ",", ".", "Home", ".", ","):
        page.keyboard.press(key)
        seen.append(int(page.input_value(".scrub")))
    last = scene.n_frames(10) - 1
    assert seen == [last, last - 1, last, 0, 1, 0]


def test_the_caption_stands_as_text_and_changes(page: Any, single: Path, scene: Scene) -> None:
    captions = [words if isinstance(words, str) else words[0] for _, _, words in scene.timed_captions()]
    opened(page, single, "#t=0")
    assert page.text_content(".caption") == captions[0]
    page.keyboard.press("End")
    assert page.text_content(".caption") == captions[-1]


def test_speed_changes_how_fast_it_plays(page: Any, single: Path) -> None:
    opened(page, single)
    page.select_option(".speed select", "2")
    assert page.evaluate(f"{VIDEO}.playbackRate") == 2


def test_the_address_holds_the_state_and_brings_it_back(page: Any, swept: Path) -> None:
    opened(page, swept, "#t=2.35&value=0.1")
    wait(page, "document.querySelector('.sweep output').textContent === '0.1'")
    wait(page, f"Math.abs({VIDEO}.currentTime - 2.35) < 0.1 && {VIDEO}.paused")
    page.keyboard.press("End")
    assert re.search(r"#t=\d+\.\d+&value=0\.1$", page.url)


def test_the_slider_switches_the_value_and_keeps_the_time(page: Any, swept: Path) -> None:
    opened(page, swept, "#t=2.35")
    for index in (2, 0):
        page.evaluate(f"document.querySelector('.sweep input').value = {index}")
        page.dispatch_event(".sweep input", "input")
        wait(page, f"location.hash.endsWith('value={VALUES[index]}')")
        assert page.evaluate(f"{VIDEO}.currentTime") == pytest.approx(2.35, abs=0.051)
        rate = float(VALUES[index])
        run = lesson().build(n_updates=12, learning_rate=rate).runs[0]
        update = int(page.text_content(".update"))
        assert page.text_content(".runs tbody td") == Readout.of("loss", run.trajectory.loss).text(update)
    assert page.locator("video.shown").count() == 1


def test_of_many_moves_of_the_slider_the_last_one_counts(page: Any, swept: Path) -> None:
    opened(page, swept, "#t=1")
    moves = "for (const at of [2, 0, 1, 2, 0, 2]) { one.value = at; one.dispatchEvent(new Event('input')); }"
    page.evaluate(f"() => {{ const one = document.querySelector('.sweep input'); {moves} }}")
    wait(page, "location.hash.endsWith('value=0.1')")
    page.wait_for_timeout(400)
    shown = "[...document.querySelectorAll('video.shown')].map((one) => getComputedStyle(one).opacity)"
    assert page.evaluate(shown) == ["1"]
    assert page.text_content(".sweep output") == "0.1"


def test_a_playing_video_plays_on_with_the_other_value(page: Any, swept: Path) -> None:
    opened(page, swept)
    wait(page, f"{VIDEO}.currentTime > 0.5")
    page.focus(".sweep input")
    page.keyboard.press("ArrowRight")
    wait(page, "location.hash.endsWith('value=0.1')")
    wait(page, f"!{VIDEO}.paused && {VIDEO}.currentTime > 0.7")
    assert page.evaluate("[...document.querySelectorAll('video')].filter((one) => !one.paused).length") == 1


def test_under_reduced_motion_it_rests_on_the_poster_until_played(new_page: Callable[..., Any], single: Path) -> None:
    page = opened(new_page(reduced_motion="reduce"), single)
    page.wait_for_timeout(300)
    assert page.evaluate(f"{VIDEO}.paused")
    assert page.text_content(".update") == "12"
    page.keyboard.press("Space")
    wait(page, f"!{VIDEO}.paused")


def test_an_iframe_tells_its_height(page: Any, single: Path, tmp_path: Path) -> None:
    around = tmp_path / "post.html"
    around.write_text(
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>x</title><script>addEventListener("message", '
        '(event) => { if (event.data.type === "animate:height") '
        'document.querySelector("iframe").style.height = `${window.told = event.data.height}px`; })</script>'
        f'<iframe title="x" width="700" src="{single.as_uri()}"></iframe></html>',
        encoding="utf-8",
    )
    page.goto(around.as_uri())
    wait(page, "window.told > 200")
    inside = page.frames[1]
    page.wait_for_timeout(200)
    room = inside.evaluate("[document.documentElement.scrollHeight, innerHeight]")
    assert room[0] == room[1]


SLIDES = [(960, 540), (640, 360), (400, 300), (300, 150), (480, 200), (800, 250), (1100, 150), (300, 600)]


@pytest.mark.parametrize(("width", "height"), SLIDES)
def test_an_iframe_of_fixed_height_holds_picture_and_controls(
    page: Any, single: Path, tmp_path: Path, width: int, height: int
) -> None:
    holds(page, single, tmp_path / "slide.html", width, height, (".screen", ".play", ".scrub", ".on", ".speed select"))


@pytest.mark.parametrize(("width", "height"), [(300, 200), (480, 150), (800, 300), (1100, 600)])
def test_an_iframe_of_fixed_height_holds_the_slider_over_values(
    page: Any, swept: Path, tmp_path: Path, width: int, height: int
) -> None:
    holds(page, swept, tmp_path / "slide.html", width, height, (".screen", ".play", ".scrub", ".sweep input"))


def holds(page: Any, shown: Path, around: Path, width: int, height: int, parts: tuple[str, ...]) -> None:
    """Assert that a page in an iframe of this size shows its parts without scrolling."""
    frame = f'<iframe title="x" width="{width}" height="{height}" src="{shown.as_uri()}"></iframe>'
    around.write_text(f'<!doctype html><html lang="en"><title>x</title>{frame}</html>', encoding="utf-8")
    page.goto(around.as_uri())
    inside = page.frames[1]
    inside.wait_for_selector(".panel:not([hidden])")
    inside.wait_for_function("() => document.documentElement.scrollHeight <= innerHeight")
    for part in parts:
        box = inside.evaluate(
            f"(({{top, bottom, width}}) => [top, bottom, width])(document.querySelector('{part}')"
            ".getBoundingClientRect())"
        )
        assert box[0] >= 0
        assert box[1] <= height
        assert box[2] > 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440, 1600])
def test_nothing_overflows_and_everyone_can_use_it(
    new_page: Callable[..., Any], swept: Path, check_access: Any, width: int, scheme: str
) -> None:
    page = opened(new_page(viewport={"width": width, "height": 800}, color_scheme=scheme), swept, "#t=1")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    check_access(page)


@pytest.mark.parametrize(("size", "is_repeated"), [((320, 180), True), ((390, 430), False)])
def test_a_phone_reads_the_words_of_a_page_once(
    new_page: Callable[..., Any], tmp_path: Path, size: tuple[int, int], is_repeated: bool
) -> None:
    lesson().build(n_updates=12).save(tmp_path / "page.html", size=size, fps=5)
    page = new_page(viewport={"width": 390, "height": 844})
    page.goto((tmp_path / "page.html").as_uri())
    page.locator(".panel").wait_for(state="visible")
    heights = page.locator("h1, .caption").evaluate_all("all => all.map((one) => one.getBoundingClientRect().height)")
    # those of a wide picture are too small to be read there; those of an upright one can be read
    assert [height > 5 for height in heights] == [is_repeated] * 2


def test_the_folder_of_a_page_whose_render_was_killed_is_removed_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = """
import numpy as np, os, signal, sys
from pathlib import Path
from animate.film.formats.page import PageSink
from animate.film.sinks import EncodeOptions
sink = PageSink(Path(sys.argv[1]) / "page.html", 320, 180, 20, EncodeOptions())
sink.write(np.zeros((180, 320, 4), np.uint8))
os.kill(os.getpid(), signal.SIGKILL)
"""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    killed = subprocess.run([sys.executable, "-c", code, tmp_path], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len(list(tmp_path.glob("animate-*"))) == 1
    PageSink(tmp_path / "page.html", 320, 180, 20, EncodeOptions()).abort()
    assert list(tmp_path.iterdir()) == []


# --- a story


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "story.html"
    points = animate.panels.Plot(animate.marks.Points(lambda update: [[update, update]]))
    beats = [animate.Beat(words, updates=1, seconds=1.0) for words in ("One.", "Two.", "Three.")]
    Scene(title="Why?", panels=[points], beats=beats).save(path, size=(320, 180), fps=10, video=True)
    return path


def test_beats_are_chapters_and_captions_of_the_page(story: Path) -> None:
    reader = Reader(story.read_text(encoding="utf-8"))
    tracks = [attributes for name, attributes in reader.tags if name == "track"]
    assert [track["kind"] for track in tracks] == ["captions", "chapters"]
    assert str(tracks[1]["src"]).count("%20--%3E%20") == 3
    [take] = reader.data()["clips"]
    assert (take["beats"], take["captions"]) == ([0, 10, 20], [[0, "One."], [10, "Two."], [20, "Three."]])


def test_a_mark_on_the_slider_leads_to_its_beat(page: Any, story: Path) -> None:
    opened(page, story, "#t=0")
    page.locator(".beats button").nth(1).click(force=True)
    assert page.input_value(".scrub") == "20"
    assert page.text_content(".caption") == "Three."


def test_in_a_lecture_space_plays_to_the_end_of_each_beat(page: Any, story: Path) -> None:
    opened(page, story, "#t=0")
    page.keyboard.press("l")
    assert page.get_attribute(".lecture", "aria-pressed") == "true"
    ends = []
    for _ in range(3):
        before = page.input_value(".scrub")
        page.keyboard.press(" ")
        # On a busy machine a beat may have been played before it is looked at for the first time.
        has_moved = f"+document.querySelector('.scrub').value > {before}"
        wait(page, f"{has_moved} && {VIDEO}.paused && !{VIDEO}.seeking")
        ends.append(int(page.input_value(".scrub")))
    assert ends == [9, 19, 29]


def test_a_page_without_beats_offers_no_lecture(tmp_path: Path) -> None:
    points = animate.panels.Plot(animate.marks.Points([[0, 0], [1, 1]]))
    scene = Scene(title="Why?", caption="Words.", panels=[points], timeline=animate.Timeline(2, seconds=0.5))
    scene.save(tmp_path / "x.html", size=(320, 180), fps=5)
    assert 'class="lecture"' not in (tmp_path / "x.html").read_text(encoding="utf-8")
