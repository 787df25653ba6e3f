"""Pages from Jinja2 templates, with autoescape, and the style and data that they embed.

Templates see four functions: ``theme_css()`` (the style all pages share), ``source(name)`` (a style or a script),
``script_json(value)`` (data for a script) and ``data_uri(media_type, data)``.
"""

from __future__ import annotations

import json
from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from animate.draw.theme import THEMES

FOLDER = Path(__file__).parent
ROLES = ("background", "ink", "muted", "rule", "error", "first", "second", "third", "fourth", "fifth", "sixth")
"""Colors of a theme that styles and scripts may use as variables, such as ``var(--ink)``."""


def render(template: str, **values: Any) -> str:
    """Return a template, filled in; every value is escaped unless it is `markupsafe.Markup`.

    Parameters
    ----------
    template : str
        Its path in this package, such as ``"gallery/page.html"``.

    Examples
    --------
    >>> render("player/iframe.html", page="<p>", title="a < b", width=64, height=48)[:44]
    '<iframe title="a &lt; b" srcdoc="&lt;p&gt;" '
    """
    return _environment().get_template(template).render(values)


def macro(template: str, name: str, *arguments: Any) -> str:
    """Return what one macro of a template makes of some arguments."""
    return str(getattr(_environment().get_template(template).module, name)(*arguments))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals |= {
        "theme_css": theme_css,
        "source": source,
        "script_json": script_json,
        "data_uri": data_uri,
    }
    return environment


@cache
def theme_css() -> Markup:
    """Return the style that all pages share: the colors of both themes, the fonts and the base rules."""
    return Markup(compact(render("theme.css", themes=THEMES, roles=ROLES)))  # noqa: S704 - from our own template


@cache
def source(name: str) -> Markup:
    """Return a style or a script of this package, to stand in its element."""
    return Markup(compact((FOLDER / name).read_text(encoding="utf-8")))  # noqa: S704 - our own file


def compact(text: str) -> str:
    r"""Return a style or a script without indentation, empty lines and lines of comment.

    >>> compact("a {\n  b: c\n}\n\n// why\n")
    'a {\nb: c\n}'
    """
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def script_json(value: Any) -> Markup:
    r"""Return JSON that can stand in a ``<script>``: nothing in it ends the element or begins a comment.

    >>> print(script_json({"a": "</script>"}))
    {"a":"\u003c/script>"}
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return Markup(text)  # noqa: S704 - escaped above


def data_uri(media_type: str, data: bytes) -> Markup:
    """Return a ``data:`` address that holds the data itself.

    >>> print(data_uri("text/plain", b"Hi"))
    data:text/plain;base64,SGk=
    """
    return Markup(f"data:{media_type};base64,{b64encode(data).decode()}")  # noqa: S704 - Base64 needs no escape
