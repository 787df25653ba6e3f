"""Messages between the page, the server and the worker processes.

The page and the server exchange a JSON header with bytes behind it. A `RenderRequest` is the request of a tab, checked
once where it arrives; a `RenderJob` is that request with what the server adds for the worker.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

HEADER_LENGTH_BYTES = 4
MAX_TEXTS, MAX_TEXT_CHARS = 64, 2000
MAX_DENSITY = 4.0


def pack(header: Mapping[str, Any], parts: Iterable[bytes | memoryview] = ()) -> bytes:
    r"""Return a message: the length of its header in four bytes (big-endian), the header as JSON, the parts.

    >>> pack({"type": "hi"}, [b"there"])
    b'\x00\x00\x00\r{"type":"hi"}there'
    """
    # half a surrogate pair, from a page or a file's name, is no Unicode: it becomes a question mark
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode(errors="replace")
    return b"".join([len(text).to_bytes(HEADER_LENGTH_BYTES, "big"), text, *parts])


def unpack(message: bytes) -> tuple[dict[str, Any], memoryview]:
    """Return the header of a message and the bytes behind it.

    Raises
    ------
    ValueError
        If the message is not of that form.

    >>> header, body = unpack(pack({"type": "hi"}, [b"there"]))
    >>> header, bytes(body)
    ({'type': 'hi'}, b'there')
    """
    end = HEADER_LENGTH_BYTES + int.from_bytes(message[:HEADER_LENGTH_BYTES], "big")
    if len(message) < end:
        raise ValueError("a message ends before its header does")
    try:
        header = json.loads(message[HEADER_LENGTH_BYTES:end])
    except RecursionError:
        raise ValueError("the header of a message must not be nested so deeply") from None
    if not isinstance(header, dict):
        raise ValueError("the header of a message must be an object")
    return header, memoryview(message)[end:]


class RequestError(ValueError):
    """A message that no page of ours sends."""


@dataclass(frozen=True)
class RenderRequest:
    """The scene, values and moment that a tab wants to see.

    Parameters
    ----------
    scene : str
        A name in the scene catalog.
    texts : dict
        Texts by parameter name, as on the command line; missing ones have their defaults.
    columns : str
        Columns of the dropped data, as ``--columns`` takes them; empty for all.
    size, theme : str
        As on the command line.
    share : float or None
        The moment, 0 to 1 of the animation; None to go by ``update``.
    update : int or None
        The update to show, at its first moment; if it is None too, the start as it is chosen.
    keep_limits : bool
        Whether axis limits stay as they are, while something in the picture is dragged.
    density : float
        Pixels to draw for each pixel of ``size``, 1 to 4: those of a sharp screen, or of a picture that is enlarged.
    rough : bool
        Whether a preview is good enough where the exact picture takes long.
    data : str
        What to do with the dropped data: ``use`` them; ``try`` them, but draw without them where they do not fit; or
        ``no``.
    skip_missing : bool
        Whether rows of the dropped data with an empty cell are left out.
    sheet, decimal : str
        Sheet of a dropped workbook and decimal separator of the data, as on the command line; empty to find them.
    """

    scene: str
    texts: Mapping[str, str] = field(default_factory=dict)
    columns: str = ""
    size: str = "800x450"
    theme: str = "light"
    share: float | None = 0.0
    update: int | None = None
    keep_limits: bool = False
    density: float = 1.0
    rough: bool = False
    data: str = "use"
    skip_missing: bool = False
    sheet: str = ""
    decimal: str = ""

    @classmethod
    def of(cls, message: Mapping[str, Any]) -> RenderRequest:
        """Return the request in a message.

        Raises
        ------
        RequestError
            If a field is missing, of the wrong type, or larger than any page sends.
        """
        texts = message.get("texts", {})
        if not isinstance(texts, dict) or len(texts) > MAX_TEXTS:
            raise RequestError("texts must be an object of at most 64 texts")
        return cls(
            scene=_checked(message.get("scene")),
            texts={_checked(name): _checked(text) for name, text in texts.items()},
            columns=_checked(message.get("columns", "")),
            size=_checked(message.get("size", "800x450")),
            theme=_checked(message.get("theme", "light")),
            share=_share(message.get("share")),
            update=_update(message.get("update")),
            keep_limits=message.get("keep_limits") is True,
            density=_number("density", message.get("density", 1.0), 1.0, MAX_DENSITY),
            rough=message.get("rough") is True,
            data=_choice(message.get("data", "use")),
            skip_missing=message.get("skip_missing") is True,
            sheet=_checked(message.get("sheet", "")),
            decimal=_checked(message.get("decimal", "")),
        )


@dataclass(frozen=True)
class RenderJob:
    """A request with what the worker needs to answer it.

    Parameters
    ----------
    name : str
        The scene's name on a command line.
    stamp : str
        Changes whenever the script does.
    folder : str
        The folder of scenes that the studio was started with.
    words, locale : str
        The language, as on the command line; empty for English.
    id : int
        The number that the tab gave its request.
    base : str
        The last frame that the tab was sent; empty for none.
    known : str
        The ``id`` of the last description of a scene that the tab was sent.
    data, digest : str
        Name and hash of the dropped file; empty for none.
    described : bool
        Whether the tab was sent the scene's controls.
    """

    tab: str
    request: RenderRequest
    path: str
    name: str
    stamp: str = ""
    folder: str = ""
    words: str = ""
    locale: str = ""
    id: int = 0
    base: str = ""
    known: str = ""
    data: str = ""
    digest: str = ""
    described: bool = False

    @property
    def scene_key(self) -> tuple[Any, ...]:
        """Return what decides the scene: all but size, theme and moment."""
        request = self.request
        read = (request.columns, request.skip_missing, request.sheet, request.decimal)
        data = (self.digest, request.data, *read) if self.digest else ()
        return (self.path, self.stamp, tuple(sorted(request.texts.items())), *data)


def _checked(text: Any) -> str:
    if not isinstance(text, str) or len(text) > MAX_TEXT_CHARS:
        raise RequestError(f"a text must have at most {MAX_TEXT_CHARS} characters")
    return text.encode(errors="replace").decode()  # as in `pack`


def _share(value: Any) -> float | None:
    return None if value is None else _number("share", value, 0.0, 1.0)


def _number(name: str, value: Any, low: float, high: float) -> float:
    """Return a number, moved into its range; whole numbers may be larger than any float."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < math.inf:
        raise RequestError(f"{name} must be a finite number")
    return float(min(max(value, low), high))


def _choice(value: Any) -> str:
    if value not in ("use", "try", "no"):
        raise RequestError("data must be use, try or no")
    return str(value)


def _update(value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 10**9:
        raise RequestError("update must be a whole number")
    return max(value, 0)
