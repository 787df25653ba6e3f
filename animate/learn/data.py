"""Data sets for regression and classification, from tables or from the package."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from animate.errors import DataError, DataNote, did_you_mean, shortened
from animate.learn.number_formats import LARGEST
from animate.learn.scaling import Scaling
from animate.learn.tables import CHOOSE, Table, listed_columns, shipped_table
from animate.learn.validation import Floats, Rng, generator, matrix, vector, whole

_INDEX_NAMES = {"column 1", "unnamed: 0", "index", "id", "nr", "nr.", "no", "no.", "#", "row", "rownames", "rank"}
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

    @property
    def spread(self) -> float:
        """The standard deviation of y; 1 where y is constant.

        >>> RegressionData([0.0, 1.0, 2.0], [0.1, 0.1, 0.1]).spread
        1.0
        """
        return float(self.y.std()) if np.ptp(self.y) > 0 else 1.0

    @classmethod
    def from_table(cls, table: Table) -> RegressionData:
        """Return the points of a table with two columns, x first, or with columns named x and y.

        Raises
        ------
        DataError
            If it is unclear which column is x and which is y, a column is not all finite numbers, or x does not vary.
        """
        x_name, y_name = _x_and_y(table)
        x, x_axis = _numbers_and_axis(table, x_name)
        y, y_axis = _numbers_and_axis(table, y_name)
        if np.ptp(x) < _LEAST_SPREAD:
            place = f"{table.source}, column {shortened(x_name)!r}"
            raise DataError(f"{place}: it must have two distinct values; got {x[0]:g} only")
        return cls(x, y, x_axis, y_axis)


def _numbers_and_axis(table: Table, name: str) -> tuple[Floats, str]:
    """Return the numbers of a column, and its name with the unit that its cells show, if the name has none."""
    column = table.number_column(name)
    if column.note:
        warnings.warn(f"{table.source}, column {shortened(name)!r}: {column.note}", DataNote, stacklevel=3)
    has_unit = name.endswith((")", "]")) and not column.unit.startswith("days since")
    return column.values, name if has_unit or not column.unit else f"{name} ({column.unit})"


def _without_index(table: Table, *n_columns: int) -> Table:
    """Return the table without its first column if that only numbers the rows and is one too many."""
    first, *others = table.names
    if len(others) not in n_columns or first.casefold() not in _INDEX_NAMES:
        return table
    texts = table.texts(first)
    is_count = texts[0].isdecimal() and list(texts) == [str(int(texts[0]) + row) for row in range(len(texts))]
    return table.select(others) if is_count or first == "column 1" else table


def _x_and_y(table: Table) -> tuple[str, str]:
    lowered = {name.lower(): name for name in table.names}
    if len(table.names) > 2 and "x" in lowered and "y" in lowered:
        return lowered["x"], lowered["y"]
    table = _without_index(table, 2)
    if len(table.names) == 2:
        return table.names[0], table.names[1]
    raise DataError(_columns_needed(table, "2 columns are needed (x, then y)"))


def _columns_needed(table: Table, needed: str) -> str:
    has = f"it has {len(table.names)}: {listed_columns(table.names)}"
    return f"{table.source}: {needed}; {has}. {CHOOSE}"


@dataclass(frozen=True, eq=False)
class ClassificationData:
    """Points of two or more classes in their own units.

    Attributes
    ----------
    labels : float array, shape (n_samples,)
        0, 1, ...: the index of the class in `class_names`.
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
    def from_table(cls, table: Table, n_features: int, n_classes: range = range(2, 3)) -> ClassificationData:
        """Return the points of a table of classes: features first, the label in the last column.

        Labels are any values. They are sorted as numbers if all are numbers, else alphabetically.

        Parameters
        ----------
        table : Table
        n_features : int
        n_classes : range
            Allowed numbers of classes; exactly two by default.

        Raises
        ------
        DataError
            If there is another number of columns, a feature is not a finite number or constant, or there is
            another number of label values.
        """
        table = _without_index(table, n_features + 1)
        if len(table.names) != whole("n_features", n_features, 1) + 1:
            first = "the feature" if n_features == 1 else f"{n_features} features"
            needed = f"{n_features + 1} columns are needed ({first} first, the label last)"
            raise DataError(_columns_needed(table, needed))
        features, label = table.names[:-1], table.names[-1]
        columns = [_varied(table, name) for name in features]
        classes = _classes(table, label)
        if len(classes) not in n_classes:
            raise DataError(_wrong_classes(table, label, classes, n_classes))
        X = np.column_stack([values for values, _ in columns])
        return cls(X, _indices(table, label, classes), tuple(axis for _, axis in columns), classes)


def _varied(table: Table, name: str, kind: str = "a feature") -> tuple[Floats, str]:
    values, axis = _numbers_and_axis(table, name)
    if np.ptp(values) < _LEAST_SPREAD:
        raise DataError(f"{table.source}, column {shortened(name)!r}: {kind} must vary; got {values[0]:g} in every row")
    return values, axis


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


