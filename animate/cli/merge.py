"""The command ``animate merge``."""

from __future__ import annotations

from pathlib import Path

import click

from animate.cli.options import Command, as_json_text, examples, report_options


@click.command(
    cls=Command,
    epilog=examples("animate merge part1 part2 --output public"),
)
@click.argument("folders", nargs=-1, required=True, metavar="FOLDER...")
@click.option("-o", "--output", default="output", metavar="DIR", show_default=True, help="Output folder.")
@report_options
def merge(folders: tuple[str, ...], output: str, as_json: bool) -> None:
    """Join the parts written by `animate build --shard` in one folder with one manifest.

    Each FOLDER is the output of one part. Fails if a part is missing or two parts rendered a scene differently.
    """
    from animate.batch.manifest import NAME, entry_json
    from animate.batch.shards import merge as merge_parts

    manifest = merge_parts(folders, output)
    whole = {"output": output, "scenes": [entry_json(entry) for entry in manifest.scenes]}
    click.echo(as_json_text(whole) if as_json else Path(output) / NAME)
