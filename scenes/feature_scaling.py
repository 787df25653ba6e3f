"""Why standardize a feature before descent?

Batch gradient descent on x as it is and on standardized x, from the same line, each at the same share of its own limit
2/λmax. The loss is the mean squared error, without a half; a unit is as long across as up on both surfaces.
"""

from typing import Annotated

from animate import (
    Beat, Noise, OwnData, Range, RegressionData, SampleSize, Scene, Seed, Updates, claims, compare, formatting, line, optimizers, panels, say, to_end,
)
from animate.learn import convergence, scaled_problem, scaling


def build(
    share_of_limit: Annotated[float, Range(0.001, 2.0, scale="log"), "Learning rates, as a share of each limit 2/λmax"] = 0.25,
    n_updates: Annotated[Updates, "Updates of both"] = 10_000,
    n_samples: SampleSize = 60,
    highest: Annotated[float, Range(0.1, 10_000.0, scale="log"), "x is drawn from 0 to this"] = 50.0,
    noise: Noise = 3.0,
    start: Annotated[tuple[float, float], "Slope and intercept of the first line"] = (0.0, 0.0),
    seed: Seed = 0,
    data: OwnData = None,
) -> Scene:
    points = RegressionData.from_table(data) if data else line(n_samples, 40 / highest, 5.0, noise=noise, x_range=(0.0, highest), rng=seed)
    scales = {"Raw x": scaling.Scaling.identity(1), "Scaled x": scaling.Scaling.standardize(points.X)}
    problems = {name: scaled_problem(points, scale) for name, scale in scales.items()}
    descents = [(one.objective, share_of_limit * one.objective.stability_limit(), one.from_units(start)) for one in problems.values()]
    steps = {name: optimizers.gradient_descent(rate) for name, (_, rate, _) in zip(problems, descents, strict=True)}
    runs = compare(problems, steps, start=[first for *_, first in descents], n_updates=n_updates)
    slow, quick = (claims.updates_needed(*descent) for descent in descents)
    best, narrow = descents[1][0].lowest(), descents[0][0].condition_number() > 10
    return Scene(
        title=("Why standardize a feature before descent?", "Why standardize x?") if narrow else
        ("Must a feature be standardized before descent?", "Must x be standardized?"),
        beats=[
            Beat("One descent sees x as it is: the loss is a ravine." if narrow else "One descent sees x as it is.",
                 enter=["Raw x/surface", "Raw x/path", "Raw x/optimum"], seconds=1.8),
            Beat(("The other sees it scaled to mean 0 and standard deviation 1: the loss is round.", "Scaled to mean 0, deviation 1: it is round."),
                 enter=["Scaled x/surface", "Scaled x/path", "Scaled x/optimum"], seconds=2.2),
            Beat(("Where the loss is round, its steepest way down leads straight to the best line; in a ravine, across it.",
                  "In a ravine the steepest way down leads across.") if narrow else "One update of each.", updates=1, slow=True, seconds=2.4),
            Beat(("Along the floor of the ravine there is almost no slope, and the limit 2/λmax forbids large steps.",
                  "The floor of the ravine is almost flat.") if narrow else "Then the next, and the next.",
                 enter=["excess", "needed"], updates=to_end, pace="log", seconds=5.0),
            Beat(say("Updates for 99 % of the parameters\u2019 way: {slow} on raw x, {quick} on scaled x. \u03ba is the condition number.",
                     "Updates for 99 %: {slow}; scaled: {quick}.", slow=slow, quick=quick), seconds=0, hold=2.6),
        ],
        panels=[
            *(panels.LossSurface.of(problem, [run], limits=panels.around([run.trajectory.params], objective.optimum()), role=run.role,
                                    equal_units=True, name=run.name, note=formatting.condition(objective.condition_number())[1],
                                    title=(f"{run.name}, rate {formatting.significant(rate, 2)}", run.name))
              for problem, run, (objective, rate, _) in zip(problems.values(), runs, descents, strict=True)),
            [
                panels.LossCurve(runs=runs, above=best, names=False, log=True, log_updates=True, title="Excess MSE", name="excess"),
                panels.UpdatesNeeded(runs=runs, needed=[convergence.updates_until(*descent) for descent in descents],
                                     instead=[slow, quick], title=("Updates for 99 % of the way", "Updates for 99 %"), name="needed"),
            ],
        ],
    )
