"""Data for regression and classification: from tables, and drawn from seeded generators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from animate.errors import DataError, did_you_mean, listed, shortened
from animate.learn.checks import (
    Floats,
    Rng,
    all_finite,
    finite,
    generator,
    matrix,
    non_negative,
    vector,
    whole,
)
from animate.learn.tables import LARGEST, Table, load_table, read_csv

__all__ = [
    "ClassificationData",
    "RegressionData",
    "Scaling",
    "Table",
    "line",
    "load_table",
    "penguins",
    "read_csv",
]

_LEAST_SPREAD = 1.0 / LARGEST  # squares of smaller differences vanish


@dataclass(frozen=True, eq=False)
class RegressionData:
    """Points (x, y) in their own units.

    Attributes
    ----------
    x, y : array, shape (n_samples,)
    x_name, y_name : str
        What the axes are called.
    """

    x: Floats
    y: Floats
    x_name: str = "x"
    y_name: str = "y"

    def __post_init__(self) -> None:
        object.__setattr__(self, "x", vector("x", self.x))
        object.__setattr__(self, "y", vector("y", self.y, len(self.x)))

    @property
    def X(self) -> Floats:  # noqa: N802
        """The features as a matrix, shape (n_samples, 1)."""
        return self.x[:, None]

    @property
    def n_samples(self) -> int:
        """Number of points."""
        return len(self.x)

    @classmethod
    def from_table(cls, table: Table) -> RegressionData:
        """Return the points of a table: of its two columns in order, or of its columns named x and y.

        Raises
        ------
        DataError
            If the columns cannot be told, hold something other than finite numbers, or x has one distinct
            value.
        """
        x_name, y_name = _x_and_y(table)
        x, y = table.numbers(x_name), table.numbers(y_name)
        if np.ptp(x) < _LEAST_SPREAD:
            place = f"{table.source}, column {shortened(x_name)!r}"
            raise DataError(f"{place}: it must have two distinct values; got {x[0]:g} only")
        return cls(x, y, x_name, y_name)


def _x_and_y(table: Table) -> tuple[str, str]:
    if len(table.names) == 2:
        return table.names[0], table.names[1]
    lowered = {name.lower(): name for name in table.names}
    if "x" in lowered and "y" in lowered:
        return lowered["x"], lowered["y"]
    raise DataError(_columns_needed(table, "2 columns are needed (x, then y)"))


def _columns_needed(table: Table, needed: str) -> str:
    return f"{table.source}: {needed}; it has {len(table.names)}: {listed(table.names)}. Name the ones to use"


@dataclass(frozen=True, eq=False)
class ClassificationData:
    """Points of two or more classes in their own units.

    Attributes
    ----------
    X : array, shape (n_samples, n_features)
    labels : float array, shape (n_samples,)
        0, 1, ...: the index of the class in `class_names`.
    feature_names, class_names : tuple of str
    """

    X: Floats
    labels: Floats
    feature_names: tuple[str, ...]
    class_names: tuple[str, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "X", matrix("X", self.X))
        object.__setattr__(self, "labels", vector("labels", self.labels, len(self.X)))
        if not np.isin(self.labels, np.arange(len(self.class_names))).all():
            raise ValueError(f"labels must be whole numbers from 0 to {len(self.class_names) - 1}")
        if len(self.feature_names) != self.X.shape[1]:
            raise ValueError(f"feature_names must name {self.X.shape[1]} columns; got {self.feature_names!r}")

    @property
    def n_samples(self) -> int:
        """Number of points."""
        return len(self.X)

    @property
    def n_features(self) -> int:
        """Number of features."""
        return int(self.X.shape[1])

    @property
    def n_classes(self) -> int:
        """Number of classes."""
        return len(self.class_names)

    @classmethod
    def from_table(cls, table: Table, n_features: int) -> ClassificationData:
        """Return the points of a table with two classes: features first, the label in the last column.

        Labels are any two values. Class 0 is the smaller one: as numbers where both are numbers, else in
        alphabetical order.

        Raises
        ------
        DataError
            If there is another number of columns, a feature is not a finite number or constant, or there are
            not exactly two label values.
        """
        if len(table.names) != whole("n_features", n_features, 1) + 1:
            first = "the feature" if n_features == 1 else f"{n_features} features"
            needed = f"{n_features + 1} columns are needed ({first} first, the label last)"
            raise DataError(_columns_needed(table, needed))
        features, label = table.names[:-1], table.names[-1]
        X = np.column_stack([_varied(table, name) for name in features])
        classes = _classes(table, label)
        if len(classes) != 2:
            raise DataError(_wrong_classes(table, label, list(classes)))
        return cls(X, _indices(table, label, classes), features, classes)


def _varied(table: Table, name: str) -> Floats:
    values = table.numbers(name)
    if np.ptp(values) < _LEAST_SPREAD:
        place = f"{table.source}, column {shortened(name)!r}"
        raise DataError(f"{place}: a feature must vary; got {values[0]:g} in every row")
    return values


def _classes(table: Table, label: str) -> tuple[str, ...]:
    texts = table.labels(label)
    if not table.is_numeric(label):
        return tuple(sorted(set(texts)))
    by_number = dict(zip(table.numbers(label)[::-1].tolist(), texts[::-1], strict=True))
    return tuple(by_number[number] for number in sorted(by_number))


def _indices(table: Table, label: str, classes: Sequence[str]) -> Floats:
    if not table.is_numeric(label):
        return np.array([classes.index(text) for text in table.labels(label)], dtype=float)
    numbers = table.numbers(label)
    return np.searchsorted(np.unique(numbers), numbers).astype(float)


def _wrong_classes(table: Table, label: str, classes: Sequence[str]) -> str:
    shown = ", ".join(map(shortened, classes[:6])) + (", ..." if len(classes) > 6 else "")
    return f"{table.source}, column {shortened(label)!r}: two label values are needed; got {len(classes)}: {shown}"


@dataclass(frozen=True, eq=False)
class Scaling:
    """Standardized features, scaled = (X - mean) / scale, and the way back for parameters.

    Attributes
    ----------
    mean, scale : array, shape (n_features,)
    """

    mean: Floats
    scale: Floats

    @classmethod
    def identity(cls, n_features: int) -> Scaling:
        """Return the scaling that changes nothing.

        Examples
        --------
        >>> Scaling.identity(1).to_units([2.0, 1.0]).tolist()
        [2.0, 1.0]
        """
        return cls(np.zeros(n_features), np.ones(n_features))

    @classmethod
    def standardize(cls, X: npt.ArrayLike) -> Scaling:
        """Return the scaling to mean 0 and deviation 1 (divisor n); a constant column keeps its scale.

        Examples
        --------
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
        """Return parameters for X that do what `params` do for scaled X, shape (..., n_features + 1).

        weights = w / scale, intercept = b - sum(w mean / scale). Values that are not finite pass without a
        warning.
        """
        params = np.asarray(params, dtype=float)
        with np.errstate(all="ignore"):
            weights = params[..., :-1] / self.scale
            shift = np.sum(weights * self.mean, axis=-1, keepdims=True)
            return np.concatenate([weights, params[..., -1:] - shift], axis=-1)

    def from_units(self, params: npt.ArrayLike) -> Floats:
        """Return parameters for scaled X that do what `params` do for X, shape (..., n_features + 1).

        weights = w scale, intercept = b + sum(w mean).

        Examples
        --------
        >>> scaling = Scaling.standardize([[0.0], [2.0]])
        >>> scaling.to_units(scaling.from_units([3.0, 0.5])).tolist()
        [3.0, 0.5]
        """
        params = np.asarray(params, dtype=float)
        with np.errstate(all="ignore"):
            shift = np.sum(params[..., :-1] * self.mean, axis=-1, keepdims=True)
            return np.concatenate([params[..., :-1] * self.scale, params[..., -1:] + shift], axis=-1)


