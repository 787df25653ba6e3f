"""The command that looks at the installation: doctor."""

from __future__ import annotations

import click

from animate.cli.options import Command, as_json_text, examples, report_options, scenes_option


@click.command(cls=Command, epilog=examples("animate doctor", "animate doctor --json"))
@scenes_option
@report_options
def doctor(scenes: str | None, as_json: bool) -> None:
    """Tell what is installed and what works.

    Versions, ffmpeg, every encoder (tried), the font, where scenes are found. Exits with 1 if any is broken.
    """
    from animate.installation import check_installation

    findings = []
    for finding in check_installation(scenes):
        findings.append(finding)
        if not as_json:
            mark = "ok    " if finding.works else "BROKEN"
            click.echo(f"{mark}  {finding.name:<14}  {finding.detail}")
    if as_json:
        click.echo(as_json_text({"findings": findings}))
    broken = [finding.name for finding in findings if not finding.works]
    if broken:
        raise click.ClickException(f"broken or missing: {', '.join(broken)}")
