"""Classifiers that no gradient trains: perceptron, decision tree and nearest neighbors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from animate.learn.validation import Floats

Integers = npt.NDArray[np.int_]


@dataclass(frozen=True)
class PerceptronPath:
    """The course of a perceptron; an entry per mistake, the start included.

    Attributes
    ----------
    params : array (n_mistakes + 1, n_features + 1)
        Weights and intercept.
    mistakes : list of int
        The point of each mistake.
    has_stopped : bool
        Whether a whole pass had no mistake.
    """

    params: Floats
    mistakes: list[int]
    has_stopped: bool


def perceptron(
    X: Floats, labels: npt.NDArray[Any], start: Floats, *, order: Integers, max_passes: int
) -> PerceptronPath:
    """Return the course of Rosenblatt's perceptron: w <- w + y x at each mistake, with y = -1 or 1.

    Parameters
    ----------
    X : array (n_samples, n_features)
    labels : array (n_samples,)
        0 or 1.
    start : array (n_features + 1,)
        Weights and intercept.
    order : integer array (n_samples,)
        The order of the points, in every pass.
    max_passes : int
        It stops after so many, or after one without a mistake.

    References
    ----------
    Rosenblatt (1958), "The perceptron: a probabilistic model for information storage and organization in the brain".
    """
    rows, signs = np.column_stack([X, np.ones(len(X))]), 2 * labels - 1
    params, mistakes = [np.array(start, dtype=float)], list[int]()
    for _ in range(max_passes):
        n_before = len(mistakes)
        for i in order:
            if signs[i] * (rows[i] @ params[-1]) <= 0:
                params.append(params[-1] + signs[i] * rows[i])
                mistakes.append(int(i))
        if len(mistakes) == n_before:
            return PerceptronPath(np.array(params), mistakes, True)
    return PerceptronPath(np.array(params), mistakes, False)


@dataclass(frozen=True)
class TreeLeaf:
    """A leaf of a decision tree.

    Attributes
    ----------
    rows, labels : integer array
        Its points, and their classes.
    box : array (2, n_features)
        The lower and the upper end of its range.
    """

    rows: Integers
    labels: Integers
    box: Floats

    @property
    def majority(self) -> int:
        """The class that it predicts: the most frequent one."""
        return int(np.bincount(self.labels).argmax())

    @property
    def n_wrong(self) -> int:
        """Number of its points of another class."""
        return int((self.labels != self.majority).sum())

    @property
    def corners(self) -> Floats:
        """Corners (4, 2) of its range over two features."""
        return np.column_stack([self.box[[0, 1, 1, 0], 0], self.box[[0, 0, 1, 1], 1]])


@dataclass(frozen=True)
class TreeSplit:
    """A split of a leaf: of a feature at a threshold, within the range of the leaf."""

    feature: int
    threshold: float
    box: Floats

    @property
    def ends(self) -> Floats:
        """Ends (2, 2) of the line at the threshold within the range, over two features."""
        ends = self.box.copy()
        ends[:, self.feature] = self.threshold
        return ends


def decision_tree(
    X: Floats, labels: Integers, box: Floats, max_leaves: int
) -> tuple[list[list[TreeLeaf]], list[TreeSplit]]:
    """Return the leaves of a classification tree after each split, and the splits.

    Of all leaves, features and thresholds that split is taken which lowers the Gini impurity of all points the most;
    thresholds are midway between neighbors, and points at most at the threshold go to the first part.

    Parameters
    ----------
    X : array (n_samples, n_features)
    labels : integer array (n_samples,)
    box : array (2, n_features)
        The range of the root.
    max_leaves : int

    References
    ----------
    Breiman, Friedman, Olshen and Stone (1984), "Classification and Regression Trees".
    """
    trees, splits = [[TreeLeaf(np.arange(len(X)), labels, np.array(box, dtype=float))]], list[TreeSplit]()
    while len(trees[-1]) < max_leaves:
        best = [_best_split(X[leaf.rows], leaf.labels) for leaf in trees[-1]]
        place = max(range(len(best)), key=lambda i: best[i][0])
        gain, feature, threshold = best[place]
        if gain <= 0:
            break
        leaf = trees[-1][place]
        low, high = leaf.box.copy(), leaf.box.copy()
        low[1, feature] = high[0, feature] = threshold
        is_low = X[leaf.rows, feature] <= threshold
        parts = [
            TreeLeaf(leaf.rows[inside], leaf.labels[inside], part) for inside, part in ((is_low, low), (~is_low, high))
        ]
        splits.append(TreeSplit(feature, threshold, leaf.box))
        trees.append([*trees[-1][:place], *parts, *trees[-1][place + 1 :]])
    return trees, splits


def gini_impurity(labels: Integers) -> float:
    """Return 1 less the sum of the squared shares of the classes.

    >>> gini_impurity(np.array([0, 0, 1, 1]))
    0.5
    """
    return 1.0 - float(np.square(np.bincount(labels) / len(labels)).sum())


def tree_impurity(leaves: list[TreeLeaf]) -> float:
    """Return the Gini impurity of a tree: the mean over its points of that of their leaf."""
    total = sum(len(leaf.rows) * gini_impurity(leaf.labels) for leaf in leaves)
    return total / sum(len(leaf.rows) for leaf in leaves)


def _best_split(X: Floats, labels: Integers) -> tuple[float, int, float]:
    """Return the gain (impurity times number of points), feature and threshold of the best split of a leaf."""
    best = (0.0, 0, 0.0)
    for feature in range(X.shape[1]):
        order = X[:, feature].argsort(kind="stable")
        values, sorted_labels = X[order, feature], labels[order]
        for i in np.flatnonzero(np.diff(values) > 0) + 1:
            parts = (sorted_labels, sorted_labels[:i], sorted_labels[i:])
            whole, low, high = (len(part) * gini_impurity(part) for part in parts)
            if whole - low - high > best[0] + 1e-9:
                best = (whole - low - high, feature, float((values[i - 1] + values[i]) / 2))
    return best


def neighbor_share(X: Floats, labels: npt.NDArray[Any], at: Floats, k: int) -> Floats:
    """Return the share of class 1 among the k nearest points of each place.

    Parameters
    ----------
    X : array (n_samples, n_features)
    labels : array (n_samples,)
        0 or 1.
    at : array (n_places, n_features)
    k : int
        From 1 to n_samples.
    """
    distances = np.zeros((len(at), len(X)))
    for feature in range(X.shape[1]):  # a sum over a short last axis takes three times as long
        distances += np.square(at[:, feature, None] - X[:, feature])
    nearest = distances.argpartition(k - 1, axis=1)[:, :k]
    return np.asarray(labels[nearest].mean(axis=1))


def neighbor_error(X: Floats, labels: npt.NDArray[Any], at: Floats, true_labels: npt.NDArray[Any], k: int) -> float:
    """Return the share of places whose class is not that of the majority of their k nearest points.

    Parameters
    ----------
    X, labels, at, k
        As for `neighbor_share`.
    true_labels : array (n_places,)
        The classes of the places, 0 or 1.
    """
    return float(np.mean((neighbor_share(X, labels, at, k) > 0.5) != (true_labels > 0.5)))
