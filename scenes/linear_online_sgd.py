"""How does a line learn from one point at a time?

Stochastic gradient descent with batch size 1: each update follows the squared error of a single point.
The loss shown is the mean squared error over all points, without a half.
"""

from typing import Annotated

from animate import (
    LearningRate, Noise, OwnData, SampleSize, Scene, Seed, StartLine, Timeline, Updates, claims, compare, formatting, line,
    linear_problem, optimizers, panels, sampling, say, starting_params,
)


def build(
    learning_rate: LearningRate = 0.02,
    n_updates: Annotated[Updates, "Updates, one point each"] = 120,
    n_samples: SampleSize = 40,
    noise: Noise = 1.2,
    start: StartLine = None,
    seed: Annotated[Seed, "Of the points, their order and the first line"] = 0,
    data: OwnData = None,
) -> Scene:
    problem = linear_problem(data or line(n_samples, slope=1.8, intercept=2.0, noise=noise, rng=seed))
    first, optimum, n = starting_params(problem, start, rng=seed), problem.objective.optimum(), problem.data.n_samples
    steps = (optimizers.gradient_descent(learning_rate), sampling.online(rng=seed))
    (run,) = compare(problem, {"Online SGD": steps}, start=first, n_updates=n_updates)
    ends, best = formatting.linear_terms(problem.in_units(run.trajectory.final)), problem.objective.value(optimum)
    # An update multiplies the residual of its point by 1 - 2 rate (x² + 1).
    longest = 2 * learning_rate * (problem.objective.design**2).sum(axis=1).max()
    return Scene(
        title=("How does a line learn from one point at a time?", "Learning a line, one point at a time"),
        caption=[
            (0, say("{line}. Each red segment is a residual: how far the line misses that point.",
                    "{line}; red: how far it misses each point.", line="The first line" if start else "A random line")),
            (1, say("Each update looks at one point only, the ringed one, and moves the line toward it.",
                    "Each update moves the line toward one point.", when=longest <= 1)
             or say("Each update looks at one point only, the ringed one; a step this long can pass it.",
                    "Each update follows one point, and can pass it.")),
            (n_updates // 2, say("The loss over all points does not fall at every update: a step for one can hurt the others.",
                                 "A step for one point can hurt the others.", when=claims.first_rise(run))
             or say("So long a way off, each of these steps lowers the loss over all points too.",
                    "Each step lowers the loss over all points.", when=claims.falls_at_every_update(run))),
            (n_updates, say("After {updates} points the line keeps wandering near the best one: it is never quite done.",
                            "It keeps wandering near the best line.", when=claims.wanders(run, optimum), updates=n_updates)
             or claims.settling(run, optimum)),
        ],
        panels=[
            panels.LineFit(problem=problem, run=run, title="Online SGD", weight=1.55),
            [
                panels.LossCurve(runs=[run], optimum=best, log=True, title=("Mean squared error", "MSE")),
                panels.Traces.of_line(problem, run, title=("Slope and intercept", "Parameters")),
            ],
        ],
        timeline=Timeline(n_updates, seconds=7.0, pace="linear" if n_updates <= 300 else "log"),
        secondary_counter=panels.Readout(
            "epoch", lambda k: formatting.number(k / n, 2), formatting.number(n_updates / n, 2)
        ),
        alt=say("A line is fitted to {n} points, one point per update. After {updates} updates it is y = {ends}, its mean squared "
                "error {loss:4}; that of the best line is {best:4}.",
                n=n, updates=n_updates, ends=ends, loss=run.trajectory.loss[-1], best=best),
    )
