"""Views of an objective in fewer parameters: slices on planes, the plane of a path, and profiles over the intercept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from animate.errors import DataError
from animate.learn.descent import Trajectory, descend
from animate.learn.evaluation import BLOCK, evaluate_stack, sum_over_blocks
from animate.learn.losses import Loss, log_loss_derivatives
from animate.learn.objectives import LinearPredictor, Objective
from animate.learn.optimizers import heavy_ball
from animate.learn.preview import n_repeated
from animate.learn.sampling import RowIndex
from animate.learn.validation import Floats, vector


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
        """Return the plane in which two parameters vary and the others keep their values in `origin`.

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
        point = vector("origin", origin)
        first, second = (range(point.size)[index] for index in indices)
        if first == second:
            raise ValueError(f"indices must be two different parameters; got {tuple(indices)!r}")
        directions = np.eye(point.size)[[first, second]]
        return cls(point - directions.T @ (directions @ point), directions)

    def lift(self, coordinates: npt.ArrayLike) -> Floats:
        """Return the parameters at `coordinates`: shape (..., 2) to (..., n_params)."""
        return self.origin + np.asarray(coordinates, dtype=float) @ self.directions

    def project(self, params: npt.ArrayLike) -> Floats:
        """Return the coordinates of the point of the plane nearest to `params`: (..., n_params) to (..., 2)."""
        with np.errstate(all="ignore"):
            return (np.asarray(params, dtype=float) - self.origin) @ self.directions.T


@dataclass(frozen=True, eq=False)
class Slice(Objective):
    """An objective on a plane: its two parameters are the coordinates there."""

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

    def values(self, params_stack: npt.ArrayLike) -> Floats:
        """Return the objective at each pair of coordinates: shape (..., 2) to (...)."""
        return self.objective.values(self.plane.lift(params_stack))

    def gradient(self, params: Floats, rows: RowIndex | None = None) -> Floats:
        """Return the slopes along the two directions, shape (2,): directions @ gradient."""
        slopes: Floats = self.plane.directions @ self.objective.gradient(self.plane.lift(params), rows)
        return slopes


class PrincipalPlane(NamedTuple):
    """The plane nearest to a path.

    Attributes
    ----------
    shares : array, shape (2,)
        Shares of the path's variation around the origin that the two directions hold, the larger one first.
    """

    plane: Plane
    shares: Floats


