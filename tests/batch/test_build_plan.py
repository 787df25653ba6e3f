"""The reasons of a build: each change is told with its old and its new value in words."""

from __future__ import annotations

from typing import Any

import pytest

from animate.batch.build_plan import changed_settings, changed_values


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        ({}, {"title": "Which?"}, "title is set to 'Which?'"),
        ({"title": "Which?"}, {"title": ""}, "title changed from 'Which?' to none"),
        ({"title": "Which?"}, {}, "title is no longer set, was 'Which?'"),
        ({"caption": {"1": "a"}}, {"caption": {"1": "b"}}, "caption 1 changed from 'a' to 'b'"),
        ({"caption": "a"}, {"caption": {"2": "b"}}, "caption is no longer set, was 'a'; caption 2 is set to 'b'"),
        ({"caption": {"1": "a"}}, {"caption": {"1": ""}}, "caption 1 changed from 'a' to none"),
        ({}, {"caption": {"2": "long " * 60}}, f"caption 2 is set to '{'long ' * 16} ...'"),
        ({}, {"texts": {"long " * 60: "x" * 81}}, f"the text for '{'long ' * 16} ...' is set to '{'x' * 80} ...'"),
        ({"title": "x" * 80 + "a"}, {"title": ""}, f"title changed from '{'x' * 80} ...' to none"),
        ({}, {"texts": {"One": "Eins"}}, "the text for 'One' is set to 'Eins'"),
        ({"texts": {"One": "1"}}, {"texts": {"One": "Eins"}}, "the text for 'One' changed from '1' to 'Eins'"),
        ({"language": "de"}, {"language": "fr.toml"}, "words changed from de to fr.toml"),
        ({"set": {"rate": 0.1}}, {"set": {"rate": 0.2}}, "rate changed from 0.1 to 0.2"),
        ({"columns": ["x", "y"]}, {"columns": ["x"]}, "columns changed from x, y to x"),
    ],
)
def test_a_changed_value_is_told_with_the_old_and_the_new_one(
    before: dict[str, Any], now: dict[str, Any], told: str
) -> None:
    assert "; ".join(changed_values(before, now)) == told


def test_texts_that_differ_only_where_they_are_shortened_are_told_as_changed() -> None:
    before, now = ({"texts": {"x" * 100 + end: end for end in ends}} for ends in (("a", "b"), ("a", "c")))
    assert len(list(changed_values(before, now))) == 2


@pytest.mark.parametrize(
    ("key", "before", "now", "told"),
    [
        ("logo", "", "logo.png", "logo changed from none to logo.png"),
        ("logo", "logo.png", "", "logo changed from logo.png to none"),
        ("font_files", [], ["a.ttf", "b.ttf"], "font files changed from none to a.ttf, b.ttf"),
        ("font_files", ["a.ttf"], [], "font files changed from a.ttf to none"),
        ("font", "", "Brand", "font changed from none to Brand"),
        ("first", "#000000", "#111111", "first changed from #000000 to #111111"),
    ],
)
def test_a_changed_key_of_a_theme_is_told_with_the_old_and_the_new_value(
    key: str, before: Any, now: Any, told: str
) -> None:
    old, new = ({"own_themes": {"ours": {key: value}}, "fps": 5} for value in (before, now))
    assert list(changed_settings(old, new)) == [f"theme ours: {told}"]
