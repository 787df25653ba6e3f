"""How do several classes share one map?

Softmax regression, by default on three penguin species by bill length and depth: a linear score for each class, turned into
probabilities that add up to one. The loss is the mean cross-entropy; features are standardized. Own data: 3 to 6 classes.
"""

from typing import Annotated, Literal

import numpy as np
from animate import (
    Beat, ClassificationData, LearningRate, Momentum, OwnData, Scene, Updates, compare, formatting, optimizers, panels, penguins, say, to_end, up_to,
)
from animate.learn import affordable_updates, softmax_problem

Feature = Literal["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]


def build(
    first: Annotated[Feature, "The feature across"] = "bill_length_mm",
    second: Annotated[Feature, "The feature up"] = "bill_depth_mm",
    learning_rate: LearningRate = 3.0,
    momentum: Annotated[Momentum, "Of Nesterov\u2019s method; 0 is plain gradient descent"] = 0.9,
    n_updates: Annotated[Updates | None, "Updates, all points each; none: 2500, of very many points fewer"] = None,
    data: Annotated[OwnData, "Your own two features and label, three to six classes"] = None,
) -> Scene:
    own = data and ClassificationData.from_table(data, n_features=2, n_classes=range(3, 7))
    points = own or penguins([first, second], ["Adelie", "Chinstrap", "Gentoo"])
    problem, n_updates = softmax_problem(points), n_updates or affordable_updates(2500, points.n_samples)
    steps, start = {"Softmax": optimizers.nesterov(learning_rate, momentum)}, [0.0] * problem.objective.n_params
    (run,) = compare(problem, steps, start=start, n_updates=n_updates, roles=["ink"])
    best, final = None if problem.is_separable else problem.objective.optimum(), run.trajectory.final
    row = problem.least_sure(final if best is None else best)
    label, probabilities = int(points.labels[row]), problem.probabilities(np.nan_to_num(run.trajectory.params), points.X[row])
    across, up = (formatting.readable(name).split(" (")[0] for name in points.feature_names)
    right, circled = problem.accuracy(final), f"Circled point: {points.class_names[label]}"
    return Scene(
        title=("How do several classes share one map?", "Several classes on one map?"),
        panels=[
            panels.SoftmaxRegions(problem=problem, run=run, marked=row, weight=1.8, title=(f"{across.capitalize()} and {up}", "Features")),
            [
                panels.LossCurve(runs=[run], optimum=None if best is None else problem.objective.value(best), log=True, log_updates=True,
                                 title=("Cross-entropy", "Loss")),
                panels.probability_bars(points.class_names, label, probabilities, title=(circled, "Circled point")),
            ],
        ],
        beats=[
            Beat(say("{n} points of {count} classes, two features each.", n=points.n_samples, count=points.n_classes), enter="points", seconds=1.5),
            Beat(say("Before the first update every class has probability 1/{n} everywhere: there is no boundary yet.",
                     "At first every class has probability 1/{n}.", n=points.n_classes), enter=[circled, "marked", "readout"], seconds=1.8),
            Beat(("Each class has a linear score. A boundary is where the two highest scores tie, so it is straight.",
                  "A boundary: where the two highest scores tie."), enter=["regions", "boundary", "wrong"], updates=up_to(1), slow=True, seconds=2.6),
            Beat(say("Softmax makes scores into probabilities that add up to one, as for the circled {own}.",
                     "Softmax: probabilities that add up to one.", own=points.class_names[label]), enter="Cross-entropy", updates=to_end,
                 pace="log", seconds=4.2),
            Beat(say("{right:%} right. The loss has no lowest value here: the weights grow for ever.", "{right:%} right; the weights grow for ever.",
                     when=problem.is_separable, right=right)
                 or say("{right:%} right; rings mark wrong points. Where regions meet, their classes are equally likely.",
                        "{right:%} right; rings mark wrong points.", right=right), seconds=0, hold=2.8),
        ],
    )
