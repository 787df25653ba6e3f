"""Descents against naive loops and known numbers."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import SGDRegressor

from animate.learn import sampling
from animate.learn.data import penguins
from animate.learn.datasets import line
from animate.learn.descent import Trajectory, damped_newton_path, descend, gradients_along, newton_path
from animate.learn.objectives import LinearPredictor, linear, logistic
from animate.learn.optimizers import OPTIMIZERS, gradient_descent
from animate.learn.problems import linear_problem, logistic_problem
from animate.learn.sampling import batch, minibatch, online
from animate.learn.surfaces import BEALE, HIMMELBLAU, ROSENBROCK, SADDLE, valley


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
        slope_w = sum(r * x[row] for r, row in zip(residuals, rows, strict=True)) / batch_size
        slope_b = sum(residuals) / batch_size
        w, b = w - learning_rate * slope_w, b - learning_rate * slope_b
        assert path.params[update] == pytest.approx([w, b], rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(("n_samples", "batch_size"), [(33, 32), (12, 5), (7, 3), (10, 5)])
def test_every_row_has_the_same_weight_in_an_epoch(n_samples: int, batch_size: int) -> None:
    # With y = -1 everywhere and x = 0 the gradient of the intercept hardly changes at a tiny rate: an epoch moves the
    # intercept by rate * n_samples / batch_size, whatever the batches are.
    objective = linear(np.zeros(n_samples), -np.ones(n_samples), loss="half_squared")
    n_updates = -(-n_samples // batch_size)
    path = descend(objective, gradient_descent(1e-9), [0.0, 0.0], n_updates, minibatch(batch_size, rng=1))
    assert path.final[1] == pytest.approx(-1e-9 * n_samples / batch_size, rel=1e-6)


def test_an_incomplete_batch_of_one_outlier_does_not_reverse_the_descent() -> None:
    rng = np.random.default_rng(0)
    x = np.append(rng.normal(size=32), 3.0)
    y = np.append(2.0 * x[:32], -40.0)
    objective = linear(x, y, loss="half_squared")
    path = descend(objective, gradient_descent(0.1), [2.0, 0.0], 2, minibatch(32, shuffle=False))
    single_row_step = 0.1 / 32 * np.array([(6.0 + 40.0) * 3.0, 6.0 + 40.0])
    assert path.params[1] == pytest.approx([2.0, 0.0], abs=1e-12)
    assert path.params[2] == pytest.approx(np.array([2.0, 0.0]) - single_row_step)


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


# The gradients that made a path, against the steps they made and against differences of the loss

OBJECTIVE = linear_problem(line(12, rng=3)).objective


def test_plain_steps_are_minus_the_rate_times_the_gradients_of_their_rows() -> None:
    for sampler in (sampling.batch(), sampling.online(rng=1), sampling.minibatch(5, rng=1)):
        path = descend(OBJECTIVE, gradient_descent(0.03), [1.0, -2.0], 30, sampler)
        gradients = gradients_along(OBJECTIVE, path)
        assert np.isnan(gradients[0]).all()
        assert np.allclose(np.diff(path.params, axis=0), -0.03 * gradients[1:], atol=1e-13)


def test_full_gradients_agree_with_central_differences() -> None:
    path = Trajectory.from_arrays([[1.0, -2.0], [0.5, 0.0], [2.0, 1.0]], objective=OBJECTIVE)
    gradients = gradients_along(OBJECTIVE, path)
    for before, gradient in zip(path.params[:-1], gradients[1:], strict=True):
        steps = 1e-6 * np.eye(2)
        slopes = [(OBJECTIVE.value(before + step) - OBJECTIVE.value(before - step)) / 2e-6 for step in steps]
        assert np.allclose(gradient, slopes, rtol=1e-6)


def test_a_path_that_is_lost_gives_no_warning() -> None:
    path = Trajectory.from_arrays([[1e300, 1.0], [np.inf, 1.0], [np.nan, 0.0]], loss=[1.0, np.inf, np.nan])
    assert gradients_along(OBJECTIVE, path).shape == (3, 2)


# Newton's method against closed forms and scipy's minima


@given(st.integers(0, 2**32 - 1))
def test_one_full_step_solves_a_quadratic(seed: int) -> None:
    rng = np.random.default_rng(seed)
    objective = linear(rng.normal(size=(20, 3)), rng.normal(size=20), ridge_penalty=0.1)
    path = newton_path(objective, rng.normal(size=4), 1)
    assert path.final == pytest.approx(objective.optimum(), rel=1e-9, abs=1e-9)


def test_full_steps_double_the_digits_near_the_optimum() -> None:
    objective = logistic_problem(penguins()).objective
    path = newton_path(objective, [0.0, 0.0], 12)
    errors = np.linalg.norm(path.params - objective.optimum(), axis=1)
    near = errors[(errors < 0.3) & (errors > 1e-7)]
    assert (near[1:] < 2.0 * near[:-1] ** 2).all()
    assert errors[-1] < 1e-9


def test_full_steps_follow_newtons_formula() -> None:
    params = np.array([-1.5, 2.2])
    expected = params - np.linalg.solve(ROSENBROCK.hessian(params), ROSENBROCK.gradient(params))
    assert newton_path(ROSENBROCK, params, 1).final == pytest.approx(expected, rel=1e-10)


def test_full_steps_are_drawn_to_a_saddle() -> None:
    assert newton_path(SADDLE, [-1.8, 0.1], 10).final == pytest.approx([0.0, 0.0], abs=1e-9)


def test_damped_steps_leave_a_saddle() -> None:
    assert damped_newton_path(SADDLE, [-1.8, 0.1], 20).final == pytest.approx([0.0, 1.0], abs=1e-9)


@pytest.mark.parametrize("surface", [ROSENBROCK, BEALE, HIMMELBLAU, SADDLE], ids=lambda surface: surface.name)
def test_damped_steps_never_go_up(surface: object) -> None:
    rng = np.random.default_rng(0)
    for _ in range(10):
        loss = damped_newton_path(surface, rng.uniform(-2.0, 2.0, 2), 40).loss
        assert (np.diff(loss) <= 1e-15 * np.abs(loss[:-1])).all()


def test_damped_steps_find_rosenbrocks_minimum() -> None:
    assert damped_newton_path(ROSENBROCK, ROSENBROCK.start, 30).final == pytest.approx([1.0, 1.0], abs=1e-12)


def test_a_singular_hessian_gives_the_shortest_step() -> None:
    objective = linear([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]], [2.0, 4.0, 6.0])
    assert newton_path(objective, np.zeros(3), 1).final == pytest.approx([1.0, 1.0, 0.0], abs=1e-9)


def test_each_step_counts_one_pass_over_the_data() -> None:
    path = newton_path(linear([0.0, 1.0, 2.0], [1.0, 2.0, 4.0]), [0.0, 0.0], 3)
    assert path.gradients_used.tolist() == [0, 3, 6, 9]


def test_a_full_step_that_flies_off_is_recorded() -> None:
    # log(1 + exp(z)) is flat at z = 800: its curvature is 0 to rounding, its slope 1.
    objective = logistic_problem(penguins()).objective
    path = newton_path(objective, [500.0, 0.0], 5)
    assert path.n_updates == 5


@pytest.mark.parametrize("walk", [newton_path, damped_newton_path])
def test_a_start_that_does_not_fit_is_refused_of_newton(walk: object) -> None:
    with pytest.raises(ValueError, match=r"start must be of shape \(2,\); got shape \(3,\)"):
        walk(valley(), [1.0, 2.0, 3.0], 1)
