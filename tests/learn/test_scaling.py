"""Moved and stretched features against scikit-learn's scaler, and the way back to the data's own units."""

from __future__ import annotations

import numpy as np
from sklearn.preprocessing import StandardScaler

from animate.learn.data import RegressionData
from animate.learn.problems import scaled_problem
from animate.learn.scaling import centered, unit_deviation
from animate.learn.tables import shipped_table

NORRIS = RegressionData.from_table(shipped_table("norris"))
CERTIFIED = np.array([1.00211681802045, -0.262323073774029])
"""NIST StRD, Norris: slope, intercept."""


def test_centered_is_scikit_learns_scaler_without_the_deviation() -> None:
    expected = StandardScaler(with_std=False).fit_transform(NORRIS.X)
    assert np.allclose(centered(NORRIS.X).apply(NORRIS.X), expected)


def test_unit_deviation_is_scikit_learns_scaler_without_the_mean() -> None:
    expected = StandardScaler(with_mean=False).fit_transform(NORRIS.X)
    assert np.allclose(unit_deviation(NORRIS.X).apply(NORRIS.X), expected)


def test_centered_in_units_of_the_deviation_is_standardized() -> None:
    expected = StandardScaler().fit_transform(NORRIS.X)
    assert np.allclose(centered(NORRIS.X, unit_deviation(NORRIS.X)).apply(NORRIS.X), expected)


def test_every_scaling_has_the_certified_optimum_in_the_datas_units() -> None:
    for scaling in (centered(NORRIS.X), unit_deviation(NORRIS.X)):
        problem = scaled_problem(NORRIS, scaling)
        assert np.allclose(problem.in_units(problem.objective.optimum()), CERTIFIED, rtol=1e-9)
