"""The gradients that made a path, against the steps they made and against differences of the loss."""

from __future__ import annotations

import numpy as np

from animate.learn import sampling
from animate.learn.data import line
from animate.learn.descent import Trajectory, descend
from animate.learn.gradients import gradients_along
from animate.learn.optimizers import gradient_descent
from animate.learn.problems import linear_problem

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
