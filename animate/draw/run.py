"""A named trajectory with the color it keeps in every panel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from animate.learn.descent import Trajectory

RUN_ROLES = ("first", "second", "third", "fourth", "fifth", "sixth")


@dataclass(frozen=True)
class Run:
    """One descent as the panels show it.

    Parameters
    ----------
    name : str
        What it is called where it is labelled.
    trajectory : Trajectory
        Its parameters and losses per update.
    role : str
        The color it has in every panel: ``first``, ``second``, ... ``sixth``, or ``ink``.
    """

    name: str
    trajectory: Trajectory
    role: str = "first"

    @property
    def diverges_at(self) -> int | None:
        """Return the update from which this run is lost, its loss staying 100 times above its start; or None."""
        trajectory = self.trajectory
        limit = 100.0 * float(trajectory.loss[0])
        ends_high = 0 < limit < trajectory.loss[-1]
        if trajectory.diverged_at is None and not ends_high:
            return None
        below = np.flatnonzero(trajectory.loss <= limit)
        return int(below[-1]) + 1 if below.size else 0

    def divergence(self) -> tuple[str, str]:
        """Return in long and short words how this run was lost; for a run that diverges."""
        name, infinite_at = self.name or "Descent", self.trajectory.diverged_at
        if infinite_at is None:
            return f"{name} diverges: its loss is over 100 times what it was at the start.", f"{name} diverges."
        long = f"{name} diverges: every update makes it worse, and at update {infinite_at} its numbers are infinite."
        return long, f"{name} diverges: infinite at update {infinite_at}."

    def at(self, update: int) -> int:
        """Return the update this run is at: its own last one, where it is shorter than the others."""
        return min(update, self.trajectory.n_updates)


def settles_at(run: Run, target: npt.ArrayLike, axis: int, *, share: float = 0.02) -> int:
    """Return the first update from which on one parameter stays within a share of its first distance from a target.

    The last update, where it never does.
    """
    distance = np.abs(run.trajectory.params[:, axis] - np.asarray(target, dtype=float)[axis])
    outside = np.flatnonzero(~(distance <= share * distance[0]))
    return min(int(outside[-1]) + 1 if outside.size else 0, run.trajectory.n_updates)


def loss_settles_at(run: Run, lowest: float, *, share: float = 0.1) -> int:
    """Return the first update from which on the loss stays within a share of its first height above ``lowest``.

    The last update, where it never does.
    """
    height = run.trajectory.loss - lowest
    outside = np.flatnonzero(~(height <= share * height[0]))
    return min(int(outside[-1]) + 1 if outside.size else 0, run.trajectory.n_updates)
