"""The documentation as a website: complete, searchable from a file system, readable on a phone and in the dark."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Callable, Iterator
from functools import partial
from html import unescape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import click
import pytest

import animate
from animate.cli import commands
from animate.cli.app import COMMANDS

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
SHOWN = (
    "index",
    "lessons/index",
    "lessons/momentum",
    "architecture",
    "ci",
    "reference/command_line",
    "reference/python",
)

# the first build takes about a minute
pytestmark = pytest.mark.timeout(900)


def text_of(page: Path) -> str:
    """Return the text of a page without its marks."""
    return " ".join(unescape(re.sub(r"<[^>]*>", "", page.read_text(encoding="utf-8"))).split())


def test_each_lesson_has_a_page_with_its_question_and_its_parameters(site: Path) -> None:
    for path in sorted((ROOT / "scenes").glob("*.py")):
        script = animate.load(path)
        text = text_of(site / "lessons" / f"{path.stem}.html")
        assert " ".join(script.question.split()) in text
        assert [one.name for one in script.parameters if one.name not in text or one.help not in text] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_the_reference_of_a_command_has_its_help_and_all_its_options(site: Path, name: str) -> None:
    context = click.Context(commands)
    command = commands.get_command(context, name)
    assert command is not None
    text = text_of(site / "reference" / "command_line.html")
    assert " ".join(inspect.cleandoc(command.help or "").split()).replace("`", "") in text.replace("`", "")
    options = [one for one in command.params if isinstance(one, click.Option)]
    assert options
    for option in options:
        assert max(option.opts, key=len) in text
        assert " ".join((option.help or "").split()).replace("`", "") in text.replace("`", "")


def public_functions(module: str) -> Iterator[str]:
    """Yield each function and class that a module defines and offers."""
    members = vars(importlib.import_module(module))
    for name, value in members.items():
        if name not in members.get("__all__", members):
            continue
        if (inspect.isfunction(value) or inspect.isclass(value)) and value.__module__ == module and name[0] != "_":
            yield name


def test_the_reference_has_every_function_and_class_of_its_modules(site: Path) -> None:
    pages = "".join(page.read_text(encoding="utf-8") for page in (site / "reference").glob("animate.*.html"))
    anchors = set(re.findall(r'id="([\w.-]+)"', pages))
    modules = [anchor.removeprefix("module-") for anchor in anchors if anchor.startswith("module-")]
    defined = [f"{module}.{name}" for module in modules for name in public_functions(module)]
    assert len(modules) > 30
    assert [name for name in defined if name not in anchors] == []


def test_the_reference_lists_every_name_of_animate(site: Path) -> None:
    text = text_of(site / "reference" / "python.html")
    names = [name for name in animate.__all__ if not name.startswith("__")]
    assert [name for name in names if name not in text] == []


def test_the_functions_of_animate_lead_to_their_description(site: Path) -> None:
    page = (site / "reference" / "python.html").read_text(encoding="utf-8")
    for name in animate.__all__:
        value = getattr(animate, name)
        if inspect.isfunction(value) or inspect.isclass(value):
            [target] = re.findall(rf'href="([^"#]*)#{value.__module__}\.{name}"', page)
            assert f'id="{value.__module__}.{name}"' in (site / "reference" / target).read_text(encoding="utf-8")


def test_search_works_from_a_file_system(site: Path, page: Page) -> None:
    page.goto(f"file://{site}/index.html")
    page.fill("input[name=q]", "momentum")
    page.press("input[name=q]", "Enter")
    page.click("ul.search li a[href*='lessons/momentum']")
    page.wait_for_load_state()
    assert page.url.partition("?")[0] == f"file://{site}/lessons/momentum.html"


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_their_window_and_load_nothing_from_elsewhere(
    site: Path, new_page: Callable[..., Page], width: int, scheme: str
) -> None:
    window = new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    for name in SHOWN:
        window.goto(f"file://{site}/{name}.html")
        assert window.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        broken = "[...document.images].filter(image => image.complete && !image.naturalWidth).map(image => image.src)"
        assert window.evaluate(broken) == []


@pytest.fixture
def served(site: Path) -> Iterator[str]:
    """Return the address of the documentation on a web server: axe fetches style sheets, which files may not do."""
    handler = partial(QuietHandler, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files without a log."""

    def log_message(self, *arguments: object) -> None: ...


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_open_to_assistive_technology(
    served: str, new_page: Callable[..., Page], check_access: Callable[[Page], None], scheme: str
) -> None:
    window = new_page(color_scheme=scheme)
    for name in SHOWN:
        window.goto(f"{served}/{name}.html")
        check_access(window)
