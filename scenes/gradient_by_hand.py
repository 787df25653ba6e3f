"""Where does the gradient come from?

The loss of three points is L = mean r², r = w x + b - y, without a half. By the chain rule its derivatives are
∂L/∂w = mean 2 r x and ∂L/∂b = mean 2 r. The table shows the terms that the update on screen uses.
"""

from typing import Annotated

import numpy as np

from animate import (
    Beat, LearningRate, Range, RegressionData, Scene, Updates, claims, compare, formatting, linear_problem, marks, optimizers,
    load_table, panels, say, sentences, to_end, up_to,
)

Three = Annotated[tuple[float, float, float], Range(-100.0, 100.0), "Of the three points"]


def build(
    x: Three = (1.0, 2.0, 4.0),
    y: Three = (2.0, 5.0, 6.0),
    start: Annotated[tuple[float, float], Range(-100.0, 100.0), "Slope and intercept of the first line"] = (0.5, 1.0),
    learning_rate: LearningRate = 0.05,
    n_updates: Updates = 180,
) -> Scene:
    problem = linear_problem(RegressionData.from_table(load_table({"x": x, "y": y})))  # points above each other are refused
    (run,) = compare(problem, {"Descent": optimizers.gradient_descent(learning_rate)}, start=start, n_updates=n_updates)
    loss, points = run.trajectory.loss, problem.data
    with np.errstate(all="ignore"):  # a run that diverges
        residuals = run.trajectory.params @ problem.objective.design.T - points.y
        terms = np.stack([residuals, 2 * residuals * points.x, 2 * residuals], axis=-1)  # (n_updates + 1, 3, 3)
        slopes = terms.mean(axis=1)[:, 1:]
    ends = np.array([points.x.min() - 1, points.x.max() + 1])
    lines = [np.stack([ends, run.trajectory.params[k] @ [ends, [1, 1]]], axis=-1) for k in (0, 1, 5, 20, -1) if k <= n_updates]
    lines += [np.array([[a, b], [a, b + r]]) for a, b, r in zip(points.x, points.y, residuals[0], strict=True)]

    is_small = np.abs(terms[0]).max() < 0.1

    def short(value: float) -> str:
        return formatting.number(float(value), 2) if abs(value) < 1 and not is_small else formatting.significant(float(value), 2 if is_small else 3)

    def row(of: int) -> marks.TextTable:
        def cells(k: int) -> list[list[str]]:
            return [[""] * 5] * (of + 1) + [[str(of + 1), *map(short, (points.x[of], *terms[max(k - 1, 0), of]))]] + [[""] * 5] * (3 - of)

        return marks.TextTable(cells, align="lrrrr", name=f"row {of + 1}", color="ink")

    def means(k: int) -> list[list[str]]:
        return [[""] * 5] * 4 + [["mean", "", "", *map(short, slopes[max(k - 1, 0)])]]

    (r, by_w, by_b), (first_w, first_b) = terms[0, 0], slopes[0]
    return Scene(
        title="Where does the gradient come from?",
        beats=[
            Beat("Three points and a first line y = w x + b. Which way to change w and b?", enter=["points", "number", "line"], seconds=1.4),
            Beat("The loss L is the mean of the squared residuals, r = w x + b − y.",
                 enter=["residuals", "readout", "subtitle"], seconds=1.7),
            Beat(("Chain rule: r² changes by 2 r times what r changes by, which is x for w and 1 for b.",
                  "Chain rule: 2 r times x for w, times 1 for b."),
                 enter="header", focus="header", seconds=2.3),
            Beat(say("The first point: r = {r}, so its terms are 2 r x = {w} and 2 r = {b}.", "First point: {w} and {b}.", r=r, w=by_w, b=by_b),
                 enter=["row 1", "ring"], focus=["row 1", "ring"], seconds=2.0),
            Beat(say("The other two the same way. The means are the gradient: {w} by w and {b} by b.", "The means are the gradient: {w}, {b}.",
                     w=first_w, b=first_b), enter=["row 2", "row 3", "mean"], leave="ring", seconds=2.2),
            Beat(say("One update subtracts η times the gradient: the loss falls from {before} to {after}.", "One update: the loss falls to {after}.",
                     when=loss[1] < loss[0], before=loss[0], after=loss[1])
                 or "One update subtracts η times the gradient.", enter="rule", updates=up_to(1), slow=True, focus=["line", "rule", "mean"],
                 seconds=2.0),
            Beat("Every update begins with new residuals.", updates=to_end, pace="log", seconds=1.2),
            Beat(claims.settling(run, problem.objective.optimum()) or "The loss is more than a 64-bit number can hold.", seconds=0, hold=2.0),
        ],
        panels=[
            panels.LineFit(problem=problem, run=run, title="Three points", weight=0.75, extra=[
                marks.Ring([[x[0], y[0]]], name="ring", color="ink"),
                marks.Labels(np.stack([points.x, points.y], axis=-1), ["1", "2", "3"], name="number", color="ink",
                             avoid=lines),
            ]),
            [
                panels.Plot(
                    marks.TextTable([["point", "x", "r", "2 r x", "2 r"], *[[""] * 5] * 4], align="lrrrr", name="header", color="muted"),
                    *map(row, range(3)),
                    marks.TextTable(means, align="lrrrr", name="mean", color=run.role),
                    axes=False, limits=((0, 1), (0, 1))
                ),
                panels.Formula.of_descent(problem.objective, run, learning_rate, title="The update", name="rule"),
            ],
        ],
        alt=sentences(
            say("The gradient of the mean squared error of a line over three points: {w} by the slope and {b} by the intercept.", w=first_w,
                b=first_b),
            say("After {updates:update|updates} the loss is {loss}; it was {first}.", when=np.isfinite(loss[-1]), updates=n_updates, loss=loss[-1],
                first=loss[0]),
        ),
    )
