"""How does a line learn from one point at a time?

Stochastic gradient descent with batch size 1: each update follows the squared error of a single point.
The loss shown is the mean squared error over all points, without a half.
"""

from typing import Annotated

from animate import (
    Range, RegressionData, Scene, Table, Timeline, descend, line, linear_problem, optimizers, panels, sampling,
)
from animate.draw import formatting
from animate.learn.problems import starting_params


def build(
    learning_rate: Annotated[float, Range(1e-10, 1.0, scale="log"), "Step size"] = 0.02,
    n_updates: Annotated[int, Range(1, 10_000), "Updates, one point each"] = 120,
    n_samples: Annotated[int, Range(5, 500), "Points drawn"] = 40,
    noise: Annotated[float, Range(0.0, 10.0), "Standard deviation of the noise"] = 1.2,
    start: Annotated[tuple[float, float] | None, "Slope and intercept of the first line; none: random"] = None,
    seed: Annotated[int, Range(0, 2**31 - 1), "Of the points, their order and the first line"] = 0,
    data: Annotated[Table | None, "Your own x and y"] = None,
) -> Scene:
    points = RegressionData.from_table(data) if data else line(n_samples, slope=1.8, intercept=2.0, noise=noise, rng=seed)
    problem = linear_problem(points, standardize=data is not None)
    first = starting_params(problem, start, rng=seed)
    steps = optimizers.gradient_descent(learning_rate)
    run = panels.Run("Online SGD", descend(problem.objective, steps, first, n_updates, sampling.online(rng=seed)))
    best = problem.objective.value(problem.objective.optimum())
    ends = formatting.linear_terms(problem.in_units(run.trajectory.final))
    loss = formatting.number(run.trajectory.loss[-1], formatting.decimals_for(best))
    return Scene(
        title=("How does a line learn from one point at a time?", "Learning a line, one point at a time"),
        caption={
            0: ("A random line. Each red segment is a residual: how far the line misses that point.",
                "A random line; red: how far it misses each point."),
            1: ("Each update looks at one point only, the ringed one, and moves the line toward it.",
                "Each update moves the line toward one point."),
            n_updates // 2: ("The loss does not fall at every update: what helps one point can hurt the others.",
                             "What helps one point can hurt the others."),
            n_updates: (f"After {n_updates} points the line keeps jittering around the best fit: it is never quite done.",
                        "It keeps jittering around the best fit."),
        },
        panels=[
            panels.LineFit(problem=problem, run=run, title="Online SGD", weight=1.55),
            [
                panels.LossCurve(runs=[run], optimum=best, log=True, title=("Mean squared error", "MSE")),
                panels.Traces.of_line(problem, run, title=("Slope and intercept", "Parameters")),
            ],
        ],
        timeline=Timeline(n_updates, seconds=7.0, pace="linear" if n_updates <= 300 else "log"),
        secondary_counter=panels.Readout(
            "epoch", lambda k: f"{run.trajectory.epochs[k]:.2f}", f"{run.trajectory.epochs[-1]:.2f}"
        ),
        alt=f"A line is fitted to {len(points.x)} points, one point per update. After {n_updates} updates it is "
        f"y = {ends}, its mean squared error {loss}.",
    )
