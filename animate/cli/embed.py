"""The command ``animate embed``."""

from __future__ import annotations

from pathlib import Path

import click

from animate.cli.options import Command, as_json_text, examples, report_options

LANGUAGES = ("html", "markdown", "rst", "hugo", "jekyll", "github")


@click.command(
    cls=Command,
    epilog=examples(
        "animate embed output/linear_sgd_vs_batch.mp4",
        "animate embed output/linear_sgd_vs_batch.mp4 --as jekyll",
        "animate embed output/linear_sgd_vs_batch.gif --as github",
        "animate embed post/sgd.webm --base /media/ --as hugo",
    ),
)
@click.argument("file")
@click.option(
    "--as", "language", default="html", metavar="|".join(LANGUAGES), show_default=True, help="Language of the snippet."
)
@click.option("--base", metavar="URL", help="Prefix of the addresses.  [default: the file's folder]")
@click.option("--alt", metavar="TEXT", help="Alternative text.  [default: from the manifest or the file]")
@report_options
def embed(file: str, language: str, base: str | None, alt: str | None, as_json: bool) -> None:
    """Print the snippet that shows an animation in a page.

    FILE is a video or an animated image written by `animate build` or `animate render`. The snippet also uses the other
    formats, the other theme, the still and the captions found beside it.
    """
    from animate.batch.embed import find_media, snippet

    media = find_media(Path(file), base=base, alt=alt)
    text = snippet(media, language)
    click.echo(as_json_text({"as": language, "snippet": text, "alt": media.alt}) if as_json else text, nl=as_json)
    if alt is None and not media.described:
        click.echo(
            f"{file}: neither a manifest beside it nor the file has its alternative text; give --alt TEXT", err=True
        )
