"""Laws of K-fold splitting, and scikit-learn's sizes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.model_selection import KFold

from animate.errors import DataError
from animate.learn.splitting import k_fold


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
