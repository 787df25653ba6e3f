"""The page of a build: it holds everything, escaped, and works in a browser with keys and in both themes."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
from matplotlib.animation import FuncAnimation
from matplotlib.figure import Figure
from msgspec.structs import replace

import animate
from animate.batch.embed import SNIPPETS
from animate.batch.gallery import gallery_page, write_gallery
from animate.batch.manifest import Manifest, SceneEntry
from animate.errors import EncodeError

NAMES = ("anscombe", "logistic", "momentum")
WICKED = "</script><script>alert(1)</script> \"quoted\" 'it' & <b>größer</b> <!--"


class Reader(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.said = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.said += data


@pytest.fixture
def opened(tmp_path, write_folder, new_page):
    """Return a function that writes a gallery of three scenes and opens it from its folder, as a file."""

    def open_page(folder: str = "out", names: tuple[str, ...] = NAMES, formats=("gif", "mp4", "webm"), **options):
        path = write_gallery(write_folder(tmp_path / folder, names, formats=formats), tmp_path / folder)
        page = new_page(**options)
        page.goto(path.as_uri())
        return page

    return open_page


# --- the file


def test_the_page_is_one_file_that_asks_for_nothing_but_the_media(tmp_path, write_folder) -> None:
    manifest = write_folder(tmp_path, NAMES)
    asked = [
        value
        for tag, attributes in Reader(write_gallery(manifest, tmp_path).read_text(encoding="utf-8")).tags
        for name, value in attributes.items()
        if name in ("src", "href", "srcset") and value != "data:,"
    ]
    assert asked
    assert all((tmp_path / unquote(value or "")).is_file() for value in asked)


def test_the_same_manifest_gives_the_same_page_and_leaves_it_alone(tmp_path, write_folder) -> None:
    manifest = write_folder(tmp_path)
    first = write_gallery(manifest, tmp_path).stat()
    assert write_gallery(manifest, tmp_path).stat().st_mtime_ns == first.st_mtime_ns


def test_each_scene_has_title_question_parameters_and_files(tmp_path, write_folder) -> None:
    said = Reader(gallery_page(write_folder(tmp_path))).said
    assert all(text in said for text in ("Title of lesson", "Does lesson work?", "Step <size>", "default 0.2", "MP4"))


def test_files_of_every_size_and_theme_are_linked(tmp_path, write_folder) -> None:
    manifest = write_folder(tmp_path)
    [entry] = manifest.scenes
    small = [replace(file, path=f"small-{file.path}", width=32, height=24) for file in entry.having("animation")]
    reader = Reader(gallery_page(Manifest((replace(entry, files=(*entry.files, *small)),))))
    links = [unquote(attributes["href"] or "") for tag, attributes in reader.tags if tag == "a"]
    assert links == [file.path for file in (*entry.having("animation"), *small)]
    assert reader.said.count("32 × 24") == 2  # light and dark


def test_a_page_alone_plays_and_has_no_snippets(tmp_path, write_folder) -> None:
    [entry] = write_folder(tmp_path, formats=("gif",), themes=("light",)).scenes
    files = [replace(file, path="x.html", format="html") if file.format == "gif" else file for file in entry.files]
    reader = Reader(gallery_page(Manifest((replace(entry, files=tuple(files)),))))
    assert [attributes["src"] for tag, attributes in reader.tags if tag == "img"] == ["lesson-poster.png"]
    assert [attributes["href"] for tag, attributes in reader.tags if tag == "a"] == ["x.html"]
    assert [attributes.get("class") for tag, attributes in reader.tags if tag == "button"] == ["play"]


@pytest.mark.parametrize("field", ["name", "title", "question", "alt", "problem", "variant"])
def test_wicked_text_stays_text(tmp_path, write_folder, field: str) -> None:
    manifest = write_folder(tmp_path)
    plain = Reader(gallery_page(manifest))
    page = gallery_page(Manifest((replace(manifest.scenes[0], **{field: WICKED}),)))
    found = Reader(page)
    more = [("p", {"class": "problem"}), ("strong", {})] if field == "problem" else []
    assert len([tag for tag, _ in found.tags]) - len(more) == len(plain.tags)
    data = re.search(r'<script type="application/json" id="scenes">(.*)</script>', page)
    assert data is not None
    [scene] = json.loads(data[1]).values()
    assert set(scene["snippets"]) == set(SNIPPETS)


def test_a_scene_that_failed_is_told_with_its_problem() -> None:
    entry = SceneEntry(name="lesson", question="Why?", verdict="failed", problem="scenes/lesson.py:3: no <x>")
    reader = Reader(gallery_page(Manifest((entry,))))
    assert "scenes/lesson.py:3: no <x>" in reader.said
    assert "button" not in [tag for tag, attributes in reader.tags if attributes.get("class") == "play"]


def test_a_build_without_scenes_is_a_page_too() -> None:
    assert "0 scenes." in Reader(gallery_page(Manifest())).said


def test_a_folder_that_cannot_be_written_is_told(tmp_path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(EncodeError, match=r"cannot write .*index\.html"):
        write_gallery(Manifest(), tmp_path / "out")


# --- the page in a browser; `complaints` must stay empty


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1600])
def test_the_page_fits_and_is_accessible(opened, check_access, width: int, theme: str) -> None:
    page = opened(viewport={"width": width, "height": 900}, color_scheme=theme)
    for summary in page.query_selector_all("summary"):
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.is_visible(f"#momentum img.on-{theme}")
    assert page.locator("#momentum .stage img:visible").count() == 1
    check_access(page)


def test_nothing_plays_until_it_is_asked(opened) -> None:
    page = opened()
    assert page.locator("video").count() == 0
    page.click("#momentum .play")
    page.wait_for_function("document.querySelector('#momentum video').currentTime > 0.05")
    page.click("#logistic .play")
    assert page.locator("video").count() == 1
    page.click("#logistic .play svg")
    assert page.locator("video").count() == 0


def test_under_reduced_motion_the_still_stays_until_the_reader_plays_it_once(opened) -> None:
    page = opened(reduced_motion="reduce")
    assert page.is_visible("#momentum .stage img.on-light")
    page.click("#momentum .play")
    page.wait_for_function("document.querySelector('#momentum video').ended")


def test_a_gif_plays_where_there_is_no_video(opened) -> None:
    page = opened(formats=("gif",))
    page.click("#momentum .play")
    page.wait_for_function("document.querySelector('#momentum img[src$=\"momentum.gif\"]')?.naturalWidth === 64")
    page.keyboard.press("Escape")
    assert page.locator("img[src$='.gif']").count() == 0


def test_drawings_play_where_there_is_no_video(opened) -> None:
    page = opened(formats=("gif", "svg"))
    page.click("#momentum .play")
    page.wait_for_function("document.querySelector('#momentum img[src$=\"momentum.svg\"]')?.naturalWidth === 64")


@pytest.mark.parametrize("name", ["momentum", "größe, 100% #1"])
def test_a_page_plays_in_place_of_a_video_and_is_shown_in_full(
    tmp_path, write_folder, new_page, name: str
) -> None:
    from playwright.sync_api import expect

    [entry] = write_folder(tmp_path, (name,)).scenes
    figure = Figure(figsize=(3.2, 1.8))
    (line,) = figure.subplots().plot([0, 1], [0, 1])
    animation = FuncAnimation(figure, lambda frame: line.set_ydata([0, frame / 40]), frames=40)
    animation.save(tmp_path / f"{name}.html", writer=animate.writer(fps=10))
    film = next(iter(entry.having("animation")))
    files = (*entry.files, replace(film, path=f"{name}.html", format="html"))
    page = new_page()
    page.goto(write_gallery(Manifest((replace(entry, files=files),)), tmp_path).as_uri())
    assert page.locator("iframe, video").count() == 0
    page.click(".play")
    inside = page.frame_locator(".stage iframe")
    inside.locator(".panel:not([hidden])").wait_for()
    assert page.locator("video").count() == 0
    page.wait_for_function("parseFloat(document.querySelector('.stage iframe').style.height) > 100")
    assert inside.locator("html").evaluate("root => root.scrollHeight <= innerHeight + 1")
    expect(inside.locator(".scrub")).to_have_value(re.compile(r"^([3-9]|\d\d)"))  # it plays
    page.click(".play svg")
    assert page.locator("iframe").count() == 0


def test_the_chosen_theme_wins_over_the_systems_and_changes_what_plays(opened) -> None:
    page = opened(color_scheme="light")
    page.click("#momentum .play")
    page.check(".theme input[value=dark]")
    assert page.is_visible("#momentum img.on-dark")
    assert page.is_hidden("#momentum img.on-light")
    page.wait_for_function("document.querySelector('video').currentSrc.endsWith('momentum-dark.webm')")
    page.reload()
    assert page.is_checked(".theme input[value=dark]")
    assert page.is_visible("#momentum img.on-dark")


def test_the_videos_captions_are_there_and_not_shown_twice(opened) -> None:
    page = opened()
    page.click("#momentum .play")
    track = "document.querySelector('video').textTracks[0]"
    assert page.evaluate(f"{track}.mode") == "disabled"
    page.evaluate(f"{track}.mode = 'hidden'")
    assert page.evaluate(f"[...{track}.cues].map(cue => cue.text)") == ["Both start.", "Both <end> & rest."]


@pytest.mark.parametrize(("text", "found"), [("momentum", 1), ("TITLE log", 1), ("wörk?", 3), ("zzz", 0)])
def test_search_finds_names_titles_and_questions(opened, text: str, found: int) -> None:
    page = opened()
    page.keyboard.press("/")
    page.keyboard.type(text)
    assert page.locator(".scene:visible").count() == found
    assert page.is_visible(".none") == (found == 0)
    page.keyboard.press("Escape")
    assert page.locator(".scene:visible").count() == 3


def test_arrows_go_from_scene_to_scene_enter_plays_and_escape_stops(opened) -> None:
    page = opened(viewport={"width": 1000, "height": 900})
    at = "document.activeElement.closest('.scene')?.id"
    found = []
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp", "End", "Home"):
        page.keyboard.press(key)
        found.append(page.evaluate(at))
    assert found == ["anscombe", "logistic", "anscombe", "momentum", "anscombe", "momentum", "anscombe"]
    page.keyboard.press("Enter")
    assert page.locator("#anscombe video").count() == 1
    page.keyboard.press("Escape")
    assert page.locator("video").count() == 0
    assert page.evaluate("document.activeElement.className") == "play"


def test_a_snippet_of_each_language_can_be_copied(opened) -> None:
    page = opened(permissions=["clipboard-read", "clipboard-write"])
    page.click("#momentum details:has(.embed) summary")
    page.select_option("#momentum select", "markdown")
    page.click("#momentum .copy")
    page.wait_for_function("document.querySelector('#momentum .copy').textContent === 'Copied'")
    assert page.evaluate("navigator.clipboard.readText()") == page.text_content("#momentum pre")
    assert "momentum.gif" in page.text_content("#momentum pre")


def test_names_with_spaces_and_other_letters_are_found(opened) -> None:
    page = opened('mit Raum & "Größe" #1', ("größe, 100%",))
    page.click(".play")
    page.wait_for_function("document.querySelector('video').currentTime > 0.05")
    assert page.evaluate("document.querySelector('.stage img').naturalWidth") == 64


def test_without_scripts_there_are_stills_and_links(opened) -> None:
    page = opened(java_script_enabled=False)
    assert page.is_visible("#momentum .stage img.on-light")
    assert page.is_visible("#momentum .files a")
    assert page.is_hidden("#momentum .play")
