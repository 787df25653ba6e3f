"""The generated pages: the lessons, the command line, the settings and the Python reference.

``docs/conf.py`` writes them into ``docs/lessons`` and ``docs/reference`` when a build begins; Git ignores both folders.
``python docs/generate.py --stills`` redraws the stills that the lessons' pages show, or those of the lessons named.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import os
import pkgutil
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path
from types import ModuleType
from typing import Any

import click

import animate
from animate.batch.setting_keys import documented
from animate.cli.app import commands
from animate.draw.language_file import find_language
from animate.library.discovery import Summary, shipped_folder, summaries

DOCS = Path(__file__).resolve().parent
STILLS = DOCS.parent / "output" / "readme"
STILL_SIZE = (480, 270)
TESTS = DOCS.parent / "tests" / "scenes"
_TESTS_OF_ALL = ("test_every_scene", "test_partial_fit_path")
"""Tests of every lesson's looks, and of runs computed elsewhere: they check no lesson's numbers."""
PORTRAITS = ("linear_sgd_vs_batch", "logistic_1d")
ANIMATIONS = DOCS / "static" / "lessons"
"""Where the command in ``docs/contributing.md`` renders the lessons; a page shows the still of one that is missing."""

PUBLIC = (
    "animate.batch.build",
    "animate.draw",
    "animate.errors",
    "animate.film.encoders",
    "animate.film.writer",
    "animate.learn",
    "animate.library",
    "animate.scene",
)
"""Modules and packages that users import from; the Python reference documents them and all modules below them."""


def write_pages(docs: Path = DOCS) -> None:
    """Write the generated pages below *docs*; those that did not change keep their time, so Sphinx skips them."""
    pages = {docs / f"{name}.md": text for name, text in [*lesson_pages(), *reference_pages()]}
    for folder in ("lessons", "reference"):
        for old in set((docs / folder).glob("*.md")) - set(pages):
            old.unlink()
    for path, text in pages.items():
        path.parent.mkdir(exist_ok=True)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def lessons() -> list[Summary]:
    """Return the scenes that ship with the package, in the order of `animate list`."""
    folder = shipped_folder()
    return [scene for scene in summaries(folder) if scene.path.parent == folder]


def translation(lesson: str) -> dict[str, str]:
    """Return the German texts of a lesson that the page about languages shows."""
    page = (DOCS / "languages.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```toml\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    tables = [tomllib.loads(block).get("scene", {}).get(lesson, {}) for block in blocks]
    return next(table["text"]["words"] for table in tables if table)


def draw_stills(names: Sequence[str] = (), folder: Path = STILLS) -> None:
    """Draw the stills of all lessons and of the pages about shapes and languages, or those of the lessons named."""
    if not names:
        _draw_stills_of_pages(folder)
    for lesson in (lesson for lesson in lessons() if not names or lesson.name in names):
        animate.load(lesson.path).build().save_still(folder / f"{lesson.name}.png", "last", size=STILL_SIZE)


def _draw_stills_of_pages(folder: Path) -> None:
    for name in PORTRAITS:
        animate.load(name).build().save_still(folder / f"{name}-portrait.png", 0.7, size=(540, 960))
    animate.load(PORTRAITS[0]).build().save_still(folder / f"{PORTRAITS[0]}-square.png", 0.7, size=(540, 540))
    german = find_language("de").with_texts(translation(PORTRAITS[0]))
    with german.active():
        animate.load(PORTRAITS[0]).build().save_still(folder / f"{PORTRAITS[0]}-de.png", 0.7, size=(800, 450))


# --- lessons ---------------------------------------------------------------------------------------------------------


def lesson_pages() -> Iterator[tuple[str, str]]:
    """Yield the name and the text of the page of each lesson, and of their index."""
    yield "lessons/index", _lesson_index()
    yield "lessons/oracles", _oracles_page()
    for lesson in lessons():
        yield f"lessons/{lesson.name}", _lesson_page(lesson)


def _lesson_index() -> str:
    cards = "\n".join(
        f":::{{container}} card\n[![]({_still(lesson.name)}) {lesson.question}]({lesson.name}.md)\n:::"
        for lesson in lessons()
    )
    return _paragraphs(
        "# Lessons",
        "Each lesson is one short scene script. Open one for its animation, its captions and its parameters; "
        "`animate render NAME` renders it, and [writing a lesson](../writing_a_lesson.md) says how to add one.",
        f"::::{{container}} cards lessons-grid\n{cards}\n::::",
        "[What each lesson is checked against](oracles.md) lists the tests that compute its numbers anew.",
        _toctree(["oracles", *(lesson.name for lesson in lessons())]),
    )


def oracles() -> dict[str, list[tuple[str, str, str]]]:
    """Return, by lesson, its tests: the file's name, what it says of itself, and what it imports to compute anew."""
    files = [path for path in sorted(TESTS.glob("test_*.py")) if path.stem not in _TESTS_OF_ALL]
    found: dict[str, list[tuple[str, str, str]]] = {}
    for lesson in lessons():
        for path in files:
            text = path.read_text(encoding="utf-8")
            if path.stem == f"test_{lesson.name}" or f'"{lesson.name}"' in text:
                tree = ast.parse(text)
                subject = (ast.get_docstring(tree) or "").partition("\n")[0]
                found.setdefault(lesson.name, []).append((path.name, subject, ", ".join(_computed_by(tree))))
    return found


