"""Why does the lasso set a weight to exactly zero?

Two weights on standardized features and y: half the mean squared residual, plus λ (|w₁| + |w₂|) for the lasso or half
of λ (w₁² + w₂²) for ridge, the intercept not penalized. The lasso takes proximal steps, ridge gradient steps.
"""

from typing import Annotated

from animate import (
    Beat, LearningRate, Noise, OwnData, Range, SampleSize, Scene, Seed, Updates, claims, panels, say, to_end, up_to,
)
from animate.learn import FeatureData, datasets, lasso


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
    drawn = datasets.correlated_features(n_samples, (2.0, 0.5), correlation=correlation, noise=noise, rng=seed)
    points = FeatureData.from_table(data) if data else drawn
    sparse, ridge = lasso.lasso_and_ridge(points.standardized, points.standardized_y, penalty)
    goals, first = [sparse.optimum(), ridge.optimum()], sparse.smooth.optimum() if start is None else [*start, 0.0]
    runs = [panels.Run(name, lasso.proximal_descend(objective, learning_rate, first, n_updates), role)
            for name, objective, role in (("Lasso", sparse, "first"), ("Ridge", ridge, "second"))]  # fmt: skip
    (axis, at), zero = lasso.last_zero(runs[0].trajectory.params), goals[0][:2] == 0
    verb, where, why = ("Why", "in a corner", "a weight is 0") if any(zero) else ("When", "on a side", "λ is too small")
    return Scene(
        title=(f"{verb} does the lasso set a weight to exactly zero?", f"{verb} does the lasso reach zero?"),
        beats=[
            Beat(("Every pair of weights is a place, bright where the loss is small: half the mean squared residual.",
                  "Every pair of weights is a place."), enter=["surface", "path", "ends"], seconds=2.2),
            Beat(("The diamond holds all weights with the lasso’s penalty now, the circle those with ridge’s.",
                  "Diamond and circle: equal penalty."), enter="penalty", seconds=2.4),
            Beat(say("From v, after a gradient step, the lasso takes up to ηλ = {most:g}, ridge ηλ times w.",
                     "The lasso takes off up to ηλ, ridge ηλ of w.", most=learning_rate * penalty),
                 updates=up_to(2), slow=True, enter="Rule", seconds=3.0),
            Beat(say("From update {when} on the lasso’s {name} is exactly 0: a proximal step stops at 0, not past it.",
                     "{name} is 0 from update {when} on.", when=at, name=("w₁", "w₂")[axis])
                 or "Then the next, and the next.", updates=to_end, pace="log", enter="Weights", seconds=3.6),
            Beat(say("Not settled yet: over 1 % of the first distance to the stars is left.", "Not settled yet.",
                     when=not claims.all_settled(runs, goals)) or say("λ = 0 is no penalty: least squares.", when=penalty == 0)
                 or say("Both weights of the lasso go to 0: the penalty outweighs the loss.", when=zero.all())
                 or say("A contour of the loss, dashed, touches the diamond {where}: {why}.",
                        "The loss touches the diamond {where}.", where=where, why=why), enter="contour", seconds=0.6, hold=2.6),
        ],
        panels=[
            panels.penalty_geometry(sparse.smooth, runs, goals, title=("Loss and penalty", "Loss, penalty")),
            [
                panels.Traces.of_weights(runs, goals, decimals=3, title="Weights at each update", name="Weights"),
                panels.shrinking_rules(runs, axis, sparse, learning_rate, name="Rule"),
            ],
        ],
    )
