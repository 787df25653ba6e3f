"""The command ``animate sheet``."""

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


@click.command(
    cls=Command,
    epilog=examples(
        "animate sheet linear_sgd_vs_batch -o sheet.png",
        "animate sheet logistic_2d --frames 16 --preset draft",
    ),
)
@picture_options
@transparent_option
@click.option(
    "--frames",
    type=click.IntRange(1, 100),
    metavar="N",
    help="Number of evenly spaced frames.  [default: the end of each beat, or 9]",
)
@click.option("-o", "--output", metavar="FILE", help="A png file.  [default: output/NAME-sheet.png]")
def sheet(
    frames: int | None,
    output: str | None,
    appearance: dict[str, Any],
    transparent: bool | None,
    words: dict[str, Any],
    language: dict[str, str | None],
    as_json: bool,
    scene_args: dict[str, Any],
) -> None:
    """Save a contact sheet: the end of each beat of a scene, or evenly spaced frames, in one picture."""
    path = output_path(output, scene_args["name"], "-sheet.png")
    chosen = chosen_scene(scene_args, language, {**appearance, "transparent": transparent}, words)
    with built_scene(chosen, scene_args["texts"], words) as scene:
        saved = scene.save_sheet(path, n_frames=frames, **picture_settings(chosen.look))
    echo_picture(saved, scene_args["name"], as_json=as_json)
