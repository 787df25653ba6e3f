"""What the eigenvalues of a Hessian say about gradient descent."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from animate.learn.checks import Floats

_ROUNDING = 1e-12


def condition_number(hessian: Floats) -> float:
    """Return the largest over the smallest eigenvalue; inf where that is 0 to rounding.

    Examples
    --------
    >>> condition_number(np.diag([1.0, 100.0]))
    100.0
    >>> condition_number(np.diag([0.0, 1.0]))
    inf
    """
    eigenvalues = np.linalg.eigvalsh(hessian)
    if eigenvalues[0] <= len(eigenvalues) * np.finfo(float).eps * eigenvalues[-1]:
        return float("inf")
    return float(eigenvalues[-1] / eigenvalues[0])


def stability_limit(hessian: Floats) -> float:
    """Return 2 / lambda_max, lambda_max the largest eigenvalue; inf where nothing curves upwards.

    On a quadratic, gradient descent converges at every learning rate below it and diverges at every one
    above.

    Examples
    --------
    >>> stability_limit(np.diag([1.0, 4.0]))
    0.5
    """
    largest = np.linalg.eigvalsh(hessian)[-1]
    return float(2.0 / largest) if largest > 0 else float("inf")


def first_update_within(hessian: Floats, error: Floats, *, learning_rate: float, tolerance: float) -> int | None:
    """Return the first update from which on gradient descent on a quadratic stays close to its optimum.

    With lambda_i and q_i the eigenvalues and eigenvectors of the Hessian and c_i = q_i @ error, the distance
    after k updates is sqrt(sum_i (1 - learning_rate lambda_i)^(2 k) c_i^2). At a stable rate it never grows,
    so the update is found by bisection.

    Parameters
    ----------
    hessian : array, shape (n_params, n_params)
    error : array, shape (n_params,)
        start - optimum.
    learning_rate : float
    tolerance : float
        Largest Euclidean distance that counts as close.

    Returns
    -------
    int or None
        None if the distance never stays within the tolerance, as at any unstable rate.

    Examples
    --------
    >>> first_update_within(np.diag([1.0, 1.0]), np.array([8.0, 0.0]), learning_rate=0.5, tolerance=1.0)
    3
    """
    eigenvalues, vectors = np.linalg.eigh(hessian)
    parts = vectors.T @ error
    factors = _factors(learning_rate * eigenvalues)
    if (factors > 1.0).any() or np.linalg.norm(parts[factors == 1.0]) > tolerance:
        return None
    return _first(lambda update: bool(np.linalg.norm(factors**update * parts) <= tolerance))


def _factors(products: Floats) -> Floats:
    """Return |1 - product|, and exactly 1 where it differs from 1 only by rounding."""
    factors = np.abs(1.0 - products)
    lasting = np.abs(products) <= len(products) * np.finfo(float).eps * np.abs(products).max()
    lasting |= np.abs(products - 2.0) <= _ROUNDING
    return np.where(lasting, 1.0, factors)


def _first(holds: Callable[[int], bool]) -> int | None:
    """Return the least update from which on `holds` is true, if that is before 2^60."""
    if holds(0):
        return 0
    upper = 1
    while not holds(upper):
        upper *= 2
        if upper > 2**60:
            return None
    lower = upper // 2
    while upper - lower > 1:
        middle = (lower + upper) // 2
        lower, upper = (lower, middle) if holds(middle) else (middle, upper)
    return upper
