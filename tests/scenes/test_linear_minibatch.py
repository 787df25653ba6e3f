"""Minibatch descent against scikit-learn's single steps and the closed form, and the clouds on screen."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import SGDRegressor

from animate.draw.panels import Cloud, LossSurface
from animate.draw.settings import Settings
from animate.learn.tables import shipped_table

NAME = "linear_minibatch"


@pytest.fixture(scope="module")
def scene(build):
    return build(NAME)


def clouds(scene) -> list[Cloud]:
    (first, third), (second, fourth) = scene.panels[1:]
    return [first, second, third, fourth]


def points():
    from animate import line

    return line(128, slope=2.0, intercept=1.0, noise=2.0, rng=1)


def test_batch_of_one_takes_scikit_learns_steps(scene) -> None:
    """SGDRegressor steps on half the squared error: eta0 is twice our rate, which is on the whole."""
    run, data = clouds(scene)[0].run.trajectory, points()
    model = SGDRegressor(penalty=None, learning_rate="constant", eta0=2 * 0.05, tol=None)
    model.coef_, model.intercept_ = np.array([-1.5]), np.array([-3.5])
    for update in range(1, 101):
        (row,) = run.rows_at(update)
        model.partial_fit(data.X[[row]], data.y[[row]])
        assert np.allclose(run.params[update], [model.coef_[0], model.intercept_[0]], rtol=1e-9)


def test_batch_of_all_follows_the_closed_form(scene) -> None:
    data = points()
    design = np.column_stack([data.x, np.ones(128)])
    optimum = np.linalg.lstsq(design, data.y, rcond=None)[0]
    shrink = np.eye(2) - 0.05 * 2 * design.T @ design / 128
    expected = optimum + np.linalg.matrix_power(shrink, 50) @ (np.array([-1.5, -3.5]) - optimum)
    assert np.allclose(clouds(scene)[3].run.trajectory.params[50], expected, rtol=1e-9)


def test_cloud_shrinks_as_the_batch_grows(scene, words_at) -> None:
    optimum = np.polyfit(points().x, points().y, 1)
    words, distances = words_at(scene), []
    for cloud in clouds(scene):
        rest = cloud.run.trajectory.params[cloud.since :] - optimum
        distances.append(float(np.sqrt((rest**2).sum(axis=1).mean())))
        assert f"\u00b1 {distances[-1]:.2f}" in words
    assert distances == sorted(distances, reverse=True)
    assert distances[0] > 3 * distances[1] > 9 * distances[2]
    since, shown = clouds(scene)[0].since, ", ".join(f"{distance:.3f}" for distance in distances)
    assert f"typical distance since update {since}: {shown}" in words


def test_batch_sizes_and_gradients_are_counted(scene, words_at) -> None:
    used = [int(cloud.run.trajectory.gradients_used[-1]) for cloud in clouds(scene)]
    assert used == [400, 3200, 12800, 51200]
    assert "400 to 51\u202f200" in words_at(scene)


def test_rings_have_the_typical_distance_as_radius_and_look_round(scene) -> None:
    stage = scene.stage(Settings(1280, 720))
    stage.show(scene.timeline.duration)
    rings = [ring for panel, _ in stage.mounted if isinstance(panel, Cloud) for ring in panel.artists["ring"]]
    radii = sorted(np.ptp(ring.get_xy()[:, 0]) / 2 for ring in rings if ring.get_visible())
    single, optimum = scene.panels[0].runs[0].trajectory.params, scene.panels[0].optimum
    second_half = np.linalg.norm(single[200:] - optimum, axis=1)
    assert radii[-1] == pytest.approx(np.sqrt(np.square(second_half).mean()), rel=1e-6)
    for ring in rings:
        box = ring.get_window_extent()
        assert box.width == pytest.approx(box.height, rel=1e-3, abs=1e-6)


def test_surface_shows_all_paths_from_one_start(scene) -> None:
    surface = scene.panels[0]
    assert isinstance(surface, LossSurface)
    assert [run.name for run in surface.runs] == ["Batch 1", "Batch 8", "Batch 32", "All 128"]
    assert {tuple(run.trajectory.params[0]) for run in surface.runs} == {(-1.5, -3.5)}


@pytest.mark.parametrize(
    "values",
    [
        {"learning_rate": 1.0, "n_updates": 2000},
        {"learning_rate": 1e-10},
        {"n_samples": 6},
        {"noise": 0.0},
        {"n_updates": 1},
    ],
    ids=str,
)
def test_plays_to_the_end_whatever_the_parameters(build, plays, values) -> None:
    plays(build(NAME, **values))


def test_own_data_keeps_every_run_finite_and_near(build) -> None:
    scene = build(NAME, data=shipped_table("norris"))
    optimum = scene.panels[0].optimum
    for run in scene.panels[0].runs:
        assert np.isfinite(run.trajectory.params).all()
        way = np.linalg.norm(run.trajectory.params[0] - optimum)
        assert np.linalg.norm(run.trajectory.final - optimum) < 0.01 * way
