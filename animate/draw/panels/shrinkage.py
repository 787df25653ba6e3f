"""What one update does to one weight under the lasso and under ridge, with the numbers put in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from animate.draw.panels.formula import ARROW, Formula, Term
from animate.draw.run import Run
from animate.learn.lasso import Lasso
from animate.learn.objectives import LinearPredictor


def shrinkage_rules(
    lasso: tuple[Lasso, Run],
    ridge: tuple[LinearPredictor, Run],
    *,
    learning_rate: float,
    axis: int,
    name: str,
    **fields: Any,
) -> Formula:
    """Return the rules of both for one weight: a gradient step of the loss to v, then v moved towards 0.

    The lasso takes off clip(v, -ηλ, ηλ), all of v where that is small; ridge takes off ηλ times the weight.

    Parameters
    ----------
    lasso, ridge : pair of objective and Run
        Each with its penalty.
    learning_rate : float
        Of both.
    axis : int
        Which weight.
    name : str
        Its symbol as mathtext, without dollars.
    """
    given: dict[str, Any] = {
        "rules": [_lasso_rule(*lasso, learning_rate, axis, name), _ridge_rule(*ridge, learning_rate, axis, name)],
        "roles": (lasso[1].role, ridge[1].role),
    }
    return Formula(**given | fields)


def _lasso_rule(objective: Lasso, run: Run, learning_rate: float, axis: int, name: str) -> Sequence[Term]:
    moved = _gradient_steps(objective.smooth, run, learning_rate, axis)
    threshold = learning_rate * objective.lasso_penalty
    taken = Term(r"$\mathrm{clip}_{\eta\lambda}(v)$", np.clip(moved, -threshold, threshold))
    return [Term(f"${name}$", run.trajectory.params[:, axis]), Term(ARROW), Term("$v$", moved), Term("$-$"), taken]


def _ridge_rule(objective: LinearPredictor, run: Run, learning_rate: float, axis: int, name: str) -> Sequence[Term]:
    weights = run.trajectory.params[:, axis]
    moved = _gradient_steps(replace(objective, ridge_penalty=0.0), run, learning_rate, axis)
    with np.errstate(all="ignore"):
        share = learning_rate * objective.ridge_penalty * np.append(np.nan, weights[:-1])
    taken = Term(rf"$\eta\lambda\,{name}$", share)
    return [Term(f"${name}$", weights), Term(ARROW), Term("$v$", moved), Term("$-$"), taken]


def _gradient_steps(objective: LinearPredictor, run: Run, learning_rate: float, axis: int) -> np.ndarray:
    """Return where a plain gradient step leads from the weight before each update, nan for the start."""
    before = run.trajectory.params[:-1]
    with np.errstate(all="ignore"):
        steps = [params[axis] - learning_rate * objective.gradient(params)[axis] for params in before]
    return np.array([np.nan, *steps])
