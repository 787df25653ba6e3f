"""Why standardize a feature before descent?

Batch gradient descent on x as it is and on standardized x, from the same line, each at the same share of its own limit
2/λmax. The loss is the mean squared error, without a half; a unit is as long across as up on both surfaces.
"""

from typing import Annotated

import numpy as np

from animate import (
    Beat, Noise, OwnData, Range, RegressionData, SampleSize, Scene, Seed, Updates, claims, descend, formatting, line,
    optimizers, panels, say, sentences, to_end, up_to,
)
from animate.learn import convergence, scaled_problem, scaling


def build(
    share_of_limit: Annotated[float, Range(0.001, 2.0, scale="log"), "Learning rates, as a share of each limit 2/λmax"] = 0.25,
    n_updates: Annotated[Updates, "Updates of both"] = 10_000,
    n_samples: SampleSize = 60,
    highest: Annotated[float, Range(0.1, 10_000.0, scale="log"), "x is drawn from 0 to this"] = 50.0,
    noise: Noise = 3.0,
    start: Annotated[tuple[float, float], "Slope and intercept of the first line"] = (0.0, 0.0),
    seed: Seed = 0,
    data: OwnData = None,
) -> Scene:
    points = RegressionData.from_table(data) if data else line(
        n_samples, slope=40 / highest, intercept=5.0, noise=noise, x_range=(0.0, highest), rng=seed
    )
    surfaces, runs, needed, shown, conditions = [], [], [], [], []
    for title, scales, role in (
        ("Raw x", scaling.Scaling.identity(1), "first"), ("Scaled x", scaling.Scaling.standardize(points.X), "second"),
    ):
        problem = scaled_problem(points, scales)
        objective, first = problem.objective, problem.from_units(start)
        rate = share_of_limit * objective.stability_limit()
        run = panels.Run(title, descend(objective, optimizers.gradient_descent(rate), first, n_updates), role)
        conditions.append(objective.condition_number())
        surfaces.append(panels.LossSurface.of(
            problem, [run], limits=panels.around([run.trajectory.params], objective.optimum()), role=role, equal_units=True,
            title=(f"{title}, rate {formatting.significant(rate, 2)}", title), name=title, note=formatting.condition(conditions[-1])[1],
        ))  # fmt: skip
        runs.append(run)
        needed.append(convergence.updates_until(objective, rate, first))
        shown.append(claims.updates_needed(objective, rate, first))
    slow, quick = shown
    best, (low, high) = problem.objective.value(problem.objective.optimum()), (points.x.min(), points.x.max())
    gained, narrow = [claims.gained_at(run, best, share=0.99) for run in runs], conditions[0] > 10
    verdict = say("Updates for 99 % of the parameters\u2019 way: {slow} on raw x, {quick} on scaled x. \u03ba is the condition number.",
                  "Updates for 99 %: {slow}; scaled: {quick}.", slow=slow, quick=quick)
    loss = say("99 % of the excess loss is gone after {raw:update|updates} on raw x and {scaled} on scaled x.", when=None not in gained,
               raw=gained[0], scaled=gained[1])
    span = say("from {low} to {high}", low=low, high=high)
    if formatting.significant(low) == formatting.significant(high):
        span = say("around {low}, {width} wide", low=low, width=high - low)
    return Scene(
        title=("Why standardize a feature before descent?", "Why standardize x?") if narrow else
        ("Must a feature be standardized before descent?", "Must x be standardized?"),
        beats=[
            Beat(say("One descent sees raw x, {span}: the loss is a ravine.", "Raw x, {span}: a ravine.", when=narrow, span=span)
                 or say("One descent sees raw x, {span}.", span=span), enter=["Raw x/surface", "Raw x/path", "Raw x/optimum"], seconds=1.8),
            Beat(say("The other sees it scaled to mean 0 and standard deviation 1: the loss is round.",
                     "Scaled to mean 0, deviation 1: it is round."),
                 enter=["Scaled x/surface", "Scaled x/path", "Scaled x/optimum"], seconds=2.2),
            Beat(say("Where the loss is round, its steepest way down leads straight to the best line; in a ravine, across it.",
                     "In a ravine the steepest way down leads across.", when=narrow)
                 or "One update of each.", updates=up_to(1), slow=True, seconds=2.4),
            Beat(say("Along the floor of the ravine there is almost no slope, and the limit 2/λmax forbids large steps.",
                     "The floor of the ravine is almost flat.", when=narrow)
                 or "Then the next, and the next.", enter=["excess", "needed"], updates=to_end, pace="log", seconds=4.0),
            Beat(say("{loss}", "99 % of the loss: {raw} or {scaled:update|updates}.", when=loss, loss=loss, raw=gained[0], scaled=gained[1]),
                 seconds=2.0),
            Beat(verdict, seconds=0, hold=2.6),
        ],
        panels=[
            *surfaces,
            [
                panels.LossCurve(runs=runs, above=best, names=False, log=True, log_updates=True, title="Excess MSE", name="excess"),
                panels.UpdatesNeeded(runs=runs, needed=needed, title=("Updates for 99 % of the way", "Updates for 99 %"), name="needed"),
            ],
        ],
        alt=sentences(
            say("Two descents to the same line. The loss has condition number {raw:g} on raw x and {scaled:g} on scaled x.",
                when=conditions[0] < np.inf, raw=conditions[0], scaled=conditions[1])
            or say("Two descents to the same line. The loss on raw x is so narrow that 64 bits cannot hold its condition number; on scaled x "
                   "it is {scaled:g}.", scaled=conditions[1]),
            verdict[0], loss,
        ),
    )
