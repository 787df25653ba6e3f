"""The command ``animate build``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from animate.cli.options import Command, as_json_text, collect, combine, echo_written, examples, report_options
from animate.cli.terminal_progress import BuildLine, progress
from animate.draw.settings import PRESETS
from animate.errors import UsageError, counted, one_line

if TYPE_CHECKING:
    from animate.batch.build_plan import ScenePlan
    from animate.batch.manifest import SceneEntry


def _list(_: click.Context, __: click.Parameter, texts: tuple[str, ...]) -> list[str] | None:
    """Return the items of all lists of an option that may be given several times, or None if it is not given."""
    return [part.strip() for text in texts for part in text.split(",")] or None


settings_options = combine(
    collect(
        "flags",
        *("scenes", "output", "formats", "preset", "sizes", "themes", "words", "locale", "fps", "loop", "max_size"),
        *("timeout", "jobs"),
    ),
    click.option("--scenes", metavar="DIR", help="Folder to search first for scenes."),
    click.option("-o", "--output", metavar="DIR", help="Output folder.  [default: output]"),
    click.option(
        "--format", "formats", metavar="A,B", multiple=True, callback=_list, help="Formats to write.  [default: gif]"
    ),
    click.option("--preset", metavar="|".join(PRESETS), help="Named size and frame rate.  [default: web]"),
    click.option(
        "--size", "sizes", metavar="WxH,..", multiple=True, callback=_list, help="Sizes in pixels, such as 800x450."
    ),
    click.option(
        "--theme",
        "themes",
        metavar="A,B",
        multiple=True,
        callback=_list,
        help="Color themes: light, dark, a [theme.NAME] of animate.toml, or a TOML file; both in .svg and .html "
        "files.  [default: light]",
    ),
    click.option("--words", metavar="NAME|FILE", help="Language of the built-in texts, such as de.  [default: en]"),
    click.option("--locale", metavar="NAME", help="How numbers are written: de for a decimal comma."),
    click.option("--fps", type=float, metavar="N", help="Frames per second; the duration stays the same."),
    click.option(
        "--loop", type=int, metavar="N", help="Number of times a GIF plays; 0 repeats it forever.  [default: 0]"
    ),
    click.option("--max-size", metavar="SIZE", help="Largest size of each file, such as 2MB."),
    click.option("--timeout", type=float, metavar="SECONDS", help="Time limit for one scene in one size and theme."),
    click.option("--jobs", type=int, metavar="N", help="Number of drawing processes.  [default: 1]"),
)
run_options = combine(
    collect("options", "force", "no_cache", "fail_fast", "shard", "executor", "address"),
    click.option("--force", is_flag=True, help="Render every scene, even if nothing changed."),
    click.option("--no-cache", is_flag=True, help="Neither read nor write the record of what is up to date."),
    click.option("--fail-fast", is_flag=True, help="Stop at the first scene that fails."),
    click.option(
        "--shard",
        default="",
        metavar="PART/PARTS",
        help="Build one part of the scenes, such as 2/5; `animate merge` joins the parts.",
    ),
    click.option(
        "--executor",
        default="processes",
        show_default=True,
        metavar="processes|serial|dask",
        help="Where scenes are drawn: in processes, in this process (for debugging), or on a dask cluster.",
    ),
    click.option("--address", metavar="URL", help="Address of the dask scheduler, tcp://HOST:PORT."),
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
@run_options
@click.option("--explain", is_flag=True, help="Print for each scene what changed since its last build.")
@click.option("--junit", metavar="FILE", help="Write the result of each scene as JUnit XML.")
@report_options
def build(
    names: tuple[str, ...],
    flags: dict[str, Any],
    options: dict[str, Any],
    explain: bool,
    junit: str | None,
    as_json: bool,
) -> None:
    """Render all scenes, or those named, that changed since the last build.

    A NAME may be a pattern. Settings come from animate.toml, if it exists; options override it. A scene that fails
    does not stop the others; failures are listed at the end. The manifest in the output folder records every file, what
    it was built from, and why.
    """
    from animate.batch.build import BuildCallbacks, BuildOptions, build_scenes
    from animate.batch.build_settings import read_settings
    from animate.batch.junit import write_junit
    from animate.batch.manifest import entry_json

    settings = read_settings(flags)
    with progress(BuildLine) as line:
        callbacks = BuildCallbacks(
            message=lambda text: click.echo(text, err=True),
            planned=lambda plan: _explain(plan) if explain else None,
            done=lambda entry: _report(entry, settings.output, line, silent=as_json),
            progress=None if line is None else line.show,
        )
        chosen = BuildOptions(use_cache=not options.pop("no_cache"), **options)
        entries = build_scenes(names, settings, options=chosen, callbacks=callbacks)
    if junit is not None:
        write_junit(Path(junit), entries)
    if as_json:
        click.echo(as_json_text({"output": settings.output, "scenes": [entry_json(entry) for entry in entries]}))
    failed = [entry for entry in entries if entry.verdict == "failed"]
    for entry in failed:
        click.echo(one_line(f"{entry.id}: {entry.problem}"), err=True)
    if failed:
        text = f"{len(failed)} of {counted(len(entries), 'scene')} failed"
        raise UsageError(text) if all(one.is_usage_error for one in failed) else click.ClickException(text)


def _explain(plan: ScenePlan) -> None:
    reasons = "; ".join([*plan.why, *plan.versions]) if plan.stale else "nothing changed"
    click.echo(f"{plan.scene.id}: {reasons}", err=True)


def _report(entry: SceneEntry, folder: Path, line: BuildLine | None, *, silent: bool) -> None:
    """Print the animations of a scene that was rendered."""
    if line is not None:
        line.clear()
    if silent or entry.verdict != "built":
        return
    for file in entry.having("animation"):
        echo_written(folder / file.path, file)
