"""A classifier with one hidden layer of tanh units: its objective with backpropagation, and the problem on data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from animate.learn.data import ClassificationData
from animate.learn.descent import Trajectory, descend
from animate.learn.evaluation import BLOCK, evaluate_stack, sum_over_blocks
from animate.learn.losses import LOSSES
from animate.learn.objectives import Objective
from animate.learn.optimizers import gradient_descent
from animate.learn.sampling import RowIndex
from animate.learn.scaling import Scaling
from animate.learn.validation import Floats, Rng, generator, matrix, non_negative, vector, whole

_LOG_LOSS = LOSSES["log_loss"]


class Layers(NamedTuple):
    """The parameters of a network, separated by layer.

    Attributes
    ----------
    hidden_weights : array, shape (..., n_hidden, n_features)
    hidden_intercepts : array, shape (..., n_hidden)
        Unit j is 0 on the line hidden_weights[j] @ x + hidden_intercepts[j] = 0.
    output_weights : array, shape (..., n_hidden)
    output_intercept : array, shape (...)
    """

    hidden_weights: Floats
    hidden_intercepts: Floats
    output_weights: Floats
    output_intercept: Floats


class Backpropagation(NamedTuple):
    """The values and deltas of a network at one row.

    Attributes
    ----------
    hidden : array, shape (n_hidden,)
        Values of the hidden units.
    probability : float
        Of class 1.
    loss : float
        -log of the probability of the row's own class.
    output_delta : float
        Derivative of the loss with respect to the log-odds: probability - label.
    hidden_deltas : array, shape (n_hidden,)
        Derivatives with respect to what goes into tanh: output_delta output_weight (1 - hidden^2).
    """

    hidden: Floats
    probability: float
    loss: float
    output_delta: float
    hidden_deltas: Floats


@dataclass(frozen=True, eq=False)
class Network(Objective):
    """mean(log_loss(logits, labels)) + 1/2 ridge_penalty ||weights||^2, the intercepts not penalized.

    hidden = tanh(X @ hidden_weights^T + hidden_intercepts), logits = hidden @ output_weights + output_intercept.
    Parameters are a flat vector: hidden weights row by row, hidden intercepts, output weights, output intercept.
    """

    X: Floats
    labels: Floats
    n_hidden: int
    ridge_penalty: float = 0.0

    @property
    def n_features(self) -> int:
        """Number of features."""
        return int(self.X.shape[1])

    @property
    def n_params(self) -> int:
        """Number of parameters: n_hidden (n_features + 2) + 1."""
        return self.n_hidden * (self.n_features + 2) + 1

    @property
    def n_samples(self) -> int:
        """Number of rows."""
        return int(self.X.shape[0])

    def layers(self, params: npt.ArrayLike) -> Layers:
        """Return the parameters, shape (..., n_params), separated by layer; views of the array if it is one."""
        stack = np.asarray(params, dtype=float)
        n_weights = self.n_hidden * self.n_features
        hidden = stack[..., :n_weights].reshape(*stack.shape[:-1], self.n_hidden, self.n_features)
        intercepts = stack[..., n_weights : n_weights + self.n_hidden]
        return Layers(hidden, intercepts, stack[..., n_weights + self.n_hidden : -1], stack[..., -1])

    def hidden(self, params: npt.ArrayLike, X: npt.ArrayLike | None = None) -> Floats:
        """Return the hidden units, between -1 and 1, shape (..., n_samples, n_hidden), for the data or for X."""
        parts = self.layers(params)
        points = self.X if X is None else np.asarray(X, dtype=float)
        return np.tanh(points @ parts.hidden_weights.swapaxes(-1, -2) + parts.hidden_intercepts[..., None, :])

    def logits(self, params: npt.ArrayLike, X: npt.ArrayLike | None = None) -> Floats:
        """Return the log-odds of class 1, shape (..., n_samples), for the data or for X."""
        parts = self.layers(params)
        mixed: Floats = self.hidden(params, X) @ parts.output_weights[..., None]
        return mixed[..., 0] + parts.output_intercept[..., None]

    @np.errstate(over="ignore", invalid="ignore")
    def values(self, params_stack: npt.ArrayLike) -> Floats:
        """Return the value at each parameter vector of a stack: shape (..., n_params) to (...)."""

        def mean_loss(params: Floats) -> Floats:
            def part(block: slice) -> Floats:
                losses = _LOG_LOSS.value(self.logits(params, self.X[block]), self.labels[block])
                return np.asarray(losses.sum(axis=-1), dtype=float)

            return sum_over_blocks(part, self.n_samples) / self.n_samples

        n_numbers = min(self.n_samples, BLOCK) * self.n_hidden
        return evaluate_stack(mean_loss, params_stack, self.n_params, n_numbers, self._penalties())

    def gradient(self, params: Floats, rows: RowIndex | None = None) -> Floats:
        """Return the gradient over all or some rows, penalty included, shape (n_params,), by backpropagation.

        With e = sigmoid(logit) - label and back = e output_weights (1 - hidden^2): the mean over rows of back
        x, back, e hidden and e.

        References
        ----------
        D. E. Rumelhart, G. E. Hinton and R. J. Williams, "Learning representations by back-propagating
        errors", Nature 323 (1986), 533-536.
        """
        X, labels = self.X, self.labels
        if rows is not None:
            X, labels = X.take(rows, axis=0), labels.take(rows)
        parts, n_rows = self.layers(params), len(labels)

        def part(block: slice) -> Floats:
            hidden = self.hidden(params, X[block])
            logits = hidden @ parts.output_weights + parts.output_intercept
            errors = _LOG_LOSS.derivative(logits, labels[block]) / n_rows
            back = np.outer(errors, parts.output_weights) * (1.0 - hidden * hidden)
            pieces = [(back.T @ X[block]).ravel(), back.sum(axis=0), errors @ hidden, [errors.sum()]]
            return np.concatenate(pieces)

        return sum_over_blocks(part, n_rows) + self._penalties() * params

    def backpropagation(self, params: Floats, row: int) -> Backpropagation:
        """Return the values that go forward and the deltas that come back at one row."""
        hidden, weights = self.hidden(params, self.X[[row]])[0], self.layers(params).output_weights
        logit, label = hidden @ weights + params[-1], self.labels[row]
        delta = float(_LOG_LOSS.derivative(logit, label))
        loss = float(_LOG_LOSS.value(logit, label))
        return Backpropagation(hidden, delta + float(label), loss, delta, delta * weights * (1.0 - hidden * hidden))

    def descend_from_one_row(self, row: int, learning_rate: float, n_updates: int, *, rng: Rng) -> Trajectory:
        """Return a descent from random parameters, the first update of one row, the others of all."""
        first = self.random_params(rng)
        second = first - learning_rate * self.gradient(first, np.array([row]))
        later = descend(self, gradient_descent(learning_rate), second, n_updates - 1)
        return Trajectory.from_arrays(np.vstack([first, later.params]), objective=self)

    def symbols(self, params: Floats, row: int) -> dict[str, Any]:
        """Return all that goes through the network at one row, by the symbols in which it is usually written.

        ``x``, ``y``, the hidden weights ``w``, intercepts ``b``, values ``h``, their slopes ``s`` and deltas ``d``; the
        output weights ``v``, its intercept ``c``, probability ``p`` and ``delta``; the row's ``loss``.
        """
        (w, b, v, c), flow = self.layers(params), self.backpropagation(params, row)
        given = {"x": self.X[row], "y": float(self.labels[row]), "w": w, "b": b, "v": v, "c": float(c)}
        hidden = {"h": flow.hidden, "s": 1.0 - flow.hidden**2, "d": flow.hidden_deltas}
        return {**given, **hidden, "p": flow.probability, "delta": flow.output_delta, "loss": flow.loss}

    def _penalties(self) -> Floats:
        weights, intercepts = self.n_hidden * self.n_features, self.n_hidden
        is_weight = np.repeat([1.0, 0.0, 1.0, 0.0], [weights, intercepts, self.n_hidden, 1])
        return self.ridge_penalty * is_weight

    def accuracy(self, params: npt.ArrayLike) -> float:
        """Return the proportion of rows classified correctly; class 1 is predicted if the logit is above 0."""
        return float(((self.logits(params) > 0.0) == (self.labels == 1.0)).mean())

    def random_params(self, rng: Rng) -> Floats:
        """Return initial parameters: weights uniform on +-sqrt(6 / (inputs + outputs)), intercepts 0.

        References
        ----------
        X. Glorot and Y. Bengio, "Understanding the difficulty of training deep feedforward neural networks",
        AISTATS (2010), equation 16.
        """
        rng = generator(rng)
        hidden_bound = np.sqrt(6.0 / (self.n_features + self.n_hidden))
        output_bound = np.sqrt(6.0 / (self.n_hidden + 1))
        hidden = rng.uniform(-hidden_bound, hidden_bound, self.n_hidden * self.n_features)
        output = rng.uniform(-output_bound, output_bound, self.n_hidden)
        return np.concatenate([hidden, np.zeros(self.n_hidden), output, [0.0]])


def network(X: npt.ArrayLike, labels: npt.ArrayLike, *, n_hidden: int, ridge_penalty: float = 0.0) -> Network:
    """Return the objective of a network with one hidden layer of tanh units.

    Parameters
    ----------
    n_hidden : int
        At least 1.
    ridge_penalty : float
        0 or more.

    Examples
    --------
    >>> objective = network([[0.0, 0.0], [1.0, 1.0]], [0, 1], n_hidden=3)
    >>> objective.n_params, round(objective.value(np.zeros(13)), 6)
    (13, 0.693147)
    """
    features = matrix("X", X)
    found = vector("labels", labels, len(features))
    if not np.isin(found, (0.0, 1.0)).all():
        raise ValueError(f"labels must be 0 or 1; got {np.unique(found)[:5].tolist()}")
    return Network(features, found, whole("n_hidden", n_hidden, 1), non_negative("ridge_penalty", ridge_penalty))


@dataclass(frozen=True, eq=False)
class NetworkProblem:
    """Classification of two classes by a network; `objective` uses the features scaled by `scaling`."""

    data: ClassificationData
    objective: Network
    scaling: Scaling

    def logits(self, params: npt.ArrayLike, X: npt.ArrayLike) -> Floats:
        """Return the log-odds of class 1 at points X in the data's units, shape (..., n_points)."""
        with np.errstate(all="ignore"):
            return self.objective.logits(params, self.scaling.apply(X))

    def hidden_lines(self, params: npt.ArrayLike) -> Floats:
        """Return each hidden unit's [weights..., intercept] in the data's units, shape (..., n_hidden, n_features + 1).

        The unit is 0 on the line weights @ x + intercept = 0.
        """
        parts = self.objective.layers(params)
        lines = np.concatenate([parts.hidden_weights, parts.hidden_intercepts[..., None]], axis=-1)
        return self.scaling.to_units(lines)

    def output_weights(self, params: npt.ArrayLike) -> Floats:
        """Return the weight of each hidden unit in the log-odds, shape (..., n_hidden)."""
        return self.objective.layers(params).output_weights

    def accuracy(self, params: npt.ArrayLike) -> float:
        """Return the proportion of points classified correctly, between 0 and 1."""
        return self.objective.accuracy(params)


def network_problem(data: ClassificationData, *, n_hidden: int, ridge_penalty: float = 0.0) -> NetworkProblem:
    """Return the problem of separating two classes by a network with one hidden layer, on standardized features.

    >>> from animate.learn.datasets import two_moons
    >>> problem = network_problem(two_moons(40), n_hidden=3)
    >>> problem.objective.n_params, problem.hidden_lines(np.zeros(13)).shape
    (13, (3, 3))
    """
    scaling = Scaling.standardize(data.X)
    objective = network(scaling.apply(data.X), data.labels, n_hidden=n_hidden, ridge_penalty=ridge_penalty)
    return NetworkProblem(data, objective, scaling)
