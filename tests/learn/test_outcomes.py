"""What became of a descent, against what the eigenvalues of a quadratic say it must."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from animate.learn.data import line
from animate.learn.descent import descend
from animate.learn.objectives import linear
from animate.learn.optimizers import gradient_descent
from animate.learn.outcomes import (
    breaks,
    creep,
    first_of,
    outcomes,
    overshoots_at,
    running_rms_distance,
    updates_until,
)

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
    assert outcomes(run(share).loss, BEST)[-1] == outcome


@given(st.floats(1e-3, 0.999))
def test_below_the_limit_nothing_ever_diverges(share: float) -> None:
    assert "diverges" not in outcomes(run(share, 60).loss, BEST)


@given(st.floats(1.001, 3.0))
def test_a_run_that_diverges_never_comes_back(share: float) -> None:
    said = outcomes(run(share).loss, BEST)
    first = first_of("diverges", said)
    assert first is not None
    assert set(said[first:]) == {"diverges"}


def test_converged_means_it_stays_within_the_tolerance() -> None:
    assert outcomes([1.0, 0.0, 0.5, 0.0, 0.0], 0.0) == ("on its way", "on its way", "bounces", "converged", "converged")


def test_what_is_not_finite_diverges() -> None:
    assert outcomes([1.0, math.nan, 0.0], 0.0)[1:] == ("diverges", "diverges")


def test_start_at_the_optimum_has_converged() -> None:
    assert set(outcomes([BEST, BEST], BEST)) == {"converged"}


@pytest.mark.parametrize(("name", "value"), [("best", math.nan), ("tolerance", 0.0)])
def test_refuses_a_bad_argument_by_name(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=f"^{name} must be"):
        outcomes([1.0], **{"best": 0.0, name: value})


def test_first_of_what_never_happens_is_none() -> None:
    assert first_of("diverges", ("on its way", "converged")) is None


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
    assert 1 - left[100] / left[99] == pytest.approx(creep(OBJECTIVE, 0.2 * OBJECTIVE.stability_limit()), rel=1e-6)


def test_breaks_tells_infinite_from_undefined() -> None:
    path = run(1.1, 5000)
    infinite, undefined = breaks(path.params, path.loss)
    assert infinite == path.diverged_at
    assert undefined is not None
    assert infinite is not None
    assert infinite < undefined
    assert breaks([[1.0], [2.0]], [1.0, 2.0]) == (None, None)
