"""Sentences at values where a number is lost to rounding: what they say instead, by exact arithmetic."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from animate import load_table
from tests.scenes.claim_checks import texts_of


def test_points_that_pay_nothing_are_not_given_a_share_of_it(build) -> None:
    """At a score of 800 the loss is e to -800: no float holds it."""
    scene = build("log_loss_segments", n_per_class=1, start=(800.0, 0.0))
    texts = texts_of(scene)
    assert not any("nan" in text or "of the loss" in text or "One pays" in text for text in texts)
    assert any("no point pays" in text for text in texts)
    assert "no point pays" in scene.alt


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e9])
def test_a_feature_that_tells_no_class_adds_nothing_to_the_log_odds(build, scale: float) -> None:
    """Both classes have the same mean, so that a weight of 0 is the best."""
    x = scale * np.linspace(-1, 1, 41)
    kinds = ["far" if abs(at) > 0.5 * scale else "near" for at in x]
    texts = " ".join(texts_of(build("why_the_sigmoid", data=load_table({"x": x, "kind": kinds}))))
    assert "adds 0 to the log-odds and multiplies the odds by 1.00" in texts


@pytest.mark.parametrize(("mean", "words"), [(1e9, "over 10¹⁵ times as steep"), (1e3, None)])
def test_a_valley_as_narrow_as_rounding_is_not_infinitely_steep(build, mean: float, words: str | None) -> None:
    """The ratio of the curvatures by exact fractions: their sum and product are trace and determinant."""
    x = mean + np.array([-2.0, -1.0, 0.0, 1.0, 2.0, 3.0])
    texts = " ".join(texts_of(build("newton_vs_gradient", data=load_table({"x": x, "y": np.arange(6.0)}))))
    scaled = [Fraction(float(at)) / Fraction(float(x.std())) for at in x]
    square, cross = sum(at * at for at in scaled) / 6, sum(scaled) / 6
    ratio = float((square + 1) ** 2 / (square - cross * cross))  # of the curvatures, where it is large
    assert "∞" not in texts
    assert (words or f" {ratio:.2e}".partition("e")[0]) in texts
    assert (ratio > 1e15) == (words is not None)
