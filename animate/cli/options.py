"""What several commands share: their class, their options, and the types of what users type."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import asdict, is_dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click

from animate.draw.settings import PRESETS, THEME_NAMES, parse_size
from animate.errors import UsageError, shortened

if TYPE_CHECKING:
    from animate.scene import Scene

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


class Command(click.Command):
    """A command whose help lists its options by name."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return arguments first, in their order, then options sorted by their long name."""
        given = super().get_params(ctx)
        options = [one for one in given if isinstance(one, click.Option)]
        arguments = [one for one in given if not isinstance(one, click.Option)]
        return [*arguments, *sorted(options, key=lambda option: max(option.opts, key=len))]


def examples(*lines: str) -> str:
    """Return the end of a command's help: the examples, one to a line."""
    # \b keeps click from joining the lines
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def together(*decorators: Callable[[Any], Any]) -> Callable[[Decorated], Decorated]:
    """Return one decorator that applies all of them."""

    def decorate(function: Decorated) -> Decorated:
        for decorator in decorators:
            function = decorator(function)
        return function

    return decorate


def gathered(into: str, *names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a decorator that hands the options *names* to a command as one dictionary, its argument *into*."""

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
    try:  # as a line of CSV, so that a name with a comma can be quoted
        return [name.strip() for name in next(csv.reader([text]), [])]
    except csv.Error:
        raise UsageError(f"--columns must be names with commas between them; got {shortened(text)!r}.") from None


def _size(_: click.Context, __: click.Parameter, text: str | None) -> tuple[int, int] | None:
    return None if text is None else parse_size(text)


scenes_option = click.option("--scenes", metavar="DIR", help="A folder in which scenes are looked for first.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
debug_option = click.option(
    "--debug", is_flag=True, expose_value=False, help="Show the traceback of an error (for bug reports)."
)
fps_option = click.option("--fps", type=float, metavar="N", help="Frames per second; the length stays the same.")
loop_option = click.option(
    "--loop",
    type=click.IntRange(0, 65535),  # two bytes in the file
    default=0,
    metavar="N",
    help="How often a GIF plays; 0 is for ever.",
)

scene_options = together(
    gathered("chosen", "name", "texts", "data", "columns", "scenes"),
    click.argument("name"),
    click.option(
        "--set",
        "texts",
        multiple=True,
        metavar="NAME=VALUE",
        callback=_assignments,
        help="Set a parameter of the scene (`animate show NAME` lists them); may be given several times.",
    ),
    click.option("--data", metavar="FILE", help="A CSV file of yours to use as the scene's data."),
    click.option(
        "--columns",
        metavar="A,B",
        callback=_column_names,
        help="Its columns to use, in order, the target last.",
    ),
    scenes_option,
)
look_options = together(
    gathered("look", "preset", "size", "theme"),
    click.option("--preset", metavar="|".join(PRESETS), help="Size and frame rate by name.  [default: web]"),
    click.option("--size", metavar="WxH", callback=_size, help="Width and height in pixels, such as 800x450."),
    click.option("--theme", metavar="|".join(THEME_NAMES), help="Colors.  [default: light]"),
)
report_options = together(json_option, debug_option)


@contextmanager
def built_scene(
    *,
    name: str,
    texts: Mapping[str, str],
    data: str | None,
    columns: list[str] | None,
    scenes: str | None,
) -> Iterator[Scene]:
    """Yield the scene that the scene options name, with the values and the data they give, to be drawn."""
    from animate.library.script import load

    with redirect_stdout(sys.stderr):  # what a scene prints is no result
        script = load(name, scenes)
        scene = script.build(**script.values(texts, data=data, columns=columns))
        with script.running():
            yield scene


def as_json_text(result: Mapping[str, Any]) -> str:
    """Return *result* as JSON; dataclasses become objects and paths texts."""
    return json.dumps(result, indent=2, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else str(value)
