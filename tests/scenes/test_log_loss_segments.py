"""The segments and what each point pays, against scikit-learn's log loss and a loop written out."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.metrics import log_loss

from animate.draw.settings import Settings
from animate.learn.tables import parse_csv
from tests.scenes.claim_checks import with_e
from tests.scenes.classification_tables import value_of

NAME = "log_loss_segments"


@pytest.fixture(scope="module")
def default(build):
    """Return the lesson as it is."""
    return build(NAME)


def probabilities(problem, params) -> np.ndarray:
    return 1.0 / (1.0 + np.exp(-(problem.objective.design @ params)))


def drawn(scene, update: int):
    stage = scene.stage(Settings(1280, 720))
    timeline = scene.timeline
    both_panels_are_there = timeline.end_of(4)
    moment = max(timeline.time_of(update) + 1e-9, both_panels_are_there)
    stage.show(timeline.duration if update == timeline.n_updates else moment)
    return stage.figure.axes


def test_path_is_plain_descent_on_the_mean_log_loss_of_the_standardized_feature(default) -> None:
    """Loss: the mean of -log p, no half, no penalty; rate 1 on the standardized feature."""
    panel = default.panels[0]
    x, y = panel.problem.data.X[:, 0], panel.problem.data.labels
    scaled, (w, b) = (x - x.mean()) / x.std(), (-1.6, 0.0)
    for update in range(60):
        assert np.allclose(panel.run.trajectory.params[update], [w, b], rtol=1e-10)
        p = 1.0 / (1.0 + np.exp(-(w * scaled + b)))
        assert panel.run.trajectory.loss[update] == pytest.approx(log_loss(y, p), rel=1e-10)
        w, b = w - np.mean((p - y) * scaled), b - np.mean(p - y)


@pytest.mark.parametrize("update", [0, 7, 200])
def test_solid_is_the_probability_of_the_own_class_on_the_far_side_and_dashed_the_rest(default, update: int) -> None:
    scene = default
    problem, path = scene.panels[0].problem, scene.panels[0].run.trajectory
    p = probabilities(problem, path.params[update])
    own = np.where(problem.data.labels == 1, p, 1.0 - p)
    *gaps, solids = [c for c in drawn(scene, update)[0].collections if hasattr(c, "get_segments")]
    dashed = {tuple(segment[0]): np.ptp(segment[:, 1]) for gap in gaps for segment in gap.get_segments()}
    assert all(gap.get_linestyles()[0][1] is not None for gap in gaps if len(gap.get_segments()))
    assert solids.get_linestyles()[0][1] is None
    x_and_label = zip(problem.data.X[:, 0], problem.data.labels, strict=True)
    for (x, label), length, solid in zip(x_and_label, own, solids.get_segments(), strict=True):
        assert solid[0].tolist() == [x, 1.0 - label]
        assert np.ptp(solid[:, 1]) == pytest.approx(length, abs=1e-12)
        assert dashed[(x, label)] == pytest.approx(1.0 - length, abs=1e-12)


@pytest.mark.parametrize("update", [0, 7, 200])
def test_points_ride_on_minus_log_p(default, update: int) -> None:
    scene = default
    problem, path = scene.panels[0].problem, scene.panels[0].run.trajectory
    p = probabilities(problem, path.params[update])
    own = np.sort(np.where(problem.data.labels == 1, p, 1.0 - p))
    points = [line.get_xydata() for line in drawn(scene, update)[1].lines if line.get_marker() in "xo"]
    riding = np.concatenate([xy for xy in points if 1 < len(xy) <= 5])
    assert np.allclose(np.sort(riding[:, 0]), own, rtol=1e-10)
    assert np.allclose(riding[:, 1], -np.log(riding[:, 0]), rtol=1e-10)


def test_words_say_the_two_means_apart_and_call_the_dashes_a_stand_in(default, words_at) -> None:
    scene = default
    problem, path = scene.panels[0].problem, scene.panels[0].run.trajectory
    p = probabilities(problem, path.final)
    own = np.where(problem.data.labels == 1, p, 1.0 - p)
    words = words_at(scene).replace("\u2212", "-")
    assert f"{-np.log(own).mean():.3f}" in words
    assert f"{(1.0 - own).mean():.3f}" in words
    assert f"= {-np.log(own.min()):.2f}\n" in words
    assert "Dashes only stand in" in words


STARTS = [(-1.6, 0.0), (0.0, 0.0), (30.0, 4.0), (900.0, 4.0), (-4000.0, 0.0)]


@pytest.mark.parametrize("start", STARTS)
def test_p_and_its_logarithm_agree_in_the_digits_shown(build, start) -> None:
    scene = build(NAME, start=start)
    (beside,) = [mark for mark in scene.panels[1].marks if mark.name == "costliest" and hasattr(mark, "text")]
    for update in range(60):
        p, paid = beside.text(update).removeprefix("\u2212log ").split(" = ")
        if p == "p":
            assert value_of(paid) < 0.0101
            continue
        mantissa, _, power = with_e(p).replace("\u2212", "-").partition("e")
        logarithm = math.log(float(mantissa)) + int(power or 0) * math.log(10)
        decimals = len(with_e(paid).split("e")[0].partition(".")[2])
        assert abs(value_of(paid) + logarithm) <= 0.51 * 10.0**-decimals, update
        assert p != "1"


@pytest.mark.parametrize("start", STARTS)
def test_the_highest_loss_that_is_said_is_that_of_the_first_curve(build, start) -> None:
    scene = build(NAME, start=start)
    problem = scene.panels[0].problem
    highest = np.logaddexp(0.0, (1 - 2 * problem.data.labels) * (problem.objective.design @ start)).max()
    assert scene.beats[3].words[0].replace("\u202f", "").endswith(f" up to {highest:.2f}.")


def test_own_data_names_its_classes_and_only_a_few_points_are_drawn(build, words_at) -> None:
    rows = "\n".join(f"{x / 10},{'ripe' if x > 33 + 20 * (x % 3 == 0) else 'green'}" for x in range(90))
    scene = build(NAME, data=parse_csv(f"days,state\n{rows}\n", "fruit.csv"), n_per_class=4)
    words = words_at(scene)
    assert scene.panels[0].problem.data.n_samples == 8
    assert "P(ripe)" in words
    assert "green" in words
    assert "days" in words


@pytest.mark.parametrize(
    "values", [{"learning_rate": 10.0}, {"learning_rate": 1e-10}, {"start": (-400.0, 0.0)}, {"n_updates": 1}]
)
def test_plays_to_the_end_whatever_the_parameters(build, plays, values) -> None:
    plays(build(NAME, **values))


def test_of_more_points_of_your_own_the_caption_says_how_many_are_drawn(build) -> None:
    rows = [f"{hours},{'no' if hours < 20 else 'yes'}" for hours in range(40)]
    for n_rows, first in ((40, "10 of your 40 points"), (10, "10 points")):
        kept = rows if n_rows == 40 else rows[15:25]
        scene = build(NAME, data=parse_csv("\n".join(["hours,passed", *kept]), "own.csv"))
        assert str(scene.beats[0].words[0]).startswith(f"{first}, and a first curve")
