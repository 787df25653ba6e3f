"""How hard each point pulls on each of several fits: stems of the share of all pull."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from animate.draw.formatting import readable
from animate.draw.panels.stems import StemRow, Stems
from animate.draw.readout import decimals_for, number
from animate.draw.run import Run
from animate.draw.style import ResponsiveText
from animate.learn.diagnostics import pull_balance, pull_shares
from animate.learn.problems import LinearProblem


def pull_stems(
    fits: Sequence[tuple[LinearProblem, Run]],
    names: Sequence[ResponsiveText],
    *,
    marked: np.ndarray,
    **fields: Any,
) -> Stems:
    """Return the panel of each point's share of the pull, a row of stems for each fit.

    Parameters
    ----------
    fits : sequence of (LinearProblem, Run)
        On the same data.
    names : sequence of ResponsiveText
        One per row.
    marked : array of int
        Rows of the data whose share together stands at the right; the largest share of one where empty.
    **fields
        Of ``Stems``.
    """
    data = fits[0][0].data
    rows = [_row(problem, run, name, marked) for (problem, run), name in zip(fits, names, strict=True)]
    note = ("outliers’ share", "outliers") if len(marked) else ("largest share", "largest")
    given: dict[str, Any] = {
        "rows": rows,
        "n_updates": max(run.trajectory.n_updates for _, run in fits),
        "x_name": readable(data.x_name) if data.x_name != "x" else "",
        "note": note,
    }
    return Stems(**given | fields)


def _row(problem: LinearProblem, run: Run, name: ResponsiveText, marked: np.ndarray) -> StemRow:
    def shares(update: int) -> np.ndarray:
        return pull_shares(problem.objective, run.trajectory.params[run.at(update)])

    def note(update: int) -> str:
        sizes = np.abs(shares(update))
        share = float(sizes[marked].sum() if len(marked) else sizes.max())
        return f"{100 * share:.0f} %" if np.isfinite(share) else "–"

    return StemRow(name, problem.data.x, shares, role=run.role, note=note)


def pull_summary(problem: LinearProblem, run: Run) -> Callable[[int], ResponsiveText]:
    """Return from the update how much pulls a line up and how much pulls it down: equal where it comes to rest."""

    def balance(update: int) -> tuple[float, float]:
        return pull_balance(problem.objective, run.trajectory.params[run.at(update)])

    places = 0 if problem.objective.loss.name == "absolute" else decimals_for(max(balance(run.trajectory.n_updates)), 3)

    def words(update: int) -> ResponsiveText:
        up, down = balance(update)
        text = f"up {number(up, places)}, down {number(down, places)}"
        return f"pull {text}", text

    return words
