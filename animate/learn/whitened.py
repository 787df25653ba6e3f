"""Coordinates in which a linear predictor is well conditioned, whatever the columns of its design.

What is computed in them hardly depends on the order in which a processor adds: the digits that badly conditioned
columns cost are lost once, on the way back to the parameters.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from animate.learn.checks import Floats

_EPSILON = float(np.finfo(float).eps)


class Standardized(NamedTuple):
    """Columns centered and scaled; `penalties` are the ridge penalties of their weights.

    The scale is a column's deviation, or sqrt(variance + ridge_penalty) with a penalty. The last column is 1.
    """

    design: Floats
    mean: Floats
    scale: Floats
    penalties: Floats

    def in_units(self, params: Floats) -> Floats:
        """Return parameters of the columns as they were, shape (..., n_params)."""
        weights = params[..., :-1] / self.scale
        return np.concatenate([weights, params[..., -1:] - (weights @ self.mean)[..., None]], axis=-1)


def standardize(design: Floats, ridge_penalty: float) -> Standardized:
    """Return columns of deviation 1 around 0 and the penalties that keep the optimum where it was.

    A constant column becomes 0.
    """
    X = design[:, :-1]
    unit = power_of_two(np.abs(X).max(axis=0, initial=0.0))
    parts = X / unit
    mean, spread = parts.mean(axis=0), parts.std(axis=0)
    # What rounding leaves of a constant column is no spread; nor is what no finite weight could make visible.
    flat = (spread <= 1e-14 * np.abs(parts).max(axis=0, initial=0.0)) | (unit * spread < 1e-300)
    # A penalty far above a column's own curvature would drown the other columns; as part of its scale it is at most 1.
    scale = np.hypot(np.where(flat, 0.0, unit * spread), np.sqrt(ridge_penalty))
    scale = np.where(scale == 0.0, 1.0, scale)
    centered = np.where(flat, 0.0, (parts - mean) / (scale / unit))
    penalties = np.append((np.sqrt(ridge_penalty) / scale) ** 2, 0.0)
    return Standardized(np.column_stack([centered, design[:, -1]]), unit * mean, scale, penalties)


def power_of_two(size: npt.ArrayLike) -> Floats:
    """Return a power of two near `size`: to divide by it loses no digits, and squares no longer overflow."""
    exponents = np.frexp(np.asarray(size, dtype=float))[1]
    return np.asarray(np.ldexp(1.0, np.maximum(exponents, -1000)), dtype=float) / 2.0


class Whitened(NamedTuple):
    """Coordinates z with predictions = basis @ z and penalty = 1/2 ||ridge @ z||^2.

    basis^T basis / n_samples + ridge^T ridge is the identity, so every z has predictions of its own: there are fewer
    coordinates than parameters where columns are collinear.
    """

    basis: Floats
    ridge: Floats
    back: Floats
    scaled: Standardized

    def in_units(self, coordinates: Floats) -> Floats:
        """Return the parameters, shape (..., n_params): the smallest on standardized columns."""
        return self.scaled.in_units(coordinates @ self.back.T)


def whiten(design: Floats, ridge_penalty: float) -> Whitened:
    """Return the coordinates for a design whose last column is 1, from a singular value decomposition.

    Directions in which standardized columns vary by no more than rounding are left out.

    Examples
    --------
    >>> design = np.array([[0.0, 0.0, 1.0], [1e9, 2e9, 1.0], [3e9, 6e9, 1.0]])
    >>> basis = whiten(design, 0.0).basis
    >>> bool(np.allclose(basis.T @ basis / 3, np.eye(2)))
    True
    """
    scaled = standardize(design, ridge_penalty)
    n_samples = len(design)
    rows = np.vstack([scaled.design / np.sqrt(n_samples), np.diag(np.sqrt(scaled.penalties))])
    left, sizes, right = np.linalg.svd(rows, full_matrices=False)
    lost = np.append(np.abs(scaled.mean) / scaled.scale, 0.0)  # by centering, in units of a column's last digit
    rounding = _EPSILON * (max(rows.shape) * sizes[0] + np.linalg.norm(lost * right, axis=1))
    kept = sizes > rounding
    return Whitened(
        left[:n_samples, kept] * np.sqrt(n_samples), left[n_samples:, kept], right[kept].T / sizes[kept], scaled
    )
