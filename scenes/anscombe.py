"""Can four data sets teach the same line?

Anscombe's quartet: batch gradient descent on the mean squared error, without a half, from the same first line on each of
the four; x is standardized for the descent.
"""

from typing import Annotated

import numpy as np

from animate import (
    Beat, LearningRate, Scene, Updates, descend, formatting, linear_problem, optimizers, panels, say, sentences, to_end, up_to,
)
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
    with np.errstate(all="ignore"):  # a run that diverges
        slopes_apart, intercepts_apart = np.ptp(lines, axis=0).max(axis=0)
    ends = [
        say("y = {line}", line=formatting.linear_terms(line[-1], decimals=[formatting.decimals_for(value, 3, least=2) for value in line[-1]]))
        for line in lines
    ]
    scores = [formatting.number(problem.r_squared(run.trajectory.final), 3) for problem, run in zip(problems, runs, strict=True)]
    one_line = (
        say("One line, four times: {line}.", when=len({*ends}) == 1 and bool(np.isfinite(lines).all()), line=ends[0])
        or say("At the end the slopes are within {slopes} of each other.", when=bool(np.isfinite(lines).all()),
               slopes=float(np.ptp([line[-1, 0] for line in lines if np.isfinite(line).all()] or [0.0])))
        or "At this rate no line settles."
    )
    apart = {"slopes": slopes_apart, "intercepts": intercepts_apart}
    return Scene(
        title=("Can four data sets teach the same line?", "Four data sets, one line?"),
        beats=[
            Beat("Four data sets of 11 points each. They look nothing alike.", enter="points", seconds=1.8),
            Beat(("Four descents begin with the same line and the same learning rate.", "The same first line on each."),
                 enter=["line", "residuals", "readout", "score"], seconds=1.8),
            Beat(say("All the way the slopes stay within {slopes:.4} of each other, the intercepts within {intercepts:.4}.",
                     "All the way the slopes stay within {slopes:.4}.", when=bool(np.isfinite(lines).all()), **apart)
                 or "The first updates.", updates=up_to(3), slow=True, seconds=2.8),
            Beat(("The gradient sees the points only through the means of x, y, x\u00b2 and xy, and those nearly agree here.",
                  "The gradient sees only means of x, y, x\u00b2 and xy."), updates=to_end, pace="log", seconds=3.8),
            Beat((say("{line} Only the picture tells whether a line belongs there.", line=one_line), one_line, "Look at the points!"), seconds=0,
                 hold=3.0),
        ],
        panels=[[fits[0], fits[2]], [fits[1], fits[3]]],
        alt=sentences(
            "Batch gradient descent on each of the four data sets of Anscombe's quartet, from one first line.",
            say("After {updates:update|updates}: {fits}.", when=bool(np.isfinite(lines).all()), updates=n_updates,
                fits="; ".join(say("{s} {end}, R\u00b2 {r}", s=s, end=end, r=r) for s, end, r in zip(SHAPES, ends, scores, strict=True))),
            say("{shapes}.", shapes="; ".join(say("{series} holds {shape}", series=series, shape=shape) for series, shape in SHAPES.items())),
        ),
    )  # fmt: skip
