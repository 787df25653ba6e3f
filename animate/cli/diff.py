"""The command ``animate diff``."""

from __future__ import annotations

import click

from animate.cli.options import Command, as_json_text, examples, report_options


@click.command(
    cls=Command,
    epilog=examples(
        "animate diff output-before output",
        "animate diff before/output output -o review/scenes.html",
    ),
)
@click.argument("old")
@click.argument("new")
@click.option(
    "-o",
    "--output",
    default="review.html",
    metavar="FILE",
    show_default=True,
    help="Page to write; the sheet has the same name with the suffix .png.",
)
@report_options
def diff(old: str, new: str, output: str, as_json: bool) -> None:
    """Compare two builds on a page and a sheet.

    OLD and NEW are manifests, folders that contain one, or folders of animations. Each changed scene is shown before
    and after, at the frames that differ most. The page contains its pictures, so it can be attached to a pull request.
    """
    from pathlib import Path

    from animate.batch.review import review, write_review
    from animate.errors import UsageError

    if Path(output).suffix.lower() not in (".html", ".htm"):
        raise UsageError(f"the output must end in .html; got {output!r}.")
    found = review(old, new)
    page, sheet = write_review(found, output)
    if as_json:
        names = {kind: [entry.id for entry in getattr(found, kind)] for kind in ("added", "removed")}
        changed = [one.entry.id for one in found.changed]
        click.echo(
            as_json_text({"changed": changed, **names, "unchanged": found.unchanged, "page": page, "sheet": sheet})
        )
        return
    click.echo(f"{page}  {found.summary}")
    click.echo(sheet)
