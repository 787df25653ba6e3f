"""Square the residuals, or just add them up?

Least squares minimizes the mean of r², least absolute deviations the mean of |r|, without a half; the totals shown are
sums over all points. Both descend on standardized x. The subgradient of |r| is its sign; its rate falls to 0 (cosine).
"""

from typing import Annotated

import numpy as np

from animate import (
    Beat, LearningRate, Noise, OwnData, Range, RegressionData, SampleSize, Scene, Seed, StartLine, datasets, descend,
    formatting, linear_problem, marks, optimizers, panels, say, schedules, sentences, starting_params,
    to_end, up_to,
)
from animate.learn import diagnostics
from animate.learn.scaling import Standardize


def total_panel(totals: np.ndarray, least: list[float]) -> panels.Plot:
    """Return a bar for each total (2 losses, 2 runs, n_updates + 1) on its loss's own scale, and the least possible."""
    shown: list[marks.Mark] = []
    for place, (loss, lowest) in enumerate(zip(totals, least, strict=True)):
        last = float(np.nanmax(np.where(np.isfinite(loss[:, -1]), loss[:, -1], 0.0)))
        full = min(float(loss[np.isfinite(loss)].max()), 4 * last) or 1.0  # a longer bar ends at the edge
        with np.errstate(over="ignore"):
            shares = np.minimum(np.nan_to_num(loss / full, nan=1.0), 1.0)
        decimals = formatting.decimals_for(last, 4, most=3)
        for row, (series, role) in enumerate(zip(loss, ("first", "second"), strict=True)):
            middle = -place - 0.315 - 0.37 * row
            shown += [
                marks.Bars(marks.per_update(shares[row][:, None]), [middle], thickness=0.31, color=role, horizontal=True, layer=2),
                marks.EndText(marks.per_update([formatting.number(total, decimals) for total in series]), middle, color=role, bold=False),
            ]
        x = min(lowest / full, 1.0)
        shown.append(marks.Line([[x, -place - 0.06], [x, -place - 0.94]], width=(2, 1.2), dash=(2, 1.6), layer=3, name="least"))
    return panels.Plot(
        *shown, marks.Rule(x=0.0, color="rule"), limits=((0.0, 1.0), (-2.0, 0.0)), axes="ticks",
        ticks=((), {-0.5: "Σ r²", -1.5: "Σ |r|"}), title=("Both totals", "Totals"), name="totals", readout=panels.Readout.still(("┆ least possible", "┆ least")),
    )  # fmt: skip


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
    standardize: Standardize = True,
    data: OwnData = None,
) -> Scene:
    points = RegressionData.from_table(data) if data else datasets.outliers(
        n_samples, noise=noise, share=share, height=height, rng=seed
    )
    squares, absolute = (linear_problem(points, standardize=standardize or not data, loss=loss) for loss in ("squared", "absolute"))
    first = starting_params(squares, start if start or data else (-0.4, -2.5), rng=seed)
    falling = schedules.cosine(absolute_rate * (float(points.y.std()) or 1.0), n_updates=max(n_updates, 1))
    runs = [
        panels.Run(name, descend(problem.objective, optimizers.gradient_descent(rate), first, n_updates), role)
        for name, problem, rate, role in (
            ("Least squares", squares, learning_rate, "first"), ("Least absolute", absolute, falling, "second"),
        )
    ]  # fmt: skip
    with np.errstate(all="ignore"):  # a run that diverges
        totals = len(points.x) * np.array(
            [[problem.objective.values(run.trajectory.params) for run in runs] for problem in (squares, absolute)]
        )
    (r2, r2_of_absolute), (r1_of_squares, r1) = totals[..., -1]
    shown = {"squares": r2, "squares_of_absolute": r2_of_absolute, "absolute_of_squares": r1_of_squares, "absolute": r1}
    rounding = 1e-12 * float(np.square(points.y).sum()), 1e-9 * float(np.abs(points.y).sum())
    same = bool(np.isclose(r2, r2_of_absolute, 1e-6, rounding[0]) and np.isclose(r1, r1_of_squares, 1e-6, rounding[1]))
    wins = (
        say("Both are the same line.", when=same)
        or say("Each line wins its own total.", when=r2 < r2_of_absolute and r1 < r1_of_squares)
        or say("Not each line wins its own total yet.", when=bool(np.isfinite([r2, r1, r2_of_absolute, r1_of_squares]).all()))
    )
    totals_text = say("Σ r²: {squares} against {squares_of_absolute}. Σ |r|: {absolute_of_squares} against {absolute}.", when=all(map(np.isfinite, shown.values())), **shown) or (
        "At these rates not every total stays finite.")
    far, curves = diagnostics.outlier_rows(points), [panels.FittedCurve.of_line(squares, run) for run in runs]
    return Scene(
        title=("Square the residuals, or just add them up?", "Squares, or plain distances?"),
        beats=[
            Beat("Least squares adds up the areas r², drawn red.", seconds=1.8),
            Beat("Least absolute deviations adds up the lengths |r|.", enter="lengths panel", seconds=1.8),
            Beat(("Squares: a far point pulls in proportion to its distance. Absolute: all pull equally hard.",
                  "Absolute: near or far, all pull equally hard."), enter="pull", updates=up_to(5), slow=True, seconds=2.8),
            Beat(("The pull of |r| is only a sign: on the height of the line it is the points above less those below.",
                  "|r| only counts how many are above and below."), updates=to_end, pace="log", seconds=4.0),
            Beat((sentences(totals_text, wins), wins or totals_text), enter="totals", hold=2.6, seconds=1.0),
        ],
        panels=[
            panels.Curves(
                data=points, curves=curves[:1], marked=far, residuals="squares", words=panels.pull_summary(squares, runs[0]),
                reading=panels.Readout.of("Σ r²", len(points.x) * runs[0].trajectory.loss), title=("Least squares", "Squares"),
            ),
            panels.Curves(
                data=points, curves=curves[1:], marked=far, residuals="segments", words=panels.pull_summary(absolute, runs[1]),
                reading=panels.Readout.of("Σ |r|", len(points.x) * runs[1].trajectory.loss), title=("Least absolute", "Absolute"), name="lengths panel",
            ),
            [
                total_panel(totals, [len(points.x) * problem.objective.value(problem.objective.optimum())
                                     for problem in (squares, absolute)]),
                panels.pull_stems(
                    [(squares, runs[0]), (absolute, runs[1])], ["r²", "|r|"], marked=far, title=("Share of the pull", "Pull"), name="pull"
                ),
            ],
        ],
        alt=sentences(
            say("Least squares and least absolute deviations fit a line to {n} points, {far:of them an outlier|of them outliers} by a rule of 3.5 robust deviations.",
                n=points.n_samples, far=len(far)),
            say("Least squares ends at Σ r² {squares} and Σ |r| {absolute_of_squares}, least absolute at {squares_of_absolute} and {absolute}.",
                when=all(map(np.isfinite, shown.values())), **shown),
        ),
    )  # fmt: skip
