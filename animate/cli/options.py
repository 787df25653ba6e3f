"""Shared parts of the commands: their class, common options, and how results are printed."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import asdict, is_dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from animate.draw.settings import BOTH_THEMES, PRESETS, THEME_NAMES, parse_caption, parse_size
from animate.errors import UsageError, counted, described, shortened

if TYPE_CHECKING:
    from animate.batch.project import ChosenScene
    from animate.draw.language import Language
    from animate.draw.settings import Settings
    from animate.draw.theme import Theme
    from animate.scene import Scene

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


class Command(click.Command):
    """A command whose help lists its options by name."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the arguments in order, then the options sorted by long name."""
        given = super().get_params(ctx)
        options = [one for one in given if isinstance(one, click.Option)]
        arguments = [one for one in given if not isinstance(one, click.Option)]
        return [*arguments, *sorted(options, key=lambda option: max(option.opts, key=len))]


def examples(*lines: str) -> str:
    """Return the epilog of a command's help: its examples, one per line."""
    # \b keeps click from joining the lines.
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def combine(*decorators: Callable[[Any], Any]) -> Callable[[Decorated], Decorated]:
    """Return one decorator that applies several."""

    def decorate(function: Decorated) -> Decorated:
        for decorator in decorators:
            function = decorator(function)
        return function

    return decorate


