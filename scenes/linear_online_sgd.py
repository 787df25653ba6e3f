"""How does a line learn from one point at a time?

Stochastic gradient descent with batch size 1: each update follows the squared error of a single point.
The loss shown is the mean squared error (MSE) over all points, without a half.
"""

from typing import Annotated

from animate import Beat, LearningRate, LinePoints, Scene, Updates, claims, compare, optimizers, panels, sampling, say, to_end


def build(
    learning_rate: LearningRate = 0.02,
    n_updates: Annotated[Updates, "Updates, one point each"] = 120,
    points: LinePoints = LinePoints(40, noise=1.2, slope=1.8, intercept=2.0),
) -> Scene:
    problem = points.problem()
    optimum, n = problem.objective.optimum(), problem.data.n_samples
    steps = (optimizers.gradient_descent(learning_rate), sampling.online(rng=points.seed))
    (run,) = compare(problem, {"Online SGD": steps}, n_updates=n_updates)
    # An update multiplies the residual of its point by 1 - 2 rate (x² + 1).
    longest = 2 * learning_rate * (problem.objective.design**2).sum(axis=1).max()
    return Scene(
        title=("How does a line learn from one point at a time?", "Learning a line, one point at a time"),
        beats=[
            Beat(say("{n} points. Which line fits them best?", n=n), enter="points", seconds=1.3),
            Beat(("The first line misses each point by a residual, drawn in red.", "Red: how far the line misses each point."),
                 enter="line", seconds=2.0),
            Beat(say("One update takes one point, the ringed one: it subtracts η times that point’s gradient.",
                     "η times the ringed point’s gradient is subtracted."),
                 enter=["ring", "rule"], focus=["line", "ring", "residual", "rule"], updates=1, slow=True, seconds=2.6, hold=2.0),
            Beat(say("Then the next point. No step passes its own point, yet it can raise the loss of all.",
                     "A step for one point can raise the loss of all.", when=claims.first_rise(run) is not None and longest <= 1)
                 or say("Then the next point. The loss of all points rises at times: a step for one can hurt the others.",
                        "A step for one point can raise the loss of all.", when=claims.first_rise(run))
                 or say("Then the next point: each of these steps lowers the loss of all points too.",
                        "Each step lowers the loss of all points.", when=claims.falls_at_every_update(run))
                 or "Then the next point, and the next.", enter="loss", updates=to_end, seconds=4.2),
            Beat(say("After {updates:update|updates} the line keeps wandering near the best one: each point pulls its own way.",
                     "It keeps wandering near the best line.", when=claims.wanders(run, optimum), updates=n_updates)
                 or claims.settling(run, optimum), seconds=0, hold=2.5),
        ],
        panels=[
            panels.LineFit(problem=problem, run=run, title="Online SGD", weight=0.85),
            [
                panels.LossCurve(runs=[run], optimum=problem.objective.lowest(), log=True, title=("MSE over all points", "MSE"), name="loss"),
                panels.Formula.of_descent(problem.objective, run, learning_rate, name="rule",
                                          title=("The update; x is standardized", "Update") if problem.is_scaled else "The update"),
            ],
        ],
        secondary_counter=panels.Readout("epoch", lambda k: say("{epoch:.2}", epoch=k / n), say("{epoch:.2}", epoch=n_updates / n)),
        alt=claims.line_summary(problem, [run]),
    )
