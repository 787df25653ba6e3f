"""A few points of each class: what is drawn, and that it is drawn the same way again."""

from __future__ import annotations

import numpy as np
import pytest

from animate.learn.data import penguins
from animate.learn.subsets import few_of_each


def test_each_class_has_so_many_points_all_of_them_from_the_data() -> None:
    everyone = penguins(["bill_length_mm", "bill_depth_mm"])
    few = few_of_each(everyone, 7, rng=3)
    assert np.bincount(few.labels.astype(int)).tolist() == [7, 7]
    known = {(*row, label) for row, label in zip(everyone.X.tolist(), everyone.labels.tolist(), strict=True)}
    assert all((*row, label) in known for row, label in zip(few.X.tolist(), few.labels.tolist(), strict=True))


def test_a_seed_draws_the_same_points_again_and_another_seed_others() -> None:
    everyone = penguins()
    first, again, other = (few_of_each(everyone, 5, rng=seed).X for seed in (0, 0, 1))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_small_class_keeps_all_its_points() -> None:
    assert few_of_each(penguins(), 10_000).n_samples == penguins().n_samples


def test_none_of_each_is_refused() -> None:
    with pytest.raises(ValueError, match="n_per_class must be a whole number, 1 or more; got 0"):
        few_of_each(penguins(), 0)
