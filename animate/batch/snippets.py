"""Snippets that embed a scene, one row of a table for each language; every text is escaped as its language asks.

What a reader gets, without a script:

- ``<video>`` with the smaller format first. Each ``<source>`` has a media query: its theme, and that motion is not
  unwelcome. Under reduced motion no source is left, so nothing is loaded and nothing moves, even where a site strips
  ``<style>``; the poster stays. Where the style stands, the still is shown instead, in the reader's theme, and leads
  to the video.
- ``<picture>`` does the same with a moving image and the still. A change of theme is followed at once by pictures, by
  videos when the page is loaded anew.
- Markdown, reStructuredText and Hugo know one image each: theme and motion are not asked there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape

from animate.batch.embed import VIDEO_FORMATS, Media
from animate.errors import UsageError, did_you_mean

STYLE = (
    "<style>@media (prefers-reduced-motion: reduce) "
    "{ .animate-motion { display: none } .animate-still[hidden] { display: inline } }</style>"
)
FITS = 'style="max-width: 100%; height: auto"'
CALM = "(prefers-reduced-motion: reduce)"
MOVING = "(prefers-reduced-motion: no-preference)"


def snippet(media: Media, language: str = "html") -> str:
    """Return the snippet that embeds a scene.

    Parameters
    ----------
    media : Media
    language : str
        A key of `LANGUAGES`.

    Raises
    ------
    UsageError
        If there is no such language.
    """
    if language not in LANGUAGES:
        hint = did_you_mean(language, LANGUAGES)
        raise UsageError(f"the language of a snippet must be one of {', '.join(LANGUAGES)}; got {language!r}.{hint}")
    return LANGUAGES[language](media) + "\n"


def html(media: Media) -> str:
    """Return HTML: the video where there is one, else the picture."""
    return "\n".join(_video(media) if media.videos(media.first) else _picture(media, FITS))


def markdown(media: Media) -> str:
    """Return Markdown: the moving image, else the still that leads to the video, else a link."""
    alt, still = _markdown_text(media.alt), media.posters.get(media.first, "")
    image = media.image(media.first)
    if image:
        return f"![{alt}]({image})"
    return f"[![{alt}]({still})]({_any_video(media)})" if still else f"[{alt}]({_any_video(media)})"


def rst(media: Media) -> str:
    """Return reStructuredText: the image where an image was named or there is no video, else raw HTML."""
    image, video = media.image(media.first), _any_video(media)
    if image and (media.named not in VIDEO_FORMATS or not video):
        return _directive("image", image, alt=_plain(media.alt), width=f"{media.width}px", target=video)
    return "\n".join([".. raw:: html", "", *(f"   {line}" for line in html(media).splitlines())])


def hugo(media: Media) -> str:
    """Return Hugo's own ``figure``, since it leaves HTML out unless told otherwise; HTML where there is no image."""
    image = media.image(media.first) or media.posters.get(media.first, "")
    if not image:
        return html(media)
    # Hugo lets a quote be escaped, but not a backslash
    alt = _plain(media.alt).replace("\\", "∖").replace('"', '\\"')
    given = {"src": image, "alt": alt, "width": media.width, "height": media.height, "link": _any_video(media)}
    return "{{< figure " + " ".join(f'{name}="{value}"' for name, value in given.items() if value) + " >}}"


def jekyll(media: Media) -> str:
    """Return HTML with addresses from the top of the site, wherever that is: a post is not where its source is."""
    braced = html(media).replace("{{", "&#123;&#123;").replace("{%", "&#123;%")
    return re.sub(
        r'\b(src|srcset|href|poster)="([^"]*)"',
        lambda found: f"{found[1]}=\"{{{{ '{_from_top(found[2])}' | relative_url }}}}\"",
        braced,
    )


def github(media: Media) -> str:
    """Return HTML that GitHub's pages keep: a picture by theme; it plays no video from a repository."""
    if media.image(media.first):
        return "\n".join(_picture(media))
    if media.posters:
        return "\n".join([f'<a href="{_any_video(media)}">', *_still(media), "</a>"])
    return markdown(media)


