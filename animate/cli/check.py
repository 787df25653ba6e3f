"""The command ``animate check``."""

from __future__ import annotations

from typing import Any

import click

from animate.cli.build import settings_options
from animate.cli.options import Command, as_json_text, examples, report_options
from animate.errors import counted


@click.command(
    cls=Command,
    epilog=examples(
        "animate check",
        "animate check linear_online_sgd --strict",
        "animate check --scenes course/scenes --output public/animations",
    ),
)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@settings_options
@click.option("--strict", is_flag=True, help="Fail also if only versions differ (of Python, ffmpeg, fonts and so on).")
@report_options
def check(names: tuple[str, ...], flags: dict[str, Any], strict: bool, as_json: bool) -> None:
    """Exit with 1 if a build is out of date or a file is unfit for publication.

    Lists what would change, and why. A file is unfit if it exceeds its size limit, moves for more than 5 s without a
    still, has no alternative text, flashes more than three times a second, has text below 11 px or below a contrast of
    4.5:1, colors that some people cannot tell apart, or lines that differ by color alone. Use the same settings as for
    the build.
    """
    from animate.batch.build_settings import read_settings
    from animate.batch.check import check_builds

    found = check_builds(names, read_settings(flags))
    if as_json:
        click.echo(as_json_text({"findings": found}))
    for one in found if not as_json else ():
        click.echo(f"{one.scene}: {one.kind}: {one.detail}")
    scenes = {one.scene for one in found if one.fails(strict=strict)}
    if scenes:
        raise click.ClickException(
            f"{counted(len(scenes), 'scene is', 'scenes are')} out of date or unfit for publication"
        )
