"""The command that makes many scenes into one folder: build."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from animate.cli.options import Command, as_json_text, examples, gathered, report_options, together
from animate.cli.terminal_progress import BuildLine, progress
from animate.draw.settings import PRESETS
from animate.errors import one_line

if TYPE_CHECKING:
    from animate.batch.manifest import SceneEntry
    from animate.batch.plan import Plan


def _list(_: click.Context, __: click.Parameter, text: str | None) -> list[str] | None:
    return None if text is None else [part.strip() for part in text.split(",")]


settings_options = together(
    gathered(
        "flags",
        *("scenes", "output", "formats", "preset", "sizes", "themes", "fps", "loop", "max_size", "timeout", "jobs"),
    ),
    click.option("--scenes", metavar="DIR", help="A folder in which scenes are looked for first."),
    click.option("-o", "--output", metavar="DIR", help="Where to write.  [default: output]"),
    click.option(
        "--format", "formats", metavar="A,B", callback=_list, help="The kinds of files to write.  [default: gif]"
    ),
    click.option("--preset", metavar="|".join(PRESETS), help="Size and frame rate by name.  [default: web]"),
    click.option("--size", "sizes", metavar="WxH,..", callback=_list, help="Sizes in pixels, such as 800x450."),
    click.option(
        "--theme", "themes", metavar="A,B", callback=_list, help="Colors: light, dark or both.  [default: light]"
    ),
    click.option("--fps", type=float, metavar="N", help="Frames per second; the length stays the same."),
    click.option("--loop", type=int, metavar="N", help="How often a GIF plays; 0 is for ever.  [default: 0]"),
    click.option("--max-size", metavar="SIZE", help="The most bytes of a file, such as 2MB."),
    click.option("--timeout", type=float, metavar="SECONDS", help="Give a size and theme of a scene up after so long."),
    click.option("--jobs", type=int, metavar="N", help="Processes that draw scenes.  [default: 1]"),
)
how_options = together(
    gathered("how", "force", "no_cache", "fail_fast", "shard", "executor", "address"),
    click.option("--force", is_flag=True, help="Make every file, though nothing changed."),
    click.option("--no-cache", is_flag=True, help="Trust no earlier build, nor let a later one trust this."),
    click.option("--fail-fast", is_flag=True, help="Stop at the first scene that fails."),
    click.option("--shard", default="", metavar="PART/PARTS", help="Build one part of the scenes, such as 2/5."),
    click.option(
        "--executor",
        default="processes",
        show_default=True,
        metavar="processes|serial|dask",
        help="Who draws: processes, this one (for debugging), or a cluster.",
    ),
    click.option("--address", metavar="URL", help="The dask scheduler's address, tcp://HOST:PORT."),
)


@click.command(
    cls=Command,
    epilog=examples(
        "animate build",
        "animate build linear_online_sgd logistic_1d --format gif,mp4",
        "animate build 'my_*' --theme light,dark --jobs 2",
        "animate build --scenes course/scenes --output public/animations --max-size 2MB",
        "animate build --scenes course/scenes --shard 1/2 --junit report.xml",
    ),
)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@settings_options
@how_options
@click.option("--explain", is_flag=True, help="Tell for each scene what changed since it was last built.")
@click.option("--junit", metavar="FILE", help="Write what became of each scene as JUnit's XML.")
@report_options
def build(
    names: tuple[str, ...],
    flags: dict[str, Any],
    how: dict[str, Any],
    explain: bool,
    junit: str | None,
    as_json: bool,
) -> None:
    """Render what changed of all scenes, or of those named.

    A NAME may be a pattern. Settings come from animate.toml, where there is one; options win over it. A failure stops
    no other scene; it is told at the end. A manifest in the output folder tells what was made of what, and why.
    """
    from animate.batch.build import BuildCallbacks, BuildOptions, build_scenes
    from animate.batch.junit import write_junit
    from animate.batch.manifest import plain
    from animate.batch.settings import read_settings

    settings = read_settings(flags)
    with progress(BuildLine) as line:
        watch = BuildCallbacks(
            tell=lambda text: click.echo(text, err=True),
            planned=lambda plan: _explain(plan) if explain else None,
            done=lambda entry: _report(entry, settings.output, line, silent=as_json),
            progress=None if line is None else line.show,
        )
        use_cache = not how.pop("no_cache")
        entries = build_scenes(names, settings, how=BuildOptions(use_cache=use_cache, **how), watch=watch)
    if junit is not None:
        write_junit(Path(junit), entries)
    if as_json:
        click.echo(as_json_text({"output": settings.output, "scenes": [plain(entry) for entry in entries]}))
    failed = [entry for entry in entries if entry.verdict == "failed"]
    for entry in failed:
        click.echo(one_line(f"{entry.id}: {entry.problem}"), err=True)
    if failed:
        raise click.ClickException(f"{len(failed)} of {len(entries)} scenes failed")


def _explain(plan: Plan) -> None:
    told = "; ".join([*plan.why, *plan.versions]) if plan.stale else "nothing changed"
    click.echo(f"{plan.order.id}: {told}", err=True)


def _report(entry: SceneEntry, folder: Path, line: BuildLine | None, *, silent: bool) -> None:
    """Print the animations of a scene that was made."""
    if line is not None:
        line.clear()
    if silent or entry.verdict != "built":
        return
    for file in entry.having("animation"):
        rate = f"{file.n_frames} frames at {file.fps:g}/s"
        size = f"{file.bytes / 1000:.0f} KB  {file.width}x{file.height}  {file.duration:.2f} s  {rate}"
        click.echo(f"{folder / file.path}  {size}")
        for line_ in file.given_up:
            click.echo(f"{folder / file.path}: gave up {line_}", err=True)
