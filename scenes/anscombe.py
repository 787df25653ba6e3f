"""Can four data sets teach the same line?

Anscombe's quartet: batch gradient descent on the mean squared error, without a half, from the same first line on each of
the four; x is standardized for the descent.
"""

from typing import Annotated

import numpy as np

from animate import LearningRate, Scene, Timeline, Updates, descend, formatting, linear_problem, optimizers, panels
from animate.learn import anscombe

SHAPES = {"I": "a noisy line", "II": "a smooth curve", "III": "one outlier", "IV": "one far point"}
WINDOW = ((2.5, 20.5), (2.0, 17.5))


def build(
    learning_rate: Annotated[LearningRate, "Step size of all four"] = 0.05,
    n_updates: Annotated[Updates, "Updates, all 11 points each"] = 100,
    start: Annotated[tuple[float, float], "Slope and intercept of the first line, the same four times"] = (-0.45, 12.5),
) -> Scene:
    problems = [linear_problem(anscombe(series), standardize=True) for series in SHAPES]
    steps = optimizers.gradient_descent(learning_rate)
    runs = [
        panels.Run(series, descend(problem.objective, steps, problem.from_units(start), n_updates), role)
        for series, problem, role in zip(SHAPES, problems, panels.RUN_ROLES, strict=False)
    ]
    fits = [
        panels.LineFit(problem=problem, run=run, title=(f"{run.name}: {shape}", run.name), limits=WINDOW, headline="equation")
        for problem, run, shape in zip(problems, runs, SHAPES.values(), strict=True)
    ]
    lines = [problem.in_units(run.trajectory.params) for problem, run in zip(problems, runs, strict=True)]
    slopes_apart, intercepts_apart = np.ptp(lines, axis=0).max(axis=0)
    ends = [
        f"y = {formatting.linear_terms(line[-1], decimals=[formatting.decimals_for(value, 3, least=2) for value in line[-1]])}"
        for line in lines
    ]
    scores = [f"{problem.r_squared(run.trajectory.final):.3f}" for problem, run in zip(problems, runs, strict=True)]
    one_line = f"One line, four times: {ends[0]}." if len({*ends}) == 1 else f"Slopes within {slopes_apart:.4f}."
    return Scene(
        title=("Can four data sets teach the same line?", "Four data sets, one line?"),
        caption={
            0: ("Four data sets of 11 points. Four descents begin with the same line and the same learning rate.",
                "Four data sets, and the same first line on each."),
            max(1, n_updates // 40): (
                f"All the way the slopes stay within {slopes_apart:.4f} of each other, the intercepts within {intercepts_apart:.4f}.",
                f"All the way the slopes stay within {slopes_apart:.4f}."),
            max(2, n_updates // 8): (
                "The gradient sees the points only through the means of x, y, x\u00b2 and xy, and those agree here.",
                "The gradient sees only means of x, y, x\u00b2 and xy."),
            n_updates: (f"{one_line} Only the picture tells whether a line belongs there.", one_line,
                                "One line, four times: look at the points!"),
        },
        panels=[[fits[0], fits[2]], [fits[1], fits[3]]],
        timeline=Timeline(n_updates, seconds=7.0, pace="log", hold_end=3.0),
        alt=f"Batch gradient descent on each of the four data sets of Anscombe's quartet, from one first line. After "
        f"{n_updates} updates: {'; '.join(f'{s} {end}, R² {r}' for s, end, r in zip(SHAPES, ends, scores, strict=True))}. "
        f"{'; '.join(f'{series} holds {shape}' for series, shape in SHAPES.items())}.",
    )  # fmt: skip
