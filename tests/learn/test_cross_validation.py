"""Cross-validation of polynomials."""

from __future__ import annotations

import numpy as np
import pytest

from animate.errors import DataError
from animate.learn.cross_validation import cross_validate
from animate.learn.data import RegressionData
from animate.learn.splitting import k_fold


def quadratic(n: int, noise: float = 0.0) -> RegressionData:
    x = np.linspace(-2.0, 5.0, n)
    return RegressionData(x, 3.0 * x**2 - x + noise * np.random.default_rng(0).normal(size=n))


def test_without_noise_the_true_degree_and_all_above_predict_exactly() -> None:
    found = cross_validate(quadratic(20), [1, 2, 3, 4], k_fold(20, 4))
    assert found.mean_validation[0] > 1.0
    assert found.mean_validation[1:] == pytest.approx(0.0, abs=1e-18)


def test_errors_are_those_of_numpys_polynomial_fit_on_each_fold() -> None:
    data, folds = quadratic(24, noise=2.0), k_fold(24, 3, rng=5)
    found = cross_validate(data, [2, 5], folds)
    for row, degree in enumerate((2, 5)):
        for column, fold in enumerate(folds):
            fitted = np.polynomial.Polynomial.fit(data.x[fold.training], data.y[fold.training], degree)
            for errors, rows in ((found.training, fold.training), (found.validation, fold.validation)):
                expected = np.mean((fitted(data.x[rows]) - data.y[rows]) ** 2)
                assert errors[row, column] == pytest.approx(expected, rel=1e-8)


def test_fits_are_numbered_degree_by_degree() -> None:
    found = cross_validate(quadratic(12), [1, 2], k_fold(12, 3))
    assert [found.place(fit) for fit in range(1, found.n_fits + 1)] == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]


def test_a_degree_that_a_fold_leaves_too_few_points_for_is_refused() -> None:
    with pytest.raises(DataError, match="every fold leaves for training, which is 6; got 6"):
        cross_validate(quadratic(9), [6], k_fold(9, 3))
