"""Generated data: seeded, and with the shape they are named for."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from sklearn.datasets import make_moons
from sklearn.linear_model import HuberRegressor

from animate.errors import DataError
from animate.learn.data import ClassificationData, RegressionData
from animate.learn.datasets import (
    CLASSIFICATION_DATASETS,
    DATASETS,
    TRUE_FUNCTIONS,
    growing_variance,
    outliers,
    saturating,
    separable,
    sine,
    true_functions,
    two_moons,
    two_populations,
    xor,
)
from animate.learn.objectives import linear, logistic

ALL = DATASETS | CLASSIFICATION_DATASETS
every_dataset = pytest.mark.parametrize("make", ALL.values(), ids=list(ALL))
Data = RegressionData | ClassificationData


def _bytes(data: Data) -> bytes:
    return data.x.tobytes() + data.y.tobytes() if isinstance(data, RegressionData) else data.X.tobytes()


@every_dataset
def test_the_same_seed_draws_the_same_points_and_zero_is_a_seed(make: Callable[..., Data]) -> None:
    assert _bytes(make(30, rng=0)) == _bytes(make(30, rng=0)) != _bytes(make(30, rng=1))


@every_dataset
@pytest.mark.parametrize("n_samples", [5, 41, 200])
def test_as_many_points_are_drawn_as_asked_for(make: Callable[..., Data], n_samples: int) -> None:
    assert make(n_samples).n_samples == n_samples


@every_dataset
def test_negative_noise_is_refused(make: Callable[..., Data]) -> None:
    with pytest.raises(ValueError, match="noise must be 0 or more and finite; got -1"):
        make(20, noise=-1)


@every_dataset
def test_one_point_is_refused(make: Callable[..., Data]) -> None:
    with pytest.raises(ValueError, match="n_samples must be a whole number"):
        make(1)


def test_outliers_tilt_least_squares_but_hardly_least_absolute_deviations() -> None:
    data = outliers(80, rng=3)
    squared, absolute = (linear(data.x, data.y, loss=loss).optimum()[0] for loss in ("squared", "absolute"))
    assert abs(squared - 2.0) > 5.0 * abs(absolute - 2.0)
    robust = HuberRegressor(epsilon=1.1, alpha=0.0).fit(data.X, data.y).coef_[0]
    assert absolute == pytest.approx(robust, abs=0.1)


def test_as_many_outliers_are_made_as_asked_for() -> None:
    data = outliers(50, share=0.06, noise=0.0)
    assert int((np.abs(data.y - 2.0 * data.x - 1.0) > 1.0).sum()) == 3


def test_no_share_makes_no_outliers() -> None:
    data = outliers(50, share=0.0, noise=0.0)
    assert np.allclose(data.y, 2.0 * data.x + 1.0)


def test_a_saturating_curve_rises_to_six() -> None:
    data = saturating(500, noise=0.0)
    assert data.y == pytest.approx(6.0 - 6.0 * np.exp(-data.x / 2.0))


def test_growing_variance_grows_with_x() -> None:
    data = growing_variance(100_000, noise=0.5)
    residuals = data.y - 2.0 * data.x - 1.0
    for low in (1.0, 3.0, 5.0):
        near = np.abs(data.x - low) < 0.1
        assert residuals[near].std() == pytest.approx(0.5 * low, rel=0.1)


def test_two_populations_are_two_lines() -> None:
    data = two_populations(51, noise=0.0)
    assert np.allclose(data.y[::2], 2.0 * data.x[::2] + 4.0)
    assert np.allclose(data.y[1::2], -data.x[1::2] - 2.0)


def test_a_sine_is_a_sine() -> None:
    data = sine(40, amplitude=2.0, frequency=1.5, phase=0.3, noise=0.0)
    assert data.y == pytest.approx(2.0 * np.sin(1.5 * data.x + 0.3))


def test_two_moons_equal_sklearns() -> None:
    data = two_moons(41, noise=0.0)
    # sklearn gives class 1 the odd row; the shapes are the same.
    X, labels = make_moons((21, 20), shuffle=False)
    assert pytest.approx(X) == data.X
    assert (data.labels == labels).all()


def test_xor_is_class_one_where_the_signs_differ() -> None:
    data = xor(40, noise=0.1)
    assert ((data.X[:, 0] * data.X[:, 1] < 0.0) == (data.labels == 1.0)).all()


def test_separable_classes_are_and_keep_their_gap() -> None:
    data = separable(100, gap=0.7)
    across = data.X.sum(axis=1) / np.sqrt(2.0)
    assert across[data.labels == 1.0].min() >= 0.35
    assert across[data.labels == 0.0].max() <= -0.35
    with pytest.raises(DataError, match="separable"):
        logistic(data.X, data.labels).optimum()


# The true curves against points drawn without noise


@pytest.mark.parametrize("dataset", sorted(TRUE_FUNCTIONS))
def test_points_without_noise_lie_on_a_true_curve(dataset: str) -> None:
    points = DATASETS[dataset](40, noise=0.0, rng=1)
    misses = np.abs([points.y - curve(points.x) for curve in true_functions(dataset)]).min(axis=0)
    n_moved = 4 if dataset == "outliers" else 0
    assert int((misses > 1e-12).sum()) == n_moved


def test_an_unknown_dataset_is_refused_with_a_hint() -> None:
    with pytest.raises(ValueError, match="Did you mean 'saturating'"):
        true_functions("saturated")
