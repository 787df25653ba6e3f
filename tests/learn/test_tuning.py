"""Arrivals against a search from the end, and tuned rates against closed forms on a quadratic."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from animate.learn.optimizers import Optimizer, adam, gradient_descent
from animate.learn.surfaces import ROSENBROCK, valley
from animate.learn.tuning import RATES, Goal, arrival, tuned_learning_rate


@given(st.lists(st.floats(0, 10) | st.just(float("nan")) | st.just(float("inf")), min_size=1), st.floats(0, 10))
def test_arrival_is_the_first_update_after_which_no_loss_is_above(losses: list[float], level: float) -> None:
    stays = [k for k in range(len(losses)) if all(loss <= level for loss in losses[k:])]
    assert arrival(losses, level) == (stays[0] if stays else None)


def test_on_a_round_bowl_the_best_of_the_grid_is_nearest_to_one() -> None:
    """x_k = (1 - rate)^k x_0: rate 1 arrives in one update."""
    assert tuned_learning_rate(valley(1.0), gradient_descent, [3.0, 4.0], Goal(1e-6, 50)) == 1.0


def test_of_rates_that_do_not_arrive_the_one_that_ends_lowest_is_taken() -> None:
    """Three updates of (1 - rate)^3: the nearest to 1 of those allowed."""
    rates = (0.001, 0.01, 0.1)
    assert tuned_learning_rate(valley(1.0), gradient_descent, [1.0, 0.0], Goal(0.0, 3), rates=rates) == 0.1


def test_a_rate_whose_steps_are_too_long_is_left_out() -> None:
    """From (3, 4) the first step is rate times 5, the longest of all."""
    goal = Goal(1e-6, 200, longest_step=1.0)
    assert tuned_learning_rate(valley(1.0), gradient_descent, [3.0, 4.0], goal) == 0.2


def test_where_every_step_is_too_long_the_lowest_rate_is_taken() -> None:
    goal = Goal(1e-6, 5, longest_step=1e-9)
    assert tuned_learning_rate(valley(1.0), gradient_descent, [3.0, 4.0], goal) == RATES[0]


def test_rates_that_diverge_are_passed_over_without_a_warning() -> None:
    rate = tuned_learning_rate(ROSENBROCK, gradient_descent, [-1.5, 2.2], Goal(1e-3, 200))
    assert rate < 0.01
    assert np.isfinite(tuned_learning_rate(ROSENBROCK, adam, [-1.5, 2.2], Goal(1e-3, 50)))


@pytest.mark.parametrize("goal", [Goal(1.0, -1), Goal(1.0, 5, longest_step=0.0)])
def test_a_goal_out_of_range_is_refused(goal: Goal) -> None:
    with pytest.raises(ValueError, match="must be"):
        tuned_learning_rate(valley(), gradient_descent, [1.0, 1.0], goal)


def test_what_was_tuned_on_a_surface_is_not_tuned_again() -> None:
    made = []

    def counted(rate: float) -> Optimizer:
        made.append(rate)
        return gradient_descent(rate)

    surface = valley(4.0)
    rates = [tuned_learning_rate(surface, counted, [4.0, 1.0], Goal(1e-3, 50)) for _ in range(3)]
    assert rates == [0.2] * 3
    assert made == list(RATES)
    tuned_learning_rate(surface, counted, [4.0, 1.5], Goal(1e-3, 50))
    assert len(made) == 2 * len(RATES)
