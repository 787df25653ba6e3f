"""The command ``animate render``."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from animate.cli.options import (
    Command,
    appearance_options,
    as_json_text,
    built_scene,
    chosen_scene,
    echo_written,
    examples,
    fps_option,
    language_options,
    loop_option,
    output_path,
    outputs_option,
    picture_settings,
    report_options,
    scene_options,
    timing_options,
    transparent_option,
    video_option,
    words_options,
)
from animate.cli.terminal_progress import progress
from animate.draw.own_text import own_captions, own_text
from animate.draw.settings import BOTH_THEMES
from animate.errors import UsageError

if TYPE_CHECKING:
    from animate.batch.project import ChosenScene
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
        "animate render linear_sgd_vs_batch --title Descent --slower 2 --poster",
        "animate render momentum -o page.html --sweep learning_rate=0.005:0.02:3:log --sweep momentum=0,0.9",
        "animate render path/to/my_scene.py --preset hd --theme dark --jobs auto",
    ),
)
@scene_options
@appearance_options("; `both` for .svg and .html files")
@transparent_option
@words_options
@language_options
@timing_options
@fps_option
@loop_option
@click.option(
    "--jobs",
    default="1",
    metavar="N",
    help="Most processes that draw at a time, or auto; the files are the same with any number.",
)
@click.option(
    "--max-size",
    metavar="BYTES",
    help="Largest size of each file, such as 2MB. Frame rate, colors and picture size are reduced, in this order, "
    "until the file fits.",
)
@outputs_option("output/NAME.gif")
@click.option(
    "--poster",
    is_flag=False,
    flag_value="last",
    metavar="[T]",
    help="Write a still for preview cards too, NAME-poster.png: the last frame, or that at 0 to 1, first or last.",
)
@click.option(
    "--sweep",
    "sweeps",
    multiple=True,
    metavar="PARAM=LOW:HIGH:COUNT[:log]",
    help="Render a page (-o NAME.html) with a slider over values of a parameter, or buttons for choices; PARAM=A,B,C "
    "lists the values. A span for each number of a pair gives two sliders. May be repeated, for a slider each.",
)
@click.option(
    "--budget",
    metavar="BYTES",
    help="Largest size of the page of a sweep, such as 2MB. Sliders get fewer values until it fits.",
)
@video_option
@report_options
def render(
    outputs: tuple[str, ...],
    appearance: dict[str, Any],
    transparent: bool | None,
    words: dict[str, Any],
    language: dict[str, str | None],
    timing: dict[str, Any],
    fps: float | None,
    loop: int,
    jobs: str,
    max_size: str | None,
    poster: str | None,
    sweeps: tuple[str, ...],
    budget: str | None,
    video: bool,
    as_json: bool,
    scene_args: dict[str, Any],
) -> None:
    """Render a scene to files.

    NAME is a name that `animate list` shows, or the path of a script.
    """
    name = scene_args["name"]
    paths = [*map(Path, dict.fromkeys(outputs))] or [output_path(None, name, ".html" if sweeps else ".gif")]
    changes, stills = {**words, **timing}, []
    is_one_page = len(paths) == 1 and max_size is None and poster is None and not transparent
    _check_sweeps(sweeps, budget, scene_args["texts"], is_one_page=is_one_page)
    if is_both := appearance["theme"] == BOTH_THEMES:
        appearance = appearance | {"theme": "light"}
    chosen = chosen_scene(scene_args, language, {**appearance, "fps": fps, "transparent": transparent}, changes)
    is_both = is_both or (chosen.has_both_themes and all(map(_can_hold_both, paths)))
    if sweeps:
        options = {"jobs": jobs, "video": video, "has_both_themes": is_both}
        scene, written = _render_sweep(sweeps, paths[0], chosen, budget, options)
    else:
        with built_scene(chosen, scene_args["texts"], changes) as scene, progress() as report:
            if poster is not None:
                _check_poster(scene, poster)
            picture = picture_settings(chosen.look)
            look = {**picture, "fps": chosen.look.fps} | ({"theme": BOTH_THEMES} if is_both else {})
            written = scene.save(*paths, loop=loop, jobs=jobs, max_size=max_size, video=video, progress=report, **look)
            if poster is not None:
                still = paths[0].with_name(f"{paths[0].stem}-poster.png")
                stills.append(scene.save_still(still, poster, **{**picture, "transparent": False}))
    if as_json:
        click.echo(as_json_text({"scene": name, "alt": scene.alt, "outputs": written, "posters": stills}))
    for file in written:
        echo_written(file.path, file, silent=as_json)
    for path in stills if not as_json else ():
        click.echo(path)


def _check_sweeps(sweeps: Sequence[str], budget: str | None, texts: Mapping[str, str], *, is_one_page: bool) -> None:
    """Raise `UsageError` if other options do not fit those of a sweep; *texts* are the parameters that are set."""
    if budget is not None and not sweeps:
        raise UsageError(f"--budget must come with --sweep; got {budget}. Use --max-size for other files.")
    if sweeps and not is_one_page:
        raise UsageError("--sweep makes one page: give one -o FILE.html, and no --max-size, --poster, --transparent.")
    if twice := {text.partition("=")[0] for text in sweeps} & set(texts):
        raise UsageError(f"{min(twice)} must be given once: with --sweep or with --set.")


def _check_poster(scene: Scene, poster: str) -> None:
    """Raise `UsageError`, before anything is rendered, unless the moment of the still is in the animation."""
    try:
        scene.time_at(poster)
    except UsageError as error:
        raise UsageError(f"--poster: {error}") from error


def _can_hold_both(path: Path) -> bool:
    from animate.batch.setting_keys import BOTH_THEMES_FORMATS  # msgspec: --help does without

    return path.suffix.lower().removeprefix(".") in BOTH_THEMES_FORMATS


def _render_sweep(
    sweeps: Sequence[str], path: Path, chosen: ChosenScene, budget: str | None, options: dict[str, Any]
) -> tuple[Scene, list[OutputFile]]:
    """Write the page of a sweep; return the scene shown first and the file written."""
    from animate.batch.render_scene import language_of, values_of
    from animate.batch.scene_build import ADJUSTMENTS
    from animate.export import ExportRequest
    from animate.film.budget import parse_bytes
    from animate.library.script import load
    from animate.library.sweep import save_sweep

    changes = {name: chosen.given.get(name) for name in ADJUSTMENTS}
    if changes["title"] is not None:  # wrong words are told as such, not as values that do not work
        own_text("title", changes["title"])
    if changes["caption"] is not None:
        own_captions(changes["caption"])
    n_bytes = None if budget is None else parse_bytes(budget, "budget")
    # stdout is for the result, not for what a scene prints
    with progress() as report, language_of(chosen.given).active(), redirect_stdout(sys.stderr):
        script = load(chosen.script)
        values, request = values_of(script, chosen.given), ExportRequest([path], chosen.look, **options)
        scene, page = save_sweep(script, values, sweeps, request, changes=changes, budget=n_bytes, progress=report)
    return scene, [page]
