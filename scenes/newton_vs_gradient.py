"""Why does Newton’s method need only one step?

The mean squared error of a line, without a half, over slope and intercept: x is in units of its standard deviation, but
not centered, which makes a tilted valley. Gradient descent follows the slope; Newton's method also knows the curvature.
"""

from typing import Annotated

import numpy as np

from animate import Range, RegressionData, Scene, Table, Timeline, descend, line, optimizers, panels
from animate.draw import formatting
from animate.draw.panels import Term
from animate.learn.descent import gradients_along, newton_path
from animate.learn.problems import scaled_problem, starting_params
from animate.learn.scaling import unit_deviation  # fmt: skip


def build(
    learning_rate: Annotated[
        float | None, Range(1e-10, 1.0, scale="log"), "Step size of descent; none: 0.95 of the stability limit"
    ] = None,
    n_updates: Annotated[int, Range(2, 10_000), "Updates of gradient descent"] = 150,
    n_samples: Annotated[int, Range(5, 500), "Points drawn"] = 40,
    noise: Annotated[float, Range(0.0, 10.0), "Standard deviation of the noise"] = 0.8,
    start: Annotated[tuple[float, float] | None, "Slope and intercept of the first line"] = None,
    seed: Annotated[int, Range(0, 2**31 - 1), "Of the points"] = 4,
    data: Annotated[Table | None, "Your own x and y"] = None,
) -> Scene:
    points = RegressionData.from_table(data) if data else line(
        n_samples, slope=1.2, intercept=2.0, noise=noise, x_range=(0.5, 5.5), rng=seed
    )  # fmt: skip
    problem = scaled_problem(points, unit_deviation(points.X))
    objective = problem.objective
    first = starting_params(problem, start if start or data else (-0.6, 3.0), rng=seed)
    condition, limit = objective.condition_number(), objective.stability_limit()
    rate = learning_rate or float(f"{0.95 * limit:.3g}")
    way = "zigzags" if rate > limit / 2 else "goes a long way round"
    gradient = panels.Run("Gradient", descend(objective, optimizers.gradient_descent(rate), first, n_updates), "first")
    newton = panels.Run("Newton", newton_path(objective, first, 1), "second")
    least = objective.value(objective.optimum())
    goal = 1e-3 * (objective.value(first) - least)
    result = panels.arrival_summary([newton, gradient], goal, above=least)
    ends = f"y = {formatting.linear_terms(problem.in_units(newton.trajectory.final))}"
    w, newton_w = (run.trajectory.params[:, 0] for run in (gradient, newton))
    slopes = gradients_along(objective, gradient.trajectory)[:, 0]
    return Scene(
        title=("Why does Newton’s method need only one step?", "Why does Newton take one step?"),
        caption={
            0: ("One start, two rules: descent follows the slope \u2207L, Newton\u2019s method divides it by the curvature H.",
                "Two rules: \u2207L alone, or divided by curvature."),
            1: (f"Newton is at the optimum: {ends}. On a quadratic, slope and curvature say where the bottom is.",
                "One Newton step: at the bottom of a quadratic."),
            2: (f"The slope points straight across the contours: descent {way}, at \u03b7 = {rate:.3g} of at most {limit:.3g}.",
                f"The slope points across: descent {way}."),
            max(3, n_updates // 8): (
                f"The valley is {condition:.0f} times steeper across than along: along its floor steps are short.",
                f"{condition:.0f} times steeper across than along."),
            n_updates: (f"To 1/1000 of the first height. {result[0]}", *result[1:]),
        },
        panels=[
            panels.LossSurface.of(
                problem, [gradient, newton], equal_units=True, title=("A tilted valley", "Valley"),
                names=(("w  (per standard deviation of x)", "w, x scaled"), ("b  (at x = 0)", "b")),
            ),
            [
                panels.LossCurve(
                    runs=[gradient, newton], above=least, goal=goal, log=True, weight=1.15,
                    title=("Excess mean squared error", "Excess MSE"),
                ),
                panels.Formula(
                    rules=[
                        [Term("$w$", w), r"$\leftarrow$", Term.before("$w$", w), "$-$", Term(r"$\eta$", rate), r"$\cdot$",
                         Term(panels.derivative("w"), slopes)],
                        [Term("$w$", newton_w), r"$\leftarrow$", Term.before("$w$", newton_w), "$-$",
                         Term(r"$(H^{-1}\nabla L)_{w}$", np.append(np.nan, -np.diff(newton_w)))],
                    ],
                    roles=[gradient.role, newton.role], title=("Update rules for w", "Rules for w"),
                ),
            ],
        ],
        timeline=Timeline(n_updates, seconds=7.0, pace="log", hold_start=1.0, pauses={1: 1.5}),
        alt=f"Gradient descent at {rate:.3g} zigzags down a tilted valley of condition number {condition:.0f}; Newton\u2019s "
        f"first step lands on the optimum, {ends}. To 1/1000 of the first height: {result[0]}",
    )  # fmt: skip
