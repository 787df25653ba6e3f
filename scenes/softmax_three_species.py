"""How do three classes share one map?

Softmax regression on three penguin species by bill length and depth: a linear score for each species, turned into
probabilities that add up to one. The loss is the mean cross-entropy, without a penalty; features are standardized for the
descent. Your own data may have three to six classes.
"""

from typing import Annotated, Literal

import numpy as np
from animate import (
    Beat, ClassificationData, LearningRate, Momentum, OwnData, Scene, Updates, descend, formatting, optimizers, panels, penguins, say,
    to_end, up_to,
)
from animate.learn import affordable_updates, softmax_problem

COUNTS = {3: "three", 4: "four", 5: "five", 6: "six"}
Feature = Literal["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]


def build(
    first: Annotated[Feature, "The feature across"] = "bill_length_mm",
    second: Annotated[Feature, "The feature up"] = "bill_depth_mm",
    learning_rate: LearningRate = 3.0,
    momentum: Annotated[Momentum, "Of Nesterov\u2019s method; 0 is plain gradient descent"] = 0.9,
    n_updates: Annotated[Updates | None, "Updates, all points each; none: 2500, of very many points fewer"] = None,
    data: Annotated[OwnData, "Your own two features and label, three to six classes"] = None,
) -> Scene:
    points = (
        ClassificationData.from_table(data, n_features=2, n_classes=range(3, 7)) if data
        else penguins([first, second], ["Adelie", "Chinstrap", "Gentoo"])
    )
    problem, count = softmax_problem(points), COUNTS[points.n_classes]
    kind, kinds = ("class", "classes") if data else ("species", "species")
    steps = optimizers.nesterov(learning_rate, momentum)
    n_updates = n_updates or affordable_updates(2500, points.n_samples)
    run = panels.Run("Softmax", descend(problem.objective, steps, [0.0] * problem.objective.n_params, n_updates), "ink")
    best = None if problem.is_separable else problem.objective.optimum()
    row = problem.least_sure(run.trajectory.final if best is None else best)
    right = problem.accuracy(run.trajectory.final)
    n_wrong = int((~problem.right(run.trajectory.final)).sum())
    names = [formatting.readable(name).split(" (")[0] for name in points.feature_names]
    label = int(points.labels[row])
    own, circled = points.class_names[label], f"Circled point: {points.class_names[label]}"
    probabilities = problem.probabilities(np.nan_to_num(run.trajectory.params), points.X[row])
    return Scene(
        title=(f"How do {count} classes share one map?", f"{count.capitalize()} classes on one map?"),
        panels=[
            panels.SoftmaxRegions(
                problem=problem, run=run, marked=row, weight=1.8, title=(f"{names[0].capitalize()} and {names[1]}", "Features"),
            ),
            [
                panels.LossCurve(
                    runs=[run], optimum=None if best is None else problem.objective.value(best), log=True, log_updates=True,
                    title=("Cross-entropy", "Loss"),
                ),
                panels.probability_bars(points.class_names, label, probabilities, title=(circled, "Circled point")),
            ],
        ],
        beats=[
            Beat(say("{n} points of {count} {kinds}, and two features of each.", "{n} points of {count} {kinds}.", n=points.n_samples, count=count,
                     kinds=kinds), enter="points", seconds=1.5),
            Beat(say("Before the first update every {kind} has probability 1/{n} everywhere: there is no boundary yet.",
                     "At first every {kind} has probability 1/{n}.", kind=kind, n=points.n_classes), enter=[circled, "marked", "readout"],
                 seconds=1.8),
            Beat(say("Each {kind} has a linear score. A boundary is where the two highest scores tie, so it is straight.",
                     "A boundary: where the two highest scores tie.", kind=kind), enter=["regions", "boundary", "wrong"], updates=up_to(1), slow=True,
                 seconds=2.6),
            Beat(say("Softmax makes scores into probabilities that add up to one, as for the circled {own}.",
                     "Softmax: probabilities that add up to one.", own=own), enter="Cross-entropy", updates=to_end, pace="log", seconds=4.2),
            Beat(say("{right:%} right. The loss has no lowest value here: the weights grow for ever.", "{right:%} right; the weights grow for ever.",
                     when=problem.is_separable, right=right)
                 or say("{right:%} right; ringed points are wrong. Where three regions meet, three {kinds} are equally likely.",
                        "{right:%} right; {wrong:ringed point is|ringed points are} wrong.", right=right, kinds=kinds, wrong=n_wrong),
                 seconds=0, hold=2.8),
        ],
        alt=say("Softmax regression on {count} {kinds}: each place of {first} and {second} has the color of the likeliest. "
                "After {updates:update|updates} {right:%} of {n} points are right and the mean cross-entropy is {loss:5}.",
                count=count, kinds=kinds if data else "penguin species", first=names[0], second=names[1],
                updates=n_updates, right=right, n=points.n_samples, loss=run.trajectory.loss[-1]),
    )