def _wrong_classes(table: Table, label: str, classes: Sequence[str], allowed: range) -> str:
    needed = "two" if allowed == range(2, 3) else f"{allowed[0]} to {allowed[-1]}"
    shown = ", ".join(map(shortened, classes[:6])) + (", ..." if len(classes) > 6 else "")
    place = f"{table.source}, column {shortened(label)!r}"
    return f"{place}: {needed} label values are needed; got {len(classes)}: {shown}"


def penguins(
    features: Sequence[str] = ("bill_length_mm",), species: Sequence[str] = ("Adelie", "Chinstrap")
) -> ClassificationData:
    """Return measurements of penguins; the label is the index of the species in `species`.

    Parameters
    ----------
    features : sequence of str
        Of bill_length_mm, bill_depth_mm, flipper_length_mm and body_mass_g.
    species : sequence of str
        Of Adelie, Chinstrap and Gentoo.

    Raises
    ------
    DataError
        If a feature or a species is unknown, or one of them is named twice.

    Examples
    --------
    >>> data = penguins(["bill_length_mm"], ["Adelie", "Chinstrap"])
    >>> data.n_samples, data.class_names
    (219, ('Adelie', 'Chinstrap'))
    """
    table = shipped_table("penguins")
    found = table.labels("species")
    known = sorted(set(found))
    for name in species:
        if name not in known:
            hint = did_you_mean(name, known)
            raise DataError(f"species must be among {', '.join(known)}; got {name!r}.{hint}")
    for kind, names in (("species", species), ("features", features)):
        if len(set(names)) < len(names):
            raise DataError(f"{kind} must differ from each other; got {', '.join(names)}.")
    kept = np.isin(found, list(species))
    X = np.column_stack([table.numbers(name) for name in features])[kept]
    labels = [float(list(species).index(name)) for name in np.array(found)[kept]]
    return ClassificationData(X, np.array(labels), tuple(features), tuple(species))


@dataclass(frozen=True, eq=False)
class FeatureData:
    """Points (x1, x2, y): two features and a target, in their own units.

    Attributes
    ----------
    X : array, shape (n_samples, 2)
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
        """Return the rows of a table with two features and the target, or with x and y; x² is then the second feature.

        Raises
        ------
        DataError
            If there are neither two nor three columns, a cell is not a finite number, or a column is constant.
        """
        table = _without_index(table, 2, 3)
        if len(table.names) not in (2, 3):
            needed = "3 columns are needed (two features, then the target), or 2 (x, then y)"
            raise DataError(_columns_needed(table, needed))
        columns = [_varied(table, name) for name in table.names[:-1]]
        y, y_axis = _varied(table, table.names[-1], "the target")
        if len(columns) == 1:
            [(x, axis)] = columns
            columns.append((x**2, f"{axis}²"))
        return cls(np.column_stack([x for x, _ in columns]), y, tuple(axis for _, axis in columns), y_axis)


def subsample_per_class(data: ClassificationData, n_per_class: int, *, rng: Rng = 0) -> ClassificationData:
    """Return a random subset with `n_per_class` points of each class, in the order of the data.

    Smaller classes keep all their points.

    Parameters
    ----------
    n_per_class : int
        At least 1.

    Examples
    --------
    >>> from animate.learn.data import penguins
    >>> subsample_per_class(penguins(["bill_length_mm"]), 3).labels.tolist()
    [0.0, 0.0, 0.0, 1.0, 1.0, 1.0]
    """
    whole("n_per_class", n_per_class, 1)
    rng = generator(rng)
    members = [np.flatnonzero(data.labels == index) for index in range(data.n_classes)]
    drawn = [rng.choice(rows, min(n_per_class, len(rows)), replace=False) for rows in members]
    rows = np.sort(np.concatenate(drawn))
    return replace(data, X=data.X[rows], labels=data.labels[rows])


SERIES = ("I", "II", "III", "IV")


def anscombe(series: str) -> RegressionData:
    """Return one data set of Anscombe's quartet: 11 points each, with nearly the same means, variances and correlation.

    Parameters
    ----------
    series : str
        I, II, III or IV.

    References
    ----------
    F. J. Anscombe, "Graphs in statistical analysis", The American Statistician 27 (1973), 17-21.

    Examples
    --------
    >>> data = anscombe("IV")
    >>> data.n_samples, float(data.x.mean()), round(float(data.y.mean()), 2)
    (11, 9.0, 7.5)
    """
    if series not in SERIES:
        raise ValueError(f"series must be one of {', '.join(SERIES)}; got {series!r}.{did_you_mean(series, SERIES)}")
    table = shipped_table("anscombe")
    rows = np.array(table.labels("series")) == series
    return RegressionData(table.numbers("x")[rows], table.numbers("y")[rows])