def _computed_by(tree: ast.Module) -> list[str]:
    """Return what a test computes its numbers with: the names it imports from scikit-learn and scipy, or numpy."""
    modules = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module]
    names = {
        f"{library} `{alias.name}`"
        for node in modules
        for start, library in (("sklearn", "scikit-learn"), ("scipy", "scipy"))
        if str(node.module).split(".")[0] == start
        for alias in node.names
        if not alias.name.islower() or start == "scipy"
    }
    return sorted(names) or ["numpy"]


def _oracles_page() -> str:
    rows = [
        f"| [{name}]({name}.md) | {_cell(subject)} | {computed} | `{file}` |"
        for name, tests in oracles().items()
        for file, subject, computed in tests
    ]
    return _paragraphs(
        "# What each lesson is checked against",
        "The numbers and the claims of a lesson are computed a second time by its tests, from the points alone and by "
        "other means than the package's: a formula written out, scikit-learn, scipy or numpy. The tests are in "
        "`tests/scenes`.",
        _table(("lesson", "what is computed", "with", "test"), rows),
    )


def _lesson_page(lesson: Summary) -> str:
    script = animate.load(lesson.path)
    scene = script.build()
    rows = [
        f"| `{one.name}` | {_values(one)} | `{one.text(one.default)}` | {_cell(one.help)} |"
        for one in script.parameters
    ]
    spoken = [f"| {start:.1f} | {_cell(_longest(text))} |" for start, _, text in scene.timed_captions()]
    source = os.path.relpath(lesson.path, DOCS / "lessons")
    return _paragraphs(
        f"# {script.question}",
        _animation(lesson.name, scene.alt),
        f"```console\nanimate render {lesson.name}\n```",
        script.description,
        "## Captions",
        "The second from which each caption is shown:",
        _table(("second", "caption"), spoken),
        "## Parameters",
        f"Set a parameter with `--set`, such as `animate render {lesson.name} --set {_example(script.parameters)}`."
        if rows
        else "This lesson has no parameters.",
        _table(("parameter", "values", "default", "meaning"), rows) if rows else "",
        "## Script",
        f"```{{literalinclude}} {source}\n:language: python\n```",
    )


def _animation(name: str, alt: str) -> str:
    """Return the lesson's video in each theme that is rendered, or its still, and a link to its page of drawings."""
    page = f"{name}.html"
    link = f'\n\n<p><a href="../_static/lessons/{page}">Play, step and zoom on a page of its own</a></p>'
    return _video(name, alt) + (link if (ANIMATIONS / page).is_file() else "")


def _video(name: str, alt: str) -> str:
    videos = {"light": f"{name}.mp4", "dark": f"{name}-dark.mp4"}
    shown = {theme: file for theme, file in videos.items() if (ANIMATIONS / file).is_file()}
    if not shown:
        return f"![{_cell(alt).replace('[', '(').replace(']', ')')}]({_still(name)})"
    both = len(shown) == len(videos)
    return "\n".join(
        f'<video class="lesson{f" only-{theme}" if both else ""}" controls muted playsinline loop preload="none" '
        f'poster="../_static/lessons/{Path(file).stem}-poster.png" src="../_static/lessons/{file}" '
        f'aria-label="{escape(" ".join(alt.split()))}"></video>'
        for theme, file in shown.items()
    )


def _still(name: str) -> str:
    return os.path.relpath(STILLS / f"{name}.png", DOCS / "lessons")


def _values(parameter: Any) -> str:
    ends = f", {parameter.range}" if parameter.range else ""
    return _cell(f"{parameter.type_name}{ends}")


def _example(parameters: Any) -> str:
    first = parameters[0]
    return f"{first.name}={first.text(first.default)}"


def _longest(words: Any) -> str:
    return words if isinstance(words, str) else str(words[0])


# --- reference -------------------------------------------------------------------------------------------------------