LANGUAGES: dict[str, Callable[[Media], str]] = {
    "html": html,
    "markdown": markdown,
    "rst": rst,
    "hugo": hugo,
    "jekyll": jekyll,
    "github": github,
}


def _video(media: Media) -> Iterator[str]:
    first, size = media.first, _size(media)
    poster = f' poster="{media.posters[first]}"' if first in media.posters else ""
    yield '<figure class="animate-embed">'
    yield STYLE
    yield (
        f'<video class="animate-motion" autoplay loop muted playsinline controls{poster} {size} '
        f'aria-label="{_attribute(media.alt)}" {FITS}>'
    )
    for theme in media.themes:
        for format_, address in media.videos(theme).items():
            wanted = _media(MOVING, theme if theme != first else "")
            yield f'<source src="{address}" type="{VIDEO_FORMATS[format_]}"{wanted}>'
    yield from _track(media)
    if media.image(first):  # lazy: what is not shown is not loaded
        yield f'<img src="{media.image(first)}" alt="{_attribute(media.alt)}" {size} loading="lazy">'
    yield "</video>"
    yield from _calm(media)
    yield "</figure>"


def _calm(media: Media) -> Iterator[str]:
    """Yield what stands instead of the video under reduced motion: the still, or the video at rest."""
    if media.posters:
        yield f'<a class="animate-still" href="{_any_video(media)}" hidden>'
        yield from _still(media, f'{FITS} loading="lazy"')
        yield "</a>"
        return
    label = _attribute(media.alt)
    yield f'<video class="animate-still" controls muted playsinline {_size(media)} aria-label="{label}" {FITS} hidden>'
    for format_, address in media.videos(media.first).items():
        yield f'<source src="{address}" type="{VIDEO_FORMATS[format_]}" media="{CALM}">'
    yield from _track(media)
    yield "</video>"


def _track(media: Media) -> Iterator[str]:
    if media.captions:  # not shown unless asked for: the picture has them, too
        yield f'<track kind="captions" label="Captions" src="{media.captions}">'


def _picture(media: Media, style: str = "") -> Iterator[str]:
    first = media.first
    yield "<picture>"
    for theme in media.themes:
        if theme in media.posters:
            yield f'<source srcset="{media.posters[theme]}"{_media(CALM, theme if theme != first else "")}>'
    for theme in media.themes[:-1]:
        if media.image(theme):
            yield f'<source srcset="{media.image(theme)}"{_media("", theme)}>'
    yield _image(media, media.image(first), style)
    yield "</picture>"


def _still(media: Media, style: str = "") -> Iterator[str]:
    first = media.first if media.first in media.posters else next(iter(media.posters))
    yield "<picture>"
    for theme, address in media.posters.items():
        if theme != first:
            yield f'<source srcset="{address}"{_media("", theme)}>'
    yield _image(media, media.posters[first], style)
    yield "</picture>"


def _image(media: Media, address: str, style: str) -> str:
    # GitHub takes styles away and shrinks the width alone: with a height the picture would be distorted
    size = f"{_size(media)} {style}" if style else f'width="{media.width}"'
    return f'<img src="{address}" alt="{_attribute(media.alt)}" {size}>'


def _media(motion: str, theme: str) -> str:
    conditions = [motion, f"(prefers-color-scheme: {theme})" if theme else ""]
    wanted = " and ".join(filter(None, conditions))
    return f' media="{wanted}"' if wanted else ""


def _size(media: Media) -> str:
    return f'width="{media.width}" height="{media.height}"'


def _any_video(media: Media) -> str:
    """Return the address of the video that plays in most places, or an empty text."""
    return next(reversed(media.videos(media.first).values()), "")


def _plain(text: str) -> str:
    return " ".join(text.split())


def _attribute(text: str) -> str:
    return escape(_plain(text))


def _markdown_text(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>&|~$!])", r"\\\1", _plain(text))


def _directive(name: str, argument: str, **options: str) -> str:
    lines = [f"   :{option}: {value}" for option, value in options.items() if value]
    return "\n".join([f".. {name}:: {argument}", *lines])


def _from_top(address: str) -> str:
    return address if "://" in address or address.startswith("/") else f"/{address.removeprefix('./')}"
