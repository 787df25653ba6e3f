"""A network on data in their own units: what it says at any point, and the lines of its hidden units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from animate.learn.checks import Floats
from animate.learn.data import ClassificationData, Scaling
from animate.learn.network import Network, network


@dataclass(frozen=True, eq=False)
class NetworkProblem:
    """Two classes told apart by a network; `objective` sees the features through `scaling`.

    Attributes
    ----------
    data : ClassificationData
    objective : Network
    scaling : Scaling
    """

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
        """Return the share of points put into their class, between 0 and 1."""
        return self.objective.accuracy(params)


def network_problem(data: ClassificationData, *, n_hidden: int, ridge_penalty: float = 0.0) -> NetworkProblem:
    """Return the problem of telling two classes apart by a network with one hidden layer, on standardized features.

    Examples
    --------
    >>> from animate.learn.datasets import two_moons
    >>> problem = network_problem(two_moons(40), n_hidden=3)
    >>> problem.objective.n_params, problem.hidden_lines(np.zeros(13)).shape
    (13, (3, 3))
    """
    scaling = Scaling.standardize(data.X)
    objective = network(scaling.apply(data.X), data.labels, n_hidden=n_hidden, ridge_penalty=ridge_penalty)
    return NetworkProblem(data, objective, scaling)
