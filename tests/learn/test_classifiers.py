"""Perceptron, decision tree and nearest neighbors agree with scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import Perceptron
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier

from animate import datasets, penguins
from animate.learn.classifiers import (
    decision_tree,
    gini_impurity,
    neighbor_error,
    neighbor_share,
    perceptron,
    tree_impurity,
)

DATA = penguins(["bill_length_mm", "flipper_length_mm"], ["Adelie", "Chinstrap", "Gentoo"])
X, LABELS = DATA.X, DATA.labels.astype(int)
BOX = np.array([X.min(axis=0), X.max(axis=0)])


@pytest.mark.parametrize("yes", ["Chinstrap", "Gentoo"])
@pytest.mark.parametrize("n_passes", [1, 4])
def test_a_perceptron_ends_where_scikit_learn_does(yes: str, n_passes: int) -> None:
    data = penguins(["bill_length_mm", "bill_depth_mm"], ["Adelie", yes])
    standardized = (data.X - data.X.mean(axis=0)) / data.X.std(axis=0)
    order = np.arange(len(data.X))
    found = perceptron(standardized, data.labels, np.zeros(3), order=order, max_passes=n_passes)
    expected = Perceptron(max_iter=n_passes, tol=None, shuffle=False).fit(standardized, data.labels)
    assert found.params[-1][:2] == pytest.approx(expected.coef_[0])
    assert found.params[-1][2] == pytest.approx(expected.intercept_[0])


def test_a_perceptron_stops_after_a_pass_without_a_mistake() -> None:
    data = penguins(["bill_length_mm", "bill_depth_mm"], ["Adelie", "Gentoo"])
    standardized = (data.X - data.X.mean(axis=0)) / data.X.std(axis=0)
    path = perceptron(standardized, data.labels, np.zeros(3), order=np.arange(len(data.X)), max_passes=50)
    assert path.has_stopped
    assert len(path.params) == len(path.mistakes) + 1
    assert (((standardized @ path.params[-1][:2] + path.params[-1][2]) > 0) == data.labels).all()


@pytest.mark.parametrize("max_leaves", range(2, 10))
def test_a_tree_makes_the_splits_of_scikit_learn(max_leaves: int) -> None:
    trees, splits = decision_tree(X, LABELS, BOX, max_leaves)
    expected = DecisionTreeClassifier(max_leaf_nodes=max_leaves, random_state=0).fit(X, LABELS)
    inner = expected.tree_.feature >= 0
    assert sorted((split.feature, round(split.threshold, 3)) for split in splits) == sorted(
        zip(expected.tree_.feature[inner].tolist(), expected.tree_.threshold[inner].round(3).tolist(), strict=True)
    )
    predicted = np.empty(len(X), dtype=int)
    for leaf in trees[-1]:
        predicted[leaf.rows] = np.bincount(LABELS[leaf.rows]).argmax()
    assert (predicted == expected.predict(X)).all()


def test_the_leaves_of_a_tree_share_out_the_points_and_the_range() -> None:
    trees, _ = decision_tree(X, LABELS, BOX, 7)
    for leaves in trees:
        assert sorted(np.concatenate([leaf.rows for leaf in leaves])) == list(range(len(X)))
        areas = [np.prod(leaf.box[1] - leaf.box[0]) for leaf in leaves]
        assert sum(areas) == pytest.approx(np.prod(BOX[1] - BOX[0]))
        for leaf in leaves:
            assert (X[leaf.rows] >= leaf.box[0]).all()
            assert (X[leaf.rows] <= leaf.box[1]).all()


def test_a_pure_leaf_is_not_split() -> None:
    trees, splits = decision_tree(np.array([[0.0], [1.0]]), np.array([0, 1]), np.array([[0.0], [1.0]]), 9)
    assert [split.threshold for split in splits] == [0.5]
    assert [gini_impurity(np.array([0, 1])[leaf.rows]) for leaf in trees[-1]] == [0.0, 0.0]


@pytest.mark.parametrize("k", [1, 3, 15, 99])
def test_neighbors_vote_as_those_of_scikit_learn(k: int) -> None:
    data = datasets.two_moons(120, noise=0.3, rng=2)
    places = np.random.default_rng(0).uniform(-2, 3, (500, 2))
    expected = KNeighborsClassifier(k).fit(data.X, data.labels).predict_proba(places)[:, 1]
    assert neighbor_share(data.X, data.labels, places, k) == pytest.approx(expected)


@pytest.mark.parametrize("max_leaves", [2, 5, 9])
def test_the_impurity_and_the_errors_of_a_tree_are_those_of_scikit_learn(max_leaves: int) -> None:
    trees, splits = decision_tree(X, LABELS, BOX, max_leaves)
    expected = DecisionTreeClassifier(max_leaf_nodes=max_leaves, random_state=0).fit(X, LABELS)
    is_leaf = expected.tree_.feature < 0
    weights = expected.tree_.n_node_samples[is_leaf] / len(X)
    assert tree_impurity(trees[-1]) == pytest.approx(float((weights * expected.tree_.impurity[is_leaf]).sum()))
    assert sum(leaf.n_wrong for leaf in trees[-1]) == int((expected.predict(X) != LABELS).sum())
    for leaf in trees[-1]:
        middle = leaf.corners.mean(axis=0)
        assert leaf.majority == expected.predict([middle])[0]
    assert all((split.ends[:, split.feature] == split.threshold).all() for split in splits)


@pytest.mark.parametrize("k", [1, 5, 31])
def test_the_errors_of_neighbors_are_those_of_scikit_learn(k: int) -> None:
    data = datasets.two_moons(200, noise=0.4, rng=1)
    train, held = slice(None, None, 2), slice(1, None, 2)
    expected = KNeighborsClassifier(k).fit(data.X[train], data.labels[train]).score(data.X[held], data.labels[held])
    found = neighbor_error(data.X[train], data.labels[train], data.X[held], data.labels[held], k)
    assert found == pytest.approx(1 - expected)
