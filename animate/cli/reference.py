"""The reference in the README, generated from the code: ``python -m animate.cli.reference README.md``.

With ``--pictures`` the small pictures of the gallery are drawn anew too.
"""

from __future__ import annotations

import inspect
import sys
from html import escape
from pathlib import Path
from types import ModuleType

import click

import animate
from animate.batch.settings_schema import documented
from animate.cli.app import commands
from animate.library.discovery import Summary, shipped_folder, summaries
from animate.library.starter import STARTER

PICTURES = "output/readme"


def command_line() -> str:
    """Return the reference of the command line: for each command its help, its examples and its options."""
    context = click.Context(commands, info_name="animate")
    found = [commands.get_command(context, name) for name in commands.list_commands(context)]
    return "\n\n".join(_command(command, context) for command in found if command is not None)


def python() -> str:
    """Return the reference of the Python names: what each is called with, and what it is in a line."""
    return "\n".join(_name(name) for name in sorted(animate.__all__, key=str.lower))


def starter() -> str:
    """Return the scene that ``animate new`` writes."""
    return f"```python\n{STARTER.read_text(encoding='utf-8')}```"


def gallery() -> str:
    """Return the gallery: for each scene its picture, its name and the question it answers."""
    cells = [
        f'<td width="33%"><img src="{PICTURES}/{scene.name}.png" width="270" alt="{escape(scene.question)}"><br>'
        f"<code>{scene.name}</code><br>{escape(scene.question)}</td>"
        for scene in lessons()
    ]
    rows = ["".join(cells[first : first + 3]) for first in range(0, len(cells), 3)]
    return "\n".join(["<table>", *(f"<tr>{row}</tr>" for row in rows), "</table>"])


def lessons() -> list[Summary]:
    """Return the scenes that ship with the package, in the order in which `animate list` tells them."""
    folder = shipped_folder()
    return [scene for scene in summaries(folder) if scene.path.parent == folder]


def draw_pictures(folder: Path) -> None:
    """Draw the gallery's pictures: the last frame of each scene."""
    for scene in lessons():
        animate.load(str(scene.path)).build().save_still(folder / f"{scene.name}.png", "last", size=(480, 270))


PARTS = {"command line": command_line, "gallery": gallery, "python": python, "scene": starter, "settings": documented}


def updated(text: str) -> str:
    """Return a README with its generated parts made anew: what stands between ``<!-- X -->`` and ``<!-- /X -->``."""
    for name, make in PARTS.items():
        before, begin, rest = text.partition(f"<!-- {name} -->")
        _, end, after = rest.partition(f"<!-- /{name} -->")
        text = f"{before}{begin}\n{make()}\n{end}{after}" if end else text
    return text


def _command(command: click.Command, parent: click.Context) -> str:
    context = click.Context(command, parent, info_name=command.name)
    options = [param for param in command.get_params(context) if isinstance(param, click.Option)]
    examples = [line.strip() for line in (command.epilog or "").splitlines() if line.startswith("  ")]
    records = filter(None, (option.get_help_record(context) for option in options))
    rows = [f"| `{_cell(left)}` | {_cell(right)} |" for left, right in records if "--help" not in left]
    title = " ".join([command.name or "", *command.collect_usage_pieces(context)[1:]])
    return "\n".join(
        [
            f"### `animate {title}`",
            "",
            " ".join(inspect.cleandoc(command.help or "").split()),
            "",
            "```console",
            *examples,
            "```",
            "",
            "| option | meaning |",
            "|---|---|",
            *rows,
        ]
    )


def _name(name: str) -> str:
    value = getattr(animate, name)
    first = (inspect.getdoc(value) or "").partition("\n\n")[0]
    title = name if isinstance(value, ModuleType) else f"{name}{_signature(value)}"
    return f"- `{title}`: {' '.join(first.split())}"


def _signature(value: object) -> str:
    if not callable(value):
        return ""
    names = [
        f"*{name}" if parameter.kind is parameter.VAR_POSITIONAL else name
        for name, parameter in inspect.signature(value).parameters.items()
        if not name.startswith("_")
    ]
    return f"({', '.join(names)})"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    path = Path(sys.argv[1])
    if "--pictures" in sys.argv:
        draw_pictures(path.parent / PICTURES)
    path.write_text(updated(path.read_text(encoding="utf-8")), encoding="utf-8")
