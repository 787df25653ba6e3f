"""Splitting rows into folds for cross-validation."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from animate.errors import DataError
from animate.learn.checks import Integers, Rng, generator, whole


class Fold(NamedTuple):
    """One part of a split.

    Attributes
    ----------
    training, validation : int array
        Rows to fit on and rows to judge by, ascending; together every row once.
    """

    training: Integers
    validation: Integers


def k_fold(n_samples: int, n_folds: int, *, rng: Rng = 0) -> list[Fold]:
    """Return `n_folds` folds whose validation rows are all rows once, drawn at random.

    The first n_samples mod n_folds folds have one validation row more than the others.

    Parameters
    ----------
    n_samples : int
    n_folds : int
        At least 2, at most `n_samples`.
    rng : Generator or int
        A generator, or a seed (0 is one).

    Raises
    ------
    ValueError
        If `n_folds` is below 2.
    DataError
        If there are more folds than rows.

    References
    ----------
    M. Stone, "Cross-validatory choice and assessment of statistical predictions", Journal of the Royal
    Statistical Society B 36 (1974), 111-147.

    Examples
    --------
    >>> folds = k_fold(5, 2)
    >>> [len(fold.validation) for fold in folds]
    [3, 2]
    >>> sorted(int(row) for fold in folds for row in fold.validation)
    [0, 1, 2, 3, 4]
    """
    if whole("n_folds", n_folds, 2) > whole("n_samples", n_samples, 1):
        raise DataError(f"n_folds must not be above the number of rows, which is {n_samples}; got {n_folds}")
    order = generator(rng).permutation(n_samples)
    parts = [np.sort(part) for part in np.array_split(order, n_folds)]
    return [Fold(np.setdiff1d(order, part), part) for part in parts]
