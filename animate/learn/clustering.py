"""Groups of points without labels: k-means and mixtures of Gaussians, step by step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from animate.learn.validation import Floats

VARIANCE_FLOOR = 1e-6
"""Added to the variances of a mixture, so that a component on a single point keeps a width."""


@dataclass(frozen=True)
class KMeansPath:
    """The course of k-means; an entry per update, the start included.

    Attributes
    ----------
    centers : array (n_updates + 1, k, n_features)
    labels : integer array (n_updates + 1, n_samples)
        The center of each point.
    inertia : array (n_updates + 1,)
        The sum of squared distances of the points to their centers.
    """

    centers: Floats
    labels: npt.NDArray[np.int_]
    inertia: Floats


def k_means(X: Floats, start: Floats) -> KMeansPath:
    """Return the course of Lloyd's algorithm, until no point changes its center.

    Odd updates assign each point to its nearest center, even ones move each center to the mean of its points. A
    center without points stays.

    Parameters
    ----------
    X : array (n_samples, n_features)
    start : array (k, n_features)
        The first centers.

    References
    ----------
    Lloyd (1982), "Least squares quantization in PCM".
    """
    centers = [np.array(start, dtype=float)]
    labels = [_nearest(X, centers[0])]
    while len(labels) == 1 or (_nearest(X, centers[-1]) != labels[-1]).any():
        assigned = _nearest(X, centers[-1])
        groups = [X[assigned == one] for one in range(len(start))]
        moved = [group.mean(axis=0) if len(group) else old for group, old in zip(groups, centers[-1], strict=True)]
        labels += [assigned, assigned]
        centers += [centers[-1], np.array(moved)]
    inertia = [np.square(X - center[label]).sum() for center, label in zip(centers, labels, strict=True)]
    return KMeansPath(np.array(centers), np.array(labels), np.array(inertia))


def _nearest(X: Floats, centers: Floats) -> npt.NDArray[np.int_]:
    return np.asarray(np.square(X[:, None] - centers).sum(axis=2).argmin(axis=1))


@dataclass(frozen=True)
class MixturePath:
    """The course of expectation maximization; an entry per update, the start included.

    Attributes
    ----------
    means : array (n_updates + 1, k, n_features)
    covariances : array (n_updates + 1, k, n_features, n_features)
    weights : array (n_updates + 1, k)
        They sum to 1.
    shares : array (n_updates + 1, n_samples, k)
        The probability with which each point belongs to each component, 1 / k at the start.
    log_likelihood : array (n_updates + 1,)
        The mean over the points of the log of the density of the mixture.
    """

    means: Floats
    covariances: Floats
    weights: Floats
    shares: Floats
    log_likelihood: Floats


def gaussian_mixture(X: Floats, start: Floats, n_updates: int) -> MixturePath:
    """Return the course of expectation maximization for a mixture of Gaussians with full covariances.

    Odd updates are E-steps, which compute the shares; even ones are M-steps, which fit weights, means and covariances
    to them. All components start with the covariance of the points and equal weights.

    Parameters
    ----------
    X : array (n_samples, n_features)
    start : array (k, n_features)
        The first means.
    n_updates : int

    References
    ----------
    Bishop (2006), "Pattern Recognition and Machine Learning", section 9.2.2.
    """
    k = len(start)
    means, weights = np.array(start, dtype=float), np.full(k, 1 / k)
    covariances = np.array([np.cov(X.T, bias=True)] * k) + VARIANCE_FLOOR * np.eye(X.shape[1])
    shares = np.full((len(X), k), 1 / k)
    path = [(means, covariances, weights, shares)]
    for update in range(1, n_updates + 1):
        if update % 2:
            log = _log_densities(X, means, covariances, weights)
            shares = np.exp(log - np.logaddexp.reduce(log, axis=1, keepdims=True))
        else:
            total = shares.sum(axis=0) + 10 * np.finfo(float).eps
            means = shares.T @ X / total[:, None]
            away = X[:, None] - means
            spread = np.einsum("nk,nki,nkj->kij", shares, away, away) / total[:, None, None]
            covariances, weights = spread + VARIANCE_FLOOR * np.eye(X.shape[1]), total / total.sum()
        path.append((means, covariances, weights, shares))
    likelihood = [np.logaddexp.reduce(_log_densities(X, *model[:3]), axis=1).mean() for model in path]
    stacked = [np.array([model[part] for model in path]) for part in range(4)]
    return MixturePath(stacked[0], stacked[1], stacked[2], stacked[3], np.array(likelihood))


def _log_densities(X: Floats, means: Floats, covariances: Floats, weights: Floats) -> Floats:
    """Return the log of weight times normal density (n_samples, k)."""
    away = X[:, None] - means
    squares = np.einsum("nki,kij,nkj->nk", away, np.linalg.inv(covariances), away)
    return np.asarray(np.log(weights) - 0.5 * (squares + np.linalg.slogdet(2 * np.pi * covariances)[1]))
