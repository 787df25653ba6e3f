"""Regression on two features: from tables, and drawn from a seeded generator."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from animate.errors import DataError, listed, shortened
from animate.learn.checks import Floats, Rng, generator, matrix, non_negative, vector, whole
from animate.learn.data import Scaling
from animate.learn.tables import Table


@dataclass(frozen=True, eq=False)
class FeatureData:
    """Targets y and the two features X they are predicted from, in their own units.

    Attributes
    ----------
    X : array, shape (n_samples, 2)
    y : array, shape (n_samples,)
    feature_names : tuple of str
    y_name : str
    """

    X: Floats
    y: Floats
    feature_names: tuple[str, ...] = ("x₁", "x₂")
    y_name: str = "y"

    def __post_init__(self) -> None:
        object.__setattr__(self, "X", matrix("X", self.X))
        object.__setattr__(self, "y", vector("y", self.y, len(self.X)))
        if self.X.shape[1] != len(self.feature_names):
            raise ValueError(f"feature_names must name {self.X.shape[1]} columns; got {self.feature_names!r}")

    @property
    def n_samples(self) -> int:
        """Number of rows."""
        return len(self.y)

    @property
    def standardized(self) -> Floats:
        """The features with mean 0 and deviation 1 (divisor n), shape (n_samples, 2)."""
        return Scaling.standardize(self.X).apply(self.X)

    @property
    def standardized_y(self) -> Floats:
        """The targets with mean 0 and deviation 1 (divisor n), shape (n_samples,)."""
        return Scaling.standardize(self.y).apply(self.y[:, None])[:, 0]

    @classmethod
    def from_table(cls, table: Table) -> FeatureData:
        """Return the rows of a table: two features and the target, or x and y with x² as the second feature.

        Raises
        ------
        DataError
            If there are neither two nor three columns, a cell is not a finite number, or a column is constant.
        """
        if len(table.names) not in (2, 3):
            raise DataError(
                f"{table.source}: 3 columns are needed (two features, then the target), or 2 (x, then y); "
                f"it has {len(table.names)}: {listed(table.names)}. Name the ones to use"
            )
        *features, target = table.names
        columns = [_varied(table, name) for name in features]
        if len(features) == 1:
            columns.append(columns[0] ** 2)
            features.append(f"{features[0]}²")
        return cls(np.column_stack(columns), _varied(table, target, "the target"), tuple(features), target)


def _varied(table: Table, name: str, kind: str = "a feature") -> Floats:
    values = table.numbers(name)
    if np.ptp(values) == 0.0:
        raise DataError(f"{table.source}, column {shortened(name)!r}: {kind} must vary; got {values[0]:g} in every row")
    return values


def correlated_features(
    n_samples: int = 80,
    weights: tuple[float, float] = (2.0, 0.5),
    *,
    correlation: float = 0.5,
    noise: float = 0.8,
    rng: Rng = 0,
) -> FeatureData:
    """Return y = w_1 x_1 + w_2 x_2 + e, x_1 and x_2 standard normal and correlated, e normal.

    Parameters
    ----------
    n_samples : int
        At least 3.
    weights : pair of float
    correlation : float
        Of the two features, between -1 and 1.
    noise : float
        Standard deviation of e, in units of y.
    rng : Generator or int

    Raises
    ------
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> data = correlated_features(4, (1.0, -1.0), noise=0.0)
    >>> bool(np.allclose(data.y, data.X[:, 0] - data.X[:, 1]))
    True
    """
    if not -1.0 <= correlation <= 1.0:
        raise ValueError(f"correlation must be between -1 and 1; got {correlation!r}")
    draws = generator(rng).standard_normal((whole("n_samples", n_samples, 3), 3))
    second = correlation * draws[:, 0] + np.sqrt(1.0 - correlation**2) * draws[:, 1]
    X = np.column_stack([draws[:, 0], second])
    return FeatureData(X, X @ vector("weights", weights, 2) + non_negative("noise", noise) * draws[:, 2])
