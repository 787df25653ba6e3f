"""The plane of a network's own path: directions and shares against scikit-learn, heights against a forward pass."""

from __future__ import annotations

import re

import numpy as np
import pytest
from scipy.optimize import minimize
from sklearn.decomposition import TruncatedSVD

from animate import load_table
from animate.draw.settings import Settings
from animate.learn.descent import descend
from animate.learn.optimizers import gradient_descent

NAME = "neural_loss_landscape"


@pytest.fixture(scope="module")
def scene(build):
    return build(NAME)


@pytest.fixture(scope="module")
def surface(scene):
    return scene.panels[0].marks[0].function.__self__


@pytest.fixture(scope="module")
def path(surface):
    objective = surface.objective
    return descend(objective, gradient_descent(1.0), objective.random_params(0), 4000)


def test_directions_and_shares_are_those_of_an_uncentered_decomposition_about_the_optimum(scene, surface, path) -> None:
    moves = path.params - surface.plane.origin
    svd = TruncatedSVD(2, algorithm="arpack", random_state=0).fit(moves)
    assert np.allclose(np.abs(np.sum(svd.components_ * surface.plane.directions, axis=1)), 1.0, atol=1e-9)
    shares = svd.singular_values_**2 / np.sum(moves**2)
    for name, share in zip(scene.panels[1].names, shares, strict=True):
        assert f"{100 * share:.1f} % of the squared distance" in name[0]
    assert f"holds {100 * shares.sum():.1f} % of its squared distance" in scene.beats[2].words[0]


def test_the_star_is_a_minimum_of_the_whole_loss(scene, surface) -> None:
    optimum = surface.plane.lift(scene.panels[1].optimum)
    objective = surface.objective
    found = minimize(objective.value, optimum, jac=objective.gradient, method="BFGS", options={"gtol": 1e-10})
    assert objective.value(optimum) == pytest.approx(found.fun, abs=1e-9)
    assert np.allclose(optimum, found.x, atol=1e-3)


def test_the_path_drawn_is_the_projection_at_the_height_of_the_plane(scene, surface, path) -> None:
    trajectory = scene.panels[0].runs[0].trajectory
    expected = (path.params - surface.plane.origin) @ surface.plane.directions.T
    assert np.allclose(trajectory.params, expected, atol=1e-12)
    objective = surface.objective
    for update in (0, 100, 4000):
        params = surface.plane.origin + trajectory.params[update] @ surface.plane.directions
        V, c, v, b = params[:6].reshape(3, 2), params[6:9], params[9:12], params[12]
        z = np.tanh(objective.X @ V.T + c) @ v + b
        height = np.mean(np.logaddexp(0, z) - objective.labels * z) + 0.0005 * (np.sum(V**2) + np.sum(v**2))
        assert trajectory.loss[update] == pytest.approx(height, rel=1e-10)


def test_the_path_ends_on_the_star_in_both_panels(scene) -> None:
    stage = scene.stage(Settings())
    stage.show(scene.timeline.duration)
    space, above = stage.figure.axes
    heads = [line.get_xydata()[0] for line in above.lines if len(line.get_xydata()) == 1 and line.get_zorder() == 8]
    assert np.allclose(heads[0], scene.panels[1].optimum, atol=0.02)
    trajectory = scene.panels[0].runs[0].trajectory
    drawn = [np.array(line.get_data_3d()) for line in space.lines if len(line.get_data_3d()[0]) == len(trajectory.loss)]
    assert any(np.allclose(line[2], trajectory.loss) for line in drawn)


def test_words_give_the_true_loss_beside_the_height(scene, path, words_at) -> None:
    heights = scene.panels[0].runs[0].trajectory.loss
    for update in (0, 33, 4000):
        assert f"{path.loss[update]:.4f} vs {heights[update]:.4f}" in words_at(scene, update)


@pytest.mark.parametrize(
    "values",
    [
        {"learning_rate": 10.0, "n_hidden": 6},
        {"learning_rate": 1e-10},
        {"dataset": "xor", "n_hidden": 1},
        {"n_updates": 1},
    ],
)
def test_plays_to_the_end_whatever_the_parameters(build, plays, values) -> None:
    plays(build(NAME, **({"n_updates": 300, "n_samples": 40} | values)))


def test_the_share_is_not_called_one_of_the_paths_length_or_movement(scene) -> None:
    words = " ".join(str(beat.words) for beat in scene.beats)
    assert "squared distance" in words
    assert "movement" not in words


@pytest.mark.parametrize("seed", range(4))
def test_the_losses_that_are_said_are_those_of_the_ends(build, seed) -> None:
    rate = [1e-6, 1.0, 5.0, 1.0][seed]
    scene = build(NAME, seed=seed, n_updates=[1, 20, 300, 300][seed], n_samples=40, learning_rate=rate)
    surface = scene.panels[0].marks[0].function.__self__
    objective, shadow = surface.objective, scene.panels[0].runs[0].trajectory
    end = descend(objective, gradient_descent(rate), objective.random_params(seed), shadow.n_updates)
    said = [float(text.replace("\u2212", "-")) for text in re.findall(r"[\d.]+\d", scene.beats[-1].words[0])]
    expected = [end.loss[-1], shadow.loss[-1], objective.value(surface.plane.lift(scene.panels[1].optimum))]
    assert said == pytest.approx(expected, rel=6e-4)


def test_of_very_many_points_a_sample_is_used_and_it_is_said(build) -> None:
    X = np.random.default_rng(0).normal(size=(5000, 2))
    table = load_table({"a": X[:, 0], "b": X[:, 1], "label": np.where(X.sum(axis=1) > 0, "yes", "no")})
    scene = build(NAME, data=table, n_updates=5)
    words = " ".join(str(beat.words) for beat in scene.beats)
    assert "Of your 5\u202f000 points 2\u202f000 are used" in words
    assert scene.panels[0].marks[0].function.__self__.objective.n_samples == 2000
