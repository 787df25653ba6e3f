"""A named trajectory with its color."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from animate.draw.language import translated
from animate.draw.text_template import say
from animate.errors import did_you_mean
from animate.learn.descent import Trajectory, descend
from animate.learn.objectives import Objective
from animate.learn.optimizers import Optimizer
from animate.learn.sampling import FULL_BATCH, Sampler

RUN_ROLES = ("first", "second", "third", "fourth", "fifth", "sixth")
RUN_MARKERS = dict(zip(RUN_ROLES, ("o", "s", "^", "D", "v", "P"), strict=True))
"""The marker at the head of a run of each color: runs differ by more than their colors."""
RUN_SIGNS = dict(zip(RUN_ROLES, "\u25cf\u25a0\u25b2\u25c6\u25bc\u271a", strict=True))
"""The same markers as characters, before names in a key."""
_KNOWN_ROLES = (*RUN_ROLES, "ink")


Method = Optimizer | tuple[Optimizer, Sampler]
"""An optimizer, alone or with the sampler of its points."""


class Problem(Protocol):
    """Data with the objective that is minimized on them."""

    @property
    def objective(self) -> Objective:
        """What is minimized."""
        ...


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

    Raises
    ------
    ValueError
        If the role is none of these.
    """

    name: str
    trajectory: Trajectory
    role: str = "first"

    def __post_init__(self) -> None:
        if self.role not in _KNOWN_ROLES:
            hint = did_you_mean(self.role, _KNOWN_ROLES)
            raise ValueError(f"role must be one of {', '.join(_KNOWN_ROLES)}; got {self.role!r}.{hint}")

    @property
    def marker(self) -> str:
        """Return the marker at its head, as matplotlib calls it."""
        return RUN_MARKERS.get(self.role, "o")

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

    def divergence(self) -> tuple[str, ...]:
        """Return how this run diverges, in ever fewer words."""
        name, infinite_at = str(translated(self.name or "Descent")), self.trajectory.diverged_at
        name = name[0].upper() + name[1:] if name[:2].isalpha() and name.isascii() else name  # not x or λ
        if infinite_at is None:
            return say(
                "{name} diverges: its loss is over 100 times what it was at the start.", "{name} diverges.", name=name
            )
        loss = self.trajectory.loss[: infinite_at + 1]
        with np.errstate(all="ignore"):
            is_ever_worse = bool((loss[1:] > loss[:-1]).all())
        long = "{name} diverges: at update {update} its numbers are infinite."
        if is_ever_worse:
            long = "{name} diverges: every update makes it worse, and at update {update} its numbers are infinite."
        brief = "{name} diverges: infinite at update {update}.", "{name} diverges."
        return say(long, *brief, name=name, update=infinite_at)

    def at(self, update: int) -> int:
        """Return the update this run shows: its own last one if it is shorter than the others."""
        return min(update, self.trajectory.n_updates)


def compare(
    problem: Problem | Objective | Mapping[str, Problem | Objective],
    optimizers: Method | Mapping[str, Method],
    *,
    start: npt.ArrayLike | None = None,
    n_updates: int,
    roles: Sequence[str] = RUN_ROLES,
) -> list[Run]:
    """Return a run for each optimizer or each problem, with its name and a color of its own.

    Parameters
    ----------
    problem
        A problem, such as `linear_problem` returns, or an objective; or a mapping from the name of each run to its own.
    optimizers
        An optimizer, or a pair of it and a sampler (without: all points), for all runs; or a mapping from their names.
    start : array, shape (n_params,) or (n_runs, n_params), optional
        The objective's parameters; `starting_params` computes them from a line in the data's units. Where not given,
        those of the first problem: that of a line has its own.
    n_updates : int
    roles : sequence of str
        Colors of the runs, in order.

    Raises
    ------
    ValueError
        If there are more runs than roles, `start` or `n_updates` does not fit, or there is no start.
    KeyError
        If a run with an optimizer has no problem, or one with a problem no optimizer.

    Examples
    --------
    >>> from animate import datasets, linear_problem, optimizers
    >>> problem = linear_problem(datasets.line(10, rng=0))
    >>> methods = {"Plain": optimizers.gradient_descent(0.1), "Momentum": optimizers.heavy_ball(0.1, 0.8)}
    >>> plain, momentum = compare(problem, methods, start=[0.0, 0.0], n_updates=5)
    >>> plain.name, plain.role, momentum.role, momentum.trajectory.n_updates
    ('Plain', 'first', 'second', 5)
    """
    names = list(problem if isinstance(problem, Mapping) else optimizers if isinstance(optimizers, Mapping) else [""])
    if len(names) > len(roles):
        raise ValueError(f"roles must name a color for each of {len(names)} runs; got {len(roles)}")
    start = _first_params(problem) if start is None else start
    starts = np.broadcast_to(start, (len(names), np.atleast_1d(start).shape[-1]))
    runs = []
    for name, first, role in zip(names, starts, roles, strict=False):
        own = problem[name] if isinstance(problem, Mapping) else problem
        method = optimizers[name] if isinstance(optimizers, Mapping) else optimizers
        runs.append(Run(name, _descent(own, method, first, n_updates), role))
    return runs


def _descent(problem: Problem | Objective, method: Method, start: npt.ArrayLike, n_updates: int) -> Trajectory:
    optimizer, sampler = (method, FULL_BATCH) if isinstance(method, Optimizer) else method
    objective = problem if isinstance(problem, Objective) else problem.objective
    return descend(objective, optimizer, start, n_updates, sampler)


def _first_params(problem: Problem | Objective | Mapping[str, Problem | Objective]) -> npt.ArrayLike:
    """Return the parameters where the runs of a problem begin unless told otherwise: those of its first line."""
    own = next(iter(problem.values())) if isinstance(problem, Mapping) else problem
    first: npt.ArrayLike | None = getattr(own, "first", None)
    if first is None:
        raise ValueError("start must be the parameters where the runs begin; got none, and the problem has none")
    return first
