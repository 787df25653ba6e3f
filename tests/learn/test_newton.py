"""Newton's method against closed forms and scipy's minima."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from animate.learn.data import penguins
from animate.learn.newton import damped_newton_path, newton_path
from animate.learn.objectives import linear
from animate.learn.problems import logistic_problem
from animate.learn.surfaces import BEALE, HIMMELBLAU, ROSENBROCK, SADDLE, valley


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
def test_a_start_that_does_not_fit_is_refused(walk: object) -> None:
    with pytest.raises(ValueError, match=r"start must be of shape \(2,\); got shape \(3,\)"):
        walk(valley(), [1.0, 2.0, 3.0], 1)
