"""Descent on an objective: by an optimizer or by Newton steps, and the trajectory it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import repeat

import numpy as np
import numpy.typing as npt

from animate.learn.objectives import Objective, TwiceDifferentiable
from animate.learn.optimizers import Optimizer
from animate.learn.preview import Allowance, n_repeated
from animate.learn.sampling import FULL_BATCH, RowIndex, Rows, Sampler
from animate.learn.validation import Floats, Integers, vector, whole


@dataclass(frozen=True, eq=False)
class Trajectory:
    """The path of a descent: entry k is the state after k updates, entry 0 the start.

    Attributes
    ----------
    params : array, shape (n_updates + 1, n_params)
    loss : array, shape (n_updates + 1,)
        The objective over all rows, penalty included, at each entry of `params`.
    rows : int array, shape (n_updates, batch_size), or None
        The rows whose gradient made each update, padded with -1; None means all rows in every update.
    gradients_used : int array, shape (n_updates + 1,)
        Gradients of single rows computed so far.
    diverged_at : int or None
        The first entry whose parameters or loss are not finite. Later entries follow IEEE arithmetic.
    """

    params: Floats
    loss: Floats
    rows: Rows | None
    gradients_used: Integers
    n_samples: int
    diverged_at: int | None

    @property
    def n_updates(self) -> int:
        """Number of updates, one less than the number of entries."""
        return len(self.params) - 1

    @property
    def final(self) -> Floats:
        """Parameters after the last update, shape (n_params,)."""
        final: Floats = self.params[-1]
        return final

    @property
    def epochs(self) -> Floats:
        """Epochs completed at each entry: gradients_used / n_samples, shape (n_updates + 1,)."""
        return self.gradients_used / self.n_samples

    def rows_at(self, update: int) -> Integers:
        """Return the rows used by an update: none for the start, all for batch descent.

        Raises
        ------
        IndexError
            If there is no such entry.
        """
        if not 0 <= update <= self.n_updates:
            raise IndexError(f"update must be between 0 and {self.n_updates}; got {update}")
        if update == 0:
            return np.empty(0, dtype=np.int64)
        if self.rows is None:
            return np.arange(self.n_samples)
        rows: Rows = self.rows[update - 1]
        return rows[rows >= 0].astype(np.int64)

    @classmethod
    def from_arrays(
        cls,
        params: npt.ArrayLike,
        *,
        loss: npt.ArrayLike | None = None,
        objective: Objective | None = None,
        rows: npt.ArrayLike | None = None,
        n_samples: int | None = None,
    ) -> Trajectory:
        """Return the trajectory of a path computed elsewhere, such as one logged from PyTorch.

        Parameters
        ----------
        params : array, shape (n_updates + 1, n_params)
            The start and the parameters after each update: weights first, intercept last. inf and nan are allowed.
        loss : array, shape (n_updates + 1,), optional
            Loss at each entry; computed from `objective` if omitted.
        objective : optional
            Supplies `loss` and `n_samples` if they are omitted.
        rows : int array, shape (n_updates,) or (n_updates, batch_size), optional
            Rows of each update, padded with -1; omitted, every update uses all rows.
        n_samples : int, optional
            Number of rows of the data. If it is unknown it is 1, so that an epoch is an update.

        Raises
        ------
        ValueError
            If shapes do not agree, a row is not in the data, or neither `loss` nor `objective` is given.

        Examples
        --------
        >>> path = Trajectory.from_arrays([[0.0, 0.0], [1.0, 0.5]], loss=[2.0, 1.0])
        >>> path.n_updates, path.final.tolist(), path.diverged_at
        (1, [1.0, 0.5], None)
        """
        path = _path(params, objective)
        n_samples = _n_samples(n_samples, objective, rows)
        values = _loss(loss, objective, path)
        return _trajectory(path, values, _rows(rows, len(path) - 1, n_samples), n_samples)


def descend(
    objective: Objective,
    optimizer: Optimizer,
    start: npt.ArrayLike,
    n_updates: int,
    sampler: Sampler = FULL_BATCH,
) -> Trajectory:
    """Return the trajectory of `n_updates` updates from `start`.

    Each update computes params = params + step, where the optimizer makes the step from the mean gradient over the
    rows of the update. The gradient of a batch with k < batch_size rows is multiplied by k / batch_size, so that every
    row has the same weight in an epoch. A run that reaches inf or nan continues to its end without a warning.

    Parameters
    ----------
    sampler
        Gives the rows of each update: `batch()`, `online()` or `minibatch()`.

    Examples
    --------
    >>> from animate.learn.objectives import linear
    >>> from animate.learn.optimizers import gradient_descent
    >>> objective = linear([[-1.0], [1.0]], [1.0, 5.0], loss="half_squared")
    >>> path = descend(objective, gradient_descent(0.5), [0.0, 0.0], n_updates=2)
    >>> path.params.tolist()
    [[0.0, 0.0], [1.0, 1.5], [1.5, 2.25]]
    >>> path.loss.tolist()
    [6.5, 1.625, 0.40625]
    """
    params = vector("start", start, objective.n_params)
    whole("n_updates", n_updates, 0)
    rows = sampler.rows(objective.n_samples, n_updates)
    with np.errstate(all="ignore"):
        path = _run(objective, optimizer, params, n_updates, rows)
        loss = objective.values(path)
    n_missing = n_updates + 1 - len(path)  # of a preview that was cut: it stays where it is
    path, loss = np.pad(path, ((0, n_missing), (0, 0)), "edge"), np.pad(loss, (0, n_missing), "edge")
    return _trajectory(path, loss, rows, objective.n_samples)


MOST_ROWS_IN_ALL = 20_000_000
"""Rows over which the updates of a lesson together go by default: a few seconds for a network or a logistic model."""


def affordable_updates(wanted: int, n_samples: int) -> int:
    """Return how many updates over all rows can be made in a few seconds: as many as wanted, or fewer of many rows.

    >>> affordable_updates(2500, 120), affordable_updates(2500, 100_000)
    (2500, 200)
    """
    return min(wanted, max(MOST_ROWS_IN_ALL // n_samples, 20))


def _run(objective: Objective, optimizer: Optimizer, params: Floats, n_updates: int, rows: Rows | None) -> Floats:
    path = np.empty((n_updates + 1, params.size))
    path[0] = params
    state = optimizer.init(params)
    used = repeat(None, n_updates) if rows is None else _unpadded(rows)
    batch_size = 0 if rows is None else rows.shape[1]
    allowance = Allowance()
    for index, chosen in enumerate(used, start=1):
        step, state = optimizer.update(_weighted_gradient(objective, params, chosen, batch_size), state)
        path[index] = params = params + step
        if allowance.is_over(index, n_updates):
            path = path[: index + 1]
            break
    allowance.end()
    return path


def _weighted_gradient(objective: Objective, params: Floats, rows: RowIndex | None, batch_size: int) -> Floats:
    """Return the gradient over `rows`, weighted by their share of a full batch; None means all rows."""
    gradient = objective.gradient(params, rows)
    return gradient if rows is None or len(rows) == batch_size else gradient * (len(rows) / batch_size)


def _unpadded(rows: Rows) -> Iterator[Rows]:
    # Padding is at the end of each row.
    counts = np.count_nonzero(rows >= 0, axis=1).tolist()
    return (row[:count] for row, count in zip(rows, counts, strict=True))


def _trajectory(path: Floats, loss: Floats, rows: Rows | None, n_samples: int) -> Trajectory:
    n_updates = len(path) - 1
    counts = np.full(n_updates, n_samples) if rows is None else np.count_nonzero(rows >= 0, axis=1)
    used = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])
    broken = ~(np.isfinite(loss) & np.isfinite(path).all(axis=1))
    return Trajectory(path, loss, rows, used, n_samples, int(broken.argmax()) if broken.any() else None)


def _path(params: npt.ArrayLike, objective: Objective | None) -> Floats:
    path = np.array(params, dtype=float)
    if path.ndim != 2 or 0 in path.shape:
        raise ValueError(f"params must have shape (n_updates + 1, n_params); got {path.shape}")
    if objective is not None and path.shape[1] != objective.n_params:
        raise ValueError(f"params must have {objective.n_params} columns, as the objective; got {path.shape[1]}")
    return path


def _loss(loss: npt.ArrayLike | None, objective: Objective | None, path: Floats) -> Floats:
    if loss is not None:
        values = np.array(loss, dtype=float)
    elif objective is not None:
        n_left_out = n_repeated(path)
        with np.errstate(all="ignore"):
            values = objective.values(path[: len(path) - n_left_out])
        values = np.pad(values, (0, n_left_out), "edge")
    else:
        raise ValueError("loss must be given where there is no objective to compute it from; got neither")
    if values.shape != (len(path),):
        raise ValueError(f"loss must have shape ({len(path)},), one for each row of params; got {values.shape}")
    return values


def _n_samples(n_samples: int | None, objective: Objective | None, rows: npt.ArrayLike | None) -> int:
    if n_samples is not None:
        return whole("n_samples", n_samples, 1)
    if objective is not None:
        return objective.n_samples
    if rows is not None:
        raise ValueError("n_samples must be given with rows where there is no objective; got None")
    return 1


def _rows(rows: npt.ArrayLike | None, n_updates: int, n_samples: int) -> Rows | None:
    if rows is None:
        return None
    array = np.asarray(rows)
    array = array[:, None] if array.ndim == 1 else array
    if array.ndim != 2 or len(array) != n_updates or array.dtype.kind not in "iu":
        raise ValueError(
            f"rows must be integers of shape ({n_updates},) or ({n_updates}, batch_size); "
            f"got {array.dtype} of shape {array.shape}"
        )
    if array.size and (array.min() < -1 or array.max() >= n_samples):
        found = f"{array.min()} to {array.max()}"
        raise ValueError(f"rows must be between 0 and {n_samples - 1}, or -1 as padding; got {found}")
    return array.astype(np.int32)


def gradients_along(objective: Objective, trajectory: Trajectory) -> Floats:
    """Return the gradient used by each update, shape (n_updates + 1, n_params).

    Entry k is the gradient at the parameters before update k, over the rows of that update and weighted as in
    `descend`; entry 0 is nan. With plain gradient descent, params[k] - params[k - 1] = -learning_rate gradients[k].

    >>> from animate.learn.descent import descend
    >>> from animate.learn.objectives import linear
    >>> from animate.learn.optimizers import gradient_descent
    >>> objective = linear([[-1.0], [1.0]], [1.0, 5.0], loss="half_squared")
    >>> path = descend(objective, gradient_descent(0.5), [0.0, 0.0], n_updates=1)
    >>> gradients_along(objective, path).tolist()
    [[nan, nan], [-2.0, -3.0]]
    """
    gradients = np.full_like(trajectory.params, np.nan)
    batch_size = 0 if trajectory.rows is None else trajectory.rows.shape[1]
    for update in range(1, len(gradients)):
        rows = None if trajectory.rows is None else trajectory.rows_at(update)
        with np.errstate(all="ignore"):
            gradients[update] = _weighted_gradient(objective, trajectory.params[update - 1], rows, batch_size)
    return gradients


_SUFFICIENT_DECREASE = 1e-4  # of the decrease that the slope predicts, as in Armijo's condition
_MOST_HALVINGS = 60


def newton_path(objective: TwiceDifferentiable, start: npt.ArrayLike, n_updates: int) -> Trajectory:
    """Return the trajectory of full Newton steps: step = -H^-1 gradient.

    On a quadratic the first step lands on the optimum. Elsewhere a step goes to the stationary point of the
    quadratic with the same slope and curvature, which can be uphill. If the Hessian is singular, the step is the
    shortest that leaves the least gradient.

    >>> from animate.learn.surfaces import valley
    >>> newton_path(valley(), [4.0, 1.0], n_updates=1).final.tolist()
    [0.0, 0.0]
    """
    return repeat_step(objective, lambda params: params + _full_step(objective, params), start, n_updates)


def damped_newton_path(objective: TwiceDifferentiable, start: npt.ArrayLike, n_updates: int) -> Trajectory:
    """Return the trajectory of damped Newton steps, which never raise the objective.

    step = -t |H|^-1 gradient, where |H| is the Hessian with the absolute values of its eigenvalues, and t the
    first of 1, 1/2, 1/4, ... at which the objective falls by at least 1e-4 of what the slope promises.

    References
    ----------
    J. Nocedal and S. J. Wright, Numerical Optimization (2006), sections 3.1 and 3.4.

    Examples
    --------
    >>> from animate.learn.surfaces import ROSENBROCK
    >>> damped_newton_path(ROSENBROCK, [-1.5, 2.2], n_updates=30).final.round(9).tolist()
    [1.0, 1.0]
    """
    return repeat_step(objective, lambda params: params + _damped_step(objective, params), start, n_updates)


def repeat_step(
    objective: Objective, step: Callable[[Floats], Floats], start: npt.ArrayLike, n_updates: int
) -> Trajectory:
    """Return the trajectory of the parameters start, step(start), step(step(start)), ..., `n_updates` steps long."""
    params = vector("start", start, objective.n_params)
    path = np.empty((whole("n_updates", n_updates, 0) + 1, params.size))
    path[0] = params
    with np.errstate(all="ignore"):
        allowance = Allowance()
        for update in range(1, n_updates + 1):
            path[update] = params = step(params)
            if allowance.is_over(update, n_updates):
                path[update:] = params
                break
        allowance.end()
    return Trajectory.from_arrays(path, objective=objective)


def _full_step(objective: TwiceDifferentiable, params: Floats) -> Floats:
    eigenvalues, vectors = _eigendecomposition(objective, params)
    return -vectors @ (_inverse(eigenvalues) * (vectors.T @ objective.gradient(params)))


def _damped_step(objective: TwiceDifferentiable, params: Floats) -> Floats:
    eigenvalues, vectors = _eigendecomposition(objective, params)
    gradient = objective.gradient(params)
    step: Floats = -vectors @ (_inverse(np.abs(eigenvalues)) * (vectors.T @ gradient))
    value, slope = objective.value(params), float(gradient @ step)
    for _ in range(_MOST_HALVINGS):
        if objective.value(params + step) <= value + _SUFFICIENT_DECREASE * slope:
            return step
        step, slope = 0.5 * step, 0.5 * slope
    return np.zeros_like(params)


def _eigendecomposition(objective: TwiceDifferentiable, params: Floats) -> tuple[Floats, Floats]:
    hessian = objective.hessian(params)
    if not np.isfinite(hessian).all():
        return np.full(params.size, np.nan), np.eye(params.size)
    eigenvalues, vectors = np.linalg.eigh(hessian)
    return eigenvalues, vectors


def _inverse(eigenvalues: Floats) -> Floats:
    """Return 1 / eigenvalue, or 0 if the eigenvalue is 0 to rounding."""
    least = len(eigenvalues) * np.finfo(float).eps * np.abs(eigenvalues).max()
    return np.where(np.abs(eigenvalues) <= least, 0.0, 1.0 / eigenvalues)
