"""Which points a logistic model puts on the right side of one half, and how many."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from animate.draw.readout import Readout
from animate.draw.run import Run
from animate.draw.style import Style
from animate.learn.problems import LogisticProblem


def verdicts(logits: npt.ArrayLike, labels: npt.ArrayLike) -> np.ndarray:
    """Return 1 for a point on its label's side of one half, -1 on the other side, 0 at exactly one half.

    >>> verdicts([2.0, -1.0, 0.0], [1.0, 1.0, 0.0]).tolist()
    [1, -1, 0]
    """
    side = np.nan_to_num(np.sign(logits))
    return np.where(np.asarray(labels) == 1, side, -side).astype(int)


def count_verdicts(problem: LogisticProblem, run: Run) -> tuple[np.ndarray, np.ndarray]:
    """Return how many points are right and how many wrong after each update, two arrays (n_updates + 1,)."""
    params = problem.in_units(run.trajectory.params)
    right, wrong = [], []
    for weights in params:  # one update at a time: the whole table would be n_updates times n_samples large
        side = verdicts(problem.data.X @ weights[:-1] + weights[-1], problem.data.labels)
        right.append(int((side > 0).sum()))
        wrong.append(int((side < 0).sum()))
    return np.array(right), np.array(wrong)


def share_right(problem: LogisticProblem, run: Run, style: Style) -> Readout:
    """Return the readout of the share of points on the right side, with the wrong ones counted where there is room."""
    right, wrong = count_verdicts(problem, run)
    return share_readout(len(problem.data.labels), lambda update: (right[run.at(update)], wrong[run.at(update)]), style)


def share_readout(n_samples: int, count: Callable[[int], tuple[int, int]], style: Style) -> Readout:
    """Return the readout of the share of points that are right; ``count`` gives how many are right, how many wrong."""

    def text(update: int) -> str:
        right, wrong = count(update)
        if right + wrong == 0:
            return "undecided"
        share = f"{100 * right / n_samples:.1f} % right"
        return share if style.compact else f"{wrong} of {n_samples} wrong, {share}"

    widest = "100.0 % right" if style.compact else f"{n_samples} of {n_samples} wrong, 100.0 % right"
    return Readout("", text, widest)
