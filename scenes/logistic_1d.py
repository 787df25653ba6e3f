"""Where does the sigmoid put its boundary?

Logistic regression on one feature, by default two penguin species by bill length. The loss is the mean cross-entropy, the
mean of -log p over the points, where p is the probability of a point's own class; descent runs on the standardized feature.
"""

from typing import Annotated, Literal
from animate import (
    Beat, ClassificationData, LearningRate, Scene, Seed, Table, Updates, compare, formatting, logistic_problem, optimizers, panels,
    penguins, sampling, say, sentences, to_end, up_to,
)
from animate.learn import convergence
from animate.learn.problems import starting_sigmoid


def build(
    optimizer: Annotated[Literal["batch", "sgd"], "Each update from all points, or from one"] = "batch",
    learning_rate: Annotated[LearningRate | None, "Step size; none: 7 for batch, 0.5 for sgd"] = None,
    n_updates: Annotated[Updates, "Updates, of all points or of one"] = 700,
    start: Annotated[tuple[float, float] | None, "First weight and intercept, on the standardized feature; none: random"] = None,
    seed: Annotated[Seed, "Of the first sigmoid and the order of the points"] = 0,
    data: Annotated[Table | None, "Your own feature and label"] = None,
) -> Scene:
    points = ClassificationData.from_table(data, n_features=1) if data else penguins(["bill_length_mm"])
    problem, first = logistic_problem(points), starting_sigmoid(start, rng=seed)
    sampler, usual_rate = (sampling.FULL_BATCH, 7.0) if optimizer == "batch" else (sampling.online(rng=seed), 0.5)
    method = optimizers.gradient_descent(learning_rate or usual_rate), sampler
    (run,) = compare({"Logistic regression": problem}, method, start=first, n_updates=n_updates, roles=["ink"])
    feature, (no, yes), n = formatting.readable(points.feature_names[0]), points.class_names, points.n_samples
    weights, boundaries, loss = run.trajectory.params[:, 0], problem.boundaries(run.trajectory.params), run.trajectory.loss
    turns, steeper = convergence.reversals(boundaries, 0.05 * problem.scaling.scale[0], signs=weights), convergence.grows(weights)
    numbers = {"n": n, "no": no, "yes": yes, "updates": n_updates, "right": problem.accuracy(run.trajectory.final), "loss": loss[-1]}
    return Scene(
        title=("Where does the sigmoid put its boundary?", "Where is the sigmoid\u2019s boundary?"),
        panels=[panels.Sigmoid(problem=problem, run=run, weight=2.3, title=(f"P({yes} | {feature.split(' (')[0]})", f"P({yes})")),
                panels.LossCurve(runs=[run], optimum=problem.lowest, log_updates=True, title=("Cross-entropy", "Loss"))],
        beats=[
            Beat(say("{n} points of two classes: {no} at 0 and {yes} at 1. Where is the boundary?",
                     "{no} is 0, {yes} is 1. Where is the boundary?", **numbers), enter="points", seconds=1.6),
            Beat(say("The curve is the predicted probability of {yes}. It begins at random.", "The curve: P({yes}), at first random.",
                     when=start is None, **numbers) or say("The curve is the predicted probability of {yes}.", "The curve: P({yes}).", **numbers),
                 enter=["curve", "boundary", "readout"], seconds=1.6),
            Beat(("Each thin line is the gap from a point to the curve. It is colored, not the point: green is right, red wrong.",
                  "Lines: gaps. Green is right, red is wrong."), enter="gaps", focus=["gaps", "points", "curve"], seconds=2.6),
            Beat(("The gaps of all points make one update. The loss is the mean of \u2212log(1 \u2212 gap), the cross-entropy.",
                  "All gaps make one update.") if optimizer == "batch" else
                 ("The gap of one point makes an update. The loss is the mean of \u2212log(1 \u2212 gap), the cross-entropy.",
                  "The gap of one point makes an update."), enter="cross-entropy",
                 updates=up_to(2), slow=True, focus=["ring", "curve", "boundary", "gaps", "path", "optimum"], seconds=1.2, hold=1.4),
            Beat(say("The boundary goes back and forth, and the curve grows steeper.", "Back and forth, and steeper.", when=turns > 1 and steeper)
                 or say("The boundary goes too far and comes back, and the curve grows steeper.", "Too far and back, and steeper.",
                        when=turns == 1 and steeper)
                 or say("The curve grows steeper.", when=steeper) or "Then the next, and the next.", updates=to_end, pace="log", seconds=3.2),
            Beat(say("{right:%} right. Cross-entropy does not count errors: it is the mean of \u2212ln p, here {loss}.",
                     "{right:%} right; the loss does not count errors.", **numbers), seconds=0, hold=2.6),
        ],
        alt=sentences(
            say("A sigmoid is fitted to {n} points of {no} and {yes} by {feature}.", feature=feature, **numbers),
            say("After {updates:update|updates} {right:%} of the points are right, and the mean cross-entropy is {loss:6}.", **numbers),
            say("The boundary is then at {at}.", when=abs(weights[-1]) > 1e-9, at=boundaries[-1])))
