"""What does descent see when it tells two classes apart?

The mean cross-entropy of logistic regression over its two weights, by default for two penguin species by bill length and
depth, both standardized. The third parameter, b, takes the value that is best for the weights (or is held at the optimum's),
in the surface and in the descent: gradient descent walks on the very surface that is drawn. Of over 2000 points the surface is
drawn from groups of neighbors; the numbers are those of all points.
"""

from typing import Annotated, Literal

from animate import (
    Beat, ClassificationData, LearningRate, Orbit, OwnData, Range, Scene, Updates, claims, compare, formatting, logistic_problem,
    optimizers, panels, penguins, say, to_end, up_to,
)
from animate.learn import affordable_updates, grouped
from animate.learn.landscape import over_weights


def build(
    learning_rate: Annotated[LearningRate, Range(1e-10, 100.0, scale="log")] = 10.0,
    n_updates: Annotated[Updates | None, "Updates, all points each; none: 3000, of very many points fewer"] = None,
    intercept: Annotated[Literal["minimized", "held"], "b: the best one for each pair of weights, or the optimum\u2019s"] = "minimized",
    start: Annotated[tuple[float, float], "The first two weights, on standardized features"] = (-4.0, 4.0),
    orbit: Orbit = 0.0,
    data: Annotated[OwnData, "Your own two features and label"] = None,
) -> Scene:
    points = ClassificationData.from_table(data, n_features=2) if data else penguins(["bill_length_mm", "bill_depth_mm"])
    problem = logistic_problem(points)
    problem.require_overlap()
    best, lowest = problem.objective.optimum(), problem.objective.lowest()
    has_one = problem.objective.condition_number() < 1e9  # not of collinear features
    surface, drawn = (over_weights(of, held=best if intercept == "held" else None) for of in (problem.objective, grouped(problem.objective)))
    n_updates = n_updates or affordable_updates(3000, 4 * points.n_samples)
    (run,) = compare(surface, {"Gradient descent": optimizers.gradient_descent(learning_rate)}, start=start, n_updates=n_updates)
    names = [formatting.readable(name).split(" (")[0] for name in points.feature_names]
    held = "b at its best" if intercept == "minimized" else f"b held at {formatting.number(best[2], 2)}"
    return Scene(
        title=("What does descent see when it tells two classes apart?", "What does descent see?"),
        panels=[
            panels.loss_surface_3d(drawn.values, [run], optimum=best[:2], x="w\u2081", y="w\u2082", weight=1.15, elevation=34.0, azimuth=-106.0,
                                   orbit=orbit, title=(f"Cross-entropy, {held}", "Cross-entropy")),
            panels.LossSurface(values=drawn.values, runs=[run], optimum=best[:2], title="From above", note=(held, "best b"),
                               names=((f"w\u2081  {names[0]}, scaled", "w\u2081"), (f"w\u2082  {names[1]}, scaled", "w\u2082"))),
        ],
        beats=[
            Beat(say("Every point is a pair of weights, {held}; its height is their mean cross-entropy.",
                     "Each point: two weights. Height: their loss.", held=held), enter="surface", seconds=2.2),
            Beat(("From above: bright where the loss is small, lowest at the star.", "From above: lowest at the star.") if has_one else
                 ("The features are collinear: the loss is lowest along a line. The star is its point nearest to 0.", "Lowest along a line."),
                 enter=["From above", "optimum"], seconds=1.8),
            Beat(say("Descent starts at w\u2081 = {first}, w\u2082 = {second} and steps against the slope.", "Descent steps against the slope.",
                     first=start[0], second=start[1]), enter="path", updates=up_to(3), slow=True, seconds=2.8),
            Beat(say("By update {when} 90 % of what can be gained is gained.", "By update {when} 90 % of the gain is made.",
                     when=claims.gained_at(run, lowest) or None) or "Then the next, and the next.", updates=to_end, pace="log", seconds=4.0),
            Beat(claims.settling(run, best[:2], name="Descent", goal="the optimum") if has_one
                 else claims.converging(run, lowest), seconds=0, hold=2.6),
        ],
        secondary_counter=panels.Readout.of(("cross-entropy", "loss"), run.trajectory.loss, decimals=4),
    )
