"""Which loss do outliers pull most?

Squared (r²/2), absolute (|r|) and Huber's loss (r²/2 up to δ, then δ|r| − δ²/2), each the mean over all points, on the
same data with x standardized. The rate of the absolute loss falls to 0 (cosine), for its subgradient never shrinks;
Huber's, whose pull is no more than δ, falls to that of the squared loss.
"""

from typing import Annotated

from animate import (
    Range, RegressionData, Scene, Table, Timeline, datasets, descend, linear_problem, losses, optimizers, panels,
    schedules,
)
from animate.draw import formatting
from animate.learn.diagnostics import default_huber_delta, outlier_rows
from animate.learn.problems import starting_params


def build(
    huber_delta: Annotated[float | None, Range(1e-3, 1e3, scale="log"), "δ; none: 1.345 robust deviations"] = None,
    learning_rate: Annotated[float, Range(1e-10, 10.0, scale="log"), "Step size of the squared and Huber's loss"] = 0.3,
    absolute_rate: Annotated[
        float, Range(1e-10, 10.0, scale="log"), "First step of the absolute loss, in standard deviations of y"
    ] = 0.1,
    n_updates: Annotated[int, Range(1, 10_000), "Updates, all points each"] = 120,
    n_samples: Annotated[int, Range(5, 500), "Points drawn"] = 32,
    share: Annotated[float, Range(0.0, 0.4), "Share of them moved down"] = 0.15,
    height: Annotated[float, Range(0.1, 100.0), "How far they are moved, in units of y"] = 10.0,
    noise: Annotated[float, Range(0.0, 10.0), "Standard deviation of the noise"] = 0.8,
    start: Annotated[tuple[float, float] | None, "Slope and intercept of the first line"] = None,
    seed: Annotated[int, Range(0, 2**31 - 1), "Of the points and of a random first line"] = 5,
    data: Annotated[Table | None, "Your own x and y"] = None,
) -> Scene:
    points = RegressionData.from_table(data) if data else datasets.outliers(
        n_samples, noise=noise, share=share, height=height, rng=seed
    )
    delta, far_step = huber_delta or default_huber_delta(points), absolute_rate * float(points.y.std())
    falling = schedules.cosine(far_step, n_updates=n_updates)
    settling = schedules.cosine(max(learning_rate, far_step / delta), n_updates=n_updates, final_rate=learning_rate)
    kinds: list[str | losses.Loss] = ["half_squared", "absolute", losses.huber(delta)]
    problems = [linear_problem(points, standardize=True, loss=kind) for kind in kinds]
    steps = [
        optimizers.gradient_descent(learning_rate), optimizers.gradient_descent(falling), optimizers.gradient_descent(settling)
    ]  # fmt: skip
    first = starting_params(problems[0], start if start or data else (0.1, -3.0), rng=seed)
    runs = [
        panels.Run(name, descend(problem.objective, step, first, n_updates), role)
        for name, problem, step, role in zip(("Squared", "Absolute", "Huber"), problems, steps, panels.RUN_ROLES, strict=False)
    ]
    fits, signs, far = list(zip(problems, runs, strict=True)), ("½ r²", "|r|", "Huber"), outlier_rows(points)
    pull = panels.pull_stems(fits, signs, marked=far, title=("Share of the pull", "Pull"))
    squared, absolute, huber = pull.notes(n_updates)
    bend = formatting.number(delta, formatting.decimals_for(delta))
    whose = "The outliers hold" if len(far) else "The point that pulls most holds"
    return Scene(
        title=("Which loss do outliers pull most?", "Which loss resists outliers?"),
        caption={
            0: ("One start, three losses: squared, absolute, and Huber’s: squared up to δ, straight beyond.",
                "One start, three losses: squared, absolute, Huber’s."),
            n_updates // 20: ("A point pulls as hard as its loss is steep: squared, the farther the harder.",
                              "A point pulls as hard as its loss is steep."),
            n_updates // 3: (f"|r| is as steep near as far: all pull alike. Huber’s pull grows up to δ = {bend}, no further.",
                             "|r|: all pull alike. Huber: no more than δ."),
            n_updates: (f"{whose} {squared} of the squared pull, {absolute} of the absolute and {huber} of Huber’s.",
                        f"Outliers’ pull: {squared}, {absolute}, {huber}." if len(far) else "There are no outliers here."),
        },
        panels=[
            panels.Curves(
                data=points, curves=[panels.FittedCurve.of_line(*fit) for fit in fits], marked=far, weight=1.3,
                title=("Same points, three lines", "Three lines"),
            ),
            [
                panels.LossShapes(
                    shapes=[panels.LossShape(sign, *fit) for sign, fit in zip(signs, fits, strict=True)],
                    marked=far, bend=delta, title=("Loss of a residual", "Loss"),
                ),
                pull,
            ],
        ],
        timeline=Timeline(n_updates, seconds=7.0, pace="log"),
        alt=f"Three lines fitted to {len(points.x)} points with {len(far)} outliers, by squared, absolute and Huber’s loss. "
        f"{whose} {squared} of the squared pull, {absolute} of the absolute and {huber} of Huber’s in the end.",
    )  # fmt: skip
