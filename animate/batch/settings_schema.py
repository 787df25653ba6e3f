"""The keys of ``animate.toml``: what each means, where it may stand, and how its value is checked."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from animate.draw.settings import PRESETS, THEME_NAMES, parse_size, resolve
from animate.errors import UsageError, did_you_mean
from animate.film.budget import parse_bytes

FORMATS = ("gif", "mp4", "m4v", "webm", "webp", "apng", "html")
"""What a build writes: each format that is one file. Named here so that a build with nothing to do needs no encoder."""

LOOPING = ("gif", "webp", "apng")
"""Formats that say themselves how often they play."""


@dataclass(frozen=True)
class Key:
    """One key of the settings.

    Attributes
    ----------
    name : str
    check : callable
        From a value to the value that is used; raises `Wrong` with what it must be.
    example, default, meaning : str
        For the documentation; the example is TOML.
    places : str
        Where it may stand: "top", "scene" or "both".
    """

    name: str
    check: Callable[[Any], Any]
    example: str
    default: str
    meaning: str
    places: str = "both"


class Wrong(Exception):  # noqa: N818 - never leaves this package: `checked` makes a UsageError of it
    """What a value must be."""


def checked(key: Key, value: Any, where: str) -> Any:
    """Return the value of a key as it is used.

    Raises
    ------
    UsageError
        If the value does not fit; *where* says in which file and table it stands.
    """
    name = where + key.name if where else key.name.replace("_", "-")  # without a place it is a flag
    try:
        return key.check(value)
    except Wrong as wrong:
        raise UsageError(f"{name} must be {wrong}; got {value!r}.") from None
    except UsageError as error:
        raise UsageError(f"{name}: {error}") from None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise Wrong("a text")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    """Return texts, each once; a single one need not stand in brackets."""
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list | tuple) or not given or not all(isinstance(text, str) and text for text in given):
        raise Wrong('a list of texts, such as ["a", "b"]')
    return tuple(dict.fromkeys(given))


def _one_of(text: str, known: tuple[str, ...]) -> str:
    if text not in known:
        raise UsageError(f"{text!r} must be one of {', '.join(known)}.{did_you_mean(text, known)}")
    return text


def _formats(value: Any) -> tuple[str, ...]:
    names = (text.removeprefix(".").lower() for text in _texts(value))
    return tuple(dict.fromkeys(_one_of(name, FORMATS) for name in names))


def _preset(value: Any) -> str:
    return _one_of(_text(value), tuple(PRESETS))


def _themes(value: Any) -> tuple[str, ...]:
    return tuple(_one_of(name, THEME_NAMES) for name in _texts(value))


def _sizes(value: Any) -> tuple[tuple[int, int], ...]:
    sizes = tuple(dict.fromkeys(parse_size(text) for text in _texts(value)))
    for size in sizes:
        resolve(size=size)
    return sizes


def _fps(value: Any) -> float:
    if not _is_number(value):
        raise Wrong("a number of frames per second")
    return resolve(fps=float(value)).fps


def _whole(low: int, high: int) -> Callable[[Any], int]:
    def check(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise Wrong(f"a whole number from {low} to {high}")
        return value

    return check


def _bytes(value: Any) -> int:
    try:
        return parse_bytes("" if isinstance(value, bool) else str(value))
    except UsageError:
        raise Wrong("a number of bytes, such as 2MB, 500kB or 1.5MiB") from None


def _max_size(value: Any) -> dict[str, int]:
    """Return bytes by format; the key "" is for every other."""
    given = value if isinstance(value, Mapping) else {"": value}
    return {name and _one_of(name, FORMATS): _bytes(size) for name, size in given.items()}


def _poster(value: Any) -> float | str | None:
    if value is False:
        return None
    if value in ("first", "last") or (_is_number(value) and 0 <= value <= 1):
        return value if isinstance(value, str) else float(value)
    raise Wrong('a number from 0 to 1, "first", "last" or false')


def _seconds(value: Any) -> float:
    if not _is_number(value) or value <= 0:
        raise Wrong("a number of seconds above 0")
    return float(value)


def _values(value: Any) -> dict[str, Any]:
    plain = str | int | float | bool
    if not isinstance(value, Mapping) or not all(
        isinstance(one, plain) or (isinstance(one, list) and all(map(_is_number, one))) for one in value.values()
    ):
        raise Wrong("a table of parameters, such as {learning_rate = 0.1}")
    return {name: tuple(one) if isinstance(one, list) else one for name, one in value.items()}


def _variants(value: Any) -> dict[str, dict[str, Any]]:
    if not isinstance(value, Mapping):
        raise Wrong("a table for each variant, such as [scene.NAME.variants.fast]")
    for name in value:
        if not re.fullmatch(r"[A-Za-z0-9_]+", name):
            raise UsageError(f"a variant's name must be of letters, digits and underscores; got {name!r}.")
    return {name: _values(values) for name, values in value.items()}


KEYS = (
    Key("scenes", _text, 'scenes = "lessons"', "`scenes`", "The folder of the scene scripts.", "top"),
    Key("output", _text, 'output = "public"', "`output`", "The folder to write to.", "top"),
    Key("jobs", _whole(1, 256), "jobs = 2", "1", "Processes that draw scenes.", "top"),
    Key("formats", _formats, 'formats = ["gif", "mp4"]', "`gif`", f"Kinds of files: {', '.join(FORMATS)}."),
    Key("preset", _preset, 'preset = "hd"', "`web`", f"Size and frame rate by name: {', '.join(PRESETS)}."),
    Key("sizes", _sizes, 'sizes = ["800x450"]', "the preset's", "Width and height in pixels."),
    Key("themes", _themes, 'themes = ["light", "dark"]', "`light`", "Colors."),
    Key("fps", _fps, "fps = 25", "the preset's", "Frames per second; the length stays the same."),
    Key("loop", _whole(0, 65535), "loop = 1", "0", "How often a GIF, WebP or APNG plays; 0 is for ever."),
    Key(
        "max_size",
        _max_size,
        'max_size = "2MB"',
        "none",
        'The budget of a file, or of each format: `{gif = "2MB", mp4 = "500kB"}`.',
    ),
    Key(
        "poster",
        _poster,
        "poster = 0.5",
        "`last`",
        "The moment of the still for reduced motion: 0 to 1, `first`, `last`; `false` for none.",
    ),
    Key("timeout", _seconds, "timeout = 300", "none", "Seconds after which a size and theme of a scene is given up."),
    Key("files", _texts, 'files = ["data/*.csv"]', "none", "Further files that scenes read, as patterns."),
    Key("set", _values, "set = {learning_rate = 0.1}", "none", "Parameters of the scene.", "scene"),
    Key("data", _text, 'data = "norris.csv"', "none", "A CSV file for the scene's parameter `data`.", "scene"),
    Key("columns", _texts, 'columns = ["x", "y"]', "all", "Its columns to use, the target last.", "scene"),
    Key(
        "variants",
        _variants,
        "variants.fast = {learning_rate = 0.5}",
        "none",
        "More builds of the scene, each with parameters of its own; written as `NAME-VARIANT`.",
        "scene",
    ),
)


def documented() -> str:
    """Return the documentation of every key, as a table in Markdown."""
    places = {"top": "top", "scene": "`[scene.NAME]`", "both": "both"}
    rows = [f"| `{key.example}` | {places[key.places]} | {key.default} | {key.meaning} |" for key in KEYS]
    return "\n".join(["| key, as an example | where | default | meaning |", "|---|---|---|---|", *rows])
