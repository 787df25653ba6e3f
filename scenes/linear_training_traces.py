"""How do you see that training is done?

Batch gradient descent on a line: the fit, the loss on a logarithmic axis, and both parameters. The loss is half the mean
squared error. Points come from numpy's legacy generator, so that others' numbers can be repeated. A run has converged
when 1/10,000 of its first excess loss is left.
"""

from typing import Annotated

import numpy as np
from numpy.random import RandomState

from animate import (
    LearningRate, Noise, OwnData, Range, SampleSize, Scene, Seed, Timeline, Updates, claims, compare, line, linear_problem,
    optimizers, panels, say, starting_params,
)

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
    data: OwnData = None,
) -> Scene:
    problem = linear_problem(data or line(n_samples, slope, intercept, noise=noise, rng=RandomState(seed)), loss="half_squared")
    first, optimum = starting_params(problem, start), problem.objective.optimum()
    (run,) = compare(
        problem, {"Gradient descent": optimizers.gradient_descent(learning_rate)}, start=first, n_updates=n_updates, roles=["second"]
    )
    best, loss = problem.objective.value(optimum), run.trajectory.loss
    truth, dashed = ("least squares", problem.in_units(optimum)) if data else ("true", (slope, intercept))
    w, b = problem.in_units(run.trajectory.final)
    settled = [claims.settled_at(run, optimum, axis=axis, share=0.02) for axis in (0, 1)]
    order = sorted((n_updates if at is None else at, name, axis) for axis, (at, name) in enumerate(zip(settled, ("slope", "intercept"), strict=True)))
    (early, fast, axis), (late, slow, _) = order
    look = max(1, early // 5)
    with np.errstate(all="ignore"):
        left = np.abs(run.trajectory.params - optimum) / np.abs(first - optimum)
    way = 1 - left[look]
    converged = claims.converged_at(run, best)
    numbers = {"w": w, "b": b, "truth": truth, "slope": dashed[0], "intercept": dashed[1]}
    return Scene(
        title=("How do you see that training is done?", "When is training done?"),
        caption=[
            (0, ("The first line. Watch the fit, the loss on its logarithmic axis, and both parameters.",
                 "Watch the fit, the loss and both parameters.")),
            (look, say("At update {look} the slope has made {slope:%2} of its way, the intercept {intercept:%2}.",
                       "Slope {slope:%2} of its way, intercept {intercept:%2}.",
                       when=bool(np.isfinite(way).all() and (way >= 0).all()), look=look, slope=way[0], intercept=way[1])),
            (early, say("From update {when} on the {fast} stays within 2 % of its first distance; the {slow} takes longer.",
                        "The {fast} has settled; the {slow} is left.", when=early if settled[axis] is not None and early < late else None,
                        fast=fast, slow=slow)),
            (converged, say("Converged at update {when}: 1/10,000 of the first excess loss is left. The rest no line can explain.",
                            "Converged at update {when}.", when=converged if best > 1e-9 * loss[0] else None)
             or say("Converged at update {when}: 1/10,000 of the first loss is left.", "Converged at update {when}.", when=converged)),
            (n_updates, say("{state}: slope {w:.5} and intercept {b:.5}; dashed: {truth} {slope:5} and {intercept:5}.",
                            "w {w:.5}, b {b:.5}; dashed: {truth}.",
                            state="Not done yet" if converged is None else "Done", **numbers)),
        ],
        panels=[
            panels.LineFit(problem=problem, run=run, title="Fit", loss_name="\u00bd MSE", weight=1.4),
            [
                panels.LossCurve(runs=[run], optimum=best, log=True, title=("\u00bd mean squared error", "\u00bd MSE")),
                panels.Traces.of_line(problem, run, targets=dashed, title=(f"Parameters (dashed: {truth})", "Parameters")),
            ],
        ],
        timeline=Timeline(n_updates, seconds=7.0, pace="log"),
        alt=say("Gradient descent fits a line to {n} points in {updates} updates to slope {w:6} and intercept {b:6}, half the mean squared "
                "error {loss:6}; the least there is is {best:6}.", n=problem.data.n_samples, updates=n_updates, w=w, b=b, loss=loss[-1], best=best),
    )
