"""Runs: neighbors that are alike. Plots are full of them, and one look at a run does for all its pixels."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def run_heads(*sequences: NDArray[Any]) -> NDArray[np.intp]:
    """Return where any of the sequences, all of one length, differs from what it was one before; 0 included.

    >>> run_heads(np.array([7, 7, 8, 8]), np.array([1, 1, 1, 2]))
    array([0, 2, 3])
    """
    differs = sequences[0][1:] != sequences[0][:-1]
    for sequence in sequences[1:]:
        differs |= sequence[1:] != sequence[:-1]
    return np.concatenate([[0], np.flatnonzero(differs) + 1])


def lengths(heads: NDArray[np.intp], total: int) -> NDArray[np.intp]:
    """Return how long each run is, the last one up to `total`.

    >>> lengths(np.array([0, 2, 3]), 7)
    array([2, 1, 4])
    """
    return np.diff(heads, append=total)
