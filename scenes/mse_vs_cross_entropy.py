"""Why not squared error on a sigmoid?

Logistic regression on one feature with two losses, from one start, at one learning rate: the mean of (p - label)² and the mean
cross-entropy; no halves, no penalty. Descent runs on the standardized feature, by default penguins by bill length. Of over 2000
points the surfaces are drawn from groups of neighbors; the numbers are those of all points.
"""

from typing import Annotated

import numpy as np
from animate import (
    Beat, ClassificationData, LearningRate, OwnData, Scene, Updates, compare, logistic_problem, optimizers, panels, penguins, say, to_end, up_to,
)
from animate.learn import affordable_updates


def build(
    learning_rate: Annotated[LearningRate, "Step size of both"] = 1.0,
    n_updates: Annotated[Updates | None, "Updates, all points each; none: 1000, of very many points fewer"] = None,
    start: Annotated[tuple[float, float], "Weight and intercept of both, on the standardized feature"] = (-8.0, 3.0),
    data: Annotated[OwnData, "Your own feature and label"] = None,
) -> Scene:
    points = ClassificationData.from_table(data, n_features=1) if data else penguins(["bill_length_mm"])
    squared, entropy = logistic_problem(points, loss="sigmoid_squared"), logistic_problem(points)
    entropy.require_overlap()
    n_updates = n_updates or affordable_updates(1000, points.n_samples)
    problems = {"squared error": squared, "cross-entropy": entropy}
    runs = compare(problems, optimizers.gradient_descent(learning_rate), start=start, n_updates=n_updates)
    slopes = [float(np.linalg.norm(problem.objective.gradient(np.array(start)))) for problem in (squared, entropy)]
    right = [problems[run.name].accuracy(run.trajectory.final) for run in runs]
    window = panels.window([run.trajectory.params for run in runs], entropy.objective.optimum())
    yes, early = points.class_names[1], max(1, n_updates // 50)
    moved = [float(np.linalg.norm(run.trajectory.params[early] - run.trajectory.params[0])) for run in runs]
    return Scene(
        title=("Why not squared error on a sigmoid?", "Why not squared error?"),
        panels=[
            [
                panels.Sigmoids(problem=entropy, runs=runs, name_runs=False, title=f"P({yes})"),
                panels.pull_over_score([(squared, runs[0]), (entropy, runs[1])], title=(f"Pull of one {yes}", "Pull of a point", "Pull")),
            ],
            *(panels.LossSurface.of(problems[run.name], [run], limits=window, role=run.role, title=run.name.capitalize()) for run in runs),
        ],
        beats=[
            Beat(say("{n} points and one curve. Two descents start from it, each with a loss of its own.", "One curve, two losses.",
                     n=points.n_samples), enter=f"P({yes})", seconds=1.6),
            Beat(("How hard a point pulls on its score. Cross-entropy: the harder, the further off it is.", "The pull of a point, by its score."),
                 enter=f"Pull of one {yes}", seconds=2.2),
            Beat(("Squared error has (p \u2212 y)\u00b2: confident and wrong, far at the left, it hardly pulls.",
                  "Confident and wrong: squared error hardly pulls."), seconds=2.2),
            Beat(say("At the start: the gradient of squared error is {squared} long, of cross-entropy {entropy}.",
                     "At the start: gradient {squared} against {entropy}.", squared=slopes[0], entropy=slopes[1]),
                 enter=["Squared error", "Cross-entropy"], seconds=2.2),
            Beat(say("After {early:update|updates} squared error has moved by {squared}, cross-entropy by {entropy}.",
                     "Moved: {squared} against {entropy}.", early=early, squared=moved[0], entropy=moved[1]),
                 updates=up_to(early), pace="log", seconds=2.4),
            Beat("Then the next, and the next.", updates=to_end, pace="log", seconds=2.0),
            Beat(say("After {updates:update|updates} at one rate: squared error {squared:%} right, cross-entropy {entropy:%}.",
                     "Right: {squared:%} against {entropy:%}.", updates=n_updates, squared=right[0], entropy=right[1]), seconds=0, hold=2.4),
        ],
    )
