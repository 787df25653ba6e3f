"""What does a line learn from all points at once?

Batch gradient descent: each update follows the mean gradient over all points.
The loss is the mean squared error, without a half.
"""

from animate import (
    LearningRate, Noise, OwnData, SampleSize, Scene, Seed, StartLine, Timeline, Updates, claims, compare, formatting, line,
    linear_problem, optimizers, panels, say, starting_params,
)


def build(
    learning_rate: LearningRate = 0.02,
    n_updates: Updates = 120,
    n_samples: SampleSize = 40,
    noise: Noise = 1.2,
    start: StartLine = None,
    seed: Seed = 0,
    data: OwnData = None,
) -> Scene:
    problem = linear_problem(data or line(n_samples, slope=1.8, intercept=2.0, noise=noise, rng=seed))
    first, optimum, n = starting_params(problem, start, rng=seed), problem.objective.optimum(), problem.data.n_samples
    (run,) = compare(
        problem, {"Batch GD": optimizers.gradient_descent(learning_rate)}, start=first, n_updates=n_updates, roles=["second"]
    )
    best = problem.objective.value(optimum)
    ends, ideal = (formatting.linear_terms(problem.in_units(params)) for params in (run.trajectory.final, optimum))
    return Scene(
        title=("What does a line learn from all points at once?", "Learning a line, all points at once"),
        caption=[
            (0, say("{line}. Each red segment is a residual: how far the line misses that point.",
                    "{line}; red: how far it misses each point.", line="The first line" if start else "A random line")),
            (1, say("Each update averages the pull of all {n} residuals, then moves slope and intercept together.",
                    "Each update averages the pull of all {n} points.", n=n)),
            (n_updates // 2, say("The loss falls at every update, ever more slowly: close to the best line the pull is weak.",
                                 "The loss falls at every update, ever more slowly.", when=claims.falls_ever_more_slowly(run))
             or say("The loss falls at every update.", when=claims.falls_at_every_update(run))
             or say("Update {when} raises the loss: with a step that long the line passes the best one.",
                    "Update {when} raises the loss: too long a step.", when=claims.first_rise(run))),
            (n_updates, say("To the digits shown this is the best line: the pulls of the {n} points cancel out.",
                            "To these digits it is the best line.", when=ends == ideal, n=n)
             or claims.settling(run, optimum)),
        ],
        panels=[
            panels.LineFit(problem=problem, run=run, title="Batch gradient descent", weight=1.55),
            [
                panels.LossCurve(runs=[run], optimum=best, log=True, title=("Mean squared error", "MSE")),
                panels.Traces.of_line(problem, run, title=("Slope and intercept", "Parameters")),
            ],
        ],
        timeline=Timeline(n_updates, seconds=7.0, pace="linear" if n_updates <= 300 else "log"),
        secondary_counter=panels.Readout(
            ("gradients used", "gradients"), lambda k: formatting.grouped(k * n), formatting.grouped(n_updates * n)
        ),
        alt=say("Batch gradient descent fits a line to {n} points. After {updates} updates it is y = {ends}, its mean squared "
                "error {loss:4}; the best line is y = {ideal}, with {best:4}.",
                n=n, updates=n_updates, ends=ends, loss=run.trajectory.loss[-1], ideal=ideal, best=best),
    )
