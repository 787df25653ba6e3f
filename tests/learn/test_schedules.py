"""Schedules against their formulas, and what only decay can do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from animate.learn.datasets import line
from animate.learn.descent import descend
from animate.learn.objectives import linear
from animate.learn.optimizers import Schedule, gradient_descent
from animate.learn.sampling import online
from animate.learn.schedules import SCHEDULES, constant, cosine, inverse_time, step

MADE = {
    "constant": constant(0.1),
    "step": step(0.1, every=10),
    "inverse_time": inverse_time(0.1, half_time=20),
    "cosine": cosine(0.1, n_updates=100, final_rate=0.01),
}


def test_every_schedule_of_the_table_is_tested_here() -> None:
    assert list(MADE) == list(SCHEDULES)


@pytest.mark.parametrize("schedule", MADE.values(), ids=list(MADE))
def test_a_schedule_starts_at_its_rate_and_never_rises(schedule: Schedule) -> None:
    rates = np.array([schedule(update) for update in range(200)])
    assert rates[0] == 0.1
    assert (np.diff(rates) <= 0.0).all()
    assert (rates > 0.0).all()


@given(st.integers(0, 10_000), st.integers(1, 500), st.floats(0.01, 0.99))
def test_step_drops_by_its_factor_once_every_so_many_updates(update: int, every: int, factor: float) -> None:
    schedule = step(0.3, every=every, factor=factor)
    assert schedule(update + every) == pytest.approx(factor * schedule(update), rel=1e-9)


def test_inverse_time_rates_add_up_without_bound_but_their_squares_do_not() -> None:
    rates = np.array([inverse_time(1.0, half_time=1)(update) for update in range(200_000)])
    # The harmonic sum is ln n + Euler's constant; the sum of squares is pi^2 / 6.
    assert rates.sum() == pytest.approx(np.log(200_000) + np.euler_gamma, abs=1e-5)
    assert np.square(rates).sum() == pytest.approx(np.pi**2 / 6, abs=1e-5)


def test_cosine_falls_along_half_a_wave_and_stays_down() -> None:
    schedule = cosine(1.0, n_updates=4)
    assert [round(schedule(update), 6) for update in range(6)] == [1.0, 0.853553, 0.5, 0.146447, 0.0, 0.0]


def test_only_decay_brings_online_descent_to_the_optimum() -> None:
    data = line(50, noise=1.0, rng=1)
    objective = linear(data.x, data.y, loss="half_squared")

    def distance(schedule: Schedule) -> float:
        path = descend(objective, gradient_descent(schedule), [0.0, 0.0], 5000, online(rng=2))
        return float(np.linalg.norm(path.params[-100:] - objective.optimum(), axis=1).mean())

    assert distance(inverse_time(0.1, half_time=50)) < 0.1 * distance(constant(0.1))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: constant(0.0), "learning_rate must be positive and finite; got 0.0"),
        (lambda: step(0.1, every=0), "every must be a whole number, 1 or more; got 0"),
        (lambda: step(0.1, every=5, factor=1.0), "factor must be at least 0 and below 1; got 1.0"),
        (lambda: step(0.1, every=5, factor=0.0), "factor must be positive and finite; got 0.0"),
        (lambda: inverse_time(0.1, half_time=-1), "half_time must be positive and finite; got -1"),
        (lambda: cosine(0.1, n_updates=0), "n_updates must be a whole number, 1 or more; got 0"),
        (lambda: cosine(0.1, n_updates=5, final_rate=0.2), "final_rate must not be above learning_rate, which is 0.1"),
    ],
)
def test_a_schedule_that_makes_no_sense_is_refused(make: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()
