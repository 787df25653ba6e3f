"""The command ``animate still``."""

from __future__ import annotations

from typing import Any

import click

from animate.cli.options import (
    Command,
    built_scene,
    chosen_scene,
    echo_picture,
    examples,
    output_path,
    picture_options,
    picture_settings,
    transparent_option,
)
from animate.errors import UsageError


@click.command(
    cls=Command,
    epilog=examples(
        "animate still linear_sgd_vs_batch --at 0.5 -o frame.png",
        "animate still logistic_1d --at last --theme dark -o last.svg",
        "animate still linear_sgd_vs_batch --beat 3",
    ),
)
@picture_options
@transparent_option
@click.option(
    "--at",
    metavar="T",
    help="Position in the animation: 0 to 1, first or last.  [default: 0.5]",
)
@click.option("--beat", type=int, metavar="N", help="The end of a beat of the story, from 1, instead of a position.")
@click.option("-o", "--output", metavar="FILE", help="A png, svg or pdf file.  [default: output/NAME.png]")
def still(
    at: str | None,
    beat: int | None,
    output: str | None,
    appearance: dict[str, Any],
    transparent: bool | None,
    words: dict[str, Any],
    language: dict[str, str | None],
    as_json: bool,
    scene_args: dict[str, Any],
) -> None:
    """Save one frame of a scene."""
    if at is not None and beat is not None:
        raise UsageError("Either --at or --beat must be given; got both.")
    path = output_path(output, scene_args["name"], ".png")
    chosen = chosen_scene(scene_args, language, {**appearance, "transparent": transparent}, words)
    with built_scene(chosen, scene_args["texts"], words) as scene:
        position = "0.5" if at is None else at
        saved = scene.save_still(path, position, beat=beat, **picture_settings(chosen.look))
    echo_picture(saved, scene_args["name"], as_json=as_json)
