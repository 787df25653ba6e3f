"""Why does Newton’s method need only one step?

The mean squared error of a line, without a half, over slope and intercept: x is in units of its standard deviation (own x
may be left as it is), but not centered, which makes a tilted valley. Gradient descent follows the slope; Newton's method
also knows the curvature.
"""

from typing import Annotated

import numpy as np
from animate import (
    Beat, LearningRate, Noise, OwnData, Range, RegressionData, SampleSize, Scene, Seed, StartLine, Updates, claims, descend,
    formatting, line, optimizers, panels, say, sentences, starting_params, to_end,
)
from animate.learn import gradients_along, newton_path, scaled_problem, scaling
from animate.learn.scaling import Standardize


def build(
    learning_rate: Annotated[LearningRate | None, "Step size of descent; none: 0.95 of the stability limit"] = None,
    n_updates: Annotated[Updates, Range(2, 10_000), "Updates of gradient descent"] = 150,
    n_samples: SampleSize = 40,
    noise: Noise = 0.8,
    start: StartLine = None,
    seed: Seed = 4,
    standardize: Annotated[Standardize, "Whether your own x is measured in standard deviations"] = True,
    data: OwnData = None,
) -> Scene:
    points = RegressionData.from_table(data) if data else line(
        n_samples, slope=1.2, intercept=2.0, noise=noise, x_range=(0.5, 5.5), rng=seed
    )  # fmt: skip
    in_deviations = standardize or data is None
    problem = scaled_problem(points, scaling.unit_deviation(points.X) if in_deviations else scaling.Scaling.identity(1))
    objective, optimum = problem.objective, problem.objective.optimum()
    first = starting_params(problem, start if start or data else (-0.6, 3.0), rng=seed)
    condition, limit = objective.condition_number(), objective.stability_limit()
    rate = learning_rate or float(f"{0.95 * limit:.3g}")
    gradient = panels.Run("Gradient", descend(objective, optimizers.gradient_descent(rate), first, n_updates), "first")
    newton = panels.Run("Newton", newton_path(objective, first, 1), "second")
    least, zigzags = objective.value(optimum), claims.turns_back(gradient)
    goal, valley = 1e-3 * (objective.value(first) - least), condition >= 2
    (steep_w, slant), (_, steep_b) = objective.hessian()
    tilted = abs(slant) > 0.1 * abs(steep_w - steep_b)  # a valley whose floor is neither along w nor along b
    ground = (("A tilted valley", "Valley") if tilted else "A valley") if valley else ("A round bowl", "Bowl")
    result = claims.arrival_summary([newton, gradient], goal, above=least)
    lands = np.allclose(newton.trajectory.final, optimum, rtol=1e-6, atol=1e-9 * np.abs(optimum).max())
    ends = say("y = {line}", line=formatting.linear_terms(problem.in_units(newton.trajectory.final)))
    w, newton_w = (run.trajectory.params[:, 0] for run in (gradient, newton))
    slopes = gradients_along(objective, gradient.trajectory)[:, 0]
    return Scene(
        title=("Why does Newton’s method need only one step?", "Why does Newton take one step?"),
        panels=[
            panels.LossSurface.of(
                problem, [gradient, newton], equal_units=True, name="surface", title=ground,
                names=(("w  (per standard deviation of x)", "w, x scaled") if in_deviations else "w", ("b  (at x = 0)", "b")),
            ),
            [
                panels.LossCurve(
                    runs=[gradient, newton], above=least, goal=goal, log=True, weight=1.15,
                    title=("Excess mean squared error", "Excess MSE"),
                ),
                panels.Formula(
                    rules=[
                        [panels.Term("$w$", w), r"$\leftarrow$", panels.Term.before("$w$", w), "$-$", panels.Term(r"$\eta$", rate), r"$\cdot$",
                         panels.Term(panels.derivative("w"), slopes)],
                        [panels.Term("$w$", newton_w), r"$\leftarrow$", panels.Term.before("$w$", newton_w), "$-$",
                         panels.Term(r"$(H^{-1}\nabla L)_{w}$", np.append(np.nan, -np.diff(newton_w)))],
                    ],
                    roles=[gradient.role, newton.role], weight=0.75, title=("Update rules for w", "Rules for w"),
                ),
            ],
        ],
        beats=[
            Beat(("Every line is a place in this valley of the mean squared error.", "Every line is a place in this valley.") if valley else
                 ("Every line is a place in this bowl of the mean squared error.", "Every line is a place in this bowl."), enter="surface",
                 seconds=1.8),
            Beat(say("It is {times} times as steep across as along.", when=valley and condition < np.inf,
                     times=round(condition) if condition < 1e9 else condition), seconds=1.6),
            Beat(("One start, two rules: descent follows the slope \u2207L, Newton\u2019s method divides it by the curvature H.",
                  "Two rules: \u2207L alone, or divided by curvature."), enter="Update rules for w", seconds=2.2),
            Beat(say("Newton is at the best line: {ends}. On a quadratic, slope and curvature say where the bottom is.",
                     "One Newton step: at the bottom of a quadratic.", when=lands, ends=ends)
                 or "One update of each.", updates=1, slow=True, enter="Excess mean squared error", seconds=2.8),
            Beat(say("The slope points across the valley: descent zigzags, at \u03b7 = {rate:g3} of at most {limit:g3}.",
                     "The slope points across: descent zigzags.", when=zigzags and valley and rate < limit, rate=rate, limit=limit)
                 or say("Steps go past the bottom: descent turns back and back, at \u03b7 = {rate:g3} of at most {limit:g3}.",
                        "Steps go past the bottom.", when=zigzags and rate < limit, rate=rate, limit=limit)
                 or say("Descent goes on, at \u03b7 = {rate:g3}; the stability limit is {limit:g3}.", "Descent goes on: \u03b7 = {rate:g3}.",
                        rate=rate, limit=limit),
                 updates=to_end, pace="log", seconds=4.0),
            Beat((say("To 1/1000 of the first height. {long}", long=result[0]), *result[1:]), seconds=0, hold=2.6),
        ],
        alt=sentences(
            say("Gradient descent at rate {rate:g3} on a surface of condition number {condition}.", rate=rate, condition=condition),
            say("Newton\u2019s first step lands on the best line, {ends}.", when=lands, ends=ends),
            say("To 1/1000 of the first height: {result}", result=result[0]),
        ),
    )  # fmt: skip