def principal_plane(path: npt.ArrayLike, *, origin: npt.ArrayLike | None = None) -> PrincipalPlane:
    """Return the plane with the largest share of a path's variation, from a singular value decomposition.

    The directions are the first two right singular vectors of path - origin, their signs such that the path's
    first entry has coordinates of 0 or less; shares are s_i^2 / sum(s^2).

    Parameters
    ----------
    path : array, shape (n_entries, n_params)
        Finite, with at least two parameters.
    origin : array, shape (n_params,), optional
        By default the mean of the path, which makes this a principal component analysis. The last
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
    n_last = n_repeated(moves) + 1  # of a preview that was cut: one row that weighs as much as all of them
    # Rows of zeros change no direction; they give a path with a single move a second one.
    padded = np.vstack([moves[:-n_last], np.sqrt(n_last) * moves[-1], np.zeros((2, moves.shape[1]))])
    _, singular, directions = np.linalg.svd(padded, full_matrices=False)
    return np.asarray(singular, dtype=float), np.asarray(directions[:2], dtype=float)


class Landscape(NamedTuple):
    """The loss landscape around a path, on the plane of the path.

    Attributes
    ----------
    surface : Slice
        The objective on the plane.
    shadow : Trajectory
        The path projected onto the plane, with the objective's value there: not that of the path itself.
    optimum : array, shape (2,)
        The minimum that the path leads to, which lies in the plane.
    shares : array, shape (2,)
        Shares of the path's movement about the optimum along the two directions.
    """

    surface: Slice
    shadow: Trajectory
    optimum: Floats
    shares: Floats


def path_landscape(
    objective: Objective, path: Trajectory, *, learning_rate: float = 0.1, n_updates: int = 4000
) -> Landscape:
    """Return the landscape around a path, on the plane through its minimum along its principal directions.

    The minimum is where heavy-ball descent (momentum 0.9) arrives from the path's end; the directions are the first
    two right singular vectors of path - minimum, as in `principal_plane`.

    Raises
    ------
    ValueError
        If the path is not finite or stays where it is.

    Examples
    --------
    >>> from animate.learn.objectives import linear
    >>> from animate.learn.optimizers import gradient_descent
    >>> objective = linear([[-1.0, 0.5], [1.0, 0.5], [0.0, -1.0]], [1.0, 5.0, 3.0])
    >>> path = descend(objective, gradient_descent(0.1), [0.0, 0.0, 0.0], n_updates=50)
    >>> found = path_landscape(objective, path)
    >>> bool(found.shares.sum() > 0.999), abs(found.optimum.round(9)).tolist()
    (True, [0.0, 0.0])
    """
    minimum = descend(objective, heavy_ball(learning_rate, 0.9), path.final, n_updates).final
    plane, shares = principal_plane(path.params, origin=minimum)
    surface = Slice(objective, plane)
    shadow = Trajectory.from_arrays(plane.project(path.params), objective=surface)
    return Landscape(surface, shadow, plane.project(minimum), shares)


_MOST_STEPS = 200
_SAMPLED = 32  # of many rows each so many-th is taken to begin a search


@dataclass(frozen=True, eq=False)
class Profile(Objective):
    """min over the intercept of an objective: a function of the weights.

    Its surface lies on or under every slice at a fixed intercept, and has the same lowest point as the objective.

    Attributes
    ----------
    objective : LinearPredictor
        With a convex loss.
    """

    objective: LinearPredictor

    @property
    def n_params(self) -> int:
        """Number of parameters: the weights."""
        return self.objective.n_params - 1

    @property
    def n_samples(self) -> int:
        """Number of rows."""
        return self.objective.n_samples

    def values(self, params_stack: npt.ArrayLike) -> Floats:
        """Return the value at each vector of weights of a stack: shape (..., n_features) to (...)."""
        return self.objective.values(self.lift(params_stack))

    def gradient(self, params: Floats, rows: RowIndex | None = None) -> Floats:
        """Return the gradient in the weights at the best intercept (of all rows), shape (n_features,)."""
        return self.objective.gradient(self.lift(params), rows)[:-1]

    def lift(self, weights: npt.ArrayLike) -> Floats:
        """Return weights with their best intercept: shape (..., n_features) to (..., n_features + 1).

        For squared losses it is the mean of y - X @ weights, for the absolute loss the median; for other
        losses it is where the mean derivative is 0, by Newton steps kept between bounds.

        Raises
        ------
        ValueError
            If the loss is not convex, so that there may be several best ones.
        DataError
            If all labels are of one class, so that there is none.
        """
        find = _best_intercept(self.objective.loss)

        def best_intercepts(flat: Floats) -> Floats:
            return find(flat @ self.objective.design[:, :-1].T, self.objective)

        stack = np.asarray(weights, dtype=float)
        intercepts = evaluate_stack(best_intercepts, stack, self.n_params, self.n_samples)
        return np.concatenate([stack, intercepts[..., None]], axis=-1)

    def project(self, params: npt.ArrayLike) -> Floats:
        """Return the weights of `params`: shape (..., n_features + 1) to (..., n_features)."""
        return np.asarray(params, dtype=float)[..., :-1]

    def optimum(self) -> Floats:
        """Return the weights of the objective's optimum, shape (n_features,)."""
        return self.objective.optimum()[:-1]


def _row_means(table: Floats, objective: LinearPredictor) -> Floats:
    """Return the mean over the rows of the data, shape (n_vectors, n_samples) to (n_vectors,)."""
    means = table.mean(axis=-1) if objective.weights is None else table @ objective.weights
    return np.asarray(means, dtype=float)


def _mean(partial: Floats, objective: LinearPredictor) -> Floats:
    return _row_means(objective.targets - partial, objective)


def _median(partial: Floats, objective: LinearPredictor) -> Floats:
    if objective.weights is not None:
        raise ValueError("weights must be None for a median; got an array")
    return np.asarray(np.median(objective.targets - partial, axis=1), dtype=float)


def _root(partial: Floats, objective: LinearPredictor) -> Floats:
    """Return the intercepts at which the mean derivative is 0; of many rows, sought from those of a sample of them."""
    loss, targets, n = objective.loss, objective.targets, objective.n_samples
    weights = np.full(n, 1.0 / n) if objective.weights is None else objective.weights
    low, high = _bounds(partial, objective)
    intercepts = 0.5 * (low + high)
    for every in (_SAMPLED, 1) if n > BLOCK else (1,):
        sample = partial[:, ::every], targets[::every], weights[::every]
        intercepts = _newton(loss, *sample, intercepts, low, high)
    return intercepts


