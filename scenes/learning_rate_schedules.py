"""Why must the learning rate of SGD fall?

Online SGD on the mean squared error of a line, without a half, x standardized: four runs over the same points in the same
order, with a learning rate that is constant, falls in steps, like 1/t or along a cosine.
"""

from typing import Annotated

import numpy as np

from animate import (
    Range, RegressionData, Scene, Table, Timeline, descend, line, linear_problem, optimizers, panels, sampling,
    schedules,
)
from animate.draw import formatting
from animate.learn.problems import starting_params  # fmt: skip
from animate.learn.convergence import running_rms_distance


def build(
    learning_rate: Annotated[float, Range(1e-10, 1.0, scale="log"), "Learning rate of the first update of each"] = 0.05,
    factor: Annotated[float, Range(0.01, 0.99), "What each of the three steps down leaves of the rate"] = 0.3,
    half_time: Annotated[float, Range(1.0, 10_000.0, scale="log"), "Updates until 1/t has half the rate"] = 100.0,
    n_updates: Annotated[int, Range(4, 10_000), "Updates of each, one point each"] = 2400,
    n_samples: Annotated[int, Range(5, 500), "Points drawn"] = 60,
    noise: Annotated[float, Range(0.0, 10.0), "Standard deviation of the noise"] = 1.5,
    start: Annotated[tuple[float, float] | None, "Slope and intercept of the first line"] = None,
    seed: Annotated[int, Range(0, 2**31 - 1), "Of the points and of their order"] = 0,
    data: Annotated[Table | None, "Your own x and y"] = None,
) -> Scene:
    points = RegressionData.from_table(data) if data else line(n_samples, slope=2.0, intercept=1.0, noise=noise, rng=seed)
    problem, n = linear_problem(points, standardize=True), len(points.x)
    first, optimum = starting_params(problem, start if start or data else (1.4, 2.0), rng=seed), problem.objective.optimum()
    falls = {
        "Constant": schedules.constant(learning_rate),
        "Steps": schedules.step(learning_rate, every=max(1, n_updates // 4), factor=factor),
        "1/t": schedules.inverse_time(learning_rate, half_time=half_time),
        "Cosine": schedules.cosine(learning_rate, n_updates=n_updates),
    }
    order = sampling.online(rng=seed)
    runs = [
        panels.Run(name, descend(problem.objective, optimizers.gradient_descent(rate), first, n_updates, order), role)
        for (name, rate), role in zip(falls.items(), panels.RUN_ROLES, strict=False)
    ]
    rates = np.array([[rate(max(update - 1, 0)) for rate in falls.values()] for update in range(n_updates + 1)])
    since = min(n, n_updates)
    kept = [running_rms_distance(run.trajectory.params, optimum, since=since, latest=n)[-1] for run in runs]
    far = float(np.linalg.norm(first - optimum))
    verdict = (
        "Even the constant rate comes to rest: the points agree." if kept[0] < 1e-3 * far
        else "Only a falling rate comes to rest." if max(kept[1:]) < 0.5 * kept[0]
        else "Not every falling rate has come to rest."
    )  # fmt: skip
    sizes = ", ".join(f"{run.name} \u00b1 {formatting.number(size, 3)}" for run, size in zip(runs, kept, strict=True))
    return Scene(
        title=("Why must the learning rate of SGD fall?", "Why must SGD\u2019s rate fall?"),
        caption={
            0: ("Four runs over the same points in the same order; only the learning rate differs.",
                "Four runs; only the learning rate differs."),
            max(1, n_updates // 20): (
                "Dots: the parameters over the last epoch. Ring and \u00b1: how far from the optimum they keep.",
                "Dots: the last epoch. \u00b1: its distance."),
            max(2, n_updates // 3): (
                "Near the optimum the points disagree: at a constant rate each one\u2019s pull throws the line off again.",
                "At a constant rate each point pulls it off."),
            n_updates: (f"Last epoch: {sizes}. {verdict}", verdict, "Only falling rates rest." if "Only" in verdict else "Look at \u00b1."),
        },
        panels=[
            *panels.cloud_grid(runs, optimum, problem.objective.values, since=since, latest=n),
            panels.Traces(
                values=rates, names=[(run.name.lower(), "") for run in runs], title=("Learning rate", "Rate"),
                roles=[run.role for run in runs], decimals=formatting.decimals_for(learning_rate, 3), weight=1.15,
            ),
        ],
        timeline=Timeline(n_updates, seconds=8.0, hold_end=2.6),
        secondary_counter=panels.Readout("epoch", lambda k: f"{k / n:.1f}", f"{n_updates / n:.1f}"),
        alt=f"Online SGD over {n} points with four learning rate schedules from {learning_rate:g}, {n_updates} updates. Distance "
        f"from the optimum over the last epoch, root mean square: {sizes}.",
    )  # fmt: skip
