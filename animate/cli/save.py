"""The command ``animate save``."""

from __future__ import annotations

from pathlib import Path

import click

from animate.cli.options import (
    Command,
    as_json_text,
    echo_written,
    examples,
    loop_option,
    outputs_option,
    report_options,
    video_option,
)
from animate.cli.terminal_progress import progress


@click.command(
    cls=Command,
    epilog=examples(
        "animate save my_plot.py -o plot.mp4",
        "animate save my_plot.py -o plot.gif -o plot.mp4 --fps 30 --hold 2",
    ),
)
@click.argument("script", type=click.Path(path_type=Path))
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.option("--alt", default="", metavar="TEXT", help="Alternative text: what the animation shows.")
@click.option("--dpi", type=click.FloatRange(min=1), metavar="N", help="Dots per inch.  [default: the script's own]")
@click.option("--fps", type=float, metavar="N", help="Frames per second.  [default: the script's own]")
@click.option(
    "--frames",
    "max_frames",
    type=click.IntRange(min=1),
    metavar="N",
    help="Save at most N frames of each animation, such as one without an end.  [default: all]",
)
@click.option(
    "--hold", type=float, default=0.0, metavar="SECONDS", help="Seconds for which the last frame stays.  [default: 0]"
)
@loop_option
@video_option
@outputs_option("output/SCRIPT.mp4")
@report_options
def save(
    script: Path,
    arguments: tuple[str, ...],
    alt: str,
    dpi: float | None,
    fps: float | None,
    max_frames: int | None,
    hold: float,
    loop: int,
    video: bool,
    outputs: tuple[str, ...],
    as_json: bool,
) -> None:
    """Save the animations of any Python script.

    The script runs unchanged, with its own ARGUMENTS, which follow -- if they begin with a dash. Where it saves a
    matplotlib animation, that one is written to FILE instead of the script's own file; animations that it only shows
    are written when it ends. If there are several, the others get a number: FILE-2 and so on.
    """
    from animate.script_animations import save_script

    paths = [Path(output) for output in outputs] or [Path("output") / f"{script.stem}.mp4"]
    options = {"alt": alt, "hold": hold, "loop": loop, "video": video} | ({} if fps is None else {"fps": fps})
    with progress() as line:
        # the number of frames may be unknown
        report = None if line is None else (lambda frame, total: line("frames", frame + 1, total or frame + 1))
        written = save_script(
            script, paths, arguments=arguments, dpi=dpi, progress=report, max_frames=max_frames, **options
        )
    if as_json:
        click.echo(as_json_text({"script": script, "outputs": written}))
    for file in written:
        echo_written(file.path, file, silent=as_json)
