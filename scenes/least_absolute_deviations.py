"""Square the residuals, or just add them up?

Least squares minimizes the mean of r², least absolute deviations the mean of |r|, without a half; the totals shown are
sums over all points. Both descend on standardized x. The subgradient of |r| is its sign; its rate falls to 0 (cosine).
"""

from typing import Annotated

from animate import (
    LearningRate, Noise, OwnData, Range, RegressionData, SampleSize, Scene, Seed, StartLine, Timeline, datasets,
    descend, formatting, linear_problem, optimizers, panels, schedules, starting_params,
)
from animate.learn import diagnostics


def build(
    learning_rate: Annotated[LearningRate, "Step size of least squares"] = 0.06,
    absolute_rate: Annotated[LearningRate, "First step of least absolute, in standard deviations of y"] = 0.1,
    n_updates: Annotated[int, Range(0, 10_000), "Updates; 0 shows the totals of the first line"] = 120,
    n_samples: SampleSize = 26,
    share: Annotated[float, Range(0.0, 0.4), "Share of them moved down"] = 0.12,
    height: Annotated[float, Range(0.1, 100.0), "How far they are moved, in units of y"] = 7.5,
    noise: Noise = 0.8,
    start: StartLine = None,
    seed: Annotated[Seed, "Of the points and of a random first line"] = 2,
    data: OwnData = None,
) -> Scene:
    points = RegressionData.from_table(data) if data else datasets.outliers(
        n_samples, noise=noise, share=share, height=height, rng=seed
    )
    squares, absolute = (linear_problem(points, standardize=True, loss=loss) for loss in ("squared", "absolute"))
    first = starting_params(squares, start if start or data else (-0.4, -2.5), rng=seed)
    falling = schedules.cosine(absolute_rate * float(points.y.std()), n_updates=max(n_updates, 1))
    runs = [
        panels.Run(name, descend(problem.objective, optimizers.gradient_descent(rate), first, n_updates), role)
        for name, problem, rate, role in (
            ("Least squares", squares, learning_rate, "first"), ("Least absolute", absolute, falling, "second"),
        )
    ]  # fmt: skip
    totals = panels.Totals.of_losses({"Σ r²": squares, "Σ |r|": absolute}, runs, title=("Both totals", "Totals"))
    (r2, r2_of_absolute), (r1_of_squares, r1) = totals.last()
    shown = [formatting.number(value, 1) for value in (r2, r2_of_absolute, r1_of_squares, r1)]
    wins = "each line wins its own total." if r2 < r2_of_absolute and r1 < r1_of_squares else "not at rest yet."
    end = (f"Σ r²: {shown[0]} against {shown[1]}. Σ |r|: {shown[2]} against {shown[3]}. So {wins}", wins.capitalize())
    far, curves = diagnostics.outlier_rows(points), [panels.FittedCurve.of_line(squares, run) for run in runs]
    return Scene(
        title=("Square the residuals, or just add them up?", "Squares, or plain distances?"),
        caption={
            0: ("Two lines start alike. One adds up the red areas r², the other the red lengths |r|.",
                "One adds up areas r², the other lengths |r|."),
            n_updates // 20: ("Squares: a far point pulls in proportion to its distance. Absolute: all pull equally hard.",
                              "Absolute: near or far, all pull equally hard."),
            n_updates // 3: ("The subgradient of |r| is only its sign: the line rests when as many are above as below.",
                             "|r| only counts how many are above and below."),
            n_updates: end,
        },
        panels=[
            panels.Curves(
                data=points, curves=curves[:1], marked=far, residuals="squares", words=panels.pull_summary(squares, runs[0]),
                reading=panels.Readout.of("Σ r²", len(points.x) * runs[0].trajectory.loss), title=("Least squares", "Squares"),
            ),
            panels.Curves(
                data=points, curves=curves[1:], marked=far, residuals="segments", words=panels.pull_summary(absolute, runs[1]),
                reading=panels.Readout.of("Σ |r|", len(points.x) * runs[1].trajectory.loss), title=("Least absolute", "Absolute"),
            ),
            [
                totals,
                panels.pull_stems(
                    [(squares, runs[0]), (absolute, runs[1])], ["r²", "|r|"], marked=far, title=("Share of the pull", "Pull")
                ),
            ],
        ],
        timeline=Timeline(n_updates, seconds=7.0, pace="log"),
        alt=f"Least squares and least absolute deviations fit a line to {len(points.x)} points, {len(far)} of them outliers. "
        f"Least squares ends at Σ r² {shown[0]} and Σ |r| {shown[2]}, least absolute at {shown[1]} and {shown[3]}.",
    )  # fmt: skip
