"""Why does Newton’s method need only one step?

The mean squared error of a line, without a half, over slope and intercept: x is in units of its standard deviation (own
x may be left as it is), but not centered, which makes a tilted valley. Gradient descent follows the slope; Newton's
method also knows the curvature.
"""

from typing import Annotated

from animate import (
    Beat, LearningRate, LinePoints, Range, Scene, Updates, claims, compare, formatting, optimizers, panels, say, sentences, to_end,
)
from animate.learn import conditioning, newton_path, scaling


def build(
    learning_rate: Annotated[LearningRate | None, "Step size of descent; none: 0.95 of the stability limit"] = None,
    n_updates: Annotated[Updates, Range(2, 10_000), "Updates of gradient descent"] = 150,
    points: LinePoints = LinePoints(
        40, noise=0.8, slope=1.2, intercept=2.0, x_range=(0.5, 5.5), first_line=(-0.6, 3.0), seed=4),
) -> Scene:
    problem = points.problem(standardize_drawn=True, scaling=scaling.unit_deviation)
    objective, first, limit = problem.objective, problem.first_off_optimum, problem.objective.stability_limit()
    rate, steepness = learning_rate or float(f"{0.95 * limit:.3g}"), objective.condition_number()
    (gradient,) = compare(problem, {"Gradient": optimizers.gradient_descent(rate)}, start=first, n_updates=n_updates)
    newton = panels.Run("Newton", newton_path(objective, first, 1), "second")
    lowest, best = objective.lowest(), claims.best_line_shown(problem, newton)
    goal, zigzags = 1e-3 * (objective.value(first) - lowest), claims.turns_back(gradient) and rate < limit
    tilted = ("A tilted valley", "Valley") if conditioning.is_tilted(objective.hessian()) else "A valley"
    long, *short = claims.arrival_summary([newton, gradient], goal, above=lowest)
    return Scene(
        title=("Why does Newton’s method need only one step?", "Why does Newton take one step?"),
        panels=[
            panels.LossSurface.of(problem, [gradient, newton], equal_units=True, name="surface",
                                  title=tilted if steepness >= 2 else ("A round bowl", "Bowl")),
            [panels.LossCurve(runs=[gradient, newton], above=lowest, goal=goal, log=True, weight=1.15, name="loss",
                              title=("Excess mean squared error", "Excess MSE")),
             panels.Formula.of_newton(objective, gradient, newton, rate, weight=0.75, name="rules",
                                      title=("Update rules for w", "Rules for w"))],
        ],
        beats=[
            Beat(say("Every line is a place in this valley, {times} times as steep across as along.",
                     "A valley {times} times as steep across as along.", when=steepness >= 2, times=formatting.curvature_ratio(steepness))
                 or "Every line is a place in this bowl of the mean squared error.", enter="surface", seconds=2.6),
            Beat(("One start, two rules: descent follows the slope ∇L, Newton divides it by the curvature H.",
                  "Two rules: ∇L alone, or divided by curvature."), enter="rules", seconds=2.6),
            Beat(say("Newton is at the best line: y = {line}. Slope and curvature tell a quadratic’s bottom.",
                     "One Newton step: at the bottom of a quadratic.", when=best, line=best)
                 or "One update of each.", updates=1, slow=True, enter="loss", seconds=3.0),
            Beat(say("The slope points across the valley: descent zigzags at η = {rate:g3} of at most {limit:g3}.",
                     "The slope points across: it zigzags.", when=zigzags and steepness >= 2, rate=rate, limit=limit)
                 or say("Steps go past the bottom: descent turns back and back at η = {rate:g3} of at most {limit:g3}.",
                        "Steps go past the bottom.", when=zigzags, rate=rate, limit=limit)
                 or say("Descent goes on, at η = {rate:g3}; the stability limit is {limit:g3}.",
                        "Descent goes on: η = {rate:g3}.", rate=rate, limit=limit),
                 updates=to_end, pace="log", seconds=4.0),
            Beat((say("To 1/1000 of the first height. {long}", long=long), *short), seconds=0, hold=2.6),
        ],
        alt=sentences(say("Newton’s first step lands on the best line, y = {line}.", when=best, line=best), long),
    )
