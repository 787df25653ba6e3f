"""Pages: every value is escaped, what is embedded ends no element, and both themes have all their colors."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from animate.draw.theme import THEMES
from animate.web.pages import FOLDER, ROLES, render, script_json, source, theme_css

TEMPLATES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.html"))
STYLES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.glob("*/*.css"))


class Attributes(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: dict[str, str | None] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag == "iframe"
        self.found |= dict(attrs)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\r")))
def test_any_text_comes_back_from_an_attribute(text: str) -> None:
    page = render("player/iframe.html", page=text, title=text, width=64, height=48)
    assert Attributes(page).found["srcdoc"] == Attributes(page).found["title"] == text


@given(st.recursive(st.text() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_data_in_a_script_comes_back_and_ends_no_element(value: object) -> None:
    text = str(script_json(value))
    assert "<" not in text
    assert json.loads(text) == value


def test_a_value_that_a_template_does_not_get_is_an_error() -> None:
    with pytest.raises(jinja2.UndefinedError, match="title"):
        render("player/iframe.html", page="", width=64, height=48)


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_the_style_of_all_pages_has_every_color_of_a_theme(theme: str) -> None:
    assert all(f"--{role}: {THEMES[theme].color(role)};" in theme_css() for role in ROLES)


@pytest.mark.parametrize("name", STYLES)
def test_a_style_uses_only_variables_that_it_or_its_page_or_all_pages_set(name: str) -> None:
    folder = FOLDER / Path(name).parent
    around = "".join(path.read_text(encoding="utf-8") for path in (*folder.glob("*.html"), *folder.glob("*.js")))
    style = str(source(name)) + str(theme_css())
    used = set(re.findall(r"var\((--[\w-]+)", style))
    assert used <= set(re.findall(r"(--[\w-]+)[:\"]", style + around))


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_template_turns_escaping_off(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    literals = re.findall(r"""(?:'[^']*'|"[^"]*")\s*\|\s*safe""", text)
    assert len(re.findall(r"\|\s*safe", text)) == len(literals)
    assert "autoescape" not in text
