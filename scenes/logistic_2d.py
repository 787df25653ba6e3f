"""How does a straight line separate two classes?

Logistic regression on two features, by default two penguin species by bill length and depth. The loss is the mean
cross-entropy; descent runs on standardized features.
"""

from typing import Annotated

import numpy as np
from animate import (
    Beat, ClassificationData, LearningRate, Momentum, OwnData, Scene, Updates, descend, formatting, logistic_problem,
    optimizers, panels, penguins, say, to_end, up_to,
)
from animate.learn import affordable_updates


def build(
    learning_rate: LearningRate = 4.0,
    momentum: Annotated[Momentum, "Of Nesterov\u2019s method; 0 is plain gradient descent"] = 0.8,
    n_updates: Annotated[Updates | None, "Updates, all points each; none: 2300, of very many points fewer"] = None,
    data: Annotated[OwnData, "Your own two features and label"] = None,
) -> Scene:
    points = ClassificationData.from_table(data, n_features=2) if data else penguins(["bill_length_mm", "bill_depth_mm"])
    problem = logistic_problem(points)
    n_updates = n_updates or affordable_updates(2300, points.n_samples)
    steps = optimizers.nesterov(learning_rate, momentum)
    run = panels.Run("Logistic regression", descend(problem.objective, steps, [0.0, 0.0, 0.0], n_updates), "ink")
    names = [formatting.readable(name).split(" (")[0] for name in points.feature_names]
    (no, yes), n = points.class_names, points.n_samples
    is_right = problem.right(run.trajectory.final)
    n_wrong, norms = int((~is_right).sum()), np.linalg.norm(run.trajectory.params[:, :2], axis=1)
    stands = next((k for k in (n_updates // 40, n_updates // 20, n_updates // 10)
                   if k > 1 and (problem.right(run.trajectory.params[k]) == is_right).all() and norms[-1] > 1.1 * norms[k]), None)
    right, undecided = say("{right:%} right", right=1 - n_wrong / n), bool(np.abs(run.trajectory.final).max() < 1e-12)
    return Scene(
        title=("How does a straight line separate two classes?", "A line between two classes"),
        panels=[
            panels.Regions(problem=problem, run=run, weight=1.9, title=(f"{names[0].capitalize()} and {names[1]}", "Features")),
            panels.LossCurve(runs=[run], optimum=problem.lowest, log=True, log_updates=True, title=("Cross-entropy", "Loss")),
        ],
        beats=[
            Beat(say("{n} points of two classes, and two features of each.", "{n} points, two features of each.", n=n), enter="points", seconds=1.5),
            Beat(("At first every point has probability one half: there is no boundary yet.", "At first every point gets probability 1/2."),
                 enter=["regions", "boundary", "readout"], seconds=1.6),
            Beat(say("One update from all points. The boundary is where P({yes}) is one half; bands: 10, 25, 75 and 90 %.",
                     "The boundary is where P({yes}) is one half.", yes=yes), enter=["wrong", "cross-entropy"], updates=up_to(1), slow=True,
                 seconds=2.8),
            Beat(say("At update {stands} the line has the same points right as at the end; what grows is the confidence.",
                     "The same points right as at the end; more sure.", when=stands, stands=stands) or "Then the next, and the next.",
                 updates=to_end, pace="log", seconds=4.5),
            Beat(say("These features do not tell the classes apart: every point keeps probability one half.",
                     "Every point keeps probability 1/2.", when=undecided)
                 or say("{right}; rings mark the wrong side. Cross-entropy does not count errors, so it need not minimize them.",
                        "{right}; rings mark the wrong side.", when=n_wrong > 0, right=right)
                 or say("{right}: every point is on its side of the boundary.", "{right}.", right=right), seconds=0, hold=2.8),
        ],
        alt=say("Logistic regression of {n} points of {no} and {yes} on {first} and {second}. After {updates:update|updates}: {right}, with "
                "a mean cross-entropy of {loss:5}.", n=n, no=no, yes=yes, first=names[0], second=names[1], updates=n_updates,
                loss=run.trajectory.loss[-1], right="no boundary" if undecided else right),
    )
