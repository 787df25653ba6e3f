"""Descent around the limit 2/lambda_max against its eigenvalues, down to inf and nan, and how they are labelled."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.linalg import eigh

from animate import line
from animate.draw.panels import LineFit, LossSurface
from animate.draw.settings import Settings
from animate.learn.tables import shipped_table

NAME = "divergence_threshold"


@pytest.fixture(scope="module")
def scene(build):
    return build(NAME)


@pytest.fixture(scope="module")
def spectrum():
    """Return eigenvalues and vectors of the Hessian 2 X'X/n of the mean squared residual, and start - optimum."""
    data = line(40, slope=1.5, intercept=1.0, noise=1.0, rng=0)
    design = np.column_stack([data.x, np.ones(40)])
    optimum = np.linalg.lstsq(design, data.y, rcond=None)[0]
    return *eigh(2 * design.T @ design / 40), np.array([0.6, -1.0]) - optimum


def runs(scene):
    return [column[0].runs[0].trajectory for column in scene.panels]


def test_limit_is_two_over_the_largest_eigenvalue(scene, spectrum, words_at) -> None:
    words = words_at(scene, 0)
    assert f"{2 / spectrum[0][-1]:.4f}" in words
    for factor in (0.9, 1.0, 1.1):
        assert f"rate {factor * 2 / spectrum[0][-1]:.4g}" in words


def test_steepest_direction_shrinks_stays_and_grows_as_the_eigenvalue_says(scene, spectrum) -> None:
    _, vectors, away = spectrum
    optimum = scene.panels[0][0].optimum
    for run, factor in zip(runs(scene), (0.9, 1.0, 1.1), strict=True):
        steep = (run.params[:40] - optimum) @ vectors[:, -1]
        expected = (1 - 2 * factor) ** np.arange(40) * (away @ vectors[:, -1])
        assert np.allclose(steep, expected, rtol=1e-7, atol=1e-10)


def test_at_the_limit_the_line_swings_between_two_places_for_ever(scene) -> None:
    path = runs(scene)[1].params
    assert np.allclose(path[-1], path[-3], atol=1e-9)
    assert np.abs(path[-1] - path[-2]).max() > 1


def test_infinity_comes_where_the_growth_reaches_the_largest_float(scene, spectrum) -> None:
    """loss ~ lambda_max / 2 c^2 1.2^(2k) leaves the doubles near 1.8e308."""
    eigenvalues, vectors, away = spectrum
    first = math.log10(eigenvalues[-1] / 2 * float(away @ vectors[:, -1]) ** 2)
    expected = (math.log10(1.797e308) - first) / (2 * math.log10(1.2))
    over = runs(scene)[2]
    assert abs(over.diverged_at - expected) < 12  # the sum over the points overflows before their mean
    assert np.isposinf(over.loss[over.diverged_at])
    assert np.isnan(over.params[-1]).all()


def test_infinite_and_undefined_numbers_are_labelled_with_their_update(scene, words_at) -> None:
    over = runs(scene)[2]
    undefined = int(np.isnan(over.params).any(axis=1).argmax())
    words = words_at(scene, over.diverged_at).replace("\u202f", "")
    assert f"at update {over.diverged_at} the loss is infinite" in words
    assert "\u221e" in words.splitlines()
    assert f"diverged at {over.diverged_at:,}".replace(",", "\u202f") in words_at(scene)
    words = words_at(scene).replace("\u202f", "")
    assert f"From update {undefined} on slope and intercept have no value" in words
    assert "nan" in words.splitlines()


def test_lines_and_paths_on_screen_are_those_of_the_runs(scene) -> None:
    stage = scene.stage(Settings())
    stage.show(3.0)
    update = scene.timeline.update_at(3.0)
    drawn = [line.get_data() for axes in stage.figure.axes for line in axes.lines]
    for column in scene.panels:
        surface, fit = column
        assert isinstance(surface, LossSurface)
        assert isinstance(fit, LineFit)
        path = fit.run.trajectory.params[: update + 1]
        near = path[np.abs(path).max(axis=1) < 20]
        assert any(len(x) == update + 1 and np.allclose(np.stack([x, y], 1)[: len(near)], near) for x, y in drawn)
        slope, intercept = fit.run.trajectory.params[update]
        assert any(len(x) == 2 and np.allclose(y, slope * np.asarray(x) + intercept) for x, y in drawn)


def test_own_data_bounces_at_its_own_limit(build, words_at) -> None:
    scene = build(NAME, data=shipped_table("norris"), n_updates=100)
    assert "At the limit 100 % of the first distance is left" in scene.alt


@pytest.mark.parametrize(
    "values", [{"margin": 0.9, "n_updates": 10_000}, {"margin": 1e-6, "n_updates": 500}, {"n_updates": 1}], ids=str
)
def test_plays_to_the_end_whatever_the_parameters(build, plays, values) -> None:
    plays(build(NAME, **values))
