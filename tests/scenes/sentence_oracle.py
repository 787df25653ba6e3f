"""Sentences of lessons against oracles: each text that a lesson can show must match a row of its table, and hold.

A row names the numbers in its text. Its check computes them by an oracle, with none of the package's formulas.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from animate.errors import DataError
from animate.scene import Scene
from tests.scenes.claim_checks import in_plural
from tests.scenes.classification_tables import TABLES, draws, texts_of, value_of

Check = Callable[[Any, dict[str, str]], bool]
DIVERGES = re.compile("(^|(?<=[.]) )[A-Za-z1/ ]+ diverges(:|[.]).*$")
"""What a scene adds by itself; the tests of runs say when that is so."""


def is_so(_: Any, __: dict[str, str]) -> bool:
    """Accept a sentence that explains the picture and claims nothing of the run."""
    return True


def close(text: str, value: float, rel: float = 6e-3, least: float = 0.0) -> bool:
    """Return whether the number that a text shows is near a value."""
    return abs(value_of(text) - value) <= rel * abs(value) + least


def patterns(table: Mapping[str, Check]) -> list[tuple[str, re.Pattern[str], Check]]:
    """Return each row with the expression that its texts match."""
    return [
        (row, re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(row))), check)
        for row, check in table.items()
    ]


def names_and_counts_are_so(o: Any, found: dict[str, str]) -> bool:
    """Check what may stand in any sentence: classes, points, updates, and the share that is right."""
    expected = {"no": o.names[0], "yes": o.names[-1], "n": str(o.n), "updates": str(o.last)}
    given = {key: text.replace("\u202f", "") for key, text in found.items()}
    named = all(given[key] == expected[key] for key in expected.keys() & given.keys())
    return named and ("right" not in found or o.says_right(found["right"]))


def check_every_text(scene: Scene, oracle: Any, table: Mapping[str, Check]) -> set[str]:
    """Check every text that a lesson can show; return the rows of its table that were met."""
    met, rows = set(), patterns(table)
    for shown in texts_of(scene):
        text = in_plural(DIVERGES.sub("", shown))
        if not text:
            continue
        fitting = [(match, check, row) for row, pattern, check in rows if (match := pattern.fullmatch(text))]
        assert fitting, f"no oracle for {text!r}"
        match, check, row = max(fitting, key=lambda one: len(one[2]))  # the most specific
        assert names_and_counts_are_so(oracle, match.groupdict()), text
        assert check(oracle, match.groupdict()), text
        met.add(row)
    return met


def check_lesson(
    build: Any,
    name: str,
    table: Mapping[str, Check],
    oracle: Callable[[Scene, dict[str, Any]], Any],
    *,
    refuses: bool = False,
    count: int = 24,
) -> None:
    """Check a lesson for its draws of parameters, and that they meet every row of its table."""
    met = set[str]()
    for values in draws(name, count):
        try:
            scene = build(name, **{key: TABLES[value] if key == "data" else value for key, value in values.items()})
        except DataError:
            assert refuses, values
            continue
        try:
            met |= check_every_text(scene, oracle(scene, values), table)
        except AssertionError as error:
            raise AssertionError(f"{values}: {error}") from error
    assert met == set(table), f"no draw meets {sorted(set(table) - met)}"
