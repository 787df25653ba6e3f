"""The race against minima found by scipy and against rates tried one by one, and the standings on screen."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from animate.draw.marks import Text
from animate.learn.surfaces import SURFACES

NAME = "optimizer_race"


@pytest.fixture(scope="module")
def scene(build):
    return build(NAME)


def standings(scene) -> list[tuple[str, str]]:
    """Return the name and the learning rate written in each line."""
    texts = [mark.text for mark in scene.panels[1][1].marks if isinstance(mark, Text)]
    texts = [text.strip() for text in texts if isinstance(text, str)]
    return list(zip(texts[::2], texts[1::2], strict=True))


def test_every_run_ends_near_the_minimum_that_scipy_finds_from_there(scene) -> None:
    beale = SURFACES["beale"]
    for run in scene.panels[0].runs:
        exact = {"xatol": 1e-9, "fatol": 1e-14}
        found = minimize(beale.value, run.trajectory.final, method="Nelder-Mead", options=exact)
        assert np.allclose(found.x, scene.panels[0].optimum, atol=1e-5)
        assert run.trajectory.loss[-1] <= 1e-3 * run.trajectory.loss[0]


def test_plain_descents_rate_on_the_valley_is_the_best_of_the_grid(build) -> None:
    """Descent on (x² + 30 y²)/2 has x_k = (1 - rate)^k x_0 and y_k = (1 - 30 rate)^k y_0; over 2/30 it diverges."""
    scene = build(NAME, surface="valley")
    start, curvatures, arrivals = np.array([-4.5, 1.4]), np.array([1.0, 30.0]), {}
    for rate in (digit * 10.0**exponent for exponent in range(-5, -1) for digit in (1, 2, 5)):
        path = start * (1 - rate * curvatures) ** np.arange(201)[:, None]
        loss = 0.5 * np.square(path) @ curvatures
        stays = [k for k in range(201) if (loss[k:] <= 1e-3 * loss[0]).all()]
        if stays and np.linalg.norm(np.diff(path, axis=0), axis=1).max() <= 0.1 * np.hypot(10.0, 4.0):
            arrivals[rate] = stays[0]
    best = min(arrivals, key=arrivals.__getitem__)
    assert float(standings(scene)[0][1]) == pytest.approx(best)
    assert f"Plain {arrivals[best]}" in scene.alt


def test_every_optimizers_own_learning_rate_stands_beside_its_name(scene, words_at) -> None:
    lines = words_at(scene).split("\n")
    assert [name for name, _ in standings(scene)] == [run.name for run in scene.panels[0].runs]
    for name, rate in standings(scene):
        assert f"   {name}" in lines
        assert rate in lines


def test_the_standings_show_losses_and_then_the_update_of_arrival(scene, words_at) -> None:
    nesterov = scene.panels[0].runs[2].trajectory
    assert f"{nesterov.loss[11]:.2f}" in words_at(scene, 11).split("\n")
    arrived = max(k for k, loss in enumerate(nesterov.loss) if loss > 1e-3 * nesterov.loss[0]) + 1
    assert f"reached at {arrived}" not in words_at(scene, arrived - 1)
    assert f"reached at {arrived}" in words_at(scene, arrived)


@pytest.mark.parametrize("surface", sorted(SURFACES))
def test_every_surface_can_be_run_down(build, plays, surface) -> None:
    scene = build(NAME, surface=surface, n_updates=60)
    assert 6 <= scene.timeline.duration <= 15
    plays(scene)


def test_a_given_rate_is_used_and_a_wild_one_plays_to_the_end(build, plays, words_at) -> None:
    scene = build(NAME, learning_rate_plain=10.0, n_updates=50)
    assert standings(scene)[0] == ("Plain", "10")
    assert "Plain diverges" in words_at(scene, 49)
    assert "; diverged: Plain." in words_at(scene)
    plays(scene)


def test_a_start_at_the_bottom_plays_too(build, plays) -> None:
    plays(build(NAME, start=(3.0, 0.5), n_updates=20))


def test_each_tuned_rate_is_the_first_at_the_goal_of_all_18_with_no_step_over_a_tenth_of_the_window(
    scene, build
) -> None:
    said = " ".join(str(beat.words) for beat in scene.beats)
    assert "no step above a tenth" in said
    beale, adam = SURFACES["beale"], scene.panels[0].runs[5]
    goal, arrivals = 1e-3 * beale.value(beale.start), {}
    for rate in (digit * 10.0**exponent for exponent in range(-5, 1) for digit in (1, 2, 5)):
        m, v, at, path = np.zeros(2), np.zeros(2), np.array(beale.start, dtype=float), []
        for k in range(1, 201):
            path.append(at)
            slope = beale.gradient(at)
            m, v = 0.9 * m + 0.1 * slope, 0.999 * v + 0.001 * slope**2
            at = at - rate * (m / (1 - 0.9**k)) / (np.sqrt(v / (1 - 0.999**k)) + 1e-8)
        steps, loss = np.linalg.norm(np.diff([*path, at], axis=0), axis=1), beale.values(np.array([*path, at]))
        stays = [k for k in range(201) if (loss[k:] <= goal).all()]
        if stays and steps.max() <= 0.1 * beale.diagonal:
            arrivals[rate] = stays[0]
    assert adam.name == "Adam"
    assert float(dict(standings(scene))["Adam"]) == pytest.approx(min(arrivals, key=arrivals.__getitem__))
    assert "beside its name" in str(build(NAME, learning_rate_adam=0.3, n_updates=20).beats)
