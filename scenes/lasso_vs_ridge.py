"""Why does the lasso set a weight to exactly zero?

Two weights on standardized features and y: half the mean squared residual, plus λ (|w₁| + |w₂|) for the lasso or half of
λ (w₁² + w₂²) for ridge, the intercept not penalized. The lasso takes proximal steps, ridge gradient steps.
"""

from typing import Annotated

import numpy as np

from animate import (
    Beat, LearningRate, Noise, OwnData, Range, SampleSize, Scene, Seed, Updates, claims, datasets, descend, objectives, optimizers,
    panels, say, sentences, to_end, up_to,
)
from animate.learn import FeatureData, landscape, lasso


def build(
    penalty: Annotated[float, Range(0.0, 10.0), "λ of both; from 1 on the lasso’s weights are all 0"] = 0.45,
    learning_rate: Annotated[LearningRate, "η of both"] = 0.08,
    n_updates: Annotated[Updates, "Updates"] = 100,
    correlation: Annotated[float, Range(-0.99, 0.99), "Of the two features drawn"] = 0.5,
    n_samples: SampleSize = 80,
    noise: Noise = 0.8,
    start: Annotated[tuple[float, float] | None, "First w₁ and w₂; none: least squares"] = None,
    seed: Seed = 1,
    data: Annotated[OwnData, "Your own two features and y, or x and y: then x² is the second feature"] = None,
) -> Scene:
    points = FeatureData.from_table(data) if data else datasets.correlated_features(
        n_samples, (2.0, 0.5), correlation=correlation, noise=noise, rng=seed
    )
    sparse = lasso.lasso(points.standardized, points.standardized_y, lasso_penalty=penalty)
    ridge = objectives.linear(points.standardized, points.standardized_y, loss="half_squared", ridge_penalty=penalty)
    least, goals = sparse.smooth.optimum(), [sparse.optimum(), ridge.optimum()]
    first = least if start is None else np.append(start, least[-1])
    runs = [panels.Run("Lasso", lasso.proximal_descend(sparse, learning_rate, first, n_updates), "first"),
            panels.Run("Ridge", descend(ridge, optimizers.gradient_descent(learning_rate), first, n_updates), "second")]  # fmt: skip
    settled = all(claims.settled_at(run, optimum) is not None for run, optimum in zip(runs, goals, strict=True))
    weights = np.concatenate([run.trajectory.params[:, :2] for run in runs], axis=1)
    zeros = [lasso.zero_since(weights[:, axis]) for axis in (0, 1)]
    axis = 0 if zeros[1] is None and zeros[0] is not None else 1
    at, name = zeros[axis], "w₁w₂"[2 * axis : 2 * axis + 2]
    in_corner, no_weights = bool((goals[0][:2] == 0).any()), bool((goals[0][:2] == 0).all())
    touch = (
        say("Without a penalty both end at least squares.", when=penalty == 0)
        or say("Both weights of the lasso are 0: the penalty outweighs the pull of the loss.", "Both weights of the lasso are 0.", when=no_weights)
        or say("There a contour of the loss, dashed, touches the diamond in a corner, where a weight is 0, and the circle elsewhere.",
               "The loss touches the diamond in a corner.", when=in_corner and np.abs(goals[1][:2]).min() > 1e-9)
        or say("There a contour of the loss, dashed, touches the diamond on a side: λ is too small for a 0.", "It touches on a side.",
               when=not in_corner)
        or "There a contour of the loss, dashed, touches each shape."
    )
    ending = touch if settled else ("Not settled yet: over 1 % of the first distance from where they lead is left.", "Not settled yet.")
    return Scene(
        title=("Why does the lasso set a weight to exactly zero?", "Why does the lasso reach zero?") if in_corner else
        ("When does the lasso set a weight to exactly zero?", "When does the lasso reach zero?"),
        beats=[
            Beat(("Every pair of weights is a place: bright where half the mean squared residual is small.", "Every pair of weights is a place."),
                 enter=["surface", "path", "ends"], seconds=2.2),
            Beat(("The diamond holds all weights with the lasso’s penalty now, the circle those with ridge’s.",
                  "Diamond and circle: equal penalty."),
                 enter="penalty", seconds=2.4),
            Beat(say("After a gradient step to v the lasso takes off up to ηλ = {most:g}, ridge ηλ times w: less of a small w.",
                     "The lasso takes off up to ηλ, ridge ηλ of w.",
                     when=penalty > 0, most=learning_rate * penalty) or "Without a penalty both take gradient steps.", updates=up_to(2), slow=True,
                 enter="Rule", seconds=3.0),
            Beat(say("From update {when} on the lasso’s {name} is exactly 0: a proximal step stops at 0, not past it.",
                     "{name} is 0 from update {when} on.",
                     when=at, name=name) or "Then the next, and the next.", updates=to_end, pace="log", enter="Weights", seconds=3.6),
            Beat(ending, enter="contour" if settled else (), leave=() if settled else "contour", seconds=0.6, hold=2.6),
        ],
        panels=[
            panels.penalty_geometry(landscape.Profile(sparse.smooth), runs, [least[:2], *(end[:2] for end in goals)],
                                    [("least squares", "λ = 0"), "lasso", "ridge"], title=("Loss and penalty", "Loss, penalty"), name="Geometry",
                                    note="½ mean r²", weight=1.35),
            [
                panels.Traces(values=weights, decimals=3, name="Weights",
                              names=[("lasso w₁", "w₁"), ("lasso w₂", "w₂"), ("ridge w₁", "w₁"), ("ridge w₂", "w₂")],
                              targets=np.concatenate([end[:2] for end in goals]), roles=("first", "first", "second", "second"),
                              title=("Weights at each update", "Weights")),
                panels.Formula(rules=panels.shrinking_rules(runs, axis, sparse.smooth, learning_rate=learning_rate, penalty=penalty),
                               roles=[run.role for run in runs], name="Rule", weight=0.75,
                               title=(f"Each update of {name}: v after a gradient step", f"{name}: v after a gradient step", f"Update of {name}")),
            ],
        ],
        alt=sentences(
            say("Paths of two weights under a penalty λ of {penalty:g}. The lasso ends at {lasso:.3}, ridge at {ridge:.3};", penalty=penalty,
                lasso=runs[0].trajectory.final[:2].tolist(), ridge=runs[1].trajectory.final[:2].tolist()),
            say("the lasso’s {name} is 0 from update {when} on.", when=at, name=name) or "no weight of the lasso is 0 at the end.",
        ),
    )
