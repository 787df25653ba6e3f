"""The commands about scene scripts: list, show, new."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from animate.cli.options import Command, as_json_text, debug_option, examples, report_options, scenes_option

if TYPE_CHECKING:
    from animate.library.parameters import Parameter


@click.command(
    "list",
    cls=Command,
    epilog=examples("animate list", "animate list --scenes course/scenes --json"),
)
@scenes_option
@report_options
def list_scenes(scenes: str | None, as_json: bool) -> None:
    """List every scene and the question it answers."""
    from animate.library.discovery import summaries

    found = summaries(scenes)
    if as_json:
        click.echo(as_json_text({"scenes": [asdict(scene) for scene in found]}))
        return
    if not found:
        click.echo("no scenes here; `animate new NAME` writes one", err=True)
    width = max((len(scene.name) for scene in found), default=0)
    for scene in found:
        if scene.problem:
            click.echo(f"{scene.name}: {scene.problem}", err=True)
        else:
            click.echo(f"{scene.name:<{width}}  {scene.question}")


@click.command(
    cls=Command,
    epilog=examples("animate show linear_sgd_vs_batch", "animate show path/to/my_scene.py --json"),
)
@click.argument("name")
@scenes_option
@report_options
def show(name: str, scenes: str | None, as_json: bool) -> None:
    """Show a scene's question and parameters."""
    from animate.library.script import load

    with redirect_stdout(sys.stderr):  # what a scene prints is no result
        script = load(name, scenes)
    if as_json:
        about = {key: getattr(script, key) for key in ("name", "path", "question", "description")}
        click.echo(as_json_text({**about, "parameters": [_parameter_object(one) for one in script.parameters]}))
        return
    click.echo("\n\n".join(filter(None, [script.question, script.description])))
    rows = [_parameter_row(parameter) for parameter in script.parameters]
    header = ("parameter", "type", "default", "range", "meaning")
    click.echo("\n" + (_table([header, *rows]) if rows else "no parameters"))


@click.command(cls=Command, epilog=examples("animate new my_lesson", "animate render my_lesson"))
@click.argument("name")
@click.option("--scenes", metavar="DIR", help="The folder to write it to.  [default: scenes]")
@debug_option
def new(name: str, scenes: str | None) -> None:
    """Write a scene script to start from.

    It renders as it is; NAME becomes its file's name and must be a Python name.
    """
    from animate.library.starter import new_scene

    path = new_scene(name, Path(scenes or "scenes"))
    click.echo(path)
    click.echo(f"Render it with: animate render {path}", err=True)


def _parameter_object(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "kind": parameter.kind,
        "type": parameter.type_name,
        "default": parameter.default,
        "optional": parameter.optional,
        "range": None if parameter.range is None else asdict(parameter.range),
        "choices": list(parameter.choices),
        "help": parameter.help,
    }


def _parameter_row(parameter: Parameter) -> tuple[str, ...]:
    scale = ", log" if parameter.range is not None and parameter.range.scale == "log" else ""
    shown_range = "" if parameter.range is None else f"{parameter.range}{scale}"
    return parameter.name, parameter.type_name, parameter.text(parameter.default), shown_range, parameter.help


def _table(rows: list[tuple[str, ...]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)
