"""Previews: what they leave out, and that nothing is left out without one."""

from __future__ import annotations

import numpy as np
import pytest

from animate import line, linear_problem, optimizers
from animate.draw.marks.fields import loss_grid
from animate.learn.convergence import RATES, Goal, tuned_learning_rate
from animate.learn.descent import descend, newton_path
from animate.learn.objectives import Objective
from animate.learn.preview import LEAST_POINTS, LEAST_UPDATES, preview
from animate.learn.surfaces import BEALE, valley

LIMITS = ((-2.0, 5.0), (-3.0, 4.0))


@pytest.fixture
def objective() -> Objective:
    return linear_problem(line(12, rng=0)).objective


def test_a_descent_without_time_is_cut_and_stays_where_it_is(objective: Objective) -> None:
    exact = descend(objective, optimizers.gradient_descent(0.05), [0.0, 0.0], 200)
    with preview(0.0) as found:
        cut = descend(objective, optimizers.gradient_descent(0.05), [0.0, 0.0], 200)
    assert (found.n_done, found.n_updates, found.is_exact) == (LEAST_UPDATES, 200, False)
    np.testing.assert_array_equal(cut.params[: LEAST_UPDATES + 1], exact.params[: LEAST_UPDATES + 1])
    np.testing.assert_array_equal(cut.loss[: LEAST_UPDATES + 1], exact.loss[: LEAST_UPDATES + 1])
    assert (cut.params[LEAST_UPDATES:] == cut.params[LEAST_UPDATES]).all()
    assert (cut.n_updates, len(cut.loss)) == (200, 201)


def test_a_descent_with_time_enough_is_exact(objective: Objective) -> None:
    exact = descend(objective, optimizers.gradient_descent(0.05), [0.0, 0.0], 200)
    with preview(1e9) as found:
        same = descend(objective, optimizers.gradient_descent(0.05), [0.0, 0.0], 200)
    assert found.is_exact
    np.testing.assert_array_equal(same.params, exact.params)


def test_newton_steps_are_cut_too() -> None:
    with preview(0.0) as found:
        path = newton_path(valley(), [4.0, 1.0], 50)
    assert (found.n_done, path.n_updates) == (LEAST_UPDATES, 50)


def test_a_map_that_takes_long_is_coarser_unless_its_values_are_known(objective: Objective) -> None:
    with preview(1.0, map_seconds=0.0) as found:
        coarse = loss_grid(objective.values, LIMITS, 90)
    assert (len(coarse[0]), found.is_exact) == (LEAST_POINTS, False)
    exact = loss_grid(objective.values, LIMITS, 90)
    again = linear_problem(line(12, rng=0)).objective  # another object with the same data
    with preview(1.0) as found:
        known = loss_grid(again.values, LIMITS, 90)
    assert found.is_exact
    np.testing.assert_array_equal(known[2], exact[2])


def test_a_map_that_takes_no_time_is_exact(objective: Objective) -> None:
    with preview(1.0, map_seconds=1e9) as found:
        x, _, _ = loss_grid(objective.values, LIMITS, 90)
    assert (len(x), found.is_exact) == (90, True)


def test_each_map_takes_from_the_time_of_the_next(objective: Objective) -> None:
    with preview(1.0, map_seconds=1.0) as found:
        loss_grid(objective.values, LIMITS, 61)
    assert found.map_seconds < 1.0


def test_a_rate_that_a_preview_tuned_is_not_taken_for_the_exact_one() -> None:
    arguments = (BEALE, optimizers.gradient_descent, [1.0, 1.5], Goal(0.0, 173))  # a loss that is never reached
    with preview(0.0) as found:
        coarse = tuned_learning_rate(*arguments)
    last = {rate: descend(BEALE, optimizers.gradient_descent(rate), [1.0, 1.5], 173).loss[-1] for rate in RATES}
    best = min(last, key=lambda rate: last[rate] if np.isfinite(last[rate]) else np.inf)
    assert (tuned_learning_rate(*arguments), coarse != best, found.is_exact) == (best, True, False)


def test_a_map_of_other_data_is_not_taken_for_a_known_one(objective: Objective) -> None:
    loss_grid(objective.values, LIMITS, 24)
    other = linear_problem(line(12, rng=1)).objective
    x, y, table = loss_grid(other.values, LIMITS, 24)
    assert table[3, 5] == pytest.approx(float(other.values(np.array([[x[5], y[3]]]))[0]))


def test_the_map_of_a_function_that_was_edited_is_computed_again() -> None:
    def bowl(at: np.ndarray) -> np.ndarray:
        return np.asarray((at**2).sum(axis=1))

    def edited(at: np.ndarray) -> np.ndarray:
        return np.asarray(2 * (at**2).sum(axis=1))

    for function in (bowl, edited):  # as in a script that is saved again
        function.__qualname__ = function.__name__ = "surface"
        globals()["surface"] = function
        x, y, table = loss_grid(function, LIMITS, 24)
        assert table[2, 3] == pytest.approx(function(np.array([[x[3], y[2]]]))[0])
