"""Scaling of features, and the conversion of parameters between scaled and original units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import numpy.typing as npt

from animate.learn.validation import Floats, matrix

Standardize = Annotated[bool, "Whether the descent measures your own x in standard deviations"]
"""The type of a lesson's parameter for this; most lessons measure it from its mean as well."""


@dataclass(frozen=True, eq=False)
class Scaling:
    """An affine scaling of features, scaled = (X - mean) / scale, which also converts parameters.

    Attributes
    ----------
    mean, scale : array, shape (n_features,)
    """

    mean: Floats
    scale: Floats

    @classmethod
    def identity(cls, n_features: int) -> Scaling:
        """Return the scaling that leaves features unchanged.

        >>> Scaling.identity(1).to_units([2.0, 1.0]).tolist()
        [2.0, 1.0]
        """
        return cls(np.zeros(n_features), np.ones(n_features))

    @classmethod
    def standardize(cls, X: npt.ArrayLike) -> Scaling:
        """Return the scaling to mean 0 and standard deviation 1 (divisor n); a constant column keeps its scale.

        >>> Scaling.standardize([[0.0], [2.0]]).apply([[0.0], [2.0]]).tolist()
        [[-1.0], [1.0]]
        """
        features = matrix("X", X)
        mean, scale = features.mean(axis=0), features.std(axis=0)
        return cls(mean, np.where(np.ptp(features, axis=0) > 0, scale, 1.0))

    def apply(self, X: npt.ArrayLike) -> Floats:
        """Return (X - mean) / scale, shape (n_samples, n_features)."""
        return (np.asarray(X, dtype=float) - self.mean) / self.scale

    def to_units(self, params: npt.ArrayLike) -> Floats:
        """Return the parameters for X that are equivalent to `params` for scaled X, shape (..., n_features + 1).

        weights = w / scale, intercept = b - sum(w mean / scale). Values that are not finite pass without a warning.
        """
        params = np.asarray(params, dtype=float)
        with np.errstate(all="ignore"):
            weights = params[..., :-1] / self.scale
            shift = np.sum(weights * self.mean, axis=-1, keepdims=True)
            return np.concatenate([weights, params[..., -1:] - shift], axis=-1)

    def from_units(self, params: npt.ArrayLike) -> Floats:
        """Return the parameters for scaled X that are equivalent to `params` for X, shape (..., n_features + 1).

        weights = w scale, intercept = b + sum(w mean).

        >>> scaling = Scaling.standardize([[0.0], [2.0]])
        >>> scaling.to_units(scaling.from_units([3.0, 0.5])).tolist()
        [3.0, 0.5]
        """
        params = np.asarray(params, dtype=float)
        with np.errstate(all="ignore"):
            shift = np.sum(params[..., :-1] * self.mean, axis=-1, keepdims=True)
            return np.concatenate([params[..., :-1] * self.scale, params[..., -1:] + shift], axis=-1)


def centered(X: npt.ArrayLike, unit: Scaling | None = None) -> Scaling:
    """Return the scaling that centers each feature: scaled = (X - mean) / unit.scale, or X - mean without `unit`.

    >>> centered([[1.0], [5.0]]).apply([[1.0], [5.0]]).tolist()
    [[-2.0], [2.0]]
    """
    features = matrix("X", X)
    return Scaling(features.mean(axis=0), np.ones(features.shape[1]) if unit is None else unit.scale)


def unit_deviation(X: npt.ArrayLike) -> Scaling:
    """Return the scaling to standard deviation 1 (divisor n) that keeps the origin: scaled = X / deviation.

    >>> unit_deviation([[1.0], [5.0]]).apply([[1.0], [5.0]]).tolist()
    [[0.5], [2.5]]
    """
    features = matrix("X", X)
    return Scaling(np.zeros(features.shape[1]), Scaling.standardize(features).scale)


def without_rounding(line: npt.ArrayLike, x: npt.ArrayLike, size: float = 1.0) -> Floats:
    """Return slope and intercept, shape (..., 2), 0 where they are no more than rounding of heights of a size.

    >>> without_rounding([2e12, 1.1], [1e-12, 3e-12]).tolist(), without_rounding([2.0, 1e-17], [1.0, 3.0]).tolist()
    ([2000000000000.0, 1.1], [2.0, 0.0])
    """
    line, x = np.asarray(line, dtype=float), np.asarray(x, dtype=float)
    center, spread = abs(float(x.mean())), float(x.std())
    least = 1e-13 * size * np.array([1.0, spread + center]) / spread  # the intercept takes on what the slope misses
    return np.where(np.abs(line) < least, 0.0, line)
