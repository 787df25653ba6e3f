"""How many points should one update see?

Gradient descent with minibatches of 1, 8, 32 and all points, from one start at one learning rate. The loss is the mean
squared error, without a half. Clouds show where each run stays once batch descent has settled, all on one scale.
"""

from typing import Annotated

from animate import (
    Range, RegressionData, Scene, Table, Timeline, descend, line, linear_problem, optimizers, panels, sampling,
)
from animate.draw import formatting
from animate.learn.problems import starting_params
from animate.learn.convergence import running_rms_distance, updates_until


def build(
    learning_rate: Annotated[float, Range(1e-10, 1.0, scale="log"), "Step size of all"] = 0.05,
    n_updates: Annotated[int, Range(1, 10_000), "Updates of each"] = 400,
    n_samples: Annotated[int, Range(5, 500), "Points drawn"] = 128,
    noise: Annotated[float, Range(0.0, 10.0), "Standard deviation of the noise"] = 2.0,
    start: Annotated[tuple[float, float] | None, "Slope and intercept of the first line"] = None,
    seed: Annotated[int, Range(0, 2**31 - 1), "Of the points and of their order"] = 1,
    data: Annotated[Table | None, "Your own x and y"] = None,
) -> Scene:
    points = RegressionData.from_table(data) if data else line(n_samples, slope=2.0, intercept=1.0, noise=noise, rng=seed)
    problem = linear_problem(points, standardize=data is not None)
    first = starting_params(problem, start if start or data else (-1.5, -3.5), rng=seed)
    steps, optimum, n = optimizers.gradient_descent(learning_rate), problem.objective.optimum(), len(points.x)
    sizes = {f"Batch {size}": size for size in (1, 8, 32) if size < n} | {f"All {n}": n}
    runs = [
        panels.Run(name, descend(problem.objective, steps, first, n_updates, sampling.minibatch(size, rng=seed)), role)
        for (name, size), role in zip(sizes.items(), panels.RUN_ROLES, strict=False)
    ]
    settled = updates_until(problem.objective, learning_rate, first, share=0.002)
    since = min(n_updates // 2 if settled is None else settled, n_updates)
    kept = [running_rms_distance(run.trajectory.params, optimum, since=since)[-1] for run in runs]
    sized = ", ".join(f"{formatting.number(distance, 2)}" for distance in kept)
    return Scene(
        title=("How many points should one update see?", "How many points per update?"),
        caption={
            0: ("Four descents from one line at one learning rate; only the number of points in an update differs.",
                "Only the number of points per update differs."),
            1: ("A single point pulls its own way. The mean of several is steadier, and all points walk straight.",
                "The more points, the straighter the path."),
            since: ("Batch descent has settled. The others never do: they wander around the optimum in a cloud.",
                    "All: settled. The others wander in a cloud.") if settled is not None and settled < n_updates
            else ("Even batch descent is not there yet: more updates, or another learning rate.", "Not there yet."),
            n_updates: (f"Rings: typical distance from the optimum, {sized}. A smaller cloud costs more gradients.",
                        "Rings: typical distance. A smaller cloud costs more gradients.", "A smaller cloud costs more gradients."),
        },
        panels=[
            panels.LossSurface.of(problem, runs, title="Loss surface", weight=1.5),
            *panels.cloud_grid(runs, optimum, problem.objective.values, since=since),
        ],
        timeline=Timeline(n_updates, seconds=8.0, pace="log"),
        secondary_counter=panels.Readout(
            ("gradients used", "gradients"),
            lambda k: f"{formatting.grouped(k)} to {formatting.grouped(k * n)}",
            f"{formatting.grouped(n_updates)} to {formatting.grouped(n_updates * n)}",
        ),
        alt=f"Minibatch descent on {n} points with " + ", ".join(
            f"{run.name.lower()} (typical distance from the optimum {distance:.3f} in the end)"
            for run, distance in zip(runs, kept, strict=True)
        ) + f" over {n_updates} updates.",
    )
