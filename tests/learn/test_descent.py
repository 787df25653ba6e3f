"""Descents against naive loops and known numbers."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import SGDRegressor

from animate.learn.data import line
from animate.learn.descent import Trajectory, descend
from animate.learn.objectives import LinearPredictor, linear, logistic
from animate.learn.optimizers import OPTIMIZERS, gradient_descent
from animate.learn.sampling import batch, minibatch, online


def _objective(n_samples: int = 12) -> LinearPredictor:
    data = line(n_samples, rng=2)
    return linear(data.x, data.y, loss="half_squared")


@given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.floats(1e-3, 0.2))
def test_minibatch_descent_equals_a_naive_loop(seed: int, batch_size: int, learning_rate: float) -> None:
    objective = _objective()
    x, y = objective.design[:, 0], objective.targets
    sampler = minibatch(batch_size, rng=seed)
    path = descend(objective, gradient_descent(learning_rate), [0.5, -0.5], 30, sampler)
    w, b = 0.5, -0.5
    for update, padded in enumerate(sampler.rows(12, 30), start=1):
        rows = [row for row in padded.tolist() if row >= 0]
        residuals = [w * x[row] + b - y[row] for row in rows]
        slope_w = sum(r * x[row] for r, row in zip(residuals, rows, strict=True)) / len(rows)
        slope_b = sum(residuals) / len(rows)
        w, b = w - learning_rate * slope_w, b - learning_rate * slope_b
        assert path.params[update] == pytest.approx([w, b], rel=1e-9, abs=1e-12)


def test_online_descent_in_order_equals_sklearns_epoch() -> None:
    # SGDRegressor's squared_error is ½ r^2; partial_fit without penalty and shuffling is one epoch in order.
    objective = _objective()
    other = SGDRegressor(penalty=None, learning_rate="constant", eta0=0.05, shuffle=False, max_iter=1, tol=None)
    X = objective.design[:, :1]
    for _ in range(3):
        other.partial_fit(X, objective.targets)
    path = descend(objective, gradient_descent(0.05), [0.0, 0.0], 36, online(shuffle=False))
    assert path.final == pytest.approx([other.coef_[0], other.intercept_[0]], rel=1e-9)


def test_legacy_seed_descent_ends_on_its_known_numbers() -> None:
    data = line(100, 2.5, 1.0, noise=0.2, x_range=(-3.0, 3.0), rng=np.random.RandomState(42))
    path = descend(linear(data.x, data.y, loss="half_squared"), gradient_descent(0.1), [0.0, 0.0], 100)
    assert path.final.round(5).tolist() == [2.48467, 0.997]
    assert round(path.loss[-1], 7) == 0.0161317


def test_separable_weight_grows_as_known() -> None:
    # x = ±1, intercept 0 by symmetry, rate 1, mean log loss.
    path = descend(logistic([-1.0, 1.0], [0, 1]), gradient_descent(1.0), [0.0, 0.0], 1000)
    assert path.params[[1, 10, 100, 1000], 0].round(4).tolist() == [0.5, 2.2632, 4.5892, 6.905]
    assert np.abs(path.params[:, 1]).max() < 1e-12


def test_loss_is_the_objective_over_all_rows_at_each_entry() -> None:
    objective = _objective()
    path = descend(objective, gradient_descent(0.1), [3.0, 3.0], 20, online())
    assert path.loss == pytest.approx([objective.value(params) for params in path.params], rel=1e-13)


@given(st.sampled_from(sorted(OPTIMIZERS)), st.integers(0, 100))
def test_the_same_seed_gives_the_same_bytes(name: str, seed: int) -> None:
    def run() -> Trajectory:
        return descend(_objective(), OPTIMIZERS[name](0.05), [1.0, 1.0], 25, minibatch(5, rng=seed))

    assert run().params.tobytes() == run().params.tobytes()
    assert run().loss.tobytes() == run().loss.tobytes()


@given(st.integers(0, 30), st.integers(0, 30))
def test_a_longer_descent_begins_like_a_shorter_one(short: int, more: int) -> None:
    def run(n_updates: int) -> Trajectory:
        return descend(_objective(), OPTIMIZERS["adam"](0.05), [1.0, 1.0], n_updates, online(rng=3))

    assert run(short + more).params[: short + 1].tobytes() == run(short).params.tobytes()


def test_every_entry_is_a_copy_of_its_own() -> None:
    path = descend(_objective(), gradient_descent(0.1), [0.0, 0.0], 3)
    assert len({tuple(params) for params in path.params.tolist()}) == 4


def test_divergence_is_recorded_and_the_run_goes_on() -> None:
    path = descend(_objective(), gradient_descent(1e3), [0.0, 0.0], 400)
    assert path.n_updates == 400
    assert path.diverged_at is not None
    assert np.isfinite(path.loss[: path.diverged_at]).all()
    assert not np.isfinite(path.loss[path.diverged_at])
    assert np.isnan(path.final).all()


def test_a_settled_descent_has_not_diverged() -> None:
    assert descend(_objective(), gradient_descent(0.1), [0.0, 0.0], 50).diverged_at is None


def test_rows_of_batch_descent_are_all_rows_but_none_at_the_start() -> None:
    path = descend(_objective(4), gradient_descent(0.1), [0.0, 0.0], 2, batch())
    assert path.rows is None
    assert [path.rows_at(update).tolist() for update in range(3)] == [[], [0, 1, 2, 3], [0, 1, 2, 3]]


def test_rows_of_a_minibatch_come_without_padding() -> None:
    path = descend(_objective(3), gradient_descent(0.1), [0.0, 0.0], 2, minibatch(2, shuffle=False))
    assert [path.rows_at(update).tolist() for update in range(3)] == [[], [0, 1], [2]]


@pytest.mark.parametrize("update", [-1, 3])
def test_rows_of_an_update_that_was_not_made_are_refused(update: int) -> None:
    path = descend(_objective(3), gradient_descent(0.1), [0.0, 0.0], 2)
    with pytest.raises(IndexError, match=f"update must be between 0 and 2; got {update}"):
        path.rows_at(update)


def test_an_epoch_of_online_descent_uses_as_many_gradients_as_a_batch_update() -> None:
    whole = descend(_objective(10), gradient_descent(0.01), [0.0, 0.0], 1)
    one_by_one = descend(_objective(10), gradient_descent(0.01), [0.0, 0.0], 10, online())
    assert whole.gradients_used[-1] == one_by_one.gradients_used[-1] == 10
    assert whole.epochs[-1] == one_by_one.epochs[-1] == 1.0


def test_gradients_of_short_batches_are_counted_as_they_are() -> None:
    path = descend(_objective(5), gradient_descent(0.01), [0.0, 0.0], 4, minibatch(2))
    assert path.gradients_used.tolist() == [0, 2, 4, 5, 7]


def test_no_updates_leave_the_start() -> None:
    path = descend(_objective(), gradient_descent(0.1), [1.0, 2.0], 0, online())
    assert path.params.tolist() == [[1.0, 2.0]]
    assert path.gradients_used.tolist() == [0]


@pytest.mark.parametrize("start", [[0.0], [0.0, 0.0, 0.0], [[0.0, 0.0]], [np.nan, 0.0]])
def test_a_start_that_does_not_fit_is_refused(start: object) -> None:
    with pytest.raises(ValueError, match="start must be"):
        descend(_objective(), gradient_descent(0.1), start, 1)


@pytest.mark.parametrize("n_updates", [-1, 2.5])
def test_a_number_of_updates_that_is_none_is_refused(n_updates: int) -> None:
    with pytest.raises(ValueError, match="n_updates must be a whole number, 0 or more; got"):
        descend(_objective(), gradient_descent(0.1), [0.0, 0.0], n_updates)


def test_trajectories_can_be_pickled() -> None:
    path = descend(_objective(), gradient_descent(0.1), [0.0, 0.0], 5, online())
    copy = pickle.loads(pickle.dumps(path))
    assert copy.params.tolist() == path.params.tolist()
    assert copy.rows_at(3).tolist() == path.rows_at(3).tolist()


class TestFromArrays:
    """A path logged elsewhere."""

    def test_takes_loss_and_samples_from_the_objective(self) -> None:
        made = descend(_objective(), gradient_descent(0.1), [0.0, 0.0], 9)
        path = Trajectory.from_arrays(made.params, objective=_objective())
        assert path.loss.tolist() == made.loss.tolist()
        assert path.gradients_used.tolist() == made.gradients_used.tolist()

    def test_keeps_a_given_loss(self) -> None:
        assert Trajectory.from_arrays([[0.0], [1.0]], loss=[3.0, 2.0]).loss.tolist() == [3.0, 2.0]

    def test_takes_one_row_per_update(self) -> None:
        path = Trajectory.from_arrays(np.zeros((4, 2)), loss=np.zeros(4), rows=[2, 0, 1], n_samples=3)
        assert path.rows_at(1).tolist() == [2]
        assert path.epochs.tolist() == [0.0, 1 / 3, 2 / 3, 1.0]

    def test_sees_where_a_path_diverged(self) -> None:
        path = Trajectory.from_arrays([[0.0], [5.0], [np.inf]], loss=[1.0, np.inf, np.nan])
        assert path.diverged_at == 1

    def test_does_not_share_memory_with_its_arguments(self) -> None:
        params = np.zeros((2, 1))
        path = Trajectory.from_arrays(params, loss=[1.0, 1.0])
        params[:] = 9.0
        assert path.final.tolist() == [0.0]

    @pytest.mark.parametrize(
        ("params", "extra", "message"),
        [
            ([1.0, 2.0], {"loss": [1.0, 1.0]}, r"params must have shape \(n_updates \+ 1, n_params\)"),
            ([[1.0], [2.0]], {"loss": [1.0]}, r"loss must have shape \(2,\)"),
            ([[1.0], [2.0]], {}, "loss must be given where there is no objective"),
            (
                [[1.0], [2.0]],
                {"objective": _objective()},
                "params must have 2 columns, as the objective; got 1",
            ),
            ([[1.0], [2.0]], {"loss": [1.0, 1.0], "rows": [0]}, "n_samples must be given with rows"),
            (
                [[1.0], [2.0]],
                {"loss": [1.0, 1.0], "rows": [0, 1], "n_samples": 2},
                r"rows must be integers of shape",
            ),
            (
                [[1.0], [2.0]],
                {"loss": [1.0, 1.0], "rows": [0.5], "n_samples": 2},
                r"rows must be integers of shape",
            ),
            (
                [[1.0], [2.0]],
                {"loss": [1.0, 1.0], "rows": [2], "n_samples": 2},
                "rows must be between 0 and 1",
            ),
        ],
    )
    def test_refuses_shapes_that_do_not_agree(self, params: object, extra: dict, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            Trajectory.from_arrays(params, **extra)
