"""The command ``animate still``."""

from __future__ import annotations

from typing import Any

import click

from animate.cli.options import (
    Command,
    appearance_options,
    as_json_text,
    built_scene,
    examples,
    output_path,
    report_options,
    scene_options,
    transparent_option,
    words_options,
)


@click.command(
    cls=Command,
    epilog=examples(
        "animate still linear_sgd_vs_batch --at 0.5 -o frame.png",
        "animate still logistic_1d --at last --theme dark -o last.svg",
    ),
)
@scene_options
@appearance_options
@transparent_option
@words_options
@click.option(
    "--at",
    default="0.5",
    metavar="T",
    show_default=True,
    help="Position in the animation: 0 to 1, first or last.",
)
@click.option("-o", "--output", metavar="FILE", help="A png, svg or pdf file.  [default: output/NAME.png]")
@report_options
def still(
    at: str,
    output: str | None,
    appearance: dict[str, Any],
    transparent: bool,
    words: dict[str, Any],
    as_json: bool,
    scene_args: dict[str, Any],
) -> None:
    """Save one frame of a scene."""
    path = output_path(output, scene_args["name"], ".png")
    with built_scene(words, **scene_args) as scene:
        saved = scene.save_still(path, at, transparent=transparent, **appearance)
    click.echo(as_json_text({"scene": scene_args["name"], "path": saved}) if as_json else saved)
