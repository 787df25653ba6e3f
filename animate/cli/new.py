"""The command ``animate new``."""

from __future__ import annotations

from pathlib import Path

import click

from animate.cli.options import Command, debug_option, examples


@click.command(cls=Command, epilog=examples("animate new my_lesson", "animate new my_lesson --like logistic"))
@click.argument("name")
@click.option(
    "--like",
    metavar="SCENE",
    default="linear",
    show_default=True,
    help="What the script begins as: linear, logistic, or the name or path of any scene, which is copied.",
)
@click.option("--scenes", metavar="DIR", help="Folder for the script.  [default: scenes]")
@debug_option
def new(name: str, like: str, scenes: str | None) -> None:
    """Write a scene script to start from.

    The script is written to NAME.py and renders as it is. NAME must be a valid Python name. `animate list` names the
    scenes that --like can copy.
    """
    from animate.library.starter import new_scene

    path = new_scene(name, Path(scenes or "scenes"), like=like)
    click.echo(path)
    click.echo(f"Render it with: animate render {path}", err=True)
