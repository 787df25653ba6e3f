"""Four schedules against a naive loop over scikit-learn's scaled features, and the distances on screen."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression
from sklearn.preprocessing import StandardScaler

from animate import line
from animate.draw.settings import Settings
from animate.learn.tables import shipped_table

NAME = "learning_rate_schedules"
RATES = {
    "Constant": lambda k: 0.05,
    "Steps": lambda k: 0.05 * 0.3 ** (k // 600),
    "1/t": lambda k: 0.05 / (1 + k / 100),
    "Cosine": lambda k: 0.025 * (1 + math.cos(math.pi * k / 2400)),
}


@pytest.fixture(scope="module")
def scene(build):
    return build(NAME)


def clouds(scene):
    (first, third), (second, fourth) = scene.panels[:2]
    return [first, second, third, fourth]


@pytest.fixture(scope="module")
def points():
    data = line(60, slope=2.0, intercept=1.0, noise=1.5, rng=0)
    return StandardScaler().fit_transform(data.X)[:, 0], data.y


@pytest.mark.parametrize(("index", "name"), list(enumerate(RATES)))
def test_each_run_is_online_sgd_at_its_schedules_rates(scene, points, index, name) -> None:
    """Squared error of one point without a half: the gradient is 2 (prediction - y) (x, 1)."""
    (x, y), run = points, clouds(scene)[index].run
    assert run.name == name
    w, b = run.trajectory.params[0]
    for k in range(2400):
        (row,) = run.trajectory.rows_at(k + 1)
        miss = 2 * (w * x[row] + b - y[row])
        w, b = w - RATES[name](k) * miss * x[row], b - RATES[name](k) * miss
    assert np.allclose(run.trajectory.final, [w, b], rtol=1e-9)


def test_all_four_see_the_same_points_in_the_same_order_each_once_an_epoch(scene) -> None:
    orders = [cloud.run.trajectory.rows[:, 0] for cloud in clouds(scene)]
    assert all(np.array_equal(order, orders[0]) for order in orders)
    assert (np.sort(orders[0].reshape(40, 60)) == np.arange(60)).all()


def test_distances_of_the_last_epoch_stand_on_screen(scene, points, words_at) -> None:
    best = LinearRegression().fit(points[0][:, None], points[1])
    words = words_at(scene).split("\n")
    for cloud in clouds(scene):
        off = cloud.run.trajectory.params[-60:] - [best.coef_[0], best.intercept_]
        assert f"± {math.sqrt(np.square(off).sum(axis=1).mean()):.3f}" in words


def test_the_rates_on_screen_are_those_of_the_update(scene, words_at) -> None:
    words = words_at(scene, 820).split("\n")
    for name, rate in RATES.items():
        assert f"{name.lower()} {rate(819):.4f}" in words


@pytest.mark.parametrize("seed", range(4))
def test_falling_rates_end_nearer_than_a_constant_one_whatever_the_seed(build, words_at, seed) -> None:
    scene = build(NAME, seed=seed)
    assert "Every falling rate ends nearer than the constant one" in words_at(scene)
    distances = [np.linalg.norm(cloud.run.trajectory.final - cloud.center) for cloud in clouds(scene)]
    assert max(distances[1:]) < 0.1 * distances[0]


def test_rates_too_low_to_arrive_are_not_praised(build, words_at) -> None:
    words = words_at(build(NAME, learning_rate=1e-4, n_updates=100))
    assert "No falling rate ends nearer" in words


def test_without_noise_the_constant_rate_comes_to_rest_too(build, words_at) -> None:
    assert "No falling rate ends nearer" in words_at(build(NAME, noise=0.0, n_updates=600))


def test_ones_own_data_are_run_on_their_standardized_x(build, plays) -> None:
    scene = build(NAME, data=shipped_table("norris"), n_updates=720)
    table = shipped_table("norris")
    x = StandardScaler().fit_transform(table.numbers("x")[:, None])
    best = LinearRegression().fit(x, table.numbers("y"))
    assert np.allclose(clouds(scene)[3].center, [best.coef_[0], best.intercept_])
    plays(scene)


@pytest.mark.parametrize(
    "wild", [{"learning_rate": 1.0, "n_updates": 600}, {"learning_rate": 1e-10, "n_updates": 50}, {"n_updates": 4},
             {"noise": 0.0, "n_updates": 600}, {"n_samples": 5, "n_updates": 100}],
)  # fmt: skip
def test_wild_values_play_to_the_end(build, plays, wild) -> None:
    plays(build(NAME, **wild))


@pytest.mark.parametrize("size", [(480, 270), (1080, 1080), (1280, 720)])
def test_every_rate_has_its_name_at_any_size_and_the_lines_have_most_of_the_width(scene, size) -> None:
    stage = scene.stage(Settings(*size))
    stage.show(scene.timeline.duration)
    axes = stage.figure.axes[-1]
    texts = [text.get_text() for text in axes.texts if text.get_visible()]
    assert all(any(text.startswith(name.lower()) for text in texts) for name in RATES)
    assert 0.7 * axes.get_xlim()[1] <= 2400
