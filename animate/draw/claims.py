"""Claims about runs: sentences that are said only where the numbers bear them out.

A claim has words, numbers for them, and a condition computed from the runs. `say` returns the words, or None where the
condition does not hold, so that ``say(...) or say(...)`` is a claim and what is said in its place.

A run has **settled** once it stays within 1 % of its first distance from the optimum, and has **converged** once its
excess loss, the loss less the lowest there is, stays within 1/10,000 of the first. On a quadratic bowl with equal
curvatures both say the same.

A run that only passes near the optimum has not settled. So it has either stayed there for as many updates as it took to
come, or never moved away from the optimum and ends within that distance: then it cannot leave.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from animate.draw.formatting import apart, grouped, linear_terms, significant
from animate.draw.language import translated
from animate.draw.run import Run
from animate.draw.text_template import say, sentences
from animate.learn.convergence import (
    Outcome,
    classify_updates,
    overshoots_at,
    settling_update,
    shrinks_by,
    slowest_rate,
    updates_until,
)
from animate.learn.objectives import LinearPredictor
from animate.learn.problems import LinearProblem

SETTLED_SHARE = 0.01
"""Share of the first distance from the optimum within which a settled run stays."""

CONVERGED_SHARE = 1e-4
"""Share of the first excess loss within which a converged run stays."""

_ROUNDING = 1e-12


def settled_at(
    run: Run, optimum: npt.ArrayLike, *, axis: int | None = None, share: float = SETTLED_SHARE
) -> int | None:
    """Return the update from which a run stays near the optimum; None if it does not.

    A run that comes near only for its last updates may be passing through. It counts if it is near for at least half
    of its updates, or if no update took it away from the optimum and its last distance is near.

    Parameters
    ----------
    run : Run
    optimum : array, shape (n_params,)
    axis : int, optional
        The parameter whose distance counts; the Euclidean distance of all if not given.
    share : float
        Near is within this share of the first distance.

    Examples
    --------
    >>> from animate.learn.descent import Trajectory
    >>> run = Run("", Trajectory.from_arrays([[4.0], [1.0], [0.01]], loss=[16.0, 1.0, 0.0]))
    >>> settled_at(run, [0.0])
    2
    """
    target = np.asarray(optimum, dtype=float)
    with np.errstate(all="ignore"):
        whole = _distances(run, target)
        distance = whole if axis is None else np.abs(run.trajectory.params[:, axis] - target[axis])
        near = share * distance[0] + _ROUNDING * np.abs(target).max(initial=0.0)
        at = _since(distance <= near)
        cannot_leave = whole[-1] <= near and (np.diff(whole) <= _ROUNDING * whole[0]).all()
        return at if at is not None and (2 * at <= run.trajectory.n_updates or cannot_leave) else None


def all_settled(runs: Sequence[Run], goals: Sequence[npt.ArrayLike]) -> bool:
    """Return whether each run has settled at its own goal."""
    return all(settled_at(run, goal) is not None for run, goal in zip(runs, goals, strict=True))


def gained_at(run: Run, lowest: float, *, share: float = 0.9) -> int | None:
    """Return the update from which a share of the possible gain of loss is gained for good; None if it is not.

    Parameters
    ----------
    run : Run
    lowest : float
        The lowest loss there is.
    share : float
        Of the first loss less the lowest.
    """
    loss = np.asarray(run.trajectory.loss, dtype=float)
    with np.errstate(all="ignore"):
        return _since(loss - lowest <= (1 - share) * (loss[0] - lowest) + _ROUNDING * abs(lowest))


def converged_at(run: Run, lowest: float) -> int | None:
    """Return the update from which a run has converged: its excess loss stays within 1/10,000 of the first."""
    return gained_at(run, lowest, share=1 - CONVERGED_SHARE)


def updates_needed(
    objective: LinearPredictor, learning_rate: float, start: npt.ArrayLike, *, share: float = 0.01
) -> str:
    """Return after how many updates batch descent stays within a share of its first distance: a number or "never".

    It is "over 10¹⁵" where a direction is so flat that rounding hides its curvature.

    >>> from animate.learn.objectives import linear
    >>> objective = linear([-1.0, 1.0], [1.0, 5.0], loss="half_squared")
    >>> updates_needed(objective, 0.5, [0.0, 0.0]), updates_needed(objective, 2.5, [0.0, 0.0])
    ('7', 'never')
    """
    count = updates_until(objective, learning_rate, start, share=share)
    if count is not None:
        return grouped(count) if count < 1_000_000 else significant(count)
    is_stable = learning_rate < objective.stability_limit() * (1 - _ROUNDING)
    return str(translated("over 10¹⁵" if is_stable else "never"))


def distance_left(run: Run, optimum: npt.ArrayLike) -> float:
    """Return the last distance from the optimum as a share of the first; 0 for a run that began there."""
    distance = _distances(run, optimum)
    return float(distance[-1] / distance[0]) if distance[0] > 0 else 0.0


def settling(run: Run, optimum: npt.ArrayLike, *, name: str = "The line", goal: str = "the best line") -> Any:
    """Return how near a run has come: that it has settled, and when, or how much of its first distance is left.

    Parameters
    ----------
    run : Run
    optimum : array, shape (n_params,)
    name, goal : str
        What has settled, and where.

    Returns
    -------
    tuple of str or None
        A long and a short text; None if the run has no finite end.
    """
    name, goal = str(translated(name)), str(translated(goal))
    at, left, after = settled_at(run, optimum), distance_left(run, optimum), run.trajectory.n_updates
    return (
        say("{name} begins at {goal}.", "It begins at {goal}.", when=at == 0, name=name, goal=goal)  # but for rounding
        or say("{name} begins at {goal} and does not stay there.", "It does not stay at {goal}.",
               when=_begins_at(run, optimum), name=name, goal=goal)
        or say(
            "{name} has settled: from update {when} on it stays within 1 % of its first distance from {goal}.",
            "Settled at update {when}: within 1 %.",
            when=at, name=name, goal=goal,
        )
        or say(
            "After {after:update|updates} {left:%2} of the first distance from {goal} is left.",
            "{left:%2} of the distance is left.",
            when=left <= 1, left=left, after=after, goal=goal,
        )
        or say(
            "After {after:update|updates} it is {left} times as far from {goal} as at first.",
            "It is {left} times as far as at first.",
            when=np.isfinite(left), left=left, after=after, goal=goal,
        )
    )  # fmt: skip


def converging(run: Run, lowest: float) -> Any:
    """Return that a run has converged, and when, or its last loss and the lowest; None if that loss is not finite.

    A run that is there from update 0 on began at the lowest loss, but for rounding.
    """
    at, last = converged_at(run, lowest), float(run.trajectory.loss[-1])
    shown = dict(zip(("last", "lowest"), apart(last, lowest), strict=True))
    return say(
        "It begins at the lowest loss, {lowest}.", "It begins at the lowest loss.", when=at == 0, lowest=lowest,
    ) or say(
        "Converged: from update {when} on at most 1/10 000 of the first excess over the lowest loss, "
        "{lowest}, is left.",
        "Converged at update {when}.",
        when=at, lowest=lowest,
    ) or say(
        "After {after:update|updates} the loss is {last}; the lowest possible is {lowest}.",
        "Loss {last}; the lowest is {lowest}.",
        when=bool(np.isfinite(last)), after=run.trajectory.n_updates, **shown,
    )  # fmt: skip


def creeping(run: Run, objective: LinearPredictor, learning_rate: float, *, after: int) -> float | None:
    """Return the share that each update of batch descent takes off what is left; None if it does not at that one."""
    share = slowest_rate(objective, learning_rate)
    # The last update may be where rounding ends the descent: two on the way are looked at.
    updates, last = [after, min(2 * after, run.trajectory.n_updates - 1)], run.trajectory.n_updates
    return share if after < last and shrinks_by(run.trajectory.params, objective.optimum(), share, updates) else None


def stands_in(run: Run, optimum: npt.ArrayLike, *, before: int) -> int | None:
    """Return where the first parameter is furthest past its optimum while the second is still far from its own.

    It has to be before an update, and over 1/10 of the second parameter's first distance has to be left.
    """
    best = np.asarray(optimum, dtype=float)
    peak = overshoots_at(run.trajectory.params[:, 0], best[0])
    with np.errstate(all="ignore"):
        away = np.abs(run.trajectory.params[:, 1] - best[1])
        return peak if peak is not None and peak < before and away[peak] > 0.1 * away[0] else None


def best_line_shown(problem: LinearProblem, run: Run) -> str | None:
    """Return the best line, such as ``2.000 x + 1.000``, if a run ends on it to the digits shown; else None."""
    best = linear_terms(problem.without_rounding(problem.objective.optimum()))
    return best if linear_terms(problem.without_rounding(run.trajectory.final)) == best else None


def line_summary(problem: LinearProblem, runs: Sequence[Run], *, loss: str = "mean squared error") -> str:
    """Return on which lines runs end, with their losses, and which line has the lowest: an alternative text.

    Parameters
    ----------
    problem : LinearProblem
    runs : sequence of Run
    loss : str
        The name of the loss.
    """
    loss, n, last = str(translated(loss)), problem.data.n_samples, max(run.trajectory.n_updates for run in runs)
    names = _listed([str(translated(run.name)) for run in runs])
    begin = "{names} fit a line to {n} points in {updates:update|updates}."
    if len(runs) == 1:
        begin = "{names} fits a line to {n} points in {updates:update|updates}."
    ends = [
        say(
            "{name} ends at y = {line} with a {loss} of {value:4}, after {used:gradient|gradients}.",
            when=bool(np.isfinite(run.trajectory.loss[-1])), name=translated(run.name), loss=loss,
            line=linear_terms(problem.without_rounding(run.trajectory.final)), value=run.trajectory.loss[-1],
            used=int(run.trajectory.gradients_used[-1]),
        )
        for run in runs
    ]  # fmt: skip
    lowest = say(
        "The lowest {loss}, {value:4}, is that of y = {line}.", loss=loss, value=problem.objective.lowest(),
        line=linear_terms(problem.without_rounding(problem.objective.optimum())),
    )  # fmt: skip
    return sentences(say(begin, names=names, n=n, updates=last), *ends, lowest)


def falls_at_every_update(run: Run) -> bool:
    """Return whether no update raises the loss by more than rounding, and the last loss is below the first."""
    loss = np.asarray(run.trajectory.loss, dtype=float)
    with np.errstate(all="ignore"):
        fell = loss[0] - loss[-1] > 10 * _ROUNDING * abs(loss[0])
        return bool(fell and (np.diff(loss) <= _ROUNDING * np.abs(loss[:-1])).all())


def falls_ever_more_slowly(run: Run) -> bool:
    """Return whether the loss falls at every update, and never by more than at the update before."""
    loss = np.asarray(run.trajectory.loss, dtype=float)
    with np.errstate(all="ignore"):
        return falls_at_every_update(run) and bool((np.diff(loss, 2) >= -_ROUNDING * abs(loss[0])).all())


def first_rise(run: Run) -> int | None:
    """Return the first update that raises the loss by more than rounding; None if there is none."""
    loss = np.asarray(run.trajectory.loss, dtype=float)
    with np.errstate(all="ignore"):
        rises = ~(np.diff(loss) <= _ROUNDING * np.abs(loss[:-1]))
    return int(rises.argmax()) + 1 if rises.any() else None


def turns_back(run: Run) -> bool:
    """Return whether most updates, while the run is on its way, turn by more than a right angle: it zigzags."""
    with np.errstate(all="ignore"):
        steps = np.diff(np.asarray(run.trajectory.params, dtype=float), axis=0)
        lengths = np.linalg.norm(steps, axis=1)
        moving = lengths > 1e-3 * np.nanmax(lengths, initial=0.0)
        turns = np.einsum("ij,ij->i", steps[1:], steps[:-1]) < 0
    counted = turns[(moving[1:] & moving[:-1])[: len(turns)]]
    return bool(counted.size and counted.mean() > 0.5)


def wanders(run: Run, optimum: npt.ArrayLike) -> bool:
    """Return whether a run moves about around the optimum without coming closer.

    Over its second half its mean is nearer to the optimum than 3/4 of its root mean square distance. That is no more
    than the first distance, and the same in both quarters within a factor of 2. The loss both rises and falls.
    """
    distance = _distances(run, optimum)
    half, quarter = len(distance) // 2, 3 * len(distance) // 4
    if quarter <= half or not np.isfinite(distance).all():
        return False
    parts = distance[half:quarter], distance[quarter:], distance[half:]
    before, after, typical = (float(np.sqrt(np.square(part).mean())) for part in parts)
    center = np.linalg.norm(np.mean(run.trajectory.params[half:], axis=0) - np.asarray(optimum, dtype=float))
    changes, least = np.diff(run.trajectory.loss[half:]), 1e-9 * abs(float(run.trajectory.loss[0]))
    around = center <= 0.75 * typical <= distance[0] and 0.5 * before <= after <= 2 * before
    return bool(around and (changes > least).any() and (changes < -least).any())


def best_of(scores: Mapping[str, float]) -> str | None:
    """Return the name with the lowest score; None if none is finite or another is as low, but for rounding.

    >>> best_of({"a": 2.0, "b": 1.0}), best_of({"a": 1.0, "b": 1.0})
    ('b', None)
    """
    finite = {name: float(score) for name, score in scores.items() if np.isfinite(score)}
    if not finite:
        return None
    name = min(finite, key=finite.__getitem__)
    level = finite[name] + 1e-9 * max(map(abs, finite.values()))
    return name if sum(score <= level for score in finite.values()) == 1 else None


def convergence_summary(runs: Sequence[Run], best: float) -> tuple[str, str]:
    """Return in long and short words which runs have converged, diverged or not, by their names."""
    ends = {run.name: classify_updates(run.trajectory.loss, best)[-1] for run in runs}
    named = {
        word: list(dict.fromkeys(str(translated(name)).strip() for name, end in ends.items() if end == word))
        for word in _ENDINGS
    }
    long = [say(_ENDINGS[word][len(names) > 1], names=_listed(names)) for word, names in named.items() if names]
    short = [
        say("{outcome}: {names}", outcome=translated(word), names=", ".join(names))
        for word, names in named.items()
        if names and word != "on its way"
    ]
    return "; ".join(long) + ".", _capitalized("; ".join(short) or say("nothing converged yet")) + "."


def first_converged(runs: Sequence[Run], best: float) -> Any:
    """Return which run is the first to converge, and when; None if none converges, or two at the same update."""
    arrivals = {run.name: at for run in runs if (at := converged_at(run, best)) is not None}
    name = best_of(arrivals) or ""
    words = _capitalized(str(translated(name)).strip())
    return say("{name} is the first, after {when:update|updates}.", when=arrivals.get(name), name=words)


def _capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]


_ENDINGS: dict[Outcome, tuple[str, str]] = {
    "converged": ("{names} converged", "{names} converged"),
    "on its way": ("{names} did not converge", "{names} did not converge"),
    "bounces": ("{names} bounces", "{names} bounce"),
    "diverges": ("{names} diverged", "{names} diverged"),
}
"""How one run ended, and how several did."""


def _listed(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    return say("{names} and {last}", names=", ".join(names[:-1]), last=names[-1])


def arrival_summary(runs: Sequence[Run], goal: float, *, above: float = 0.0) -> tuple[str, str, str]:
    """Return after how many updates each run's loss reaches ``goal`` and stays there, in ever fewer words."""
    arrivals = {str(translated(run.name)): settling_update(run.trajectory.loss - above, goal) for run in runs}
    there = sorted((update, name) for name, update in arrivals.items() if update is not None)
    lost = [str(translated(run.name)) for run in runs if run.diverges_at is not None]
    missing = [name for name, update in arrivals.items() if update is None and name not in lost]
    after = max(run.trajectory.n_updates for run in runs)
    if not there:
        none = say("None of them reached the goal in {updates:update|updates}.", updates=after)
        return none, none, say("None reached it in {after}.", after=after)
    quickest = [name for update, name in there if update == there[0][0]]
    late = say("; not in {after}: {names}", after=after, names=", ".join(missing)) if missing else ""
    late += say("; diverged: {names}", names=", ".join(lost)) if lost else ""
    first = say("{name} after {updates:update|updates}", name=there[0][1], updates=there[0][0])
    long = ", ".join([first, *(f"{name} {update}" for update, name in there[1:])])
    short = ", ".join(f"{name} {update}" for update, name in there)
    not_yet = say("; {n} not yet", n=len(missing)) if missing else ""
    not_yet += say("; {n} diverged", n=len(lost)) if lost else ""
    return (
        say("Reached the goal: {names}{late}.", names=long, late=late),
        say("Reached: {names}{late}.", names=short, late=not_yet),
        say("First: {name}, after {n}{late}.", name=_listed(quickest), n=there[0][0], late=not_yet),
    )


def _distances(run: Run, optimum: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return the Euclidean distance from the optimum after each update, shape (n_updates + 1,)."""
    with np.errstate(all="ignore"):
        away = np.asarray(run.trajectory.params, dtype=float) - np.asarray(optimum, dtype=float)
        return np.asarray(np.linalg.norm(away, axis=1), dtype=float)


def _begins_at(run: Run, optimum: npt.ArrayLike) -> bool:
    """Return whether the first distance from an optimum is no more than rounding."""
    return bool(_distances(run, optimum)[0] <= _ROUNDING * np.abs(optimum).max(initial=0.0))


def _since(holds: npt.NDArray[np.bool_]) -> int | None:
    """Return the first entry from which a condition holds to the end; None if it does not hold at the end."""
    outside = np.flatnonzero(~holds)
    first = int(outside[-1]) + 1 if outside.size else 0
    return first if first < len(holds) else None