def reference_pages() -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each page of the reference."""
    yield "reference/command_line", command_line()
    yield "reference/settings", settings()
    yield "reference/python", python()
    for name in public_pages():
        yield f"reference/{name}", _module_page(name)


def command_line() -> str:
    """Return the page of the command line: for each command its help, its examples and its options."""
    context = click.Context(commands, info_name="animate")
    found = [commands.get_command(context, name) for name in commands.list_commands(context)]
    return _paragraphs(
        "# Command line",
        "`animate` and `python -m animate` are the same command. (ImageMagick also installs an `animate`.)",
        "A command writes its result to standard output and everything else to standard error. The exit status is "
        "0 for success, 1 for a reported failure or an interrupt, and 2 for wrong usage. A file appears complete or "
        "not at all. `NO_COLOR` turns colors off.",
        *(_command(command, context) for command in found if command is not None),
    )


def settings() -> str:
    """Return the page of the keys of ``animate.toml``."""
    return _paragraphs(
        "# Settings",
        "The keys of `animate.toml`, the file that configures [`animate build`](../ci.md). A key marked *both* stands "
        "at the top of the file or in a `[scene.NAME]` table. A list of one needs no brackets: `themes = \"dark\"`.",
        documented(),
    )


def python() -> str:
    """Return the page of the Python names: those of `animate` itself, and the public packages and modules."""
    names = [name for name in sorted(set(animate.__all__), key=str.lower) if not name.startswith("__")]
    pages = list(public_pages())
    rows = [f"| [`{name}`]({name}.md) | {_cell(_first_line(importlib.import_module(name)))} |" for name in pages]
    return _paragraphs(
        "# Python",
        "`import animate` is quick: a name loads its module when it is first used. It also registers the writer "
        '`"animate"` with matplotlib.',
        "## Names of `animate`",
        _table(("name", "what it is"), [_name_row(name) for name in names]),
        "## Packages and modules",
        _table(("name", "what it holds"), rows),
        _toctree(pages),
    )


def public_pages(parents: Iterable[str] = PUBLIC) -> Iterator[str]:
    """Yield the full name of each package and single module that has a page, a package before those in it."""
    for name in parents:
        yield name
        yield from public_pages(module for module in _modules_in(name) if _is_package(module))


def _modules_in(name: str) -> list[str]:
    path = getattr(importlib.import_module(name), "__path__", [])
    found = sorted(module.name for module in pkgutil.iter_modules(path))
    return [f"{name}.{module}" for module in found if not module.startswith("_") and module != "starter_scene"]


def _is_package(name: str) -> bool:
    return hasattr(importlib.import_module(name), "__path__")


def _command(command: click.Command, parent: click.Context) -> str:
    context = click.Context(command, parent, info_name=command.name)
    options = [param for param in command.get_params(context) if isinstance(param, click.Option)]
    examples = [line.strip() for line in (command.epilog or "").splitlines() if line.startswith("  ")]
    records = filter(None, (option.get_help_record(context) for option in options))
    usage = " ".join(["animate", command.name or "", *command.collect_usage_pieces(context)])
    return _paragraphs(
        f"(command-{command.name})=\n## `animate {command.name}`",
        f"```text\n{usage}\n```",
        " ".join(inspect.cleandoc(command.help or "").split()),
        "\n".join(["```console", *examples, "```"]),
        _table(
            ("option", "meaning"),
            [f"| `{_cell(left)}` | {_cell(right)} |" for left, right in records if "--help" not in left],
        ),
    )


def _module_page(name: str) -> str:
    if not _is_package(name):
        return _paragraphs(f"# `{name}`", f"```{{eval-rst}}\n.. automodule:: {name}\n```")
    modules = [module for module in _modules_in(name) if not _is_package(module)]
    rows = [f"| {{py:mod}}`~{one}` | {_cell(_first_line(importlib.import_module(one)))} |" for one in modules]
    return _paragraphs(
        f"# `{name}`",
        # what a package offers is documented in the modules that define it
        f"```{{eval-rst}}\n.. automodule:: {name}\n   :no-members:\n```",
        _table(("module", "what it holds"), rows),
        *(f"## `{one}`\n\n```{{eval-rst}}\n.. automodule:: {one}\n```" for one in modules),
    )


def _name_row(name: str) -> str:
    value = getattr(animate, name)
    if isinstance(value, ModuleType):
        return f"| {{py:mod}}`{name} <{value.__name__}>` | {_cell(_first_line(value))} |"
    home = f"{value.__module__}.{name}"
    return f"| {{py:obj}}`{name}{_signature(value)} <{home}>` | {_cell(_first_line(value))} |"


def _signature(value: object) -> str:
    if not callable(value):
        return ""
    names = [
        f"*{name}" if parameter.kind is parameter.VAR_POSITIONAL else name
        for name, parameter in inspect.signature(value).parameters.items()
        if not name.startswith("_")
    ]
    return f"({', '.join(names)})"


def _first_line(value: object) -> str:
    first = (inspect.getdoc(value) or "").partition("\n\n")[0]
    return " ".join(first.split())


# --- Markdown --------------------------------------------------------------------------------------------------------


def _paragraphs(*texts: str) -> str:
    return "\n\n".join(text.strip("\n") for text in texts if text.strip()) + "\n"


def _table(titles: tuple[str, ...], rows: list[str]) -> str:
    return "\n".join([f"| {' | '.join(titles)} |", f"|{'---|' * len(titles)}", *rows])


def _toctree(names: Iterable[str]) -> str:
    return "\n".join(["```{toctree}", ":hidden:", "", *names, "```"])


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    if "--stills" in sys.argv:
        draw_stills([name for name in sys.argv[1:] if not name.startswith("-")])
    write_pages()
