"""Backpropagation against differences, and the whole network against scikit-learn's."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier

from animate.learn.datasets import two_moons, xor
from animate.learn.descent import descend
from animate.learn.losses import sigmoid
from animate.learn.network import network, network_problem
from animate.learn.objectives import logistic
from animate.learn.optimizers import Optimizer, adam, gradient_descent, heavy_ball, nesterov

MOONS = two_moons(60, rng=1)
OBJECTIVE = network(MOONS.X, MOONS.labels, n_hidden=5, ridge_penalty=0.02)
PARAMS = np.random.default_rng(7).normal(size=OBJECTIVE.n_params)


def _sklearn(**settings: object) -> MLPClassifier:
    """Return scikit-learn's network after one update on all rows at once, in order, without penalty."""
    model = MLPClassifier((5,), activation="tanh", alpha=0.0, batch_size=60, shuffle=False, random_state=0, **settings)
    return model.partial_fit(MOONS.X, MOONS.labels, classes=[0.0, 1.0])


def _flat(model: MLPClassifier) -> np.ndarray:
    (hidden, output), (intercepts, intercept) = model.coefs_, model.intercepts_
    return np.concatenate([hidden.T.ravel(), intercepts, output.ravel(), intercept])


SKLEARNS_START = _flat(_sklearn(solver="sgd", learning_rate_init=1e-300))


def test_probabilities_equal_sklearns() -> None:
    model = _sklearn(solver="sgd", learning_rate_init=0.5)
    expected = model.predict_proba(MOONS.X)[:, 1]
    assert sigmoid(OBJECTIVE.logits(_flat(model))) == pytest.approx(expected, rel=1e-10)


def test_loss_equals_sklearns() -> None:
    free = network(MOONS.X, MOONS.labels, n_hidden=5)
    model = _sklearn(solver="sgd", learning_rate_init=1e-300)
    assert free.value(SKLEARNS_START) == pytest.approx(model.loss_, rel=1e-10)


@pytest.mark.parametrize(
    ("optimizer", "settings"),
    [
        (gradient_descent(0.3), {"solver": "sgd", "learning_rate_init": 0.3, "momentum": 0.0}),
        (
            heavy_ball(0.1, momentum=0.8),
            {"solver": "sgd", "learning_rate_init": 0.1, "momentum": 0.8, "nesterovs_momentum": False},
        ),
        (nesterov(0.1, momentum=0.8), {"solver": "sgd", "learning_rate_init": 0.1, "momentum": 0.8}),
        # sklearn adds epsilon before it corrects the second mean, the paper's algorithm 1 and ours after it.
        (adam(0.1, epsilon=1e-15), {"solver": "adam", "learning_rate_init": 0.1, "epsilon": 1e-15}),
    ],
    ids=["gradient_descent", "heavy_ball", "nesterov", "adam"],
)
def test_training_by_backpropagation_equals_sklearns(optimizer: Optimizer, settings: dict) -> None:
    model = _sklearn(**settings)
    for _ in range(19):
        model.partial_fit(MOONS.X, MOONS.labels)
    path = descend(network(MOONS.X, MOONS.labels, n_hidden=5), optimizer, SKLEARNS_START, 20)
    assert path.final == pytest.approx(_flat(model), rel=1e-7)


def test_gradient_is_the_slope_of_the_value(central_differences: Callable[..., np.ndarray]) -> None:
    assert OBJECTIVE.gradient(PARAMS) == pytest.approx(central_differences(OBJECTIVE.value, PARAMS), abs=1e-8)


def test_gradient_over_rows_is_that_of_the_network_on_those_rows() -> None:
    rows = np.array([3, 50, 50, 12])
    part = network(MOONS.X[rows], MOONS.labels[rows], n_hidden=5, ridge_penalty=0.02)
    assert OBJECTIVE.gradient(PARAMS, rows) == pytest.approx(part.gradient(PARAMS), rel=1e-12)


def test_values_of_a_stack_are_the_values_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    stack = np.random.default_rng(1).normal(size=(3, 4, OBJECTIVE.n_params))
    expected = [[OBJECTIVE.value(params) for params in row] for row in stack]
    monkeypatch.setattr("animate.learn.evaluation._CHUNK", 1000)
    assert OBJECTIVE.values(stack) == pytest.approx(np.array(expected), rel=1e-12)


def test_penalty_is_on_the_weights_and_not_on_the_intercepts() -> None:
    layers = OBJECTIVE.layers(PARAMS)
    squares = np.square(layers.hidden_weights).sum() + np.square(layers.output_weights).sum()
    free = network(MOONS.X, MOONS.labels, n_hidden=5)
    assert OBJECTIVE.value(PARAMS) - free.value(PARAMS) == pytest.approx(0.01 * squares, rel=1e-10)


def test_zero_weights_give_even_odds() -> None:
    assert OBJECTIVE.logits(np.zeros(OBJECTIVE.n_params)).tolist() == [0.0] * 60


def test_a_hidden_unit_is_zero_on_its_line() -> None:
    layers = OBJECTIVE.layers(PARAMS)
    weights, intercept = layers.hidden_weights[2], layers.hidden_intercepts[2]
    on_the_line = -intercept * weights / (weights @ weights)
    assert OBJECTIVE.hidden(PARAMS, on_the_line[None])[0, 2] == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("data", [two_moons(80, rng=2), xor(80, rng=2)], ids=["two_moons", "xor"])
def test_it_learns_what_no_line_can_tell_apart(data: object) -> None:
    objective = network(data.X, data.labels, n_hidden=8)
    path = descend(objective, adam(0.05), objective.random_params(0), 1500)
    assert objective.accuracy(path.final) >= 0.97
    line = logistic(data.X, data.labels, ridge_penalty=1e-6)
    assert path.loss[-1] < 0.5 * line.value(line.optimum())


def test_random_params_keep_glorots_bounds_and_their_seed() -> None:
    layers = OBJECTIVE.layers(OBJECTIVE.random_params(3))
    assert np.abs(layers.hidden_weights).max() <= np.sqrt(6.0 / 7.0)
    assert not layers.hidden_intercepts.any()
    assert OBJECTIVE.random_params(0).tobytes() == OBJECTIVE.random_params(0).tobytes()
    assert OBJECTIVE.random_params(0).tobytes() != OBJECTIVE.random_params(1).tobytes()


def test_other_labels_than_zero_and_one_are_refused() -> None:
    with pytest.raises(ValueError, match=r"labels must be 0 or 1; got \[0.0, 1.0, 2.0\]"):
        network([[1.0], [2.0], [3.0]], [0, 1, 2], n_hidden=2)


def test_no_hidden_units_are_refused() -> None:
    with pytest.raises(ValueError, match="n_hidden must be a whole number, 1 or more; got 0"):
        network([[1.0], [2.0]], [0, 1], n_hidden=0)


# A network on data in their own units, against a forward pass written out


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


def test_a_hidden_unit_is_zero_on_its_line_of_neural(problem) -> None:
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
