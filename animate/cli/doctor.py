"""The command ``animate doctor``."""

from __future__ import annotations

import click

from animate.cli.options import Command, as_json_text, examples, report_options, scenes_option


@click.command(cls=Command, epilog=examples("animate doctor", "animate doctor --json"))
@scenes_option
@report_options
def doctor(scenes: str | None, as_json: bool) -> None:
    """Check the installation.

    Prints versions, tries ffmpeg and every encoder, and lists the font and the scene folders. Exits with 1 if anything
    is broken or missing.
    """
    from animate.installation import check_installation

    checks = []
    for check in check_installation(scenes):
        checks.append(check)
        if not as_json:
            mark = "ok    " if check.works else "BROKEN"
            click.echo(f"{mark}  {check.name:<14}  {check.detail}")
    if as_json:
        click.echo(as_json_text({"findings": checks}))
    broken = [check.name for check in checks if not check.works]
    if broken:
        raise click.ClickException(f"broken or missing: {', '.join(broken)}")
