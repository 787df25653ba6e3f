"""Conditioning: what the eigenvalues of a Hessian imply for gradient descent, and preconditioning of a design matrix.

Results computed in preconditioned coordinates hardly depend on the order in which a processor adds numbers. The digits
that ill-conditioned columns cost are lost only once, in the conversion back to the parameters.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from animate.learn.validation import Floats

_ROUNDING = 1e-12
_EPSILON = float(np.finfo(float).eps)


def condition_number(hessian: Floats) -> float:
    """Return the largest over the smallest eigenvalue; inf if the smallest is 0 to rounding.

    >>> condition_number(np.diag([1.0, 100.0]))
    100.0
    >>> condition_number(np.diag([0.0, 1.0]))
    inf
    """
    eigenvalues = np.linalg.eigvalsh(hessian)
    if eigenvalues[0] <= len(eigenvalues) * _EPSILON * eigenvalues[-1]:
        return float("inf")
    return float(eigenvalues[-1] / eigenvalues[0])


def is_tilted(hessian: Floats) -> bool:
    """Return whether the valley of a quadratic over two parameters runs along neither of them.

    >>> is_tilted(np.diag([4.0, 1.0])), is_tilted(np.array([[2.0, 1.0], [1.0, 2.0]]))
    (False, True)
    """
    return bool(abs(hessian[0, 1]) > 0.1 * abs(hessian[0, 0] - hessian[1, 1]))


def stability_limit(hessian: Floats) -> float:
    """Return 2 / lambda_max, with lambda_max the largest eigenvalue; inf if no eigenvalue is positive.

    On a quadratic, gradient descent converges at every learning rate below it and diverges at every one above.

    >>> stability_limit(np.diag([1.0, 4.0]))
    0.5
    """
    largest = np.linalg.eigvalsh(hessian)[-1]
    return float(2.0 / largest) if largest > 0 else float("inf")


def first_update_within(hessian: Floats, error: Floats, *, learning_rate: float, tolerance: float) -> int | None:
    """Return the update after which gradient descent on a quadratic stays close to its optimum.

    With lambda_i and q_i the eigenvalues and eigenvectors of the Hessian and c_i = q_i @ error, the distance
    after k updates is sqrt(sum_i (1 - learning_rate lambda_i)^(2 k) c_i^2). At a stable rate it never grows,
    so the update is found by bisection.

    Parameters
    ----------
    hessian : array, shape (n_params, n_params)
    error : array, shape (n_params,)
        start - optimum.
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
    updates = range(2**60)
    found = bisect_left(updates, True, key=lambda update: bool(np.linalg.norm(factors**update * parts) <= tolerance))
    return found if found < len(updates) else None


def fewest_updates(hessian: Floats, error: Floats, *, share: float) -> tuple[float, int]:
    """Return the learning rate with which batch descent on a quadratic loses height fastest, and its updates.

    Of nearby rates that need as many updates it is one of few digits, so that it does what is said when it is typed.

    The excess loss after k updates is 1/2 sum_i lambda_i c_i^2 (1 - rate lambda_i)^(2 k), c the error along the
    eigenvectors. Rates from half the stability limit up to it are tried: below, every factor is larger.

    Parameters
    ----------
    hessian : array, shape (n_params, n_params)
        Positive definite.
    error : array, shape (n_params,)
        The start, relative to the optimum.
    share : float
        Of the first excess loss that may be left.

    Examples
    --------
    >>> rate, updates = fewest_updates(np.diag([1.0, 50.0]), np.array([-4.5, 1.4]), share=1e-3)
    >>> rate, updates
    (0.03825, 66)
    """
    eigenvalues, vectors = np.linalg.eigh(hessian)
    weights = eigenvalues * np.square(vectors.T @ error)
    rates = stability_limit(hessian) * np.linspace(0.5, 1.0, 400, endpoint=False)
    most = int(np.ceil(0.5 * eigenvalues[-1] / eigenvalues[0] * np.log(1.0 / share))) + 1

    def needed(rates: Floats) -> npt.NDArray[np.int64]:
        factors = np.square(1.0 - rates[:, None] * eigenvalues)
        left = np.stack([(factors**count) @ weights for count in range(most + 1)], axis=-1) <= share * weights.sum()
        return np.where(left.any(axis=1), left.argmax(axis=1), most + 1)

    counts = needed(rates)
    best, fewest = float(rates[counts.argmin()]), int(counts.min())
    rounded = np.array([float(f"{best:.{digits}g}") for digits in range(2, 18)])
    return float(rounded[needed(rounded) == fewest][0]), fewest


