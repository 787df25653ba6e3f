"""Weights that grow like the logarithm of the updates, and a penalty that stops them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.optimize import brentq

from animate import load_table
from animate.draw.settings import Settings
from animate.errors import DataError
from animate.learn.tables import parse_csv, shipped_table

NAME = "separable_data"
TABLE = "height,kind\n1.0,low\n2.0,low\n2.5,low\n4.0,high\n5.5,high\n"


@pytest.fixture(scope="module")
def default(build):
    """Return the lesson as it is."""
    return build(NAME)


def test_weight_is_the_known_one_after_1_10_100_and_1000_updates(default) -> None:
    """x = -1 and 1, rate 1, mean log loss, b stays 0."""
    free = default.panels[0].runs[0].trajectory
    assert free.params[[1, 10, 100, 1000], 0] == pytest.approx([0.5, 2.2632, 4.5892, 6.9050], abs=5e-5)
    assert np.abs(free.params[:, 1]).max() == 0.0


def test_every_update_is_a_naive_step_and_w_follows_the_logarithm(default) -> None:
    free, w = default.panels[0].runs[0].trajectory, 0.0
    for update in range(10_001):
        if update % 1000 == 0:
            assert free.params[update, 0] == pytest.approx(w, rel=1e-12)
        w += 1.0 / (1.0 + math.exp(w))
    assert free.params[-1, 0] == pytest.approx(math.log(10_000), abs=2e-3)


@pytest.mark.parametrize("penalty", [0.01, 0.1])
def test_penalized_weight_stops_where_slope_and_penalty_balance(build, penalty: float) -> None:
    """1 / (1 + e^w) = penalty w, the penalty being half of penalty w^2; solved by scipy."""
    scene = build(NAME, ridge_penalty=penalty)
    balance = brentq(lambda w: 1.0 / (1.0 + math.exp(w)) - penalty * w, 0.0, 50.0)
    assert scene.panels[0].runs[1].trajectory.final[0] == pytest.approx(balance, rel=1e-6)
    assert scene.panels[1][0].targets[1] == pytest.approx(balance, rel=1e-8)


def test_panels_show_both_weights_both_sigmoids_and_the_logarithm(default, words_at) -> None:
    scene = default
    words = words_at(scene)
    for shown in ("no penalty 9.21", "penalty 3.36", "0.9999 vs 0.9664", "9.21"):
        assert shown in words
    assert "4.61" in words_at(scene, 100)
    stage = scene.stage(Settings())
    stage.show(scene.timeline.duration)
    curves = [line for line in stage.figure.axes[0].lines if len(line.get_xdata()) > 100]
    for run, curve in zip(scene.panels[0].runs, curves, strict=True):
        expected = 1.0 / (1.0 + np.exp(-run.trajectory.final[0] * np.asarray(curve.get_xdata())))
        assert np.allclose(curve.get_ydata(), expected)


def test_own_separable_data_play_in_their_own_units(build, words_at) -> None:
    words = words_at(build(NAME, data=parse_csv(TABLE, "heights.csv"), n_updates=300))
    assert "height" in words
    assert "low" in words
    assert "high" in words


def test_own_data_that_overlap_are_told_so(build) -> None:
    table = shipped_table("penguins").select(["bill_length_mm", "species"])
    kept = [row for row in zip(table.cells, table.row_numbers, strict=True) if row[0][1] != "Gentoo"]
    text = "\n".join(",".join(cells) for cells, _ in kept)
    with pytest.raises(DataError, match="the two classes overlap, so the weights stop growing by themselves"):
        build(NAME, data=parse_csv(f"bill,species\n{text}\n", "penguins.csv"))


def test_a_penalized_run_that_diverges_says_so(build, words_at) -> None:
    assert "diverges" in words_at(build(NAME, learning_rate=10.0, ridge_penalty=1.0, n_updates=2000))


@pytest.mark.parametrize(
    "values", [{"learning_rate": 10.0, "ridge_penalty": 1.0}, {"learning_rate": 1e-10}, {"n_updates": 1}]
)
def test_plays_to_the_end_whatever_the_parameters(build, plays, values) -> None:
    plays(build(NAME, **values))


def test_the_highest_probability_is_never_shown_as_1(build) -> None:
    x = np.array([-1.0, -0.99, 0.99, 1.0, 60.0])
    own = load_table({"x": x, "kind": ["no", "no", "yes", "yes", "yes"]})
    scene = build("separable_data", data=own, n_updates=3000, learning_rate=10.0)
    assert scene.secondary_counter.text(3000).startswith("0.9999 vs ")
