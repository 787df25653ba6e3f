"""The gradients that made a trajectory."""

from __future__ import annotations

import numpy as np

from animate.learn.checks import Floats
from animate.learn.descent import Trajectory
from animate.learn.objectives import Objective


def gradients_along(objective: Objective, trajectory: Trajectory) -> Floats:
    """Return the gradient that made each entry, over the rows of its update, shape (n_updates + 1, n_params).

    Entry k is taken at the parameters before update k, over the rows that the update used; entry 0, which no
    update made, is nan. Where the optimizer moves against it alone, params[k] - params[k - 1] =
    -learning_rate gradients[k].

    Examples
    --------
    >>> from animate.learn.descent import descend
    >>> from animate.learn.objectives import linear
    >>> from animate.learn.optimizers import gradient_descent
    >>> objective = linear([[-1.0], [1.0]], [1.0, 5.0], loss="half_squared")
    >>> path = descend(objective, gradient_descent(0.5), [0.0, 0.0], n_updates=1)
    >>> gradients_along(objective, path).tolist()
    [[nan, nan], [-2.0, -3.0]]
    """
    gradients = np.full_like(trajectory.params, np.nan)
    for update in range(1, len(gradients)):
        rows = None if trajectory.rows is None else trajectory.rows_at(update)
        with np.errstate(all="ignore"):
            gradients[update] = objective.gradient(trajectory.params[update - 1], rows)
    return gradients
