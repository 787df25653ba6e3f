"""Snippets that show a scene in someone's page, and the files they name.

The snippets need no script:

- ``<video>`` with the smaller format first. Each ``<source>`` has a media query for its theme and for motion being
  welcome. Under reduced motion no source matches, so nothing is loaded and nothing moves, and the poster stays, even
  where a site strips ``<style>``. Where the style stays, the reader sees the still in their theme, linked to the video.
- ``<picture>`` does the same with a moving image and the still. After an AVIF or a WebP it names the WebP and the GIF
  beside it, for browsers that show no AVIF or no WebP. Pictures follow a change of theme at once, videos when
  the page is loaded again.
- Markdown, reStructuredText and Hugo have one image each: they ask for neither theme nor motion.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from urllib.parse import quote

from animate.batch.manifest import NAME as MANIFEST
from animate.batch.manifest import File, ManifestError, Role, SceneEntry, read_manifest
from animate.draw.settings import BOTH_THEMES
from animate.errors import UsageError, did_you_mean

VIDEO_FORMATS = {"webm": "video/webm", "mp4": "video/mp4", "m4v": "video/mp4"}
"""Formats that ``<video>`` plays, the smaller first, and their media types."""
IMAGE_FORMATS = {
    "gif": "image/gif", "webp": "image/webp", "apng": "image/apng", "avif": "image/avif", "svg": "image/svg+xml",
}  # fmt: skip
"""Formats that move in ``<img>``, the most widely supported first, and their media types."""
FALLBACKS = ("avif", "webp", "gif")
"""Formats of which each stands in for the one before it, where a browser cannot show that."""
EMBEDDABLE = (*VIDEO_FORMATS, *IMAGE_FORMATS)


@dataclass(frozen=True, kw_only=True)
class Media:
    """The files of one scene at one size, by the addresses at which a page finds them.

    Parameters
    ----------
    width, height : int
        Pixels.
    files : mapping
        By theme, addresses by format. The first theme is the one for readers whose preference is unknown.
    posters : mapping
        By theme, the address of the still.
    captions : str
        The address of the WebVTT file; "" if there is none.
    preferred : str
        The format the user named; it comes before other image formats.
    described : bool
        Whether someone wrote ``alt``; False if it is only the file's name.
    """

    alt: str
    width: int
    height: int
    files: Mapping[str, Mapping[str, str]]
    posters: Mapping[str, str]
    captions: str = ""
    preferred: str = ""
    described: bool = True

    @property
    def one_line_alt(self) -> str:
        """Return the alternative text without line breaks."""
        return " ".join(self.alt.split())

    @property
    def first(self) -> str:
        """Return the theme for readers whose preference is unknown."""
        return next(iter(self.files))

    @property
    def themes(self) -> tuple[str, ...]:
        """Return the themes with the first one last: a browser takes the first source that matches."""
        first, *others = self.files
        return (*others, first)

    def sources(self, theme: str) -> list[tuple[str, str]]:
        """Return address and media type of a theme's videos, in the order in which a browser should try them."""
        found = self.files.get(theme, {})
        return [(found[format_], type_) for format_, type_ in VIDEO_FORMATS.items() if format_ in found]

    def image(self, theme: str) -> str:
        """Return the address of a theme's moving image, or ""."""
        found = self.files.get(theme, {})
        order = sorted(IMAGE_FORMATS, key=lambda format_: format_ != self.preferred)
        return next((found[format_] for format_ in order if format_ in found), "")

    def images(self, theme: str) -> list[tuple[str, str]]:
        """Return address and media type of a theme's moving image and of those that stand in for it."""
        found, first = self.files.get(theme, {}), self.image(theme)
        named = next((format_ for format_ in IMAGE_FORMATS if found.get(format_) == first), "")
        others = FALLBACKS[FALLBACKS.index(named) + 1 :] if named in FALLBACKS else ()
        return [(found[format_], IMAGE_FORMATS[format_]) for format_ in (named, *others) if format_ in found]

    @property
    def any_video(self) -> str:
        """Return the address of the video that most browsers play, or ""."""
        sources = self.sources(self.first)
        return sources[-1][0] if sources else ""


def find_media(path: str | Path, *, base: str | None = None, alt: str | None = None) -> Media:
    """Return what a page can embed of the scene that a file shows.

    Parameters
    ----------
    path : str or Path
        A video or a moving image that `animate` wrote; the scene's other files are looked for beside it.
    base : str, optional
        The beginning of every address; the file's folder by default.
    alt : str, optional
        The alternative text; by default the manifest's, else the one that the file stores, else the file's name.

    Raises
    ------
    UsageError
        If there is no such file, or its format cannot be embedded.
    EncodeError
        If the file cannot be decoded.
    """
    path = Path(path)
    _check(path)
    entry = _entry_beside(path) or _entry_by_names(path)
    shown = next(file for file in embeddable(entry.files) if file.path == path.name)
    there = tuple(file for file in entry.files if (path.parent / file.path).is_file())
    media = media_of(entry, shown, files=there, base=_folder(path) if base is None else base)
    return media if alt is None else replace(media, alt=alt, described=True)


