"""What nearest neighbors, the decision tree and the mixture say on screen, against scikit-learn and scipy."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from matplotlib.text import Text
from scipy.stats import multivariate_normal
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier

from animate import datasets, penguins
from animate.draw.settings import Settings
from tests.scenes.classification_tables import texts_of, value_of
from tests.scenes.conftest import show_update

FEW = [
    {}, {"n_samples": 5, "seed": 0}, {"n_samples": 7, "seed": 21, "noise": 0.1}, {"n_samples": 120, "noise": 0.0},
    {"n_samples": 10, "noise": 3.0, "max_k": 4}, {"n_samples": 41, "seed": 36, "max_k": 3}, {"seed": 3, "max_k": 6},
]  # fmt: skip


@pytest.mark.parametrize("values", FEW, ids=str)
def test_the_best_of_the_neighbors_tried_is_scikit_learns(build, values: dict[str, Any]) -> None:
    n, most = values.get("n_samples", 240), values.get("max_k", 99)
    data = datasets.two_moons(n, noise=values.get("noise", 0.35), rng=values.get("seed", 2))
    X, y, held_X, held_y = data.X[::2], data.labels[::2], data.X[1::2], data.labels[1::2]
    scene = build("k_nearest_neighbors", **values)
    words = " ".join(texts_of(scene))
    answer = r"Of (\d+) values of k tried, (\d+)(?:, the smallest of (\d+) that tie,)? has .* wrong: ([\d.]+) %"
    said = re.search(answer, words)
    assert said, words  # the answer stands in the last beat, whatever it is
    shown, stage = set[int](), scene.stage(Settings(640, 360))
    for step in range(scene.n_updates + 1):
        show_update(stage, step)
        shown |= {int(text.get_text()[4:]) for text in stage.figure.findobj(Text) if text.get_text().startswith("k = ")}
    wrong = {k: 1 - KNeighborsClassifier(k, algorithm="brute").fit(X, y).score(held_X, held_y) for k in shown}
    lowest = [k for k in sorted(wrong) if wrong[k] <= min(wrong.values()) + 1e-12]
    assert max(shown) <= min(most, len(X))
    assert (int(said[1]), int(said[2]), int(said[3] or 1)) == (len(shown), lowest[0], len(lowest))
    assert value_of(said[4]) == pytest.approx(100 * wrong[lowest[0]], abs=0.051)
    assert ("Even many of them" in words) == (wrong[max(shown)] <= min(wrong.values()))
    assert KNeighborsClassifier(1).fit(X, y).score(X, y) == 1.0  # "none is wrong"


@pytest.mark.parametrize("leaves", range(2, 13))
def test_the_tree_says_what_scikit_learns_tree_does(build, leaves: int) -> None:
    data = penguins(["bill_length_mm", "flipper_length_mm"], ["Adelie", "Chinstrap", "Gentoo"])
    tree = DecisionTreeClassifier(max_leaf_nodes=leaves, random_state=0).fit(data.X, data.labels)
    of_all, counts = tree.tree_, tree.tree_.n_node_samples
    at_leaf = of_all.children_left < 0
    wrong = round((1 - tree.score(data.X, data.labels)) * data.n_samples)
    words = " ".join(texts_of(build("decision_tree", max_leaves=leaves)))
    assert f"{leaves} leaves; {wrong} of 342 penguins" in words
    feature = ["bill length", "flipper length"][of_all.feature[0]]
    assert f"is the {feature} above {of_all.threshold[0]:.1f} mm?" in words
    impurity = float(counts[at_leaf] @ of_all.impurity[at_leaf] / data.n_samples)
    assert f"falls from {of_all.impurity[0]:.3f} to {impurity:.3f}" in words


def weighted_densities(X, model) -> np.ndarray:
    """Return the density of each component at each point times its weight, (n_samples, k), by scipy."""
    return np.column_stack([weight * multivariate_normal(mean, spread).pdf(X) for weight, mean, spread in model])


@pytest.mark.parametrize("k", [2, 3])
@pytest.mark.parametrize("n_updates", [1, 2, 3, 100])
@pytest.mark.parametrize("seed", [0, 5])
def test_the_mixtures_likelihood_is_scipys(build, k: int, n_updates: int, seed: int) -> None:
    """Odd steps give the shares, even ones fit weights, means and covariances to them, by numpy."""
    X = penguins(["bill_length_mm", "bill_depth_mm"], ["Adelie", "Chinstrap", "Gentoo"][:k]).X
    begin = X[np.random.default_rng(seed).choice(len(X), k, replace=False)]
    model = first = [(1 / k, mean, np.cov(X.T, bias=True)) for mean in begin]
    for step in range(1, n_updates + 1):
        if step % 2:
            densities = weighted_densities(X, model)
            shares = densities / densities.sum(axis=1, keepdims=True)
        else:
            means = [np.average(X, axis=0, weights=own) for own in shares.T]
            spreads = [np.cov(X.T, aweights=own, bias=True) for own in shares.T]
            model = list(zip(shares.mean(axis=0), means, spreads, strict=True))
    low, high = (float(np.log(weighted_densities(X, at).sum(axis=1)).mean()) for at in (first, model))
    words = " ".join(texts_of(build("gaussian_mixture_em", k=k, n_updates=n_updates, seed=seed)))
    if n_updates == 1:
        assert "has not changed" in words
    else:
        assert f"rose from \u2212{-low:.3f} to \u2212{-high:.3f}. Between the bells" in words
        assert (shares.max(axis=1) < 0.9).sum() > 2
