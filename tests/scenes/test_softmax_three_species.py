"""Three species on one map, against scikit-learn's multinomial regression."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import load_iris, make_blobs
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from animate.draw.settings import Settings
from animate.errors import DataError
from animate.learn.data import penguins

NAME = "softmax_three_species"
SPECIES = ["Adelie", "Chinstrap", "Gentoo"]


@pytest.fixture(scope="module")
def default(build):
    """Return the lesson as it is."""
    return build(NAME)


@pytest.fixture(scope="module")
def fitted():
    """No penalty, on standardized features, as the lesson."""
    data = penguins(["bill_length_mm", "bill_depth_mm"], SPECIES)
    X = (data.X - data.X.mean(axis=0)) / data.X.std(axis=0)
    return LogisticRegression(C=np.inf, tol=1e-10, max_iter=100_000).fit(X, data.labels), X, data


def shown(scene, update: int):
    stage = scene.stage(Settings(1280, 720))
    last = update == scene.timeline.n_updates
    stage.show(scene.timeline.duration if last else scene.timeline.time_of(update) + 1e-9)
    return stage.figure.axes


def test_ends_on_the_probabilities_of_scikit_learn(default, fitted) -> None:
    fit, X, data = fitted
    panel = default.panels[0]
    final = panel.run.trajectory.final
    assert np.allclose(panel.problem.objective.probabilities(final), fit.predict_proba(X), atol=2e-4)
    assert panel.run.trajectory.loss[-1] == pytest.approx(log_loss(data.labels, fit.predict_proba(X)), abs=1e-6)
    assert panel.problem.accuracy(final) == fit.score(X, data.labels)


def test_at_first_every_species_has_a_third_and_no_boundary_is_drawn(default, words_at) -> None:
    scene = default
    assert "undecided" in words_at(scene, 0)
    assert words_at(scene, 0).count("0.333") == 3
    boundaries = shown(scene, 0)[0].collections[-1]
    assert len(boundaries.get_segments()) == 0


@pytest.mark.parametrize("update", [5, 2500])
def test_on_a_boundary_the_two_likeliest_species_tie(default, update: int) -> None:
    scene = default
    problem, params = scene.panels[0].problem, scene.panels[0].run.trajectory.params[update]
    boundaries = shown(scene, update)[0].collections[-1]
    segments = boundaries.get_segments()
    assert 2 <= len(segments) <= 3
    for start, end in segments:
        points = start + np.linspace(0.01, 0.99, 7)[:, None] * (end - start)
        _, second, first = np.sort(problem.probabilities(params, points), axis=1).T
        assert np.allclose(first, second, atol=1e-9)


def test_regions_cover_the_axes_once_and_hold_the_points_put_there(default) -> None:
    scene = default
    axes = shown(scene, 2500)[0]
    problem, final = scene.panels[0].problem, scene.panels[0].run.trajectory.final
    regions = [patch for patch in axes.patches if patch.get_zorder() == 0.4]
    says = problem.probabilities(final, problem.data.X).argmax(axis=1)
    for index, region in enumerate(regions):
        inside = region.get_path().contains_points(problem.data.X)
        assert np.array_equal(inside, says == index)


def test_rings_stand_on_the_wrong_points_and_bars_are_the_marked_points(default, words_at, fitted) -> None:
    fit, X, data = fitted
    scene = default
    axes = shown(scene, 2500)[0]
    wrong = data.X[fit.predict(X) != data.labels]
    assert any(np.array_equal(line.get_xydata(), wrong) for line in axes.lines)
    row = scene.panels[0].marked
    assert row == fit.predict_proba(X).max(axis=1).argmin()
    for probability in scene.panels[0].problem.objective.probabilities(scene.panels[0].run.trajectory.final)[row]:
        assert f"{probability:.3f}" in words_at(scene)
    assert "12 of 342 wrong, 96.5 % right" in words_at(scene)


def test_no_probability_between_0_and_1_is_shown_as_0_or_1(default, words_at) -> None:
    panel = default.panels[0]
    for update in (1, 30, 300, 2500):
        params, row = panel.run.trajectory.params[update], panel.marked
        shares = panel.problem.probabilities(params, panel.problem.data.X[[row]])[0]
        for share in shares[(shares > 0) & (shares < 1)]:
            near = "< 0.001" if share < 5e-4 else "> 0.999" if share > 1 - 5e-4 else f"{share:.3f}"
            assert near in words_at(default, update)
        assert not {"0.000", "1.000"} & set(words_at(default, update).split("\n"))


def test_says_that_there_is_no_optimum_where_a_line_cuts_a_species_off(build, words_at) -> None:
    scene = build(NAME, first="flipper_length_mm", second="bill_depth_mm", n_updates=200)
    assert scene.panels[1][0].optimum is None
    assert "the weights grow for ever" in words_at(scene)
    assert "optimum" not in words_at(scene)


@pytest.mark.parametrize(
    "values",
    [
        {"learning_rate": 10.0, "momentum": 0.999},
        {"learning_rate": 1e-10},
        {"first": "flipper_length_mm", "second": "bill_depth_mm"},
        {"n_updates": 1},
    ],
)
def test_plays_to_the_end_whatever_the_parameters(build, plays, values) -> None:
    plays(build(NAME, **({"n_updates": 200} | values)))


def test_the_iris_are_classified_as_by_scikit_learn(build, words_at) -> None:
    iris = load_iris()
    names = [iris.target_names[index] for index in iris.target]
    scene = build(NAME, data={"petal length": iris.data[:, 2], "petal width": iris.data[:, 3], "species": names})
    fit = LogisticRegression(C=np.inf, tol=1e-10, max_iter=100_000).fit(iris.data[:, 2:], iris.target)
    problem, final = scene.panels[0].problem, scene.panels[0].run.trajectory.final
    assert problem.data.class_names == ("setosa", "versicolor", "virginica")
    assert problem.accuracy(final) == pytest.approx(fit.score(iris.data[:, 2:], iris.target))
    assert "Before the first update every class has probability 1/3 everywhere" in words_at(scene, 0)


def test_six_classes_have_six_markers_and_a_bar_each(build, words_at) -> None:
    X, labels = make_blobs(120, centers=6, random_state=2)
    scene = build(NAME, data=(*X.T, labels), n_updates=100)
    axes = shown(scene, 100)[0]
    points = [line for line in axes.lines if len(line.get_xdata()) == 20]
    assert len({line.get_marker() for line in points}) == len({line.get_color() for line in points}) == 6
    assert "6 classes, two features each" in str(scene.beats[0].words)
    assert all(name in words_at(scene, 100) for name in "012345")


@pytest.mark.parametrize("n_classes", [2, 7])
def test_fewer_or_more_classes_are_refused(build, n_classes: int) -> None:
    labels = [f"kind {index % n_classes}" for index in range(28)]
    with pytest.raises(DataError, match=f"3 to 6 label values are needed; got {n_classes}: kind 0, kind 1"):
        build(NAME, data=(np.arange(28.0), np.arange(28.0) ** 2, labels))
