"""What tests of several parts share: an empty folder, scene scripts to put there, and a browser.

Tests in a browser need Chromium (Debian: ``apt-get install chromium``) and the extra ``test``. They are skipped where
it is missing, unless ANIMATE_REQUIRE_BROWSER=1 says that nothing may be left out. ANIMATE_CHROMIUM names another one.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent, indent
from typing import TYPE_CHECKING, NoReturn

import pytest
from PIL import GifImagePlugin

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route

os.environ.setdefault("ANIMATE_STRICT", "1")  # a fault of replay fails the test instead of costing time only

WriteScene = Callable[..., Path]
CheckAccess = Callable[..., None]

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)
OWN = ("http://127.0.0.1:", "http://localhost:", "file:", "data:", "blob:", "about:")

SCRIPT = '''\
"""{question}"""
from typing import Annotated, Literal, Optional

from animate import Range, Scene, Table, Timeline, descend, line, linear_problem, optimizers, panels


def build({signature}):
{body}
'''

# the smallest scene that renders: six updates of batch descent on a line
SMALL_SCENE = """
problem = linear_problem(line(12, rng=0))
run = panels.Run("Batch", descend(problem.objective, optimizers.gradient_descent(0.05), [0.0, 0.0], 6))
return Scene(title="Small", caption="A small scene", panels=[panels.LineFit(problem=problem, run=run)],
             timeline=Timeline(6, seconds=0.5, hold_start=0.1, hold_end=0.1))
"""


@pytest.fixture(autouse=True)
def pillow_reads_gif_as_it_does_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Undo what imageio changes for the whole process when it reads a GIF: Pillow then loses transparency."""
    default = GifImagePlugin.LoadingStrategy.RGB_AFTER_FIRST
    monkeypatch.setattr(GifImagePlugin, "LOADING_STRATEGY", default)


@pytest.fixture(autouse=True)
def replay_whatever_it_costs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep frames from being drawn in full because the machine was busy: a test then sees what it is about."""
    if request.node.path.name != "test_cost_guard.py":
        monkeypatch.setattr("animate.replay.cost_guard.CostGuard.prefers_full", lambda _guard: False)


@pytest.fixture(autouse=True)
def pyplot_keeps_no_figure() -> Iterator[None]:
    """Close what a test left open in pyplot, which warns of many figures in whichever test makes the next one."""
    yield
    if (pyplot := sys.modules.get("matplotlib.pyplot")) is not None:
        pyplot.close("all")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder, which is the current one meanwhile."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def small_scene() -> str:
    """Return the body of a ``build`` whose scene renders quickly."""
    return SMALL_SCENE


@pytest.fixture
def write_scene(here: Path) -> WriteScene:
    """Return a function that writes ``scenes/NAME.py`` and returns its path from the current folder."""

    def write(
        name: str = "lesson",
        *,
        question: str = "Does it work?",
        signature: str = "",
        body: str = SMALL_SCENE,
        folder: str = "scenes",
        text: str | None = None,
    ) -> Path:
        path = Path(folder) / f"{name}.py"
        path.parent.mkdir(exist_ok=True, parents=True)
        inside = indent(dedent(body).strip(), "    ")
        filled = SCRIPT.format(question=question, signature=signature, body=inside)
        path.write_text(filled if text is None else text, encoding="utf-8")
        return path

    return write


def _without_browser(reason: str) -> NoReturn:
    if os.environ.get("ANIMATE_REQUIRE_BROWSER") == "1":
        pytest.fail(f"{reason}, and ANIMATE_REQUIRE_BROWSER=1 lets no test in a browser be left out")
    pytest.skip(reason)


# Not for the whole session: Playwright keeps an event loop running, in which other tests could not start theirs.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a headless Chromium."""
    path = os.environ.get("ANIMATE_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if path is None:
        _without_browser("Chromium is not installed (Debian: apt-get install chromium)")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _without_browser("Playwright is not installed: pip install -e '.[test]'")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def complaints() -> list[str]:
    """Return the list of what pages complain of: errors in the console, exceptions, requests to elsewhere.

    It must be empty at the end of a test with a page; a test that provokes an error takes it off the list.
    """
    return []


@pytest.fixture
def new_page(browser: Browser, complaints: list[str]) -> Iterator[Callable[..., Page]]:
    """Return a function that opens an empty page, 1440x900 unless told otherwise: ``new_page(viewport=...)``.

    Each has a profile of its own and cannot reach any other machine.
    """
    contexts: list[BrowserContext] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    def keep_here(route: Route) -> None:
        if route.request.url.startswith(OWN):
            route.continue_()
        else:
            complaints.append(f"request to elsewhere: {route.request.url}")
            route.abort()

    def open_page(**options: object) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})  # type: ignore[arg-type]
        context.set_default_timeout(60_000)
        context.route("**/*", keep_here)
        contexts.append(context)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(f"exception: {error}"))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """Return an empty page of 1440x900 pixels, whose console must stay free of errors."""
    return new_page()


@pytest.fixture
def check_access() -> CheckAccess:
    """Return a function that fails where axe-core finds what keeps people out of a page: serious or critical."""

    def check(page: Page) -> None:
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(page).response["violations"]
        worst = [
            f"{one['impact']}: {one['help']}: {node['html']}: {node['failureSummary']}"
            for one in found
            for node in one["nodes"]
            if one["impact"] in ("serious", "critical")
        ]
        assert worst == []

    return check
