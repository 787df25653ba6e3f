"""A drawing in two themes as one: shapes of both have one place in the file, and a style for each theme."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from animate.vector.fragments import Fragment, SharedDefinitions, clipped

_CLASS = re.compile(r'(?<=class=")[^"]*(?=")')
BY_THEME = ".L{display:inline}.D{display:none}@media(prefers-color-scheme:dark){.L{display:none}.D{display:inline}}"
"""Elements of the classes L and D are shown in one theme only."""


def in_both_themes(
    light: Sequence[Fragment], dark: Sequence[Fragment], shared: SharedDefinitions
) -> Iterator[Fragment]:
    """Yield the fragments of a drawing that readers see in their theme.

    Fragments that differ only in style become one. Others stand side by side, each shown in its theme.

    Parameters
    ----------
    light, dark : sequence of Fragment
        The same drawing in both themes.
    shared : SharedDefinitions
        Of both.
    """
    if len(light) != len(dark):
        yield from (_only(fragment, "L") for fragment in light)
        yield from (_only(fragment, "D") for fragment in dark)
        return
    for one, other in zip(light, dark, strict=True):
        content = _merged(one, other, shared)
        if content is None:
            yield from (_only(one, "L"), _only(other, "D"))
        else:
            yield one._replace(style=shared.style_by_theme(one.style, other.style), content=content)


def _merged(one: Fragment, other: Fragment, shared: SharedDefinitions) -> str | None:
    """Return the content of two fragments; None if they differ in more than styles."""
    if (one.kind, one.clip, one.place) != (other.kind, other.clip, other.place):
        return None
    if one.kind != "raw" or one.content == other.content:
        return one.content if one.content == other.content else None
    if _CLASS.split(one.content) != _CLASS.split(other.content):
        return None
    pairs = zip(_CLASS.findall(one.content), _CLASS.findall(other.content), strict=True)
    names = iter([shared.style_by_theme(*pair) for pair in pairs])
    return _CLASS.sub(lambda _: next(names), one.content)


def _only(fragment: Fragment, theme: str) -> Fragment:
    """Return a fragment that is shown in one theme."""
    return Fragment("raw", "", "", f'<g class="{theme}">{clipped(fragment)}</g>', fragment.place)
