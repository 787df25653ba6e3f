"""The command ``animate list``."""

from __future__ import annotations

from dataclasses import asdict

import click

from animate.cli.options import Command, as_json_text, examples, report_options, scenes_option


@click.command(
    "list",
    cls=Command,
    epilog=examples("animate list", "animate list --only course/scenes --json"),
)
@scenes_option
@click.option("--only", metavar="DIR", help="List the scenes of this folder alone.")
@report_options
def list_scenes(scenes: str | None, only: str | None, as_json: bool) -> None:
    """List every scene, the question it answers, and the data of your own that it takes."""
    from animate.library.discovery import summaries

    found = summaries(scenes) if only is None else summaries(only=only)
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
            own = f"  (--data: {scene.data})" if scene.data else ""
            click.echo(f"{scene.name:<{width}}  {scene.question}{own}")
