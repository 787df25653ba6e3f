"""A sigmoid: one point at a time, or all of them at once?

Logistic regression on one feature, by default two penguin species by bill length, from one random, wrong sigmoid at one
learning rate. Online SGD updates after every point; batch gradient descent averages the gradient over all of them. The loss
is the mean cross-entropy; descent runs on the standardized feature. Of over 2000 points the surface is drawn from groups of
neighbors; the numbers are those of all points.
"""

from typing import Annotated

from animate import (
    Beat, ClassificationData, LearningRate, OwnData, Scene, Seed, Updates, claims, compare, logistic_problem, optimizers,
    panels, penguins, sampling, say, to_end, up_to,
)
from animate.learn.problems import starting_sigmoid


def build(
    learning_rate: Annotated[LearningRate, "Step size of both"] = 1.0,
    n_updates: Updates = 600,
    start: Annotated[tuple[float, float] | None, "First weight and intercept, on the standardized feature; none: random"] = None,
    seed: Annotated[Seed, "Of the first sigmoid and the order of the points"] = 4,
    data: Annotated[OwnData, "Your own feature and label"] = None,
) -> Scene:
    points = ClassificationData.from_table(data, n_features=1) if data else penguins(["bill_length_mm"])
    problem, n, (no, yes) = logistic_problem(points), points.n_samples, points.class_names
    descent, first = optimizers.gradient_descent(learning_rate), starting_sigmoid(start, rng=seed)
    sgd, batch = compare(problem, {"Online SGD": (descent, sampling.online(rng=seed)), "Batch GD": descent}, start=first, n_updates=n_updates)
    losses = {"sgd": float(sgd.trajectory.loss[-1]), "batch": float(batch.trajectory.loss[-1])}
    zigzags = claims.first_rise(sgd) is not None and claims.first_rise(batch) is None
    return Scene(
        title=("A sigmoid: one point at a time, or all of them at once?", "One point at a time, or all?"),
        panels=[
            panels.Sigmoid(problem=problem, run=sgd, title=("Online SGD", "SGD")),
            panels.Sigmoid(problem=problem, run=batch, title=("Batch GD", "Batch")),
            panels.LossSurface.of(problem, [sgd, batch], title=("Cross-entropy", "Loss")),
        ],
        beats=[
            Beat(say("{n} points of two classes, {no} at 0 and {yes} at 1.", "{no} is 0, {yes} is 1.", n=n, no=no, yes=yes),
                 enter="points", seconds=1.2),
            Beat(say("Both begin with the same random curve.", when=start is None) or "Both begin with the same curve.", seconds=1.4,
                 enter=["curve", "boundary", "gaps", "readout"]),
            Beat(("Every curve is a place on this surface: bright where the cross-entropy is small.",
                  "Every curve is a place here; bright: small loss."), enter="Cross-entropy", seconds=2.0),
            Beat(say("SGD takes the ringed point and moves. Batch averages all {n} before it moves.",
                     "SGD takes one point; batch averages all {n}.", n=n), updates=up_to(3), slow=True, seconds=3.0,
                 focus=["ring", "curve", "path", "optimum"]),
            Beat(say("Each point pulls its own way: SGD raises the loss at times, batch at no update.", "SGD raises the loss at times, batch never.",
                     when=zigzags) or "Then the next, and the next.", updates=to_end, seconds=4.0, pace="log"),
            Beat(say("Cross-entropy at the end: SGD {sgd}, batch {batch}, the lowest {lowest}. An update of SGD costs 1/{n}.",
                     "SGD {sgd}, batch {batch}, lowest {lowest}.", when=problem.lowest is not None, n=n, lowest=problem.lowest, **losses)
                 or say("Cross-entropy at the end: SGD {sgd}, batch {batch}. It has no lowest value: on the threshold, steeper is better.",
                        "SGD {sgd}, batch {batch}; no lowest value.", **losses), seconds=0, hold=2.6),
        ],
        secondary_counter=panels.Readout.gradients_used([sgd, batch]),
        alt=say("Online SGD and batch gradient descent fit a sigmoid to {n} points in {updates:update|updates}. Batch descent ends with a mean "
                "cross-entropy of {batch} after {used:gradient|gradients}, online SGD with {sgd} after {updates}.", n=n, updates=n_updates,
                used=n_updates * n, **losses),
    )
