"""A named trajectory with its color."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from animate.learn.descent import Trajectory

RUN_ROLES = ("first", "second", "third", "fourth", "fifth", "sixth")


@dataclass(frozen=True)
class Run:
    """A descent as the panels show it.

    Parameters
    ----------
    name : str
        Its label.
    trajectory : Trajectory
        Its parameters and losses per update.
    role : str
        Its color in every panel: ``first``, ``second``, ... ``sixth``, or ``ink``.
    """

    name: str
    trajectory: Trajectory
    role: str = "first"

    @property
    def diverges_at(self) -> int | None:
        """Return the update from which the loss stays over 100 times its start, or None if it does not diverge."""
        trajectory = self.trajectory
        limit = 100.0 * float(trajectory.loss[0])
        ends_high = 0 < limit < trajectory.loss[-1]
        if trajectory.diverged_at is None and not ends_high:
            return None
        below = np.flatnonzero(trajectory.loss <= limit)
        return int(below[-1]) + 1 if below.size else 0

    def divergence(self) -> tuple[str, str]:
        """Return how this run diverges, in a sentence and in short."""
        name, infinite_at = self.name or "Descent", self.trajectory.diverged_at
        if infinite_at is None:
            return f"{name} diverges: its loss is over 100 times what it was at the start.", f"{name} diverges."
        long = f"{name} diverges: every update makes it worse, and at update {infinite_at} its numbers are infinite."
        return long, f"{name} diverges: infinite at update {infinite_at}."

    def at(self, update: int) -> int:
        """Return the update this run shows: its own last one if it is shorter than the others."""
        return min(update, self.trajectory.n_updates)


def settles_at(run: Run, target: npt.ArrayLike, axis: int, *, share: float = 0.02) -> int:
    """Return the first update from which a parameter stays near a target; the last update if it never does.

    Parameters
    ----------
    run : Run
    target : array (n_params,)
    axis : int
        Which parameter.
    share : float
        Near means within this share of the parameter's first distance.
    """
    distance = np.abs(run.trajectory.params[:, axis] - np.asarray(target, dtype=float)[axis])
    outside = np.flatnonzero(~(distance <= share * distance[0]))
    return min(int(outside[-1]) + 1 if outside.size else 0, run.trajectory.n_updates)


def loss_settles_at(run: Run, lowest: float, *, share: float = 0.1) -> int:
    """Return the first update from which the loss stays near its lowest; the last update if it never does.

    Parameters
    ----------
    run : Run
    lowest : float
        The lowest loss possible.
    share : float
        Near means within this share of the first excess loss.
    """
    height = run.trajectory.loss - lowest
    outside = np.flatnonzero(~(height <= share * height[0]))
    return min(int(outside[-1]) + 1 if outside.size else 0, run.trajectory.n_updates)
