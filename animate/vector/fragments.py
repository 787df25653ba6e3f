"""What a drawing consists of: fragments, in the order in which they are drawn, and what they share."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import NamedTuple

UNITS = 64
"""Units of the file for a pixel: browsers round to as much, and a power of two adds no error of its own."""


class Fragment(NamedTuple):
    """One element of a drawing.

    Attributes
    ----------
    kind : str
        ``path`` or ``use``, an element with a class and `content`; or ``raw``, markup in a group.
    style : str
        The class of the element.
    clip : str
        The id of the clip path; empty for none.
    content : str
        The data of a path, the attributes of a use, or markup.
    place : int
        A number that tells fragments of one look apart, such as the baseline of a text.
    """

    kind: str
    style: str
    clip: str
    content: str
    place: int = 0

    @property
    def look(self) -> tuple[str, str, str, int]:
        """Return what usually stays when the content changes."""
        return self.kind, self.style, self.clip, self.place

    def markup(self, *, extra: str = "", style: str = "") -> str:
        """Return the element without its clip path, with extra attributes and a further class."""
        classes = f' class="{self.style}{style}"' if self.style or style else ""
        if self.kind == "raw":
            return f"<g{classes}{extra}>{self.content}</g>" if extra or classes else self.content
        if self.kind == "path":
            return f'<path{classes}{extra} d="{self.content}"/>'
        return f"<use{classes}{extra} {self.content}/>"


def clipped(fragment: Fragment) -> str:
    """Return a fragment inside its clip path."""
    return f'<g clip-path="url(#{fragment.clip})">{fragment.markup()}</g>' if fragment.clip else fragment.markup()


def short_name(number: int) -> str:
    """Return a name for a number: a, b, ..., z, a0, a1, ...

    >>> [short_name(number) for number in (0, 25, 26, 61, 62)]
    ['a', 'z', 'a0', 'az', 'b0']
    """
    if number < 26:
        return chr(97 + number)
    head, last = divmod(number - 26, 36)
    return short_name(head) + "0123456789abcdefghijklmnopqrstuvwxyz"[last]


class NameTable:
    """Names for things that fragments share, given in the order in which the things are first met.

    Parameters
    ----------
    prefix : str
        What all names begin with.

    Attributes
    ----------
    contents : dict
        What is written of each thing, by its name.
    n_bytes : int
        How long all of it is.
    """

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._names: dict[Hashable, str] = {}
        self.contents: dict[str, str] = {}
        self.n_bytes = 0

    def name(self, key: Hashable, content: Callable[[], str]) -> str:
        """Return the name of a thing; `content` makes what is written of it, once."""
        found = self._names.get(key)
        if found is None:
            found = self._names[key] = self._prefix + short_name(len(self._names))
            self.contents[found] = content()
            self.n_bytes += len(self.contents[found])
        return found


class SharedDefinitions:
    """The styles, clip paths, markers, glyphs and images of a film, each stored once.

    Parameters
    ----------
    is_fine : bool
        Whether coordinates have a decimal more, which takes a fifth more bytes: Chromium smooths edges in steps, and
        steep or nearly level ones jump at the least difference.
    """

    def __init__(self, *, is_fine: bool = False) -> None:
        self.is_fine = is_fine
        self.styles = NameTable("")
        self.clips = NameTable("c-")
        self.markers = NameTable("m-")
        self.shapes = NameTable("d-")
        self.dark_styles: dict[str, str] = {}
        """What a style changes for readers who prefer dark colors."""

    def style(self, declarations: Mapping[str, str]) -> str:
        """Return the class for CSS declarations; empty if there are none."""
        text = ";".join(f"{name}:{value}" for name, value in declarations.items())
        return self.styles.name(text, lambda: text) if text else ""

    def style_by_theme(self, light: str, dark: str) -> str:
        """Return the class that has one style, or another for readers who prefer dark colors; both are classes."""
        if light == dark:
            return light
        texts = [self.styles.contents.get(name, "") for name in (light, dark)]
        name = self.styles.name(("themes", *texts), lambda: texts[0])
        before, after = (dict(part.split(":", 1) for part in text.split(";") if part) for text in texts)
        changed = {key: after.get(key, "initial") for key in before | after if before.get(key) != after.get(key)}
        self.dark_styles[name] = ";".join(f"{key}:{value}" for key, value in changed.items())
        return name
