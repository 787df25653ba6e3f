"""The keys of ``animate.toml``: the type, the default and the documentation of each.

msgspec checks values against the types and makes the JSON Schema from them; the table in the documentation is made from
`KEYS` too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from msgspec import UNSET, Meta, UnsetType

from animate.draw.language import decimal_of_locale
from animate.draw.language_file import SUFFIX, file_of
from animate.draw.own_text import own_text
from animate.draw.settings import PRESETS, parse_size, resolve
from animate.errors import UsageError, did_you_mean
from animate.film.budget import parse_bytes

NAME = "animate.toml"
FORMATS = ("gif", "mp4", "m4v", "webm", "webp", "avif", "apng", "svg", "html")
"""The formats a build writes, each one file. They are listed here so that an up-to-date build imports no encoder."""
BOTH_THEMES_FORMATS = ("svg", "html")
"""Formats of which one file can hold the light and the dark theme."""
OPAQUE_FORMATS = ("mp4", "m4v", "html")
"""Formats without transparency."""
LOOPING_FORMATS = ("gif", "webp", "avif", "apng", "svg")
"""Formats that store how often they play."""


def one_of(text: str, known: tuple[str, ...]) -> str:
    """Return a text if it is one of those that are known; raise UsageError if not."""
    if text not in known:
        raise UsageError(f"{text!r} must be one of {', '.join(known)}.{did_you_mean(text, known)}")
    return text


def _texts(value: str | list[str]) -> tuple[str, ...]:
    """Return each text once; a single one needs no brackets."""
    return tuple(dict.fromkeys([value] if isinstance(value, str) else value))


def _formats(value: str | list[str]) -> tuple[str, ...]:
    names = (text.removeprefix(".").lower() for text in _texts(value))
    return tuple(dict.fromkeys(one_of(name, FORMATS) for name in names))


def _sizes(value: str | list[str]) -> tuple[tuple[int, int], ...]:
    sizes = tuple(dict.fromkeys(map(parse_size, _texts(value))))
    for size in sizes:
        resolve(size=size)
    return sizes


def _bytes(value: float | str) -> int:
    try:
        return parse_bytes(str(value))
    except UsageError as error:
        raise ValueError from error


def _max_size(value: float | str | dict[str, float | str]) -> dict[str, int]:
    """Return bytes by format; the key "" stands for every other format."""
    by_format = value if isinstance(value, dict) else {"": value}
    return {name and one_of(name, FORMATS): _bytes(size) for name, size in by_format.items()}


def _sweep(value: dict[str, Any]) -> tuple[str, ...]:
    """Return the texts that ``--sweep`` takes; numbers of a pair are separated by commas, pairs by semicolons."""
    return tuple(f"{name}={_sweep_values(values)}" for name, values in value.items())


def _sweep_values(values: str | list[Any]) -> str:
    if isinstance(values, str):
        return values
    separator = ";" if any(isinstance(one, list) for one in values) else ","
    return separator.join(_sweep_values(one) if isinstance(one, list) else str(one) for one in values)


def _poster(value: float | str | bool) -> float | str | None:
    if value is True:
        raise ValueError
    return None if value is False else value


def _variants(value: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    for name in value:
        if not re.fullmatch(r"[A-Za-z0-9_]+", name):
            raise UsageError(f"a variant's name must be of letters, digits and underscores; got {name!r}.")
    return {name: _values(values) for name, values in value.items()}


def _text_table(value: dict[str, Any]) -> dict[str, Any]:
    """Return a scene's own words: ``title``, ``caption`` as `Scene.adjust` takes it, and ``texts``."""
    for key in value:
        one_of(key, ("title", "caption", "words"))
    title, caption, texts = (value.get(key) for key in ("title", "caption", "words"))
    if title is not None:
        own_text("title", title)
    if not (texts is None or isinstance(texts, dict)):
        raise UsageError(f"words must be a table from the scene's words to others; got {texts!r}.")
    if texts:
        from animate.draw.text_template import checked_translation  # numpy: an up-to-date build does without

        texts = {one: checked_translation(one, other, f"words: {one!r}") for one, other in texts.items()}
    return {"title": title, "caption": None if caption is None else _caption(caption), "texts": texts or {}}


def _caption(value: Any) -> str | dict[int, str]:
    """Return one caption for all, or captions by number, of the form that ``--caption`` takes or of a table."""
    if isinstance(value, str):
        own_text("caption", value)
        return value
    if not isinstance(value, dict):
        raise UsageError(f"caption must be a text, or texts by number such as caption.2; got {value!r}.")
    for number, text in value.items():
        if not re.fullmatch(r"0|[1-9]\d{0,3}", number):
            raise UsageError(f"the key of a caption must be its number, from 1, as in caption.2; got {number!r}.")
        own_text(f"caption.{number}", text)
    return {int(number): text for number, text in value.items()}


