"""How confident can a model become?

Logistic regression where a threshold separates the classes, by default two points: x = -1 is No, x = 1 is Yes. The loss is the
mean cross-entropy; the second run adds half the penalty times w squared, the intercept not penalized. Without it the weight
grows for ever, like the logarithm of the updates. A feature of your own is standardized.
"""

from typing import Annotated

import numpy as np

from animate import (
    ClassificationData, LearningRate, OwnData, Range, Scene, Timeline, Updates, claims, descend, formatting,
    logistic_problem, optimizers, panels, say,
)


def build(
    learning_rate: Annotated[LearningRate, "Step size of both"] = 1.0,
    n_updates: Updates = 10_000,
    ridge_penalty: Annotated[float, Range(1e-6, 1.0, scale="log"), "Of the second run"] = 0.01,
    data: Annotated[OwnData, "Your own feature and label, separable"] = None,
) -> Scene:
    points = ClassificationData.from_table(data, n_features=1) if data else ClassificationData(
        np.array([[-1.0], [1.0]]), np.array([0.0, 1.0]), ("x",), ("No", "Yes")
    )
    free, tamed = logistic_problem(points), logistic_problem(points, ridge_penalty=ridge_penalty)
    free.require_separable()
    steps, start = optimizers.gradient_descent(learning_rate), [0.0, 0.0]
    without = panels.Run("no penalty", descend(free.objective, steps, start, n_updates), "first")
    with_penalty = panels.Run("penalty", descend(tamed.objective, steps, start, n_updates), "second")
    weights = np.column_stack([run.trajectory.params[:, 0] for run in (without, with_penalty)])
    best = tamed.objective.optimum()
    w, w_penalty = weights[-1]
    gained, settled = w - weights[n_updates // 10, 0], claims.settled_at(with_penalty, best, axis=0, share=0.02)
    numbers = {"w": w, "penalized": w_penalty, "gained": gained, "best": best[0], "penalty": ridge_penalty, "updates": n_updates}
    surest = [np.exp(-problem.log_losses(run.trajectory.params).min(axis=1)) for problem, run in ((free, without), (tamed, with_penalty))]
    final = with_penalty.divergence() if with_penalty.diverges_at is not None else (
        say("The last tenfold of updates added {gained:.2}: w = {w:.2}, and it will go on; with the penalty it rests at {penalized:.2}.",
            "Without the penalty w = {w:.2} and rising; with it w rests at {penalized:.2}.",
            "Without: w = {w:.2} and rising. With: {penalized:.2}.", when=settled, **numbers)
        or say("Without the penalty w = {w:.2}, and it will go on; with it w is {penalized:.2}, on its way to {best:.2}.",
               "Without: w = {w:.2} and rising. With: {penalized:.2}.", **numbers)
    )
    return Scene(
        title=("How confident can a model become?", "How confident can it become?"),
        caption=[
            (0, ("A threshold separates the classes. The steeper the sigmoid, the closer each point is to its label.",
                 "A threshold separates the classes: the steeper, the lower the loss.", "The steeper the sigmoid, the lower the loss.")),
            (1, ("Steeper is always better, so without a penalty the weight never stops growing, only ever more slowly.",
                 "Steeper is always better: without a penalty w never stops growing.", "Steeper is always better: w never stops.")),
            (max(2, n_updates // 100), say(
                "A penalty of {penalty:g} w²/2 makes steepness cost something: the best w is finite, at the dashed line.",
                "A penalty of {penalty:g} w²/2 makes steepness cost something.", "A penalty on w² makes it stop.", penalty=ridge_penalty)),
            (n_updates, final),
        ],
        panels=[
            panels.Sigmoids(problem=free, runs=[without, with_penalty], margin=0.6, weight=1.3, title=f"P({points.class_names[1]})"),
            [
                panels.Traces(
                    values=weights, names=(("no penalty", "w"), ("penalty", "w")), targets=[np.nan, best[0]],
                    roles=("first", "second"), log_updates=True, title=("Weight w", "w"),
                    reading=panels.Readout("ln(updates)", lambda k: formatting.number(np.log(max(k, 1)), 2), "0.00"),
                ),
                panels.LossCurve(runs=[without, with_penalty], log=True, log_updates=True, title=("Cross-entropy, with the penalty", "Cross-entropy", "Loss")),
            ],
        ],
        timeline=Timeline(n_updates, seconds=7.5, pace="log"),
        secondary_counter=panels.Readout("highest p", lambda k: say("{first:.4} vs {second:.4}", first=surest[0][k], second=surest[1][k]), "0.0000 vs 0.0000"),
        alt=say("Two sigmoids on separable classes. Without a penalty the weight grows like the logarithm of the updates, to {w:.2} after {updates}; "
                "with a penalty of {penalty:g} it is {penalized:.2} then, and at best {best:.2}.", **numbers),
    )
