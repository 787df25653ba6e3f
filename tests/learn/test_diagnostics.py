"""Outliers and pulls."""

from __future__ import annotations

import numpy as np
import pytest

from animate.errors import DataError
from animate.learn.data import RegressionData, penguins
from animate.learn.datasets import line, outliers
from animate.learn.diagnostics import (
    binned_proportions,
    default_huber_delta,
    outlier_rows,
    pull_balance,
    pull_shares,
    without_rows,
)
from animate.learn.objectives import linear


def test_points_moved_far_are_the_outliers() -> None:
    clean, moved = line(60, noise=0.3, rng=4), outliers(60, noise=0.3, rng=4)
    assert outlier_rows(moved).tolist() == np.flatnonzero(np.abs(clean.y - moved.y) > 1).tolist()


def test_normal_noise_has_few_outliers() -> None:
    # beyond 3.5 standard deviations lie 0.05 % of normal residuals
    assert len(outlier_rows(line(500, noise=1.0, rng=1))) <= 2


def test_of_points_on_a_line_none_is_an_outlier() -> None:
    x = np.arange(12.0)
    assert outlier_rows(RegressionData(x, 0.1 * x - 7.3)).size == 0


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_line_through_points_that_all_lie_on_it_is_found_whatever_they_were_drawn_with(seed: int) -> None:
    data = line(50, 2.0, 1.0, noise=0.0, rng=seed)
    assert linear(data.x, data.y, loss="absolute").optimum() == pytest.approx([2.0, 1.0])


def test_the_usual_delta_of_normal_noise_is_1_345_of_its_deviations() -> None:
    assert default_huber_delta(line(5000, noise=2.0, rng=0)) == pytest.approx(1.345 * 2.0, rel=0.03)


def test_scale_and_shift_of_the_data_do_not_matter() -> None:
    data = outliers(40, rng=2)
    other = RegressionData(1e3 * data.x + 5e4, 1e-3 * data.y - 8.0)
    assert outlier_rows(other).tolist() == outlier_rows(data).tolist()


def test_without_rows_two_x_must_be_left() -> None:
    with pytest.raises(DataError, match="two distinct x"):
        without_rows(RegressionData([0.0, 0.0, 1.0], [1.0, 2.0, 3.0]), np.array([2]))


@pytest.mark.parametrize(("loss", "expected"), [("squared", [0.2, 0.0, -0.8]), ("absolute", [0.5, 0.0, -0.5])])
def test_shares_of_the_pull_follow_the_derivative(loss: str, expected: list[float]) -> None:
    objective = linear([0.0, 1.0, 2.0], [1.0, 0.0, -4.0], loss=loss)
    assert pull_shares(objective, np.zeros(2)).tolist() == pytest.approx(expected)


def test_nothing_pulls_on_a_perfect_fit() -> None:
    assert pull_shares(linear([0.0, 1.0], [0.0, 0.0]), np.zeros(2)).tolist() == [0.0, 0.0]


def test_pulls_on_a_line_that_is_not_finite_are_not_finite() -> None:
    assert not np.isfinite(pull_shares(linear([0.0, 1.0], [0.0, 0.0]), np.array([np.inf, 0.0]))).any()


@pytest.mark.parametrize("loss", ["squared", "half_squared", "huber"])
def test_pulls_are_in_balance_at_the_optimum(loss: str) -> None:
    data = outliers(40, rng=3)
    objective = linear(data.x, data.y, loss=loss)
    up, down = pull_balance(objective, objective.optimum())
    assert up == pytest.approx(down, rel=1e-9)


# BinnedProportions counted in bins, against counting by hand


def test_counts_equal_numpys_histogram_and_add_up() -> None:
    data = penguins(["body_mass_g"], ["Adelie", "Gentoo"])
    found = binned_proportions(data.X[:, 0], data.labels, 14)
    assert found.width == 250.0
    edges = np.arange(2750.0, 6501.0, 250.0)
    for values, counts in ((data.X[:, 0], found.n_samples), (data.X[data.labels == 1, 0], found.n_ones)):
        expected = np.histogram(values, edges)[0]
        assert counts.sum() == len(values)
        kept = np.histogram(data.X[:, 0], edges)[0] > 0
        assert counts.tolist() == expected[kept].tolist()


def test_log_odds_are_the_logit_of_the_share_and_infinite_where_one_class_is_alone() -> None:
    found = binned_proportions([0.1, 0.2, 0.3, 0.4, 1.5, 2.5], [0, 1, 1, 1, 1, 0], 2)
    assert found.width == 1.0
    assert found.log_odds.tolist() == pytest.approx([np.log(3.0), np.inf, -np.inf])


def test_a_bin_stands_at_the_mean_of_its_points() -> None:
    assert binned_proportions([0.0, 0.5, 1.2, 2.0], [0, 1, 0, 1], 2).centers.tolist() == pytest.approx([0.25, 1.2, 2.0])


@pytest.mark.parametrize(("span", "n_bins", "width"), [(10.0, 10, 1.0), (3.0, 14, 0.2), (340.0, 14, 25.0)])
def test_widths_are_round(span: float, n_bins: int, width: float) -> None:
    assert binned_proportions([0.0, span], [0, 1], n_bins).width == pytest.approx(width)
