"""Validation of arguments: each function returns the checked value, or raises ValueError with a uniform message."""

from __future__ import annotations

import math
from numbers import Integral, Real
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Rng = np.random.Generator | np.random.RandomState | int


def _finite(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)


def positive(name: str, value: float) -> float:
    """Return `value` as a float that is above 0 and finite.

    >>> positive("learning_rate", -1)
    Traceback (most recent call last):
    ...
    ValueError: learning_rate must be positive and finite; got -1
    """
    if not _finite(value) or value <= 0:
        raise ValueError(f"{name} must be positive and finite; got {value!r}")
    return float(value)


def non_negative(name: str, value: float) -> float:
    """Return `value` as a float that is 0 or more and finite."""
    if not _finite(value) or value < 0:
        raise ValueError(f"{name} must be 0 or more and finite; got {value!r}")
    return float(value)


def fraction(name: str, value: float) -> float:
    """Return `value` as a float that is at least 0 and below 1."""
    if not _finite(value) or not 0 <= value < 1:
        raise ValueError(f"{name} must be at least 0 and below 1; got {value!r}")
    return float(value)


def finite(name: str, value: float) -> float:
    """Return `value` as a finite float."""
    if not _finite(value):
        raise ValueError(f"{name} must be a finite number; got {value!r}")
    return float(value)


def whole(name: str, value: int, minimum: int) -> int:
    """Return `value` as an int that is at least `minimum`."""
    if not isinstance(value, Integral) or isinstance(value, bool) or value < minimum:
        raise ValueError(f"{name} must be a whole number, {minimum} or more; got {value!r}")
    return int(value)


def vector(name: str, values: npt.ArrayLike, length: int | None = None) -> Floats:
    """Return `values` as a new finite float array of shape (n,), n being `length` where that is given."""
    array = np.array(values, dtype=float)
    if array.ndim != 1 or (length is not None and array.size != length):
        wanted = "one-dimensional" if length is None else f"of shape ({length},)"
        raise ValueError(f"{name} must be {wanted}; got shape {array.shape}")
    return all_finite(name, array)


def matrix(name: str, values: npt.ArrayLike) -> Floats:
    """Return `values` as a new finite array, shape (n_samples, n_features); a vector becomes one column."""
    array = np.array(values, dtype=float)
    if array.ndim == 1:
        array = array[:, None]
    if array.ndim != 2 or array.shape[0] == 0:
        raise ValueError(f"{name} must have shape (n_samples, n_features) and a row; got shape {array.shape}")
    return all_finite(name, array)


def all_finite(name: str, array: Floats) -> Floats:
    """Return `array` unchanged if every value in it is finite."""
    bad = ~np.isfinite(array)
    if bad.any():
        raise ValueError(f"{name} must be finite; got {array[bad].flat[0]} at index {_first(bad)}")
    return array


def _first(bad: npt.NDArray[np.bool_]) -> Any:
    index = tuple(int(i) for i in np.argwhere(bad)[0])
    return index[0] if len(index) == 1 else index


def generator(rng: Rng) -> np.random.Generator | np.random.RandomState:
    """Return a random number generator: `rng` itself, or a new one seeded with the int `rng`; 0 is a seed.

    >>> bool(generator(0).integers(10) == generator(0).integers(10))
    True
    """
    if isinstance(rng, np.random.Generator | np.random.RandomState):
        return rng
    if not isinstance(rng, Integral) or isinstance(rng, bool) or rng < 0:
        raise ValueError(f"rng must be a numpy Generator or a seed, 0 or more; got {rng!r}")
    return np.random.default_rng(int(rng))
