"""Where does the gradient come from?

The loss of three points is L = mean r², r = w x + b - y, without a half. By the chain rule its derivatives are
∂L/∂w = mean 2 r x and ∂L/∂b = mean 2 r. The table shows the terms that the update on screen uses.
"""

from typing import Annotated

import numpy as np
from animate import (
    Beat, LearningRate, Range, Scene, Updates, claims, compare, formatting, linear_problem, load_table, marks, optimizers,
    panels, say, to_end, up_to,
)

Three = Annotated[tuple[float, float, float], Range(-100.0, 100.0), "Of the three points"]


def build(
    x: Three = (1.0, 2.0, 4.0),
    y: Three = (2.0, 5.0, 6.0),
    start: Annotated[tuple[float, float], Range(-100.0, 100.0), "Slope and intercept of the first line"] = (0.5, 1.0),
    learning_rate: LearningRate = 0.05,
    n_updates: Updates = 180,
) -> Scene:
    problem = linear_problem(load_table({"x": x, "y": y}), standardize=False)  # points above each other are refused
    (run,) = compare(problem, {"Descent": optimizers.gradient_descent(learning_rate)}, start=start, n_updates=n_updates)
    terms = problem.objective.gradient_terms(run.trajectory.params[[0, *range(n_updates)]])  # before an update
    columns = np.concatenate([np.broadcast_to(np.vstack(x), (n_updates + 1, 3, 1)), terms[..., 1:] / 2, terms], axis=-1)
    (_, r, w, b), (mean_w, mean_b), loss = columns[0, 0], terms[0].mean(axis=0), formatting.apart(*run.trajectory.loss[:2])
    first = formatting.fewest_digits(r, lambda r: f"{formatting.significant(2 * r * x[0])}, {formatting.significant(2 * r)}", 3)
    return Scene(
        title="Where does the gradient come from?",
        panels=[
            panels.LineFit(problem=problem, run=run, title="Three points", labels="123", weight=0.75,
                           extra=[marks.Ring([[x[0], y[0]]], name="ring", color="ink")]),
            [panels.Plot(*marks.number_rows(["point", "x", "r", "2 r x", "2 r"], columns, means=(2, 3), role=run.role),
                         axes=False),
             panels.Formula.of_descent(problem.objective, run, learning_rate, title="The update", name="rule")],
        ],
        beats=[
            Beat("Three points and a first line y = w x + b. Which way to change w and b?",
                 enter=["points", "label", "line"], seconds=1.4),
            Beat("The loss L is the mean of the squared residuals, r = w x + b − y.",
                 enter=["residuals", "readout", "subtitle", "score"], seconds=1.7),
            Beat(("Chain rule: r² changes by 2 r times what r changes by, which is x for w and 1 for b.",
                  "Chain rule: 2 r times x for w, times 1 for b."), enter="header", focus="header", seconds=2.3),
            Beat(say("The first point: r = {r}, so its terms are 2 r x = {w} and 2 r = {b}.",
                     "First point: {w} and {b}.", r=first, w=w, b=b), enter=["row 1", "ring"], focus=["row 1", "ring"], seconds=2.0),
            Beat(say("The other two the same way. The means are the gradient: {w} by w and {b} by b.",
                     "The means are the gradient: {w}, {b}.", w=mean_w, b=mean_b),
                 enter=["row 2", "row 3", "mean"], leave="ring", seconds=2.2),
            Beat(say("One update subtracts η times the gradient: the loss falls from {before} to {after}.",
                     "One update: the loss falls to {after}.", before=loss[0], after=loss[1],
                     when=loss[0] != loss[1] and claims.first_rise(run) != 1) or "One update subtracts η times the gradient.",
                 enter="rule", updates=up_to(1), slow=True, focus=["line", "rule", "mean"], seconds=2.0),
            Beat(say("Every update begins with new residuals.", when=loss[0] != loss[1]) or "Then the next, and the next.",
                 updates=to_end, pace="log", seconds=1.2),
            Beat(claims.settling(run, problem.objective.optimum()) or run.divergence(), seconds=0, hold=2.0),
        ],
    )
