"""Does a ridge penalty guard against outliers?

The loss is ½ mean r² + ½ λ w², w the weight of standardized x; the intercept is not penalized. Four penalties λ descend
from one line. An outlier is a point more than 3.5 robust deviations off the line of least absolute deviations.
"""

from typing import Annotated

import numpy as np

from animate import Range, RegressionData, Scene, Table, Timeline, datasets, descend, linear_problem, optimizers, panels
from animate.draw import formatting
from animate.learn.diagnostics import line_without_rows, outlier_rows
from animate.learn.problems import starting_params


def build(
    penalties: Annotated[tuple[float, float, float, float], Range(0.0, 10.0), "Four penalties λ"] = (0.0, 0.01, 0.1, 1.0),
    learning_rate: Annotated[float, Range(1e-10, 10.0, scale="log"), "Step size of all four"] = 0.08,
    n_updates: Annotated[int, Range(1, 10_000), "Updates, all points each"] = 120,
    n_samples: Annotated[int, Range(5, 500), "Points drawn"] = 32,
    share: Annotated[float, Range(0.0, 0.4), "Share of them moved down"] = 0.12,
    height: Annotated[float, Range(0.1, 100.0), "How far they are moved, in units of y"] = 9.0,
    noise: Annotated[float, Range(0.0, 10.0), "Standard deviation of the noise"] = 0.8,
    start: Annotated[tuple[float, float] | None, "Slope and intercept of the first line"] = None,
    seed: Annotated[int, Range(0, 2**31 - 1), "Of the points and of a random first line"] = 5,
    data: Annotated[Table | None, "Your own x and y"] = None,
) -> Scene:
    points = RegressionData.from_table(data) if data else datasets.outliers(
        n_samples, noise=noise, share=share, height=height, rng=seed
    )
    ridge = [linear_problem(points, standardize=True, loss="half_squared", ridge_penalty=p) for p in penalties]
    first = starting_params(ridge[0], start if start or data else (3.2, -1.5), rng=seed)
    steps = optimizers.gradient_descent(learning_rate)
    runs = [
        panels.Run(f"λ = {penalty:g}", descend(problem.objective, steps, first, n_updates), role)
        for penalty, problem, role in zip(penalties, ridge, panels.RUN_ROLES, strict=False)
    ]
    far = outlier_rows(points)
    clean = line_without_rows(points, far)
    shrinkage = panels.PenaltyCurve.of_slope(
        list(zip(ridge, runs, strict=True)), title=("Slope against penalty", "Slope against λ"),
        reference=clean[0] if len(far) else None, reference_name=("without outliers", "no outliers"),
    )  # fmt: skip
    nearest = penalties[int(np.abs(shrinkage.targets() - clean[0]).argmin())]
    settled = np.allclose(shrinkage.values[-1], shrinkage.targets(), rtol=0.01)
    places = formatting.decimals_for(float(np.abs(shrinkage.targets()).max()))
    slopes = ", ".join(formatting.number(slope, places) for slope in shrinkage.values[-1])
    return Scene(
        title=("Does a ridge penalty guard against outliers?", "Does ridge guard against outliers?"),
        caption={
            0: ("One start, four penalties: descent minimizes ½ mean r² + ½ λ w², w per standard deviation of x.",
                "Minimized: ½ mean r² + ½ λ w², x standardized."),
            n_updates // 20: ("At every update the penalty pulls w towards 0, by λ times its size: the lines part.",
                              "The penalty pulls w towards 0, by λ times its size."),
            n_updates // 3: ("The intercept is not penalized: all four lines turn about one point, the mean of the data.",
                             "All lines turn about the mean: b is not penalized."),
            n_updates: (f"Slopes {slopes}: λ divides by 1 + λ, outliers or not. Nearest to the dashes: λ = {nearest:g}.",
                        f"Slope ÷ (1 + λ). Nearest to the dashes: λ = {nearest:g}.")
            if settled else (f"Slopes {slopes}: not at rest yet.", "Not at rest yet."),
        },
        panels=[
            panels.Curves(
                data=points, curves=[panels.FittedCurve.of_line(*fit) for fit in zip(ridge, runs, strict=True)], marked=far,
                reference=np.poly1d(clean) if len(far) else None, reference_name=("without outliers", "no outliers"),
                reading=panels.Readout.still(("loss = ½ mean r² + ½ λ w²", "½ mean r² + ½ λ w²", "")), loss_name="loss",
                title=("Four penalties", "Four λ"), weight=1.4,
            ),
            [
                panels.Traces(
                    values=shrinkage.values, names=[(f"λ={penalty:g}:", f"{penalty:g}:") for penalty in penalties],
                    targets=shrinkage.targets(), decimals=places, title=("Slope at each update", "Slope"),
                ),
                shrinkage,
            ],
        ],
        timeline=Timeline(n_updates, seconds=7.0, pace="log"),
        alt=f"Ridge regression with four penalties on {len(points.x)} points, {len(far)} of them outliers. The slopes end at "
        f"{slopes}; least squares without the outliers has {formatting.number(clean[0], places)}.",
    )  # fmt: skip
