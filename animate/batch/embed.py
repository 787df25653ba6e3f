"""What can be embedded of a scene: its files by theme and format, found through the manifest or by their names."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from urllib.parse import quote

from animate.batch.manifest import NAME as MANIFEST
from animate.batch.manifest import File, ManifestError, SceneEntry, read_manifest
from animate.errors import UsageError

VIDEO_FORMATS = {"webm": "video/webm", "mp4": "video/mp4", "m4v": "video/mp4"}
"""Formats that ``<video>`` plays, the smaller first, and their media types."""
IMAGE_FORMATS = ("gif", "webp", "apng")
"""Formats that move in ``<img>``, the one that plays everywhere first."""
FORMATS = (*VIDEO_FORMATS, *IMAGE_FORMATS)


@dataclass(frozen=True, kw_only=True)
class Media:
    """The files of one scene at one size, by the addresses at which a page finds them.

    Attributes
    ----------
    alt : str
        What it shows, for those who do not see it.
    width, height : int
        Pixels.
    files : mapping
        By theme, addresses by format; the first theme is the one to show where nothing is known of the reader.
    posters : mapping
        By theme, the address of the still.
    captions : str
        The address of the WebVTT file; empty where there is none.
    named : str
        The format that was asked for; it comes before others of its kind.
    described : bool
        Whether ``alt`` was written by someone, and is not the file's name.
    """

    alt: str
    width: int
    height: int
    files: Mapping[str, Mapping[str, str]]
    posters: Mapping[str, str]
    captions: str = ""
    named: str = ""
    described: bool = True

    @property
    def themes(self) -> tuple[str, ...]:
        """Return the themes, the first one last: its source is the one without a condition."""
        first, *others = self.files
        return (*others, first)

    def videos(self, theme: str) -> dict[str, str]:
        """Return the addresses of a theme's videos by format, in the order in which a browser shall try them."""
        found = self.files.get(theme, {})
        return {format_: found[format_] for format_ in VIDEO_FORMATS if format_ in found}

    def image(self, theme: str) -> str:
        """Return the address of a theme's moving image, or an empty text."""
        found = self.files.get(theme, {})
        order = sorted(IMAGE_FORMATS, key=lambda format_: format_ != self.named)
        return next((found[format_] for format_ in order if format_ in found), "")

    @property
    def first(self) -> str:
        """Return the theme to show where nothing is known of the reader."""
        return next(iter(self.files))


def find_media(path: str | Path, *, base: str | None = None, alt: str | None = None) -> Media:
    """Return what can be embedded of the scene that a file shows.

    Parameters
    ----------
    path : str or Path
        A video or a moving image that `animate` wrote. The others of the scene lie beside it.
    base : str, optional
        What addresses begin with; the file's folder unless given.
    alt : str, optional
        The alternative text; the manifest's unless given, or the file's name where there is none.

    Raises
    ------
    UsageError
        If there is no such file, or it is of another kind.
    EncodeError
        If it cannot be decoded.
    """
    path = Path(path)
    _check(path)
    entry = _entry_beside(path) or _entry_by_names(path)
    shown = next(file for file in animations(entry.files) if file.path == path.name)
    there = [file for file in entry.files if (path.parent / file.path).is_file()]
    media = media_of(replace(entry, files=tuple(there)), shown, base=_folder(path) if base is None else base)
    return media if alt is None else replace(media, alt=alt, described=True)


def media_of(entry: SceneEntry, shown: File, *, base: str = "") -> Media:
    """Return what can be embedded of a scene at the size of one of its files, whose theme comes first.

    Parameters
    ----------
    entry : SceneEntry
    shown : File
        One of its animations.
    base : str
        What addresses begin with.
    """
    same = [file for file in entry.files if (file.width, file.height) == (shown.width, shown.height)]
    plain = next(file.theme for file in [*animations(entry.files), shown] if file.format == shown.format)
    themes = dict.fromkeys([plain, *(file.theme for file in same)])
    address = partial(_address, base)
    files = {
        theme: {file.format: address(file.path) for file in same if file.role == "animation" and file.theme == theme}
        for theme in themes
    }
    told = entry.alt or entry.question or entry.title
    return Media(
        alt=told or entry.id,
        described=bool(told),
        width=shown.width,
        height=shown.height,
        files={theme: found for theme, found in files.items() if found},
        posters={file.theme: address(file.path) for file in same if file.role == "poster"},
        captions=next((address(file.path) for file in entry.having("captions")), ""),
        named=shown.format,
    )


def _address(base: str, path: str) -> str:
    """Return the address of a path, percent-encoded, behind a base."""
    folder = base if not base or base.endswith("/") else f"{base}/"
    # as bytes, since names need not be Unicode
    return quote(os.fsencode(folder), safe=":/%@~") + quote(os.fsencode(path))


def _folder(path: Path) -> str:
    """Return the address of a file's folder: from the current folder, or empty where it lies outside."""
    folder = Path(os.path.relpath(path.parent)) if path.is_absolute() else path.parent
    inside = ".." not in folder.parts or not path.is_absolute()
    return quote(os.fsencode(folder.as_posix())) if inside and folder != Path() else ""


def _check(path: Path) -> None:
    suffix = path.suffix.lower()
    if suffix[1:] not in FORMATS:
        listed = ", ".join(f".{format_}" for format_ in FORMATS)
        raise UsageError(f"the file to embed must be one of {listed}; got {path.name!r}.")
    if not path.is_file():
        raise UsageError(f"there is no file {str(path)!r} to embed; `animate render` or `animate build` writes one.")


def _entry_beside(path: Path) -> SceneEntry | None:
    """Return the scene of a file from the manifest in its folder."""
    try:
        manifest = read_manifest(path.parent / MANIFEST)
    except ManifestError:  # a web page has a file of this name, too
        return None
    shown = ((entry, {file.path for file in animations(entry.files)}) for entry in manifest.scenes)
    return next((entry for entry, names in shown if path.name in names), None)


def _entry_by_names(path: Path) -> SceneEntry:
    """Return what the names of the files beside one tell: NAME.*, NAME-dark.*, NAME-poster.png, NAME.vtt."""
    from animate.film.probing import probe  # Pillow: not for a page of what the manifest knows

    stem = path.stem.removesuffix("-dark").removesuffix("-light")
    other = "light" if any(path.with_name(f"{stem}-light.{format_}").is_file() for format_ in FORMATS) else "dark"
    themes = {stem: "dark" if other == "light" else "light", f"{stem}-{other}": other}
    written = probe(path)
    named = File(
        path=path.name,
        role="animation",
        format=path.suffix[1:].lower(),
        theme=themes.get(path.stem, "light"),
        width=written.width,
        height=written.height,
    )
    animations_ = [
        replace(named, path=f"{base}.{format_}", format=format_, theme=theme)
        for base, theme in themes.items()
        for format_ in FORMATS
    ]
    posters = [
        replace(named, path=f"{base}-poster.png", role="poster", format="png", theme=theme)
        for base, theme in themes.items()
    ]
    captions = File(path=f"{stem}.vtt", role="captions", format="vtt")
    there = [file for file in (*animations_, *posters, captions) if (path.parent / file.path).is_file()]
    if path.suffix != f".{named.format}":  # in capitals, as none of these
        there.append(named)
    return SceneEntry(name=" ".join(stem.replace("_", " ").split()), files=tuple(there))


def animations(files: Iterable[File]) -> list[File]:
    """Return the animations among files that a page can play."""
    return [file for file in files if file.role == "animation" and file.format in FORMATS]
