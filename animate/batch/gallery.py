"""The page that shows all of a build: one file beside the media, without network and without a framework."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from animate.atomic_files import write_atomic
from animate.batch.embed import FORMATS, IMAGE_FORMATS, VIDEO_FORMATS, animations, media_of
from animate.batch.manifest import File, Manifest, SceneEntry, Value
from animate.batch.snippets import LANGUAGES, snippet
from animate.draw.theme import THEMES, Theme
from animate.film.budget import readable

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
ICONS = (
    '<svg viewBox="0 0 20 20" aria-hidden="true"><path class="start" d="M4 1.5v17l15-8.5z"/>'
    '<path class="stop" d="M2 2h16v16H2z"/></svg>'
)
# before anything is drawn, so that a chosen theme does not flash
EARLY = """document.documentElement.classList.add("script");
try {
  const kept = localStorage.getItem("theme");
  if (kept === "light" || kept === "dark") document.documentElement.dataset.theme = kept;
} catch { /* not allowed here */ }"""


def write_gallery(manifest: Manifest, folder: str | Path, *, title: str = "Animated explainers") -> Path:
    """Write the page of a build as ``index.html``, and return its path; it is not touched where nothing changed.

    Parameters
    ----------
    manifest : Manifest
    folder : str or Path
        Where the manifest's files lie.
    title : str
        The heading.

    Raises
    ------
    EncodeError
        If it cannot be written.
    """
    path = Path(folder) / NAME
    write_atomic(path, gallery(manifest, title).encode(errors="replace"))
    return path


def gallery(manifest: Manifest, title: str = "Animated explainers") -> str:
    """Return the page of a build as HTML; the same manifest gives the same page."""
    scenes = [entry for entry in manifest.scenes if entry.files or entry.problem]
    shown = {entry.id: _data(entry) for entry in scenes if animations(entry.files)}
    n_scenes = f"{len(scenes)} scene{'' if len(scenes) == 1 else 's'}"
    lines = [
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta name="generator" content="animate {escape(manifest.animate)}">',
        f'<title>{escape(title)}</title><link rel="icon" href="data:,">',
        f"<style>{colors()}\n{_beside('gallery.css')}</style><script>{EARLY}</script></head><body>",
        f'<header><h1>{escape(title)}</h1><p class="about">{n_scenes}. Each plays when you ask it to.</p></header>',
        _bar(),
        '<main><p class="none" role="status" hidden></p>',
        *(line for entry in scenes for line in _card(entry)),
        "</main>",
        f"<footer><p>{_keys()}</p></footer>",
        f'<script type="application/json" id="scenes">{_json(shown)}</script>',
        f"<script>{_beside('gallery.js')}</script></body></html>",
    ]
    return "\n".join(lines) + "\n"


def _bar() -> str:
    choices = "".join(
        f'<label><input type="radio" name="theme" value="{value}">{name}</label>'
        for value, name in (("auto", "Auto"), ("light", "Light"), ("dark", "Dark"))
    )
    return (
        '<div class="bar" role="search"><label class="aside" for="search">Search the scenes</label>'
        '<input type="search" id="search" placeholder="Search" autocomplete="off" spellcheck="false">'
        '<span class="count" role="status"></span>'
        f'<fieldset class="theme"><legend class="aside">Colors</legend>{choices}</fieldset></div>'
    )


def _keys() -> str:
    meanings = {"/": "search", "← →": "from scene to scene", "Enter": "play", "Esc": "stop"}
    told = ", ".join(
        " ".join(f"<kbd>{key}</kbd>" for key in keys.split()) + f" {meaning}" for keys, meaning in meanings.items()
    )
    return f'<span class="keys">Keys: {told}. </span>Made with animate.'


def _card(entry: SceneEntry) -> Iterator[str]:
    title = entry.title or entry.question or entry.id
    find = escape(" ".join([entry.id, entry.id.replace("_", " "), title, entry.question]))
    yield f'<article class="scene" id="{escape(entry.id)}" data-find="{find}">'
    moving = _firsts(animations(entry.files))
    shown = next(iter(moving or entry.having("animation")), None)
    if shown is not None:
        yield from _stage(entry, shown, title)
    yield f"<h2>{escape(title)}</h2>"
    if entry.question and entry.question.casefold() != title.casefold():
        yield f'<p class="question">{escape(entry.question)}</p>'
    yield _meta(entry, shown)
    if entry.problem:
        yield f'<p class="problem"><strong>Failed:</strong> {escape(entry.problem)}</p>'
    yield from _files(list(entry.having("animation")))
    if entry.parameters:
        yield from _parameters(entry.parameters)
    if moving:
        yield from _embed(entry, moving[0])
    yield "</article>"


def _stage(entry: SceneEntry, file: File, title: str) -> Iterator[str]:
    """Yield the still of each theme, of which one is shown, and the button that plays what plays here."""
    yield f'<div class="stage" style="aspect-ratio: {file.width or 16} / {file.height or 9}">'
    stills = {still.theme: still for still in _firsts(list(entry.having("poster")))}
    for theme, still in stills.items():
        only = f' class="on-{theme}"' if len(stills) > 1 else ""
        size = f'width="{still.width}" height="{still.height}"'
        yield f'<img{only} src="{quote(still.path)}" alt="{escape(entry.alt or title)}" {size} loading="lazy">'
    if file.format in FORMATS:
        label = escape(f"Play: {title}")
        yield f'<button type="button" class="play" aria-pressed="false" aria-label="{label}">{ICONS}</button>'
    yield "</div>"


def _meta(entry: SceneEntry, shown: File | None) -> str:
    said = [f"<code>{escape(entry.id)}</code>"]
    if shown is not None:
        duration = entry.duration or shown.duration
        said += [f"<span>{duration:.1f} s</span>"] if duration else []
        said.append(f"<span>{shown.width} × {shown.height}</span>")
    return f'<p class="meta">{"".join(said)}</p>'


def _files(files: Sequence[File]) -> Iterator[str]:
    """Yield links to the files of the first size and theme, and those of the others in a table."""
    looks: dict[tuple[str, str], list[str]] = {}
    for file in files:
        looks.setdefault((f"{file.width} × {file.height}", file.theme), []).append(_link(file))
    for links in list(looks.values())[:1]:
        yield f'<p class="files">{"".join(links)}</p>'
    if len(looks) > 1:
        yield "<details><summary>Other sizes and colors</summary><table><thead><tr>"
        yield '<th scope="col">Size</th><th scope="col">Colors</th><th scope="col">Files</th></tr></thead><tbody>'
        for (size, theme), links in list(looks.items())[1:]:
            yield f'<tr><td class="size">{size}</td><td>{theme}</td><td class="files">{"".join(links)}</td></tr>'
        yield "</tbody></table></details>"


def _link(file: File) -> str:
    name = FORMAT_NAMES.get(file.format, file.format.upper())
    return f'<span><a href="{quote(file.path)}">{name}</a> {readable(file.bytes)}</span>'


def _parameters(parameters: Sequence[Value]) -> Iterator[str]:
    yield "<details><summary>Parameters</summary><table><thead><tr>"
    yield '<th scope="col">Name</th><th scope="col">Value</th><th scope="col">Meaning</th></tr></thead><tbody>'
    for one in parameters:
        was = f'<span class="was">default {escape(_value(one.default))}</span>' if one.value != one.default else ""
        allowed = f'<span class="range">{escape(_allowed(one))}</span>' if _allowed(one) else ""
        yield (
            f'<tr><th scope="row">{escape(one.name).replace("_", "_<wbr>")}</th>'
            f'<td class="value">{escape(_value(one.value))}{was}</td><td>{escape(one.help)}{allowed}</td></tr>'
        )
    yield "</tbody></table></details>"


def _value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(_value, value))
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "none"}[value]
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text.replace("-", "−") if isinstance(value, int | float) else text


def _allowed(parameter: Value) -> str:
    if parameter.choices:
        return " or ".join(parameter.choices)
    if parameter.range:
        return f"{_value(parameter.range['low'])} to {_value(parameter.range['high'])}"
    return ""


def _embed(entry: SceneEntry, file: File) -> Iterator[str]:
    options = "".join(f'<option value="{name}">{LANGUAGE_NAMES[name]}</option>' for name in LANGUAGES)
    title = escape(entry.title or entry.question or entry.id)
    yield '<details><summary>Embed</summary><div class="embed">'
    yield f'<label><span class="aside">Language of the snippet for {title}</span>'
    yield f'<select autocomplete="off">{options}</select></label>'
    yield '<button type="button" class="copy" aria-live="polite">Copy</button>'
    code = escape(snippet(media_of(entry, file), "html"), quote=False)
    yield f'<pre tabindex="0" aria-label="Snippet"><code>{code}</code></pre></div></details>'


def _data(entry: SceneEntry) -> dict[str, Any]:
    """Return what the page's script needs of a scene."""
    moving = _firsts(animations(entry.files))
    media = media_of(entry, moving[0])
    return {
        "title": entry.title or entry.question or entry.id,
        "alt": media.alt,
        "captions": [list(caption) for caption in entry.captions if caption.end > caption.start],
        "media": {theme: _sources(moving, theme) for theme in dict.fromkeys(file.theme for file in moving)},
        "snippets": {language: snippet(media, language) for language in LANGUAGES},
    }


