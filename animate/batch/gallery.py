"""The gallery: one HTML page beside the files of a build that shows every scene."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from animate.atomic_files import write_atomic
from animate.batch.embed import SNIPPETS, embeddable, media_of, snippet
from animate.batch.manifest import File, Manifest, SceneEntry, Value
from animate.film.budget import readable
from animate.web.pages import render

NAME = "index.html"
LANGUAGE_NAMES = {
    "html": "HTML",
    "markdown": "Markdown",
    "rst": "reStructuredText",
    "hugo": "Hugo",
    "jekyll": "Jekyll",
    "github": "GitHub README",
}
FORMAT_NAMES = {"webm": "WebM", "webp": "WebP", "html": "Page"}


def write_gallery(manifest: Manifest, folder: str | Path, *, title: str = "Animated explainers") -> Path:
    """Write the gallery of a build and return its path, ``index.html`` in *folder*.

    A page that already has these bytes is not touched.

    Parameters
    ----------
    folder : str or Path
        The folder of the manifest's files.

    Raises
    ------
    EncodeError
        If the page cannot be written.
    """
    path = Path(folder) / NAME
    write_atomic(path, gallery_page(manifest, title).encode(errors="replace"))
    return path


def gallery_page(manifest: Manifest, title: str = "Animated explainers") -> str:
    """Return the gallery of a build as HTML; equal manifests give equal pages."""
    cards = [_card(entry) for entry in manifest.scenes if entry.files or entry.problem]
    return render(
        "gallery/page.html",
        title=title,
        version=manifest.animate,
        cards=cards,
        data={card["id"]: card["data"] for card in cards if card["plays"]},
        languages=LANGUAGE_NAMES,
        names=FORMAT_NAMES,
        readable=readable,
    )


def _card(entry: SceneEntry) -> dict[str, Any]:
    """Return what the template shows of a scene."""
    title = entry.title or entry.question or entry.id
    moving = _first_of_each(embeddable(entry.files))
    pages = _first_of_each([file for file in entry.having("animation") if file.format == "html"])
    swept = [text.partition("=")[0] for text in entry.settings.get("sweep", ())] if pages else []
    shown = next(iter(moving or entry.having("animation")), None)
    return {
        "id": entry.id,
        "title": title,
        "question": entry.question if entry.question.casefold() != title.casefold() else "",
        "alt": entry.alt,
        "find": " ".join([entry.id, entry.id.replace("_", " "), title, entry.question]),
        "shown": shown,
        "plays": bool(moving or pages),
        "stills": list({still.theme: still for still in _first_of_each(list(entry.having("poster")))}.values()),
        "duration": entry.duration or (shown.duration if shown is not None else 0.0),
        "problem": entry.problem,
        "looks": _looks(list(entry.having("animation"))),
        "parameters": [_parameter(one, is_swept=one.name in swept) for one in entry.parameters],
        "data": _script_data(entry, title, moving) | {"pages": {page.theme: _address(page) for page in pages}},
    }


def _looks(files: Sequence[File]) -> list[dict[str, Any]]:
    """Return the files grouped by size and theme."""
    groups: dict[tuple[str, str], list[File]] = {}
    for file in files:
        groups.setdefault((f"{file.width} × {file.height}", file.theme), []).append(file)
    return [{"size": size, "theme": theme, "files": found} for (size, theme), found in groups.items()]


def _parameter(one: Value, *, is_swept: bool) -> dict[str, str]:
    allowed = " or ".join(one.choices)
    if one.range and not allowed:
        allowed = f"{_value_text(one.range['low'])} to {_value_text(one.range['high'])}"
    values = {"value": _value_text(one.value), "default": _value_text(one.default)}
    place = "chosen in the page" if is_swept else ""
    return {"name": one.name, "help": one.help, "allowed": allowed, "place": place, **values}


def _value_text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(_value_text, value))
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "none"}[value]
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text.replace("-", "−") if isinstance(value, int | float) else text


def _script_data(entry: SceneEntry, title: str, moving: Sequence[File]) -> dict[str, Any]:
    """Return what the page's script needs of a scene, and of the files that move in `<video>` and `<img>`."""
    data = {
        "title": title,
        "alt": entry.alt,
        "captions": [[one.start, one.end, one.text] for one in entry.captions if one.end > one.start],
        "media": {},
        "snippets": {},
    }
    if not moving:
        return data
    media = media_of(entry, moving[0])
    return data | {
        "alt": media.alt,
        "media": {
            theme: {"videos": media.sources(theme), "image": files.get("svg") or media.image(theme)}
            for theme, files in media.files.items()
        },
        "snippets": {language: snippet(media, language) for language in SNIPPETS},
    }


def _address(file: File) -> str:
    return quote(os.fsencode(file.path))  # a file name need not be valid Unicode


def _first_of_each(files: Sequence[File]) -> list[File]:
    """Return the first file of each theme and format: the one of the scene's first size."""
    found: dict[tuple[str, str], File] = {}
    for file in files:
        found.setdefault((file.theme, file.format), file)
    return list(found.values())