def collect(into: str, *names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a decorator that passes the options *names* to a command as one dictionary, its argument *into*."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def command(**given: Any) -> Any:
            return function(**{into: {name: given.pop(name) for name in names}}, **given)

        return command

    return decorate


def _assignments(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    for text in given:
        if not text.partition("=")[0] or "=" not in text:
            raise UsageError(f"--set must be NAME=VALUE; got {text!r}.")
    return {name: value for name, _, value in (text.partition("=") for text in given)}


def _column_names(_: click.Context, __: click.Parameter, text: str | None) -> list[str] | None:
    if text is None:
        return None
    try:  # parsed as a line of CSV, so that a name with a comma can be quoted
        return [name.strip() for name in next(csv.reader([text]), [])]
    except csv.Error:
        raise UsageError(f"--columns must be names separated by commas; got {shortened(text)!r}.") from None


def _caption(_: click.Context, __: click.Parameter, texts: tuple[str, ...]) -> str | dict[int, str] | None:
    return parse_caption(texts) if texts else None


def _theme(_: click.Context, __: click.Parameter, name: str | None) -> str | Theme | None:
    if name is None or name in (*THEME_NAMES, BOTH_THEMES) or name.endswith(".toml"):
        return name
    from animate.batch.build_settings import own_theme

    return own_theme(name)


def _scenes(_: click.Context, __: click.Parameter, folder: str | None) -> str | None:
    if folder is not None:
        return folder
    from animate.batch.build_settings import scenes_of

    return scenes_of()


def _size(_: click.Context, __: click.Parameter, text: str | None) -> tuple[int, int] | None:
    return None if text is None else parse_size(text)


scenes_option = click.option(
    "--scenes",
    metavar="DIR",
    callback=_scenes,
    help="Folder to search first for scenes.  [default: that of animate.toml]",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
debug_option = click.option(
    "--debug", is_flag=True, expose_value=False, help="Show the traceback of an error (for bug reports)."
)
fps_option = click.option("--fps", type=float, metavar="N", help="Frames per second; the duration stays the same.")
video_option = click.option(
    "--video", is_flag=True, help="Let a page (.html) hold a video, even if it is smaller with drawings."
)
loop_option = click.option(
    "--loop",
    type=click.IntRange(0, 65535),  # two bytes in the file
    default=0,
    metavar="N",
    help="Number of times a GIF plays; 0 repeats it forever.",
)

scene_options = combine(
    collect("scene_args", "name", "texts", "data", "columns", "skip_missing", "decimal", "sheet", "scenes"),
    click.argument("name"),
    click.option(
        "--set",
        "texts",
        multiple=True,
        metavar="NAME=VALUE",
        callback=_assignments,
        help="Set a parameter of the scene (`animate show NAME` lists them); may be repeated.",
    ),
    click.option("--data", metavar="FILE", help="CSV file or Excel workbook to use as the data of the scene."),
    click.option(
        "--columns",
        metavar="A,B",
        callback=_column_names,
        help="Columns of the file to use, in order, the target last.",
    ),
    click.option("--skip-missing", is_flag=True, help="Leave out rows of the file in which a cell is empty."),
    click.option(
        "--decimal",
        metavar=".|,",
        help="Decimal separator of the file.  [default: the one that its numbers show]",
    ),
    click.option("--sheet", metavar="NAME|N", help="Sheet of a workbook.  [default: the first one that has cells]"),
    scenes_option,
)


def appearance_options(more_themes: str = "") -> Callable[[Decorated], Decorated]:
    """Return the options for size and theme; *more_themes* tells of themes beside a single one."""
    return combine(
        collect("appearance", "preset", "size", "theme"),
        click.option("--preset", metavar="|".join(PRESETS), help="Named size and frame rate.  [default: web]"),
        click.option("--size", metavar="WxH", callback=_size, help="Width and height in pixels, such as 800x450."),
        click.option(
            "--theme",
            metavar="light|dark|NAME|FILE",
            callback=_theme,
            help=f"Colors: light, dark, a [theme.NAME] of animate.toml, or a TOML file{more_themes}.  [default: light]",
        ),
    )


transparent_option = click.option(
    "--transparent/--opaque",
    default=None,
    help="Leave the background out, in a format that can store that, such as GIF.",
)
words_options = combine(
    collect("words", "title", "caption"),
    click.option("--title", metavar="TEXT", help="Title to show in place of the scene's."),
    click.option(
        "--caption",
        metavar="[N=]TEXT",
        multiple=True,
        callback=_caption,
        help="Caption to show throughout, or with N= in place of the N-th caption (the words of the N-th beat in a "
        "scene in beats); then it may be repeated.",
    ),
)
language_options = combine(
    collect("language", "language_name", "locale"),
    click.option(
        "--words",
        "language_name",
        metavar="NAME|FILE",
        help="Language of the built-in texts: de, or a TOML file of your own.  [default: en]",
    ),
    click.option("--locale", metavar="NAME", help="How numbers are written: de for a decimal comma."),
)
timing_options = combine(
    collect("timing", "seconds", "hold", "slower"),
    click.option("--seconds", type=float, metavar="N", help="Length of the animation, holds included."),
    click.option("--hold", type=float, metavar="N", help="Seconds for which the last frame is held."),
    click.option("--slower", type=float, metavar="N", help="Factor by which the animation is slower, such as 2."),
)
report_options = combine(json_option, debug_option)
picture_options = combine(report_options, language_options, words_options, appearance_options(), scene_options)


def outputs_option(default: str) -> Callable[[Decorated], Decorated]:
    """Return the option ``-o`` of a command that writes several files."""
    return click.option(
        "-o",
        "--output",
        "outputs",
        multiple=True,
        metavar="FILE",
        help=f"File to write, in the format of its suffix; may be repeated.  [default: {default}]",
    )


def chosen_scene(
    scene_args: Mapping[str, Any],
    language: Mapping[str, str | None],
    appearance: Mapping[str, Any],
    changes: Mapping[str, Any],
) -> ChosenScene:
    """Return the scene that the options of a command choose; *changes* are the arguments of `Scene.adjust`."""
    from animate.batch.project import choose_scene

    others = {name: value for name, value in scene_args.items() if name not in ("name", "texts", "scenes")}
    words = {"language": language["language_name"], "locale": language["locale"]}
    return choose_scene(
        scene_args["name"],
        scene_args["scenes"],
        texts=scene_args["texts"],
        options={**others, **words, **changes},
        appearance=appearance,
    )


@contextmanager
def built_scene(chosen: ChosenScene, texts: Mapping[str, str], changes: Mapping[str, Any]) -> Iterator[Scene]:
    """Yield a scene with its values, data and words, ready to be drawn; errors name *texts* and *changes*."""
    from animate.batch import render_scene
    from animate.batch.scene_build import has_own_words
    from animate.draw.text_overlap import check_texts

    given = [*(f"{key}={text}" for key, text in texts.items()), *(key for key, value in changes.items() if value)]
    with (
        redirect_stdout(sys.stderr),  # stdout is for the result, not for what a scene prints
        render_scene.built_scene(chosen.script, chosen.given) as (scene, *_),
        _blamed_on(given),
    ):
        check_texts(scene, chosen.look, are_own=has_own_words(chosen.given))
        yield scene


def picture_settings(look: Settings) -> dict[str, Any]:
    """Return size, theme and transparency, as the methods of a scene that save one picture take them."""
    return {"size": (look.width, look.height), "theme": look.theme, "transparent": look.transparent}


@contextmanager
def _blamed_on(given: Sequence[str]) -> Iterator[None]:
    """Report an error that matplotlib raises for values the user gave as the user's error."""
    try:
        yield
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        if not given:
            raise
        raise UsageError(f"the scene cannot be drawn with {', '.join(given)}: {described(error)}.") from error


def chosen_language(language_name: str | None, locale: str | None) -> Language:
    """Return the language that the options name."""
    from animate.draw.language_file import find_language

    return find_language(language_name, locale)


def output_path(output: str | None, name: str, ending: str) -> Path:
    """Return the path to write: *output*, or by default the name of the scene and *ending* in ``output/``."""
    # Not Path(name).stem: the name of a scene may contain a dot.
    return Path(output) if output else Path("output") / f"{Path(name).name.removesuffix('.py')}{ending}"


def echo_written(path: Path, file: Any, *, silent: bool = False) -> None:
    """Print a line such as ``output/a.gif  312 KB  800x450  8.00 s  200 frames at 25/s``.

    Parameters
    ----------
    path : Path
    file : object
        With the attributes of `animate.film.encoders.OutputFile`, or those that a manifest has.
    silent : bool
        Print only the compromises that a size limit forced, which go to stderr.
    """
    if not silent:
        total = round(file.duration * file.fps)
        stored = f", {file.n_frames} stored: equal ones once" if 1 < file.n_frames < total else ""
        rate = f"{counted(max(total, file.n_frames), 'frame')} at {file.fps:g}/s{stored}"
        contents = getattr(file, "contents", "")  # a manifest does not tell it
        size = f"{file.bytes / 1000:.0f} KB  {file.width}x{file.height}"
        click.echo(f"{path}  {size}  {file.duration:.2f} s  {rate}  {contents}".rstrip())
    for compromise in file.compromises:
        click.echo(f"{path}: gave up {compromise}", err=True)


def echo_picture(path: Path, scene: str, *, as_json: bool) -> None:
    """Print the path of a picture that was saved."""
    click.echo(as_json_text({"scene": scene, "path": path}) if as_json else path)


def as_json_text(result: Mapping[str, Any]) -> str:
    """Return *result* as JSON text; dataclasses become objects, and paths become strings."""
    return json.dumps(result, indent=2, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else str(value)
