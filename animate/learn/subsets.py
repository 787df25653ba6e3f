"""Smaller data made of larger: a few points of each class."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from animate.learn.checks import Rng, generator, whole
from animate.learn.data import ClassificationData


def few_of_each(data: ClassificationData, n_per_class: int, *, rng: Rng = 0) -> ClassificationData:
    """Return ``n_per_class`` points of each class, drawn without replacement, in the order of the data.

    A class with no more points than that keeps them all.

    Parameters
    ----------
    data : ClassificationData
    n_per_class : int
        At least 1.
    rng : Generator or int
        A generator, or a seed (0 is one).

    Raises
    ------
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> from animate.learn.data import penguins
    >>> few_of_each(penguins(["bill_length_mm"]), 3).labels.tolist()
    [0.0, 0.0, 0.0, 1.0, 1.0, 1.0]
    """
    whole("n_per_class", n_per_class, 1)
    rng = generator(rng)
    members = [np.flatnonzero(data.labels == index) for index in range(data.n_classes)]
    drawn = [rng.choice(rows, min(n_per_class, len(rows)), replace=False) for rows in members]
    rows = np.sort(np.concatenate(drawn))
    return replace(data, X=data.X[rows], labels=data.labels[rows])
