"""Colors of what is compared differ for everyone; the formulas agree with published values."""

from __future__ import annotations

import numpy as np
import pytest

from animate.draw.color_vision import (
    DEFICIENCIES,
    ciede2000,
    difference,
    lab,
    simulate,
)

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