def media_of(entry: SceneEntry, shown: File, *, files: Iterable[File] | None = None, base: str = "") -> Media:
    """Return what a page can embed of a scene, at the size of one of its files.

    Parameters
    ----------
    shown : File
        The animation to show; its format is preferred.
    files : iterable of File, optional
        The scene's files that exist; all of the entry's by default.
    base : str
        The beginning of every address.
    """
    known = list(entry.files if files is None else files)
    same = [file for file in known if (file.width, file.height) == (shown.width, shown.height)]
    plain = next(file.theme for file in [*embeddable(known), shown] if file.format == shown.format)
    address = partial(_address, base)
    by_theme = {
        theme: {file.format: address(file.path) for file in same if file.role == "animation" and file.theme == theme}
        for theme in dict.fromkeys([plain, *(file.theme for file in same)])
    }
    text = entry.alt or entry.question or entry.title
    return Media(
        alt=text or entry.id,
        described=bool(text),
        width=shown.width,
        height=shown.height,
        files={theme: found for theme, found in by_theme.items() if found},
        posters={file.theme: address(file.path) for file in same if file.role == "poster"},
        captions=next((address(file.path) for file in known if file.role == "captions"), ""),
        preferred=shown.format,
    )


def embeddable(files: Iterable[File]) -> list[File]:
    """Return the animations among *files* that a page can embed."""
    return [file for file in files if file.role == "animation" and file.format in EMBEDDABLE]


def _address(base: str, path: str) -> str:
    folder = base if not base or base.endswith("/") else f"{base}/"
    # as bytes: a file name need not be valid Unicode
    return quote(os.fsencode(folder), safe=":/%@~") + quote(os.fsencode(path))


def _folder(path: Path) -> str:
    """Return the address of a file's folder relative to the current one, or "" if it lies outside."""
    folder = Path(os.path.relpath(path.parent)) if path.is_absolute() else path.parent
    inside = ".." not in folder.parts or not path.is_absolute()
    return quote(os.fsencode(folder.as_posix())) if inside and folder != Path() else ""


def _check(path: Path) -> None:
    if path.suffix.lower()[1:] not in EMBEDDABLE:
        listed = ", ".join(f".{format_}" for format_ in EMBEDDABLE)
        raise UsageError(f"the file to embed must be one of {listed}; got {path.name!r}.{_page_hint(path)}")
    if not path.is_file():
        raise UsageError(f"there is no file {str(path)!r} to embed; `animate render` or `animate build` writes one.")


def _page_hint(path: Path) -> str:
    """Return how other pages show a page, if the file is one."""
    if path.suffix.lower() != ".html":
        return ""
    style = "width: 100%; height: 36rem; border: 0"
    return f' Show a page with <iframe src="{_address(_folder(path), path.name)}" style="{style}"></iframe>.'


def _entry_beside(path: Path) -> SceneEntry | None:
    """Return the scene of a file according to the manifest in its folder."""
    try:
        manifest = read_manifest(path.parent / MANIFEST)
    except ManifestError:  # a web app's manifest has this name too
        return None
    return next(
        (entry for entry in manifest.scenes if path.name in {file.path for file in embeddable(entry.files)}), None
    )


def _entry_by_names(path: Path) -> SceneEntry:
    """Return the scene of a file according to the names beside it: NAME.*, NAME-dark.*, NAME-poster.png, NAME.vtt."""
    from animate.film.decode import probe, stored_alt  # Pillow: not needed where a manifest describes the file

    stem = path.stem.removesuffix("-dark").removesuffix("-light")
    other = "light" if any(path.with_name(f"{stem}-light.{format_}").is_file() for format_ in EMBEDDABLE) else "dark"
    themes = {stem: "dark" if other == "light" else "light", f"{stem}-{other}": other}
    written = probe(path)

    def file(name: str, role: Role, format_: str, theme: str) -> File:
        return File(
            path=name, role=role, format=format_, theme=theme, width=written.width, height=written.height
        )  # fmt: skip

    theme = BOTH_THEMES if has_both_themes(path) else themes.get(path.stem, "light")
    named = file(path.name, "animation", path.suffix[1:].lower(), theme)
    possible = [
        *(file(f"{base}.{one}", "animation", one, theme) for base, theme in themes.items() for one in EMBEDDABLE),
        *(file(f"{base}-poster.png", "poster", "png", theme) for base, theme in themes.items()),
        File(path=f"{stem}.vtt", role="captions", format="vtt"),
    ]
    there = [named if one.path == path.name else one for one in possible if (path.parent / one.path).is_file()]
    if path.suffix != f".{named.format}":  # a suffix in capitals is none of the possible names
        there.append(named)
    animations = [path, *(path.parent / one.path for one in there if one.role == "animation")]
    alt = next(filter(None, map(stored_alt, animations)), "")  # ffmpeg writes none into an AVIF
    return SceneEntry(name=" ".join(stem.replace("_", " ").split()), alt=alt, files=tuple(there))


