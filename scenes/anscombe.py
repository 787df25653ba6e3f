"""Can four data sets teach the same line?

Anscombe's quartet: batch gradient descent on the mean squared error, without a half, from the same first line on each of
the four; x is standardized for the descent.
"""

from typing import Annotated

import numpy as np
from animate import Beat, LearningRate, Scene, Updates, compare, formatting, linear_problem, optimizers, panels, say, sentences, to_end, up_to
from animate.learn import anscombe

SHAPES = {"I": "a noisy line", "II": "a smooth curve", "III": "one outlier", "IV": "one far point"}
WINDOW = ((2.5, 20.5), (2.0, 17.5))


def build(
    learning_rate: Annotated[LearningRate, "Step size of all four"] = 0.05,
    n_updates: Annotated[Updates, "Updates, all 11 points each"] = 100,
    start: Annotated[tuple[float, float], "Slope and intercept of the first line, the same four times"] = (-0.45, 12.5),
) -> Scene:
    problems = {series: linear_problem(anscombe(series), standardize=True) for series in SHAPES}
    first = [problem.from_units(start) for problem in problems.values()]
    runs = compare(problems, optimizers.gradient_descent(learning_rate), start=first, n_updates=n_updates)
    fits = [panels.LineFit(problem=problems[run.name], run=run, title=(f"{run.name}: {SHAPES[run.name]}", run.name), limits=WINDOW,
                           headline="equation") for run in runs]
    lines = np.array([problems[run.name].without_rounding(run.trajectory.params) for run in runs])
    finite, diverges = bool(np.isfinite(lines).all()), any(run.diverges_at is not None for run in runs)
    with np.errstate(all="ignore"):  # a run that diverges
        apart = [formatting.formatted(most * 1.05, "2") for most in np.ptp(lines, axis=0).max(axis=0)]  # a bound is rounded up
    shown = [formatting.linear_terms(end, decimals=[formatting.decimals_for(value, 3, least=2) for value in end]) for end in lines[:, -1]]
    scores = [formatting.number(problems[run.name].r_squared(run.trajectory.final), 3) for run in runs]
    last = formatting.formatted(1.05 * np.ptp(lines[:, -1, 0]), "2") if finite else ""
    one_line = (
        say("One line, four times, to these digits: y = {line}.", when=len({*shown}) == 1 and finite and not diverges, line=shown[0])
        or say("At the end the slopes are within {slopes} of each other.", when=finite and not diverges, slopes=last)
        or "At this rate no line settles."
    )
    return Scene(
        title=("Can four data sets teach the same line?", "Four data sets, one line?"),
        beats=[
            Beat("Four data sets of 11 points each. They look nothing alike.", enter="points", seconds=1.8),
            Beat(("Four descents begin with the same line and the same learning rate.", "The same first line on each."),
                 enter="line", seconds=1.8),
            Beat(say("All the way the slopes stay within {slopes} of each other, the intercepts within {intercepts}.",
                     "All the way the slopes stay within {slopes}.", when=finite, slopes=apart[0], intercepts=apart[1])
                 or "The first updates.", updates=up_to(3), slow=True, seconds=2.8),
            Beat(("The gradient sees the points only through the means of x, y, x\u00b2 and xy, and those nearly agree here.",
                  "The gradient sees only means of x, y, x\u00b2 and xy."), updates=to_end, pace="log", seconds=3.8),
            Beat((say("{line} Only the picture tells whether a line belongs there.", line=one_line), one_line, "Look at the points!"),
                 seconds=0, hold=3.0),
        ],
        panels=[[fits[0], fits[2]], [fits[1], fits[3]]],
        alt=sentences(
            "Batch gradient descent on each of the four data sets of Anscombe\u2019s quartet, from one first line.",
            say("After {updates:update|updates}: {fits}.", when=finite, updates=n_updates,
                fits="; ".join(say("{s} y = {line}, R\u00b2 {r}", s=s, line=line, r=r) for s, line, r in zip(SHAPES, shown, scores, strict=True))),
            say("{shapes}.", shapes="; ".join(say("{series} holds {shape}", series=series, shape=shape) for series, shape in SHAPES.items())),
        ),
    )  # fmt: skip
