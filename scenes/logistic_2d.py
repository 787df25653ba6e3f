"""How does a straight line separate two classes?

Logistic regression on two features, by default two penguin species by bill length and depth. The loss is the mean
cross-entropy; descent runs on standardized features.
"""

from typing import Annotated

import numpy as np

from animate import (
    ClassificationData, LearningRate, Momentum, OwnData, Scene, Timeline, Updates, descend, formatting, logistic_problem,
    optimizers, panels, penguins, say,
)


def build(
    learning_rate: LearningRate = 4.0,
    momentum: Annotated[Momentum, "Of Nesterov\u2019s method; 0 is plain gradient descent"] = 0.8,
    n_updates: Updates = 2300,
    data: Annotated[OwnData, "Your own two features and label"] = None,
) -> Scene:
    points = (
        ClassificationData.from_table(data, n_features=2) if data else penguins(["bill_length_mm", "bill_depth_mm"])
    )
    problem = logistic_problem(points)
    steps = optimizers.nesterov(learning_rate, momentum)
    run = panels.Run("Logistic regression", descend(problem.objective, steps, [0.0, 0.0, 0.0], n_updates), "ink")
    optimum = problem.objective.optimum()
    names = [formatting.readable(name).split(" (")[0] for name in points.feature_names]
    no, yes = points.class_names
    right = 100 * problem.accuracy(run.trajectory.final)
    n_wrong, stands = int((~problem.right(run.trajectory.final)).sum()), max(n_updates // 40, 1)
    norms = np.linalg.norm(run.trajectory.params[:, :2], axis=1)
    placed = bool((problem.right(run.trajectory.params[stands]) == problem.right(run.trajectory.final)).all() and norms[-1] > 1.1 * norms[stands])
    numbers = {"yes": yes, "right": right / 100, "wrong": n_wrong}
    return Scene(
        title=("How does a straight line separate two classes?", "A line between two classes"),
        caption=[
            (0, ("Before the first update every point has probability one half: there is no boundary yet.",
                 "At first every point gets probability 1/2.")),
            (1, say("The boundary is where P({yes}) is one half; the bands show where it is 10, 25, 75 and 90 %.",
                    "The boundary is where P({yes}) is one half.", **numbers)),
            (stands, say("At update {stands} the line has the same points right as at the end; what grows is how confident the model is.",
                         "The line stands; confidence still grows.", when=placed, stands=stands)),
            (n_updates, say("{right:%} right; the {wrong} ringed points are not. Cross-entropy does not count them: it is not errors it minimizes.",
                            "{right:%} right; {wrong} ringed points are wrong.", when=n_wrong > 0, **numbers)
             or say("{right:%} right: every point is on its side of the boundary.", "{right:%} right.", **numbers)),
        ],
        panels=[
            panels.Regions(problem=problem, run=run, weight=1.9, title=(f"{names[0].capitalize()} and {names[1]}", "Features")),
            panels.LossCurve(
                runs=[run], optimum=problem.objective.value(optimum), log=True, log_updates=True, title=("Cross-entropy", "Loss"),
            ),
        ],
        timeline=Timeline(n_updates, seconds=7.5, pace="log"),
        alt=say("Logistic regression separates {n} points of {no} and {yes} by {first} and {second}. After {updates} updates {right:%} are "
                "right and the mean cross-entropy is {loss:5}.", n=points.n_samples, no=no, first=names[0], second=names[1], updates=n_updates,
                loss=run.trajectory.loss[-1], **numbers),
    )