def _words(name: str) -> str:
    """Return the name of a language, or of a file, which the build reads."""
    if not name.endswith(SUFFIX):
        file_of(name)
    return name


def _values(value: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(one) if isinstance(one, list) else one for name, one in value.items()}


class ValueKind(NamedTuple):
    """A kind of value: its type in TOML, what it must be in words, and the function to the value that is used.

    The function raises ValueError for a value that is not what it must be, and UsageError if it can say more. *schema*
    is the type for editors where the function checks more than *type*.
    """

    type: Any
    must_be: str
    used_as: Callable[[Any], Any] = lambda value: value
    schema: Any = None


class SettingKey(NamedTuple):
    """One key of ``animate.toml``; *places* is where it may stand: ``top``, ``scene`` or ``both``."""

    name: str
    kind: ValueKind
    example: str
    default: str
    meaning: str
    places: str = "both"


Text = Annotated[str, Meta(min_length=1)]
Texts = Text | Annotated[list[Text], Meta(min_length=1)]
Bytes = str | int | float
Scalar = str | int | float | bool
Values = dict[str, Scalar | list[float]]

FLAG = ValueKind(bool, "true or false")
DECIMAL = ValueKind(Literal[".", ","], '"." or ","')
TEXT = ValueKind(Text, "a text")
TEXTS = ValueKind(Texts, 'a text, or a list of texts such as ["a", "b"]', _texts)
TEXT_TABLE = ValueKind(
    dict[str, Any],
    'a table with title, caption and words, such as {title = "Which?"}',
    _text_table,
    schema=dict[str, str | dict[str, str]],
)
LOCALE = ValueKind(Text, "a language such as de, or de-CH", lambda locale: decimal_of_locale(locale) and locale)
WORDS = ValueKind(Text, "a language such as de, or a TOML file", _words)
JOBS = ValueKind(Annotated[int, Meta(ge=1, le=256)], "a whole number from 1 to 256")
LOOP = ValueKind(Annotated[int, Meta(ge=0, le=65535)], "a whole number from 0 to 65535")
RATE = ValueKind(float, "a number of frames per second", lambda fps: resolve(fps=fps).fps)
SECONDS = ValueKind(Annotated[float, Meta(gt=0)], "a number of seconds above 0")
HOLD = ValueKind(Annotated[float, Meta(ge=0)], "a number of seconds, 0 or more")
BUDGET = ValueKind(Bytes | dict[str, Bytes], "a number of bytes, such as 2MB, 500kB or 1.5MiB", _max_size)
MOMENT = ValueKind(
    Literal["first", "last"] | Annotated[float, Meta(ge=0, le=1)] | bool,
    'a number from 0 to 1, "first", "last" or false',
    _poster,
)
VALUES = ValueKind(Values, "a table of parameters, such as {learning_rate = 0.1}", _values)
SWEEP = ValueKind(
    Annotated[dict[str, Text | Annotated[list[Scalar | list[int | float]], Meta(min_length=1)]], Meta(min_length=1)],
    'a table of parameters, each with a span such as "0.001:1:25:log" or a list of values such as [0, 0.9]',
    _sweep,
)
PAGE_BUDGET = ValueKind(Bytes, "a number of bytes, such as 2MB, 500kB or 1.5MiB", _bytes)
VARIANTS = ValueKind(
    dict[str, Values], "a table of parameters for each variant, such as [scene.NAME.variants.fast]", _variants
)
PRESET = TEXT._replace(used_as=lambda name: one_of(name, tuple(PRESETS)))
FORMAT_LIST = TEXTS._replace(used_as=_formats)
SIZES = TEXTS._replace(used_as=_sizes)
THEME_LIST = TEXTS

