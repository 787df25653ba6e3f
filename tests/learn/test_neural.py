"""A network on data in their own units, against a forward pass written out."""

from __future__ import annotations

import numpy as np
import pytest

from animate.learn.datasets import two_moons
from animate.learn.neural import network_problem


@pytest.fixture
def problem():
    return network_problem(two_moons(60, noise=0.2, rng=1), n_hidden=4, ridge_penalty=0.01)


def test_log_odds_equal_a_forward_pass_written_out(problem) -> None:
    params = problem.objective.random_params(0)
    V, c, v, b = params[:8].reshape(4, 2), params[8:12], params[12:16], params[16]
    X = problem.data.X
    scaled = (X - X.mean(axis=0)) / X.std(axis=0)
    expected = [sum(v[j] * np.tanh(V[j] @ row + c[j]) for j in range(4)) + b for row in scaled]
    assert np.allclose(problem.logits(params, X), expected, rtol=1e-12)


def test_a_hidden_unit_is_zero_on_its_line(problem) -> None:
    params = problem.objective.random_params(0) + 0.1
    for unit, (first, second, intercept) in enumerate(problem.hidden_lines(params)):
        point = np.array([[0.3, -(first * 0.3 + intercept) / second]])
        hidden = problem.objective.hidden(params, problem.scaling.apply(point))
        assert hidden[0, unit] == pytest.approx(0.0, abs=1e-12)


def test_the_weight_of_a_unit_is_the_most_it_adds_to_the_log_odds(problem) -> None:
    params = np.zeros(problem.objective.n_params)
    params[0], params[12] = 50.0, -3.0
    far = problem.data.X.mean(axis=0) + np.array([[100.0, 0.0], [-100.0, 0.0]])
    assert problem.logits(params, far) == pytest.approx([-3.0, 3.0])
    assert problem.output_weights(params).tolist() == [-3.0, 0.0, 0.0, 0.0]
