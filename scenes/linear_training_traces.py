"""How do you see that training is done?

Batch gradient descent on a line: the fit, the loss on a logarithmic axis, and both parameters. The loss is half the mean
squared error. Points come from numpy's legacy generator, so that others' numbers can be repeated. A run has converged
when 1/10,000 of its first excess loss is left.
"""

from typing import Annotated

import numpy as np
from numpy.random import RandomState

from animate import (
    Beat, LearningRate, Noise, OwnData, Range, SampleSize, Scene, Seed, Updates, claims, compare, formatting, line,
    linear_problem, optimizers, panels, say, sentences, starting_params, to_end,
)
from animate.learn.scaling import Standardize

Coefficient = Annotated[float, Range(-10.0, 10.0), "Of the line the points come from"]


def build(
    learning_rate: LearningRate = 0.1,
    n_updates: Updates = 100,
    n_samples: Annotated[SampleSize, "Points drawn, x uniform from -3 to 3"] = 100,
    slope: Coefficient = 2.5,
    intercept: Coefficient = 1.0,
    noise: Noise = 0.2,
    start: Annotated[tuple[float, float], "Slope and intercept of the first line"] = (0.0, 0.0),
    seed: Seed = 42,
    standardize: Standardize = True,
    data: OwnData = None,
) -> Scene:
    points = data or line(n_samples, slope, intercept, noise=noise, rng=RandomState(seed))
    problem = linear_problem(points, standardize=bool(data) and standardize, loss="half_squared")
    first, optimum = starting_params(problem, start), problem.objective.optimum()
    (run,) = compare(
        problem, {"Gradient descent": optimizers.gradient_descent(learning_rate)}, start=first, n_updates=n_updates, roles=["second"]
    )
    best, loss = problem.objective.lowest(), run.trajectory.loss
    truth, dashed = ("least squares", problem.in_units(optimum)) if data else ("true", (slope, intercept))
    rounding = 1e-12 * float(np.abs(problem.data.y).max()) / np.array([float(problem.data.x.std()), 1.0])
    w, b = np.where(np.abs(problem.in_units(run.trajectory.final)) < rounding, 0.0, problem.in_units(run.trajectory.final))
    dashed = np.where(np.abs(dashed) < rounding, 0.0, dashed)
    settled = [claims.settled_at(run, optimum, axis=axis, share=0.02) for axis in (0, 1)]
    order = sorted((n_updates if at is None else at, name, axis) for axis, (at, name) in enumerate(zip(settled, ("slope", "intercept"), strict=True)))
    (early, fast, axis), (late, slow, _) = order
    look = max(1, early // 5)
    with np.errstate(all="ignore"):
        left = np.abs(run.trajectory.params - optimum) / np.abs(first - optimum)
    way = np.where(np.abs(first - optimum) > 1e-12 * np.abs(optimum).max(), 1 - left[look], np.nan)
    converged = claims.converged_at(run, best)
    state = "Done" if converged is not None else "Not done yet" if learning_rate < problem.objective.stability_limit() else "Never done at this rate"
    ends = [formatting.formatted(end, ".5" if abs(end) >= 0.1 else "5") for end in (w, b)]
    numbers = {"w": ends[0], "b": ends[1], "truth": truth, "slope": dashed[0], "intercept": dashed[1]}
    return Scene(
        title=("How do you see that training is done?", "When is training done?"),
        beats=[
            Beat(("A first line. Its loss is half its mean squared error, ½ MSE.", "A first line; its loss is ½ MSE."), enter="Fit", seconds=1.8),
            Beat(say("Slope w and intercept b, one value per update; dashed: {truth} values.", "Slope and intercept; dashed: {truth}.", truth=truth),
                 enter="parameters", seconds=2.0),
            Beat(say("By update {look} the slope has made {slope:%2} of its way, the intercept {intercept:%2}.",
                     "Slope {slope:%2} of its way, intercept {intercept:%2}.",
                     when=bool(np.isfinite(way).all() and (way >= 0).all()), look=look, slope=way[0], intercept=way[1])
                 or "The first updates.", enter="loss", until=look, seconds=2.2, slow=look < 6),
            Beat(say("From update {when} on the {fast} stays within 2 % of its first distance; the {slow} takes longer.",
                     "The {fast} has settled (within 2 %); the {slow} is left.", when=early if settled[axis] and early < late else None,
                     fast=fast, slow=slow)
                 or say("Then the next, and the next.", when=look < n_updates), until=max(early, look), pace="log", seconds=2.6),
            Beat(say("The first line is the best one: nothing is left to learn.", when=converged == 0)
                 or say("Converged at update {when}: 1/10\u202f000 of the first excess loss is left. The rest no line can explain.",
                     "Converged at update {when}.", when=converged if best > 1e-9 * loss[0] else None)
                 or say("Converged at update {when}: 1/10\u202f000 of the first loss is left.", "Converged at update {when}.", when=converged)
                 or "Then the next, and the next.", updates=to_end, pace="log", seconds=2.8),
            Beat(say("{state}: slope {w} and intercept {b}; dashed: {truth} {slope:5} and {intercept:5}.", "{state}: w {w}, b {b}.",
                     when=bool(np.isfinite([w, b]).all()), state=state, **numbers)
                 or "Not done, and never will be.", seconds=0, hold=2.8),
        ],
        panels=[
            panels.LineFit(problem=problem, run=run, title="Fit", loss_name="\u00bd MSE", weight=1.4),
            [
                panels.LossCurve(runs=[run], optimum=best, log=True, title=("\u00bd mean squared error", "\u00bd MSE"), name="loss"),
                panels.Traces.of_line(problem, run, targets=dashed, title=(f"Parameters (dashed: {truth})", "Parameters"), name="parameters"),
            ],
        ],
        alt=sentences(
            say("Gradient descent fits a line to {n} points in {updates:update|updates}.", n=problem.data.n_samples, updates=n_updates),
            say("It ends at slope {w:6} and intercept {b:6}, half the mean squared error {loss:6}.", when=bool(np.isfinite([w, b, loss[-1]]).all()),
                w=w, b=b, loss=loss[-1]),
            say("The least possible is {best:6}.", best=best),
        ),
    )
