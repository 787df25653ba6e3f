"""Does momentum find the line sooner?

Gradient descent with and without momentum, from the same line and with the same learning rate.
The loss is the mean squared error, without a half.
"""

from typing import Annotated

from animate import Range, Scene, Timeline, descend, line, linear_problem, optimizers, panels


def build(
    learning_rate: Annotated[float, Range(1e-4, 1.0, scale="log"), "Step size of both"] = 0.01,
    momentum: Annotated[float, Range(0.0, 0.99), "Share of the last step that is kept"] = 0.8,
    n_updates: Annotated[int, Range(1, 10_000), "Updates of each"] = 100,
    seed: Annotated[int, Range(0, 2**31 - 1), "Of the points"] = 0,
) -> Scene:
    problem = linear_problem(line(40, slope=1.8, intercept=2.0, noise=1.0, rng=seed))
    best = problem.objective.value(problem.objective.optimum())
    plain, heavy = (
        panels.Run(name, descend(problem.objective, optimizer, [-1.0, -3.0], n_updates), role)
        for name, optimizer, role in (
            ("Plain", optimizers.gradient_descent(learning_rate), "first"),
            ("Momentum", optimizers.heavy_ball(learning_rate, momentum), "second"),
        )
    )
    ends = f"{plain.trajectory.loss[-1]:.4g} without momentum, {heavy.trajectory.loss[-1]:.4g} with it"
    return Scene(
        title="Does momentum find the line sooner?",
        caption={
            0: "Both start from the same line, far off.",
            1: f"Momentum adds {momentum:g} of the last step to each step.",
            n_updates: f"Loss after {n_updates} updates: {ends}; the best line has {best:.4g}.",
        },
        panels=[
            panels.LineFit(problem=problem, run=plain, title="Plain"),
            panels.LineFit(problem=problem, run=heavy, title="Momentum"),
            panels.LossCurve(runs=[plain, heavy], optimum=best, title="Loss"),
        ],
        timeline=Timeline(n_updates, seconds=6.0),
        alt=f"Two descents fit a line to 40 points. Mean squared error after {n_updates} updates: {ends}.",
    )
