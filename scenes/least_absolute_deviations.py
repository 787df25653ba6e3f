"""Square the residuals, or just add them up?

Least squares minimizes the mean of r², least absolute deviations the mean of |r|, without a half; the totals shown are
sums over all points. Both descend on standardized x. The subgradient of |r| is its sign; its rate falls to 0 (cosine).
"""

from typing import Annotated

import numpy as np

from animate import (
    Beat, LearningRate, OutlierPoints, Range, Scene, descend, optimizers, panels, say, schedules, sentences, to_end, up_to
)
from animate.learn import diagnostics


def build(
    learning_rate: Annotated[LearningRate, "Step size of least squares"] = 0.06,
    absolute_rate: Annotated[LearningRate, "First step of least absolute, in standard deviations of y"] = 0.1,
    n_updates: Annotated[int, Range(0, 10_000), "Updates; 0 shows the totals of the first line"] = 120,
    points: OutlierPoints = OutlierPoints(26, height=7.5, first_line=(-0.4, -2.5), seed=2),
) -> Scene:
    squares, absolute = (points.problem(loss=loss) for loss in ("squared", "absolute"))
    first, rows = points.first_params(squares), points.drawn()
    falling = schedules.cosine(absolute_rate * rows.spread, n_updates=max(n_updates, 1))
    runs = [
        panels.Run(name, descend(problem.objective, optimizers.gradient_descent(rate), first, n_updates), role)
        for name, problem, rate, role in (
            ("Least squares", squares, learning_rate, "first"), ("Least absolute", absolute, falling, "second"),
        )
    ]  # fmt: skip
    with np.errstate(all="ignore"):  # a run that diverges
        totals = rows.n_samples * np.array([[one.objective.values(run.trajectory.params) for run in runs] for one in (squares, absolute)])
    least = [rows.n_samples * one.objective.lowest() for one in (squares, absolute)]
    (r2, r2_of_absolute), (r1_of_squares, r1) = totals[..., -1]
    shown = {"squares": r2, "squares_of_absolute": r2_of_absolute, "absolute_of_squares": r1_of_squares, "absolute": r1}
    rounding = 1e-12 * float(np.square(rows.y).sum()), 1e-9 * float(np.abs(rows.y).sum())
    same = bool(np.isclose(r2, r2_of_absolute, 1e-6, rounding[0]) and np.isclose(r1, r1_of_squares, 1e-6, rounding[1]))
    finite, far = bool(np.isfinite(totals[..., -1]).all()), diagnostics.outlier_rows(rows)
    both = say("Σ r²: {squares} against {squares_of_absolute}. Σ |r|: {absolute_of_squares} against {absolute}.", when=finite, **shown)
    both = both or "At these rates not every total stays finite."
    curves = [panels.FittedCurve.of_line(squares, run) for run in runs]
    wins = (
        say("Both are the same line.", when=same)
        or say("Each line wins its own total.", when=r2 < r2_of_absolute and r1 < r1_of_squares)
        or say("Not each line wins its own total yet.", when=finite)
    )
    return Scene(
        title=("Square the residuals, or just add them up?", "Squares, or plain distances?"),
        beats=[
            Beat("Least squares adds up the areas r², drawn red.", seconds=1.8),
            Beat("Least absolute deviations adds up the lengths |r|.", enter="lengths panel", seconds=1.8),
            Beat(("Squares: a far point pulls in proportion to its distance. Absolute: all pull equally hard.",
                  "Absolute: near or far, all pull equally hard."), enter="pull", updates=up_to(5), slow=True, seconds=2.8),
            Beat(("The pull of |r| is only a sign: on the height of the line it is the points above less those below.",
                  "|r| only counts how many are above and below."), updates=to_end, pace="log", seconds=4.0),
            Beat((sentences(both, wins), wins or both), enter="totals", hold=2.6, seconds=1.0),
        ],
        panels=[
            panels.Curves(
                data=rows, curves=curves[:1], marked=far, residuals="squares", words=panels.pull_summary(squares, runs[0]),
                reading=panels.Readout.of("Σ r²", rows.n_samples * runs[0].trajectory.loss), title=("Least squares", "Squares"),
            ),
            panels.Curves(
                data=rows, curves=curves[1:], marked=far, residuals="segments", words=panels.pull_summary(absolute, runs[1]), name="lengths panel",
                reading=panels.Readout.of("Σ |r|", rows.n_samples * runs[1].trajectory.loss), title=("Least absolute", "Absolute"),
            ),
            [
                panels.total_bars(totals, least, ("Σ r²", "Σ |r|"), roles=("first", "second"), title=("Both totals", "Totals")),
                panels.pull_stems(
                    [(squares, runs[0]), (absolute, runs[1])], ["r²", "|r|"], marked=far, title=("Share of the pull", "Pull"), name="pull"
                ),
            ],
        ],
        alt=sentences(
            say("Least squares and least absolute deviations fit a line to {n} points, {far:of them an outlier|of them outliers} by a rule of "
                "3.5 robust deviations.", n=rows.n_samples, far=len(far)),
            say("Least squares ends at Σ r² {squares} and Σ |r| {absolute_of_squares}, least absolute at {squares_of_absolute} and {absolute}.",
                when=finite, **shown),
        ),
    )  # fmt: skip
