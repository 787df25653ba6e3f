"""The command ``animate show``."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from animate.cli.options import Command, as_json_text, examples, report_options, scenes_option

if TYPE_CHECKING:
    from animate.library.parameters import Parameter


@click.command(
    cls=Command,
    epilog=examples("animate show linear_sgd_vs_batch", "animate show path/to/my_scene.py --json"),
)
@click.argument("name")
@scenes_option
@report_options
def show(name: str, scenes: str | None, as_json: bool) -> None:
    """Show the question and the parameters of a scene."""
    from animate.library.script import load

    with redirect_stdout(sys.stderr):  # stdout is for the result, not for what a scene prints
        script = load(name, scenes)
    if as_json:
        about = {key: getattr(script, key) for key in ("name", "path", "question", "description")}
        click.echo(as_json_text({**about, "parameters": [_parameter_object(one) for one in script.parameters]}))
        return
    click.echo("\n\n".join(filter(None, [script.question, script.description])))
    rows = [_parameter_row(parameter) for parameter in script.parameters]
    header = ("parameter", "type", "default", "range", "meaning")
    click.echo("\n" + (_table([header, *rows]) if rows else "no parameters"))


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
    range_text = "" if parameter.range is None else f"{parameter.range}{scale}"
    return parameter.name, parameter.type_name, parameter.text(parameter.default), range_text, parameter.help


def _table(rows: list[tuple[str, ...]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)