def has_both_themes(path: Path) -> bool:
    """Return whether an animated SVG has a second theme for readers of dark pages."""
    return path.suffix.lower() == ".svg" and b"@media(prefers-color-scheme:dark){" in path.read_bytes()


def snippet(media: Media, language: str = "html") -> str:
    """Return the snippet that embeds a scene.

    Parameters
    ----------
    language : str
        A key of `SNIPPETS`.

    Raises
    ------
    UsageError
        If there is no such language.

    Examples
    --------
    >>> files = {"light": {"gif": "sgd.gif"}}
    >>> print(snippet(Media(alt="Two paths", width=64, height=48, files=files, posters={}), "markdown"), end="")
    ![Two paths](sgd.gif)
    """
    if language not in SNIPPETS:
        hint = did_you_mean(language, SNIPPETS) or (
            " Editors without HTML, such as Medium, take the GIF itself, and as alternative text that of `--json`."
        )
        raise UsageError(f"the language of a snippet must be one of {', '.join(SNIPPETS)}; got {language!r}.{hint}")
    return SNIPPETS[language](media) + "\n"


def _part(name: str, media: Media, *arguments: str) -> str:
    from animate.web.pages import macro  # Jinja2: Markdown and Hugo's figure do without

    return macro("embed/snippets.html", name, media, *arguments).rstrip("\n")


def _html(media: Media) -> str:
    return _part("video", media) if media.sources(media.first) else _part("responsive_picture", media)


def _markdown(media: Media) -> str:
    alt, still = re.sub(r"([\\`*_\[\]<>&|~$!])", r"\\\1", media.one_line_alt), media.posters.get(media.first, "")
    if image := media.image(media.first):
        return f"![{alt}]({image})"
    return f"[![{alt}]({still})]({media.any_video})" if still else f"[{alt}]({media.any_video})"


def _rst(media: Media) -> str:
    image, video = media.image(media.first), media.any_video
    if image and (media.preferred not in VIDEO_FORMATS or not video):
        options = {"alt": media.one_line_alt, "width": f"{media.width}px", "target": video}
        lines = [f"   :{option}: {value}" for option, value in options.items() if value]
        return "\n".join([f".. image:: {image}", *lines])
    return "\n".join([".. raw:: html", "", *(f"   {line}" for line in _html(media).splitlines())])


def _hugo(media: Media) -> str:
    """Return Hugo's ``figure`` shortcode, since Hugo drops HTML by default; HTML if there is no image."""
    image = media.image(media.first) or media.posters.get(media.first, "")
    if not image:
        return _html(media)
    # Hugo has an escape for a quote, but none for a backslash
    alt = media.one_line_alt.replace("\\", "∖").replace('"', '\\"')
    given = {"src": image, "alt": alt, "width": media.width, "height": media.height, "link": media.any_video}
    return "{{< figure " + " ".join(f'{name}="{value}"' for name, value in given.items() if value) + " >}}"


def _jekyll(media: Media) -> str:
    """Return HTML with addresses from the top of the site: a post's address is not that of its source."""

    def from_top(address: str) -> str:
        return address if "://" in address or address.startswith("/") else f"/{address.removeprefix('./')}"

    braced = _html(media).replace("{{", "&#123;&#123;").replace("{%", "&#123;%")
    return re.sub(
        r'\b(src|srcset|href|poster)="([^"]*)"',
        lambda found: f"{found[1]}=\"{{{{ '{from_top(found[2])}' | relative_url }}}}\"",
        braced,
    )


def _github(media: Media) -> str:
    """Return HTML that GitHub keeps: a picture by theme. GitHub plays no video from a repository."""
    if media.image(media.first):
        return _part("picture", media, "")
    return _part("linked_still", media) if media.posters else _markdown(media)


SNIPPETS: dict[str, Callable[[Media], str]] = {
    "html": _html,
    "markdown": _markdown,
    "rst": _rst,
    "hugo": _hugo,
    "jekyll": _jekyll,
    "github": _github,
}
"""By language, the function that writes its snippet; each escapes text as the language requires."""
