"""One point at a time, or all of them at once?

Online SGD updates after every point; batch gradient descent averages the gradient over all points before it moves.
The loss is the mean squared error, without a half. A data set of your own is standardized for the descent.
"""

from typing import Annotated

from animate import (
    Range, RegressionData, Scene, Table, Timeline, descend, line, linear_problem, optimizers, panels, sampling,
)
from animate.learn.convergence import updates_to_settle
from animate.learn.problems import starting_params
from animate.draw.formatting import grouped, linear_terms


def build(
    learning_rate: Annotated[float, Range(1e-10, 1.0, scale="log"), "Step size of both"] = 0.03,
    n_updates: Annotated[int | None, Range(1, 10_000), "Updates; none: until batch descent settles"] = None,
    n_samples: Annotated[int, Range(5, 500), "Points drawn"] = 60,
    noise: Annotated[float, Range(0.0, 10.0), "Standard deviation of the noise"] = 1.5,
    start: Annotated[tuple[float, float] | None, "Slope and intercept of the first line"] = None,
    seed: Annotated[int, Range(0, 2**31 - 1), "Of the points and of their order"] = 3,
    data: Annotated[Table | None, "Your own x and y"] = None,
) -> Scene:
    points = RegressionData.from_table(data) if data else line(n_samples, slope=2.8, intercept=1.0, noise=noise, rng=seed)
    problem = linear_problem(points, standardize=data is not None)
    first = starting_params(problem, start if start or data else (-1.2, -3.5), rng=seed)
    updates = n_updates or updates_to_settle(problem, learning_rate, first)
    descent = optimizers.gradient_descent(learning_rate)
    sgd = panels.Run("Online SGD", descend(problem.objective, descent, first, updates, sampling.online(rng=seed)), "first")
    batch = panels.Run("Batch GD", descend(problem.objective, descent, first, updates), "second")
    n = len(points.x)
    used = [grouped(int(run.trajectory.gradients_used[-1])) for run in (sgd, batch)]
    return Scene(
        title=("One point at a time, or all of them at once?", "One point at a time, or all at once?"),
        caption={
            0: (f"Online SGD moves after every point; batch descent averages all {n} gradients before it moves.",
                f"SGD: one point per update. Batch: all {n}."),
            updates // 6: (f"The SGD path zigzags, for each point pulls its own way; the mean of {n} walks straight down.",
                           "Each point pulls its own way: SGD zigzags."),
            updates: (f"After {updates} updates batch descent has settled; SGD wanders nearby at 1/{n} of the cost.",
                      "Batch has settled; SGD wanders nearby."),
        },
        panels=[
            panels.LineFit(problem=problem, run=sgd, title=("Online SGD", "SGD")),
            panels.LineFit(problem=problem, run=batch, title=("Batch GD", "Batch")),
            panels.LossSurface.of(problem, [sgd, batch], title=("Loss surface", "Loss")),
        ],
        timeline=Timeline(updates, seconds=7.0, pace="linear" if updates < 150 else "log"),
        secondary_counter=panels.Readout(
            ("gradients used", "gradients"),
            lambda k: " vs ".join(grouped(int(r.trajectory.gradients_used[r.at(k)])) for r in (sgd, batch)),
            " vs ".join(used),
        ),
        alt=f"Online SGD and batch gradient descent fit a line to {n} points in {updates} updates. "
        f"Batch descent ends at y = {linear_terms(problem.in_units(batch.trajectory.final))} after {used[1]} gradients, "
        f"online SGD near it at y = {linear_terms(problem.in_units(sgd.trajectory.final))} after {used[0]}.",
    )
