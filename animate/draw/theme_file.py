"""Themes of one's own, read from TOML files."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from matplotlib.colors import is_color_like, to_hex

from animate.draw.color_vision import TEXT_CONTRAST, TEXT_ROLES
from animate.draw.fonts import family_of
from animate.draw.theme import ROLES, THEMES, Theme, contrast
from animate.errors import UsageError, did_you_mean

SUFFIX = ".toml"
_KEYS = ("base", "font", "bold_font", "surface", *(role for role in ROLES if role != "surface_low"))


def find_theme(name: str) -> Theme:
    """Return a theme by its name, or the one in a TOML file.

    Parameters
    ----------
    name : str
        ``light``, ``dark``, or the path of a file. Its keys are the roles of `Theme`, each a color; ``base``, the theme
        whose colors the others are (``light`` if not given); ``font`` and ``bold_font``, the paths of font files from
        the folder of the theme; ``surface``, three colors.

    Raises
    ------
    UsageError
        If there is no such theme, or the file has an unknown key, no color, or a color that cannot be read on the
        background.
    """
    if name in THEMES:
        return THEMES[name]
    path = Path(name)
    if path.suffix != SUFFIX:
        known = (*THEMES, f"FILE{SUFFIX}")
        raise UsageError(f"theme must be one of {', '.join(known)}; got {name!r}.{did_you_mean(name, THEMES)}")
    try:
        return _read(path, path.stat().st_mtime_ns)
    except OSError as error:
        raise UsageError(f"theme must be a file that can be read; got {name!r}: {error.strerror}.") from None


@lru_cache(16)
def _read(path: Path, _changed: int) -> Theme:
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} must be a TOML file: {error}.") from None
    for key in entries:
        if key not in _KEYS:
            raise UsageError(f"a key of {path} must be a role of the theme, base, font or surface; got {key!r}."
                             f"{did_you_mean(key, _KEYS)}")  # fmt: skip
    base = entries.pop("base", "light")
    if base not in THEMES:
        hint = did_you_mean(str(base), THEMES)
        raise UsageError(f"base in {path} must be one of {', '.join(THEMES)}; got {base!r}.{hint}")
    families = [_family(path, key, entries.pop(key)) for key in ("bold_font", "font") if key in entries]
    surface = entries.pop("surface", THEMES[base].surface)
    if not (isinstance(surface, list | tuple) and len(surface) == 3):
        raise UsageError(f"surface in {path} must be three colors, lowest loss first; got {surface!r}.")
    low, middle, high = (_color(path, "surface", color) for color in surface)
    colors = {role: _color(path, role, color) for role, color in entries.items()}
    theme = replace(
        THEMES[base],
        **colors,
        name=path.stem,
        surface=(low, middle, high),
        font=families[-1] if families else "",
    )
    for role in TEXT_ROLES:
        _check_contrast(path, theme, role)
    return theme


def _family(path: Path, key: str, file: Any) -> str:
    if not isinstance(file, str):
        raise UsageError(f"{key} in {path} must be the path of a font file; got {file!r}.")
    return family_of(path.parent / file)


def _color(path: Path, role: str, color: Any) -> str:
    if not isinstance(color, str) or not is_color_like(color):
        raise UsageError(f"{role} in {path} must be a color such as '#1f2933'; got {color!r}.")
    return to_hex(color)


def _check_contrast(path: Path, theme: Theme, role: str) -> None:
    """Raise UsageError, with the nearest color that passes, if texts of a role are too faint."""
    found = contrast(theme.color(role), theme.background)
    if found >= TEXT_CONTRAST:
        return
    end = max(("#000000", "#ffffff"), key=lambda color: contrast(color, theme.background))
    mixtures = (replace(theme, ink=end).tint(role, 1 - share / 100, on="ink") for share in range(101))
    nearest = next(color for color in mixtures if contrast(color, theme.background) >= TEXT_CONTRAST)
    raise UsageError(
        f"{role} in {path} must have a contrast of {TEXT_CONTRAST:g}:1 to the background; got {theme.color(role)} with "
        f"{found:.2f}:1. The nearest that passes is {nearest}."
    )
