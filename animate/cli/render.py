"""The commands that draw one scene: render, still, sheet."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from animate.cli.options import (
    Command,
    as_json_text,
    built_scene,
    examples,
    fps_option,
    look_options,
    loop_option,
    report_options,
    scene_options,
)
from animate.cli.terminal_progress import progress
from animate.errors import UsageError

if TYPE_CHECKING:
    from animate.film.encoders import Written
    from animate.scene import Scene


@click.command(
    cls=Command,
    epilog=examples(
        "animate render linear_sgd_vs_batch",
        "animate render linear_sgd_vs_batch -o post/sgd.gif -o post/sgd.mp4",
        "animate render linear_sgd_vs_batch --set learning_rate=0.05 --set seed=7",
        "animate render linear_sgd_vs_batch --data norris.csv --columns x,y",
        "animate render linear_sgd_vs_batch --max-size 400kB",
        "animate render momentum -o page.html --sweep learning_rate=0.005:0.02:3:log",
        "animate render path/to/my_scene.py --preset hd --theme dark --jobs 2",
    ),
)
@scene_options
@look_options
@fps_option
@loop_option
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    metavar="N",
    help="Processes that draw frames; the bytes are the same.",
)
@click.option(
    "--max-size",
    metavar="BYTES",
    help="Most bytes of each file, such as 2MB: frame rate, colors, then size are given up as far as needed.",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FILE",
    help="A file to write; its suffix says the kind. May be given several times.  [default: output/NAME.gif]",
)
@click.option(
    "--sweep",
    metavar="PARAM=LOW:HIGH:COUNT[:log]",
    help="Render a page (-o NAME.html) with a slider over values of a parameter; PARAM=A,B,C names them.",
)
@report_options
def render(
    outputs: tuple[str, ...],
    look: dict[str, Any],
    fps: float | None,
    loop: int,
    jobs: int,
    max_size: str | None,
    sweep: str | None,
    as_json: bool,
    chosen: dict[str, Any],
) -> None:
    """Render a scene to files.

    NAME is what `animate list` shows, or the path of a script.
    """
    ending = ".html" if sweep else ".gif"
    paths = [Path(output) for output in outputs] or [_default_output(chosen["name"], ending)]
    if sweep is not None:
        scene, written = swept_scene(sweep, paths, look | {"fps": fps}, chosen=chosen, jobs=jobs, max_size=max_size)
    else:
        with built_scene(**chosen) as scene, progress() as line:
            written = scene.save(*paths, fps=fps, loop=loop, jobs=jobs, max_size=max_size, progress=line, **look)
    if as_json:
        click.echo(as_json_text({"scene": chosen["name"], "alt": scene.alt, "outputs": written}))
    for file in written if not as_json else ():
        click.echo(written_line(file))
    for file in written:
        for line_given_up in file.given_up:
            click.echo(f"{file.path}: gave up {line_given_up}", err=True)


@click.command(
    cls=Command,
    epilog=examples(
        "animate still linear_sgd_vs_batch --at 0.5 -o frame.png",
        "animate still logistic_1d --at last --theme dark -o last.svg",
    ),
)
@scene_options
@look_options
@click.option(
    "--at",
    default="0.5",
    metavar="T",
    show_default=True,
    help="The moment: 0 to 1 of the animation, first or last.",
)
@click.option("-o", "--output", metavar="FILE", help="A png, svg or pdf file.  [default: output/NAME.png]")
@report_options
def still(at: str, output: str | None, look: dict[str, Any], as_json: bool, chosen: dict[str, Any]) -> None:
    """Save one frame of a scene."""
    path = Path(output) if output else _default_output(chosen["name"], ".png")
    with built_scene(**chosen) as scene:
        saved = scene.save_still(path, at, **look)
    click.echo(as_json_text({"scene": chosen["name"], "path": saved}) if as_json else saved)


@click.command(
    cls=Command,
    epilog=examples(
        "animate sheet linear_sgd_vs_batch -o sheet.png",
        "animate sheet logistic_2d --frames 16 --preset draft",
    ),
)
@scene_options
@look_options
@click.option("--frames", type=int, metavar="N", default=9, show_default=True, help="How many frames.")
@click.option("-o", "--output", metavar="FILE", help="A png file.  [default: output/NAME-sheet.png]")
@report_options
def sheet(frames: int, output: str | None, look: dict[str, Any], as_json: bool, chosen: dict[str, Any]) -> None:
    """Save a contact sheet of a scene: evenly spaced frames."""
    path = Path(output) if output else _default_output(chosen["name"], "-sheet.png")
    with built_scene(**chosen) as scene:
        saved = scene.save_sheet(path, n_frames=frames, **look)
    click.echo(as_json_text({"scene": chosen["name"], "path": saved}) if as_json else saved)


def swept_scene(
    sweep: str, paths: list[Path], look: dict[str, Any], *, chosen: dict[str, Any], jobs: int, max_size: str | None
) -> tuple[Scene, list[Written]]:
    """Write the page of a sweep; return the scene it begins with and what was written."""
    from animate.draw.settings import resolve
    from animate.library.script import load
    from animate.library.sweep import save_sweep

    if len(paths) != 1 or max_size is not None:
        raise UsageError("--sweep makes one page: give one -o FILE.html, and no --max-size.")
    with progress() as line, redirect_stdout(sys.stderr):  # what a scene prints is no result
        script = load(chosen["name"], chosen["scenes"])
        values = script.values(chosen["texts"], data=chosen["data"], columns=chosen["columns"])
        scene, page = save_sweep(script, values, sweep, paths[0], settings=resolve(**look), jobs=jobs, progress=line)
    return scene, [page]


def written_line(file: Written) -> str:
    """Return a line such as ``output/a.gif  312 KB  800x450  8.00 s  200 frames at 25/s``."""
    rate = f"{file.n_frames} frames at {file.fps:g}/s"
    return f"{file.path}  {file.bytes / 1000:.0f} KB  {file.width}x{file.height}  {file.duration:.2f} s  {rate}"


def _default_output(name: str, ending: str) -> Path:
    # not its stem: a name may have a dot in it
    return Path("output") / f"{Path(name).name.removesuffix('.py')}{ending}"
