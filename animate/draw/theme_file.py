"""Themes of one's own, read from TOML: a file, or a table of ``animate.toml``."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from matplotlib.colors import is_color_like, to_hex, to_rgba

from animate.draw.color_lint import LEAST_CONTRAST, TEXT_CONTRAST, below, faint_colors, remedy, suggested_colors
from animate.draw.fonts import bold_beside, family_of, has_bold
from animate.draw.settings import BOTH_THEMES
from animate.draw.theme import ROLES, THEMES, Theme
from animate.draw.toml_file import read_toml
from animate.errors import UsageError, did_you_mean

SUFFIX = ".toml"
FILE_KEYS = ("font", "bold_font", "logo")
"""The keys that name files."""
FONT_KEYS = ("font", "bold_font")
THEME_KEYS = ("base", *FILE_KEYS, "surface", *(role for role in ROLES if role != "surface_low"))


def find_theme(theme: str | Theme) -> Theme:
    """Return a theme by its name, or the one in a TOML file.

    Parameters
    ----------
    theme : str or Theme
        ``light``, ``dark``, the path of a file whose keys `theme_of` describes, or the theme itself. Its fonts can be
        used from now on.

    Raises
    ------
    UsageError
        If there is no such theme, or the file has an unknown key, no color, or a color that cannot be read on the
        background.
    """
    if isinstance(theme, Theme):
        for file in theme.font_files:
            family_of(Path(file))
        return theme
    if theme in THEMES:
        return THEMES[theme]
    if theme == BOTH_THEMES:
        raise UsageError(
            "theme must be one theme here; got 'both'. Both at once are for animate render, in .svg and .html files."
        )
    path = Path(theme)
    if path.suffix != SUFFIX:
        known = (*THEMES, f"FILE{SUFFIX}")
        raise UsageError(f"theme must be one of {', '.join(known)}; got {theme!r}.{did_you_mean(theme, THEMES)}")
    try:
        return _read(path, path.stat().st_mtime_ns)
    except OSError as error:
        raise UsageError(f"theme must be a file that can be read; got {theme!r}: {error.strerror}.") from None


@lru_cache(16)
def _read(path: Path, _changed: int) -> Theme:
    return theme_of(read_toml(path), path.stem, str(path), path.resolve().parent)


def theme_of(entries: Mapping[str, Any], name: str, place: str, folder: Path) -> Theme:
    """Return the theme that a table describes.

    Parameters
    ----------
    entries : mapping
        The keys are the roles of `Theme`, each a color; ``base``, the theme whose colors the others are (``light`` if
        not given); ``font``, ``bold_font`` and ``logo``, the paths of font files and of a PNG from the folder;
        ``surface``, three colors.
    name : str
    place : str
        Stands in messages: the file, or the table in it.
    folder : Path

    Raises
    ------
    UsageError
        If a key is unknown, or a value cannot be used.
    """
    _check_keys(entries, place)
    base = entries.get("base", "light")
    if not isinstance(base, str) or base not in THEMES:
        hint = did_you_mean(str(base), THEMES)
        raise UsageError(f"base in {place} must be one of {', '.join(THEMES)}; got {base!r}.{hint}")
    files = {key: _file(place, key, entries[key], folder) for key in FILE_KEYS if key in entries}
    families = {key: family_of(files[key], f"{key} in {place}") for key in FONT_KEYS if key in files}
    values: dict[str, Any] = {role: _color(place, role, color) for role, color in entries.items() if role in ROLES}
    if "surface" in entries:
        values["surface"] = _surface(place, entries["surface"])
    font_files = [files[key] for key in families]
    if "font" in files and "bold_font" not in files:
        font_files += _bold_file(files["font"], families["font"], place)
    values |= {**families, "font_files": tuple(map(str, font_files))}
    values |= {"name": name, "logo": str(files.get("logo", ""))}
    theme = replace(THEMES[base], **values)
    if faint := faint_colors(theme):
        raise UsageError(
            " ".join(
                [
                    *_blame(place, theme, faint, entries),
                    _remedy(theme, base, values, keeps_base=set(faint) <= set(values)),
                ]
            )
        )
    return theme


def _check_keys(entries: Mapping[str, Any], place: str) -> None:
    for key in entries:
        if key == "theme":
            raise UsageError(f"the keys of {place} must stand at its top, without the head of a table; got [theme].")
        if key not in THEME_KEYS:
            raise UsageError(
                f"a key of {place} must be a role of the theme, base, font, bold_font, logo or surface; got {key!r}."
                f"{did_you_mean(key, THEME_KEYS)}"
            )


def _bold_file(file: Path, family: str, place: str) -> list[Path]:
    """Return the file of the bold face beside a font, which can be used from now on; warn if no bold face is known."""
    found = bold_beside(file, family)
    if found is not None:
        family_of(found)
        has_bold.cache_clear()
    elif not has_bold(family):
        warnings.warn(
            f"{family} has no bold face beside {str(file)!r}, so titles are no bolder than other words; name one with "
            f"bold_font in {place}.",
            stacklevel=2,
        )
    return [] if found is None else [found]


def _surface(place: str, colors: Any) -> tuple[str, ...]:
    if not (isinstance(colors, list | tuple) and len(colors) == 3):
        raise UsageError(f"surface in {place} must be three colors, lowest loss first; got {colors!r}.")
    return tuple(_color(place, "surface", color) for color in colors)


def _file(place: str, key: str, file: Any, folder: Path) -> Path:
    if not isinstance(file, str) or not file:
        kind = "a PNG file" if key == "logo" else "a font file"
        raise UsageError(f"{key} in {place} must be the path of {kind}; got {file!r}.")
    path = (folder / file).resolve()  # one file has one path, whatever the way to it
    if key == "logo" and (not path.is_file() or not _is_png(path)):
        found = "is no PNG" if path.is_file() else "is a folder" if path.is_dir() else "does not exist"
        raise UsageError(f"logo in {place} must be the path of a PNG file; {str(path)!r} {found}.")
    return path


def _is_png(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x89PNG"


def _color(place: str, role: str, color: Any) -> str:
    if not isinstance(color, str) or not is_color_like(color):
        raise UsageError(f"{role} in {place} must be a color such as '#1f2933'; got {color!r}.")
    if to_rgba(color)[3] < 1:
        raise UsageError(
            f"{role} in {place} must be an opaque color such as {to_hex(color)!r}; got {color!r}. Only the background "
            "can be left out, with --transparent."
        )
    return to_hex(color)


def _blame(place: str, theme: Theme, faint: Mapping[str, float], entries: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence on the colors that a file names and one on those of the package, of each least contrast."""
    for least in dict.fromkeys(LEAST_CONTRAST[role] for role in faint):
        roles = [role for role in faint if LEAST_CONTRAST[role] == least]
        own = [role for role in roles if role in entries]
        if own:
            found = ", ".join(f"{theme.color(role)} with {below(faint[role], least, 2)}:1" for role in own)
            yield f"{', '.join(own)} in {place} must have a contrast of {least:g}:1 to the background; got {found}."
        if built_in := [role for role in roles if role not in entries]:
            is_all = len(built_in) == sum(one == TEXT_CONTRAST for one in LEAST_CONTRAST.values())
            kind = "color of" if len(built_in) == 1 else "colors of"
            names = "all texts and marks" if is_all else ", ".join(built_in)
            yield (
                f"The built-in {kind} {names} must have a contrast of "
                f"{least:g}:1 to the background too; in {place} that is {theme.background}."
            )


def _remedy(theme: Theme, base: str, values: Mapping[str, Any], *, keeps_base: bool) -> str:
    """Return what to write: colors that pass together, or the other base where that takes fewer changes."""
    wanted = suggested_colors(theme)
    other = next(name for name in THEMES if name != base)
    from_other = {} if keeps_base else {"base": other, **suggested_colors(replace(THEMES[other], **values))}
    return remedy(from_other if from_other and len(from_other) < len(wanted) else wanted)
