"""Shares counted in bins, against counting by hand."""

from __future__ import annotations

import numpy as np
import pytest

from animate.learn.data import penguins
from animate.learn.shares import binned_shares


def test_counts_equal_numpys_histogram_and_add_up() -> None:
    data = penguins(["body_mass_g"], ["Adelie", "Gentoo"])
    found = binned_shares(data.X[:, 0], data.labels, 14)
    assert found.width == 250.0
    edges = np.arange(2750.0, 6501.0, 250.0)
    for values, counts in ((data.X[:, 0], found.n_samples), (data.X[data.labels == 1, 0], found.n_ones)):
        expected = np.histogram(values, edges)[0]
        assert counts.sum() == len(values)
        kept = np.histogram(data.X[:, 0], edges)[0] > 0
        assert counts.tolist() == expected[kept].tolist()


def test_log_odds_are_the_logit_of_the_share_and_infinite_where_one_class_is_alone() -> None:
    found = binned_shares([0.1, 0.2, 0.3, 0.4, 1.5, 2.5], [0, 1, 1, 1, 1, 0], 2)
    assert found.width == 1.0
    assert found.log_odds.tolist() == pytest.approx([np.log(3.0), np.inf, -np.inf])


def test_a_bin_stands_at_the_mean_of_its_points() -> None:
    assert binned_shares([0.0, 0.5, 1.2, 2.0], [0, 1, 0, 1], 2).centers.tolist() == pytest.approx([0.25, 1.2, 2.0])


@pytest.mark.parametrize(("span", "n_bins", "width"), [(10.0, 10, 1.0), (3.0, 14, 0.2), (340.0, 14, 25.0)])
def test_widths_are_round(span: float, n_bins: int, width: float) -> None:
    assert binned_shares([0.0, span], [0, 1], n_bins).width == pytest.approx(width)
