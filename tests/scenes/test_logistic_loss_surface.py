"""The surface over two weights against scikit-learn and scipy, and that the path lies on the surface that is drawn."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.text import Text
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from animate import load_table
from animate.draw.settings import Settings
from animate.errors import DataError
from animate.learn.data import penguins
from animate.learn.tables import parse_csv

NAME = "logistic_loss_surface"


@pytest.fixture(scope="module")
def scene(build):
    return build(NAME)


@pytest.fixture(scope="module")
def stage(scene):
    return scene.stage(Settings(1280, 720))


def cross_entropy(weights, b: float) -> float:
    """Mean cross-entropy on standardized features, no penalty."""
    data = penguins(["bill_length_mm", "bill_depth_mm"])
    z = (data.X - data.X.mean(axis=0)) / data.X.std(axis=0) @ weights + b
    return float(np.mean(np.logaddexp(0.0, z) - data.labels * z))


def test_ends_on_the_optimum_of_scikit_learn(build, scene) -> None:
    """No penalty on either side; scikit-learn fits the same standardized features."""
    data = penguins(["bill_length_mm", "bill_depth_mm"])
    X = (data.X - data.X.mean(axis=0)) / data.X.std(axis=0)
    fit = LogisticRegression(C=np.inf, tol=1e-10, max_iter=10_000).fit(X, data.labels)
    for shown in (scene, build(NAME, intercept="held")):
        run = shown.panels[0].runs[0]
        assert np.allclose(run.trajectory.final, fit.coef_[0], rtol=1e-4)
        assert run.trajectory.loss[-1] == pytest.approx(0.042675, abs=1e-6)


@pytest.mark.parametrize("update", [0, 3, 200, 3000])
def test_height_of_the_path_is_the_least_over_b(scene, update: int) -> None:
    run = scene.panels[0].runs[0]
    weights = run.trajectory.params[update]
    least = minimize_scalar(lambda b: cross_entropy(weights, b), bracket=(-10.0, 10.0), tol=1e-12).fun
    assert run.trajectory.loss[update] == pytest.approx(least, rel=1e-9)


def test_with_b_held_the_height_of_the_path_is_the_slice_at_the_optimums_b(build) -> None:
    scene = build(NAME, intercept="held", n_updates=200)
    trajectory = scene.panels[0].runs[0].trajectory
    for update in (0, 3, 200):
        assert trajectory.loss[update] == pytest.approx(cross_entropy(trajectory.params[update], -4.940502), 1e-6)
    assert "b held at \u22124.94" in scene.panels[1].note[0]


def test_both_panels_draw_the_path_up_to_the_update_at_the_surfaces_height(scene, stage) -> None:
    stage.show(scene.timeline.time_of(40) + 1e-9)
    space, above = stage.figure.axes
    trajectory, values = scene.panels[0].runs[0].trajectory, scene.panels[1].values
    paths = [np.array(line.get_data_3d()) for line in space.lines if len(line.get_data_3d()[0]) == 41]
    assert any(np.allclose(path[2], values(path[:2].T), rtol=1e-10) for path in paths)
    assert any(np.array_equal(line.get_xydata(), trajectory.params[:41]) for line in above.lines)


def test_words_say_which_b_and_the_updates_that_were_counted(scene, stage) -> None:
    loss = scene.panels[0].runs[0].trajectory.loss
    height = (loss - 0.04267465) / (loss[0] - 0.04267465)
    fallen = int(np.flatnonzero(height > 0.1)[-1]) + 1
    said = {}
    for update in (300, 3000):
        stage.show(scene.timeline.duration if update == 3000 else scene.timeline.time_of(update))
        said[update] = "\n".join(text.get_text() for text in stage.figure.findobj(Text))
    assert f"By update {fallen} 90 %" in said[300]
    assert "b at its best" in said[3000]
    assert "0.0427" in said[3000]


def test_own_separable_data_is_refused_in_words_of_the_field(build) -> None:
    table = parse_csv("a,b,class\n1,2,x\n2,1,x\n5,6,y\n6,5,y\n", "apart.csv")
    with pytest.raises(DataError, match="separable"):
        build(NAME, data=table)


@pytest.mark.parametrize(
    "values", [{"learning_rate": 100.0}, {"learning_rate": 1e-10, "orbit": 30.0}, {"n_updates": 1}]
)
def test_plays_to_the_end_whatever_the_parameters(build, plays, values) -> None:
    plays(build(NAME, **({"n_updates": 100} | values)))


def test_of_collinear_features_it_is_said_that_the_loss_is_lowest_along_a_line(build) -> None:
    """The star is the point of that line nearest to 0; how far the end is from it says nothing, its loss does."""
    rng = np.random.default_rng(0)
    first = rng.normal(size=60)
    labels = np.where(first + rng.normal(size=60) > 0, "yes", "no")
    scene = build(NAME, data=load_table({"a": first, "b": 2 * first, "class": labels}), learning_rate=0.5)
    words = " ".join(str(beat.words) for beat in scene.beats)
    assert "lowest along a line" in words
    assert "from the optimum" not in words
    scaled = ((first - first.mean()) / first.std())[:, None]
    fit = LogisticRegression(C=np.inf, tol=1e-10).fit(scaled, labels)
    assert np.allclose(scene.panels[1].optimum, fit.coef_[0, 0] / 2, rtol=1e-4)  # the shortest of equal columns
    assert f"{log_loss(labels, fit.predict_proba(scaled)):.3f}" in words