def line(
    n_samples: int = 60,
    slope: float = 2.0,
    intercept: float = 1.0,
    *,
    noise: float = 0.5,
    x_range: tuple[float, float] = (-3.0, 3.0),
    rng: Rng = 0,
) -> RegressionData:
    """Return points y = slope x + intercept + e, x uniform on `x_range`, e normal with deviation `noise`.

    Parameters
    ----------
    n_samples : int
        At least 2.
    slope, intercept : float
    noise : float
        Standard deviation of the residuals, in units of y; 0 or more.
    x_range : tuple of float
        Lowest and highest x.
    rng : Generator or int
        A generator, or a seed (0 is one).

    Raises
    ------
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> data = line(3, slope=2.0, intercept=1.0, noise=0.0)
    >>> (data.y - 2.0 * data.x).round(9).tolist()
    [1.0, 1.0, 1.0]
    """
    rng = generator(rng)
    low, high = _range(x_range)
    x = rng.uniform(low, high, whole("n_samples", n_samples, 2))
    noise_values = non_negative("noise", noise) * rng.standard_normal(len(x))
    return RegressionData(x, finite("slope", slope) * x + finite("intercept", intercept) + noise_values)


def _range(x_range: tuple[float, float]) -> tuple[float, float]:
    low, high = all_finite("x_range", np.array(x_range, dtype=float))
    if not low < high:
        raise ValueError(f"x_range must be two numbers, the lower one first; got {x_range!r}")
    return float(low), float(high)


def penguins(
    features: Sequence[str] = ("bill_length_mm",), species: Sequence[str] = ("Adelie", "Chinstrap")
) -> ClassificationData:
    """Return penguins of some species: labels are the index of the species in the order given.

    Parameters
    ----------
    features : sequence of str
        Of bill_length_mm, bill_depth_mm, flipper_length_mm and body_mass_g.
    species : sequence of str
        Of Adelie, Chinstrap and Gentoo.

    Raises
    ------
    DataError
        If a feature or a species is not there.

    Examples
    --------
    >>> data = penguins(["bill_length_mm"], ["Adelie", "Chinstrap"])
    >>> data.n_samples, data.class_names
    (219, ('Adelie', 'Chinstrap'))
    """
    table = load_table("penguins")
    found = table.labels("species")
    known = sorted(set(found))
    for name in species:
        if name not in known:
            hint = did_you_mean(name, known)
            raise DataError(f"species must be among {', '.join(known)}; got {name!r}.{hint}")
    kept = np.isin(found, list(species))
    X = np.column_stack([table.numbers(name) for name in features])[kept]
    labels = [float(list(species).index(name)) for name in np.array(found)[kept]]
    return ClassificationData(X, np.array(labels), tuple(features), tuple(species))
