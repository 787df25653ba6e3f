"""One point at a time, or all of them at once?

Online SGD updates after every point; batch gradient descent averages the gradient over all points before it moves.
The loss is the mean squared error, without a half. A data set of your own is standardized for the descent.
"""

from typing import Annotated

from animate import (
    Beat, LearningRate, Noise, OwnData, SampleSize, Scene, Seed, StartLine, Updates, claims, compare, formatting, line,
    linear_problem, optimizers, panels, sampling, say, starting_params, to_end, up_to,
)
from animate.learn import convergence
from animate.learn.scaling import Standardize


def build(
    learning_rate: Annotated[LearningRate, "Step size of both"] = 0.03,
    n_updates: Annotated[Updates | None, "Updates; none: until batch descent shows the digits of the best line"] = None,
    n_samples: SampleSize = 60,
    noise: Noise = 1.5,
    start: StartLine = None,
    seed: Annotated[Seed, "Of the points and of their order"] = 3,
    standardize: Standardize = True,
    data: OwnData = None,
) -> Scene:
    points = data or line(n_samples, slope=2.8, intercept=1.0, noise=noise, rng=seed)
    problem = linear_problem(points, standardize=bool(data) and standardize)
    first = starting_params(problem, start if start or data else (-1.2, -3.5), rng=seed)
    updates = n_updates or convergence.updates_to_settle(problem, learning_rate, first)
    descent = optimizers.gradient_descent(learning_rate)
    sgd, batch = compare(
        problem, {"Online SGD": (descent, sampling.online(rng=seed)), "Batch GD": descent}, start=first, n_updates=updates
    )
    optimum, n = problem.objective.optimum(), problem.data.n_samples
    sgd_line, batch_line, best_line = (
        formatting.linear_terms(problem.in_units(params)) for params in (sgd.trajectory.final, batch.trajectory.final, optimum)
    )
    settled = claims.settled_at(batch, optimum)
    wanders = claims.wanders(sgd, optimum)
    ending = (
        say("Batch descent shows the best line, y = {line}; SGD wanders nearby at 1/{n} of the cost.",
            "Batch has the best line; SGD wanders nearby.", when=wanders and batch_line == best_line, line=best_line, n=n)
        or say("Batch descent shows the best line, y = {line}. An update of SGD costs 1/{n} as much.",
               "Batch has the best line.", when=batch_line == best_line, line=best_line, n=n)
        or say("Batch descent has settled at update {when}: within 1 % of its first distance from the best line.",
               "Batch settled (within 1 %) at update {when}.", when=settled)
        or say("After {updates} updates {left:%} of batch descent's first distance from the best line is left.",
               "Batch: {left:%} of the distance is left.", updates=updates, left=claims.distance_left(batch, optimum))
    )
    return Scene(
        title=("One point at a time, or all of them at once?", "One point at a time, or all at once?"),
        panels=[
            panels.LineFit(problem=problem, run=sgd, title=("Online SGD", "SGD")),
            panels.LineFit(problem=problem, run=batch, title=("Batch GD", "Batch")),
            panels.LossSurface.of(problem, [sgd, batch], title=("Loss surface", "Loss")),
        ],
        beats=[
            Beat(say("{n} points. Which line fits them best?", n=n), enter="points", seconds=1.3),
            Beat("Any line misses each point by a residual.", seconds=1.7,
                 enter=["line", "residuals", "readout", "subtitle", "score"]),
            Beat(("Every line is a place on this surface: bright where the error is small.",
                  "Every line is a place here; bright: small error."), enter="loss surface", seconds=2.2),
            Beat(say("SGD takes one point and moves. Batch averages all {n} before it moves.",
                     "SGD takes one point; batch averages all {n}.", n=n), updates=up_to(2), slow=True, seconds=3.0,
                 enter=["ring", "residual", "key"],
                 focus=["ring", "residual", "line", "path", "optimum", "Batch GD/residuals"]),
            Beat(say("Then the next: each point pulls its own way, so SGD zigzags; the mean is smooth.",
                     "Each point pulls its own way: SGD zigzags.",
                     when=claims.first_rise(sgd) is not None and not claims.turns_back(batch))
                 or "Then the next, and the next.", updates=to_end, seconds=4.3, pace="linear" if updates < 150 else "log"),
            Beat(ending, hold=2.5, seconds=0),
        ],
        secondary_counter=panels.Readout(
            ("gradients used", "gradients"), lambda k: say("{sgd} vs {batch}", sgd=k, batch=k * n),
            say("{sgd} vs {batch}", sgd=updates, batch=updates * n),
        ),
        alt=say("Online SGD and batch gradient descent fit a line to {n} points in {updates} updates. Batch descent ends at "
                "y = {batch} after {used} gradients, online SGD at y = {sgd} after {updates}. The best line is y = {best}.",
                n=n, updates=updates, batch=batch_line, used=updates * n, sgd=sgd_line, best=best_line),
    )