def _newton(
    loss: Loss, partial: Floats, targets: Floats, weights: Floats, intercepts: Floats, low: Floats, high: Floats
) -> Floats:
    """Return the intercepts between bounds at which the mean derivative is 0: Newton steps, kept by bisection."""
    for _ in range(_MOST_STEPS):
        slope, curvature = _slope_and_curvature(loss, partial, targets, weights, intercepts)
        low, high = np.where(slope < 0.0, intercepts, low), np.where(slope > 0.0, intercepts, high)
        with np.errstate(over="ignore"):  # far out, where the loss is straight
            moved = intercepts - slope / np.where(curvature > 0.0, curvature, 1.0)
        inside = (curvature > 0.0) & (low <= moved) & (moved <= high)
        moved = np.where(slope == 0.0, intercepts, np.where(inside, moved, 0.5 * (low + high)))
        if np.array_equal(moved, intercepts) or (np.abs(moved - intercepts) <= 1e-13 * (1.0 + np.abs(moved))).all():
            return np.asarray(moved, dtype=float)
        intercepts = moved
    return np.asarray(intercepts, dtype=float)


def _slope_and_curvature(
    loss: Loss, partial: Floats, targets: Floats, weights: Floats, intercepts: Floats
) -> Floats:
    """Return the means of the first and the second derivative of the loss at each intercept, shape (2, n_vectors)."""

    def part(block: slice) -> Floats:
        predictions = partial[:, block] + intercepts[:, None]
        if loss.name == "log_loss":
            slopes, curvatures = log_loss_derivatives(predictions, targets[block])
        else:
            slopes = loss.derivative(predictions, targets[block])
            curvatures = 0.0 * slopes if loss.curvature is None else loss.curvature(predictions, targets[block])
        return np.stack([slopes @ weights[block], curvatures @ weights[block]])

    return sum_over_blocks(part, len(targets))


def _bounds(partial: Floats, objective: LinearPredictor) -> tuple[Floats, Floats]:
    """Return intercepts at which the mean derivative is negative and positive."""
    if objective.loss.name == "log_loss":
        share = float(_row_means(objective.targets, objective))
        if not 0.0 < share < 1.0:
            raise DataError("the best intercept needs labels of both classes; got one class")
        # At the lower bound no probability exceeds the proportion of ones; at the upper bound none is below it.
        reach = np.log(share / (1.0 - share))
        return reach - partial.max(axis=1), reach - partial.min(axis=1)
    residuals = objective.targets - partial
    return residuals.min(axis=1), residuals.max(axis=1)


_BEST_INTERCEPTS: dict[str, Callable[[Floats, LinearPredictor], Floats]] = {
    "squared": _mean,
    "half_squared": _mean,
    "absolute": _median,
    "huber": _root,
    "log_loss": _root,
}


def _best_intercept(loss: Loss) -> Callable[[Floats, LinearPredictor], Floats]:
    if loss.name not in _BEST_INTERCEPTS:
        raise ValueError(f"loss must be one of {', '.join(_BEST_INTERCEPTS)}; got {loss.name!r}")
    return _BEST_INTERCEPTS[loss.name]


def over_weights(objective: LinearPredictor, *, held: npt.ArrayLike | None = None) -> Objective:
    """Return an objective over its two weights: the intercept is the best for each pair, or that of ``held``, (3,)."""
    return Profile(objective) if held is None else Slice(objective, Plane.along(held, (0, 1)))


def quadratic_contour(values: Callable[[Floats], Floats], minimum: npt.ArrayLike, point: npt.ArrayLike) -> Floats:
    """Return the contour of a quadratic function of the plane through a point, an ellipse, shape (n_points, 2).

    Parameters
    ----------
    values : callable
        From points (k, 2) to values (k,); it rises with the square of the distance along each ray from its minimum.
    minimum, point : array, shape (2,)
        The point is one of those returned.

    Examples
    --------
    >>> circle = quadratic_contour(lambda at: (at**2).sum(axis=-1), [0.0, 0.0], [3.0, 4.0])
    >>> np.hypot(*circle.T).round(6).min(), np.hypot(*circle.T).round(6).max()
    (np.float64(5.0), np.float64(5.0))
    """
    center, through = np.asarray(minimum, dtype=float), np.asarray(point, dtype=float)
    angle = np.arctan2(*(through - center)[::-1]) % (2.0 * np.pi)
    angles = np.sort(np.append(np.linspace(0.0, 2.0 * np.pi, 121), angle))
    rays = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    low, level = values(np.stack([center, through]))
    with np.errstate(all="ignore"):
        reach = np.sqrt((level - low) / (values(center + rays) - low))
    return np.asarray((center + reach[:, None] * rays)[np.isfinite(reach)])
