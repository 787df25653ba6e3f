"""Colors of what is compared differ for everyone; the formulas agree with published values."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from animate.draw.color_vision import (
    DEFICIENCIES,
    ciede2000,
    confusable_colors,
    difference,
    lab,
    nearest_color,
    simulate,
)
from animate.draw.theme import LIGHT, THEMES, Theme

# Sharma, Wu and Dalal (2005), table 1
PUBLISHED = [
    ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
    ((50, -1.3802, -84.2814), (50, 0, -82.7485), 1.0000),
    ((50, 0, 0), (50, -1, 2), 2.3669),
    ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
    ((50, 2.5, 0), (73, 25, -18), 27.1492),
    ((50, 2.5, 0), (61, -5, 29), 22.8977),
    ((50, 2.5, 0), (56, -27, -3), 31.9030),
    ((50, 2.5, 0), (58, 24, 15), 19.4535),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
]
EARLIER = replace(
    LIGHT, first="#b45309", second="#0f7b6c", third="#6d28d9", fourth="#1d5fb4", fifth="#b0246f", sixth="#5b6b16",
    class_a="#3f6296", class_b="#6d28d9", right="#15803d", wrong="#c22745",
)  # fmt: skip


@pytest.mark.parametrize(("one", "other", "expected"), PUBLISHED)
def test_the_difference_is_the_published_one(one: tuple[float, ...], other: tuple[float, ...], expected: float) -> None:
    assert float(ciede2000(np.array(one, float), np.array(other, float))) == pytest.approx(expected, abs=5e-5)
    assert float(ciede2000(np.array(other, float), np.array(one, float))) == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize(
    ("rgb", "expected"), [((1, 1, 1), (100, 0, 0)), ((0, 0, 0), (0, 0, 0)), ((1, 0, 0), (53.24, 80.09, 67.20))]
)
def test_colors_in_lab_are_the_known_ones(rgb: tuple[float, ...], expected: tuple[float, ...]) -> None:
    assert lab(np.array(rgb, float)) == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_gray_looks_gray_to_everyone(deficiency: str) -> None:
    gray = np.full((1, 3), 0.5)
    assert simulate(gray, deficiency) == pytest.approx(gray, abs=1e-3)


def test_red_and_green_are_closer_under_deuteranopia() -> None:
    assert difference("#c00000", "#008000", "deuteranopia") < difference("#c00000", "#008000") / 3


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_everyone_can_tell_the_colors_of_a_theme_apart(theme: object) -> None:
    assert list(confusable_colors(theme)) == []  # type: ignore[arg-type]


def test_an_earlier_palette_was_not_for_everyone() -> None:
    found = list(confusable_colors(EARLIER))
    assert any(line.startswith("right and wrong differ by 2.9 under deuteranopia") for line in found)
    assert any(line.startswith("second and fifth differ by 0.7 under deuteranopia") for line in found)


def test_a_faint_color_is_named_with_its_contrast() -> None:
    [line] = confusable_colors(replace(LIGHT, muted="#aaaaaa"))
    assert line.startswith("muted has a contrast of 2.32:1 to the background, less than 4.5:1. The nearest muted that ")


@pytest.mark.parametrize("theme", [EARLIER, replace(LIGHT, muted="#aaaaaa"), replace(LIGHT, wrong=LIGHT.right)])
def test_the_color_that_is_named_as_the_nearest_passes(theme: Theme) -> None:
    for line in confusable_colors(theme):
        role, color = re.findall(r"The nearest (\w+) that passes is (#\w{6})\.$", line)[0]
        left = [other for other in confusable_colors(replace(theme, **{role: color})) if role in other.split()[:3]]
        assert left == []


def test_no_color_is_named_where_none_passes() -> None:
    gray = replace(LIGHT, background="#777777", second="#000000")  # only near black and white can be read on it
    assert nearest_color(gray, "first") == ""
