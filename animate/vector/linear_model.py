"""Numbers of one drawing as linear functions of few others: all points of a line follow its two parameters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

MOST_LEADS = 4
"""A model has at most so many numbers that lead."""

NEAR = 0.65
"""A prediction that misses a rounded number by less is right."""


class LinearModel(NamedTuple):
    """Weights that predict the numbers of one track from those of another track, or from some of its own.

    Attributes
    ----------
    way : int
        From the track to the one that leads it, in the order of drawing; 0 if some of its own numbers lead.
    columns : tuple of int
        Which numbers of the text lead.
    weights : tuple of float
        For each number a constant and a weight for each number that leads.
    """

    way: int
    columns: tuple[int, ...]
    weights: tuple[float, ...]

    def fits(self, n_values: int, n_leading: int) -> bool:
        """Return whether the model predicts so many numbers, from a track that has so many."""
        return len(self.weights) == n_values * (len(self.columns) + 1) and max(self.columns) < n_leading

    def predict(self, leads: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the predictions, shape (..., n), for numbers of shape (..., n_leading).

        The operations have the order of the script of a page, so that both get the same.
        """
        weights = np.array(self.weights).reshape(-1, len(self.columns) + 1)
        total = weights[:, 0]
        for index, column in enumerate(self.columns):
            total = total + weights[:, index + 1] * leads[..., column, None]
        return total

    def errors(self, leads: NDArray[np.int64], before: NDArray[np.int64], new: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return what rounded predictions miss; numbers of the track that lead it move from those before.

        A prediction between two whole numbers is as near as the rounded number, and counts as right.
        """
        predicted = self.predict(leads)
        errors = new - np.floor(predicted + 0.5).astype(np.int64)
        errors[np.abs(new - predicted) < NEAR] = 0
        if not self.way:
            columns = list(self.columns)
            errors[..., columns] = new[..., columns] - before[..., columns]
        return errors


def fitted(values: NDArray[np.int64], leads: NDArray[np.int64], columns: Sequence[int], way: int) -> LinearModel:
    """Return the model of numbers, shape (n_texts, n), that some columns of others lead, shape (n_texts, n_leading).

    A second fit leaves out the half of the texts that fit worst: a line that leaves the picture is cut.

    >>> fitted(np.array([[2, 7], [4, 9], [6, 11]]), np.array([[1], [2], [3]]), [0], 5)
    LinearModel(way=5, columns=(0,), weights=(0, 2, 5, 2))
    """
    basis = np.column_stack([np.ones(len(leads)), leads[:, list(columns)]])
    scale = np.abs(basis).max(axis=0) + 1e-300
    chosen = np.arange(len(values))
    for _ in range(2):
        weights = np.linalg.lstsq(basis[chosen] / scale, values[chosen].astype(float), rcond=1e-9)[0] / scale[:, None]
        missed = np.abs(values - basis @ weights).max(axis=1)
        chosen = np.flatnonzero(missed <= max(np.median(missed), 0.6))
    effects = np.abs(weights[1:]).max(axis=1) * np.ptp(leads[chosen][:, list(columns)], axis=0)
    if 0 < (effects > 1).sum() < len(columns):
        return fitted(values, leads, [columns[index] for index in np.flatnonzero(effects > 1).tolist()], way)
    # so many decimals that a prediction changes by less than a tenth
    digits = np.ceil(np.log10(20 * scale * len(scale))).astype(int)
    rounded = np.concatenate([np.round(row, digit) for row, digit in zip(weights, digits, strict=True)])
    flat = rounded.reshape(len(weights), -1).T.ravel().tolist()
    return LinearModel(way, tuple(columns), tuple(int(weight) if weight == int(weight) else weight for weight in flat))


def leading_columns(values: NDArray[np.int64]) -> list[int]:
    """Return the columns of which all others are about linear functions; as many as `MOST_LEADS` at most.

    >>> leading_columns(np.array([[0, 0, 0], [1, 2, 5], [2, 4, 10], [7, 14, 35]]))
    [2]
    """
    left: NDArray[Any] = values - values.mean(axis=0)
    columns: list[int] = []
    while len(columns) < MOST_LEADS:
        lengths = np.linalg.norm(left, axis=0)
        column = int(lengths.argmax())
        if lengths[column] <= np.sqrt(len(values)):
            break
        columns.append(column)
        direction = left[:, column] / lengths[column]
        left = left - np.outer(direction, direction @ left)
    return columns
