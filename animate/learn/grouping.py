"""Groups of neighbors that stand for many rows where a loss is only drawn, as over a whole surface."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from animate.learn.objectives import MANY_ROWS, LinearPredictor
from animate.learn.validation import Floats, Integers

N_GROUPS = 512
"""Groups of neighbors in each class."""


def grouped(objective: LinearPredictor) -> LinearPredictor:
    """Return an objective over groups of neighbors of one label, weighted by their rows; of few rows the objective.

    A group stands at the mean of its rows. Within a group the loss differs by half its curvature times the variance of
    the predictions, so that values are those of all rows to about a percent: enough for a picture, not for a number.

    Parameters
    ----------
    objective : LinearPredictor
        With labels as targets.

    Examples
    --------
    >>> from animate.learn.objectives import logistic
    >>> x = np.linspace(-2.0, 2.0, 9000)
    >>> many = logistic(x, (np.sin(40.0 * x) + x > 0).astype(float))
    >>> few = grouped(many)
    >>> few.n_samples, bool(abs(few.value([2.0, 0.3]) - many.value([2.0, 0.3])) < 1e-4)
    (1024, True)
    """
    if objective.n_samples <= MANY_ROWS:
        return objective
    design, targets, sizes = [], [], []
    for label in np.unique(objective.targets):
        rows = objective.design[objective.targets == label]
        of = neighbors(rows[:, :-1], N_GROUPS)
        counts = np.bincount(of)
        design.append(np.stack([np.bincount(of, weights=column) / counts for column in rows.T], axis=-1))
        targets.append(np.full(len(counts), label))
        sizes.append(counts)
    weights = np.concatenate(sizes) / objective.n_samples
    return replace(objective, design=np.concatenate(design), targets=np.concatenate(targets), weights=weights)


def neighbors(X: Floats, n_groups: int) -> Integers:
    """Return the group of each row, shape (n_samples,): parts of nearly equal size, cut along each feature in turn.

    >>> neighbors(np.array([[3.0], [1.0], [2.0], [4.0]]), 2).tolist()
    [1, 0, 0, 1]
    """
    group = np.zeros(len(X), dtype=np.int64)
    n_cuts = int(np.log2(min(n_groups, len(X))))
    for cut in range(n_cuts):
        column = X[:, cut % X.shape[1]]
        order = np.lexsort((column, group))
        starts = np.searchsorted(group[order], np.arange(2**cut + 1))
        place = np.empty(len(X), dtype=np.int64)
        place[order] = np.arange(len(X)) - np.repeat(starts[:-1], np.diff(starts))
        group = 2 * group + (2 * place >= np.diff(starts)[group])
    return group