KEYS = (
    SettingKey("scenes", TEXT, 'scenes = "lessons"', "`scenes`", "The folder of the scene scripts.", "top"),
    SettingKey("output", TEXT, 'output = "public"', "`output`", "The folder to write to.", "top"),
    SettingKey("jobs", JOBS, "jobs = 2", "1", "Processes that draw scenes.", "top"),
    SettingKey("formats", FORMAT_LIST, 'formats = ["gif", "html"]', "`gif`", f"Kinds of files: {', '.join(FORMATS)}."),
    SettingKey("preset", PRESET, 'preset = "hd"', "`web`", f"Size and frame rate by name: {', '.join(PRESETS)}."),
    SettingKey("sizes", SIZES, 'sizes = ["800x450"]', "the preset's", "Width and height in pixels."),
    SettingKey(
        "themes",
        THEME_LIST,
        'themes = ["light", "dark"]',
        "`light`",
        "Colors: `light`, `dark`, a `[theme.NAME]` of this file, or a TOML file; `both` alone for SVG and HTML.",
    ),
    SettingKey("fps", RATE, "fps = 25", "the preset's", "Frames per second; the length stays the same."),
    SettingKey("loop", LOOP, "loop = 1", "0", "How often a GIF, WebP or APNG plays; 0 is for ever."),
    SettingKey(
        "max_size",
        BUDGET,
        'max_size = "2MB"',
        "none",
        'The budget of a file, or of each format: `{gif = "2MB", mp4 = "500kB"}`.',
    ),
    SettingKey(
        "poster",
        MOMENT,
        "poster = 0.5",
        "`last`",
        "The moment of the still for reduced motion: 0 to 1, `first`, `last`; `false` for none.",
    ),
    SettingKey("seconds", SECONDS, "seconds = 8", "the scene's", "Length of an animation, holds included."),
    SettingKey("hold", HOLD, "hold = 3", "the scene's", "Seconds for which the last frame is held."),
    SettingKey("slower", SECONDS, "slower = 2", "1", "Factor by which an animation is slower."),
    SettingKey("transparent", FLAG, "transparent = true", "false", "Leave the background out; not for MP4 and HTML."),
    SettingKey("video", FLAG, "video = true", "false", "Let a page hold a video even if drawings take fewer bytes."),
    SettingKey(
        "timeout", SECONDS, "timeout = 300", "none", "Seconds for one size and theme of a scene, or a page of a sweep."
    ),
    SettingKey(
        "words", WORDS, 'words = "de"', "`en`", "Language of the built-in texts: a name, or a TOML file of your own."
    ),
    SettingKey("locale", LOCALE, 'locale = "de"', "that of `words`", "How numbers are written."),
    SettingKey("files", TEXTS, 'files = ["data/*.csv"]', "none", "Further files that scenes read, as patterns."),
    SettingKey("set", VALUES, "set = {learning_rate = 0.1}", "none", "Parameters of the scene.", "scene"),
    SettingKey(
        "sweep",
        SWEEP,
        'sweep.learning_rate = "0.001:1:9:log"',
        "none",
        "Sliders of the page (`html`): of each parameter a span or values as for `--sweep`, or a list; see "
        "[A page with sliders](../ci.md#a-page-with-sliders).",
        "scene",
    ),
    SettingKey(
        "budget",
        PAGE_BUDGET,
        'budget = "2MB"',
        "`max_size`",
        "The largest size of the page of a sweep: sliders get fewer values until it fits.",
        "scene",
    ),
    SettingKey(
        "text",
        TEXT_TABLE,
        'text.title = "Which is sooner?"',
        "the scene's",
        "Words in place of the scene's: `title`, `caption` and `words`; see [Languages](../languages.md).",
        "scene",
    ),
    SettingKey("data", TEXT, 'data = "norris.csv"', "none", "A CSV file or workbook of your own.", "scene"),
    SettingKey("columns", TEXTS, 'columns = ["x", "y"]', "all", "Its columns to use, the target last.", "scene"),
    SettingKey("skip_missing", FLAG, "skip_missing = true", "false", "Leave out rows with an empty cell.", "scene"),
    SettingKey("decimal", DECIMAL, 'decimal = ","', "as numbers show", "The decimal separator of the file.", "scene"),
    SettingKey("sheet", TEXT, 'sheet = "2024"', "the first", "The sheet of a workbook, by name or number.", "scene"),
    SettingKey(
        "variants",
        VARIANTS,
        "variants.fast = {learning_rate = 0.5}",
        "none",
        "More builds of the scene, each with parameters of its own; written as `NAME-VARIANT`.",
        "scene",
    ),
)


def settings_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``animate.toml``, for editors that complete and check TOML files.

    >>> settings_schema()["$defs"]["Settings"]["properties"]["jobs"]
    {'description': 'Processes that draw scenes.', 'type': 'integer', 'minimum': 1, 'maximum': 256}
    """
    table: Any = _struct("SceneTable", "scene", {})
    scenes = Annotated[dict[str, table], Meta(description="A table for each scene with settings of its own.")]
    draft = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"Settings of animate ({NAME})"}
    themes = Annotated[dict[str, dict[str, str | list[str]]], Meta(description="A table for each theme of one's own.")]
    return draft | msgspec.json.schema(_struct("Settings", "top", {"scene": scenes, "theme": themes}))


def _struct(name: str, place: str, more: Mapping[str, Any]) -> Any:
    keys = [key for key in KEYS if key.places in (place, "both")]
    types: dict[str, Any] = {
        key.name: Annotated[key.kind.schema or key.kind.type, Meta(description=key.meaning)] for key in keys
    }
    types |= more
    fields = [(key, Annotated[type_, Meta()] | UnsetType, UNSET) for key, type_ in types.items()]
    return msgspec.defstruct(name, fields, kw_only=True, forbid_unknown_fields=True)


def documented() -> str:
    """Return the documentation of every key, as a table in Markdown."""
    places = {"top": "top", "scene": "`[scene.NAME]`", "both": "both"}
    rows = [f"| `{key.example}` | {places[key.places]} | {key.default} | {key.meaning} |" for key in KEYS]
    return "\n".join(["| key, as an example | where | default | meaning |", "|---|---|---|---|", *rows])
