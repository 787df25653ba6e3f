"""What does a line learn from all points at once?

Batch gradient descent: each update follows the mean gradient over all points.
The loss is the mean squared error, without a half.
"""

from typing import Annotated

from animate import Range, RegressionData, Scene, Table, Timeline, descend, line, linear_problem, optimizers, panels
from animate.draw import formatting
from animate.learn.problems import starting_params


def build(
    learning_rate: Annotated[float, Range(1e-10, 1.0, scale="log"), "Step size"] = 0.02,
    n_updates: Annotated[int, Range(1, 10_000), "Updates, all points each"] = 120,
    n_samples: Annotated[int, Range(5, 500), "Points drawn"] = 40,
    noise: Annotated[float, Range(0.0, 10.0), "Standard deviation of the noise"] = 1.2,
    start: Annotated[tuple[float, float] | None, "Slope and intercept of the first line; none: random"] = None,
    seed: Annotated[int, Range(0, 2**31 - 1), "Of the points and the first line"] = 0,
    data: Annotated[Table | None, "Your own x and y"] = None,
) -> Scene:
    points = RegressionData.from_table(data) if data else line(n_samples, slope=1.8, intercept=2.0, noise=noise, rng=seed)
    problem = linear_problem(points, standardize=data is not None)
    first = starting_params(problem, start, rng=seed)
    run = panels.Run(
        "Batch GD", descend(problem.objective, optimizers.gradient_descent(learning_rate), first, n_updates), "second"
    )
    best = problem.objective.value(problem.objective.optimum())
    ends = formatting.linear_terms(problem.in_units(run.trajectory.final))
    loss = formatting.number(run.trajectory.loss[-1], formatting.decimals_for(best))
    n = len(points.x)
    return Scene(
        title=("What does a line learn from all points at once?", "Learning a line, all points at once"),
        caption={
            0: ("A random line. Each red segment is a residual: how far the line misses that point.",
                "A random line; red: how far it misses each point."),
            1: (f"Each update averages the pull of all {n} residuals, then moves slope and intercept together.",
                f"Each update averages the pull of all {n} points."),
            n_updates // 2: ("The loss falls at every update, ever more slowly: close to the best line the pull is weak.",
                             "The loss falls at every update, ever more slowly."),
            n_updates: (f"After {n_updates} updates the pulls cancel out: {n_updates * n} gradients for one smooth way down.",
                        "The pulls cancel out: the line is at rest."),
        },
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
        alt=f"Batch gradient descent fits a line to {n} points. After {n_updates} updates it is y = {ends}, "
        f"its mean squared error {loss}.",
    )
