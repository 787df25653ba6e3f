"""The settings of a build: ``animate.toml``, what a scene has of its own, and the flags, which win."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from animate.batch.settings_schema import KEYS, Key, checked
from animate.draw.settings import Settings, resolve
from animate.errors import UsageError, did_you_mean

NAME = "animate.toml"


@dataclass(frozen=True, kw_only=True)
class SceneSettings:
    """How one scene is drawn and written; `animate.batch.settings_schema` documents each."""

    formats: tuple[str, ...] = ("gif",)
    preset: str | None = None
    sizes: tuple[tuple[int, int], ...] = ()
    themes: tuple[str, ...] = ("light",)
    fps: float | None = None
    loop: int = 0
    max_size: Mapping[str, int] = field(default_factory=dict)
    poster: float | str | None = "last"
    timeout: float | None = None
    files: tuple[str, ...] = ()
    set: Mapping[str, Any] = field(default_factory=dict)
    data: str | None = None
    columns: tuple[str, ...] | None = None
    variants: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def looks(self) -> list[Settings]:
        """Return each size and theme in which the scene is drawn; the first is the one with the plain name."""
        return [resolve(self.preset, size, self.fps, theme) for size in self.sizes or (None,) for theme in self.themes]

    def budget(self, suffix: str) -> int | None:
        """Return the most bytes a file of a format may have, or None."""
        return self.max_size.get(suffix, self.max_size.get(""))


@dataclass(frozen=True)
class BuildSettings:
    """The settings of a folder of scenes.

    Attributes
    ----------
    top, flags : mapping
        Checked values by key: of the file's first part, and of the command line.
    by_scene : mapping
        By scene, the checked values of its table.
    """

    top: Mapping[str, Any] = field(default_factory=dict)
    by_scene: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    flags: Mapping[str, Any] = field(default_factory=dict)

    @property
    def scenes(self) -> str | None:
        """Return the folder of the scene scripts, where one is named."""
        folder: str | None = self._whole("scenes", None)
        return folder

    @property
    def output(self) -> Path:
        """Return the folder to write to."""
        return Path(self._whole("output", "output"))

    @property
    def jobs(self) -> int:
        """Return the number of processes."""
        return int(self._whole("jobs", 1))

    def _whole(self, name: str, default: Any) -> Any:
        return self.flags.get(name, self.top.get(name, default))

    def of(self, scene: str) -> SceneSettings:
        """Return the settings of one scene: its own before those of all, flags before both."""
        merged: dict[str, Any] = {}
        for layer in (self.top, self.by_scene.get(scene, {}), self.flags):
            if "preset" in layer:  # which is a size and a rate: those of an outer layer stand no more
                merged = {name: value for name, value in merged.items() if name not in ("sizes", "fps")}
            merged |= layer
        own = {key.name for key in KEYS if key.places != "top"}
        return SceneSettings(**{name: value for name, value in merged.items() if name in own})


def read_settings(flags: Mapping[str, Any] | None = None, folder: str | Path = ".") -> BuildSettings:
    """Return the settings in a folder's ``animate.toml``, if there is one, with flags over them.

    Parameters
    ----------
    flags : mapping, optional
        Values by key, as the file has them; None stands for a flag that is not given.
    folder : str or Path

    Raises
    ------
    UsageError
        If the file is no TOML, or has a key that is unknown or a value that does not fit.
    """
    path = Path(folder) / NAME
    given = {name: value for name, value in (flags or {}).items() if value is not None}
    top, by_scene = _read(path) if path.exists() else ({}, {})
    return BuildSettings(top, by_scene, _checked(given, "", ("top", "both")))


def _read(path: Path) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    try:
        whole = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:  # no TOML, or no UTF-8
        raise UsageError(f"{path}: {error}.") from error
    tables = whole.pop("scene", {})
    if not isinstance(tables, dict) or not all(isinstance(table, dict) for table in tables.values()):
        raise UsageError(f"{path}: scene must be tables, such as [scene.momentum]; got {tables!r}.")
    by_scene = {name: _checked(table, f"{path}: [scene.{name}] ", ("scene", "both")) for name, table in tables.items()}
    return _checked(whole, f"{path}: ", ("top", "both")), by_scene


def _checked(given: Mapping[str, Any], where: str, places: tuple[str, ...]) -> dict[str, Any]:
    allowed = {key.name: key for key in KEYS if key.places in places}
    return {name: checked(_key(name, allowed, where), value, where) for name, value in given.items()}


def _key(name: str, allowed: Mapping[str, Key], where: str) -> Key:
    if name in allowed:
        return allowed[name]
    misplaced = next((key for key in KEYS if key.name == name), None)
    if misplaced is not None:
        top = misplaced.places == "top"
        right = "at the top, not in a scene's table" if top else "in [scene.NAME], not above"
        raise UsageError(f"{where}{name} must stand {right}.")
    hint = did_you_mean(name, [*allowed, "scene"]) or f" There are {', '.join(allowed)}."
    raise UsageError(f"{where}there is no key {name!r}.{hint}")
