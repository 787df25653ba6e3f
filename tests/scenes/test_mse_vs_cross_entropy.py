"""Two losses on one sigmoid: their gradients against differences and against scikit-learn's scores."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss, log_loss

from animate.draw.panels import Sigmoids
from animate.draw.settings import Settings
from animate.learn.data import penguins
from animate.learn.tables import parse_csv
from tests.scenes.conftest import show_update

NAME = "mse_vs_cross_entropy"
START = np.array([-8.0, 3.0])


@pytest.fixture(scope="module")
def default(build):
    """Return the lesson as it is."""
    return build(NAME)


def score(loss, params) -> float:
    """Mean over the points, no half, no penalty, on the standardized feature."""
    data = penguins(["bill_length_mm"])
    x = data.X[:, 0]
    p = 1.0 / (1.0 + np.exp(-(params[0] * (x - x.mean()) / x.std() + params[1])))
    return float(loss(data.labels, p))


def slope(loss, params) -> np.ndarray:
    steps = 1e-6 * np.eye(2)
    return np.array([(score(loss, params + step) - score(loss, params - step)) / 2e-6 for step in steps])


def test_losses_along_both_paths_equal_scikit_learns_scores(default) -> None:
    _, squared, entropy = default.panels
    for panel, loss in ((squared, brier_score_loss), (entropy, log_loss)):
        trajectory = panel.runs[0].trajectory
        for update in (0, 5, 100, 1000):
            assert trajectory.loss[update] == pytest.approx(score(loss, trajectory.params[update]), rel=1e-9)


def test_first_step_is_against_the_gradient_and_captions_say_its_length(default, words_at) -> None:
    scene = default
    for panel, loss in zip(scene.panels[1:], (brier_score_loss, log_loss), strict=True):
        first = panel.runs[0].trajectory.params[1] - START
        assert np.allclose(first, -slope(loss, START), rtol=1e-5, atol=1e-8)
    lengths = [np.linalg.norm(slope(loss, START)) for loss in (brier_score_loss, log_loss)]
    words = words_at(scene, 0)
    assert f"squared error is {lengths[0]:.5f} long, of cross-entropy {lengths[1]:.3f}" in words


def test_from_this_start_only_cross_entropy_moves_and_arrives(default) -> None:
    squared, entropy = (panel.runs[0].trajectory for panel in default.panels[1:])
    assert np.linalg.norm(squared.params[20] - START) < 0.3
    assert np.linalg.norm(entropy.params[20] - START) > 10.0
    assert np.allclose(entropy.final, [5.7330, -2.2891], atol=0.03)
    assert squared.loss[-1] > 0.3


def test_each_surface_holds_both_paths_and_draws_its_own(default) -> None:
    scene = default
    stage = scene.stage(Settings())
    stage.show(scene.timeline.duration)
    for axes, panel in zip(stage.figure.axes[2:], scene.panels[1:], strict=True):
        (low_x, high_x), (low_y, high_y) = axes.get_xlim(), axes.get_ylim()
        ends = panel.runs[0].trajectory.params
        assert low_x < ends[:, 0].min() < ends[:, 0].max() < high_x
        assert low_y < ends[:, 1].min() < ends[:, 1].max() < high_y
        assert any(np.array_equal(line.get_xydata(), ends) for line in axes.lines)


@pytest.mark.parametrize("update", [0, 50, 1000])
def test_dots_stand_at_the_pull_on_the_middle_point_of_class_one(default, update: int) -> None:
    scene = default
    sigmoids, pulls = scene.panels[0]
    assert isinstance(sigmoids, Sigmoids)
    stage = scene.stage(Settings())
    show_update(stage, update)
    data = penguins(["bill_length_mm"])
    x = data.X[:, 0]
    middle = (np.sort(x[data.labels == 1])[34] - x.mean()) / x.std()
    dots = [line.get_xydata()[0] for line in stage.figure.axes[1].lines if len(line.get_xydata()) == 1]
    for run, dot, pull in zip(pulls.runs, dots, (lambda p: 2 * (1 - p) ** 2 * p, lambda p: 1 - p), strict=True):
        w, b = run.trajectory.params[update]
        z = w * middle + b
        assert dot[0] == pytest.approx(z)
        assert dot[1] == pytest.approx(pull(1 / (1 + np.exp(-z))), abs=1e-12)


def test_own_data_names_its_class(build, words_at) -> None:
    rows = "\n".join(f"{x},{'yes' if (x * 7) % 11 > 6 - x // 9 else 'no'}" for x in range(40))
    words = words_at(build(NAME, data=parse_csv(f"dose,answer\n{rows}\n", "doses.csv"), n_updates=50))
    assert "P(yes)" in words
    assert "dose" in words


@pytest.mark.parametrize(
    "values", [{"learning_rate": 10.0}, {"learning_rate": 1e-10}, {"start": (300.0, -90.0)}, {"n_updates": 1}]
)
def test_plays_to_the_end_whatever_the_parameters(build, plays, values) -> None:
    plays(build(NAME, **values))
