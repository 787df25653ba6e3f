"""Which learning rate is right?

Batch gradient descent from one start at several rates, and at one just above the limit 2/λmax of the Hessian.
The loss is half the mean squared error. A run has converged when a ten-thousandth of its first excess loss is left.
"""

from typing import Annotated

from animate import Range, RegressionData, Scene, Table, Timeline, descend, line, linear_problem, optimizers, panels
from animate.draw import formatting
from animate.learn.problems import starting_params


def build(
    rates: Annotated[tuple[float, float, float, float], Range(1e-10, 10.0, scale="log"), "Four step sizes"] = (
        0.001, 0.01, 0.1, 0.5,
    ),
    above: Annotated[float, Range(1.0, 10.0), "A fifth rate, as a multiple of the limit"] = 1.5,
    n_updates: Annotated[int, Range(1, 10_000), "Updates, all points each"] = 100,
    n_samples: Annotated[int, Range(5, 500), "Points drawn"] = 60,
    noise: Annotated[float, Range(0.0, 10.0), "Standard deviation of the noise"] = 0.8,
    start: Annotated[tuple[float, float], "Slope and intercept of the first line"] = (0.0, 0.0),
    seed: Annotated[int, Range(0, 2**31 - 1), "Of the points"] = 2,
    data: Annotated[Table | None, "Your own x and y"] = None,
) -> Scene:
    points = RegressionData.from_table(data) if data else line(n_samples, slope=2.0, intercept=1.5, noise=noise, rng=seed)
    problem = linear_problem(points, standardize=data is not None, loss="half_squared")
    objective, first = problem.objective, starting_params(problem, start)
    limit, best = objective.stability_limit(), objective.value(objective.optimum())
    tried = (*rates, above * limit)
    runs = [
        panels.Run(f"rate {rate:.3g}", descend(objective, optimizers.gradient_descent(rate), first, n_updates), role)
        for rate, role in zip(tried, panels.RUN_ROLES, strict=False)
    ]
    long, short = panels.convergence_summary(runs, best)
    text = formatting.number(limit, formatting.decimals_for(limit, 4))
    ending = f"After {n_updates} updates: {long}"
    return Scene(
        title=("Which learning rate is right?", "Which learning rate?"),
        caption={
            0: ("Five descents from the same line, on the same points: only the learning rate differs.",
                "Same start, same points; only the rate differs."),
            1: ("Small steps are safe but slow; larger ones are faster, up to the limit.", "Small steps are safe but slow."),
            n_updates // 5: (f"The limit 2/\u03bbmax = {text} is computed from the curvature of the loss, not found by trying.",
                             f"2/\u03bbmax = {text} is computed from the curvature."),
            n_updates: (ending, long.capitalize(), short),
        },
        panels=[
            *panels.convergence_grid(runs[:4], best, loss_name="\u00bd MSE"),
            [
                panels.ConvergenceCurve(run=runs[4], best=best, title=runs[4].name, loss_name="\u00bd MSE"),
                panels.RateScale(rates=tried, limit=limit, title=("All rates", "Rates")),
            ],
        ],
        timeline=Timeline(n_updates, seconds=7.0, pace="log"),
        tells_divergence=False,
        alt=f"Loss curves of gradient descent on a line at five learning rates. The limit 2/\u03bbmax is {text}. {ending}",
    )
