"""k-means and mixtures of Gaussians take the course that scikit-learn takes."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy.stats import multivariate_normal
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

from animate import penguins
from animate.learn.clustering import VARIANCE_FLOOR, gaussian_mixture, k_means

X = penguins(["bill_length_mm", "bill_depth_mm"], ["Adelie", "Chinstrap", "Gentoo"]).X


def starts(k: int, seed: int) -> np.ndarray:
    return np.asarray(X[np.random.default_rng(seed).choice(len(X), k, replace=False)])


@pytest.mark.parametrize("k", [2, 3, 6])
@pytest.mark.parametrize("seed", range(3))
def test_k_means_ends_where_scikit_learn_does(k: int, seed: int) -> None:
    found = k_means(X, starts(k, seed))
    expected = KMeans(k, init=starts(k, seed), n_init=1, tol=0, max_iter=1000, algorithm="lloyd").fit(X)
    assert found.centers[-1] == pytest.approx(expected.cluster_centers_)
    assert (found.labels[-1] == expected.labels_).all()
    assert found.inertia[-1] == pytest.approx(expected.inertia_)


def test_every_update_of_k_means_lowers_the_squared_distances() -> None:
    assert (np.diff(k_means(X, starts(4, 7)).inertia) <= 1e-9).all()


def test_a_center_without_points_stays() -> None:
    path = k_means(X, np.array([X[0], [1e6, 1e6]]))
    assert path.centers[-1][1].tolist() == [1e6, 1e6]
    assert path.centers[-1][0] == pytest.approx(X.mean(axis=0))


@pytest.mark.parametrize("n_rounds", [1, 2, 10])
@pytest.mark.parametrize("k", [2, 3])
def test_a_mixture_takes_the_steps_that_scikit_learn_takes(k: int, n_rounds: int) -> None:
    start = starts(k, 5)
    found = gaussian_mixture(X, start, 2 * n_rounds)
    precisions = np.array([np.linalg.inv(np.cov(X.T, bias=True) + VARIANCE_FLOOR * np.eye(2))] * k)
    model = GaussianMixture(
        k, means_init=start, weights_init=np.full(k, 1 / k), precisions_init=precisions, max_iter=n_rounds, tol=0,
        reg_covar=VARIANCE_FLOOR,
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(X)
    assert found.means[-1] == pytest.approx(model.means_, rel=1e-6)
    assert found.covariances[-1] == pytest.approx(model.covariances_, rel=1e-6)
    assert found.weights[-1] == pytest.approx(model.weights_, rel=1e-6)
    assert found.log_likelihood[-1] == pytest.approx(model.score(X), rel=1e-9)


def test_shares_are_those_of_the_densities() -> None:
    path = gaussian_mixture(X, starts(2, 1), 7)
    model = list(zip(path.weights[6], path.means[6], path.covariances[6], strict=True))
    densities = np.stack([w * multivariate_normal(m, c).pdf(X) for w, m, c in model], axis=-1)
    assert path.shares[7] == pytest.approx(densities / densities.sum(axis=1, keepdims=True))


def test_the_likelihood_never_falls() -> None:
    assert (np.diff(gaussian_mixture(X, starts(3, 2), 100).log_likelihood) >= -1e-9).all()
