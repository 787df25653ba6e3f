"""What does a bad start cost?

Batch gradient descent on a line from three starts, each several times as far from the optimum as the one before. The
loss is the mean squared error, without a half. A run has arrived when it is as near as 1 % of the nearest start's distance.
"""

from typing import Annotated

import numpy as np
from animate import Beat, LearningRate, LinePoints, Range, Scene, Updates, claims, compare, optimizers, panels, say, sentences, to_end, up_to
from animate.learn import convergence


def build(
    learning_rate: LearningRate = 0.06,
    farther: Annotated[float, Range(1.1, 100.0, scale="log"), "How many times as far each start is as the one before"] = 4.0,
    n_updates: Updates = 80,
    points: LinePoints = LinePoints(40, slope=1.5, intercept=1.0, first_line=(2.4, 0.0), seed=4),
) -> Scene:
    problem, descent = points.problem(), optimizers.gradient_descent(learning_rate)
    objective, optimum, near = problem.objective, problem.objective.optimum(), problem.first_off_optimum
    factors, far = {"farther": farther, "farthest": farther**2}, np.array([1.0, farther, farther**2])
    names, first = ["Near start", *(say("{factor:g}\u00d7 as far", factor=factor) for factor in far[1:])], optimum + far[:, None] * (near - optimum)
    runs = compare(dict.fromkeys(names, problem), descent, start=first, n_updates=n_updates, roles=("second", "first", "fifth"))
    needed = [convergence.updates_until(objective, learning_rate, one, share=0.01 / factor) for one, factor in zip(first, far, strict=True)]
    shown = [claims.updates_needed(objective, learning_rate, one, share=0.01 / factor) for one, factor in zip(first, far, strict=True)]
    counts = [count for count in needed if count is not None]
    more, possible = np.diff(counts).tolist(), counts or learning_rate < objective.stability_limit()
    arrivals = say("To arrive: {counts} updates.", when=possible, counts=shown) or "At this learning rate no start arrives."
    return Scene(
        title="What does a bad start cost?",
        beats=[
            Beat(say("Three starts: the near one, one {farther:g} times and one {farthest:g} times as far from the best line.",
                     "One start is near, the others {farther:g}\u00d7 and {farthest:g}\u00d7 as far.", **factors), enter="surface", seconds=2.6),
            Beat(say("The line of the farthest start, at {name}.", "The farthest start.", name=runs[-1].name), enter="fit", seconds=1.4),
            Beat(say("Far from the best line the loss is steep: a start {farther:g} times as far off takes steps {farther:g} times as long.",
                     "Far off the loss is steep: longer steps.", **factors), updates=up_to(2), slow=True, seconds=2.4),
            Beat(say("On the logarithmic axis the losses fall side by side: every update takes the same share of each.",
                     "Side by side: the same share per update.", when=claims.falls_at_every_update(runs[0]))
                 or "Then the next, and the next.", enter=["excess", "needed"], updates=to_end, seconds=4.2,
                 pace="linear" if n_updates <= 300 else "log"),
            Beat(say("{arrivals} Each {farther:g} times as far costs {more} more, not {farther:g} times as many.", "{arrivals}",
                     when=len(counts) == 3 and more[0] == more[-1] and counts[-1] < 0.9 * farther * counts[-2], more=more[:1],
                     arrivals=arrivals, **factors)
                 or say("{arrivals} Arrived is within 1 % of the nearest start\u2019s distance.", "{arrivals}", arrivals=arrivals),
                 seconds=0, hold=3.0),
        ],
        panels=[
            panels.LineFit(problem=problem, run=runs[-1], title=(runs[-1].name, runs[-1].name.split()[0]), headline="loss alone", name="fit"),
            panels.LossSurface.of(problem, runs[::-1], title="Loss surface", name="surface"),
            [panels.LossCurve(runs=runs, above=objective.value(optimum), names=False, log=True, title="Excess MSE", name="excess"),
             panels.UpdatesNeeded(runs=runs, needed=needed, name="needed",
                                  title=("Updates to 1 % of the near start’s distance", "Updates to within 1 %", "Updates"))],
        ],
        alt=sentences(
            say("Gradient descent on a line from three starts, each {farther:g} times as far from the best line as the one before.", **factors),
            arrivals, say("The farthest ends with a mean squared error of {loss:4} after {updates}; the least possible is {best:4}.",
                when=np.isfinite(runs[-1].trajectory.loss[-1]), loss=runs[-1].trajectory.loss[-1], updates=n_updates, best=objective.lowest()),
        ),
    )
