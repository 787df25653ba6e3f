"""Multinomial logistic regression: one linear function per class, and their softmax as probabilities."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from animate.errors import DataError
from animate.learn import spectrum
from animate.learn.checks import Floats, matrix, non_negative, vector
from animate.learn.newton import damped_newton_path
from animate.learn.sampling import RowIndex

_CHUNK = 2**18  # logits held at once: 2 MiB
_MOST_STEPS = 60


def softmax(logits: Floats) -> Floats:
    """Return exp(logit_k) / sum_j exp(logit_j) along the last axis, accurate for logits of any size.

    Examples
    --------
    >>> softmax(np.array([0.0, 0.0, 1000.0])).tolist()
    [0.0, 0.0, 1.0]
    """
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), dtype=float)


@dataclass(frozen=True, eq=False)
class Softmax:
    """mean(-log p[label]) + 1/2 ridge_penalty ||weights||^2, p = softmax(design @ matrix^T), intercepts not penalized.

    Parameters are a flat vector: the matrix, shape (n_classes, n_features + 1), row by row, each row a
    class's weights and then its intercept. Adding the same row to all classes changes no probability: of the
    many optima `optimum` gives the one whose rows add up to 0.

    Attributes
    ----------
    design : array, shape (n_samples, n_features + 1)
        Features, then a last column of ones.
    labels : array, shape (n_samples,)
        0 to n_classes - 1.
    n_classes : int
    ridge_penalty : float
    """

    design: Floats
    labels: Floats
    n_classes: int
    ridge_penalty: float = 0.0

    @property
    def n_params(self) -> int:
        """Number of parameters: n_classes (n_features + 1)."""
        return self.n_classes * int(self.design.shape[1])

    @property
    def n_samples(self) -> int:
        """Number of rows."""
        return int(self.design.shape[0])

    @cached_property
    def _is_label(self) -> Floats:
        is_label: npt.NDArray[np.bool_] = self.labels[:, None] == np.arange(self.n_classes)
        return is_label.astype(float)

    @cached_property
    def _penalties(self) -> Floats:
        return np.tile(np.append(np.full(self.design.shape[1] - 1, self.ridge_penalty), 0.0), self.n_classes)

    def matrix(self, params: npt.ArrayLike) -> Floats:
        """Return parameters as matrices: shape (..., n_params) to (..., n_classes, n_features + 1)."""
        stack = np.asarray(params, dtype=float)
        shape = (*stack.shape[:-1], self.n_classes, self.design.shape[1])
        matrices: Floats = stack.reshape(shape)
        return matrices

    def probabilities(self, params: npt.ArrayLike) -> Floats:
        """Return the probability of each class for each row, shape (n_samples, n_classes)."""
        return softmax(self.design @ self.matrix(params).T)

    def value(self, params: npt.ArrayLike) -> float:
        """Return mean(-log p[label]) + 1/2 ridge_penalty ||weights||^2."""
        return float(self.values(params))

    @np.errstate(over="ignore", invalid="ignore")
    def values(self, params_stack: npt.ArrayLike) -> Floats:
        """Return the value at each parameter vector of a stack: shape (..., n_params) to (...)."""
        stack = np.asarray(params_stack, dtype=float)
        flat = stack.reshape(-1, self.n_params)
        size = max(1, _CHUNK // (self.n_samples * self.n_classes))
        result = np.empty(len(flat))
        for first in range(0, len(flat), size):
            matrices = self.matrix(flat[first : first + size])
            result[first : first + size] = self._cross_entropy(self.design @ matrices.swapaxes(-1, -2))
        result += 0.5 * np.square(flat) @ self._penalties
        return result.reshape(stack.shape[:-1])

    def _cross_entropy(self, logits: Floats) -> Floats:
        # log(sum exp(logit - own logit)): differences first, so that nothing cancels
        own = (logits * self._is_label).sum(axis=-1, keepdims=True)
        return np.asarray(np.logaddexp.reduce(logits - own, axis=-1).mean(axis=-1), dtype=float)

    def gradient(self, params: Floats, rows: RowIndex | None = None) -> Floats:
        """Return the gradient over all or some rows, penalty included, shape (n_params,).

        mean((p - [class is label]) x) for each class.
        """
        design, is_label = self.design, self._is_label
        if rows is not None:
            design, is_label = design.take(rows, axis=0), is_label.take(rows, axis=0)
        excess = softmax(design @ self.matrix(params).T) - is_label
        return (excess.T @ design).ravel() / len(design) + self._penalties * params

    def hessian(self, params: Floats | None = None) -> Floats:
        """Return the second derivatives at `params` (at the optimum where left out), shape (n_params, n_params).

        Blocks mean(p_j ([j is k] - p_k) x x^T). Without penalty it is singular, as probabilities do not
        change when all classes move together.
        """
        p = self.probabilities(self.optimum() if params is None else params)
        weights = p[:, :, None] * (np.eye(self.n_classes) - p[:, None, :])
        blocks = np.einsum("njk,na,nb->jakb", weights, self.design, self.design, optimize=True)
        return np.asarray(blocks.reshape(self.n_params, self.n_params) / self.n_samples + np.diag(self._penalties))

    def stability_limit(self, params: Floats | None = None) -> float:
        """Return 2 / lambda_max, lambda_max the largest eigenvalue of the Hessian at `params`."""
        return spectrum.stability_limit(self.hessian(params))

    def optimum(self) -> Floats:
        """Return the parameters at which the value is least, shape (n_params,), their rows adding up to 0.

        By damped Newton steps.

        Raises
        ------
        DataError
            If there is no finite optimum: a class can be separated from the others.
        """
        return self._optimum.copy()

    @cached_property
    def _optimum(self) -> Floats:
        path = damped_newton_path(self, np.zeros(self.n_params), _MOST_STEPS)
        step = np.abs(path.params[-1] - path.params[-2]).max()
        if step > 1e-8 * (1.0 + np.abs(path.final).max()) or np.abs(self.gradient(path.final)).max() > 1e-9:
            raise DataError(
                "no optimum of the softmax was found: a class can be separated from the others, so that larger weights "
                "always lower the loss. A ridge penalty gives it one"
            )
        found = self.matrix(path.final)
        return np.ravel(found - found.mean(axis=0))


def multinomial(X: npt.ArrayLike, labels: npt.ArrayLike, *, ridge_penalty: float = 0.0) -> Softmax:
    """Return the objective of multinomial logistic regression.

    mean(-log p[label]) + 1/2 ridge_penalty ||weights||^2

    Parameters
    ----------
    X : array, shape (n_samples, n_features) or (n_samples,)
    labels : array, shape (n_samples,)
        0, 1, ..., each of them at least once.
    ridge_penalty : float
        0 or more.

    Raises
    ------
    ValueError
        If shapes do not agree, values are not finite, or labels are others.

    Examples
    --------
    >>> objective = multinomial([0.0, 1.0, 2.0], [0, 1, 2])
    >>> round(objective.value(np.zeros(6)), 6)
    1.098612
    """
    features = matrix("X", X)
    found = vector("labels", labels, len(features))
    classes = np.unique(found)
    if len(classes) < 2 or not np.array_equal(classes, np.arange(len(classes))):
        raise ValueError(f"labels must be 0, 1, ..., each at least once; got {classes[:6].tolist()}")
    design = np.column_stack([features, np.ones(len(features))])
    return Softmax(design, found, len(classes), non_negative("ridge_penalty", ridge_penalty))
