"""What became of a descent, against what the eigenvalues of a quadratic say it must."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from animate.learn.convergence import (
    RATES,
    Goal,
    classify_updates,
    first_nonfinite,
    overshoots_at,
    running_rms_distance,
    settling_update,
    slowest_rate,
    tuned_learning_rate,
    updates_until,
)
from animate.learn.datasets import line
from animate.learn.descent import descend
from animate.learn.objectives import linear
from animate.learn.optimizers import Optimizer, adam, gradient_descent
from animate.learn.surfaces import ROSENBROCK, valley

POINTS = line(30, slope=2.0, intercept=1.0, noise=0.7, rng=5)
OBJECTIVE = linear(POINTS.X, POINTS.y)
BEST = OBJECTIVE.value(OBJECTIVE.optimum())


def run(share_of_limit: float, n_updates: int = 400):
    rate = share_of_limit * OBJECTIVE.stability_limit()
    return descend(OBJECTIVE, gradient_descent(rate), [-1.0, -2.0], n_updates)


@pytest.mark.parametrize(
    ("share", "outcome"), [(0.5, "converged"), (1e-4, "on its way"), (1.0, "bounces"), (1.01, "diverges")]
)
def test_outcome_is_what_the_stability_limit_says(share: float, outcome: str) -> None:
    assert classify_updates(run(share).loss, BEST)[-1] == outcome


@given(st.floats(1e-3, 0.999))
def test_below_the_limit_nothing_ever_diverges(share: float) -> None:
    assert "diverges" not in classify_updates(run(share, 60).loss, BEST)


@given(st.floats(1.001, 3.0))
def test_a_run_that_diverges_never_comes_back(share: float) -> None:
    said = classify_updates(run(share).loss, BEST)
    assert set(said[said.index("diverges") :]) == {"diverges"}


def test_converged_means_it_stays_within_the_tolerance() -> None:
    found = classify_updates([1.0, 0.0, 0.5, 0.0, 0.0], 0.0)
    assert found == ("on its way", "on its way", "bounces", "converged", "converged")


def test_what_is_not_finite_diverges() -> None:
    assert classify_updates([1.0, math.nan, 0.0], 0.0)[1:] == ("diverges", "diverges")


def test_start_at_the_optimum_has_converged() -> None:
    assert set(classify_updates([BEST, BEST], BEST)) == {"converged"}


def test_refuses_a_lowest_loss_that_is_not_a_number() -> None:
    with pytest.raises(ValueError, match=r"^best must be"):
        classify_updates([1.0], math.nan)


def test_running_rms_distance_equals_a_naive_mean() -> None:
    path = np.random.default_rng(0).normal(size=(20, 2))
    center = np.array([0.3, -0.2])
    running = running_rms_distance(path, center, since=5)
    assert np.isnan(running[:5]).all()
    for k in range(5, 20):
        naive = math.sqrt(sum(math.dist(point, center) ** 2 for point in path[5 : k + 1]) / (k - 4))
        assert running[k] == pytest.approx(naive)


def test_running_rms_distance_passes_what_is_not_finite_without_a_warning() -> None:
    assert np.isinf(running_rms_distance([[0.0], [1e200], [1e300]], [0.0])[-1])


def test_overshoot_is_the_farthest_point_beyond_the_target_from_either_side() -> None:
    assert overshoots_at([0.0, 5.0, 3.5, 4.2], 4.0) == 1
    assert overshoots_at([9.0, 3.0, 5.0], 4.0) == 1
    assert overshoots_at([0.0, 3.0, 3.9], 4.0) is None
    assert overshoots_at([0.0, math.inf, math.nan], 4.0) is None


@given(st.floats(0.05, 0.95), st.floats(0.001, 0.5))
def test_updates_until_is_where_the_path_itself_arrives(share_of_limit: float, share_left: float) -> None:
    path = run(share_of_limit)
    rate = share_of_limit * OBJECTIVE.stability_limit()
    count = updates_until(OBJECTIVE, rate, [-1.0, -2.0], share=share_left)
    left = np.linalg.norm(path.params - OBJECTIVE.optimum(), axis=1)
    assert count is not None
    assert left[count] <= share_left * left[0] * (1 + 1e-9)
    assert count == 0 or left[count - 1] >= share_left * left[0] * (1 - 1e-9)


def test_updates_until_is_zero_at_the_optimum_and_none_at_an_unstable_rate() -> None:
    assert updates_until(OBJECTIVE, 0.01, OBJECTIVE.optimum()) == 0
    assert updates_until(OBJECTIVE, 1.1 * OBJECTIVE.stability_limit(), [0.0, 0.0]) is None


def test_creep_is_the_share_that_late_updates_take_off() -> None:
    path = run(0.2, 300)
    left = np.linalg.norm(path.params - OBJECTIVE.optimum(), axis=1)
    expected = slowest_rate(OBJECTIVE, 0.2 * OBJECTIVE.stability_limit())
    assert 1 - left[100] / left[99] == pytest.approx(expected, rel=1e-6)


def test_breaks_tells_infinite_from_undefined() -> None:
    path = run(1.1, 5000)
    infinite, undefined = first_nonfinite(path.params, path.loss)
    assert infinite == path.diverged_at
    assert undefined is not None
    assert infinite is not None
    assert infinite < undefined
    assert first_nonfinite([[1.0], [2.0]], [1.0, 2.0]) == (None, None)


# Arrivals against a search from the end, and tuned rates against closed forms on a quadratic


@given(st.lists(st.floats(0, 10) | st.just(float("nan")) | st.just(float("inf")), min_size=1), st.floats(0, 10))
def test_arrival_is_the_first_update_after_which_no_loss_is_above(losses: list[float], level: float) -> None:
    stays = [k for k in range(len(losses)) if all(loss <= level for loss in losses[k:])]
    assert settling_update(losses, level) == (stays[0] if stays else None)


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


def test_a_mean_distance_of_the_last_epoch_keeps_its_digits_after_a_run_has_blown_up_and_come_back() -> None:
    path = np.append(np.geomspace(1.0, 1e120, 50), np.linspace(3.0, 1.0, 30))[:, None]
    found = running_rms_distance(path, [0.0], since=5, latest=7)
    expected = [np.sqrt(np.mean(np.square(path[max(k - 6, 5) : k + 1]))) for k in range(5, 80)]
    assert found[5:] == pytest.approx(expected, rel=1e-12)
