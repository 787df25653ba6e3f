"""Weighted points that stand for many rows in the mean of a smooth function of x."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from animate.learn.validation import Floats

N_NODES = 1024
_RESOLVED = 0.85
"""Share of the nodes that may be spent on the oscillations of a function: the others bring it to rounding."""


class Quadrature(NamedTuple):
    """Points and weights with mean(g(x)) = weights @ g(points) and mean(y g(x)) = products @ g(points), g smooth.

    Attributes
    ----------
    points, weights, products : array, shape (n_points,)
    highest_frequency : float
        In radians per unit of x: up to here sin and cos are integrated to rounding.
    """

    points: Floats
    weights: Floats
    products: Floats
    highest_frequency: float


def every_row(x: Floats, y: Floats) -> Quadrature:
    """Return the rows themselves, each of weight 1 / n_samples, exact for every function."""
    return Quadrature(x, np.full(len(x), 1.0 / len(x)), y / len(x), np.inf)


def chebyshev_quadrature(x: Floats, y: Floats) -> Quadrature:
    """Return a few points with the moments of all rows.

    A smooth g is interpolated at the Chebyshev points of the range of x. Its mean over the rows is then a sum over
    these points, with weights that follow from the means of the Chebyshev polynomials.

    References
    ----------
    L. N. Trefethen, Approximation Theory and Approximation Practice (2013), chapters 3 and 19.

    Examples
    --------
    >>> x = np.linspace(0.0, 5.0, 3000)
    >>> rule = chebyshev_quadrature(x, x**2)
    >>> bool(abs(rule.weights @ np.sin(7.0 * rule.points) - np.sin(7.0 * x).mean()) < 1e-13)
    True
    """
    middle, half = (x.max() + x.min()) / 2, np.ptp(x) / 2
    inner = (x - middle) / half
    moments = np.empty((N_NODES, 2))
    before, current = inner, np.ones_like(inner)  # T_-1 = T_1
    for degree in range(N_NODES):
        moments[degree] = current.mean(), (current * y).mean()
        before, current = current, 2.0 * inner * current - before
    angles = np.pi * (np.arange(N_NODES) + 0.5) / N_NODES
    moments[1:] *= 2.0
    weights, products = (np.cos(np.outer(angles, np.arange(N_NODES))) @ moments / N_NODES).T
    return Quadrature(middle + half * np.cos(angles), weights, products, _RESOLVED * N_NODES / half)
