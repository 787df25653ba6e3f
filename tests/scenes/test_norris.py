# ruff: noqa: E501 - a row is a number of a lesson
"""Every lesson that fits a line, on the table of NIST whose best line is certified."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from sklearn.linear_model import Lasso, Ridge
from sklearn.preprocessing import StandardScaler

import animate
from animate.learn.tables import shipped_table
from animate.scene import Scene
from tests.scenes.claim_checks import LINE, SCENES, number, shows, shows_line, texts_of

SLOPE, INTERCEPT = 1.00211681802045, -0.262323073774029
RESIDUAL_SUM = 26.6173985294224
"""Certified by the Statistical Reference Datasets, of the table "Norris" and its 36 rows."""
LOSS = RESIDUAL_SUM / 36

X, Y = map(shipped_table("norris").numbers, ("x", "y"))


def scene(name: str, **values: Any) -> Scene:
    return animate.load(name, scenes=SCENES).build(data=shipped_table("norris"), **values)


def said(name: str, **values: Any) -> str:
    return " ".join(texts_of(scene(name, **values)))


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("linear_batch_gd", "Batch GD ends at y = "), ("linear_loss_surface", "Batch GD ends at y = "),
        ("linear_sgd_vs_batch", "Batch GD ends at y = "), ("linear_online_sgd", "is that of y = "),
        ("newton_vs_gradient", "lands on the best line, y = "), ("six_datasets", "y = "),
    ],
)  # fmt: skip
def test_the_line_of_a_lesson_is_the_certified_one_to_the_digits_shown(name: str, pattern: str) -> None:
    found = re.findall(pattern + LINE, said(name))
    assert found
    assert all(shows_line(line, np.array([SLOPE, INTERCEPT])) for line in found)


@pytest.mark.parametrize(
    ("name", "pattern", "value"),
    [
        ("linear_training_traces", r"least squares (\S+) and", SLOPE), ("linear_training_traces", r"least squares \S+ and (\S+)\.", INTERCEPT),
        ("linear_training_traces", r"over the lowest loss, (\S+), is left", LOSS / 2),
        ("linear_ten_thousand_epochs", r"best line, slope (\S+): ", SLOPE), ("bad_initialization", r"least possible is (\S+)\.", LOSS),
        ("maximum_likelihood", r"Σ r² = (\S+) the lowest", RESIDUAL_SUM), ("maximum_likelihood", r"least squares, slope (\S+)\.", SLOPE),
        ("maximum_likelihood", r"deviation σ = (\S+)\. ", np.sqrt(LOSS)), ("ridge_outliers", r"Best slopes (\S+),", SLOPE),
        ("least_absolute_deviations", r"Σ r²: (\S+) against", RESIDUAL_SUM),
        ("linear_sgd_vs_batch", r"The lowest mean squared error, (\S+),", LOSS),
        ("maximum_likelihood", r"Log-likelihood (\S+) is the highest", -18 * (np.log(2 * np.pi * LOSS) + 1)),
    ],
)  # fmt: skip
def test_a_number_of_a_lesson_is_that_of_the_certified_line(name: str, pattern: str, value: float) -> None:
    found = re.search(pattern, said(name))
    assert found
    assert shows(found[1], value)


def test_a_polynomial_of_degree_1_ends_on_the_certified_line() -> None:
    curve = scene("polynomial_fit", degree=1).panels[0].curves[0]
    assert curve.at(10**9, np.array([0.0, 1000.0])) == pytest.approx([INTERCEPT, INTERCEPT + 1000 * SLOPE], rel=1e-9)


def test_the_squared_line_among_robust_losses_ends_on_the_certified_one() -> None:
    curve = scene("robust_losses").panels[0].curves[0]
    assert curve.at(10**9, np.array([0.0, 1000.0])) == pytest.approx([INTERCEPT, INTERCEPT + 1000 * SLOPE], rel=1e-6)


def test_ridge_ends_on_the_slopes_of_scikit_learn() -> None:
    penalties = (0.01, 0.1, 1.0)
    shown = re.search("Best slopes (.*?): ", said("ridge_outliers"))
    scaled = StandardScaler().fit_transform(X[:, None])
    fits = [Ridge(alpha=penalty * len(X)).fit(scaled, Y).coef_[0] / X.std() for penalty in penalties]
    assert shown
    assert all(map(shows, shown[1].split(", ")[1:], fits))


def test_the_lasso_on_x_and_its_square_goes_where_scikit_learn_ends() -> None:
    lasso, ridge = scene("lasso_vs_ridge", n_updates=8000).panels[0].runs
    features = StandardScaler().fit_transform(np.column_stack([X, X**2]))
    y = (Y - Y.mean()) / Y.std()
    for run, fit in ((lasso, Lasso(alpha=0.45, tol=1e-12)), (ridge, Ridge(alpha=0.45 * len(X)))):
        assert run.trajectory.final[:2] == pytest.approx(fit.fit(features, y).coef_, abs=1e-6)


def test_a_line_has_the_lowest_validation_error_by_numpys_fits() -> None:
    words, rng = said("cross_validation"), np.random.default_rng(2)
    folds = np.array_split(rng.permutation(len(X)), 5)
    errors = []
    for degree in range(1, 10):
        left = [np.setdiff1d(np.arange(len(X)), fold) for fold in folds]
        fits = [np.polynomial.Polynomial.fit(X[rows], Y[rows], degree) for rows in left]
        errors.append(
            np.mean([np.square(fit(X[fold]) - Y[fold]).mean() for fit, fold in zip(fits, folds, strict=True)])
        )
    found = re.search(r"Degree (\d) has the lowest mean validation error, ([0-9.]+[0-9])", words)
    assert found
    assert (int(found[1]), number(found[2])) == (int(np.argmin(errors)) + 1, pytest.approx(min(errors), rel=2e-3))


def test_no_other_frequency_fits_better_than_the_one_that_is_said_to_fit_best_around_the_level_of_the_sine() -> None:
    built = scene("sine_fit")
    found, curve = re.search(r"; (\S+) fits best", " ".join(texts_of(built))), built.panels[0].curves[1]
    amplitude, frequency, phase = curve.run.trajectory.final
    level = Y - (curve.at(10**9, X) - amplitude * np.sin(frequency * X + phase))

    def error(frequency: float) -> float:
        waves = np.column_stack([np.sin(frequency * X), np.cos(frequency * X)])
        return float(np.square(waves @ np.linalg.lstsq(waves, level, rcond=None)[0] - level).mean())

    best = minimize_scalar(error, bounds=(1e-6, 1e-3), method="bounded", options={"xatol": 1e-9}).x
    assert found
    assert shows(found[1], best)
    assert curve.run.diverges_at is None


@pytest.mark.parametrize(
    "name",
    ["bad_initialization", "divergence_threshold", "feature_scaling", "linear_minibatch"],
)
def test_a_surface_has_its_star_at_the_certified_line_of_standardized_x(name: str) -> None:
    stars = [panel.optimum for column in scene(name).panels for panel in (column if isinstance(column, list | tuple) else [column])
             if getattr(panel, "optimum", None) is not None and np.shape(panel.optimum) == (2,)]  # fmt: skip
    assert stars
    scaled, raw = (SLOPE * X.std(), INTERCEPT + SLOPE * X.mean()), (SLOPE, INTERCEPT)
    assert all(np.allclose(star, scaled, rtol=1e-9) or np.allclose(star, raw, rtol=1e-6) for star in stars)
    assert any(np.allclose(star, scaled, rtol=1e-9) for star in stars)
