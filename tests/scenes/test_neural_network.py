"""A small network against a forward pass written out, scipy's optimizer, and logistic regression."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from animate import load_table
from animate.draw.settings import Settings
from animate.learn.datasets import two_moons
from animate.learn.tables import parse_csv

NAME = "neural_network"


@pytest.fixture(scope="module")
def default(build):
    """Return the lesson as it is."""
    return build(NAME)


def forward(params, X) -> np.ndarray:
    """Log-odds of three tanh units at points in the data's units; features standardized by hand."""
    data = two_moons(120, noise=0.15, rng=0)
    scaled = (X - data.X.mean(axis=0)) / data.X.std(axis=0)
    return np.tanh(scaled @ params[:6].reshape(3, 2).T + params[6:9]) @ params[9:12] + params[12]


def loss(params) -> float:
    """Mean cross-entropy + half of 0.001 times the squared weights, the intercepts not penalized."""
    data = two_moons(120, noise=0.15, rng=0)
    p = 1.0 / (1.0 + np.exp(-forward(params, data.X)))
    return log_loss(data.labels, p) + 0.0005 * float(np.sum(params[:6] ** 2) + np.sum(params[9:12] ** 2))


def axes_at(scene, update: int):
    stage = scene.stage(Settings(1280, 720))
    last = update == scene.timeline.n_updates
    stage.show(scene.timeline.duration if last else scene.timeline.time_of(update) + 1e-9)
    return stage.figure.axes


@pytest.mark.parametrize("update", [0, 10, 500, 2500])
def test_loss_is_the_one_that_is_stated(default, update: int) -> None:
    trajectory = default.panels[0].run.trajectory
    assert trajectory.loss[update] == pytest.approx(loss(trajectory.params[update]), rel=1e-10)


def test_backpropagation_steps_against_the_slope_of_the_loss(default) -> None:
    """Learning rate 1; central differences of the loss written out above."""
    params = default.panels[0].run.trajectory.params
    slopes = [(loss(params[5] + step) - loss(params[5] - step)) / 2e-6 for step in 1e-6 * np.eye(13)]
    assert np.allclose(params[6] - params[5], -np.array(slopes), atol=1e-8)


def test_ends_on_the_minimum_that_scipy_finds_from_there(default) -> None:
    trajectory = default.panels[0].run.trajectory
    found = minimize(loss, trajectory.final, method="BFGS", options={"gtol": 1e-7})
    assert trajectory.loss[-1] == pytest.approx(found.fun, abs=5e-5)


@pytest.mark.parametrize("update", [0, 300, 2500])
def test_on_the_boundary_drawn_both_classes_are_equally_likely(default, update: int) -> None:
    scene = default
    params = scene.panels[0].run.trajectory.params[update]
    boundary = axes_at(scene, update)[0].collections[1]
    points = np.concatenate(boundary.get_segments())
    assert np.abs(np.tanh(forward(params, points) / 2)).max() < 0.04  # |2 p - 1|, straight between grid cells


def test_dashed_lines_are_where_hidden_units_are_zero(default) -> None:
    scene = default
    params = scene.panels[0].run.trajectory.final
    data = two_moons(120, noise=0.15, rng=0)
    segments = axes_at(scene, 2500)[0].collections[0].get_segments()
    assert len(segments) == 3
    for unit, segment in enumerate(segments):
        scaled = (segment - data.X.mean(axis=0)) / data.X.std(axis=0)
        assert np.abs(scaled @ params[:6].reshape(3, 2)[unit] + params[6 + unit]).max() < 1e-9


def test_words_compare_with_the_line_of_logistic_regression(default, words_at) -> None:
    """scikit-learn's C is 1 / (n times the penalty of 0.001)."""
    data = two_moons(120, noise=0.15, rng=0)
    X = (data.X - data.X.mean(axis=0)) / data.X.std(axis=0)
    line = LogisticRegression(C=1 / (120 * 1e-3), tol=1e-10).fit(X, data.labels).score(X, data.labels)
    scene = default
    assert f"one straight line, gets {100 * line:.1f} % right at ridge penalty 0.001" in scene.beats[0].words[0]
    final = scene.panels[0].run.trajectory.final
    right = ((forward(final, data.X) > 0) == (data.labels == 1)).mean()
    assert f"{100 * right:.1f} % right" in words_at(scene)
    for weight in final[9:12]:
        assert f"\u00b1{abs(weight):.1f}" in words_at(scene)


def test_own_data_keep_their_names_and_units(build, words_at) -> None:
    cells = [(a, b, "in" if (a - 5) ** 2 + (b - 5) ** 2 < 12 else "out") for a in range(11) for b in range(11)]
    rows = "\n".join(f"{a},{10 * b},{place}" for a, b, place in cells)
    words = words_at(build(NAME, data=parse_csv(f"width_cm,depth,place\n{rows}\n", "places.csv"), n_updates=200))
    for name in ("width (cm)", "depth", "in", "out"):
        assert name in words.split("\n")


@pytest.mark.parametrize(
    "values",
    [
        {"learning_rate": 10.0, "n_hidden": 12},
        {"learning_rate": 1e-10},
        {"dataset": "xor", "n_hidden": 1},
        {"n_updates": 1},
    ],
)
def test_plays_to_the_end_whatever_the_parameters(build, plays, values) -> None:
    plays(build(NAME, **({"n_updates": 400} | values)))


def test_the_line_is_named_by_its_method_not_called_the_best(build) -> None:
    """The best line gets more right than logistic regression: 89.2 % of the moons, 75 % of XOR."""
    for dataset in ("two_moons", "xor"):
        words = " ".join(str(beat.words) for beat in build(NAME, dataset=dataset, n_updates=5).beats)
        assert "Logistic regression" in words
        assert "best line" not in words


def test_of_very_many_points_each_update_uses_all_and_fewer_are_made(build) -> None:
    X = np.random.default_rng(0).normal(size=(20_000, 2))
    table = load_table({"a": X[:, 0], "b": X[:, 1], "label": (X[:, 0] * X[:, 1] > 0).astype(int)})
    run = build(NAME, data=table).panels[0].run
    assert run.trajectory.n_updates == 1000
    assert run.trajectory.n_samples == 20_000
