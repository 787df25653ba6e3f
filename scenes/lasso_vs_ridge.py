"""Why does the lasso set a weight to exactly zero?

Two standardized features and y standardized, loss ½ mean r²; the lasso adds λ (|w₁| + |w₂|) and takes proximal steps,
ridge adds ½ λ (w₁² + w₂²) and descends. The intercept is not penalized: it is held at 0, its best for any weights.
"""

from typing import Annotated

import numpy as np

from animate import (
    LearningRate, Noise, OwnData, Range, SampleSize, Scene, Seed, Timeline, Updates, datasets, descend, formatting,
    objectives, optimizers, panels,
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
    lasso_objective = lasso.lasso(points.standardized, points.standardized_y, lasso_penalty=penalty)
    ridge = objectives.linear(points.standardized, points.standardized_y, loss="half_squared", ridge_penalty=penalty)
    least_squares = lasso_objective.smooth.optimum()
    first = least_squares if start is None else np.append(start, least_squares[-1])
    runs = [
        panels.Run("Lasso", lasso.proximal_descend(lasso_objective, learning_rate, first, n_updates), "first"),
        panels.Run("Ridge", descend(ridge, optimizers.gradient_descent(learning_rate), first, n_updates), "second"),
    ]
    geometry = panels.PenaltyGeometry(
        values=landscape.Profile(lasso_objective.smooth).values, least_squares=least_squares[:2],
        penalized=[
            panels.PenalizedRun(runs[0], "diamond", lasso_objective.optimum()[:2]),
            panels.PenalizedRun(runs[1], "circle", ridge.optimum()[:2]),
        ],
        title=("Loss and penalty", "Loss, penalty"), note="½ mean r²", weight=1.35,
    )  # fmt: skip
    weights = np.concatenate([run.trajectory.params[:, :2] for run in runs], axis=1)
    zeros = [lasso.zero_since(weights[:, axis]) for axis in (0, 1)]
    axis = 0 if zeros[1] is None and zeros[0] is not None else 1
    name, zero, rests = f"w{'₁₂'[axis]}", zeros[axis], geometry.converged_at()
    where = "in its corner, the circle where no weight is 0" if zero is not None else "on a side: λ is too small for a 0"
    captions = {
        0: ("The diamond is all weights with the lasso’s penalty now, the circle those with ridge’s.",
            "Diamond and circle: weights of equal penalty."),
        2: ("Each update the lasso takes off up to ηλ, however small w is; ridge takes ηλ of w, ever less.",
            "Lasso takes off up to ηλ, ridge ηλ of w."),
        zero: (f"From update {zero} on the lasso’s {name} is exactly 0: a proximal step stops at 0, not past it.",
               f"{name} is exactly 0 from update {zero} on."),
        n_updates if rests is None else rests: (f"At rest: a contour of the loss touches the diamond {where}.",
                                                "At rest: contours of the loss touch the shapes.")
        if rests is not None else ("Not at rest yet: more updates would lead on.", "Not at rest yet."),
    }  # fmt: skip
    ends = [", ".join(formatting.number(weight, 3) for weight in run.trajectory.final[:2]) for run in runs]
    # where a gradient step of the loss alone leads from the weight before each update
    symbol, paths = f"w_{axis + 1}", [run.trajectory.params for run in runs]
    with np.errstate(all="ignore"):  # a run that diverges
        (lasso_path, lasso_step), (ridge_path, ridge_step) = (
            (path[:, axis], np.array([np.nan, *(at[axis] - learning_rate * lasso_objective.smooth.gradient(at)[axis] for at in path[:-1])]))
            for path in paths
        )
    return Scene(
        title=("Why does the lasso set a weight to exactly zero?", "Why does the lasso reach zero?"),
        caption={update: words for update, words in captions.items() if update is not None and update <= n_updates},
        panels=[
            geometry,
            [
                panels.Traces(
                    values=weights, names=[("lasso w₁", "w₁"), ("lasso w₂", "w₂"), ("ridge w₁", "w₁"), ("ridge w₂", "w₂")],
                    targets=np.concatenate([one.optimum for one in geometry.penalized]), decimals=3,
                    roles=("first", "first", "second", "second"), title=("Weights at each update", "Weights"),
                ),
                panels.Formula(
                    rules=[
                        [panels.Term(f"${symbol}$", lasso_path), r"$\leftarrow$", panels.Term("$v$", lasso_step), "$-$",
                         panels.Term(r"$\mathrm{clip}_{\eta\lambda}(v)$", np.clip(lasso_step, -learning_rate * penalty, learning_rate * penalty))],
                        [panels.Term(f"${symbol}$", ridge_path), r"$\leftarrow$", panels.Term("$v$", ridge_step), "$-$",
                         panels.Term.before(rf"$\eta\lambda\,{symbol}$", learning_rate * penalty * ridge_path)],
                    ],
                    roles=[run.role for run in runs],
                    title=(f"Each update of {name}: v after a gradient step", f"{name}: v after a gradient step"),
                ),
            ],
        ],
        timeline=Timeline(n_updates, seconds=7.0, pace="log"),
        alt=f"Paths of two weights from least squares under a penalty λ of {penalty:g}. The lasso ends at {ends[0]}, ridge at "
        f"{ends[1]}; " + ("no weight of the lasso is 0." if zero is None else f"the lasso’s {name} is 0 from update {zero} on."),
    )  # fmt: skip
