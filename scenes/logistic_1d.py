"""Where does the sigmoid put its boundary?

Logistic regression on one feature, by default two penguin species by bill length. The loss is the mean cross-entropy;
descent runs on the standardized feature.
"""

from typing import Annotated

from animate import (
    ClassificationData, Range, Scene, Table, Timeline, descend, logistic_problem, optimizers, panels, penguins,
)
from animate.draw import formatting


def build(
    learning_rate: Annotated[float, Range(1e-10, 10.0, scale="log"), "Step size"] = 4.0,
    n_updates: Annotated[int, Range(1, 10_000), "Updates, all points each"] = 700,
    data: Annotated[Table | None, "Your own feature and label"] = None,
) -> Scene:
    points = ClassificationData.from_table(data, n_features=1) if data else penguins(["bill_length_mm"])
    problem = logistic_problem(points)
    steps = optimizers.gradient_descent(learning_rate)
    run = panels.Run("Logistic regression", descend(problem.objective, steps, [0.0, 0.0], n_updates), "ink")
    optimum = problem.objective.optimum()
    feature, (no, yes) = formatting.readable(points.feature_names[0]), points.class_names
    boundary = -problem.in_units(optimum)[1] / problem.in_units(optimum)[0]
    right = 100 * problem.accuracy(run.trajectory.final)
    return Scene(
        title=("Where does the sigmoid put its boundary?", "Where is the sigmoid\u2019s boundary?"),
        caption={
            0: ("At first every point gets probability one half. Lines show the gap from prediction to label.",
                "At first every point gets probability 1/2."),
            1: ("Each thin line is the gap between the predicted probability and the true label: shorter is better.",
                "Each line: the gap from prediction to label."),
            n_updates // 12: (f"Green points are on their side of the boundary, where P({yes}) is one half; red ones are not.",
                             "Green: right side of the boundary. Red: wrong."),
            n_updates: (f"{right:.1f} % right: where the two species overlap, no boundary can get every point.",
                        f"{right:.1f} % right: the classes overlap."),
        },
        panels=[
            panels.Sigmoid(
                problem=problem, run=run, weight=2.3,
                title=(f"P({yes} | {feature.split(' (')[0]})", f"P({yes})"),
            ),
            panels.LossCurve(
                runs=[run], optimum=problem.objective.value(optimum), log_updates=True, title=("Cross-entropy", "Loss")
            ),
        ],
        timeline=Timeline(n_updates, seconds=7.0, pace="log"),
        alt=f"A sigmoid is fitted to {points.n_samples} points of {no} and {yes} by {feature}. After {n_updates} updates its "
        f"boundary is at {boundary:.1f}, {right:.1f} % of the points are right, and the mean cross-entropy is "
        f"{run.trajectory.loss[-1]:.6f}.",
    )
