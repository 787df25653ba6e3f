"""Synthetic data sets, drawn from seeded generators, and the functions that they scatter around."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from animate.errors import did_you_mean
from animate.learn.data import ClassificationData, FeatureData, RegressionData
from animate.learn.validation import (
    Floats,
    Rng,
    all_finite,
    finite,
    fraction,
    generator,
    non_negative,
    positive,
    vector,
    whole,
)


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
    noise : float
        Standard deviation of the residuals, in units of y; 0 or more.
    x_range : tuple of float
        Lowest and highest x.

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


_CLASS_NAMES = ("0", "1")


def linear(n_samples: int = 60, *, noise: float = 0.5, rng: Rng = 0) -> RegressionData:
    """Return y = 2 x + 1 + e, x uniform on -3..3, e normal with standard deviation `noise`."""
    return line(n_samples, noise=noise, rng=rng)


def heavy_noise(n_samples: int = 60, *, noise: float = 3.0, rng: Rng = 0) -> RegressionData:
    """Return y = 2 x + 1 + e, x uniform on -3..3, e normal with standard deviation `noise`, larger than the slope."""
    return line(n_samples, noise=noise, rng=rng)


def outliers(
    n_samples: int = 60, *, noise: float = 0.5, share: float = 0.1, height: float = 12.0, rng: Rng = 0
) -> RegressionData:
    """Return y = 2 x + 1 + e, with some points at large x moved down by about `height`.

    The points moved are drawn from those with x > 1, so that they tilt a fit of least squares; each moves by
    `height` times a factor uniform on 0.8..1.2.

    Parameters
    ----------
    noise : float
        Standard deviation of e, in units of y.
    share : float
        Share of the points moved, at least 0 and below 1 (at most the points with x > 1, at least one if above 0).
    height : float
        Distance moved, in units of y.

    Examples
    --------
    >>> data = outliers(40, share=0.1, noise=0.0)
    >>> int((data.y - 2.0 * data.x - 1.0 < -5.0).sum())
    4
    """
    rng = generator(rng)
    data = line(n_samples, noise=noise, rng=rng)
    far = np.flatnonzero(data.x > 1.0)
    n_moved = min(len(far), int(np.ceil(fraction("share", share) * n_samples)))
    moved = rng.choice(far, n_moved, replace=False)
    y = data.y.copy()
    y[moved] -= positive("height", height) * rng.uniform(0.8, 1.2, n_moved)
    return RegressionData(data.x, y)


def saturating(n_samples: int = 60, *, noise: float = 0.3, rng: Rng = 0) -> RegressionData:
    """Return y = 6 (1 - exp(-x / 2)) + e, x uniform on 0..10: a rise that levels off."""
    rng = generator(rng)
    x = rng.uniform(0.0, 10.0, whole("n_samples", n_samples, 2))
    return RegressionData(x, 6.0 * (1.0 - np.exp(-x / 2.0)) + _normal(rng, noise, x))


def growing_variance(n_samples: int = 60, *, noise: float = 0.5, rng: Rng = 0) -> RegressionData:
    """Return y = 2 x + 1 + x e, x uniform on 0..6, e normal with standard deviation `noise`: a widening cone."""
    rng = generator(rng)
    x = rng.uniform(0.0, 6.0, whole("n_samples", n_samples, 2))
    return RegressionData(x, 2.0 * x + 1.0 + x * _normal(rng, noise, x))


def two_populations(n_samples: int = 60, *, noise: float = 0.5, rng: Rng = 0) -> RegressionData:
    """Return half the points on y = 2 x + 4 + e and half on y = -x - 2 + e, x uniform on -3..3.

    Rows alternate between the two, the first one first.

    >>> data = two_populations(40, noise=0.0)
    >>> (data.y - 2.0 * data.x)[::2].round(9).tolist() == [4.0] * 20
    True
    """
    rng = generator(rng)
    x = rng.uniform(-3.0, 3.0, whole("n_samples", n_samples, 2))
    first = np.arange(n_samples) % 2 == 0
    return RegressionData(x, np.where(first, 2.0 * x + 4.0, -x - 2.0) + _normal(rng, noise, x))


def counts(n_samples: int = 60, *, growth: float = 0.5, rng: Rng = 0) -> RegressionData:
    """Return counts with a Poisson distribution of mean exp(1.2 + growth (x - 2.5)), x uniform on 0..5."""
    rng = generator(rng)
    x = rng.uniform(0.0, 5.0, whole("n_samples", n_samples, 2))
    return RegressionData(x, rng.poisson(np.exp(1.2 + growth * (x - 2.5))).astype(float), "x", "count")


def sine(
    n_samples: int = 60,
    *,
    amplitude: float = 1.0,
    frequency: float = 1.0,
    phase: float = 0.5,
    noise: float = 0.2,
    x_range: tuple[float, float] = (0.0, 2.0 * np.pi),
    rng: Rng = 0,
) -> RegressionData:
    """Return y = amplitude sin(frequency x + phase) + e, x uniform on `x_range`.

    Parameters
    ----------
    amplitude : float
        In units of y.
    frequency, phase : float
        Radians per unit of x, and radians.
    noise : float
        Standard deviation of e, in units of y.

    Examples
    --------
    >>> data = sine(40, noise=0.0, phase=0.0)
    >>> bool(np.allclose(data.y, np.sin(data.x)))
    True
    """
    rng = generator(rng)
    x = rng.uniform(*_range(x_range), whole("n_samples", n_samples, 2))
    return RegressionData(x, amplitude * np.sin(frequency * x + phase) + _normal(rng, noise, x))


def two_moons(n_samples: int = 100, *, noise: float = 0.1, rng: Rng = 0) -> ClassificationData:
    """Return two interleaved half circles of radius 1, one per class.

    Class 0 is (cos t, sin t), class 1 is (1 - cos t, 1/2 - sin t), t evenly spaced on 0..pi; each coordinate
    has normal noise with standard deviation `noise`. Rows are class 0 first.

    >>> int(two_moons(40).labels.sum())
    20
    """
    rng = generator(rng)
    n_zeros = -(-whole("n_samples", n_samples, 2) // 2)
    upper, lower = np.linspace(0.0, np.pi, n_zeros), np.linspace(0.0, np.pi, n_samples - n_zeros)
    X = np.concatenate(
        [
            np.column_stack([np.cos(upper), np.sin(upper)]),
            np.column_stack([1.0 - np.cos(lower), 0.5 - np.sin(lower)]),
        ]
    )
    return _two_classes(X + _normal(rng, noise, X), np.arange(n_samples) >= n_zeros)


def xor(n_samples: int = 100, *, noise: float = 0.25, rng: Rng = 0) -> ClassificationData:
    """Return four clouds: around (-1, -1) and (1, 1) in class 0, around (-1, 1) and (1, -1) in class 1.

    Rows go round the four clouds; each coordinate has normal noise with standard deviation `noise`.

    >>> xor(8, noise=0.0).labels.tolist()
    [0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0]
    """
    rng = generator(rng)
    corner = np.arange(whole("n_samples", n_samples, 4)) % 4
    centers = np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, 1.0], [1.0, -1.0]])[corner]
    return _two_classes(centers + _normal(rng, noise, centers), corner % 2 == 1)


def separable(n_samples: int = 40, *, gap: float = 1.0, noise: float = 0.8, rng: Rng = 0) -> ClassificationData:
    """Return two clouds in the plane on either side of x + y = 0, separated by an empty strip of width `gap`.

    Along the line points are normal with deviation 2 `noise`; away from it they lie beyond gap / 2, by a
    distance that is half-normal with deviation `noise`. Rows alternate between the classes.

    >>> data = separable(40)
    >>> bool(((data.X.sum(axis=1) > 0.0) == (data.labels == 1.0)).all())
    True
    """
    rng = generator(rng)
    is_one = np.arange(whole("n_samples", n_samples, 2)) % 2 == 1
    away = 0.5 * positive("gap", gap) + np.abs(_normal(rng, noise, is_one))
    along = 2.0 * _normal(rng, noise, is_one)
    across = np.where(is_one, away, -away)
    X = np.column_stack([across + along, across - along]) / np.sqrt(2.0)
    return _two_classes(X, is_one)


def _normal(
    rng: np.random.Generator | np.random.RandomState, noise: float, like: np.typing.NDArray[np.generic]
) -> Floats:
    return np.asarray(non_negative("noise", noise) * rng.standard_normal(like.shape), dtype=float)


def _two_classes(X: Floats, is_one: np.typing.NDArray[np.bool_]) -> ClassificationData:
    return ClassificationData(X, is_one.astype(float), ("x₁", "x₂"), _CLASS_NAMES)


DATASETS: dict[str, Callable[..., RegressionData]] = {
    "linear": linear,
    "heavy_noise": heavy_noise,
    "outliers": outliers,
    "saturating": saturating,
    "growing_variance": growing_variance,
    "two_populations": two_populations,
    "sine": sine,
}

CLASSIFICATION_DATASETS: dict[str, Callable[..., ClassificationData]] = {
    "two_moons": two_moons,
    "xor": xor,
    "separable": separable,
}


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
    weights : pair of float
    correlation : float
        Of the two features, between -1 and 1.
    noise : float
        Standard deviation of e, in units of y.

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


Curve = Callable[[Floats], Floats]


def _line(x: Floats) -> Floats:
    return 2.0 * x + 1.0


def _saturating(x: Floats) -> Floats:
    return 6.0 * (1.0 - np.exp(-x / 2.0))


def _rising(x: Floats) -> Floats:
    return 2.0 * x + 4.0


def _falling(x: Floats) -> Floats:
    return -x - 2.0


TRUE_FUNCTIONS: dict[str, tuple[Curve, ...]] = {
    "linear": (_line,),
    "heavy_noise": (_line,),
    "outliers": (_line,),
    "saturating": (_saturating,),
    "growing_variance": (_line,),
    "two_populations": (_rising, _falling),
}


def true_functions(dataset: str) -> tuple[Curve, ...]:
    """Return the noiseless functions of a data set, one for each population.

    >>> [float(curve(np.array(1.0))) for curve in true_functions("two_populations")]
    [6.0, -3.0]
    """
    if dataset not in TRUE_FUNCTIONS:
        hint = did_you_mean(dataset, TRUE_FUNCTIONS)
        raise ValueError(f"dataset must be one of {', '.join(TRUE_FUNCTIONS)}; got {dataset!r}.{hint}")
    return TRUE_FUNCTIONS[dataset]
