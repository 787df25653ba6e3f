"""Does momentum find the line sooner?

Gradient descent with and without momentum, from the same line and with the same learning rate.
The loss is the mean squared error, without a half.
"""

from animate import LearningRate, Momentum, OwnData, Scene, Seed, Timeline, Updates
from animate import claims, compare, line, linear_problem, optimizers, panels, say, starting_params


def build(
    learning_rate: LearningRate = 0.01,
    momentum: Momentum = 0.8,
    n_updates: Updates = 100,
    seed: Seed = 0,
    data: OwnData = None,
) -> Scene:
    problem = linear_problem(data or line(40, slope=1.8, intercept=2.0, noise=1.0, rng=seed))
    methods = {
        "Plain": optimizers.gradient_descent(learning_rate),
        "Momentum": optimizers.heavy_ball(learning_rate, momentum),
    }
    start = starting_params(problem, None if data else (-1.0, -3.0), rng=seed)
    runs = plain, heavy = compare(problem, methods, start=start, n_updates=n_updates)
    best = problem.objective.value(problem.objective.optimum())
    first = claims.best_of({run.name: run.trajectory.loss[-1] for run in runs})
    ends = {"plain": plain.trajectory.loss[-1], "heavy": heavy.trajectory.loss[-1], "best": best}
    losses = say("{plain} without momentum, {heavy} with it; the best line has {best}.", **ends)
    return Scene(
        title="Does momentum find the line sooner?",
        caption=[
            (0, "Both start from the same line, far off."),
            (1, say("Momentum adds {momentum:g} of the last step to each step.", momentum=momentum)),
            (n_updates, say("{first} is ahead: {losses}", when=first is not None, first=first, losses=losses)
             or say("Both are level: {losses}", losses=losses)),
        ],
        panels=[
            panels.LineFit(problem=problem, run=plain, title="Plain"),
            panels.LineFit(problem=problem, run=heavy, title="Momentum"),
            panels.LossCurve(runs=runs, optimum=best, title="Loss"),
        ],
        timeline=Timeline(n_updates, seconds=6.0),
        alt=say("Two descents fit a line to {n} points. Mean squared error after {updates:update|updates}: {losses}",
                n=problem.data.n_samples, updates=n_updates, losses=losses),
    )  # fmt: skip
