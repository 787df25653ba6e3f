"""The surroundings of a path in many dimensions: the plane that holds most of it, and the path's shadow there."""

from __future__ import annotations

from typing import NamedTuple

from animate.learn.checks import Floats
from animate.learn.descent import Trajectory, descend
from animate.learn.objectives import Objective
from animate.learn.optimizers import heavy_ball
from animate.learn.planes import Slice, principal_plane


class Landscape(NamedTuple):
    """A path seen on its own plane.

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


def own_landscape(
    objective: Objective, path: Trajectory, *, learning_rate: float = 0.1, n_updates: int = 4000
) -> Landscape:
    """Return the landscape around a path: the plane through the minimum it leads to, along its main directions.

    The minimum is where heavy-ball descent (momentum 0.9) arrives from the path's end; the directions are the first
    two right singular vectors of path - minimum.

    Parameters
    ----------
    objective : Objective
    path : Trajectory
        Finite.
    learning_rate, n_updates
        Of the descent from the path's end.

    Raises
    ------
    ValueError
        If the path is not finite or stays where it is.

    References
    ----------
    H. Li, Z. Xu, G. Taylor, C. Studer and T. Goldstein, "Visualizing the loss landscape of neural nets",
    NeurIPS (2018), section 7.

    Examples
    --------
    >>> from animate.learn.objectives import linear
    >>> from animate.learn.optimizers import gradient_descent
    >>> objective = linear([[-1.0, 0.5], [1.0, 0.5], [0.0, -1.0]], [1.0, 5.0, 3.0])
    >>> path = descend(objective, gradient_descent(0.1), [0.0, 0.0, 0.0], n_updates=50)
    >>> found = own_landscape(objective, path)
    >>> bool(found.shares.sum() > 0.999), abs(found.optimum.round(9)).tolist()
    (True, [0.0, 0.0])
    """
    minimum = descend(objective, heavy_ball(learning_rate, 0.9), path.final, n_updates).final
    plane, shares = principal_plane(path.params, origin=minimum)
    surface = Slice(objective, plane)
    shadow = Trajectory.from_arrays(plane.project(path.params), objective=surface)
    return Landscape(surface, shadow, plane.project(minimum), shares)
