"""Cross-validation of polynomials."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.model_selection import KFold

from animate.errors import DataError
from animate.learn.cross_validation import cross_validate, k_fold
from animate.learn.data import RegressionData


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


# Laws of K-fold splitting, and scikit-learn's sizes


@given(st.integers(2, 60), st.integers(2, 12), st.integers(0, 2**32 - 1))
def test_every_row_is_validated_once_and_trained_on_otherwise(n_samples: int, n_folds: int, seed: int) -> None:
    n_folds = min(n_folds, n_samples)
    folds = k_fold(n_samples, n_folds, rng=seed)
    assert sorted(np.concatenate([fold.validation for fold in folds]).tolist()) == list(range(n_samples))
    for fold in folds:
        assert sorted([*fold.training.tolist(), *fold.validation.tolist()]) == list(range(n_samples))


@given(st.integers(2, 60), st.integers(2, 12))
def test_folds_are_as_large_as_sklearns(n_samples: int, n_folds: int) -> None:
    n_folds = min(n_folds, n_samples)
    expected = [len(rows) for _, rows in KFold(n_folds).split(np.zeros(n_samples))]
    assert [len(fold.validation) for fold in k_fold(n_samples, n_folds)] == expected


def test_the_same_seed_makes_the_same_folds_and_zero_is_a_seed() -> None:
    def folds(seed: int) -> list[list[int]]:
        return [fold.validation.tolist() for fold in k_fold(20, 4, rng=seed)]

    assert folds(0) == folds(0) != folds(1)


def test_more_folds_than_rows_are_refused() -> None:
    with pytest.raises(DataError, match="n_folds must not be above the number of rows, which is 3; got 4"):
        k_fold(3, 4)


def test_one_fold_is_refused() -> None:
    with pytest.raises(ValueError, match="n_folds must be a whole number, 2 or more; got 1"):
        k_fold(3, 1)
