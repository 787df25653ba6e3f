"""Multinomial logistic regression: one linear function per class, with softmax probabilities."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from animate.errors import SeparableError
from animate.learn.conditioning import Preconditioned, precondition
from animate.learn.data import ClassificationData
from animate.learn.evaluation import BLOCK, evaluate_stack, sum_over_blocks
from animate.learn.objectives import TwiceDifferentiable
from animate.learn.sampling import RowIndex
from animate.learn.scaling import Scaling
from animate.learn.solvers import minimize_smooth
from animate.learn.validation import Floats, matrix, non_negative, vector


def softmax(logits: Floats, axis: int = -1) -> Floats:
    """Return exp(logit_k) / sum_j exp(logit_j) along an axis, the last by default, accurate for logits of any size.

    >>> softmax(np.array([0.0, 0.0, 1000.0])).tolist()
    [0.0, 0.0, 1.0]
    """
    powers = np.exp(logits - logits.max(axis=axis, keepdims=True))
    return np.asarray(powers / powers.sum(axis=axis, keepdims=True), dtype=float)


@dataclass(frozen=True, eq=False)
class Softmax(TwiceDifferentiable):
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
        """Which class each row has, shape (n_classes, n_samples): numpy sums fast over a first axis."""
        is_label: npt.NDArray[np.bool_] = self.labels == np.arange(self.n_classes)[:, None]
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

    @np.errstate(over="ignore", invalid="ignore")
    def values(self, params_stack: npt.ArrayLike) -> Floats:
        """Return the value at each parameter vector of a stack: shape (..., n_params) to (...)."""

        def mean_loss(params: Floats) -> Floats:
            matrices = self.matrix(params)

            def part(block: slice) -> Floats:
                losses = _cross_entropies(matrices @ self.design[block].T, self._is_label[:, block])
                return np.asarray(losses.sum(axis=-1), dtype=float)

            return sum_over_blocks(part, self.n_samples) / self.n_samples

        n_numbers = min(self.n_samples, BLOCK) * self.n_classes
        return evaluate_stack(mean_loss, params_stack, self.n_params, n_numbers, self._penalties)

    def gradient(self, params: Floats, rows: RowIndex | None = None) -> Floats:
        """Return the gradient over all or some rows, penalty included, shape (n_params,).

        mean((p - [class is label]) x) for each class.
        """
        design, is_label = self.design, self._is_label
        if rows is not None:
            design, is_label = design.take(rows, axis=0), is_label.take(rows, axis=1)
        matrix = self.matrix(params)

        def part(block: slice) -> Floats:
            excess = softmax(matrix @ design[block].T, axis=0) - is_label[:, block]
            return np.asarray(excess @ design[block], dtype=float)

        return sum_over_blocks(part, len(design)).ravel() / len(design) + self._penalties * params

    def hessian(self, params: Floats | None = None) -> Floats:
        """Return the second derivatives at `params` (at the optimum where left out), shape (n_params, n_params).

        Blocks mean(p_j ([j is k] - p_k) x x^T). Without penalty it is singular, as probabilities do not
        change when all classes move together.
        """
        p = self.probabilities(self.optimum() if params is None else params)
        weights = p[:, :, None] * (np.eye(self.n_classes) - p[:, None, :])
        blocks = np.einsum("njk,na,nb->jakb", weights, self.design, self.design, optimize=True)
        return np.asarray(blocks.reshape(self.n_params, self.n_params) / self.n_samples + np.diag(self._penalties))

    def optimum(self) -> Floats:
        """Return the parameters that minimize the value, shape (n_params,); the rows of their matrix sum to 0.

        By damped Newton steps.

        Raises
        ------
        SeparableError
            If there is no finite optimum: a class can be separated from the others.
        """
        return self._optimum.copy()

    @cached_property
    def _optimum(self) -> Floats:
        preconditioned = precondition(self.design, self.ridge_penalty)
        problem = _Contrasts(preconditioned, self._is_label.T, has_penalty=self.ridge_penalty > 0.0)
        return np.ravel(preconditioned.in_units(problem.rows(minimize_smooth(problem))))


def _cross_entropies(logits: Floats, is_label: Floats) -> Floats:
    """Return log(sum exp(logit - own logit)), shape (..., n_classes, n_samples) to (..., n_samples)."""
    ahead = logits - (logits * is_label).sum(axis=-2, keepdims=True)  # subtracting first avoids cancellation
    most = ahead.max(axis=-2)
    # the share of the own class, exp(-most), is added as 1 + expm1(-most), so that tiny losses keep their digits
    others = (np.exp(ahead - most[..., None, :]) * (1.0 - is_label)).sum(axis=-2)
    return np.asarray(most + np.log1p(others + np.expm1(-most)), dtype=float)


class _Contrasts(NamedTuple):
    """The objective in preconditioned coordinates of the contrasts between classes, whose rows sum to 0."""

    preconditioned: Preconditioned
    is_label: Floats
    has_penalty: bool

    @property
    def name(self) -> str:
        return "cross-entropy"

    @property
    def unit(self) -> float:
        return 1.0

    @property
    def n_coordinates(self) -> int:
        return int((self.is_label.shape[1] - 1) * self.preconditioned.basis.shape[1])

    @property
    def contrasts(self) -> Floats:
        """Orthonormal columns orthogonal to ones, shape (n_classes, n_classes - 1)."""
        n_classes = self.is_label.shape[1]
        return np.asarray(np.linalg.svd(np.eye(n_classes) - 1.0 / n_classes)[0][:, :-1], dtype=float)

    def rows(self, at: Floats) -> Floats:
        """Return each class's preconditioned coordinates, one row per class."""
        return np.asarray(self.contrasts @ self._table(at), dtype=float)

    def _table(self, at: Floats) -> Floats:
        return at.reshape(self.is_label.shape[1] - 1, -1)

    def _logits(self, at: Floats) -> Floats:
        return np.asarray(self.preconditioned.basis @ self.rows(at).T, dtype=float)

    def value(self, at: Floats) -> float:
        penalty = 0.5 * np.square(self._table(at) @ self.preconditioned.ridge.T).sum()
        return float(_cross_entropies(self._logits(at).T, self.is_label.T).mean() + penalty)

    def gradient(self, at: Floats) -> Floats:
        excess = (softmax(self._logits(at)) - self.is_label) @ self.contrasts
        basis, ridge = self.preconditioned.basis, self.preconditioned.ridge
        return np.ravel(excess.T @ basis / len(basis) + self._table(at) @ ridge.T @ ridge)

    def hessian(self, at: Floats) -> Floats:
        p, contrasts = softmax(self._logits(at)), self.contrasts
        basis, ridge = self.preconditioned.basis, self.preconditioned.ridge
        means = p @ contrasts
        weights = np.einsum("nk,kj,ki->nji", p, contrasts, contrasts) - means[:, :, None] * means[:, None, :]
        blocks = np.einsum("nji,na,nb->jaib", weights, basis, basis, optimize=True) / len(basis)
        size = self.n_coordinates
        return np.asarray(blocks.reshape(size, size) + np.kron(np.eye(contrasts.shape[1]), ridge.T @ ridge))

    def pulls(self, at: Floats) -> Floats:
        excess = np.abs(softmax(self._logits(at)) - self.is_label) @ np.abs(self.contrasts)
        basis, ridge = np.abs(self.preconditioned.basis), np.abs(self.preconditioned.ridge)
        return np.ravel(excess.T @ basis / len(basis) + np.abs(self._table(at)) @ ridge.T @ ridge)

    def margins(self, at: Floats) -> Floats:
        if self.has_penalty:
            return np.empty(0)
        logits, is_own = self._logits(at), self.is_label.astype(bool)
        return np.asarray(logits[is_own][:, None] - logits[~is_own].reshape(len(logits), -1), dtype=float)


