"""The slopes of ridge regression over the penalty against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from animate.learn.datasets import outliers
from animate.learn.problems import linear_problem
from animate.learn.ridge_path import ridge_path

POINTS = outliers(30, rng=4)


@pytest.mark.parametrize("standardize", [True, False])
def test_slopes_are_those_of_scikit_learn(standardize: bool) -> None:
    """Ridge minimizes |r|² + alpha w², so that alpha is λ n for ½ mean r² + ½ λ w²."""
    penalties = [0.0, 0.01, 1.0, 10.0]
    unit = POINTS.x.std() if standardize else 1.0
    expected = [
        Ridge(alpha=penalty * 30).fit((POINTS.x / unit)[:, None], POINTS.y).coef_[0] / unit for penalty in penalties
    ]
    problem = linear_problem(POINTS, standardize=standardize, loss="half_squared")
    assert ridge_path(problem, penalties).slopes == pytest.approx(expected)


def test_the_curve_passes_through_the_slopes_and_its_axis_has_a_place_for_no_penalty() -> None:
    penalties = [0.0, 0.02, 0.1, 1.0]
    path = ridge_path(linear_problem(POINTS, standardize=True, loss="half_squared"), penalties)
    assert path.places[0] == path.curve[0, 0] == 0
    assert (np.diff(path.places) > 0).all()
    assert path.curve[-1, 0] > path.places[-1]
    assert np.interp(path.places, *path.curve.T) == pytest.approx(path.slopes, rel=2e-3)


def test_penalties_of_0_alone_have_a_curve_too() -> None:
    path = ridge_path(linear_problem(POINTS, standardize=True), [0.0, 0.0])
    assert path.places.tolist() == [0.0, 0.0]
    assert np.isfinite(path.curve).all()
