"""The command ``animate new``."""

from __future__ import annotations

from pathlib import Path

import click

from animate.cli.options import Command, debug_option, examples


@click.command(cls=Command, epilog=examples("animate new my_lesson", "animate render my_lesson"))
@click.argument("name")
@click.option("--scenes", metavar="DIR", help="Folder for the script.  [default: scenes]")
@debug_option
def new(name: str, scenes: str | None) -> None:
    """Write a scene script to start from.

    The script is written to NAME.py and renders as it is. NAME must be a valid Python name.
    """
    from animate.library.starter import new_scene

    path = new_scene(name, Path(scenes or "scenes"))
    click.echo(path)
    click.echo(f"Render it with: animate render {path}", err=True)
