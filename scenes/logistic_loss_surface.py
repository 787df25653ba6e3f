"""What does descent see when it tells two classes apart?

The mean cross-entropy of logistic regression over its two weights, by default for two penguin species by bill length and
depth, both standardized. The third parameter, b, takes the value that is best for the weights (or is held at the optimum's),
in the surface and in the descent: gradient descent walks on the very surface that is drawn. Of over 2000 points the surface is
drawn from groups of neighbors; the numbers are those of all points.
"""

from typing import Annotated, Literal

import numpy as np
from animate import (
    Beat, ClassificationData, LearningRate, Orbit, OwnData, Range, Scene, Updates, claims, descend, formatting,
    logistic_problem, optimizers, panels, penguins, say, sentences, to_end, up_to,
)
from animate.learn import affordable_updates, grouped, landscape
from animate.learn.objectives import LinearPredictor, Objective


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
    best = problem.objective.optimum()

    def view(objective: LinearPredictor) -> Objective:
        return landscape.Profile(objective) if intercept == "minimized" else landscape.Slice(objective, landscape.Plane.along(best, (0, 1)))

    surface, drawn = view(problem.objective), view(grouped(problem.objective))
    n_updates = n_updates or affordable_updates(3000, 4 * points.n_samples)
    run = panels.Run("Gradient descent", descend(surface, optimizers.gradient_descent(learning_rate), start, n_updates), "first")
    lowest = problem.objective.value(best)
    fallen, settled = claims.gained_at(run, lowest), claims.settled_at(run, best[:2], axis=0, share=0.02)
    names = [formatting.readable(name).split(" (")[0] for name in points.feature_names]
    held = "b at its best" if intercept == "minimized" else f"b held at {formatting.number(best[2], 2)}"
    slopes = [float(np.linalg.norm(surface.gradient(run.trajectory.params[k]))) for k in (0, -1)]
    distance = np.abs(run.trajectory.params[[0, -1], 0] - best[0])
    end = run.trajectory.final
    return Scene(
        title=("What does descent see when it tells two classes apart?", "What does descent see?"),
        panels=[
            panels.loss_surface_3d(
                drawn.values, [run], optimum=best[:2], x="w\u2081", y="w\u2082", weight=1.15,
                elevation=34.0, azimuth=-106.0, orbit=orbit,
                title=(f"Cross-entropy, {held}", "Cross-entropy"),
            ),
            panels.LossSurface(
                values=drawn.values, runs=[run], optimum=best[:2], title="From above", note=(held, "best b"),
                names=((f"w\u2081  {names[0]}, scaled", "w\u2081"), (f"w\u2082  {names[1]}, scaled", "w\u2082")),
            ),
        ],
        beats=[
            Beat(say("Every point is a pair of weights, {held}; its height is their mean cross-entropy.",
                     "Each point: two weights. Height: their loss.", held=held), enter="surface", seconds=2.2),
            Beat(("From above: bright where the loss is small, lowest at the star.", "From above: lowest at the star."),
                 enter=["From above", "optimum"], seconds=1.8),
            Beat(say("Descent starts at w\u2081 = {first}, w\u2082 = {second} and steps against the slope.", "Descent steps against the slope.",
                     first=start[0], second=start[1]), enter="path", updates=up_to(3), slow=True, seconds=2.8),
            Beat(say("By update {when} 90 % of what can be gained is gained. The slope goes from {first} to {last}.",
                     "By update {when} 90 % of the gain is made.",
                     when=fallen, first=slopes[0], last=slopes[1]) or "Then the next, and the next.", updates=to_end, pace="log", seconds=4.0),
            Beat(say("w\u2081 took {when:update|updates} to come within 2 % of its first distance from the optimum, and to stay there.",
                     "w\u2081 took {when:update|updates} to within 2 %.", when=settled)
                 or say("After {updates:update|updates} {left:%} of w\u2081\u2019s first distance from the optimum is left.",
                        "{left:%} of w\u2081\u2019s distance is left.",
                        updates=n_updates, left=distance[1] / distance[0] if distance[0] else 0.0, when=bool(np.isfinite(end).all())), seconds=0,
                 hold=2.6),
        ],
        secondary_counter=panels.Readout.of(("cross-entropy", "loss"), run.trajectory.loss, decimals=4),
        alt=sentences(
            say("Gradient descent on the mean cross-entropy over two weights, {held}, as a surface and from above.", held=held),
            say("It gains 90 % of what can be gained by update {when}.", when=fallen),
            say("It ends after {updates:update|updates} at w1 = {w1}, w2 = {w2}, cross-entropy {loss:5}; the least there is is {lowest:5}.",
                updates=n_updates, w1=end[0], w2=end[1], loss=run.trajectory.loss[-1], lowest=lowest),
        ),
    )
