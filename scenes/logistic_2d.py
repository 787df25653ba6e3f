"""How does a straight line separate two classes?

Logistic regression on two features, by default two penguin species by bill length and depth. The loss is the mean
cross-entropy; descent runs on standardized features.
"""

from typing import Annotated

from animate import (
    ClassificationData, LearningRate, Momentum, OwnData, Scene, Timeline, Updates, descend, formatting, logistic_problem,
    optimizers, panels, penguins,
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
    n_wrong = int((~problem.right(run.trajectory.final)).sum())
    return Scene(
        title=("How does a straight line separate two classes?", "A line between two classes"),
        caption={
            0: ("Before the first update every point has probability one half: there is no boundary yet.",
                "At first every point gets probability 1/2."),
            1: (f"The boundary is where P({yes}) is one half; the bands show where it is 10, 25, 75 and 90 %.",
                f"The boundary is where P({yes}) is one half."),
            n_updates // 40: ("The line has found its place early; what still grows is how confident the model is.",
                              "The line stands; certainty still grows."),
            n_updates: (f"{right:.1f} % right. The {n_wrong} ringed points are on the wrong side of the best line there is.",
                        f"{right:.1f} % right; {n_wrong} ringed points are wrong."),
        },
        panels=[
            panels.Regions(problem=problem, run=run, weight=1.9, title=(f"{names[0].capitalize()} and {names[1]}", "Features")),
            panels.LossCurve(
                runs=[run], optimum=problem.objective.value(optimum), log=True, log_updates=True, title=("Cross-entropy", "Loss"),
            ),
        ],
        timeline=Timeline(n_updates, seconds=7.5, pace="log"),
        alt=f"Logistic regression separates {points.n_samples} points of {no} and {yes} by {names[0]} and {names[1]}. After "
        f"{n_updates} updates {right:.1f} % are right and the mean cross-entropy is {run.trajectory.loss[-1]:.6f}.",
    )
