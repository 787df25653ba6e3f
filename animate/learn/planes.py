"""Planes through parameter space: slices of an objective, and the plane a path lies in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from animate.learn.checks import Floats, vector
from animate.learn.newton import Curved
from animate.learn.objectives import Objective
from animate.learn.sampling import RowIndex


@dataclass(frozen=True, eq=False)
class Plane:
    """Points origin + coordinates @ directions.

    Attributes
    ----------
    origin : array, shape (n_params,)
    directions : array, shape (2, n_params)
        Of length 1 and at right angles.
    """

    origin: Floats
    directions: Floats

    @classmethod
    def along(cls, origin: npt.ArrayLike, indices: Sequence[int]) -> Plane:
        """Return the plane in which two parameters vary, and the others are held at their values in `origin`.

        The coordinates are the two parameters themselves.

        Raises
        ------
        ValueError
            If `indices` are not two different parameters.

        Examples
        --------
        >>> plane = Plane.along([5.0, 6.0, 7.0], (0, 2))
        >>> plane.lift([1.0, 2.0]).tolist()
        [1.0, 6.0, 2.0]
        """
        held = vector("origin", origin)
        first, second = (range(held.size)[index] for index in indices)
        if first == second:
            raise ValueError(f"indices must be two different parameters; got {tuple(indices)!r}")
        directions = np.eye(held.size)[[first, second]]
        return cls(held - directions.T @ (directions @ held), directions)

    def lift(self, coordinates: npt.ArrayLike) -> Floats:
        """Return the parameters at `coordinates`: shape (..., 2) to (..., n_params)."""
        return self.origin + np.asarray(coordinates, dtype=float) @ self.directions

    def project(self, params: npt.ArrayLike) -> Floats:
        """Return the coordinates of the point of the plane nearest to `params`: (..., n_params) to (..., 2)."""
        with np.errstate(all="ignore"):
            return (np.asarray(params, dtype=float) - self.origin) @ self.directions.T


@dataclass(frozen=True, eq=False)
class Slice:
    """An objective on a plane: its two parameters are the coordinates there.

    Attributes
    ----------
    objective : Objective
    plane : Plane
    """

    objective: Objective
    plane: Plane

    @property
    def n_params(self) -> int:
        """Number of parameters, 2."""
        return 2

    @property
    def n_samples(self) -> int:
        """Number of rows."""
        return self.objective.n_samples

    def value(self, params: npt.ArrayLike) -> float:
        """Return the objective at the coordinates `params`, shape (2,)."""
        return float(self.values(params))

    def values(self, params_stack: npt.ArrayLike) -> Floats:
        """Return the objective at each pair of coordinates: shape (..., 2) to (...)."""
        return self.objective.values(self.plane.lift(params_stack))

    def gradient(self, params: Floats, rows: RowIndex | None = None) -> Floats:
        """Return the slopes along the two directions, shape (2,): directions @ gradient."""
        slopes: Floats = self.plane.directions @ self.objective.gradient(self.plane.lift(params), rows)
        return slopes


def sliced_hessian(objective: Curved, plane: Plane, coordinates: npt.ArrayLike) -> Floats:
    """Return the second derivatives along a plane's directions, shape (2, 2): directions @ H @ directions^T.

    Examples
    --------
    >>> from animate.learn.surfaces import valley
    >>> sliced_hessian(valley(30.0), Plane.along([0.0, 0.0], (1, 0)), [0.0, 0.0]).tolist()
    [[30.0, 0.0], [0.0, 1.0]]
    """
    hessian = objective.hessian(plane.lift(coordinates))
    return np.asarray(plane.directions @ hessian @ plane.directions.T, dtype=float)


class PrincipalPlane(NamedTuple):
    """The plane nearest to a path.

    Attributes
    ----------
    plane : Plane
    shares : array, shape (2,)
        Shares of the path's variation around the origin that the two directions hold, the larger one first.
    """

    plane: Plane
    shares: Floats


def principal_plane(path: npt.ArrayLike, *, origin: npt.ArrayLike | None = None) -> PrincipalPlane:
    """Return the plane that holds most of a path's variation, by a singular value decomposition of the path.

    The directions are the first two right singular vectors of path - origin, their signs such that the path's
    first entry has coordinates of 0 or less; shares are s_i^2 / sum(s^2).

    Parameters
    ----------
    path : array, shape (n_entries, n_params)
        Finite, with at least two parameters.
    origin : array, shape (n_params,), optional
        The mean of the path where it is left out, which makes it a principal component analysis. The last
        entry as origin puts the end of the path into the plane.

    Raises
    ------
    ValueError
        If the path has another shape, is not finite, or stays where it is.

    References
    ----------
    H. Li, Z. Xu, G. Taylor, C. Studer and T. Goldstein, "Visualizing the loss landscape of neural nets",
    NeurIPS (2018), section 7.

    Examples
    --------
    >>> found = principal_plane([[0.0, 0.0, 1.0], [1.0, 0.0, 1.0], [2.0, 0.0, 1.0]])
    >>> found.shares.round(9).tolist()
    [1.0, 0.0]
    """
    entries = np.array(path, dtype=float)
    if entries.ndim != 2 or entries.shape[1] < 2 or not np.isfinite(entries).all():
        raise ValueError(f"path must be finite, of shape (n_entries, 2 or more); got shape {entries.shape}")
    center = entries.mean(axis=0) if origin is None else vector("origin", origin, entries.shape[1])
    singular, directions = _decompose(entries - center)
    if not singular.any():
        raise ValueError("path must move; got the same parameters throughout")
    signs = np.where(directions @ (entries[0] - center) > 0.0, -1.0, 1.0)
    shares = np.square(singular) / np.square(singular).sum()
    return PrincipalPlane(Plane(center, directions * signs[:, None]), shares[:2])


def _decompose(moves: Floats) -> tuple[Floats, Floats]:
    # Rows of zeros change nothing, and give a path of one move a second direction.
    padded = np.vstack([moves, np.zeros((2, moves.shape[1]))])
    _, singular, directions = np.linalg.svd(padded, full_matrices=False)
    return np.asarray(singular, dtype=float), np.asarray(directions[:2], dtype=float)