def _sources(moving: Sequence[File], theme: str) -> dict[str, Any]:
    found = {file.format: quote(file.path) for file in moving if file.theme == theme}
    videos = [[found[format_], type_] for format_, type_ in VIDEO_FORMATS.items() if format_ in found]
    return {"videos": videos, "image": next((found[format_] for format_ in IMAGE_FORMATS if format_ in found), "")}


def _firsts(files: Sequence[File]) -> list[File]:
    """Return the first file of each theme and format: a scene's first size has the plain name."""
    found: dict[tuple[str, str], File] = {}
    for file in files:
        found.setdefault((file.theme, file.format), file)
    return list(found.values())


def colors() -> str:
    """Return the rules of CSS that give the colors of both themes as variables."""
    light, dark = (_variables(THEMES[name]) for name in ("light", "dark"))
    hidden = ".on-{} {{ display: none }}"
    return "\n".join(
        [
            f":root {{ {light} }}",
            ':root[data-theme="light"] ' + hidden.format("dark"),
            f':root[data-theme="dark"] {{ {dark} }}',
            ':root[data-theme="dark"] ' + hidden.format("light"),
            f"@media (prefers-color-scheme: dark) {{ :root:not([data-theme]) {{ {dark} }} "
            f":root:not([data-theme]) {hidden.format('light')} }}",
            f"@media not (prefers-color-scheme: dark) {{ :root:not([data-theme]) {hidden.format('dark')} }}",
        ]
    )


def _variables(theme: Theme) -> str:
    colors: Mapping[str, str] = {
        "background": theme.background,
        "ink": theme.ink,
        "muted": theme.muted,
        "rule": theme.rule,
        "error": theme.error,
        "accent": theme.fourth,
        "edge-color": theme.tint("muted", 0.85),
        "wash": theme.tint("rule", 0.3),
    }
    return "; ".join(f"--{name}: {color}" for name, color in colors.items())


def _json(value: object) -> str:
    # in a page, </script> and <!-- would end the data
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _beside(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")
