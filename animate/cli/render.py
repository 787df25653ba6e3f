"""The command ``animate render``."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from animate.cli.options import (
    Command,
    appearance_options,
    as_json_text,
    built_scene,
    echo_written,
    examples,
    fps_option,
    loop_option,
    output_path,
    report_options,
    scene_options,
)
from animate.cli.terminal_progress import progress
from animate.errors import UsageError

if TYPE_CHECKING:
    from animate.film.encoders import OutputFile
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
@appearance_options
@fps_option
@loop_option
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    metavar="N",
    help="Number of drawing processes; the files are the same with any number.",
)
@click.option(
    "--max-size",
    metavar="BYTES",
    help="Largest size of each file, such as 2MB. Frame rate, colors and picture size are reduced, in this order, "
    "until the file fits.",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FILE",
    help="File to write, in the format of its suffix; may be repeated.  [default: output/NAME.gif]",
)
@click.option(
    "--sweep",
    metavar="PARAM=LOW:HIGH:COUNT[:log]",
    help="Render a page (-o NAME.html) with a slider over values of a parameter; PARAM=A,B,C lists the values.",
)
@report_options
def render(
    outputs: tuple[str, ...],
    appearance: dict[str, Any],
    fps: float | None,
    loop: int,
    jobs: int,
    max_size: str | None,
    sweep: str | None,
    as_json: bool,
    scene_args: dict[str, Any],
) -> None:
    """Render a scene to files.

    NAME is a name that `animate list` shows, or the path of a script.
    """
    name = scene_args["name"]
    paths = [Path(output) for output in outputs] or [output_path(None, name, ".html" if sweep else ".gif")]
    if sweep is not None:
        if len(paths) != 1 or max_size is not None:
            raise UsageError("--sweep makes one page: give one -o FILE.html, and no --max-size.")
        scene, written = _render_sweep(sweep, paths[0], appearance | {"fps": fps}, scene_args, jobs)
    else:
        with built_scene(**scene_args) as scene, progress() as report:
            written = scene.save(
                *paths, fps=fps, loop=loop, jobs=jobs, max_size=max_size, progress=report, **appearance
            )
    if as_json:
        click.echo(as_json_text({"scene": name, "alt": scene.alt, "outputs": written}))
    for file in written:
        echo_written(file.path, file, silent=as_json)


def _render_sweep(
    sweep: str, path: Path, settings: dict[str, Any], scene_args: dict[str, Any], jobs: int
) -> tuple[Scene, list[OutputFile]]:
    """Write the page of a sweep; return the scene shown first and the file written."""
    from animate.draw.settings import resolve
    from animate.library.script import load
    from animate.library.sweep import save_sweep

    with progress() as report, redirect_stdout(sys.stderr):  # stdout is for the result, not for what a scene prints
        script = load(scene_args["name"], scene_args["scenes"])
        options = {name: scene_args[name] for name in ("data", "columns", "skip_missing", "decimal")}
        values = script.values(scene_args["texts"], **options)
        scene, page = save_sweep(script, values, sweep, path, settings=resolve(**settings), jobs=jobs, progress=report)
    return scene, [page]
