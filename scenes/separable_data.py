"""How confident can a model become?

Logistic regression where a threshold separates the classes, by default two points: x = -1 is No, x = 1 is Yes. The loss is the
mean cross-entropy; the second run adds half the penalty times w squared, the intercept not penalized. Without it the weight
grows for ever, like the logarithm of the updates. A feature of your own is standardized.
"""

from typing import Annotated

import numpy as np
from animate import (
    Beat, ClassificationData, LearningRate, OwnData, Range, Scene, Updates, compare, logistic_problem, optimizers, panels, say, to_end, up_to,
)
from animate.learn import affordable_updates


def build(
    learning_rate: Annotated[LearningRate, "Step size of both"] = 1.0,
    n_updates: Annotated[Updates | None, "Updates, all points each; none: 10 000, of very many points fewer"] = None,
    ridge_penalty: Annotated[float, Range(1e-6, 1.0, scale="log"), "Of the second run"] = 0.01,
    data: Annotated[OwnData, "Your own feature and label, separable"] = None,
) -> Scene:
    two = ClassificationData(np.array([[-1.0], [1.0]]), np.array([0.0, 1.0]), ("x",), ("No", "Yes"))
    points = ClassificationData.from_table(data, n_features=1) if data else two
    n_updates = n_updates or affordable_updates(10_000, points.n_samples)
    free, tamed = logistic_problem(points), logistic_problem(points, ridge_penalty=ridge_penalty)
    free.require_separable()
    problems = {"no penalty": free, "penalty": tamed}
    runs = compare(problems, optimizers.gradient_descent(learning_rate), start=[0.0, 0.0], n_updates=n_updates)
    weights, best = np.stack([run.trajectory.params[:, 0] for run in runs], axis=-1), tamed.objective.optimum()
    highest = np.stack([np.exp(-free.log_losses(run.trajectory.params).min(axis=1)) for run in runs], axis=-1)
    tenth, x, ones = max(1, n_updates // 10), points.X[:, 0], points.labels == 1
    apart = bool(x[ones].min() > x[~ones].max() or x[ones].max() < x[~ones].min())
    return Scene(
        title=("How confident can a model become?", "How confident can it become?"),
        panels=[
            panels.Sigmoids(problem=free, runs=runs, margin=0.6, weight=1.3, title=f"P({points.class_names[1]})"),
            [
                panels.Traces(values=weights, names=(("no penalty", "w"), ("penalty", "w")), targets=[np.nan, best[0]], roles=("first", "second"),
                              log_updates=True, title=("Weight w", "w"),
                              reading=panels.Readout.of("ln(updates)", np.log(np.maximum(np.arange(n_updates + 1), 1)), decimals=2)),
                panels.LossCurve(runs=runs, log=True, log_updates=True, title=("Cross-entropy, with the penalty", "Cross-entropy", "Loss")),
            ],
        ],
        beats=[
            Beat(say("{n} points. A threshold separates the classes.", n=points.n_samples, when=apart)
                 or ("A threshold separates the classes, but for ties on it.", "A threshold, but for ties."), enter="points", seconds=1.4),
            Beat(("Two models start with w = 0: one half everywhere.", "Both start with w = 0."), enter=["curve", "rule"], seconds=1.5),
            Beat(("A steeper curve through the threshold is nearer to every label off it.", "Steeper: nearer to labels off it."),
                 enter=["Weight w", "Cross-entropy, with the penalty"], updates=up_to(2), slow=True, seconds=2.6),
            Beat(say("A penalty of {penalty:g} w\u00b2/2 makes steepness cost something: its best w is at the dashed line.",
                     "A penalty of {penalty:g} w\u00b2/2: w has a best value.", penalty=ridge_penalty), updates=to_end, pace="log", seconds=3.6),
            Beat(say("Without the penalty w went from {before} at update {tenth} to {w} at update {updates}.", "w: {before}, then {w}.",
                     before=weights[tenth, 0], tenth=tenth, when=n_updates >= 10, w=weights[-1, 0], updates=n_updates), seconds=1.8),
            Beat(say("Without a penalty w = {w}, and a steeper curve through the threshold has a lower loss. With it w = {penalized}; best: {best}.",
                     "Without: w = {w}, no best. With: {penalized}.", when=runs[1].diverges_at is None, w=weights[-1, 0],
                     penalized=weights[-1, 1], best=best[0]) or runs[1].divergence(), seconds=0, hold=2.8),
        ],
        secondary_counter=panels.Readout.of("highest p", np.minimum(highest, 0.9999), decimals=4),  # never 1
    )
