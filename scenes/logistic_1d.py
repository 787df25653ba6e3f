"""Where does the sigmoid put its boundary?

Logistic regression on one feature, by default two penguin species by bill length. The loss is the mean cross-entropy;
descent runs on the standardized feature.
"""

from typing import Annotated

from animate import (
    Beat, ClassificationData, LearningRate, Scene, Table, Updates, compare, formatting, logistic_problem, optimizers, panels,
    penguins, say, to_end, up_to,
)


def build(
    learning_rate: LearningRate = 4.0,
    n_updates: Annotated[Updates, "Updates, all points each"] = 700,
    data: Annotated[Table | None, "Your own feature and label"] = None,
) -> Scene:
    points = ClassificationData.from_table(data, n_features=1) if data else penguins(["bill_length_mm"])
    problem = logistic_problem(points)
    descent = {"Logistic regression": optimizers.gradient_descent(learning_rate)}
    (run,) = compare(problem, descent, start=[0.0, 0.0], n_updates=n_updates, roles=["ink"])
    optimum = problem.objective.optimum()
    feature, (no, yes) = formatting.readable(points.feature_names[0]), points.class_names
    weight, intercept = problem.in_units(optimum)
    right = 100 * problem.accuracy(run.trajectory.final)
    return Scene(
        title=("Where does the sigmoid put its boundary?", "Where is the sigmoid\u2019s boundary?"),
        panels=[
            panels.Sigmoid(
                problem=problem, run=run, weight=2.3,
                title=(f"P({yes} | {feature.split(' (')[0]})", f"P({yes})"),
            ),
            panels.LossCurve(
                runs=[run], optimum=problem.objective.value(optimum), log_updates=True, title=("Cross-entropy", "Loss")
            ),
        ],
        beats=[
            Beat(say("{n} points of two classes: {no} at 0 and {yes} at 1. Where is the boundary?",
                     "{no} is 0, {yes} is 1. Where is the boundary?", n=points.n_samples, no=no, yes=yes),
                 enter="points", seconds=2.0),
            Beat(say("The curve is the predicted probability of {yes}: at first one half everywhere.",
                     "The probability of {yes}: at first 1/2.", yes=yes), enter=["curve", "boundary", "readout"], seconds=2.0),
            Beat(("Each thin line is the gap from a prediction to its label: shorter is better.",
                  "Each line: the gap from prediction to label."), enter="gaps", focus=["gaps", "points", "curve"], seconds=2.0),
            Beat(("One update: all gaps together move the curve. The loss is their mean cross-entropy.",
                  "One update: all gaps together move the curve."), enter="cross-entropy",
                 updates=up_to(1), slow=True, focus=["curve", "boundary", "gaps", "path", "optimum"], seconds=2.4),
            Beat(("Then the next. Green lines: points on their side of the boundary. Red lines: points on the other.",
                  "Green line: right side. Red line: wrong side."), updates=to_end, pace="log", seconds=3.4),
            Beat(say("{right:.1} % right. The classes overlap: no boundary gets all points right.", "{right:.1} % right: the classes overlap.",
                     when=not problem.is_separable, right=right)
                 or say("{right:.1} % right after {n} updates.", right=right, n=n_updates), seconds=0, hold=2.5),
        ],
        alt=say("A sigmoid is fitted to {n} points of {no} and {yes} by {feature}. After {updates} updates {right:.1} % of the "
                "points are right, and the mean cross-entropy is {loss:.6}; at its lowest the boundary is at {at}.",
                n=points.n_samples, no=no, yes=yes, feature=feature, updates=n_updates, right=right,
                loss=float(run.trajectory.loss[-1]), at=-intercept / weight),
    )