def multinomial(X: npt.ArrayLike, labels: npt.ArrayLike, *, ridge_penalty: float = 0.0) -> Softmax:
    """Return the objective of multinomial logistic regression.

    mean(-log p[label]) + 1/2 ridge_penalty ||weights||^2

    Parameters
    ----------
    labels : array, shape (n_samples,)
        0, 1, ..., each of them at least once.
    ridge_penalty : float
        0 or more.

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


@dataclass(frozen=True, eq=False)
class SoftmaxProblem:
    """Softmax regression; `objective` uses features scaled by `scaling`, and `in_units` converts parameters back."""

    data: ClassificationData
    objective: Softmax
    scaling: Scaling

    def in_units(self, params: npt.ArrayLike) -> Floats:
        """Return each class's [weights..., intercept] in the data's units, shape (..., n_classes, n_features + 1)."""
        return self.scaling.to_units(self.objective.matrix(params))

    def from_units(self, matrices: npt.ArrayLike) -> Floats:
        """Return the objective's parameters for matrices in the data's units, shape (..., n_params)."""
        scaled = self.scaling.from_units(matrices)
        return np.asarray(scaled.reshape(*scaled.shape[:-2], self.objective.n_params), dtype=float)

    def probabilities(self, params: npt.ArrayLike, X: npt.ArrayLike) -> Floats:
        """Return the probability of each class at points X in the data's units, shape (n_points, n_classes).

        For a stack of parameters, shape (k, n_params), and one point, the shape is (k, n_classes).
        """
        matrix = self.in_units(params)
        return softmax(np.asarray(X, dtype=float) @ matrix[..., :-1].swapaxes(-1, -2) + matrix[..., -1])

    @cached_property
    def is_separable(self) -> bool:
        """Whether a class can be separated from the others, so that without a penalty the loss has no optimum."""
        own = self.objective
        try:
            (replace(own, ridge_penalty=0.0) if own.ridge_penalty else own).optimum()
        except SeparableError:
            return True
        return False

    def right(self, params: Floats) -> npt.NDArray[np.bool_]:
        """Return which points are classified correctly; the class with the highest probability is predicted."""
        says = self.objective.probabilities(params).argmax(axis=1)
        return np.asarray(says == self.data.labels, dtype=bool)

    def least_sure(self, params: Floats) -> int:
        """Return the row whose largest probability is the smallest: the least certain prediction."""
        return int(self.objective.probabilities(params).max(axis=1).argmin())

    def accuracy(self, params: Floats) -> float:
        """Return the proportion of points classified correctly, between 0 and 1."""
        return float(self.right(params).mean())


def softmax_problem(data: ClassificationData, *, ridge_penalty: float = 0.0) -> SoftmaxProblem:
    """Return the problem of softmax regression on several classes, with features standardized.

    A ridge penalty applies to the weights of the objective.

    >>> from animate.learn.data import penguins
    >>> species = ["Adelie", "Chinstrap", "Gentoo"]
    >>> problem = softmax_problem(penguins(["bill_length_mm", "bill_depth_mm"], species))
    >>> round(problem.accuracy(problem.objective.optimum()), 3)
    0.965
    """
    scaling = Scaling.standardize(data.X)
    objective = multinomial(scaling.apply(data.X), data.labels, ridge_penalty=ridge_penalty)
    return SoftmaxProblem(data, objective, scaling)
