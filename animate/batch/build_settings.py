"""The settings of a build: ``animate.toml``, the tables of single scenes in it, and the options of the command."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from animate.batch.setting_keys import BOTH_THEMES_FORMATS, KEYS, NAME, OPAQUE_FORMATS, SettingKey, one_of
from animate.draw.settings import BOTH_THEMES, THEME_NAMES, Settings, resolve
from animate.draw.toml_file import read_toml
from animate.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from animate.draw.theme import Theme


@dataclass(frozen=True, kw_only=True)
class SceneSettings:
    """How one scene is drawn and written; `KEYS` documents each."""

    formats: tuple[str, ...] = ("gif",)
    preset: str | None = None
    sizes: tuple[tuple[int, int], ...] = ()
    themes: tuple[str | Theme, ...] = ("light",)
    fps: float | None = None
    loop: int = 0
    max_size: Mapping[str, int] = field(default_factory=dict)
    poster: float | str | None = "last"
    seconds: float | None = None
    hold: float | None = None
    slower: float | None = None
    transparent: bool = False
    video: bool = False
    timeout: float | None = None
    files: tuple[str, ...] = ()
    set: Mapping[str, Any] = field(default_factory=dict)
    sweep: tuple[str, ...] = ()
    budget: int | None = None
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
        if self.has_both_themes and (single := [one for one in self.formats if one not in BOTH_THEMES_FORMATS]):
            raise UsageError(f"{single[0]} holds one theme; got both: build svg or html, or name light and dark.")
        themes = ("light",) if self.has_both_themes else self.themes
        pairs = [(size, theme) for size in self.sizes or (None,) for theme in themes]
        return [resolve(self.preset, size, self.fps, theme, self.transparent) for size, theme in pairs]

    @property
    def has_both_themes(self) -> bool:
        """Whether readers see each file in their theme, light or dark."""
        return BOTH_THEMES in self.themes

    def own_files(self) -> list[str]:
        """Return the files that the settings themselves name: that of the language, and fonts and logos of themes."""
        files = [self.words] if self.words and self.words.endswith(".toml") else []
        own = [theme for theme in self.themes if not isinstance(theme, str)]
        return files + [file for theme in own for file in (*theme.font_files, theme.logo) if file]

    def swept(self, format_: str) -> tuple[str, ...]:
        """Return the sweeps that a file of a format shows, as ``--sweep`` takes them."""
        return self.sweep if format_ == "html" else ()

    def max_bytes(self, format_: str) -> int | None:
        """Return the maximum number of bytes for a file of a format, or None."""
        if self.budget is not None and self.swept(format_):
            return self.budget
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
    top, by_scene, own = _read(path) if path.exists() else ({}, {}, {})
    checked = _checked(given, "", "top")
    layers = [
        (top, f"{path}: "),
        (checked, ""),
        *((table, f"{path}: [scene.{name}] ") for name, table in by_scene.items()),
    ]
    for layer, where in layers:
        if "themes" in layer:
            files = {Path(name).resolve() if name.endswith(".toml") else name: name for name in layer["themes"][::-1]}
            names = [name for name in layer["themes"] if name in files.values()]  # the first of the paths of a file
            layer["themes"] = tuple(dict.fromkeys(_theme(name, own, where, path) for name in names))
            _check_names(layer["themes"], f"{where}themes" if where else "theme")
    for name, table in by_scene.items():
        _check_sweep({**top, **table}, f"{path}: [scene.{name}] ")
    return BuildSettings(top, by_scene, checked)


def _check_sweep(table: Mapping[str, Any], where: str) -> None:
    """Refuse a sweep that no file of the settings shows, and a budget of none."""
    if "budget" in table and "sweep" not in table:
        raise UsageError(f"{where}budget must stand with sweep; other files have max_size.")
    formats = table.get("formats", SceneSettings.formats)
    if "sweep" in table and "html" not in formats:
        raise UsageError(f"{where}sweep makes a page: formats must have html; got {', '.join(formats)}.")


def scenes_of(folder: str | Path = ".") -> str | None:
    """Return the folder of scene scripts that a folder's ``animate.toml`` names, or None.

    Raises
    ------
    UsageError
        If the file is no TOML, or the value is no text.
    """
    path = Path(folder) / NAME
    entries = read_toml(path) if path.exists() else {}
    if "scenes" not in entries:
        return None
    return str(_checked({"scenes": entries["scenes"]}, f"{path}: ", "top")["scenes"])


def own_theme(name: str, folder: str | Path = ".") -> Theme:
    """Return a theme that a folder's ``animate.toml`` describes.

    Raises
    ------
    UsageError
        If there is no such file, or no such theme in it.
    """
    path = Path(folder) / NAME
    return _chosen_theme(name, _own_themes(path, read_toml(path).get("theme", {})) if path.exists() else {}, path)


def _chosen_theme(name: str, own: Mapping[str, Theme], path: Path) -> Theme:
    """Return a theme that an option names."""
    if name in own:
        return own[name]
    known = (*THEME_NAMES, *own)
    there = f"{path} has none" if path.exists() else f"there is no {NAME} in {path.absolute().parent}"
    hint = f" A [theme.{name}] must stand in {NAME} of the current folder; {there}." if name.isidentifier() else ""
    beside = [f"{name}.toml"] if name and Path(f"{name}.toml").is_file() else known
    raise UsageError(
        f"theme must be one of {', '.join(known)}, or a FILE.toml; got {name!r}.{did_you_mean(name, beside) or hint}"
    )


def _theme(name: str, own: Mapping[str, Theme], where: str, path: Path) -> str | Theme:
    """Return a theme of the package by its name, and any other as itself."""
    if name == BOTH_THEMES:
        return name
    if not where and name not in THEME_NAMES and not name.endswith(".toml"):
        return _chosen_theme(name, own, path)
    try:
        if name.endswith(".toml"):
            from animate.draw.theme_file import find_theme

            return find_theme(name)
        return own[name] if name in own else one_of(name, (*THEME_NAMES, *own))
    except UsageError as error:
        raise UsageError(_placed(error, where, "themes") if where else str(error)) from None


def _placed(error: UsageError, where: str, name: str) -> str:
    """Return the message of an error with the place of a key, whose name stands in it once."""
    if name == "text":
        return f"{where.removesuffix('] ')}.text] {error}"
    return f"{where}{error}" if str(error).startswith(f"{name} ") else f"{where}{name}: {error}"


def _check_names(themes: Sequence[str | Theme], label: str) -> None:
    """Refuse two themes of one name, since the files of one would replace those of the other."""
    names = [theme if isinstance(theme, str) else theme.name for theme in themes]
    if BOTH_THEMES in names and len(names) > 1:
        raise UsageError(f"{label} must be both alone, or others each for files of its own; got {', '.join(names)}.")
    for one, name in zip(themes, names, strict=True):
        if one != themes[names.index(name)]:
            raise UsageError(f"{label} must have different names, after which files are named; two are {name!r}.")


def _own_themes(path: Path, tables: Any) -> dict[str, Theme]:
    if not isinstance(tables, dict) or not all(isinstance(table, dict) for table in tables.values()):
        hint = f" To choose colors, write themes = {json.dumps(tables)}." if isinstance(tables, str | list) else ""
        raise UsageError(f"{path}: theme must be tables, such as [theme.ours]; got {tables!r}.{hint}")
    if not tables:
        return {}
    from animate.draw.theme_file import theme_of

    for name in tables:
        if name in (*THEME_NAMES, BOTH_THEMES) or not re.fullmatch(r"[A-Za-z0-9_]+", name):
            raise UsageError(
                f"{path}: the name of a theme must be of letters, digits and underscores, and not light, dark or both; "
                f"got {name!r}."
            )
    return {name: theme_of(table, name, f"[theme.{name}] of {path}", path.parent) for name, table in tables.items()}


def _read(path: Path) -> tuple[dict[str, Any], dict[str, dict[str, Any]], dict[str, Theme]]:
    whole = read_toml(path)
    for name in _TABLES:
        if isinstance(tables := whole.get(f"{name}s"), dict):
            heads = [f"[{name}.{one}]" for one, table in tables.items() if isinstance(table, dict)]
            raise UsageError(f"{path}: there is no table {name}s; write {', '.join(heads) or f'[{name}.NAME]'}.")
    own = _own_themes(path, whole.pop("theme", {}))
    tables = whole.pop("scene", {})
    if not isinstance(tables, dict) or not all(isinstance(table, dict) for table in tables.values()):
        raise UsageError(f"{path}: scene must be tables, such as [scene.momentum]; got {tables!r}.")
    by_scene = {name: _checked(table, f"{path}: [scene.{name}] ", "scene") for name, table in tables.items()}
    return _checked(whole, f"{path}: ", "top"), by_scene, own


def _checked(given: Mapping[str, Any], where: str, place: str) -> dict[str, Any]:
    """Return the values of a table as they are used; *where* names the file and table in messages."""
    allowed = {key.name: key for key in KEYS if key.places in (place, "both")}
    return {name: _used_value(_known_key(name, allowed, where), value, where) for name, value in given.items()}


def _known_key(name: str, allowed: Mapping[str, SettingKey], where: str) -> SettingKey:
    if name in allowed:
        return allowed[name]
    if name in ("title", "caption"):
        table = re.search(r"\[scene\.(.*)\]", where)
        raise UsageError(f"{where}{name} must stand in [scene.{table[1] if table else 'NAME'}.text].")
    if (misplaced := next((key for key in KEYS if key.name == name), None)) is not None:
        right = "at the top, not in a scene's table" if misplaced.places == "top" else "in [scene.NAME], not above"
        raise UsageError(f"{where}{name} must stand {right}.")
    if _is_of_theme(name):
        raise UsageError(f"{where}{name} must stand in [theme.NAME].")
    hint = did_you_mean(name, [*allowed, *(_TABLES if "jobs" in allowed else ())])
    if not hint and "set" in allowed:
        hint = f" Parameters of the scene stand in set, as in set = {{{name} = 1}}."
    hint = hint or f" There are {', '.join(allowed)}."
    raise UsageError(f"{where}there is no key {name!r}.{hint}")


def _is_of_theme(name: str) -> bool:
    """Return whether a name is a key of a theme."""
    from animate.draw.theme_file import THEME_KEYS  # matplotlib: only where a key is wrong

    return name in THEME_KEYS


def _used_value(key: SettingKey, value: Any, where: str) -> Any:
    name = key.name if where else _FLAGS.get(key.name, key.name.replace("_", "-"))  # without a place it is a flag
    try:
        valid = msgspec.convert(value, key.kind.type)
        if not _is_finite(valid):
            raise ValueError
        return key.kind.used_as(valid)
    except (msgspec.ValidationError, ValueError):
        if not where and isinstance(value, list):
            raise UsageError(f"{name} must be names separated by commas; got {','.join(value)!r}.") from None
        raise UsageError(f"{where}{name} must be {key.kind.must_be}; got {value!r}.") from None
    except UsageError as error:
        raise UsageError(_placed(error, where, name)) from None


_TABLES = ("scene", "theme")
"""Tables of ``animate.toml`` that hold one for each scene or theme."""
_FLAGS = {"formats": "format", "sizes": "size", "themes": "theme"}
"""Options of the command whose names are not those of the keys."""


def _is_finite(value: Any) -> bool:
    if isinstance(value, dict | list):
        return all(map(_is_finite, value.values() if isinstance(value, dict) else value))
    return not isinstance(value, float) or math.isfinite(value)
