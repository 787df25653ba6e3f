"""What does descent learn where a line does not fit?

Batch gradient descent on the mean squared error, without a half, x standardized (own x may be left as it is), on one of
six data sets: around a line with little or much noise, with outliers, around a curve that levels off, with a noise that
grows, from two populations.
"""

from typing import Annotated, Literal

import numpy as np
from animate import (
    Beat, LearningRate, Noise, OwnData, RegressionData, SampleSize, Scene, Seed, StartLine, Updates, claims, compare, datasets, formatting,
    linear_problem, optimizers, panels, say, to_end, up_to,
)
from animate.learn import convergence
from animate.learn.scaling import Standardize

Name = Literal["linear", "heavy_noise", "outliers", "saturating", "growing_variance", "two_populations"]


def build(
    dataset: Annotated[Name, "What the points are drawn from"] = "saturating",
    n_samples: SampleSize = 60,
    noise: Annotated[Noise | None, "Standard deviation of the noise; none: the data set’s own"] = None,
    learning_rate: LearningRate = 0.05,
    n_updates: Annotated[Updates | None, "Updates, all points each; none: until it settles"] = None,
    start: StartLine = None,
    seed: Annotated[Seed, "Of the points and the first line"] = 2,
    standardize: Standardize = True,
    data: Annotated[OwnData, "Your own x and y, in place of a data set"] = None,
) -> Scene:
    draw, given = datasets.DATASETS[dataset], {} if noise is None else {"noise": noise}
    points = RegressionData.from_table(data) if data else draw(n_samples, rng=seed, **given)
    problem = linear_problem(points, standardize=standardize or data is None).beginning(start, rng=seed)
    updates = n_updates or convergence.updates_to_settle(problem, learning_rate)
    (run,) = compare({"Batch GD": problem}, optimizers.gradient_descent(learning_rate), n_updates=updates, roles=["second"])
    gained, r_squared = claims.gained_at(run, problem.objective.lowest(), share=0.95), problem.r_squared(run.trajectory.final)
    line, r2 = formatting.linear_terms(problem.without_rounding(run.trajectory.final)), formatting.number(r_squared, 3)
    ends = (say("y = {line}, R² {r2}. ", line=line, r2=r2, when=bool(np.isfinite(r_squared)))
            or say("y = {line}. ", line=line, when=bool(np.isfinite(run.trajectory.final).all())) or "")
    title = "Your data" if data else "Points and line"  # a name such as outliers would be false where none is drawn
    remedy = "take more updates" if learning_rate < problem.objective.stability_limit() else "take a lower rate"
    lesson = panels.residual_pattern(problem, run) if gained is not None else say(
        "Less than 95 % of what the loss can fall is gained: {remedy}.", "Less than 95 % is gained: {remedy}.", remedy=remedy)
    return Scene(
        title=("What does descent learn where a line does not fit?", "And where a line does not fit?"),
        panels=[panels.LineFit(problem=problem, run=run, true_functions=() if data else datasets.true_functions(dataset), title=(title, "Fit"),
                               weight=1.2),
                panels.residual_plot(problem, run), panels.LossSurface.of(problem, [run], title=("Loss surface", "Loss"))],
        beats=[
            Beat(say("{n} points and a first line. Red shows how far it misses.", n=points.n_samples), enter=["points", "line"], seconds=2.2),
            Beat(("Residuals: y less the line. Bars are their means, of each fifth of the points.", "Bars: mean residuals of each fifth."),
                 enter="Residuals", seconds=2.2),
            Beat(("An update goes against the gradient of the mean squared error, and asks nothing else of the line.", "Against the gradient."),
                 enter="Loss surface", updates=up_to(2), slow=True, seconds=2.4),
            Beat(say("From update {when} on 95 % of what the loss can fall is gained.", "95 % is gained at update {when}.", when=gained)
                 or "Then the next, and the next.", updates=to_end, pace="log", seconds=3.0),
            Beat((f"{ends}{lesson[0]}", *lesson), seconds=0, hold=3.2),
        ],
    )
