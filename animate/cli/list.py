"""The command ``animate list``."""

from __future__ import annotations

from dataclasses import asdict

import click

from animate.cli.options import Command, as_json_text, examples, report_options, scenes_option


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
        click.echo("no scenes found; `animate new NAME` writes one", err=True)
    width = max((len(scene.name) for scene in found), default=0)
    for scene in found:
        if scene.problem:
            click.echo(f"{scene.name}: {scene.problem}", err=True)
        else:
            click.echo(f"{scene.name:<{width}}  {scene.question}")
