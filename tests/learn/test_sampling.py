"""Laws of sampling: every row once per epoch, the same rows from the same seed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from animate.learn.sampling import batch, minibatch, online


@given(st.integers(1, 40), st.integers(1, 50), st.integers(1, 4), st.booleans(), st.integers(0, 2**32 - 1))
def test_each_epoch_visits_every_row_once(
    n_samples: int, batch_size: int, n_epochs: int, shuffle: bool, seed: int
) -> None:
    batches = -(-n_samples // batch_size)
    rows = minibatch(batch_size, shuffle=shuffle, rng=seed).rows(n_samples, n_epochs * batches)
    for epoch in rows.reshape(n_epochs, -1):
        assert sorted(epoch[epoch >= 0].tolist()) == list(range(n_samples))


@given(st.integers(1, 40), st.integers(1, 50), st.integers(0, 100))
def test_there_is_one_row_of_indices_per_update(n_samples: int, batch_size: int, n_updates: int) -> None:
    rows = minibatch(batch_size).rows(n_samples, n_updates)
    assert rows.shape == (n_updates, min(batch_size, n_samples))
    assert ((rows >= 0).sum(axis=1) >= 1).all()


@given(st.integers(1, 20), st.integers(1, 8), st.integers(0, 60), st.integers(0, 60))
def test_a_longer_run_begins_like_a_shorter_one(n_samples: int, batch_size: int, short: int, more: int) -> None:
    sampler = minibatch(batch_size, rng=5)
    assert (sampler.rows(n_samples, short + more)[:short] == sampler.rows(n_samples, short)).all()


def test_padding_comes_last_and_only_in_the_last_batch() -> None:
    rows = minibatch(4, rng=1).rows(n_samples=10, n_updates=6)
    assert (rows[:, 2:] == -1).tolist() == [[False, False], [False, False], [True, True]] * 2


def test_epochs_are_shuffled_anew() -> None:
    rows = online(rng=0).rows(n_samples=20, n_updates=40).reshape(2, 20)
    assert rows[0].tolist() != rows[1].tolist()


def test_the_order_of_the_data_is_kept_where_it_is_asked_for() -> None:
    rows = online(shuffle=False).rows(n_samples=3, n_updates=7)
    assert rows.ravel().tolist() == [0, 1, 2, 0, 1, 2, 0]


def test_zero_is_a_seed_of_its_own() -> None:
    first, second = (online(rng=seed).rows(30, 30).ravel().tolist() for seed in (0, 1))
    assert first != second
    assert first == online(rng=0).rows(30, 30).ravel().tolist()


def test_a_generator_with_the_same_seed_gives_the_same_rows() -> None:
    given_rows = online(rng=np.random.default_rng(7)).rows(30, 60)
    assert (given_rows == online(rng=7).rows(30, 60)).all()


def test_batch_leaves_no_row_out() -> None:
    assert batch().rows(n_samples=5, n_updates=3) is None


def test_online_is_a_minibatch_of_one() -> None:
    assert (online(rng=3).rows(9, 30) == minibatch(1, rng=3).rows(9, 30)).all()


@pytest.mark.parametrize("batch_size", [0, -1, 2.5, "4", True])
def test_a_batch_size_that_is_not_a_whole_number_is_refused(batch_size: int) -> None:
    with pytest.raises(ValueError, match="batch_size must be a whole number, 1 or more; got"):
        minibatch(batch_size)


@pytest.mark.parametrize("rng", [None, -1, "3", 1.5])
def test_what_is_no_seed_is_refused(rng: object) -> None:
    with pytest.raises(ValueError, match="rng must be a numpy Generator or a seed, 0 or more; got"):
        online(rng=rng)
