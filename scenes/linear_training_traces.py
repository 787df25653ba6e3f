"""How do you see that training is done?

Batch gradient descent on a line: the fit, the loss on a logarithmic axis, and both parameters. The loss is half the
mean squared error. Points come from numpy's legacy generator, so that others' numbers can be repeated.
"""

from typing import Annotated

from animate import (
    Beat, LearningRate, Noise, OwnData, Range, SampleSize, Scene, Seed, Updates, claims, compare, line, linear_problem,
    optimizers, panels, say, to_end, up_to,
)
from animate.learn.scaling import Standardize
from numpy.random import RandomState


def build(
    learning_rate: LearningRate = 0.1,
    n_updates: Updates = 100,
    n_samples: Annotated[SampleSize, "Points drawn, x uniform from -3 to 3"] = 100,
    slope: Annotated[float, Range(-10.0, 10.0), "Of the line the points come from"] = 2.5,
    intercept: Annotated[float, Range(-10.0, 10.0), "Of the line the points come from"] = 1.0,
    noise: Noise = 0.2,
    start: Annotated[tuple[float, float], "Slope and intercept of the first line"] = (0.0, 0.0),
    seed: Seed = 42,
    standardize: Standardize = True,
    data: OwnData = None,
) -> Scene:
    points = data or line(n_samples, slope, intercept, noise=noise, rng=RandomState(seed))
    problem = linear_problem(points, standardize=bool(data) and standardize, loss="half_squared").beginning(start)
    objective, descent = problem.objective, {"Gradient descent": optimizers.gradient_descent(learning_rate)}
    (run,) = compare(problem, descent, n_updates=n_updates, roles=["second"])
    best, optimum, converged = objective.lowest(), objective.optimum(), claims.converged_at(run, objective.lowest())
    truth, dashed = ("least squares", problem.without_rounding(optimum)) if data else ("true", (slope, intercept))
    below, ends = learning_rate < objective.stability_limit(), problem.without_rounding(run.trajectory.final)
    state = "Done" if converged is not None else "Not done yet" if below else "Never done at this rate"
    return Scene(
        title=("How do you see that training is done?", "When is training done?"),
        beats=[
            Beat(("A first line. Its loss is half its mean squared error, ½ MSE.", "A first line; its loss is ½ MSE."),
                 enter="Fit", seconds=1.8),
            Beat(say("Slope w and intercept b, one value per update; dashed: {truth} values.",
                     "Slope and intercept; dashed: {truth}.", truth=truth), enter="parameters", seconds=2.0),
            Beat(("An update is a step against the slope of the loss.", "A step against the slope."), enter="loss",
                 updates=up_to(1), slow=True, seconds=2.2),
            Beat(say("The first line is the best one: nothing is left to learn.", when=converged == 0)
                 or claims.converging(run, best), updates=to_end, pace="log", seconds=4.4),
            Beat(say("{state}: slope {w:6} and intercept {b:6}; dashed: {truth} {dashed[0]:5} and {dashed[1]:5}.",
                     "{state}: w {w:6}, b {b:6}.", when=run.trajectory.diverged_at is None,
                     state=state, w=ends[0], b=ends[1], truth=truth, dashed=dashed), seconds=0, hold=2.8),
        ],
        panels=[
            panels.LineFit(problem=problem, run=run, title="Fit", loss_name="½ MSE", weight=1.4),
            [
                panels.LossCurve(runs=[run], optimum=best, log=True, name="loss", title=("½ mean squared error", "½ MSE")),
                panels.Traces.of_line(problem, run, targets=dashed, name="parameters",
                                      title=(f"Parameters (dashed: {truth})", "Parameters")),
            ],
        ],
    )
