"""Counted words: one update, two updates, in every lesson and in every language that comes with the package."""

from __future__ import annotations

import re
from string import Formatter

import pytest

import animate
from animate import say
from animate.draw.language_file import find_language, shipped_languages
from tests.scenes.claim_checks import SCENES, in_plural, texts_of

ONE_OF_SEVERAL = re.compile(
    r"(?<![\d.,/\u202f\u2212=])(?<!= )(?<!egree )1 (?:[a-z]+ )?(?!has\b|is\b|was\b)[a-z]*[a-rt-z]s\b"
    r"|(?<![\d.,])1 (?:[a-z]+ )*(?:are|were)\b"
)
"""Such as 1 updates, 1 soft steps, or 1 points are."""
COUNTED = "{n:update|updates}"


@pytest.mark.parametrize("name", sorted(path.stem for path in SCENES.glob("*.py")))
def test_a_lesson_counts_one_thing_in_the_singular(name: str) -> None:
    script = animate.load(name, scenes=SCENES)
    given = {parameter.name for parameter in script.parameters}
    least = {"learning_rate_schedules": 4, "newton_vs_gradient": 2}.get(name, 1)
    values = {"n_updates": least, "n_hidden": 1, "max_leaves": 2, "n_per_class": 1, "max_passes": 1}
    texts = texts_of(script.build(**{key: value for key, value in values.items() if key in given}))
    assert [text for text in texts if ONE_OF_SEVERAL.search(text)] == []


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 updates"), (1, "1 update"), (2, "2 updates"), (1200, "1\u202f200 updates"), (0.5, "0.5 updates")],
)
def test_a_count_is_followed_by_the_first_word_only_if_it_is_one(count: float, said: str) -> None:
    assert say(COUNTED, n=count) == said


def test_a_form_with_three_words_is_refused() -> None:
    with pytest.raises(ValueError, match="two words"):
        say("{n:a|b|c}", n=1)


@pytest.mark.parametrize("language", shipped_languages())
def test_every_text_of_a_language_has_a_singular_wherever_the_english_one_has(language: str) -> None:
    def counted(text: str) -> set[str]:
        return {str(name) for _, name, form, _ in Formatter().parse(text) if "|" in (form or "")}

    texts = find_language(language).texts
    assert {english for english, text in texts.items() if counted(english) != counted(text)} == set()
    assert any(map(counted, texts))


def test_one_step_is_a_step_in_german() -> None:
    with find_language("de").active():
        texts = texts_of(animate.load("linear_online_sgd", scenes=SCENES).build(n_updates=1))
    assert any("Nach 1 Schritt bleiben" in text for text in texts)
    assert any("in 1 Schritt eine Gerade" in text for text in texts)
    assert not any("1 Schritten" in text for text in texts)


def test_what_tests_of_sentences_read_is_in_the_plural() -> None:
    assert in_plural("After 1 update 11 updates and 2.1 update") == "After 1 updates 11 updates and 2.1 update"