def crosses_valley(path: npt.ArrayLike, optimum: npt.ArrayLike, hessian: Floats) -> bool:
    """Return whether a path on a quadratic goes back and forth across its valley before it turns along it.

    Parameters
    ----------
    path : array, shape (n_updates + 1, 2)
    optimum : array, shape (2,)
    hessian : array, shape (2, 2)
        Positive definite; where both curvatures are the same, there is no valley.

    Examples
    --------
    >>> crosses_valley([[4.0, 1.0], [3.0, -0.5], [2.0, 0.2]], [0.0, 0.0], np.diag([1.0, 50.0]))
    True
    """
    eigenvalues, vectors = np.linalg.eigh(hessian)
    away = (np.asarray(path, dtype=float) - np.asarray(optimum, dtype=float)) @ vectors
    least = 1e-9 * float(np.linalg.norm(away[0]))
    if eigenvalues[-1] <= eigenvalues[0] * (1 + 1e-9) or not (np.abs(away[0]) > least).all():
        return False
    along, across = (np.flatnonzero(side < -least) for side in (away * np.sign(away[0])).T)
    return bool(across.size and (not along.size or across[0] < along[0]))


def _factors(products: Floats) -> Floats:
    """Return |1 - product|, or exactly 1 if it differs from 1 only by rounding."""
    factors = np.abs(1.0 - products)
    unchanged = np.abs(products) <= len(products) * _EPSILON * np.abs(products).max()
    unchanged |= np.abs(products - 2.0) <= _ROUNDING
    return np.where(unchanged, 1.0, factors)


class StandardizedDesign(NamedTuple):
    """A design matrix with centered and scaled columns, and the ridge penalties of the scaled weights.

    The scale of a column is sqrt(variance + ridge_penalty). The last column is 1.
    """

    design: Floats
    mean: Floats
    scale: Floats
    penalties: Floats

    def in_units(self, params: Floats) -> Floats:
        """Return the parameters for the original columns, shape (..., n_params)."""
        weights = params[..., :-1] / self.scale
        return np.concatenate([weights, params[..., -1:] - (weights @ self.mean)[..., None]], axis=-1)


def standardize(design: Floats, ridge_penalty: float) -> StandardizedDesign:
    """Return columns with mean 0 and deviation 1, with penalties that leave the optimum unchanged.

    A constant column becomes 0.
    """
    X = design[:, :-1]
    unit = power_of_two(np.abs(X).max(axis=0, initial=0.0))
    parts = X / unit
    mean, spread = parts.mean(axis=0), parts.std(axis=0)
    # Neither rounding errors in a constant column nor a spread too small for any finite weight count as spread.
    flat = (spread <= 1e-14 * np.abs(parts).max(axis=0, initial=0.0)) | (unit * spread < 1e-300)
    # Included in the scale, a penalty is at most 1; a penalty far above the curvature of its column would otherwise
    # dominate the other columns.
    scale = np.hypot(np.where(flat, 0.0, unit * spread), np.sqrt(ridge_penalty))
    scale = np.where(scale == 0.0, 1.0, scale)
    centered = np.where(flat, 0.0, (parts - mean) / (scale / unit))
    penalties = np.append((np.sqrt(ridge_penalty) / scale) ** 2, 0.0)
    return StandardizedDesign(np.column_stack([centered, design[:, -1]]), unit * mean, scale, penalties)


def power_of_two(size: npt.ArrayLike) -> Floats:
    """Return a power of two near `size`. Dividing by it loses no digits and prevents overflow of squares."""
    exponents = np.frexp(np.asarray(size, dtype=float))[1]
    return np.asarray(np.ldexp(1.0, np.maximum(exponents, -1000)), dtype=float) / 2.0


class Preconditioned(NamedTuple):
    """Coordinates z with predictions = basis @ z and penalty = 1/2 ||ridge @ z||^2.

    basis^T basis / n_samples + ridge^T ridge is the identity, so different z give different predictions. If columns are
    collinear, there are fewer coordinates than parameters.
    """

    basis: Floats
    ridge: Floats
    back: Floats
    scaled: StandardizedDesign

    def in_units(self, coordinates: Floats) -> Floats:
        """Return the parameters with the smallest standardized weights, shape (..., n_params)."""
        return self.scaled.in_units(coordinates @ self.back.T)


def precondition(design: Floats, ridge_penalty: float) -> Preconditioned:
    """Return the coordinates for a design whose last column is 1, from a singular value decomposition.

    Directions in which standardized columns vary by no more than rounding are left out.

    >>> design = np.array([[0.0, 0.0, 1.0], [1e9, 2e9, 1.0], [3e9, 6e9, 1.0]])
    >>> basis = precondition(design, 0.0).basis
    >>> bool(np.allclose(basis.T @ basis / 3, np.eye(2)))
    True
    """
    scaled = standardize(design, ridge_penalty)
    n_samples = len(design)
    rows = np.vstack([scaled.design / np.sqrt(n_samples), np.diag(np.sqrt(scaled.penalties))])
    left, sizes, right = np.linalg.svd(rows, full_matrices=False)
    lost = np.append(np.abs(scaled.mean) / scaled.scale, 0.0)  # digits lost by centering
    rounding = _EPSILON * (max(rows.shape) * sizes[0] + np.linalg.norm(lost * right, axis=1))
    kept = sizes > rounding
    return Preconditioned(
        left[:n_samples, kept] * np.sqrt(n_samples), left[n_samples:, kept], right[kept].T / sizes[kept], scaled
    )
