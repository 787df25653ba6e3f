"""One point at a time, or all of them at once?

Online SGD updates after every point; batch gradient descent averages the gradient over all points before it moves.
The loss is the mean squared error, without a half. A data set of your own is standardized for the descent.
"""

from typing import Annotated

from animate import (
    Beat, LearningRate, LinePoints, Scene, Updates, claims, compare, optimizers, panels, sampling, say, to_end, up_to,
)
from animate.learn.convergence import updates_to_settle


def build(
    learning_rate: LearningRate = 0.03,
    n_updates: Annotated[Updates | None, "Updates; none: until batch descent shows the digits of the best line"] = None,
    points: LinePoints = LinePoints(60, noise=1.5, slope=2.8, intercept=1.0, first_line=(-1.2, -3.5), seed=3),
) -> Scene:
    problem, descent = points.problem(), optimizers.gradient_descent(learning_rate)
    online, last = sampling.online(rng=points.seed), n_updates or updates_to_settle(problem, learning_rate)
    sgd, batch = compare(problem, {"Online SGD": (descent, online), "Batch GD": descent}, n_updates=last)
    n, best, line = problem.data.n_samples, problem.objective.optimum(), claims.best_line_shown(problem, batch)
    return Scene(
        title=("One point at a time, or all of them at once?", "One point at a time, or all at once?"),
        panels=[panels.LineFit(problem=problem, run=sgd), panels.LineFit(problem=problem, run=batch),
                panels.LossSurface.of(problem, [sgd, batch])],
        beats=[
            Beat(say("{n} points. Which line fits them best?", n=n), enter="points", seconds=1.3),
            Beat("Any line misses each point by a residual.", enter="line", seconds=1.7),
            Beat(("Every line is a place on this surface: bright where the error is small.",
                  "Every line is a place here; bright: small error."), enter="loss surface", seconds=2.2),
            Beat(say("SGD takes one point and moves. Batch averages all {n} before it moves.",
                     "SGD takes one point; batch averages all {n}.", n=n), updates=up_to(2), slow=True, seconds=3.0,
                 enter="ring", focus=["ring", "residual", "line", "path", "optimum", "Batch GD/residuals"]),
            Beat(say("Then the next: each point pulls its own way, so SGD zigzags; the mean is smooth.",
                     "Each point pulls its own way: SGD zigzags.",
                     when=claims.first_rise(sgd) is not None and claims.falls_at_every_update(batch) and not claims.turns_back(batch))
                 or "Then the next, and the next.", updates=to_end, seconds=4.3),
            Beat(say("Batch descent shows the best line, y = {line}; SGD wanders nearby at 1/{n} of the cost.",
                     "Batch has the best line; SGD wanders nearby.", when=line and claims.wanders(sgd, best), line=line, n=n)
                 or claims.settling(batch, best, name="Batch descent"), seconds=0, hold=2.5),
        ],
        secondary_counter=panels.Readout.gradients_used([sgd, batch]),
        alt=claims.line_summary(problem, [sgd, batch]),
    )
