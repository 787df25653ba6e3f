"""How confident can a model become?

Logistic regression where a threshold separates the classes, by default two points: x = -1 is No, x = 1 is Yes. The loss is the
mean cross-entropy; the second run adds half the penalty times w squared, the intercept not penalized. Without it the weight
grows for ever, like the logarithm of the updates. A feature of your own is standardized.
"""

from typing import Annotated

import numpy as np
from animate import (
    Beat, ClassificationData, LearningRate, OwnData, Range, Scene, Updates, claims, descend, formatting, logistic_problem,
    optimizers, panels, say, to_end, up_to,
)
from animate.learn import affordable_updates


def build(
    learning_rate: Annotated[LearningRate, "Step size of both"] = 1.0,
    n_updates: Annotated[Updates | None, "Updates, all points each; none: 10 000, of very many points fewer"] = None,
    ridge_penalty: Annotated[float, Range(1e-6, 1.0, scale="log"), "Of the second run"] = 0.01,
    data: Annotated[OwnData, "Your own feature and label, separable"] = None,
) -> Scene:
    points = ClassificationData.from_table(data, n_features=1) if data else ClassificationData(
        np.array([[-1.0], [1.0]]), np.array([0.0, 1.0]), ("x",), ("No", "Yes")
    )
    n_updates = n_updates or affordable_updates(10_000, points.n_samples)
    free, tamed = logistic_problem(points), logistic_problem(points, ridge_penalty=ridge_penalty)
    free.require_separable()
    steps, start = optimizers.gradient_descent(learning_rate), [0.0, 0.0]
    without = panels.Run("no penalty", descend(free.objective, steps, start, n_updates), "first")
    with_penalty = panels.Run("penalty", descend(tamed.objective, steps, start, n_updates), "second")
    weights = np.column_stack([run.trajectory.params[:, 0] for run in (without, with_penalty)])
    best = tamed.objective.optimum()
    w, w_penalty = weights[-1]
    settled = claims.settled_at(with_penalty, best, axis=0, share=0.02)
    tenth, x, ones = max(1, n_updates // 10), points.X[:, 0], points.labels == 1
    apart = bool(x[ones].min() > x[~ones].max() or x[ones].max() < x[~ones].min())
    numbers = {"w": w, "penalized": w_penalty, "best": best[0], "penalty": ridge_penalty, "updates": n_updates}
    surest = [np.exp(-problem.log_losses(run.trajectory.params).min(axis=1)) for problem, run in ((free, without), (tamed, with_penalty))]
    final = with_penalty.divergence() if with_penalty.diverges_at is not None else (
        say("Without a penalty w = {w:.2}, and some steeper curve always has a lower loss. With it w = {penalized:.2}: within 2 % of the best.",
            "Without: w = {w:.2}, no best. With: {penalized:.2}.", when=settled, **numbers)
        or say("Without a penalty w = {w:.2}, and some steeper curve always has a lower loss. With it w = {penalized:.2}; the best is {best:.2}.",
               "Without: w = {w:.2}, no best. With: {penalized:.2}.", **numbers)
    )
    return Scene(
        title=("How confident can a model become?", "How confident can it become?"),
        panels=[
            panels.Sigmoids(problem=free, runs=[without, with_penalty], margin=0.6, weight=1.3, title=f"P({points.class_names[1]})"),
            [
                panels.Traces(
                    values=weights, names=(("no penalty", "w"), ("penalty", "w")), targets=[np.nan, best[0]],
                    roles=("first", "second"), log_updates=True, title=("Weight w", "w"),
                    reading=panels.Readout("ln(updates)", lambda k: formatting.number(np.log(max(k, 1)), 2), "0.00"),
                ),
                panels.LossCurve(runs=[without, with_penalty], log=True, log_updates=True,
                                 title=("Cross-entropy, with the penalty", "Cross-entropy", "Loss")),
            ],
        ],
        beats=[
            Beat(say("{n} points. A threshold separates the classes.", when=apart, n=points.n_samples)
                 or say("{n} points. A threshold separates the classes, but for ties on it.", "A threshold separates them, but for ties.",
                        n=points.n_samples),
                 enter="points", seconds=1.4),
            Beat(("Two models start with w = 0: one half everywhere.", "Both start with w = 0."), enter=["curve", "rule"], seconds=1.5),
            Beat(say("A steeper curve through the gap is nearer to every label: its cross-entropy is lower.", "Steeper: a lower cross-entropy.",
                     when=apart)
                 or ("A steeper curve through the threshold is nearer to every label off it.", "Steeper: nearer to labels off it."),
                 enter=["Weight w", "Cross-entropy, with the penalty"], updates=up_to(2), slow=True, seconds=2.6),
            Beat(say("A penalty of {penalty:g} w\u00b2/2 makes steepness cost something: its best w is at the dashed line.",
                     "A penalty of {penalty:g} w\u00b2/2: w has a best value.", penalty=ridge_penalty), updates=to_end, pace="log", seconds=3.6),
            Beat(say("Without the penalty w went from {before:.2} at update {tenth} to {w:.2} at update {updates}.", "w: {before:.2}, then {w:.2}.",
                     before=weights[tenth, 0], tenth=tenth, when=n_updates >= 10, **numbers), seconds=1.8),
            Beat(final, seconds=0, hold=2.8),
        ],
        secondary_counter=panels.Readout("highest p", lambda k: say("{first:.4} vs {second:.4}", first=surest[0][k], second=surest[1][k]),
                                         "0.0000 vs 0.0000"),
        alt=say("Two sigmoids on separable classes. Without a penalty the weight has no best value, and is {w:.2} after {updates:update|updates}; "
                "with a penalty of {penalty:g} it is {penalized:.2} then, and at best {best:.2}.", when=with_penalty.diverges_at is None, **numbers)
        or say("Two sigmoids on separable classes. Without a penalty the weight has no best value, and is {w:.2} after {updates:update|updates}; "
               "with a penalty of {penalty:g} it is at best {best:.2}, and this rate is too high for it.", **numbers),
    )
