"""Log-odds as a line and as a probability, against scikit-learn and the shares counted by hand."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from animate.draw.settings import Settings
from animate.learn.data import penguins
from animate.learn.tables import parse_csv
from tests.scenes.classification_tables import value_of
from tests.scenes.conftest import show_update

NAME = "why_the_sigmoid"


@pytest.fixture(scope="module")
def default(build):
    """Return the lesson as it is."""
    return build(NAME)


@pytest.fixture(scope="module")
def fitted() -> tuple[float, float]:
    """Slope per gram and intercept of scikit-learn without a penalty."""
    data = penguins(["body_mass_g"], ["Adelie", "Gentoo"])
    X = (data.X - data.X.mean()) / data.X.std()
    fit = LogisticRegression(C=np.inf, tol=1e-12, max_iter=10_000).fit(X, data.labels)
    slope = float(fit.coef_[0, 0] / data.X.std())
    return slope, float(fit.intercept_[0] - slope * data.X.mean())


def last_frame(scene):
    stage = scene.stage(Settings())
    stage.show(scene.timeline.duration)
    return stage.figure


def curve_of(axes) -> np.ndarray:
    """Return the moving line: solid, in ink, over all others."""
    lines = [line for line in axes.lines if line.get_marker() == "None"]
    return max(lines, key=lambda line: line.get_zorder()).get_xydata()


def test_ends_on_the_fit_of_scikit_learn(default, fitted) -> None:
    ends = curve_of(last_frame(default).axes[0])
    slope = float(np.diff(ends[:, 1])[0] / np.diff(ends[:, 0])[0])
    assert (slope, ends[0, 1] - slope * ends[0, 0]) == pytest.approx(fitted, rel=1e-4)


@pytest.mark.parametrize("update", [0, 30, 400])
def test_one_curve_is_the_other_put_through_the_sigmoid(default, update: int) -> None:
    scene = default
    stage = scene.stage(Settings())
    show_update(stage, update)
    line, sigmoid = curve_of(stage.figure.axes[0]), curve_of(stage.figure.axes[2])
    log_odds = np.interp(sigmoid[:, 0], line[:, 0], line[:, 1])
    assert np.allclose(sigmoid[:, 1], 1.0 / (1.0 + np.exp(-log_odds)), atol=1e-9)


def test_dots_are_the_shares_of_the_data_and_infinite_log_odds_stand_at_the_edge(default) -> None:
    scene = default
    axes = scene.stage(Settings()).figure.axes
    data = penguins(["body_mass_g"], ["Adelie", "Gentoo"])
    mixed = axes[0].lines[0].get_xydata()
    for x, y in mixed:
        low = 250 * np.floor(x / 250)
        inside = (data.X[:, 0] >= low) & (data.X[:, 0] < low + 250)
        share = data.labels[inside].mean()
        assert y == pytest.approx(np.log(share / (1 - share)))
    alone = [line for line in axes[0].lines if line.get_marker() in ("v", "^")]
    assert len(alone) + len(mixed) == len(np.unique(np.floor(data.X[:, 0] / 250)))
    for line in alone:
        x, edge = line.get_xydata()[0]
        low = 250 * np.floor(x / 250)
        inside = (data.X[:, 0] >= low) & (data.X[:, 0] < low + 250)
        assert set(data.labels[inside]) == {1 if edge > 0 else 0}


def test_the_squeeze_leads_equal_steps_to_the_probabilities_of_the_same_log_odds(default) -> None:
    axes = default.stage(Settings()).figure.axes
    squeeze, right = axes[1], axes[2]
    for level, band in zip((-4, -3, -2, -1, 0, 1, 2, 3, 4), squeeze.patches[1:], strict=True):
        outline = band.get_path().vertices
        low_left = outline[outline[:, 0] == 0][:, 1].min()
        low_right = outline[outline[:, 0] == 1][:, 1].min()
        assert low_left == pytest.approx((level + 6) / 12)
        pixels = squeeze.transAxes.transform((1.0, low_right))[1]
        probability = right.transData.inverted().transform((0.0, pixels))[1]
        assert probability == pytest.approx(1 / (1 + np.exp(-level)), abs=1e-9)


def test_words_give_the_line_in_grams_and_the_odds_of_one_bin(default, words_at, fitted) -> None:
    words = words_at(default).replace("\u2212", "-").replace("\u2009", " ")
    slope, intercept = fitted
    assert f"z = {slope:.6f} x - {-intercept:.2f}" in words
    assert f"adds {250 * slope:.4f} to the log-odds and multiplies the odds by {np.exp(250 * slope):.2f}" in words


@pytest.mark.parametrize(
    "values",
    [{}, {"learning_rate": 1e-3}, {"start": (300.0, 4.0), "n_updates": 1}, {"start": (-9.0, 4.0), "n_updates": 2}],
    ids=str,
)
def test_e_to_what_is_added_is_what_multiplies(build, values) -> None:
    words = build(NAME, **values).beats[-1].words[0]
    added, times = re.search(r"adds (\S+) to the log-odds and multiplies the odds by (\S+), ", words).groups()
    shown = f"{math.exp(value_of(added)):.2e}"
    assert float(shown) == pytest.approx(value_of(times), rel=1e-9)


def test_own_data_even_separable_and_falling_play(build, words_at, plays) -> None:
    table = parse_csv("age,state\n1,new\n2,new\n3,new\n7,a\n8,a\n9,a\n", "ages.csv")
    scene = build(NAME, data=table, n_updates=60)
    assert "Log-odds of new" in words_at(scene)
    plays(scene)


@pytest.mark.parametrize(
    "values", [{"learning_rate": 10.0}, {"learning_rate": 1e-10}, {"start": (-900.0, 4.0)}, {"n_bins": 40}]
)
def test_plays_to_the_end_whatever_the_parameters(build, plays, values) -> None:
    plays(build(NAME, **values))
