"""The settings of a build: ``animate.toml``, the tables of single scenes in it, and the options of the command.

`KEYS` declares every key with its type and its documentation. msgspec checks values against the types and makes the
JSON Schema from them; the table in the documentation is made from `KEYS` too.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from msgspec import UNSET, Meta, UnsetType

from animate.draw.language import decimal_of_locale
from animate.draw.settings import PRESETS, THEME_NAMES, Settings, parse_caption, parse_size, resolve
from animate.draw.text_template import check_translation
from animate.errors import UsageError, did_you_mean
from animate.film.budget import parse_bytes

NAME = "animate.toml"
FORMATS = ("gif", "mp4", "m4v", "webm", "webp", "apng", "html")
"""The formats a build writes, each one file. They are listed here so that an up-to-date build imports no encoder."""
OPAQUE_FORMATS = ("mp4", "m4v", "html")
"""Formats without transparency."""
LOOPING_FORMATS = ("gif", "webp", "apng")
"""Formats that store how often they play."""


def _one_of(text: str, known: tuple[str, ...]) -> str:
    if text not in known:
        raise UsageError(f"{text!r} must be one of {', '.join(known)}.{did_you_mean(text, known)}")
    return text


def _texts(value: str | list[str]) -> tuple[str, ...]:
    """Return each text once; a single one needs no brackets."""
    return tuple(dict.fromkeys([value] if isinstance(value, str) else value))


def _formats(value: str | list[str]) -> tuple[str, ...]:
    names = (text.removeprefix(".").lower() for text in _texts(value))
    return tuple(dict.fromkeys(_one_of(name, FORMATS) for name in names))


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
    return {name and _one_of(name, FORMATS): _bytes(size) for name, size in by_format.items()}


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
        _one_of(key, ("title", "caption", "words"))
    title, caption, texts = (value.get(key) for key in ("title", "caption", "words"))
    if title is not None and not isinstance(title, str):
        raise UsageError(f"title must be a text; got {title!r}.")
    if texts is not None and not isinstance(texts, dict):
        raise UsageError(f"words must be a table from the scene's words to others; got {texts!r}.")
    if isinstance(caption, dict):
        caption = [f"{number}={words}" for number, words in caption.items()]
    for english, other in (texts or {}).items():
        check_translation(english, other, f"words: {english!r}")
    return {
        "title": title,
        "caption": None if caption is None else parse_caption(_texts(caption)),
        "texts": texts or {},
    }


def _values(value: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(one) if isinstance(one, list) else one for name, one in value.items()}


class ValueKind(NamedTuple):
    """A kind of value: its type in TOML, what it must be in words, and the function to the value that is used.

    The function raises ValueError for a value that is not what it must be, and UsageError if it can say more.
    """

    type: Any
    must_be: str
    used_as: Callable[[Any], Any] = lambda value: value


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
Values = dict[str, str | int | float | bool | list[float]]

FLAG = ValueKind(bool, "true or false")
DECIMAL = ValueKind(Literal[".", ","], '"." or ","')
TEXT = ValueKind(Text, "a text")
TEXTS = ValueKind(Texts, 'a list of texts, such as ["a", "b"]', _texts)
TEXT_TABLE = ValueKind(
    dict[str, Texts | dict[str, Text]], 'a table with title, caption and words, such as {title = "Which?"}', _text_table
)
LOCALE = TEXT._replace(used_as=lambda locale: decimal_of_locale(locale) and locale)
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
VARIANTS = ValueKind(
    dict[str, Values], "a table of parameters for each variant, such as [scene.NAME.variants.fast]", _variants
)
PRESET = TEXT._replace(used_as=lambda name: _one_of(name, tuple(PRESETS)))
FORMAT_LIST = TEXTS._replace(used_as=_formats)
SIZES = TEXTS._replace(used_as=_sizes)
THEMES = TEXTS._replace(used_as=lambda value: tuple(_one_of(name, THEME_NAMES) for name in _texts(value)))

KEYS = (
    SettingKey("scenes", TEXT, 'scenes = "lessons"', "`scenes`", "The folder of the scene scripts.", "top"),
    SettingKey("output", TEXT, 'output = "public"', "`output`", "The folder to write to.", "top"),
    SettingKey("jobs", JOBS, "jobs = 2", "1", "Processes that draw scenes.", "top"),
    SettingKey("formats", FORMAT_LIST, 'formats = ["gif", "mp4"]', "`gif`", f"Kinds of files: {', '.join(FORMATS)}."),
    SettingKey("preset", PRESET, 'preset = "hd"', "`web`", f"Size and frame rate by name: {', '.join(PRESETS)}."),
    SettingKey("sizes", SIZES, 'sizes = ["800x450"]', "the preset's", "Width and height in pixels."),
    SettingKey("themes", THEMES, 'themes = ["light", "dark"]', "`light`", "Colors."),
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
    SettingKey("timeout", SECONDS, "timeout = 300", "none", "Seconds allowed for one size and theme of a scene."),
    SettingKey(
        "words", TEXT, 'words = "de"', "`en`", "Language of the built-in texts: a name, or a TOML file of your own."
    ),
    SettingKey("locale", LOCALE, 'locale = "de"', "that of `words`", "How numbers are written."),
    SettingKey("files", TEXTS, 'files = ["data/*.csv"]', "none", "Further files that scenes read, as patterns."),
    SettingKey("set", VALUES, "set = {learning_rate = 0.1}", "none", "Parameters of the scene.", "scene"),
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
    return draft | msgspec.json.schema(_struct("Settings", "top", {"scene": scenes}))


def _struct(name: str, place: str, more: Mapping[str, Any]) -> Any:
    keys = [key for key in KEYS if key.places in (place, "both")]
    types: dict[str, Any] = {key.name: Annotated[key.kind.type, Meta(description=key.meaning)] for key in keys}
    types |= more
    fields = [(key, Annotated[type_, Meta()] | UnsetType, UNSET) for key, type_ in types.items()]
    return msgspec.defstruct(name, fields, kw_only=True, forbid_unknown_fields=True)


def documented() -> str:
    """Return the documentation of every key, as a table in Markdown."""
    places = {"top": "top", "scene": "`[scene.NAME]`", "both": "both"}
    rows = [f"| `{key.example}` | {places[key.places]} | {key.default} | {key.meaning} |" for key in KEYS]
    return "\n".join(["| key, as an example | where | default | meaning |", "|---|---|---|---|", *rows])


@dataclass(frozen=True, kw_only=True)
class SceneSettings:
    """How one scene is drawn and written; `KEYS` documents each."""

    formats: tuple[str, ...] = ("gif",)
    preset: str | None = None
    sizes: tuple[tuple[int, int], ...] = ()
    themes: tuple[str, ...] = ("light",)
    fps: float | None = None
    loop: int = 0
    max_size: Mapping[str, int] = field(default_factory=dict)
    poster: float | str | None = "last"
    seconds: float | None = None
    hold: float | None = None
    slower: float | None = None
    transparent: bool = False
    timeout: float | None = None
    files: tuple[str, ...] = ()
    set: Mapping[str, Any] = field(default_factory=dict)
    words: str | None = None
    locale: str | None = None
    text: Mapping[str, Any] = field(default_factory=dict)
    data: str | None = None
    columns: tuple[str, ...] | None = None
    skip_missing: bool = False
    decimal: str | None = None
    sheet: str | None = None
    variants: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def looks(self) -> list[Settings]:
        """Return each size and theme in which the scene is drawn; files of the first have the plain name."""
        opaque = [format_ for format_ in self.formats if format_ in OPAQUE_FORMATS]
        if self.transparent and opaque:
            raise UsageError(f"{opaque[0]} has no transparency; build other formats, or set transparent to false.")
        pairs = [(size, theme) for size in self.sizes or (None,) for theme in self.themes]
        return [resolve(self.preset, size, self.fps, theme, self.transparent) for size, theme in pairs]

    def own_files(self) -> list[str]:
        """Return the files that the settings themselves name: that of the language."""
        return [self.words] if self.words and self.words.endswith(".toml") else []

    def budget(self, format_: str) -> int | None:
        """Return the maximum number of bytes for a file of a format, or None."""
        return self.max_size.get(format_, self.max_size.get(""))


@dataclass(frozen=True)
class BuildSettings:
    """The settings of a folder of scenes.

    Parameters
    ----------
    top, flags : mapping
        Checked values by key: from the top of the file, and from the command line.
    by_scene : mapping
        By scene, the checked values of its table.
    """

    top: Mapping[str, Any] = field(default_factory=dict)
    by_scene: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    flags: Mapping[str, Any] = field(default_factory=dict)

    @property
    def scenes(self) -> str | None:
        """Return the folder of the scene scripts, or None if none is set."""
        folder: str | None = self._top("scenes", None)
        return folder

    @property
    def output(self) -> Path:
        """Return the folder to write to."""
        return Path(self._top("output", "output"))

    @property
    def jobs(self) -> int:
        """Return the number of processes."""
        return int(self._top("jobs", 1))

    def _top(self, name: str, default: Any) -> Any:
        return self.flags.get(name, self.top.get(name, default))

    def of(self, scene: str) -> SceneSettings:
        """Return the settings of one scene: its table overrides the top of the file, flags override both."""
        merged: dict[str, Any] = {}
        for layer in (self.top, self.by_scene.get(scene, {}), self.flags):
            if "preset" in layer:  # a preset is a size and a rate, so it replaces those of outer layers
                merged = {name: value for name, value in merged.items() if name not in ("sizes", "fps")}
            merged |= layer
        return SceneSettings(
            **{name: value for name, value in merged.items() if name not in ("scenes", "output", "jobs")}
        )


def read_settings(flags: Mapping[str, Any] | None = None, folder: str | Path = ".") -> BuildSettings:
    """Return the settings of a folder's ``animate.toml``, if there is one, overridden by flags.

    Parameters
    ----------
    flags : mapping, optional
        Values by key, as the file has them; a flag that is None is not given.
    folder : str or Path

    Raises
    ------
    UsageError
        If the file is no TOML, or has an unknown key or an invalid value.

    Examples
    --------
    >>> read_settings({"formats": "mp4", "fps": 10}, folder="/nowhere").of("sgd").formats
    ('mp4',)
    """
    path = Path(folder) / NAME
    given = {name: value for name, value in (flags or {}).items() if value is not None}
    top, by_scene = _read(path) if path.exists() else ({}, {})
    return BuildSettings(top, by_scene, _checked(given, "", "top"))


def _read(path: Path) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    try:
        whole = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:  # not TOML, or not UTF-8
        raise UsageError(f"{path}: {error}.") from error
    tables = whole.pop("scene", {})
    if not isinstance(tables, dict) or not all(isinstance(table, dict) for table in tables.values()):
        raise UsageError(f"{path}: scene must be tables, such as [scene.momentum]; got {tables!r}.")
    by_scene = {name: _checked(table, f"{path}: [scene.{name}] ", "scene") for name, table in tables.items()}
    return _checked(whole, f"{path}: ", "top"), by_scene


def _checked(given: Mapping[str, Any], where: str, place: str) -> dict[str, Any]:
    """Return the values of a table as they are used; *where* names the file and table in messages."""
    allowed = {key.name: key for key in KEYS if key.places in (place, "both")}
    return {name: _used_value(_known_key(name, allowed, where), value, where) for name, value in given.items()}


def _known_key(name: str, allowed: Mapping[str, SettingKey], where: str) -> SettingKey:
    if name in allowed:
        return allowed[name]
    if (misplaced := next((key for key in KEYS if key.name == name), None)) is not None:
        right = "at the top, not in a scene's table" if misplaced.places == "top" else "in [scene.NAME], not above"
        raise UsageError(f"{where}{name} must stand {right}.")
    hint = did_you_mean(name, [*allowed, "scene"]) or f" There are {', '.join(allowed)}."
    raise UsageError(f"{where}there is no key {name!r}.{hint}")


def _used_value(key: SettingKey, value: Any, where: str) -> Any:
    label = where + key.name if where else key.name.replace("_", "-")  # without a place it is a flag
    try:
        valid = msgspec.convert(value, key.kind.type)
        if not _is_finite(valid):
            raise ValueError
        return key.kind.used_as(valid)
    except (msgspec.ValidationError, ValueError):
        raise UsageError(f"{label} must be {key.kind.must_be}; got {value!r}.") from None
    except UsageError as error:
        raise UsageError(f"{label}: {error}") from None


def _is_finite(value: Any) -> bool:
    if isinstance(value, dict | list):
        return all(map(_is_finite, value.values() if isinstance(value, dict) else value))
    return not isinstance(value, float) or math.isfinite(value)
