"""Why standardize a feature before descent?

Batch gradient descent on x as it is and on standardized x, from the same line, each at the same share of its own limit
2/λmax. The loss is the mean squared error, without a half; a unit is as long across as up on both surfaces.
"""

from typing import Annotated

from animate import Range, RegressionData, Scene, Table, Timeline, descend, line, optimizers, panels
from animate.draw import formatting
from animate.learn.scaling import Scaling
from animate.learn.convergence import updates_until
from animate.learn.problems import scaled_problem


def build(
    share_of_limit: Annotated[float, Range(0.001, 2.0, scale="log"), "Learning rates, as a share of each limit 2/λmax"] = 0.25,
    n_updates: Annotated[int, Range(1, 10_000), "Updates of both"] = 10_000,
    n_samples: Annotated[int, Range(5, 500), "Points drawn"] = 60,
    highest: Annotated[float, Range(0.1, 10_000.0, scale="log"), "x is drawn from 0 to this"] = 50.0,
    noise: Annotated[float, Range(0.0, 10.0), "Standard deviation of the noise"] = 3.0,
    start: Annotated[tuple[float, float], "Slope and intercept of the first line"] = (0.0, 0.0),
    seed: Annotated[int, Range(0, 2**31 - 1), "Of the points"] = 0,
    data: Annotated[Table | None, "Your own x and y"] = None,
) -> Scene:
    points = RegressionData.from_table(data) if data else line(
        n_samples, slope=40 / highest, intercept=5.0, noise=noise, x_range=(0.0, highest), rng=seed
    )
    surfaces, runs, needed, conditions = [], [], [], []
    for title, scaling, role in (
        ("Raw x", Scaling.identity(1), "first"), ("Scaled x", Scaling.standardize(points.X), "second"),
    ):
        problem = scaled_problem(points, scaling)
        objective, first = problem.objective, problem.from_units(start)
        rate = share_of_limit * objective.stability_limit()
        run = panels.Run(title, descend(objective, optimizers.gradient_descent(rate), first, n_updates), role)
        conditions.append(formatting.condition(objective.condition_number())[1])
        surfaces.append(panels.LossSurface.of(
            problem, [run], limits=panels.around([run.trajectory.params], objective.optimum()), role=role, equal_units=True,
            title=(f"{title}, rate {rate:.2g}", title), note=conditions[-1],
        ))  # fmt: skip
        runs.append(run)
        needed.append(updates_until(objective, rate, first))
    slow, quick = (formatting.grouped(count) if count is not None else "no number of" for count in needed)
    best, (low, high) = problem.objective.value(problem.objective.optimum()), (points.x.min(), points.x.max())
    return Scene(
        title=("Why standardize a feature before descent?", "Why standardize x?"),
        caption={
            0: (f"One descent sees raw x, from {low:.3g} to {high:.3g}; the other sees it scaled to mean 0 and deviation 1.",
                "Raw x, and x scaled to mean 0, deviation 1."),
            1: ("Where the loss is round, its steepest way down leads straight to the optimum; in a ravine, across it.",
                "In a ravine the steepest way down leads across."),
            n_updates // 100: ("Along the floor of the ravine there is almost no slope, and the limit 2/\u03bbmax forbids large steps.",
                               "The floor of the ravine is almost flat."),
            n_updates: (f"99 % of the way takes {slow} updates on raw x and {quick} on scaled x. \u03ba is the condition number.",
                        f"99 % of the way: {slow} or {quick} updates."),
        },
        panels=[
            *surfaces,
            [
                panels.LossCurve(runs=runs, above=best, names=False, log=True, log_updates=True, title="Excess MSE"),
                panels.UpdatesNeeded(runs=runs, needed=needed, title=("Updates for 99 % of the way", "Updates for 99 %")),
            ],
        ],
        timeline=Timeline(n_updates, seconds=7.5, pace="log"),
        alt=f"Two descents to the same line. On raw x the loss is a ravine, its condition number {conditions[0]}, and 99 % of the way "
        f"takes {slow} updates; on standardized x, with {conditions[1]}, it takes {quick}.",
    )
