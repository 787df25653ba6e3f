"""What a tab asks for, checked once where it arrives."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MAX_TEXTS, MAX_TEXT_CHARS = 64, 2000


class WishError(ValueError):
    """A message that no page of ours sends."""


@dataclass(frozen=True)
class Wish:
    """What a tab wants to see.

    Parameters
    ----------
    scene : str
        A name in the list of scenes.
    texts : dict
        Texts by parameter name, as on the command line; what is left out has its default.
    columns : str
        Columns of the data that was dropped, as ``--columns`` takes them; empty for all.
    size, theme : str
        As on the command line.
    share : float or None
        The moment, 0 to 1 of the animation; or else ``update``.
    update : int or None
        The update whose first moment is wanted.
    hold : bool
        Whether windows stay as they are while something in the picture is dragged.
    """

    scene: str
    texts: Mapping[str, str] = field(default_factory=dict)
    columns: str = ""
    size: str = "800x450"
    theme: str = "light"
    share: float | None = 0.0
    update: int | None = None
    hold: bool = False

    @classmethod
    def of(cls, message: Mapping[str, Any]) -> Wish:
        """Return the wish in a message.

        Raises
        ------
        WishError
            If a field is missing, of the wrong type, or larger than any page sends.
        """
        texts = message.get("texts", {})
        if not isinstance(texts, dict) or len(texts) > MAX_TEXTS:
            raise WishError("texts must be an object of at most 64 texts")
        return cls(
            scene=_text(message, "scene"),
            texts={_short(name): _short(text) for name, text in texts.items()},
            columns=_text(message, "columns", ""),
            size=_text(message, "size", "800x450"),
            theme=_text(message, "theme", "light"),
            share=_share(message.get("share")),
            update=_update(message.get("update")),
            hold=message.get("hold") is True,
        )


@dataclass(frozen=True)
class Job:
    """A wish, and what the server knows of it.

    Parameters
    ----------
    tab : str
        Which tab asks.
    wish : Wish
    path : str
        The scene's script.
    name : str
        What a command line calls the scene.
    stamp : str
        Changes whenever the script does.
    folder : str
        The folder of scenes that was named when the studio was started.
    id : int
        The number that the tab gave its wish.
    base : str
        The last frame that the tab was sent; empty for none.
    known : str
        What the tab knows already: the ``id`` of what it was told about the scene.
    data, digest : str
        The name of the file that was dropped, and what tells its contents from others; empty for none.
    """

    tab: str
    wish: Wish
    path: str
    name: str
    stamp: str = ""
    folder: str = ""
    id: int = 0
    base: str = ""
    known: str = ""
    data: str = ""
    digest: str = ""

    @property
    def scene_key(self) -> tuple[Any, ...]:
        """Return what decides the scene: all but size, theme and moment."""
        wish = self.wish
        return (self.path, self.stamp, tuple(sorted(wish.texts.items())), wish.columns, self.digest)


def _short(text: Any) -> str:
    if not isinstance(text, str) or len(text) > MAX_TEXT_CHARS:
        raise WishError(f"a text must have at most {MAX_TEXT_CHARS} characters")
    return text


def _text(message: Mapping[str, Any], name: str, default: str | None = None) -> str:
    return _short(message.get(name, default))


def _share(value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise WishError("share must be a finite number")
    return min(max(float(value), 0.0), 1.0)


def _update(value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 10**9:
        raise WishError("update must be a whole number")
    return max(value, 0)
